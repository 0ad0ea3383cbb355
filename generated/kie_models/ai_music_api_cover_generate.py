"""ai-music-api/cover-generate: the request class, compiled from openapi/models/ai-music-api/cover-generate.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.tasks import TaskReference

if TYPE_CHECKING:
    from kie._core.results import ImageResult
else:
    ImageResult = later("kie._core.results", "ImageResult")


@attrs.frozen(kw_only=True, repr=False)
class AiMusicCoverGenerate(Request[ImageResult]):
    """Suno, for two pictures that go with an earlier music task. Free of charge, and by the page of the earlier form
    once for each music task.

    Model `ai-music-api/cover-generate` by Suno: cover-art.
    Facts as of 2026-10-01 (docs.kie.ai (ai-music-api/cover-generate)).

    Args:
        task_id: The earlier music task, as its result, its handle or its id. It must have succeeded.
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
