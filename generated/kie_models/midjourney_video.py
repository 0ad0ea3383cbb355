"""midjourney/video: the request class, compiled from openapi/models/midjourney/video.yaml. Do not edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request, items

if TYPE_CHECKING:
    from kie._core.results import VideoResult
else:
    VideoResult = later("kie._core.results", "VideoResult")


def _MidjourneyVideo_file_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class MidjourneyVideo(Request[VideoResult]):
    """Midjourney, for videos that bring an image to life, several at once if wanted. The vendor has withdrawn it.

    Model `midjourney/video` by Midjourney: image-to-video.
    Facts as of 2025-10 (docs.kie.ai/mj-api/generate-mj-image).

    Args:
        prompt: What happens in the video. 1 to 2,000 characters.
        file_urls: The image that the video starts with. Exactly 1 item. URLs or local media.
        file_url: One image, by an older field. Use `file_urls`. A URL or local media. Deprecated.
        motion: How much moves. Default: "high".
        video_batch_size: How many videos to make. Default: 1.
        speed: How soon Midjourney works on it; faster costs more.
        aspect_ratio: Width to height of the results.
        version: Version of Midjourney, as text. `niji6` draws like anime.
        variety: How much the results differ from each other. 0 to 100, in multiples of 5.
        stylization: How strongly Midjourney's own style shows. 0 to 1,000.
        weirdness: How unusual the results may be. 0 to 3,000.
        water_mark: Watermark to put on the results. None if absent.
        enable_translation: Whether the service translates a prompt that is not English. Default: false.
        task_type: Resolution of the video. `mj_video_hd` is the higher one. Default: "mj_video".

    Rules:
        `file_urls` is needed.
    """

    info = ModelInfo(
        slug="midjourney_video",
        package="kie_models",
        lifecycle="midjourney",
        result="video",
        captured="2025-10",
        id="midjourney/video",
        operation="generateMidjourney",
        status="retired",
        successors=("kling-3.0/video", "bytedance/seedance-2"),
    )

    prompt: str
    """What happens in the video. 1 to 2,000 characters."""
    file_urls: tuple[Media, ...] | None = attrs.field(
        default=None, converter=_MidjourneyVideo_file_urls, metadata={"wire": "fileUrls"}
    )
    """The image that the video starts with. Exactly 1 item. URLs or local media."""
    file_url: Media | None = attrs.field(default=None, metadata={"wire": "fileUrl"})
    """One image, by an older field. Use `file_urls`. A URL or local media. Deprecated."""
    motion: Literal["high", "low"] | None = "high"
    """How much moves. Default: "high"."""
    video_batch_size: Literal[1, 2, 4] | None = attrs.field(default=1, metadata={"wire": "videoBatchSize"})
    """How many videos to make. Default: 1."""
    speed: Literal["relaxed", "fast", "turbo"] | None = None
    """How soon Midjourney works on it; faster costs more."""
    aspect_ratio: Literal["1:2", "9:16", "2:3", "3:4", "5:6", "6:5", "4:3", "3:2", "1:1", "16:9", "2:1"] | None = (
        attrs.field(default=None, metadata={"wire": "aspectRatio"})
    )
    """Width to height of the results."""
    version: Literal["7", "6.1", "6", "5.2", "5.1", "niji6"] | None = None
    """Version of Midjourney, as text. `niji6` draws like anime."""
    variety: int | None = None
    """How much the results differ from each other. 0 to 100, in multiples of 5."""
    stylization: int | None = None
    """How strongly Midjourney's own style shows. 0 to 1,000."""
    weirdness: int | None = None
    """How unusual the results may be. 0 to 3,000."""
    water_mark: str | None = attrs.field(default=None, metadata={"wire": "waterMark"})
    """Watermark to put on the results. None if absent."""
    enable_translation: bool | None = attrs.field(default=False, metadata={"wire": "enableTranslation"})
    """Whether the service translates a prompt that is not English. Default: false."""
    task_type: Literal["mj_video", "mj_video_hd"] | None = attrs.field(
        default="mj_video", metadata={"wire": "taskType"}
    )
    """Resolution of the video. `mj_video_hd` is the higher one. Default: "mj_video"."""

    if TYPE_CHECKING:
        Motion = Literal["high", "low"]
        VideoBatchSize = Literal[1, 2, 4]
        Speed = Literal["relaxed", "fast", "turbo"]
        AspectRatio = Literal["1:2", "9:16", "2:3", "3:4", "5:6", "6:5", "4:3", "3:2", "1:1", "16:9", "2:1"]
        Version = Literal["7", "6.1", "6", "5.2", "5.1", "niji6"]
        TaskType = Literal["mj_video", "mj_video_hd"]
