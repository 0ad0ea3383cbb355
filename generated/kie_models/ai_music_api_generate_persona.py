"""ai-music-api/generate-persona: the request class, compiled from openapi/models/ai-music-api/generate-persona.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.tasks import TaskReference

if TYPE_CHECKING:
    from kie._core.music import PersonaResult
else:
    PersonaResult = later("kie._core.music", "PersonaResult")


@attrs.frozen(kw_only=True, repr=False)
class AiMusicGeneratePersona(Request[PersonaResult]):
    """Keeps the manner of a track as a persona: its id goes into the `persona_id` of later music. It is free of
    charge. By the page of the earlier form a track has one persona at most.

    Model `ai-music-api/generate-persona` by Suno: persona.
    Facts as of 2026-10-01 (docs.kie.ai (ai-music-api/generate-persona)).

    Args:
        task_id: The earlier music task, as its result, its handle or its id. It must have succeeded.
        audio_id: The track, as one of `result.tracks` or its id. A music task has two.
        name: Name of the persona.
        description: What is characteristic of it - genre, mood, instruments and above all the voice.
        vocal_start: Where in the track the excerpt begins that the persona is learnt from, in seconds. At least
            0. Default: 0.
        vocal_end: Where that excerpt ends, in seconds. At least 0. Default: 30.
        style: Style of the persona in a few words, such as `Electronic pop`.

    Rules:
        `vocal_end` must be 10 to 30 seconds after `vocal_start`.
    """

    info = ModelInfo(
        slug="ai_music_api_generate_persona",
        package="kie_models",
        lifecycle="jobs",
        result="persona",
        captured="2026-10-01",
        model="ai-music-api/generate-persona",
    )

    task_id: TaskReference
    """The earlier music task, as its result, its handle or its id. It must have succeeded."""
    audio_id: TaskReference
    """The track, as one of `result.tracks` or its id. A music task has two."""
    name: str
    """Name of the persona."""
    description: str
    """What is characteristic of it - genre, mood, instruments and above all the voice."""
    vocal_start: float | None = 0
    """Where in the track the excerpt begins that the persona is learnt from, in seconds. At least 0. Default: 0."""
    vocal_end: float | None = 30
    """Where that excerpt ends, in seconds. At least 0. Default: 30."""
    style: str | None = None
    """Style of the persona in a few words, such as `Electronic pop`."""
