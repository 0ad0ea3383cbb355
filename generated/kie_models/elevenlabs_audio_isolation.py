"""elevenlabs/audio-isolation: the request class, compiled from openapi/models/elevenlabs/audio-isolation.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request

if TYPE_CHECKING:
    from kie._core.results import AudioResult
else:
    AudioResult = later("kie._core.results", "AudioResult")


@attrs.frozen(kw_only=True, repr=False)
class ElevenlabsAudioIsolation(Request[AudioResult]):
    """ElevenLabs, for taking the voice out of a recording and leaving the noise behind.

    Model `elevenlabs/audio-isolation` by ElevenLabs: audio-isolation.
    Facts as of 2026-08-19 (docs.kie.ai/market/elevenlabs/audio-isolation.md).

    Args:
        audio_url: URL of the recording. MP3, WAV, AAC, M4A or OGG, up to 10 MB. A URL or local media.
    """

    info = ModelInfo(
        slug="elevenlabs_audio_isolation",
        package="kie_models",
        lifecycle="jobs",
        result="audio",
        captured="2026-08-19",
        model="elevenlabs/audio-isolation",
    )

    audio_url: Media
    """URL of the recording. MP3, WAV, AAC, M4A or OGG, up to 10 MB. A URL or local media."""
