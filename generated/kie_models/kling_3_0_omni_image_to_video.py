"""kling-3.0-omni/image-to-video: the request class, compiled from openapi/models/kling/kling-3.0-omni-image-to-video.yaml. Do not edit."""

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


class Kling30OmniImageToVideoShotDict(TypedDict):
    """One shot of a sequence.

    The same as `Kling30OmniImageToVideoShot`, as a plain dict.
    """

    prompt: Required[str]
    duration: Required[int]


@attrs.frozen(kw_only=True, repr=False)
class Kling30OmniImageToVideoShot(Part):
    """One shot of a sequence.

    Args:
        prompt: What happens in this shot. 1 to 512 characters.
        duration: Length of this shot in seconds. 1 to 15.
    """

    prompt: str
    """What happens in this shot. 1 to 512 characters."""
    duration: int
    """Length of this shot in seconds. 1 to 15."""


def _Kling30OmniImageToVideoElement_element_input_urls(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


def _Kling30OmniImageToVideoElement_element_input_audio_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


class Kling30OmniImageToVideoElementDict(TypedDict):
    """Something that the prompt can refer to by name. The part of a video that shows it lasts three to eight seconds.

    The same as `Kling30OmniImageToVideoElement`, as a plain dict.
    """

    name: Required[str]
    description: Required[str]
    element_input_urls: Required[Iterable[Media]]
    element_input_audio_urls: NotRequired[Iterable[Media]]
    start_time: NotRequired[int]
    end_time: NotRequired[int]


@attrs.frozen(kw_only=True, repr=False)
class Kling30OmniImageToVideoElement(Part):
    """Something that the prompt can refer to by name. The part of a video that shows it lasts three to eight seconds.

    Args:
        name: Name of the element, unlike the others of the request; the prompt names it as `@name`.
        description: What the element is.
        element_input_urls: Several images of the element, or a single video; not both kinds. 1 to 4 items. URLs
            or local media.
        element_input_audio_urls: Recordings of the element's voice. 5 to 30 seconds each. URLs or local media.
        start_time: Where the part of a video element to learn from begins, in milliseconds. The service takes
            `0` if absent. At least 0.
        end_time: Where that part ends, in milliseconds. The service takes `8000` if absent. At least 3,000.
    """

    name: str
    """Name of the element, unlike the others of the request; the prompt names it as `@name`."""
    description: str
    """What the element is."""
    element_input_urls: tuple[Media, ...] = attrs.field(converter=_Kling30OmniImageToVideoElement_element_input_urls)
    """Several images of the element, or a single video; not both kinds. 1 to 4 items. URLs or local media."""
    element_input_audio_urls: tuple[Media, ...] | None = attrs.field(
        default=None, converter=_Kling30OmniImageToVideoElement_element_input_audio_urls
    )
    """Recordings of the element's voice. 5 to 30 seconds each. URLs or local media."""
    start_time: int | None = None
    """Where the part of a video element to learn from begins, in milliseconds. The service takes `0` if absent. At
    least 0."""
    end_time: int | None = None
    """Where that part ends, in milliseconds. The service takes `8000` if absent. At least 3,000."""


def _Kling30OmniImageToVideo_image_urls(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


def _Kling30OmniImageToVideo_multi_prompt(
    value: Iterable[Kling30OmniImageToVideoShot | Kling30OmniImageToVideoShotDict] | None,
) -> tuple[Kling30OmniImageToVideoShot, ...] | None:
    return Kling30OmniImageToVideoShot.many(value) if value is not None else None


def _Kling30OmniImageToVideo_elements(
    value: Iterable[Kling30OmniImageToVideoElement | Kling30OmniImageToVideoElementDict] | None,
) -> tuple[Kling30OmniImageToVideoElement, ...] | None:
    return Kling30OmniImageToVideoElement.many(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class Kling30OmniImageToVideo(Request[VideoResult]):
    """Kling 3.0 Omni, for videos that start from an image, or lead from a first to a last one, also as a sequence of
    shots.

    Model `kling-3.0-omni/image-to-video` by Kling: image-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/kling/v3-omni-image-to-video.md).

    Args:
        prompt: What happens in the video. Name an element as `@name`. The text must not be blank. 1 to 3,072
            characters.
        image_urls: The first frame, or the first and the last. 1 to 2 items. JPEG or PNG, up to 50 MB each. At
            least 300 px per side; width to height 0.4 to 2.5. URLs or local media.
        duration: Length of the whole video in seconds. 3 to 15. Default: 5.
        resolution: Size of the video. Default: "720p".
        aspect_ratio: Width to height of the video. Anything but `auto` only with `customize_multi_shots`.
            Default: "auto".
        audio: Whether the video has sound. Best set outright.
        customize_multi_shots: Whether the video is a sequence of the shots in `multi_prompt`. Best set
            outright.
        prefer_multi_shots: Whether the model plans shots of its own. Not together with `customize_multi_shots`.
        multi_prompt: The shots, in order. They belong to `customize_multi_shots`; without it the list is empty
            or absent. At most 6 items.
        elements: Things or persons that keep their looks; name one in the prompt as `@name`. At most 3 items.

    Rules:
        `customize_multi_shots` and `prefer_multi_shots` cannot both be true.
        `multi_prompt` must be empty or absent when `customize_multi_shots` is false.
        `customize_multi_shots` must be true when `aspect_ratio` is not auto.
    """

    info = ModelInfo(
        slug="kling_3_0_omni_image_to_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="kling-3.0-omni/image-to-video",
        typical_seconds=(93, None, 1),
    )

    prompt: str
    """What happens in the video. Name an element as `@name`. The text must not be blank. 1 to 3,072 characters."""
    image_urls: tuple[Media, ...] = attrs.field(converter=_Kling30OmniImageToVideo_image_urls)
    """The first frame, or the first and the last. 1 to 2 items. JPEG or PNG, up to 50 MB each. At least 300 px per
    side; width to height 0.4 to 2.5. URLs or local media."""
    duration: int | None = 5
    """Length of the whole video in seconds. 3 to 15. Default: 5."""
    resolution: Literal["720p", "1080p", "4k"] | None = "720p"
    """Size of the video. Default: "720p"."""
    aspect_ratio: Literal["16:9", "9:16", "1:1", "auto"] | None = "auto"
    """Width to height of the video. Anything but `auto` only with `customize_multi_shots`. Default: "auto"."""
    audio: bool | None = None
    """Whether the video has sound. Best set outright."""
    customize_multi_shots: bool | None = None
    """Whether the video is a sequence of the shots in `multi_prompt`. Best set outright."""
    prefer_multi_shots: bool | None = None
    """Whether the model plans shots of its own. Not together with `customize_multi_shots`."""
    multi_prompt: tuple[Kling30OmniImageToVideoShot, ...] | None = attrs.field(
        default=None, converter=_Kling30OmniImageToVideo_multi_prompt, metadata={"part": Kling30OmniImageToVideoShot}
    )
    """The shots, in order. They belong to `customize_multi_shots`; without it the list is empty or absent. At most 6
    items."""
    elements: tuple[Kling30OmniImageToVideoElement, ...] | None = attrs.field(
        default=None, converter=_Kling30OmniImageToVideo_elements, metadata={"part": Kling30OmniImageToVideoElement}
    )
    """Things or persons that keep their looks; name one in the prompt as `@name`. At most 3 items."""

    if TYPE_CHECKING:
        Resolution = Literal["720p", "1080p", "4k"]
        AspectRatio = Literal["16:9", "9:16", "1:1", "auto"]
