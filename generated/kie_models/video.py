"""Request classes of the models that give videos, imported when first asked for. Compiled; do not edit."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kie_models.ai_music_api_create_music_video import AiMusicCreateMusicVideo as AiMusicCreateMusicVideo
    from kie_models.aleph import AlephGenerate as AlephGenerate
    from kie_models.bytedance_seedance_1_5_pro import BytedanceSeedance15Pro as BytedanceSeedance15Pro
    from kie_models.bytedance_seedance_2 import BytedanceSeedance20 as BytedanceSeedance20
    from kie_models.bytedance_seedance_2_5 import BytedanceSeedance25 as BytedanceSeedance25
    from kie_models.bytedance_seedance_2_fast import BytedanceSeedance20Fast as BytedanceSeedance20Fast
    from kie_models.bytedance_seedance_2_mini import BytedanceSeedance20Mini as BytedanceSeedance20Mini
    from kie_models.bytedance_v1_lite_image_to_video import BytedanceV1LiteImageToVideo as BytedanceV1LiteImageToVideo
    from kie_models.bytedance_v1_lite_text_to_video import BytedanceV1LiteTextToVideo as BytedanceV1LiteTextToVideo
    from kie_models.bytedance_v1_pro_fast_image_to_video import (
        BytedanceV1ProFastImageToVideo as BytedanceV1ProFastImageToVideo,
    )
    from kie_models.bytedance_v1_pro_image_to_video import BytedanceV1ProImageToVideo as BytedanceV1ProImageToVideo
    from kie_models.bytedance_v1_pro_text_to_video import BytedanceV1ProTextToVideo as BytedanceV1ProTextToVideo
    from kie_models.gemini_omni_video import GeminiOmniVideo as GeminiOmniVideo
    from kie_models.gemini_omni_video import GeminiOmniVideoVideoClip as GeminiOmniVideoVideoClip
    from kie_models.gemini_omni_video import GeminiOmniVideoVideoClipDict as GeminiOmniVideoVideoClipDict
    from kie_models.google_gemini_omni_flash_1_1 import GoogleGeminiOmniFlash11 as GoogleGeminiOmniFlash11
    from kie_models.google_gemini_omni_flash_1_1 import (
        GoogleGeminiOmniFlash11VideoClip as GoogleGeminiOmniFlash11VideoClip,
    )
    from kie_models.google_gemini_omni_flash_1_1 import (
        GoogleGeminiOmniFlash11VideoClipDict as GoogleGeminiOmniFlash11VideoClipDict,
    )
    from kie_models.grok_imagine_extend import GrokImagineExtend as GrokImagineExtend
    from kie_models.grok_imagine_image_to_video import GrokImagineImageToVideo as GrokImagineImageToVideo
    from kie_models.grok_imagine_text_to_video import GrokImagineTextToVideo as GrokImagineTextToVideo
    from kie_models.grok_imagine_upscale import GrokImagineUpscale as GrokImagineUpscale
    from kie_models.grok_imagine_video_1_5_preview import GrokImagineVideo15Preview as GrokImagineVideo15Preview
    from kie_models.hailuo_02_image_to_video_pro import Hailuo02ImageToVideoPro as Hailuo02ImageToVideoPro
    from kie_models.hailuo_02_image_to_video_standard import (
        Hailuo02ImageToVideoStandard as Hailuo02ImageToVideoStandard,
    )
    from kie_models.hailuo_02_text_to_video_pro import Hailuo02TextToVideoPro as Hailuo02TextToVideoPro
    from kie_models.hailuo_02_text_to_video_standard import Hailuo02TextToVideoStandard as Hailuo02TextToVideoStandard
    from kie_models.hailuo_2_3_image_to_video_pro import Hailuo23ImageToVideoPro as Hailuo23ImageToVideoPro
    from kie_models.hailuo_2_3_image_to_video_standard import (
        Hailuo23ImageToVideoStandard as Hailuo23ImageToVideoStandard,
    )
    from kie_models.happyhorse_1_1_image_to_video import Happyhorse11ImageToVideo as Happyhorse11ImageToVideo
    from kie_models.happyhorse_1_1_reference_to_video import (
        Happyhorse11ReferenceToVideo as Happyhorse11ReferenceToVideo,
    )
    from kie_models.happyhorse_1_1_text_to_video import Happyhorse11TextToVideo as Happyhorse11TextToVideo
    from kie_models.happyhorse_image_to_video import HappyhorseImageToVideo as HappyhorseImageToVideo
    from kie_models.happyhorse_reference_to_video import HappyhorseReferenceToVideo as HappyhorseReferenceToVideo
    from kie_models.happyhorse_text_to_video import HappyhorseTextToVideo as HappyhorseTextToVideo
    from kie_models.happyhorse_video_edit import HappyhorseVideoEdit as HappyhorseVideoEdit
    from kie_models.infinitalk_from_audio import InfinitalkFromAudio as InfinitalkFromAudio
    from kie_models.kling_2_6_image_to_video import Kling26ImageToVideo as Kling26ImageToVideo
    from kie_models.kling_2_6_motion_control import Kling26MotionControl as Kling26MotionControl
    from kie_models.kling_2_6_text_to_video import Kling26TextToVideo as Kling26TextToVideo
    from kie_models.kling_3_0_motion_control import Kling30MotionControl as Kling30MotionControl
    from kie_models.kling_3_0_omni_image_to_video import Kling30OmniImageToVideo as Kling30OmniImageToVideo
    from kie_models.kling_3_0_omni_image_to_video import (
        Kling30OmniImageToVideoElement as Kling30OmniImageToVideoElement,
    )
    from kie_models.kling_3_0_omni_image_to_video import (
        Kling30OmniImageToVideoElementDict as Kling30OmniImageToVideoElementDict,
    )
    from kie_models.kling_3_0_omni_image_to_video import Kling30OmniImageToVideoShot as Kling30OmniImageToVideoShot
    from kie_models.kling_3_0_omni_image_to_video import (
        Kling30OmniImageToVideoShotDict as Kling30OmniImageToVideoShotDict,
    )
    from kie_models.kling_3_0_omni_reference_to_video import Kling30OmniReferenceToVideo as Kling30OmniReferenceToVideo
    from kie_models.kling_3_0_omni_reference_to_video import (
        Kling30OmniReferenceToVideoElement as Kling30OmniReferenceToVideoElement,
    )
    from kie_models.kling_3_0_omni_reference_to_video import (
        Kling30OmniReferenceToVideoElementDict as Kling30OmniReferenceToVideoElementDict,
    )
    from kie_models.kling_3_0_omni_reference_to_video import (
        Kling30OmniReferenceToVideoShot as Kling30OmniReferenceToVideoShot,
    )
    from kie_models.kling_3_0_omni_reference_to_video import (
        Kling30OmniReferenceToVideoShotDict as Kling30OmniReferenceToVideoShotDict,
    )
    from kie_models.kling_3_0_omni_text_to_video import Kling30OmniTextToVideo as Kling30OmniTextToVideo
    from kie_models.kling_3_0_omni_text_to_video import Kling30OmniTextToVideoElement as Kling30OmniTextToVideoElement
    from kie_models.kling_3_0_omni_text_to_video import (
        Kling30OmniTextToVideoElementDict as Kling30OmniTextToVideoElementDict,
    )
    from kie_models.kling_3_0_omni_text_to_video import Kling30OmniTextToVideoShot as Kling30OmniTextToVideoShot
    from kie_models.kling_3_0_omni_text_to_video import Kling30OmniTextToVideoShotDict as Kling30OmniTextToVideoShotDict
    from kie_models.kling_3_0_omni_transformation import Kling30OmniTransformation as Kling30OmniTransformation
    from kie_models.kling_3_0_omni_transformation import (
        Kling30OmniTransformationElement as Kling30OmniTransformationElement,
    )
    from kie_models.kling_3_0_omni_transformation import (
        Kling30OmniTransformationElementDict as Kling30OmniTransformationElementDict,
    )
    from kie_models.kling_3_0_video import Kling30Video as Kling30Video
    from kie_models.kling_3_0_video import Kling30VideoElement as Kling30VideoElement
    from kie_models.kling_3_0_video import Kling30VideoElementDict as Kling30VideoElementDict
    from kie_models.kling_3_0_video import Kling30VideoShot as Kling30VideoShot
    from kie_models.kling_3_0_video import Kling30VideoShotDict as Kling30VideoShotDict
    from kie_models.kling_ai_avatar_pro import KlingAiAvatarPro as KlingAiAvatarPro
    from kie_models.kling_ai_avatar_standard import KlingAiAvatarStandard as KlingAiAvatarStandard
    from kie_models.kling_ai_avatar_v1_pro import KlingAiAvatarV1Pro as KlingAiAvatarV1Pro
    from kie_models.kling_v1_avatar_standard import KlingV1AvatarStandard as KlingV1AvatarStandard
    from kie_models.kling_v2_1_master_image_to_video import KlingV21MasterImageToVideo as KlingV21MasterImageToVideo
    from kie_models.kling_v2_1_master_text_to_video import KlingV21MasterTextToVideo as KlingV21MasterTextToVideo
    from kie_models.kling_v2_1_pro import KlingV21Pro as KlingV21Pro
    from kie_models.kling_v2_1_standard import KlingV21Standard as KlingV21Standard
    from kie_models.kling_v2_5_turbo_image_to_video_pro import (
        Kling25TurboImageToVideoPro as Kling25TurboImageToVideoPro,
    )
    from kie_models.kling_v2_5_turbo_text_to_video_pro import Kling25TurboTextToVideoPro as Kling25TurboTextToVideoPro
    from kie_models.kling_v3_turbo_image_to_video import KlingV3TurboImageToVideo as KlingV3TurboImageToVideo
    from kie_models.kling_v3_turbo_text_to_video import KlingV3TurboTextToVideo as KlingV3TurboTextToVideo
    from kie_models.kling_video import KlingVideo as KlingVideo
    from kie_models.luma import LumaModify as LumaModify
    from kie_models.midjourney_video import MidjourneyVideo as MidjourneyVideo
    from kie_models.midjourney_video_extend import MidjourneyVideoExtend as MidjourneyVideoExtend
    from kie_models.minimax_h3_image_to_video import MinimaxH3ImageToVideo as MinimaxH3ImageToVideo
    from kie_models.minimax_h3_reference_to_video import MinimaxH3ReferenceToVideo as MinimaxH3ReferenceToVideo
    from kie_models.minimax_h3_text_to_video import MinimaxH3TextToVideo as MinimaxH3TextToVideo
    from kie_models.omni_character import OmniCharacter as OmniCharacter
    from kie_models.omnihuman_1_5 import Omnihuman15 as Omnihuman15
    from kie_models.pika_video import PikaVideo as PikaVideo
    from kie_models.pixverse_v6_extend import PixverseV6Extend as PixverseV6Extend
    from kie_models.pixverse_v6_image_to_video import PixverseV6ImageToVideo as PixverseV6ImageToVideo
    from kie_models.pixverse_v6_reference_to_video import PixverseV6ReferenceToVideo as PixverseV6ReferenceToVideo
    from kie_models.pixverse_v6_reference_to_video import (
        PixverseV6ReferenceToVideoImageReference as PixverseV6ReferenceToVideoImageReference,
    )
    from kie_models.pixverse_v6_reference_to_video import (
        PixverseV6ReferenceToVideoImageReferenceDict as PixverseV6ReferenceToVideoImageReferenceDict,
    )
    from kie_models.pixverse_v6_text_to_video import PixverseV6TextToVideo as PixverseV6TextToVideo
    from kie_models.pixverse_v6_transition import PixverseV6Transition as PixverseV6Transition
    from kie_models.runway import Runway as Runway
    from kie_models.runway_extend import RunwayExtend as RunwayExtend
    from kie_models.runway_extend_ai_video import RunwayExtendAiVideo as RunwayExtendAiVideo
    from kie_models.runway_gen3 import RunwayGen3 as RunwayGen3
    from kie_models.runway_gen4_aleph import RunwayGen4Aleph as RunwayGen4Aleph
    from kie_models.runway_generate import RunwayGenerate as RunwayGenerate
    from kie_models.seedance_1_5_image_to_video import Seedance15ImageToVideo as Seedance15ImageToVideo
    from kie_models.seedance_1_5_pro import Seedance15Pro as Seedance15Pro
    from kie_models.sora_2_image_to_video import Sora2ImageToVideo as Sora2ImageToVideo
    from kie_models.sora_2_pro_image_to_video import Sora2ProImageToVideo as Sora2ProImageToVideo
    from kie_models.sora_2_pro_storyboard import Sora2ProStoryboard as Sora2ProStoryboard
    from kie_models.sora_2_pro_storyboard import Sora2ProStoryboardShot as Sora2ProStoryboardShot
    from kie_models.sora_2_pro_storyboard import Sora2ProStoryboardShotDict as Sora2ProStoryboardShotDict
    from kie_models.sora_2_pro_text_to_video import Sora2ProTextToVideo as Sora2ProTextToVideo
    from kie_models.sora_2_text_to_video import Sora2TextToVideo as Sora2TextToVideo
    from kie_models.sora_watermark_remover import SoraWatermarkRemover as SoraWatermarkRemover
    from kie_models.suno_music_video import SunoMusicVideo as SunoMusicVideo
    from kie_models.topaz_video_upscale import TopazVideoUpscale as TopazVideoUpscale
    from kie_models.veo import VeoGenerate as VeoGenerate
    from kie_models.veo_3_1 import Veo31 as Veo31
    from kie_models.veo_4k import Veo4K as Veo4K
    from kie_models.veo_1080p import Veo1080p as Veo1080p
    from kie_models.veo_extend import Veo31Extend as Veo31Extend
    from kie_models.veo_extend_video import VeoExtend as VeoExtend
    from kie_models.veo_get_4k_video import VeoGet4kVideo as VeoGet4kVideo
    from kie_models.veo_get_1080p_video import VeoGet1080pVideo as VeoGet1080pVideo
    from kie_models.volcengine_video_to_video_lip_sync import (
        VolcengineVideoToVideoLipSync as VolcengineVideoToVideoLipSync,
    )
    from kie_models.wan_2_2_a14b_image_to_video_turbo import Wan22A14bImageToVideoTurbo as Wan22A14bImageToVideoTurbo
    from kie_models.wan_2_2_a14b_speech_to_video_turbo import Wan22A14bSpeechToVideoTurbo as Wan22A14bSpeechToVideoTurbo
    from kie_models.wan_2_2_a14b_text_to_video_turbo import Wan22A14bTextToVideoTurbo as Wan22A14bTextToVideoTurbo
    from kie_models.wan_2_2_animate_move import Wan22AnimateMove as Wan22AnimateMove
    from kie_models.wan_2_2_animate_replace import Wan22AnimateReplace as Wan22AnimateReplace
    from kie_models.wan_2_5_image_to_video import Wan25ImageToVideo as Wan25ImageToVideo
    from kie_models.wan_2_5_text_to_video import Wan25TextToVideo as Wan25TextToVideo
    from kie_models.wan_2_6_flash_image_to_video import Wan26FlashImageToVideo as Wan26FlashImageToVideo
    from kie_models.wan_2_6_flash_video_to_video import Wan26FlashVideoToVideo as Wan26FlashVideoToVideo
    from kie_models.wan_2_6_image_to_video import Wan26ImageToVideo as Wan26ImageToVideo
    from kie_models.wan_2_6_text_to_video import Wan26TextToVideo as Wan26TextToVideo
    from kie_models.wan_2_6_video_to_video import Wan26VideoToVideo as Wan26VideoToVideo
    from kie_models.wan_2_7_image_to_video import Wan27ImageToVideo as Wan27ImageToVideo
    from kie_models.wan_2_7_r2v import Wan27ReferenceToVideo as Wan27ReferenceToVideo
    from kie_models.wan_2_7_text_to_video import Wan27TextToVideo as Wan27TextToVideo
    from kie_models.wan_2_7_videoedit import Wan27VideoEdit as Wan27VideoEdit
    from kie_models.wan_3_0_video import Wan30Video as Wan30Video
    from kie_models.wan_3_0_video_prime import Wan30VideoPrime as Wan30VideoPrime
else:

    def __getattr__(name):
        module = _MODULES.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"kie_models.{module}"), name)
        globals()[name] = value
        return value


_MODULES: dict[str, str] = {
    "AiMusicCreateMusicVideo": "ai_music_api_create_music_video",
    "AlephGenerate": "aleph",
    "BytedanceSeedance15Pro": "bytedance_seedance_1_5_pro",
    "BytedanceSeedance20": "bytedance_seedance_2",
    "BytedanceSeedance20Fast": "bytedance_seedance_2_fast",
    "BytedanceSeedance20Mini": "bytedance_seedance_2_mini",
    "BytedanceSeedance25": "bytedance_seedance_2_5",
    "BytedanceV1LiteImageToVideo": "bytedance_v1_lite_image_to_video",
    "BytedanceV1LiteTextToVideo": "bytedance_v1_lite_text_to_video",
    "BytedanceV1ProFastImageToVideo": "bytedance_v1_pro_fast_image_to_video",
    "BytedanceV1ProImageToVideo": "bytedance_v1_pro_image_to_video",
    "BytedanceV1ProTextToVideo": "bytedance_v1_pro_text_to_video",
    "GeminiOmniVideo": "gemini_omni_video",
    "GeminiOmniVideoVideoClip": "gemini_omni_video",
    "GeminiOmniVideoVideoClipDict": "gemini_omni_video",
    "GoogleGeminiOmniFlash11": "google_gemini_omni_flash_1_1",
    "GoogleGeminiOmniFlash11VideoClip": "google_gemini_omni_flash_1_1",
    "GoogleGeminiOmniFlash11VideoClipDict": "google_gemini_omni_flash_1_1",
    "GrokImagineExtend": "grok_imagine_extend",
    "GrokImagineImageToVideo": "grok_imagine_image_to_video",
    "GrokImagineTextToVideo": "grok_imagine_text_to_video",
    "GrokImagineUpscale": "grok_imagine_upscale",
    "GrokImagineVideo15Preview": "grok_imagine_video_1_5_preview",
    "Hailuo02ImageToVideoPro": "hailuo_02_image_to_video_pro",
    "Hailuo02ImageToVideoStandard": "hailuo_02_image_to_video_standard",
    "Hailuo02TextToVideoPro": "hailuo_02_text_to_video_pro",
    "Hailuo02TextToVideoStandard": "hailuo_02_text_to_video_standard",
    "Hailuo23ImageToVideoPro": "hailuo_2_3_image_to_video_pro",
    "Hailuo23ImageToVideoStandard": "hailuo_2_3_image_to_video_standard",
    "Happyhorse11ImageToVideo": "happyhorse_1_1_image_to_video",
    "Happyhorse11ReferenceToVideo": "happyhorse_1_1_reference_to_video",
    "Happyhorse11TextToVideo": "happyhorse_1_1_text_to_video",
    "HappyhorseImageToVideo": "happyhorse_image_to_video",
    "HappyhorseReferenceToVideo": "happyhorse_reference_to_video",
    "HappyhorseTextToVideo": "happyhorse_text_to_video",
    "HappyhorseVideoEdit": "happyhorse_video_edit",
    "InfinitalkFromAudio": "infinitalk_from_audio",
    "Kling25TurboImageToVideoPro": "kling_v2_5_turbo_image_to_video_pro",
    "Kling25TurboTextToVideoPro": "kling_v2_5_turbo_text_to_video_pro",
    "Kling26ImageToVideo": "kling_2_6_image_to_video",
    "Kling26MotionControl": "kling_2_6_motion_control",
    "Kling26TextToVideo": "kling_2_6_text_to_video",
    "Kling30MotionControl": "kling_3_0_motion_control",
    "Kling30OmniImageToVideo": "kling_3_0_omni_image_to_video",
    "Kling30OmniImageToVideoElement": "kling_3_0_omni_image_to_video",
    "Kling30OmniImageToVideoElementDict": "kling_3_0_omni_image_to_video",
    "Kling30OmniImageToVideoShot": "kling_3_0_omni_image_to_video",
    "Kling30OmniImageToVideoShotDict": "kling_3_0_omni_image_to_video",
    "Kling30OmniReferenceToVideo": "kling_3_0_omni_reference_to_video",
    "Kling30OmniReferenceToVideoElement": "kling_3_0_omni_reference_to_video",
    "Kling30OmniReferenceToVideoElementDict": "kling_3_0_omni_reference_to_video",
    "Kling30OmniReferenceToVideoShot": "kling_3_0_omni_reference_to_video",
    "Kling30OmniReferenceToVideoShotDict": "kling_3_0_omni_reference_to_video",
    "Kling30OmniTextToVideo": "kling_3_0_omni_text_to_video",
    "Kling30OmniTextToVideoElement": "kling_3_0_omni_text_to_video",
    "Kling30OmniTextToVideoElementDict": "kling_3_0_omni_text_to_video",
    "Kling30OmniTextToVideoShot": "kling_3_0_omni_text_to_video",
    "Kling30OmniTextToVideoShotDict": "kling_3_0_omni_text_to_video",
    "Kling30OmniTransformation": "kling_3_0_omni_transformation",
    "Kling30OmniTransformationElement": "kling_3_0_omni_transformation",
    "Kling30OmniTransformationElementDict": "kling_3_0_omni_transformation",
    "Kling30Video": "kling_3_0_video",
    "Kling30VideoElement": "kling_3_0_video",
    "Kling30VideoElementDict": "kling_3_0_video",
    "Kling30VideoShot": "kling_3_0_video",
    "Kling30VideoShotDict": "kling_3_0_video",
    "KlingAiAvatarPro": "kling_ai_avatar_pro",
    "KlingAiAvatarStandard": "kling_ai_avatar_standard",
    "KlingAiAvatarV1Pro": "kling_ai_avatar_v1_pro",
    "KlingV1AvatarStandard": "kling_v1_avatar_standard",
    "KlingV21MasterImageToVideo": "kling_v2_1_master_image_to_video",
    "KlingV21MasterTextToVideo": "kling_v2_1_master_text_to_video",
    "KlingV21Pro": "kling_v2_1_pro",
    "KlingV21Standard": "kling_v2_1_standard",
    "KlingV3TurboImageToVideo": "kling_v3_turbo_image_to_video",
    "KlingV3TurboTextToVideo": "kling_v3_turbo_text_to_video",
    "KlingVideo": "kling_video",
    "LumaModify": "luma",
    "MidjourneyVideo": "midjourney_video",
    "MidjourneyVideoExtend": "midjourney_video_extend",
    "MinimaxH3ImageToVideo": "minimax_h3_image_to_video",
    "MinimaxH3ReferenceToVideo": "minimax_h3_reference_to_video",
    "MinimaxH3TextToVideo": "minimax_h3_text_to_video",
    "OmniCharacter": "omni_character",
    "Omnihuman15": "omnihuman_1_5",
    "PikaVideo": "pika_video",
    "PixverseV6Extend": "pixverse_v6_extend",
    "PixverseV6ImageToVideo": "pixverse_v6_image_to_video",
    "PixverseV6ReferenceToVideo": "pixverse_v6_reference_to_video",
    "PixverseV6ReferenceToVideoImageReference": "pixverse_v6_reference_to_video",
    "PixverseV6ReferenceToVideoImageReferenceDict": "pixverse_v6_reference_to_video",
    "PixverseV6TextToVideo": "pixverse_v6_text_to_video",
    "PixverseV6Transition": "pixverse_v6_transition",
    "Runway": "runway",
    "RunwayExtend": "runway_extend",
    "RunwayExtendAiVideo": "runway_extend_ai_video",
    "RunwayGen3": "runway_gen3",
    "RunwayGen4Aleph": "runway_gen4_aleph",
    "RunwayGenerate": "runway_generate",
    "Seedance15ImageToVideo": "seedance_1_5_image_to_video",
    "Seedance15Pro": "seedance_1_5_pro",
    "Sora2ImageToVideo": "sora_2_image_to_video",
    "Sora2ProImageToVideo": "sora_2_pro_image_to_video",
    "Sora2ProStoryboard": "sora_2_pro_storyboard",
    "Sora2ProStoryboardShot": "sora_2_pro_storyboard",
    "Sora2ProStoryboardShotDict": "sora_2_pro_storyboard",
    "Sora2ProTextToVideo": "sora_2_pro_text_to_video",
    "Sora2TextToVideo": "sora_2_text_to_video",
    "SoraWatermarkRemover": "sora_watermark_remover",
    "SunoMusicVideo": "suno_music_video",
    "TopazVideoUpscale": "topaz_video_upscale",
    "Veo1080p": "veo_1080p",
    "Veo31": "veo_3_1",
    "Veo31Extend": "veo_extend",
    "Veo4K": "veo_4k",
    "VeoExtend": "veo_extend_video",
    "VeoGenerate": "veo",
    "VeoGet1080pVideo": "veo_get_1080p_video",
    "VeoGet4kVideo": "veo_get_4k_video",
    "VolcengineVideoToVideoLipSync": "volcengine_video_to_video_lip_sync",
    "Wan22A14bImageToVideoTurbo": "wan_2_2_a14b_image_to_video_turbo",
    "Wan22A14bSpeechToVideoTurbo": "wan_2_2_a14b_speech_to_video_turbo",
    "Wan22A14bTextToVideoTurbo": "wan_2_2_a14b_text_to_video_turbo",
    "Wan22AnimateMove": "wan_2_2_animate_move",
    "Wan22AnimateReplace": "wan_2_2_animate_replace",
    "Wan25ImageToVideo": "wan_2_5_image_to_video",
    "Wan25TextToVideo": "wan_2_5_text_to_video",
    "Wan26FlashImageToVideo": "wan_2_6_flash_image_to_video",
    "Wan26FlashVideoToVideo": "wan_2_6_flash_video_to_video",
    "Wan26ImageToVideo": "wan_2_6_image_to_video",
    "Wan26TextToVideo": "wan_2_6_text_to_video",
    "Wan26VideoToVideo": "wan_2_6_video_to_video",
    "Wan27ImageToVideo": "wan_2_7_image_to_video",
    "Wan27ReferenceToVideo": "wan_2_7_r2v",
    "Wan27TextToVideo": "wan_2_7_text_to_video",
    "Wan27VideoEdit": "wan_2_7_videoedit",
    "Wan30Video": "wan_3_0_video",
    "Wan30VideoPrime": "wan_3_0_video_prime",
}

__all__ = [
    "AiMusicCreateMusicVideo",
    "AlephGenerate",
    "BytedanceSeedance15Pro",
    "BytedanceSeedance20",
    "BytedanceSeedance20Fast",
    "BytedanceSeedance20Mini",
    "BytedanceSeedance25",
    "BytedanceV1LiteImageToVideo",
    "BytedanceV1LiteTextToVideo",
    "BytedanceV1ProFastImageToVideo",
    "BytedanceV1ProImageToVideo",
    "BytedanceV1ProTextToVideo",
    "GeminiOmniVideo",
    "GeminiOmniVideoVideoClip",
    "GeminiOmniVideoVideoClipDict",
    "GoogleGeminiOmniFlash11",
    "GoogleGeminiOmniFlash11VideoClip",
    "GoogleGeminiOmniFlash11VideoClipDict",
    "GrokImagineExtend",
    "GrokImagineImageToVideo",
    "GrokImagineTextToVideo",
    "GrokImagineUpscale",
    "GrokImagineVideo15Preview",
    "Hailuo02ImageToVideoPro",
    "Hailuo02ImageToVideoStandard",
    "Hailuo02TextToVideoPro",
    "Hailuo02TextToVideoStandard",
    "Hailuo23ImageToVideoPro",
    "Hailuo23ImageToVideoStandard",
    "Happyhorse11ImageToVideo",
    "Happyhorse11ReferenceToVideo",
    "Happyhorse11TextToVideo",
    "HappyhorseImageToVideo",
    "HappyhorseReferenceToVideo",
    "HappyhorseTextToVideo",
    "HappyhorseVideoEdit",
    "InfinitalkFromAudio",
    "Kling25TurboImageToVideoPro",
    "Kling25TurboTextToVideoPro",
    "Kling26ImageToVideo",
    "Kling26MotionControl",
    "Kling26TextToVideo",
    "Kling30MotionControl",
    "Kling30OmniImageToVideo",
    "Kling30OmniImageToVideoElement",
    "Kling30OmniImageToVideoElementDict",
    "Kling30OmniImageToVideoShot",
    "Kling30OmniImageToVideoShotDict",
    "Kling30OmniReferenceToVideo",
    "Kling30OmniReferenceToVideoElement",
    "Kling30OmniReferenceToVideoElementDict",
    "Kling30OmniReferenceToVideoShot",
    "Kling30OmniReferenceToVideoShotDict",
    "Kling30OmniTextToVideo",
    "Kling30OmniTextToVideoElement",
    "Kling30OmniTextToVideoElementDict",
    "Kling30OmniTextToVideoShot",
    "Kling30OmniTextToVideoShotDict",
    "Kling30OmniTransformation",
    "Kling30OmniTransformationElement",
    "Kling30OmniTransformationElementDict",
    "Kling30Video",
    "Kling30VideoElement",
    "Kling30VideoElementDict",
    "Kling30VideoShot",
    "Kling30VideoShotDict",
    "KlingAiAvatarPro",
    "KlingAiAvatarStandard",
    "KlingAiAvatarV1Pro",
    "KlingV1AvatarStandard",
    "KlingV21MasterImageToVideo",
    "KlingV21MasterTextToVideo",
    "KlingV21Pro",
    "KlingV21Standard",
    "KlingV3TurboImageToVideo",
    "KlingV3TurboTextToVideo",
    "KlingVideo",
    "LumaModify",
    "MidjourneyVideo",
    "MidjourneyVideoExtend",
    "MinimaxH3ImageToVideo",
    "MinimaxH3ReferenceToVideo",
    "MinimaxH3TextToVideo",
    "OmniCharacter",
    "Omnihuman15",
    "PikaVideo",
    "PixverseV6Extend",
    "PixverseV6ImageToVideo",
    "PixverseV6ReferenceToVideo",
    "PixverseV6ReferenceToVideoImageReference",
    "PixverseV6ReferenceToVideoImageReferenceDict",
    "PixverseV6TextToVideo",
    "PixverseV6Transition",
    "Runway",
    "RunwayExtend",
    "RunwayExtendAiVideo",
    "RunwayGen3",
    "RunwayGen4Aleph",
    "RunwayGenerate",
    "Seedance15ImageToVideo",
    "Seedance15Pro",
    "Sora2ImageToVideo",
    "Sora2ProImageToVideo",
    "Sora2ProStoryboard",
    "Sora2ProStoryboardShot",
    "Sora2ProStoryboardShotDict",
    "Sora2ProTextToVideo",
    "Sora2TextToVideo",
    "SoraWatermarkRemover",
    "SunoMusicVideo",
    "TopazVideoUpscale",
    "Veo1080p",
    "Veo31",
    "Veo31Extend",
    "Veo4K",
    "VeoExtend",
    "VeoGenerate",
    "VeoGet1080pVideo",
    "VeoGet4kVideo",
    "VolcengineVideoToVideoLipSync",
    "Wan22A14bImageToVideoTurbo",
    "Wan22A14bSpeechToVideoTurbo",
    "Wan22A14bTextToVideoTurbo",
    "Wan22AnimateMove",
    "Wan22AnimateReplace",
    "Wan25ImageToVideo",
    "Wan25TextToVideo",
    "Wan26FlashImageToVideo",
    "Wan26FlashVideoToVideo",
    "Wan26ImageToVideo",
    "Wan26TextToVideo",
    "Wan26VideoToVideo",
    "Wan27ImageToVideo",
    "Wan27ReferenceToVideo",
    "Wan27TextToVideo",
    "Wan27VideoEdit",
    "Wan30Video",
    "Wan30VideoPrime",
]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
