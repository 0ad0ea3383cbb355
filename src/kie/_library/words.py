"""Library: how texts are made comparable for a search. May import nothing of ours."""

from __future__ import annotations

import unicodedata

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ς": "σ"}
)
"""Letters that Unicode does not take apart, though people search for them without their strokes."""

_LAST_OF_A_SCRIPT = 9
"""Combining classes up to this one belong to the letters of a script, such as the voicing marks of kana."""


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
    if isinstance(value, str):
        if not value.startswith(("http://", "https://", "data:")):
            into[value] = None
    elif isinstance(value, dict):
        for each in value.values():
            collect_texts(each, into)
    elif isinstance(value, list):
        for each in value:
            collect_texts(each, into)
