"""Floor 6: which deliveries are taken, and which of them are handed over: the same for ASGI and WSGI.

May import everything below.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Literal, TypeAlias

import attrs

from kie._aclient import AsyncKie
from kie._client import Kie
from kie._core.errors import KieError, RejectReason, WebhookRejected
from kie._core.tasks import TaskRef, TaskStatus
from kie._io.session import Clock, Secret
from kie._records.callbacks import Headers, open_body, read_report, read_seal, refs_of, task_id_of
from kie.webhooks._memory import Memory

LOGGER = logging.getLogger("kie")

OnStatus: TypeAlias = Callable[[TaskStatus], object]
Outcome: TypeAlias = Literal["accepted", "duplicate"]


class _HandlerFailed(Exception):
    """`on_status` raised: its cause is what."""


@attrs.frozen
class Delivery:
    """A callback that the service signed: what it reports, and how to know it again.

    `refs` is where its task can be found, `seal` what was signed, `digest` stands for the body. `known` says that it
    was handed over before.
    """

    status: TaskStatus
    refs: tuple[TaskRef, ...]
    seal: str
    digest: str
    known: bool


@attrs.frozen
class Reply:
    """What to answer a delivery with."""

    status: int
    body: bytes

    @property
    def headers(self) -> list[tuple[str, str]]:
        more = [("Allow", "POST")] if self.status == 405 else []
        return [("Content-Type", "application/json"), ("Content-Length", str(len(self.body))), *more]


@attrs.define(kw_only=True)
class Intake:
    """Takes deliveries for a `Receiver`, which says what most of these fields mean.

    `announce` is told the id of a task whose end was reported. `handed_over` and `seals` remember what was handed
    over, and which body came with which signed task and time.
    """

    secrets: Sequence[Secret]
    on_status: OnStatus | None
    confirm: bool | Kie | AsyncKie
    window: float | None
    max_bytes: int
    clock: Clock
    announce: Callable[[str], object]
    handed_over: Memory[bool]
    seals: Memory[str]
    _lock: threading.Lock = attrs.field(factory=threading.Lock, init=False)
    _working: set[str] = attrs.field(factory=set, init=False)

    def admit(self, method: object, headers: Headers, declared: str | None) -> int | None:
        """Refuse what needs no reading; return the length that the body says to have."""
        if method != "POST":
            raise WebhookRejected("method")
        read_seal(headers, now=self.clock.wall().timestamp(), window=self.window)
        if not declared:
            return None
        if not declared.isascii() or not declared.isdigit() or len(declared) > 18:
            raise WebhookRejected("truncated")
        if int(declared) > self.max_bytes:
            raise WebhookRejected("too_large")
        return int(declared)

    def whole(self, body: bytearray, declared: int | None) -> bytes:
        """The body that was read, if it is neither too large nor cut off."""
        if len(body) > self.max_bytes:
            raise WebhookRejected("too_large")
        if declared is not None and len(body) != declared:
            raise WebhookRejected("truncated")
        return bytes(body)

    def open(self, headers: Headers, body: bytes) -> Delivery:
        """Check and read a callback, and wake whoever waits for its task."""
        seal = read_seal(headers, now=self.clock.wall().timestamp(), window=self.window)
        document = open_body(seal, body, [secret.reveal() for secret in self.secrets])
        task_id = str(task_id_of(document))
        name, digest = f"{task_id}.{seal.timestamp}", hashlib.sha256(body).hexdigest()
        with self._lock:
            before = self.seals.get(name, self.clock.now())
            if before == digest and name in self._working:
                raise WebhookRejected("busy")
        try:
            status = read_report(document)
        except WebhookRejected:
            self.announce(task_id)  # whoever waits looks for itself
            raise
        if status.done:
            self.announce(task_id)
        return Delivery(status, refs_of(document, status), name, digest, before == digest)

    def settled(self, claimed: TaskStatus, found: TaskStatus) -> TaskStatus:
        """What the service says of a task, if it does not contradict its callback."""
        if claimed.done and not found.done:
            raise WebhookRejected("unconfirmed")
        return found

    @contextmanager
    def claim(self, delivery: Delivery, status: TaskStatus) -> Iterator[bool]:
        """Hold a report while it is handed over: True the first time. It counts as handed over if nothing is raised."""
        facts = [str(status.ref), status.state, status.raw_state, status.fail_code, *status.urls]
        event = hashlib.sha256(json.dumps(facts).encode()).hexdigest()
        with self._lock:
            now = self.clock.now()
            before = self.seals.get(delivery.seal, now)
            if not self._working.isdisjoint((event, delivery.seal)):
                raise WebhookRejected("busy")
            if before not in (None, delivery.digest) and not self.confirm:
                raise WebhookRejected("replayed")
            new = self.handed_over.get(event, now) is None
            self._working |= {event, delivery.seal}
            self.seals.put(delivery.seal, delivery.digest, now)
        good = False
        try:
            yield new
            good = True
        except Exception as error:
            raise _HandlerFailed(str(status.ref)) from error
        finally:
            with self._lock:
                self._working -= {event, delivery.seal}
                now = self.clock.now()
                if good:
                    self.handed_over.put(event, True, now)
                else:
                    self.seals.pop(delivery.seal, now)

    def reply(self, outcome: Outcome | Exception) -> Reply:
        """What to answer, and a line in the log for what went wrong."""
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


def _answer(status: int, **facts: Outcome | RejectReason | Literal["failed"]) -> Reply:
    return Reply(status, json.dumps(facts).encode())
