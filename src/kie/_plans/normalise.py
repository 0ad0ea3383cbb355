"""Plans: converts loose names and values of fields to those of the schema. May import `_core`.

There is no table of models here: the possible meanings of a name or value come from the schema of the model. Ambiguous
input is not changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import cast

import attrs

from kie._core.arguments import equivalent
from kie._core.issues import Issue, unknown_field
from kie._core.json import JSON, JSONObject
from kie._core.media import UploadedFile, is_local
from kie._core.paths import Path, render
from kie._core.request import Request
from kie._core.results import Result
from kie._core.safe_text import repr_of
from kie._core.schema import SEEN, documented

GIVEN_TWICE = "given_twice"
"""The rule that is broken if a field is given under two names, with different values."""
AMBIGUOUS = "ambiguous"
"""The rule that is broken by a value that could mean several permitted values."""

SYNONYMS = (
    ("prompt", "text", "description", "instruction"),
    ("negative_prompt", "negative", "exclude", "avoid"),
    ("aspect_ratio", "aspect", "ratio", "image_size", "size", "format", "orientation", "dimensions"),
    ("quality", "mode", "resolution", "image_resolution", "output_resolution", "definition", "tier", "size"),
    ("duration", "length", "seconds", "duration_seconds", "video_length"),
    ("num_images", "n", "n_variants", "max_images", "number_of_images", "count", "variants"),
    ("sound", "audio", "generate_audio", "with_audio", "generate_audio_switch", "with_sound"),
    ("output_format", "format", "file_format", "file_type"),
    ("seed", "random_seed"),
    ("guidance_scale", "cfg_scale", "cfg", "guidance"),
    ("num_inference_steps", "steps", "inference_steps"),
    ("strength", "denoise", "denoising_strength"),
    ("prompt_extend", "expand_prompt", "enhance_prompt", "enable_prompt_expansion", "prompt_optimizer", "magic_prompt"),
    ("nsfw_checker", "enable_safety_checker", "safety_checker", "safety_check"),
    ("voice", "voice_id", "voice_name", "speaker"),
    ("language", "language_code", "lang"),
    ("multi_prompt", "shots", "multi_shot_prompts"),
    ("multi_shots", "multi_shot"),
    ("style", "genre", "tags"),
    ("watermark", "water_mark"),
    ("upscale_factor", "scale", "factor", "upscale"),
)
"""Rows of synonyms, which include the field names of all models. A name means a field of its row if the model has
exactly one that fits."""

_TRUTHS = {
    **dict.fromkeys(("true", "yes", "y", "on", "1", "enabled"), True),
    **dict.fromkeys(("false", "no", "n", "off", "0", "disabled"), False),
}
_SPELLINGS = {"jpeg": "jpg", "standard": "std", "professional": "pro"}
"""Values and their short forms, which mean the same wherever both exist."""
_UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("p", "px", "pixel", "pixels"), "p"),
    **dict.fromkeys(("x", "times", "×"), "x"),
    **dict.fromkeys(("k",), "k"),
}
_COUNTED = {"s": r"\bseconds?\b", "p": r"\b(lines|pixels?)\b", "x": r"\b(grows?|scale|factor|times)\b"}
"""Words in a description that tell the unit of its numbers."""
_NUMBER = re.compile(r"([+-]?\d{1,18}(?:\.\d{1,18})?)\s*-?\s*([a-z×]*)", re.ASCII | re.IGNORECASE)
_RATIO = re.compile(
    r"(\d{1,5}(?:\.\d{1,5})?)\s*(?:[:x×*/∶-]|by|to)\s*(\d{1,5}(?:\.\d{1,5})?)", re.ASCII | re.IGNORECASE
)
_WORDS = re.compile(r"[^\W\d_]+|\d+|[^\w\s:：,;./|×∶()\[\]{}'\"`´‘’“”‐-―-]")
"""Words, numbers and signs, without separators."""
_NEGATIVE = re.compile(r"[-‐-―−]\s*\d")
_NAME_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_ORIENTATIONS = {
    **dict.fromkeys(("landscape", "horizontal", "wide"), (16, 9)),
    **dict.fromkeys(("portrait", "vertical", "tall"), (9, 16)),
    **dict.fromkeys(("square",), (1, 1)),
}
LONGEST = 200
"""Texts with more characters than this are not compared with the values of a closed list."""


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """Fold the name of a field: no case and no separators."""
    return re.sub(r"[\W_]+", "", name).lower()


def words(name: str) -> tuple[str, ...]:
    """Split a name into words, whatever separates them: `imageUrls` and `image-urls` have the same words."""
    return tuple(word.lower() for word in _NAME_WORDS.findall(name))


@attrs.frozen(kw_only=True)
class Object:
    """The fields of a model, or of an object in it."""

    nodes: Mapping[str, JSONObject]
    """The schema of each field in its documented form, by its name on the wire."""
    required: frozenset[str]
    """The fields that have to be given."""
    folded: Mapping[str, str]
    """Names on the wire by folded wire and Python names. Ambiguous names are left out."""

    @classmethod
    def read(cls, schema: JSONObject, python: Iterable[tuple[str, str]] = ()) -> Object:
        """Read the fields of a schema; `python` maps their Python names to those on the wire."""
        nodes = {
            name: documented(node)
            for name, node in cast("dict[str, JSONObject]", schema.get("properties") or {}).items()
        }
        found: dict[str, set[str]] = {}
        for said, wire in (*((name, name) for name in nodes), *python):
            found.setdefault(fold(said), set()).add(wire)
        return cls(
            nodes=nodes,
            required=frozenset(cast("list[str]", schema.get("required") or [])),
            folded={name: meant.pop() for name, meant in found.items() if len(meant) == 1},
        )

    def named(self, name: str) -> str | None:
        """The field that a spelling of its name means; None if there is none."""
        return name if name in self.nodes else self.folded.get(fold(name))

    def synonym(self, name: str, value: object, given: Iterable[str]) -> str | None:
        """The only field that a synonym can mean and that accepts the value; None if there is none, or several."""
        taken = {*given}
        words = _synonyms().get(fold(name), ())
        meant = dict.fromkeys(field for each in words if (field := self.folded.get(each)) is not None)
        meant = dict.fromkeys(field for field in meant if not {SEEN, "deprecated"} & self.nodes[field].keys())
        fitting = [field for field in meant if field not in taken and _takes(self.nodes[field], value)]
        return fitting[0] if len(fitting) == 1 else None


@cache
def _synonyms() -> dict[str, list[str]]:
    """The folded synonyms of a folded word."""
    found: dict[str, list[str]] = {}
    for row in SYNONYMS:
        for word in row:
            found.setdefault(fold(word), []).extend(fold(each) for each in row if each != word)
    return found


@cache
def object_of(cls: type[Request[Result]]) -> Object:
    """The fields of a request class."""
    schema = cls.info.schema
    return Object.read(schema.document if schema else {}, cls.__kie_plan__())


@lru_cache(maxsize=1024)
def _part(text: str) -> Object:
    return Object.read(json.loads(text))


def _nested(node: JSONObject) -> Object:
    return _part(json.dumps(node))


@attrs.define
class FieldReader:
    """Reads the fields of one request. Its changes are in `changes`, and undecided input is in `issues`."""

    changes: list[str] = attrs.field(factory=list)
    issues: list[Issue] = attrs.field(factory=list)

    def fields(self, owner: Object, given: Mapping[str, object], path: Path = ()) -> dict[str, object]:
        """Convert fields to their names and values in the schema.

        Args:
            owner: The existing fields.
            given: The input, by loose names.
            path: Their path.

        Returns:
            The values by the names on the wire. Unknown names are left out and noted in `issues`.
        """
        names = self._named(owner, given, path)
        found: dict[str, object] = {}
        for name, value in given.items():
            wire = names.get(name)
            if wire is None:
                continue
            read = self._safely(owner.nodes[wire], value, (*path, wire), required=wire in owner.required)
            if read is None and value is not None:
                continue
            if wire not in found:
                found[wire] = read
            elif repr_of(found[wire]) != repr_of(read):
                both = " and ".join(each for each, meant in names.items() if meant == wire)
                self.issues.append(Issue(render((*path, wire)), GIVEN_TWICE, f"is given twice, as {both}"))
        return found

    def _named(self, owner: Object, given: Mapping[str, object], path: Path) -> dict[str, str]:
        """The name on the wire for each given name."""
        names = {name: wire for name in given if (wire := owner.named(name)) is not None}
        for name, value in given.items():
            wire = names.get(name) or owner.synonym(name, value, names.values())
            if wire is None:
                inside = ".".join(step for step in path if isinstance(step, str))
                way = equivalent(name) if not path else None
                said = (f"is not a field: {way}",) if way else unknown_field(name, owner.nodes, inside=inside)
                self.issues.append(Issue(render((*path, name)), "additionalProperties", said))
                continue
            names[name] = wire
            if name != wire:
                self.changes.append(f"{render((*path, name))} -> {wire}")
        return names

    def _safely(self, node: JSONObject, value: object, path: Path, *, required: bool) -> object:
        """Like `value`, but a value that raises when inspected is unchanged, and the class reports the fault."""
        try:
            return self.value(node, value, path, required=required)
        except (ArithmeticError, RecursionError, TypeError, ValueError):
            return value

    def value(self, node: JSONObject, value: object, path: Path, *, required: bool = False) -> object:
        """Convert a value to the documented form of its field, if possible.

        Args:
            node: The schema of the field, in its documented form.
            value: The given value.
            path: Its path.
            required: Whether the field has to be given.

        Returns:
            The value. None leaves the field out, if an empty text means that there is none.
        """
        if value is None or isinstance(value, UploadedFile):
            return value
        if isinstance(value, str) and not value.strip() and _means_none(path[-1], node, required=required):
            self._changed(path, value, "left out")
            return None
        match node.get("type"):
            case "array":
                return self._list(node, value, path)
            case "object":
                return self._object(node, value, path)
        if isinstance(value, (list, tuple)) and len(value) == 1:
            value = value[0]
            self.changes.append(f"{render(path)}: one value of a list")
        found = candidates(node, value)
        if len(found) > 1:
            listed = ", ".join(map(_shown, found))
            said = f"{_shown(value)} could mean {listed}"
            self.issues.append(Issue(render(path), AMBIGUOUS, said, tuple(found)))
        elif found and not _same(found[0], value):
            self._changed(path, value, _shown(found[0]))
            return found[0]
        elif not found and node.get("type") == "string" and isinstance(value, (int, float)):
            return _plain(value)  # the fault is that it is not a permitted text, not that it is a number
        return value

    def _list(self, node: JSONObject, value: object, path: Path) -> object:
        items = documented(cast("JSONObject", node.get("items") or {}))
        if isinstance(value, str) and (read := _json(value, list)) is not None:
            value = read
        if isinstance(value, (str, int, float, Mapping)) or is_local(value):
            if items.get("type") == "array":
                return value
            self.changes.append(f"{render(path)}: a list of one")
            value = [value]
        if not isinstance(value, (list, tuple)):
            return value
        return [self.value(items, item, (*path, index), required=True) for index, item in enumerate(value)]

    def _object(self, node: JSONObject, value: object, path: Path) -> object:
        if isinstance(value, str) and (read := _json(value, dict)) is not None:
            value = read
        if not isinstance(value, Mapping) or not node.get("properties"):
            return value
        return self.fields(_nested(node), {str(name): item for name, item in value.items()}, path)

    def _changed(self, path: Path, value: object, to: str) -> None:
        self.changes.append(f"{render(path)}: {_shown(value)} -> {to}")


def candidates(node: JSONObject, value: object) -> list[JSON]:
    """The possible meanings of a value in a field for a single value: none, one or several."""
    if "enum" in node:
        return _of_enum(node, value)
    forms = cast("list[JSONObject]", node.get("anyOf") or [])
    if forms:  # one meaning in several types: the type of the value wins, then the first type
        found = [each for form in forms for each in candidates({"description": node.get("description"), **form}, value)]
        alike = [each for each in found if type(each) is type(value)]
        return sorted(alike or found, key=lambda each: not _same(each, value))[:1]
    match node.get("type"):
        case "boolean":
            return _truth(value)
        case "integer" | "number" as kind:
            return _number(node, kind, value)
        case "string":
            return _text(node, value)
        case _:
            return []


def _of_enum(node: JSONObject, value: object) -> list[JSON]:
    """The permitted values that a value can mean, by the strictest comparison that finds any."""
    enum = cast("list[JSON]", node["enum"])
    if not isinstance(value, (str, int, float)) or (isinstance(value, str) and len(value) > LONGEST):
        return []
    if any(_same(each, value) for each in enum):
        return [cast("JSON", value)]
    text = _plain(value)
    texts = [(each, _plain(each)) for each in enum]
    for found in _comparisons(texts, text.strip(), _unit_of(node, texts)):
        if found:
            return found
    if isinstance(value, bool) or text.strip().lower() in _TRUTHS:
        truth = value if isinstance(value, bool) else _TRUTHS[text.strip().lower()]
        return [each for each, said in texts if _TRUTHS.get(said.lower()) is truth]
    return []


def _comparisons(texts: Sequence[tuple[JSON, str]], text: str, unit: str) -> Iterator[list[JSON]]:
    yield [each for each, said in texts if said == text]
    lower = text.lower()
    yield [each for each, said in texts if said.lower() == lower]
    number = _measure(text)
    folded = "" if _NEGATIVE.match(text) else _folded(text)  # the pattern has no minus
    yield [each for each, said in texts if folded and _folded(said) == folded]
    short = _SPELLINGS.get(folded, folded)
    yield [each for each, said in texts if short and _SPELLINGS.get(_folded(said), _folded(said)) == short]
    ratio = _ratio(text)
    if ratio is not None:
        yield [each for each, said in texts if _ratio(said) == ratio]
        yield [each for each, said in texts if _shape(said) == ratio]
    if lower in _ORIENTATIONS:
        wanted = _lying(_ORIENTATIONS[lower])
        shapes = [(each, shape) for each, said in texts if (shape := _ratio(said) or _shape(said)) is not None]
        yield [each for each, shape in shapes if _lying(shape) == wanted]
    if number is not None:
        yield [each for each, said in texts if _alike(number, _measure(said), unit)]


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    """Fold a value to letters, digits, signs and points between numbers: `v4.5` is `V4_5`, and `G#` is not `G`."""
    found = ""
    for word in _WORDS.findall(text.lower()):
        found += f".{word}" if found[-1:].isdigit() and word.isdigit() else word
    return found


@lru_cache(maxsize=4096)
def _ratio(text: str) -> tuple[float, float] | None:
    match = _RATIO.fullmatch(text)
    return (float(match[1]), float(match[2])) if match else None


@lru_cache(maxsize=4096)
def _shape(text: str) -> tuple[float, float] | None:
    """The ratio in a name such as `landscape_16_9` or `portrait_16_9`, which lies on its side there."""
    first, *rest = _WORDS.findall(text.lower()) or [""]
    if first not in _ORIENTATIONS:
        return None
    if len(rest) == 2 and all(each.isdigit() for each in rest):
        longer, shorter = sorted(map(float, rest), reverse=True)
        wide, high = _ORIENTATIONS[first]
        return (longer, shorter) if wide > high else (shorter, longer)
    return None if rest else _ORIENTATIONS[first]


def _lying(shape: tuple[float, float]) -> int:
    """The orientation of a ratio: 1 for landscape, 0 for square, -1 for portrait."""
    return (shape[0] > shape[1]) - (shape[0] < shape[1])


@lru_cache(maxsize=4096)
def _measure(text: str) -> tuple[float, str] | None:
    match = _NUMBER.fullmatch(text)
    return (float(match[1]), match[2].lower()) if match else None


def _alike(given: tuple[float, str], permitted: tuple[float, str] | None, unit: str) -> bool:
    """Whether two measures are the same. The given one may lack its unit; `unit` is the unit of bare numbers."""
    if permitted is None or given[0] != permitted[0]:
        return False
    said, meant = (_UNITS.get(each, each) for each in (given[1], permitted[1] or unit))
    return not said or (said == meant and meant in _UNITS.values())


def _unit_of(node: JSONObject, texts: Sequence[tuple[JSON, str]]) -> str:
    """The unit of permitted bare numbers, according to their description; empty if it names none."""
    if any(measure[1] for _, said in texts if (measure := _measure(said)) is not None):
        return ""
    about = str(node.get("description", "")).lower()
    found = [unit for unit, words in _COUNTED.items() if re.search(words, about)]
    return found[0] if len(found) == 1 else ""


def _truth(value: object) -> list[JSON]:
    if isinstance(value, str):
        return [_TRUTHS[text]] if (text := value.strip().lower()) in _TRUTHS else []
    return [bool(value)] if isinstance(value, (int, float)) and value in (0, 1) else []


def _number(node: JSONObject, kind: str, value: object) -> list[JSON]:
    if isinstance(value, bool):
        return []
    if isinstance(value, str):
        measure = _measure(value.strip()) if len(value) <= LONGEST else None
        if measure is None or (measure[1] and not (_UNITS.get(measure[1]) == "s" and _in_seconds(node))):
            return []
        text = cast("re.Match[str]", _NUMBER.fullmatch(value.strip()))[1]
        value = float(text) if "." in text else int(text)
    if isinstance(value, float) and value.is_integer() and kind == "integer":
        return [int(value)]
    return [value] if isinstance(value, (int, float)) else []


def _in_seconds(node: JSONObject) -> bool:
    return "second" in str(node.get("description", "")).lower()


def _text(node: JSONObject, value: object) -> list[JSON]:
    """Convert a number to text, or strip the unit of a number if the pattern wants digits."""
    pattern = str(node.get("pattern") or "")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return [_plain(value)]
    if not isinstance(value, str) or not pattern or len(value) > LONGEST:
        return []
    if re.search(pattern, value):
        return [value]
    ratio, measure = _RATIO.fullmatch(value.strip()), _NUMBER.fullmatch(value.strip())
    guesses = [value.strip()]
    if ratio:
        guesses.append(f"{ratio[1]}:{ratio[2]}")
    if measure and _UNITS.get(measure[2].lower()) == "s" and _in_seconds(node):
        guesses.append(measure[1])
    return cast("list[JSON]", [guess for guess in dict.fromkeys(guesses) if re.search(pattern, guess)][:1])


def _means_none(name: object, node: JSONObject, *, required: bool) -> bool:
    """Whether an empty text in a field means no value: it is not a valid value, or has no effect on the result."""
    if node.get("type") == "string" and "enum" not in node:
        return bool(node.get("minLength") or node.get("pattern")) or (not required and name in ("prompt", "text"))
    return not required or node.get("type") != "string"


def _takes(node: JSONObject, value: object) -> bool:
    """Whether a field can hold a value that was given under another name."""
    kind = node.get("type")
    if kind == "array":
        items = documented(cast("JSONObject", node.get("items") or {}))
        values = value if isinstance(value, (list, tuple)) else [value]
        return all(
            isinstance(each, Mapping) if items.get("type") == "object" else _takes(items, each) for each in values
        )
    if isinstance(value, (list, tuple)) and len(value) == 1:
        value = value[0]
    if kind == "string" and "enum" not in node:
        return isinstance(value, str) and "pattern" not in node
    return len(candidates(node, value)) == 1


def _plain(value: object) -> str:
    """Write a value as people do."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    return str(value)


def _same(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other


def _json(text: str, kind: type) -> object | None:
    """Parse a text that contains JSON of a given type; None for any other text."""
    opening = "[" if kind is list else "{"
    if not text.lstrip().startswith(opening) or len(text) > 1_000_000:
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, kind) else None


def _shown(value: object) -> str:
    text = repr_of(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
