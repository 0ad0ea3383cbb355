"""seedream/5-pro-text-to-image: the request class, compiled from openapi/models/seedream/5-pro-text-to-image.yaml. Do not edit."""

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
class Seedream5ProTextToImage(Request[ImageResult]):
    """ByteDance's Seedream 5.0 Pro, for images from a prompt in 1K or 2K.

    Model `seedream/5-pro-text-to-image` by ByteDance: text-to-image.
    Facts as of 2026-08-19 (docs.kie.ai/market/seedream/5-pro-text-to-image.md).

    Args:
        prompt: What to draw. 3 to 5,000 characters.
        aspect_ratio: Width to height of the image. Default: "1:1".
        quality: Size of the image. `basic` is 1K, `high` is 2K. Default: "basic".
        output_format: File format of the image. Default: "png".
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
    """

    info = ModelInfo(
        slug="seedream_5_pro_text_to_image",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="seedream/5-pro-text-to-image",
    )

    prompt: str
    """What to draw. 3 to 5,000 characters."""
    aspect_ratio: Literal["1:1", "4:3", "3:4", "16:9", "9:16", "2:3", "3:2", "21:9"] | None = "1:1"
    """Width to height of the image. Default: "1:1"."""
    quality: Literal["basic", "high"] | None = "basic"
    """Size of the image. `basic` is 1K, `high` is 2K. Default: "basic"."""
    output_format: Literal["png", "jpeg"] | None = "png"
    """File format of the image. Default: "png"."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        AspectRatio = Literal["1:1", "4:3", "3:4", "16:9", "9:16", "2:3", "3:2", "21:9"]
        Quality = Literal["basic", "high"]
        OutputFormat = Literal["png", "jpeg"]
