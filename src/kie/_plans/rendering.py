"""Plans: renders a plan as JSON. May import `_core`."""

from __future__ import annotations

from decimal import Decimal
from os import PathLike, fspath
from typing import TYPE_CHECKING, cast

import attrs

from kie._core.estimates import Estimate, shown
from kie._core.issues import Issue
from kie._core.json import JSON, JSONObject
from kie._core.paths import replaced
from kie._core.request import Request
from kie._core.results import Result

if TYPE_CHECKING:
    from kie._plans.plan import Plan


def rendered(plan: Plan) -> JSONObject:
    """Render a plan, with our field names and those of `kie-api`."""
    body = None if plan.request is None else plan.request._encode()[0]
    lacking, defaulted = [_issue(i) for i in plan.missing], [_issue(i) for i in plan.defaulted]
    warnings, faults = [_issue(i) for i in plan.warnings], [_issue(i) for i in plan.faults]
    choices: list[JSON] = [
        {"field": each.field, "value": each.value, "at_most": _figure(each.at_most)} for each in plan.choices
    ]
    return {
        "model": plan.model,
        "family": plan.family,
        "task_mode": plan.task_mode,
        "state": plan.state,
        "request": None if body is None else {"model": plan.model, "input": _shown_media(plan.request, body)},
        "changes": [*plan.changes],
        "faults": [*faults],
        "missing": [*lacking],
        "warnings": [*warnings],
        "defaulted": [*defaulted],
        "choices": choices,
        "preset": plan.preset.to_dict(),
        "prompts": None if plan.prompts is None else attrs.asdict(plan.prompts),
        "estimate": _price(plan.estimate),
        "decision": plan.decision,
        "reasons": [*plan.reasons],
        "model_key": plan.family,
        "provider_model": plan.model,
        "missing_inputs": [*lacking],
        "defaulted_fields": [*defaulted],
        "warning_details": [*warnings],
        "impossible_inputs": [*faults],
    }


def _issue(issue: Issue) -> JSONObject:
    """Render an issue, with our field names and those of `kie-api`."""
    return {
        "path": issue.path,
        "rule": issue.rule,
        "message": issue.message,
        "allowed": [*issue.allowed],
        "field": issue.path,
        "code": issue.rule,
    }


def _figure(credits: Decimal | None) -> JSON:
    """Render an amount as text, so that no reader rounds it."""
    return None if credits is None else shown(credits)


def _price(estimate: Estimate | None) -> JSON:
    if estimate is None:
        return None
    return {
        "credits": _figure(estimate.credits),
        "at_least": _figure(estimate.at_least),
        "at_most": _figure(estimate.at_most),
        "usd": _figure(estimate.usd),
        "notes": [*estimate.notes],
    }


def _medium(medium: object) -> str:
    """Describe local media for people, without their content."""
    return fspath(medium) if isinstance(medium, PathLike) else type(medium).__name__


def shown_request(request: Request[Result]) -> JSON:
    """The input of a request, with names instead of local media."""
    return _shown_media(request, request._encode()[0])


def _shown_media(request: Request[Result] | None, body: JSONObject) -> JSON:
    """Replace local media in a body by their names."""
    local = {} if request is None else request.local_media
    return cast("JSON", replaced(body, {path: f"<upload: {_medium(medium)}>" for path, medium in local.items()}))
