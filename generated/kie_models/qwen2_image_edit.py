"""qwen2/image-edit: the request class, compiled from openapi/models/qwen2/image-edit.yaml. Do not edit."""

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
class Qwen2ImageEdit(Request[ImageResult]):
    """Alibaba's Qwen Image 2, for changing an image as a prompt says.

    Model `qwen2/image-edit` by Alibaba: image-edit, image-to-image.
    Facts as of 2026-08-19 (docs.kie.ai/market/qwen2/image-edit.md).

    Args:
        prompt: What to change. May be empty. At most 800 characters.
        image_url: URL of the image to edit. JPEG, PNG or WebP, up to 10 MB. A URL or local media.
        image_size: Width to height of the new image. Default: "16:9".
        seed: Seed of the random generator. The same seed, prompt and version of the model give the same image.
        output_format: File format of the image. Default: "png".
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
    """

    info = ModelInfo(
        slug="qwen2_image_edit",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="qwen2/image-edit",
    )

    prompt: str
    """What to change. May be empty. At most 800 characters."""
    image_url: Media
    """URL of the image to edit. JPEG, PNG or WebP, up to 10 MB. A URL or local media."""
    image_size: Literal["1:1", "2:3", "3:2", "3:4", "4:3", "9:16", "16:9", "21:9"] | None = "16:9"
    """Width to height of the new image. Default: "16:9"."""
    seed: int | None = None
    """Seed of the random generator. The same seed, prompt and version of the model give the same image."""
    output_format: Literal["jpeg", "png"] | None = "png"
    """File format of the image. Default: "png"."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        ImageSize = Literal["1:1", "2:3", "3:2", "3:4", "4:3", "9:16", "16:9", "21:9"]
        OutputFormat = Literal["jpeg", "png"]
