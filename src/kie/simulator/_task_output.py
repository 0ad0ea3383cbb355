"""Simulator: makes the files and data of a simulated task, by its kind of result. May import `_core`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kie._core.json import JSON, JSONObject
from kie.simulator._sample_media import Recipe, recipe
from kie.simulator._task_store import SimTask

MAX_RESULTS = 16
_COUNTS = ("num_images", "nVariants", "videoBatchSize")
"""Fields that state how many results are requested."""

NewId = Callable[[], str]


def produce(task: SimTask, stem: str, new_id: NewId) -> None:
    """Set the future results of a task: files, whose names begin with `stem`, data and parts."""
    fields = task.input
    match task.kind:
        case "image" | "video" | "audio":
            task.files = _files(task.kind, fields, stem, _count(fields))
        case "music":
            task.data, task.parts = _music(fields, new_id)
            task.files = _files("audio", fields, stem, len(task.parts))
        case "stems":
            task.data, task.parts = _stems(fields, new_id)
            task.files = _files("audio", fields, stem, len(task.parts))
        case _:
            task.data, task.parts = _data(task.kind, task.model, fields, new_id())


def _files(kind: str, fields: Mapping[str, JSON], stem: str, count: int) -> dict[str, Recipe]:
    made = [recipe(kind, fields, index) for index in range(count)]
    return {f"{stem}_{index}.{what.extension}": what for index, what in enumerate(made)}


def _count(fields: Mapping[str, JSON]) -> int:
    value = next((fields[name] for name in _COUNTS if name in fields), None)
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:4])
    if not isinstance(value, int) or isinstance(value, bool):
        return 1
    return max(1, min(value, MAX_RESULTS))


def _text(fields: Mapping[str, JSON], *names: str) -> str:
    return next((value for name in names if isinstance(value := fields.get(name), str) and value), "simulated")


def _music(fields: Mapping[str, JSON], new_id: NewId) -> tuple[JSON, tuple[str, ...]]:
    ids = (new_id(), new_id())
    tracks: list[JSON] = [
        {
            "id": id_,
            "prompt": f"[Verse]\n{_text(fields, 'prompt', 'lyrics', 'fullLyrics', 'full_lyrics')}",
            "modelName": _text(fields, "model"),
            "title": _text(fields, "title", "prompt")[:80],
            "tags": _text(fields, "style", "tags"),
            "duration": 1.0,
        }
        for id_ in ids
    ]
    return tracks, ids


_STEMS = (
    *("Vocals", "Instrumental", "Backing_Vocals", "Drums", "Bass", "Guitar", "Piano"),
    *("Keyboard", "Percussion", "Strings", "Synth", "FX", "Brass", "Woodwinds"),
)


def _stems(fields: Mapping[str, JSON], new_id: NewId) -> tuple[JSON, tuple[str, ...]]:
    wanted = {"split_stem": _STEMS, "split_stem_advanced": (_text(fields, "stemName", "stem_name"),)}
    names = {new_id(): name for name in wanted.get(_text(fields, "type"), _STEMS[:2])}
    listed: list[JSON] = [{"id": id_, "stem_type_group_name": name, "duration": 1.0} for id_, name in names.items()]
    return {"originData": listed}, tuple(names)


def _data(kind: str, model: str, fields: Mapping[str, JSON], made: str) -> tuple[JSON, tuple[str, ...]]:
    text = _text(fields, "prompt", "content", "text", "descriptions")
    match kind:
        case "lyrics":
            return [{"title": f"Version {n}", "text": f"[Verse]\n{text}", "status": "complete"} for n in (1, 2)], ()
        case "midi":
            return {"state": "complete", "instruments": [{"name": "Piano", "notes": [_note(n) for n in range(4)]}]}, ()
        case "text":
            return f"{text}, simulated", ()
        case "timestamps":
            words: list[JSON] = [_word(number, word) for number, word in enumerate(text.split()[:20])]
            return {"alignedWords": words, "waveformData": [0.5]}, ()
        case "persona":
            return {"personaId": made, "name": _text(fields, "name"), "description": text}, (made,)
        case "character":
            return {"characterId": made, "characterName": _text(fields, "character_name")}, (made,)
        case "voice":
            return _voice(model, fields, made)
        case _:
            return {"resultObject": {"model": model, "status": 1}}, ()


def _voice(model: str, fields: Mapping[str, JSON], made: str) -> tuple[JSON, tuple[str, ...]]:
    """The result of a step of making a voice: a phrase to sing, the voice, or whether it is available."""
    match model:
        case "omni/audio":
            return {"audioId": made, "name": _text(fields, "name")}, (made,)
        case "voice/generate" | "ai-music-api/create-voice":
            return {"voiceId": made}, (made,)
        case "voice/check" | "ai-music-api/check-voice":
            return {"isAvailable": True}, ()
        case _:
            return {"validateInfo": "Sing this line, please"}, ()


def _note(number: int) -> JSONObject:
    return {"pitch": 60 + number, "start": number * 0.5, "end": number * 0.5 + 0.4, "velocity": 0.8}


def _word(number: int, text: str) -> JSONObject:
    return {"word": text, "success": True, "startS": number * 0.5, "endS": number * 0.5 + 0.4}
