"""Request classes of the models that give speech and sounds, imported when first asked for. Compiled; do not edit."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kie_models.ai_music_api_check_voice import AiMusicCheckVoice as AiMusicCheckVoice
    from kie_models.ai_music_api_convert_to_wav_format import AiMusicConvertToWavFormat as AiMusicConvertToWavFormat
    from kie_models.ai_music_api_create_voice import AiMusicCreateVoice as AiMusicCreateVoice
    from kie_models.ai_music_api_regenerate_phrase import AiMusicRegeneratePhrase as AiMusicRegeneratePhrase
    from kie_models.ai_music_api_validation_phrase import AiMusicValidationPhrase as AiMusicValidationPhrase
    from kie_models.elevenlabs_audio_isolation import ElevenlabsAudioIsolation as ElevenlabsAudioIsolation
    from kie_models.elevenlabs_sound_effect_v2 import ElevenlabsSoundEffectV2 as ElevenlabsSoundEffectV2
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
    from kie_models.omni_audio import OmniAudio as OmniAudio
    from kie_models.suno_wav import SunoWav as SunoWav
    from kie_models.voice_check import VoiceCheck as VoiceCheck
    from kie_models.voice_generate import VoiceGenerate as VoiceGenerate
    from kie_models.voice_regenerate import VoiceRegenerate as VoiceRegenerate
    from kie_models.voice_validate import VoiceValidate as VoiceValidate
else:

    def __getattr__(name):
        module = _MODULES.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"kie_models.{module}"), name)
        globals()[name] = value
        return value


_MODULES: dict[str, str] = {
    "AiMusicCheckVoice": "ai_music_api_check_voice",
    "AiMusicConvertToWavFormat": "ai_music_api_convert_to_wav_format",
    "AiMusicCreateVoice": "ai_music_api_create_voice",
    "AiMusicRegeneratePhrase": "ai_music_api_regenerate_phrase",
    "AiMusicValidationPhrase": "ai_music_api_validation_phrase",
    "ElevenlabsAudioIsolation": "elevenlabs_audio_isolation",
    "ElevenlabsSoundEffectV2": "elevenlabs_sound_effect_v2",
    "ElevenlabsTextToDialogueV3": "elevenlabs_text_to_dialogue_v3",
    "ElevenlabsTextToDialogueV3DialogueLine": "elevenlabs_text_to_dialogue_v3",
    "ElevenlabsTextToDialogueV3DialogueLineDict": "elevenlabs_text_to_dialogue_v3",
    "ElevenlabsTextToSpeechMultilingualV2": "elevenlabs_text_to_speech_multilingual_v2",
    "ElevenlabsTextToSpeechTurbo25": "elevenlabs_text_to_speech_turbo_2_5",
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
    "OmniAudio": "omni_audio",
    "SunoWav": "suno_wav",
    "VoiceCheck": "voice_check",
    "VoiceGenerate": "voice_generate",
    "VoiceRegenerate": "voice_regenerate",
    "VoiceValidate": "voice_validate",
}

__all__ = [
    "AiMusicCheckVoice",
    "AiMusicConvertToWavFormat",
    "AiMusicCreateVoice",
    "AiMusicRegeneratePhrase",
    "AiMusicValidationPhrase",
    "ElevenlabsAudioIsolation",
    "ElevenlabsSoundEffectV2",
    "ElevenlabsTextToDialogueV3",
    "ElevenlabsTextToDialogueV3DialogueLine",
    "ElevenlabsTextToDialogueV3DialogueLineDict",
    "ElevenlabsTextToSpeechMultilingualV2",
    "ElevenlabsTextToSpeechTurbo25",
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
    "OmniAudio",
    "SunoWav",
    "VoiceCheck",
    "VoiceGenerate",
    "VoiceRegenerate",
    "VoiceValidate",
]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
