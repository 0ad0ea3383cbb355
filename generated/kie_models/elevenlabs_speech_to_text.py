"""elevenlabs/speech-to-text: the request class, compiled from openapi/models/elevenlabs/speech-to-text.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request

if TYPE_CHECKING:
    from kie._core.results import JsonResult
else:
    JsonResult = later("kie._core.results", "JsonResult")


@attrs.frozen(kw_only=True, repr=False)
class ElevenlabsSpeechToText(Request[JsonResult]):
    """ElevenLabs, for writing down what is said in a recording. The vendor no longer documents it. The transcript is
    JSON, not a file.

    Model `elevenlabs/speech-to-text` by ElevenLabs: speech-to-text.
    Facts as of 2025-12-12 (docs.kie.ai/market/elevenlabs/speech-to-text).

    Args:
        audio_url: URL of the recording. MP3, WAV, AAC, M4A, MP4 or OGG, up to 200 MB. A URL or local media.
        language_code: Language that is spoken, as a code such as `en`. The service detects it if absent or
            empty. At most 500 characters.
        tag_audio_events: Whether sounds such as laughter and applause are noted in the transcript. Default:
            true.
        diarize: Whether the transcript tells the speakers apart. Default: true.
    """

    info = ModelInfo(
        slug="elevenlabs_speech_to_text",
        package="kie_models",
        lifecycle="jobs",
        result="json",
        captured="2025-12-12",
        model="elevenlabs/speech-to-text",
        status="undocumented",
    )

    audio_url: Media
    """URL of the recording. MP3, WAV, AAC, M4A, MP4 or OGG, up to 200 MB. A URL or local media."""
    language_code: str | None = None
    """Language that is spoken, as a code such as `en`. The service detects it if absent or empty. At most 500
    characters."""
    tag_audio_events: bool | None = True
    """Whether sounds such as laughter and applause are noted in the transcript. Default: true."""
    diarize: bool | None = True
    """Whether the transcript tells the speakers apart. Default: true."""
