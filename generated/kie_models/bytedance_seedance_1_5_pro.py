"""bytedance/seedance-1.5-pro: the request class, compiled from openapi/models/bytedance/seedance-1.5-pro.yaml. Do not edit."""

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


def _BytedanceSeedance15Pro_input_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class BytedanceSeedance15Pro(Request[VideoResult]):
    """ByteDance's Seedance 1.5 Pro, for videos from a prompt and images, with sound if wanted.

    Model `bytedance/seedance-1.5-pro` by ByteDance: text-to-video, image-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/bytedance/seedance-1-5-pro.md).

    Args:
        prompt: What happens in the video. 3 to 20,000 characters.
        duration: Length of the video in seconds. 4 to 12.
        input_urls: Images to make the video from. Without any, the video is made from the prompt alone. At most
            2 items. JPEG, PNG or WebP, up to 10 MB each. URLs or local media.
        aspect_ratio: Width to height of the video. Default: "1:1".
        resolution: Size of the video. A larger one looks better and takes longer. Default: "720p".
        fixed_lens: Whether the camera stays still. Otherwise the model may move it. Default: false.
        generate_audio: Whether the video has sound. It raises the price. Default: false.
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
    """

    info = ModelInfo(
        slug="bytedance_seedance_1_5_pro",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="bytedance/seedance-1.5-pro",
    )

    prompt: str
    """What happens in the video. 3 to 20,000 characters."""
    duration: float
    """Length of the video in seconds. 4 to 12."""
    input_urls: tuple[Media, ...] | None = attrs.field(default=None, converter=_BytedanceSeedance15Pro_input_urls)
    """Images to make the video from. Without any, the video is made from the prompt alone. At most 2 items. JPEG, PNG
    or WebP, up to 10 MB each. URLs or local media."""
    aspect_ratio: Literal["1:1", "4:3", "3:4", "16:9", "9:16", "21:9"] | None = "1:1"
    """Width to height of the video. Default: "1:1"."""
    resolution: Literal["480p", "720p", "1080p"] | None = "720p"
    """Size of the video. A larger one looks better and takes longer. Default: "720p"."""
    fixed_lens: bool | None = False
    """Whether the camera stays still. Otherwise the model may move it. Default: false."""
    generate_audio: bool | None = False
    """Whether the video has sound. It raises the price. Default: false."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        AspectRatio = Literal["1:1", "4:3", "3:4", "16:9", "9:16", "21:9"]
        Resolution = Literal["480p", "720p", "1080p"]
