"""Agents: what a tool answers: facts, links to files, small pictures. May import `_core`, and `root` beside it.

What the service or a task says is not ours: it is cut, freed of control characters and quoted, so that a model does not
take it for an instruction of this server.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

import attrs

from kie._agents.root import Outside
from kie._core.error_facts import error_facts
from kie._core.errors import ApiError, KieError, SubmitUnknown, TaskFailed
from kie._core.json import JSON, JSONObject

LONGEST_QUOTE = 300
"""Characters that are kept of a text from elsewhere."""
LONGEST_DATA = 2000
"""Characters that are kept of the data of a result."""
NEVER_REPEAT = "never repeat this call: a task may exist and may have cost credits. Poll with `tasks`, and ask the user"


@attrs.frozen(kw_only=True)
class FileLink:
    """A file that an agent is told of, instead of its content."""

    uri: str
    """Where it is: `https:` at the service, `file:` on this machine."""
    name: str
    """Its name, for people."""
    mime: str | None = None
    """Its MIME type; None if that is not known."""
    size: int | None = None
    """Its size in bytes; None if that is not known."""


@attrs.frozen(kw_only=True)
class ToolAnswer:
    """What a tool answers."""

    data: JSONObject = attrs.field(factory=dict)
    """The facts, as JSON."""
    text: str | None = None
    """The answer as text, where that takes the place of `data`."""
    files: tuple[FileLink, ...] = ()
    """Links to files."""
    pictures: tuple[bytes, ...] = ()
    """Small pictures, as WebP."""
    failed: bool = False
    """Whether the tool did not do what it was asked for."""

    def __str__(self) -> str:
        return self.text if self.text is not None else json.dumps(self.data, ensure_ascii=False, separators=(",", ":"))


def quoted(text: str | None, most: int = LONGEST_QUOTE) -> str | None:
    """Quote a text from elsewhere.

    Args:
        text: The text.
        most: Characters that are kept.

    Returns:
        The text on one line, cut and in quotes; None for none.
    """
    if text is None:
        return None
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    cut = line if len(line) <= most else f"{line[: most - 1]}…"
    return f"“{cut.replace('“', '”').replace('”', '’')}”"


def quoted_data(value: JSON) -> JSON:
    """Cut the data of a result.

    Args:
        value: The data, as the service sent them.

    Returns:
        The data; their beginning as a text if they are long.
    """
    text = json.dumps(value, ensure_ascii=False)
    return value if len(text) <= LONGEST_DATA else quoted(text, LONGEST_DATA)


def not_sent(message: str, way: str, **facts: JSON) -> ToolAnswer:
    """Answer that nothing was sent, so that nothing was spent.

    Args:
        message: Why.
        way: What to do next.
        **facts: Whatever else is known.

    Returns:
        The answer.
    """
    data: JSONObject = {"error": {"type": "NotSent", "message": message, "task_created": False, **facts}, "next": way}
    return ToolAnswer(data=data, failed=True)


def of_error(error: KieError) -> ToolAnswer:
    """Answer with an error.

    Args:
        error: The error.

    Returns:
        The answer: what went wrong, whether a task may exist, and what to do next.
    """
    facts = error_facts(error)
    way = "change what the message names"
    if isinstance(error, ApiError):
        shown = error.code if error.code is not None else f"HTTP {error.status}"
        facts |= {"message": f"{error.origin or 'the service'} refused with {shown}"}
        facts |= {"service_said": quoted(error.service_message)}
        way = "read what the service said; if it concerns the key or the credits, ask the user"
        if error.task_created is None:
            way = NEVER_REPEAT
    elif isinstance(error, TaskFailed):
        facts |= {"message": f"task {error.ref} failed", "service_said": quoted(error.service_message)}
        way = "change the input; a new call of `generate` costs again"
    elif isinstance(error, SubmitUnknown):
        facts |= {"message": f"it is not known whether {error.request.info.name} was submitted"}
        way = NEVER_REPEAT
    else:
        facts |= {"message": " ".join(str(facts["message"]).split())}
        if isinstance(error, Outside):  # a class of ours alone, which agents know by its name
            facts |= {"type": "Outside"}
        if facts.get("task_created", False) is None:
            way = NEVER_REPEAT
    return ToolAnswer(data={"error": facts, "next": way}, failed=True)


def lines(texts: Iterable[object], most: int = 20) -> list[JSON]:
    """List texts, up to a number.

    Args:
        texts: The texts.
        most: How many are listed.

    Returns:
        The texts; a last one says how many are left out.
    """
    found: list[JSON] = [str(text) for text in texts]
    return found if len(found) <= most else [*found[:most], f"and {len(found) - most} more"]
