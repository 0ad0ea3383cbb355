"""wan/2-7-r2v: the request class, compiled from openapi/models/wan/2-7-r2v.yaml. Do not edit."""

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


def _Wan27ReferenceToVideo_reference_image(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


def _Wan27ReferenceToVideo_reference_video(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class Wan27ReferenceToVideo(Request[VideoResult]):
    """Alibaba's Wan 2.7, for videos with the persons and things of reference images and videos.

    Model `wan/2-7-r2v` by Alibaba: reference-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/wan/2-7-r2v.md).

    Args:
        prompt: What happens in the video, in English or Chinese. References are named by kind and place, as in
            `image 1` or `video 1`. 1 to 5,000 characters.
        negative_prompt: What to keep out of the video, in English or Chinese. At most 500 characters.
        reference_image: Images to take as reference, counted together with `reference_video`. One of the two
            fields is needed. At most 5 items. URLs or local media.
        reference_video: Videos to take as reference, counted together with `reference_image`. Their sound is
            used unless `reference_voice` is given. At most 5 items. URLs or local media.
        first_frame: Image the video starts with. The video then takes its shape and `aspect_ratio` has no
            effect. A URL or local media.
        reference_voice: Recording of the voice the subject speaks with. It wins over the sound of the videos.
            WAV or MP3, up to 15 MB. 1 to 10 seconds. A URL or local media.
        resolution: Size of the video. Default: "1080p".
        aspect_ratio: Width to height of the video. No effect beside `first_frame`. Default: "16:9".
        duration: Length of the video in seconds. 2 to 10. Default: 5.
        prompt_extend: Whether the service rewrites the prompt in more detail first. It helps short prompts and
            takes longer. Default: true.
        watermark: Whether the lower right corner carries the mark "AI generated". Default: false.
        seed: Seed of the random generator. The service picks one if absent. 0 to 2,147,483,647.
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.

    Rules:
        At least one reference image or reference video is needed.
        Reference images and videos together may be at most five.
    """

    info = ModelInfo(
        slug="wan_2_7_r2v",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="wan/2-7-r2v",
        typical_seconds=(56, None, 1),
    )

    prompt: str
    """What happens in the video, in English or Chinese. References are named by kind and place, as in `image 1` or
    `video 1`. 1 to 5,000 characters."""
    negative_prompt: str | None = None
    """What to keep out of the video, in English or Chinese. At most 500 characters."""
    reference_image: tuple[Media, ...] | None = attrs.field(
        default=None, converter=_Wan27ReferenceToVideo_reference_image
    )
    """Images to take as reference, counted together with `reference_video`. One of the two fields is needed. At most 5
    items. URLs or local media."""
    reference_video: tuple[Media, ...] | None = attrs.field(
        default=None, converter=_Wan27ReferenceToVideo_reference_video
    )
    """Videos to take as reference, counted together with `reference_image`. Their sound is used unless
    `reference_voice` is given. At most 5 items. URLs or local media."""
    first_frame: Media | None = None
    """Image the video starts with. The video then takes its shape and `aspect_ratio` has no effect. A URL or local
    media."""
    reference_voice: Media | None = None
    """Recording of the voice the subject speaks with. It wins over the sound of the videos. WAV or MP3, up to 15 MB. 1
    to 10 seconds. A URL or local media."""
    resolution: Literal["720p", "1080p"] | None = "1080p"
    """Size of the video. Default: "1080p"."""
    aspect_ratio: Literal["16:9", "9:16", "1:1", "4:3", "3:4"] | None = "16:9"
    """Width to height of the video. No effect beside `first_frame`. Default: "16:9"."""
    duration: int | None = 5
    """Length of the video in seconds. 2 to 10. Default: 5."""
    prompt_extend: bool | None = True
    """Whether the service rewrites the prompt in more detail first. It helps short prompts and takes longer. Default:
    true."""
    watermark: bool | None = False
    """Whether the lower right corner carries the mark "AI generated". Default: false."""
    seed: int | None = None
    """Seed of the random generator. The service picks one if absent. 0 to 2,147,483,647."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        Resolution = Literal["720p", "1080p"]
        AspectRatio = Literal["16:9", "9:16", "1:1", "4:3", "3:4"]
