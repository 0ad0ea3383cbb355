"""suno/sounds: the request class, compiled from openapi/models/suno/sounds.yaml. Do not edit."""

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
class SunoSounds(Request[MusicResult]):
    """Suno, for sounds and loops from a description.

    Model `suno/sounds` by Suno: sound-effect.
    Facts as of 2026-08-19 (docs.kie.ai/suno-api/generate-sounds.md).
    Superseded: it still works, and the vendor now documents `ai-music-api/sounds` instead.

    Args:
        prompt: The sound in words. 1 to 500 characters.
        model: Version of Suno. `V5_5` is the newer one.
        sound_loop: Whether the sound repeats without a seam. Default: false.
        sound_tempo: Tempo in beats per minute. The service chooses if absent. 1 to 300.
        sound_key: Key; `m` means minor. The service takes any key if absent.
        grab_lyrics: Whether the service also finds out the words and when they are sung. Default: false.
    """

    info = ModelInfo(
        slug="suno_sounds",
        package="kie_models",
        lifecycle="suno",
        result="music",
        captured="2026-08-19",
        id="suno/sounds",
        operation="generateSounds",
        status="superseded",
        successors=("ai-music-api/sounds",),
    )

    prompt: str
    """The sound in words. 1 to 500 characters."""
    model: Literal["V5", "V5_5"]
    """Version of Suno. `V5_5` is the newer one."""
    sound_loop: bool | None = attrs.field(default=False, metadata={"wire": "soundLoop"})
    """Whether the sound repeats without a seam. Default: false."""
    sound_tempo: int | None = attrs.field(default=None, metadata={"wire": "soundTempo"})
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
    ) = attrs.field(default=None, metadata={"wire": "soundKey"})
    """Key; `m` means minor. The service takes any key if absent."""
    grab_lyrics: bool | None = attrs.field(default=False, metadata={"wire": "grabLyrics"})
    """Whether the service also finds out the words and when they are sung. Default: false."""

    if TYPE_CHECKING:
        Model = Literal["V5", "V5_5"]
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
