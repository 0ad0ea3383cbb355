"""flux-kontext: the request class, compiled from openapi/models/flux-kontext/flux-kontext.yaml. Do not edit."""

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
class FluxKontext(Request[ImageResult]):
    """Black Forest Labs' FLUX.1 Kontext, for one image from a prompt, or an edit of one image as a prompt says. The
    model Pro costs half of Max. Results are kept for 14 days; the image before post-processing
    (`result.origin_urls`) for ten minutes.

    Model `flux-kontext` by Black Forest Labs: text-to-image, image-edit.
    Facts as of 2026-08-19 (docs.kie.ai/flux-kontext-api/generate-or-edit-image.md).
    Superseded: it still works, and the vendor now documents `flux1-kontext` instead.

    Args:
        prompt: The whole scene to draw, or what to change in `input_image`. The model reads English; other
            languages need `enable_translation`.
        model: `flux-kontext-pro` for most images, `flux-kontext-max` for demanding ones at twice the price.
            Default: "flux-kontext-pro".
        input_image: Image to edit. Without it, a new image is drawn. A URL or local media.
        aspect_ratio: Width to height of the image. If absent, an edit keeps that of `input_image` and a new
            image is `16:9`. `16:21` stands in an older guide only.
        output_format: Format of the image file. Default: "jpeg".
        enable_translation: Whether the service translates a prompt that is not English. Turn it off for an
            English prompt. Default: true.
        prompt_upsampling: Whether the model elaborates the prompt first, which may take longer. Default: false.
        safety_tolerance: How much the filter of prompts and images lets through. `0` is the strictest; beside
            `input_image` the highest values are refused. 0 to 6. Default: 2.
        upload_cn: Whether the input image goes through servers in China, which may be faster from there. The
            service uses others if absent.
        watermark: Watermark to put on the image. None if absent.

    Rules:
        `safety_tolerance` may be at most 2 when `input_image` is given.
    """

    info = ModelInfo(
        slug="flux_kontext",
        package="kie_models",
        lifecycle="flux-kontext",
        result="image",
        captured="2026-08-19",
        id="flux-kontext",
        operation="generateFluxKontext",
        status="superseded",
        successors=("flux1-kontext",),
    )

    prompt: str
    """The whole scene to draw, or what to change in `input_image`. The model reads English; other languages need
    `enable_translation`."""
    model: Literal["flux-kontext-pro", "flux-kontext-max"] | None = "flux-kontext-pro"
    """`flux-kontext-pro` for most images, `flux-kontext-max` for demanding ones at twice the price. Default:
    "flux-kontext-pro"."""
    input_image: Media | None = attrs.field(default=None, metadata={"wire": "inputImage"})
    """Image to edit. Without it, a new image is drawn. A URL or local media."""
    aspect_ratio: Literal["21:9", "16:9", "4:3", "1:1", "3:4", "9:16", "16:21"] | None = attrs.field(
        default=None, metadata={"wire": "aspectRatio"}
    )
    """Width to height of the image. If absent, an edit keeps that of `input_image` and a new image is `16:9`. `16:21`
    stands in an older guide only."""
    output_format: Literal["jpeg", "png"] | None = attrs.field(default="jpeg", metadata={"wire": "outputFormat"})
    """Format of the image file. Default: "jpeg"."""
    enable_translation: bool | None = attrs.field(default=True, metadata={"wire": "enableTranslation"})
    """Whether the service translates a prompt that is not English. Turn it off for an English prompt. Default: true."""
    prompt_upsampling: bool | None = attrs.field(default=False, metadata={"wire": "promptUpsampling"})
    """Whether the model elaborates the prompt first, which may take longer. Default: false."""
    safety_tolerance: int | None = attrs.field(default=2, metadata={"wire": "safetyTolerance"})
    """How much the filter of prompts and images lets through. `0` is the strictest; beside `input_image` the highest
    values are refused. 0 to 6. Default: 2."""
    upload_cn: bool | None = attrs.field(default=None, metadata={"wire": "uploadCn"})
    """Whether the input image goes through servers in China, which may be faster from there. The service uses others
    if absent."""
    watermark: str | None = None
    """Watermark to put on the image. None if absent."""

    if TYPE_CHECKING:
        Model = Literal["flux-kontext-pro", "flux-kontext-max"]
        AspectRatio = Literal["21:9", "16:9", "4:3", "1:1", "3:4", "9:16", "16:21"]
        OutputFormat = Literal["jpeg", "png"]
