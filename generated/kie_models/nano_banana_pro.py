"""nano-banana-pro: the request class, compiled from openapi/models/google/nano-banana-pro.yaml. Do not edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request, items

if TYPE_CHECKING:
    from kie._core.results import ImageResult
else:
    ImageResult = later("kie._core.results", "ImageResult")


def _NanoBananaPro_image_input(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class NanoBananaPro(Request[ImageResult]):
    """Google's Nano Banana Pro, for new images from a prompt and for edits guided by other images, in up to 4K.

    Model `nano-banana-pro` by Google: text-to-image, image-to-image, image-edit.
    Facts as of 2026-08-19 (docs.kie.ai/market/google/pro-image-to-image.md).

    Args:
        prompt: What to draw, or how to change the input images. Any language. 1 to 20,000 characters.
        image_input: Images to edit or to take as reference. At most 8 items. JPEG, PNG or WebP, up to 30 MB
            each. URLs or local media.
        aspect_ratio: Width to height of the image; `auto` follows the input image. Default: "1:1".
        resolution: Size of the image. A larger one costs more credits. Default: "1K".
        output_format: File format of the image. Default: "png".
    """

    info = ModelInfo(
        slug="nano_banana_pro",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="nano-banana-pro",
    )

    prompt: str
    """What to draw, or how to change the input images. Any language. 1 to 20,000 characters."""
    image_input: tuple[Media, ...] | None = attrs.field(default=None, converter=_NanoBananaPro_image_input)
    """Images to edit or to take as reference. At most 8 items. JPEG, PNG or WebP, up to 30 MB each. URLs or local
    media."""
    aspect_ratio: Literal["1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9", "auto"] | None = (
        "1:1"
    )
    """Width to height of the image; `auto` follows the input image. Default: "1:1"."""
    resolution: Literal["1K", "2K", "4K"] | None = "1K"
    """Size of the image. A larger one costs more credits. Default: "1K"."""
    output_format: Literal["png", "jpg"] | None = "png"
    """File format of the image. Default: "png"."""

    if TYPE_CHECKING:
        AspectRatio = Literal["1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9", "auto"]
        Resolution = Literal["1K", "2K", "4K"]
        OutputFormat = Literal["png", "jpg"]
