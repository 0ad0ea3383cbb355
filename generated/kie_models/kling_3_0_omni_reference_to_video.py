"""kling-3.0-omni/reference-to-video: the request class, compiled from openapi/models/kling/kling-3.0-omni-reference-to-video.yaml. Do not edit."""

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


class Kling30OmniReferenceToVideoShotDict(TypedDict):
    """One shot of a sequence.

    The same as `Kling30OmniReferenceToVideoShot`, as a plain dict.
    """

    prompt: Required[str]
    duration: Required[int]


@attrs.frozen(kw_only=True, repr=False)
class Kling30OmniReferenceToVideoShot(Part):
    """One shot of a sequence.

    Args:
        prompt: What happens in this shot. 1 to 512 characters.
        duration: Length of this shot in seconds. 1 to 15.
    """

    prompt: str
    """What happens in this shot. 1 to 512 characters."""
    duration: int
    """Length of this shot in seconds. 1 to 15."""


def _Kling30OmniReferenceToVideoElement_element_input_urls(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


def _Kling30OmniReferenceToVideoElement_element_input_audio_urls(
    value: Iterable[Media] | None,
) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


class Kling30OmniReferenceToVideoElementDict(TypedDict):
    """Something that the prompt can refer to by name. The part of a video that shows it lasts three to eight seconds.

    The same as `Kling30OmniReferenceToVideoElement`, as a plain dict.
    """

    name: Required[str]
    description: Required[str]
    element_input_urls: Required[Iterable[Media]]
    element_input_audio_urls: NotRequired[Iterable[Media]]
    start_time: NotRequired[int]
    end_time: NotRequired[int]


@attrs.frozen(kw_only=True, repr=False)
class Kling30OmniReferenceToVideoElement(Part):
    """Something that the prompt can refer to by name. The part of a video that shows it lasts three to eight seconds.

    Args:
        name: Name of the element, unlike the others of the request; the prompt names it as `@name`.
        description: What the element is.
        element_input_urls: Images of the element, or a video. 1 to 4 items. URLs or local media.
        element_input_audio_urls: Recordings of the element's voice. 5 to 30 seconds each. URLs or local media.
        start_time: Where the part of a video element to learn from begins, in milliseconds. The service takes
            `0` if absent.
        end_time: Where that part ends, in milliseconds. The service takes `8000` if absent.
    """

    name: str
    """Name of the element, unlike the others of the request; the prompt names it as `@name`."""
    description: str
    """What the element is."""
    element_input_urls: tuple[Media, ...] = attrs.field(
        converter=_Kling30OmniReferenceToVideoElement_element_input_urls
    )
    """Images of the element, or a video. 1 to 4 items. URLs or local media."""
    element_input_audio_urls: tuple[Media, ...] | None = attrs.field(
        default=None, converter=_Kling30OmniReferenceToVideoElement_element_input_audio_urls
    )
    """Recordings of the element's voice. 5 to 30 seconds each. URLs or local media."""
    start_time: int | None = None
    """Where the part of a video element to learn from begins, in milliseconds. The service takes `0` if absent."""
    end_time: int | None = None
    """Where that part ends, in milliseconds. The service takes `8000` if absent."""


def _Kling30OmniReferenceToVideo_image_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


def _Kling30OmniReferenceToVideo_video_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


def _Kling30OmniReferenceToVideo_multi_prompt(
    value: Iterable[Kling30OmniReferenceToVideoShot | Kling30OmniReferenceToVideoShotDict] | None,
) -> tuple[Kling30OmniReferenceToVideoShot, ...] | None:
    return Kling30OmniReferenceToVideoShot.many(value) if value is not None else None


def _Kling30OmniReferenceToVideo_elements(
    value: Iterable[Kling30OmniReferenceToVideoElement | Kling30OmniReferenceToVideoElementDict] | None,
) -> tuple[Kling30OmniReferenceToVideoElement, ...] | None:
    return Kling30OmniReferenceToVideoElement.many(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class Kling30OmniReferenceToVideo(Request[VideoResult]):
    """Kling 3.0 Omni, for videos with the persons and things of reference images, of a reference video and of named
    elements, also as a sequence of shots.

    Model `kling-3.0-omni/reference-to-video` by Kling: reference-to-video, video-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/kling/v3-omni-reference-to-video.md).

    Args:
        prompt: What happens in the video. Name an element as `@name`. The text must not be blank. 1 to 3,072
            characters.
        image_urls: Images to take as reference, counted together with the elements that images show. Fewer are
            allowed beside a video, or when videos show other elements. At most 7 items. JPEG or PNG, up to 50 MB
            each. At least 300 px per side; width to height 0.4 to 2.5. URLs or local media.
        video_urls: Video to take as reference. Exactly 1 item. MP4 or MOV, up to 200 MB each. 3 to 15.5 seconds
            each. 700 to 4,553 px per side; at most 8,294,400 pixels; width to height 0.4 to 2; 24 to 60 frames per
            second. URLs or local media.
        duration: Length of the whole video in seconds. The service takes `5` if absent. Not with a video alone.
            3 to 15.
        resolution: Size of the video. Default: "720p".
        aspect_ratio: Width to height of the video. A video alone needs `auto`, and nothing else may have it.
            The service takes `16:9` if absent.
        audio: Whether the video has sound. Beside a reference video it has to be given as false.
        customize_multi_shots: Whether the video is a sequence of the shots in `multi_prompt`. Not with a video
            alone.
        prefer_multi_shots: Whether the model plans shots of its own. Not together with `customize_multi_shots`.
        multi_prompt: The shots, in order. They belong to `customize_multi_shots`; without it the list is empty
            or absent. At most 6 items.
        elements: Things or persons that keep their looks; name one in the prompt as `@name`. Reference images
            count with them. Fewer are allowed when videos show all or some of them, and beside a reference video.
            At most 7 items.

    Rules:
        Reference images or a reference video are needed.
        `customize_multi_shots` and `prefer_multi_shots` cannot both be true.
        `multi_prompt` must be empty or absent when `customize_multi_shots` is false.
        `multi_prompt` is needed, with at least one shot, when `customize_multi_shots` is true.
        `audio` must be given as false beside a reference video.
        `aspect_ratio` must be given as auto for a reference video without images.
        `aspect_ratio` cannot be auto beside reference images.
        A reference video without images takes no duration and no shots.
        Beside a reference video, reference images and elements together may be at most four.
        `elements` must be empty or absent beside a reference video when `customize_multi_shots` is false.
    """

    info = ModelInfo(
        slug="kling_3_0_omni_reference_to_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="kling-3.0-omni/reference-to-video",
        typical_seconds=(156, None, 1),
    )

    prompt: str
    """What happens in the video. Name an element as `@name`. The text must not be blank. 1 to 3,072 characters."""
    image_urls: tuple[Media, ...] | None = attrs.field(default=None, converter=_Kling30OmniReferenceToVideo_image_urls)
    """Images to take as reference, counted together with the elements that images show. Fewer are allowed beside a
    video, or when videos show other elements. At most 7 items. JPEG or PNG, up to 50 MB each. At least 300 px per
    side; width to height 0.4 to 2.5. URLs or local media."""
    video_urls: tuple[Media, ...] | None = attrs.field(default=None, converter=_Kling30OmniReferenceToVideo_video_urls)
    """Video to take as reference. Exactly 1 item. MP4 or MOV, up to 200 MB each. 3 to 15.5 seconds each. 700 to 4,553
    px per side; at most 8,294,400 pixels; width to height 0.4 to 2; 24 to 60 frames per second. URLs or local
    media."""
    duration: int | None = None
    """Length of the whole video in seconds. The service takes `5` if absent. Not with a video alone. 3 to 15."""
    resolution: Literal["720p", "1080p", "4k"] | None = "720p"
    """Size of the video. Default: "720p"."""
    aspect_ratio: Literal["16:9", "9:16", "1:1", "auto"] | None = None
    """Width to height of the video. A video alone needs `auto`, and nothing else may have it. The service takes `16:9`
    if absent."""
    audio: bool | None = None
    """Whether the video has sound. Beside a reference video it has to be given as false."""
    customize_multi_shots: bool | None = None
    """Whether the video is a sequence of the shots in `multi_prompt`. Not with a video alone."""
    prefer_multi_shots: bool | None = None
    """Whether the model plans shots of its own. Not together with `customize_multi_shots`."""
    multi_prompt: tuple[Kling30OmniReferenceToVideoShot, ...] | None = attrs.field(
        default=None,
        converter=_Kling30OmniReferenceToVideo_multi_prompt,
        metadata={"part": Kling30OmniReferenceToVideoShot},
    )
    """The shots, in order. They belong to `customize_multi_shots`; without it the list is empty or absent. At most 6
    items."""
    elements: tuple[Kling30OmniReferenceToVideoElement, ...] | None = attrs.field(
        default=None,
        converter=_Kling30OmniReferenceToVideo_elements,
        metadata={"part": Kling30OmniReferenceToVideoElement},
    )
    """Things or persons that keep their looks; name one in the prompt as `@name`. Reference images count with them.
    Fewer are allowed when videos show all or some of them, and beside a reference video. At most 7 items."""

    if TYPE_CHECKING:
        Resolution = Literal["720p", "1080p", "4k"]
        AspectRatio = Literal["16:9", "9:16", "1:1", "auto"]
