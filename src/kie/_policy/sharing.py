"""Floor 3: whose task is looked at next, where many share one limit. May import `core`, `policy`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Sequence
from itertools import islice

import attrs

from kie._policy.limits import SlidingLog

CLOSE = 6
"""So many tasks next in order ask again for each place; those behind them more rarely."""

OFTEN = 0.05
"""A task asks again after no less than this share of the time that those before it will take."""

FORGOTTEN = 2.0
"""A task that did not ask again so many seconds after it was told to is no longer awaited."""

ROUNDING = 1e-6


@attrs.define(eq=False)
class Claim:
    """A task's wish to be looked at.

    `moments` are the times of its next look as looks get dearer, each twice as dear as the one before; `worth` is
    the price that belongs to the first, in doublings of one second; `looked` the time of the last look.
    """

    ticket: Hashable
    moments: Sequence[float]
    worth: float
    looked: float

    def urgency(self, at: float) -> float:
        """The price, in doublings, at which this would be the time to look; it never ceases to grow."""
        reached = bisect_right(self.moments, at)
        if reached == 0:
            return float("-inf")
        last = self.moments[reached - 1]
        return self.worth + reached - 1 + (at - last) / max(self._after(reached) - last, ROUNDING)

    def when(self, urgency: float) -> float:
        """When a look is so urgent."""
        steps = max(urgency - self.worth, 0.0)
        reached = min(int(steps) + 1, len(self.moments))
        last = self.moments[reached - 1]
        return last + (steps + 1 - reached) * (self._after(reached) - last)

    def _after(self, reached: int) -> float:
        last = self.moments[reached - 1]
        return self.moments[reached] if reached < len(self.moments) else last + max(last - self.looked, ROUNDING)


class ReadSharing:
    """Shares the places of one limit between the tasks that are awaited.

    A task claims a look when one is due by its own schedule. While there are places for all, each is served at once.
    In a crowd those go first for which a look is worth most: that would look even if looks were dearer. A task that
    has waited for long is ever more urgent, so none is left behind. A crowd is served at an even pace.
    """

    def __init__(self, log: SlidingLog) -> None:
        self._log = log
        self._pace = log.pace
        self._waiting: dict[Hashable, tuple[Claim, float]] = {}
        self._last = float("-inf")
        self._order: list[float] = []
        self._tickets: list[Hashable] = []
        self._ranks: dict[Hashable, int] = {}
        self._order_of = float("-inf")

    def ask(self, claim: Claim, now: float) -> tuple[bool, float]:
        """True and the seconds until the look may go out; or False and the seconds until to ask again."""
        due = claim.moments[0]
        if now < due - ROUNDING:
            return False, due - now
        place = now + self._log.wait(now)
        if self._waiting:
            place = max(place, self._last + self._pace)
        self._rank(place, now)
        rank = self._ranks.get(claim.ticket)
        if rank is None:
            rank = bisect_right(self._order, -claim.urgency(place))
        if place - now <= self._pace / 2 and not self._rival(rank, claim, place):
            self._waiting.pop(claim.ticket, None)
            self._last = place
            self._order_of = float("-inf")
            self._log.reserve(place)
            return True, place - now
        back = max(place, now + self._pace / 2)
        if rank > CLOSE:
            level = -self._order[CLOSE]
            ahead = rank * self._pace
            back = max(back, place + ahead * OFTEN, min(place + ahead / 2, claim.when(level)))
        self._waiting[claim.ticket] = (claim, back)
        return False, back - now

    def _rival(self, rank: int, claim: Claim, place: float) -> bool:
        """Whether a more urgent task will ask in time for this place."""
        for ticket in islice(self._tickets, rank):
            found = self._waiting.get(ticket)
            if found is not None and ticket != claim.ticket and found[1] <= place + self._pace / 2:
                return True
        return False

    def _rank(self, place: float, now: float) -> None:
        """Order those that wait by urgency at the time of the next place, ties as they came: once for each place."""
        if abs(place - self._order_of) <= self._pace / 4:
            return
        gone = [ticket for ticket, (_, back) in self._waiting.items() if back + FORGOTTEN < now]
        for ticket in gone:
            del self._waiting[ticket]
        ranked = [(-claim.urgency(place), ticket) for ticket, (claim, _) in self._waiting.items()]
        ranked.sort(key=lambda each: each[0])
        self._order = [each[0] for each in ranked]
        self._tickets = [each[1] for each in ranked]
        self._ranks = {ticket: rank for rank, ticket in enumerate(self._tickets)}
        self._order_of = place
