"""gpt-image/1.5-image-to-image: the request class, compiled from openapi/models/gpt-image/1.5-image-to-image.yaml. Do not edit."""

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


def _GptImage15ImageToImage_input_urls(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


@attrs.frozen(kw_only=True, repr=False)
class GptImage15ImageToImage(Request[ImageResult]):
    """OpenAI's GPT Image 1.5, for changing or combining images as a prompt says.

    Model `gpt-image/1.5-image-to-image` by OpenAI: image-to-image, image-edit.
    Facts as of 2026-08-19 (docs.kie.ai/market/gpt-image/1-5-image-to-image.md).

    Args:
        input_urls: Images to work from. 1 to 16 items. JPEG, PNG or WebP, up to 10 MB each. URLs or local
            media.
        prompt: What to make of the input images.
        aspect_ratio: Width to height of the image. Default: "3:2".
        quality: Care taken with the image. `high` gives more detail and takes longer; `medium` lies between
            speed and detail. Default: "medium".
    """

    info = ModelInfo(
        slug="gpt_image_1_5_image_to_image",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="gpt-image/1.5-image-to-image",
    )

    input_urls: tuple[Media, ...] = attrs.field(converter=_GptImage15ImageToImage_input_urls)
    """Images to work from. 1 to 16 items. JPEG, PNG or WebP, up to 10 MB each. URLs or local media."""
    prompt: str
    """What to make of the input images."""
    aspect_ratio: Literal["1:1", "2:3", "3:2"] | None = "3:2"
    """Width to height of the image. Default: "3:2"."""
    quality: Literal["medium", "high"] | None = "medium"
    """Care taken with the image. `high` gives more detail and takes longer; `medium` lies between speed and detail.
    Default: "medium"."""

    if TYPE_CHECKING:
        AspectRatio = Literal["1:1", "2:3", "3:2"]
        Quality = Literal["medium", "high"]
