"""IO: writes downloaded files. May import `_core`, `_flow`."""

from __future__ import annotations

import os
import re
import uuid
import zlib
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from itertools import count
from math import inf
from pathlib import Path
from typing import BinaryIO, cast

from kie._core.call import TransportError
from kie._core.errors import DownloadFailed
from kie._flow.effects import Fetch, Fetched
from kie._io.gunzip import Gunzip, coding_of
from kie._io.received import Unfit, extension_of
from kie._io.replacing import moved, replace, same_content

_SLACK = 64 * 1024
"""Bytes by which the gzip of a small file may exceed the file."""


RESUMED = 16 * 1024 * 1024
"""Size in bytes from which an interrupted transfer is resumed instead of restarted."""

_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)", re.IGNORECASE)


def begun(fetch: Fetch, status: int, headers: Mapping[str, str], *, framed: bool) -> Download | None:
    """Make the `Download` that writes the body of an answer; None for an answer without a file."""
    if status != 206:
        return Download(fetch, headers, framed=framed) if status in (200, 203) else None
    part, found = fetch.partial, _RANGE.fullmatch(headers.get("content-range", "").strip())
    if found is None:  # without a request for a part, some servers mean the whole file: its format has to show it
        return None if part.size else Download(fetch, headers, framed=False)
    start, end, total = int(found[1]), int(found[2]), found[3]
    if part.size and start == part.size and total in ("*", str(part.total)) and part.total in (None, end + 1):
        return Download(fetch, headers, framed=framed and part.total is not None, rest=True)
    whole = start == 0 and (total == str(end + 1) or (total == "*" and not part.size))
    return Download(fetch, headers, framed=framed and total != "*") if whole else None


class Download:
    """A file that appears under its name only when it is complete: it is written beside that name, then renamed.

    If it is the `rest` of an interrupted transfer, it is appended to the existing part.
    """

    def __init__(self, fetch: Fetch, headers: Mapping[str, str], *, framed: bool, rest: bool = False) -> None:
        self.url = fetch.url
        part = fetch.partial if rest else None
        self.size = self._before = part.size if part is not None else 0
        self._part = part
        self._broken = True
        self._fetch = fetch
        self._headers = headers
        self._framed = framed
        self._limit = fetch.max_bytes
        own = os.path.join(fetch.directory, f".kie-{uuid.uuid4().hex}.part")
        self._temporary = part.path if part is not None else own
        self._file: BinaryIO | None = None
        self._received = self._before
        coding = coding_of(headers.get("content-encoding", ""))
        self._gzip = Gunzip() if coding == "gzip" else None
        length = headers.get("content-length", "").strip()
        self._total = self._before + int(length) if length.isdecimal() and self._gzip is None else None
        self._unread = "" if self._gzip is not None else coding

    def open(self) -> None:
        """Start to write, and create the folder if needed. Raises `DownloadFailed`."""
        directory = self._fetch.directory
        try:
            if self._part is None:
                self._fetch.partial.drop()
            Path(directory).mkdir(parents=True, exist_ok=True)
            # the file stays open until `keep` or `discard`
            self._file = open(self._temporary, "x+b" if self._part is None else "r+b")  # noqa: SIM115
            if self._part is not None:
                self._file.seek(self._before)
                self._file.truncate()
            part = self._fetch.partial
            part.path, part.drop = self._temporary, partial(_removed, self._temporary)
        except (OSError, ValueError) as error:
            raise self._failed(f"cannot write into {directory}", error) from error
        self._go_on()

    def _go_on(self) -> None:
        """Raise `DownloadFailed` if nobody waits for the file any longer."""
        if self._fetch.partial.over:
            raise DownloadFailed(self.url, "it was interrupted")

    @property
    def encoded(self) -> bool:
        """Whether the body is decoded here, so that only `write` knows the size of the content."""
        return self._gzip is not None

    def write(self, chunk: bytes | bytearray) -> int:
        """Append a chunk, and return how many bytes of content it contains.

        Raises `DownloadFailed` if the content or the transferred bytes exceed the limit, the disk is full, or nobody
        waits for the file any longer.
        """
        self._go_on()
        before = self.size
        self._received += len(chunk)
        if self._received > self._limit + self._limit // 100 + _SLACK:  # incompressible content grows with gzip
            raise DownloadFailed(self.url, f"it has more than {self._limit:,} bytes (max_download)")
        try:
            for piece in [chunk] if self._gzip is None else self._gzip.decoded(chunk):
                self.size += len(piece)
                if self.size > self._limit:
                    self._broken = False
                    raise DownloadFailed(self.url, f"it is larger than {self._limit:,} bytes (max_download)")
                cast("BinaryIO", self._file).write(piece)
        except zlib.error as error:
            raise TransportError(f"its gzip encoding is broken: {error}", sent=None, local=True) from error
        except OSError as error:
            self._broken = False
            raise self._failed("cannot write", error) from error
        if self._fetch.moved is not None and chunk:
            self._fetch.moved(self.size, self._total)
        return self.size - before

    def finish(self, chunk: bytes | bytearray) -> Fetched:
        """Append the last chunk, and give the complete file its name."""
        self.write(chunk)
        return self.keep()

    def keep(self) -> Fetched:
        """Give the file its name if it is complete and of the right kind. Raises `DownloadFailed` for local faults."""
        file = cast("BinaryIO", self._file)
        try:
            suffix = self._judged(file)
            file.close()
            path = self._named(suffix)
        except Unfit as fault:
            return Fetched(200, self._headers, None, self.size, str(fault))
        except (OSError, ValueError) as error:
            raise self._failed(f"cannot write {self._fetch.stem} into {self._fetch.directory}", error) from error
        return Fetched(200, self._headers, path, self.size, suffix=suffix)

    def _judged(self, file: BinaryIO) -> str:
        """Check the file, and return its extension. Raises `Unfit`."""
        if self._unread:
            raise Unfit(f"the server encoded it as {self._unread!r}, which was not requested")
        announced = self._headers.get("content-length", "").strip()
        if announced.isdecimal() and int(announced) != self._received - self._before:
            raise Unfit(f"{self._received:,} of {self._before + int(announced):,} bytes arrived")
        self._broken = False
        if self._gzip is not None and not self._gzip.ended:
            raise Unfit("the file is cut off: its gzip stream has no end")
        framed = self._framed or self._gzip is not None
        fetch, content_type = self._fetch, self._headers.get("content-type", "")
        return extension_of(file, fetch.url, fetch.kind, content_type, framed=framed)

    def _named(self, suffix: str) -> str:
        """Move the file to its name, or to the next free one, and return its path."""
        stem, directory = self._fetch.stem, self._fetch.directory
        if self._fetch.suffix is not None:
            suffix = self._fetch.suffix
        elif stem.lower().endswith(suffix):
            stem = stem[: -len(suffix)]
        target = os.path.join(directory, stem + suffix)
        if self._fetch.overwrite:
            replace(self._temporary, target)
            return target
        numbers = count(2)
        while not moved(self._temporary, target):
            if self._fetch.once and same_content(self._temporary, target):  # `discard` removes the temporary file
                return target
            target = os.path.join(directory, f"{stem}-{next(numbers)}{suffix}")
        return target

    def _failed(self, what: str, error: Exception) -> DownloadFailed:
        return DownloadFailed(self.url, f"{what}: {getattr(error, 'strerror', None) or error}")

    def discard(self) -> None:
        """Remove what was written, if it was not kept."""
        if self._file is None:  # it could not be opened, so a file of this name is not ours
            return
        with suppress(OSError):
            self._file.close()
        if not self._kept_for_later():
            _removed(self._temporary)
            self._fetch.partial.forget()

    def _kept_for_later(self) -> bool:
        """Keep the part of a large file whose transfer broke, so that the next attempt resumes there."""
        part, etag = self._fetch.partial, self._headers.get("etag", "").strip()
        fits = self._broken and self._gzip is None and not self._unread
        if fits and etag.startswith('"') and RESUMED <= self.size < (self._total or inf):
            part.size, part.etag, part.total = self.size, etag, self._total
            return not part.over  # checked last: this sees that nobody waits for it, or a later `drop` removes it
        return False


def _removed(path: str) -> None:
    with suppress(OSError):
        os.unlink(path)
