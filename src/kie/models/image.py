"""The request classes of the models that give images, imported when first used."""

from __future__ import annotations

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from kie_models.image import *
else:

    def __getattr__(name):
        from kie.models import _named

        return _named("kie_models.image", name)


def __dir__() -> list[str]:
    import kie_models.image

    return sorted(kie_models.image.__all__)
