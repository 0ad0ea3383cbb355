"""CLI: words errors for the command line, with its options and the server that refused.

May import `catalog`, `_core`.
"""

from __future__ import annotations

import re
from functools import cache

import attrs

from kie._cli.cli_context import Connection
from kie._cli.click_options import SubmitOptions
from kie._cli.fields import kebab
from kie._cli.output import counted
from kie._cli.values import top
from kie._core.errors import ApiError, KieError, RequestInvalid, TransportFailed
from kie._core.json import JSON
from kie.catalog import find

PHRASES = (
    (re.compile(r"no API key: set"), "no API key: `kie init` asks for it and keeps it; or set"),
    (re.compile(r"pass api_key=…"), "name a file that holds it with --key-file"),
    (re.compile(r"api_key=…"), "--key-file"),
    (re.compile(r"kie\.simulated\(\) and `kie run … --simulate` need none"), "`kie run … --simulate` needs none"),
    (re.compile(r"client\.task\([^)]*\)\.wait\(\) or `kie wait"), "`kie wait"),
    (re.compile(r"client\.task\('?([^')]*)'?\)\.wait\(\)"), r"`kie wait \1`"),
    (re.compile(r"library\.repair\(\)"), "`kie library repair`"),
    (re.compile(r"Budget\(file=\.\.\.\)"), "--budget-file PATH"),
    (re.compile(r"another name= begins"), "another --budget-name begins"),
    (re.compile(r"; RawRequest sends requests to models that kie does not know"), ""),
    (re.compile(r"see budget\.reservations"), "`kie budget` lists it"),
    (re.compile(r"budget\.reservations lists"), "`kie budget` lists"),
    (re.compile(r"; client\.breaker\.reset\(\) does so at once"), ""),
    (re.compile(r"Budget\(unpriced='allow'\)"), "--allow-unpriced"),
    (re.compile(r"plan\.answer\(\.\.\.\) gives what is missing"), "give what is missing"),
    (re.compile(r"run\(plan, confirmed=True\) runs it once somebody has confirmed it"), "--yes confirms it"),
    (re.compile(r"make the client with journal=PATH"), "name one with --journal PATH, or leave --no-journal out"),
)
"""Phrases of the library's messages, and their wording on the command line."""


@cache
def _options() -> dict[str, str]:
    """Options by the library's names for them."""
    return (
        {
            field.name: (field.metadata["names"] or [f"--{kebab(field.name)}"])[0]
            for cls in (Connection, SubmitOptions)
            for field in attrs.fields(cls)
        }
        | {
            name: f"--{kebab(name)}"
            for name in (
                "credits",  # options of the simulator
                *("label", "concurrency", "batch_timeout", "stop_on_failure", "retry_free"),
                *("by", "columns", "width", "since", "until"),  # options of `kie library`
            )
        }
        | {
            "store": "--limit-store",
            "url": "--db",
        }
    )


def in_options(text: str) -> str:
    """Replace arguments of the library in a message by the corresponding options."""
    for pattern, instead in PHRASES:
        text = pattern.sub(instead, text)
    options = _options()

    def given(found: re.Match[str]) -> str:
        name, value = found[1], found[2]
        if name not in options:
            return found[0]
        return options[name] if value in ("True", "...", "…") else f"{options[name]} {value}"

    text = re.sub(r"\b([a-z_]+)=(True|\.\.\.|…|[A-Z]+\b|'[^']*'|[0-9.]+)", given, text)
    # a name with an underscore is never an English word; one without counts only if the sentence is about it
    # (in backticks it is a setting of config.toml or a field)
    text = re.sub(r"(?<!`)\b[a-z]+(?:_[a-z]+)+\b(?![=(.])", lambda found: options.get(found[0], found[0]), text)
    return re.sub(r"^([a-z]+)(?= (?:must be|cannot be|may not|'))", lambda found: options.get(found[0], found[0]), text)


OPTION = "option"
"""The rule of an issue about an option of a command that is not a field of the request."""


def worded(error: KieError) -> str:
    """Word an error for the command line."""
    if not isinstance(error, RequestInvalid):
        return _from(error) + in_options(error.message)
    model = find(error.model)
    if error.model == "upload":
        return "\n".join(issue.message for issue in error.issues)
    if model is None:
        return "\n".join([f"{error.model} is invalid", *(f"  {issue}" for issue in error.issues)])
    own = any(issue.rule == OPTION for issue in error.issues)
    lines = [f"{error.model}: {counted(len(error.issues), 'invalid option' if own else 'invalid field')}"]
    options = {field.name: f"--{kebab(field.name)}" for field in model.fields}
    for issue in error.issues:
        shown, field = issue.renamed(options), top(issue.path)
        typed = f"--{kebab(field)}{issue.path[len(field) :]}" if field else "the fields together"
        lines.append(f"  {shown.path if field in options else typed}: {shown.message}")
    known = f" since {error.captured}" if error.captured else ""
    lines.append(
        f"`kie model {error.model}` shows every field. If the service has changed{known}: --set FIELD=JSON --unchecked"
    )
    return "\n".join(lines)


def message_of(error: Exception | None) -> str:
    """Word an error in one line: all its faults, with the options of the command line."""
    if isinstance(error, RequestInvalid):
        return "; ".join(str(issue) if issue.path else issue.message for issue in error.issues)
    return in_options(getattr(error, "message", None) or str(error))


def error_record(error: Exception | None) -> JSON:
    """Return the JSON form of an error; None for none."""
    return None if error is None else {"type": type(error).__name__, "message": message_of(error)}


def _from(error: KieError) -> str:
    """Say which server an error came from."""
    origin = getattr(error, "origin", None)
    if isinstance(error, ApiError) and origin:
        return f"{origin} refused: "
    if isinstance(error, TransportFailed) and origin:
        return f"{origin} gave no answer: " if error.sent is not False else f"{origin} cannot be reached: "
    return ""
