"""midjourney/upscale: the request class, compiled from openapi/models/midjourney/upscale.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.tasks import TaskReference

if TYPE_CHECKING:
    from kie._core.results import ImageResult
else:
    ImageResult = later("kie._core.results", "ImageResult")


@attrs.frozen(kw_only=True, repr=False)
class MidjourneyUpscale(Request[ImageResult]):
    """Midjourney, for a larger version of one of the four images of an earlier task. The vendor has withdrawn it.

    Model `midjourney/upscale` by Midjourney: upscale.
    Facts as of 2025-10 (docs.kie.ai/mj-api/upscale).

    Args:
        task_id: The task that made the images. It must have succeeded.
        image_index: Which of the four images, counted from `0`. Variations count from `1`. 0 to 3.
        water_mark: Watermark to put on the results. None if absent.
    """

    info = ModelInfo(
        slug="midjourney_upscale",
        package="kie_models",
        lifecycle="midjourney",
        result="image",
        captured="2025-10",
        id="midjourney/upscale",
        operation="upscaleMidjourney",
        status="retired",
        successors=("topaz/image-upscale", "recraft/crisp-upscale"),
    )

    task_id: TaskReference = attrs.field(metadata={"wire": "taskId"})
    """The task that made the images. It must have succeeded."""
    image_index: int = attrs.field(metadata={"wire": "imageIndex"})
    """Which of the four images, counted from `0`. Variations count from `1`. 0 to 3."""
    water_mark: str | None = attrs.field(default=None, metadata={"wire": "waterMark"})
    """Watermark to put on the results. None if absent."""
