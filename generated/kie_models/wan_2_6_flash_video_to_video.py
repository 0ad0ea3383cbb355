"""wan/2-6-flash-video-to-video: the request class, compiled from openapi/models/wan/2-6-flash-video-to-video.yaml. Do not edit."""

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


def _Wan26FlashVideoToVideo_video_urls(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


@attrs.frozen(kw_only=True, repr=False)
class Wan26FlashVideoToVideo(Request[VideoResult]):
    """Alibaba's Wan 2.6 Flash, for videos, silent or with sound, that start from other videos.

    Model `wan/2-6-flash-video-to-video` by Alibaba: video-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/wan/2-6-flash-video-to-video.md).

    Args:
        prompt: What happens in the new video, in English or Chinese. 2 to 5,000 characters.
        video_urls: The videos to start from. 1 to 3 items. MP4, MOV or MKV, up to 10 MB each. URLs or local
            media.
        duration: Length of the video in seconds, as text. Default: "5".
        resolution: Size of the video. Default: "1080p".
        audio: Whether the video has sound. Videos with and without sound have different prices.
        multi_shots: Whether the video may cut between several shots; otherwise it is one continuous shot.
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.

    Advice (a warning, never a refusal):
        `prompt` may have at most 1500 characters, by one of two figures of the vendor.
    """

    info = ModelInfo(
        slug="wan_2_6_flash_video_to_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="wan/2-6-flash-video-to-video",
    )

    prompt: str
    """What happens in the new video, in English or Chinese. 2 to 5,000 characters."""
    video_urls: tuple[Media, ...] = attrs.field(converter=_Wan26FlashVideoToVideo_video_urls)
    """The videos to start from. 1 to 3 items. MP4, MOV or MKV, up to 10 MB each. URLs or local media."""
    duration: Literal["5", "10"] | None = "5"
    """Length of the video in seconds, as text. Default: "5"."""
    resolution: Literal["720p", "1080p"] | None = "1080p"
    """Size of the video. Default: "1080p"."""
    audio: bool | None = None
    """Whether the video has sound. Videos with and without sound have different prices."""
    multi_shots: bool | None = None
    """Whether the video may cut between several shots; otherwise it is one continuous shot."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        Duration = Literal["5", "10"]
        Resolution = Literal["720p", "1080p"]
