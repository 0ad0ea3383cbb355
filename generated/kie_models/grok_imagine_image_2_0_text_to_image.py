"""grok-imagine-image-2-0/text-to-image: the request class, compiled from openapi/models/grok-imagine-image-2-0/text-to-image.yaml. Do not edit."""

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
class GrokImagineImage20TextToImage(Request[ImageResult]):
    """xAI's Grok Imagine Image 2.0, for images from a prompt, which can be edited part by part afterwards.

    Model `grok-imagine-image-2-0/text-to-image` by xAI: text-to-image.
    Facts as of 2026-08-19 (docs.kie.ai/market/grok-imagine-image-2-0/text-to-image.md).

    Args:
        prompt: What to draw.
        aspect_ratio: Width to height of the image.
    """

    info = ModelInfo(
        slug="grok_imagine_image_2_0_text_to_image",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="grok-imagine-image-2-0/text-to-image",
    )

    prompt: str
    """What to draw."""
    aspect_ratio: Literal["1:1", "2:3", "3:2", "16:9", "9:16"]
    """Width to height of the image."""

    if TYPE_CHECKING:
        AspectRatio = Literal["1:1", "2:3", "3:2", "16:9", "9:16"]
