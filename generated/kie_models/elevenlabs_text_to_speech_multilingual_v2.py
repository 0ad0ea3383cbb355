"""elevenlabs/text-to-speech-multilingual-v2: the request class, compiled from openapi/models/elevenlabs/text-to-speech-multilingual-v2.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Request

if TYPE_CHECKING:
    from kie._core.results import AudioResult
else:
    AudioResult = later("kie._core.results", "AudioResult")


@attrs.frozen(kw_only=True, repr=False)
class ElevenlabsTextToSpeechMultilingualV2(Request[AudioResult]):
    """ElevenLabs Multilingual v2, for reading a text aloud in the language it is written in.

    Model `elevenlabs/text-to-speech-multilingual-v2` by ElevenLabs: text-to-speech.
    Facts as of 2026-08-19 (docs.kie.ai/market/elevenlabs/text-to-speech-multilingual-v2.md).

    Args:
        text: What is said. 1 to 5,000 characters.
        voice: Who says it, as the name of a preset voice (`Adam`, `Rachel`) or as a voice id
            (`N2lVS1w4EtoT3dr4eOWO`). A sample of an id can be heard at
            `https://static.aiquickdraw.com/elevenlabs/voice/<voice id>.mp3`. Default: "EkK5I93UQWFDigLMpZcX".
        stability: How evenly the voice speaks. Low values vary it, high ones keep it steady. 0 to 1. Default:
            0.5.
        similarity_boost: How closely the result keeps to the original voice. 0 to 1. Default: 0.75.
        style: How much the manner of the voice is exaggerated. `0` is not at all. 0 to 1. Default: 0.
        speed: Pace. Low values are slow, high ones fast; `1` is the natural one. The ends of the range may
            sound worse. 0.7 to 1.2. Default: 1.
        timestamps: Whether the time of every word comes back too.
        previous_text: What is said just before. It is not spoken; it makes recordings in sequence fit together.
            May be empty. At most 5,000 characters.
        next_text: What is said just after. It is not spoken; it makes recordings in sequence fit together. May
            be empty. At most 5,000 characters.
        language_code: Language to speak, as an ISO 639-1 code. Leave it out: the vendor says that only the
            Turbo and Flash v2.5 models take one and others fail. At most 500 characters.

    Advice (a warning, never a refusal):
        Was refused here, one program reports; the model finds the language itself.
    """

    info = ModelInfo(
        slug="elevenlabs_text_to_speech_multilingual_v2",
        package="kie_models",
        lifecycle="jobs",
        result="audio",
        captured="2026-08-19",
        model="elevenlabs/text-to-speech-multilingual-v2",
    )

    text: str
    """What is said. 1 to 5,000 characters."""
    voice: str | None = "EkK5I93UQWFDigLMpZcX"
    """Who says it, as the name of a preset voice (`Adam`, `Rachel`) or as a voice id (`N2lVS1w4EtoT3dr4eOWO`). A
    sample of an id can be heard at `https://static.aiquickdraw.com/elevenlabs/voice/<voice id>.mp3`. Default:
    "EkK5I93UQWFDigLMpZcX"."""
    stability: float | None = 0.5
    """How evenly the voice speaks. Low values vary it, high ones keep it steady. 0 to 1. Default: 0.5."""
    similarity_boost: float | None = 0.75
    """How closely the result keeps to the original voice. 0 to 1. Default: 0.75."""
    style: float | None = 0
    """How much the manner of the voice is exaggerated. `0` is not at all. 0 to 1. Default: 0."""
    speed: float | None = 1
    """Pace. Low values are slow, high ones fast; `1` is the natural one. The ends of the range may sound worse. 0.7 to
    1.2. Default: 1."""
    timestamps: bool | None = None
    """Whether the time of every word comes back too."""
    previous_text: str | None = None
    """What is said just before. It is not spoken; it makes recordings in sequence fit together. May be empty. At most
    5,000 characters."""
    next_text: str | None = None
    """What is said just after. It is not spoken; it makes recordings in sequence fit together. May be empty. At most
    5,000 characters."""
    language_code: str | None = None
    """Language to speak, as an ISO 639-1 code. Leave it out: the vendor says that only the Turbo and Flash v2.5 models
    take one and others fail. At most 500 characters."""
