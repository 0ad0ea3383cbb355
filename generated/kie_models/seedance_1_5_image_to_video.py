"""seedance/1.5-image-to-video: the request class, compiled from openapi/models/seedance/1.5-image-to-video.yaml. Do not edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request, items

if TYPE_CHECKING:
    from kie._core.results import VideoResult
else:
    VideoResult = later("kie._core.results", "VideoResult")


def _Seedance15ImageToVideo_image_urls(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


@attrs.frozen(kw_only=True, repr=False)
class Seedance15ImageToVideo(Request[VideoResult]):
    """Seedance 1.5 with an image under an id that only another client names. The vendor documents the model as
    `bytedance/seedance-1.5-pro`, which takes images in `input_urls`.

    Model `seedance/1.5-image-to-video` by ByteDance: image-to-video.
    Facts as of 2026-04-22 (kie-go README).

    Args:
        prompt: How the image comes to life.
        image_urls: Images to make the video from. The other client never sends more than a single one. At least
            1 item. URLs or local media.
        duration: Length of the video as text with its unit. Values that are known of: `5s`, `10s`.
        negative_prompt: What to keep out of the video.
    """

    info = ModelInfo(
        slug="seedance_1_5_image_to_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-04-22",
        model="seedance/1.5-image-to-video",
        status="undocumented",
        successors=("bytedance/seedance-1.5-pro",),
    )

    prompt: str
    """How the image comes to life."""
    image_urls: tuple[Media, ...] = attrs.field(converter=_Seedance15ImageToVideo_image_urls)
    """Images to make the video from. The other client never sends more than a single one. At least 1 item. URLs or
    local media."""
    duration: str | None = None
    """Length of the video as text with its unit. Values that are known of: `5s`, `10s`."""
    negative_prompt: str | None = None
    """What to keep out of the video."""
