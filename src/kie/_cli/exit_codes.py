"""CLI: the exit codes of `kie`. May import `_core`."""

from __future__ import annotations

from kie._core.errors import (
    BudgetExceeded,
    ConfigError,
    InsufficientCredits,
    KieError,
    ModelRetired,
    RequestInvalid,
    SubmitUnknown,
    TaskFailed,
    TaskTimeout,
)

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


def exit_code(error: KieError) -> int:
    """Return the exit code of an error; 1 where no other is assigned."""
    return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), 1)
