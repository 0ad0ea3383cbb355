"""Library: builds queries to the index. May import `_core`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import cast, get_args

import attrs

from kie._core.errors import ConfigError
from kie._core.json import JSON, well_formed
from kie._core.model_info import ModelInfo
from kie._core.numbers import at_least
from kie._core.request import Request
from kie._core.results import Result
from kie._core.safe_text import repr_of
from kie._library.index_rows import fact, micros, source_fact
from kie._library.words import words_of

_MOST = 2**63 - 1
"""The largest integer of SQLite."""
_MOST_VALUES = 30_000
"""The most values in one query; SQLite allows 32,766."""
_IN_A_GROUP = 200
"""The most conditions in one pair of brackets: expressions may be 1,000 levels deep, and each AND is a level."""


@attrs.define
class Query:
    """Conditions on runs, joined by AND."""

    conditions: list[str] = attrs.field(factory=list)
    values: list[object] = attrs.field(factory=list)

    def add(self, condition: str, *values: object) -> None:
        """Add a condition."""
        self.conditions.append(condition)
        self.values += values

    def text(self, name: str, value: str | None) -> None:
        """Require a text in a column; None adds no condition. Raises `ConfigError`."""
        if value is not None:
            self.add(f"{name} = ?", _text(name, value))

    def choice(self, name: str, value: str | None, known: object) -> None:
        """Refuse a value that is not in a `Literal`. Raises `ConfigError`."""
        if value is not None and value not in get_args(known):
            raise ConfigError(f"{name} must be one of {', '.join(get_args(known))}, not {repr_of(value)}")

    def flag(self, name: str, value: bool | None) -> None:
        """Require a column to be true or false; None adds no condition. Raises `ConfigError`."""
        if value is not None:
            if not isinstance(value, bool):
                raise ConfigError(f"{name} must be True or False, not {repr_of(value)}")
            self.add(f"{name} = ?", value)

    def fact(self, name: str, value: str | None) -> None:
        """Require a fact of the run, such as a tag; None adds no condition. Raises `ConfigError`."""
        if value is not None:
            self.add("instr(facts, ?) > 0", fact(name, _text(name, value)))

    def source(self, entries: Mapping[str, JSON] | None) -> None:
        """Require entries of the run's source. Raises `ConfigError`."""
        given: object = {} if entries is None else entries
        if not isinstance(given, Mapping):
            raise ConfigError(f"source must be a mapping, not {repr_of(given)}")
        for name, value in given.items():
            try:
                text = source_fact(_text("a key of source", name), well_formed(value))
            except (TypeError, ValueError, RecursionError) as error:
                raise ConfigError(f"source[{name!r}] must be JSON, not {repr_of(value)}") from error
            self.add("instr(facts, ?) > 0", text)

    def child_of(self, id: str) -> None:
        """Require that the run builds on another run."""
        self.add("key IN (SELECT key FROM links WHERE name = 'parent' AND value = ?)", id)

    def words(self, text: str | None) -> None:
        """Require all words in the texts of the run. Raises `ConfigError`."""
        for word in words_of(_text("words", text or "")):
            self.add("instr(words, ?) > 0", word)

    def model(self, model: str | type[Request[Result]] | None) -> None:
        """Require a model. Raises `ConfigError`."""
        if model is not None:
            info = getattr(model, "info", None)
            self.text("model", info.name if isinstance(info, ModelInfo) else cast(str, model))

    def between(self, since: datetime | date | str | None, until: datetime | date | str | None) -> None:
        """Require that the run was submitted between two times."""
        if since is not None:
            self.add("at >= ?", micros(time_of("since", since, later=False)))
        if until is not None:
            self.add("at < ?", micros(time_of("until", until, later=True)))

    def sql(self, limit: int | None) -> tuple[str, tuple[object, ...]]:
        """The SQL of the query, newest run first. Raises `ConfigError`."""
        if limit is not None:
            at_least("limit", limit, 0)
        if len(self.values) > _MOST_VALUES:
            raise ConfigError(f"a query may have at most {_MOST_VALUES:,} words and conditions")
        sql = (
            f"WITH found AS (SELECT key, path, at FROM runs {self._where()}ORDER BY at DESC, key DESC LIMIT ?) "  # noqa: S608
            "SELECT path, document FROM found JOIN documents USING (key) ORDER BY at DESC, key DESC"
        )
        return sql, (*self.values, -1 if limit is None else min(limit, _MOST))

    def amounts(self, group: str) -> tuple[str, tuple[object, ...]]:
        """The SQL for what the runs cost: a row for each group and each set of equal amounts, with their number.

        Args:
            group: An SQL expression: what to group by.
        """
        sql = f"SELECT {group}, credits, at_least, at_most, count(*) FROM runs {self._where()}GROUP BY 1, 2, 3, 4"  # noqa: S608
        return sql, tuple(self.values)

    def _where(self) -> str:
        groups = [self.conditions[start : start + _IN_A_GROUP] for start in range(0, len(self.conditions), _IN_A_GROUP)]
        where = " AND ".join(f"({' AND '.join(group)})" for group in groups)
        return where and f"WHERE {where} "


def time_of(name: str, value: datetime | date | str, *, later: bool) -> datetime:
    """Read a time that a user gave. A day means its beginning, or its end if `later`. Raises `ConfigError`."""
    given: object = value
    if isinstance(value, str):
        try:
            given = (
                date.fromisoformat(value) if len(value.strip()) <= len("2026-11-26") else datetime.fromisoformat(value)
            )
        except ValueError as error:
            raise ConfigError(f"{name} must be a time or a day in ISO 8601, not {repr_of(value)}") from error
    if isinstance(given, datetime):
        return given.replace(tzinfo=UTC) if given.tzinfo is None else given
    if isinstance(given, date):
        if later and given == date.max:
            return datetime.max.replace(tzinfo=UTC)
        return datetime.combine(given + timedelta(days=1) if later else given, time(), UTC)
    raise ConfigError(f"{name} must be a time or a day, not {repr_of(value)}")


def _text(name: str, value: object) -> str:
    """Read a text that a user gave, as `run.json` would hold it. Raises `ConfigError`."""
    if not isinstance(value, str):
        raise ConfigError(f"{name} must be text, not {repr_of(value)}")
    return str(well_formed(value))
