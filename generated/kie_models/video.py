"""Request classes of the models that give videos, imported when first asked for. Compiled; do not edit."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kie_models.bytedance_seedance_2 import BytedanceSeedance20 as BytedanceSeedance20
    from kie_models.grok_imagine_extend import GrokImagineExtend as GrokImagineExtend
    from kie_models.hailuo_2_3_image_to_video_pro import Hailuo23ImageToVideoPro as Hailuo23ImageToVideoPro
    from kie_models.kling_3_0_video import Kling30Video as Kling30Video
    from kie_models.kling_3_0_video import Kling30VideoElement as Kling30VideoElement
    from kie_models.kling_3_0_video import Kling30VideoElementDict as Kling30VideoElementDict
    from kie_models.kling_3_0_video import Kling30VideoShot as Kling30VideoShot
    from kie_models.kling_3_0_video import Kling30VideoShotDict as Kling30VideoShotDict
    from kie_models.minimax_h3_reference_to_video import MinimaxH3ReferenceToVideo as MinimaxH3ReferenceToVideo
    from kie_models.wan_2_7_r2v import Wan27ReferenceToVideo as Wan27ReferenceToVideo
else:

    def __getattr__(name):
        module = _MODULES.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"kie_models.{module}"), name)
        globals()[name] = value
        return value


_MODULES: dict[str, str] = {
    "BytedanceSeedance20": "bytedance_seedance_2",
    "GrokImagineExtend": "grok_imagine_extend",
    "Hailuo23ImageToVideoPro": "hailuo_2_3_image_to_video_pro",
    "Kling30Video": "kling_3_0_video",
    "Kling30VideoElement": "kling_3_0_video",
    "Kling30VideoElementDict": "kling_3_0_video",
    "Kling30VideoShot": "kling_3_0_video",
    "Kling30VideoShotDict": "kling_3_0_video",
    "MinimaxH3ReferenceToVideo": "minimax_h3_reference_to_video",
    "Wan27ReferenceToVideo": "wan_2_7_r2v",
}

__all__ = [
    "BytedanceSeedance20",
    "GrokImagineExtend",
    "Hailuo23ImageToVideoPro",
    "Kling30Video",
    "Kling30VideoElement",
    "Kling30VideoElementDict",
    "Kling30VideoShot",
    "Kling30VideoShotDict",
    "MinimaxH3ReferenceToVideo",
    "Wan27ReferenceToVideo",
]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
