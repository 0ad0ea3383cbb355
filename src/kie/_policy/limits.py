"""Policy: the rate limits of the service. May import `_core`."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Self

from sortedcontainers import SortedDict, SortedList

from kie._core.json import JSON, JSONObject

ON_THE_WAY = 0.3
"""The most seconds that a request is assumed to take until it arrives, while round trips take less than twice as
long."""

_SLACK = 0.005

_REMEMBERED = 1000
"""The most round trips that are remembered."""

_LONGEST = 86_400.0
"""No time in the saved state of a limit can be this many seconds away; state that has one was not saved by a limit."""


class Permit:
    """One request under a limit. `wait` is how many seconds it still has to wait: 0 means that it may be sent.

    A waiting request asks again after each wait, because answers to others may have moved it. `at` is when it may be
    sent, or was sent; `back` is when it must ask again.
    """

    __slots__ = ("__weakref__", "asked", "at", "back", "free", "number", "trip", "wait")

    def __init__(self, asked: float, number: int = 0) -> None:
        self.asked = self.at = self.back = asked
        self.number = number
        self.wait = 0.0
        self.free = asked
        self.trip: float | None = None

    @property
    def queued(self) -> float:
        """How many seconds it had to wait in total."""
        return self.at - self.asked


class _Slowest:
    """The longest of the last round trips."""

    def __init__(self, remembered: int) -> None:
        self._remembered = min(remembered, _REMEMBERED)
        self._count = 0
        self._falling: deque[tuple[int, float]] = deque()

    def add(self, trip: float) -> None:
        """Record a round trip: earlier ones that were not longer no longer matter."""
        while self._falling and self._falling[-1][1] <= trip:
            self._falling.pop()
        self._falling.append((self._count, trip))
        self._count += 1
        if self._falling[0][0] < self._count - self._remembered:
            self._falling.popleft()

    @property
    def seconds(self) -> float:
        """The longest one, in seconds; 0 if there was none."""
        return self._falling[0][1] if self._falling else 0.0

    def saved(self) -> JSON:
        """The state of the round trips, for `restored`."""
        return [[number - self._count, round(trip, 6)] for number, trip in self._falling]

    def restored(self, state: JSON) -> None:
        """Load saved state. Raises `ValueError` for anything else."""
        for number, trip in map(_pair, _listed(state)):
            self._falling.append((_whole(number), _seconds(trip)))


class ArrivalLog:
    """At most `limit` requests in any `window` seconds, as the service counts them: when they *arrive*.

    A request that was sent holds its permit until it cannot be in the same window as one that is sent now. Of its
    arrival, we only know that it lies between sending and answer. So a permit that is given again one window after the
    answer can never be refused, whatever the network does. But that would waste the way back of every answer. So while
    round trips stay under twice `on_the_way`, a request counts as arrived after `on_the_way` seconds at the latest;
    else, or after a 429, when it was answered.

    On top of that, a 429 (another program may use the same key) makes the window longer: by a margin that grows by
    half, at most to four times the window, and shrinks by 4 % with each request that is not refused. As long as it is
    more than a fiftieth of the window, requests are spread evenly, so that each refusal is seen before many follow.

    A request costs a few searches in sorted collections, however many are waiting. Only waiting requests and those of
    the last window are kept. A request that does not ask again within one window after its `back` loses its position.

    In a log that processes share, each must ask again every `beat` seconds; a process that is late by as much is taken
    to be dead, wherever its requests wait. `taken` is the number of the last permit.
    """

    def __init__(
        self,
        limit: int,
        window: float,
        *,
        on_the_way: float = ON_THE_WAY,
        beat: float | None = None,
        taken: int = 0,
    ) -> None:
        self._limit = limit
        self._window = window
        self._on_the_way = on_the_way
        self._beat = beat
        self._held: SortedList[tuple[float, int]] = SortedList()
        self._sent: dict[int, Permit] = {}
        self._line: SortedDict[int, Permit] = SortedDict()
        self._slowest = _Slowest(2 * limit)
        self._margin = _SLACK
        self._grown = self._last = float("-inf")
        self._taken = taken

    @property
    def margin(self) -> float:
        """Seconds that are added to the window as a margin."""
        return self._margin

    def reserve(self, now: float, permit: Permit | None = None) -> Permit:
        """Ask for a permit, or ask again for one that had to wait."""
        self._forget(now, permit)
        self._release(now)
        permit = permit or Permit(now)
        ahead = self._position(permit)
        self._estimate(permit, ahead, now)
        if permit.wait <= 0:
            permit.at, permit.wait = now, 0.0
            del self._line[permit.number]
            self._sent[permit.number] = permit
            self._hold(permit, now + self._window)
            self._last = now
        return permit

    def expect(self, now: float, permit: Permit) -> None:
        """Say when a waiting request may be sent, without taking its permit."""
        self._release(now)
        self._estimate(permit, self._line.bisect_left(permit.number), now)

    def _estimate(self, permit: Permit, ahead: int, now: float) -> None:
        permit.at = self._expected(ahead, now)
        permit.wait = permit.at - now
        if self._troubled:
            turn = self._last + (self._window + self._margin) / self._limit * (1 + ahead)
            # the margin for others may shrink meanwhile, so the answer to asking again may be better
            permit.wait = min(max(permit.at, turn) - now, self._window / 2)
        if self._beat is not None:
            permit.wait = min(permit.wait, self._beat)
        permit.back = now + permit.wait

    def _forget(self, now: float, asking: Permit | None) -> None:
        """Drop the requests that no longer ask again."""
        line = self._line
        if self._beat is not None:
            for each in list(line.values()):
                if each is not asking and each.back + self._beat < now:
                    del line[each.number]
            return
        while line:
            number, first = line.peekitem(0)
            if first is asking or first.back + self._window >= now:
                return
            del line[number]

    def _position(self, permit: Permit) -> int:
        """How many requests wait before it. One that is not waiting yet, or was dropped, comes last."""
        if self._line.get(permit.number) is not permit:
            self._taken += 1
            permit.number = self._taken
            self._line[permit.number] = permit
        return self._line.bisect_left(permit.number)

    def _expected(self, ahead: int, now: float) -> float:
        """When a request with this many before it can be sent, as far as is known now."""
        free = self._limit - len(self._held)
        if ahead < free:
            return now
        windows, index = divmod(ahead - free, self._limit)
        first = self._held[index][0] if index < len(self._held) else now + self._window
        return first + windows * self._window

    def _hold(self, permit: Permit, until: float) -> None:
        permit.free = until
        self._held.add((until, permit.number))

    def _drop(self, permit: Permit) -> None:
        self._held.remove((permit.free, permit.number))

    def _release(self, now: float) -> None:
        """Free the permits that can be taken again. Earlier expectations of them may be out of date."""
        while self._held and self._held[0][0] <= now:
            permit = self._sent[self._held[0][1]]
            self._drop(permit)
            until = self._until(permit, now)
            if until > now:
                self._hold(permit, until)
            else:
                del self._sent[permit.number]

    def _until(self, permit: Permit, now: float) -> float:
        """When a permit that was used can be taken again."""
        moment = permit.at + self._window
        if permit.trip is None:
            # until then a quick answer may still come; afterwards it may have come without being reported yet
            slowest = max(self._slowest.seconds, self._on_the_way)
            return moment if now < moment else moment + self._arrival(slowest) + self._margin
        return moment + self._arrival(permit.trip) + self._margin

    @property
    def _troubled(self) -> bool:
        return self._margin > self._window / 50

    def _arrival(self, trip: float) -> float:
        """Seconds after which a request with this round trip had arrived."""
        calm = self._slowest.seconds <= 2 * self._on_the_way + 0.05 and not self._troubled
        return min(trip, self._on_the_way) if calm else trip

    def settle(self, permit: Permit, now: float, *, refused: bool = False, sent: bool = True) -> None:
        """Report the result of a permit: an answer, a refusal (429), or that nothing was sent."""
        held = self._sent.get(permit.number) is permit
        if not sent:
            if held:
                self._drop(permit)
                del self._sent[permit.number]
            if self._line.get(permit.number) is permit:
                del self._line[permit.number]
            return
        permit.trip = now - permit.at
        if refused:
            if permit.at > self._grown:
                self._margin = min(4 * self._window, max(1.5 * self._margin, self._window / 10))
                self._grown = now
        else:
            self._margin = max(_SLACK, self._margin * 0.96)
            self._slowest.add(permit.trip)
        if held:
            self._drop(permit)
            self._hold(permit, self._until(permit, now))

    def find(self, number: int) -> Permit | None:
        """The permit with a number, if it waits or is held."""
        return self._line.get(number) or self._sent.get(number)

    def saved(self, now: float) -> JSONObject:
        """The whole state, with times in seconds from now."""
        return {
            "taken": self._taken,
            "margin": round(self._margin, 6),
            "grown": _since(self._grown, now),
            "last": _since(self._last, now),
            "trips": self._slowest.saved(),
            "held": [_held(self._sent[number], now) for _, number in self._held],
            "line": [[number, round(permit.back - now, 6)] for number, permit in self._line.items()],
        }

    def restored(self, state: JSON, then: float) -> Self:
        """Load state that was saved at a time into a new object. Raises `ValueError` for anything else."""
        found = _mapped(state)
        self._taken = _whole(found.get("taken"))
        self._margin = min(max(_SLACK, _seconds(found.get("margin"))), 4 * self._window)
        self._grown, self._last = then + _seconds(found.get("grown")), then + _seconds(found.get("last"))
        self._slowest.restored(found.get("trips"))
        for entry in _listed(found.get("held")):
            number, at, free, trip = _of(entry, 4)
            permit = Permit(then + min(_seconds(at), 0.0), _whole(number))
            permit.trip = None if trip is None else _seconds(trip)
            self._sent[permit.number] = permit
            most = 5 * self._window + max(permit.trip or 0.0, self._slowest.seconds, self._on_the_way)
            self._hold(permit, then + min(_seconds(free), most))
        line = [(_whole(number), _seconds(back)) for number, back in map(_pair, _listed(found.get("line")))]
        for ahead, (number, back) in enumerate(line):
            most = 5 * self._window * (2 + ahead / self._limit)
            self._line[number] = Permit(then + min(back, most), number)
        if len(self._held) != len(self._sent) or list(self._line) != [number for number, _ in line]:
            raise ValueError("a number appears twice")
        return self


def _held(permit: Permit, now: float) -> JSON:
    trip = None if permit.trip is None else round(permit.trip, 6)
    return [permit.number, round(permit.at - now, 6), round(permit.free - now, 6), trip]


def _since(moment: float, now: float) -> float:
    return round(max(moment - now, -_LONGEST), 6)


def _seconds(value: JSON) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= _LONGEST:
        return float(value)
    raise ValueError("it is not a number of seconds")


def _whole(value: JSON) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError("it is not a whole number")


def _mapped(value: JSON) -> Mapping[str, JSON]:
    if isinstance(value, dict):
        return value
    raise ValueError("it is not an object")


def _listed(value: JSON) -> list[JSON]:
    if isinstance(value, list):
        return value
    raise ValueError("it is not a list")


def _of(value: JSON, length: int) -> list[JSON]:
    found = _listed(value)
    if len(found) != length:
        raise ValueError(f"it is not a list of {length}")
    return found


def _pair(value: JSON) -> tuple[JSON, JSON]:
    first, second = _of(value, 2)
    return first, second


class SlidingLog:
    """At most `limit` requests in any `window` seconds.

    A permit is given at once or reserved for later: `reserve(now)` returns how long to wait for it, so that
    callers are served in order. A permit can be taken again after the window plus a margin: the slowest of the last
    round trips (`trip` seconds until one is known), so that no jitter brings too many into one window; more after a
    429, which doubles it, and slowly less again. Source: "20 new requests per 10 s", "10 status requests per second",
    in the vendor's documentation.
    """

    def __init__(
        self, limit: int, window: float, *, margin: float = 0.05, most: float = 5.0, trip: float = 0.0
    ) -> None:
        self._limit = limit
        self._window = window
        self._smallest = self._margin = margin
        self._most = most
        self._granted: deque[float] = deque()
        self._slowest = _Slowest(2 * limit)
        self._slowest.add(trip)

    @property
    def pace(self) -> float:
        """The seconds from one permit to the next when they are taken evenly."""
        return self._length / self._limit

    @property
    def _length(self) -> float:
        return self._window + max(self._margin, self._slowest.seconds)

    def reserve(self, now: float) -> float:
        """Take the next permit. Returns the seconds until it may be used: 0 for at once."""
        at = now + self.wait(now)
        self._granted.append(at)
        self._margin = max(self._smallest, self._margin * 0.99)
        return at - now

    def wait(self, now: float) -> float:
        """The seconds until the next permit may be used, without taking it."""
        granted = self._granted
        while granted and (len(granted) > self._limit or granted[0] + self._length <= now):
            granted.popleft()
        at = max(now, granted[-1]) if granted else now
        if len(granted) == self._limit:
            at = max(at, granted[0] + self._length)
        return at - now

    def answered(self, trip: float) -> None:
        """Record a round trip, in seconds. At most `ON_THE_WAY` counts: a slow answer mostly took long to make."""
        self._slowest.add(min(trip, ON_THE_WAY))

    def refused(self) -> None:
        """The service said 429 although a permit was granted: keep a wider margin for a while."""
        self._margin = min(self._most, max(self._margin * 2, 0.1))

    def saved(self, now: float) -> JSONObject:
        """The whole state, with times in seconds from now."""
        granted: list[JSON] = [round(at - now, 6) for at in self._granted]
        return {"margin": round(self._margin, 6), "trips": self._slowest.saved(), "granted": granted}

    def restored(self, state: JSON, then: float) -> Self:
        """Load state that was saved at a time into a new object. Raises `ValueError` for anything else."""
        found = _mapped(state)
        self._margin = min(max(self._smallest, _seconds(found.get("margin"))), self._most)
        self._slowest = _Slowest(2 * self._limit)
        self._slowest.restored(found.get("trips"))
        self._granted.extend(sorted(then + _seconds(at) for at in _listed(found.get("granted"))))
        return self
