"""Request classes, one per model, imported when first asked for. Compiled; do not edit."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kie_models.bytedance_seedance_2 import BytedanceSeedance20 as BytedanceSeedance20
    from kie_models.elevenlabs_text_to_dialogue_v3 import ElevenlabsTextToDialogueV3 as ElevenlabsTextToDialogueV3
    from kie_models.elevenlabs_text_to_dialogue_v3 import (
        ElevenlabsTextToDialogueV3DialogueLine as ElevenlabsTextToDialogueV3DialogueLine,
    )
    from kie_models.elevenlabs_text_to_dialogue_v3 import (
        ElevenlabsTextToDialogueV3DialogueLineDict as ElevenlabsTextToDialogueV3DialogueLineDict,
    )
    from kie_models.flux_2_pro_text_to_image import Flux2ProTextToImage as Flux2ProTextToImage
    from kie_models.google_imagen4 import GoogleImagen4 as GoogleImagen4
    from kie_models.google_nano_banana_edit import GoogleNanoBananaEdit as GoogleNanoBananaEdit
    from kie_models.grok_imagine_extend import GrokImagineExtend as GrokImagineExtend
    from kie_models.hailuo_2_3_image_to_video_pro import Hailuo23ImageToVideoPro as Hailuo23ImageToVideoPro
    from kie_models.ideogram_v3_remix import IdeogramV3Remix as IdeogramV3Remix
    from kie_models.kling_3_0_video import Kling30Video as Kling30Video
    from kie_models.kling_3_0_video import Kling30VideoElement as Kling30VideoElement
    from kie_models.kling_3_0_video import Kling30VideoElementDict as Kling30VideoElementDict
    from kie_models.kling_3_0_video import Kling30VideoShot as Kling30VideoShot
    from kie_models.kling_3_0_video import Kling30VideoShotDict as Kling30VideoShotDict
    from kie_models.minimax_h3_reference_to_video import MinimaxH3ReferenceToVideo as MinimaxH3ReferenceToVideo
    from kie_models.nano_banana_pro import NanoBananaPro as NanoBananaPro
    from kie_models.seedream_4_5_text_to_image import Seedream45TextToImage as Seedream45TextToImage
    from kie_models.topaz_image_upscale import TopazImageUpscale as TopazImageUpscale
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
    "ElevenlabsTextToDialogueV3": "elevenlabs_text_to_dialogue_v3",
    "ElevenlabsTextToDialogueV3DialogueLine": "elevenlabs_text_to_dialogue_v3",
    "ElevenlabsTextToDialogueV3DialogueLineDict": "elevenlabs_text_to_dialogue_v3",
    "Flux2ProTextToImage": "flux_2_pro_text_to_image",
    "GoogleImagen4": "google_imagen4",
    "GoogleNanoBananaEdit": "google_nano_banana_edit",
    "GrokImagineExtend": "grok_imagine_extend",
    "Hailuo23ImageToVideoPro": "hailuo_2_3_image_to_video_pro",
    "IdeogramV3Remix": "ideogram_v3_remix",
    "Kling30Video": "kling_3_0_video",
    "Kling30VideoElement": "kling_3_0_video",
    "Kling30VideoElementDict": "kling_3_0_video",
    "Kling30VideoShot": "kling_3_0_video",
    "Kling30VideoShotDict": "kling_3_0_video",
    "MinimaxH3ReferenceToVideo": "minimax_h3_reference_to_video",
    "NanoBananaPro": "nano_banana_pro",
    "Seedream45TextToImage": "seedream_4_5_text_to_image",
    "TopazImageUpscale": "topaz_image_upscale",
    "Wan27ReferenceToVideo": "wan_2_7_r2v",
}

__all__ = [
    "BytedanceSeedance20",
    "ElevenlabsTextToDialogueV3",
    "ElevenlabsTextToDialogueV3DialogueLine",
    "ElevenlabsTextToDialogueV3DialogueLineDict",
    "Flux2ProTextToImage",
    "GoogleImagen4",
    "GoogleNanoBananaEdit",
    "GrokImagineExtend",
    "Hailuo23ImageToVideoPro",
    "IdeogramV3Remix",
    "Kling30Video",
    "Kling30VideoElement",
    "Kling30VideoElementDict",
    "Kling30VideoShot",
    "Kling30VideoShotDict",
    "MinimaxH3ReferenceToVideo",
    "NanoBananaPro",
    "Seedream45TextToImage",
    "TopazImageUpscale",
    "Wan27ReferenceToVideo",
]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
