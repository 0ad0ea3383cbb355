"""Durable: the public interface: a machine that takes part, and its batches. May import every room below."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from os import PathLike, fspath
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, Unpack, cast

from kie._core.errors import ConfigError, KieError
from kie._core.later import later
from kie._core.numbers import at_least
from kie._core.outcomes import Failed, Outcome
from kie._core.request import Request
from kie._core.results import AnyResult, Result
from kie._core.safe_text import described
from kie._durable.engine import Engine
from kie._durable.line_store import LineRow, LineStore, NewLine
from kie._durable.machines import Heartbeat, machines, take_over
from kie._durable.stored import digest_of, outcome_of, stored
from kie._durable.work import LineWorker
from kie._flow.options import of_kind
from kie._flow.overrides import Overrides
from kie._io.secrets import Secret
from kie._io.sync import ClientSaver
from kie._tasks.by_name import requested
from kie._tasks.check import known_request
from kie._tasks.wait import Bind

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from kie._aclient import AsyncKie
    from kie._client import Kie
    from kie._policy.rate import RateLimit
else:
    RateLimit = later("kie._policy.rate", "RateLimit")

CHUNK = 500
"""The most lines that are stored in one transaction."""

PAGE = 100
"""The number of outcomes that are read at a time."""

POLL = 0.5
"""Seconds between two checks for lines that ended, here or on other machines."""

NAMED = 10
"""The most lines that an error names."""

RETRIED = ("failed", "stopped", "invalid", "submitted")
"""States of lines that can be requested again without the risk of paying twice for one task."""


class Durable:
    """A machine that works on durable batches, until its `with` block ends.

    It continues the unfinished lines of an earlier machine with its name, and takes lines from every batch in the
    database. Nothing is sent twice, whatever is killed when: lines that may have been sent are reported as unknown. See
    docs/durable.md.

    Args:
        url: The database: `sqlite:///PATH` for the processes of one machine, `postgresql://…` for many machines.
        machine: The name of this machine. Each running process needs a name of its own.
        save: Where files are saved, as in `result.save`; None leaves them at the service.
        in_flight: Maximum number of lines that this machine works on at the same time.
        api_key: The key; KIE_API_KEY if absent. It is never stored.
        base_url: The API server.
        upload_url: The upload server.
        journal: A file that also records every submission.
        limit_group: A name that the keys of one account share, so that they share its limits.
        rate_limit: How often requests may be sent.
        **options: Options of the client, such as `budget`, `library`, `timeout` or `retry_free`.

    Raises:
        ConfigError: An option is invalid, there is no key, or the extra `durable` is not installed.
    """

    def __init__(
        self,
        url: str,
        *,
        machine: str,
        save: str | PathLike[str] | None = None,
        in_flight: int = 1000,
        api_key: str | None = None,
        base_url: str | None = None,
        upload_url: str | None = None,
        journal: str | PathLike[str] | None = None,
        limit_group: str | None = None,
        rate_limit: RateLimit | None = None,
        **options: Unpack[Overrides],
    ) -> None:
        key, api_key = Secret.given(api_key), None  # so that the frames of a traceback show no key and no password
        place, url = _absolute(Secret.named(url)), ""

        def connect() -> AsyncKie:
            from kie._aclient import AsyncKie

            return AsyncKie(
                key.reveal(),
                base_url=base_url,
                upload_url=upload_url,
                journal=journal,
                limit_group=limit_group,
                rate_limit=rate_limit,
                limit_store=None if place is None else place.reveal(),
                **options,
            )

        def binder() -> Kie:
            from kie._client import Kie

            more: Overrides = {**options}
            more.pop("budget", None)
            return Kie(key.reveal(), base_url=base_url, upload_url=upload_url, limit_group=limit_group, **more)

        self._set_up(place, machine, connect, binder, save=save, in_flight=in_flight)

    @classmethod
    def _of(
        cls,
        url: str,
        machine: str,
        connect: Callable[[], AsyncKie] | None,
        binder: Callable[[], Kie] | None,
        *,
        save: str | PathLike[str] | None = None,
        in_flight: int = 1000,
    ) -> Self:
        """Make one with clients from elsewhere; without clients it does no work."""
        made = cls.__new__(cls)
        made._set_up(_absolute(Secret.named(url)), machine, connect, binder, save=save, in_flight=in_flight)
        return made

    def _set_up(
        self,
        url: Secret | None,
        machine: str,
        connect: Callable[[], AsyncKie] | None,
        binder: Callable[[], Kie] | None,
        *,
        save: str | PathLike[str] | None,
        in_flight: int,
    ) -> None:
        if url is None or url.kind != "str":
            raise ConfigError(f"url must be the URL of a database, not {'None' if url is None else url.kind}")
        of_kind("machine", machine, str, "a name")
        if not machine or not machine.isprintable() or len(machine) > 100:
            raise ConfigError(f"machine must be a name of 1 to 100 characters, not {machine!r:.120}")
        at_least("in_flight", in_flight)
        needed()
        self.machine = machine
        self._store = LineStore(url)
        self._binder = binder
        self._bound: Kie | None = None
        self._work = (
            None if connect is None else LineWorker(self._store, connect, None if save is None else fspath(save))
        )
        self._heartbeat = Heartbeat(url, machine, self._lost)
        self._engine = Engine(self._store, machine, in_flight, self._work, self._heartbeat.has_name, self._stranded)
        self._started = False

    def __enter__(self) -> Self:
        """Take part.

        Returns:
            Itself.

        Raises:
            ConfigError: A live process has this name, the database cannot be used, or an event loop runs in this
                thread.
        """
        _refuse_loop()
        self._store.prepare()
        try:
            if self._work is not None:
                self._work.prepare()
                self._heartbeat.claim()
            try:
                self._engine.start()
            except BaseException:
                self._heartbeat.stop()
                raise
        except BaseException:
            if self._work is not None:
                self._work.close(patience=0.0)
            self._store.close()
            raise
        self._started = True
        if self._work is not None:
            self._heartbeat.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop taking part: see `close`."""
        self.close()

    def close(self) -> None:
        """Stop working. Answers to submissions that were sent are awaited; tasks keep running at the service.

        Unfinished lines continue when a machine of this name starts again, or when another one adopts them.
        """
        if not self._started:
            return
        self._started = False
        with ExitStack() as ends:  # each of these runs, whatever fails
            ends.callback(self._store.close)
            if self._bound is not None:
                ends.callback(self._bound.close)
            ends.callback(self._heartbeat.stop)
            ends.callback(self._engine.stop)
            if self._work is not None:
                self._work.close(patience=60.0)

    def batch(self, name: str, requests: Iterable[Request[Result] | Mapping[str, object]]) -> DurableBatch:
        """Store the requests of a batch. Those that are already stored are unchanged.

        Args:
            name: The name of the batch: 1 to 200 characters, without a slash.
            requests: The requests, which may come from an iterator: they are stored as they come.

        Returns:
            The batch.

        Raises:
            ConfigError: The batch has other requests under these numbers (then nothing of this call is sent), or one
                cannot be stored.
            RequestInvalid: A mapping breaks the schema of its model. The requests before it are stored.
        """
        if isinstance(requests, (str, bytes, Mapping)) or not isinstance(requests, Iterable):
            raise ConfigError(f"a batch takes several requests, in a list say, not {requests!r:.200}; nothing was sent")
        return self._batch(name, ((line, None, requested(request)) for line, request in enumerate(requests)))

    def _batch(self, name: str, lines: Iterable[tuple[int, str | None, Request[Result]]]) -> DurableBatch:
        """Store requests under ascending numbers and unique names."""
        _check_name(name)
        self._check_started()
        chunk: list[NewLine] = []
        differing: list[int] = []
        start = partial(self._start, name)

        def put() -> None:
            if chunk:
                differing.extend(self._store.enqueue(name, chunk, start, new=not differing)[1])
                chunk.clear()

        for line, name_of_line, request in lines:
            try:
                known_request(request)
                text = stored(request)
            except ConfigError as error:
                put()
                raise ConfigError(f"line {line} of batch {name!r}: {error.message}") from None
            chunk.append(NewLine(line, name_of_line, request.info.name, text, digest_of(text)))
            if len(chunk) >= CHUNK:
                put()
        put()
        if differing:
            shown = ", ".join(map(str, differing[:NAMED])) + (" …" if len(differing) > NAMED else "")
            raise ConfigError(
                f"batch {name!r} has other requests for {len(differing)} of these lines ({shown}): none of them is "
                "sent. Put the new ones into another batch"
            )
        return DurableBatch(self, name=name)

    def _start(self, batch: str, connection: Connection, line: int, attempt: int) -> None:
        self._engine.enqueue(connection, batch, line, attempt)

    def adopt(self, machine: str) -> int:
        """Take over the unfinished lines of a dead machine. Those that may have been sent become unknown.

        Args:
            machine: The name of the machine.

        Returns:
            How many unfinished lines it had.

        Raises:
            ConfigError: It is alive, is this one, or is not known. Or the database could not release all of its lines.
        """
        self._check_started()
        if machine == self.machine:
            raise ConfigError(f"machine {machine!r} is this one")
        take_over(self._store.url, machine, self.machine)
        return self._open(self._engine.recovered(machine))

    def _stranded(self) -> list[str]:
        """The machines that hold lines but are not alive."""
        dead = [one.name for one in machines(self._store.url) if not one.alive]
        return [name for name in dead if self._open(self._engine.held_by(name))]

    def _open(self, lines: Iterable[tuple[str, int]]) -> int:
        """How many of these lines have not ended. The engine may not have noted the end of some yet."""
        rows = [self._store.row(*line) for line in lines]
        return sum(row is not None and not row.ended for row in rows)

    def counts(self) -> dict[str, dict[str, int]]:
        """Count the lines of every batch in the database.

        Returns:
            For each batch, the number of lines in each state: see `DurableBatch.counts`.
        """
        return self._store.counts()

    def _lost(self, error: ConfigError) -> None:
        if self._work is not None:
            self._work.stop(error)

    def _check_started(self) -> None:
        if not self._started:
            raise ConfigError("a Durable works only within its `with` block")

    def _bind(self) -> Bind | None:
        """A function that binds results to a client, so that they can be saved."""
        if self._binder is None:
            return None
        if self._bound is None:
            self._bound = self._binder()
        return ClientSaver(self._bound._driver, self._bound._ctx).bind

    def __repr__(self) -> str:
        return f"<Durable {self.machine!r} on {self._store.named}>"


class DurableBatch:
    """A batch in the database. Made by `Durable.batch`.

    Attributes:
        name: Its name.
    """

    def __init__(self, engine: Durable, *, name: str) -> None:
        self.name = name
        self._engine = engine
        self._store = engine._store

    def stream(self) -> Iterator[Outcome[Result]]:
        """Yield the outcome of each line once it has ended, on any machine; lines that have already ended come first.

        Returns:
            The outcomes, in the order in which the lines ended; `index` is the number of the line.

        Raises:
            KieError: Nothing more can be sent, for example because the account has too few credits or the disk is full.
                Nothing is lost, and the next start continues.
        """
        return (cast("Outcome[Result]", outcome) for _, outcome in self._stream())

    def _stream(self) -> Iterator[tuple[LineRow, Outcome[AnyResult]]]:
        """The same as `stream`, each outcome with its row in the table."""
        work, after, begun = self._engine._work, 0, self._store.begun_at(self.name)
        changed = threading.Event() if work is None else work.changed
        if work is not None:
            work.watched.add(self.name)
        while True:
            changed.clear()
            fault = None if work is None or work.fault is None or work.busy else work.fault
            going_on = self._store.open(self.name)  # check both of these first: a line may end before the next query
            rows = self._store.ended(self.name, after, PAGE)
            for row in rows:
                after = row.seq or after
                yield row, outcome_of(row, begun, self._engine._bind())
            if rows:
                continue
            if not going_on:
                return
            if fault is not None:
                raise fault if isinstance(fault, KieError) else ConfigError(f"the engine failed: {described(fault)}")
            changed.wait(POLL)

    def _ended(self) -> Iterator[tuple[LineRow, Outcome[AnyResult]]]:
        """The lines that have ended so far, in order."""
        after, begun = 0, self._store.begun_at(self.name)
        while rows := self._store.ended(self.name, after, PAGE):
            for row in rows:
                after = row.seq or after
                yield row, outcome_of(row, begun)

    def files(self, line: int) -> list[Path]:
        """Where the files of a line were saved.

        Args:
            line: Its number.

        Returns:
            The paths; empty before it has ended, or without `save`.
        """
        row = self._store.row(self.name, line)
        return [] if row is None else [Path(path) for path in row.files]

    def counts(self) -> dict[str, int]:
        """Count the lines in each state.

        Returns:
            The number of lines that are `queued`, `sending` (noted, and no answer yet), `waiting` (for their task), and
            of those that have ended, by the state of their outcome: `succeeded`, `failed`, `unknown` …
        """
        return self._store.counts().get(self.name, {})

    def unknown(self) -> list[Failed[AnyResult]]:
        """List the lines that may have been sent without an answer. They are never sent again automatically.

        Returns:
            Their outcomes. `ref` is set if the answer came after all: `again` waits for such a task.
        """
        begun = self._store.begun_at(self.name)
        found = [outcome_of(row, begun) for row in self._store.in_state(self.name, "unknown")]
        return [outcome for outcome in found if isinstance(outcome, Failed)]

    def again(self, lines: Iterable[int]) -> int:
        """Run lines again that have ended without success. If the task of a line may still succeed, it is waited for.

        A failed line is submitted once more, which may cost credits. So is one of unknown outcome without a known task:
        check https://kie.ai/logs first, or you may pay twice.

        Args:
            lines: The numbers of the lines.

        Returns:
            How many lines run again: the others have not ended, or have succeeded.

        Raises:
            ConfigError: `lines` is not several numbers, or the engine is not started.
        """
        self._engine._check_started()
        if isinstance(lines, (str, bytes)) or not isinstance(lines, Iterable):
            raise ConfigError(f"lines must be several numbers of lines, in a list say, not {lines!r:.200}")
        start = partial(self._engine._start, self.name)
        asked = 0
        for line in lines:
            row = self._store.row(self.name, line)
            if row is not None and row.ended and row.state != "succeeded":
                asked += self._store.again(self.name, line, start, keep=bool(row.ref) and row.state != "failed")
        return asked

    def _retried(self, states: Iterable[str] = RETRIED) -> list[LineRow]:
        return [row for state in states for row in self._store.in_state(self.name, state)]

    def __repr__(self) -> str:
        return f"<DurableBatch {self.name!r}>"


def needed() -> None:
    """Check that the engine is installed. Raises `ConfigError`, which names the extra."""
    from importlib.util import find_spec

    lacking = next((name for name in ("dbos", "sqlalchemy") if find_spec(name) is None), None)
    if lacking is not None:
        raise ConfigError(f"durable batches need {lacking}: pip install 'kie[durable]'")


def _absolute(url: Secret | None) -> Secret | None:
    """Make the URL of a database independent of the working directory."""
    head, path = "sqlite:///", "" if url is None else url.reveal()
    if url is None or not path.startswith(head) or path in (head, f"{head}:memory:"):
        return url
    return Secret(head + os.path.abspath(path.removeprefix(head)))


def _check_name(name: str) -> None:
    of_kind("the name of a batch", name, str, "text")
    if not name or not name.isprintable() or "/" in name or len(name) > 200:
        raise ConfigError(f"the name of a batch must have 1 to 200 characters and no slash, not {name!r:.220}")


def _refuse_loop() -> None:
    import asyncio

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise ConfigError("Durable blocks its thread, and this thread runs an event loop: use it in another thread")
