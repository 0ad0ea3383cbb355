"""Studio: one table that turns errors into answers. May import `_core`."""

from __future__ import annotations

import logging
from typing import Final

from kie._core.error_facts import error_facts, issue_facts
from kie._core.errors import (
    ApiError,
    BudgetExceeded,
    CircuitOpen,
    ConfigError,
    InsufficientCredits,
    KieError,
    ModelRetired,
    NotReady,
    RequestInvalid,
    SubmitUnknown,
    TransportFailed,
    Unauthorized,
    UnknownModel,
)
from kie._studio.asgi import HttpRefusal, HttpReply, json_reply

LOGGER = logging.getLogger("kie")

_MAYBE_CREATED: Final = (
    "a task may exist and may have cost credits: check https://kie.ai/logs before you run this again"
)

_TABLE: Final[tuple[tuple[type[KieError], int, str | None], ...]] = (
    (UnknownModel, 404, "choose a model from the list"),
    (RequestInvalid, 422, "correct the marked fields"),
    (NotReady, 422, "correct the marked fields"),
    (ModelRetired, 422, "choose another model"),
    (BudgetExceeded, 402, "choose cheaper options, or start `kie studio` with a larger --budget"),
    (InsufficientCredits, 402, "the account needs more credits: https://kie.ai/billing"),
    (SubmitUnknown, 502, _MAYBE_CREATED),
    (Unauthorized, 502, "check the API key: `kie doctor`"),
    (ApiError, 502, "see what the service says, and try again"),
    (TransportFailed, 502, "check the connection, and try again"),
    (CircuitOpen, 503, "wait a minute, and try again"),
    (ConfigError, 400, None),
    (KieError, 500, None),
)
"""The status of each kind of error, and what to do next. The first match counts."""


def answer_of(error: Exception) -> HttpReply:
    """Answer with an error.

    Args:
        error: The error.

    Returns:
        The answer. An unexpected error is logged, and its answer shows no internals.
    """
    if isinstance(error, HttpRefusal):
        return json_reply({"error": error.facts}, error.status)
    if not isinstance(error, KieError):
        LOGGER.error("kie studio: unexpected %s", type(error).__name__, exc_info=error)
        message = f"unexpected {type(error).__name__}: the terminal of `kie studio` shows more"
        return json_reply({"error": {"type": "Unexpected", "message": message, "task_created": None}}, 500)
    status, hint = next((status, hint) for kind, status, hint in _TABLE if isinstance(error, kind))
    facts = error_facts(error)
    if isinstance(error, NotReady):
        facts["issues"] = [issue_facts(issue) for issue in (*error.plan.faults, *error.plan.missing)]
    if facts["task_created"] is None:
        hint = _MAYBE_CREATED
    elif facts["task_created"] is True:
        hint = f"task {facts['ref']} exists and keeps running: `kie wait {facts['ref']}` waits for it"
    return json_reply({"error": facts if hint is None else {**facts, "hint": hint}}, status)
