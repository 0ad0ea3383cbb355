"""A script in which a fifth of all exchanges goes wrong, in every way that the simulator knows."""

from __future__ import annotations

from itertools import count
from typing import Any

from kie.simulator._faults import FAULTS

ANYWHERE: list[dict[str, Any]] = [
    {"do": "rate_limit"},
    {"do": "rate_limit", "http": True, "retry_after": 3},
    {"do": "http", "status": 503},
    {"do": "http", "status": 502, "accepted": True},
    {"do": "http", "status": 403, "body": "error code: 1010"},
    {"do": "envelope", "code": 500},
    {"do": "envelope", "code": 455},
    {"do": "envelope", "code": 550},
    {"do": "envelope", "code": 430, "msg": "busy"},
    {"do": "envelope", "code": 999, "accepted": True},
    {"do": "refuse"},
    {"do": "drop_before"},
    {"do": "drop_after"},
    {"do": "slow", "seconds": 12},
    {"do": "slow", "seconds": 100},
    {"do": "truncate", "bytes": 0},
    {"do": "truncate", "bytes": 20},
    {"do": "garbage"},
    {"do": "garbage", "accepted": True},
]
OF_A_TASK: list[dict[str, Any]] = [
    {"do": "state", "state": "pondering", "polls": 2},
    {"do": "invisible", "polls": 3},
    {"do": "fail_task", "code": 422, "msg": "too dark"},
]
RULES = [{"on": "*", **rule} for rule in ANYWHERE]
RULES += [{"on": "createTask", **rule} for rule in [*OF_A_TASK, {"do": "no_task_id"}]]
RULES += [{"on": "getTask", **rule} for rule in OF_A_TASK]
LIE = {"on": "getTask", "do": "envelope", "code": 501}
"""It says that a task has failed which has not."""

assert {rule["do"] for rule in RULES} == set(FAULTS) - {"gone"}, "a fault of the simulator is missing here"


def _primes(least: int) -> Any:
    return (n for n in count(least) if all(n % k for k in range(2, int(n**0.5) + 1)))


def script(least: int = 47, *, lies: bool = True) -> list[dict[str, Any]]:
    """The rules, each firing on every so manieth request: primes, so that they seldom meet."""
    rules = [*RULES, LIE] if lies else RULES
    return [{**rule, "every": every} for rule, every in zip(rules, _primes(least), strict=False)]
