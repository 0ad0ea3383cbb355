"""aleph: the request class, compiled from openapi/models/aleph/aleph.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request

if TYPE_CHECKING:
    from kie._core.results import VideoResult
else:
    VideoResult = later("kie._core.results", "VideoResult")


@attrs.frozen(kw_only=True, repr=False)
class AlephGenerate(Request[VideoResult]):
    """Runway Aleph, for changing a video by a prompt, if need be in the style of an image.

    Model `aleph` by Runway: video-to-video, video-edit.
    Facts as of 2026-08-19 (docs.kie.ai/runway-api/generate-aleph-video.md).
    Superseded: it still works, and the vendor now documents `runway/gen4-aleph` instead.

    Args:
        prompt: How the video is changed, with subject, action, style, setting.
        video_url: The video to change. A URL or local media.
        reference_image: Image whose style or content the result takes up. A URL or local media.
        aspect_ratio: Width to height.
        seed: Seed of the random generator. The same seed and the same input give similar results.
        water_mark: Text to show in the video as a watermark. None if absent or empty.
        upload_cn: Where the result is stored. On is Alibaba Cloud in China, off is storage outside China.
            Default: false.
    """

    info = ModelInfo(
        slug="aleph",
        package="kie_models",
        lifecycle="aleph",
        result="video",
        captured="2026-08-19",
        id="aleph",
        operation="generateAleph",
        status="superseded",
        successors=("runway/gen4-aleph",),
    )

    prompt: str
    """How the video is changed, with subject, action, style, setting."""
    video_url: Media = attrs.field(metadata={"wire": "videoUrl"})
    """The video to change. A URL or local media."""
    reference_image: Media | None = attrs.field(default=None, metadata={"wire": "referenceImage"})
    """Image whose style or content the result takes up. A URL or local media."""
    aspect_ratio: Literal["16:9", "9:16", "4:3", "3:4", "1:1", "21:9"] | None = attrs.field(
        default=None, metadata={"wire": "aspectRatio"}
    )
    """Width to height."""
    seed: int | None = None
    """Seed of the random generator. The same seed and the same input give similar results."""
    water_mark: str | None = attrs.field(default=None, metadata={"wire": "waterMark"})
    """Text to show in the video as a watermark. None if absent or empty."""
    upload_cn: bool | None = attrs.field(default=False, metadata={"wire": "uploadCn"})
    """Where the result is stored. On is Alibaba Cloud in China, off is storage outside China. Default: false."""

    if TYPE_CHECKING:
        AspectRatio = Literal["16:9", "9:16", "4:3", "3:4", "1:1", "21:9"]
