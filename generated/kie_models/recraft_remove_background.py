"""recraft/remove-background: the request class, compiled from openapi/models/recraft/remove-background.yaml. Do not edit."""

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
class RecraftRemoveBackground(Request[ImageResult]):
    """Recraft Remove Background, for cutting the subject of an image out of its background.

    Model `recraft/remove-background` by Recraft: background-removal.
    Facts as of 2026-08-19 (docs.kie.ai/market/recraft/remove-background.md).

    Args:
        image: URL of the image to cut out from. JPEG, PNG or WebP, up to 5 MB. 256 to 4,096 px per side; at
            most 16,000,000 pixels. A URL or local media.
    """

    info = ModelInfo(
        slug="recraft_remove_background",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-08-19",
        model="recraft/remove-background",
    )

    image: Media
    """URL of the image to cut out from. JPEG, PNG or WebP, up to 5 MB. 256 to 4,096 px per side; at most 16,000,000
    pixels. A URL or local media."""
