"""bytedance/seedance-2-5: the request class, compiled from openapi/models/bytedance/seedance-2-5.yaml. Do not edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request, items
from kie._core.tasks import TaskReference

if TYPE_CHECKING:
    from kie._core.results import VideoResult
else:
    VideoResult = later("kie._core.results", "VideoResult")


def _BytedanceSeedance25_reference_image_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


def _BytedanceSeedance25_reference_video_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


def _BytedanceSeedance25_reference_audio_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class BytedanceSeedance25(Request[VideoResult]):
    """ByteDance's Seedance 2.5, for videos with sound, from a prompt, from a first and last frame, or from reference
    images, videos and audio.

    Model `bytedance/seedance-2-5` by ByteDance: text-to-video, image-to-video, reference-to-video, video-edit.
    Facts as of 2026-08-19 (docs.kie.ai/market/bytedance/seedance-2-5.md).

    Args:
        prompt: What happens in the video. 1 to 30,000 characters.
        first_frame_url: Image the video starts with, as a URL or `asset://` id. Not together with references. A
            URL or local media.
        last_frame_url: Image the video ends with, as a URL or `asset://` id. Only beside `first_frame_url`. A
            URL or local media.
        reference_image_urls: Images to take as reference, as URLs or `asset://` ids. Not together with frames.
            At most 30 items. JPEG, PNG, WebP, BMP, TIFF or GIF, up to 30 MB each. 300 to 6,000 px per side; width
            to height 0.4 to 2.5. URLs or local media.
        reference_video_urls: Videos to take as reference in 480p or 720p, as URLs or `asset://` ids. Not
            together with frames. At most 10 items. MP4 or MOV, up to 200 MB each. 2 to 30 seconds each, at most 30
            seconds in all. 300 to 6,000 px per side; 409,600 to 927,408 pixels; width to height 0.4 to 2.5; 24 to
            60 frames per second. URLs or local media.
        reference_audio_urls: Sounds to take as reference, as URLs or `asset://` ids. Not together with frames.
            At most 10 items. WAV or MP3, up to 15 MB each. 2 to 30 seconds each, at most 30 seconds in all. URLs or
            local media.
        extension_task_id: Id of an earlier task of this model whose story the video goes on with. It does not
            take over the last picture; `first_frame_url` does.
        return_last_frame: Whether the last frame comes back as an image too. Default: false.
        generate_audio: Whether the video has sound. It raises the price. Default: true.
        resolution: Size of the video. A larger one looks better and takes longer. Default: "720p".
        aspect_ratio: Width to height of the video; `adaptive` lets the model choose. Default: "adaptive".
        duration: Length of the video in seconds. `-1` lets the model choose; when it edits a video, it keeps
            that video's length. -1 to 30. Default: 5.
        output_format: File format of the video. Default: "mp4".
        web_search: Whether the model may search the web for what the prompt mentions.
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.

    Rules:
        `first_frame_url` cannot stand together with reference images, videos or audio.
        `first_frame_url` is needed beside `last_frame_url`.
        `duration` must be 4 to 30 seconds, or -1 to let the model choose.
    """

    info = ModelInfo(
        slug="bytedance_seedance_2_5",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="bytedance/seedance-2-5",
        typical_seconds=(317, None, 2),
    )

    prompt: str | None = None
    """What happens in the video. 1 to 30,000 characters."""
    first_frame_url: Media | None = None
    """Image the video starts with, as a URL or `asset://` id. Not together with references. A URL or local media."""
    last_frame_url: Media | None = None
    """Image the video ends with, as a URL or `asset://` id. Only beside `first_frame_url`. A URL or local media."""
    reference_image_urls: tuple[Media, ...] | None = attrs.field(
        default=None, converter=_BytedanceSeedance25_reference_image_urls
    )
    """Images to take as reference, as URLs or `asset://` ids. Not together with frames. At most 30 items. JPEG, PNG,
    WebP, BMP, TIFF or GIF, up to 30 MB each. 300 to 6,000 px per side; width to height 0.4 to 2.5. URLs or local
    media."""
    reference_video_urls: tuple[Media, ...] | None = attrs.field(
        default=None, converter=_BytedanceSeedance25_reference_video_urls
    )
    """Videos to take as reference in 480p or 720p, as URLs or `asset://` ids. Not together with frames. At most 10
    items. MP4 or MOV, up to 200 MB each. 2 to 30 seconds each, at most 30 seconds in all. 300 to 6,000 px per side;
    409,600 to 927,408 pixels; width to height 0.4 to 2.5; 24 to 60 frames per second. URLs or local media."""
    reference_audio_urls: tuple[Media, ...] | None = attrs.field(
        default=None, converter=_BytedanceSeedance25_reference_audio_urls
    )
    """Sounds to take as reference, as URLs or `asset://` ids. Not together with frames. At most 10 items. WAV or MP3,
    up to 15 MB each. 2 to 30 seconds each, at most 30 seconds in all. URLs or local media."""
    extension_task_id: TaskReference | None = None
    """Id of an earlier task of this model whose story the video goes on with. It does not take over the last picture;
    `first_frame_url` does."""
    return_last_frame: bool | None = False
    """Whether the last frame comes back as an image too. Default: false."""
    generate_audio: bool | None = True
    """Whether the video has sound. It raises the price. Default: true."""
    resolution: Literal["480p", "720p", "1080p"] | None = "720p"
    """Size of the video. A larger one looks better and takes longer. Default: "720p"."""
    aspect_ratio: Literal["1:1", "4:3", "3:4", "16:9", "9:16", "21:9", "adaptive"] | None = "adaptive"
    """Width to height of the video; `adaptive` lets the model choose. Default: "adaptive"."""
    duration: int | None = 5
    """Length of the video in seconds. `-1` lets the model choose; when it edits a video, it keeps that video's length.
    -1 to 30. Default: 5."""
    output_format: Literal["mp4", "mov"] | None = "mp4"
    """File format of the video. Default: "mp4"."""
    web_search: bool | None = None
    """Whether the model may search the web for what the prompt mentions."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        Resolution = Literal["480p", "720p", "1080p"]
        AspectRatio = Literal["1:1", "4:3", "3:4", "16:9", "9:16", "21:9", "adaptive"]
        OutputFormat = Literal["mp4", "mov"]
