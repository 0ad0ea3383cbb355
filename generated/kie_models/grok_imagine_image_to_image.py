"""grok-imagine/image-to-image: the request class, compiled from openapi/models/grok-imagine/image-to-image.yaml. Do not edit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request, items

if TYPE_CHECKING:
    from kie._core.results import ImageResult
else:
    ImageResult = later("kie._core.results", "ImageResult")


def _GrokImagineImageToImage_image_urls(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


@attrs.frozen(kw_only=True, repr=False)
class GrokImagineImageToImage(Request[ImageResult]):
    """xAI's Grok Imagine, for new images that start from given ones and follow a prompt.

    Model `grok-imagine/image-to-image` by xAI: image-to-image.
    Facts as of 2026-08-19 (docs.kie.ai/market/grok-imagine/image-to-image.md).

    Args:
        image_urls: Images to start from. The service contradicts itself on how many it takes; a single one is
            safe. 1 to 5 items. JPEG, PNG or WebP, up to 10 MB each. URLs or local media.
        prompt: What the new image shows. Name an input image as `@image1`, followed by a space. 1 to 390,000
            characters.
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
    """

    info = ModelInfo(
        slug="grok_imagine_image_to_image",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="grok-imagine/image-to-image",
        typical_seconds=(66, None, 1),
    )

    image_urls: tuple[Media, ...] = attrs.field(converter=_GrokImagineImageToImage_image_urls)
    """Images to start from. The service contradicts itself on how many it takes; a single one is safe. 1 to 5 items.
    JPEG, PNG or WebP, up to 10 MB each. URLs or local media."""
    prompt: str | None = None
    """What the new image shows. Name an input image as `@image1`, followed by a space. 1 to 390,000 characters."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""
