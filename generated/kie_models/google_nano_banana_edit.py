"""google/nano-banana-edit: the request class, compiled from openapi/models/google/nano-banana-edit.yaml. Do not edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request, default_unless, items

if TYPE_CHECKING:
    from kie._core.results import ImageResult
else:
    ImageResult = later("kie._core.results", "ImageResult")


def _GoogleNanoBananaEdit_image_urls(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


@attrs.frozen(kw_only=True, repr=False)
class GoogleNanoBananaEdit(Request[ImageResult]):
    """Google's Nano Banana, for changing or combining images as a prompt says.

    Model `google/nano-banana-edit` by Google: image-edit, image-to-image.
    Facts as of 2026-08-19 (docs.kie.ai/market/google/nano-banana-edit.md).

    Args:
        prompt: What to change. 1 to 5,000 characters.
        image_urls: Images to edit. 1 to 10 items. JPEG, PNG or WebP, up to 10 MB each. URLs or local media.
        output_format: File format of the image. Default: "png".
        image_size: Former name of `aspect_ratio`; use that one instead. Deprecated.
        aspect_ratio: Width to height of the image; `auto` leaves the choice to the service. Default: "1:1", if
            `image_size` is absent.

    Advice (a warning, never a refusal):
        `output_format` jpeg was refused in 2026-03, where jpg was taken; png is sure.
        `image_size` is the former name of `aspect_ratio`: give one of them.
    """

    info = ModelInfo(
        slug="google_nano_banana_edit",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="google/nano-banana-edit",
    )

    prompt: str
    """What to change. 1 to 5,000 characters."""
    image_urls: tuple[Media, ...] = attrs.field(converter=_GoogleNanoBananaEdit_image_urls)
    """Images to edit. 1 to 10 items. JPEG, PNG or WebP, up to 10 MB each. URLs or local media."""
    output_format: Literal["png", "jpeg"] | None = "png"
    """File format of the image. Default: "png"."""
    image_size: Literal["1:1", "9:16", "16:9", "3:4", "4:3", "3:2", "2:3", "5:4", "4:5", "21:9", "auto"] | None = None
    """Former name of `aspect_ratio`; use that one instead. Deprecated."""
    aspect_ratio: Literal["1:1", "9:16", "16:9", "3:4", "4:3", "3:2", "2:3", "5:4", "4:5", "21:9", "auto"] | None = (
        default_unless("1:1", "image_size")
    )
    """Width to height of the image; `auto` leaves the choice to the service. Default: "1:1", if `image_size` is
    absent."""

    if TYPE_CHECKING:
        OutputFormat = Literal["png", "jpeg"]
        ImageSize = Literal["1:1", "9:16", "16:9", "3:4", "4:3", "3:2", "2:3", "5:4", "4:5", "21:9", "auto"]
        AspectRatio = Literal["1:1", "9:16", "16:9", "3:4", "4:3", "3:2", "2:3", "5:4", "4:5", "21:9", "auto"]
