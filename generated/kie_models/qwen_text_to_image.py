"""qwen/text-to-image: the request class, compiled from openapi/models/qwen/text-to-image.yaml. Do not edit."""

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
class QwenTextToImage(Request[ImageResult]):
    """Alibaba's Qwen Image, for images from a prompt.

    Model `qwen/text-to-image` by Alibaba: text-to-image.
    Facts as of 2026-08-19 (docs.kie.ai/market/qwen/text-to-image.md).

    Args:
        prompt: What to draw. May be empty. At most 5,000 characters.
        image_size: Shape and size of the image. Portrait names give the longer side first, so `portrait_4_3` is
            3:4 and `portrait_16_9` is 9:16. Default: "square_hd".
        num_inference_steps: How many steps the model takes. More of them take longer. 2 to 250. Default: 30.
        seed: Seed of the random generator. The same seed, prompt and version of the model give the same image.
        guidance_scale: How closely the image follows the prompt. Low values follow it loosely, high ones
            strictly. 0 to 20. Default: 2.5.
        enable_safety_checker: Whether the model's own safety check is on. Only an explicit false turns it off.
        output_format: File format of the image. Default: "png".
        negative_prompt: What to keep out of the image. At most 500 characters.
        acceleration: How much quality is given up for speed. `regular` balances the two, `high` suits images
            without text. Default: "none".
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
    """

    info = ModelInfo(
        slug="qwen_text_to_image",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="qwen/text-to-image",
    )

    prompt: str
    """What to draw. May be empty. At most 5,000 characters."""
    image_size: (
        Literal["square", "square_hd", "portrait_4_3", "portrait_16_9", "landscape_4_3", "landscape_16_9"] | None
    ) = "square_hd"
    """Shape and size of the image. Portrait names give the longer side first, so `portrait_4_3` is 3:4 and
    `portrait_16_9` is 9:16. Default: "square_hd"."""
    num_inference_steps: int | None = 30
    """How many steps the model takes. More of them take longer. 2 to 250. Default: 30."""
    seed: int | None = None
    """Seed of the random generator. The same seed, prompt and version of the model give the same image."""
    guidance_scale: float | None = 2.5
    """How closely the image follows the prompt. Low values follow it loosely, high ones strictly. 0 to 20. Default:
    2.5."""
    enable_safety_checker: bool | None = None
    """Whether the model's own safety check is on. Only an explicit false turns it off."""
    output_format: Literal["png", "jpeg"] | None = "png"
    """File format of the image. Default: "png"."""
    negative_prompt: str | None = None
    """What to keep out of the image. At most 500 characters."""
    acceleration: Literal["none", "regular", "high"] | None = "none"
    """How much quality is given up for speed. `regular` balances the two, `high` suits images without text. Default:
    "none"."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        ImageSize = Literal["square", "square_hd", "portrait_4_3", "portrait_16_9", "landscape_4_3", "landscape_16_9"]
        OutputFormat = Literal["png", "jpeg"]
        Acceleration = Literal["none", "regular", "high"]
