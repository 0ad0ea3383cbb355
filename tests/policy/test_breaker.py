"""The circuit breaker against a model of it, and the bounds of every policy's figures."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from kie import CircuitBreaker, ConfigError, PollPolicy, RateLimit, RetryPolicy, no_retry
from kie._flow.options import Options
from kie._policy.breaker import Admission, Circuit

FAILURES, SUCCESSES, PAUSE = 3, 2, 30.0


class BreakerAgainstModel(RuleBasedStateMachine):
    """The model keeps what happened since the last change of state, and looks at nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.circuit = Circuit(CircuitBreaker(failures=FAILURES, successes=SUCCESSES, pause=PAUSE))
        self.now = 0.0
        self.state = "closed"
        self.period: list[bool] = []
        self.opened_at = 0.0
        self.under_way: list[tuple[Admission, list[bool]]] = []
        self.counted = {"opened": 0, "refused": 0}

    def go(self, state: str) -> None:
        self.state, self.period = state, []
        if state == "open":
            self.opened_at = self.now
            self.counted["opened"] += 1

    @rule(seconds=st.sampled_from([0.0, 1.0, PAUSE / 2, PAUSE - 0.001, PAUSE, 10 * PAUSE]))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @rule()
    def ask(self) -> None:
        if self.state == "open" and self.now >= self.opened_at + PAUSE:
            self.go("half_open")
        probing = any(period is self.period for _, period in self.under_way)
        expected = self.state == "closed" or (self.state == "half_open" and not probing)
        ticket = self.circuit.admit(self.now)
        assert (ticket is not None) is expected
        if ticket is None:
            self.counted["refused"] += 1
        else:
            self.under_way.append((ticket, self.period))

    @precondition(lambda self: self.under_way)
    @rule(data=st.data(), success=st.sampled_from([True, False, None]))
    def an_attempt_ends(self, data: st.DataObject, success: bool | None) -> None:
        ticket, period = self.under_way.pop(data.draw(st.integers(0, len(self.under_way) - 1)))
        before = self.state
        if period is self.period and success is not None:
            self.period.append(success)
            run = self.period[-FAILURES:]
            if (self.state == "half_open" and not success) or (self.state == "closed" and run == [False] * FAILURES):
                self.go("open")
            elif self.state == "half_open" and self.period.count(True) == SUCCESSES:
                self.go("closed")
        change = self.circuit.report(ticket, success, self.now)
        assert change == ((before, self.state) if before != self.state else None)

    @precondition(lambda self: self.under_way)
    @rule()
    def an_attempt_is_abandoned(self) -> None:
        admission, _ = self.under_way.pop()
        assert self.circuit.report(admission, None, self.now) is None

    @rule()
    def reset(self) -> None:
        change = self.circuit.reset()
        assert change == ((self.state, "closed") if self.state != "closed" else None)
        self.go("closed")

    @invariant()
    def stats_agree(self) -> None:
        stats = self.circuit.stats(self.now)
        waiting = self.state == "open" and self.now < self.opened_at + PAUSE
        assert stats.state == ("half_open" if self.state == "open" and not waiting else self.state)
        assert (stats.opened, stats.refused) == (self.counted["opened"], self.counted["refused"])
        assert stats.retry_after == pytest.approx(self.opened_at + PAUSE - self.now if waiting else 0.0)
        if self.state == "closed":
            run = [*reversed(self.period), True].index(True)
            assert stats.failures == run


TestBreakerAgainstModel = BreakerAgainstModel.TestCase
TestBreakerAgainstModel.settings = settings(stateful_step_count=60)


def test_five_failures_open_it_thirty_seconds_later_two_probes_close_it() -> None:
    circuit = Circuit(CircuitBreaker())
    for number in range(5):
        assert circuit.stats(0.0).state == "closed", number
        ticket = circuit.admit(0.0)
        assert ticket is not None
        circuit.report(ticket, False, 0.0)
    assert circuit.admit(29.9) is None
    for _ in range(2):
        probe = circuit.admit(30.0)
        assert probe is not None
        assert circuit.admit(30.0) is None, "one probe at a time"
        circuit.report(probe, True, 30.0)
    assert circuit.stats(30.0).state == "closed"


POLICIES: dict[str, tuple[Any, set[str]]] = {
    "RetryPolicy": (RetryPolicy, {"attempts"}),
    "PollPolicy": (PollPolicy, set()),
    "CircuitBreaker": (CircuitBreaker, {"failures", "successes"}),
    "RateLimit": (RateLimit, {"submissions", "reads"}),
    "Options": (Options, set()),
}
FIGURES = {
    "RetryPolicy": ["attempts", "base", "factor", "cap", "budget", "retry_after_cap"],
    "PollPolicy": ["min_interval", "max_interval", "growth", "speed"],
    "CircuitBreaker": ["failures", "successes", "pause"],
    "RateLimit": ["submissions", "submissions_window", "reads", "reads_window"],
    "Options": ["timeout", "request_timeout", "upload_timeout", "max_download"],
}


@pytest.mark.parametrize(("policy", "name"), [(policy, name) for policy, names in FIGURES.items() for name in names])
def test_a_figure_that_makes_no_sense_is_refused(policy: str, name: str) -> None:
    made, whole = POLICIES[policy]
    wrong: list[Any] = [0, -1, float("nan"), float("inf"), "3", True]
    wrong += [] if name in whole else [10**400]  # a large whole number is no wrong count
    wrong += [] if attrs.fields_dict(made)[name].default is None else [None]
    for value in wrong:
        with pytest.raises(ConfigError, match=name):
            made(**{name: value})


@pytest.mark.parametrize(
    ("policy", "name"), [(policy, name) for policy, (_, names) in POLICIES.items() for name in sorted(names)]
)
def test_a_count_is_a_whole_number(policy: str, name: str) -> None:
    with pytest.raises(ConfigError, match="whole number"):
        POLICIES[policy][0](**{name: 1.5})


SANE = st.floats(1e-6, 1e308)
RETRIES = st.builds(
    RetryPolicy,
    attempts=st.integers(1, 10**6),
    base=SANE,
    factor=SANE,
    cap=SANE,
    budget=SANE,
    retry_after_cap=SANE,
)


@given(RETRIES, st.integers(1, 10**6), st.floats(0, 1, exclude_max=True), st.none() | st.floats(0, 1e300))
def test_a_delay_keeps_to_the_bounds_of_any_policy(
    policy: RetryPolicy, attempt: int, luck: float, asked: float | None
) -> None:
    delay = policy.delay(attempt, luck, asked)
    least = min(asked or 0.0, policy.retry_after_cap)
    assert least <= delay <= max(policy.cap, least)
    assert policy.delay(attempt, 0.0) == 0, "full jitter begins at nothing"


def test_no_retry_is_one_attempt() -> None:
    assert no_retry().attempts == 1
