"""The request classes of the models that give speech and sounds, imported when first used."""

from __future__ import annotations

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from kie_models.audio import *
else:

    def __getattr__(name):
        from kie.models import _named

        return _named("kie_models.audio", name)


def __dir__() -> list[str]:
    import kie_models.audio

    return sorted(kie_models.audio.__all__)
