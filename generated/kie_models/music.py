"""Request classes of the models that give music, imported when first asked for. Compiled; do not edit."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kie_models.ai_music_api_add_instrumental import AiMusicAddInstrumental as AiMusicAddInstrumental
    from kie_models.ai_music_api_add_vocals import AiMusicAddVocals as AiMusicAddVocals
    from kie_models.ai_music_api_boost_music_style import AiMusicBoostMusicStyle as AiMusicBoostMusicStyle
    from kie_models.ai_music_api_extend import AiMusicExtend as AiMusicExtend
    from kie_models.ai_music_api_generate import AiMusicGenerate as AiMusicGenerate
    from kie_models.ai_music_api_generate_lyrics import AiMusicGenerateLyrics as AiMusicGenerateLyrics
    from kie_models.ai_music_api_generate_midi_from_audio import (
        AiMusicGenerateMidiFromAudio as AiMusicGenerateMidiFromAudio,
    )
    from kie_models.ai_music_api_generate_persona import AiMusicGeneratePersona as AiMusicGeneratePersona
    from kie_models.ai_music_api_mashup import AiMusicMashup as AiMusicMashup
    from kie_models.ai_music_api_replace_section import AiMusicReplaceSection as AiMusicReplaceSection
    from kie_models.ai_music_api_separate_vocals import AiMusicSeparateVocals as AiMusicSeparateVocals
    from kie_models.ai_music_api_sounds import AiMusicSounds as AiMusicSounds
    from kie_models.ai_music_api_suno_recovery_audio import AiMusicSunoRecoveryAudio as AiMusicSunoRecoveryAudio
    from kie_models.ai_music_api_timestamped_lyrics import AiMusicTimeStampedLyrics as AiMusicTimeStampedLyrics
    from kie_models.ai_music_api_upload_and_cover_audio import AiMusicUploadAndCoverAudio as AiMusicUploadAndCoverAudio
    from kie_models.ai_music_api_upload_and_extend_audio import (
        AiMusicUploadAndExtendAudio as AiMusicUploadAndExtendAudio,
    )
    from kie_models.suno import SunoGenerate as SunoGenerate
    from kie_models.suno_add_instrumental import SunoAddInstrumental as SunoAddInstrumental
    from kie_models.suno_add_vocals import SunoAddVocals as SunoAddVocals
    from kie_models.suno_extend import SunoExtend as SunoExtend
    from kie_models.suno_lyrics import SunoLyrics as SunoLyrics
    from kie_models.suno_mashup import SunoMashup as SunoMashup
    from kie_models.suno_midi import SunoMidi as SunoMidi
    from kie_models.suno_persona import SunoPersona as SunoPersona
    from kie_models.suno_replace_section import SunoReplaceSection as SunoReplaceSection
    from kie_models.suno_sounds import SunoSounds as SunoSounds
    from kie_models.suno_style import SunoStyle as SunoStyle
    from kie_models.suno_timestamped_lyrics import SunoTimestampedLyrics as SunoTimestampedLyrics
    from kie_models.suno_upload_cover import SunoUploadCover as SunoUploadCover
    from kie_models.suno_upload_extend import SunoUploadExtend as SunoUploadExtend
    from kie_models.suno_vocal_separation import SunoVocalSeparation as SunoVocalSeparation
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
    "AiMusicExtend": "ai_music_api_extend",
    "AiMusicGenerate": "ai_music_api_generate",
    "AiMusicGenerateLyrics": "ai_music_api_generate_lyrics",
    "AiMusicGenerateMidiFromAudio": "ai_music_api_generate_midi_from_audio",
    "AiMusicGeneratePersona": "ai_music_api_generate_persona",
    "AiMusicMashup": "ai_music_api_mashup",
    "AiMusicReplaceSection": "ai_music_api_replace_section",
    "AiMusicSeparateVocals": "ai_music_api_separate_vocals",
    "AiMusicSounds": "ai_music_api_sounds",
    "AiMusicSunoRecoveryAudio": "ai_music_api_suno_recovery_audio",
    "AiMusicTimeStampedLyrics": "ai_music_api_timestamped_lyrics",
    "AiMusicUploadAndCoverAudio": "ai_music_api_upload_and_cover_audio",
    "AiMusicUploadAndExtendAudio": "ai_music_api_upload_and_extend_audio",
    "SunoAddInstrumental": "suno_add_instrumental",
    "SunoAddVocals": "suno_add_vocals",
    "SunoExtend": "suno_extend",
    "SunoGenerate": "suno",
    "SunoLyrics": "suno_lyrics",
    "SunoMashup": "suno_mashup",
    "SunoMidi": "suno_midi",
    "SunoPersona": "suno_persona",
    "SunoReplaceSection": "suno_replace_section",
    "SunoSounds": "suno_sounds",
    "SunoStyle": "suno_style",
    "SunoTimestampedLyrics": "suno_timestamped_lyrics",
    "SunoUploadCover": "suno_upload_cover",
    "SunoUploadExtend": "suno_upload_extend",
    "SunoVocalSeparation": "suno_vocal_separation",
}

__all__ = [
    "AiMusicAddInstrumental",
    "AiMusicAddVocals",
    "AiMusicBoostMusicStyle",
    "AiMusicExtend",
    "AiMusicGenerate",
    "AiMusicGenerateLyrics",
    "AiMusicGenerateMidiFromAudio",
    "AiMusicGeneratePersona",
    "AiMusicMashup",
    "AiMusicReplaceSection",
    "AiMusicSeparateVocals",
    "AiMusicSounds",
    "AiMusicSunoRecoveryAudio",
    "AiMusicTimeStampedLyrics",
    "AiMusicUploadAndCoverAudio",
    "AiMusicUploadAndExtendAudio",
    "SunoAddInstrumental",
    "SunoAddVocals",
    "SunoExtend",
    "SunoGenerate",
    "SunoLyrics",
    "SunoMashup",
    "SunoMidi",
    "SunoPersona",
    "SunoReplaceSection",
    "SunoSounds",
    "SunoStyle",
    "SunoTimestampedLyrics",
    "SunoUploadCover",
    "SunoUploadExtend",
    "SunoVocalSeparation",
]


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
