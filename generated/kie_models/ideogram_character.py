"""ideogram/character: the request class, compiled from openapi/models/ideogram/character.yaml. Do not edit."""

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


def _IdeogramCharacter_reference_image_urls(value: Iterable[Media]) -> tuple[Media, ...]:
    return items(value)


@attrs.frozen(kw_only=True, repr=False)
class IdeogramCharacter(Request[ImageResult]):
    """Ideogram Character, for new images that show the person or figure of a reference image.

    Model `ideogram/character` by Ideogram: text-to-image, image-to-image.
    Facts as of 2026-08-19 (docs.kie.ai/market/ideogram/character.md).

    Args:
        prompt: What the image shows. 1 to 5,000 characters.
        reference_image_urls: Images of the character to show. Only the first counts for now; the service
            ignores any others. At least 1 item. JPEG, PNG or WebP, up to 10 MB each. URLs or local media.
        rendering_speed: Trade of speed for quality. `TURBO` is fastest, `QUALITY` looks best, `BALANCED` lies
            between. Default: "BALANCED".
        style: Kind of look. `AUTO` leaves the choice to the model. Default: "AUTO".
        expand_prompt: Whether the service enriches the prompt (MagicPrompt) before it draws. Default: true.
        num_images: How many images to make, as text. Default: "1".
        image_size: Shape and size of the image. Portrait names give the longer side first, so `portrait_4_3` is
            3:4 and `portrait_16_9` is 9:16. Default: "square_hd".
        seed: Seed of the random generator. The same seed and the same input give similar results.
        negative_prompt: What to keep out of the image. May be empty. Where it contradicts `prompt`, `prompt`
            wins. At most 5,000 characters.
    """

    info = ModelInfo(
        slug="ideogram_character",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="ideogram/character",
    )

    prompt: str
    """What the image shows. 1 to 5,000 characters."""
    reference_image_urls: tuple[Media, ...] = attrs.field(converter=_IdeogramCharacter_reference_image_urls)
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
    image_size: (
        Literal["square", "square_hd", "portrait_4_3", "portrait_16_9", "landscape_4_3", "landscape_16_9"] | None
    ) = "square_hd"
    """Shape and size of the image. Portrait names give the longer side first, so `portrait_4_3` is 3:4 and
    `portrait_16_9` is 9:16. Default: "square_hd"."""
    seed: int | None = None
    """Seed of the random generator. The same seed and the same input give similar results."""
    negative_prompt: str | None = None
    """What to keep out of the image. May be empty. Where it contradicts `prompt`, `prompt` wins. At most 5,000
    characters."""

    if TYPE_CHECKING:
        RenderingSpeed = Literal["TURBO", "BALANCED", "QUALITY"]
        Style = Literal["AUTO", "REALISTIC", "FICTION"]
        NumImages = Literal["1", "2", "3", "4"]
        ImageSize = Literal["square", "square_hd", "portrait_4_3", "portrait_16_9", "landscape_4_3", "landscape_16_9"]
