"""Finds bounds that a description states by hand. The schema states them, and `codegen.wording` words them.

What counts is narrow and certain: a figure beside the unit of a bound that such a field can have; in the description
of a number, any digit outside backticks; in the description of media, the name of a format. Names (`Veo 3.1`), shapes
(`16:9`) and sizes (`4K`, `720p`) are not figures, and neither is a value in backticks whose meaning is explained.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import attrs

from .dialect import FORMATS
from .source import Document, Fault, ModelSource, Node, escape
from .wording import number

WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
COUNT = {word: index for index, word in enumerate(WORDS.split(), 1)} | {"thirty": 30, "sixty": 60, "hundred": 100}
FIGURE = rf"(?<![\w.:,-])-?(?:\d[\d,]*(?:\.\d+)?|\b(?:{'|'.join(COUNT)})\b)(?![\w:]|[.,]\d)(?:\s+million\b)?"
SPAN = rf"(?P<low>{FIGURE})(?:\s*(?:to|-|–|or|and)\s*(?P<high>{FIGURE}))?"
LIMIT = (
    r"\b(?:at most|at least|up to|no more than|no fewer than|no less than|not more than|more than|less than|"
    r"fewer than|longer than|shorter than|exactly|a maximum of|a minimum of|a list of)\s+"
)
THINGS = (
    r"\s+(?:[a-z]+\s+)?(?:images?|pictures?|videos?|recordings?|files?|items?|elements?|shots?|scenes?|entries|clips?|"
    r"colou?rs?|ids?|masks?|frames?|references?|characters?|voices?|boxes|URLs?|texts?|lines?)\b"
)
OR_MORE = r"\s+or\s+(?:more|fewer|less)\b"
SCALES = {"kb": 1024, "mb": 1024**2, "gb": 1024**3, "bytes": 1, "byte": 1}
SCALES |= dict.fromkeys(("second", "seconds", "s"), 1) | dict.fromkeys(("minute", "minutes"), 60)
"""What a figure beside a unit is multiplied with, to be compared with a bound."""
OTHER_FORMATS = {
    **dict.fromkeys("jpg jfif svg psd".split(), "image"),
    **dict.fromkeys("quicktime matroska mpeg wmv flv".split(), "video"),
    **dict.fromkeys("wma opus aiff".split(), "audio"),
}
"""Names of formats that are not in the dialect, with the kind of each."""


@attrs.frozen
class Unit:
    """A unit beside a figure, and the bounds that are measured in it."""

    after: str
    keywords: tuple[str, ...]
    before: str = ""
    media: bool = True
    """Whether the bounds are among the facts of media, or else keywords of the schema."""
    kinds: tuple[str, ...] = ("image", "video", "audio", "file")


UNITS = (
    Unit(r"\s*(?P<unit>KB|MB|GB|bytes?)\b", ("max_bytes",)),
    Unit(r"\s*(?:px|pixels?)\b", ("min_side", "max_side", "min_pixels", "max_pixels")),
    Unit(r"\s*(?:frames per second|frames/s|fps)\b", ("min_fps", "max_fps")),
    Unit(
        r"\s*(?P<unit>seconds?|s|minutes?)\b",
        ("min_seconds", "max_seconds", "max_total_seconds"),
        kinds=("video", "audio", "file"),
    ),
    Unit("", ("min_ratio", "max_ratio"), before=r"\b(?:width to height|ratio)(?: of)?(?: from)?\s+"),
)
LENGTH = Unit(r"\s+characters?\b", ("minLength", "maxLength"), media=False)
SECONDS = Unit(r"\s+(?P<unit>seconds?|minutes?)\b", (), media=False)


@attrs.frozen
class Statement:
    """What a description states: the words, and the figures in them in the measure of bounds."""

    words: str
    figures: tuple[float, ...]


def check_statements(models: list[ModelSource]) -> list[Fault]:
    """Every bound that a description of a model, of a nested object or of a field states by hand."""
    return [fault for model in models for fault in _object(model.file, "", model.document, model, "")]


def _object(file: str, at: str, node: Document, model: ModelSource, path: str) -> Iterator[Fault]:
    properties = node.get("properties")
    if not isinstance(properties, dict):
        return
    media = model.facts.get("media") or {}
    yield from _of_class(file, at, node, {wire: media.get(f"{path}{wire}") or {} for wire in properties})
    for wire, field in properties.items():
        if isinstance(field, dict):
            here = f"{at}/properties/{escape(wire)}"
            for message in said(field, media.get(f"{path}{wire}") or {}):
                yield Fault(file, f"{here}/description", message)
            inner = field.get("items", field)
            if isinstance(inner, dict) and inner.get("type") == "object":
                inside = f"{here}/items" if "items" in field else here
                yield from _object(file, inside, inner, model, f"{path}{wire}.")


def said(field: Document, media: Document) -> Iterator[str]:
    """What is wrong with the description of a field."""
    text = str(field.get("description") or "")
    plain = _plain(text)
    yield from _verdicts(plain, LENGTH, _values(field, LENGTH.keywords), prefix=r"(?<!counts as )(?<!counts for )")
    for unit in UNITS if media else ():
        if media["kind"] in unit.kinds:
            yield from _verdicts(plain, unit, {key: [media[key]] for key in unit.keywords if key in media})
    if media:
        yield from _formats(_open(text), media)
    if field.get("type") == "array":
        yield from _counts(plain, field)
    elif _kinds(field) & {"integer", "number"}:
        yield from _numbers(text, plain, field)
    yield from _choices(text, field)
    if "default" in field and (match := re.search(r"\bdefaults?\b|\bif absent\b", plain, re.I)):
        yield f"{match[0]!r}: a default is worded by the compiler, and sent: leave it out"
    empty = field.get("minLength") or field.get("minItems")
    if empty and (match := re.search(r"\b(?:may|can) be empty\b", plain, re.I)):
        yield f"{match[0]!r} contradicts {'minLength' if field.get('minLength') else 'minItems'} {number(empty)}"


def _plain(text: str) -> str:
    """A text without addresses and names in code; values in code stay."""
    text = re.sub(r"`[^`]*://[^`]*`|\b\w+://\S+", "·", " ".join(text.split()))
    return re.sub(r"`([^`]*)`", lambda match: match[1] if re.fullmatch(FIGURE, match[1]) else "·", text)


def _open(text: str) -> str:
    """A text without anything in code."""
    return re.sub(r"`[^`]*`", "·", re.sub(r"\b\w+://\S+", "·", text))


def _kinds(field: Document) -> set[str]:
    return {str(option.get("type")) for option in [field, *(field.get("anyOf") or [])] if isinstance(option, dict)}


def _values(field: Document, keywords: tuple[str, ...]) -> dict[str, list[Node]]:
    """The bounds of a field by keyword, those of its alternatives and of what a list holds included."""
    found: dict[str, list[Node]] = {}
    for node in [field, *(field.get("anyOf") or []), field.get("items") or {}]:
        for key in keywords:
            if isinstance(node, dict) and key in node:
                values = node[key] if isinstance(node[key], list) else [node[key]]
                found.setdefault(key, []).extend(values)
    return found


def _figure(text: str, scale: float = 1) -> float:
    head, _, million = text.partition(" ")
    value = COUNT[head.lower()] if head.lower() in COUNT else float(head.replace(",", "").rstrip("."))
    return value * scale * (1_000_000 if million else 1)


def _statements(text: str, after: str, before: str = "", prefix: str = "") -> Iterator[Statement]:
    limit = f"(?:{LIMIT})?" if not before else ""
    for match in re.finditer(f"{limit}{before}{prefix}{SPAN}{after}", text, re.IGNORECASE):
        groups = match.groupdict()
        scale = SCALES.get(str(groups.get("unit") or "").lower(), 1)
        figures = tuple(_figure(groups[name], scale) for name in ("low", "high") if groups.get(name))
        yield Statement(" ".join(match[0].split()), figures)


def _verdicts(text: str, unit: Unit, bounds: dict[str, list[Node]], prefix: str = "") -> Iterator[str]:
    for statement in _statements(text, unit.after, unit.before, prefix):
        yield _verdict(statement, bounds, unit.keywords)


def _verdict(statement: Statement, bounds: dict[str, list[Node]], keywords: tuple[str, ...]) -> str:
    stated = ", ".join(f"{key} {', '.join(_shown(value) for value in values)}" for key, values in bounds.items())
    known = {float(value) for values in bounds.values() for value in values if _numeric(value)}
    if not bounds:
        return f"{statement.words!r} states a bound that the schema does not have ({' or '.join(keywords)})"
    if set(statement.figures) <= known:
        return f"{statement.words!r} repeats {stated}, which the compiler words: leave it out"
    return f"{statement.words!r} contradicts {stated}"


def _numeric(value: Node) -> bool:
    if isinstance(value, str):
        return re.fullmatch(r"-?\d+(?:\.\d+)?", value) is not None
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shown(value: Node) -> str:
    return number(value) if isinstance(value, int | float) else str(value)


def _counts(text: str, field: Document) -> Iterator[str]:
    """How many items a list has: a limit with a figure, or two and more of something."""
    keywords = ("minItems", "maxItems")
    bounds = _values(field, keywords)
    for unit in (*UNITS, LENGTH):  # what has a unit counts nothing
        text = re.sub(f"{unit.before}{SPAN}{unit.after}", "·", text, flags=re.IGNORECASE)
    rest = r"(?!\s*(?:%|percent))"
    found = [
        *re.finditer(f"{LIMIT}{SPAN}{rest}", text, re.IGNORECASE),
        *re.finditer(rf"{FIGURE}\s*(?:to|or)\s*{FIGURE}{rest}", text, re.IGNORECASE),
        *re.finditer(f"{FIGURE}{OR_MORE}", text, re.IGNORECASE),
        *re.finditer(rf"(?!one\b|1\b){FIGURE}{THINGS}", text, re.IGNORECASE),
    ]
    for words in dict.fromkeys(match[0] for match in found):
        figures = tuple(_figure(figure) for figure in re.findall(FIGURE, words, re.IGNORECASE))
        yield _verdict(Statement(words, figures), bounds, keywords)


def _numbers(text: str, plain: str, field: Document) -> Iterator[str]:
    """Digits in the description of a number: bounds, or values that do not stand in backticks."""
    keywords = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "enum")
    bounds = _values(field, keywords)
    limits = [match[0] for match in re.finditer(f"{LIMIT}{SPAN}", plain, re.IGNORECASE)]
    limits += [m[0] for m in re.finditer(rf"{FIGURE}(?:\s*(?:to|-|–)\s*{FIGURE}|{OR_MORE})", plain, re.IGNORECASE)]
    bare = [match[0] for match in re.finditer(FIGURE, _open(text)) if match[0].lower() not in COUNT]
    for words in dict.fromkeys([*limits, *bare]):
        if words in bare and any(words in limit for limit in limits):
            continue
        figures = tuple(_figure(figure) for figure in re.findall(FIGURE, words, re.IGNORECASE))
        if words in limits or set(figures) & {float(v) for vs in bounds.values() for v in vs if _numeric(v)}:
            yield _verdict(Statement(words, figures), bounds, ("minimum", "maximum"))
        else:
            yield f"{words!r}: a number here is a bound, which the schema states, or a value, which stands in backticks"


def _choices(text: str, field: Document) -> Iterator[str]:
    """Values of a list of values with digits in them: in backticks where they are explained, and never all in a row."""
    values = _values(field, ("enum",)).get("enum", [])
    digits = [str(value) for value in values if re.search(r"\d", str(value))]
    for value in dict.fromkeys(digits):
        match = re.search(rf"(?<![\w.:,-]){re.escape(value)}p?(?![\w:]|\.\d)", _open(text), re.IGNORECASE)
        if match and not _kinds(field) & {"integer", "number"}:
            yield f"{match[0]!r} is a value of enum: leave it out, or explain it in backticks"
    for row in re.finditer(r"`[^`]+`(?:(?:, | or | and |, or |, and )`[^`]+`)+", text):
        named = re.findall(r"`([^`]+)`", row[0])
        if values and set(named) == {str(value) for value in values}:
            yield f"{row[0]!r} repeats enum: leave it out"
    for statement in _statements(_plain(text), SECONDS.after) if digits else ():
        if set(statement.figures) <= {float(value) for value in digits if _numeric(value)}:
            yield _verdict(statement, {"enum": values}, ("enum",))


def _formats(text: str, media: Document) -> Iterator[str]:
    """Formats of the kind of the field, or of its list. Those of another kind are codecs inside it."""
    listed = media.get("formats") or []
    known = FORMATS | OTHER_FORMATS
    repeated, others = [], []
    for word in dict.fromkeys(re.findall(r"[A-Za-z][A-Za-z0-9]+", text)):
        name = {"jpg": "jpeg", "tif": "tiff"}.get(word.lower(), word.lower())
        if name in listed:
            repeated.append(word)
        elif name in known and word != word.lower() and media["kind"] in ("file", known[name]):
            others.append(word)
    if repeated:
        yield f"{', '.join(repeated)} repeats x-kie.media.formats, which the compiler words: leave it out"
    if others and listed:
        yield f"{', '.join(others)} contradicts x-kie.media.formats {', '.join(listed)}"
    elif others:
        yield f"{', '.join(others)} states formats that x-kie.media does not have"


def _of_class(file: str, at: str, node: Document, media: Document) -> Iterator[Fault]:
    """Figures in the description of a class that are the bounds of one of its fields."""
    plain = _plain(str(node.get("description") or ""))
    seconds = list(_statements(plain, SECONDS.after))
    lengths = list(_statements(plain, LENGTH.after))
    sizes = list(_statements(plain, UNITS[0].after))
    counted = [*_statements(plain, "", f"{LIMIT}"), *_statements(plain, THINGS)]
    counted = [found for found in counted if found.words.lower() not in {"one", "1"} and max(found.figures) > 1]
    for wire, field in node["properties"].items():
        if not isinstance(field, dict):
            continue
        own = media[wire]
        duration = "second" in str(field.get("description")).lower() and field.get("type") != "array"
        numbers = _values(field, ("minimum", "maximum", "enum")) if duration else {}
        timed = numbers | {key: [own[key]] for key in ("min_seconds", "max_seconds") if key in own}
        checks = (
            (seconds, timed),
            (lengths, _values(field, LENGTH.keywords)),
            (sizes, {key: [own[key]] for key in ("max_bytes",) if key in own}),
            (counted, _values(field, ("minItems", "maxItems")) if field.get("type") == "array" else {}),
        )
        for statements, bounds in checks:
            known = {float(value) for values in bounds.values() for value in values if _numeric(value)}
            for statement in statements:
                if set(statement.figures) <= known:
                    said_by = ", ".join(bounds)
                    yield Fault(file, f"{at}/description", f"{statement.words!r} repeats {said_by} of {wire}")
