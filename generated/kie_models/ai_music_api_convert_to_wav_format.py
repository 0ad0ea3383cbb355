"""ai-music-api/convert-to-wav-format: the request class, compiled from openapi/models/ai-music-api/convert-to-wav-format.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.tasks import TaskReference

if TYPE_CHECKING:
    from kie._core.results import AudioResult
else:
    AudioResult = later("kie._core.results", "AudioResult")


@attrs.frozen(kw_only=True, repr=False)
class AiMusicConvertToWavFormat(Request[AudioResult]):
    """A track of an earlier music task as a WAV file.

    Model `ai-music-api/convert-to-wav-format` by Suno: audio-convert.
    Facts as of 2026-10-01 (docs.kie.ai (ai-music-api/convert-to-wav-format)).

    Args:
        task_id: The earlier music task, as its result, its handle or its id. It must have succeeded.
        audio_id: The track, as one of `result.tracks` or its id. A music task has two.
    """

    info = ModelInfo(
        slug="ai_music_api_convert_to_wav_format",
        package="kie_models",
        lifecycle="jobs",
        result="audio",
        captured="2026-10-01",
        model="ai-music-api/convert-to-wav-format",
    )

    task_id: TaskReference
    """The earlier music task, as its result, its handle or its id. It must have succeeded."""
    audio_id: TaskReference
    """The track, as one of `result.tracks` or its id. A music task has two."""
