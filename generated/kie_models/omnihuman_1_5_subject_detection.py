"""omnihuman-1-5/subject-detection: the request class, compiled from openapi/models/omnihuman/1-5-subject-detection.yaml. Do not edit."""

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
class Omnihuman15SubjectDetection(Request[JsonResult]):
    """OmniHuman 1.5's search for the subjects of an image, with a mask for each of up to five.

    Model `omnihuman-1-5/subject-detection` by ByteDance: detection.
    Facts as of 2026-08-19 (docs.kie.ai/market/omnihuman-1-5/subject-detection.md).

    Args:
        image_url: URL of the portrait to search. Up to five subjects are found. JPEG or PNG, up to 5 MB. A URL
            or local media.
    """

    info = ModelInfo(
        slug="omnihuman_1_5_subject_detection",
        package="kie_models",
        lifecycle="jobs",
        result="json",
        captured="2026-08-19",
        model="omnihuman-1-5/subject-detection",
    )

    image_url: Media
    """URL of the portrait to search. Up to five subjects are found. JPEG or PNG, up to 5 MB. A URL or local media."""
