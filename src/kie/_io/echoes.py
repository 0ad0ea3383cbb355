"""IO: finds repetitions of a secret: whole or in part, escaped, encoded, in pieces. May import nothing of ours."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import cached_property
from unicodedata import normalize
from urllib.parse import quote

REDACTED_FROM = 12
"""A key, or a part of one, of at least this many characters is redacted: a shorter text may occur for other reasons."""

SHOWN = "<key>"

_ESCAPES = re.compile(
    r"[\\%&](?:(?<=\\)\\*(?:[uU](?:\{([0-9a-fA-F]{1,6})\}|([0-9a-fA-F]{4}))|[xX]([0-9a-fA-F]{2})|([0-7]{3}))"
    r"|(?<=%)(?:25)*(?:u([0-9a-fA-F]{4})|([0-9a-fA-F]{2}))|(?<=&)#(?:0*([0-9]{1,5})|[xX]0*([0-9a-fA-F]{1,4}));)"
)
"""A character escaped as in JSON, Python, a URL or HTML, even if it was escaped repeatedly."""
_MARKS = ("%", "&#", "\\u", "\\x", "\\U", "\\X", "\\0", "\\1")
_BASES = (16, 16, 16, 8, 16, 16, 10, 16)

_BETWEEN = re.compile(r"\\+[nrtbf]|[\s\\\0\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
"""Separators between the characters of a text in pieces."""
_PLAIN = re.compile(r"[!-$'-\[\]-~]+")
"""Characters that are never part of an escape."""

_SHORT, _LONG = REDACTED_FROM // 2, REDACTED_FROM
"""Lengths of the pieces for a quick search: every part that must be redacted contains a whole piece."""


class Echoes:
    """Finds repetitions of a secret.

    Args:
        secret: A text of at least `REDACTED_FROM` characters.
    """

    def __init__(self, secret: str) -> None:
        plain, raw = _spelled(secret), secret.encode()
        encoded = [raw.hex(), *(_base64(raw, shift).lower() for shift in range(3))]
        encoded += [text.replace("+", "-").replace("/", "_") for text in encoded[1:]]
        self._texts = tuple(dict.fromkeys([plain, *encoded]))
        long = [piece for text in self._texts[1:] for piece in pieces(text, _LONG)]
        self._signs = tuple(dict.fromkeys([*pieces(plain, _SHORT), *long]))
        self._literal = frozenset[str]()
        if plain != secret.lower():  # normalised, a part of its punctuation is lost, and too little of it may remain
            from html import escape

            self._literal = _parts_of((secret, json.dumps(secret)[1:-1], quote(secret, safe=""), escape(secret)))

    @cached_property
    def _parts(self) -> frozenset[str]:
        """Every part that must be redacted."""
        return _parts_of(self._texts)

    def removed(self, text: str) -> str:
        """Redact the secret in a text. Returns the same object if nothing had to be redacted."""
        if self._literal:
            text = _without(self._literal, text, text, range(len(text)), range(1, len(text) + 1))
        seen = _spelled(text)
        for sign in self._signs:
            if sign in seen:
                return self._cut(text)
        return text

    def _cut(self, text: str) -> str:
        spelled, starts, ends = [], list[int](), list[int]()
        for letters, start, end in _letters(text):
            spelled.append(letters)
            single = len(letters) != end - start
            starts += [start] * len(letters) if single else range(start, end)
            ends += [end] * len(letters) if single else range(start + 1, end + 1)
        return _without(self._parts, text, "".join(spelled), starts, ends)


def _parts_of(texts: Iterable[str]) -> frozenset[str]:
    size = REDACTED_FROM
    return frozenset(text[at : at + size] for text in texts for at in range(len(text) - size + 1))


def _without(parts: Set[str], text: str, seen: str, starts: Sequence[int], ends: Sequence[int]) -> str:
    """Redact parts in a text, of which `seen` is a form: each of its letters starts and ends somewhere in the text."""
    size = REDACTED_FROM
    pieces, done, at = list[str](), 0, 0
    while at <= len(seen) - size:
        if seen[at : at + size] not in parts:
            at += 1
            continue
        last = at + size
        while last < len(seen) and seen[last - size + 1 : last + 1] in parts:
            last += 1
        pieces += [text[done : starts[at]], SHOWN]
        done, at = ends[last - 1], last
    return "".join([*pieces, text[done:]]) if pieces else text


def _base64(raw: bytes, shift: int) -> str:
    """In the Base64 of anything that contains the bytes, the part that depends on these bytes alone."""
    text = b64encode(b"\0" * shift + raw + b"\0" * (-(shift + len(raw)) % 3)).decode()
    lead, trail = -(-shift * 8 // 6), -(-(-(shift + len(raw)) % 3) * 8 // 6)
    return text[lead : len(text) - trail]


def pieces(text: str, size: int) -> list[str]:
    """Split a text into pieces, so that every long part of it contains a whole piece."""
    return [text[at : at + size] for at in range(0, len(text) - size + 1, size)]


def _character(match: re.Match[str]) -> str:
    index = match.lastindex or 1
    code = int(match[index], _BASES[index - 1])
    return chr(code) if code < 0xD800 or 0xDFFF < code <= 0x10FFFF else ""


def _spelled(text: str) -> str:
    """Normalise a text: lower case, unescaped, and without separators between letters."""
    for mark in _MARKS:
        if mark in text:
            text = _ESCAPES.sub(_character, text)
            break
    if "\\" in text:
        for between in ("\\n", "\\r", "\\t", "\\b", "\\f", "\\"):
            text = text.replace(between, "")
    if not text.isascii():
        text = _BETWEEN.sub("", normalize("NFKC", text))
    elif "\0" in text:
        text = text.replace("\0", "")
    return "".join(text.split()).lower()


def _letters(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the normalised text letter by letter or in runs, each with its start and end."""
    at = 0
    while at < len(text):
        if run := _PLAIN.match(text, at):
            yield run[0].lower(), at, run.end()
            at = run.end()
        elif escaped := _ESCAPES.match(text, at):
            yield _spelled(_character(escaped)), at, escaped.end()
            at = escaped.end()
        elif between := _BETWEEN.match(text, at):
            at = between.end()
        else:
            yield _spelled(text[at]), at, at + 1
            at += 1
