"""Request classes, one per model, imported when first asked for. Compiled; do not edit."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kie_models.ai_music_api_add_instrumental import AiMusicAddInstrumental as AiMusicAddInstrumental
    from kie_models.ai_music_api_add_vocals import AiMusicAddVocals as AiMusicAddVocals
    from kie_models.ai_music_api_boost_music_style import AiMusicBoostMusicStyle as AiMusicBoostMusicStyle
    from kie_models.ai_music_api_check_voice import AiMusicCheckVoice as AiMusicCheckVoice
    from kie_models.ai_music_api_convert_to_wav_format import AiMusicConvertToWavFormat as AiMusicConvertToWavFormat
    from kie_models.ai_music_api_cover_generate import AiMusicCoverGenerate as AiMusicCoverGenerate
    from kie_models.ai_music_api_create_music_video import AiMusicCreateMusicVideo as AiMusicCreateMusicVideo
    from kie_models.ai_music_api_create_voice import AiMusicCreateVoice as AiMusicCreateVoice
    from kie_models.ai_music_api_extend import AiMusicExtend as AiMusicExtend
    from kie_models.ai_music_api_generate import AiMusicGenerate as AiMusicGenerate
    from kie_models.ai_music_api_generate_lyrics import AiMusicGenerateLyrics as AiMusicGenerateLyrics
    from kie_models.ai_music_api_generate_midi_from_audio import (
        AiMusicGenerateMidiFromAudio as AiMusicGenerateMidiFromAudio,
    )
    from kie_models.ai_music_api_generate_persona import AiMusicGeneratePersona as AiMusicGeneratePersona
    from kie_models.ai_music_api_mashup import AiMusicMashup as AiMusicMashup
    from kie_models.ai_music_api_regenerate_phrase import AiMusicRegeneratePhrase as AiMusicRegeneratePhrase
    from kie_models.ai_music_api_replace_section import AiMusicReplaceSection as AiMusicReplaceSection
    from kie_models.ai_music_api_separate_vocals import AiMusicSeparateVocals as AiMusicSeparateVocals
    from kie_models.ai_music_api_sounds import AiMusicSounds as AiMusicSounds
    from kie_models.ai_music_api_suno_recovery_audio import AiMusicSunoRecoveryAudio as AiMusicSunoRecoveryAudio
    from kie_models.ai_music_api_timestamped_lyrics import AiMusicTimeStampedLyrics as AiMusicTimeStampedLyrics
    from kie_models.ai_music_api_upload_and_cover_audio import AiMusicUploadAndCoverAudio as AiMusicUploadAndCoverAudio
    from kie_models.ai_music_api_upload_and_extend_audio import (
        AiMusicUploadAndExtendAudio as AiMusicUploadAndExtendAudio,
    )
    from kie_models.ai_music_api_validation_phrase import AiMusicValidationPhrase as AiMusicValidationPhrase
    from kie_models.aleph import AlephGenerate as AlephGenerate
    from kie_models.bytedance_seedance_1_5_pro import BytedanceSeedance15Pro as BytedanceSeedance15Pro
    from kie_models.bytedance_seedance_2 import BytedanceSeedance20 as BytedanceSeedance20
    from kie_models.bytedance_seedance_2_5 import BytedanceSeedance25 as BytedanceSeedance25
    from kie_models.bytedance_seedance_2_fast import BytedanceSeedance20Fast as BytedanceSeedance20Fast
    from kie_models.bytedance_seedance_2_mini import BytedanceSeedance20Mini as BytedanceSeedance20Mini
    from kie_models.bytedance_seedream import BytedanceSeedream as BytedanceSeedream
    from kie_models.bytedance_seedream_v4_edit import BytedanceSeedreamV4Edit as BytedanceSeedreamV4Edit
    from kie_models.bytedance_seedream_v4_text_to_image import (
        BytedanceSeedreamV4TextToImage as BytedanceSeedreamV4TextToImage,
    )
    from kie_models.bytedance_v1_lite_image_to_video import BytedanceV1LiteImageToVideo as BytedanceV1LiteImageToVideo
    from kie_models.bytedance_v1_lite_text_to_video import BytedanceV1LiteTextToVideo as BytedanceV1LiteTextToVideo
    from kie_models.bytedance_v1_pro_fast_image_to_video import (
        BytedanceV1ProFastImageToVideo as BytedanceV1ProFastImageToVideo,
    )
    from kie_models.bytedance_v1_pro_image_to_video import BytedanceV1ProImageToVideo as BytedanceV1ProImageToVideo
    from kie_models.bytedance_v1_pro_text_to_video import BytedanceV1ProTextToVideo as BytedanceV1ProTextToVideo
    from kie_models.elevenlabs_audio_isolation import ElevenlabsAudioIsolation as ElevenlabsAudioIsolation
    from kie_models.elevenlabs_sound_effect_v2 import ElevenlabsSoundEffectV2 as ElevenlabsSoundEffectV2
    from kie_models.elevenlabs_speech_to_text import ElevenlabsSpeechToText as ElevenlabsSpeechToText
    from kie_models.elevenlabs_text_to_dialogue_v3 import ElevenlabsTextToDialogueV3 as ElevenlabsTextToDialogueV3
    from kie_models.elevenlabs_text_to_dialogue_v3 import (
        ElevenlabsTextToDialogueV3DialogueLine as ElevenlabsTextToDialogueV3DialogueLine,
    )
    from kie_models.elevenlabs_text_to_dialogue_v3 import (
        ElevenlabsTextToDialogueV3DialogueLineDict as ElevenlabsTextToDialogueV3DialogueLineDict,
    )
    from kie_models.elevenlabs_text_to_speech_multilingual_v2 import (
        ElevenlabsTextToSpeechMultilingualV2 as ElevenlabsTextToSpeechMultilingualV2,
    )
    from kie_models.elevenlabs_text_to_speech_turbo_2_5 import (
        ElevenlabsTextToSpeechTurbo25 as ElevenlabsTextToSpeechTurbo25,
    )
    from kie_models.flux1_kontext import Flux1Kontext as Flux1Kontext
    from kie_models.flux_2_flex_image_to_image import Flux2FlexImageToImage as Flux2FlexImageToImage
    from kie_models.flux_2_flex_text_to_image import Flux2FlexTextToImage as Flux2FlexTextToImage
    from kie_models.flux_2_pro_image_to_image import Flux2ProImageToImage as Flux2ProImageToImage
    from kie_models.flux_2_pro_text_to_image import Flux2ProTextToImage as Flux2ProTextToImage
    from kie_models.flux_kontext import FluxKontext as FluxKontext
    from kie_models.gemini_omni_video import GeminiOmniVideo as GeminiOmniVideo
    from kie_models.gemini_omni_video import GeminiOmniVideoVideoClip as GeminiOmniVideoVideoClip
    from kie_models.gemini_omni_video import GeminiOmniVideoVideoClipDict as GeminiOmniVideoVideoClipDict
    from kie_models.google_gemini_2_5_pro_tts import GoogleGemini25ProTts as GoogleGemini25ProTts
    from kie_models.google_gemini_2_5_pro_tts import (
        GoogleGemini25ProTtsDialogueTurn as GoogleGemini25ProTtsDialogueTurn,
    )
    from kie_models.google_gemini_2_5_pro_tts import (
        GoogleGemini25ProTtsDialogueTurnDict as GoogleGemini25ProTtsDialogueTurnDict,
    )
    from kie_models.google_gemini_2_5_pro_tts import GoogleGemini25ProTtsSpeaker as GoogleGemini25ProTtsSpeaker
    from kie_models.google_gemini_2_5_pro_tts import GoogleGemini25ProTtsSpeakerDict as GoogleGemini25ProTtsSpeakerDict
    from kie_models.google_gemini_3_1_flash_tts import GoogleGemini31FlashTts as GoogleGemini31FlashTts
    from kie_models.google_gemini_3_1_flash_tts import (
        GoogleGemini31FlashTtsDialogueTurn as GoogleGemini31FlashTtsDialogueTurn,
    )
    from kie_models.google_gemini_3_1_flash_tts import (
        GoogleGemini31FlashTtsDialogueTurnDict as GoogleGemini31FlashTtsDialogueTurnDict,
    )
    from kie_models.google_gemini_3_1_flash_tts import GoogleGemini31FlashTtsSpeaker as GoogleGemini31FlashTtsSpeaker
    from kie_models.google_gemini_3_1_flash_tts import (
        GoogleGemini31FlashTtsSpeakerDict as GoogleGemini31FlashTtsSpeakerDict,
    )
    from kie_models.google_gemini_3_8_flash_lite_tts import GoogleGemini38FlashLiteTts as GoogleGemini38FlashLiteTts
    from kie_models.google_gemini_3_8_flash_lite_tts import (
        GoogleGemini38FlashLiteTtsDialogueTurn as GoogleGemini38FlashLiteTtsDialogueTurn,
    )
    from kie_models.google_gemini_3_8_flash_lite_tts import (
        GoogleGemini38FlashLiteTtsDialogueTurnDict as GoogleGemini38FlashLiteTtsDialogueTurnDict,
    )
    from kie_models.google_gemini_3_8_flash_lite_tts import (
        GoogleGemini38FlashLiteTtsSpeaker as GoogleGemini38FlashLiteTtsSpeaker,
    )
    from kie_models.google_gemini_3_8_flash_lite_tts import (
        GoogleGemini38FlashLiteTtsSpeakerDict as GoogleGemini38FlashLiteTtsSpeakerDict,
    )
    from kie_models.google_gemini_3_8_flash_tts import GoogleGemini38FlashTts as GoogleGemini38FlashTts
    from kie_models.google_gemini_3_8_flash_tts import (
        GoogleGemini38FlashTtsDialogueTurn as GoogleGemini38FlashTtsDialogueTurn,
    )
    from kie_models.google_gemini_3_8_flash_tts import (
        GoogleGemini38FlashTtsDialogueTurnDict as GoogleGemini38FlashTtsDialogueTurnDict,
    )
    from kie_models.google_gemini_3_8_flash_tts import GoogleGemini38FlashTtsSpeaker as GoogleGemini38FlashTtsSpeaker
    from kie_models.google_gemini_3_8_flash_tts import (
        GoogleGemini38FlashTtsSpeakerDict as GoogleGemini38FlashTtsSpeakerDict,
    )
    from kie_models.google_gemini_omni_flash_1_1 import GoogleGeminiOmniFlash11 as GoogleGeminiOmniFlash11
    from kie_models.google_gemini_omni_flash_1_1 import (
        GoogleGeminiOmniFlash11VideoClip as GoogleGeminiOmniFlash11VideoClip,
    )
    from kie_models.google_gemini_omni_flash_1_1 import (
        GoogleGeminiOmniFlash11VideoClipDict as GoogleGeminiOmniFlash11VideoClipDict,
    )
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
    from kie_models.grok_imagine_extend import GrokImagineExtend as GrokImagineExtend
    from kie_models.grok_imagine_image_2_0_image_edit import GrokImagineImage20ImageEdit as GrokImagineImage20ImageEdit
    from kie_models.grok_imagine_image_2_0_segment_edit import (
        GrokImagineImage20SegmentEdit as GrokImagineImage20SegmentEdit,
    )
    from kie_models.grok_imagine_image_2_0_segment_map import (
        GrokImagineImage20SegmentMap as GrokImagineImage20SegmentMap,
    )
    from kie_models.grok_imagine_image_2_0_text_to_image import (
        GrokImagineImage20TextToImage as GrokImagineImage20TextToImage,
    )
    from kie_models.grok_imagine_image_to_image import GrokImagineImageToImage as GrokImagineImageToImage
    from kie_models.grok_imagine_image_to_video import GrokImagineImageToVideo as GrokImagineImageToVideo
    from kie_models.grok_imagine_text_to_image import GrokImagineTextToImage as GrokImagineTextToImage
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
    from kie_models.ideogram_character import IdeogramCharacter as IdeogramCharacter
    from kie_models.ideogram_character_edit import IdeogramCharacterEdit as IdeogramCharacterEdit
    from kie_models.ideogram_character_remix import IdeogramCharacterRemix as IdeogramCharacterRemix
    from kie_models.ideogram_v3_edit import IdeogramV3Edit as IdeogramV3Edit
    from kie_models.ideogram_v3_reframe import IdeogramV3Reframe as IdeogramV3Reframe
    from kie_models.ideogram_v3_remix import IdeogramV3Remix as IdeogramV3Remix
    from kie_models.ideogram_v3_text_to_image import IdeogramV3TextToImage as IdeogramV3TextToImage
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
    from kie_models.midjourney import MidjourneyImagine as MidjourneyImagine
    from kie_models.midjourney_image_to_image import MidjourneyImageToImage as MidjourneyImageToImage
    from kie_models.midjourney_omni_reference import MidjourneyOmniReference as MidjourneyOmniReference
    from kie_models.midjourney_style_reference import MidjourneyStyleReference as MidjourneyStyleReference
    from kie_models.midjourney_upscale import MidjourneyUpscale as MidjourneyUpscale
    from kie_models.midjourney_vary import MidjourneyVary as MidjourneyVary
    from kie_models.midjourney_video import MidjourneyVideo as MidjourneyVideo
    from kie_models.midjourney_video_extend import MidjourneyVideoExtend as MidjourneyVideoExtend
    from kie_models.minimax_h3_image_to_video import MinimaxH3ImageToVideo as MinimaxH3ImageToVideo
    from kie_models.minimax_h3_reference_to_video import MinimaxH3ReferenceToVideo as MinimaxH3ReferenceToVideo
    from kie_models.minimax_h3_text_to_video import MinimaxH3TextToVideo as MinimaxH3TextToVideo
    from kie_models.model_4o_image_api import Gpt4oImageApi as Gpt4oImageApi
    from kie_models.nano_banana_2 import GoogleNanoBanana2 as GoogleNanoBanana2
    from kie_models.nano_banana_2_1 import NanoBanana21 as NanoBanana21
    from kie_models.nano_banana_2_lite import NanoBanana2Lite as NanoBanana2Lite
    from kie_models.nano_banana_pro import NanoBananaPro as NanoBananaPro
    from kie_models.omni_audio import OmniAudio as OmniAudio
    from kie_models.omni_character import OmniCharacter as OmniCharacter
    from kie_models.omnihuman_1_5 import Omnihuman15 as Omnihuman15
    from kie_models.omnihuman_1_5_human_identification import (
        Omnihuman15HumanIdentification as Omnihuman15HumanIdentification,
    )
    from kie_models.omnihuman_1_5_subject_detection import Omnihuman15SubjectDetection as Omnihuman15SubjectDetection
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
    from kie_models.runway import Runway as Runway
    from kie_models.runway_extend import RunwayExtend as RunwayExtend
    from kie_models.runway_extend_ai_video import RunwayExtendAiVideo as RunwayExtendAiVideo
    from kie_models.runway_gen3 import RunwayGen3 as RunwayGen3
    from kie_models.runway_gen4_aleph import RunwayGen4Aleph as RunwayGen4Aleph
    from kie_models.runway_generate import RunwayGenerate as RunwayGenerate
    from kie_models.seedance_1_5_image_to_video import Seedance15ImageToVideo as Seedance15ImageToVideo
    from kie_models.seedance_1_5_pro import Seedance15Pro as Seedance15Pro
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
    from kie_models.sora_2_characters import Sora2Characters as Sora2Characters
    from kie_models.sora_2_characters_pro import Sora2CharactersPro as Sora2CharactersPro
    from kie_models.sora_2_image_to_video import Sora2ImageToVideo as Sora2ImageToVideo
    from kie_models.sora_2_pro_image_to_video import Sora2ProImageToVideo as Sora2ProImageToVideo
    from kie_models.sora_2_pro_storyboard import Sora2ProStoryboard as Sora2ProStoryboard
    from kie_models.sora_2_pro_storyboard import Sora2ProStoryboardShot as Sora2ProStoryboardShot
    from kie_models.sora_2_pro_storyboard import Sora2ProStoryboardShotDict as Sora2ProStoryboardShotDict
    from kie_models.sora_2_pro_text_to_video import Sora2ProTextToVideo as Sora2ProTextToVideo
    from kie_models.sora_2_text_to_video import Sora2TextToVideo as Sora2TextToVideo
    from kie_models.sora_watermark_remover import SoraWatermarkRemover as SoraWatermarkRemover
    from kie_models.suno import SunoGenerate as SunoGenerate
    from kie_models.suno_add_instrumental import SunoAddInstrumental as SunoAddInstrumental
    from kie_models.suno_add_vocals import SunoAddVocals as SunoAddVocals
    from kie_models.suno_cover_art import SunoCoverArt as SunoCoverArt
    from kie_models.suno_extend import SunoExtend as SunoExtend
    from kie_models.suno_lyrics import SunoLyrics as SunoLyrics
    from kie_models.suno_mashup import SunoMashup as SunoMashup
    from kie_models.suno_midi import SunoMidi as SunoMidi
    from kie_models.suno_music_video import SunoMusicVideo as SunoMusicVideo
    from kie_models.suno_persona import SunoPersona as SunoPersona
    from kie_models.suno_replace_section import SunoReplaceSection as SunoReplaceSection
    from kie_models.suno_sounds import SunoSounds as SunoSounds
    from kie_models.suno_style import SunoStyle as SunoStyle
    from kie_models.suno_timestamped_lyrics import SunoTimestampedLyrics as SunoTimestampedLyrics
    from kie_models.suno_upload_cover import SunoUploadCover as SunoUploadCover
    from kie_models.suno_upload_extend import SunoUploadExtend as SunoUploadExtend
    from kie_models.suno_vocal_separation import SunoVocalSeparation as SunoVocalSeparation
    from kie_models.suno_wav import SunoWav as SunoWav
    from kie_models.topaz_image_upscale import TopazImageUpscale as TopazImageUpscale
    from kie_models.topaz_video_upscale import TopazVideoUpscale as TopazVideoUpscale
    from kie_models.veo import VeoGenerate as VeoGenerate
    from kie_models.veo_3_1 import Veo31 as Veo31
    from kie_models.veo_4k import Veo4K as Veo4K
    from kie_models.veo_1080p import Veo1080p as Veo1080p
    from kie_models.veo_extend import Veo31Extend as Veo31Extend
    from kie_models.veo_extend_video import VeoExtend as VeoExtend
    from kie_models.veo_get_4k_video import VeoGet4kVideo as VeoGet4kVideo
    from kie_models.veo_get_1080p_video import VeoGet1080pVideo as VeoGet1080pVideo
    from kie_models.voice_check import VoiceCheck as VoiceCheck
    from kie_models.voice_generate import VoiceGenerate as VoiceGenerate
    from kie_models.voice_regenerate import VoiceRegenerate as VoiceRegenerate
    from kie_models.voice_validate import VoiceValidate as VoiceValidate
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
    from kie_models.wan_2_7_image import Wan27Image as Wan27Image
    from kie_models.wan_2_7_image import Wan27ImagePaletteColor as Wan27ImagePaletteColor
    from kie_models.wan_2_7_image import Wan27ImagePaletteColorDict as Wan27ImagePaletteColorDict
    from kie_models.wan_2_7_image_pro import Wan27ImagePro as Wan27ImagePro
    from kie_models.wan_2_7_image_pro import Wan27ImageProPaletteColor as Wan27ImageProPaletteColor
    from kie_models.wan_2_7_image_pro import Wan27ImageProPaletteColorDict as Wan27ImageProPaletteColorDict
    from kie_models.wan_2_7_image_to_video import Wan27ImageToVideo as Wan27ImageToVideo
    from kie_models.wan_2_7_r2v import Wan27ReferenceToVideo as Wan27ReferenceToVideo
    from kie_models.wan_2_7_text_to_video import Wan27TextToVideo as Wan27TextToVideo
    from kie_models.wan_2_7_videoedit import Wan27VideoEdit as Wan27VideoEdit
    from kie_models.wan_3_0_video import Wan30Video as Wan30Video
    from kie_models.wan_3_0_video_prime import Wan30VideoPrime as Wan30VideoPrime
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
    "AiMusicAddInstrumental": "ai_music_api_add_instrumental",
    "AiMusicAddVocals": "ai_music_api_add_vocals",
    "AiMusicBoostMusicStyle": "ai_music_api_boost_music_style",
    "AiMusicCheckVoice": "ai_music_api_check_voice",
    "AiMusicConvertToWavFormat": "ai_music_api_convert_to_wav_format",
    "AiMusicCoverGenerate": "ai_music_api_cover_generate",
    "AiMusicCreateMusicVideo": "ai_music_api_create_music_video",
    "AiMusicCreateVoice": "ai_music_api_create_voice",
    "AiMusicExtend": "ai_music_api_extend",
    "AiMusicGenerate": "ai_music_api_generate",
    "AiMusicGenerateLyrics": "ai_music_api_generate_lyrics",
    "AiMusicGenerateMidiFromAudio": "ai_music_api_generate_midi_from_audio",
    "AiMusicGeneratePersona": "ai_music_api_generate_persona",
    "AiMusicMashup": "ai_music_api_mashup",
    "AiMusicRegeneratePhrase": "ai_music_api_regenerate_phrase",
    "AiMusicReplaceSection": "ai_music_api_replace_section",
    "AiMusicSeparateVocals": "ai_music_api_separate_vocals",
    "AiMusicSounds": "ai_music_api_sounds",
    "AiMusicSunoRecoveryAudio": "ai_music_api_suno_recovery_audio",
    "AiMusicTimeStampedLyrics": "ai_music_api_timestamped_lyrics",
    "AiMusicUploadAndCoverAudio": "ai_music_api_upload_and_cover_audio",
    "AiMusicUploadAndExtendAudio": "ai_music_api_upload_and_extend_audio",
    "AiMusicValidationPhrase": "ai_music_api_validation_phrase",
    "AlephGenerate": "aleph",
    "BytedanceSeedance15Pro": "bytedance_seedance_1_5_pro",
    "BytedanceSeedance20": "bytedance_seedance_2",
    "BytedanceSeedance20Fast": "bytedance_seedance_2_fast",
    "BytedanceSeedance20Mini": "bytedance_seedance_2_mini",
    "BytedanceSeedance25": "bytedance_seedance_2_5",
    "BytedanceSeedream": "bytedance_seedream",
    "BytedanceSeedreamV4Edit": "bytedance_seedream_v4_edit",
    "BytedanceSeedreamV4TextToImage": "bytedance_seedream_v4_text_to_image",
    "BytedanceV1LiteImageToVideo": "bytedance_v1_lite_image_to_video",
    "BytedanceV1LiteTextToVideo": "bytedance_v1_lite_text_to_video",
    "BytedanceV1ProFastImageToVideo": "bytedance_v1_pro_fast_image_to_video",
    "BytedanceV1ProImageToVideo": "bytedance_v1_pro_image_to_video",
    "BytedanceV1ProTextToVideo": "bytedance_v1_pro_text_to_video",
    "ElevenlabsAudioIsolation": "elevenlabs_audio_isolation",
    "ElevenlabsSoundEffectV2": "elevenlabs_sound_effect_v2",
    "ElevenlabsSpeechToText": "elevenlabs_speech_to_text",
    "ElevenlabsTextToDialogueV3": "elevenlabs_text_to_dialogue_v3",
    "ElevenlabsTextToDialogueV3DialogueLine": "elevenlabs_text_to_dialogue_v3",
    "ElevenlabsTextToDialogueV3DialogueLineDict": "elevenlabs_text_to_dialogue_v3",
    "ElevenlabsTextToSpeechMultilingualV2": "elevenlabs_text_to_speech_multilingual_v2",
    "ElevenlabsTextToSpeechTurbo25": "elevenlabs_text_to_speech_turbo_2_5",
    "Flux1Kontext": "flux1_kontext",
    "Flux2FlexImageToImage": "flux_2_flex_image_to_image",
    "Flux2FlexTextToImage": "flux_2_flex_text_to_image",
    "Flux2ProImageToImage": "flux_2_pro_image_to_image",
    "Flux2ProTextToImage": "flux_2_pro_text_to_image",
    "FluxKontext": "flux_kontext",
    "GeminiOmniVideo": "gemini_omni_video",
    "GeminiOmniVideoVideoClip": "gemini_omni_video",
    "GeminiOmniVideoVideoClipDict": "gemini_omni_video",
    "GoogleGemini25ProTts": "google_gemini_2_5_pro_tts",
    "GoogleGemini25ProTtsDialogueTurn": "google_gemini_2_5_pro_tts",
    "GoogleGemini25ProTtsDialogueTurnDict": "google_gemini_2_5_pro_tts",
    "GoogleGemini25ProTtsSpeaker": "google_gemini_2_5_pro_tts",
    "GoogleGemini25ProTtsSpeakerDict": "google_gemini_2_5_pro_tts",
    "GoogleGemini31FlashTts": "google_gemini_3_1_flash_tts",
    "GoogleGemini31FlashTtsDialogueTurn": "google_gemini_3_1_flash_tts",
    "GoogleGemini31FlashTtsDialogueTurnDict": "google_gemini_3_1_flash_tts",
    "GoogleGemini31FlashTtsSpeaker": "google_gemini_3_1_flash_tts",
    "GoogleGemini31FlashTtsSpeakerDict": "google_gemini_3_1_flash_tts",
    "GoogleGemini38FlashLiteTts": "google_gemini_3_8_flash_lite_tts",
    "GoogleGemini38FlashLiteTtsDialogueTurn": "google_gemini_3_8_flash_lite_tts",
    "GoogleGemini38FlashLiteTtsDialogueTurnDict": "google_gemini_3_8_flash_lite_tts",
    "GoogleGemini38FlashLiteTtsSpeaker": "google_gemini_3_8_flash_lite_tts",
    "GoogleGemini38FlashLiteTtsSpeakerDict": "google_gemini_3_8_flash_lite_tts",
    "GoogleGemini38FlashTts": "google_gemini_3_8_flash_tts",
    "GoogleGemini38FlashTtsDialogueTurn": "google_gemini_3_8_flash_tts",
    "GoogleGemini38FlashTtsDialogueTurnDict": "google_gemini_3_8_flash_tts",
    "GoogleGemini38FlashTtsSpeaker": "google_gemini_3_8_flash_tts",
    "GoogleGemini38FlashTtsSpeakerDict": "google_gemini_3_8_flash_tts",
    "GoogleGeminiOmniFlash11": "google_gemini_omni_flash_1_1",
    "GoogleGeminiOmniFlash11VideoClip": "google_gemini_omni_flash_1_1",
    "GoogleGeminiOmniFlash11VideoClipDict": "google_gemini_omni_flash_1_1",
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
    "GrokImagineExtend": "grok_imagine_extend",
    "GrokImagineImage20ImageEdit": "grok_imagine_image_2_0_image_edit",
    "GrokImagineImage20SegmentEdit": "grok_imagine_image_2_0_segment_edit",
    "GrokImagineImage20SegmentMap": "grok_imagine_image_2_0_segment_map",
    "GrokImagineImage20TextToImage": "grok_imagine_image_2_0_text_to_image",
    "GrokImagineImageToImage": "grok_imagine_image_to_image",
    "GrokImagineImageToVideo": "grok_imagine_image_to_video",
    "GrokImagineTextToImage": "grok_imagine_text_to_image",
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
    "IdeogramCharacter": "ideogram_character",
    "IdeogramCharacterEdit": "ideogram_character_edit",
    "IdeogramCharacterRemix": "ideogram_character_remix",
    "IdeogramV3Edit": "ideogram_v3_edit",
    "IdeogramV3Reframe": "ideogram_v3_reframe",
    "IdeogramV3Remix": "ideogram_v3_remix",
    "IdeogramV3TextToImage": "ideogram_v3_text_to_image",
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
    "MidjourneyImageToImage": "midjourney_image_to_image",
    "MidjourneyImagine": "midjourney",
    "MidjourneyOmniReference": "midjourney_omni_reference",
    "MidjourneyStyleReference": "midjourney_style_reference",
    "MidjourneyUpscale": "midjourney_upscale",
    "MidjourneyVary": "midjourney_vary",
    "MidjourneyVideo": "midjourney_video",
    "MidjourneyVideoExtend": "midjourney_video_extend",
    "MinimaxH3ImageToVideo": "minimax_h3_image_to_video",
    "MinimaxH3ReferenceToVideo": "minimax_h3_reference_to_video",
    "MinimaxH3TextToVideo": "minimax_h3_text_to_video",
    "NanoBanana21": "nano_banana_2_1",
    "NanoBanana2Lite": "nano_banana_2_lite",
    "NanoBananaPro": "nano_banana_pro",
    "OmniAudio": "omni_audio",
    "OmniCharacter": "omni_character",
    "Omnihuman15": "omnihuman_1_5",
    "Omnihuman15HumanIdentification": "omnihuman_1_5_human_identification",
    "Omnihuman15SubjectDetection": "omnihuman_1_5_subject_detection",
    "PikaVideo": "pika_video",
    "PixverseV6Extend": "pixverse_v6_extend",
    "PixverseV6ImageToVideo": "pixverse_v6_image_to_video",
    "PixverseV6ReferenceToVideo": "pixverse_v6_reference_to_video",
    "PixverseV6ReferenceToVideoImageReference": "pixverse_v6_reference_to_video",
    "PixverseV6ReferenceToVideoImageReferenceDict": "pixverse_v6_reference_to_video",
    "PixverseV6TextToVideo": "pixverse_v6_text_to_video",
    "PixverseV6Transition": "pixverse_v6_transition",
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
    "Runway": "runway",
    "RunwayExtend": "runway_extend",
    "RunwayExtendAiVideo": "runway_extend_ai_video",
    "RunwayGen3": "runway_gen3",
    "RunwayGen4Aleph": "runway_gen4_aleph",
    "RunwayGenerate": "runway_generate",
    "Seedance15ImageToVideo": "seedance_1_5_image_to_video",
    "Seedance15Pro": "seedance_1_5_pro",
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
    "Sora2Characters": "sora_2_characters",
    "Sora2CharactersPro": "sora_2_characters_pro",
    "Sora2ImageToVideo": "sora_2_image_to_video",
    "Sora2ProImageToVideo": "sora_2_pro_image_to_video",
    "Sora2ProStoryboard": "sora_2_pro_storyboard",
    "Sora2ProStoryboardShot": "sora_2_pro_storyboard",
    "Sora2ProStoryboardShotDict": "sora_2_pro_storyboard",
    "Sora2ProTextToVideo": "sora_2_pro_text_to_video",
    "Sora2TextToVideo": "sora_2_text_to_video",
    "SoraWatermarkRemover": "sora_watermark_remover",
    "SunoAddInstrumental": "suno_add_instrumental",
    "SunoAddVocals": "suno_add_vocals",
    "SunoCoverArt": "suno_cover_art",
    "SunoExtend": "suno_extend",
    "SunoGenerate": "suno",
    "SunoLyrics": "suno_lyrics",
    "SunoMashup": "suno_mashup",
    "SunoMidi": "suno_midi",
    "SunoMusicVideo": "suno_music_video",
    "SunoPersona": "suno_persona",
    "SunoReplaceSection": "suno_replace_section",
    "SunoSounds": "suno_sounds",
    "SunoStyle": "suno_style",
    "SunoTimestampedLyrics": "suno_timestamped_lyrics",
    "SunoUploadCover": "suno_upload_cover",
    "SunoUploadExtend": "suno_upload_extend",
    "SunoVocalSeparation": "suno_vocal_separation",
    "SunoWav": "suno_wav",
    "TopazImageUpscale": "topaz_image_upscale",
    "TopazVideoUpscale": "topaz_video_upscale",
    "Veo1080p": "veo_1080p",
    "Veo31": "veo_3_1",
    "Veo31Extend": "veo_extend",
    "Veo4K": "veo_4k",
    "VeoExtend": "veo_extend_video",
    "VeoGenerate": "veo",
    "VeoGet1080pVideo": "veo_get_1080p_video",
    "VeoGet4kVideo": "veo_get_4k_video",
    "VoiceCheck": "voice_check",
    "VoiceGenerate": "voice_generate",
    "VoiceRegenerate": "voice_regenerate",
    "VoiceValidate": "voice_validate",
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
    "Wan27Image": "wan_2_7_image",
    "Wan27ImagePaletteColor": "wan_2_7_image",
    "Wan27ImagePaletteColorDict": "wan_2_7_image",
    "Wan27ImagePro": "wan_2_7_image_pro",
    "Wan27ImageProPaletteColor": "wan_2_7_image_pro",
    "Wan27ImageProPaletteColorDict": "wan_2_7_image_pro",
    "Wan27ImageToVideo": "wan_2_7_image_to_video",
    "Wan27ReferenceToVideo": "wan_2_7_r2v",
    "Wan27TextToVideo": "wan_2_7_text_to_video",
    "Wan27VideoEdit": "wan_2_7_videoedit",
    "Wan30Video": "wan_3_0_video",
    "Wan30VideoPrime": "wan_3_0_video_prime",
    "ZImage": "z_image",
}

__all__ = [
    "AiMusicAddInstrumental",
    "AiMusicAddVocals",
    "AiMusicBoostMusicStyle",
    "AiMusicCheckVoice",
    "AiMusicConvertToWavFormat",
    "AiMusicCoverGenerate",
    "AiMusicCreateMusicVideo",
    "AiMusicCreateVoice",
    "AiMusicExtend",
    "AiMusicGenerate",
    "AiMusicGenerateLyrics",
    "AiMusicGenerateMidiFromAudio",
    "AiMusicGeneratePersona",
    "AiMusicMashup",
    "AiMusicRegeneratePhrase",
    "AiMusicReplaceSection",
    "AiMusicSeparateVocals",
    "AiMusicSounds",
    "AiMusicSunoRecoveryAudio",
    "AiMusicTimeStampedLyrics",
    "AiMusicUploadAndCoverAudio",
    "AiMusicUploadAndExtendAudio",
    "AiMusicValidationPhrase",
    "AlephGenerate",
    "BytedanceSeedance15Pro",
    "BytedanceSeedance20",
    "BytedanceSeedance20Fast",
    "BytedanceSeedance20Mini",
    "BytedanceSeedance25",
    "BytedanceSeedream",
    "BytedanceSeedreamV4Edit",
    "BytedanceSeedreamV4TextToImage",
    "BytedanceV1LiteImageToVideo",
    "BytedanceV1LiteTextToVideo",
    "BytedanceV1ProFastImageToVideo",
    "BytedanceV1ProImageToVideo",
    "BytedanceV1ProTextToVideo",
    "ElevenlabsAudioIsolation",
    "ElevenlabsSoundEffectV2",
    "ElevenlabsSpeechToText",
    "ElevenlabsTextToDialogueV3",
    "ElevenlabsTextToDialogueV3DialogueLine",
    "ElevenlabsTextToDialogueV3DialogueLineDict",
    "ElevenlabsTextToSpeechMultilingualV2",
    "ElevenlabsTextToSpeechTurbo25",
    "Flux1Kontext",
    "Flux2FlexImageToImage",
    "Flux2FlexTextToImage",
    "Flux2ProImageToImage",
    "Flux2ProTextToImage",
    "FluxKontext",
    "GeminiOmniVideo",
    "GeminiOmniVideoVideoClip",
    "GeminiOmniVideoVideoClipDict",
    "GoogleGemini25ProTts",
    "GoogleGemini25ProTtsDialogueTurn",
    "GoogleGemini25ProTtsDialogueTurnDict",
    "GoogleGemini25ProTtsSpeaker",
    "GoogleGemini25ProTtsSpeakerDict",
    "GoogleGemini31FlashTts",
    "GoogleGemini31FlashTtsDialogueTurn",
    "GoogleGemini31FlashTtsDialogueTurnDict",
    "GoogleGemini31FlashTtsSpeaker",
    "GoogleGemini31FlashTtsSpeakerDict",
    "GoogleGemini38FlashLiteTts",
    "GoogleGemini38FlashLiteTtsDialogueTurn",
    "GoogleGemini38FlashLiteTtsDialogueTurnDict",
    "GoogleGemini38FlashLiteTtsSpeaker",
    "GoogleGemini38FlashLiteTtsSpeakerDict",
    "GoogleGemini38FlashTts",
    "GoogleGemini38FlashTtsDialogueTurn",
    "GoogleGemini38FlashTtsDialogueTurnDict",
    "GoogleGemini38FlashTtsSpeaker",
    "GoogleGemini38FlashTtsSpeakerDict",
    "GoogleGeminiOmniFlash11",
    "GoogleGeminiOmniFlash11VideoClip",
    "GoogleGeminiOmniFlash11VideoClipDict",
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
    "GrokImagineExtend",
    "GrokImagineImage20ImageEdit",
    "GrokImagineImage20SegmentEdit",
    "GrokImagineImage20SegmentMap",
    "GrokImagineImage20TextToImage",
    "GrokImagineImageToImage",
    "GrokImagineImageToVideo",
    "GrokImagineTextToImage",
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
    "IdeogramCharacter",
    "IdeogramCharacterEdit",
    "IdeogramCharacterRemix",
    "IdeogramV3Edit",
    "IdeogramV3Reframe",
    "IdeogramV3Remix",
    "IdeogramV3TextToImage",
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
    "MidjourneyImageToImage",
    "MidjourneyImagine",
    "MidjourneyOmniReference",
    "MidjourneyStyleReference",
    "MidjourneyUpscale",
    "MidjourneyVary",
    "MidjourneyVideo",
    "MidjourneyVideoExtend",
    "MinimaxH3ImageToVideo",
    "MinimaxH3ReferenceToVideo",
    "MinimaxH3TextToVideo",
    "NanoBanana21",
    "NanoBanana2Lite",
    "NanoBananaPro",
    "OmniAudio",
    "OmniCharacter",
    "Omnihuman15",
    "Omnihuman15HumanIdentification",
    "Omnihuman15SubjectDetection",
    "PikaVideo",
    "PixverseV6Extend",
    "PixverseV6ImageToVideo",
    "PixverseV6ReferenceToVideo",
    "PixverseV6ReferenceToVideoImageReference",
    "PixverseV6ReferenceToVideoImageReferenceDict",
    "PixverseV6TextToVideo",
    "PixverseV6Transition",
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
    "Runway",
    "RunwayExtend",
    "RunwayExtendAiVideo",
    "RunwayGen3",
    "RunwayGen4Aleph",
    "RunwayGenerate",
    "Seedance15ImageToVideo",
    "Seedance15Pro",
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
    "Sora2Characters",
    "Sora2CharactersPro",
    "Sora2ImageToVideo",
    "Sora2ProImageToVideo",
    "Sora2ProStoryboard",
    "Sora2ProStoryboardShot",
    "Sora2ProStoryboardShotDict",
    "Sora2ProTextToVideo",
    "Sora2TextToVideo",
    "SoraWatermarkRemover",
    "SunoAddInstrumental",
    "SunoAddVocals",
    "SunoCoverArt",
    "SunoExtend",
    "SunoGenerate",
    "SunoLyrics",
    "SunoMashup",
    "SunoMidi",
    "SunoMusicVideo",
    "SunoPersona",
    "SunoReplaceSection",
    "SunoSounds",
    "SunoStyle",
    "SunoTimestampedLyrics",
    "SunoUploadCover",
    "SunoUploadExtend",
    "SunoVocalSeparation",
    "SunoWav",
    "TopazImageUpscale",
    "TopazVideoUpscale",
    "Veo1080p",
    "Veo31",
    "Veo31Extend",
    "Veo4K",
    "VeoExtend",
    "VeoGenerate",
    "VeoGet1080pVideo",
    "VeoGet4kVideo",
    "VoiceCheck",
    "VoiceGenerate",
    "VoiceRegenerate",
    "VoiceValidate",
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
    "Wan27Image",
    "Wan27ImagePaletteColor",
    "Wan27ImagePaletteColorDict",
    "Wan27ImagePro",
    "Wan27ImageProPaletteColor",
    "Wan27ImageProPaletteColorDict",
    "Wan27ImageToVideo",
    "Wan27ReferenceToVideo",
    "Wan27TextToVideo",
    "Wan27VideoEdit",
    "Wan30Video",
    "Wan30VideoPrime",
    "ZImage",
]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
