"""IO: the limits of an account within one process. May import `_core`, `_policy`."""

from __future__ import annotations

import threading

from kie._core.call import Bucket
from kie._policy.limits import ON_THE_WAY, ArrivalLog, Permit, SlidingLog
from kie._policy.poll_line import Due, PollLine
from kie._policy.rate import UNLIMITED, RateLimit


def logs_of(rate: RateLimit) -> dict[Bucket, SlidingLog]:
    """The logs of all limited requests other than submissions."""
    logs: dict[Bucket, SlidingLog] = {}
    if rate.reads < UNLIMITED:
        logs["read"] = SlidingLog(rate.reads, rate.reads_window, trip=ON_THE_WAY)
    if rate.models < UNLIMITED:
        logs["models"] = SlidingLog(rate.models, rate.models_window, trip=ON_THE_WAY)
    return logs


class LocalLimits:
    """Limits that clients of one process share. Thread-safe, and never blocks for long."""

    blocks = False

    def __init__(self, rate: RateLimit) -> None:
        self.rate = rate
        self._lock = threading.Lock()
        self._submissions = None
        if rate.submissions < UNLIMITED:
            self._submissions = ArrivalLog(rate.submissions, rate.submissions_window)
        self._logs = logs_of(rate)
        self._line = PollLine(self._logs["read"]) if "read" in self._logs else None

    def renewed(self, rate: RateLimit) -> LocalLimits:
        """New limits with other figures, or for another process, in which nothing was sent yet."""
        return LocalLimits(rate)

    def waits(self, bucket: Bucket, now: float, permit: Permit | None) -> bool:
        """Whether a permit must keep waiting without asking again. Never, because asking is cheap here."""
        return False

    def reserve(self, bucket: Bucket, now: float, permit: Permit | None = None) -> Permit | None:
        """Take a permit, or ask again for one that had to wait. None: there is no limit."""
        with self._lock:
            if bucket == "submit" and self._submissions is not None:
                return self._submissions.reserve(now, permit)
            log = self._logs.get(bucket)
            if log is None:
                return unlimited(now, permit)
            if permit is not None:
                return again(now, permit)
            permit = Permit(now)
            permit.wait = log.reserve(now)
            return permit

    def settle(self, bucket: Bucket, permit: Permit, now: float, *, refused: bool = False, sent: bool = True) -> None:
        """Report the result of a permit."""
        with self._lock:
            if bucket == "submit" and self._submissions:
                self._submissions.settle(permit, now, refused=refused, sent=sent)
            elif (log := self._logs.get(bucket)) is not None and sent:
                log.answered(now - permit.at)
                if refused:
                    log.refused()

    def reserve_poll(self, due: Due, now: float) -> Permit | float:
        """A permit to poll a task at the time in its `at`, or the seconds after which to ask again."""
        with self._lock:
            return self._line.ask(due, now) if self._line else Permit(now)

    def withdraw(self, due: Due) -> None:
        """Remove a task that is no longer to be polled."""
        with self._lock:
            if self._line:
                self._line.withdraw(due)

    def report(self) -> None:
        """Do nothing, because no other process shares these limits."""


def unlimited(now: float, permit: Permit | None) -> Permit | None:
    """The permit for a request without a limit. If it had to wait for an earlier limit, it no longer does."""
    if permit is not None:
        permit.at, permit.wait = now, 0.0
    return permit


def again(now: float, permit: Permit) -> Permit:
    """Return a reserved permit when it is asked for again."""
    permit.wait = max(0.0, permit.wait + permit.at - now)
    permit.at = now
    return permit
