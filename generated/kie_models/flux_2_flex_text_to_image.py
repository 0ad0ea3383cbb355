"""flux-2/flex-text-to-image: the request class, compiled from openapi/models/flux-2/flex-text-to-image.yaml. Do not edit."""

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
class Flux2FlexTextToImage(Request[ImageResult]):
    """Black Forest Labs' FLUX.2 Flex, for images from a prompt in 1K or 2K.

    Model `flux-2/flex-text-to-image` by Black Forest Labs: text-to-image.
    Facts as of 2026-08-19 (docs.kie.ai/market/flux2/flex-text-to-image.md).

    Args:
        prompt: What to draw. 3 to 5,000 characters.
        aspect_ratio: Width to height of the image. Default: "1:1".
        resolution: Size of the image. Default: "1K".
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
    """

    info = ModelInfo(
        slug="flux_2_flex_text_to_image",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="flux-2/flex-text-to-image",
    )

    prompt: str
    """What to draw. 3 to 5,000 characters."""
    aspect_ratio: Literal["1:1", "4:3", "3:4", "16:9", "9:16", "3:2", "2:3"] | None = "1:1"
    """Width to height of the image. Default: "1:1"."""
    resolution: Literal["1K", "2K"] | None = "1K"
    """Size of the image. Default: "1K"."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        AspectRatio = Literal["1:1", "4:3", "3:4", "16:9", "9:16", "3:2", "2:3"]
        Resolution = Literal["1K", "2K"]
