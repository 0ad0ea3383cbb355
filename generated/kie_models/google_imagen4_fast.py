"""google/imagen4-fast: the request class, compiled from openapi/models/google/imagen4-fast.yaml. Do not edit."""

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
class GoogleImagen4Fast(Request[ImageResult]):
    """Google's Imagen 4 Fast, for images from a prompt in a short time.

    Model `google/imagen4-fast` by Google: text-to-image.
    Facts as of 2026-08-19 (docs.kie.ai/market/google/imagen4-fast.md).

    Args:
        prompt: What to draw. 1 to 5,000 characters.
        negative_prompt: What to keep out of the image. May be empty. At most 5,000 characters.
        aspect_ratio: Width to height of the image; `auto` leaves the choice to the service. Default: "16:9".
        seed: Seed of the random generator. The same seed and the same input give similar results.
    """

    info = ModelInfo(
        slug="google_imagen4_fast",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="google/imagen4-fast",
    )

    prompt: str
    """What to draw. 1 to 5,000 characters."""
    negative_prompt: str | None = None
    """What to keep out of the image. May be empty. At most 5,000 characters."""
    aspect_ratio: Literal["1:1", "16:9", "9:16", "3:4", "4:3", "auto"] | None = "16:9"
    """Width to height of the image; `auto` leaves the choice to the service. Default: "16:9"."""
    seed: int | None = None
    """Seed of the random generator. The same seed and the same input give similar results."""

    if TYPE_CHECKING:
        AspectRatio = Literal["1:1", "16:9", "9:16", "3:4", "4:3", "auto"]
