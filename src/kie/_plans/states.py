"""Plans: the state of a plan, derived only from the rules of its issues. May import `_core`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

from kie._core.issues import Issue
from kie._plans import prompting
from kie._plans.families import MISSING_MEDIA
from kie._plans.normalise import AMBIGUOUS
from kie._plans.roles import ADVICE, INFERRED

State: TypeAlias = Literal["invalid", "needs_input", "ready_with_warning", "ready_with_defaults", "ready"]
"""The states of a plan, from worst to best. The worst one that applies counts."""

UNREADABLE = "unreadable"
"""The rule that is broken by a value that raises an error when it is inspected."""
UNKNOWN_MODEL = "unknown_model"
"""The rule that is broken by a name that is not a model or family."""
CHOICE = "choice"
"""The rule that is broken if several models fit: a plan never chooses between prices."""
DEFAULT = "default"
"""The rule for a field that was not given and has its default."""
RETIRED = "retired"
"""The rule of a warning: the vendor has withdrawn the model."""
UNDOCUMENTED = "undocumented"
"""The rule of a warning: the model is not in the vendor's documentation, and may be refused."""
LOW_SUCCESS_RATE = "low_success_rate"
"""The rule of a warning: many tasks of the model failed recently."""
MISSING = frozenset({"required", MISSING_MEDIA, AMBIGUOUS, CHOICE})
"""The rules for input that has to be given or decided."""
WARNINGS = frozenset({INFERRED, ADVICE, RETIRED, UNDOCUMENTED, LOW_SUCCESS_RATE}) | prompting.WARNINGS
"""The rules of warnings."""


def state_of(issues: Iterable[Issue], *, ready: bool = True) -> State:
    """Derive the state of a plan from the rules of its issues."""
    rules = {issue.rule for issue in issues}
    if rules - MISSING - WARNINGS - {DEFAULT}:
        return "invalid"
    if rules & MISSING or not ready:
        return "needs_input"
    if rules & WARNINGS:
        return "ready_with_warning"
    return "ready_with_defaults" if DEFAULT in rules else "ready"
