"""Webhooks: decides which deliveries are accepted and handled, for ASGI and WSGI alike. May import everything below."""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal, TypeAlias

import attrs

from kie._aclient import AsyncKie
from kie._client import Kie
from kie._core.errors import KieError, RejectReason, WebhookRejected
from kie._core.status import TaskStatus
from kie._core.tasks import TaskRef
from kie._io.forks import renewed_after_fork
from kie._io.session import Clock
from kie._records.callbacks import Headers, Signers, read_report, read_signed_headers, refs_of, task_id_of, verify_body
from kie.webhooks._memory import Memory

LOGGER = logging.getLogger("kie")

OnStatus: TypeAlias = Callable[[TaskStatus], object]
"""A function that a receiver calls with the status in a report. It may return an awaitable under ASGI."""
Disposition: TypeAlias = Literal["accepted", "duplicate"]
"""What a receiver did with a delivery that it did not reject."""


class _HandlerFailed(Exception):
    """`on_status` raised an exception, which is the cause of this one."""


@attrs.frozen
class Delivery:
    """A callback that the service signed."""

    status: TaskStatus
    """What it reports."""
    refs: tuple[TaskRef, ...]
    """The refs under which the task may be found, the likeliest first."""
    signed: str
    """What the service signed: the task's id and the time."""
    digest: str
    """A hash of the body."""
    known: bool
    """Whether the same delivery was handled before."""


@attrs.frozen
class Reply:
    """The HTTP response to a delivery."""

    status: int
    body: bytes

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The headers of the response."""
        more = [("Allow", "POST")] if self.status == 405 else []
        return [("Content-Type", "application/json"), ("Content-Length", str(len(self.body))), *more]


@attrs.define(kw_only=True, eq=False)
class DeliveryProcessor:
    """Processes deliveries for a `Receiver`, whose arguments most of these fields are."""

    signers: Signers
    on_status: OnStatus | None
    confirm: bool | Kie | AsyncKie
    window: float | None
    max_bytes: int
    clock: Clock
    announce: Callable[[str], object]
    """Called with the id of a task when its end is reported."""
    handled: Memory[bool]
    """The reports that `on_status` has handled."""
    digests: Memory[str]
    """The hash of the body that came with each signed task and time."""
    _lock: threading.Lock = attrs.field(factory=threading.Lock, init=False)
    _working: set[str] = attrs.field(factory=set, init=False)

    def __attrs_post_init__(self) -> None:
        renewed_after_fork(self)

    def renew(self) -> None:
        """Start afresh after a fork: the parent's threads that hold the lock or handle a delivery do not exist here."""
        self._lock, self._working = threading.Lock(), set()

    def admit(self, method: object, headers: Headers, declared: str | None) -> int | None:
        """Reject what can be rejected before the body is read. Returns the declared length of the body, if any."""
        if method != "POST":
            raise WebhookRejected("method")
        read_signed_headers(headers, now=self.clock.wall().timestamp(), window=self.window)
        if not declared:
            return None
        if not declared.isascii() or not declared.isdigit() or len(declared) > 18:
            raise WebhookRejected("truncated")
        if int(declared) > self.max_bytes:
            raise WebhookRejected("too_large")
        return int(declared)

    def complete(self, body: bytearray, declared: int | None) -> bytes:
        """Reject a body that is too large or truncated. Returns it otherwise."""
        if len(body) > self.max_bytes:
            raise WebhookRejected("too_large")
        if declared is not None and len(body) != declared:
            raise WebhookRejected("truncated")
        return bytes(body)

    def verify(self, headers: Headers, body: bytes) -> Delivery:
        """Verify and read a callback, and wake everyone who waits for its task."""
        signed = read_signed_headers(headers, now=self.clock.wall().timestamp(), window=self.window)
        document = verify_body(signed, body, self.signers)
        task_id = str(task_id_of(document))
        key, digest = f"{task_id}.{signed.timestamp}", hashlib.sha256(body).hexdigest()
        with self._lock:
            before = self.digests.get(key, self.clock.now())
            if before == digest and key in self._working:
                raise WebhookRejected("busy")
        try:
            status = read_report(document)
        except WebhookRejected:
            self.announce(task_id)  # a client that waits polls the task itself
            raise
        if status.done:
            self.announce(task_id)
        return Delivery(status, refs_of(document, status), key, digest, before == digest)

    def confirmed(self, reported: TaskStatus, found: TaskStatus) -> TaskStatus:
        """Check the status that the service gave for a task.

        Args:
            reported: The status in the report.
            found: The status in the record.

        Returns:
            The status in the record.

        Raises:
            WebhookRejected: The record is of another task, or only the report says that the task has ended.
        """
        if reported.ref.id != found.ref.id:
            raise WebhookRejected("unconfirmed")
        if reported.done and not found.done:
            raise WebhookRejected("unconfirmed")
        return found

    @contextmanager
    def handling(self, delivery: Delivery, status: TaskStatus) -> Iterator[bool]:
        """Mark a report as being handled. Yields True if it is new; it counts as handled unless the block raises."""
        facts = [str(status.ref), status.state, status.raw_state, status.fail_code, *status.urls]
        event = hashlib.sha256(json.dumps(facts).encode()).hexdigest()
        with self._lock:
            now = self.clock.now()
            before = self.digests.get(delivery.signed, now)
            if not self._working.isdisjoint((event, delivery.signed)):
                raise WebhookRejected("busy")
            if before not in (None, delivery.digest) and not self.confirm:
                raise WebhookRejected("replayed")
            new = self.handled.get(event, now) is None
            self._working |= {event, delivery.signed}
            self.digests.put(delivery.signed, delivery.digest, now)
        good = False
        try:
            yield new
            good = True
        except Exception as error:
            raise _HandlerFailed(str(status.ref)) from error
        finally:
            with self._lock:
                self._working -= {event, delivery.signed}
                now = self.clock.now()
                if good:
                    self.handled.put(event, True, now)
                else:
                    self.digests.pop(delivery.signed, now)

    def reply(self, end: Disposition | Exception) -> Reply:
        """The response to a delivery. Errors are logged."""
        match end:
            case WebhookRejected(reason=reason, status=status):
                LOGGER.warning("%s", end.message)
                return _answer(status, error=reason)
            case _HandlerFailed():
                LOGGER.error("the callback of task %s was not handled", end, exc_info=end.__cause__)
            case KieError():
                LOGGER.warning("a callback could not be confirmed: %s", end.message)
            case Exception():
                LOGGER.error("a callback could not be received", exc_info=end)
            case _:
                return _answer(200, outcome=end)
        return _answer(500, error="failed")


def _answer(status: int, **facts: Disposition | RejectReason | Literal["failed"]) -> Reply:
    return Reply(status, json.dumps(facts).encode())
