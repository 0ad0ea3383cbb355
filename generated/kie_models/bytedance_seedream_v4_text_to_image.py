"""bytedance/seedream-v4-text-to-image: the request class, compiled from openapi/models/bytedance/seedream-v4-text-to-image.yaml. Do not edit."""

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
class BytedanceSeedreamV4TextToImage(Request[ImageResult]):
    """ByteDance's Seedream 4.0, for images from a prompt in up to 4K, with several results at once.

    Model `bytedance/seedream-v4-text-to-image` by ByteDance: text-to-image.
    Facts as of 2026-08-19 (docs.kie.ai/market/seedream/seedream-v4-text-to-image.md).

    Args:
        prompt: What to draw. 1 to 5,000 characters.
        image_size: Shape of the image. The size in pixels follows from it and `image_resolution`, so 4:3 in 4K
            is 4096 × 3072. Default: "square_hd".
        image_resolution: How large the image is, in the shape of `image_size`. Default: "1K".
        max_images: How many images one run makes at most. The prompt has to name the same number. 1 to 6.
            Default: 1.
        seed: Seed of the random generator. The same seed and the same input give similar results.
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
    """

    info = ModelInfo(
        slug="bytedance_seedream_v4_text_to_image",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="bytedance/seedream-v4-text-to-image",
    )

    prompt: str
    """What to draw. 1 to 5,000 characters."""
    image_size: (
        Literal[
            "square",
            "square_hd",
            "portrait_4_3",
            "portrait_3_2",
            "portrait_16_9",
            "landscape_4_3",
            "landscape_3_2",
            "landscape_16_9",
            "landscape_21_9",
        ]
        | None
    ) = "square_hd"
    """Shape of the image. The size in pixels follows from it and `image_resolution`, so 4:3 in 4K is 4096 × 3072.
    Default: "square_hd"."""
    image_resolution: Literal["1K", "2K", "4K"] | None = "1K"
    """How large the image is, in the shape of `image_size`. Default: "1K"."""
    max_images: int | None = 1
    """How many images one run makes at most. The prompt has to name the same number. 1 to 6. Default: 1."""
    seed: int | None = None
    """Seed of the random generator. The same seed and the same input give similar results."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        ImageSize = Literal[
            "square",
            "square_hd",
            "portrait_4_3",
            "portrait_3_2",
            "portrait_16_9",
            "landscape_4_3",
            "landscape_3_2",
            "landscape_16_9",
            "landscape_21_9",
        ]
        ImageResolution = Literal["1K", "2K", "4K"]
