"""happyhorse-1-1/image-to-video: the request class, compiled from openapi/models/happyhorse-1-1/image-to-video.yaml. Do not edit."""

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


def _Happyhorse11ImageToVideo_image_urls(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


@attrs.frozen(kw_only=True, repr=False)
class Happyhorse11ImageToVideo(Request[VideoResult]):
    """HappyHorse 1.1, for videos that begin with a given image.

    Model `happyhorse-1-1/image-to-video` by HappyHorse: image-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/38308980e0.md).

    Args:
        image_urls: The first frame, as a list. Exactly 1 item. JPEG, PNG or WebP, up to 20 MB each. At least
            300 px per side; width to height 0.4 to 2.5. URLs or local media.
        prompt: What happens in the video, in any language. Chinese text may only be half as long. May be empty.
            At most 5,000 characters. Default: "".
        resolution: Size of the video. Default: "1080p".
        duration: Length of the video in seconds. 3 to 15. Default: 5.
    """

    info = ModelInfo(
        slug="happyhorse_1_1_image_to_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="happyhorse-1-1/image-to-video",
    )

    image_urls: tuple[Media, ...] = attrs.field(converter=_Happyhorse11ImageToVideo_image_urls)
    """The first frame, as a list. Exactly 1 item. JPEG, PNG or WebP, up to 20 MB each. At least 300 px per side; width
    to height 0.4 to 2.5. URLs or local media."""
    prompt: str | None = ""
    """What happens in the video, in any language. Chinese text may only be half as long. May be empty. At most 5,000
    characters. Default: ""."""
    resolution: Literal["720p", "1080p"] | None = "1080p"
    """Size of the video. Default: "1080p"."""
    duration: int | None = 5
    """Length of the video in seconds. 3 to 15. Default: 5."""

    if TYPE_CHECKING:
        Resolution = Literal["720p", "1080p"]
