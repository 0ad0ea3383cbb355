"""Simulator: what a simulated task yields, by the kind of its result: files and data. May import `_core`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs

from kie._core.json import JSON, JSONObject
from kie.simulator._sample_media import Recipe, recipe

MAX_RESULTS = 16
_COUNTS = ("num_images", "nVariants", "videoBatchSize")
"""Fields that say how many results are asked for."""


@attrs.frozen(kw_only=True)
class TaskOutput:
    """What a task yields."""

    files: Mapping[str, Recipe] = attrs.field(factory=dict)
    """Its files by name, in order."""
    data: JSON = None
    """What its record holds beside them."""
    parts: tuple[str, ...] = ()
    """Ids that later requests may name: tracks, voices …"""


NewId = Callable[[], str]


def output_of(kind: str, model: str, fields: Mapping[str, JSON], stem: str, new_id: NewId) -> TaskOutput:
    """What a task of this kind yields for these fields. `stem` begins the names of its files."""
    match kind:
        case "image" | "video" | "audio":
            return TaskOutput(files=_files(kind, fields, stem, _count(fields)))
        case "music":
            return _music(fields, stem, new_id)
        case "stems":
            return _stems(fields, stem, new_id)
        case _:
            return _data(kind, model, fields, new_id)


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


def _music(fields: Mapping[str, JSON], stem: str, new_id: NewId) -> TaskOutput:
    ids = [new_id(), new_id()]
    tracks: list[JSON] = [
        {
            "id": id_,
            "prompt": f"[Verse]\n{_text(fields, 'prompt', 'lyrics', 'fullLyrics')}",
            "modelName": _text(fields, "model"),
            "title": _text(fields, "title", "prompt")[:80],
            "tags": _text(fields, "style", "tags"),
            "duration": 1.0,
        }
        for id_ in ids
    ]
    return TaskOutput(files=_files("audio", fields, stem, len(tracks)), data=tracks, parts=tuple(ids))


_STEMS = (
    *("Vocals", "Instrumental", "Backing_Vocals", "Drums", "Bass", "Guitar", "Piano"),
    *("Keyboard", "Percussion", "Strings", "Synth", "FX", "Brass", "Woodwinds"),
)


def _stems(fields: Mapping[str, JSON], stem: str, new_id: NewId) -> TaskOutput:
    wanted = {"split_stem": _STEMS, "split_stem_advanced": (_text(fields, "stemName"),)}
    listed: list[JSON] = [
        {"id": new_id(), "stem_type_group_name": name, "duration": 1.0}
        for name in wanted.get(_text(fields, "type"), _STEMS[:2])
    ]
    ids = tuple(str(item["id"]) for item in listed if isinstance(item, dict))
    return TaskOutput(files=_files("audio", fields, stem, len(listed)), data={"originData": listed}, parts=ids)


def _data(kind: str, model: str, fields: Mapping[str, JSON], new_id: NewId) -> TaskOutput:
    text = _text(fields, "prompt", "content", "text", "descriptions")
    made = new_id()
    words: list[JSON] = [_word(number, word) for number, word in enumerate(text.split()[:20])]
    found: dict[str, tuple[JSON, tuple[str, ...]]] = {
        "lyrics": ([{"title": f"Version {n}", "text": f"[Verse]\n{text}", "status": "complete"} for n in (1, 2)], ()),
        "midi": ({"state": "complete", "instruments": [{"name": "Piano", "notes": [_note(n) for n in range(4)]}]}, ()),
        "text": (f"{text}, simulated", ()),
        "timestamps": (
            {"alignedWords": words, "waveformData": [0.5]},
            (),
        ),
        "persona": ({"personaId": made, "name": _text(fields, "name"), "description": text}, (made,)),
        "character": ({"characterId": made, "characterName": _text(fields, "character_name")}, (made,)),
        "voice": _voice(model, fields, made),
    }
    data, parts = found.get(kind, ({"resultObject": {"model": model, "status": 1}}, ()))
    return TaskOutput(data=data, parts=parts)


def _voice(model: str, fields: Mapping[str, JSON], made: str) -> tuple[JSON, tuple[str, ...]]:
    """A phrase to sing, a voice, or whether there is one: by the step."""
    match model:
        case "omni/audio":
            return {"audioId": made, "name": _text(fields, "name")}, (made,)
        case "voice/generate":
            return {"voiceId": made}, (made,)
        case "voice/check":
            return {"isAvailable": True}, ()
        case _:
            return {"validateInfo": "Sing this line, please"}, ()


def _note(number: int) -> JSONObject:
    return {"pitch": 60 + number, "start": number * 0.5, "end": number * 0.5 + 0.4, "velocity": 0.8}


def _word(number: int, text: str) -> JSONObject:
    return {"word": text, "success": True, "startS": number * 0.5, "endS": number * 0.5 + 0.4}
