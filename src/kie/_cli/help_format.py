"""CLI: help texts that are wrapped only between words. May import `_cli.output`."""

from __future__ import annotations

from collections.abc import Iterable

import click

from kie._cli.output import broken


class HelpFormatter(click.HelpFormatter):
    """Writes help without breaking ids (`text-to-image`), options (`--no-wait`) or addresses.

    click breaks at hyphens and inside words longer than a line, and has no setting for that. So it gets texts that are
    already wrapped, which a backspace marks.
    """

    def write_text(self, text: str) -> None:
        """Write paragraphs."""
        super().write_text(_fitted(text, self.width - self.current_indent))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write terms and their explanations, which get more than half of a narrow screen."""
        rows = list(rows)
        widest = min(col_max, self.width // 2 - 5)
        terms = min(max((len(term) for term, _ in rows), default=0), widest)
        room = self.width - terms - col_spacing - 2
        super().write_dl([(term, _fitted(text, room)) for term, text in rows], widest, col_spacing)


def _fitted(text: str, width: int) -> str:
    paragraphs = (part.strip("\n").split("\n") for part in text.split("\n\n") if part.strip())
    return "\n\n".join("\b\n" + "\n".join(broken(_joined(lines), width + 1)) for lines in paragraphs)


def _joined(lines: list[str]) -> str:
    """Join the lines of a paragraph, except those after a backspace."""
    return "\n".join(lines[1:]) if lines[0].strip() == "\b" else " ".join(map(str.strip, lines))
