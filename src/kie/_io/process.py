"""Floor 4: the only process-wide state: limiters by hash of the key or by limit group, durations by model.

May import `policy`.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections import OrderedDict

from kie._core.call import Bucket
from kie._policy.durations import Durations, Typical
from kie._policy.limits import ON_THE_WAY, ArrivalLog, Place, SlidingLog
from kie._policy.polling import Plan, PollPolicy
from kie._policy.rate import RateLimit
from kie._policy.sharing import Claim, ReadSharing

LOGGER = logging.getLogger("kie")

_MODELS = 256
_POLICIES = 4
_TASKS = 10_000


class _Learned:
    """How long a model's tasks take, and the plans made from it: anew whenever a quarter more has been observed."""

    def __init__(self, typical: Typical | None) -> None:
        self.durations = Durations(typical)
        self._plans: dict[PollPolicy, Plan] = {}
        self._stale_at = 0

    def plan(self, policy: PollPolicy) -> Plan:
        count = self.durations.count
        if count >= self._stale_at:
            self._plans.clear()
            self._stale_at = count + max(1, min(count // 4, 32))
        found = self._plans.get(policy)
        if found is None:
            if len(self._plans) >= _POLICIES:
                self._plans.clear()
            found = self._plans[policy] = Plan(self.durations, policy)
        return found


class Process:
    """What the clients of a process share: limits for each key or `limit_group`, and how long tasks took.

    20 submissions per 10 s and 10 reads per second, unless a client is given a `RateLimit`. What is kept is bounded:
    durations of the models used last, and when the last tasks were submitted. Thread-safe. Tests bring a `Process` of
    their own.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sent: dict[str, ArrivalLog] = {}
        self._read: dict[str, SlidingLog] = {}
        self._rates: dict[str, RateLimit] = {}
        self._sharing: dict[str, ReadSharing] = {}
        self._learned: OrderedDict[str, _Learned] = OrderedDict()
        self._begun: OrderedDict[str, float] = OrderedDict()
        self._warned: set[str] = set()

    def limit(self, group: str, rate: RateLimit) -> None:
        """Set the limits of a group, for every client in it from now on. Setting them to what they are does nothing."""
        with self._lock:
            if self._rates.get(group, RateLimit()) != rate:
                self._sent.pop(group, None)
                self._read.pop(group, None)
                self._sharing.pop(group, None)
            self._rates[group] = rate

    def reserve(self, group: str, bucket: Bucket, now: float, place: Place | None = None) -> Place | None:
        """Take a place, or ask again for one that had to wait. None: there is no limit."""
        with self._lock:
            if bucket == "submit":
                return self._submissions(group).reserve(now, place)
            if place is None:
                place = Place(None, now, 0)
                place.wait = self._reads(group).reserve(now)
            else:
                place.wait = max(0.0, place.wait + place.at - now)
            place.at = now
            return place

    def settle(
        self,
        group: str,
        bucket: Bucket,
        place: Place,
        now: float,
        *,
        refused: bool = False,
        sent: bool = True,
    ) -> None:
        """Say what came of a place."""
        with self._lock:
            if bucket == "submit":
                self._submissions(group).settle(place, now, refused=refused, sent=sent)
            elif bucket == "read" and sent:
                reads = self._reads(group)
                reads.answered(now - place.at)
                if refused:
                    reads.refused()

    def _submissions(self, group: str) -> ArrivalLog:
        found = self._sent.get(group)
        if found is None:
            rate = self._rates.get(group) or RateLimit()
            found = self._sent[group] = ArrivalLog(rate.submissions, rate.submissions_window)
        return found

    def _reads(self, group: str) -> SlidingLog:
        found = self._read.get(group)
        if found is None:
            rate = self._rates.get(group) or RateLimit()
            found = self._read[group] = SlidingLog(rate.reads, rate.reads_window, trip=ON_THE_WAY)
        return found

    def turn(self, group: str, claim: Claim, now: float) -> tuple[Place | None, float]:
        """A place to look at a task, and the seconds until then; or None, and those until to ask again."""
        with self._lock:
            sharing = self._sharing.get(group)
            if sharing is None:
                sharing = self._sharing[group] = ReadSharing(self._reads(group))
            granted, seconds = sharing.ask(claim, now)
            return Place(None, now + seconds, 0) if granted else None, seconds

    def expect(self, model: str, typical: Typical | None, policy: PollPolicy) -> Plan:
        """The plan for a model's next task."""
        with self._lock:
            return self._of(model, typical).plan(policy)

    def observed(self, model: str, low: float, high: float) -> None:
        """A task of the model took so long."""
        with self._lock:
            self._of(model, None).durations.observe(low, high)

    def _of(self, model: str, typical: Typical | None) -> _Learned:
        found = self._learned.get(model)
        if found is None:
            found = self._learned[model] = _Learned(typical)
            if len(self._learned) > _MODELS:
                self._learned.popitem(last=False)
        self._learned.move_to_end(model)
        return found

    def begun(self, ref: str, now: float | None) -> float | None:
        """Note when a task was submitted, or say when it was, if it was noted."""
        with self._lock:
            if now is None:
                return self._begun.get(ref)
            self._begun[ref] = now
            if len(self._begun) > _TASKS:
                self._begun.popitem(last=False)
            return now

    def warn(self, message: str) -> None:
        """Log a warning, the same one once."""
        with self._lock:
            if message in self._warned or len(self._warned) > 1000:
                return
            self._warned.add(message)
        LOGGER.warning("%s", message)


PROCESS = Process()


def group_of(key: str, limit_group: str | None) -> str:
    """The name under which limits are kept: never the key itself."""
    return f"group:{limit_group}" if limit_group else f"key:{hashlib.sha256(key.encode()).hexdigest()}"
