"""qwen/image-to-image: the request class, compiled from openapi/models/qwen/image-to-image.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request

if TYPE_CHECKING:
    from kie._core.results import ImageResult
else:
    ImageResult = later("kie._core.results", "ImageResult")


@attrs.frozen(kw_only=True, repr=False)
class QwenImageToImage(Request[ImageResult]):
    """Alibaba's Qwen Image, for new images that start from an existing one and follow a prompt.

    Model `qwen/image-to-image` by Alibaba: image-to-image.
    Facts as of 2026-08-19 (docs.kie.ai/market/qwen/image-to-image.md).

    Args:
        prompt: What the new image shows. May be empty. At most 5,000 characters.
        image_url: URL of the image to start from. JPEG, PNG or WebP, up to 10 MB. A URL or local media.
        strength: How far the result leaves the input image. `0` keeps it as it is, `1` keeps nothing of it. 0
            to 1. Default: 0.8.
        output_format: File format of the image. Default: "png".
        acceleration: How much quality is given up for speed. `regular` balances the two, `high` suits images
            without text. Default: "none".
        negative_prompt: What to keep out of the image. At most 500 characters.
        seed: Seed of the random generator. The same seed, prompt and version of the model give the same image.
        num_inference_steps: How many steps the model takes. More of them take longer. 2 to 250. Default: 30.
        guidance_scale: How closely the image follows the prompt. Low values follow it loosely, high ones
            strictly. 0 to 20. Default: 2.5.
        enable_safety_checker: Whether the model's own safety check is on. Only an explicit false turns it off.
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
    """

    info = ModelInfo(
        slug="qwen_image_to_image",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="qwen/image-to-image",
    )

    prompt: str
    """What the new image shows. May be empty. At most 5,000 characters."""
    image_url: Media
    """URL of the image to start from. JPEG, PNG or WebP, up to 10 MB. A URL or local media."""
    strength: float | None = 0.8
    """How far the result leaves the input image. `0` keeps it as it is, `1` keeps nothing of it. 0 to 1. Default: 0.8."""
    output_format: Literal["png", "jpeg"] | None = "png"
    """File format of the image. Default: "png"."""
    acceleration: Literal["none", "regular", "high"] | None = "none"
    """How much quality is given up for speed. `regular` balances the two, `high` suits images without text. Default:
    "none"."""
    negative_prompt: str | None = None
    """What to keep out of the image. At most 500 characters."""
    seed: int | None = None
    """Seed of the random generator. The same seed, prompt and version of the model give the same image."""
    num_inference_steps: int | None = 30
    """How many steps the model takes. More of them take longer. 2 to 250. Default: 30."""
    guidance_scale: float | None = 2.5
    """How closely the image follows the prompt. Low values follow it loosely, high ones strictly. 0 to 20. Default:
    2.5."""
    enable_safety_checker: bool | None = None
    """Whether the model's own safety check is on. Only an explicit false turns it off."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        OutputFormat = Literal["png", "jpeg"]
        Acceleration = Literal["none", "regular", "high"]
