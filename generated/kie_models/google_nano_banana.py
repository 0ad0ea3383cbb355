"""google/nano-banana: the request class, compiled from openapi/models/google/nano-banana.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Request, default_unless

if TYPE_CHECKING:
    from kie._core.results import ImageResult
else:
    ImageResult = later("kie._core.results", "ImageResult")


@attrs.frozen(kw_only=True, repr=False)
class GoogleNanoBanana(Request[ImageResult]):
    """Google's Nano Banana, for images from a prompt.

    Model `google/nano-banana` by Google: text-to-image.
    Facts as of 2026-08-19 (docs.kie.ai/market/google/nano-banana.md).

    Args:
        prompt: What to draw. 1 to 5,000 characters.
        output_format: File format of the image. Default: "png".
        image_size: Former name of `aspect_ratio`; use that one instead. Deprecated.
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
        aspect_ratio: Width to height of the image; `auto` leaves the choice to the service. Default: "1:1", if
            `image_size` is absent.

    Advice (a warning, never a refusal):
        `output_format` jpeg was refused in 2026-03, where jpg was taken; png is sure.
        `image_size` is the former name of `aspect_ratio`: give one of them.
    """

    info = ModelInfo(
        slug="google_nano_banana",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="google/nano-banana",
    )

    prompt: str
    """What to draw. 1 to 5,000 characters."""
    output_format: Literal["png", "jpeg"] | None = "png"
    """File format of the image. Default: "png"."""
    image_size: Literal["1:1", "9:16", "16:9", "3:4", "4:3", "3:2", "2:3", "5:4", "4:5", "21:9", "auto"] | None = None
    """Former name of `aspect_ratio`; use that one instead. Deprecated."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""
    aspect_ratio: Literal["1:1", "9:16", "16:9", "3:4", "4:3", "3:2", "2:3", "5:4", "4:5", "21:9", "auto"] | None = (
        default_unless("1:1", "image_size")
    )
    """Width to height of the image; `auto` leaves the choice to the service. Default: "1:1", if `image_size` is
    absent."""

    if TYPE_CHECKING:
        OutputFormat = Literal["png", "jpeg"]
        ImageSize = Literal["1:1", "9:16", "16:9", "3:4", "4:3", "3:2", "2:3", "5:4", "4:5", "21:9", "auto"]
        AspectRatio = Literal["1:1", "9:16", "16:9", "3:4", "4:3", "3:2", "2:3", "5:4", "4:5", "21:9", "auto"]
