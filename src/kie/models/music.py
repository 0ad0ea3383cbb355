"""The request classes of the models that give music, imported when first used."""

from __future__ import annotations

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from kie_models.music import *
else:

    def __getattr__(name):
        from kie.models import _named

        return _named("kie_models.music", name)


def __dir__() -> list[str]:
    import kie_models.music

    return sorted(kie_models.music.__all__)
