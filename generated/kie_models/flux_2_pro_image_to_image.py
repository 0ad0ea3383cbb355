"""flux-2/pro-image-to-image: the request class, compiled from openapi/models/flux-2/pro-image-to-image.yaml. Do not edit."""

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


def _Flux2ProImageToImage_input_urls(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


@attrs.frozen(kw_only=True, repr=False)
class Flux2ProImageToImage(Request[ImageResult]):
    """Black Forest Labs' FLUX.2 Pro, for images in 1K or 2K that combine or change input images as a prompt says.

    Model `flux-2/pro-image-to-image` by Black Forest Labs: image-to-image, image-edit.
    Facts as of 2026-10-01 (docs.kie.ai/market/flux2/pro-image-to-image.md).

    Args:
        input_urls: Images to work from. The prompt can refer to them by number. 1 to 8 items. JPEG, PNG or
            WebP, up to 10 MB each. URLs or local media.
        prompt: What to make of the input images. 3 to 5,000 characters.
        aspect_ratio: Width to height of the image; `auto` takes that of the first input image. Default: "1:1".
        resolution: Size of the image. Default: "1K".
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
    """

    info = ModelInfo(
        slug="flux_2_pro_image_to_image",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-10-01",
        model="flux-2/pro-image-to-image",
    )

    input_urls: tuple[Media, ...] = attrs.field(converter=_Flux2ProImageToImage_input_urls)
    """Images to work from. The prompt can refer to them by number. 1 to 8 items. JPEG, PNG or WebP, up to 10 MB each.
    URLs or local media."""
    prompt: str
    """What to make of the input images. 3 to 5,000 characters."""
    aspect_ratio: Literal["1:1", "4:3", "3:4", "16:9", "9:16", "3:2", "2:3", "auto"] | None = "1:1"
    """Width to height of the image; `auto` takes that of the first input image. Default: "1:1"."""
    resolution: Literal["1K", "2K"] | None = "1K"
    """Size of the image. Default: "1K"."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""

    if TYPE_CHECKING:
        AspectRatio = Literal["1:1", "4:3", "3:4", "16:9", "9:16", "3:2", "2:3", "auto"]
        Resolution = Literal["1K", "2K"]
