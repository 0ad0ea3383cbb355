"""Plans: decides by its highest price whether a request may be submitted without asking. May import `_core`.

An unknown price never counts as a small one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Literal, TypeAlias

import attrs

from kie._core.estimates import Estimate, shown

Decision: TypeAlias = Literal["allow", "warn", "require_confirmation", "reject"]
"""Whether a plan may be run: at once, at once but with a warning, once somebody has confirmed it, or not at all."""
_ORDER: tuple[Decision, ...] = ("allow", "warn", "require_confirmation", "reject")


@attrs.frozen(kw_only=True)
class Limits:
    """The limits on the price of a request that are known when it is planned."""

    warn_above: Decimal | None = None
    """Credits from which there is a warning; None for never."""
    confirm_above: Decimal | None = None
    """Credits from which somebody has to confirm; None for never."""
    balance: Decimal | None = None
    """The credits of the account; None if they were not read."""
    left: Decimal | None = None
    """The credits that the budget has left for this request; None without a budget."""
    priced_only: bool = False
    """Whether the budget refuses requests without an upper price."""


def decide(
    estimate: Estimate | None,
    limits: Limits,
    *,
    invalid: bool,
    warnings: Sequence[str] = (),
    confirm: Sequence[str] = (),
) -> tuple[Decision, tuple[str, ...]]:
    """Decide whether a request may be submitted.

    Args:
        estimate: Its price; None if that depends on missing input.
        limits: The limits on its price.
        invalid: Whether the input cannot become a valid request.
        warnings: Known problems of the model.
        confirm: Other things that somebody has to agree to.

    Returns:
        The decision, and its reasons, the strictest first.
    """
    found: list[tuple[Decision, str]] = [*_verdicts(estimate, limits, invalid=invalid)]
    for said in warnings:
        found.append(("warn", said))
    for said in confirm:
        found.append(("require_confirmation", said))
    found.sort(key=lambda verdict: -_ORDER.index(verdict[0]))
    return found[0][0] if found else "allow", tuple(reason for _, reason in found)


def _verdicts(estimate: Estimate | None, limits: Limits, *, invalid: bool) -> Iterator[tuple[Decision, str]]:
    if invalid:
        yield "reject", "the request is invalid"
        return
    if estimate is None:
        yield "require_confirmation", "what it costs depends on what is missing"
        return
    most = estimate.at_most
    needed = estimate.at_least if most is None else most
    may = f"it costs {shown(needed)} credits or more" if most is None else f"it may cost {shown(needed)} credits"
    for limit, left in ((limits.balance, "the balance is {}"), (limits.left, "the budget has {} left")):
        if limit is not None and needed > limit:
            yield "reject", f"{may}, and {left.format(shown(max(limit, Decimal(0))))}"
    if most is None:
        why = "; ".join(estimate.notes) or "the price list gives no upper bound"
        yield "require_confirmation", f"the most that it may cost is not known: {why}"
        if limits.priced_only:
            yield (
                "reject",
                "the budget refuses what has no upper bound: Budget(unpriced='allow') submits it anyway",
            )
        return
    if limits.confirm_above is not None and most >= limits.confirm_above:
        yield "require_confirmation", f"{may}: {shown(limits.confirm_above)} or more must be confirmed"
    elif limits.warn_above is not None and most >= limits.warn_above:
        yield "warn", f"{may}: the threshold for warnings is {shown(limits.warn_above)}"
