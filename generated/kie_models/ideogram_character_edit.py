"""ideogram/character-edit: the request class, compiled from openapi/models/ideogram/character-edit.yaml. Do not edit."""

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


def _IdeogramCharacterEdit_reference_image_urls(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


@attrs.frozen(kw_only=True, repr=False)
class IdeogramCharacterEdit(Request[ImageResult]):
    """Ideogram Character Edit, for redrawing the masked part of an image with the person or figure of a reference
    image.

    Model `ideogram/character-edit` by Ideogram: image-edit.
    Facts as of 2026-08-19 (docs.kie.ai/market/ideogram/character-edit.md).

    Args:
        prompt: What to draw where the mask says. 1 to 5,000 characters.
        image_url: URL of the image to change, with the same width and height as the mask. JPEG, PNG or WebP, up
            to 10 MB. A URL or local media.
        mask_url: URL of the mask that marks the part to redraw, with the same width and height as the image.
            JPEG, PNG or WebP, up to 10 MB. A URL or local media.
        reference_image_urls: Images of the character to show. Only the first counts for now; the service
            ignores any others. At least 1 item. JPEG, PNG or WebP, up to 10 MB each. URLs or local media.
        rendering_speed: Trade of speed for quality. `TURBO` is fastest, `QUALITY` looks best, `BALANCED` lies
            between. Default: "BALANCED".
        style: Kind of look. `AUTO` leaves the choice to the model. Default: "AUTO".
        expand_prompt: Whether the service enriches the prompt (MagicPrompt) before it draws. Default: true.
        num_images: How many images to make, as text. Default: "1".
        seed: Seed of the random generator. The same seed and the same input give similar results.
    """

    info = ModelInfo(
        slug="ideogram_character_edit",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="ideogram/character-edit",
    )

    prompt: str
    """What to draw where the mask says. 1 to 5,000 characters."""
    image_url: Media
    """URL of the image to change, with the same width and height as the mask. JPEG, PNG or WebP, up to 10 MB. A URL or
    local media."""
    mask_url: Media
    """URL of the mask that marks the part to redraw, with the same width and height as the image. JPEG, PNG or WebP,
    up to 10 MB. A URL or local media."""
    reference_image_urls: tuple[Media, ...] = attrs.field(converter=_IdeogramCharacterEdit_reference_image_urls)
    """Images of the character to show. Only the first counts for now; the service ignores any others. At least 1 item.
    JPEG, PNG or WebP, up to 10 MB each. URLs or local media."""
    rendering_speed: Literal["TURBO", "BALANCED", "QUALITY"] | None = "BALANCED"
    """Trade of speed for quality. `TURBO` is fastest, `QUALITY` looks best, `BALANCED` lies between. Default:
    "BALANCED"."""
    style: Literal["AUTO", "REALISTIC", "FICTION"] | None = "AUTO"
    """Kind of look. `AUTO` leaves the choice to the model. Default: "AUTO"."""
    expand_prompt: bool | None = True
    """Whether the service enriches the prompt (MagicPrompt) before it draws. Default: true."""
    num_images: Literal["1", "2", "3", "4"] | None = "1"
    """How many images to make, as text. Default: "1"."""
    seed: int | None = None
    """Seed of the random generator. The same seed and the same input give similar results."""

    if TYPE_CHECKING:
        RenderingSpeed = Literal["TURBO", "BALANCED", "QUALITY"]
        Style = Literal["AUTO", "REALISTIC", "FICTION"]
        NumImages = Literal["1", "2", "3", "4"]
