"""gemini-omni-video: the request class, compiled from openapi/models/google/gemini-omni-video.yaml. Do not edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, Required, TypedDict

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Part, Request, items
from kie._core.tasks import TaskReference

if TYPE_CHECKING:
    from kie._core.results import VideoResult
else:
    VideoResult = later("kie._core.results", "VideoResult")


class GeminiOmniVideoVideoClipDict(TypedDict):
    """A part of a video, which lasts ten seconds or less.

    The same as `GeminiOmniVideoVideoClip`, as a plain dict.
    """

    url: Required[Media]
    start: Required[float]
    ends: Required[float]


@attrs.frozen(kw_only=True, repr=False)
class GeminiOmniVideoVideoClip(Part):
    """A part of a video, which lasts ten seconds or less.

    Args:
        url: URL of the video. Up to 100 MB. At most 30 seconds. A URL or local media.
        start: Where the part begins, in seconds. At least 0.
        ends: Where the part ends, in seconds; after `start`. At least 0.
    """

    url: Media
    """URL of the video. Up to 100 MB. At most 30 seconds. A URL or local media."""
    start: float
    """Where the part begins, in seconds. At least 0."""
    ends: float
    """Where the part ends, in seconds; after `start`. At least 0."""


def _GeminiOmniVideo_image_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


def _GeminiOmniVideo_audio_ids(value: Iterable[TaskReference] | None) -> tuple[TaskReference, ...] | None:
    return items(value) if value is not None else None


def _GeminiOmniVideo_video_list(
    value: Iterable[GeminiOmniVideoVideoClip | GeminiOmniVideoVideoClipDict] | None,
) -> tuple[GeminiOmniVideoVideoClip, ...] | None:
    return GeminiOmniVideoVideoClip.many(value) if value is not None else None


def _GeminiOmniVideo_character_ids(value: Iterable[TaskReference] | None) -> tuple[TaskReference, ...] | None:
    return items(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class GeminiOmniVideo(Request[VideoResult]):
    """Google's Gemini Omni, for videos from a prompt, with reference images, characters, voices and one video clip.

    Model `gemini-omni-video` by Google: text-to-video, reference-to-video, video-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/gemini-omni-video.md).

    Args:
        prompt: What happens in the video, its look and camera work. 1 to 20,000 characters.
        duration: Length of the video in seconds, as text. No effect beside `video_list`.
        image_urls: Images to take as reference for persons, scenes or style. Characters count with them, and a
            video counts double. At most 7 items. Up to 20 MB each. URLs or local media.
        audio_ids: Voices made with `OmniAudio` (their results, or their ids), for speech or sound in the video.
            At most 3 items.
        video_list: A part of a video to work from. It counts like two images, and the model then chooses the
            length of the result. At most 1 item.
        character_ids: Characters made with `OmniCharacter` (their results, or their ids). Each counts as one
            image. At most 7 items.
        aspect_ratio: Width to height of the video.
        seed: Seed of the random generator. The service picks one if absent; the same seed gives similar videos,
            not equal ones. 0 to 2,147,483,647.
        resolution: Size of the video. Default: "720p".

    Rules:
        Images and characters together may be at most seven, and a video counts as two.
        `character_ids` may hold at most three ids beside `video_list`.
        `video_list.ends` must not end before its start.

    Advice (a warning, never a refusal):
        `video_list.ends` may end at most 10 seconds after its start, by the vendor.
    """

    info = ModelInfo(
        slug="gemini_omni_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="gemini-omni-video",
    )

    prompt: str
    """What happens in the video, its look and camera work. 1 to 20,000 characters."""
    duration: Literal["4", "6", "8", "10"]
    """Length of the video in seconds, as text. No effect beside `video_list`."""
    image_urls: tuple[Media, ...] | None = attrs.field(default=None, converter=_GeminiOmniVideo_image_urls)
    """Images to take as reference for persons, scenes or style. Characters count with them, and a video counts double.
    At most 7 items. Up to 20 MB each. URLs or local media."""
    audio_ids: tuple[TaskReference, ...] | None = attrs.field(default=None, converter=_GeminiOmniVideo_audio_ids)
    """Voices made with `OmniAudio` (their results, or their ids), for speech or sound in the video. At most 3 items."""
    video_list: tuple[GeminiOmniVideoVideoClip, ...] | None = attrs.field(
        default=None, converter=_GeminiOmniVideo_video_list, metadata={"part": GeminiOmniVideoVideoClip}
    )
    """A part of a video to work from. It counts like two images, and the model then chooses the length of the result.
    At most 1 item."""
    character_ids: tuple[TaskReference, ...] | None = attrs.field(
        default=None, converter=_GeminiOmniVideo_character_ids
    )
    """Characters made with `OmniCharacter` (their results, or their ids). Each counts as one image. At most 7 items."""
    aspect_ratio: Literal["16:9", "9:16"] | None = None
    """Width to height of the video."""
    seed: int | None = None
    """Seed of the random generator. The service picks one if absent; the same seed gives similar videos, not equal
    ones. 0 to 2,147,483,647."""
    resolution: Literal["720p", "1080p", "4k"] | None = "720p"
    """Size of the video. Default: "720p"."""

    if TYPE_CHECKING:
        Duration = Literal["4", "6", "8", "10"]
        AspectRatio = Literal["16:9", "9:16"]
        Resolution = Literal["720p", "1080p", "4k"]
