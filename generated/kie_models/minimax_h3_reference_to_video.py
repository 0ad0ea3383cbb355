"""minimax-h3/reference-to-video: the request class, compiled from openapi/models/minimax-h3/reference-to-video.yaml. Do not edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import attrs

from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request, items
from kie._core.results import VideoResult


def _MinimaxH3ReferenceToVideo_reference_image_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


def _MinimaxH3ReferenceToVideo_reference_video_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


def _MinimaxH3ReferenceToVideo_reference_audio_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class MinimaxH3ReferenceToVideo(Request[VideoResult]):
    """MiniMax H3, for videos of 4 to 15 seconds that follow reference images, videos and audio.

    Model `minimax-h3/reference-to-video` by MiniMax: reference-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/minimax-h3/reference-to-video.md).
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
    """What happens in the video, in 1 to 7,000 characters. (1 to 7000 characters)"""
    reference_image_urls: tuple[Media, ...] | None = attrs.field(
        default=None, converter=_MinimaxH3ReferenceToVideo_reference_image_urls
    )
    """Images to take as reference, at most nine. Each is a JPEG, PNG, WebP, HEIC or HEIF of at most 30 MB, 256 to
    5,760 px per side, width to height 0.4 to 2.5. (at most 9 items; URLs or local media)"""
    reference_video_urls: tuple[Media, ...] | None = attrs.field(
        default=None, converter=_MinimaxH3ReferenceToVideo_reference_video_urls
    )
    """Videos to take as reference, at most three. Each is an MP4 or MOV (H.264 or H.265, sound as AAC or MP3) of 2 to
    15 seconds, at most 50 MB, 256 to 5,760 px per side, width to height 0.4 to 2.5, 23.976 to 60 frames per second;
    together at most 15 seconds. (at most 3 items; URLs or local media)"""
    reference_audio_urls: tuple[Media, ...] | None = attrs.field(
        default=None, converter=_MinimaxH3ReferenceToVideo_reference_audio_urls
    )
    """Sounds to take as reference, at most three, beside an image or a video. Each is a WAV or MP3 of 2 to 15 seconds,
    at most 15 MB; together at most 15 seconds. (at most 3 items; URLs or local media)"""
    aspect_ratio: Literal["adaptive", "21:9", "16:9", "4:3", "1:1", "3:4", "9:16"] | None = "adaptive"
    """Width to height of the video; `adaptive` lets the model choose. (default "adaptive")"""
    duration: int | None = 6
    """Length of the video, 4 to 15 seconds. (4 to 15; default 6)"""
    resolution: Literal["768P", "2K"] | None = "2K"
    """Size of the video. (default "2K")"""
