"""ideogram/v3-text-to-image: the request class, compiled from openapi/models/ideogram/v3-text-to-image.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Request

if TYPE_CHECKING:
    from kie._core.results import ImageResult
else:
    ImageResult = later("kie._core.results", "ImageResult")


@attrs.frozen(kw_only=True, repr=False)
class IdeogramV3TextToImage(Request[ImageResult]):
    """Ideogram V3, for images from a prompt, lettering included.

    Model `ideogram/v3-text-to-image` by Ideogram: text-to-image.
    Facts as of 2026-08-19 (docs.kie.ai/market/ideogram/v3-text-to-image.md).

    Args:
        prompt: What to draw. 1 to 5,000 characters.
        rendering_speed: Trade of speed for quality. `TURBO` is fastest, `QUALITY` looks best, `BALANCED` lies
            between.
        style: Kind of look. `AUTO` leaves the choice to the model.
        expand_prompt: Whether the service enriches the prompt (MagicPrompt) before it draws.
        image_size: Shape and size of the image. Portrait names give the longer side first, so `portrait_4_3` is
            3:4 and `portrait_16_9` is 9:16.
        seed: Seed of the random generator. The same seed and the same input give similar results.
        negative_prompt: What to keep out of the image. Where it contradicts `prompt`, `prompt` wins. At most
            5,000 characters.
    """

    info = ModelInfo(
        slug="ideogram_v3_text_to_image",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="ideogram/v3-text-to-image",
    )

    prompt: str
    """What to draw. 1 to 5,000 characters."""
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
    seed: int | None = None
    """Seed of the random generator. The same seed and the same input give similar results."""
    negative_prompt: str | None = None
    """What to keep out of the image. Where it contradicts `prompt`, `prompt` wins. At most 5,000 characters."""

    if TYPE_CHECKING:
        RenderingSpeed = Literal["TURBO", "BALANCED", "QUALITY"]
        Style = Literal["AUTO", "GENERAL", "REALISTIC", "DESIGN"]
        ImageSize = Literal["square", "square_hd", "portrait_4_3", "portrait_16_9", "landscape_4_3", "landscape_16_9"]
