"""The policies: bounds of retrying and limiting, whatever the figures."""

from __future__ import annotations

import heapq

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kie import ConfigError, PollPolicy, RateLimit, RetryPolicy
from kie._io.local_limits import again
from kie._io.process import Process
from kie._policy.codes import judge
from kie._policy.durations import Durations
from kie._policy.limits import ArrivalLog, Permit, SlidingLog
from kie._policy.poll_line import Due

LUCK = st.floats(0, 1, exclude_max=True)


@given(st.integers(1, 10_000), LUCK, st.none() | st.floats(0, 1e6))
def test_a_retry_waits_no_longer_than_the_cap_or_what_was_asked_for(
    attempt: int, luck: float, asked: float | None
) -> None:
    policy = RetryPolicy()
    delay = policy.delay(attempt, luck, asked)
    assert 0 <= delay <= max(policy.cap, min(asked or 0, policy.retry_after_cap))
    if asked is not None:
        assert delay >= min(asked, policy.retry_after_cap)


@given(st.floats(0, 1e6), st.integers(0, 10_000), st.floats(0.5, 1e4))
def test_an_interval_between_polls_is_never_shorter_or_longer_than_its_bounds(
    elapsed: float, failures: int, speed: float
) -> None:
    assert 2 <= PollPolicy(min_interval=2, max_interval=20).interval(elapsed, failures) <= 20
    fast = PollPolicy(speed=speed)
    assert min(1 / speed, 0.1) <= fast.interval(elapsed, failures) <= max(10 / speed, 0.1)


def test_an_interval_between_polls_is_a_hundredth_of_the_time_since_submission() -> None:
    policy = PollPolicy()
    assert [policy.interval(elapsed) for elapsed in (0, 100, 180, 600, 1000, 5000)] == [1, 1, 1.8, 6, 10, 10]
    assert [policy.interval(0, failures) for failures in range(6)] == [1, 2, 4, 8, 10, 10]


@given(st.lists(st.floats(0, 30), min_size=1, max_size=200))
def test_no_window_holds_more_than_the_limit(gaps: list[float]) -> None:
    log = SlidingLog(20, 10.0)
    now, granted = 0.0, []
    for gap in gaps:
        now += gap
        granted.append(now + log.reserve(now))
    assert granted == sorted(granted), "first come, first served"
    for index, moment in enumerate(granted):
        assert sum(moment <= other < moment + 10 for other in granted[index:]) <= 20


@given(st.lists(st.tuples(st.floats(0, 0.5), st.floats(0, 0.3), st.floats(0, 0.3)), min_size=1, max_size=150))
def test_no_jitter_that_was_seen_brings_too_many_reads_into_one_window(plan: list[tuple[float, float, float]]) -> None:
    """Reads are counted when they arrive; the first trip that is known of takes as long as any."""
    log = SlidingLog(10, 1.0, trip=0.3)
    now, arrivals = 0.0, []
    for gap, there, back in plan:
        now += gap
        now += log.reserve(now)
        arrivals.append(now + there)
        log.answered(there + back)
        log.answered(0.3)
    arrivals.sort()
    for early, late in zip(arrivals, arrivals[10:], strict=False):
        assert late - early >= 1 - 1e-9


def test_reads_follow_closer_once_the_network_has_shown_to_be_quick() -> None:
    log = SlidingLog(1, 1.0, trip=0.3)
    log.reserve(0.0)
    assert log.wait(0.0) == pytest.approx(1.3)
    for _ in range(2):
        log.answered(0.01)
    assert log.wait(0.0) == pytest.approx(1.05)
    log.answered(60.0)
    assert log.wait(0.0) == pytest.approx(1.3), "a slow answer is mostly slow to make"


def test_the_margin_grows_when_refused_and_shrinks_slowly() -> None:
    log = SlidingLog(1, 1.0, margin=0.05)
    log.reserve(0.0)
    before = log.reserve(0.0)
    for _ in range(3):
        log.refused()
    wide = SlidingLog(1, 1.0, margin=0.05)
    wide.refused()
    wide.reserve(0.0)
    assert wide.reserve(0.0) > before


@given(
    st.lists(
        st.tuples(st.floats(0, 3), st.floats(0, 3), st.floats(0, 3), st.sampled_from(["answer", "unsent", "gone"])),
        min_size=1,
        max_size=80,
    )
)
def test_no_window_holds_more_arrivals_than_the_limit_however_long_requests_travel(
    plan: list[tuple[float, float, float, str]],
) -> None:
    """Once answers have shown that the network is slow, no delay can bring too many into one window."""
    log = ArrivalLog(3, 10.0)
    first = log.reserve(0.0)
    log.settle(first, 3.0)  # a slow round trip has been seen
    arrivals, settles, now = [3.0], list[tuple[float, Permit, bool]](), 3.0
    for gap, there, back, fate in plan:
        now += gap
        permit = log.reserve(now)
        while permit.wait > 0:
            upto = now + permit.wait
            for moment, answered, sent in sorted(settles, key=lambda each: each[0]):
                if moment <= upto:
                    log.settle(answered, moment, sent=sent)
            settles = [each for each in settles if each[0] > upto]
            now = upto
            if fate == "gone":
                log.settle(permit, now, sent=False)
                break
            permit = log.reserve(now, permit)
        else:
            if fate != "unsent":
                arrivals.append(now + there)
            settles.append((now + there + back, permit, fate != "unsent"))
    arrivals.sort()
    for index, moment in enumerate(arrivals):
        assert sum(moment <= other < moment + 10 for other in arrivals[index:]) <= 3


def test_a_refusal_makes_the_window_longer_once_and_answers_make_it_shorter_again() -> None:
    log = ArrivalLog(20, 10.0)
    permits = [log.reserve(0.0) for _ in range(20)]
    least = log.margin
    for permit in permits[:5]:
        log.settle(permit, 0.1, refused=True)
    grown = log.margin
    assert grown == 1.0 > least, "refusals of requests that were sent before it grew count once"
    for permit in permits[5:]:
        log.settle(permit, 0.2)
    assert least < log.margin < grown
    for number in range(200):
        permit = log.reserve(100.0 * number)
        log.settle(permit, 100.0 * number + 0.1)
    assert log.margin == least


@pytest.mark.parametrize(
    "wrong", [{"attempts": 0}, {"base": 0}, {"cap": float("inf")}, {"budget": -1}, {"factor": float("nan")}]
)
def test_figures_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ConfigError):
        RetryPolicy(**wrong)  # type: ignore[arg-type]


def test_the_lifecycle_goes_before_the_envelope_and_the_envelope_before_the_status() -> None:
    assert judge(503, 429).error == "RateLimited"
    assert judge(429, None).retry_submit
    assert judge(200, 429, {"429": judge(200, 402)}).error == "InsufficientCredits"
    assert judge(503, 200).error == "ServerError"
    assert judge(418, None).error == "BadRequest"
    assert judge(200, None).error == "ServerError"
    assert [judge(status, None).retry_read for status in (407, 408, 409, 425, 498, 499)] == [False, True] * 3
    assert judge(200, 12345).task_created is None


def test_what_a_limit_costs_depends_on_what_is_sent_not_on_the_limit() -> None:
    log = ArrivalLog(1_000_000, 10.0)
    for number in range(5000):
        permit = log.reserve(number / 100)
        assert permit.wait == 0
        log.settle(permit, number / 100 + 0.1)
    assert len(log._held) == len(log._sent) <= 1100 and not log._line, "those of the last window"
    reads = SlidingLog(1_000_000, 1.0)
    for number in range(5000):
        assert reads.reserve(number / 100) == 0
        reads.answered(0.1)
    assert len(reads._granted) <= 120 and len(reads._slowest._falling) == 1


def test_two_thousand_waiting_submissions_go_in_order_at_the_rate_and_seldom_ask() -> None:
    log = ArrivalLog(20, 10.0)
    asking = [(0.0, number, log.reserve(0.0)) for number in range(2000)]
    asks, sent = 0, list[tuple[float, int]]()
    heapq.heapify(asking)
    while asking:
        now, number, permit = heapq.heappop(asking)
        if now > 0 or permit.wait > 0:
            permit = log.reserve(now, permit) if permit.wait > 0 else permit
            asks += 1
        if permit.wait > 0:
            heapq.heappush(asking, (now + permit.wait, number, permit))
        else:
            log.settle(permit, now)
            sent.append((now, number))
    times = [at for at, _ in sent]
    assert times == sorted(times) and [number for _, number in sent] == sorted(number for _, number in sent)
    assert all(later - earlier >= 10 for earlier, later in zip(times, times[20:], strict=False))
    assert times[-1] < 990 * 1.01
    assert asks < 10 * 2000


def test_a_waiting_submission_that_is_given_up_without_a_word_does_not_keep_its_permit() -> None:
    log = ArrivalLog(1, 10.0)
    log.settle(log.reserve(0.0), 0.1)
    lost, waiting = log.reserve(1.0), log.reserve(1.0)
    assert 0 < lost.wait < waiting.wait
    now = 1.0
    while waiting.wait > 0:
        now += waiting.wait
        log.reserve(now, waiting)
    assert now < 45
    while lost.wait > 0:
        now += lost.wait
        log.reserve(now, lost)
    assert lost.at >= waiting.at + 10, "it asks again in the end, and comes last"


def test_a_limit_may_be_set_anew_while_requests_wait_and_are_on_their_way() -> None:
    process = Process()
    sent = process.limits("group").reserve("submit", 0.0)
    for _ in range(19):
        process.limits("group").reserve("submit", 0.0)
    waiting = process.limits("group").reserve("submit", 0.0)
    assert sent is not None and waiting is not None and waiting.wait > 0
    process.limit("group", RateLimit(submissions=1, reads=1))
    other = process.limits("group").reserve("submit", 1.0)
    process.limits("group").settle("submit", sent, 1.0)
    process.limits("group").settle("submit", sent, 1.0, sent=False)
    assert other is not None and other.wait == 0
    assert process.limits("group").reserve("submit", 1.0, waiting) is waiting and waiting.wait > 0
    process.limit("group", RateLimit.unlimited())
    assert process.limits("group").reserve("submit", 1.0, waiting) is waiting and waiting.wait == 0
    assert process.limits("group").reserve("submit", 1.0) is None
    process.limits("group").settle("submit", waiting, 1.0)
    assert process.limits("group").reserve("read", 1.0) is None
    assert isinstance(process.limits("group").reserve_poll(Due(Durations(), 0.0, 0.0), 1.0), Permit)


def test_a_permit_that_was_reserved_for_later_is_waited_for_to_its_end() -> None:
    permit = Permit(10.0)
    permit.wait = 3.0
    assert [again(now, permit).wait for now in (11.0, 12.5, 13.0, 20.0)] == [2.0, 0.5, 0.0, 0.0]
