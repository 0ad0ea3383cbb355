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
from kie._core.json import JSON, JSONObject, finite

LONGEST_QUOTE = 300
"""Characters that are kept of a text from elsewhere."""
MOST_LINES = 20
"""Texts that a list has at most."""
LONGEST_DATA = 2000
"""Characters that are kept of the data of a result."""
LONGEST_MESSAGE = 1000
"""Characters of a message of ours that are kept: it may repeat what it was given."""
LONGEST_URL = 2000
"""Characters of a URL that is listed."""
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
    line = clean(" ".join(clean(text).split()), most)
    return f"“{line.replace('“', '”').replace('”', '’')}”"


def clean(text: str, most: int | None = None) -> str:
    """Free a text from elsewhere of what steers a terminal, turns what stands beside it, or cannot be seen.

    Args:
        text: The text.
        most: Characters that are kept; None for all.

    Returns:
        The text with blanks in the place of such characters.
    """
    line = text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)
    return line if most is None or len(line) <= most else f"{line[: most - 1]}…"


def quoted_data(value: JSON) -> JSON:
    """Cut the data of a result, and clean its texts.

    Args:
        value: The data, as the service sent them.

    Returns:
        The data; their beginning as a text if they are long.
    """
    found = _cleaned(value)
    text = json.dumps(found, ensure_ascii=False)
    return found if len(text) <= LONGEST_DATA else quoted(text, LONGEST_DATA)


def _cleaned(value: JSON) -> JSON:
    """A JSON value whose names and texts are clean, and whose numbers are such as JSON has."""
    if isinstance(value, str):
        return "\n".join(map(clean, value.split("\n")))  # lyrics have lines
    if isinstance(value, list):
        return [_cleaned(each) for each in value]
    if isinstance(value, dict):
        return {clean(name): _cleaned(each) for name, each in value.items()}
    return finite(value)


def is_listed(url: str) -> bool:
    """Whether a URL from elsewhere may be listed: it is not long, and nothing in it is a blank or hidden."""
    return len(url) <= LONGEST_URL and url.isprintable() and " " not in url


def not_sent(message: str, way: str, **facts: JSON) -> ToolAnswer:
    """Answer that nothing was sent, so that nothing was spent.

    Args:
        message: Why.
        way: What to do next.
        **facts: Whatever else is known.

    Returns:
        The answer.
    """
    said = clean(message, LONGEST_MESSAGE)
    data: JSONObject = {"error": {"type": "NotSent", "message": said, "task_created": False, **facts}, "next": way}
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
        facts |= {"message": clean(" ".join(str(facts["message"]).split()), LONGEST_MESSAGE)}
        issues = facts.get("issues")
        facts |= {"issues": [_shortened(issue) for issue in issues[:MOST_LINES]]} if isinstance(issues, list) else {}
        if isinstance(error, Outside):  # a class of ours alone, which agents know by its name
            facts |= {"type": "Outside"}
        if facts.get("task_created", False) is None:
            way = NEVER_REPEAT
    return ToolAnswer(data={"error": facts, "next": way}, failed=True)


def _shortened(issue: JSON) -> JSON:
    """A fault with short texts."""
    if not isinstance(issue, dict):
        return issue
    return {
        name: clean(each, LONGEST_QUOTE) if isinstance(each, str) else lines(each) if isinstance(each, list) else each
        for name, each in issue.items()
    }


def lines(texts: Iterable[object], most: int = MOST_LINES) -> list[JSON]:
    """List texts, up to a number, each up to a length.

    Args:
        texts: The texts.
        most: How many are listed.

    Returns:
        The texts; a last one says how many are left out.
    """
    found: list[JSON] = [clean(str(text), LONGEST_QUOTE) for text in texts]
    return found if len(found) <= most else [*found[:most], f"and {len(found) - most} more"]
