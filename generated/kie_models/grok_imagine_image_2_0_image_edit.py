"""grok-imagine-image-2-0/image-edit: the request class, compiled from openapi/models/grok-imagine-image-2-0/image-edit.yaml. Do not edit."""

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


def _GrokImagineImage20ImageEdit_image_urls(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


@attrs.frozen(kw_only=True, repr=False)
class GrokImagineImage20ImageEdit(Request[ImageResult]):
    """xAI's Grok Imagine Image 2.0, for changing or combining whole images as a prompt says.

    Model `grok-imagine-image-2-0/image-edit` by xAI: image-edit, image-to-image.
    Facts as of 2026-10-01 (docs.kie.ai/market/grok-imagine-image-2-0/image-to-image.md).

    Args:
        image_urls: Images to work from. 1 to 5 items. URLs or local media.
        aspect_ratio: Width to height of the image; `auto` leaves the choice to the model.
        prompt: What to make of the images. 1 to 390,000 characters.
    """

    info = ModelInfo(
        slug="grok_imagine_image_2_0_image_edit",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-10-01",
        model="grok-imagine-image-2-0/image-edit",
        typical_seconds=(9, None, 1),
    )

    image_urls: tuple[Media, ...] = attrs.field(converter=_GrokImagineImage20ImageEdit_image_urls)
    """Images to work from. 1 to 5 items. URLs or local media."""
    aspect_ratio: Literal["1:1", "2:3", "3:2", "16:9", "9:16", "auto"]
    """Width to height of the image; `auto` leaves the choice to the model."""
    prompt: str | None = None
    """What to make of the images. 1 to 390,000 characters."""

    if TYPE_CHECKING:
        AspectRatio = Literal["1:1", "2:3", "3:2", "16:9", "9:16", "auto"]
