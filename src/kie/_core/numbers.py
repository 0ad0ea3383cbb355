"""Core: what a number in an option may be. May import only `_core`.

Every option that takes a number is checked here, so that all of them refuse the same values in the same words.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from typing import TypeGuard

from kie._core.errors import ConfigError

NO_LIMIT = 10**15
"""Credits that nobody can spend: the limit of an account that has none."""


def finite(value: object) -> TypeGuard[float]:
    """Whether a value is a number that is neither infinite nor NaN. `True` and `False` are not numbers."""
    if isinstance(value, bool):
        return False
    try:
        return math.isfinite(value)  # type: ignore[arg-type]
    except (TypeError, OverflowError):
        return False


def whole(value: object, least: int | None = None) -> TypeGuard[int]:
    """Whether a value is a whole number, `least` or more. `True` and `False` are not numbers."""
    return isinstance(value, int) and not isinstance(value, bool) and (least is None or value >= least)


def positive(name: str, value: object, *, zero: bool = False) -> None:
    """Check a figure such as a number of seconds.

    Args:
        name: The option, as the message names it.
        value: What was given.
        zero: Whether 0 is allowed.

    Raises:
        ConfigError: The value is not a number, negative, infinite, or 0 where that is not allowed.
    """
    if not finite(value) or value < 0 or (value == 0 and not zero):
        raise ConfigError(f"{name} must be a finite number, {'at least' if zero else 'more than'} 0, not {value!r}")


def at_least(name: str, value: object, least: int = 1) -> None:
    """Check a count.

    Args:
        name: The option, as the message names it.
        value: What was given.
        least: The smallest that is allowed.

    Raises:
        ConfigError: The value is not a whole number, or smaller.
    """
    if not whole(value, least):
        raise ConfigError(f"{name} must be a whole number, at least {least}, not {value!r}")


def together(*checks: Callable[[], object]) -> None:
    """Make all of some checks, so that one error tells every fault.

    Args:
        *checks: Each raises `ConfigError` for what is wrong.

    Raises:
        ConfigError: Something is wrong.
    """
    faults: list[str] = []
    for check in checks:
        try:
            check()
        except ConfigError as error:
            faults.append(error.message)
    if faults:
        raise ConfigError("; ".join(faults))


def amount(name: str, value: Decimal | float | str) -> Decimal:
    """Read an exact amount, such as a number of credits.

    Args:
        name: The option, as the message names it.
        value: What was given; a text is read as it is written.

    Raises:
        ConfigError: The value is not a number, infinite, or negative.
    """
    try:
        read, said = Decimal(str(value)), f"{value!r:.80}"
    except ArithmeticError:
        read, said = Decimal(-1), f"{value!r:.80}"
    except ValueError:  # Python writes no integer of more than 4300 digits
        read, said = Decimal(-1), "one of thousands of digits"
    if not read.is_finite() or read < 0:
        raise ConfigError(f"{name} must be a number, at least 0, not {said}")
    return read
