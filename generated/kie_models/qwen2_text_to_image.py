"""qwen2/text-to-image: the request class, compiled from openapi/models/qwen2/text-to-image.yaml. Do not edit."""

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
class Qwen2TextToImage(Request[ImageResult]):
    """Alibaba's Qwen Image 2, for images from a prompt.

    Model `qwen2/text-to-image` by Alibaba: text-to-image.
    Facts as of 2026-08-19 (docs.kie.ai/market/qwen2/text-to-image.md).

    Args:
        prompt: What to draw. May be empty. At most 800 characters.
        image_size: Width to height of the image. Default: "16:9".
        seed: Seed of the random generator. The same seed, prompt and version of the model give the same image.
        output_format: File format of the image. Default: "png".
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
    """

    info = ModelInfo(
        slug="qwen2_text_to_image",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="qwen2/text-to-image",
    )

    prompt: str
    """What to draw. May be empty. At most 800 characters."""
    image_size: Literal["1:1", "3:4", "4:3", "9:16", "16:9"] | None = "16:9"
    """Width to height of the image. Default: "16:9"."""
    seed: int | None = None
    """Seed of the random generator. The same seed, prompt and version of the model give the same image."""
    output_format: Literal["jpeg", "png"] | None = "png"
    """File format of the image. Default: "png"."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        ImageSize = Literal["1:1", "3:4", "4:3", "9:16", "16:9"]
        OutputFormat = Literal["jpeg", "png"]
