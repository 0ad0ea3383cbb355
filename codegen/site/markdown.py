"""Pieces of Markdown: tables, code, links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def cell(text: str) -> str:
    """Text that stands in a cell of a table. What is in backticks stays as it is, besides the bars."""
    parts = re.split(r"(`[^`]*`)", " ".join(text.split()).replace("|", "\\|"))
    return "".join(part if part[:1] == "`" else plain(part) for part in parts)


def plain(text: str) -> str:
    """Text in which nothing is taken for markup. An underscore within a word is none."""
    text = re.sub(r"(?<!\w)_|_(?!\w)|\*", r"\\\g<0>", text)
    return text.replace("<", "&lt;").replace(">", "&gt;")


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
