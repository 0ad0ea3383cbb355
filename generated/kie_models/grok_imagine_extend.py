"""grok-imagine/extend: the request class, compiled from openapi/models/grok-imagine/extend.yaml. Do not edit."""

from __future__ import annotations

from typing import Literal

import attrs

from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.results import VideoResult
from kie._core.tasks import TaskReference


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
        nsfw_checker: Whether the service filters results that are not safe for work. Not known to have an
            effect on this model. Not in the vendor's documentation; seen accepted: the service keeps it and goes on
            (live 2026-04-22 and 2026-04-30).
        aspect_ratio: Width to height. Without effect: the result has the shape of what it is made from, or the
            only one that the model makes. Not in the vendor's documentation; seen accepted: the service keeps
            unknown fields and goes on (live 2026-04); programs send this one.
        duration: Length in seconds. Without effect: the video is as long as what it is made from, or as the
            model makes it. Not in the vendor's documentation; seen accepted: the service keeps unknown fields and
            goes on (live 2026-04); programs send this one.

    Advice (a warning, never a refusal):
        `nsfw_checker` is not a field that the vendor documents for this model, and may have no effect.
        `aspect_ratio` is not a field that the vendor documents for this model, and has no effect.
        `duration` is not a field that the vendor documents for this model, and has no effect.
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
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Not known to have an effect on this model. Not
    in the vendor's documentation; seen accepted: the service keeps it and goes on (live 2026-04-22 and 2026-04-30)."""
    aspect_ratio: str | None = None
    """Width to height. Without effect: the result has the shape of what it is made from, or the only one that the
    model makes. Not in the vendor's documentation; seen accepted: the service keeps unknown fields and goes on
    (live 2026-04); programs send this one."""
    duration: int | str | None = None
    """Length in seconds. Without effect: the video is as long as what it is made from, or as the model makes it. Not
    in the vendor's documentation; seen accepted: the service keeps unknown fields and goes on (live 2026-04);
    programs send this one."""
