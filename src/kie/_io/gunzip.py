"""IO: decodes gzip as it arrives. May import nothing of ours."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

PIECE = 64 * 1024
"""The most bytes to decode at a time."""


_CODINGS = frozenset("aes128gcm br compress dcb dcz deflate exi gzip pack200-gzip x-compress x-gzip zstd".split())
"""The codings registered for HTTP. We request none, and can decode gzip."""


def coding_of(value: str) -> str:
    """The coding of a body according to its Content-Encoding header.

    Storage repeats whatever a file was stored with: for example `aws-chunked`, `utf-8`, `binary` or `none`. Values that
    are not codings are ignored, and the content of the body decides.

    Returns:
        `gzip`, empty if the body is not encoded, or a coding that we cannot decode.
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
