"""CLI: the exit codes of `kie`. May import `_core`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kie._core.errors import (
    BudgetExceeded,
    ConfigError,
    InsufficientCredits,
    KieError,
    ModelRetired,
    NotReady,
    RequestInvalid,
    SubmitUnknown,
    TaskFailed,
    TaskTimeout,
)

if TYPE_CHECKING:
    from kie._plans.plan import Plan

EXIT_CODES: tuple[tuple[type[KieError], int], ...] = (
    (TaskFailed, 3),
    (SubmitUnknown, 4),
    (TaskTimeout, 5),
    (InsufficientCredits, 6),
    (BudgetExceeded, 6),
    (RequestInvalid, 2),
    (ConfigError, 2),
    (ModelRetired, 2),
)
INTERRUPTED = 130


NEEDS_INPUT = 7
NEEDS_CONFIRMATION = 8


def plan_code(plan: Plan) -> int:
    """Return the exit code of a plan: 0 for one that may be run."""
    if plan.state == "invalid":
        return 2
    if plan.state == "needs_input":
        return NEEDS_INPUT
    return {"reject": 6, "require_confirmation": NEEDS_CONFIRMATION}.get(plan.decision, 0)


def exit_code(error: KieError) -> int:
    """Return the exit code of an error; 1 where no other is assigned."""
    if isinstance(error, NotReady):
        return plan_code(error.plan)
    return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), 1)
