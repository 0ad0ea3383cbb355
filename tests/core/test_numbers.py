"""Numbers in options: one set of checks, in the same words everywhere."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import pytest

from kie import CircuitBreaker, ConfigError, RateLimit, RetryPolicy
from kie._core.numbers import amount, at_least, positive


@pytest.mark.parametrize("value", [1, 0.001, Decimal("2.5"), Fraction(1, 3), 10**300])
def test_a_figure_above_zero_is_taken(value: object) -> None:
    positive("x", value)


@pytest.mark.parametrize("value", [0, -1, math.inf, -math.inf, math.nan, True, False, None, "5", [], 10**400])
def test_any_other_figure_is_refused_by_name_and_value(value: object) -> None:
    with pytest.raises(ConfigError) as caught:
        positive("timeout", value)
    assert caught.value.message == f"timeout must be a finite number, more than 0, not {value!r}"


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
