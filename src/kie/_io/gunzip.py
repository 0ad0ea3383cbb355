"""IO: decodes gzip as it arrives. May import nothing of ours."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

PIECE = 64 * 1024
"""The most bytes to decode at a time."""


_CODINGS = frozenset("aes128gcm br compress dcb dcz deflate exi gzip pack200-gzip x-compress x-gzip zstd".split())
"""The registry of HTTP. We ask for none, and read gzip."""


def coding_of(value: str) -> str:
    """What a Content-Encoding header says that a body has to be decoded by.

    Storage repeats whatever a file was stored with: `aws-chunked`, `utf-8`, `binary` or `none`, say. What is no coding
    says nothing, and the body is judged by its content.

    Returns:
        `gzip`, nothing for a body as it is, or the coding that we do not read.
    """
    given = [each for part in value.lower().split(",") if (each := part.strip())]
    codings = ["gzip" if each == "x-gzip" else each for each in given if each in _CODINGS]
    return ", ".join(codings)


class Gunzip:
    """Decodes gzip of one or more members in bounded pieces. `ended` says whether the last member is complete."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(wbits=31)
        self.ended = False

    def decoded(self, data: bytes | bytearray) -> Iterator[bytes]:
        """Yield the decoded content of the next piece. Raises `zlib.error` if it is broken."""
        more = bool(data)
        while more:
            if self.ended:
                self._member = zlib.decompressobj(wbits=31)
            piece = self._member.decompress(data, PIECE)
            yield piece
            self.ended = self._member.eof
            data = self._member.unused_data if self.ended else self._member.unconsumed_tail
            more = bool(data) or (len(piece) == PIECE and not self.ended)
