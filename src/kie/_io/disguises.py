"""IO: finds a secret that an error's text repeats in an unusual encoding. May import `_io.echoes`.

Only errors are searched, so it costs successful answers nothing. It recognises base32, base85, hexadecimal in pieces,
quoted-printable, and the secret backwards. It cannot recognise encodings that treat all bytes as one number (such as
base58), because every letter depends on everything else that was encoded; nor encrypted or hashed text.
"""

from __future__ import annotations

import re
from base64 import a85encode, b32encode, b32hexencode, b85encode
from collections.abc import Callable, Iterator

from kie._io.echoes import REDACTED_FROM, SHOWN, pieces

_BETWEEN = re.compile(r"[\s:=\-.,]+|0x")
"""Separators between the digits and letters of an encoding."""
_WORD = re.compile(r"\S+")

_ENCODINGS: tuple[tuple[Callable[[bytes], bytes], int, int], ...] = (
    (b32encode, 5, 8),
    (b32hexencode, 5, 8),
    (b85encode, 4, 5),
    (a85encode, 4, 5),
)
"""Encodings, each with the number of bytes in a group and the number of letters that it becomes."""


class Disguises:
    """The unusual forms of a secret.

    Args:
        secret: A text of at least `REDACTED_FROM` characters.
    """

    def __init__(self, secret: str) -> None:
        texts = [secret[::-1], secret.encode().hex(), *_encoded(secret.encode())]
        self._signs = tuple(dict.fromkeys(sign for text in texts for sign in pieces(_squeezed(text), REDACTED_FROM)))

    def removed(self, text: str) -> str:
        """Redact the words that contain the secret, or the whole text if the secret spans several words."""
        if not self._holds(text):
            return text
        clean = _WORD.sub(lambda word: SHOWN if self._holds(word[0]) else word[0], text)
        return SHOWN if self._holds(clean) else clean

    def _holds(self, text: str) -> bool:
        squeezed = _squeezed(text)
        return any(sign in squeezed for sign in self._signs)


def _squeezed(text: str) -> str:
    return _BETWEEN.sub("", text).lower()


def _encoded(raw: bytes) -> Iterator[str]:
    """Yield each encoding of the bytes for every position in a group: the part that depends on these bytes alone."""
    for encode, size, letters in _ENCODINGS:
        for shift in range(size):
            padded = bytes(shift) + raw
            whole = padded[: len(padded) // size * size]
            skipped = size if shift else 0
            yield encode(whole[skipped:]).decode()[: (len(whole) - skipped) // size * letters]
