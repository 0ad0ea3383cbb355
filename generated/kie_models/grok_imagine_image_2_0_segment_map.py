"""grok-imagine-image-2-0/segment-map: the request class, compiled from openapi/models/grok-imagine-image-2-0/segment-map.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from kie._core.later import later
from kie._core.media import Media
from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.tasks import TaskReference

if TYPE_CHECKING:
    from kie._core.results import JsonResult
else:
    JsonResult = later("kie._core.results", "JsonResult")


@attrs.frozen(kw_only=True, repr=False)
class GrokImagineImage20SegmentMap(Request[JsonResult]):
    """xAI's Grok Imagine Image 2.0, for finding the parts of an image, each with a name and a mask, so that an edit
    can choose among them.

    Model `grok-imagine-image-2-0/segment-map` by xAI: detection.
    Facts as of 2026-08-19 (docs.kie.ai/market/grok-imagine-image-2-0/segment-map.md).

    Args:
        task_id: Id of the Kie task whose image is looked at. Give either this or `image_url`.
        image_url: URL of the image to look at. Give either this or `task_id`. A URL or local media.

    Rules:
        Exactly one of `task_id` and `image_url` is needed.
    """

    info = ModelInfo(
        slug="grok_imagine_image_2_0_segment_map",
        package="kie_models",
        lifecycle="jobs",
        result="json",
        captured="2026-08-19",
        model="grok-imagine-image-2-0/segment-map",
        typical_seconds=(17, None, 1),
    )

    task_id: TaskReference | None = None
    """Id of the Kie task whose image is looked at. Give either this or `image_url`."""
    image_url: Media | None = None
    """URL of the image to look at. Give either this or `task_id`. A URL or local media."""
