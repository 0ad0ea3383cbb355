"""Policy: what a budget has reserved and spent, as a sum of entries. May import `_core`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import attrs

from kie._core.json import JSON
from kie._core.tasks import TaskRef

MOST = Decimal(10) ** 15
"""Credits that one entry may name."""
_ZERO = Decimal(0)


@attrs.frozen(kw_only=True)
class Reservation:
    """Credits that are reserved for a task until its charge is known."""

    id: str
    """The id that `Budget.release` and `Budget.settle` take."""
    model: str
    """The model or operation; empty if none was named."""
    credits: Decimal
    """How many credits are reserved."""
    at: datetime
    """When they were reserved. The time is aware, in UTC."""
    ref: TaskRef | None = None
    """The task; None until it is known. It stays None if a submission got no usable answer: a task may exist."""


@attrs.define(eq=False)
class Ledger:
    """The sum of the entries of a ledger."""

    spent: Decimal = _ZERO
    reserved: Decimal = _ZERO
    reservations: dict[str, Reservation] = attrs.field(factory=dict)
    _tasks: dict[str, str] = attrs.field(factory=dict)
    _days: dict[date, Decimal] = attrs.field(factory=lambda: defaultdict(Decimal))

    def day(self, day: date) -> Decimal:
        """Credits of a day (UTC) that are reserved or spent. A charge counts on the day of its task."""
        return self._days.get(day, _ZERO)

    def find(self, key: str) -> Reservation | None:
        """Find a reservation by its id or its task."""
        return self.reservations.get(key) or self.reservations.get(self._tasks.get(key, ""))

    def take(self, entry: Mapping[str, JSON]) -> None:
        """Add an entry. Raises `ValueError` for anything else."""
        # Ctrl-C comes only where something is called, so nothing is called between two changes
        event, key = entry.get("event"), entry.get("id")
        if event not in ("reserve", "task", "settle", "release") or not isinstance(key, str) or not key:
            raise ValueError("it is not an entry of a budget's ledger")
        if event == "reserve":
            needed, at = _credits(entry), _time(entry.get("at"))
            if key in self.reservations:
                raise ValueError(f"it makes a reservation twice: {key!r:.80}")
            made, day = Reservation(id=key, model=str(entry.get("model", "")), credits=needed, at=at), at.date()
            self.reservations[key] = made
            self.reserved += needed
            self._days[day] += needed
            return
        held = self.reservations.get(key)
        if held is None:
            raise ValueError(f"it names a reservation that is not open: {key!r:.80}")
        if event == "task":
            named = entry.get("ref")
            if not isinstance(named, str) or not named:
                raise ValueError("it names no task")
            ref = TaskRef.parse(named, model=held.model or None)
            name, held = str(ref), attrs.evolve(held, ref=ref)
            self._tasks[name] = key
            self.reservations[key] = held
            return
        charge = _credits(entry) if event == "settle" else _ZERO
        name, day = str(held.ref), held.at.date()
        del self.reservations[key]
        self.reserved -= held.credits
        self.spent += charge
        self._days[day] += charge - held.credits
        if name in self._tasks:
            del self._tasks[name]


def _credits(entry: Mapping[str, JSON]) -> Decimal:
    try:
        number = Decimal(str(entry.get("credits")))
    except ArithmeticError:
        number = Decimal(-1)
    if not number.is_finite() or not 0 <= number <= MOST:
        raise ValueError("its credits are not a usable number")
    return number


def _time(at: JSON) -> datetime:
    found = datetime.fromisoformat(str(at))
    return found.astimezone(UTC) if found.tzinfo is not None else found.replace(tzinfo=UTC)
