"""Studio: HTTP requests and answers over ASGI. Bodies are bounded. May import `webhooks`, `_core`."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from typing import Final, cast
from urllib.parse import parse_qsl, quote

import anyio
import attrs

from kie._core.json import JSON, JSONObject, decode
from kie.webhooks._serving import Message, Receive, Send

MOST_JSON: Final = 4 * 1024 * 1024
"""The most bytes of a JSON body."""
MOST_VALUES: Final = 20_000
"""The most values in a JSON body."""
_MOST_PARTS: Final = 32
_MOST_REST: Final = 2 * 1024**3
"""The most bytes of a refused body that are read and dropped."""
_LONGEST_REST: Final = 20.0
"""The most seconds that this may take."""


class HttpRefusal(Exception):
    """Raised for a request that is answered with an error."""

    def __init__(self, status: int, type: str, message: str, hint: str | None = None, **facts: JSON) -> None:
        super().__init__(message)
        self.status = status
        self.facts: JSONObject = {"type": type, "message": message, "task_created": False, **facts}
        if hint is not None:
            self.facts["hint"] = hint


class ClientGone(Exception):
    """The client closed the connection before its body was complete."""


@attrs.define
class RequestBody:
    """Receives the messages of a request, and knows whether its body is complete."""

    receive: Receive
    """Returns the next message of the server."""
    ended: bool = attrs.field(default=False, init=False)

    async def __call__(self) -> Message:
        """Give the next message."""
        message = await self.receive()
        self.ended = message.get("type") != "http.request" or not message.get("more_body")
        return message

    async def drop(self) -> None:
        """Drain a refused body: a browser that is still sending loses the answer if the connection ends."""
        left = _MOST_REST
        with anyio.move_on_after(_LONGEST_REST):
            while not self.ended and left > 0:
                left -= len(cast(bytes, (await self()).get("body") or b""))


@attrs.frozen(kw_only=True)
class HttpReply:
    """An answer."""

    status: int = 200
    """The status."""
    body: bytes | AsyncGenerator[bytes, None] = b""
    """The body, at once or piece by piece."""
    headers: Mapping[str, str] = attrs.field(factory=dict)
    """The headers besides those that every answer has, in lower case."""


def json_reply(value: JSON, status: int = 200) -> HttpReply:
    """Answer with JSON.

    Args:
        value: The document.
        status: The status.

    Returns:
        The answer.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    body = text.encode("utf-8", "replace")  # a lone surrogate, which file names may contain
    headers = {"content-type": "application/json; charset=utf-8", "content-length": str(len(body))}
    return HttpReply(status=status, body=body, headers=headers)


@attrs.frozen(kw_only=True)
class PageRequest:
    """A request."""

    method: str
    """The method; GET for HEAD."""
    path: str
    """The path, decoded."""
    steps: tuple[str, ...]
    """The segments of the path as it was sent, without the leading slash, not decoded."""
    query: Mapping[str, str]
    """The query. A repeated name has its last value."""
    headers: Mapping[str, str]
    """The headers, by their names in lower case. Repeated headers are joined by commas."""
    receive: Receive
    """Returns the next message of the server."""

    @classmethod
    def of(cls, scope: Message, receive: Receive) -> PageRequest:
        """Read a request from an ASGI scope.

        Args:
            scope: The connection.
            receive: Returns the next message of the server.

        Returns:
            The request.

        Raises:
            Refused: Its query has too many parts.
        """
        headers: dict[str, str] = {}
        for raw_name, raw_value in cast("list[tuple[bytes, bytes]]", scope["headers"]):
            name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1").strip()
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        method = str(scope["method"]).upper()
        raw = cast(bytes, scope.get("raw_path") or quote(str(scope["path"])).encode())
        text = cast(bytes, scope.get("query_string") or b"").decode("latin-1")
        try:
            query = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_PARTS))
        except ValueError:
            raise HttpRefusal(400, "BadRequest", f"the query has more than {_MOST_PARTS} parts") from None
        return cls(
            method="GET" if method == "HEAD" else method,
            path=str(scope["path"]),
            steps=tuple(raw.decode("latin-1").partition("?")[0].removeprefix("/").split("/")),
            query=query,
            headers=headers,
            receive=receive,
        )

    def declared(self, most: int) -> int | None:
        """Get the declared length of the body.

        Args:
            most: Bytes that it may have.

        Returns:
            The bytes; None if no length is declared.

        Raises:
            Refused: It is too long, or the header cannot be read.
        """
        said = self.headers.get("content-length")
        if said is None:
            return None
        if not (said.isascii() and said.isdecimal()):
            raise HttpRefusal(400, "BadRequest", "content-length is not a number")
        if len(said) > 18 or int(said) > most:
            raise _too_large(most)
        return int(said)

    async def pieces(self, most: int) -> AsyncIterator[bytes]:
        """Read the body.

        Args:
            most: Bytes that it may have.

        Yields:
            Its pieces.

        Raises:
            Refused: It is too long, or shorter than declared.
            ClientGone: It broke off.
        """
        declared, size, more = self.declared(most), 0, True
        while more:
            message = await self.receive()
            if message.get("type") == "http.disconnect":
                raise ClientGone
            piece = cast(bytes, message.get("body") or b"")
            size += len(piece)
            if size > most:
                raise _too_large(most)
            more = bool(message.get("more_body"))
            if piece:
                yield piece
        if declared is not None and declared != size:
            raise HttpRefusal(400, "BadRequest", f"{size:,} of {declared:,} bytes came", "send it again")

    async def json(self) -> JSONObject:
        """Read a body of JSON.

        Returns:
            The object.

        Raises:
            Refused: It is too long, is not JSON, or is not an object.
            ClientGone: It broke off.
        """
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise HttpRefusal(415, "BadRequest", "the body must be JSON", "send content-type: application/json")
        body = b"".join([piece async for piece in self.pieces(MOST_JSON)])
        try:
            document = decode(body, MOST_VALUES)
            text = json.dumps(document, allow_nan=False, ensure_ascii=False)
            text.encode()
        except (ValueError, RecursionError) as error:
            raise HttpRefusal(400, "BadRequest", f"the body cannot be read as JSON: {error}") from None
        if not isinstance(document, dict):
            raise HttpRefusal(400, "BadRequest", "the body must be a JSON object")
        return document


def _too_large(most: int) -> HttpRefusal:
    return HttpRefusal(413, "TooLarge", f"the body has more than {most:,} bytes, the most that is accepted here")


async def respond(
    reply: HttpReply, scope: Message, receive: Receive, send: Send, refused: RequestBody | None = None
) -> None:
    """Send an answer.

    Args:
        reply: The answer.
        scope: The connection.
        receive: Returns the next message of the server.
        send: Sends a message to the server.
        refused: A body that was not read completely. It is drained before the connection ends.
    """
    headers = [(name.encode(), value.encode("latin-1", "replace")) for name, value in reply.headers.items()]
    if reply.status >= 400 and str(scope.get("http_version", "1.1")).startswith("1"):
        headers.append((b"connection", b"close"))  # otherwise the server would go on reading a body of any length
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    whole = reply.body if isinstance(reply.body, bytes) else b""
    if not isinstance(reply.body, bytes):
        async with aclosing(reply.body) as pieces:
            if scope["method"] != "HEAD":
                await _stream(pieces, receive, send)
    body = b"" if scope["method"] == "HEAD" else whole
    if refused is not None and not refused.ended:
        await send({"type": "http.response.body", "body": body, "more_body": True})
        await refused.drop()
        body = b""
    await send({"type": "http.response.body", "body": body})


async def _stream(pieces: AsyncGenerator[bytes, None], receive: Receive, send: Send) -> None:
    """Send a body piece by piece until the client disconnects."""
    async with anyio.create_task_group() as group:

        async def leave_with_client() -> None:
            while (await receive()).get("type") != "http.disconnect":
                pass
            group.cancel_scope.cancel()

        group.start_soon(leave_with_client)
        async for piece in pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        group.cancel_scope.cancel()
