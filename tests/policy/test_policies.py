"""The policies: bounds of retrying and limiting, whatever the figures."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kie import ConfigError, PollPolicy, RetryPolicy
from kie.policy.codes import judge
from kie.policy.limits import SlidingLog

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


@given(st.integers(0, 10_000), LUCK)
def test_an_interval_of_ones_own_is_never_shorter_or_longer_than_its_bounds(looks: int, luck: float) -> None:
    policy = PollPolicy(first=2, cap=20, jitter=0.1)
    assert 2 * 0.9 <= policy.delay(looks, luck) <= 20 * 1.1


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
    assert judge(200, 12345).task_created is None
