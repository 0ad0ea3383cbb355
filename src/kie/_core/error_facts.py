"""Core: errors as JSON, for programs in other languages and for agents. May import only `_core`."""

from __future__ import annotations

from kie._core import errors
from kie._core.errors import KieError, SubmitUnknown
from kie._core.issues import Issue
from kie._core.json import JSON, JSONObject
from kie._core.safe_text import attribute_of
from kie._core.tasks import TaskRef


def issue_facts(issue: Issue) -> JSONObject:
    """Return a fault as JSON.

    Args:
        issue: The fault.

    Returns:
        Its place, its rule, the message, and the permitted values.
    """
    return {"path": issue.path, "rule": issue.rule, "message": issue.message, "allowed": [*issue.allowed]}


def error_facts(error: KieError) -> JSONObject:
    """Return what an error says as JSON.

    Args:
        error: The error.

    Returns:
        `type` and `message`; and, where the error knows them: `issues` (every fault), `nearest` (similar names),
        `successors` (models to use instead), `retry_after` (seconds), `code`, `ref`, and `task_created`: False if no
        task was started, None if nobody knows.
    """
    public = (cls.__name__ for cls in type(error).__mro__ if getattr(errors, cls.__name__, None) is cls)
    facts: JSONObject = {"type": next(public, type(error).__name__), "message": error.message}
    for name in ("nearest", "successors"):
        found = getattr(error, name, None)
        if found is not None:
            facts[name] = [*map(str, found)]
    for name in ("retry_after", "code"):
        value: JSON = getattr(error, name, None)
        if isinstance(value, (int, float, str)):
            facts[name] = value
    issues = getattr(error, "issues", ())
    if issues:
        facts["issues"] = [issue_facts(issue) for issue in issues]
    ref = attribute_of(error, "ref")
    if isinstance(ref, TaskRef):
        facts["ref"] = str(ref)
    unknown = isinstance(error, SubmitUnknown) or attribute_of(error, "task_created", False) is None
    facts["task_created"] = True if isinstance(ref, TaskRef) else None if unknown else False
    return facts
