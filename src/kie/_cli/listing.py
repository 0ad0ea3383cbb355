"""CLI: shows rows for people and programs, for every command that lists something. May import `_core`.

On a terminal, rows become a table that fits its width. The least important columns are left out first; if the rest
still does not fit, each row becomes a block of lines. Elsewhere rows are lines of tab-separated values.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import attrs
import click

from kie._cli.click_options import option, options_of, parsed
from kie._cli.output import broken, is_terminal, note, printable, say
from kie._core.json import JSON

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

T = TypeVar("T")

GAP = 2
"""Spaces between two columns."""
ENOUGH = 16
"""The least width of a text column in characters, unless its content is narrower."""
STYLES = {
    "succeeded": "green",
    "ok": "green",
    "open": "yellow",
    "unknown": "bold yellow",
    "warning": "yellow",
    "failed": "red",
    "refused": "red",
    "expired": "red",
    "invalid": "red",
    "retired": "red",
}
"""The colours of cells with a state."""


@attrs.frozen
class Column(Generic[T]):
    """A column of a table: the key of its value in JSON, its heading, and its text for people.

    `rank` says how early it is left out for lack of room; a column of rank 0 never is. With `wrap`, its cells are texts
    that may be broken between words. With `right`, they are figures.
    """

    key: str
    heading: str
    text: Callable[[T], str]
    rank: int = attrs.field(default=0, kw_only=True)
    wrap: bool = attrs.field(default=False, kw_only=True)
    right: bool = attrs.field(default=False, kw_only=True)


@attrs.frozen(kw_only=True)
class ListOptions:
    """The options of every command that lists something."""

    fields: str | None = option(metavar="NAMES", help="Show these fields, separated by commas, in this order.")
    sort: str | None = option(metavar="NAME", help="Sort by this field; -NAME begins with the largest.")
    limit: int | None = option(type=click.IntRange(1), metavar="N", help="Show the first N rows only.")


def list_options() -> list[click.Option]:
    """Return the options of every command that lists something."""
    return options_of(ListOptions)


@attrs.frozen
class RowListing(Generic[T]):
    """Shows the rows of a command.

    Args:
        columns: The columns of the table, in order.
        facts: Returns the JSON form of a row.
        options: The options of the user for the list.
        header: Whether tab-separated values begin with the headings.
    """

    columns: Sequence[Column[T]]
    facts: Callable[[T], Mapping[str, JSON]]
    options: ListOptions = attrs.field(factory=ListOptions)
    header: bool = attrs.field(default=False, kw_only=True)

    @classmethod
    def of(
        cls, columns: Sequence[Column[T]], facts: Callable[[T], Mapping[str, JSON]], given: Mapping[str, object]
    ) -> RowListing[T]:
        """Make a listing from the values of the options of a command."""
        return cls(columns, facts, parsed(ListOptions, given))

    def documents(self, rows: Iterable[T]) -> list[JSON]:
        """Return the JSON form of the selected rows. Raises `click.UsageError` for a field they lack."""
        chosen = [(row, self.facts(row)) for row in rows]
        known = self._known(facts for _, facts in chosen)
        self._check(known)
        names = self._names() if self.options.fields is not None else None
        shown = self._ordered(chosen)
        return [dict(facts) if names is None else {n: facts.get(n) for n in names} for _, facts in shown]

    def show(self, rows: Iterable[T]) -> None:
        """Write the selected rows to stdout. Raises `click.UsageError` for a field they lack."""
        found = [(row, self.facts(row)) for row in rows]
        known = self._known(facts for _, facts in found)
        self._check(known)
        by_key = {column.key: column for column in self.columns}
        chosen = list(self.columns)
        if self.options.fields is not None:
            # requested columns are never left out
            chosen = [attrs.evolve(by_key.get(name) or _plain(name), rank=0) for name in self._names()]
        shown = self._ordered(found)
        cells = [
            [column.text(row) if column.key in by_key else _text(facts.get(column.key)) for column in chosen]
            for row, facts in shown
        ]
        _write(chosen, cells, header=self.header)
        if len(shown) < len(found):
            note(f"{len(shown)} of {len(found)} rows; a larger --limit shows more")

    def _known(self, facts: Iterable[Mapping[str, JSON]]) -> list[str]:
        """The names of all fields; without rows, only those of the columns."""
        names = dict.fromkeys(column.key for column in self.columns)
        return list(names | dict.fromkeys(name for one in facts for name in one))

    def _check(self, known: Sequence[str]) -> None:
        """Refuse fields that the rows lack, all of them at once. Raises `click.UsageError`."""
        names, by = self._names(), self.options.sort
        faults = [_unknown("--fields", name, known) for name in names if name not in known]
        if not names and self.options.fields is not None:
            faults.append(f"--fields is empty; choose from {', '.join(known)}")
        if by is not None and by.removeprefix("-") not in known:
            faults.append(_unknown("--sort", by.removeprefix("-"), known))
        if faults:
            raise click.UsageError("\n".join(faults))

    def _names(self) -> list[str]:
        return [name for part in (self.options.fields or "").split(",") if (name := part.strip())]

    def _ordered(self, rows: Sequence[tuple[T, Mapping[str, JSON]]]) -> Sequence[tuple[T, Mapping[str, JSON]]]:
        by = self.options.sort
        if by is not None:
            name = by.removeprefix("-")
            lacking = [pair for pair in rows if not _text(_least(pair[1].get(name)))]
            there = [pair for pair in rows if _text(_least(pair[1].get(name)))]
            there.sort(key=lambda pair: _rank(pair[1].get(name)), reverse=by.startswith("-"))
            rows = [*there, *lacking]
        return rows[: self.options.limit]


def _plain(name: str) -> Column[Any]:
    return Column(name, name.replace("_", " ").capitalize(), lambda _: "", wrap=True)


def _unknown(option: str, name: str, known: Sequence[str]) -> str:
    close = get_close_matches(name, known, n=1, cutoff=0.6)
    hint = f"did you mean {close[0]}?" if close else f"choose from {', '.join(known)}"
    return f"{option}: there is no field {name!r} here; {hint}"


def _least(value: JSON) -> JSON:
    """The value itself, or the lower end of a range."""
    return next(iter(value.values()), None) if isinstance(value, dict) else value


def _rank(value: JSON) -> tuple[int, Decimal, str]:
    """The sort key of a value: figures by size, before texts."""
    text = _text(_least(value))
    try:
        figure = Decimal(text)
    except InvalidOperation:
        return 1, Decimal(0), text.casefold()
    return (0, figure, "") if figure.is_finite() else (1, Decimal(0), text)


def _text(value: JSON) -> str:
    """The text of a JSON value in a cell."""
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_text, value))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _write(columns: Sequence[Column[T]], rows: Sequence[Sequence[str]], *, header: bool) -> None:
    if not is_terminal(sys.stdout):
        for row in [[column.heading for column in columns], *rows] if header else rows:
            say("\t".join(" ".join(cell.split()) for cell in row))
        return
    if not rows:
        return
    console = on_terminal()
    rows = [[printable(cell) for cell in row] for row in rows]
    kept = list(range(len(columns)))
    while True:
        widths = _widths([columns[i] for i in kept], [[row[i] for i in kept] for row in rows], console.width)
        spare = max(kept, key=lambda i: (columns[i].rank, i))
        if widths is not None or columns[spare].rank == 0:
            break
        kept.remove(spare)
    if widths is None:
        _blocks(console, columns, rows)
    else:
        _table(console, [columns[i] for i in kept], [[row[i] for i in kept] for row in rows], widths)


def on_terminal() -> Console:
    """Return the console for the terminal, in its real width even if it supports no codes (TERM=dumb)."""
    from rich.console import Console

    size = get_terminal_size()
    return Console(highlight=False, width=size.columns, height=size.lines)


def _widths(columns: Sequence[Column[T]], rows: Sequence[Sequence[str]], room: int) -> list[int] | None:
    """Return the width of each column; None if they do not fit without breaking a word."""
    from rich.cells import cell_len

    full, least = list[int](), list[int]()
    for index, column in enumerate(columns):
        cells = [column.heading, *(row[index] for row in rows)]
        full.append(max(map(cell_len, cells)))
        words = max((cell_len(word) for cell in cells for word in cell.split()), default=0)
        least.append(max(words, min(full[-1], ENOUGH)) if column.wrap else full[-1])
    left = room - sum(least) - GAP * (len(columns) - 1)
    if left < 0:
        return None
    # the remaining width goes to the text columns, those that need little first
    needs = sorted((full[index] - least[index], index) for index, column in enumerate(columns) if column.wrap)
    for number, (need, index) in enumerate(needs):
        more = min(need, left // (len(needs) - number))
        least[index] += more
        left -= more
    return least


def _table(
    console: Console, columns: Sequence[Column[T]], rows: Sequence[Sequence[str]], widths: Sequence[int]
) -> None:
    from rich.table import Table

    made = Table(box=None, padding=(0, GAP, 0, 0), pad_edge=False, header_style="bold", show_edge=False)
    for column, width in zip(columns, widths, strict=True):
        made.add_column(
            column.heading, width=width, no_wrap=not column.wrap, justify="right" if column.right else "left"
        )
    for row in rows:
        made.add_row(*(_styled(cell, first=index == 0) for index, cell in enumerate(row)))
    with console.capture() as captured:
        console.print(made)
    click.echo("\n".join(line.rstrip() for line in captured.get().splitlines()))


def _styled(cell: str, *, first: bool) -> Text:
    from rich.text import Text

    return Text(cell, style="cyan" if first else STYLES.get(cell, ""))


def _blocks(console: Console, columns: Sequence[Column[T]], rows: Sequence[Sequence[str]]) -> None:
    """Write each row as a block: its first cell, and a line below for each other cell."""
    for row in rows:
        others = [f"{c.heading}: {cell}" for c, cell in zip(columns[1:], row[1:], strict=True) if cell]
        block(console, row[0], others)


def block(console: Console, title: str, lines: Sequence[str], *, beside: str = "") -> None:
    """Write a title and its lines, wrapped only between words."""
    from rich.text import Text

    for number, text in enumerate(broken(f"{title} {beside}".strip(), console.width)):
        shown = Text(text)
        if number == 0:
            shown.stylize("bold cyan", 0, len(title))
        console.print(shown, soft_wrap=True)
    for line in lines:
        for text in broken(line, console.width, "    "):
            console.print(text, soft_wrap=True, markup=False)
