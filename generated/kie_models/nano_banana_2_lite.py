"""nano-banana-2-lite: the request class, compiled from openapi/models/google/nano-banana-2-lite.yaml. Do not edit."""

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


def _NanoBanana2Lite_image_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class NanoBanana2Lite(Request[ImageResult]):
    """Google's Nano Banana 2 Lite, for new images from a prompt and for edits guided by other images.

    Model `nano-banana-2-lite` by Google: text-to-image, image-to-image, image-edit.
    Facts as of 2026-08-19 (docs.kie.ai/market/google/nano-banana-2-lite.md).

    Args:
        prompt: What to draw, or how to change the input images. 1 to 20,000 characters.
        image_urls: Images to edit or to take as reference. Without any, the image is made from the prompt
            alone. At most 10 items. JPEG, PNG or WebP, up to 30 MB each. URLs or local media.
        aspect_ratio: Width to height of the image; `auto` leaves the choice to the service. Default: "auto".
    """

    info = ModelInfo(
        slug="nano_banana_2_lite",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="nano-banana-2-lite",
    )

    prompt: str
    """What to draw, or how to change the input images. 1 to 20,000 characters."""
    image_urls: tuple[Media, ...] | None = attrs.field(default=None, converter=_NanoBanana2Lite_image_urls)
    """Images to edit or to take as reference. Without any, the image is made from the prompt alone. At most 10 items.
    JPEG, PNG or WebP, up to 30 MB each. URLs or local media."""
    aspect_ratio: (
        Literal[
            "1:1", "1:4", "1:8", "2:3", "3:2", "3:4", "4:1", "4:3", "4:5", "5:4", "8:1", "9:16", "16:9", "21:9", "auto"
        ]
        | None
    ) = "auto"
    """Width to height of the image; `auto` leaves the choice to the service. Default: "auto"."""

    if TYPE_CHECKING:
        AspectRatio = Literal[
            "1:1", "1:4", "1:8", "2:3", "3:2", "3:4", "4:1", "4:3", "4:5", "5:4", "8:1", "9:16", "16:9", "21:9", "auto"
        ]
