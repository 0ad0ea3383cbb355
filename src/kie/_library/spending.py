"""Library: what runs cost. May import `_core`."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import attrs

from kie._core.errors import ConfigError
from kie._core.estimates import USD_PER_CREDIT
from kie._library.folders import utc
from kie._library.run import Run

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

    def _with(self, run: Run) -> Spend:
        """With a run more."""
        if run.credits is not None:
            return attrs.evolve(self, runs=self.runs + 1, credits=self.credits + run.credits)
        most = None if run.estimate is None else run.estimate.at_most
        return attrs.evolve(
            self,
            runs=self.runs + 1,
            unknown=self.unknown + 1,
            at_least=self.at_least + (_NOTHING if run.estimate is None else run.estimate.at_least),
            at_most=None if most is None or self.at_most is None else self.at_most + most,
        )


def spent(runs: Iterable[Run], by: str) -> dict[str, Spend]:
    """What runs cost, by what `by` says. Raises `ConfigError` for anything else."""
    found: dict[str, Spend] = {}
    for run in runs:
        for name in _groups(run, by):
            found[name] = found.get(name, Spend())._with(run)
    if by in ("day", "month"):
        return dict(sorted(found.items()))
    return dict(sorted(found.items(), key=lambda item: (-item[1].credits, item[0])))


def checked(by: str) -> str:
    """What to group by. Raises `ConfigError` for what is nothing of a run."""
    if by not in ("model", "day", "month", "tag", "state", "label") and not by.startswith("source."):
        raise ConfigError(
            f"by must be 'model', 'day', 'month', 'tag', 'state', 'label' or 'source.NAME', not {by!r:.60}"
        )
    return by


def _groups(run: Run, by: str) -> tuple[str, ...]:
    """The groups that a run is in; an empty name for what it does not say."""
    match by:
        case "model":
            return (run.model,)
        case "day":
            return (utc(run.submitted_at).date().isoformat(),)
        case "month":
            return (utc(run.submitted_at).date().isoformat()[:7],)
        case "tag":
            return run.tags or ("",)
        case "state":
            return (run.state,)
        case "label":
            return (run.label or "",)
    value = run.source.get(by.removeprefix("source."))
    return ("" if value is None else str(value),)
