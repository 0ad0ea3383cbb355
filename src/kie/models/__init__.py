"""Every request class, imported when it is first used: `from kie.models import NanoBananaPro`.

`kie.models.image`, `.video`, `.audio` and `.music` hold the same classes, sorted by what their models give. Models that
give data, such as scores or descriptions, are in none of them.
"""

from __future__ import annotations

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from kie.models import audio as audio
    from kie.models import image as image
    from kie.models import music as music
    from kie.models import video as video
    from kie_models import *
else:

    def __getattr__(name):
        from importlib import import_module

        if name in NAMESPACES:
            return import_module(f"kie.models.{name}")
        return _named("kie_models", name)


NAMESPACES = ("audio", "image", "music", "video")


def _named(index: str, name: str) -> object:
    """Import a class from one of the compiled indexes. Raises `AttributeError` if it is not there."""
    from importlib import import_module

    module = import_module(index)
    if name == "__all__":
        return module.__all__
    try:
        return getattr(module, name)
    except AttributeError:
        namespace = index.replace("kie_models", "kie.models")
        raise AttributeError(f"{namespace} has no class {name!r}; kie.catalog.models() lists all models") from None


def __dir__() -> list[str]:
    import kie_models

    return sorted([*kie_models.__all__, *NAMESPACES])
