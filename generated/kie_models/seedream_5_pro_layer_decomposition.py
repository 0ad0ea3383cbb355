"""seedream/5-pro-layer-decomposition: the request class, compiled from openapi/models/seedream/5-pro-layer-decomposition.yaml. Do not edit."""

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
class Seedream5ProLayerDecomposition(Request[ImageResult]):
    """ByteDance's Seedream 5.0 Pro, for taking an image apart into a background and separate layers.

    Model `seedream/5-pro-layer-decomposition` by ByteDance: layer-decomposition.
    Facts as of 2026-08-19 (docs.kie.ai/41313512e0.md).

    Args:
        image_url: URL of the image to take apart. PNG, JPEG, WebP, BMP, TIFF or GIF, up to 30 MB. 262,144 to
            36,000,000 pixels; width to height 0.0625 to 16. A URL or local media.
        prompt: What to put on layers of its own; if absent, the model picks the main parts. A place is given as
            `<bbox>x1 y1 x2 y2</bbox>`, best with coordinates scaled to 0 to 1000. At most 5,000 characters.
        size: Size of the results; `auto` goes by the input image. Background and layers keep their shapes.
            Default: "auto".
        output_format: File format of the background. Layers are always PNG. Default: "jpeg".
    """

    info = ModelInfo(
        slug="seedream_5_pro_layer_decomposition",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="seedream/5-pro-layer-decomposition",
        typical_seconds=(49, None, 1),
    )

    image_url: Media
    """URL of the image to take apart. PNG, JPEG, WebP, BMP, TIFF or GIF, up to 30 MB. 262,144 to 36,000,000 pixels;
    width to height 0.0625 to 16. A URL or local media."""
    prompt: str | None = None
    """What to put on layers of its own; if absent, the model picks the main parts. A place is given as `<bbox>x1 y1 x2
    y2</bbox>`, best with coordinates scaled to 0 to 1000. At most 5,000 characters."""
    size: Literal["auto", "1K", "1.5K", "2K"] | None = "auto"
    """Size of the results; `auto` goes by the input image. Background and layers keep their shapes. Default: "auto"."""
    output_format: Literal["png", "jpeg"] | None = "jpeg"
    """File format of the background. Layers are always PNG. Default: "jpeg"."""

    if TYPE_CHECKING:
        Size = Literal["auto", "1K", "1.5K", "2K"]
        OutputFormat = Literal["png", "jpeg"]
