"""Core: checks numbers in options. May import only `_core`.

Every option that takes a number is checked here, so that all options refuse the same values with the same messages.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)
from functools import partial
from typing import TypeGuard

from kie._core.errors import ConfigError
from kie._core.safe_text import short_repr

NO_LIMIT = 10**15
"""More credits than anybody can spend: the limit of an account without a limit."""

LONGEST = 10**8
"""The longest time of any option, in seconds. Longer ones are reduced to it."""

_EXACT = Context(
    prec=28,
    rounding=ROUND_HALF_EVEN,
    Emin=-999999,
    Emax=999999,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[InvalidOperation, DivisionByZero, Overflow],
)


def exactly() -> AbstractContextManager[Context]:
    """Add up credits with the default context of `decimal` in the block.

    If a program had set `getcontext().prec` to 2, then 990 and 4 would be 990, and no budget would ever be used up.
    """
    return localcontext(_EXACT)


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


def positive(name: str, value: object, *, zero: bool = False) -> float:
    """Read a figure such as a number of seconds.

    Args:
        name: The option, as the message names it.
        value: What was given. It may be a `Decimal`, a `Fraction` or a number of NumPy, which cannot be added to a
            time, or only at the cost of its digits.
        zero: Whether 0 is allowed.

    Returns:
        The same as a plain number.

    Raises:
        ConfigError: The value is not a number, negative, infinite, or 0 where that is not allowed.
    """
    plain = value if type(value) in (int, float) else float(value) if finite(value) else -1.0
    if not finite(plain) or plain < 0 or (plain == 0 and not zero):
        raise ConfigError(
            f"{name} must be a finite number, {'at least' if zero else 'more than'} 0, not {short_repr(value)}"
        )
    return plain


def figures(owner: object, *names: str) -> None:
    """Check figures of a frozen object, and replace them by plain numbers.

    Args:
        owner: The object.
        names: The figures, which have to be above 0.

    Raises:
        ConfigError: One is not a number, or out of bounds.
    """
    together(*(partial(_figure, owner, name) for name in names))


def _figure(owner: object, name: str) -> None:
    object.__setattr__(owner, name, positive(name, getattr(owner, name)))


def seconds(owner: object, *names: str) -> None:
    """Read figures that are times, as `figures` does. More than three years are three years.

    Nobody waits that long, and sockets, locks and clocks take no time such as `sys.maxsize`.
    """
    figures(owner, *names)
    for name in names:
        object.__setattr__(owner, name, min(getattr(owner, name), LONGEST))


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
        raise ConfigError(f"{name} must be a whole number, at least {least}, not {short_repr(value)}")


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
    except ValueError:  # Python cannot format integers of more than 4300 digits
        read, said = Decimal(-1), "one of thousands of digits"
    if not read.is_finite() or read < 0:
        raise ConfigError(f"{name} must be a number, at least 0, not {said}")
    return read
