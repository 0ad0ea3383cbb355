"""Floor 3: the service's limits on how often to ask. May import `core`."""

from __future__ import annotations

from collections import deque

ON_THE_WAY = 0.3
"""Seconds that a request is taken to be on its way at most, as long as round trips are under twice as long."""

_SLACK = 0.005


class Place:
    """One request under a limit. `wait` is how many seconds it is still to wait: 0 says that it may go.

    It is asked for again after each wait: answers that came meanwhile may have moved it.
    """

    __slots__ = ("asked", "at", "before", "dropped", "going", "number", "trip", "wait")

    def __init__(self, before: Place | None, asked: float, number: int) -> None:
        self.before = before
        self.number = number
        self.asked = self.at = asked
        self.wait = 0.0
        self.going = self.dropped = False
        self.trip: float | None = None

    @property
    def queued(self) -> float:
        """Seconds that it had to wait in all."""
        return self.at - self.asked


class ArrivalLog:
    """At most `limit` requests in any `window` seconds, as the service counts them: when they *arrive*.

    There are `limit` slots, and each request takes the one that will be free first. What is known of a request's
    arrival is that it lies between sending and answer, so a slot that is taken again a window after the answer can
    never be refused, whatever the network does. That would waste the way back of every answer. So while round trips
    stay under twice `on_the_way`, a request counts as arrived after `on_the_way` seconds at the latest; else, or
    after a 429, when it was answered.

    On top of that a 429 (another program may use the same key) makes the window longer, by a margin that grows by half,
    at most to four times the window, and shrinks by 4 % with each request that is not refused. As long as it is more
    than a fiftieth of the window, requests are spread evenly, so that each refusal is seen before many follow.
    """

    def __init__(self, limit: int, window: float, *, on_the_way: float = ON_THE_WAY) -> None:
        self._window = window
        self._on_the_way = on_the_way
        self._slots: list[Place | None] = [None] * limit
        self._trips: deque[float] = deque(maxlen=2 * limit)
        self._slowest = 0.0
        self._margin = _SLACK
        self._grown = self._last = float("-inf")
        self._taken = self._gone = 0

    @property
    def margin(self) -> float:
        """Seconds by which the window is longer than it has to be."""
        return self._margin

    def reserve(self, now: float, place: Place | None = None) -> Place:
        """Take a place, or ask again for one that had to wait."""
        if place is None:
            slots, free = self._slots, [self._free(last, now) for last in self._slots]
            slot = free.index(min(free))
            self._taken += 1
            place = slots[slot] = Place(slots[slot], now, self._taken)
        place.at = max(now, self._free(place.before, now))
        if self._troubled:
            gap = (self._window + self._margin) / len(self._slots)
            ahead = max(0, place.number - self._gone - 1)
            turn = self._last + gap * (1 + ahead)
            # others may be refused less and less meanwhile: asking again tells
            place.wait = min(max(place.at, turn) - now, self._window / 2)
        else:
            place.wait = place.at - now
        if place.wait <= 0:
            place.going, place.before, place.at, place.wait = True, None, now, 0.0
            self._last = now
            self._gone = max(self._gone + 1, place.number)
        return place

    def _free(self, place: Place | None, now: float) -> float:
        """When the slot can be taken again after this place, as far as is known now."""
        while place is not None and place.dropped:
            if place.going:
                return place.at
            place = place.before
        if place is None:
            return float("-inf")
        moment = place.at + self._window
        if not place.going:
            return moment
        if place.trip is None:
            # nothing is lost by hoping for a quick answer until then
            return moment if now < moment else moment + self._arrival(self._slowest or self._on_the_way) + self._margin
        return moment + self._arrival(place.trip) + self._margin

    @property
    def _troubled(self) -> bool:
        return self._margin > self._window / 50

    def _arrival(self, trip: float) -> float:
        """Seconds after which a request that took so long had arrived."""
        calm = self._slowest <= 2 * self._on_the_way + 0.05 and not self._troubled
        return min(trip, self._on_the_way) if calm else trip

    def settle(self, place: Place, now: float, *, refused: bool = False, sent: bool = True) -> None:
        """Say what came of a place: an answer, a refusal (429), or that nothing was sent."""
        if not sent:
            place.dropped = True
            self._gone += not place.going
            return
        place.trip = now - place.at
        if refused:
            if place.at > self._grown:
                self._margin = min(4 * self._window, max(1.5 * self._margin, self._window / 10))
                self._grown = now
            return
        self._margin = max(_SLACK, self._margin * 0.96)
        self._trips.append(place.trip)
        self._slowest = max(self._slowest, place.trip) if place.trip >= self._slowest else max(self._trips)


class SlidingLog:
    """At most `limit` requests in any `window` seconds.

    A place is given at once or reserved for later: `reserve(now)` returns how long to wait for it, so that
    callers are served in order. A place frees after the window plus a margin: the slowest of the last round trips
    (`trip` seconds until one is known), so that no jitter brings too many into one window; more after a 429, which
    doubles it, and slowly less again. Source: "20 new requests per 10 s", "10 status requests per second", in the
    vendor's documentation.
    """

    def __init__(
        self, limit: int, window: float, *, margin: float = 0.05, most: float = 5.0, trip: float = 0.0
    ) -> None:
        self._limit = limit
        self._window = window
        self._least = self._margin = margin
        self._most = most
        self._granted: deque[float] = deque(maxlen=limit)
        self._trips: deque[float] = deque((trip,), maxlen=2 * limit)
        self._slowest = trip

    @property
    def pace(self) -> float:
        """The seconds from one place to the next, if they are taken evenly."""
        return self._window / self._limit

    def reserve(self, now: float) -> float:
        """Take the next place. Returns the seconds until it is there: 0 if at once."""
        at = now + self.wait(now)
        self._granted.append(at)
        self._margin = max(self._least, self._margin * 0.99)
        return at - now

    def wait(self, now: float) -> float:
        """The seconds until the next place is there, without taking it."""
        at = max(now, self._granted[-1]) if self._granted else now
        if len(self._granted) == self._limit:
            at = max(at, self._granted[0] + self._window + max(self._margin, self._slowest))
        return at - now

    def answered(self, trip: float) -> None:
        """A round trip took so many seconds. No more than `ON_THE_WAY` counts: a slow answer is mostly slow to make."""
        self._trips.append(min(trip, ON_THE_WAY))
        self._slowest = max(self._trips)

    def refused(self) -> None:
        """The service said 429 although a place was granted: keep a wider margin for a while."""
        self._margin = min(self._most, max(self._margin * 2, 0.1))
