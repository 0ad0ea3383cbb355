"""seedream/5-flash-image-to-image: the request class, compiled from openapi/models/seedream/5-flash-image-to-image.yaml. Do not edit."""

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


def _Seedream5FlashImageToImage_image_urls(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


@attrs.frozen(kw_only=True, repr=False)
class Seedream5FlashImageToImage(Request[ImageResult]):
    """ByteDance's Seedream 5.0 Flash, for new images from other images and a prompt, in up to 2K.

    Model `seedream/5-flash-image-to-image` by ByteDance: image-to-image, image-edit.
    Facts as of 2026-10-07 (docs.kie.ai/market/seedream/5-flash-image-to-image.md).

    Args:
        prompt: What to change or draw. 1 to 5,000 characters.
        image_urls: Images to start from. 1 to 10 items. JPEG or PNG. URLs or local media.
        aspect_ratio: Width to height of the image.
        size: Size of the image. Default: "1K".
        output_format: File format of the image.
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
    """

    info = ModelInfo(
        slug="seedream_5_flash_image_to_image",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-10-07",
        model="seedream/5-flash-image-to-image",
        typical_seconds=(14, None, 1),
    )

    prompt: str
    """What to change or draw. 1 to 5,000 characters."""
    image_urls: tuple[Media, ...] = attrs.field(converter=_Seedream5FlashImageToImage_image_urls)
    """Images to start from. 1 to 10 items. JPEG or PNG. URLs or local media."""
    aspect_ratio: Literal["1:1", "4:3", "3:4", "16:9", "9:16", "2:3", "3:2", "21:9"]
    """Width to height of the image."""
    size: Literal["1K", "1.5K", "2K"] | None = "1K"
    """Size of the image. Default: "1K"."""
    output_format: Literal["png", "jpeg"] | None = None
    """File format of the image."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        AspectRatio = Literal["1:1", "4:3", "3:4", "16:9", "9:16", "2:3", "3:2", "21:9"]
        Size = Literal["1K", "1.5K", "2K"]
        OutputFormat = Literal["png", "jpeg"]
