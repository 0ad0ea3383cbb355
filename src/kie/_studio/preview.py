"""Studio: the price and the faults of an input; nothing is sent. May import `_core`, `_plans`, `_aclient`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from os import PathLike, fspath
from pathlib import PurePath
from typing import cast

import attrs

from kie._aclient import AsyncKie
from kie._core import paths
from kie._core.error_facts import issue_facts
from kie._core.errors import MediaRejected
from kie._core.estimates import Estimate, shown
from kie._core.issues import Issue
from kie._core.json import JSON, JSONObject
from kie._plans.plan import Plan
from kie._plans.planning import exact_plan
from kie._plans.states import RETIRED


@attrs.frozen(kw_only=True)
class CheckedPlan:
    """A plan, and the faults of its media."""

    plan: Plan
    """The plan."""
    issues: Sequence[Issue]
    """All faults that keep it from being run."""

    @property
    def ready(self) -> bool:
        """Whether it can be sent, regardless of its price."""
        return self.plan.request is not None and not self.issues

    def facts(self) -> JSONObject:
        """Return the facts that the page shows."""
        plan = self.plan
        request, estimate = plan.request, plan.estimate
        refused = "; ".join(plan.reasons) if plan.decision == "reject" and plan.state != "invalid" else None
        known = estimate is not None and estimate.at_most is not None
        choices: list[JSON] = [
            {"field": each.field, "value": each.value, "at_most": figure(each.at_most)} for each in plan.choices
        ]
        return {
            "ready": self.ready,
            "issues": [issue_facts(issue) for issue in self.issues],
            "warnings": [str(issue) if issue.path else issue.message for issue in plan.warnings],
            "credits": credits_of(estimate),
            "affordable": False if refused is not None else True if known else None,
            "why_not": refused,
            "wire": None if request is None else _wire(plan),
            "choices": choices,
        }


async def planned(
    client: AsyncKie, model: str, fields: Mapping[str, object], issues: Sequence[Issue], balance: Decimal | None
) -> CheckedPlan:
    """Make a plan of an input.

    Args:
        client: The client. It sends nothing.
        model: The id of the model.
        fields: The fields by their names on the wire, with paths instead of the studio's file values.
        issues: The faults of the files.
        balance: The last known credits of the account; None if unknown.

    Returns:
        The plan, and whether it can be sent.

    Raises:
        UnknownModel: There is no such model.
    """
    plan = await client._driver.drive(exact_plan(client._ctx, model, fields, balance=balance))
    known = {issue.path for issue in issues}
    found = [*issues, *(issue for issue in (*plan.faults, *plan.missing) if issue.path not in known)]
    found += [issue for issue in plan.warnings if issue.rule == RETIRED]
    if plan.request is not None and plan.request.local_media:
        try:
            await client.check(plan.request, allow_retired=True)
        except MediaRejected as error:
            found += error.issues
    return CheckedPlan(plan=plan, issues=found)


def credits_of(estimate: Estimate | None) -> JSON:
    """Return an estimate in the form that the page reads.

    Args:
        estimate: The estimate; None if there is none.

    Returns:
        The bounds as texts, and the reason if they are wide or open.
    """
    if estimate is None:
        return None
    return {"at_least": shown(estimate.at_least), "at_most": figure(estimate.at_most), "notes": [*estimate.notes]}


def figure(credits: Decimal | None) -> JSON:
    """Return an amount as text, so that no reader rounds it.

    Args:
        credits: The amount; None for none.

    Returns:
        The text.
    """
    return None if credits is None else shown(credits)


def _wire(plan: Plan) -> JSON:
    """The body that would be sent, with file names instead of local files."""
    request = plan.request
    if request is None:
        return None
    files = {path: f"<upload: {_name(file)}>" for path, file in request.local_media.items()}
    body = cast(JSON, paths.replaced(request._encode()[0], files))
    return body if request.info.model is None else {"model": request.info.model, "input": body}


def _name(file: object) -> str:
    return PurePath(fspath(file)).name if isinstance(file, PathLike) else "a file"
