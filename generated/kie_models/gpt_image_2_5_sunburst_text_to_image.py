"""gpt-image-2-5-sunburst-text-to-image: the request class, compiled from openapi/models/gpt-image/gpt-image-2-5-sunburst-text-to-image.yaml. Do not edit."""

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
class GptImage25SunburstTextToImage(Request[ImageResult]):
    """OpenAI's GPT Image 2.5 Sunburst, one of its two variants, for images from a prompt in up to 4K.

    Model `gpt-image-2-5-sunburst-text-to-image` by OpenAI: text-to-image.
    Facts as of 2026-10-01 (docs.kie.ai/market/gpt/gpt-image-2-5-sunburst-text-to-image.md).

    Args:
        prompt: What to draw. 1 to 20,000 characters.
        aspect_ratio: Width to height of the image; `auto` leaves the choice to the model. With `27:16`,
            `16:27`, `9:8` or `8:9` the image is 1K. Default: "auto".
        resolution: Size of the image. If absent, it is `1K`.
        background: What is behind the subject; `transparent` leaves it out, `auto` leaves the choice to the
            model.

    Rules:
        `resolution` must be 1K when `aspect_ratio` is 27:16, 16:27, 9:8 or 8:9.
    """

    info = ModelInfo(
        slug="gpt_image_2_5_sunburst_text_to_image",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-10-01",
        model="gpt-image-2-5-sunburst-text-to-image",
        typical_seconds=(69, None, 1),
    )

    prompt: str
    """What to draw. 1 to 20,000 characters."""
    aspect_ratio: (
        Literal["auto", "1:1", "3:2", "2:3", "4:3", "3:4", "16:9", "9:16", "21:9", "27:16", "16:27", "9:8", "8:9"]
        | None
    ) = "auto"
    """Width to height of the image; `auto` leaves the choice to the model. With `27:16`, `16:27`, `9:8` or `8:9` the
    image is 1K. Default: "auto"."""
    resolution: Literal["1K", "2K", "4K"] | None = None
    """Size of the image. If absent, it is `1K`."""
    background: Literal["transparent", "opaque", "auto"] | None = None
    """What is behind the subject; `transparent` leaves it out, `auto` leaves the choice to the model."""

    if TYPE_CHECKING:
        AspectRatio = Literal[
            "auto", "1:1", "3:2", "2:3", "4:3", "3:4", "16:9", "9:16", "21:9", "27:16", "16:27", "9:8", "8:9"
        ]
        Resolution = Literal["1K", "2K", "4K"]
        Background = Literal["transparent", "opaque", "auto"]
