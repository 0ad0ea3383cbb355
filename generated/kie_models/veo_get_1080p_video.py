"""veo/get-1080p-video: the request class, compiled from openapi/models/veo/get-1080p-video.yaml. Do not edit."""

from __future__ import annotations

import attrs

from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.results import VideoResult
from kie._core.tasks import TaskReference


@attrs.frozen(kw_only=True, repr=False)
class VeoGet1080pVideo(Request[VideoResult]):
    """The 1080p version of a video that a Veo task has made. In October 2026 it cost 5 credits.

    Model `veo/get-1080p-video` by Google: upscale.
    Facts as of 2026-10-01 (docs.kie.ai (veo/get-1080p-video)).

    Args:
        task_id: The Veo task that made the video, or its result. It must have succeeded.
        index: Which of the task's videos, counted from `0`, as text. The service takes the first if absent.
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
        slug="veo_get_1080p_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-10-01",
        model="veo/get-1080p-video",
    )

    task_id: TaskReference = attrs.field(metadata={"wire": "taskId"})
    """The Veo task that made the video, or its result. It must have succeeded."""
    index: str | None = None
    """Which of the task's videos, counted from `0`, as text. The service takes the first if absent."""
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
