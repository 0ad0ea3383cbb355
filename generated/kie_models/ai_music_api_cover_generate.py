"""ai-music-api/cover-generate: the request class, compiled from openapi/models/ai-music-api/cover-generate.yaml. Do not edit."""

from __future__ import annotations

import attrs

from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.results import ImageResult
from kie._core.tasks import TaskReference


@attrs.frozen(kw_only=True, repr=False)
class AiMusicCoverGenerate(Request[ImageResult]):
    """Suno, for two pictures that go with an earlier music task. Free of charge, and by the page of the earlier form
    once for each music task.

    Model `ai-music-api/cover-generate` by Suno: cover-art.
    Facts as of 2026-10-01 (docs.kie.ai (ai-music-api/cover-generate)).

    Args:
        task_id: The earlier music task, as its result, its handle or its id. It must have succeeded.
        nsfw_checker: Whether the service filters results that are not safe for work. Not known to have an
            effect on this model. Not in the vendor's documentation; seen accepted: the service keeps it and goes on
            (live 2026-04-22 and 2026-04-30).
        aspect_ratio: Width to height. Without effect: the result has the shape of what it is made from, or the
            only one that the model makes. Not in the vendor's documentation; seen accepted: the service keeps
            unknown fields and goes on (live 2026-04); programs send this one.
        output_format: File format. Without effect. Not in the vendor's documentation; seen accepted: the
            service keeps unknown fields and goes on (live 2026-04); programs send this one.

    Advice (a warning, never a refusal):
        `nsfw_checker` is not a field that the vendor documents for this model, and may have no effect.
        `aspect_ratio` is not a field that the vendor documents for this model, and has no effect.
        `output_format` is not a field that the vendor documents for this model, and has no effect.
    """

    info = ModelInfo(
        slug="ai_music_api_cover_generate",
        package="kie_models",
        lifecycle="jobs",
        result="image",
        captured="2026-10-01",
        model="ai-music-api/cover-generate",
    )

    task_id: TaskReference
    """The earlier music task, as its result, its handle or its id. It must have succeeded."""
    nsfw_checker: bool | None = None
    """Whether the service filters results that are not safe for work. Not known to have an effect on this model. Not
    in the vendor's documentation; seen accepted: the service keeps it and goes on (live 2026-04-22 and 2026-04-30)."""
    aspect_ratio: str | None = None
    """Width to height. Without effect: the result has the shape of what it is made from, or the only one that the
    model makes. Not in the vendor's documentation; seen accepted: the service keeps unknown fields and goes on
    (live 2026-04); programs send this one."""
    output_format: str | None = None
    """File format. Without effect. Not in the vendor's documentation; seen accepted: the service keeps unknown fields
    and goes on (live 2026-04); programs send this one."""
