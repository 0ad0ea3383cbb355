"""Plans: the open choices of a request, and its price with each. May import `_core`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from decimal import Decimal
from typing import cast

import attrs

from kie._core import paths
from kie._core.estimates import Estimate, shown
from kie._core.issues import Issue
from kie._core.json import JSON, JSONObject
from kie._core.price_counters import Numbers, Seconds
from kie._core.prices import estimate_body, price_table
from kie._plans.normalise import AMBIGUOUS
from kie._plans.states import DEFAULT, MISSING, WARNINGS, state_of


@attrs.frozen(kw_only=True)
class Choice:
    """One of several values that a plan does not choose between."""

    field: str
    """The field, by its name on the wire; `model` for the model itself."""
    value: JSON
    """The value: `plan.answer(**{choice.field: choice.value})` takes it."""
    at_most: Decimal | None = None
    """The most that the request may cost with it, in credits; None if that is not known."""

    def __str__(self) -> str:
        price = "" if self.at_most is None else f" (at most {shown(self.at_most)} credits)"
        return f"{self.field}={self.value}{price}"


@attrs.frozen(kw_only=True)
class Incomplete:
    """An incomplete request."""

    model: str
    """The id of its model."""
    body: JSONObject
    """Its known part, as it would be sent."""
    issues: Sequence[Issue]
    """The issues found so far."""
    seconds: Seconds
    """The lengths of local media, by field."""

    def offers(self, nodes: Mapping[str, JSONObject]) -> Iterator[Choice]:
        """List the possible values of missing or ambiguous fields, and the highest price of the request with each.

        Args:
            nodes: The schemas of its fields.

        Yields:
            The choices, field by field.
        """
        for issue in self.issues if state_of(self.issues) == "needs_input" else ():
            name = issue.path
            node = nodes.get(name, {})
            values: Sequence[JSON] = cast("list[JSON]", node.get("enum") or [])
            if issue.rule == AMBIGUOUS:
                values = issue.allowed
            elif node.get("type") == "boolean":
                values = [True, False]
            for value in values if issue.rule in MISSING else ():
                yield Choice(field=name, value=value, at_most=self.at_most(name, value))

    def estimate(self) -> Estimate | None:
        """Estimate the price of the request as it is.

        Returns:
            The estimate; None if it depends on missing or invalid fields.
        """
        lacking = {_root(issue) for issue in self.issues if issue.rule in MISSING}
        faulty = {_root(issue) for issue in self.issues if issue.rule not in MISSING | WARNINGS | {DEFAULT}}
        table = price_table(self.model)
        for term in table.terms if table else ():
            counted = {field for counter in term.counters for field in counter.fields}
            given = {field for field, presence in term.by if presence}
            if lacking & given or faulty & (counted | {field for field, _ in term.by}):
                return None
        return None if self._uncountable(lacking) else estimate_body(self.model, self.body, self.seconds)

    def _uncountable(self, lacking: Set[str]) -> bool:
        """Whether a field is missing whose number decides the price: its final number will not be zero."""
        table = price_table(self.model)
        counters = [counter for term in (table.terms if table else ()) for counter in term.counters]
        return any(not isinstance(each, Numbers) and lacking & {*each.fields} for each in counters)

    def at_most(self, name: str = "", value: JSON = None) -> Decimal | None:
        """Get the highest price of the request, optionally with one more value.

        Args:
            name: The field of that value; empty for none.
            value: The value.

        Returns:
            The credits; None if the price depends on missing fields.
        """
        if state_of(self.issues) == "invalid":
            return None
        if self._uncountable({_root(issue) for issue in self.issues if issue.rule in MISSING} - {name}):
            return None
        body = self.body if not name else {**self.body, name: value}
        return estimate_body(self.model, body, self.seconds).at_most


def _root(issue: Issue) -> str:
    """The top-level field that an issue is about."""
    return paths.key(paths.parse(issue.path)).partition(".")[0]
