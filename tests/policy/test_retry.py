"""How long a retry waits."""

from __future__ import annotations

import pytest

from kie import RetryPolicy


def test_every_wait_may_be_as_much_longer_as_the_factor_says_up_to_the_cap() -> None:
    policy = RetryPolicy(base=0.5, factor=3.0, cap=20)
    assert [policy.delay(attempt, 0.5) for attempt in range(1, 7)] == [0.25, 0.75, 2.25, 6.75, 10, 10]


def test_a_wait_that_no_float_can_hold_is_as_long_as_the_cap() -> None:
    assert RetryPolicy(factor=10.0, cap=20).delay(5000, 0.5) == 10


@pytest.mark.parametrize(("asked_for", "waited"), [(None, 0.25), (0.1, 0.25), (7.0, 7.0), (60.0, 60.0), (61.0, 60.0)])
def test_the_service_may_ask_for_a_longer_wait_but_not_for_a_shorter_one(
    asked_for: float | None, waited: float
) -> None:
    assert RetryPolicy(base=0.5, retry_after_cap=60).delay(1, 0.5, asked_for) == waited
