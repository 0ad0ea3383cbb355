"""Pieces of Markdown: tables, code, links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def plain(text: str) -> str:
    """Text in which nothing is taken for markup, besides code. An underscore within a word is none."""
    return "".join(part if part[:1] == "`" else _escaped(part) for part in re.split(r"(`[^`]*`)", text))


def _escaped(text: str) -> str:
    text = re.sub(r"(?<!\w)_|_(?!\w)|\*", r"\\\g<0>", text)
    return text.replace("<", "&lt;").replace(">", "&gt;")


def cell(text: str) -> str:
    """Text that stands in a cell of a table."""
    return plain(" ".join(text.split()).replace("|", "\\|"))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table, with an empty one behind it. The cells are Markdown already."""
    lines = [" | ".join(head), " | ".join("---" for _ in head), *(" | ".join(row) for row in rows)]
    return [*(f"| {line} |" for line in lines), ""]


def code(text: object) -> str:
    """A name or a value as code."""
    return f"`{text}`" if "`" not in str(text) else f"`` {text} ``"


def fenced(language: str, text: str) -> list[str]:
    """The lines of a block of code, with an empty one behind it."""
    return [f"```{language}", text.rstrip("\n"), "```", ""]


def listed(words: Sequence[str]) -> str:
    """Words as a person lists them: `a, b and c`."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1] if words else ""]))
