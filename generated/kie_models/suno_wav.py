"""suno/wav: the request class, compiled from openapi/models/suno/wav.yaml. Do not edit."""

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
class SunoWav(Request[AudioResult]):
    """A track of an earlier music task as a WAV file. Once for each track; a second request is refused with code 409.

    Model `suno/wav` by Suno: audio-convert.
    Facts as of 2026-08-19 (docs.kie.ai/suno-api/convert-to-wav.md).
    Superseded: it still works, and the vendor now documents `ai-music-api/convert-to-wav-format` instead.

    Args:
        task_id: The earlier music task, as its result, its handle or its id. It must have succeeded.
        audio_id: The track, as one of `result.tracks` or its id. A music task has two.
    """

    info = ModelInfo(
        slug="suno_wav",
        package="kie_models",
        lifecycle="suno-wav",
        result="audio",
        captured="2026-08-19",
        id="suno/wav",
        operation="convertToWav",
        status="superseded",
        successors=("ai-music-api/convert-to-wav-format",),
    )

    task_id: TaskReference = attrs.field(metadata={"wire": "taskId"})
    """The earlier music task, as its result, its handle or its id. It must have succeeded."""
    audio_id: TaskReference = attrs.field(metadata={"wire": "audioId"})
    """The track, as one of `result.tracks` or its id. A music task has two."""
