"""grok-imagine/image-to-image: the request class, compiled from openapi/models/grok-imagine/image-to-image.yaml. Do not edit."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request, items
from kie._core.results import ImageResult


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
        aspect_ratio: Width to height. Without effect: the result has the shape of what it is made from, or the
            only one that the model makes. Not in the vendor's documentation; seen accepted: the service keeps
            unknown fields and goes on (live 2026-04); programs send this one.
        output_format: File format. Without effect. Not in the vendor's documentation; seen accepted: the
            service keeps unknown fields and goes on (live 2026-04); programs send this one.

    Advice (a warning, never a refusal):
        `aspect_ratio` is not a field that the vendor documents for this model, and has no effect.
        `output_format` is not a field that the vendor documents for this model, and has no effect.
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
    aspect_ratio: str | None = None
    """Width to height. Without effect: the result has the shape of what it is made from, or the only one that the
    model makes. Not in the vendor's documentation; seen accepted: the service keeps unknown fields and goes on
    (live 2026-04); programs send this one."""
    output_format: str | None = None
    """File format. Without effect. Not in the vendor's documentation; seen accepted: the service keeps unknown fields
    and goes on (live 2026-04); programs send this one."""
