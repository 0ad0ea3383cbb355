"""Plans: sound whatever was observed, soon where durations are known, and fair in a crowd."""

from __future__ import annotations

import heapq
import math
import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kie import PollPolicy
from kie._policy.durations import KEPT, LEAST, MOST, Durations, Typical
from kie._policy.limits import SlidingLog
from kie._policy.polling import Plan
from kie._policy.sharing import Claim, ReadSharing

FIGURES = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.floats(0, 1000),
    st.sampled_from([0.0, -1.0, 1e-300, 30.0, 1e300, math.nan, math.inf]),
)
OBSERVATIONS = st.lists(st.tuples(FIGURES, FIGURES), max_size=40)
TYPICAL = st.none() | st.builds(Typical, FIGURES.filter(math.isfinite), st.none() | FIGURES.filter(math.isfinite))


def taught(*durations: float, typical: Typical | None = None) -> Durations:
    known = Durations(typical)
    for duration in durations:
        known.observe(duration, duration)
    return known


def schedule(plan: Plan, until: float) -> list[float]:
    ages = [plan.after(0.0)]
    while ages[-1] < until:
        ages.append(plan.after(ages[-1]))
    return ages


@given(TYPICAL, OBSERVATIONS, st.sampled_from([1e-4, 0.005, 0.5]))
def test_a_plan_is_sound_whatever_was_observed(
    typical: Typical | None, observed: list[tuple[float, float]], thrift: float
) -> None:
    known = Durations(typical)
    for low, high in observed:
        known.observe(low, high)
    expected = known.distribution()
    assert all(a < b for a, b in pairwise(expected.moments))
    assert all(a < b for a, b in pairwise(expected.done))
    assert expected.done[0] > 0 and expected.done[-1] < 1
    policy = PollPolicy(thrift=thrift, least=0.5, cap=20)
    plan = Plan(known, policy)
    ages = [plan.after(0.0)]
    for _ in range(50):
        ages.append(plan.after(ages[-1]))
    assert ages[0] >= 0.5
    assert all(0.5 - 1e-6 * b <= b - a <= 20 + 1e-6 * b for a, b in pairwise(ages))
    for age in (0.0, ages[0], ages[7], 1e6):
        moments = plan.moments(age)
        assert moments[0] == plan.after(age)
        assert all(a <= b for a, b in pairwise(moments)), "the dearer a look, the later"
        assert math.isfinite(moments[-1])


@given(st.floats(2, 2000))
def test_a_fixed_duration_is_learned_from_the_service_s_figures(duration: float) -> None:
    plan = Plan(taught(*[duration] * 50), PollPolicy())
    ages = schedule(plan, duration)
    assert len(ages) <= 3
    assert ages[-1] - duration <= max(0.05 * duration, 0.5)


def test_a_fixed_duration_is_learned_even_from_looks_alone() -> None:
    known, ages = Durations(), [0.0]
    for _ in range(40):
        ages = [0.0, *schedule(Plan(known, PollPolicy()), 100.0)]
        known.observe(ages[-2], ages[-1])
    assert len(ages) - 1 <= 4
    assert ages[-1] - 100 <= 5


def test_nothing_is_looked_at_before_it_can_plausibly_be_done() -> None:
    assert Plan(Durations(Typical(180, 375, 50)), PollPolicy()).after(0.0) > 50
    chance = random.Random(1)
    durations = [chance.uniform(60, 90) for _ in range(50)]
    assert Plan(taught(*durations), PollPolicy()).after(0.0) > 50
    assert Plan(Durations(), PollPolicy()).after(0.0) < 10, "of a model that nobody knows, not much is plausible"


def test_what_is_observed_outweighs_what_was_known_and_is_bounded() -> None:
    known = Durations(Typical(600, 900, 50))
    for _ in range(2 * KEPT):
        known.observe(20.0, 21.0)
    assert 15 < known.distribution().median < 25
    assert len(known._observed) == KEPT
    for _ in range(KEPT):
        known.observe(200.0, 200.0)
    assert 190 < known.distribution().median < 210, "the model has changed"


def test_durations_have_bounds() -> None:
    known = taught(0.0, 1e300)
    assert LEAST / 10 < known.distribution().moments[0] < known.distribution().moments[-1] < 10 * MOST


def test_dearer_looks_are_fewer() -> None:
    chance = random.Random(2)
    known = taught(*(chance.lognormvariate(3, 0.5) for _ in range(50)))
    counts = [len(schedule(Plan(known, PollPolicy(thrift=thrift)), 60.0)) for thrift in (0.001, 0.005, 0.02, 0.1)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > 2 * counts[2]


# Sharing


def claim(ticket: int, *moments: float, worth: float = 0.0, looked: float = 0.0) -> Claim:
    return Claim(ticket, moments, worth, looked)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=8), st.floats(0, 100), st.floats(0, 200))
def test_urgency_never_falls_and_tells_its_own_time(gaps: list[float], looked: float, at: float) -> None:
    moments, moment = [], looked
    for gap in gaps:
        moment += gap
        moments.append(moment)
    one = Claim(1, moments, -3.0, looked)
    assert one.urgency(at) <= one.urgency(at + 1)
    for level in (-3.0, -1.5, 4.25):
        assert one.urgency(one.when(level) + 1e-3) >= level - 1e-6


def test_while_there_are_places_for_all_everyone_looks_when_it_wants_to() -> None:
    sharing = ReadSharing(SlidingLog(10, 1.0))
    assert sharing.ask(claim(0, 5.0), 3.0) == (False, 2.0)
    assert [sharing.ask(claim(number, 5.0), 5.0) for number in range(10)] == [(True, 0.0)] * 10
    granted, seconds = sharing.ask(claim(10, 5.0), 5.0)
    assert not granted and 0 < seconds <= 1.05


def served(claims: list[Claim], until: float = 1e3) -> list[tuple[float, int]]:
    """Who looks when, if all ask as they are told to."""
    sharing = ReadSharing(SlidingLog(10, 1.0))
    asking = [(0.0, number, each) for number, each in enumerate(claims)]
    looked = []
    while asking and asking[0][0] < until:
        now, number, each = heapq.heappop(asking)
        granted, seconds = sharing.ask(each, now)
        if granted:
            looked.append((now + seconds, number))
        else:
            assert seconds > 0
            heapq.heappush(asking, (now + seconds, number, each))
    return looked


def test_a_crowd_is_served_by_urgency_within_the_limit_and_wastes_no_place() -> None:
    claims = [claim(number, 1.0, 50.0, worth=number % 7) for number in range(300)]
    looked = sorted(served(claims))
    assert sorted(number for _, number in looked) == list(range(300))
    times = [at for at, _ in looked]
    assert all(later - earlier >= 1 for earlier, later in zip(times, times[10:], strict=False))
    assert times[-1] < 1.0 + 300 / 10 * 1.05 + 1
    worths = [number % 7 for _, number in looked]
    early, late = worths[20:100], worths[200:]
    assert sum(early) / len(early) > 4 > 2 > sum(late) / len(late)


def test_a_crowd_that_is_equally_urgent_is_served_as_it_came_and_seldom_asks_again() -> None:
    sharing = ReadSharing(SlidingLog(10, 1.0))
    asking = [(number * 1e-4, number, claim(number, 0.0)) for number in range(3000)]
    asks, looked = 0, list[int]()
    while asking[0][0] < 20:
        now, number, each = heapq.heappop(asking)
        asks += 1
        granted, seconds = sharing.ask(each, now)
        if granted:
            looked.append(number)
        else:
            heapq.heappush(asking, (now + seconds, number, each))
    assert len(looked) > 150
    assert asks < 20 * len(looked) + 10 * 3000
    assert max(looked) < 300, "those who came first are among the first"


def test_who_waits_long_overtakes_who_is_worth_more() -> None:
    looked: list[tuple[float, int]] = []
    sharing = ReadSharing(SlidingLog(10, 1.0))
    asking = [(0.0, number, claim(number, 1.0, 2.0, worth=6.0)) for number in range(1, 60)]
    asking.append((0.0, 0, claim(0, 1.0, 2.0, worth=-2.0)))
    heapq.heapify(asking)
    while asking[0][0] < 120:
        now, number, each = heapq.heappop(asking)
        granted, seconds = sharing.ask(each, now)
        if granted:
            looked.append((now, number))
            if number:
                fresh = claim(number, now + 1, now + 2, worth=6.0, looked=now)
                heapq.heappush(asking, (now + seconds + 1, number, fresh))
        else:
            heapq.heappush(asking, (now + seconds, number, each))
    assert [at for at, number in looked if number == 0], "nobody is left behind"


def test_a_task_that_is_no_longer_awaited_holds_nobody_up() -> None:
    sharing = ReadSharing(SlidingLog(10, 1.0))
    for number in range(40):
        sharing.ask(claim(number, 0.0, 100.0, worth=9.0), 0.0)
    granted, seconds = sharing.ask(claim(99, 0.0, 100.0), 0.0)
    assert not granted
    granted, seconds = sharing.ask(claim(99, 0.0, 100.0), 10.0)
    assert granted and seconds == 0


@pytest.mark.parametrize("margin", [0, 3])
def test_places_that_others_take_count(margin: int) -> None:
    log = SlidingLog(10, 1.0)
    sharing = ReadSharing(log)
    for _ in range(margin):
        log.refused()
    for _ in range(10):
        log.reserve(0.0)
    granted, seconds = sharing.ask(claim(1, 0.0), 0.0)
    assert not granted and seconds > 1
    assert sharing.ask(claim(1, 0.0), seconds)[0]
