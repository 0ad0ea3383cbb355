"""grok-imagine/extend: the request class, compiled from openapi/models/grok-imagine/extend.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.tasks import TaskReference

if TYPE_CHECKING:
    from kie._core.results import VideoResult
else:
    VideoResult = later("kie._core.results", "VideoResult")


@attrs.frozen(kw_only=True, repr=False)
class GrokImagineExtend(Request[VideoResult]):
    """xAI's Grok Imagine, for continuing a video of an earlier task.

    Model `grok-imagine/extend` by xAI: video-extend.
    Facts as of 2026-08-19 (docs.kie.ai/market/grok-imagine/extend.md).

    Args:
        task_id: Id of the Kie task whose video is continued. The task must have succeeded. 1 to 100 characters.
        prompt: How the video goes on, in English or Chinese. May be empty.
        extend_at: Where in the earlier video the continuation begins. Presumably seconds; the service names no
            unit. At least 0.
        extend_times: How many seconds are added, as text. More seconds take longer.
    """

    info = ModelInfo(
        slug="grok_imagine_extend",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="grok-imagine/extend",
    )

    task_id: TaskReference
    """Id of the Kie task whose video is continued. The task must have succeeded. 1 to 100 characters."""
    prompt: str
    """How the video goes on, in English or Chinese. May be empty."""
    extend_at: float
    """Where in the earlier video the continuation begins. Presumably seconds; the service names no unit. At least 0."""
    extend_times: Literal["6", "10"]
    """How many seconds are added, as text. More seconds take longer."""

    if TYPE_CHECKING:
        ExtendTimes = Literal["6", "10"]
