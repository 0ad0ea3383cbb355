"""Floor 6: receives callbacks over ASGI or WSGI, hands each over once, and wakes clients that wait.

May import everything below.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from importlib import import_module
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, TypeVar, cast
from urllib.parse import urlsplit

import attrs

from kie.aclient import AsyncKie
from kie.client import Kie
from kie.core.errors import ConfigError, KieError, RejectReason, WebhookRejected
from kie.core.tasks import TaskRef, TaskStatus
from kie.flows.callbacks import Headers, checked_secrets, open_body, read_callback, read_seal, task_id_of
from kie.flows.overrides import Overrides
from kie.io.session import Clock, Secret, SystemClock
from kie.policy.retry import no_retry, positive
from kie.webhooks.memory import Memory

if TYPE_CHECKING:
    from wsgiref.types import StartResponse

LOGGER = logging.getLogger("kie")

WINDOW = 300.0
"""Seconds by which a callback's time may differ from ours."""
MAX_BYTES = 4 * 1024**2
"""The longest reports are the notes of a song, which are some hundred kilobytes."""
REMEMBERED = 10_000
REMEMBERED_FOR = 3600.0
"""An account can submit 120 tasks a minute: this many reports do not come within the time for which one is fresh."""

_QUICK: Overrides = {"request_timeout": 10.0, "retry": no_retry()}
"""The service waits 15 seconds for an answer, and then sends again. Source: the vendor's pages on callbacks."""

OnStatus: TypeAlias = Callable[[TaskStatus], object]
Message: TypeAlias = Mapping[str, object]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[dict[str, object]], Awaitable[None]]
Outcome: TypeAlias = Literal["accepted", "duplicate"]

V = TypeVar("V")


class _Input(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _HandlerFailed(Exception):
    """`on_status` raised: its cause is what."""


@attrs.frozen
class _Delivery:
    """A callback that the service signed: what it reports, and how to know it again.

    `seal` is what was signed, `digest` stands for the body. `known` says that it was handed over before.
    """

    status: TaskStatus
    seal: str
    digest: str
    known: bool


@attrs.frozen
class _Reply:
    status: int
    body: bytes

    @property
    def headers(self) -> list[tuple[str, str]]:
        more = [("Allow", "POST")] if self.status == 405 else []
        return [("Content-Type", "application/json"), ("Content-Length", str(len(self.body))), *more]


class Receiver:
    """Receives the callbacks of an account, refuses what the service did not sign, and hands each report over once.

    `secret` is the key made at https://kie.ai/settings, or several while one replaces another. `on_status(status)` gets
    each report; it may be async under ASGI, and runs in a thread if it is not. If it raises, the answer is 500, and the
    service sends again. `confirm` reads the task again before it is handed over, because the signature does not cover
    the body: True does so with the key in KIE_API_KEY, a client with its own. `url` is where the service reaches the
    receiver; `run(..., via=receiver)` needs it. `window` is how many seconds old, or early, a callback may be; None
    takes any. `max_bytes` bounds a body.

    `asgi` and `wsgi` are the applications, for any path. A receiver is thread-safe. It remembers the last 10,000
    reports for an hour, in one process: several workers of a server do not know of each other. Raises `ConfigError`.
    """

    def __init__(
        self,
        secret: str | Iterable[str],
        *,
        url: str | None = None,
        on_status: OnStatus | None = None,
        confirm: bool | Kie | AsyncKie = False,
        window: float | None = WINDOW,
        max_bytes: int = MAX_BYTES,
        clock: Clock | None = None,
    ) -> None:
        if window is not None:
            positive("window", window)
        positive("max_bytes", max_bytes)
        if url is not None and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname):
            raise ConfigError(f"url has to be the http(s) URL at which the service reaches the receiver, not {url!r}")
        if confirm is True:
            Kie().close()  # better no receiver than one that can confirm nothing
        self._secrets = tuple(Secret(text) for text in checked_secrets(secret))
        self._url = url
        self._on_status = on_status
        self._confirm = confirm
        self._window = window
        self._max_bytes = max_bytes
        self._clock = clock or SystemClock()
        self._lock = threading.Lock()
        kept_for = max(REMEMBERED_FOR, 2 * (window or 0.0))
        self._handed_over = Memory[bool](REMEMBERED, kept_for)
        self._seals = Memory[str](REMEMBERED, kept_for)
        self._ended = Memory[bool](REMEMBERED, kept_for)
        self._working: set[str] = set()
        self._waiting: dict[str, list[Callable[[], object]]] = {}

    def __repr__(self) -> str:
        return f"<Receiver at {self._url or 'no url'}>"

    # what is the same for ASGI and WSGI

    def _admit(self, method: object, headers: Headers, declared: str | None) -> int | None:
        """Refuse what needs no reading; return the length that the body says to have."""
        if method != "POST":
            raise WebhookRejected("method")
        read_seal(headers, now=self._clock.wall().timestamp(), window=self._window)
        if not declared:
            return None
        if not declared.isascii() or not declared.isdigit() or len(declared) > 18:
            raise WebhookRejected("truncated")
        if int(declared) > self._max_bytes:
            raise WebhookRejected("too_large")
        return int(declared)

    def _whole(self, body: bytearray, declared: int | None) -> bytes:
        if len(body) > self._max_bytes:
            raise WebhookRejected("too_large")
        if declared is not None and len(body) != declared:
            raise WebhookRejected("truncated")
        return bytes(body)

    def _open(self, headers: Headers, body: bytes) -> _Delivery:
        """Check and read a callback, and wake whoever waits for its task."""
        seal = read_seal(headers, now=self._clock.wall().timestamp(), window=self._window)
        document = open_body(seal, body, [secret.reveal() for secret in self._secrets])
        task_id = str(task_id_of(document))
        name, digest = f"{task_id}.{seal.timestamp}", hashlib.sha256(body).hexdigest()
        with self._lock:
            before = self._seals.get(name, self._clock.now())
            if before == digest and name in self._working:
                raise WebhookRejected("busy")
        if before not in (None, digest) and not self._confirm:
            raise WebhookRejected("replayed")
        try:
            status = read_callback(document)
        except WebhookRejected:
            self._announce(task_id)  # whoever waits looks for itself
            raise
        if status.done:
            self._announce(task_id)
        return _Delivery(status, name, digest, before == digest)

    def _settled(self, claimed: TaskStatus, found: TaskStatus) -> TaskStatus:
        if claimed.done and not found.done:
            raise WebhookRejected("unconfirmed")
        return found

    @contextmanager
    def _claim(self, delivery: _Delivery, status: TaskStatus) -> Iterator[bool]:
        """Hold a report while it is handed over: True the first time. It counts as handed over if nothing is raised."""
        facts = [str(status.ref), status.state, status.raw_state, status.fail_code, *status.urls]
        event = hashlib.sha256(json.dumps(facts).encode()).hexdigest()
        with self._lock:
            now = self._clock.now()
            before = self._seals.get(delivery.seal, now)
            if not self._working.isdisjoint((event, delivery.seal)):
                raise WebhookRejected("busy")
            if before not in (None, delivery.digest) and not self._confirm:
                raise WebhookRejected("replayed")
            new = self._handed_over.get(event, now) is None
            self._working |= {event, delivery.seal}
            self._seals.put(delivery.seal, delivery.digest, now)
        good = False
        try:
            yield new
            good = True
        except Exception as error:
            raise _HandlerFailed(str(status.ref)) from error
        finally:
            with self._lock:
                self._working -= {event, delivery.seal}
                now = self._clock.now()
                if good:
                    self._handed_over.put(event, True, now)
                else:
                    self._seals.pop(delivery.seal, now)

    def _reply(self, outcome: Outcome | Exception) -> _Reply:
        match outcome:
            case WebhookRejected(reason=reason, status=status):
                LOGGER.warning("%s", outcome.message)
                return _answer(status, error=reason)
            case _HandlerFailed():
                LOGGER.error("the callback of task %s was not handled", outcome, exc_info=outcome.__cause__)
            case KieError():
                LOGGER.warning("a callback could not be confirmed: %s", outcome.message)
            case Exception():
                LOGGER.error("a callback could not be received", exc_info=outcome)
            case _:
                return _answer(200, outcome=outcome)
        return _answer(500, error="failed")

    # WSGI

    def wsgi(self, environ: Mapping[str, object], start_response: StartResponse) -> Iterable[bytes]:
        """The WSGI application."""
        from http import HTTPStatus

        try:
            reply = self._reply(self._receive(_environ_headers(environ), environ))
        except Exception as error:
            reply = self._reply(error)
        start_response(f"{reply.status} {HTTPStatus(reply.status).phrase}", reply.headers)
        return [reply.body]

    def _receive(self, headers: Headers, environ: Mapping[str, object]) -> Outcome:
        declared = self._admit(environ.get("REQUEST_METHOD"), headers, cast("str", environ.get("CONTENT_LENGTH")))
        if declared is None and not environ.get("wsgi.input_terminated"):
            raise WebhookRejected("truncated")
        delivery = self._open(headers, self._read(cast("_Input", environ["wsgi.input"]), declared))
        if delivery.known:
            return "duplicate"
        status = delivery.status
        if self._confirm:
            status = self._settled(status, self._look(status.ref))
        with self._claim(delivery, status) as new:
            if new and self._on_status is not None:
                outcome = self._on_status(status)
                if isinstance(outcome, Awaitable):
                    getattr(outcome, "close", lambda: None)()
                    raise ConfigError("on_status may not be async under WSGI; use receiver.asgi")
        return "accepted" if new else "duplicate"

    def _read(self, stream: _Input, declared: int | None) -> bytes:
        body = bytearray()
        left = self._max_bytes + 1 if declared is None else declared
        try:
            while left > 0 and (chunk := stream.read(min(left, 64 * 1024))):
                body += chunk
                left -= len(chunk)
        except OSError:
            raise WebhookRejected("truncated") from None
        return self._whole(body, declared)

    def _look(self, ref: TaskRef) -> TaskStatus:
        if isinstance(self._confirm, AsyncKie):
            raise ConfigError("an AsyncKie cannot confirm under WSGI; use receiver.asgi, or a Kie")
        if isinstance(self._confirm, Kie):
            return self._confirm.task(ref).refresh(**_QUICK)
        with Kie() as client:
            return client.task(ref).refresh(**_QUICK)

    # ASGI

    async def asgi(self, scope: Message, receive: Receive, send: Send) -> None:
        """The ASGI application."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        if scope["type"] != "http":
            raise ConfigError(f"a receiver takes HTTP requests, no {scope['type']}")
        try:
            reply = self._reply(await self._receive_async(scope, receive))
        except Exception as error:
            reply = self._reply(error)
        headers = [(name.lower().encode(), value.encode()) for name, value in reply.headers]
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        await send({"type": "http.response.body", "body": reply.body})

    async def _receive_async(self, scope: Message, receive: Receive) -> Outcome:
        headers = cast("list[tuple[bytes, bytes]]", list(cast("Iterable[object]", scope["headers"])))
        lengths = [value.decode("latin-1") for name, value in headers if name.lower() == b"content-length"]
        declared = self._admit(scope["method"], headers, ",".join(lengths))
        delivery = self._open(headers, await self._read_async(receive, declared))
        if delivery.known:
            return "duplicate"
        status = delivery.status
        if self._confirm:
            status = self._settled(status, await self._look_async(status.ref))
        with self._claim(delivery, status) as new:
            if new and self._on_status is not None:
                outcome = await _call(self._on_status, status)
                if isinstance(outcome, Awaitable):
                    await outcome
        return "accepted" if new else "duplicate"

    async def _read_async(self, receive: Receive, declared: int | None) -> bytes:
        body = bytearray()
        more = True
        while more and len(body) <= self._max_bytes:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise WebhookRejected("truncated")
            body += cast("bytes", message.get("body", b""))
            more = bool(message.get("more_body"))
        return self._whole(body, declared)

    async def _look_async(self, ref: TaskRef) -> TaskStatus:
        if isinstance(self._confirm, AsyncKie):
            return await self._confirm.task(ref).refresh(**_QUICK)
        return cast("TaskStatus", await _call(self._look, ref))

    # for clients that wait

    @property
    def url(self) -> str:
        """Where the service reaches it. Raises `ConfigError` if nobody told."""
        if self._url is None:
            raise ConfigError("waiting for callbacks takes a receiver that knows its address: Receiver(..., url=...)")
        return self._url

    def wait(self, task_id: str, seconds: float) -> bool:
        """Wait up to so many seconds for the report that a task has ended; it may have come before. False if none."""
        woken = threading.Event()
        with self._listening(task_id, woken.set) as there:
            return there or woken.wait(min(seconds, threading.TIMEOUT_MAX))

    async def wait_async(self, task_id: str, seconds: float) -> bool:
        """The same for asyncio and trio."""
        import anyio

        woken = anyio.Event()
        with self._listening(task_id, _from_any_thread(woken.set)) as there:
            if there:
                return True
            with anyio.move_on_after(seconds):
                await woken.wait()
            return woken.is_set()

    @contextmanager
    def _listening(self, task_id: str, wake: Callable[[], object]) -> Iterator[bool]:
        with self._lock:
            there = self._ended.pop(task_id, self._clock.now()) is not None
            if not there:
                self._waiting.setdefault(task_id, []).append(wake)
        try:
            yield there
        finally:
            with self._lock:
                waiting = self._waiting.get(task_id, [])
                if wake in waiting:
                    waiting.remove(wake)
                if not waiting:
                    self._waiting.pop(task_id, None)

    def _announce(self, task_id: str) -> None:
        """Wake whoever waits for a task; if nobody does, remember that it has ended."""
        with self._lock:
            waiting = self._waiting.pop(task_id, [])
            if not waiting:
                self._ended.put(task_id, True, self._clock.now())
        for wake in waiting:
            wake()


def _answer(status: int, **facts: Outcome | RejectReason | Literal["failed"]) -> _Reply:
    return _Reply(status, json.dumps(facts).encode())


def _environ_headers(environ: Mapping[str, object]) -> list[tuple[str, str]]:
    named = {name[5:].replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")}
    return [(name, str(value)) for name, value in (named | {"CONTENT-TYPE": environ.get("CONTENT_TYPE") or ""}).items()]


async def _live(receive: Receive, send: Send) -> None:
    """Say that there is nothing to start and nothing to stop."""
    while (kind := (await receive())["type"]) != "lifespan.shutdown":
        await send({"type": f"{kind}.complete"})
    await send({"type": "lifespan.shutdown.complete"})


async def _call(function: Callable[[V], object], argument: V) -> object:
    """Call a function: one that is not async in a thread, where it may block."""
    if iscoroutinefunction(function) or iscoroutinefunction(getattr(function, "__call__", None)):  # noqa: B004
        return function(argument)
    import anyio.to_thread

    return await anyio.to_thread.run_sync(partial(function, argument))


def _from_any_thread(function: Callable[[], object]) -> Callable[[], None]:
    """The function, to be called from any thread; it runs in the event loop that is running now."""
    import asyncio

    try:
        post = asyncio.get_running_loop().call_soon_threadsafe
    except RuntimeError:
        post = import_module("trio").lowlevel.current_trio_token().run_sync_soon

    def call() -> None:
        with suppress(RuntimeError):  # the loop has ended, and nobody waits any more
            post(function)

    return call
