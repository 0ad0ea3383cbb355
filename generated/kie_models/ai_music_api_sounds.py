"""ai-music-api/sounds: the request class, compiled from openapi/models/ai-music-api/sounds.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Request

if TYPE_CHECKING:
    from kie._core.music import MusicResult
else:
    MusicResult = later("kie._core.music", "MusicResult")


@attrs.frozen(kw_only=True, repr=False)
class AiMusicSounds(Request[MusicResult]):
    """Suno, for sounds and loops from a description.

    Model `ai-music-api/sounds` by Suno: sound-effect.
    Facts as of 2026-10-01 (docs.kie.ai (ai-music-api/sounds)).

    Args:
        prompt: The sound in words. 1 to 500 characters.
        model: Version of Suno. `V6` and its variants are the newest.
        sound_loop: Whether the sound repeats without a seam. Default: false.
        sound_tempo: Tempo in beats per minute. The service chooses if absent. 1 to 300.
        sound_key: Key; `m` means minor. The service takes any key if absent.
        grab_lyrics: Whether the service also finds out the words and when they are sung. Default: false.
    """

    info = ModelInfo(
        slug="ai_music_api_sounds",
        package="kie_models",
        lifecycle="jobs",
        result="music",
        captured="2026-10-01",
        model="ai-music-api/sounds",
        typical_seconds=(19, None, 1),
    )

    prompt: str
    """The sound in words. 1 to 500 characters."""
    model: Literal["V5", "V5_5", "V6", "V6_WILD", "V6_MINI"]
    """Version of Suno. `V6` and its variants are the newest."""
    sound_loop: bool | None = False
    """Whether the sound repeats without a seam. Default: false."""
    sound_tempo: int | None = None
    """Tempo in beats per minute. The service chooses if absent. 1 to 300."""
    sound_key: (
        Literal[
            "Any",
            "Cm",
            "C#m",
            "Dm",
            "D#m",
            "Em",
            "Fm",
            "F#m",
            "Gm",
            "G#m",
            "Am",
            "A#m",
            "Bm",
            "C",
            "C#",
            "D",
            "D#",
            "E",
            "F",
            "F#",
            "G",
            "G#",
            "A",
            "A#",
            "B",
        ]
        | None
    ) = None
    """Key; `m` means minor. The service takes any key if absent."""
    grab_lyrics: bool | None = False
    """Whether the service also finds out the words and when they are sung. Default: false."""

    if TYPE_CHECKING:
        Model = Literal["V5", "V5_5", "V6", "V6_WILD", "V6_MINI"]
        SoundKey = Literal[
            "Any",
            "Cm",
            "C#m",
            "Dm",
            "D#m",
            "Em",
            "Fm",
            "F#m",
            "Gm",
            "G#m",
            "Am",
            "A#m",
            "Bm",
            "C",
            "C#",
            "D",
            "D#",
            "E",
            "F",
            "F#",
            "G",
            "G#",
            "A",
            "A#",
            "B",
        ]
