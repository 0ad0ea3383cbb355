"""IO: decodes gzip as it arrives. May import nothing of ours."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

PIECE = 64 * 1024
"""The most bytes to decode at a time."""


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
