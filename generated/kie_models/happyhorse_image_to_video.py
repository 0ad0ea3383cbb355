"""happyhorse/image-to-video: the request class, compiled from openapi/models/happyhorse/image-to-video.yaml. Do not edit."""

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


def _HappyhorseImageToVideo_image_urls(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


@attrs.frozen(kw_only=True, repr=False)
class HappyhorseImageToVideo(Request[VideoResult]):
    """HappyHorse, for videos that begin with a given image.

    Model `happyhorse/image-to-video` by HappyHorse: image-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/happyhorse/image-to-video.md).

    Args:
        image_urls: The first frame, as a list. Exactly 1 item. JPEG, PNG or WebP, up to 10 MB each. At least
            300 px per side; width to height 0.4 to 2.5. URLs or local media.
        prompt: What happens in the video, in any language. Chinese text may only be half as long; anything
            beyond the limit is cut off. 1 to 5,000 characters.
        resolution: Size of the video. Default: "1080p".
        duration: Length of the video in seconds. 3 to 15. Default: 5.
        seed: Seed of the random generator. The same seed and the same input give similar videos. 0 to
            2,147,483,647.
    """

    info = ModelInfo(
        slug="happyhorse_image_to_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="happyhorse/image-to-video",
        typical_seconds=(63, None, 1),
    )

    image_urls: tuple[Media, ...] = attrs.field(converter=_HappyhorseImageToVideo_image_urls)
    """The first frame, as a list. Exactly 1 item. JPEG, PNG or WebP, up to 10 MB each. At least 300 px per side; width
    to height 0.4 to 2.5. URLs or local media."""
    prompt: str | None = None
    """What happens in the video, in any language. Chinese text may only be half as long; anything beyond the limit is
    cut off. 1 to 5,000 characters."""
    resolution: Literal["720p", "1080p"] | None = "1080p"
    """Size of the video. Default: "1080p"."""
    duration: int | None = 5
    """Length of the video in seconds. 3 to 15. Default: 5."""
    seed: int | None = None
    """Seed of the random generator. The same seed and the same input give similar videos. 0 to 2,147,483,647."""

    if TYPE_CHECKING:
        Resolution = Literal["720p", "1080p"]
