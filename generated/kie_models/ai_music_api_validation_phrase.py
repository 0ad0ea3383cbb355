"""ai-music-api/validation-phrase: the request class, compiled from openapi/models/ai-music-api/validation-phrase.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request

if TYPE_CHECKING:
    from kie._core.voices import VoiceResult
else:
    VoiceResult = later("kie._core.voices", "VoiceResult")


@attrs.frozen(kw_only=True, repr=False)
class AiMusicValidationPhrase(Request[VoiceResult]):
    """The first step to a voice of your own for Suno: send a recording, get a phrase (`result.phrase`). Have the same
    person sing it, record that, and pass both to `AiMusicCreateVoice`.

    Model `ai-music-api/validation-phrase` by Suno: voice-clone.
    Facts as of 2026-10-01 (docs.kie.ai (ai-music-api/validation-phrase)).

    Args:
        voice_url: Recording of the voice. A URL or local media.
        vocal_start_s: Where the singing begins in the recording, in whole seconds. At least 0.
        vocal_end_s: Where it ends, in whole seconds; after `vocal_start_s`. At least 1.
        language: Language of the phrase to sing, as a code such as `en`, `zh` or `de`. The service chooses if
            absent.

    Rules:
        `vocal_end_s` must be after `vocal_start_s`.
    """

    info = ModelInfo(
        slug="ai_music_api_validation_phrase",
        package="kie_models",
        lifecycle="jobs",
        result="voice",
        captured="2026-10-01",
        model="ai-music-api/validation-phrase",
    )

    voice_url: Media
    """Recording of the voice. A URL or local media."""
    vocal_start_s: int
    """Where the singing begins in the recording, in whole seconds. At least 0."""
    vocal_end_s: int
    """Where it ends, in whole seconds; after `vocal_start_s`. At least 1."""
    language: str | None = None
    """Language of the phrase to sing, as a code such as `en`, `zh` or `de`. The service chooses if absent."""
