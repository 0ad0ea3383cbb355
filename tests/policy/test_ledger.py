"""What the entries of a budget's ledger come to."""

from __future__ import annotations

import itertools
import sys
import time
from datetime import date
from decimal import Decimal
from traceback import walk_stack
from types import FrameType
from typing import Any

import pytest

from kie._policy.ledger import Ledger

DAY = date(2026, 11, 26)
RESERVED: dict[str, Any] = {
    "event": "reserve",
    "id": "a",
    "model": "nano-banana-pro",
    "credits": "10",
    "at": "2026-11-26T23:30:00+00:00",
}
TASK = {"event": "task", "id": "a", "ref": "market:t"}
SETTLED = {"event": "settle", "id": "a", "credits": "4"}
RELEASED = {"event": "release", "id": "a"}


def ledger(*entries: Any) -> Ledger:
    made = Ledger()
    for entry in entries:
        made.take(entry)
    return made


def test_credits_are_reserved_for_a_task_and_then_spent() -> None:
    held = ledger(RESERVED, TASK)
    assert (held.reserved, held.spent, held.day(DAY)) == (10, 0, 10)
    found = held.find("market:t")
    assert found is not None and found.ref is not None
    assert (found, found.ref.model) == (held.find("a"), "nano-banana-pro")
    held.take(SETTLED)
    assert (held.reserved, held.spent, held.day(DAY)) == (0, 4, 4)
    assert held.find("a") is held.find("market:t") is None


def test_what_is_released_is_neither_reserved_nor_spent() -> None:
    held = ledger(RESERVED, RELEASED)
    assert (held.reserved, held.spent, held.day(DAY)) == (0, 0, 0)


@pytest.mark.parametrize("before", [(), (RESERVED,), (RESERVED, TASK)])
@pytest.mark.parametrize("entry", [RESERVED, TASK, SETTLED, RELEASED])
def test_an_entry_that_is_interrupted_counts_as_a_whole_or_not_at_all(entry: Any, before: Any) -> None:
    """Ctrl-C is raised where something is called, or returns."""

    def stands(held: Ledger) -> Any:
        known = [held.find("a"), held.find("market:t")]
        return held.spent, held.reserved, held.day(DAY), [found and (found.id, found.ref) for found in known]

    def interrupt(frame: FrameType, *_: object) -> None:
        if any(each.f_code is Ledger.take.__code__ for each, _ in walk_stack(frame)) and next(left) == 0:
            raise KeyboardInterrupt

    if (entry is RESERVED) == bool(before):
        return
    stood, stood_after = stands(ledger(*before)), stands(ledger(*before, entry))
    steps = 0
    for steps in itertools.count():
        held, left, interrupted = ledger(*before), itertools.count(steps, -1), False
        sys.setprofile(interrupt)
        try:
            held.take(entry)
        except KeyboardInterrupt:
            interrupted = True
        finally:
            sys.setprofile(None)
        assert stands(held) in (stood, stood_after)
        if not interrupted:
            break
    assert steps > 5


@pytest.mark.parametrize("end", [SETTLED, RELEASED])
def test_an_id_that_comes_again_has_nothing_to_do_with_the_task_before(end: Any) -> None:
    held = ledger(RESERVED, TASK, end, RESERVED)
    assert held.find("market:t") is None
    assert held.reserved == 10


@pytest.mark.parametrize("at", ["2026-11-27T01:30:00+02:00", "2026-11-26T23:30:00", "2026-11-26T15:30:00-08:00"])
def test_a_day_is_one_of_utc_wherever_the_program_runs(at: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        held = ledger({**RESERVED, "at": at})
    finally:
        monkeypatch.undo()
        time.tzset()
    assert held.day(DAY) == 10
    [found] = held.reservations.values()
    assert found.at.isoformat() == "2026-11-26T23:30:00+00:00"


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ({}, "not an entry"),
        ({**RESERVED, "event": "odd"}, "not an entry"),
        ({**RESERVED, "id": 7}, "not an entry"),
        ({**RESERVED, "id": ""}, "not an entry"),
        ({**RELEASED, "event": None, "id": "held"}, "not an entry"),
        ({**RESERVED, "id": "held"}, "twice"),
        ({**TASK, "id": "other"}, "not open"),
        ({**RESERVED, "credits": "many"}, "not a usable number"),
        ({**RESERVED, "credits": None}, "not a usable number"),
        ({**RESERVED, "credits": "-0.5"}, "not a usable number"),
        ({**RESERVED, "credits": "NaN"}, "not a usable number"),
        ({**RESERVED, "credits": "Infinity"}, "not a usable number"),
        ({**RESERVED, "credits": "1000000000000001"}, "not a usable number"),
        ({**RESERVED, "at": "yesterday"}, "isoformat"),
        ({**TASK, "id": "held", "ref": ""}, "names no task"),
        ({**TASK, "id": "held", "ref": None}, "names no task"),
    ],
)
def test_what_is_not_an_entry_changes_nothing(entry: Any, why: str) -> None:
    held = ledger({**RESERVED, "id": "held"})
    with pytest.raises(ValueError, match=why):
        held.take(entry)
    assert (held.reserved, held.spent, held.day(DAY), list(held.reservations)) == (Decimal(10), 0, 10, ["held"])
