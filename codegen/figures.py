"""Patterns and values of figures, spans, limits and units in prose. May import nothing of the compiler."""

from __future__ import annotations

import re
from collections.abc import Iterator

import attrs

WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
COUNT = {word: index for index, word in enumerate(WORDS.split(), 1)} | {"thirty": 30, "sixty": 60, "hundred": 100}
MANY = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
FIGURE = (
    rf"(?<![\w.:,-])-?(?:\d(?:[\d,]*\d)?(?:\.\d+)?|\b(?:{'|'.join(COUNT)})\b)(?![\w:]|[.,]\d)"
    rf"(?:\s+(?:{'|'.join(MANY)})\b)?"
)
SPAN = rf"(?P<low>{FIGURE})(?:\s*(?:to|–|or|and)\s*(?P<high>{FIGURE}))?"
LIMIT = (
    r"(?:\b(?:at most|at least|up to|(?:no|not) (?:more|fewer|less|longer|shorter|larger|smaller) than|more than|"
    r"less than|fewer than|longer than|shorter than|larger than|smaller than|(?:not )?(?:above|below|over|under)|"
    r"within|between|exactly|limited to|(?:steps|multiples|a list) of|(?:max|min|maximum|minimum|most|least|limit)"
    r"(?: is| of|\.|:)*)\s+|[≤≥<>]=?\s*)"
)
MOST = r"(?:most|least|limit|maximum|minimum)\b"
AFTER = (
    r"\s+(?:at (?:the )?(?:most|least)\b|or (?:more|fewer|less|longer|shorter)\b|(?:max|min)(?:imum)?\b|"
    rf"is the {MOST}|in (?:all|total)\b)"
)
"""A limit that follows its figure."""
TAKING = r"\b(?:takes?|accepts?|allows?|holds?)\s+"
COUNTS = r"\bcounts? (?:as|like|for)\s+"
"""How a text says that one thing counts as several, which is not a bound."""
THINGS = (
    r"\s+(?:[a-z]+\s+)?(?:images?|pictures?|videos?|recordings?|files?|items?|elements?|shots?|scenes?|entries|clips?|"
    r"colou?rs?|ids?|masks?|frames?|references?|characters?|voices?|boxes|URLs?|texts?|lines?)\b"
)
BYTES = r"\s*(?P<unit>KB|MB|GB|[KMG]iB|(?:kilo|mega|giga)?bytes?|megs?|gigs?)\b"
TIME = r"\s*(?P<unit>milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|hours?|h)\b"
PIXELS = r"\s*(?P<unit>px|(?:mega)?pixels?|mpx|mp)\b"
SCALES: dict[str, float] = {
    **dict.fromkeys("kb kib kilobyte kilobytes".split(), 1024),
    **dict.fromkeys("mb mib megabyte megabytes meg megs".split(), 1024**2),
    **dict.fromkeys("gb gib gigabyte gigabytes gig gigs".split(), 1024**3),
    **dict.fromkeys("ms millisecond milliseconds".split(), 0.001),
    **dict.fromkeys("min mins minute minutes".split(), 60),
    **dict.fromkeys("h hour hours".split(), 3600),
    **dict.fromkeys("mp mpx megapixel megapixels".split(), 1_000_000),
}
"""The factor for a figure beside a unit, so that it can be compared with a bound."""
SPELLINGS = (
    (r"(?<![\w.-])(\d[\d,.]*)\s*[-‐‑—~]\s*(?=\d[\d,.]*(?![\w-]))", r"\1–"),
    (r"\b(\d{1,3})\s(?=\d{3}\b)", r"\1,"),
    (r"(?<![\w.])(\d+)\.(\d)k(?=[ -](?:characters?|chars?|letters?)\b)", r"\1,\g<2>00"),
    (r"(?<![\w.])(\d+)k(?=[ -](?:characters?|chars?|letters?)\b)", r"\1,000"),
    (r"(?<=\d)(?=(?:s|secs?|ms|min|[KMG]i?B|px|mpx|fps|hz)\b)", " "),
    (r"(?<=\d)x(?=\d)", " × "),
    (r"(?<=\w)-(?=(?:second|minute|hour|character|pixel|megapixel|megabyte|image|item|word)s?\b)", " "),
    (r"\bframes\s*(?:a|each|per|/)\s*s(?:ec(?:ond)?)?\b|\bhz\b|\bhertz\b", "fps"),
    (r"\b(?:chars?|letters|signs|symbols)\b", "characters"),
    (r"\bhalf a dozen\b", "six"),
    (r"\b(?:a|one) dozen\b", "twelve"),
    (r"\b(?:a )?(?:pair|couple) of\b", "two"),
    (r"\b(?:a )?quarter of an? minute\b", "15 seconds"),
    (r"\b(?:a )?quarter of an? hour\b", "15 minutes"),
    (r"(?<![\w.:])(\d{1,2}):00(?![\w:])", r"\1 minutes"),
    (r"\bhalf an? minute\b", "30 seconds"),
    (r"\bhalf an? hour\b", "30 minutes"),
    (r"\ban? (?=minute\b|hour\b)", "1 "),
)
"""Other ways to write a figure, a span or a unit, with the one that replaces them."""


@attrs.frozen
class Statement:
    """A statement in a description: its words, and its figures in the units of bounds."""

    words: str
    figures: tuple[float, ...]


def plain_text(text: str) -> str:
    """A text in one spelling, without addresses and without names in code. Values in code stay."""
    text = re.sub(r"`[^`]*://[^`]*`|\b\w+://\S+", "·", " ".join(text.split()))
    text = re.sub(r"`([^`]*)`", lambda match: match[1] if re.fullmatch(FIGURE, match[1]) else "·", text)
    text = re.sub(COUNTS + r"(?:a pair of|an?\b|\w+)", "·", text, flags=re.IGNORECASE)
    for spelling, ours in SPELLINGS:
        text = re.sub(spelling, ours, text, flags=re.IGNORECASE)
    return text


def without_code(text: str) -> str:
    """A text without anything in code."""
    return re.sub(r"`[^`]*`", "·", re.sub(r"\b\w+://\S+", "·", text))


def figure_of(text: str, scale: float = 1) -> float:
    head, _, many = text.lower().partition(" ")
    value = COUNT[head] if head in COUNT else float(head.replace(",", ""))
    return round(value * scale * MANY.get(many.strip(), 1), 6)


def stated(text: str, after: str, before: str = "", prefix: str = "") -> Iterator[Statement]:
    limit = f"(?:{LIMIT})?" if not before else ""
    for match in re.finditer(f"{limit}{before}{prefix}{SPAN}{after}", text, re.IGNORECASE):
        groups = match.groupdict()
        scale = SCALES.get(str(groups.get("unit") or "").lower(), 1)
        figures = tuple(figure_of(groups[name], scale) for name in ("low", "high") if groups.get(name))
        yield Statement(" ".join(match[0].split()), figures)
