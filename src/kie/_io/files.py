"""IO: how a downloaded file is written. May import `_core`."""

from __future__ import annotations

import os
import threading
import uuid
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, cast

from kie._core.errors import DownloadFailed


class Download:
    """A file that appears under its name only when it is whole: written beside it, then renamed."""

    def __init__(self, url: str, directory: str, limit: int) -> None:
        self.url = url
        self._limit = limit
        self._directory = directory
        self._temporary = os.path.join(directory, f".kie-{uuid.uuid4().hex}.part")
        self._file: BinaryIO | None = None
        self.size = 0

    def open(self) -> None:
        """Begin to write, in a folder that is made if need be. Raises `DownloadFailed`."""
        try:
            Path(self._directory).mkdir(parents=True, exist_ok=True)
            handle = os.open(self._temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        except OSError as error:
            reason = error.strerror or error
            raise DownloadFailed(self.url, f"cannot write into {self._directory}: {reason}") from error
        self._file = os.fdopen(handle, "wb")

    def write(self, chunk: bytes | bytearray) -> None:
        """Append a chunk. Raises `DownloadFailed` beyond the limit or when the disk is full."""
        self.size += len(chunk)
        if self.size > self._limit:
            raise DownloadFailed(self.url, f"it is larger than {self._limit:,} bytes (max_download)")
        try:
            cast("BinaryIO", self._file).write(chunk)
        except OSError as error:
            raise DownloadFailed(self.url, f"cannot write: {error.strerror or error}") from error

    def finish(self, chunk: bytes | bytearray, name: str) -> str:
        """Append the last chunk, and give the whole file its name."""
        self.write(chunk)
        return self.keep(name)

    def keep(self, name: str) -> str:
        """Give the whole file its name."""
        target = os.path.join(self._directory, name)
        try:
            cast("BinaryIO", self._file).close()
            os.replace(self._temporary, target)
        except OSError as error:
            raise DownloadFailed(self.url, f"cannot write {target}: {error.strerror or error}") from error
        return target

    def abandon(self) -> None:
        """Remove what was written while a thread may still be writing: it is told with its next chunk."""
        self._limit = -1
        with suppress(OSError):
            os.unlink(self._temporary)

    def discard(self) -> None:
        """Remove what was written, if it was not kept."""
        if self._file is None:
            return
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            os.unlink(self._temporary)


class Downloads:
    """The downloads of one run over many flows. An interrupted run leaves no half file, whatever its threads do."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: set[Download] = set()
        self._abandoned = False

    def begin(self, download: Download) -> None:
        """Begin to write a file. Raises `DownloadFailed`, also if the run has ended."""
        with self._lock:
            if self._abandoned:
                raise DownloadFailed(download.url, "it was interrupted")
            download.open()
            self._open.add(download)

    def end(self, download: Download) -> None:
        """Remove what was written, if it was not kept."""
        with self._lock:
            self._open.discard(download)
        download.discard()

    def abandon(self) -> None:
        """End every download, and let none begin."""
        with self._lock:
            self._abandoned = True
            for download in self._open:
                download.abandon()
