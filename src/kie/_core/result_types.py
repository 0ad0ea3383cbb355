"""Core: the class for each kind of result. May import only `_core`.

The classes for music and voices are imported on first use.
"""

from __future__ import annotations

from functools import cache
from typing import cast

import attrs

from kie._core import results
from kie._core.errors import ResultInvalid
from kie._core.results import Result
from kie._core.status import TaskStatus

_RESULTS = {"image": "ImageResult", "video": "VideoResult", "audio": "AudioResult", "json": "JsonResult"}
_MUSIC = {
    "music": "MusicResult",
    "lyrics": "LyricsResult",
    "stems": "StemsResult",
    "midi": "MidiResult",
    "timestamps": "TimestampsResult",
    "persona": "PersonaResult",
    "text": "TextResult",
}
_VOICES = {"voice": "VoiceResult", "character": "CharacterResult"}

RESULT_KINDS = frozenset({*_RESULTS, *_MUSIC, *_VOICES})
"""The values of `x-kie.result`."""

WITH_FILES = frozenset({"image", "video", "audio", "music", "stems"})
"""The kinds of result that have files."""


@cache
def result_type(kind: str) -> type[Result]:
    """Get the class for a kind of result.

    Raises:
        KeyError: It is not one of `RESULT_KINDS`.
    """
    if kind in _MUSIC:
        from kie._core import music

        found = getattr(music, _MUSIC[kind])
    elif kind in _VOICES:
        from kie._core import voices

        found = getattr(voices, _VOICES[kind])
    else:
        found = getattr(results, _RESULTS[kind])
    return cast("type[Result]", found)


def read_result(kind: str, status: TaskStatus) -> Result:
    """Make the result of a succeeded task. It belongs to no client yet.

    Args:
        kind: One of `RESULT_KINDS`.
        status: The record of the task.

    Raises:
        ResultInvalid: Results of the kind have files, but the record names none.
    """
    if not status.urls and kind in WITH_FILES:
        raise ResultInvalid(status.ref, "it succeeded but names no result file", raw=status.raw)
    return result_type(kind)(status=status)


def with_partial(status: TaskStatus) -> TaskStatus:
    """Add to the status of a running task what the task has produced so far, if anything."""
    if status.done or not (status.urls or status.data):
        return status
    return attrs.evolve(status, partial=result_type(status.kind)(status=status))
