"""The request classes of the models that give videos, imported when first used."""

from __future__ import annotations

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from kie_models.video import *
else:

    def __getattr__(name):
        from kie.models import _named

        return _named("kie_models.video", name)


def __dir__() -> list[str]:
    import kie_models.video

    return sorted(kie_models.video.__all__)
