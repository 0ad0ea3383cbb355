"""grok-imagine/upscale: the request class, compiled from openapi/models/grok-imagine/upscale.yaml. Do not edit."""

from __future__ import annotations

from typing import Literal

import attrs

from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.results import VideoResult
from kie._core.tasks import TaskReference


@attrs.frozen(kw_only=True, repr=False)
class GrokImagineUpscale(Request[VideoResult]):
    """xAI's Grok Imagine, for a larger version of the video of an earlier task.

    Model `grok-imagine/upscale` by xAI: upscale.
    Facts as of 2026-08-19 (docs.kie.ai/market/grok-imagine/upscale.md).

    Args:
        task_id: Id of the Kie task whose video is enlarged, for example one of `grok-imagine/text-to-video`.
            The task must have succeeded. 1 to 100 characters.
        resolution: Size of the new video. Default: "720p".
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
        slug="grok_imagine_upscale",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="grok-imagine/upscale",
    )

    task_id: TaskReference
    """Id of the Kie task whose video is enlarged, for example one of `grok-imagine/text-to-video`. The task must have
    succeeded. 1 to 100 characters."""
    resolution: Literal["720p", "1080p"] | None = "720p"
    """Size of the new video. Default: "720p"."""
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
