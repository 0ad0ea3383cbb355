"""voice/validate: the request class, compiled from openapi/models/voice/validate.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

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
class VoiceValidate(Request[VoiceResult]):
    """The first step to a voice of your own for Suno: send a recording, get a phrase (`result.phrase`, after about 20
    seconds). Have the same person sing it, record that, and pass both to `VoiceGenerate`.

    Model `voice/validate` by Suno: voice-clone.
    Facts as of 2026-08-19 (docs.kie.ai/suno-api/suno-voice-validate.md).
    Superseded: it still works, and the vendor now documents `ai-music-api/validation-phrase` instead.

    Args:
        voice_url: Recording of the voice. A URL or local media.
        vocal_start_s: Where the singing begins in the recording, in whole seconds. At least 0.
        vocal_end_s: Where it ends, in whole seconds; after `vocal_start_s`. At least 1.
        language: Language of the phrase to sing, en English, zh Chinese, es Spanish, fr French, pt Portuguese,
            de German, ja Japanese, ko Korean, hi Hindi, ru Russian. The service chooses if absent.

    Rules:
        `vocal_end_s` must be after `vocal_start_s`.
    """

    info = ModelInfo(
        slug="voice_validate",
        package="kie_models",
        lifecycle="voice-validate",
        result="voice",
        captured="2026-08-19",
        id="voice/validate",
        operation="validateVoice",
        status="superseded",
        successors=("ai-music-api/validation-phrase",),
        typical_seconds=(20, None, 1),
    )

    voice_url: Media = attrs.field(metadata={"wire": "voiceUrl"})
    """Recording of the voice. A URL or local media."""
    vocal_start_s: int = attrs.field(metadata={"wire": "vocalStartS"})
    """Where the singing begins in the recording, in whole seconds. At least 0."""
    vocal_end_s: int = attrs.field(metadata={"wire": "vocalEndS"})
    """Where it ends, in whole seconds; after `vocal_start_s`. At least 1."""
    language: Literal["en", "zh", "es", "fr", "pt", "de", "ja", "ko", "hi", "ru"] | None = None
    """Language of the phrase to sing, en English, zh Chinese, es Spanish, fr French, pt Portuguese, de German, ja
    Japanese, ko Korean, hi Hindi, ru Russian. The service chooses if absent."""

    if TYPE_CHECKING:
        Language = Literal["en", "zh", "es", "fr", "pt", "de", "ja", "ko", "hi", "ru"]
