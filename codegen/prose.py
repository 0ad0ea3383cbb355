"""Reads the bounds of a field, and the limits of its media, from the vendor's sentences.

Many limits are stated in the text only. Reading is deliberately narrow: a figure counts only beside words that say what
it bounds. Clauses about sums, differences and advice are skipped, since they bound no single value.

A sentence that restricts anything (only, must, cannot, if, required, a sum …) is reported unless a bound was read from
it. So everything that is not understood here is listed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import attrs

from .dialect import FORMATS
from .source import Document

Facts = dict[str, Any]

NUMBER = r"(-?\d+(?:\.\d+)?)"
TO = r"\s*(?:px|pixels|s|seconds|mb)?\s*(?:-|to|and|,|through)\s*"
RANGE = rf"[\[(]?\s*{NUMBER}{TO}{NUMBER}\s*[\])]?"
WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
THINGS = (
    r"(?:non-chinese |input |reference |image |video |audio |mask |single |custom |multi-image )*"
    r"(?:images?|videos?|audios?|files?|urls?|items?|inputs?|elements?|shots?|entries|clips?|colors?|ids?|masks?|"
    r"subjects?|objects?|pictures?|references?|张图片|张|个视频|个音频|个)"
)
LETTERS = r"(?:non-chinese |个?非中文)?(?:characters?|chars?|letters|个?字符)"
MOST = (
    r"(?:max(?:imum)?(?: of)?:?|up to|at most|no more than|not exceed(?:ing)?|must not exceed|cannot exceed|"
    r"can not exceed|not be (?:larger|longer|more) than|no (?:larger|longer|more) than|within|limited to|under|"
    r"less than|fewer than|≤|<=|<|不超过|最多|最长|最大|至多|(?<!不)小于|不大于)"
)
LEAST = (
    r"(?:at least|min(?:imum)?(?: of)?:?|no less than|not less than|greater than|more than|≥|>=|>|"
    r"不小于|不少于|至少|最少|(?<!不)大于)"
)
SKIPPED = re.compile(
    r"\b(?:total|combined|together|sum|altogether|overall)\b|\bdifference\b|recommend|suggest|e\.g\.|for example|"
    r"\bby default\b|slots?\b|\bif\b|^so\b|trimmed|总和|合计|建议|推荐|例如|相差"
)
MIME = {"quicktime": "mov", "x-matroska": "mkv", "mpeg": "mp3", "x-wav": "wav", "wave": "wav", "jpg": "jpeg"}
MIME |= {"x-m4a": "m4a", "audio/mp4": "m4a", "x-flac": "flac", "x-ms-bmp": "bmp"}
SPELT = {"jpg": "jpeg", "tif": "tiff"}
CALLBACK = re.compile(r"call?_?back_?url", re.IGNORECASE)
REFUSED = r"不支持|\bnot (?:be )?supported|\bunsupported|\bno support"
"""How a text says that something is not accepted."""
ACROSS = re.compile(
    r"mutually exclusive|\b(?:cannot|can not|must not|may not|should not|not) be (?:\w+ )?"
    r"(?:together|simultaneously|at the same time|combined|alone|with)\b|"
    r"\b(?:provided|passed|used|given|set|specified) (?:together|simultaneously|alone)\b|\bat the same time as\b|"
    r"\b(?:only|required|mandatory|ignored|not required|optional|takes? (?:no )?effect|invalid|valid|available|applies|"
    r"supported|effective) (?:when|if|for|with|in combination)\b|"
    r"\b(?:at least|exactly|only|either) one of\b|\bwill not take effect\b|\bwill be ignored\b|"
    r"(?:[\w`] ?\+ ?[\w`]|\b(?:sum|difference)\b|\btotal number\b).*?(?:exceed|≤|<=|within|at most|more than)|"
    r"互斥|不能同时|同时(?:使用|提供|传)|仅(?:在|当)|必填"
)
"""How a text says that one field depends on others. Reported even if a bound was read from the same sentence."""
BINDING = re.compile(
    r"\b(?:required|mandatory) (?:in|by|field)\b|\b(?:is|are) (?:required|mandatory|optional|ignored)\b|^required\b|"
    r"\bonly\b|\bmust\b|\b(?:cannot|can not|can't|may not|should not|must not)\b|\bnot (?:allowed|permitted|valid)\b|"
    rf"{REFUSED}|\b(?:ignored|truncated|fails?|unless|otherwise|exceed(?:s|ing)?)\b|\bsame as\b|\blimited to\b|"
    r"\b(?:greater|less|larger|smaller|longer|shorter) than\b|\b(?:max(?:imum)?|min(?:imum)?|up to|at most|at least)\b|"
    r"\brequires\b|\bdefaults? to\b|\bif\b.*`|\bwhen\b.*`|\bwhen \w+_\w+ is\b|必须|只能|仅|不能|不可|截断|忽略"
)
"""How a text says that something is restricted. Reported if no bound was read from the sentence."""
OWN = re.compile(
    r"\b(?:valid|accessible|public\w*) \S*\s?(?:urls?|links?)\b|\bmust be accessible\b|\bpublicly\b|"
    r"\bmust be (?:a |an )?(?:valid|one of)\b|\bno guarantee\b|\bnot (?:specified|satisfied|provided)\b.*\bsystem\b|"
    r"\b(?:if|when) (?:omitted|absent|empty|unset|set to|enabled|disabled|true|false)\b|\brecommend"
)
"""Phrases that add no restriction to the field's type: advice, and the meaning of a value of the field."""
DEFAULT = re.compile(
    r"(?:\bdefaults?(?: value)?(?: is| to| of|:|：)+|默认(?:值)?(?:为|是|：|:)|\bset to(?= \S+ by default))"
    r"\s*[`'\"“*]*([^\s`'\"，。;；”*]+)"
)
MARKED = re.compile(r"([^\s`'\"，。;；”*]+)[`'\"”]? ?\(default\)")
VALUES = re.compile(
    r"\b(?:valid|possible|allowed|supported|available|accepted) (?:values?|options?)\b|\boptions?:|\bone of\b|"
    r"可选值|取值"
)
NEEDED = re.compile(r"\brequired field\b|\brequired\.(?:\s|$)|\(required\)|必填")
UNKNOWN_FORMATS = "pdf docx doc pptx ppt xlsx xls txt md csv html rtf epub json xml srt psd svg ico eps".split()
"""File formats that our rules do not know."""
UNITS = {"kb": 1024, "k": 1024, "mb": 1024**2, "m": 1024**2, "gb": 1024**3, "g": 1024**3}


@attrs.frozen
class Reading:
    """The facts read from a text, and the figures in it that were not read."""

    facts: Facts
    unread: tuple[str, ...] = ()
    several: tuple[str, ...] = ()
    """Facts for which the text has more than one figure. The wider one was read."""


def normal(text: str) -> str:
    """A text in lower case, with one kind of dash, no marks of emphasis, and numbers without separators."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = re.sub(r"[‐‑‒–—―~～〜至到]", "-", text)
    text = re.sub(r"[`*\"'“”‘’]|\\n", "", text)
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    return re.sub(r"\b(" + "|".join(WORDS) + r")\b(?= \w*\s?(?:images?|elements?|urls?|shots?|items?))", _word, text)


def _word(match: re.Match[str]) -> str:
    return str(WORDS[match[1]])


def clauses(text: str) -> Iterator[str]:
    """Split a text into parts that may say different things."""
    text = re.sub(r"\(([^()]* [^()]{8,})\)", r"; \1; ", normal(text))
    for part in re.split(r"(?<!e\.g)\.(?!\d)\s*|[;。；\n]|\s-\s(?=\D)|,(?!\s*-?\d)", text):
        if part and part.strip():
            yield " ".join(part.split())


def _number(text: str) -> int | float:
    value = float(text)
    return int(value) if value.is_integer() else value


class _Collector:
    """Collects the facts of one text. Of two figures for the same fact, it keeps the wider one."""

    def __init__(self) -> None:
        self.facts: Facts = {}
        self.several: set[str] = set()
        self.read: set[str] = set()
        self.words: list[str] = []
        """Statements of the text, other than figures, that could not be read."""

    def reading(self, text: str, facts: Facts | None = None) -> Reading:
        """Return what was collected from a text."""
        unread = (*_unread(text, self), *dict.fromkeys(self.words))
        return Reading(self.facts if facts is None else facts, unread, tuple(sorted(self.several)))

    def put(self, name: str, text: str, factor: float = 1) -> None:
        self.read.add(text)
        value = _number(str(float(text) * factor))
        known = self.facts.get(name)
        if known is not None and known != value:
            self.several.add(name)
            value = min(known, value) if name.startswith("min") else max(known, value)
        self.facts[name] = value

    def span(self, low: str, high: str, match: re.Match[str] | None, factor: float = 1) -> bool:
        if match is None or _number(match[1]) > _number(match[2]):
            return False
        self.put(low, match[1], factor)
        self.put(high, match[2], factor)
        return True

    def one(self, name: str, match: re.Match[str] | None, factor: float = 1) -> bool:
        if match is None:
            return False
        self.put(name, match[1], factor)
        return True


def bounds(text: str, kind: str) -> Reading:
    """The bounds that a description states of a string (its length), a number or an array (its items)."""
    found = _Collector()
    for clause in clauses(text):
        if SKIPPED.search(clause):
            continue
        match kind:
            case "string":
                _length(clause, found)
            case "integer" | "number":
                _value(clause, found)
            case "array":
                _items(clause, found)
            case _:
                pass
    special = kind in ("integer", "number") and "minimum" in found.facts and _special(text)
    if special and found.facts["minimum"] > -1:
        found.read.add("1")
        found.words.append(f"{special}, as a special value")
    return found.reading(text)


def _special(text: str) -> str | None:
    """Find a special value beside a range, as in `[2, 30] or -1`."""
    match = re.search(
        r"(?:\buse|\bpass|\bset(?: it)? to|special values?|特殊值|\bor|\band|或)[:\s]*(-1)\b", normal(text)
    )
    return match[1] if match else None


def untold(field: Document, required: bool | None = None) -> Iterator[str]:
    """Yield what the text of a field says and its schema does not, except bounds.

    Args:
        field: The field, as `pages` reads it.
        required: Whether the schema requires it; None if that is not known.

    Yields: What was not read, without the vendor's sentence: the words that bind, names and figures.
    """
    inner = field.get("items") or {}
    text = "\n".join(str(part.get("description") or "") for part in (field, inner))
    low = unicodedata.normalize("NFKC", text).lower()
    named = next((found.rstrip(".,)") for pattern in (DEFAULT, MARKED) for found in pattern.findall(low)), None)
    if named is not None and not _agrees(field, named):
        yield f"the text names a default, which was not read: {named}"
    if "enum" not in field and "enum" not in inner and VALUES.search(low):
        yield "the text lists values, which were not read"
    if required is False and NEEDED.search(low):
        yield "the text says that it is required, and the schema does not"
    for words in across(text):
        yield f"the text makes it depend on other fields, which was not read: {words}"
    for words in binding(field, text):
        yield f"the text binds it, which was not read: {words}"


def across(text: str) -> tuple[str, ...]:
    """What a text says about other fields: the words that express it, and the names in backticks."""
    found = [_words(match, sentence) for sentence in _sentences(text) if (match := ACROSS.search(_low(sentence)))]
    return tuple(dict.fromkeys(found))


def binding(field: Document, text: str) -> tuple[str, ...]:
    """Other restrictions in a text: those from which no bound was read and which `across` does not report."""
    found = []
    for sentence in _sentences(text):
        low = _low(sentence)
        match = BINDING.search(low)
        if match is None or ACROSS.search(low) or OWN.search(low) or DEFAULT.search(low) or NEEDED.search(low):
            continue
        if not re.search(REFUSED, low) and _is_read(field, sentence):
            continue
        found.append(_words(match, sentence))
    return tuple(dict.fromkeys(found))


def _is_read(field: Document, sentence: str) -> bool:
    """Whether a bound was read from a sentence, or its figures are all bounds of the schema."""
    if "enum" in field:
        return False
    kind = str(field.get("type"))
    facts = {**bounds(sentence, kind).facts, **media(sentence, "file").facts}
    return len(facts) > 1  # one of them is always the kind of media


def _agrees(field: Document, value: str) -> bool:
    """Whether the schema has the default that the text names."""
    if "default" not in field:
        return False
    ours = field["default"]
    if isinstance(ours, str) and not ours:
        return value in ("empty", "none", "null", "''", '""')
    if str(ours).lower() == value:
        return True
    try:
        return not isinstance(ours, bool) and float(value) == float(ours)
    except (TypeError, ValueError):
        return False


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.;。；])\s+|\n|\s-\s(?=\S)", text) if part.strip()]


def _low(sentence: str) -> str:
    return unicodedata.normalize("NFKC", sentence).lower().strip(" -*")


def _words(match: re.Match[str], sentence: str) -> str:
    """The restricting words of a sentence, with the names in backticks or, if there are none, its figures."""
    said = match[0] if len(match[0]) <= 40 else f"{match[0][:40]}…"
    names = re.findall(r"`([A-Za-z_][\w.*]*)`", sentence)
    names = names or re.findall(r"\b[\w:.]*\d[\w:.]*\w\b|\b\d\b", sentence)[:8]
    return f"{said} ({', '.join(dict.fromkeys(names))})" if names else said


def of_field(field: Document) -> Reading:
    """The bounds that the description of a field states. Lists of values and URLs have no bounds."""
    if "enum" in field or field.get("format") == "uri":
        return Reading({})
    return bounds(str(field.get("description") or ""), str(field.get("type")))


def media_fields(schema: Document, prefix: str = "") -> Iterator[tuple[str, Document]]:
    """The fields of a page that take URLs of media, by the dotted path that `x-kie.media` uses."""
    for name, field in (schema.get("properties") or {}).items():
        inner = field.get("items", field)
        if inner.get("properties"):
            yield from media_fields(inner, f"{prefix}{name}.")
        elif is_media(name, field):
            yield f"{prefix}{name}", field


def is_media(name: str, field: Document) -> bool:
    """Whether a field takes URLs of media, according to its format, its name or its text."""
    inner = field.get("items", field)
    if inner.get("type") not in ("string", "object", None) or inner.get("properties") or "enum" in inner:
        return False
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower().split("_")
    if CALLBACK.search(name):
        return False
    if inner.get("format") == "uri" or {"url", "urls"} & set(words):
        return True
    named = {"image", "video", "audio", "mask", "frame", "clip", "voice"} & {word.removesuffix("s") for word in words}
    return (
        bool(named)
        and re.search(r"\b(?:urls?|links?)\b|图片|视频", normal(str(field.get("description") or ""))) is not None
    )


def of_media(name: str, field: Document) -> Reading:
    """The limits of the media in a field, from its description and that of its items."""
    texts = [str(part.get("description") or "") for part in (field, field.get("items") or {})]
    return media("\n".join(texts), name.rpartition(".")[2])


def _length(clause: str, found: _Collector) -> None:
    spoken = rf"(?:between |of |is |to )*{RANGE}\s*{LETTERS}"
    if found.span("minLength", "maxLength", re.search(spoken, clause)):
        return
    if found.span("minLength", "maxLength", re.search(rf"length:? (?:is )?{RANGE}", clause)):
        return
    found.one("maxLength", re.search(rf"(?:max(?:imum)?\.?|最大) ?(?:length|长度)(?: is| of)?:? ?{NUMBER}", clause))
    found.one("minLength", re.search(rf"(?:min(?:imum)?\.?|最小) ?(?:length|长度)(?: is| of)?:? ?{NUMBER}", clause))
    found.one("maxLength", re.search(rf"{MOST} ?(?:of )?{NUMBER} ?{LETTERS}", clause))
    found.one("minLength", re.search(rf"{LEAST} ?(?:of )?{NUMBER} ?{LETTERS}", clause))


def _value(clause: str, found: _Collector) -> None:
    named = r"(?:range(?: is|:| of)?|between|ranging from|from|values? (?:is|are)|must be|范围(?:为|:)?|supports?|in)"
    span = re.search(rf"{named}:? ?(?:an? )?(?:integers? )?(?:values? )?(?:from )?(?:of )?{RANGE}", clause)
    if found.span("minimum", "maximum", span):
        return
    if found.span("minimum", "maximum", re.search(rf"(?:^|\s|\(){RANGE} ?(?:seconds|s|范围|之间)(?:\b|$)", clause)):
        return
    if found.span("minimum", "maximum", re.search(rf"(?:^|:) ?{RANGE}$", clause)):
        return
    found.one("minimum", re.search(rf"\bmin(?:imum)?:? ?{NUMBER}", clause))
    found.one("maximum", re.search(rf"\bmax(?:imum)?:? ?{NUMBER}", clause))


def _items(clause: str, found: _Collector) -> None:
    if re.search(r"\beach\b|\bper\b|\bsingle (?:image|video|audio)s?\b.*(?:mb|size)", clause) and "array" not in clause:
        return
    if found.span("minItems", "maxItems", re.search(rf"{RANGE} ?{THINGS}", clause)):
        return
    if (match := re.search(rf"\bexactly {NUMBER} ?{THINGS}", clause)) is not None:
        found.put("minItems", match[1])
        found.put("maxItems", match[1])
        return
    found.one("maxItems", re.search(rf"{MOST} ?{NUMBER} ?{THINGS}", clause))
    found.one("minItems", re.search(rf"\b{LEAST} ?{NUMBER} ?{THINGS}", clause))


def media(text: str, name: str) -> Reading:
    """The limits of the media in a field, named as `x-kie.media` names them."""
    found = _Collector()
    for clause in clauses(text):
        if re.search(rf"recommend|建议|推荐|{REFUSED}", clause):
            continue
        total = re.search(r"\btotal\b|总", clause) is not None
        if re.search(r"resolution|分辨率", clause):
            found.words += re.findall(r"\b\d{3,4}p\b|\b[1248]k\b", clause)
        _size(clause, found, total)
        _seconds(clause, found, total)
        _frame(clause, found)
        _ratio(clause, found)
        _sides(clause, found)
    formats = list(_formats(text, found))
    kind = _kind(formats, text, name)
    kept = [f for f in dict.fromkeys(formats) if kind == "file" or FORMATS[f] == kind]
    facts: Facts = {"kind": kind, **({"formats": kept} if kept else {}), **dict(sorted(found.facts.items()))}
    return found.reading(text, facts)


def _size(clause: str, found: _Collector, total: bool) -> None:
    for match in [] if total else re.finditer(rf"{NUMBER} ?(kb|mb|gb|m|g|k)(?![a-z])", clause):
        found.put("max_bytes", match[1], UNITS[match[2]])


def _seconds(clause: str, found: _Collector, total: bool) -> None:
    if re.search(r"\bdifference\b|start|\bends?\b|相差", clause):
        return
    factor = 60 if re.search(r"minutes?|分钟", clause) else 1
    unit = r" ?(?:seconds?|secs?|s|minutes?|秒|分钟)(?![a-z])"
    if total:
        found.one("max_total_seconds", re.search(rf"{MOST} ?{NUMBER}{unit}", clause), factor)
    elif not found.span("min_seconds", "max_seconds", re.search(rf"{RANGE}{unit}", clause), factor):
        found.one("max_seconds", re.search(rf"{MOST} ?{NUMBER}{unit}", clause), factor)
        found.one("min_seconds", re.search(rf"{LEAST} ?{NUMBER}{unit}", clause), factor)


def _frame(clause: str, found: _Collector) -> None:
    if not re.search(r"frame rate|\bfps\b|帧率", clause):
        return
    if not found.span("min_fps", "max_fps", re.search(RANGE, clause)):
        found.one("min_fps", re.search(rf"{LEAST} ?{NUMBER}", clause))
        found.one("max_fps", re.search(rf"{MOST} ?{NUMBER}", clause))


def _ratio(clause: str, found: _Collector) -> None:
    place = re.search(r"aspect ratio|宽高比", clause)
    if place is None:
        return
    rest = clause[place.end() :]
    pairs = re.search(r"(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)\s*(?:-|to|and|和)\s*(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)", rest)
    if pairs is not None and all(float(pairs[index]) for index in (2, 4)):
        found.read.update(pairs.groups())
        values = sorted((float(pairs[1]) / float(pairs[2]), float(pairs[3]) / float(pairs[4])))
        found.facts.update(min_ratio=_number(str(values[0])), max_ratio=_number(str(values[1])))
    elif (
        one := re.search(rf"({MOST}|{LEAST})\s*(\d+(?:\.\d+)?)(?:\s*[:/]\s*(\d+(?:\.\d+)?))?(?!\d)", rest)
    ) is not None:
        found.read.update(figure for figure in one.groups()[1:] if figure)
        value = float(one[2]) / float(one[3] or 1) if float(one[3] or 1) else 0.0
        bound = "min_ratio" if re.fullmatch(LEAST, one[1]) else "max_ratio"
        found.facts[bound] = _number(str(value))
    elif pairs is None and not found.span("min_ratio", "max_ratio", re.search(RANGE, rest)):
        # a pair such as 3:1 does not count as a figure, so it would be lost silently
        found.words += re.findall(r"\d+(?:\.\d+)?[:/]\d+(?:\.\d+)?", rest)


def _sides(clause: str, found: _Collector) -> None:
    """Collect sides and areas in pixels."""
    if (match := re.search(rf"{NUMBER} ?mp(?![a-z\d])", clause)) is not None:
        found.put("max_pixels", match[1], 1_000_000)
    if re.search(r"total pixels|总像素|width and height must meet", clause):
        figures = [float(figure) for figure in re.findall(r"=(\d+)", clause)]
        area = re.search(rf"{RANGE}(?!.*=)", clause)
        if len(figures) == 2:
            found.put("min_pixels", str(figures[0]))
            found.put("max_pixels", str(figures[1]))
        elif not found.span("min_pixels", "max_pixels", area):
            found.one("max_pixels", re.search(rf"{MOST} ?{NUMBER}", clause))
        return
    square = re.search(rf"({MOST}|{LEAST}) ?(\d+) ?[x×] ?\2", clause)
    if square is not None:
        found.put("min_side" if re.fullmatch(LEAST, square[1]) else "max_side", square[2])
        return
    if not re.search(r"\bpx\b|\d ?px|pixels?|像素", clause) or re.search(r"\bratio\b", clause):
        return
    sides = r"(?:width|height|side|dimension|resolution|size|宽|高|边|分辨率)"
    if not re.search(sides, clause):
        return
    after = clause.replace("(px)", "")
    if found.span("min_side", "max_side", re.search(RANGE, after)):
        return
    found.one("max_side", re.search(rf"(?:{MOST}|max dimension) ?{NUMBER} ?(?:px|pixels?|像素)", clause))
    found.one("min_side", re.search(rf"(?:{LEAST}|min dimension) ?{NUMBER} ?(?:px|pixels?|像素)", clause))


def _formats(text: str, found: _Collector) -> Iterator[str]:
    """Yield the formats that a text names, except those that it says are not accepted."""
    low = re.sub(rf"\([^()]*(?:{REFUSED})[^()]*\)", " ", normal(text))
    low = re.sub(r"(?<![\w.])\.(?=[a-z])", "", low)  # .png is png
    found.words += [word for word in UNKNOWN_FORMATS if re.search(rf"(?<![\w.-]){word}(?![\w-])", low)]
    mime = re.findall(r"\b(image|video|audio)/(\w[\w+-]*(?:\.[\w+-]+)*)", low)
    for kind, name in mime:
        name = MIME.get(f"{kind}/{name}", MIME.get(name, name))  # noqa: PLW2901
        if name in FORMATS:
            yield name
    if mime:
        return
    for clause in re.split(r"[;。；\n]|\.(?!\d)|,? (?:but|while|whereas|however) ", low):
        if re.search(REFUSED, clause):
            found.words += [name for name in _named(clause) if name in FORMATS]
            continue
        words = re.findall(r"[a-z0-9]+", re.sub(r"(?:audio|video) (?:en)?cod\w+.*", "", clause))
        names = [name for name in (SPELT.get(word, word) for word in words) if name in FORMATS]
        if len(names) > 1 or re.search(r"format|supports?|accept|支持|格式", clause):
            yield from names


def _named(clause: str) -> list[str]:
    return [SPELT.get(word[0], word[0]) for word in re.finditer(r"[a-z0-9]+", clause)]


def _kind(formats: list[str], text: str, name: str) -> str:
    """The kind of the media, judged by their formats, else by the field's name, else by its text."""
    kinds = {FORMATS[format_name] for format_name in formats}
    if len(kinds) == 1:
        return kinds.pop()
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    if re.search(r"(?:^|_)(?:files?|documents?|docs?|links?|pages?)(?:_|$)", words):
        return "file"
    for source in (words, re.sub(r"[\w-]*-to-\w+", " ", normal(text))):  # "file-to-video" does not name a video
        if re.search(r"image|图", source) and re.search(r"video|视频", source):
            return "file"
        if re.search(r"audio|voice|sound|music|音频", source):
            return "audio"
        if re.search(r"video|clip|视频", source):
            return "video"
        if re.search(r"image|frame|mask|photo|picture|图", source):
            return "image"
    return "file"


_ATTACHED = "kb|mb|gb|px|mp|fps|ms|s"
"""Units that may directly follow a figure. `4k` and `720p` are names."""


def _unread(text: str, found: _Collector) -> tuple[str, ...]:
    """The figures of a text that became no fact, in order. Figures in names, links and codes do not count."""
    text = re.sub(rf"(?<![\w.-])(\d+(?:\.\d+)?)(?:{_ATTACHED})(?![\w-])", r"\1 ", normal(text))
    bare = re.sub(r"https?://\S+|[\w.-]*[a-z_][\w.-]*\d[\w.-]*|\d+[a-z]\b|\d+(?:\.\d+)?:\d+(?:\.\d+)?", " ", text)
    figures = re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?![\w])", bare)
    read = {abs(_number(figure)) for figure in found.read}
    return tuple(dict.fromkeys(figure for figure in figures if _number(figure) not in read))
