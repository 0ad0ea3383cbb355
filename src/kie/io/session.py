"""Floor 4: what both drivers share: the key and where it may go, clocks, limits, journal, media. May import `core`,
`flows`, `policy`."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any, Protocol

import attrs

from kie.core.call import HttpRequest, HttpResponse
from kie.core.errors import ConfigError
from kie.flows.effects import (
    Admit,
    Begun,
    Effect,
    Emit,
    Expect,
    Inspect,
    Luck,
    Now,
    Observed,
    OpenMedia,
    Record,
    Report,
    Reserve,
    Settle,
    Turn,
    WallTime,
    Warn,
)
from kie.flows.options import API_URL, UPLOAD_URL, Options
from kie.flows.watch import breaker_changed, scoped
from kie.io.breakers import Breaker, Circuits
from kie.io.journal import Journal
from kie.io.process import PROCESS, Process, group_of
from kie.io.teller import REDACTED_FROM, Teller
from kie.policy.breaker import Change
from kie.policy.rate import RateLimit


class Clock(Protocol):
    """Time, for one driver. Tests bring one that does not pass by itself."""

    def now(self) -> float: ...

    def wall(self) -> datetime: ...


class SystemClock:
    """The machine's clocks."""

    def now(self) -> float:
        return time.monotonic()

    def wall(self) -> datetime:
        return datetime.now(UTC)


class Secret:
    """The key. It shows itself to no one; `reveal` is called in one place, where a request to Kie is made."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return "<key>"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a client is not pickled: it holds the key")


@cache
def user_agent() -> str:
    from importlib.metadata import version

    return f"kie-python/{version('kie')}"


@attrs.define(kw_only=True)
class Session:
    """A key, and all that does not depend on whether a driver is sync or async."""

    key: Secret
    group: str
    servers: tuple[str, ...]
    process: Process = PROCESS
    journal: Journal | None = None
    circuits: Circuits = attrs.field(factory=Circuits)
    clock: Clock = attrs.field(factory=SystemClock)
    luck: random.Random = attrs.field(factory=random.Random, repr=False)
    teller: Teller = attrs.field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        self.teller = Teller(self.key.reveal)

    @classmethod
    def make(
        cls,
        options: Options,
        *,
        api_key: str | None,
        limit_group: str | None = None,
        journal: str | os.PathLike[str] | None = None,
        process: Process | None = None,
        rate_limit: RateLimit | None = None,
    ) -> Session:
        """Read the key and settle where it may go. Raises `ConfigError` for none, or one that is no header value."""
        key = (api_key if api_key is not None else os.environ.get("KIE_API_KEY", "")).strip()
        if not key:
            raise ConfigError(
                "no API key: set KIE_API_KEY or pass api_key=… (keys are made at https://kie.ai/api-key); "
                "kie.simulated() and `kie run … --simulate` need none"
            )
        if not key.isascii() or not key.isprintable() or " " in key:
            raise ConfigError(
                "the API key (KIE_API_KEY or api_key=…) holds a character that no key has; was it copied whole?"
            )
        process, group = process or PROCESS, group_of(key, limit_group)
        if rate_limit is not None:
            process.limit(group, rate_limit)
        return cls(
            key=Secret(key),
            group=group,
            servers=(f"{options.base_url}/", f"{options.upload_url}/"),
            journal=Journal(journal) if journal is not None else None,
            process=process,
        )

    def prepare(self, request: HttpRequest) -> HttpRequest:
        """Add what every request carries, and the key if it goes to one of the two servers it belongs to."""
        headers = {**request.headers, "User-Agent": user_agent()}
        if request.auth and request.url.startswith(self.servers):
            headers["Authorization"] = f"Bearer {self.key.reveal()}"
        return HttpRequest(
            method=request.method,
            url=request.url,
            headers=headers,
            content=request.content,
            multipart=request.multipart,
            auth=request.auth,
            fresh=request.fresh,
        )

    def redact(self, response: HttpResponse) -> HttpResponse:
        """Blot out the key where an answer repeats it, so that no error can show it."""
        key = self.key.reveal()
        if len(key) < REDACTED_FROM or (secret := key.encode()) not in response.body:
            return response
        return attrs.evolve(response, body=response.body.replace(secret, b"<key>"))

    def perform(self, effect: Effect) -> object:
        """Carry out an effect that is the same for both drivers. It blocks for no longer than a disk does."""
        return SHARED[type(effect)](self, effect)

    def breaker(self, options: Options) -> Breaker:
        """What users see of this client's circuit breaker."""
        told = scoped(options)

        def changed(origin: str, change: Change) -> None:
            if told.observers:
                emit = breaker_changed(told, origin, change)
                self.teller.tell(emit.observers, emit.make(self.clock.now()))

        return Breaker(options.breaker, self.circuits, home=options.base_url, now=self.clock.now, changed=changed)


def _record(session: Session, effect: Record) -> None:
    if session.journal is not None:
        session.journal.append(effect.entry())


def _inspect(_: Session, effect: Inspect) -> object:
    from kie.io.files import inspect

    return inspect(effect.media)


def _open_media(_: Session, effect: OpenMedia) -> object:
    from kie.io.files import part_of

    return part_of(effect.media, effect.name)


def _settle(session: Session, effect: Settle) -> None:
    now = session.clock.now()
    session.process.settle(session.group, effect.bucket, effect.place, now, refused=effect.refused, sent=effect.sent)


SHARED: dict[type[Effect], Callable[[Session, Any], object]] = {
    Now: lambda self, _: self.clock.now(),
    WallTime: lambda self, _: self.clock.wall(),
    Luck: lambda self, _: self.luck.random(),
    Admit: lambda self, effect: self.circuits.admit(effect.policy, effect.origin, self.clock.now()),
    Report: lambda self, effect: self.circuits.report(effect.ticket, effect.success, self.clock.now()),
    Reserve: lambda self, effect: self.process.reserve(self.group, effect.bucket, self.clock.now(), effect.place),
    Settle: _settle,
    Turn: lambda self, effect: self.process.turn(self.group, effect.claim, self.clock.now()),
    Expect: lambda self, effect: self.process.expect(effect.model, effect.typical, effect.policy),
    Observed: lambda self, effect: self.process.observed(effect.model, effect.low, effect.high),
    Begun: lambda self, effect: self.process.begun(effect.ref, effect.now),
    Record: _record,
    Inspect: _inspect,
    OpenMedia: _open_media,
    Emit: lambda self, effect: self.teller.tell(effect.observers, effect.make(self.clock.now())),
    Warn: lambda self, effect: self.process.warn(effect.message),
}
"""The effects that are no matter of the driver. Found by type, because there are dozens in the life of a task."""


def from_environment(base_url: str | None, upload_url: str | None) -> dict[str, str]:
    """The servers: as passed, else from KIE_BASE_URL and KIE_UPLOAD_URL, else Kie's own."""
    return {
        "base_url": base_url or os.environ.get("KIE_BASE_URL") or API_URL,
        "upload_url": upload_url or os.environ.get("KIE_UPLOAD_URL") or UPLOAD_URL,
    }
