"""minimax-h3/reference-to-video: the request class, compiled from openapi/models/minimax-h3/reference-to-video.yaml. Do not edit."""

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


def _MinimaxH3ReferenceToVideo_reference_image_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


def _MinimaxH3ReferenceToVideo_reference_video_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


def _MinimaxH3ReferenceToVideo_reference_audio_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class MinimaxH3ReferenceToVideo(Request[VideoResult]):
    """MiniMax H3, for videos that follow reference images, videos and audio.

    Model `minimax-h3/reference-to-video` by MiniMax: reference-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/minimax-h3/reference-to-video.md).

    Args:
        prompt: What happens in the video. 1 to 7,000 characters.
        reference_image_urls: Images to take as reference. At most 9 items. JPEG, PNG, WebP, HEIC or HEIF, up to
            30 MB each. 256 to 5,760 px per side; width to height 0.4 to 2.5. URLs or local media.
        reference_video_urls: Videos to take as reference, encoded as H.264 or H.265 with sound as AAC or MP3.
            At most 3 items. MP4 or MOV, up to 50 MB each. 2 to 15 seconds each, at most 15 seconds in all. 256 to
            5,760 px per side; width to height 0.4 to 2.5; 23.976 to 60 frames per second. URLs or local media.
        reference_audio_urls: Sounds to take as reference, beside an image or a video. At most 3 items. WAV or
            MP3, up to 15 MB each. 2 to 15 seconds each, at most 15 seconds in all. URLs or local media.
        aspect_ratio: Width to height of the video; `adaptive` lets the model choose. Default: "adaptive".
        duration: Length of the video in seconds. 4 to 15. Default: 6.
        resolution: Size of the video. Default: "2K".

    Rules:
        At least one reference image or reference video is needed; audio cannot stand alone.
    """

    info = ModelInfo(
        slug="minimax_h3_reference_to_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="minimax-h3/reference-to-video",
    )

    prompt: str
    """What happens in the video. 1 to 7,000 characters."""
    reference_image_urls: tuple[Media, ...] | None = attrs.field(
        default=None, converter=_MinimaxH3ReferenceToVideo_reference_image_urls
    )
    """Images to take as reference. At most 9 items. JPEG, PNG, WebP, HEIC or HEIF, up to 30 MB each. 256 to 5,760 px
    per side; width to height 0.4 to 2.5. URLs or local media."""
    reference_video_urls: tuple[Media, ...] | None = attrs.field(
        default=None, converter=_MinimaxH3ReferenceToVideo_reference_video_urls
    )
    """Videos to take as reference, encoded as H.264 or H.265 with sound as AAC or MP3. At most 3 items. MP4 or MOV, up
    to 50 MB each. 2 to 15 seconds each, at most 15 seconds in all. 256 to 5,760 px per side; width to height 0.4 to
    2.5; 23.976 to 60 frames per second. URLs or local media."""
    reference_audio_urls: tuple[Media, ...] | None = attrs.field(
        default=None, converter=_MinimaxH3ReferenceToVideo_reference_audio_urls
    )
    """Sounds to take as reference, beside an image or a video. At most 3 items. WAV or MP3, up to 15 MB each. 2 to 15
    seconds each, at most 15 seconds in all. URLs or local media."""
    aspect_ratio: Literal["adaptive", "21:9", "16:9", "4:3", "1:1", "3:4", "9:16"] | None = "adaptive"
    """Width to height of the video; `adaptive` lets the model choose. Default: "adaptive"."""
    duration: int | None = 6
    """Length of the video in seconds. 4 to 15. Default: 6."""
    resolution: Literal["768P", "2K"] | None = "2K"
    """Size of the video. Default: "2K"."""

    if TYPE_CHECKING:
        AspectRatio = Literal["adaptive", "21:9", "16:9", "4:3", "1:1", "3:4", "9:16"]
        Resolution = Literal["768P", "2K"]
