"""seedream/5-flash-layer-decomposition: the request class, compiled from openapi/models/seedream/5-flash-layer-decomposition.yaml. Do not edit."""

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
class Seedream5FlashLayerDecomposition(Request[ImageResult]):
    """ByteDance's Seedream 5.0 Flash, for taking an image apart into a background, which comes first, and separate
    layers.

    Model `seedream/5-flash-layer-decomposition` by ByteDance: layer-decomposition.
    Facts as of 2026-10-07 (docs.kie.ai/market/seedream/5-flash-layer-decomposition.md).

    Args:
        image_url: URL of the image to take apart. A URL or local media.
        prompt: What to put on layers of its own; if absent, the model picks the main parts. A place is given as
            `<bbox>x1 y1 x2 y2</bbox>`, best with coordinates scaled to 0 to 1000. 3 to 5,000 characters.
        size: Size of the results; `auto` goes by the input image. Default: "auto".
        output_format: File format of the background. Layers are always PNG. Default: "jpeg".
    """

    info = ModelInfo(
        slug="seedream_5_flash_layer_decomposition",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-10-07",
        model="seedream/5-flash-layer-decomposition",
        typical_seconds=(24, None, 1),
    )

    image_url: Media
    """URL of the image to take apart. A URL or local media."""
    prompt: str | None = None
    """What to put on layers of its own; if absent, the model picks the main parts. A place is given as `<bbox>x1 y1 x2
    y2</bbox>`, best with coordinates scaled to 0 to 1000. 3 to 5,000 characters."""
    size: Literal["auto", "1K", "1.5K", "2K"] | None = "auto"
    """Size of the results; `auto` goes by the input image. Default: "auto"."""
    output_format: Literal["png", "jpeg"] | None = "jpeg"
    """File format of the background. Layers are always PNG. Default: "jpeg"."""

    if TYPE_CHECKING:
        Size = Literal["auto", "1K", "1.5K", "2K"]
        OutputFormat = Literal["png", "jpeg"]
