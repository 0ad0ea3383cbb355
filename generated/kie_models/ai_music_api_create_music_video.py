"""ai-music-api/create-music-video: the request class, compiled from openapi/models/ai-music-api/create-music-video.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.tasks import TaskReference

if TYPE_CHECKING:
    from kie._core.results import VideoResult
else:
    VideoResult = later("kie._core.results", "VideoResult")


@attrs.frozen(kw_only=True, repr=False)
class AiMusicCreateMusicVideo(Request[VideoResult]):
    """A track of an earlier music task as a video that shows its cover and moves with the sound.

    Model `ai-music-api/create-music-video` by Suno: music-video.
    Facts as of 2026-10-01 (docs.kie.ai (ai-music-api/create-music-video)).

    Args:
        task_id: The earlier music task, as its result, its handle or its id. It must have succeeded.
        audio_id: The track, as one of `result.tracks` or its id. A music task has two.
        author: Name of the artist, shown on the cover. At most 50 characters.
        domain_name: Web site or brand, shown at the bottom as a watermark. At most 50 characters.
    """

    info = ModelInfo(
        slug="ai_music_api_create_music_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-10-01",
        model="ai-music-api/create-music-video",
    )

    task_id: TaskReference
    """The earlier music task, as its result, its handle or its id. It must have succeeded."""
    audio_id: TaskReference
    """The track, as one of `result.tracks` or its id. A music task has two."""
    author: str | None = None
    """Name of the artist, shown on the cover. At most 50 characters."""
    domain_name: str | None = None
    """Web site or brand, shown at the bottom as a watermark. At most 50 characters."""
