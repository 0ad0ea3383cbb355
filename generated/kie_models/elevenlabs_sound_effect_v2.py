"""elevenlabs/sound-effect-v2: the request class, compiled from openapi/models/elevenlabs/sound-effect-v2.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Request

if TYPE_CHECKING:
    from kie._core.results import AudioResult
else:
    AudioResult = later("kie._core.results", "AudioResult")


@attrs.frozen(kw_only=True, repr=False)
class ElevenlabsSoundEffectV2(Request[AudioResult]):
    """ElevenLabs Sound Effect V2, for sound effects from a text. The vendor sells it but no longer documents it.

    Model `elevenlabs/sound-effect-v2` by ElevenLabs: sound-effect.
    Facts as of 2025-12-12 (docs.kie.ai/market/elevenlabs/sound-effect-v2).

    Args:
        text: The sound to make. 1 to 5,000 characters.
        loop: Whether the end joins the beginning, so that the sound can be repeated without a gap. Default:
            false.
        duration_seconds: Length of the sound in seconds. The service picks one if absent. 0.5 to 22.
        prompt_influence: How closely the sound follows the text. Low values leave it free. 0 to 1. Default:
            0.3.
        output_format: Codec, sample rate in hertz and, where it has one, bit rate in kbit/s of the recording.
            Default: "mp3_44100_128".
    """

    info = ModelInfo(
        slug="elevenlabs_sound_effect_v2",
        package="kie_models",
        lifecycle="jobs",
        result="audio",
        captured="2025-12-12",
        model="elevenlabs/sound-effect-v2",
        status="undocumented",
    )

    text: str
    """The sound to make. 1 to 5,000 characters."""
    loop: bool | None = False
    """Whether the end joins the beginning, so that the sound can be repeated without a gap. Default: false."""
    duration_seconds: float | None = None
    """Length of the sound in seconds. The service picks one if absent. 0.5 to 22."""
    prompt_influence: float | None = 0.3
    """How closely the sound follows the text. Low values leave it free. 0 to 1. Default: 0.3."""
    output_format: (
        Literal[
            "mp3_22050_32",
            "mp3_44100_32",
            "mp3_44100_64",
            "mp3_44100_96",
            "mp3_44100_128",
            "mp3_44100_192",
            "pcm_8000",
            "pcm_16000",
            "pcm_22050",
            "pcm_24000",
            "pcm_44100",
            "pcm_48000",
            "ulaw_8000",
            "alaw_8000",
            "opus_48000_32",
            "opus_48000_64",
            "opus_48000_96",
            "opus_48000_128",
            "opus_48000_192",
        ]
        | None
    ) = "mp3_44100_128"
    """Codec, sample rate in hertz and, where it has one, bit rate in kbit/s of the recording. Default:
    "mp3_44100_128"."""

    if TYPE_CHECKING:
        OutputFormat = Literal[
            "mp3_22050_32",
            "mp3_44100_32",
            "mp3_44100_64",
            "mp3_44100_96",
            "mp3_44100_128",
            "mp3_44100_192",
            "pcm_8000",
            "pcm_16000",
            "pcm_22050",
            "pcm_24000",
            "pcm_44100",
            "pcm_48000",
            "ulaw_8000",
            "alaw_8000",
            "opus_48000_32",
            "opus_48000_64",
            "opus_48000_96",
            "opus_48000_128",
            "opus_48000_192",
        ]
