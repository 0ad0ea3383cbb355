"""kling-3.0-omni/text-to-video: the request class, compiled from openapi/models/kling/kling-3.0-omni-text-to-video.yaml. Do not edit."""

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


class Kling30OmniTextToVideoShotDict(TypedDict):
    """One shot of a sequence.

    The same as `Kling30OmniTextToVideoShot`, as a plain dict.
    """

    prompt: Required[str]
    duration: Required[int]


@attrs.frozen(kw_only=True, repr=False)
class Kling30OmniTextToVideoShot(Part):
    """One shot of a sequence.

    Args:
        prompt: What happens in this shot. 1 to 512 characters.
        duration: Length of this shot in seconds. 1 to 15.
    """

    prompt: str
    """What happens in this shot. 1 to 512 characters."""
    duration: int
    """Length of this shot in seconds. 1 to 15."""


def _Kling30OmniTextToVideoElement_element_input_urls(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


def _Kling30OmniTextToVideoElement_element_input_audio_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


class Kling30OmniTextToVideoElementDict(TypedDict):
    """Something that the prompt can refer to by name.

    The same as `Kling30OmniTextToVideoElement`, as a plain dict.
    """

    name: Required[str]
    description: Required[str]
    element_input_urls: Required[Iterable[Media]]
    element_input_audio_urls: NotRequired[Iterable[Media]]


@attrs.frozen(kw_only=True, repr=False)
class Kling30OmniTextToVideoElement(Part):
    """Something that the prompt can refer to by name.

    Args:
        name: Name of the element, unlike the others of the request; the prompt names it as `@name`.
        description: What the element is.
        element_input_urls: Several images of the element, or a single video; not both kinds. 1 to 4 items. URLs
            or local media.
        element_input_audio_urls: Recordings of the element's voice. URLs or local media.
    """

    name: str
    """Name of the element, unlike the others of the request; the prompt names it as `@name`."""
    description: str
    """What the element is."""
    element_input_urls: tuple[Media, ...] = attrs.field(converter=_Kling30OmniTextToVideoElement_element_input_urls)
    """Several images of the element, or a single video; not both kinds. 1 to 4 items. URLs or local media."""
    element_input_audio_urls: tuple[Media, ...] | None = attrs.field(
        default=None, converter=_Kling30OmniTextToVideoElement_element_input_audio_urls
    )
    """Recordings of the element's voice. URLs or local media."""


def _Kling30OmniTextToVideo_multi_prompt(
    value: Iterable[Kling30OmniTextToVideoShot | Kling30OmniTextToVideoShotDict] | None,
) -> tuple[Kling30OmniTextToVideoShot, ...] | None:
    return Kling30OmniTextToVideoShot.many(value) if value is not None else None


def _Kling30OmniTextToVideo_elements(
    value: Iterable[Kling30OmniTextToVideoElement | Kling30OmniTextToVideoElementDict] | None,
) -> tuple[Kling30OmniTextToVideoElement, ...] | None:
    return Kling30OmniTextToVideoElement.many(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class Kling30OmniTextToVideo(Request[VideoResult]):
    """Kling 3.0 Omni, for videos from a prompt or as a sequence of shots, with named elements that keep their looks.

    Model `kling-3.0-omni/text-to-video` by Kling: text-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/kling/v3-omni-text-to-video.md).

    Args:
        prompt: What happens in the video. Name an element as `@name`. The text must not be blank. 1 to 3,072
            characters.
        duration: Length of the whole video in seconds. 3 to 15. Default: 5.
        resolution: Size of the video. Default: "720p".
        aspect_ratio: Width to height of the video. Default: "16:9".
        audio: Whether the video has sound. Default: false.
        customize_multi_shots: Whether the video is a sequence of the shots in `multi_prompt`. Best set
            outright: the service takes true if it is absent, and asks for shots then.
        prefer_multi_shots: Whether the model plans shots of its own. Not together with `customize_multi_shots`.
        multi_prompt: The shots, in order. They belong to `customize_multi_shots`; without it the list is empty
            or absent. At most 6 items.
        elements: Things or persons that keep their looks; name one in the prompt as `@name`. Fewer are allowed
            when videos show all or some of them. At most 7 items.

    Rules:
        `customize_multi_shots` and `prefer_multi_shots` cannot both be true.
        `multi_prompt` must be empty or absent when `customize_multi_shots` is false.
        `multi_prompt` is needed, with at least one shot, when `customize_multi_shots` is true.
        `elements` may hold at most three when each has a single URL, a video.
    """

    info = ModelInfo(
        slug="kling_3_0_omni_text_to_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="kling-3.0-omni/text-to-video",
        typical_seconds=(643, None, 1),
    )

    prompt: str
    """What happens in the video. Name an element as `@name`. The text must not be blank. 1 to 3,072 characters."""
    duration: int | None = 5
    """Length of the whole video in seconds. 3 to 15. Default: 5."""
    resolution: Literal["720p", "1080p", "4k"] | None = "720p"
    """Size of the video. Default: "720p"."""
    aspect_ratio: Literal["16:9", "9:16", "1:1"] | None = "16:9"
    """Width to height of the video. Default: "16:9"."""
    audio: bool | None = False
    """Whether the video has sound. Default: false."""
    customize_multi_shots: bool | None = None
    """Whether the video is a sequence of the shots in `multi_prompt`. Best set outright: the service takes true if it
    is absent, and asks for shots then."""
    prefer_multi_shots: bool | None = None
    """Whether the model plans shots of its own. Not together with `customize_multi_shots`."""
    multi_prompt: tuple[Kling30OmniTextToVideoShot, ...] | None = attrs.field(
        default=None, converter=_Kling30OmniTextToVideo_multi_prompt, metadata={"part": Kling30OmniTextToVideoShot}
    )
    """The shots, in order. They belong to `customize_multi_shots`; without it the list is empty or absent. At most 6
    items."""
    elements: tuple[Kling30OmniTextToVideoElement, ...] | None = attrs.field(
        default=None, converter=_Kling30OmniTextToVideo_elements, metadata={"part": Kling30OmniTextToVideoElement}
    )
    """Things or persons that keep their looks; name one in the prompt as `@name`. Fewer are allowed when videos show
    all or some of them. At most 7 items."""

    if TYPE_CHECKING:
        Resolution = Literal["720p", "1080p", "4k"]
        AspectRatio = Literal["16:9", "9:16", "1:1"]
