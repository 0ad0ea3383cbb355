"""kling-2.6/motion-control: the request class, compiled from openapi/models/kling/kling-2.6-motion-control.yaml. Do not edit."""

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


def _Kling26MotionControl_input_urls(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


def _Kling26MotionControl_video_urls(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


@attrs.frozen(kw_only=True, repr=False)
class Kling26MotionControl(Request[VideoResult]):
    """Kling 2.6 Motion Control, for videos in which the person of an image moves as the person of a video does.

    Model `kling-2.6/motion-control` by Kling: video-to-video, reference-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/kling/motion-control.md).

    Args:
        input_urls: The image of the person or figure, with head, shoulders and upper body in plain view.
            Exactly 1 item. JPEG or PNG, up to 10 MB each. At least 300 px per side; width to height 0.4 to 2.5.
            URLs or local media.
        video_urls: The video whose movements are taken over, with head, shoulders and upper body in plain view.
            Exactly 1 item. MP4 or MOV, up to 100 MB each. 3 to 30 seconds each. URLs or local media.
        prompt: What else the video shows. At most 2,500 characters.
        character_orientation: Where the person faces. `image` keeps the pose of the image, for at most 10
            seconds of video; `video` follows the video, for at most 30. Default: "video".
        mode: Size of the video. Default: "720p".
        aspect_ratio: Width to height. Without effect: the video has the shape of what it is made from. Not in
            the vendor's documentation; seen accepted: the service keeps unknown fields and goes on (live 2026-04);
            programs send this one.

    Advice (a warning, never a refusal):
        `aspect_ratio` is not a field that the vendor documents for this model, and has no effect: the video has the
        shape of what it is made from.
    """

    info = ModelInfo(
        slug="kling_2_6_motion_control",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="kling-2.6/motion-control",
    )

    input_urls: tuple[Media, ...] = attrs.field(converter=_Kling26MotionControl_input_urls)
    """The image of the person or figure, with head, shoulders and upper body in plain view. Exactly 1 item. JPEG or
    PNG, up to 10 MB each. At least 300 px per side; width to height 0.4 to 2.5. URLs or local media."""
    video_urls: tuple[Media, ...] = attrs.field(converter=_Kling26MotionControl_video_urls)
    """The video whose movements are taken over, with head, shoulders and upper body in plain view. Exactly 1 item. MP4
    or MOV, up to 100 MB each. 3 to 30 seconds each. URLs or local media."""
    prompt: str | None = None
    """What else the video shows. At most 2,500 characters."""
    character_orientation: Literal["image", "video"] | None = "video"
    """Where the person faces. `image` keeps the pose of the image, for at most 10 seconds of video; `video` follows
    the video, for at most 30. Default: "video"."""
    mode: Literal["720p", "1080p"] | None = "720p"
    """Size of the video. Default: "720p"."""
    aspect_ratio: str | None = None
    """Width to height. Without effect: the video has the shape of what it is made from. Not in the vendor's
    documentation; seen accepted: the service keeps unknown fields and goes on (live 2026-04); programs send this
    one."""

    if TYPE_CHECKING:
        CharacterOrientation = Literal["image", "video"]
        Mode = Literal["720p", "1080p"]
