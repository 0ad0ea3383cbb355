"""CLI: reads and writes the CSV tables of `kie batch`.

May import `_core`, `_io`, `catalog`.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import attrs

from kie._cli.fields import CliField
from kie._cli.values import TRUTHS, Typed
from kie._core.errors import ConfigError
from kie._core.json import JSON, JSONObject
from kie._io.replacing import replaceable

DELIMITERS = ",;\t"
"""The separators of cells; spreadsheets write semicolons in some countries."""
_SEPARATOR = re.compile(r'"?sep=(.)"?[ \t]*\r?\n', re.IGNORECASE)
"""The line that tells Excel the separator."""
HEAD = 1024**2
"""Bytes at the beginning of a file from which its format is recognised."""
_HEADER = re.compile(r'"?[\w.\[\] -]+"?([,;\t]"?[\w.\[\] -]+"?)*')


_NAME = re.compile(r"\w[\w.\[\]-]*")
"""The name of a column that cannot be a sentence."""


def is_csv(name: str, data: bytes, known: Set[str] = frozenset()) -> bool:
    """Whether a file is CSV and not JSON Lines, by its name or else by its first line.

    A first line that could be a prompt is not a header: one with spaces in a name, or without lines below it, names at
    least one column that requests have, or that is `known`.
    """
    ending = Path(name).suffix.lower()
    if ending in (".csv", ".tsv"):
        return True
    if ending in (".jsonl", ".ndjson", ".json"):
        return False
    text = data.decode("utf-8-sig", "replace").lstrip()
    if _SEPARATOR.match(text):
        return True
    first, _, below = text.partition("\n")
    if not _HEADER.fullmatch(first.strip()):
        return False
    columns = [column.strip('" ') for column in re.split(f"[{DELIMITERS}]", first.strip())]
    return (bool(below.strip()) and all(map(_NAME.fullmatch, columns))) or any(
        column in known or _is_field(column) for column in columns
    )


def _is_field(column: str) -> bool:
    """Whether requests have a field of that name, in the spelling of a spreadsheet."""
    from kie import catalog

    plain = snake(column)
    if plain in ("id", "model", "prompt"):
        return True
    return any(field.name in (plain, column) for model in catalog.models(status="all") for field in model.fields)


def not_lines(name: str, data: bytes) -> ConfigError | None:
    """The error for a file that begins like a text, or like one JSON document over several lines; else None."""
    text = data.decode("utf-8-sig", "replace").lstrip()
    first, named = text.partition("\n")[0].strip(), "standard input (-)" if name == "-" else name
    if _has_lines(text):
        return None
    if first in ("[", "{") or re.match(r"\[\s*\{", first):
        return ConfigError(
            f"{named} is one JSON document, not JSON Lines: write each request as an object on a line of its own, as "
            "`jq -c '.[]'` does for an array"
        )
    if not text or text[0] in '{["' or Path(name).suffix.lower() in (".jsonl", ".ndjson", ".json"):
        return None
    return ConfigError(
        f"{named} is neither JSON Lines nor CSV: its first line is {first[:60]!r}. The first line of CSV must name the "
        'columns, such as `prompt`; a line of JSON is {"prompt": "…"}'
    )


def _has_lines(text: str) -> bool:
    """Whether a line below the first is an object that no comma and no bracket follows, as in no single document."""
    lines = [line.strip() for line in text.split("\n")[1:] if line.strip()]
    return any(
        line[0] == "{" and line[-1] == "}" and not below.startswith(("]", "}")) and _is_object(line)
        for line, below in pairwise([*lines, ""])
    )


def _is_object(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def snake(name: str) -> str:
    """Convert a heading to the name of a field: `Aspect Ratio` is `aspect_ratio`."""
    return "_".join(name.lower().split())


def read_csv(name: str, file: BinaryIO) -> Iterator[tuple[int, JSONObject, str]]:
    """Read the rows below the header, one at a time.

    Yields:
        The number of the row's first line in the file, its non-empty cells, and what is wrong with the row.

    Raises:
        ConfigError: It is not UTF-8, or the header names a column twice or not at all.
    """
    head = file.read(HEAD).decode("utf-8-sig", "ignore")
    file.seek(0)
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    try:
        yield from _rows(name, head, text)
    except UnicodeDecodeError:
        raise ConfigError(f"{name} is not UTF-8 text; save it as `CSV UTF-8`") from None
    finally:
        text.detach()


def _rows(name: str, head: str, text: Iterable[str]) -> Iterator[tuple[int, JSONObject, str]]:
    said = _SEPARATOR.match(head)
    first = head[said.end() if said else 0 :].partition("\n")[0]
    delimiter = said[1] if said else max(DELIMITERS, key=first.count)
    csv.field_size_limit(2**31 - 1)  # a prompt may be long
    rows = csv.reader(text, delimiter=delimiter, strict=True)
    try:
        if said:
            next(rows)
        header = [_plain(cell) for cell in next(rows, [])]
        for number, column in enumerate(header, 1):
            if not column or header.index(column) != number - 1:
                fault = "has no name" if not column else f"is named {column}, like an earlier one"
                raise ConfigError(f"{name}: column {number} {fault}; the first line must name the columns")
        line, empty = rows.line_num, True
        for cells in rows:
            number, line = line + 1, rows.line_num
            if not any(cell.strip() for cell in cells):
                continue
            fault, empty = "", False
            if len(cells) > len(header):
                fault = (
                    f"has {len(cells)} cells, but the header has {len(header)}; a text with {delimiter!r} needs quotes"
                )
            given = zip(header, cells, strict=False)
            yield number, {column: cell for column, cell in given if cell.strip()}, fault
        if empty and header and not any(_NAME.fullmatch(column) or _is_field(column) for column in header):
            raise ConfigError(
                f"{name} has only one line, {first.strip()[:60]!r}, and that is its header: the first line must name "
                "the columns, such as `prompt`"
            )
    except csv.Error as error:
        fault = "a quoted text is not closed" if "unexpected end" in str(error) else str(error)
        raise ConfigError(f"line {rows.line_num} of {name} is not CSV: {fault}") from None


def _plain(name: str) -> str:
    """Normalise the name of a column: spreadsheets often write `ID` and `Model`."""
    name = name.strip()
    return name.lower() if name.lower() in ("id", "model") else name


@attrs.define
class Cells(Typed):
    """Converts the cells of a row. A text is taken literally, even if it begins with @.

    `once` says that a pipe was read, which cannot be read again.
    """

    once: bool = attrs.field(default=False, init=False)

    def medium(self, text: str, path: str) -> object:
        """Return a URL as it is, and a path for anything else."""
        found = Typed.medium(self, text, path)
        self.once = self.once or (isinstance(found, bytes) and found != b"")
        return found

    def text(self, text: str, path: str) -> str:
        """Return the text of a cell unchanged."""
        return text

    def cell(self, entry: CliField, text: str) -> object:
        """Return the value of a field. A list is JSON, or items separated by bars: `a.png | b.png`."""
        if entry.is_flag:
            return TRUTHS.get(text.strip().lower(), text)
        if not entry.repeatable:
            free = entry.takes_text_file and "string" in entry.kinds
            return self.field(entry, text if free else text.strip())
        stripped = text.strip()
        if stripped.startswith("[") or entry.field.items in ("object", "array"):
            return self.nested(self._json(stripped, entry.field.name), entry.field.name)
        return self.field(entry, [item for part in stripped.split("|") if (item := part.strip())])


def write_csv(path: str, columns: Sequence[str], rows: Iterable[Mapping[str, JSON]]) -> None:
    """Write a table atomically: a crash leaves the earlier one. Raises `ConfigError`."""
    try:
        target = replaceable(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, made = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with open(handle, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(columns)
                writer.writerows([cell_of(row.get(column)) for column in columns] for row in rows)
            os.chmod(made, 0o666 & ~_umask())
            os.replace(made, target)
        except BaseException:
            os.unlink(made)
            raise
    except OSError as error:
        raise ConfigError(f"the --table file {path} cannot be written: {error.strerror or error}") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def cell_of(value: JSON) -> str:
    """Convert a value to a cell, in the form that `kie batch` reads."""
    import json

    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list) and all(isinstance(item, str) and "|" not in item for item in value) and value:
        return " | ".join(map(str, value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else str(value)
