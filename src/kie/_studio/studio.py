"""Studio: the application: one client, one library, and the requests that the page may make. May import every room
below."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Final, Self, TypeAlias

import anyio
import attrs

from kie import __version__
from kie._aclient import AsyncKie
from kie._core.errors import ConfigError, KieError
from kie._core.estimates import shown
from kie._core.json import JSONObject
from kie._core.numbers import NO_LIMIT
from kie._io.budget import Budget
from kie._library.library import Library
from kie._library.run import Run
from kie._policy.retry import no_retry
from kie._studio import model_data
from kie._studio.app_page import StudioPage
from kie._studio.asgi import ClientGone, HttpRefusal, HttpReply, PageRequest, RequestBody, json_reply, respond
from kie._studio.faults import answer_of
from kie._studio.following import event
from kie._studio.guard import Guard
from kie._studio.rows import listed
from kie._studio.runs import Runs
from kie._studio.shown_files import Files
from kie.webhooks._serving import Message, Receive, Send

Handler: TypeAlias = Callable[[PageRequest, str], Awaitable[HttpReply]]
"""Answers a request; the text is the name in its path."""

BALANCE_SECONDS: Final = 15.0
"""Seconds for which a balance is reused."""
_ALWAYS: Final = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
}


@attrs.define(kw_only=True, eq=False)
class Studio:
    """A local page over one client, as an ASGI application. Use it with `async with`: it follows tasks in the
    background.

    Args:
        client: The client.
        library: The library of runs, in which the client keeps them.
        guard: Admits or refuses requests.
        uploads: The folder for uploads of the page. It exists, and nothing else uses it.
        simulated: Whether tasks go to a simulator.
        pace: How many seconds of a task pass in one real second.
        read_only: Whether nothing may be run or uploaded.
    """

    client: AsyncKie
    library: Library
    guard: Guard = attrs.field(repr=False)
    uploads: Path
    simulated: bool = False
    pace: float = 1.0
    read_only: bool = False
    page: StudioPage = attrs.field(factory=StudioPage.assembled, repr=False)
    files: Files = attrs.field(init=False, repr=False)
    runs: Runs = attrs.field(init=False, repr=False)
    _balance: Decimal | None = attrs.field(default=None, init=False)
    _balance_error: str | None = attrs.field(default=None, init=False)
    _balance_at: float = attrs.field(default=float("-inf"), init=False)
    _reading: anyio.Lock = attrs.field(factory=anyio.Lock, init=False)

    def __attrs_post_init__(self) -> None:
        self.files = Files(self.client, self.library, self.uploads)
        self.runs = Runs(
            self.client, self.library, self.files, simulated=self.simulated, pace=self.pace, spent=self._forget_balance
        )

    async def __aenter__(self) -> Self:
        if not self.read_only:
            await self.runs.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.runs.close()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request (ASGI 3).

        Args:
            scope: The connection.
            receive: Returns the next message from the server.
            send: Sends a message to the server.

        Raises:
            ConfigError: The connection is not HTTP. The client of a WebSocket gets 403.
        """
        if scope.get("type") == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        if scope.get("type") != "http":
            raise ConfigError(f"the studio accepts HTTP requests, not {scope.get('type')}")
        body, refused = RequestBody(receive), None
        try:
            request = PageRequest.of(scope, body)
            self.guard.admit(request)
            refused = body
            reply = await self._answer(request)
            refused = None
        except ClientGone:
            return
        except Exception as error:
            reply = answer_of(error)
        headers = {**_ALWAYS, "cache-control": "no-store", **reply.headers}
        await respond(attrs.evolve(reply, headers=headers), scope, receive, send, refused)

    async def _answer(self, request: PageRequest) -> HttpReply:
        """Find the handler of a request and call it. Raises `HttpRefusal`."""
        allowed: list[str] = []
        for method, pattern, handler in self._routes():
            found = re.fullmatch(pattern, request.path, re.DOTALL)
            if found is None:
                continue
            if method == request.method:
                return await handler(request, found[found.lastindex or 0])
            allowed.append(method)
        if allowed:
            raise HttpRefusal(405, "BadRequest", f"{request.method} is not allowed here; use {' or '.join(allowed)}")
        raise HttpRefusal(404, "NotFound", "there is nothing at this address")

    def _routes(self) -> list[tuple[str, str, Handler]]:
        return [
            ("GET", "/", self._page),
            ("GET", "/favicon.ico", self._icon),
            ("GET", "/api/state", self._state),
            ("GET", "/api/models", self._models),
            ("GET", "/api/models/(.+)", self._model),
            ("POST", "/api/plan", self._plan),
            ("POST", "/api/run", self._run),
            ("POST", "/api/uploads", self._upload),
            ("GET", "/api/runs", self._runs),
            ("GET", "/api/runs/(.+)/events", self._events),
            ("GET", "/api/runs/(.+)", self._one),
            ("GET", "/files/.+", self._file),
        ]

    async def _page(self, _: PageRequest, __: str) -> HttpReply:
        return self.page.reply()

    async def _icon(self, _: PageRequest, __: str) -> HttpReply:
        return HttpReply(status=204)  # browsers request an icon whatever the page says

    async def _models(self, request: PageRequest, _: str) -> HttpReply:
        return json_reply(model_data.listed(request.query.get("status", "")))

    async def _model(self, _: PageRequest, id: str) -> HttpReply:
        return json_reply(model_data.described(id))

    async def _state(self, _: PageRequest, __: str) -> HttpReply:
        await self._read_balance()
        facts: JSONObject = {
            "simulated": self.simulated,
            "read_only": self.read_only,
            "files": self.guard.files,
            "library": str(self.library.path),
            "version": __version__,
            "credits": None if self._balance is None else shown(self._balance),
            "budget": await self.files.in_thread(lambda: _of_budget(self.client.budget)),
        }
        return json_reply(facts if self._balance_error is None else {**facts, "credits_error": self._balance_error})

    async def _read_balance(self) -> None:
        """Read the balance, unless it was just read. Errors, such as a missing key, are reported."""
        if self.read_only:
            return
        async with self._reading:
            if anyio.current_time() - self._balance_at < BALANCE_SECONDS:
                return
            try:
                self._balance = await self.client.credits(request_timeout=10.0, retry=no_retry())
                self._balance_error = None
            except KieError as error:
                self._balance, self._balance_error = None, error.message
            self._balance_at = anyio.current_time()

    async def _plan(self, request: PageRequest, _: str) -> HttpReply:
        model, fields = asked(await request.json())
        found = await self.runs.plan(model, fields, self._balance)
        return json_reply(found.facts())

    async def _run(self, request: PageRequest, _: str) -> HttpReply:
        self._require_writable()
        body = await request.json()
        return await self.runs.run(body, *asked(body))

    async def _upload(self, request: PageRequest, _: str) -> HttpReply:
        self._require_writable()
        return json_reply(await self.files.upload(request))

    async def _runs(self, request: PageRequest, _: str) -> HttpReply:
        return json_reply(await self.files.in_thread(partial(listed, self.library, request)))

    async def _one(self, _: PageRequest, id: str) -> HttpReply:
        return json_reply(await self.runs.row(await self._known(id)))

    async def _events(self, _: PageRequest, id: str) -> HttpReply:
        headers = {"content-type": "text/event-stream; charset=utf-8", "x-accel-buffering": "no"}
        following = self.runs.following.get(id)
        if following is None:
            run = await self._known(id)
            following = self.runs.follow(run)
            if following is None:
                return HttpReply(body=event("ended", await self.runs.row(run)), headers=headers)
        ended = partial(self.runs.ended, id, following)
        return HttpReply(body=following.events(ended, lambda: self.runs.ending), headers=headers)

    async def _file(self, request: PageRequest, _: str) -> HttpReply:
        return await self.files.reply(request)

    async def _known(self, id: str) -> Run:
        run = await self.files.in_thread(partial(self.library.get, id))
        if run is None:
            raise HttpRefusal(404, "NotFound", "the library has no such run")
        return run

    def _require_writable(self) -> None:
        if self.read_only:
            raise HttpRefusal(403, "ReadOnly", "this studio is read-only", "start `kie studio` without --read-only")

    def _forget_balance(self) -> None:
        self._balance_at = float("-inf")


def asked(body: JSONObject) -> tuple[str, Mapping[str, object]]:
    """Read the model and the fields of a request.

    Args:
        body: The body of a request.

    Returns:
        The id of the model, and its fields.

    Raises:
        Refused: Either is missing.
    """
    model, fields = body.get("model"), body.get("input")
    if not isinstance(model, str):
        raise HttpRefusal(400, "BadRequest", "`model` must be the id of a model")
    if not isinstance(fields, dict):
        raise HttpRefusal(400, "BadRequest", "`input` must be a JSON object")
    return model, fields


def _of_budget(budget: Budget | None) -> JSONObject | None:
    """What is left of a budget; None if there is no limit."""
    if budget is None:
        return None
    limit = budget.per_day if budget.credits is None else budget.credits
    left = budget.left
    if left is None or limit is None or limit >= NO_LIMIT:
        return None
    return {
        "limit": shown(limit),
        "left": shown(max(left, Decimal(0))),
        "spent": shown(budget.spent),
        "reserved": shown(budget.reserved),
    }
