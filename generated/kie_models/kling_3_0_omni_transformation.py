"""kling-3.0-omni/transformation: the request class, compiled from openapi/models/kling/kling-3.0-omni-transformation.yaml. Do not edit."""

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


def _Kling30OmniTransformationElement_element_input_urls(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


def _Kling30OmniTransformationElement_element_input_audio_urls(
    value: Iterable[Media] | None,
) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


class Kling30OmniTransformationElementDict(TypedDict):
    """Something that the prompt can refer to by name.

    The same as `Kling30OmniTransformationElement`, as a plain dict.
    """

    name: Required[str]
    description: Required[str]
    element_input_urls: Required[Iterable[Media]]
    element_input_audio_urls: NotRequired[Iterable[Media]]


@attrs.frozen(kw_only=True, repr=False)
class Kling30OmniTransformationElement(Part):
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
    element_input_urls: tuple[Media, ...] = attrs.field(converter=_Kling30OmniTransformationElement_element_input_urls)
    """Several images of the element, or a single video; not both kinds. 1 to 4 items. URLs or local media."""
    element_input_audio_urls: tuple[Media, ...] | None = attrs.field(
        default=None, converter=_Kling30OmniTransformationElement_element_input_audio_urls
    )
    """Recordings of the element's voice. URLs or local media."""


def _Kling30OmniTransformation_video_urls(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


def _Kling30OmniTransformation_image_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


def _Kling30OmniTransformation_elements(
    value: Iterable[Kling30OmniTransformationElement | Kling30OmniTransformationElementDict] | None,
) -> tuple[Kling30OmniTransformationElement, ...] | None:
    return Kling30OmniTransformationElement.many(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class Kling30OmniTransformation(Request[VideoResult]):
    """Kling 3.0 Omni, for changing a video as a prompt says, with reference images and with named elements.

    Model `kling-3.0-omni/transformation` by Kling: video-to-video, video-edit.
    Facts as of 2026-10-01 (docs.kie.ai/market/kling/v3-omni-transformation.md).

    Args:
        prompt: How the video changes. Name an element as `@name`. The text must not be blank. 1 to 3,072
            characters.
        video_urls: The video to change. Exactly 1 item. MP4 or MOV, up to 200 MB each. 3 to 15.5 seconds each.
            700 to 4,553 px per side; at most 8,294,400 pixels; width to height 0.4 to 2; 24 to 60 frames per
            second. URLs or local media.
        image_urls: Images to take as reference, counted together with the elements. At most 4 items. JPEG or
            PNG, up to 50 MB each. At least 300 px per side; width to height 0.4 to 2.5. URLs or local media.
        duration: Length of the video in seconds, as text. Only beside `image_urls`.
        resolution: Size of the video. Default: "720p".
        aspect_ratio: Width to height of the video. Without `image_urls` only `auto`, beside them anything else.
        audio: Whether the video has sound.
        elements: Things or persons that keep their looks; name one in the prompt as `@name`. Fewer are allowed
            when videos show all or some of them, and beside `image_urls`, which count with them. At most 7 items.

    Rules:
        `aspect_ratio` can only be auto without reference images.
        `aspect_ratio` cannot be auto beside reference images.
        `image_urls` needs at least one image when `duration` is given.
        `elements` may hold at most three when each has a single URL, a video.
        Reference images and elements together may be at most four.
    """

    info = ModelInfo(
        slug="kling_3_0_omni_transformation",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-10-01",
        model="kling-3.0-omni/transformation",
        typical_seconds=(137, None, 1),
    )

    prompt: str
    """How the video changes. Name an element as `@name`. The text must not be blank. 1 to 3,072 characters."""
    video_urls: tuple[Media, ...] = attrs.field(converter=_Kling30OmniTransformation_video_urls)
    """The video to change. Exactly 1 item. MP4 or MOV, up to 200 MB each. 3 to 15.5 seconds each. 700 to 4,553 px per
    side; at most 8,294,400 pixels; width to height 0.4 to 2; 24 to 60 frames per second. URLs or local media."""
    image_urls: tuple[Media, ...] | None = attrs.field(default=None, converter=_Kling30OmniTransformation_image_urls)
    """Images to take as reference, counted together with the elements. At most 4 items. JPEG or PNG, up to 50 MB each.
    At least 300 px per side; width to height 0.4 to 2.5. URLs or local media."""
    duration: str | None = None
    """Length of the video in seconds, as text. Only beside `image_urls`."""
    resolution: Literal["720p", "1080p", "4k"] | None = "720p"
    """Size of the video. Default: "720p"."""
    aspect_ratio: Literal["16:9", "9:16", "1:1", "auto"] | None = None
    """Width to height of the video. Without `image_urls` only `auto`, beside them anything else."""
    audio: bool | None = None
    """Whether the video has sound."""
    elements: tuple[Kling30OmniTransformationElement, ...] | None = attrs.field(
        default=None, converter=_Kling30OmniTransformation_elements, metadata={"part": Kling30OmniTransformationElement}
    )
    """Things or persons that keep their looks; name one in the prompt as `@name`. Fewer are allowed when videos show
    all or some of them, and beside `image_urls`, which count with them. At most 7 items."""

    if TYPE_CHECKING:
        Resolution = Literal["720p", "1080p", "4k"]
        AspectRatio = Literal["16:9", "9:16", "1:1", "auto"]
