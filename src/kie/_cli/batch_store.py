"""CLI: the lines that a run of `kie batch` works on, checked once and kept in a temporary database.

May import every room below.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

import attrs
import click

from kie import catalog
from kie._cli.batch_index import BatchIndex, Cell, Row, batched, loaded, stored
from kie._cli.batch_lines import Defaults, GivenLine, Line, LineReader, opened, read_rows, restored
from kie._core.json import JSON, JSONObject
from kie._core.request import Request
from kie._core.results import Result
from kie.catalog import Model

TOGETHER = 500
"""The number of lines that are written to the database at a time."""

_COLUMNS = "line.place, number, line.key, digest, id, model, fault, changed"
_INSERT = "INSERT INTO line VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_FROM = "FROM line LEFT JOIN record ON record.key = line.key WHERE line.place > ?"


@attrs.frozen
class Shard:
    """The lines that one of several machines runs: every `count`-th line, starting with the `number`-th."""

    number: int
    count: int

    @classmethod
    def of(cls, text: str) -> Shard:
        """Read `2/5`. Raises `click.UsageError`."""
        number, _, count = (part.strip() for part in text.partition("/"))
        if number.isdecimal() and count.isdecimal() and 1 <= int(number) <= int(count):
            return cls(int(number), int(count))
        raise click.UsageError(f"--shard must be part/parts, such as 2/5 (from 1/5 to 5/5), not {text!r}")

    def has(self, turn: int) -> bool:
        """Whether the lines of a row belong to this shard; the first row of a file is 0."""
        return turn % self.count == self.number - 1

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"


@attrs.define(eq=False)
class BatchLines:
    """The lines of one run.

    Args:
        index: The database.
        defaults: The defaults of the command.
        shard: The part that this machine runs; None for all lines.
    """

    index: BatchIndex
    defaults: Defaults = attrs.field(factory=Defaults)
    shard: Shard | None = None
    total: int = attrs.field(default=0, init=False)
    """The number of lines of this run."""
    others: int = attrs.field(default=0, init=False)
    """The number of lines in the file that belong to other shards."""
    models: dict[str, Model | None] = attrs.field(factory=dict, init=False)
    """The models by the names that lines use, in order of appearance; None if a name is not a model."""
    _reader: LineReader = attrs.field(init=False)
    _once: dict[int, Request[Result]] = attrs.field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self._reader = LineReader(self.defaults, self.index.named)

    def read(self, source: str, judge: Callable[[Line], Sequence[str]] | None = None) -> None:
        """Read the input file once, line by line, check each line and keep it.

        Args:
            source: The path of the file; `-` is standard input.
            judge: Called with each valid line before anything runs: it may find a fault, and returns the advice on the
                line.

        Raises:
            ConfigError: The file cannot be read, or the header of a CSV file is invalid.
        """
        with opened(source) as file, self.index.together():
            for rows in batched(self._read(file, source, judge), TOGETHER):
                self.index.write(_INSERT, rows)

    def _read(self, file: BinaryIO, name: str, judge: Callable[[Line], Sequence[str]] | None) -> Iterator[Row]:
        for turn, given in enumerate(read_rows(file, name, self.defaults.columns)):
            mine = self.shard is None or self.shard.has(turn)
            for seed in self.defaults.seeds or (None,):
                given.seed = seed
                line = self._reader.line(given, known=not mine)
                if mine:
                    yield self._kept(line, given, judge)
                else:
                    self.others += 1

    def _kept(self, line: Line, given: GivenLine, judge: Callable[[Line], Sequence[str]] | None) -> Row:
        """Add a line. Returns its database row, which includes the source for making it again if it is to be run."""
        self.total += 1
        line.place = self.total
        if line.model is not None and line.model not in self.models and len(self.models) < TOGETHER:
            self.models[line.model] = catalog.find(line.model)
        advice: Sequence[str] = ()
        if judge is not None and line.request is not None:
            advice = judge(line)
        if line.once and line.request is not None:
            self._once[line.place] = line.request
        texts = line.key, line.digest, line.id, line.model
        text = given.text if given.given and judge is None else None
        return (
            line.place,
            line.number,
            *map(stored, texts),
            None if line.fault is None else json.dumps(line.fault),
            0,
            None if given.seed is None else str(given.seed),
            given.cells,
            text,
            json.dumps(advice) if advice else None,
        )

    def each(self, where: str = "", after: int = 0) -> Iterator[tuple[Line, JSONObject]]:
        """Every line in order, with its record (empty if there is none). Others may write meanwhile.

        Args:
            where: A condition on the columns of `line` and `record` that begins with AND.
            after: Return only lines after this place.
        """
        query = f"SELECT {_COLUMNS}, document {_FROM} {where} ORDER BY line.place"
        return map(_recorded, self.index.pages(query, after))

    def with_id(self, id: str) -> tuple[Line, JSONObject] | None:
        """The line with an id, and its record; None if there is none."""
        self.index.rows("CREATE INDEX IF NOT EXISTS by_key ON line (key)")
        row = self.index.one(f"SELECT {_COLUMNS}, document {_FROM} AND line.key = ?", 0, stored(f"id:{id}"))
        return None if row is None else _recorded(row)

    def keys(self) -> Iterator[str]:
        """The keys of the lines, in order."""
        pages = self.index.pages("SELECT place, key FROM line WHERE place > ? ORDER BY place")
        return (loaded(key) for _, key in pages)

    def advised(self) -> Iterator[tuple[Line, list[JSON]]]:
        """The lines with advice, and the advice."""
        query = f"SELECT {_COLUMNS}, advice {_FROM} AND advice IS NOT NULL ORDER BY line.place"
        for *line, advice in self.index.pages(query):
            yield _line(line), json.loads(loaded(advice))

    def change(self, line: Line, fault: JSON) -> None:
        """Record that a line was run with other fields under its id."""
        line.fault, line.changed = fault, True
        self.index.rows("UPDATE line SET fault = ?, changed = 1 WHERE place = ?", json.dumps(fault), line.place)

    def fail(self, line: Line, fault: JSON) -> None:
        """Record a fault that was found late."""
        line.fault = fault
        self.index.rows("UPDATE line SET fault = ? WHERE place = ?", json.dumps(fault), line.place)

    def fields(self, line: Line) -> JSONObject:
        """The fields of a line, with the defaults of the command."""
        made, _ = self._reader.given(self._given(line))
        return {name: value for name, value in made.items() if name not in ("id", "model")}

    def request(self, line: Line) -> Request[Result]:
        """Make the request of a valid line again. Raises `RequestInvalid`, for example if a local file is gone."""
        return self._once.get(line.place) or self._reader.request(self._given(line))

    def _given(self, line: Line) -> GivenLine:
        found = self.index.one("SELECT text, cells, seed FROM line WHERE place = ?", line.place)
        text, cells, seed = found or (None, 0, None)
        return restored(line.number, loaded(text), cells=bool(cells), seed=None if seed is None else int(loaded(seed)))


def _recorded(row: Row) -> tuple[Line, JSONObject]:
    *line, document = row
    return _line(line), {} if document is None else json.loads(loaded(document))


def _line(row: Sequence[Cell]) -> Line:
    place, number, key, digest, id, model, fault, changed = row
    return Line(
        place=_whole(place),
        number=_whole(number),
        key=loaded(key),
        digest=loaded(digest),
        id=None if id is None else loaded(id),
        model=None if model is None else loaded(model),
        fault=None if fault is None else json.loads(loaded(fault)),
        changed=bool(changed),
    )


def _whole(cell: Cell) -> int:
    return cell if isinstance(cell, int) else 0
