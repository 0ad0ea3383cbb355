"""flux1-kontext: the request class, compiled from openapi/models/flux-kontext/flux1-kontext.yaml. Do not edit."""

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
class Flux1Kontext(Request[ImageResult]):
    """Black Forest Labs' FLUX.1 Kontext, for one image from a prompt, or an edit of one image as a prompt says. This
    form has no field for the model (Pro or Max), whose prices differ; `FluxKontext` has.

    Model `flux1-kontext` by Black Forest Labs: text-to-image, image-edit.
    Facts as of 2026-10-01 (docs.kie.ai (flux1-kontext)).

    Args:
        prompt: The whole scene to draw, or what to change in `input_image`. The model reads English; other
            languages need `enable_translation`.
        input_image: Image to edit. Without it, a new image is drawn. A URL or local media.
        aspect_ratio: Width to height of the image. If absent, an edit keeps that of `input_image` and a new
            image is `16:9`.
        output_format: Format of the image file. Default: "jpeg".
        enable_translation: Whether the service translates a prompt that is not English.
        prompt_upsampling: Whether the model elaborates the prompt first, which may take longer. Default: false.
        safety_tolerance: How much the filter of prompts and images lets through. `0` is the strictest; beside
            `input_image` the highest values are refused. Default: 2.
        upload_cn: Whether the input image goes through servers in China, which may be faster from there. The
            service uses others if absent.
        watermark: Watermark to put on the image. None if absent.

    Rules:
        `safety_tolerance` may be at most 2 when `input_image` is given.
    """

    info = ModelInfo(
        slug="flux1_kontext",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-10-01",
        model="flux1-kontext",
    )

    prompt: str
    """The whole scene to draw, or what to change in `input_image`. The model reads English; other languages need
    `enable_translation`."""
    input_image: Media | None = None
    """Image to edit. Without it, a new image is drawn. A URL or local media."""
    aspect_ratio: Literal["21:9", "16:9", "4:3", "1:1", "3:4", "9:16"] | None = None
    """Width to height of the image. If absent, an edit keeps that of `input_image` and a new image is `16:9`."""
    output_format: Literal["jpeg", "png"] | None = "jpeg"
    """Format of the image file. Default: "jpeg"."""
    enable_translation: bool | None = None
    """Whether the service translates a prompt that is not English."""
    prompt_upsampling: bool | None = False
    """Whether the model elaborates the prompt first, which may take longer. Default: false."""
    safety_tolerance: Literal[0, 1, 2, 3, 4, 5, 6] | None = 2
    """How much the filter of prompts and images lets through. `0` is the strictest; beside `input_image` the highest
    values are refused. Default: 2."""
    upload_cn: bool | None = None
    """Whether the input image goes through servers in China, which may be faster from there. The service uses others
    if absent."""
    watermark: str | None = None
    """Watermark to put on the image. None if absent."""

    if TYPE_CHECKING:
        AspectRatio = Literal["21:9", "16:9", "4:3", "1:1", "3:4", "9:16"]
        OutputFormat = Literal["jpeg", "png"]
        SafetyTolerance = Literal[0, 1, 2, 3, 4, 5, 6]
