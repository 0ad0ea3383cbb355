"""grok-imagine-video-1-5-preview: the request class, compiled from openapi/models/grok-imagine/grok-imagine-video-1-5-preview.yaml. Do not edit."""

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


def _GrokImagineVideo15Preview_image_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class GrokImagineVideo15Preview(Request[VideoResult]):
    """xAI's Grok Imagine Video 1.5 (preview), for videos from a prompt, from images, or from both.

    Model `grok-imagine-video-1-5-preview` by xAI: text-to-video, image-to-video, reference-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/grok-imagine/1-5-preview.md).

    Args:
        prompt: What happens in the video. 1 to 4,096 characters.
        image_urls: Images to make the video from. 1080p takes a single one. At most 7 items. JPEG, PNG or WebP,
            up to 20 MB each. URLs or local media.
        aspect_ratio: Width to height of the video; `auto` leaves the choice to the service. No effect with a
            single image. Default: "auto".
        resolution: Size of the video. `1080p` takes a single image. Default: "480p".
        duration: Length of the video in seconds. 1 to 15. Default: 8.
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.

    Rules:
        `image_urls` may hold only one image when `resolution` is 1080p.
    """

    info = ModelInfo(
        slug="grok_imagine_video_1_5_preview",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="grok-imagine-video-1-5-preview",
        typical_seconds=(32, None, 1),
    )

    prompt: str | None = None
    """What happens in the video. 1 to 4,096 characters."""
    image_urls: tuple[Media, ...] | None = attrs.field(default=None, converter=_GrokImagineVideo15Preview_image_urls)
    """Images to make the video from. 1080p takes a single one. At most 7 items. JPEG, PNG or WebP, up to 20 MB each.
    URLs or local media."""
    aspect_ratio: Literal["1:1", "16:9", "9:16", "3:2", "2:3", "auto"] | None = "auto"
    """Width to height of the video; `auto` leaves the choice to the service. No effect with a single image. Default:
    "auto"."""
    resolution: Literal["480p", "720p", "1080p"] | None = "480p"
    """Size of the video. `1080p` takes a single image. Default: "480p"."""
    duration: int | None = 8
    """Length of the video in seconds. 1 to 15. Default: 8."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        AspectRatio = Literal["1:1", "16:9", "9:16", "3:2", "2:3", "auto"]
        Resolution = Literal["480p", "720p", "1080p"]
