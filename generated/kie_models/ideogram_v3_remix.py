"""ideogram/v3-remix: the request class, compiled from openapi/models/ideogram/v3-remix.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request

if TYPE_CHECKING:
    from kie._core.results import ImageResult
else:
    ImageResult = later("kie._core.results", "ImageResult")


@attrs.frozen(kw_only=True, repr=False)
class IdeogramV3Remix(Request[ImageResult]):
    """Ideogram V3 Remix, for new images that start from an existing one and follow a prompt.

    Model `ideogram/v3-remix` by Ideogram: image-to-image.
    Facts as of 2026-08-19 (docs.kie.ai/market/ideogram/v3-remix.md).

    Args:
        prompt: What the new image shows. 1 to 5,000 characters.
        image_url: URL of the image to start from. JPEG, PNG or WebP, up to 10 MB. A URL or local media.
        rendering_speed: Trade of speed for quality. `TURBO` is fastest, `QUALITY` looks best, `BALANCED` lies
            between.
        style: Kind of look. `AUTO` leaves the choice to the model.
        expand_prompt: Whether the service enriches the prompt (MagicPrompt) before it draws.
        image_size: Shape and size of the image. Portrait names give the longer side first, so `portrait_4_3` is
            3:4 and `portrait_16_9` is 9:16.
        num_images: How many images to make, as text.
        seed: Seed of the random generator. The same seed and the same input give similar results.
        strength: How strongly the input image shapes the result. 0.01 to 1.
        negative_prompt: What to keep out of the image. Where it contradicts `prompt`, `prompt` wins. At most
            5,000 characters.
    """

    info = ModelInfo(
        slug="ideogram_v3_remix",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="ideogram/v3-remix",
    )

    prompt: str
    """What the new image shows. 1 to 5,000 characters."""
    image_url: Media
    """URL of the image to start from. JPEG, PNG or WebP, up to 10 MB. A URL or local media."""
    rendering_speed: Literal["TURBO", "BALANCED", "QUALITY"] | None = None
    """Trade of speed for quality. `TURBO` is fastest, `QUALITY` looks best, `BALANCED` lies between."""
    style: Literal["AUTO", "GENERAL", "REALISTIC", "DESIGN"] | None = None
    """Kind of look. `AUTO` leaves the choice to the model."""
    expand_prompt: bool | None = None
    """Whether the service enriches the prompt (MagicPrompt) before it draws."""
    image_size: (
        Literal["square", "square_hd", "portrait_4_3", "portrait_16_9", "landscape_4_3", "landscape_16_9"] | None
    ) = None
    """Shape and size of the image. Portrait names give the longer side first, so `portrait_4_3` is 3:4 and
    `portrait_16_9` is 9:16."""
    num_images: Literal["1", "2", "3", "4"] | None = None
    """How many images to make, as text."""
    seed: int | None = None
    """Seed of the random generator. The same seed and the same input give similar results."""
    strength: float | None = None
    """How strongly the input image shapes the result. 0.01 to 1."""
    negative_prompt: str | None = None
    """What to keep out of the image. Where it contradicts `prompt`, `prompt` wins. At most 5,000 characters."""

    if TYPE_CHECKING:
        RenderingSpeed = Literal["TURBO", "BALANCED", "QUALITY"]
        Style = Literal["AUTO", "GENERAL", "REALISTIC", "DESIGN"]
        ImageSize = Literal["square", "square_hd", "portrait_4_3", "portrait_16_9", "landscape_4_3", "landscape_16_9"]
        NumImages = Literal["1", "2", "3", "4"]
