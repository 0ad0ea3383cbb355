"""Durations are sound whatever was seen; a crowd is polled in a good order, within the limit, cheaply."""

from __future__ import annotations

import heapq
import math
import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kie._policy.durations import KEPT, MOST, Durations, typical
from kie._policy.limits import Permit, SlidingLog
from kie._policy.poll_line import Due, PollLine

FIGURES = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.floats(0, 1000),
    st.sampled_from([0.0, -1.0, 1e-300, 30.0, 1e300, math.nan, math.inf]),
)
TYPICAL = st.none() | st.tuples(st.floats(0.1, 1e4), st.none() | st.floats(0.1, 1e5), st.integers(1, 100))
Known = tuple[float, float | None, int]


def seen(*durations: float) -> Durations:
    known = Durations()
    for duration in durations:
        known.observe(duration)
    return known


@given(TYPICAL, st.lists(FIGURES, max_size=40), st.floats(0, 2000), st.floats(0, 100))
def test_a_distribution_is_sound_whatever_was_seen(
    beforehand: Known | None, observed: list[float], polled: float, seconds: float
) -> None:
    known = Durations(*(typical(*beforehand) if beforehand else ()))
    for each in observed:
        known.observe(each)
    assert 0 <= known.earliest < MOST
    late = [known.unnoticed(polled, polled + later) for later in (0.0, 1.0, 10.0, 1e6)]
    assert late[0] == 0
    assert all(-1e-6 <= a <= b + 1e-6 for a, b in pairwise(late)), "it never gets less"
    assert all(each <= later + 1e-6 for each, later in zip(late, (0.0, 1.0, 10.0, 1e6), strict=True))
    due = known.due(polled, seconds)
    assert due >= polled and math.isfinite(due)
    if polled <= max(known._last, default=-1.0):
        assert known.unnoticed(polled, due) == pytest.approx(seconds, rel=1e-3, abs=1e-4)


def test_where_nothing_is_known_the_longest_wait_is_the_oldest_poll() -> None:
    assert Durations().due(17.0, 3.0) == 17.0
    assert Durations().earliest == 0.0
    assert Durations().unnoticed(1.0, 100.0) == 0.0


def test_no_more_than_one_task_in_twenty_ends_before_the_first_poll() -> None:
    chance = random.Random(1)
    durations = [chance.lognormvariate(3, 0.5) for _ in range(400)]
    known = seen(*durations)
    assert sum(each < known.earliest for each in durations) == pytest.approx(20, abs=1)
    assert seen(30.0).earliest == pytest.approx(3.0), "one duration says little"
    assert seen(*[30.0] * 50).earliest == 30.0
    assert seen(*[30.0] * 9).earliest == pytest.approx(15.0)


def test_what_is_seen_takes_the_place_of_what_was_known_beforehand_and_is_bounded() -> None:
    known = Durations(*typical(600, 900, 50))
    assert known.earliest == pytest.approx(600 * 600 / 900, rel=0.1)
    for _ in range(20):
        known.observe(20.0)
    assert known.earliest == 20.0
    for _ in range(2 * KEPT):
        known.observe(200.0)
    assert len(known._last) == KEPT
    assert known.earliest == 200.0, "the model has changed"


def test_as_many_durations_are_known_beforehand_as_the_catalog_saw() -> None:
    assert typical(60, None, 1) == [60.0]
    five = sorted(typical(100, 200, 5))
    assert five[2] == pytest.approx(100) and five[0] == pytest.approx(100 * 100 / five[4])
    assert len(typical(100, 200, 5000)) == 20


# Sharing


def due(durations: Durations, submitted: float = 0.0, polled: float | None = None) -> Due:
    return Due(durations, submitted, submitted if polled is None else polled)


def served(tasks: list[Due], until: float = 1e3, *, start: float = 0.0) -> tuple[list[tuple[float, int]], int]:
    """Who is polled when, if all ask as they are told to; and how often they asked."""
    line = PollLine(SlidingLog(10, 1.0))
    asking = [(start, number) for number in range(len(tasks))]
    polled, asks = list[tuple[float, int]](), 0
    while asking and asking[0][0] < until:
        now, number = heapq.heappop(asking)
        asks += 1
        answer = line.ask(tasks[number], now)
        if isinstance(answer, Permit):
            polled.append((answer.at, number))
        else:
            assert answer > 0
            heapq.heappush(asking, (now + answer, number))
    return polled, asks


def test_while_there_are_permits_for_all_everyone_is_polled_at_once() -> None:
    line = PollLine(SlidingLog(10, 1.0))
    answers = [line.ask(due(Durations()), 5.0) for _ in range(10)]
    assert all(isinstance(answer, Permit) and answer.at == 5.0 for answer in answers)
    late = line.ask(due(Durations()), 5.0)
    assert isinstance(late, float) and 0 < late <= 1.05


def test_a_crowd_is_polled_within_the_limit_and_no_permit_is_wasted() -> None:
    known = seen(*(10.0 + number for number in range(40)))
    polled, _ = served([due(known, submitted=-number % 7) for number in range(300)], start=30.0)
    assert sorted(number for _, number in polled) == list(range(300))
    times = sorted(at for at, _ in polled)
    assert all(later - earlier >= 1 - 1e-9 for earlier, later in zip(times, times[10:], strict=False))
    assert times[-1] < 30.0 + 300 / 10 * 1.05 + 1


def test_the_task_goes_first_that_has_probably_been_over_for_longest() -> None:
    early, late = seen(*(20.0 + number / 10 for number in range(40))), seen(*(60.0 + number for number in range(40)))
    tasks = [due(late) for _ in range(50)] + [due(early) for _ in range(50)]
    line = [number for _, number in sorted(served(tasks, start=40.0)[0])]
    assert all(number >= 50 for number in line[10:45]), "the others cannot be over yet"


def test_where_nothing_is_known_the_one_goes_first_that_waited_longest() -> None:
    tasks = [due(Durations(), polled=float(37 * number % 100)) for number in range(100)]
    order = [tasks[number].polled for _, number in sorted(served(tasks, start=100.0)[0])]
    assert order[20:] == sorted(order[20:])


@pytest.mark.parametrize("number", [100, 1000, 10_000])
def test_nobody_asks_more_often_than_the_length_of_the_line_has_digits(number: int) -> None:
    polled, asks = served([due(Durations()) for _ in range(number)], until=1e5)
    assert len(polled) == number
    assert asks <= 2 * math.log2(number) * number


def test_who_waits_long_overtakes_who_is_more_likely_to_be_over() -> None:
    quick, slow = seen(*(1.0 + number / 10 for number in range(40))), seen(*(1000.0 + number for number in range(40)))
    line = PollLine(SlidingLog(10, 1.0))
    tasks = {0: due(slow)} | {number: due(quick) for number in range(1, 60)}
    asking = [(1.0, number) for number in tasks]
    lone = list[float]()
    while asking[0][0] < 2000:
        now, number = heapq.heappop(asking)
        answer = line.ask(tasks[number], now)
        if not isinstance(answer, Permit):
            heapq.heappush(asking, (now + answer, number))
        elif number == 0:
            lone.append(now)
        else:  # another of its kind follows
            tasks[number] = due(quick, submitted=answer.at)
            heapq.heappush(asking, (answer.at + 1, number))
    assert lone, "nobody is left behind"


def test_a_task_that_never_asks_again_holds_nobody_up_for_long() -> None:
    line = PollLine(SlidingLog(10, 1.0))
    for _ in range(40):
        line.ask(due(Durations()), 0.0)
    last = due(Durations(), polled=1.0)
    assert not isinstance(line.ask(last, 1.0), Permit)
    now = 1.0
    while not isinstance(answer := line.ask(last, now), Permit):
        now += answer
    assert now < 6


def test_a_task_that_withdraws_holds_nobody_up_at_all() -> None:
    line = PollLine(SlidingLog(10, 1.0))
    tasks = [due(Durations()) for _ in range(40)]
    for task in tasks:
        line.ask(task, 0.0)
    for task in tasks:
        line.withdraw(task)
        line.withdraw(task)
    answer = line.ask(due(Durations()), 1.1)
    assert isinstance(answer, Permit) and answer.at == 1.1


@pytest.mark.parametrize("refusals", [0, 3])
def test_permits_that_others_take_count(refusals: int) -> None:
    log = SlidingLog(10, 1.0)
    line = PollLine(log)
    for _ in range(refusals):
        log.refused()
    for _ in range(10):
        log.reserve(0.0)
    task = due(Durations())
    seconds = line.ask(task, 0.0)
    assert isinstance(seconds, float) and seconds > 1
    assert isinstance(line.ask(task, seconds), Permit)
