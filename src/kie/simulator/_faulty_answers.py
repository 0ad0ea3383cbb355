"""Simulator: how a fault changes an answer. May import nothing but the simulator's own rules and messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from kie.simulator._faults import Rule
from kie.simulator._messages import SimResponse, busy, envelope, text

_Arguments = Mapping[str, Any]


def faulty(response: SimResponse, rule: Rule) -> SimResponse:
    """The answer as the fault leaves it; a fault of the task leaves it as it is."""
    change = _CHANGES.get(rule.do)
    return response if change is None else change(response, rule.arguments)


def _truncate(response: SimResponse, arguments: _Arguments) -> SimResponse:
    return attrs.evolve(response, drop=min(arguments["bytes"], max(0, len(response.body) - 1)))


def _rate_limit(arguments: _Arguments) -> SimResponse:
    answer = busy()
    after = {} if arguments["retry_after"] is None else {"retry-after": str(arguments["retry_after"])}
    return attrs.evolve(answer, status=429 if arguments["http"] else 200, headers={**answer.headers, **after})


def _garbage(arguments: _Arguments) -> SimResponse:
    html = {"content-type": "text/html; charset=utf-8"}
    return text(arguments["body"], status=arguments["status"], headers=html)


_CHANGES: Mapping[str, Callable[[SimResponse, _Arguments], SimResponse]] = {
    "refuse": lambda response, _: attrs.evolve(response, drop="refused"),
    "drop_before": lambda response, _: attrs.evolve(response, drop="before"),
    "drop_after": lambda response, _: attrs.evolve(response, drop="after"),
    "truncate": _truncate,
    "slow": lambda response, given: attrs.evolve(response, delay=float(given["seconds"])),
    "rate_limit": lambda _, given: _rate_limit(given),
    "http": lambda _, given: text(given["body"], status=given["status"], headers=given["headers"]),
    "envelope": lambda _, given: envelope(given["code"], given["msg"]),
    "garbage": lambda _, given: _garbage(given),
    "gone": lambda *_: text("not found", status=404),
}
