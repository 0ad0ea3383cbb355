"""Finds bounds in handwritten descriptions. They belong in the schema, and `codegen.wording` puts them into words.

It looks only for what is certain: a figure beside the unit of a bound that such a field can have; in the description of
a number, any digit outside backticks; in the description of media, the name of a format. Names (`Veo 3.1`), shapes
(`16:9`) and sizes (`4K`, `720p`) are not figures, and neither is a value in backticks whose meaning is explained.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

import attrs

from .dialect import FORMATS
from .figures import (
    AFTER,
    BYTES,
    COUNT,
    FIGURE,
    LIMIT,
    PIXELS,
    SPAN,
    TAKING,
    THINGS,
    TIME,
    Statement,
    figure_of,
    plain_text,
    stated,
    without_code,
)
from .source import Document, Fault, ModelSource, Node, escape
from .wording import number

OTHER_FORMATS = {
    **dict.fromkeys("jpg jfif svg psd".split(), "image"),
    **dict.fromkeys("quicktime matroska wmv flv".split(), "video"),
    "mpeg": "video audio",
    **dict.fromkeys("wma opus aiff".split(), "audio"),
}
"""Names of formats that are not in the dialect, each with its kind."""


@attrs.frozen
class Unit:
    """A unit that may follow a figure, and the bounds that are measured in it."""

    after: str
    keywords: tuple[str, ...]
    before: str = ""
    media: bool = True
    """Whether the bounds are facts of media; otherwise they are keywords of the schema."""
    kinds: tuple[str, ...] = ("image", "video", "audio", "file")


UNITS = (
    Unit(BYTES, ("max_bytes",)),
    Unit(PIXELS, ("min_side", "max_side", "min_pixels", "max_pixels")),
    Unit(r"\s*(?:×|by)\s*\d[\d,]*\b", ("min_side", "max_side", "min_pixels", "max_pixels")),
    Unit(r"\s*(?:frames per second|fps)\b", ("min_fps", "max_fps")),
    Unit(TIME, ("min_seconds", "max_seconds", "max_total_seconds"), kinds=("video", "audio", "file")),
    Unit("", ("min_ratio", "max_ratio"), before=r"\b(?:width to height|ratios?)(?: (?:of|from|between|up to))*\s+"),
)
ENDING = rf"{LIMIT}{SPAN}(?=\s*(?:[.;,)](?!\d)|$))"
"""A limit that ends its clause: what it counts is the text itself."""
LENGTH = Unit(r"\s+characters?\b", ("minLength", "maxLength"), media=False)
SECONDS = Unit(TIME, (), media=False)


def check_statements(models: list[ModelSource]) -> list[Fault]:
    """Find every bound in a description of a model, a nested object or a field."""
    found: list[Fault] = []
    for model in models:
        found += _object(model.file, "", model.document, model, "")
        found += _sizes(model)
        found += _messages(model)
    return found


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
    """Find faults in the description of a field."""
    text = str(field.get("description") or "")
    plain = plain_text(text)
    yield from _lengths(plain, field)
    for unit in UNITS if media else ():
        if media["kind"] in unit.kinds:
            yield from _verdicts(plain, unit, {key: [media[key]] for key in unit.keywords if key in media})
    if media:
        yield from _shapes(plain, media)
        yield from _formats(without_code(re.sub(r"`\.?([A-Za-z0-9]{3,4})`", r"\1", text)), media)
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


def _kinds(field: Document) -> set[str]:
    return {str(option.get("type")) for option in [field, *(field.get("anyOf") or [])] if isinstance(option, dict)}


def _values(field: Document, keywords: tuple[str, ...]) -> dict[str, list[Node]]:
    """The bounds of a field by keyword, including those of its alternatives and of list items."""
    found: dict[str, list[Node]] = {}
    for node in [field, *(field.get("anyOf") or []), field.get("items") or {}]:
        for key in keywords:
            if isinstance(node, dict) and key in node:
                values = node[key] if isinstance(node[key], list) else [node[key]]
                found.setdefault(key, []).extend(values)
    return found


def _verdicts(text: str, unit: Unit, bounds: dict[str, list[Node]]) -> Iterator[str]:
    for statement in stated(text, unit.after, unit.before):
        yield _verdict(statement, bounds, unit.keywords)


def _lengths(text: str, field: Document) -> Iterator[str]:
    """Find lengths of text: figures beside characters, numbers of words (no bound counts words), and length limits."""
    bounds = _values(field, LENGTH.keywords)
    yield from _verdicts(text, LENGTH, bounds)
    if "string" in _kinds(field):
        text = re.sub(f"{SPAN}(?:{TIME}|{LENGTH.after})", "·", text, flags=re.IGNORECASE)
        patterns = [f"{LIMIT}{SPAN}\\s+words?\\b", rf"\b(?:length|longer than|limit)(?: is| of)?\W+{LIMIT}?{SPAN}"]
        if "enum" not in field:  # there, it says what a value does
            patterns.append(ENDING)
        for pattern in patterns:
            for match in re.finditer(pattern, text, re.IGNORECASE):
                figures = tuple(figure_of(match[name]) for name in ("low", "high") if match[name])
                yield _verdict(Statement(match[0], figures), bounds, LENGTH.keywords)


def _shapes(text: str, media: Document) -> Iterator[str]:
    """Find limits of width to height that are given as shapes: `1:4 to 4:1`."""
    shape = r"(?<![\w.:])(\d+(?:\.\d+)?):([1-9]\d*(?:\.\d+)?)(?![\w:])"
    keywords = ("min_ratio", "max_ratio")
    bounds = {key: [media[key]] for key in keywords if key in media}
    for match in re.finditer(rf"{shape}\s*(?:to|–|-|and)\s*{shape}|{LIMIT}{shape}", text, re.IGNORECASE):
        pairs = [(match[1], match[2]), (match[3], match[4]), (match[5], match[6])]
        figures = tuple(float(wide) / float(high) for wide, high in pairs if wide)
        yield _verdict(Statement(match[0], figures), bounds, keywords)


def _verdict(statement: Statement, bounds: dict[str, list[Node]], keywords: tuple[str, ...]) -> str:
    ours = ", ".join(f"{key} {', '.join(_shown(value) for value in values)}" for key, values in bounds.items())
    known = {float(value) for values in bounds.values() for value in values if _numeric(value)}
    if not bounds:
        return f"{statement.words!r} states a bound that the schema does not have ({' or '.join(keywords)})"
    if set(statement.figures) <= known:
        return f"{statement.words!r} repeats {ours}, which the compiler words: leave it out"
    return f"{statement.words!r} contradicts {ours}"


def _numeric(value: Node) -> bool:
    if isinstance(value, str):
        return re.fullmatch(r"-?\d+(?:\.\d+)?", value) is not None
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shown(value: Node) -> str:
    return number(value) if isinstance(value, int | float) else str(value)


def _counts(text: str, field: Document) -> Iterator[str]:
    """Find numbers of items: a limit with a figure, or two or more of something."""
    keywords = ("minItems", "maxItems")
    bounds = _values(field, keywords)
    for unit in (*UNITS, LENGTH):  # a figure with a unit is not a count
        text = re.sub(f"{unit.before}{SPAN}{unit.after}", "·", text, flags=re.IGNORECASE)
    rest = r"(?!\s*(?:%|percent))"
    several = rf"(?!one\b|1\b){FIGURE}"
    found = [
        *re.finditer(f"{LIMIT}{SPAN}{rest}", text, re.IGNORECASE),
        *re.finditer(rf"{FIGURE}\s*(?:to|or|–)\s*{FIGURE}{rest}", text, re.IGNORECASE),
        *re.finditer(f"{FIGURE}{AFTER}", text, re.IGNORECASE),
        *re.finditer(f"{several}(?:{THINGS}|\\s+(?:are|is) allowed)|{TAKING}{several}{rest}", text, re.IGNORECASE),
    ]
    for words in dict.fromkeys(match[0] for match in found):
        figures = tuple(figure_of(figure) for figure in re.findall(FIGURE, words, re.IGNORECASE))
        yield _verdict(Statement(words, figures), bounds, keywords)


def _numbers(text: str, plain: str, field: Document) -> Iterator[str]:
    """Find digits in the description of a number: bounds, or values that are not in backticks."""
    keywords = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "enum")
    bounds = _values(field, keywords)
    limits = [match[0] for match in re.finditer(f"{LIMIT}{SPAN}", plain, re.IGNORECASE)]
    timed = f"(?:{TIME})?"
    limits += [m[0] for m in re.finditer(rf"{FIGURE}(?:\s*(?:to|–)\s*{FIGURE}|{timed}{AFTER})", plain, re.IGNORECASE)]
    limits += [m[0] for m in re.finditer(rf"(?!one\b|1\b){FIGURE}{TIME}", plain, re.IGNORECASE) if m[0][0].isalpha()]
    bare = [match[0] for match in re.finditer(FIGURE, without_code(text)) if match[0].lower() not in COUNT]
    for words in dict.fromkeys([*limits, *bare]):
        if words in bare and any(words in limit for limit in limits):
            continue
        figures = tuple(figure_of(figure) for figure in re.findall(FIGURE, words, re.IGNORECASE))
        if words in limits or set(figures) & {float(v) for vs in bounds.values() for v in vs if _numeric(v)}:
            yield _verdict(Statement(words, figures), bounds, ("minimum", "maximum"))
        else:
            yield f"{words!r}: a number here is a bound, which the schema states, or a value, which stands in backticks"


def _choices(text: str, field: Document) -> Iterator[str]:
    """Find enum values with digits that are not in backticks, and enumerations of all the values."""
    values = _values(field, ("enum",)).get("enum", [])
    digits = [str(value) for value in values if re.search(r"\d", str(value))]
    for value in dict.fromkeys(digits):
        match = re.search(rf"(?<![\w.:,-]){re.escape(value)}p?(?![\w:]|\.\d)", without_code(text), re.IGNORECASE)
        if match and not _kinds(field) & {"integer", "number"}:
            yield f"{match[0]!r} is a value of enum: leave it out, or explain it in backticks"
    for row in re.finditer(r"`[^`]+`(?:(?:, | or | and |, or |, and )`[^`]+`)+", text):
        named = re.findall(r"`([^`]+)`", row[0])
        if values and set(named) == {str(value) for value in values}:
            yield f"{row[0]!r} repeats enum: leave it out"
    for statement in stated(plain_text(text), SECONDS.after) if digits else ():
        if set(statement.figures) <= {float(value) for value in digits if _numeric(value)}:
            yield _verdict(statement, {"enum": values}, ("enum",))


def _formats(text: str, media: Document) -> Iterator[str]:
    """Find formats of the field's kind or on its list. Formats of another kind are codecs inside the file."""
    listed = media.get("formats") or []
    known = FORMATS | OTHER_FORMATS
    repeated, others = [], []
    for word in dict.fromkeys(re.findall(r"[A-Za-z][A-Za-z0-9]+", text)):
        name = {"jpg": "jpeg", "tif": "tiff"}.get(word.lower(), word.lower())
        if name in listed:
            repeated.append(word)
        elif name in known and media["kind"] in ("file", *known[name].split()):
            others.append(word)
    if repeated:
        yield f"{', '.join(repeated)} repeats x-kie.media.formats, which the compiler words: leave it out"
    if others and listed:
        yield f"{', '.join(others)} contradicts x-kie.media.formats {', '.join(listed)}"
    elif others:
        yield f"{', '.join(others)} states formats that x-kie.media does not have"


def _of_class(file: str, at: str, node: Document, media: Document) -> Iterator[Fault]:
    """Find figures in the description of a class that are bounds of one of its fields."""
    plain = plain_text(str(node.get("description") or ""))
    seconds = list(stated(plain, SECONDS.after))
    lengths = list(stated(plain, LENGTH.after))
    sizes = list(stated(plain, UNITS[0].after))
    counted = [*stated(plain, "", f"{LIMIT}"), *stated(plain, THINGS)]
    counted = [found for found in counted if found.words.lower() not in {"one", "1"} and max(found.figures) > 1]
    for wire, field in node["properties"].items():
        if not isinstance(field, dict):
            continue
        own = media[wire]
        said_of = str(field.get("description"))
        single = _values(field, ("minimum", "maximum", "enum")) if field.get("type") != "array" else {}
        numbers = single if re.search(r"\bseconds?\b", said_of, re.IGNORECASE) else {}
        timed = numbers | {key: [own[key]] for key in ("min_seconds", "max_seconds") if key in own}
        checks = (
            (seconds, timed),
            (lengths, _values(field, LENGTH.keywords)),
            (sizes, {key: [own[key]] for key in ("max_bytes",) if key in own}),
            (counted, _values(field, ("minItems", "maxItems")) if field.get("type") == "array" else {}),
            (counted, single if re.match(r"how many\b", said_of, re.IGNORECASE) else {}),
        )
        for statements, bounds in checks:
            known = {float(value) for values in bounds.values() for value in values if _numeric(value)}
            for statement in statements:
                if set(statement.figures) <= known:
                    said_by = ", ".join(bounds)
                    yield Fault(file, f"{at}/description", f"{statement.words!r} repeats {said_by} of {wire}")


def _fields(node: Document) -> Iterator[tuple[str, Document]]:
    """Yield every field of an object and of the objects in it, by its pointer."""
    for wire, field in (node.get("properties") or {}).items():
        if isinstance(field, dict):
            at = f"/properties/{escape(wire)}"
            yield at, field
            inner = field.get("items", field)
            if isinstance(inner, dict) and inner.get("type") == "object":
                yield from (
                    (f"{at}{'/items' if 'items' in field else ''}{below}", each) for below, each in _fields(inner)
                )


def _sizes(model: ModelSource) -> Iterator[Fault]:
    """Find sizes of results (`4K`, `720p`) that a description names although no field of the model has them."""
    fields = dict(_fields(model.document))
    values = {str(value).lower() for field in fields.values() for value in _values(field, ("enum",)).get("enum", [])}
    sizes = {f"{value}p" if value.isdigit() else value for value in values if re.fullmatch(r"\d+[kp]|\d{3,4}", value)}
    media = {f"/properties/{name.replace('.', '/items/properties/')}" for name in model.facts.get("media") or {}}
    texts = {"": model.document, **{at: field for at, field in fields.items() if at not in media}}
    for at, node in texts.items() if sizes else ():
        for most, size in re.findall(
            r"(up to )?(?<![\w.:])(\d+[kp])\b", without_code(str(node.get("description"))), re.IGNORECASE
        ):
            same = sorted((other for other in sizes if other[-1] == size[-1].lower()), key=lambda each: int(each[:-1]))
            if size.lower() not in same or (most and size.lower() != same[-1]):
                known = ", ".join(same) or "none"
                yield Fault(model.file, f"{at}/description", f"{most + size!r} contradicts the sizes in enum: {known}")


def _messages(model: ModelSource) -> Iterator[Fault]:
    """Find figures in the message of a rule or of advice that occur in no rule and are not a bound of a field."""
    bounds = ("minimum", "maximum", "minItems", "maxItems", "minLength", "maxLength", "enum", "default")
    of_fields = {
        str(value) for _, field in _fields(model.document) for vs in _values(field, bounds).values() for value in vs
    }
    rules = {
        "/allOf": model.document.get("allOf") or [],
        "/x-kie/advice": model.facts.get("advice") or [],
    }
    parts = [
        part
        for rule in chain(*rules.values())
        for key, part in rule.items()
        if key not in ("x-kie-message", "x-kie-counterexamples")
    ]
    known = {float(text) for text in of_fields.union(*map(_leaves, parts)) if _numeric(text)}
    for at, index, rule in ((at, *each) for at, found in rules.items() for each in enumerate(found)):
        message = re.sub(r"\b\d{4}-\d\d(?:-\d\d)?\b", "·", without_code(str(rule.get("x-kie-message") or "")))
        for match in re.finditer(rf"(?!one\b){FIGURE}", plain_text(message), re.IGNORECASE):
            if figure_of(match[0]) not in known:
                text = f"{match[0]!r} stands in no rule, and is no bound of a field"
                yield Fault(model.file, f"{at}/{index}/x-kie-message", text)


def _leaves(node: Node) -> Iterator[str]:
    if isinstance(node, dict | list):
        for part in node.values() if isinstance(node, dict) else node:
            yield from _leaves(part)
    else:
        yield str(node)
