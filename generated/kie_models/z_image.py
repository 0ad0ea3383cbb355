"""z-image: the request class, compiled from openapi/models/z-image/z-image.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Request

if TYPE_CHECKING:
    from kie._core.results import ImageResult
else:
    ImageResult = later("kie._core.results", "ImageResult")


@attrs.frozen(kw_only=True, repr=False)
class ZImage(Request[ImageResult]):
    """Alibaba's Z-Image, for images from a prompt.

    Model `z-image` by Alibaba: text-to-image.
    Facts as of 2026-08-19 (docs.kie.ai/market/z-image/z-image.md).

    Args:
        prompt: What to draw. 1 to 1,000 characters.
        aspect_ratio: Width to height of the image. Default: "1:1".
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
        enable_safety_checker: Former name of `nsfw_checker`. Not in the vendor's documentation; seen accepted:
            programs in production; it is the former name of nsfw_checker.
    """

    info = ModelInfo(
        slug="z_image", package="kie_models", lifecycle="jobs", result="image", captured="2026-08-19", model="z-image"
    )

    prompt: str
    """What to draw. 1 to 1,000 characters."""
    aspect_ratio: Literal["1:1", "4:3", "3:4", "16:9", "9:16"] | None = "1:1"
    """Width to height of the image. Default: "1:1"."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""
    enable_safety_checker: bool | None = None
    """Former name of `nsfw_checker`. Not in the vendor's documentation; seen accepted: programs in production; it is
    the former name of nsfw_checker."""

    if TYPE_CHECKING:
        AspectRatio = Literal["1:1", "4:3", "3:4", "16:9", "9:16"]
