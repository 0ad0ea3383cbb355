"""omnihuman-1-5/human-identification: the request class, compiled from openapi/models/omnihuman/1-5-human-identification.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request

if TYPE_CHECKING:
    from kie._core.results import JsonResult
else:
    JsonResult = later("kie._core.results", "JsonResult")


@attrs.frozen(kw_only=True, repr=False)
class Omnihuman15HumanIdentification(Request[JsonResult]):
    """OmniHuman 1.5's check whether an image shows a person it can animate.

    Model `omnihuman-1-5/human-identification` by ByteDance: detection.
    Facts as of 2026-08-19 (docs.kie.ai/market/omnihuman-1-5/human-identification.md).

    Args:
        image_url: URL of the portrait to check. Best is one person who looks into the camera, with a face that
            fills much of the image. JPEG or PNG, up to 5 MB. At most 4,096 px per side. A URL or local media.
    """

    info = ModelInfo(
        slug="omnihuman_1_5_human_identification",
        package="kie_models",
        lifecycle="jobs",
        result="json",
        captured="2026-08-19",
        model="omnihuman-1-5/human-identification",
    )

    image_url: Media
    """URL of the portrait to check. Best is one person who looks into the camera, with a face that fills much of the
    image. JPEG or PNG, up to 5 MB. At most 4,096 px per side. A URL or local media."""
