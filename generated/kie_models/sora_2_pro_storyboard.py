"""sora-2-pro-storyboard: the request class, compiled from openapi/models/sora/sora-2-pro-storyboard.yaml. Do not edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, Required, TypedDict

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Part, Request, items

if TYPE_CHECKING:
    from kie._core.results import VideoResult
else:
    VideoResult = later("kie._core.results", "VideoResult")


class Sora2ProStoryboardShotDict(TypedDict):
    """One scene of a storyboard and its length.

    The same as `Sora2ProStoryboardShot`, as a plain dict.
    """

    scene: Required[str]
    duration: Required[float]


@attrs.frozen(kw_only=True, repr=False)
class Sora2ProStoryboardShot(Part):
    """One scene of a storyboard and its length.

    Args:
        scene: What happens in the scene.
        duration: Length of the scene in seconds. 0.1 to 15.
    """

    scene: str = attrs.field(metadata={"wire": "Scene"})
    """What happens in the scene."""
    duration: float
    """Length of the scene in seconds. 0.1 to 15."""


def _Sora2ProStoryboard_shots(
    value: Iterable[Sora2ProStoryboardShot | Sora2ProStoryboardShotDict],
) -> tuple[Sora2ProStoryboardShot, ...]:
    return Sora2ProStoryboardShot.many(value)


def _Sora2ProStoryboard_image_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class Sora2ProStoryboard(Request[VideoResult]):
    """OpenAI's Sora 2 Pro Storyboard, for videos made of several scenes. The vendor has withdrawn it.

    Model `sora-2-pro-storyboard` by OpenAI: text-to-video, image-to-video.
    Facts as of 2025-12-12 (docs.kie.ai/market/sora2/sora-2-pro-storyboard).

    Args:
        shots: The scenes in order. Together they must not last longer than `n_frames`. 1 to 10 items.
        n_frames: Length of the whole video in seconds, as text. It does not count frames. Default: "15".
        image_urls: An image to start from. Exactly 1 item. JPEG, PNG or WebP, up to 10 MB each. URLs or local
            media.
        aspect_ratio: Whether the video is upright or wide. Default: "landscape".

    Rules:
        All scenes together may last at most 25 seconds.
    """

    info = ModelInfo(
        slug="sora_2_pro_storyboard",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2025-12-12",
        model="sora-2-pro-storyboard",
        status="retired",
        successors=("kling-3.0/video",),
    )

    shots: tuple[Sora2ProStoryboardShot, ...] = attrs.field(
        converter=_Sora2ProStoryboard_shots, metadata={"part": Sora2ProStoryboardShot}
    )
    """The scenes in order. Together they must not last longer than `n_frames`. 1 to 10 items."""
    n_frames: Literal["10", "15", "25"] | None = "15"
    """Length of the whole video in seconds, as text. It does not count frames. Default: "15"."""
    image_urls: tuple[Media, ...] | None = attrs.field(default=None, converter=_Sora2ProStoryboard_image_urls)
    """An image to start from. Exactly 1 item. JPEG, PNG or WebP, up to 10 MB each. URLs or local media."""
    aspect_ratio: Literal["portrait", "landscape"] | None = "landscape"
    """Whether the video is upright or wide. Default: "landscape"."""

    if TYPE_CHECKING:
        NFrames = Literal["10", "15", "25"]
        AspectRatio = Literal["portrait", "landscape"]
