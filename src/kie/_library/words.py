"""Library: normalises texts for searches. May import nothing of ours."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import cast

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ς": "σ"}
)
"""Letters that Unicode does not decompose, though people search for them without their strokes."""

_LAST_OF_A_SCRIPT = 9
"""Combining classes up to this one belong to the letters of a script, such as the voicing marks of kana."""


def folded(text: str) -> str:
    """Fold a text: no case, no accents, and one form of each character."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c for c in apart if unicodedata.combining(c) <= _LAST_OF_A_SCRIPT)
    return unicodedata.normalize("NFC", kept).casefold().translate(_LETTERS)


def words_of(text: str) -> tuple[str, ...]:
    """The folded words of a search."""
    return tuple(dict.fromkeys(folded(text).split()))


def texts_of(values: Iterable[object]) -> Iterable[str]:
    """Every text in JSON values except URLs, each once."""
    found: dict[str, None] = {}
    left = list(values)
    for value in left:  # the list grows during the loop
        kind = type(value)
        if kind is str:
            text = cast(str, value)
            if ":" not in text or ("://" not in text[:16] and text[:5] != "data:"):
                found[text] = None
        elif kind is dict:
            left += cast("dict[str, object]", value).values()
        elif kind is list:
            left += cast("list[object]", value)
    return found
