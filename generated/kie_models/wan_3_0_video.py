"""wan/3-0-video: the request class, compiled from openapi/models/wan/3-0-video.yaml. Do not edit."""

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


def _Wan30Video_reference_image_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


def _Wan30Video_reference_video_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


def _Wan30Video_reference_audio_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


def _Wan30Video_reference_file_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


def _Wan30Video_reference_link_urls(value: Iterable[str] | None) -> tuple[str, ...] | None:
    return items(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class Wan30Video(Request[VideoResult]):
    """Alibaba's Wan 3.0, for videos with sound, from a prompt, from a first and last frame, from reference images,
    videos and audio, or from a document or web page.

    Model `wan/3-0-video` by Alibaba: text-to-video, image-to-video, reference-to-video.
    Facts as of 2026-10-01 (docs.kie.ai/market/wan/3-0-video.md).

    Args:
        prompt: What happens in the video, in English or Chinese. References are named by kind and place, as in
            `Image1`, `Video1` or `Audio1`. 1 to 20,000 characters.
        first_frame_url: Image the video starts with. It must not be transparent. Not together with references.
            JPEG, PNG, BMP or WebP, up to 20 MB. 240 to 8,000 px per side; width to height at most 8. A URL or local
            media.
        last_frame_url: Image the video ends with. It must not be transparent. Not together with references.
            JPEG, PNG, BMP or WebP, up to 20 MB. 240 to 8,000 px per side; width to height at most 8. A URL or local
            media.
        reference_image_urls: Images to take as reference. Not together with frames. At most 10 items. JPEG,
            PNG, BMP or WebP, up to 20 MB each. 240 to 8,000 px per side; width to height at most 8. URLs or local
            media.
        reference_video_urls: Videos to take as reference; their length and `duration` add up. Not together with
            frames. At most 5 items. MP4 or MOV, up to 100 MB each. 1 to 15 seconds each, at most 15 seconds in all.
            240 to 4,096 px per side; width to height at most 8. URLs or local media.
        reference_audio_urls: Sounds to take as reference, best together with an image or a video. Not together
            with frames. At most 5 items. WAV or MP3, up to 15 MB each. 1 to 15 seconds each, at most 15 seconds in
            all. URLs or local media.
        reference_file_urls: A document to make a video of, such as slides, a text or a table. Not together with
            frames or a link. At most 1 item. Up to 100 MB each. URLs or local media.
        reference_link_urls: A web page to make a video of, which anyone can read without a login. Not together
            with frames or a file. At most 1 item.
        resolution: Size of the video. Default: "1080P".
        aspect_ratio: Width to height of the video; `adaptive` goes by what the video is made from. Default:
            "adaptive".
        duration: Length of the video in seconds. `-1` lets the model choose. -1 to 30. Default: 5.
        audio: Whether the video has sound. Default: true.
        seed: Seed of the random generator. The service picks one if absent. 0 to 2,147,483,647.
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.

    Rules:
        `prompt` is needed unless frames or references are given.
        `first_frame_url` and `last_frame_url` cannot stand together with references.
        `reference_file_urls` cannot be given beside `reference_link_urls`.
        `duration` must be 2 to 30 seconds, or -1 to let the model choose.
    """

    info = ModelInfo(
        slug="wan_3_0_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-10-01",
        model="wan/3-0-video",
    )

    prompt: str | None = None
    """What happens in the video, in English or Chinese. References are named by kind and place, as in `Image1`,
    `Video1` or `Audio1`. 1 to 20,000 characters."""
    first_frame_url: Media | None = None
    """Image the video starts with. It must not be transparent. Not together with references. JPEG, PNG, BMP or WebP,
    up to 20 MB. 240 to 8,000 px per side; width to height at most 8. A URL or local media."""
    last_frame_url: Media | None = None
    """Image the video ends with. It must not be transparent. Not together with references. JPEG, PNG, BMP or WebP, up
    to 20 MB. 240 to 8,000 px per side; width to height at most 8. A URL or local media."""
    reference_image_urls: tuple[Media, ...] | None = attrs.field(
        default=None, converter=_Wan30Video_reference_image_urls
    )
    """Images to take as reference. Not together with frames. At most 10 items. JPEG, PNG, BMP or WebP, up to 20 MB
    each. 240 to 8,000 px per side; width to height at most 8. URLs or local media."""
    reference_video_urls: tuple[Media, ...] | None = attrs.field(
        default=None, converter=_Wan30Video_reference_video_urls
    )
    """Videos to take as reference; their length and `duration` add up. Not together with frames. At most 5 items. MP4
    or MOV, up to 100 MB each. 1 to 15 seconds each, at most 15 seconds in all. 240 to 4,096 px per side; width to
    height at most 8. URLs or local media."""
    reference_audio_urls: tuple[Media, ...] | None = attrs.field(
        default=None, converter=_Wan30Video_reference_audio_urls
    )
    """Sounds to take as reference, best together with an image or a video. Not together with frames. At most 5 items.
    WAV or MP3, up to 15 MB each. 1 to 15 seconds each, at most 15 seconds in all. URLs or local media."""
    reference_file_urls: tuple[Media, ...] | None = attrs.field(default=None, converter=_Wan30Video_reference_file_urls)
    """A document to make a video of, such as slides, a text or a table. Not together with frames or a link. At most 1
    item. Up to 100 MB each. URLs or local media."""
    reference_link_urls: tuple[str, ...] | None = attrs.field(default=None, converter=_Wan30Video_reference_link_urls)
    """A web page to make a video of, which anyone can read without a login. Not together with frames or a file. At
    most 1 item."""
    resolution: Literal["480P", "720P", "1080P"] | None = "1080P"
    """Size of the video. Default: "1080P"."""
    aspect_ratio: Literal["adaptive", "16:9", "4:3", "1:1", "3:4", "9:16"] | None = "adaptive"
    """Width to height of the video; `adaptive` goes by what the video is made from. Default: "adaptive"."""
    duration: int | None = 5
    """Length of the video in seconds. `-1` lets the model choose. -1 to 30. Default: 5."""
    audio: bool | None = True
    """Whether the video has sound. Default: true."""
    seed: int | None = None
    """Seed of the random generator. The service picks one if absent. 0 to 2,147,483,647."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        Resolution = Literal["480P", "720P", "1080P"]
        AspectRatio = Literal["adaptive", "16:9", "4:3", "1:1", "3:4", "9:16"]
