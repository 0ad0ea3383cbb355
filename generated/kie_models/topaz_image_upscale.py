"""topaz/image-upscale: the request class, compiled from openapi/models/topaz/image-upscale.yaml. Do not edit."""

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
class TopazImageUpscale(Request[ImageResult]):
    """Topaz Image Upscale, for a sharper and up to four times wider and higher copy of an image.

    Model `topaz/image-upscale` by Topaz: upscale.
    Facts as of 2026-08-19 (docs.kie.ai/market/topaz/image-upscale.md).

    Args:
        image_url: URL of the image to enlarge. JPEG, PNG or WebP, up to 10 MB. A URL or local media.
        upscale_factor: By how much width and height grow, as text. The price follows the size of the result.
            Default: "2".
    """

    info = ModelInfo(
        slug="topaz_image_upscale",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="topaz/image-upscale",
    )

    image_url: Media
    """URL of the image to enlarge. JPEG, PNG or WebP, up to 10 MB. A URL or local media."""
    upscale_factor: Literal["1", "2", "4"] | None = "2"
    """By how much width and height grow, as text. The price follows the size of the result. Default: "2"."""

    if TYPE_CHECKING:
        UpscaleFactor = Literal["1", "2", "4"]
