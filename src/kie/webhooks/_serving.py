"""Webhooks: a receiver as an ASGI and as a WSGI application. `_delivery` decides. May import everything below."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import nullcontext
from functools import partial
from http import HTTPStatus
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Protocol, TypeAlias, TypeVar, cast

import attrs

from kie._aclient import AsyncKie
from kie._client import Kie
from kie._core.errors import ConfigError, WebhookRejected
from kie._core.later import later
from kie._core.status import TaskStatus
from kie._core.tasks import TaskRef
from kie._flow.overrides import Overrides
from kie._policy.retry import no_retry
from kie._records.callbacks import Headers, pairs_of
from kie._tasks.poll import refresh
from kie.webhooks._delivery import DeliveryProcessor, Disposition

if TYPE_CHECKING:
    from wsgiref.types import StartResponse
else:
    StartResponse = later("wsgiref.types", "StartResponse")


QUICK: Overrides = {"request_timeout": 10.0, "retry": no_retry()}
"""The service waits 15 seconds for a response, then sends again. Source: the vendor's pages on callbacks."""

V = TypeVar("V")
Message: TypeAlias = Mapping[str, object]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[dict[str, object]], Awaitable[None]]


class _Input(Protocol):
    def read(self, size: int, /) -> object: ...


@attrs.frozen
class WsgiApp:
    """A receiver as a WSGI application."""

    processor: DeliveryProcessor
    """What becomes of a delivery."""

    def __call__(self, environ: Mapping[str, object], start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333).

        Args:
            environ: The environment of the request.
            start_response: Called with the status and the headers.

        Returns:
            The body of the response.
        """
        try:
            reply = self.processor.reply(self._receive(_environ_headers(environ), environ))
        except Exception as error:
            reply = self.processor.reply(error)
        start_response(f"{reply.status} {HTTPStatus(reply.status).phrase}", reply.headers)
        return [reply.body]

    def _receive(self, headers: Headers, environ: Mapping[str, object]) -> Disposition:
        processor = self.processor
        length = environ.get("CONTENT_LENGTH")
        declared = processor.admit(environ.get("REQUEST_METHOD"), headers, None if length is None else str(length))
        if declared is None and not environ.get("wsgi.input_terminated"):
            raise WebhookRejected("truncated")
        delivery = processor.verify(headers, self._read(cast("_Input", environ.get("wsgi.input")), declared))
        if delivery.known:
            return "duplicate"
        status = delivery.status
        if processor.confirm:
            status = processor.confirmed(status, _read_task(processor.confirm, delivery.refs))
        with processor.handling(delivery, status) as new:
            if new and processor.on_status is not None:
                returned = processor.on_status(status)
                if isinstance(returned, Awaitable):
                    getattr(returned, "close", lambda: None)()
                    raise ConfigError("on_status may not be async under WSGI; use receiver.asgi")
        return "accepted" if new else "duplicate"

    def _read(self, stream: _Input, declared: int | None) -> bytes:
        body = bytearray()
        left = self.processor.max_bytes + 1 if declared is None else declared
        try:
            while left > 0 and (chunk := piece_of(stream.read(min(left, 64 * 1024)))):
                body += chunk
                left -= len(chunk)
        except Exception:  # a server's stream raises OSError, ValueError or its own error when its client is gone
            raise WebhookRejected("truncated") from None
        return self.processor.complete(body, declared)


def piece_of(piece: object) -> bytes:
    """Check a piece of a body that a server passed. Raises `WebhookRejected` if it is not bytes."""
    if not isinstance(piece, (bytes, bytearray, memoryview)):
        raise WebhookRejected("truncated")
    return bytes(piece)


def _environ_headers(environ: Mapping[str, object]) -> list[tuple[str, str]]:
    named = {name[5:].replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")}
    return [(name, str(value)) for name, value in (named | {"CONTENT-TYPE": environ.get("CONTENT_TYPE") or ""}).items()]


def _read_task(confirm: bool | Kie | AsyncKie, refs: tuple[TaskRef, ...]) -> TaskStatus:
    """Poll a task once, with the client or with one from the environment."""
    if isinstance(confirm, AsyncKie):
        raise ConfigError("an AsyncKie cannot confirm under WSGI; use receiver.asgi, or a Kie")
    with nullcontext(confirm) if isinstance(confirm, Kie) else Kie() as client:
        return client._driver.drive(refresh(client.with_options(**QUICK)._ctx, *refs))


@attrs.frozen
class AsgiApp:
    """A receiver as an ASGI application. Not a method: servers recognise ASGI 3 by an async `__call__`."""

    processor: DeliveryProcessor
    """What becomes of a delivery."""

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request, or the messages of a server that starts or stops (ASGI 3).

        Args:
            scope: The connection.
            receive: Gives the next message from the server.
            send: Sends a message to the server.

        Raises:
            ConfigError: The connection is neither HTTP nor the server's lifespan. The client of a WebSocket gets 403.
        """
        kind = scope.get("type")
        if kind == "lifespan":
            await _answer_lifespan(receive, send)
            return
        if kind == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        if kind != "http":
            raise ConfigError(f"a receiver accepts HTTP requests, not {kind}")
        try:
            reply = self.processor.reply(await self._receive(scope, receive))
        except Exception as error:
            reply = self.processor.reply(error)
        headers = [(name.lower().encode(), value.encode()) for name, value in reply.headers]
        if reply.status >= 400 and str(scope.get("http_version", "1.1")).startswith("1"):
            headers.append((b"connection", b"close"))  # otherwise the server would keep reading, however long the body
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": reply.body})

    async def _receive(self, scope: Message, receive: Receive) -> Disposition:
        processor = self.processor
        headers = [*pairs_of(cast("Headers", scope.get("headers")))]
        lengths = [value for name, value in headers if name == "content-length"]
        declared = processor.admit(scope.get("method"), headers, ",".join(lengths))
        delivery = processor.verify(headers, await self._read(receive, declared))
        if delivery.known:
            return "duplicate"
        status = delivery.status
        if processor.confirm:
            status = processor.confirmed(status, await _read_task_async(processor.confirm, delivery.refs))
        with processor.handling(delivery, status) as new:
            if new and processor.on_status is not None:
                returned = await _call(processor.on_status, status)
                if isinstance(returned, Awaitable):
                    await returned
        return "accepted" if new else "duplicate"

    async def _read(self, receive: Receive, declared: int | None) -> bytes:
        body = bytearray()
        more = True
        while more and len(body) <= self.processor.max_bytes:
            try:
                message = await receive()
            except Exception:  # each framework raises its own error when its client is gone
                raise WebhookRejected("truncated") from None
            if message.get("type") == "http.disconnect":
                raise WebhookRejected("truncated")
            body += piece_of(message.get("body") or b"")
            more = bool(message.get("more_body"))
        return self.processor.complete(body, declared)


async def _read_task_async(confirm: bool | Kie | AsyncKie, refs: tuple[TaskRef, ...]) -> TaskStatus:
    if isinstance(confirm, AsyncKie):
        return await confirm._driver.drive(refresh(confirm.with_options(**QUICK)._ctx, *refs))
    return cast("TaskStatus", await _call(partial(_read_task, confirm), refs))


async def _answer_lifespan(receive: Receive, send: Send) -> None:
    """Answer that there is nothing to start or stop."""
    while (kind := (await receive())["type"]) != "lifespan.shutdown":
        await send({"type": f"{kind}.complete"})
    await send({"type": "lifespan.shutdown.complete"})


async def _call(function: Callable[[V], object], argument: V) -> object:
    """Call a function, in a thread if it is not async, because it may block."""
    if iscoroutinefunction(function) or iscoroutinefunction(getattr(function, "__call__", None)):  # noqa: B004
        return function(argument)
    import anyio.to_thread

    return await anyio.to_thread.run_sync(partial(function, argument))
