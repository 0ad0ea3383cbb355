"""suno/persona: the request class, compiled from openapi/models/suno/persona.yaml. Do not edit."""

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
class SunoPersona(Request[PersonaResult]):
    """Keeps the manner of a track as a persona: its id goes into the `personaId` of later music. It answers at once
    and is free of charge. A track has one persona at most; a second request is refused with code 409.

    Model `suno/persona` by Suno: persona.
    Facts as of 2026-08-19 (docs.kie.ai/suno-api/generate-persona.md).
    Superseded: it still works, and the vendor now documents `ai-music-api/generate-persona` instead.

    Args:
        task_id: The earlier music task, as its result, its handle or its id. It must have succeeded.
        audio_id: The track, as one of `result.tracks` or its id. A music task has two.
        name: Name of the persona.
        description: What is characteristic of it - genre, mood, instruments and above all the voice.
        vocal_start: Where in the track the excerpt begins that the persona is learnt from, in seconds. At least
            0. Default: 0.
        vocal_end: Where that excerpt ends, in seconds. At least 0, in multiples of 0.01. Default: 30.
        style: Style of the persona in a few words, such as `Electronic pop`.

    Rules:
        `vocal_end` must be 10 to 30 seconds after `vocal_start`.
    """

    info = ModelInfo(
        slug="suno_persona",
        package="kie_models",
        lifecycle="suno-persona",
        result="persona",
        captured="2026-08-19",
        id="suno/persona",
        operation="generatePersona",
        status="superseded",
        successors=("ai-music-api/generate-persona",),
    )

    task_id: TaskReference = attrs.field(metadata={"wire": "taskId"})
    """The earlier music task, as its result, its handle or its id. It must have succeeded."""
    audio_id: TaskReference = attrs.field(metadata={"wire": "audioId"})
    """The track, as one of `result.tracks` or its id. A music task has two."""
    name: str
    """Name of the persona."""
    description: str
    """What is characteristic of it - genre, mood, instruments and above all the voice."""
    vocal_start: float | None = attrs.field(default=0, metadata={"wire": "vocalStart"})
    """Where in the track the excerpt begins that the persona is learnt from, in seconds. At least 0. Default: 0."""
    vocal_end: float | None = attrs.field(default=30, metadata={"wire": "vocalEnd"})
    """Where that excerpt ends, in seconds. At least 0, in multiples of 0.01. Default: 30."""
    style: str | None = None
    """Style of the persona in a few words, such as `Electronic pop`."""
