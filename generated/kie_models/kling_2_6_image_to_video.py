"""kling-2.6/image-to-video: the request class, compiled from openapi/models/kling/kling-2.6-image-to-video.yaml. Do not edit."""

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


def _Kling26ImageToVideo_image_urls(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


@attrs.frozen(kw_only=True, repr=False)
class Kling26ImageToVideo(Request[VideoResult]):
    """Kling 2.6, for videos that bring an image to life, with sound if wanted.

    Model `kling-2.6/image-to-video` by Kling: image-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/kling/image-to-video.md).

    Args:
        prompt: What happens in the video and what is said in it. The service may refuse a long text even within
            the limit. 1 to 2,500 characters.
        image_urls: The image to animate. Exactly 1 item. JPEG or PNG, up to 10 MB each. URLs or local media.
        sound: Whether the video has sound. It raises the price.
        duration: Length of the video in seconds, as text. Default: "5".
        aspect_ratio: Width to height. Without effect: the video has the shape of what it is made from. Not in
            the vendor's documentation; seen accepted: the service keeps unknown fields and goes on (live 2026-04);
            programs send this one.

    Advice (a warning, never a refusal):
        `aspect_ratio` is not a field that the vendor documents for this model, and has no effect: the video has the
        shape of what it is made from.
    """

    info = ModelInfo(
        slug="kling_2_6_image_to_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="kling-2.6/image-to-video",
    )

    prompt: str
    """What happens in the video and what is said in it. The service may refuse a long text even within the limit. 1 to
    2,500 characters."""
    image_urls: tuple[Media, ...] = attrs.field(converter=_Kling26ImageToVideo_image_urls)
    """The image to animate. Exactly 1 item. JPEG or PNG, up to 10 MB each. URLs or local media."""
    sound: bool
    """Whether the video has sound. It raises the price."""
    duration: Literal["5", "10"] | None = "5"
    """Length of the video in seconds, as text. Default: "5"."""
    aspect_ratio: str | None = None
    """Width to height. Without effect: the video has the shape of what it is made from. Not in the vendor's
    documentation; seen accepted: the service keeps unknown fields and goes on (live 2026-04); programs send this
    one."""

    if TYPE_CHECKING:
        Duration = Literal["5", "10"]
