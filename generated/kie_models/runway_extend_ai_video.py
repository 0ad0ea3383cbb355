"""runway/extend-ai-video: the request class, compiled from openapi/models/runway/extend-ai-video.yaml. Do not edit."""

from __future__ import annotations

from typing import Literal

import attrs

from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.results import VideoResult
from kie._core.tasks import TaskReference


@attrs.frozen(kw_only=True, repr=False)
class RunwayExtendAiVideo(Request[VideoResult]):
    """Runway, for continuing a video of an earlier Runway task.

    Model `runway/extend-ai-video` by Runway: video-extend.
    Facts as of 2026-10-01 (docs.kie.ai (runway/extend-ai-video)).

    Args:
        task_id: The earlier Runway task, or its result. It must have succeeded.
        prompt: How the video goes on.
        quality: Size of the video.
        watermark: Text to show in the lower right corner as a watermark. None if absent or empty.
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
        slug="runway_extend_ai_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-10-01",
        model="runway/extend-ai-video",
    )

    task_id: TaskReference
    """The earlier Runway task, or its result. It must have succeeded."""
    prompt: str
    """How the video goes on."""
    quality: Literal["720p", "1080p"]
    """Size of the video."""
    watermark: str | None = None
    """Text to show in the lower right corner as a watermark. None if absent or empty."""
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
