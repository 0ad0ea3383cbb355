"""ideogram/v3-edit: the request class, compiled from openapi/models/ideogram/v3-edit.yaml. Do not edit."""

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
class IdeogramV3Edit(Request[ImageResult]):
    """Ideogram V3 Edit, for redrawing the masked part of an image as a prompt says.

    Model `ideogram/v3-edit` by Ideogram: image-edit.
    Facts as of 2026-08-19 (docs.kie.ai/market/ideogram/v3-edit.md).

    Args:
        prompt: What to draw where the mask says. 1 to 5,000 characters.
        image_url: URL of the image to change, with the same width and height as the mask. JPEG, PNG or WebP, up
            to 10 MB. A URL or local media.
        mask_url: URL of the mask that marks the part to redraw, with the same width and height as the image.
            JPEG, PNG or WebP, up to 10 MB. A URL or local media.
        rendering_speed: Trade of speed for quality. `TURBO` is fastest, `QUALITY` looks best, `BALANCED` lies
            between. Default: "BALANCED".
        expand_prompt: Whether the service enriches the prompt (MagicPrompt) before it draws. Default: true.
        seed: Seed of the random generator. The same seed and the same input give similar results.
    """

    info = ModelInfo(
        slug="ideogram_v3_edit",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="ideogram/v3-edit",
    )

    prompt: str
    """What to draw where the mask says. 1 to 5,000 characters."""
    image_url: Media
    """URL of the image to change, with the same width and height as the mask. JPEG, PNG or WebP, up to 10 MB. A URL or
    local media."""
    mask_url: Media
    """URL of the mask that marks the part to redraw, with the same width and height as the image. JPEG, PNG or WebP,
    up to 10 MB. A URL or local media."""
    rendering_speed: Literal["TURBO", "BALANCED", "QUALITY"] | None = "BALANCED"
    """Trade of speed for quality. `TURBO` is fastest, `QUALITY` looks best, `BALANCED` lies between. Default:
    "BALANCED"."""
    expand_prompt: bool | None = True
    """Whether the service enriches the prompt (MagicPrompt) before it draws. Default: true."""
    seed: int | None = None
    """Seed of the random generator. The same seed and the same input give similar results."""

    if TYPE_CHECKING:
        RenderingSpeed = Literal["TURBO", "BALANCED", "QUALITY"]
