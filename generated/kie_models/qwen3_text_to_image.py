"""qwen3/text-to-image: the request class, compiled from openapi/models/qwen3/text-to-image.yaml. Do not edit."""

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
class Qwen3TextToImage(Request[ImageResult]):
    """Alibaba's Qwen 3, for images from a prompt in 1K or 2K.

    Model `qwen3/text-to-image` by Alibaba: text-to-image.
    Facts as of 2026-08-19 (docs.kie.ai/market/qwen3/text-to-image.md).

    Args:
        prompt: What to draw, in Chinese or English. May be empty. At most 5,000 characters.
        resolution: Size of the image.
        image_size: Width to height of the image. Default: "16:9".
        output_format: File format of the image. Default: "png".
        prompt_extend: Whether the service rewrites the prompt in more detail first. It helps short prompts
            most. Default: true.
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
        negative_prompt: What to keep out of the image. At most 5,000 characters.
        seed: Seed of the random generator. The same seed and input give similar images. 0 to 2,147,483,647.
    """

    info = ModelInfo(
        slug="qwen3_text_to_image",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="qwen3/text-to-image",
    )

    prompt: str
    """What to draw, in Chinese or English. May be empty. At most 5,000 characters."""
    resolution: Literal["1K", "2K"] | None = None
    """Size of the image."""
    image_size: Literal["1:1", "3:2", "2:3", "4:3", "3:4", "16:9", "9:16", "21:9"] | None = "16:9"
    """Width to height of the image. Default: "16:9"."""
    output_format: Literal["png", "jpeg"] | None = "png"
    """File format of the image. Default: "png"."""
    prompt_extend: bool | None = True
    """Whether the service rewrites the prompt in more detail first. It helps short prompts most. Default: true."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""
    negative_prompt: str | None = None
    """What to keep out of the image. At most 5,000 characters."""
    seed: int | None = None
    """Seed of the random generator. The same seed and input give similar images. 0 to 2,147,483,647."""

    if TYPE_CHECKING:
        Resolution = Literal["1K", "2K"]
        ImageSize = Literal["1:1", "3:2", "2:3", "4:3", "3:4", "16:9", "9:16", "21:9"]
        OutputFormat = Literal["png", "jpeg"]
