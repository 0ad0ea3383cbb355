"""kling-3.0/video: the request class, compiled from openapi/models/kling/kling-3.0-video.yaml. Do not edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, NotRequired, Required, TypedDict

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Part, Request, items

if TYPE_CHECKING:
    from kie._core.results import VideoResult
else:
    VideoResult = later("kie._core.results", "VideoResult")


class Kling30VideoShotDict(TypedDict):
    """One shot of a sequence.

    The same as `Kling30VideoShot`, as a plain dict.
    """

    prompt: Required[str]
    duration: Required[int]


@attrs.frozen(kw_only=True, repr=False)
class Kling30VideoShot(Part):
    """One shot of a sequence.

    Args:
        prompt: What happens in this shot. Each `@element` counts as 37 characters. 1 to 500 characters.
        duration: Length of this shot in seconds. 1 to 12.
    """

    prompt: str
    """What happens in this shot. Each `@element` counts as 37 characters. 1 to 500 characters."""
    duration: int
    """Length of this shot in seconds. 1 to 12."""


def _Kling30VideoElement_element_input_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


def _Kling30VideoElement_element_input_audio_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


def _Kling30VideoElement_element_input_video_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


class Kling30VideoElementDict(TypedDict):
    """Something that the prompt can refer to by name. The part of a video that shows it lasts three to eight seconds.

    The same as `Kling30VideoElement`, as a plain dict.
    """

    name: Required[str]
    description: Required[str]
    element_input_urls: NotRequired[Iterable[Media]]
    element_input_audio_urls: NotRequired[Iterable[Media]]
    start_time: NotRequired[int]
    end_time: NotRequired[int]
    element_input_video_urls: NotRequired[Iterable[Media]]


@attrs.frozen(kw_only=True, repr=False)
class Kling30VideoElement(Part):
    """Something that the prompt can refer to by name. The part of a video that shows it lasts three to eight seconds.

    Args:
        name: Name of the element, as prompts refer to it, without `@`.
        description: What the element is.
        element_input_urls: Several images of the element, or a single video. 1 to 4 items. JPEG, PNG, MP4 or
            MOV, up to 50 MB each. URLs or local media.
        element_input_audio_urls: Recordings of the element's voice. 5 to 30 seconds each. URLs or local media.
        start_time: Where the part of a video element to learn from begins, in milliseconds. The service takes
            `0` if absent. At least 0.
        end_time: Where that part ends, in milliseconds. At least 0.
        element_input_video_urls: Video of the element, in the place of `element_input_urls`. Exactly 1 item.
            MP4 or MOV. URLs or local media. Not in the vendor's documentation; seen accepted: an earlier page, and
            eight programs in production.
    """

    name: str
    """Name of the element, as prompts refer to it, without `@`."""
    description: str
    """What the element is."""
    element_input_urls: tuple[Media, ...] | None = attrs.field(
        default=None, converter=_Kling30VideoElement_element_input_urls
    )
    """Several images of the element, or a single video. 1 to 4 items. JPEG, PNG, MP4 or MOV, up to 50 MB each. URLs or
    local media."""
    element_input_audio_urls: tuple[Media, ...] | None = attrs.field(
        default=None, converter=_Kling30VideoElement_element_input_audio_urls
    )
    """Recordings of the element's voice. 5 to 30 seconds each. URLs or local media."""
    start_time: int | None = None
    """Where the part of a video element to learn from begins, in milliseconds. The service takes `0` if absent. At
    least 0."""
    end_time: int | None = None
    """Where that part ends, in milliseconds. At least 0."""
    element_input_video_urls: tuple[Media, ...] | None = attrs.field(
        default=None, converter=_Kling30VideoElement_element_input_video_urls
    )
    """Video of the element, in the place of `element_input_urls`. Exactly 1 item. MP4 or MOV. URLs or local media. Not
    in the vendor's documentation; seen accepted: an earlier page, and eight programs in production."""


def _Kling30Video_image_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


def _Kling30Video_multi_prompt(
    value: Iterable[Kling30VideoShot | Kling30VideoShotDict] | None,
) -> tuple[Kling30VideoShot, ...] | None:
    return Kling30VideoShot.many(value) if value is not None else None


def _Kling30Video_kling_elements(
    value: Iterable[Kling30VideoElement | Kling30VideoElementDict] | None,
) -> tuple[Kling30VideoElement, ...] | None:
    return Kling30VideoElement.many(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class Kling30Video(Request[VideoResult]):
    """Kling 3.0, for videos from a prompt, from a first and last frame, or as a sequence of shots, with named elements
    that keep their looks.

    Model `kling-3.0/video` by Kling: text-to-video, image-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/kling/kling-3-0.md).

    Args:
        duration: Length of the video in seconds, as text.
        mode: Quality. `std` is 720 px on the shorter side, `pro` 1080, `4K` 2160.
        prompt: What happens in the video. It takes effect while `multi_shots` is off; name an element as
            `@name`.
        image_urls: The first frame, or the first and the last. With `multi_shots` only a first frame. Needed
            when the prompt names elements. At most 2 items. JPEG or PNG, up to 50 MB each. URLs or local media.
        sound: Whether the video has sound. It raises the price. Default: false.
        aspect_ratio: Width to height. With `image_urls` the video follows the images instead. Default: "16:9".
        multi_shots: Whether the video is a sequence of shots, described in `multi_prompt`. Default: false.
        multi_prompt: The shots, in order. It takes effect while `multi_shots` is on. 1 to 5 items.
        kling_elements: Things or persons that keep their looks; name one in a prompt as `@name`. At most 3
            items.

    Rules:
        `multi_prompt` is needed when `multi_shots` is true.
        `image_urls` takes a first frame alone while `multi_shots` is true.
        `multi_shots` must be given, true or false.
        `prompt` is needed unless `multi_shots` is true.
        `kling_elements` needs images or a video of each element.

    Advice (a warning, never a refusal):
        `image_urls` is needed beside `kling_elements` that the prompt names, by the vendor.
    """

    info = ModelInfo(
        slug="kling_3_0_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="kling-3.0/video",
        typical_seconds=(166, None, 3),
    )

    duration: Literal["3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15"]
    """Length of the video in seconds, as text."""
    mode: Literal["std", "pro", "4K"]
    """Quality. `std` is 720 px on the shorter side, `pro` 1080, `4K` 2160."""
    prompt: str | None = None
    """What happens in the video. It takes effect while `multi_shots` is off; name an element as `@name`."""
    image_urls: tuple[Media, ...] | None = attrs.field(default=None, converter=_Kling30Video_image_urls)
    """The first frame, or the first and the last. With `multi_shots` only a first frame. Needed when the prompt names
    elements. At most 2 items. JPEG or PNG, up to 50 MB each. URLs or local media."""
    sound: bool | None = False
    """Whether the video has sound. It raises the price. Default: false."""
    aspect_ratio: Literal["16:9", "9:16", "1:1"] | None = "16:9"
    """Width to height. With `image_urls` the video follows the images instead. Default: "16:9"."""
    multi_shots: bool | None = False
    """Whether the video is a sequence of shots, described in `multi_prompt`. Default: false."""
    multi_prompt: tuple[Kling30VideoShot, ...] | None = attrs.field(
        default=None, converter=_Kling30Video_multi_prompt, metadata={"part": Kling30VideoShot}
    )
    """The shots, in order. It takes effect while `multi_shots` is on. 1 to 5 items."""
    kling_elements: tuple[Kling30VideoElement, ...] | None = attrs.field(
        default=None, converter=_Kling30Video_kling_elements, metadata={"part": Kling30VideoElement}
    )
    """Things or persons that keep their looks; name one in a prompt as `@name`. At most 3 items."""

    if TYPE_CHECKING:
        Duration = Literal["3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15"]
        Mode = Literal["std", "pro", "4K"]
        AspectRatio = Literal["16:9", "9:16", "1:1"]
