"""Simulator: serves `handle` on a real socket, as a thin ASGI app that uvicorn runs in a thread.

It listens on this machine only. The clock, the socket and the thread are here; `_handler` decides the answers. May
import `_core`.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Awaitable, Callable
from functools import cached_property, partial
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2

from kie._core.addresses import is_loopback
from kie._core.call import SIMULATOR
from kie._core.errors import ConfigError
from kie.simulator._downloads import FOLDERS
from kie.simulator._handler import handle
from kie.simulator._messages import SimRequest, SimResponse
from kie.simulator._sample_media import needed, present
from kie.simulator._simulator import Callback, Simulator

HOST = "127.0.0.1"
CALLBACK_ATTEMPTS = 3
CALLBACK_TIMEOUT = 15.0
"""Seconds that a receiver has to respond. Source: the vendor's pages on callbacks."""
CALLBACK_PAUSE = 0.2
KEEP_ALIVE = 75
"""Seconds for which a connection may be idle. Clients keep one for less time, so even a busy server does not close a
connection while a request is on its way."""
_CHUNK = 64 * 1024

Message = dict[str, Any]
AsgiSend = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]


class Server:
    """A running simulator. `Server.start` makes it, `stop` ends it."""

    def __init__(self, state: Simulator, listener: socket.socket) -> None:
        self.state = state
        self.port: int = listener.getsockname()[1]
        self._listener = listener
        self._ready = threading.Event()
        self._failure: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._request_handled: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="kie-simulator", daemon=True)

    @classmethod
    def start(cls, state: Simulator, *, port: int = 0) -> Server:
        """Listen on a port (0: any that is free) and answer from `state`. Raises `ConfigError`."""
        present("uvicorn", "python_multipart", "PIL", "av")
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((HOST, port))
        except (OSError, OverflowError) as error:
            listener.close()
            why = getattr(error, "strerror", None) or error
            raise ConfigError(
                f"the simulator cannot listen on {HOST}:{port}: {why}; choose another port, or 0 for any that is free"
            ) from error
        state.wall_offset = time.time() - time.monotonic()
        state.base_url = f"http://{HOST}:{listener.getsockname()[1]}"
        server = cls(state, listener)
        server._thread.start()
        server._ready.wait()
        if server._failure is not None:
            server._thread.join()
            raise ConfigError(f"the simulator does not start: {server._failure}") from server._failure
        return server

    def stop(self) -> None:
        """Break every connection, and wait until the thread has ended."""
        loop, stopping = self._loop, self._stopping
        if loop is not None and stopping is not None and self._thread.is_alive():
            with contextlib.suppress(RuntimeError):  # the loop may have ended by itself meanwhile
                loop.call_soon_threadsafe(stopping.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._failure = error
        finally:
            self._listener.close()
            self._ready.set()

    async def _serve(self) -> None:
        uvicorn, uvicorn_server = needed("uvicorn"), needed("uvicorn.server")
        self._loop, self._stopping, self._request_handled = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
        config = uvicorn.Config(
            self._app,
            interface="asgi3",
            http="h11",
            ws="none",
            lifespan="off",
            proxy_headers=False,
            access_log=False,
            log_config=None,
            server_header=False,
            date_header=False,
            timeout_keep_alive=KEEP_ALIVE,
        )
        config.load()
        config.loaded_app = self._app  # skips the wrapper that uvicorn adds if the program logs everything
        shared = uvicorn_server.ServerState()

        def protocol() -> asyncio.Protocol:
            made: asyncio.Protocol = config.http_protocol_class(config=config, server_state=shared, app_state={})
            return made

        server = await self._loop.create_server(protocol, sock=self._listener, backlog=config.backlog)
        poster = asyncio.create_task(self._post_callbacks(self._request_handled))
        self._ready.set()
        try:
            await self._stopping.wait()
        finally:
            self._loop.remove_reader(self._listener)
            await asyncio.sleep(0)  # now whatever was just accepted is a connection, or a task that makes one
            for connection in list(shared.connections):
                connection.transport.abort()
            await asyncio.sleep(0)
            running = {poster, *asyncio.all_tasks()} - {asyncio.current_task()}
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            if "_http" in vars(self):
                await self._http.aclose()
            server.close()
            await asyncio.sleep(0)

    async def _app(self, scope: Message, receive: Receive, send: AsgiSend) -> None:
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message["body"]
            if not message["more_body"]:
                break
        request = SimRequest(
            method=scope["method"],
            path=scope["path"],
            query=dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)),
            headers={name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]},
            body=bytes(body),
        )
        answer = partial(handle, self.state, request, time.monotonic())
        # the file may have to be made first, and other requests need not wait for that
        response = await asyncio.to_thread(answer) if request.path.startswith(FOLDERS) else answer()
        if self._request_handled is not None:
            self._request_handled.set()
        try:
            if not await _respond(response, send):
                while (await receive())["type"] != "http.disconnect":
                    pass
        except asyncio.CancelledError:
            return  # only `_serve` cancels this, when the connection is gone; uvicorn would log it as a crash

    async def _post_callbacks(self, request_handled: asyncio.Event) -> None:
        """Post callbacks when they are due, to addresses on this machine only."""
        posts: set[asyncio.Task[None]] = set()
        while True:
            for callback in self.state.due_callbacks(time.monotonic()):
                post = asyncio.create_task(self._post(callback))
                posts.add(post)
                post.add_done_callback(posts.discard)
            due = self.state.next_callback()
            wait = None if due is None else max(0.001, due - time.monotonic())
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(request_handled.wait(), wait)
            request_handled.clear()

    async def _post(self, callback: Callback) -> None:
        parts = urlsplit(callback.url)
        if parts.scheme != "http" or not is_loopback(parts.hostname or ""):
            self.state.deliveries.append((callback.url, "refused: it is not http on this machine"))
            return
        for attempt in range(CALLBACK_ATTEMPTS):
            if attempt:
                await asyncio.sleep(CALLBACK_PAUSE)
            outcome = await self._post_once(callback)
            self.state.deliveries.append((callback.url, outcome))
            if outcome.startswith("2"):
                return

    async def _post_once(self, callback: Callback) -> str:
        """Post a callback once. Returns the receiver's status, or the name of the error."""
        try:
            async with (
                asyncio.timeout(CALLBACK_TIMEOUT),
                self._http.stream("POST", callback.url, headers=callback.headers, content=callback.body) as answer,
            ):
                return str(answer.status_code)
        except (TimeoutError, httpx2.HTTPError) as error:
            return type(error).__name__

    @cached_property
    def _http(self) -> httpx2.AsyncClient:
        """The client that posts callbacks. Making it takes a while, so it is made when first needed."""
        return httpx2.AsyncClient(trust_env=False)


async def _respond(response: SimResponse, send: AsgiSend) -> bool:
    """Send an answer, or as much of it as its fault allows. False if the connection was broken."""
    transport = send.__self__.transport  # type: ignore[attr-defined]  # uvicorn's own cycle: no middleware is between
    if response.drop in ("refused", "before", "after"):
        transport.abort()
        return False
    if response.delay:
        await asyncio.sleep(response.delay)
    named = {**response.headers, "server": SIMULATOR}
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in named.items()]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    whole = response.drop is None
    body = response.body if whole else response.body[: int(response.drop or 0)]
    for start in range(0, len(body), _CHUNK):
        await send({"type": "http.response.body", "body": body[start : start + _CHUNK], "more_body": True})
    if whole:
        await send({"type": "http.response.body", "body": b""})
    else:
        transport.close()
    return whole
