"""CLI: the input file of `kie batch`, one request a line: JSON Lines or CSV. May import every room below."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import attrs

from kie._cli.batch_table import Cells, is_csv, read_csv
from kie._cli.fields import Entry, entries
from kie._cli.model_commands import resolve
from kie._core.errors import ConfigError, KieError, RequestInvalid
from kie._core.issues import UNKNOWN_FIELD, Issue
from kie._core.json import JSON, JSONObject, decode
from kie._core.request import Request
from kie._core.results import Result
from kie.catalog import Model

_SLOT = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")


@attrs.define(kw_only=True)
class Line:
    """One line of the input file: a request, or the error that says what is wrong with it.

    `key` identifies the line across runs: its id, else a digest of its fields. `fields` are what it gives, with the
    defaults of the command; `changed` says that its id was run with other fields, so that nothing is recorded of it.
    """

    number: int
    key: str
    digest: str
    id: str | None = None
    model: str | None = None
    fields: JSONObject = attrs.field(factory=dict)
    request: Request[Result] | None = None
    error: KieError | None = None
    changed: bool = False

    def identity(self) -> JSONObject:
        """Return what the output file says about the line itself."""
        return {"line": self.number, "id": self.id, "model": self.model, "digest": self.digest}


@attrs.frozen(kw_only=True)
class Defaults:
    """What a command gives to every line that does not give it itself.

    `fields` may have slots: `{animal}` is replaced by what the line gives as `animal`. `seeds` make a line several
    ones. `ignored` are names that are not sent.
    """

    model: str | None = None
    fields: Mapping[str, JSON] = attrs.field(factory=dict)
    seeds: Sequence[int] = ()
    ignored: frozenset[str] = frozenset()

    @property
    def slots(self) -> frozenset[str]:
        """The names that fill slots: they need not be fields of the model."""
        return frozenset(
            found[1] for text in _texts(list(self.fields.values())) for found in _SLOT.finditer(text) if found[1]
        )


@attrs.frozen(kw_only=True)
class _Row:
    """What stands in a line: its JSON object or its cells, and what is wrong with it if it holds neither."""

    number: int
    text: str
    given: JSONObject
    fault: str
    cells: bool = False


def read_lines(data: bytes, name: str = "-", defaults: Defaults | None = None) -> list[Line]:
    """Read the input file. An invalid line becomes a line with an error.

    Raises:
        ConfigError: The header of a CSV file is of no use.
    """
    rows = _csv_rows(name, data) if is_csv(name, data) else _json_rows(data)
    reader = _Reader(defaults or Defaults())
    return [reader.line(row, seed) for row in rows for seed in reader.defaults.seeds or (None,)]


def _csv_rows(name: str, data: bytes) -> Iterator[_Row]:
    for number, given, fault in read_csv(name, data):
        yield _Row(number=number, text=json.dumps(given), given=given, fault=fault, cells=True)


def _json_rows(data: bytes) -> Iterator[_Row]:
    for number, text in enumerate(data.decode("utf-8-sig", "surrogateescape").split("\n"), 1):
        if text.strip():
            given, fault = _fields(text)
            yield _Row(number=number, text=text, given=given, fault=fault)


@attrs.define
class _Reader:
    """Makes lines of rows. It remembers the names that it gave, and the models that it met."""

    defaults: Defaults
    seen: Counter[str] = attrs.field(factory=Counter)
    models: dict[str, tuple[Model, dict[str, Entry]]] = attrs.field(factory=dict)

    def line(self, row: _Row, seed: int | None) -> Line:
        """Make the line of a row, with one of the seeds of the command if it has some."""
        given, lacking = _completed(row.given, seed, self.defaults) if row.given else ({}, "")
        canonical = json.dumps(given, sort_keys=True) if given else row.text
        digest = hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        id, model = given.pop("id", None), given.pop("model", None)
        if seed is not None and _is_id(id):
            id = f"{id}-{seed}"
        name = f"id:{id}" if _is_id(id) else digest
        self.seen[name] += 1
        line = Line(
            number=row.number,
            key=name if self.seen[name] == 1 else f"{name}#{self.seen[name]}",
            digest=digest,
            id=str(id) if _is_id(id) else None,
            model=model if isinstance(model, str) else None,
            fields=given,
        )
        fault = row.fault or _fault(line, id, repeated=self.seen[name] > 1) or lacking
        try:
            if fault:
                raise RequestInvalid(line.model or f"line {row.number}", [Issue("", "line", fault)])
            line.request = self._request(str(model), given, cells=row.cells)
        except (RequestInvalid, ConfigError) as error:
            line.error = error
        return line

    def _known(self, model: str) -> tuple[Model, dict[str, Entry]]:
        """A model, and its fields by each of their names. Raises `UnknownModel`."""
        if model not in self.models:
            entry = resolve(model)
            fields = entries(entry)
            named = {n: f for f in fields for n in (f.option, f.alias, f.python, f.field.name) if n is not None}
            if "seeds" in named:
                named.setdefault("seed", named["seeds"])
            self.models[model] = entry, named
        return self.models[model]

    def _request(self, model: str, given: JSONObject, *, cells: bool) -> Request[Result]:
        """Build the request of a line. Raises `RequestInvalid` with every fault, `UnknownModel`."""
        entry, named = self._known(model)
        cls = entry.request_class
        typed = Cells(cls.info.media_fields, [], lambda: b"")
        fields: dict[str, object] = {}
        for name, value in _input(entry, given).items():
            field = named.get(name) or (named.get(_snake(name)) if cells else None)
            if name in self.defaults.ignored or (field is None and name in self.defaults.slots):
                continue
            if field is None:
                fields[name] = value
            elif cells and isinstance(value, str):
                fields[field.python] = typed.cell(field, value)
            else:
                fields[field.python] = typed.nested(value, field.field.name)
        try:
            made = cls(**fields)
        except RequestInvalid as error:
            found = [self._explained(issue, cells=cells) for issue in error.issues]
            raise RequestInvalid(entry.id, [*typed.issues, *found], captured=error.captured) from None
        if typed.issues:
            raise RequestInvalid(entry.id, typed.issues)
        return made

    def _explained(self, issue: Issue, *, cells: bool) -> Issue:
        """Say where a field came from that the model lacks, and how to do without it."""
        if issue.rule != UNKNOWN_FIELD:
            return issue
        if issue.path == "seed" and self.defaults.seeds:
            return Issue(issue.path, issue.rule, "is not a field of this model: leave --seeds out")
        way = f"; --ignore {issue.path} leaves the column out, and {{{issue.path}}} in a text stands for its cell"
        return attrs.evolve(issue, message=(*issue.parts, way)) if cells else issue


def _completed(given: JSONObject, seed: int | None, defaults: Defaults) -> tuple[JSONObject, str]:
    """Return a line with the defaults of the command, and what it lacks for them; an empty text for nothing."""
    made = dict(given)
    if defaults.model is not None and "model" not in made:
        made["model"] = defaults.model
    inner = made.get("input")
    fields = dict(inner) if isinstance(inner, dict) else made
    lacking = list[str]()
    slots = {**given, **fields}
    for name, value in defaults.fields.items():
        if name not in fields:
            fields[name] = _filled(value, slots, lacking)
    if seed is not None:
        taken = next((name for name in ("seed", "seeds") if name in fields), None)
        if taken is not None:
            return made, f"`{taken}` stands in the line: leave it, or --seeds, out"
        fields["seed"] = seed
    if isinstance(inner, dict):
        made["input"] = fields
    missing = ", ".join(f"`{name or '{}'}`" for name in dict.fromkeys(lacking))
    there = ", ".join(name for name in slots if name != "model")
    return made, f"the template needs {missing}; the line has {there}, and a brace itself is doubled" if missing else ""


def _filled(value: JSON, slots: JSONObject, lacking: list[str]) -> JSON:
    """Fill the slots in the texts of a value. The names that nothing fills are added to `lacking`."""
    if isinstance(value, dict):
        return {name: _filled(item, slots, lacking) for name, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, slots, lacking) for item in value]
    if not isinstance(value, str):
        return value

    def fill(found: re.Match[str]) -> str:
        if found[1] is None:  # a doubled brace is a plain one
            return found[0][0]
        if found[1] not in slots:
            lacking.append(found[1])
        return str(slots.get(found[1], ""))

    return _SLOT.sub(fill, value)


def _snake(name: str) -> str:
    """Return a heading as the name of a field: `Aspect Ratio` is `aspect_ratio`."""
    return "_".join(name.lower().split())


def _texts(value: JSON) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(item)


def _fields(text: str) -> tuple[JSONObject, str]:
    """Return the object that a line holds, and what is wrong with the line if it holds none."""
    try:
        value = decode(text.encode("utf-8", "surrogateescape"))
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return {}, "contains half of a surrogate pair, which is not valid Unicode"
    except ValueError as error:
        return {}, f"is not JSON: {error}"
    return (value, "") if isinstance(value, dict) else ({}, "is not a JSON object")


def _is_id(value: JSON) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool)


def _fault(line: Line, id: JSON, *, repeated: bool) -> str:
    """Return what is wrong with the id or the model of a line; an empty text for nothing."""
    if id is not None and line.id is None:
        return "`id` has to be text or a whole number"
    if line.id is not None and repeated:
        return f"the id {line.id} is taken by an earlier line"
    return "" if line.model else "`model` is missing: name it in the line, or for all lines with --model"


def _input(entry: Model, given: JSONObject) -> JSONObject:
    """Return the fields of the model: those of `input` if the line has one, else those of the line itself."""
    if not isinstance(given.get("input"), dict) or any(field.name == "input" for field in entry.fields):
        return given
    beside = [Issue(key, "additionalProperties", "stands beside `input`") for key in given if key != "input"]
    if beside:
        raise RequestInvalid(entry.id, beside)
    return cast(JSONObject, given["input"])


def seeds_of(text: str) -> list[int]:
    """Return the seeds that a text names: `1-4`, `7`, `1,5,9-11`. Raises ValueError."""
    found: list[int] = []
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        low, high = int(first), int(last) if dash else int(first)
        if high < low or high - low >= 10_000:
            raise ValueError(part)
        found.extend(range(low, high + 1))
    return list(dict.fromkeys(found))
