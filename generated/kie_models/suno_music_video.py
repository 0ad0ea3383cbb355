"""suno/music-video: the request class, compiled from openapi/models/suno/music-video.yaml. Do not edit."""

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
class SunoMusicVideo(Request[VideoResult]):
    """A track of an earlier music task as a video that shows its cover and moves with the sound.

    Model `suno/music-video` by Suno: music-video.
    Facts as of 2026-08-19 (docs.kie.ai/suno-api/create-music-video.md).
    Superseded: it still works, and the vendor now documents `ai-music-api/create-music-video` instead.

    Args:
        task_id: The earlier music task, as its result, its handle or its id. It must have succeeded.
        audio_id: The track, as one of `result.tracks` or its id. A music task has two.
        author: Name of the artist, shown on the cover. At most 50 characters.
        domain_name: Web site or brand, shown at the bottom as a watermark. At most 50 characters.
    """

    info = ModelInfo(
        slug="suno_music_video",
        package="kie_models",
        lifecycle="suno-video",
        result="video",
        captured="2026-08-19",
        id="suno/music-video",
        operation="generateMusicVideo",
        status="superseded",
        successors=("ai-music-api/create-music-video",),
    )

    task_id: TaskReference = attrs.field(metadata={"wire": "taskId"})
    """The earlier music task, as its result, its handle or its id. It must have succeeded."""
    audio_id: TaskReference = attrs.field(metadata={"wire": "audioId"})
    """The track, as one of `result.tracks` or its id. A music task has two."""
    author: str | None = None
    """Name of the artist, shown on the cover. At most 50 characters."""
    domain_name: str | None = attrs.field(default=None, metadata={"wire": "domainName"})
    """Web site or brand, shown at the bottom as a watermark. At most 50 characters."""
