"""Every request class, importable by name and imported when first used: `from kie.models import NanoBananaPro`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kie_models import *


def __getattr__(name: str) -> object:
    import kie_models

    if name == "__all__":
        return kie_models.__all__
    try:
        return getattr(kie_models, name)
    except AttributeError:
        raise AttributeError(f"kie.models has no class {name!r}; kie.catalog.models() lists what there is") from None


def __dir__() -> list[str]:
    import kie_models

    return sorted(kie_models.__all__)
