"""gpt-image/1.5-text-to-image: the request class, compiled from openapi/models/gpt-image/1.5-text-to-image.yaml. Do not edit."""

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
class GptImage15TextToImage(Request[ImageResult]):
    """OpenAI's GPT Image 1.5, for images from a prompt.

    Model `gpt-image/1.5-text-to-image` by OpenAI: text-to-image.
    Facts as of 2026-08-19 (docs.kie.ai/market/gpt-image/1-5-text-to-image.md).

    Args:
        prompt: What to draw.
        aspect_ratio: Width to height of the image. Default: "1:1".
        quality: Care taken with the image. `high` gives more detail and takes longer; `medium` lies between
            speed and detail. Default: "medium".
    """

    info = ModelInfo(
        slug="gpt_image_1_5_text_to_image",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="gpt-image/1.5-text-to-image",
    )

    prompt: str
    """What to draw."""
    aspect_ratio: Literal["1:1", "2:3", "3:2"] | None = "1:1"
    """Width to height of the image. Default: "1:1"."""
    quality: Literal["medium", "high"] | None = "medium"
    """Care taken with the image. `high` gives more detail and takes longer; `medium` lies between speed and detail.
    Default: "medium"."""

    if TYPE_CHECKING:
        AspectRatio = Literal["1:1", "2:3", "3:2"]
        Quality = Literal["medium", "high"]
