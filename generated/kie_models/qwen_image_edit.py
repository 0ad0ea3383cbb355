"""qwen/image-edit: the request class, compiled from openapi/models/qwen/image-edit.yaml. Do not edit."""

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
class QwenImageEdit(Request[ImageResult]):
    """Alibaba's Qwen Image Edit, for changing an image as a prompt says.

    Model `qwen/image-edit` by Alibaba: image-edit, image-to-image.
    Facts as of 2026-08-19 (docs.kie.ai/market/qwen/image-edit.md).

    Args:
        prompt: What to change. May be empty. At most 2,000 characters.
        image_url: URL of the image to edit. JPEG, PNG or WebP, up to 10 MB. A URL or local media.
        acceleration: How much quality is given up for speed. `regular` balances the two, `high` suits images
            without text. Default: "none".
        image_size: Shape and size of the image. Portrait names give the longer side first, so `portrait_4_3` is
            3:4 and `portrait_16_9` is 9:16. Default: "landscape_4_3".
        num_inference_steps: How many steps the model takes. More of them take longer. 2 to 49. Default: 25.
        seed: Seed of the random generator. The same seed, prompt and version of the model give the same image.
        guidance_scale: How closely the image follows the prompt. Low values follow it loosely, high ones
            strictly. 0 to 20. Default: 4.
        sync_mode: Whether the service keeps the request open until the image is there and puts it into the
            reply. Slower to answer.
        num_images: How many images to make, as text.
        enable_safety_checker: Whether the model's own safety check is on. Default: true.
        output_format: File format of the image. Default: "png".
        negative_prompt: What to keep out of the image. At most 500 characters.
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
    """

    info = ModelInfo(
        slug="qwen_image_edit",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="qwen/image-edit",
    )

    prompt: str
    """What to change. May be empty. At most 2,000 characters."""
    image_url: Media
    """URL of the image to edit. JPEG, PNG or WebP, up to 10 MB. A URL or local media."""
    acceleration: Literal["none", "regular", "high"] | None = "none"
    """How much quality is given up for speed. `regular` balances the two, `high` suits images without text. Default:
    "none"."""
    image_size: (
        Literal["square", "square_hd", "portrait_4_3", "portrait_16_9", "landscape_4_3", "landscape_16_9"] | None
    ) = "landscape_4_3"
    """Shape and size of the image. Portrait names give the longer side first, so `portrait_4_3` is 3:4 and
    `portrait_16_9` is 9:16. Default: "landscape_4_3"."""
    num_inference_steps: int | None = 25
    """How many steps the model takes. More of them take longer. 2 to 49. Default: 25."""
    seed: int | None = None
    """Seed of the random generator. The same seed, prompt and version of the model give the same image."""
    guidance_scale: float | None = 4
    """How closely the image follows the prompt. Low values follow it loosely, high ones strictly. 0 to 20. Default: 4."""
    sync_mode: bool | None = None
    """Whether the service keeps the request open until the image is there and puts it into the reply. Slower to
    answer."""
    num_images: Literal["1", "2", "3", "4"] | None = None
    """How many images to make, as text."""
    enable_safety_checker: bool | None = True
    """Whether the model's own safety check is on. Default: true."""
    output_format: Literal["jpeg", "png"] | None = "png"
    """File format of the image. Default: "png"."""
    negative_prompt: str | None = None
    """What to keep out of the image. At most 500 characters."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        Acceleration = Literal["none", "regular", "high"]
        ImageSize = Literal["square", "square_hd", "portrait_4_3", "portrait_16_9", "landscape_4_3", "landscape_16_9"]
        NumImages = Literal["1", "2", "3", "4"]
        OutputFormat = Literal["jpeg", "png"]
