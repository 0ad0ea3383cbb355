"""bytedance/seedance-2: the request class, compiled from openapi/models/bytedance/seedance-2.yaml. Do not edit."""

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


def _BytedanceSeedance20_reference_image_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


def _BytedanceSeedance20_reference_video_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


def _BytedanceSeedance20_reference_audio_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class BytedanceSeedance20(Request[VideoResult]):
    """ByteDance's Seedance 2.0, for videos with sound, from a prompt, a first and last frame, or reference images,
    videos and audio.

    Model `bytedance/seedance-2` by ByteDance: text-to-video, image-to-video, reference-to-video.
    Facts as of 2026-10-01 (docs.kie.ai/market/bytedance/seedance-2.md).

    Args:
        prompt: What happens in the video. 3 to 20,000 characters.
        first_frame_url: Image the video starts with, as a URL or `asset://` id. Not together with references. A
            URL or local media.
        last_frame_url: Image the video ends with, as a URL or `asset://` id. Not together with references. A
            URL or local media.
        reference_image_urls: Images to take as reference, as URLs or `asset://` ids. Not together with frames.
            At most 9 items. JPEG, PNG, WebP, BMP, TIFF or GIF, up to 30 MB each. 300 to 6,000 px per side; width to
            height 0.4 to 2.5. URLs or local media.
        reference_video_urls: Videos to take as reference in 480p or 720p, as URLs or `asset://` ids. Not
            together with frames. At most 3 items. MP4 or MOV, up to 50 MB each. 2 to 15 seconds each, at most 15
            seconds in all. 300 to 6,000 px per side; 409,600 to 927,408 pixels; width to height 0.4 to 2.5; 24 to
            60 frames per second. URLs or local media.
        reference_audio_urls: Sounds to take as reference, as URLs or `asset://` ids. Not together with frames.
            At most 3 items. WAV or MP3, up to 15 MB each. 2 to 15 seconds each, at most 15 seconds in all. URLs or
            local media.
        return_last_frame: Whether the last frame comes back as an image too. No longer in use. Deprecated.
        generate_audio: Whether the video has sound. Default: true.
        resolution: Size of the video. A larger one looks better and takes longer. Default: "720p".
        aspect_ratio: Width to height of the video; `adaptive` lets the model choose. Default: "16:9".
        duration: Length of the video in seconds. `-1` lets the model choose. -1 to 15. Default: 5.
        web_search: Whether the model may search the web for what the prompt mentions.
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.

    Rules:
        A first or last frame cannot stand together with reference images, videos or audio.
        `duration` must be 4 to 15 seconds, or -1 to let the model choose.
    """

    info = ModelInfo(
        slug="bytedance_seedance_2",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-10-01",
        model="bytedance/seedance-2",
        typical_seconds=(251, 313, 6),
    )

    prompt: str
    """What happens in the video. 3 to 20,000 characters."""
    first_frame_url: Media | None = None
    """Image the video starts with, as a URL or `asset://` id. Not together with references. A URL or local media."""
    last_frame_url: Media | None = None
    """Image the video ends with, as a URL or `asset://` id. Not together with references. A URL or local media."""
    reference_image_urls: tuple[Media, ...] | None = attrs.field(
        default=None, converter=_BytedanceSeedance20_reference_image_urls
    )
    """Images to take as reference, as URLs or `asset://` ids. Not together with frames. At most 9 items. JPEG, PNG,
    WebP, BMP, TIFF or GIF, up to 30 MB each. 300 to 6,000 px per side; width to height 0.4 to 2.5. URLs or local
    media."""
    reference_video_urls: tuple[Media, ...] | None = attrs.field(
        default=None, converter=_BytedanceSeedance20_reference_video_urls
    )
    """Videos to take as reference in 480p or 720p, as URLs or `asset://` ids. Not together with frames. At most 3
    items. MP4 or MOV, up to 50 MB each. 2 to 15 seconds each, at most 15 seconds in all. 300 to 6,000 px per side;
    409,600 to 927,408 pixels; width to height 0.4 to 2.5; 24 to 60 frames per second. URLs or local media."""
    reference_audio_urls: tuple[Media, ...] | None = attrs.field(
        default=None, converter=_BytedanceSeedance20_reference_audio_urls
    )
    """Sounds to take as reference, as URLs or `asset://` ids. Not together with frames. At most 3 items. WAV or MP3,
    up to 15 MB each. 2 to 15 seconds each, at most 15 seconds in all. URLs or local media."""
    return_last_frame: bool | None = None
    """Whether the last frame comes back as an image too. No longer in use. Deprecated."""
    generate_audio: bool | None = True
    """Whether the video has sound. Default: true."""
    resolution: Literal["480p", "720p", "1080p", "4k"] | None = "720p"
    """Size of the video. A larger one looks better and takes longer. Default: "720p"."""
    aspect_ratio: Literal["1:1", "4:3", "3:4", "16:9", "9:16", "21:9", "adaptive"] | None = "16:9"
    """Width to height of the video; `adaptive` lets the model choose. Default: "16:9"."""
    duration: int | None = 5
    """Length of the video in seconds. `-1` lets the model choose. -1 to 15. Default: 5."""
    web_search: bool | None = None
    """Whether the model may search the web for what the prompt mentions."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        Resolution = Literal["480p", "720p", "1080p", "4k"]
        AspectRatio = Literal["1:1", "4:3", "3:4", "16:9", "9:16", "21:9", "adaptive"]
