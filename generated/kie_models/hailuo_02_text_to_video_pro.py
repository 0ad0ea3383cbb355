"""hailuo/02-text-to-video-pro: the request class, compiled from openapi/models/hailuo/02-text-to-video-pro.yaml. Do not edit."""

from __future__ import annotations

import attrs

from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.results import VideoResult


@attrs.frozen(kw_only=True, repr=False)
class Hailuo02TextToVideoPro(Request[VideoResult]):
    """MiniMax's Hailuo 02 Pro, for videos from a prompt.

    Model `hailuo/02-text-to-video-pro` by MiniMax: text-to-video.
    Facts as of 2026-08-19 (docs.kie.ai/market/hailuo/02-text-to-video-pro.md).

    Args:
        prompt: What happens in the video. 1 to 1,500 characters.
        prompt_optimizer: Whether the model improves the prompt first.
        nsfw_checker: Whether the service filters results that are not safe for work. Off unless asked for; the
            filter does not promise to catch everything.
        aspect_ratio: Width to height. Without effect: the result has the shape of what it is made from, or the
            only one that the model makes. Not in the vendor's documentation; seen accepted: the service keeps
            unknown fields and goes on (live 2026-04); programs send this one.
        duration: Length in seconds. Without effect: the video is as long as what it is made from, or as the
            model makes it. Not in the vendor's documentation; seen accepted: the service keeps unknown fields and
            goes on (live 2026-04); programs send this one.

    Advice (a warning, never a refusal):
        `aspect_ratio` is not a field that the vendor documents for this model, and has no effect.
        `duration` is not a field that the vendor documents for this model, and has no effect.
    """

    info = ModelInfo(
        slug="hailuo_02_text_to_video_pro",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-08-19",
        model="hailuo/02-text-to-video-pro",
    )

    prompt: str
    """What happens in the video. 1 to 1,500 characters."""
    prompt_optimizer: bool | None = None
    """Whether the model improves the prompt first."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Off unless asked for; the filter does not
    promise to catch everything."""
    aspect_ratio: str | None = None
    """Width to height. Without effect: the result has the shape of what it is made from, or the only one that the
    model makes. Not in the vendor's documentation; seen accepted: the service keeps unknown fields and goes on
    (live 2026-04); programs send this one."""
    duration: int | str | None = None
    """Length in seconds. Without effect: the video is as long as what it is made from, or as the model makes it. Not
    in the vendor's documentation; seen accepted: the service keeps unknown fields and goes on (live 2026-04);
    programs send this one."""
