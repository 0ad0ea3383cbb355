"""suno/cover-art: the request class, compiled from openapi/models/suno/cover-art.yaml. Do not edit."""

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
class SunoCoverArt(Request[ImageResult]):
    """Suno, for two pictures that go with an earlier music task. Free of charge, and once for each music task; a
    second request is refused.

    Model `suno/cover-art` by Suno: cover-art.
    Facts as of 2026-08-19 (docs.kie.ai/suno-api/cover-suno.md).
    Superseded: it still works, and the vendor now documents `ai-music-api/cover-generate` instead.

    Args:
        task_id: The earlier music task, as its result, its handle or its id. It must have succeeded.
    """

    info = ModelInfo(
        slug="suno_cover_art",
        package="kie_models",
        lifecycle="suno-cover-art",
        result="image",
        captured="2026-08-19",
        id="suno/cover-art",
        operation="generateCoverArt",
        status="superseded",
        successors=("ai-music-api/cover-generate",),
    )

    task_id: TaskReference = attrs.field(metadata={"wire": "taskId"})
    """The earlier music task, as its result, its handle or its id. It must have succeeded."""
