"""Library: how texts are made comparable for a search. May import nothing of ours."""

from __future__ import annotations

import unicodedata
from types import NoneType
from typing import cast

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ς": "σ"}
)
"""Letters that Unicode does not take apart, though people search for them without their strokes."""

_LAST_OF_A_SCRIPT = 9
"""Combining classes up to this one belong to the letters of a script, such as the voicing marks of kana."""


_OTHERS = frozenset([bool, int, float, NoneType])


def folded(text: str) -> str:
    """A text without case and accents, and in one form of each character."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c for c in apart if unicodedata.combining(c) <= _LAST_OF_A_SCRIPT)
    return unicodedata.normalize("NFC", kept).casefold().translate(_LETTERS)


def words_of(text: str) -> tuple[str, ...]:
    """What is searched for: each word, folded."""
    return tuple(dict.fromkeys(folded(text).split()))


def collect_texts(value: object, into: dict[str, None]) -> None:
    """Add every text in a JSON value, but URLs."""
    kind = type(value)
    if kind is str:
        text = cast(str, value)
        if "://" not in text[:16] and text[:5] != "data:":
            into[text] = None
    elif kind is dict:
        for each in cast("dict[str, object]", value).values():
            if type(each) not in _OTHERS:
                collect_texts(each, into)
    elif kind is list:
        for each in cast("list[object]", value):
            collect_texts(each, into)
