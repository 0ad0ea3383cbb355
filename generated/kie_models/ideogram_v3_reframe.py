"""ideogram/v3-reframe: the request class, compiled from openapi/models/ideogram/v3-reframe.yaml. Do not edit."""

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
class IdeogramV3Reframe(Request[ImageResult]):
    """Ideogram V3 Reframe, for giving an image another shape by drawing what lies beyond its edges. The vendor sells
    it but no longer documents it.

    Model `ideogram/v3-reframe` by Ideogram: image-edit, image-to-image.
    Facts as of 2025-12-12 (docs.kie.ai/market/ideogram/v3-reframe).

    Args:
        image_url: URL of the image to reshape. JPEG, PNG or WebP, up to 10 MB. A URL or local media.
        image_size: Shape and size of the result. Portrait names give the longer side first, so `portrait_4_3`
            is 3:4 and `portrait_16_9` is 9:16. Default: "square_hd".
        rendering_speed: Trade of speed for quality. `TURBO` is fastest and cheapest, `QUALITY` looks best and
            costs most. Default: "BALANCED".
        style: Kind of look. `AUTO` leaves the choice to the model. Default: "AUTO".
        num_images: How many images to make, as text. Default: "1".
        seed: Seed of the random generator. The same seed and the same input give similar results.
    """

    info = ModelInfo(
        slug="ideogram_v3_reframe",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2025-12-12",
        model="ideogram/v3-reframe",
        status="undocumented",
    )

    image_url: Media
    """URL of the image to reshape. JPEG, PNG or WebP, up to 10 MB. A URL or local media."""
    image_size: (
        Literal["square", "square_hd", "portrait_4_3", "portrait_16_9", "landscape_4_3", "landscape_16_9"] | None
    ) = "square_hd"
    """Shape and size of the result. Portrait names give the longer side first, so `portrait_4_3` is 3:4 and
    `portrait_16_9` is 9:16. Default: "square_hd"."""
    rendering_speed: Literal["TURBO", "BALANCED", "QUALITY"] | None = "BALANCED"
    """Trade of speed for quality. `TURBO` is fastest and cheapest, `QUALITY` looks best and costs most. Default:
    "BALANCED"."""
    style: Literal["AUTO", "GENERAL", "REALISTIC", "DESIGN"] | None = "AUTO"
    """Kind of look. `AUTO` leaves the choice to the model. Default: "AUTO"."""
    num_images: Literal["1", "2", "3", "4"] | None = "1"
    """How many images to make, as text. Default: "1"."""
    seed: int | None = None
    """Seed of the random generator. The same seed and the same input give similar results."""

    if TYPE_CHECKING:
        ImageSize = Literal["square", "square_hd", "portrait_4_3", "portrait_16_9", "landscape_4_3", "landscape_16_9"]
        RenderingSpeed = Literal["TURBO", "BALANCED", "QUALITY"]
        Style = Literal["AUTO", "GENERAL", "REALISTIC", "DESIGN"]
        NumImages = Literal["1", "2", "3", "4"]
