"""suno/midi: the request class, compiled from openapi/models/suno/midi.yaml. Do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from kie._core.later import later
from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._core.tasks import TaskReference

if TYPE_CHECKING:
    from kie._core.music import MidiResult
else:
    MidiResult = later("kie._core.music", "MidiResult")


@attrs.frozen(kw_only=True, repr=False)
class SunoMidi(Request[MidiResult]):
    """The notes of stems, found in a finished separation (`SunoVocalSeparation`): which instrument plays which note
    when, how long and how hard. The notes come as data; there is no MIDI file.

    Model `suno/midi` by Suno: midi.
    Facts as of 2026-08-19 (docs.kie.ai/suno-api/generate-midi.md).
    Superseded: it still works, and the vendor now documents `ai-music-api/generate-midi-from-audio` instead.

    Args:
        task_id: The separation, as its result, its handle or its id. It must have succeeded.
        audio_id: Id of one stem, one of `result.ids` of the separation (`originData` in its record). All stems
            if absent.
    """

    info = ModelInfo(
        slug="suno_midi",
        package="kie_models",
        lifecycle="suno-midi",
        result="midi",
        captured="2026-08-19",
        id="suno/midi",
        operation="generateMidi",
        status="superseded",
        successors=("ai-music-api/generate-midi-from-audio",),
    )

    task_id: TaskReference = attrs.field(metadata={"wire": "taskId"})
    """The separation, as its result, its handle or its id. It must have succeeded."""
    audio_id: str | None = attrs.field(default=None, metadata={"wire": "audioId"})
    """Id of one stem, one of `result.ids` of the separation (`originData` in its record). All stems if absent."""
