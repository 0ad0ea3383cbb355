"""ideogram/character-remix: the request class, compiled from openapi/models/ideogram/character-remix.yaml. Do not edit."""

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


def _IdeogramCharacterRemix_reference_image_urls(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


def _IdeogramCharacterRemix_image_urls(value: Iterable[Media] | None) -> tuple[Media, ...] | None:
    return items(value) if value is not None else None


@attrs.frozen(kw_only=True, repr=False)
class IdeogramCharacterRemix(Request[ImageResult]):
    """Ideogram Character Remix, for new images that start from an existing one and show the person or figure of a
    reference image.

    Model `ideogram/character-remix` by Ideogram: image-to-image.
    Facts as of 2026-08-19 (docs.kie.ai/market/ideogram/character-remix.md).

    Args:
        prompt: What the new image shows. 1 to 5,000 characters.
        image_url: URL of the image to start from. JPEG, PNG or WebP, up to 10 MB. A URL or local media.
        reference_image_urls: Images of the character to show. Only the first counts for now; the service
            ignores any others. At least 1 item. JPEG, PNG or WebP, up to 10 MB each. URLs or local media.
        rendering_speed: Trade of speed for quality. `TURBO` is fastest, `QUALITY` looks best, `BALANCED` lies
            between. Default: "BALANCED".
        style: Kind of look. `AUTO` leaves the choice to the model. Default: "AUTO".
        expand_prompt: Whether the service enriches the prompt (MagicPrompt) before it draws. Default: true.
        image_size: Shape and size of the image. Portrait names give the longer side first, so `portrait_4_3` is
            3:4 and `portrait_16_9` is 9:16. Default: "square_hd".
        num_images: How many images to make, as text. Default: "1".
        seed: Seed of the random generator. The same seed and the same input give similar results.
        strength: How strongly the input image shapes the result. 0.1 to 1. Default: 0.8.
        negative_prompt: What to keep out of the image. May be empty. Where it contradicts `prompt`, `prompt`
            wins. At most 500 characters.
        image_urls: Images whose style to follow. The list may be empty. JPEG, PNG or WebP, up to 10 MB each.
            URLs or local media.
        reference_mask_urls: URL of one mask that marks the character in the reference image. JPEG, PNG or WebP,
            up to 10 MB. A URL or local media.
    """

    info = ModelInfo(
        slug="ideogram_character_remix",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="ideogram/character-remix",
    )

    prompt: str
    """What the new image shows. 1 to 5,000 characters."""
    image_url: Media
    """URL of the image to start from. JPEG, PNG or WebP, up to 10 MB. A URL or local media."""
    reference_image_urls: tuple[Media, ...] = attrs.field(converter=_IdeogramCharacterRemix_reference_image_urls)
    """Images of the character to show. Only the first counts for now; the service ignores any others. At least 1 item.
    JPEG, PNG or WebP, up to 10 MB each. URLs or local media."""
    rendering_speed: Literal["TURBO", "BALANCED", "QUALITY"] | None = "BALANCED"
    """Trade of speed for quality. `TURBO` is fastest, `QUALITY` looks best, `BALANCED` lies between. Default:
    "BALANCED"."""
    style: Literal["AUTO", "REALISTIC", "FICTION"] | None = "AUTO"
    """Kind of look. `AUTO` leaves the choice to the model. Default: "AUTO"."""
    expand_prompt: bool | None = True
    """Whether the service enriches the prompt (MagicPrompt) before it draws. Default: true."""
    image_size: (
        Literal["square", "square_hd", "portrait_4_3", "portrait_16_9", "landscape_4_3", "landscape_16_9"] | None
    ) = "square_hd"
    """Shape and size of the image. Portrait names give the longer side first, so `portrait_4_3` is 3:4 and
    `portrait_16_9` is 9:16. Default: "square_hd"."""
    num_images: Literal["1", "2", "3", "4"] | None = "1"
    """How many images to make, as text. Default: "1"."""
    seed: int | None = None
    """Seed of the random generator. The same seed and the same input give similar results."""
    strength: float | None = 0.8
    """How strongly the input image shapes the result. 0.1 to 1. Default: 0.8."""
    negative_prompt: str | None = None
    """What to keep out of the image. May be empty. Where it contradicts `prompt`, `prompt` wins. At most 500
    characters."""
    image_urls: tuple[Media, ...] | None = attrs.field(default=None, converter=_IdeogramCharacterRemix_image_urls)
    """Images whose style to follow. The list may be empty. JPEG, PNG or WebP, up to 10 MB each. URLs or local media."""
    reference_mask_urls: Media | None = None
    """URL of one mask that marks the character in the reference image. JPEG, PNG or WebP, up to 10 MB. A URL or local
    media."""

    if TYPE_CHECKING:
        RenderingSpeed = Literal["TURBO", "BALANCED", "QUALITY"]
        Style = Literal["AUTO", "REALISTIC", "FICTION"]
        ImageSize = Literal["square", "square_hd", "portrait_4_3", "portrait_16_9", "landscape_4_3", "landscape_16_9"]
        NumImages = Literal["1", "2", "3", "4"]
