"""Library: questions to the index. May import `_core`."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import attrs

from kie._core.errors import ConfigError
from kie._core.request import Request
from kie._core.results import Result
from kie._library.index import micros
from kie._library.words import words_of


@attrs.define
class Query:
    """Conditions on runs, each of which holds."""

    conditions: list[str] = attrs.field(factory=list)
    values: list[object] = attrs.field(factory=list)

    def add(self, condition: str, *values: object) -> None:
        """Add a condition."""
        self.conditions.append(condition)
        self.values += values

    def column(self, name: str, value: object) -> None:
        """A column has a value; None says nothing."""
        if value is not None:
            self.add(f"{name} = ?", value)

    def fact(self, text: str) -> None:
        """A run has a tag, say: what `kie._library.index.fact` makes of it."""
        self.add("instr(facts, ?) > 0", text)

    def child_of(self, id: str) -> None:
        """It builds on a run."""
        self.add("key IN (SELECT key FROM links WHERE name = 'parent' AND value = ?)", id)

    def words(self, text: str | None) -> None:
        """All words stand in the texts of a run."""
        for word in words_of(text or ""):
            self.add("instr(words, ?) > 0", word)

    def model(self, model: str | type[Request[Result]] | None) -> None:
        """It is of a model."""
        self.column("model", model if model is None or isinstance(model, str) else model.info.name)

    def between(self, since: datetime | date | str | None, until: datetime | date | str | None) -> None:
        """It was submitted between two times."""
        if since is not None:
            self.add("at >= ?", micros(time_of("since", since, later=False)))
        if until is not None:
            self.add("at < ?", micros(time_of("until", until, later=True)))

    def sql(self, limit: int | None) -> tuple[str, tuple[object, ...]]:
        """The question for the runs, newest first. Raises `ConfigError`."""
        if limit is not None and limit < 0:
            raise ConfigError(f"limit has to be a number from 0, not {limit!r}")
        where = f"WHERE {' AND '.join(self.conditions)} " if self.conditions else ""
        sql = (
            f"WITH found AS (SELECT key, path, stamp, at FROM runs {where}ORDER BY at DESC, key DESC LIMIT ?) "  # noqa: S608
            "SELECT path, stamp, document FROM found JOIN documents USING (key) ORDER BY at DESC, key DESC"
        )
        return sql, (*self.values, -1 if limit is None else limit)


def time_of(name: str, value: datetime | date | str, *, later: bool) -> datetime:
    """A time that a user gave; a day is its beginning, or its end if `later`. Raises `ConfigError`."""
    given: object = value
    if isinstance(value, str):
        try:
            given = (
                date.fromisoformat(value) if len(value.strip()) <= len("2026-11-26") else datetime.fromisoformat(value)
            )
        except ValueError as error:
            raise ConfigError(f"{name} has to be a time or a day in ISO 8601, not {value!r}") from error
    if isinstance(given, datetime):
        return given.replace(tzinfo=UTC) if given.tzinfo is None else given
    if isinstance(given, date):
        return datetime.combine(given + timedelta(days=1) if later else given, time(), UTC)
    raise ConfigError(f"{name} has to be a time or a day, not {value!r}")
