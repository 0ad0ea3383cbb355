"""nano-banana-2: the request class, compiled from openapi/models/google/nano-banana-2.yaml. Do not edit."""

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


def _GoogleNanoBanana2_image_input(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class GoogleNanoBanana2(Request[ImageResult]):
    """Google's Nano Banana 2, for new images from a prompt and for edits guided by other images, in up to 4K.

    Model `nano-banana-2` by Google: text-to-image, image-to-image, image-edit.
    Facts as of 2026-08-19 (docs.kie.ai/market/google/nanobanana2.md).

    Args:
        prompt: What to draw, or how to change the input images. 1 to 20,000 characters.
        image_input: Images to edit or to take as reference. May be empty. At most 14 items. JPEG, PNG or WebP,
            up to 30 MB each. URLs or local media.
        aspect_ratio: Width to height of the image; `auto` leaves the choice to the service. Default: "auto".
        resolution: Size of the image. Default: "1K".
        output_format: File format of the image. Default: "jpg".
        google_search: Whether the model may search the web for what the prompt mentions. On a page until
            spring; the vendor dropped it. Not in the vendor's documentation; seen accepted: several programs in
            production (2026-06 to 2026-08).
    """

    info = ModelInfo(
        slug="nano_banana_2",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="nano-banana-2",
    )

    prompt: str
    """What to draw, or how to change the input images. 1 to 20,000 characters."""
    image_input: tuple[Media, ...] | None = attrs.field(default=None, converter=_GoogleNanoBanana2_image_input)
    """Images to edit or to take as reference. May be empty. At most 14 items. JPEG, PNG or WebP, up to 30 MB each.
    URLs or local media."""
    aspect_ratio: (
        Literal[
            "1:1", "2:3", "3:2", "1:4", "4:1", "3:4", "4:3", "4:5", "5:4", "1:8", "8:1", "9:16", "16:9", "21:9", "auto"
        ]
        | None
    ) = "auto"
    """Width to height of the image; `auto` leaves the choice to the service. Default: "auto"."""
    resolution: Literal["1K", "2K", "4K"] | None = "1K"
    """Size of the image. Default: "1K"."""
    output_format: Literal["png", "jpg"] | None = "jpg"
    """File format of the image. Default: "jpg"."""
    google_search: bool | None = None
    """Whether the model may search the web for what the prompt mentions. On a page until spring; the vendor dropped
    it. Not in the vendor's documentation; seen accepted: several programs in production (2026-06 to 2026-08)."""

    if TYPE_CHECKING:
        AspectRatio = Literal[
            "1:1", "2:3", "3:2", "1:4", "4:1", "3:4", "4:3", "4:5", "5:4", "1:8", "8:1", "9:16", "16:9", "21:9", "auto"
        ]
        Resolution = Literal["1K", "2K", "4K"]
        OutputFormat = Literal["png", "jpg"]
