"""IO: shared by both drivers: the key and its permitted servers, clocks, limits, circuit breakers, events.

May import every room below.
"""

from __future__ import annotations

import os
import random
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from types import NoneType
from typing import TYPE_CHECKING, Protocol

import attrs

from kie import __version__
from kie._core.call import Bucket, HttpRequest, HttpResponse
from kie._core.errors import ConfigError
from kie._core.file_names import path_of
from kie._core.shared import NotCopied
from kie._core.transfers import OnTransfer, Transfer
from kie._flow.context import Context
from kie._flow.effects import Effect, Fetched, Flow, Inspect, OnDisk, Partial, Recall, Record
from kie._flow.events import breaker_changed, scoped
from kie._flow.options import API_URL, ASYNC_TRANSFER, UPLOAD_URL, Options, Unset, of_kind
from kie._io.breakers import Breaker, Circuits
from kie._io.dispatch import EventDispatcher
from kie._io.forks import renewed_after_fork
from kie._io.journal import Journal
from kie._io.process import PROCESS, Process, group_of
from kie._io.secrets import AuthorizedHeaders, Secret
from kie._policy.breaker import Admission, Change, CircuitBreaker
from kie._policy.durations import Durations
from kie._policy.limits import Permit
from kie._policy.poll_line import Due
from kie._policy.rate import RateLimit

if TYPE_CHECKING:
    from decimal import Decimal

    from kie._io.budget import Budget
    from kie._io.database import Database
    from kie.telemetry._events import Event, Observer


class Clock(Protocol):
    """Time, for one driver. Tests bring one that does not pass by itself."""

    def now(self) -> float:
        """Seconds of a clock that only goes forward."""
        ...

    def wall(self) -> datetime:
        """The time of day. It is aware, in UTC."""
        ...


class SystemClock:
    """The machine's clocks."""

    now = staticmethod(time.monotonic)

    def wall(self) -> datetime:
        return datetime.now(UTC)


USER_AGENT = f"kie-python/{__version__}"  # not from the metadata, which frozen or vendored copies lack


_USER_CODE = threading.RLock()
"""Held while a user's `on_transfer` is called."""


def fetch_headers(partial: Partial) -> dict[str, str]:
    """Make the headers of a request for a file. Media are compressed already.

    If a part of the file exists, only the rest is requested, provided that the file has not changed.

    Returns:
        The headers; never the key.
    """
    headers = {"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
    if partial.size:
        headers |= {"Range": f"bytes={partial.size}-", "If-Range": partial.etag}
    return headers


@attrs.define(kw_only=True, eq=False)
class Session(NotCopied):
    """A key, and everything else that sync and async drivers have in common."""

    key: Secret
    group: str
    servers: tuple[str, ...]
    process: Process = PROCESS
    journal: Journal | None = None
    circuits: Circuits = attrs.field(factory=Circuits)
    clock: Clock = attrs.field(factory=SystemClock)
    chance: random.Random = attrs.field(factory=random.Random, repr=False)  # noqa: S311 - for jitter and journal ids
    simulated: bool = False
    store: Database | None = attrs.field(default=None, init=False)
    dispatcher: EventDispatcher = attrs.field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        self.dispatcher = EventDispatcher(self.key)
        renewed_after_fork(self)
        if prices := sys.modules.get("kie._core.price_snapshot"):  # otherwise no estimate was made yet
            prices.check_again()  # another process may have written a price list

    def renew(self) -> None:
        """Reseed after a fork, because the parent's random state would give the child's submissions the same ids."""
        self.chance.seed()

    @classmethod
    def make(
        cls,
        options: Options,
        *,
        api_key: Secret,
        limit_group: str | None = None,
        journal: str | os.PathLike[str] | None = None,
        process: Process | None = None,
        rate_limit: RateLimit | None = None,
        limit_store: Secret | None = None,
    ) -> Session:
        """Read the key and determine its servers. Raises `ConfigError` if it is missing, or invalid in a header."""
        fault = api_key.fault()
        if fault:
            raise ConfigError(fault)
        of_kind("limit_group", limit_group, (str, NoneType), "text or None")
        if limit_group == "":
            raise ConfigError("limit_group cannot be empty: give a name, or leave it out")
        if journal is not None:
            journal = path_of("journal", journal, empty=False)
        process, group = process or PROCESS, group_of(api_key.reveal(), limit_group)
        if rate_limit is not None:
            of_kind("rate_limit", rate_limit, RateLimit, "a RateLimit or None")
            process.limit(group, rate_limit)
        made = cls(
            key=api_key,
            group=group,
            servers=(f"{options.base_url}/", f"{options.upload_url}/"),
            journal=Journal(journal) if journal is not None else None,
            process=process,
        )
        if limit_store is not None:
            from kie._io.database import database

            if limit_store.kind != "str":
                raise ConfigError(f"limit_store must be the URL of a database, or None, not {limit_store.kind}")
            made.store = database(limit_store, "limit_store")
            if journal is not None and made.store.path is not None and _same(made.store.path, journal):
                raise ConfigError(f"limit_store is the journal {journal}: give each a file of its own")
            process.share(group, made.store, made.clock.now, made)
        return made

    def own_budget(self, given: Budget | Decimal | float | Unset | None) -> Budget | Decimal | float | Unset | None:
        """The budget that a client was given. With a limit store, a number becomes an account that clients share."""
        if self.store is None or given is None or isinstance(given, Unset):
            return given
        from kie._io.budget import Budget, of_store

        return given if isinstance(given, Budget) else of_store(given, self.store)

    @property
    def shares(self) -> bool:
        """Whether its limits are in a database."""
        return self.store is not None

    def close(self) -> None:
        """Report the outcome of the last permits to those who share its limits. It blocks if there is a limit store."""
        with suppress(ConfigError):  # then the permits become free by themselves, a little later
            self.process.leave(self.group, self)

    def prepare(self, request: HttpRequest) -> HttpRequest:
        """Add the common headers to a request, and the key if it goes to one of the two servers of the key."""
        plain = {**request.headers, "User-Agent": USER_AGENT}
        authorized = request.auth and request.url.startswith(self.servers)
        headers = AuthorizedHeaders(plain, self.key) if authorized else plain
        return attrs.evolve(request, headers=headers)

    def redact(self, response: HttpResponse) -> HttpResponse:
        """Redact the key in an answer that repeats it, so that no result or error can show it."""
        return self.key.scrub_answer(response)

    def redact_fetched(self, fetched: Fetched) -> Fetched:
        """Redact the key in the outcome of a download, such as its redirect."""
        return attrs.evolve(
            fetched, headers=self.key.scrub_headers(fetched.headers), fault=self.key.scrub(fetched.fault)
        )

    def redact_error(self, error: BaseException) -> None:
        """Redact the key in the error of an exchange, and in the frames that a crash report would show."""
        self.key.scrub_error(error)

    def on_disk(self, effect: Effect[object]) -> object:
        """Perform an effect that accesses the disk. It blocks, so an event loop calls it in a thread."""
        match effect:
            case OnDisk(function):
                return function()
            case Record(entry):
                return None if self.journal is None else self.journal.append(entry())
            case Recall(label, server):
                return None if self.journal is None else self.journal.holder(label, server)
            case Inspect(media, max_bytes, formats):
                from kie._io.local_media import inspect

                return inspect(media, max_bytes=max_bytes, formats=formats)
            case _:
                raise AssertionError(f"{effect!r} touches no disk")

    @property
    def keeps_journal(self) -> bool:
        return self.journal is not None

    def now(self) -> float:
        return self.clock.now()

    def wall(self) -> datetime:
        return self.clock.wall()

    def random(self) -> float:
        return self.chance.random()

    def reserve(self, bucket: Bucket, permit: Permit | None = None) -> Flow[Permit | None]:
        limits, now = self.process.limits(self.group), self.now()
        if limits.waits(bucket, now, permit):
            return permit
        ask = partial(limits.reserve, bucket, now, permit)
        return (yield from OnDisk(ask)) if limits.blocks else ask()

    def settle(self, bucket: Bucket, permit: Permit, *, refused: bool = False, sent: bool = True) -> None:
        self.process.limits(self.group).settle(bucket, permit, self.now(), refused=refused, sent=sent)

    def admit(self, policy: CircuitBreaker, origin: str) -> Admission:
        return self.circuits.admit(policy, origin, self.now())

    def report(self, admission: Admission, success: bool | None) -> Change | None:
        return self.circuits.report(admission, success, self.now())

    def emit(self, observers: Sequence[Observer], event: Event) -> None:
        self.dispatcher.emit(observers, event)

    def reserve_poll(self, due: Due) -> Flow[Permit | float]:
        limits = self.process.limits(self.group)
        if limits.blocks:
            return (yield from OnDisk(partial(limits.reserve_poll, due, self.now())))
        return limits.reserve_poll(due, self.now())

    def withdraw(self, due: Due) -> None:
        self.process.limits(self.group).withdraw(due)

    def durations(self, model: str, known: Callable[[], Sequence[float]]) -> Durations:
        return self.process.durations(model, known)

    def observed(self, model: str, seconds: float) -> None:
        self.process.observed(model, seconds)

    def budget(self, given: Budget | Decimal | float | None, outer: Budget | None) -> Budget | None:
        if given is None:
            return outer
        from kie._io.budget import budget_of

        found = budget_of(given, outer)
        if self.journal is not None and found._stands_in(self.journal.path):
            raise ConfigError(f"the budget's file is the journal {self.journal.path}: give each a file of its own")
        return found

    def begun(self, ref: str, now: float | None = None) -> float | None:
        return self.process.begun(ref, now)

    def transferred(self, on_transfer: OnTransfer, transfer: Transfer) -> None:
        try:
            with _USER_CODE:
                outcome = on_transfer(transfer)
        except (GeneratorExit, StopIteration, StopAsyncIteration) as error:  # generators misread those
            raise RuntimeError(f"on_transfer raised {type(error).__name__}") from error
        if hasattr(outcome, "__await__"):
            getattr(outcome, "close", lambda: None)()
            raise TypeError(ASYNC_TRANSFER)

    def warn(self, message: str) -> None:
        self.process.warn(message)

    def breaker(self, ctx: Context) -> Breaker:
        """The public interface of this client's circuit breaker."""
        scope = scoped(ctx)

        def changed(origin: str, change: Change) -> None:
            breaker_changed(scope, origin, change)

        options = ctx.options
        return Breaker(options.breaker, self.circuits, home=options.base_url, now=self.clock.now, changed=changed)


def _same(one: str | os.PathLike[str], other: str | os.PathLike[str]) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def from_environment(base_url: str | None, upload_url: str | None) -> Options:
    """Options with the servers: as passed, else from KIE_BASE_URL and KIE_UPLOAD_URL, else Kie's own."""
    return Options(
        base_url=(os.environ.get("KIE_BASE_URL") or API_URL) if base_url is None else base_url,
        upload_url=(os.environ.get("KIE_UPLOAD_URL") or UPLOAD_URL) if upload_url is None else upload_url,
    )
