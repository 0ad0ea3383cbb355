"""ai-music-api/create-music-video: the request class, compiled from openapi/models/ai-music-api/create-music-video.yaml. Do not edit."""

from __future__ import annotations

import attrs

from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.results import VideoResult
from kie._core.tasks import TaskReference


@attrs.frozen(kw_only=True, repr=False)
class AiMusicCreateMusicVideo(Request[VideoResult]):
    """A track of an earlier music task as a video that shows its cover and moves with the sound.

    Model `ai-music-api/create-music-video` by Suno: music-video.
    Facts as of 2026-10-01 (docs.kie.ai (ai-music-api/create-music-video)).

    Args:
        task_id: The earlier music task, as its result, its handle or its id. It must have succeeded.
        audio_id: The track, as one of `result.tracks` or its id. A music task has two.
        author: Name of the artist, shown on the cover. At most 50 characters.
        domain_name: Web site or brand, shown at the bottom as a watermark. At most 50 characters.
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
        slug="ai_music_api_create_music_video",
        package="kie_models",
        lifecycle="jobs",
        result="video",
        captured="2026-10-01",
        model="ai-music-api/create-music-video",
    )

    task_id: TaskReference
    """The earlier music task, as its result, its handle or its id. It must have succeeded."""
    audio_id: TaskReference
    """The track, as one of `result.tracks` or its id. A music task has two."""
    author: str | None = None
    """Name of the artist, shown on the cover. At most 50 characters."""
    domain_name: str | None = None
    """Web site or brand, shown at the bottom as a watermark. At most 50 characters."""
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
