"""suno/timestamped-lyrics: the request class, compiled from openapi/models/suno/timestamped-lyrics.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.tasks import TaskReference

if TYPE_CHECKING:
    from kie._core.music import TimestampsResult
else:
    TimestampsResult = later("kie._core.music", "TimestampsResult")


@attrs.frozen(kw_only=True, repr=False)
class SunoTimestampedLyrics(Request[TimestampsResult]):
    """When each word of a track is sung, for subtitles and karaoke. It answers at once and is charged.

    Model `suno/timestamped-lyrics` by Suno: timestamped-lyrics.
    Facts as of 2026-08-19 (docs.kie.ai/suno-api/get-timestamped-lyrics.md).
    Superseded: it still works, and the vendor now documents `ai-music-api/timeStamped-lyrics` instead.

    Args:
        task_id: The earlier music task, as its result, its handle or its id. It must have succeeded.
        audio_id: The track, as one of `result.tracks` or its id. A music task has two.
    """

    info = ModelInfo(
        slug="suno_timestamped_lyrics",
        package="kie_models",
        lifecycle="suno-timestamps",
        result="timestamps",
        captured="2026-08-19",
        id="suno/timestamped-lyrics",
        operation="getTimestampedLyrics",
        status="superseded",
        successors=("ai-music-api/timeStamped-lyrics",),
    )

    task_id: TaskReference = attrs.field(metadata={"wire": "taskId"})
    """The earlier music task, as its result, its handle or its id. It must have succeeded."""
    audio_id: TaskReference = attrs.field(metadata={"wire": "audioId"})
    """The track, as one of `result.tracks` or its id. A music task has two."""
