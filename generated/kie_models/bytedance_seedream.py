"""bytedance/seedream: the request class, compiled from openapi/models/bytedance/seedream.yaml. Do not edit."""

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
class BytedanceSeedream(Request[ImageResult]):
    """ByteDance's Seedream 3.0, for images from a prompt.

    Model `bytedance/seedream` by ByteDance: text-to-image.
    Facts as of 2026-08-19 (docs.kie.ai/market/seedream/seedream.md).

    Args:
        prompt: What to draw. 1 to 5,000 characters.
        image_size: Shape and size of the image. Default: "square_hd".
        guidance_scale: How closely the image keeps to the prompt. A larger value keeps closer. 1 to 10.
            Default: 2.5.
        seed: Seed of the random generator. The same seed and the same input give similar results.
    """

    info = ModelInfo(
        slug="bytedance_seedream",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="bytedance/seedream",
    )

    prompt: str
    """What to draw. 1 to 5,000 characters."""
    image_size: (
        Literal["square", "square_hd", "portrait_4_3", "portrait_16_9", "landscape_4_3", "landscape_16_9"] | None
    ) = "square_hd"
    """Shape and size of the image. Default: "square_hd"."""
    guidance_scale: float | None = 2.5
    """How closely the image keeps to the prompt. A larger value keeps closer. 1 to 10. Default: 2.5."""
    seed: int | None = None
    """Seed of the random generator. The same seed and the same input give similar results."""

    if TYPE_CHECKING:
        ImageSize = Literal["square", "square_hd", "portrait_4_3", "portrait_16_9", "landscape_4_3", "landscape_16_9"]
