"""Library: sums up what runs cost. May import `_core`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Context, Decimal
from typing import Any

import attrs

from kie._core.errors import ConfigError
from kie._core.estimates import USD_PER_CREDIT
from kie._core.safe_text import repr_of
from kie._library.index_rows import facts_of, source_name

_NOTHING = Decimal(0)


@attrs.frozen(kw_only=True)
class Spend:
    """What several runs cost."""

    runs: int = 0
    """How many runs there are."""
    credits: Decimal = _NOTHING
    """What the runs with a known charge cost."""
    unknown: int = 0
    """How many runs have no known charge: they are open or unknown, or the service did not say. They are not in
    `credits`."""
    at_least: Decimal = _NOTHING
    """The lowest estimated cost of the runs without a known charge, in credits, as far as there are estimates."""
    at_most: Decimal | None = _NOTHING
    """The highest estimated cost of the runs without a known charge, in credits; None if one of them has no bound."""

    @property
    def usd(self) -> Decimal:
        """`credits` in US dollars, at the list's rate of 0.005 a credit."""
        return self.credits * USD_PER_CREDIT

    def _with(self, count: int, credits: str | None, at_least: str | None, at_most: str | None) -> Spend:
        """Add runs with equal amounts."""
        if credits is not None:
            return attrs.evolve(self, runs=self.runs + count, credits=_add(self.credits, credits, count))
        most = None if at_most is None or self.at_most is None else _add(self.at_most, at_most, count)
        return attrs.evolve(
            self,
            runs=self.runs + count,
            unknown=self.unknown + count,
            at_least=_add(self.at_least, at_least or _NOTHING, count),
            at_most=most,
        )


_EXACT = Context(prec=30_000)
"""Adds without rounding whatever a `run.json` may hold: amounts from 1E-9999 to 1E+9999, of 200 digits each."""


def _add(sum: Decimal, amount: Decimal | str, count: int) -> Decimal:
    return _EXACT.add(sum, _EXACT.multiply(Decimal(amount), count))


def spent(rows: Iterable[tuple[Any, ...]], by: str) -> dict[str, Spend]:
    """Sum up what runs cost.

    Args:
        rows: What `Query.amounts` finds: a group, the amounts, and how many runs have them.
        by: What the runs are grouped by.

    Returns:
        The sums, by the name of their group.
    """
    found: dict[str, Spend] = {}
    for group, *amounts, count in rows:
        for name in _names(group, by):
            found[name] = found.get(name, Spend())._with(count, *amounts)
    if by in ("day", "month"):
        return dict(sorted(found.items()))
    return dict(sorted(found.items(), key=lambda item: (-item[1].credits, item[0])))


_DAY = 24 * 60 * 60 * 1_000_000
_DAYS = f"(at - (at % {_DAY} + {_DAY}) % {_DAY}) / {_DAY}"
"""Days since 1970. SQLite rounds towards zero, so that earlier times need care."""
_FIRST_DAY = date(1970, 1, 1).toordinal()
_GROUPS = {
    "model": "model",
    "state": "state",
    "label": "coalesce(label, '')",
    "day": _DAYS,
    "month": _DAYS,
    "tag": "facts",
}


def checked(by: object) -> str:
    """The SQL expression for what to group by. Raises `ConfigError` if runs have no such thing."""
    if not isinstance(by, str) or (by not in _GROUPS and not by.startswith("source.")):
        raise ConfigError(
            f"by must be 'model', 'day', 'month', 'tag', 'state', 'label' or 'source.NAME', not {repr_of(by)}"
        )
    return _GROUPS.get(by, "facts")


def _names(group: Any, by: str) -> Sequence[str]:
    """The names of the groups that runs with a value of the SQL expression are in; an empty name if they do not say."""
    match by:
        case "model" | "state" | "label":
            return (group,)
        case "day":
            return (date.fromordinal(_FIRST_DAY + group).isoformat(),)
        case "month":
            return (date.fromordinal(_FIRST_DAY + group).isoformat()[:7],)
        case "tag":
            return facts_of(group, "tag") or ("",)
    values = facts_of(group, source_name(by.removeprefix("source.")))
    return ["" if value is None else str(value) for value in values] or ("",)
