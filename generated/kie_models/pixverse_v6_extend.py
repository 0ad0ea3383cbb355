"""pixverse-v6/extend: the request class, compiled from openapi/models/pixverse-v6/extend.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.tasks import TaskReference

if TYPE_CHECKING:
    from kie._core.results import VideoResult
else:
    VideoResult = later("kie._core.results", "VideoResult")


@attrs.frozen(kw_only=True, repr=False)
class PixverseV6Extend(Request[VideoResult]):
    """PixVerse V6, for continuing a video, either one of an earlier task or one at a URL.

    Model `pixverse-v6/extend` by PixVerse: video-extend.
    Facts as of 2026-08-19 (docs.kie.ai/market/pixverse/extend.md).

    Args:
        prompt: How the video goes on. 3 to 5,000 characters.
        duration: Length of the new video in seconds. 1 to 15.
        quality: Size of the video.
        generate_audio_switch: Whether the video has sound that fits the picture.
        seed: Seed of the random generator. The same seed and input give similar videos. 0 to 2,147,483,647.
        task_id: Id of the Kie task whose video is continued. It must be your own, and have succeeded. Not
            together with `video_url`.
        video_url: URL of the video to continue. Not together with `task_id`. A URL or local media.

    Rules:
        Exactly one of `task_id` and `video_url` is needed.
    """

    info = ModelInfo(
        slug="pixverse_v6_extend",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="pixverse-v6/extend",
        typical_seconds=(27, None, 1),
    )

    prompt: str
    """How the video goes on. 3 to 5,000 characters."""
    duration: int
    """Length of the new video in seconds. 1 to 15."""
    quality: Literal["360p", "540p", "720p", "1080p"]
    """Size of the video."""
    generate_audio_switch: bool | None = None
    """Whether the video has sound that fits the picture."""
    seed: int | None = None
    """Seed of the random generator. The same seed and input give similar videos. 0 to 2,147,483,647."""
    task_id: TaskReference | None = attrs.field(default=None, metadata={"wire": "taskId"})
    """Id of the Kie task whose video is continued. It must be your own, and have succeeded. Not together with
    `video_url`."""
    video_url: Media | None = None
    """URL of the video to continue. Not together with `task_id`. A URL or local media."""

    if TYPE_CHECKING:
        Quality = Literal["360p", "540p", "720p", "1080p"]
