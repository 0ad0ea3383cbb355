"""pixverse-v6/reference-to-video: the request class, compiled from openapi/models/pixverse-v6/reference-to-video.yaml. Do not edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, NotRequired, Required, TypedDict

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Part, Request

if TYPE_CHECKING:
    from kie._core.results import VideoResult
else:
    VideoResult = later("kie._core.results", "VideoResult")


class PixverseV6ReferenceToVideoImageReferenceDict(TypedDict):
    """An image to take as reference, and the part it plays.

    The same as `PixverseV6ReferenceToVideoImageReference`, as a plain dict.
    """

    image_url: Required[Media]
    type: NotRequired[Literal["subject", "background"]]
    ref_name: NotRequired[str]


@attrs.frozen(kw_only=True, repr=False)
class PixverseV6ReferenceToVideoImageReference(Part):
    """An image to take as reference, and the part it plays.

    Args:
        image_url: URL of the image. A URL or local media.
        type: What the image stands for, a person or thing (`subject`) or the setting (`background`). Default:
            "subject".
        ref_name: Name of the image. The prompt refers to it as `@` and the name. 1 to 30 characters.
    """

    image_url: Media
    """URL of the image. A URL or local media."""
    type: Literal["subject", "background"] | None = "subject"
    """What the image stands for, a person or thing (`subject`) or the setting (`background`). Default: "subject"."""
    ref_name: str | None = None
    """Name of the image. The prompt refers to it as `@` and the name. 1 to 30 characters."""

    if TYPE_CHECKING:
        Type = Literal["subject", "background"]


def _PixverseV6ReferenceToVideo_image_references(
    value: Iterable[PixverseV6ReferenceToVideoImageReference | PixverseV6ReferenceToVideoImageReferenceDict],
) -> tuple[PixverseV6ReferenceToVideoImageReference, ...]:
    return PixverseV6ReferenceToVideoImageReference.many(value)


@attrs.frozen(kw_only=True, repr=False)
class PixverseV6ReferenceToVideo(Request[VideoResult]):
    """PixVerse V6, for videos with the subjects and backgrounds of reference images.

    Model `pixverse-v6/reference-to-video` by PixVerse: reference-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/cnmarket/pixverse/reference-to-video.md).

    Args:
        prompt: What happens in the video. Name a reference as `@` and its `ref_name`. 3 to 5,000 characters.
        image_references: The images to take as reference. 1 to 7 items.
        aspect_ratio: Width to height of the video. Default: "16:9".
        quality: Size of the video. Default: "720p".
        duration: Length of the video in seconds. 1 to 15. Default: 5.
        generate_audio_switch: Whether the video has sound that fits the picture. Default: false.
        seed: Seed of the random generator. The same seed and input give similar videos. 0 to 2,147,483,647.
    """

    info = ModelInfo(
        slug="pixverse_v6_reference_to_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="pixverse-v6/reference-to-video",
        typical_seconds=(32, None, 1),
    )

    prompt: str
    """What happens in the video. Name a reference as `@` and its `ref_name`. 3 to 5,000 characters."""
    image_references: tuple[PixverseV6ReferenceToVideoImageReference, ...] = attrs.field(
        converter=_PixverseV6ReferenceToVideo_image_references,
        metadata={"part": PixverseV6ReferenceToVideoImageReference},
    )
    """The images to take as reference. 1 to 7 items."""
    aspect_ratio: Literal["16:9", "4:3", "1:1", "3:4", "9:16", "2:3", "3:2", "21:9"] | None = "16:9"
    """Width to height of the video. Default: "16:9"."""
    quality: Literal["360p", "540p", "720p", "1080p"] | None = "720p"
    """Size of the video. Default: "720p"."""
    duration: int | None = 5
    """Length of the video in seconds. 1 to 15. Default: 5."""
    generate_audio_switch: bool | None = False
    """Whether the video has sound that fits the picture. Default: false."""
    seed: int | None = None
    """Seed of the random generator. The same seed and input give similar videos. 0 to 2,147,483,647."""

    if TYPE_CHECKING:
        AspectRatio = Literal["16:9", "4:3", "1:1", "3:4", "9:16", "2:3", "3:2", "21:9"]
        Quality = Literal["360p", "540p", "720p", "1080p"]
