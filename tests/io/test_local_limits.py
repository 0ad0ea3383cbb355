"""The limits within one process."""

from __future__ import annotations

import pytest

from kie import RateLimit
from kie._io.local_limits import LocalLimits
from kie._policy.limits import Permit


def taken(limits: LocalLimits, now: float) -> Permit:
    permit = limits.reserve("read", now)
    assert permit is not None
    return permit


def test_a_read_that_was_not_sent_says_nothing_of_how_long_answers_take() -> None:
    limits = LocalLimits(RateLimit(reads=2, reads_window=1.0))
    for now in (0.0, 5.0, 10.0, 15.0):
        limits.settle("read", taken(limits, now), now + 0.01)
    limits.settle("read", taken(limits, 20.0), 20.3, sent=False)
    assert [taken(limits, 30.0).wait for _ in range(3)] == pytest.approx([0.0, 0.0, 1.05])
