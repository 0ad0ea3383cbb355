"""ai-music-api/timeStamped-lyrics: the request class, compiled from openapi/models/ai-music-api/timeStamped-lyrics.yaml. Do not edit."""

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
class AiMusicTimeStampedLyrics(Request[TimestampsResult]):
    """When each word of a track is sung, for subtitles and karaoke. It is charged.

    Model `ai-music-api/timeStamped-lyrics` by Suno: timestamped-lyrics.
    Facts as of 2026-10-01 (docs.kie.ai (ai-music-api/timeStamped-lyrics)).

    Args:
        task_id: The earlier music task, as its result, its handle or its id. It must have succeeded.
        audio_id: The track, as one of `result.tracks` or its id. A music task has two.
    """

    info = ModelInfo(
        slug="ai_music_api_timestamped_lyrics",
        package="kie_models",
        lifecycle="jobs",
        result="timestamps",
        captured="2026-10-01",
        model="ai-music-api/timeStamped-lyrics",
    )

    task_id: TaskReference
    """The earlier music task, as its result, its handle or its id. It must have succeeded."""
    audio_id: TaskReference
    """The track, as one of `result.tracks` or its id. A music task has two."""
