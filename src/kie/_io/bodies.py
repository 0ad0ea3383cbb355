"""IO: bodies of requests and answers: files to upload, and answers as they arrive. May import `_core`."""

from __future__ import annotations

import os
import zlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any, BinaryIO, cast

import attrs

from kie._core.call import FilePart, HttpRequest, TransportError
from kie._core.json import MOST_LEADING, in_utf8
from kie._io.deadline import Deadline
from kie._io.gunzip import Gunzip, coding_of
from kie._io.watch import Watch

MAX_ANSWER = 32 * 1024 * 1024
"""The most bytes to read from an answer. Results are files, which are streamed instead."""

_IN_BUFFERS = 32 * 1024 * 1024
"""Bytes of an upload that may still be in buffers after its last piece was handed over: the largest on Linux."""

_SLOWEST = 1024 * 1024
"""The assumed speed, in bytes a second, at which a slow server reads those."""

_OF_THE_WIRE = {"content-encoding", "content-length"}


def _uncounted(size: int) -> None:
    """Ignore progress, because this body has no time limit."""


@attrs.frozen
class Stream:
    """A response whose body is still arriving, as it was sent, not decoded.

    The reader calls `moved` with the number of bytes of content that arrived: a body without progress is cut off.
    """

    status: int
    """The HTTP status."""
    headers: Mapping[str, str] = attrs.field(kw_only=True)
    """The headers, looked up in lower case."""
    chunks: Iterator[bytes] = attrs.field(kw_only=True)
    """The body in pieces."""
    framed: bool = attrs.field(default=True, kw_only=True)
    """Whether the protocol marks the end of the body."""
    moved: Callable[[int], object] = attrs.field(default=_uncounted, kw_only=True)
    """To be called with the number of bytes of content that arrived."""


@attrs.frozen
class AsyncStream:
    """The same for asyncio."""

    status: int
    """The HTTP status."""
    headers: Mapping[str, str] = attrs.field(kw_only=True)
    """The headers, looked up in lower case."""
    chunks: AsyncIterator[bytes] = attrs.field(kw_only=True)
    """The body in pieces."""
    framed: bool = attrs.field(default=True, kw_only=True)
    """Whether the protocol marks the end of the body."""
    moved: Callable[[int], object] = attrs.field(default=_uncounted, kw_only=True)
    """To be called with the number of bytes of content that arrived."""


class RequestFile:
    """The file of a multipart request, open for one exchange, which extends the deadline as it is read.

    An upload may take as long as it makes progress: each piece that is read restarts its time limit. After the last
    piece, much of the file may still be in buffers, and a slow server needs time to read them.
    """

    __slots__ = ("_deadline", "_opened", "_part", "limits")

    def __init__(self, part: FilePart, deadline: Deadline) -> None:
        self._part = part
        self._deadline = deadline
        self._opened: BinaryIO | None = None
        self.limits: dict[str, float] = {}

    def open(self) -> None:
        try:
            self._opened = self._part.open()
        except OSError as error:
            raise TransportError(f"cannot open {self._part.name}: {error}", sent=False, local=True) from error

    def read(self, size: int = -1) -> bytes:
        file = cast(BinaryIO, self._opened)
        self._deadline.renew()
        piece = file.read(size)
        if not piece:
            on_the_way = min(file.tell(), _IN_BUFFERS) / _SLOWEST
            self.limits["read"] += on_the_way
            self._deadline.extend(on_the_way)
        return piece

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return cast(BinaryIO, self._opened).seek(offset, whence)

    def tell(self) -> int:
        return cast(BinaryIO, self._opened).tell()

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()

    @property
    def form(self) -> tuple[str, RequestFile, str]:
        """The file in the form that the library expects."""
        return self._part.name, self, self._part.content_type


def request_file(request: HttpRequest, deadline: Deadline) -> RequestFile | None:
    return RequestFile(request.multipart.file, deadline) if request.multipart is not None else None


def arguments_of(
    request: HttpRequest, limit: float | None, part: RequestFile | None, trace: Callable[..., object] | None = None
) -> dict[str, Any]:
    """Arguments of `build_request`. A request that must not be sent twice is traced. `limit` (or None) is per step."""
    limits: dict[str, float] = {}
    if limit is not None:  # equivalent to `timeout=limit`
        limits = {"connect": limit, "read": limit, "write": limit, "pool": limit}
    extensions: dict[str, object] = {"timeout": limits}
    if trace is not None and request.method != "GET":
        extensions["trace"] = trace
    arguments: dict[str, Any] = {"extensions": extensions}
    if request.content is not None:
        arguments["content"] = request.content
    if request.multipart is not None and part is not None:
        part.limits = limits
        arguments["data"] = dict(request.multipart.fields)
        arguments["files"] = {"file": part.form}
    return arguments


class AnswerBody:
    """The body of an answer as it arrives, limited in size, and decoded here at most once.

    The library would decode as often as a header says, and some versions would inflate a few bytes to a gigabyte. The
    body is cleared afterwards, because it may repeat the key, and crash reports show the values of variables.
    """

    def __init__(self, response: Any, watch: Watch) -> None:
        self._watch = watch
        self._found = bytearray()
        self._raw = 0
        self._gzip: Gunzip | None = None
        self.decoded = bool(getattr(response, "is_stream_consumed", True))  # then it never was a stream
        if self.decoded:
            return
        coding = coding_of(response.headers.get("content-encoding", ""))
        if not coding:
            return
        if coding != "gzip":
            raise TransportError(f"the answer has the encoding {coding[:40]!r}, which was not requested", sent=None)
        self._gzip = Gunzip()

    def __enter__(self) -> AnswerBody:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is not None:
            self._watch.received = in_utf8(bytes(self._found[:MOST_LEADING])).decode("utf-8", "replace")
        self._found.clear()

    def add(self, chunk: bytes, deadline: Deadline) -> None:
        """Add a piece. Raises `TransportError` if the answer is too large, too late or broken."""
        deadline.left()
        self._raw += len(chunk)
        for piece in (chunk,) if self._gzip is None else self._inflated(self._gzip, chunk):
            self._found += piece
            if len(self._found) > MAX_ANSWER or self._raw > MAX_ANSWER:
                raise TransportError(f"the answer is larger than {MAX_ANSWER:,} bytes", sent=None)

    def _inflated(self, gzip: Gunzip, chunk: bytes) -> Iterator[bytes]:
        try:
            yield from gzip.decoded(chunk)
        except zlib.error as error:
            if not gzip.ended:  # otherwise it is complete, and the rest is not gzip
                raise TransportError(f"the gzip encoding of the answer is broken: {error}", sent=None) from error

    def whole(self) -> bytes:
        """Return the body. Raises `TransportError` if it is cut off."""
        if self._gzip is not None and self._raw and not self._gzip.ended:
            raise TransportError("the answer is cut off: its gzip stream has no end", sent=None)
        return bytes(self._found)


def body_of(response: Any, iterate: str) -> tuple[Mapping[str, str], Any, bool]:
    """Take a body as it was sent.

    Returns:
        The headers, the chunks, and whether the protocol marks the end: HTTP/1 may just close the connection, as a
        fault does, too.
    """
    headers = response.headers
    if getattr(response, "is_stream_consumed", False):  # the user's transport (such as a mock) has read and decoded it
        shown = {name: value for name, value in headers.items() if name.lower() not in _OF_THE_WIRE}
        return shown, getattr(response, f"{iterate}_bytes")(), True
    chunked = "chunked" in headers.get("transfer-encoding", "").lower()
    framed = "content-length" in headers or chunked or not str(response.http_version).startswith("HTTP/1")
    return headers, getattr(response, f"{iterate}_raw")(), framed
