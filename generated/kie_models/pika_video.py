"""pika/video: the request class, compiled from openapi/models/pika/video.yaml. Do not edit."""

from __future__ import annotations

import attrs

from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.results import VideoResult


@attrs.frozen(kw_only=True, repr=False)
class PikaVideo(Request[VideoResult]):
    """Pika under an id that only another client names. The vendor documents no Pika model.

    Model `pika/video` by Pika: text-to-video.
    Facts as of 2026-04-22 (kie-go README).

    Args:
        prompt: What happens in the video.
        aspect_ratio: Width to height of the video. Values that are known of: `16:9`, `9:16`, `1:1`.
        nsfw_checker: Whether the service filters results that are not safe for work. Not known to have an
            effect on this model. Not in the vendor's documentation; seen accepted: the service keeps it and goes on
            (live 2026-04-22 and 2026-04-30).
        duration: Length in seconds. Without effect: the video is as long as what it is made from, or as the
            model makes it. Not in the vendor's documentation; seen accepted: the service keeps unknown fields and
            goes on (live 2026-04); programs send this one.

    Advice (a warning, never a refusal):
        `nsfw_checker` is not a field that the vendor documents for this model, and may have no effect.
        `duration` is not a field that the vendor documents for this model, and has no effect.
    """

    info = ModelInfo(
        slug="pika_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-04-22",
        model="pika/video",
        status="undocumented",
    )

    prompt: str
    """What happens in the video."""
    aspect_ratio: str | None = None
    """Width to height of the video. Values that are known of: `16:9`, `9:16`, `1:1`."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Not known to have an effect on this model. Not
    in the vendor's documentation; seen accepted: the service keeps it and goes on (live 2026-04-22 and 2026-04-30)."""
    duration: int | str | None = None
    """Length in seconds. Without effect: the video is as long as what it is made from, or as the model makes it. Not
    in the vendor's documentation; seen accepted: the service keeps unknown fields and goes on (live 2026-04);
    programs send this one."""
