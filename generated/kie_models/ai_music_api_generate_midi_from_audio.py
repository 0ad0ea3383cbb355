"""ai-music-api/generate-midi-from-audio: the request class, compiled from openapi/models/ai-music-api/generate-midi-from-audio.yaml. Do not edit."""

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
class AiMusicGenerateMidiFromAudio(Request[MidiResult]):
    """The notes of stems, found in a finished separation (`AiMusicSeparateVocals`): which instrument plays which note
    when, how long and how hard. The notes come as data; there is no MIDI file.

    Model `ai-music-api/generate-midi-from-audio` by Suno: midi.
    Facts as of 2026-10-01 (docs.kie.ai (ai-music-api/generate-midi-from-audio)).

    Args:
        task_id: The separation, as its result, its handle or its id. It must have succeeded.
        audio_id: Id of one stem, one of `result.ids` of the separation. All stems if absent.
    """

    info = ModelInfo(
        slug="ai_music_api_generate_midi_from_audio",
        package="kie_models",
        lifecycle="jobs",
        result="midi",
        captured="2026-10-01",
        model="ai-music-api/generate-midi-from-audio",
    )

    task_id: TaskReference
    """The separation, as its result, its handle or its id. It must have succeeded."""
    audio_id: str | None = None
    """Id of one stem, one of `result.ids` of the separation. All stems if absent."""
