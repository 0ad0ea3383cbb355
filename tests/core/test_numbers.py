"""Numbers in options: one set of checks, in the same words everywhere."""

from __future__ import annotations

import math
import socket
import sys
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from kie import CircuitBreaker, ConfigError, PollPolicy, RateLimit, RetryPolicy
from kie._batch.flow import BatchOptions
from kie._core.numbers import amount, at_least, positive
from kie._core.safe_text import short_repr
from kie._flow.options import Options


@pytest.mark.parametrize("value", [1, 0.001, Decimal("2.5"), Fraction(1, 3), 10**300])
def test_a_figure_above_zero_is_taken_as_a_plain_number(value: Any) -> None:
    taken = positive("x", value)
    assert type(taken) in (int, float)
    assert taken == pytest.approx(float(value))


def test_a_time_can_be_added_to_a_clock_and_given_to_a_socket_whatever_it_is_given_as() -> None:
    for given in (Decimal("2.5"), Fraction(5, 2), sys.maxsize, 1e300):
        times = [
            RetryPolicy(cap=given).cap,  # type: ignore[arg-type]
            RateLimit(reads_window=given).reads_window,  # type: ignore[arg-type]
            PollPolicy(max_interval=given).max_interval,  # type: ignore[arg-type]
            CircuitBreaker(pause=given).pause,  # type: ignore[arg-type]
            Options(upload_timeout=given).upload_timeout,  # type: ignore[arg-type]
            BatchOptions(batch_timeout=given).batch_timeout,  # type: ignore[arg-type]
        ]
        assert times == [min(float(given), 10**8)] * len(times)
        with socket.socket() as one:
            one.settimeout(times[0])
    assert Options(max_download=sys.maxsize).max_download == sys.maxsize


@pytest.mark.parametrize("value", [0, -1, math.inf, -math.inf, math.nan, True, False, None, "5", [], 10**400])
def test_any_other_figure_is_refused_by_name_and_value(value: object) -> None:
    with pytest.raises(ConfigError) as caught:
        positive("timeout", value)
    assert caught.value.message == f"timeout must be a finite number, more than 0, not {short_repr(value)}"


def test_zero_is_taken_where_it_is_allowed() -> None:
    positive("x", 0, zero=True)
    with pytest.raises(ConfigError, match="x must be a finite number, at least 0, not -1"):
        positive("x", -1, zero=True)


@pytest.mark.parametrize("value", [0, -3, 1.0, True, None, "2", math.nan])
def test_a_count_is_a_whole_number_from_its_least_on(value: object) -> None:
    at_least("x", 1)
    at_least("x", 0, 0)
    with pytest.raises(ConfigError) as caught:
        at_least("attempts", value)
    assert caught.value.message == f"attempts must be a whole number, at least 1, not {value!r}"


def test_an_amount_is_exact() -> None:
    assert amount("credits", "0.1") == Decimal("0.1") == amount("credits", 0.1)
    for wrong in ("-1", "much", math.nan, math.inf):
        with pytest.raises(ConfigError, match="credits must be a number, at least 0, not"):
            amount("credits", wrong)


def test_every_policy_refuses_in_these_words() -> None:
    for make in (
        lambda: RetryPolicy(attempts=0),
        lambda: RateLimit(reads=0),
        lambda: CircuitBreaker(failures=0),
    ):
        with pytest.raises(ConfigError, match="must be a whole number, at least 1, not 0"):
            make()
