"""midjourney: the request class, compiled from openapi/models/midjourney/imagine.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Request

if TYPE_CHECKING:
    from kie._core.results import ImageResult
else:
    ImageResult = later("kie._core.results", "ImageResult")


@attrs.frozen(kw_only=True, repr=False)
class MidjourneyImagine(Request[ImageResult]):
    """Midjourney, for images from a prompt. The vendor has withdrawn it.

    Model `midjourney` by Midjourney: text-to-image.
    Facts as of 2025-10 (docs.kie.ai/mj-api/generate-mj-image).

    Args:
        prompt: What to draw. 1 to 2,000 characters.
        speed: How soon Midjourney works on it; faster costs more.
        aspect_ratio: Width to height of the results.
        version: Version of Midjourney, as text. `niji6` draws like anime.
        variety: How much the results differ from each other. 0 to 100, in multiples of 5.
        stylization: How strongly Midjourney's own style shows. 0 to 1,000.
        weirdness: How unusual the results may be. 0 to 3,000.
        water_mark: Watermark to put on the results. None if absent.
        enable_translation: Whether the service translates a prompt that is not English. Default: false.
        task_type: What Midjourney does; always `mj_txt2img` here. Default: "mj_txt2img".
    """

    info = ModelInfo(
        slug="midjourney",
        package="kie_models",
        lifecycle="midjourney",
        result="image",
        captured="2025-10",
        id="midjourney",
        operation="generateMidjourney",
        status="retired",
        successors=("nano-banana-2", "gpt-image-2-text-to-image"),
    )

    prompt: str
    """What to draw. 1 to 2,000 characters."""
    speed: Literal["relaxed", "fast", "turbo"] | None = None
    """How soon Midjourney works on it; faster costs more."""
    aspect_ratio: Literal["1:2", "9:16", "2:3", "3:4", "5:6", "6:5", "4:3", "3:2", "1:1", "16:9", "2:1"] | None = (
        attrs.field(default=None, metadata={"wire": "aspectRatio"})
    )
    """Width to height of the results."""
    version: Literal["7", "6.1", "6", "5.2", "5.1", "niji6"] | None = None
    """Version of Midjourney, as text. `niji6` draws like anime."""
    variety: int | None = None
    """How much the results differ from each other. 0 to 100, in multiples of 5."""
    stylization: int | None = None
    """How strongly Midjourney's own style shows. 0 to 1,000."""
    weirdness: int | None = None
    """How unusual the results may be. 0 to 3,000."""
    water_mark: str | None = attrs.field(default=None, metadata={"wire": "waterMark"})
    """Watermark to put on the results. None if absent."""
    enable_translation: bool | None = attrs.field(default=False, metadata={"wire": "enableTranslation"})
    """Whether the service translates a prompt that is not English. Default: false."""
    task_type: Literal["mj_txt2img"] | None = attrs.field(default="mj_txt2img", metadata={"wire": "taskType"})
    """What Midjourney does; always `mj_txt2img` here. Default: "mj_txt2img"."""

    if TYPE_CHECKING:
        Speed = Literal["relaxed", "fast", "turbo"]
        AspectRatio = Literal["1:2", "9:16", "2:3", "3:4", "5:6", "6:5", "4:3", "3:2", "1:1", "16:9", "2:1"]
        Version = Literal["7", "6.1", "6", "5.2", "5.1", "niji6"]
        TaskType = Literal["mj_txt2img"]
