"""kling-3.0/motion-control: the request class, compiled from openapi/models/kling/kling-3.0-motion-control.yaml. Do not edit."""

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


def _Kling30MotionControl_input_urls(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


def _Kling30MotionControl_video_urls(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


@attrs.frozen(kw_only=True, repr=False)
class Kling30MotionControl(Request[VideoResult]):
    """Kling 3.0 Motion Control, for videos in which the person of an image moves as the person of a video does, before
    the background of either.

    Model `kling-3.0/motion-control` by Kling: video-to-video, reference-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/kling/motion-control-v3.md).

    Args:
        input_urls: The image of the person or figure. Exactly 1 item. At least 300 px per side. URLs or local
            media.
        video_urls: The video whose movements are taken over. Exactly 1 item. URLs or local media.
        prompt: What else the video shows. May be empty. At most 2,500 characters.
        mode: Size of the video. `std` and `720p` are the smaller one, `pro` and `1080p` the larger.
        character_orientation: Whether the person faces as in the video, which works best, or as in the image.
            Default: "video".
        background_source: Whether the background is that of the video or that of the image. Default:
            "input_video".
    """

    info = ModelInfo(
        slug="kling_3_0_motion_control",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="kling-3.0/motion-control",
    )

    input_urls: tuple[Media, ...] = attrs.field(converter=_Kling30MotionControl_input_urls)
    """The image of the person or figure. Exactly 1 item. At least 300 px per side. URLs or local media."""
    video_urls: tuple[Media, ...] = attrs.field(converter=_Kling30MotionControl_video_urls)
    """The video whose movements are taken over. Exactly 1 item. URLs or local media."""
    prompt: str | None = None
    """What else the video shows. May be empty. At most 2,500 characters."""
    mode: Literal["std", "pro", "720p", "1080p"] | None = None
    """Size of the video. `std` and `720p` are the smaller one, `pro` and `1080p` the larger."""
    character_orientation: Literal["video", "image"] | None = "video"
    """Whether the person faces as in the video, which works best, or as in the image. Default: "video"."""
    background_source: Literal["input_video", "input_image"] | None = "input_video"
    """Whether the background is that of the video or that of the image. Default: "input_video"."""

    if TYPE_CHECKING:
        Mode = Literal["std", "pro", "720p", "1080p"]
        CharacterOrientation = Literal["video", "image"]
        BackgroundSource = Literal["input_video", "input_image"]
