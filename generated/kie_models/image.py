"""Request classes of the models that give images, imported when first asked for. Compiled; do not edit."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kie_models.ai_music_api_cover_generate import AiMusicCoverGenerate as AiMusicCoverGenerate
    from kie_models.bytedance_seedream import BytedanceSeedream as BytedanceSeedream
    from kie_models.bytedance_seedream_v4_edit import BytedanceSeedreamV4Edit as BytedanceSeedreamV4Edit
    from kie_models.bytedance_seedream_v4_text_to_image import (
        BytedanceSeedreamV4TextToImage as BytedanceSeedreamV4TextToImage,
    )
    from kie_models.flux1_kontext import Flux1Kontext as Flux1Kontext
    from kie_models.flux_2_flex_image_to_image import Flux2FlexImageToImage as Flux2FlexImageToImage
    from kie_models.flux_2_flex_text_to_image import Flux2FlexTextToImage as Flux2FlexTextToImage
    from kie_models.flux_2_pro_image_to_image import Flux2ProImageToImage as Flux2ProImageToImage
    from kie_models.flux_2_pro_text_to_image import Flux2ProTextToImage as Flux2ProTextToImage
    from kie_models.flux_kontext import FluxKontext as FluxKontext
    from kie_models.google_imagen4 import GoogleImagen4 as GoogleImagen4
    from kie_models.google_imagen4_fast import GoogleImagen4Fast as GoogleImagen4Fast
    from kie_models.google_imagen4_ultra import GoogleImagen4Ultra as GoogleImagen4Ultra
    from kie_models.google_nano_banana import GoogleNanoBanana as GoogleNanoBanana
    from kie_models.google_nano_banana_edit import GoogleNanoBananaEdit as GoogleNanoBananaEdit
    from kie_models.gpt4o_image import Gpt4oImage as Gpt4oImage
    from kie_models.gpt_image_1_5_image_to_image import GptImage15ImageToImage as GptImage15ImageToImage
    from kie_models.gpt_image_1_5_text_to_image import GptImage15TextToImage as GptImage15TextToImage
    from kie_models.gpt_image_2_5_flare_image_to_image import GptImage25FlareImageToImage as GptImage25FlareImageToImage
    from kie_models.gpt_image_2_5_flare_text_to_image import GptImage25FlareTextToImage as GptImage25FlareTextToImage
    from kie_models.gpt_image_2_5_sunburst_image_to_image import (
        GptImage25SunburstImageToImage as GptImage25SunburstImageToImage,
    )
    from kie_models.gpt_image_2_5_sunburst_text_to_image import (
        GptImage25SunburstTextToImage as GptImage25SunburstTextToImage,
    )
    from kie_models.gpt_image_2_image_to_image import GptImage2ImageToImage as GptImage2ImageToImage
    from kie_models.gpt_image_2_text_to_image import GptImage2TextToImage as GptImage2TextToImage
    from kie_models.grok_imagine_image_2_0_image_edit import GrokImagineImage20ImageEdit as GrokImagineImage20ImageEdit
    from kie_models.grok_imagine_image_2_0_segment_edit import (
        GrokImagineImage20SegmentEdit as GrokImagineImage20SegmentEdit,
    )
    from kie_models.grok_imagine_image_2_0_text_to_image import (
        GrokImagineImage20TextToImage as GrokImagineImage20TextToImage,
    )
    from kie_models.grok_imagine_image_to_image import GrokImagineImageToImage as GrokImagineImageToImage
    from kie_models.grok_imagine_text_to_image import GrokImagineTextToImage as GrokImagineTextToImage
    from kie_models.ideogram_character import IdeogramCharacter as IdeogramCharacter
    from kie_models.ideogram_character_edit import IdeogramCharacterEdit as IdeogramCharacterEdit
    from kie_models.ideogram_character_remix import IdeogramCharacterRemix as IdeogramCharacterRemix
    from kie_models.ideogram_v3_edit import IdeogramV3Edit as IdeogramV3Edit
    from kie_models.ideogram_v3_reframe import IdeogramV3Reframe as IdeogramV3Reframe
    from kie_models.ideogram_v3_remix import IdeogramV3Remix as IdeogramV3Remix
    from kie_models.ideogram_v3_text_to_image import IdeogramV3TextToImage as IdeogramV3TextToImage
    from kie_models.midjourney import MidjourneyImagine as MidjourneyImagine
    from kie_models.midjourney_image_to_image import MidjourneyImageToImage as MidjourneyImageToImage
    from kie_models.midjourney_omni_reference import MidjourneyOmniReference as MidjourneyOmniReference
    from kie_models.midjourney_style_reference import MidjourneyStyleReference as MidjourneyStyleReference
    from kie_models.midjourney_upscale import MidjourneyUpscale as MidjourneyUpscale
    from kie_models.midjourney_vary import MidjourneyVary as MidjourneyVary
    from kie_models.model_4o_image_api import Gpt4oImageApi as Gpt4oImageApi
    from kie_models.nano_banana_2 import GoogleNanoBanana2 as GoogleNanoBanana2
    from kie_models.nano_banana_2_1 import NanoBanana21 as NanoBanana21
    from kie_models.nano_banana_2_lite import NanoBanana2Lite as NanoBanana2Lite
    from kie_models.nano_banana_pro import NanoBananaPro as NanoBananaPro
    from kie_models.qwen2_1_image_to_image import Qwen21ImageToImage as Qwen21ImageToImage
    from kie_models.qwen2_1_text_to_image import Qwen21TextToImage as Qwen21TextToImage
    from kie_models.qwen2_image_edit import Qwen2ImageEdit as Qwen2ImageEdit
    from kie_models.qwen2_text_to_image import Qwen2TextToImage as Qwen2TextToImage
    from kie_models.qwen3_image_to_image import Qwen3ImageToImage as Qwen3ImageToImage
    from kie_models.qwen3_pro_image_to_image import Qwen3ProImageToImage as Qwen3ProImageToImage
    from kie_models.qwen3_pro_text_to_image import Qwen3ProTextToImage as Qwen3ProTextToImage
    from kie_models.qwen3_text_to_image import Qwen3TextToImage as Qwen3TextToImage
    from kie_models.qwen_image_edit import QwenImageEdit as QwenImageEdit
    from kie_models.qwen_image_to_image import QwenImageToImage as QwenImageToImage
    from kie_models.qwen_text_to_image import QwenTextToImage as QwenTextToImage
    from kie_models.recraft_crisp_upscale import RecraftCrispUpscale as RecraftCrispUpscale
    from kie_models.recraft_remove_background import RecraftRemoveBackground as RecraftRemoveBackground
    from kie_models.seedream_4_5_edit import Seedream45Edit as Seedream45Edit
    from kie_models.seedream_4_5_text_to_image import Seedream45TextToImage as Seedream45TextToImage
    from kie_models.seedream_5_flash_image_to_image import Seedream5FlashImageToImage as Seedream5FlashImageToImage
    from kie_models.seedream_5_flash_layer_decomposition import (
        Seedream5FlashLayerDecomposition as Seedream5FlashLayerDecomposition,
    )
    from kie_models.seedream_5_flash_text_to_image import Seedream5FlashTextToImage as Seedream5FlashTextToImage
    from kie_models.seedream_5_lite_image_to_image import Seedream5LiteImageToImage as Seedream5LiteImageToImage
    from kie_models.seedream_5_lite_text_to_image import Seedream5LiteTextToImage as Seedream5LiteTextToImage
    from kie_models.seedream_5_pro_image_to_image import Seedream5ProImageToImage as Seedream5ProImageToImage
    from kie_models.seedream_5_pro_layer_decomposition import (
        Seedream5ProLayerDecomposition as Seedream5ProLayerDecomposition,
    )
    from kie_models.seedream_5_pro_text_to_image import Seedream5ProTextToImage as Seedream5ProTextToImage
    from kie_models.suno_cover_art import SunoCoverArt as SunoCoverArt
    from kie_models.topaz_image_upscale import TopazImageUpscale as TopazImageUpscale
    from kie_models.wan_2_7_image import Wan27Image as Wan27Image
    from kie_models.wan_2_7_image import Wan27ImagePaletteColor as Wan27ImagePaletteColor
    from kie_models.wan_2_7_image import Wan27ImagePaletteColorDict as Wan27ImagePaletteColorDict
    from kie_models.wan_2_7_image_pro import Wan27ImagePro as Wan27ImagePro
    from kie_models.wan_2_7_image_pro import Wan27ImageProPaletteColor as Wan27ImageProPaletteColor
    from kie_models.wan_2_7_image_pro import Wan27ImageProPaletteColorDict as Wan27ImageProPaletteColorDict
    from kie_models.z_image import ZImage as ZImage
else:

    def __getattr__(name):
        module = _MODULES.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"kie_models.{module}"), name)
        globals()[name] = value
        return value


_MODULES: dict[str, str] = {
    "AiMusicCoverGenerate": "ai_music_api_cover_generate",
    "BytedanceSeedream": "bytedance_seedream",
    "BytedanceSeedreamV4Edit": "bytedance_seedream_v4_edit",
    "BytedanceSeedreamV4TextToImage": "bytedance_seedream_v4_text_to_image",
    "Flux1Kontext": "flux1_kontext",
    "Flux2FlexImageToImage": "flux_2_flex_image_to_image",
    "Flux2FlexTextToImage": "flux_2_flex_text_to_image",
    "Flux2ProImageToImage": "flux_2_pro_image_to_image",
    "Flux2ProTextToImage": "flux_2_pro_text_to_image",
    "FluxKontext": "flux_kontext",
    "GoogleImagen4": "google_imagen4",
    "GoogleImagen4Fast": "google_imagen4_fast",
    "GoogleImagen4Ultra": "google_imagen4_ultra",
    "GoogleNanoBanana": "google_nano_banana",
    "GoogleNanoBanana2": "nano_banana_2",
    "GoogleNanoBananaEdit": "google_nano_banana_edit",
    "Gpt4oImage": "gpt4o_image",
    "Gpt4oImageApi": "model_4o_image_api",
    "GptImage15ImageToImage": "gpt_image_1_5_image_to_image",
    "GptImage15TextToImage": "gpt_image_1_5_text_to_image",
    "GptImage25FlareImageToImage": "gpt_image_2_5_flare_image_to_image",
    "GptImage25FlareTextToImage": "gpt_image_2_5_flare_text_to_image",
    "GptImage25SunburstImageToImage": "gpt_image_2_5_sunburst_image_to_image",
    "GptImage25SunburstTextToImage": "gpt_image_2_5_sunburst_text_to_image",
    "GptImage2ImageToImage": "gpt_image_2_image_to_image",
    "GptImage2TextToImage": "gpt_image_2_text_to_image",
    "GrokImagineImage20ImageEdit": "grok_imagine_image_2_0_image_edit",
    "GrokImagineImage20SegmentEdit": "grok_imagine_image_2_0_segment_edit",
    "GrokImagineImage20TextToImage": "grok_imagine_image_2_0_text_to_image",
    "GrokImagineImageToImage": "grok_imagine_image_to_image",
    "GrokImagineTextToImage": "grok_imagine_text_to_image",
    "IdeogramCharacter": "ideogram_character",
    "IdeogramCharacterEdit": "ideogram_character_edit",
    "IdeogramCharacterRemix": "ideogram_character_remix",
    "IdeogramV3Edit": "ideogram_v3_edit",
    "IdeogramV3Reframe": "ideogram_v3_reframe",
    "IdeogramV3Remix": "ideogram_v3_remix",
    "IdeogramV3TextToImage": "ideogram_v3_text_to_image",
    "MidjourneyImageToImage": "midjourney_image_to_image",
    "MidjourneyImagine": "midjourney",
    "MidjourneyOmniReference": "midjourney_omni_reference",
    "MidjourneyStyleReference": "midjourney_style_reference",
    "MidjourneyUpscale": "midjourney_upscale",
    "MidjourneyVary": "midjourney_vary",
    "NanoBanana21": "nano_banana_2_1",
    "NanoBanana2Lite": "nano_banana_2_lite",
    "NanoBananaPro": "nano_banana_pro",
    "Qwen21ImageToImage": "qwen2_1_image_to_image",
    "Qwen21TextToImage": "qwen2_1_text_to_image",
    "Qwen2ImageEdit": "qwen2_image_edit",
    "Qwen2TextToImage": "qwen2_text_to_image",
    "Qwen3ImageToImage": "qwen3_image_to_image",
    "Qwen3ProImageToImage": "qwen3_pro_image_to_image",
    "Qwen3ProTextToImage": "qwen3_pro_text_to_image",
    "Qwen3TextToImage": "qwen3_text_to_image",
    "QwenImageEdit": "qwen_image_edit",
    "QwenImageToImage": "qwen_image_to_image",
    "QwenTextToImage": "qwen_text_to_image",
    "RecraftCrispUpscale": "recraft_crisp_upscale",
    "RecraftRemoveBackground": "recraft_remove_background",
    "Seedream45Edit": "seedream_4_5_edit",
    "Seedream45TextToImage": "seedream_4_5_text_to_image",
    "Seedream5FlashImageToImage": "seedream_5_flash_image_to_image",
    "Seedream5FlashLayerDecomposition": "seedream_5_flash_layer_decomposition",
    "Seedream5FlashTextToImage": "seedream_5_flash_text_to_image",
    "Seedream5LiteImageToImage": "seedream_5_lite_image_to_image",
    "Seedream5LiteTextToImage": "seedream_5_lite_text_to_image",
    "Seedream5ProImageToImage": "seedream_5_pro_image_to_image",
    "Seedream5ProLayerDecomposition": "seedream_5_pro_layer_decomposition",
    "Seedream5ProTextToImage": "seedream_5_pro_text_to_image",
    "SunoCoverArt": "suno_cover_art",
    "TopazImageUpscale": "topaz_image_upscale",
    "Wan27Image": "wan_2_7_image",
    "Wan27ImagePaletteColor": "wan_2_7_image",
    "Wan27ImagePaletteColorDict": "wan_2_7_image",
    "Wan27ImagePro": "wan_2_7_image_pro",
    "Wan27ImageProPaletteColor": "wan_2_7_image_pro",
    "Wan27ImageProPaletteColorDict": "wan_2_7_image_pro",
    "ZImage": "z_image",
}

__all__ = [
    "AiMusicCoverGenerate",
    "BytedanceSeedream",
    "BytedanceSeedreamV4Edit",
    "BytedanceSeedreamV4TextToImage",
    "Flux1Kontext",
    "Flux2FlexImageToImage",
    "Flux2FlexTextToImage",
    "Flux2ProImageToImage",
    "Flux2ProTextToImage",
    "FluxKontext",
    "GoogleImagen4",
    "GoogleImagen4Fast",
    "GoogleImagen4Ultra",
    "GoogleNanoBanana",
    "GoogleNanoBanana2",
    "GoogleNanoBananaEdit",
    "Gpt4oImage",
    "Gpt4oImageApi",
    "GptImage15ImageToImage",
    "GptImage15TextToImage",
    "GptImage25FlareImageToImage",
    "GptImage25FlareTextToImage",
    "GptImage25SunburstImageToImage",
    "GptImage25SunburstTextToImage",
    "GptImage2ImageToImage",
    "GptImage2TextToImage",
    "GrokImagineImage20ImageEdit",
    "GrokImagineImage20SegmentEdit",
    "GrokImagineImage20TextToImage",
    "GrokImagineImageToImage",
    "GrokImagineTextToImage",
    "IdeogramCharacter",
    "IdeogramCharacterEdit",
    "IdeogramCharacterRemix",
    "IdeogramV3Edit",
    "IdeogramV3Reframe",
    "IdeogramV3Remix",
    "IdeogramV3TextToImage",
    "MidjourneyImageToImage",
    "MidjourneyImagine",
    "MidjourneyOmniReference",
    "MidjourneyStyleReference",
    "MidjourneyUpscale",
    "MidjourneyVary",
    "NanoBanana21",
    "NanoBanana2Lite",
    "NanoBananaPro",
    "Qwen21ImageToImage",
    "Qwen21TextToImage",
    "Qwen2ImageEdit",
    "Qwen2TextToImage",
    "Qwen3ImageToImage",
    "Qwen3ProImageToImage",
    "Qwen3ProTextToImage",
    "Qwen3TextToImage",
    "QwenImageEdit",
    "QwenImageToImage",
    "QwenTextToImage",
    "RecraftCrispUpscale",
    "RecraftRemoveBackground",
    "Seedream45Edit",
    "Seedream45TextToImage",
    "Seedream5FlashImageToImage",
    "Seedream5FlashLayerDecomposition",
    "Seedream5FlashTextToImage",
    "Seedream5LiteImageToImage",
    "Seedream5LiteTextToImage",
    "Seedream5ProImageToImage",
    "Seedream5ProLayerDecomposition",
    "Seedream5ProTextToImage",
    "SunoCoverArt",
    "TopazImageUpscale",
    "Wan27Image",
    "Wan27ImagePaletteColor",
    "Wan27ImagePaletteColorDict",
    "Wan27ImagePro",
    "Wan27ImageProPaletteColor",
    "Wan27ImageProPaletteColorDict",
    "ZImage",
]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
