"""recraft/crisp-upscale: the request class, compiled from openapi/models/recraft/crisp-upscale.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
class RecraftCrispUpscale(Request[ImageResult]):
    """Recraft Crisp Upscale, for a larger and sharper copy of an image.

    Model `recraft/crisp-upscale` by Recraft: upscale.
    Facts as of 2026-08-19 (docs.kie.ai/market/recraft/crisp-upscale.md).

    Args:
        image: URL of the image to enlarge. JPEG, PNG or WebP, up to 10 MB. A URL or local media.
    """

    info = ModelInfo(
        slug="recraft_crisp_upscale",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="recraft/crisp-upscale",
    )

    image: Media
    """URL of the image to enlarge. JPEG, PNG or WebP, up to 10 MB. A URL or local media."""
