"""CLI: the input file of `kie batch`, one request a line: JSON Lines or CSV. May import every room below."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import ExitStack, contextmanager
from tempfile import TemporaryFile
from typing import BinaryIO, cast

import attrs

from kie._cli import values
from kie._cli.batch_table import HEAD, Cells, is_csv, not_lines, read_csv, snake
from kie._cli.fields import CliField, entries
from kie._cli.messages import error_record, message_of
from kie._cli.model_commands import resolve
from kie._cli.values import top
from kie._core.errors import ConfigError, RequestInvalid
from kie._core.issues import UNKNOWN_FIELD, Issue
from kie._core.json import JSON, JSONObject, RepeatedName, decode
from kie._core.request import Request
from kie._core.results import Result
from kie.catalog import Model

_SLOT = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
"""How JSON escapes half of a surrogate pair."""


@attrs.define(kw_only=True)
class GivenLine:
    """The content of a line: its JSON object or its cells; if it has neither, what is wrong with it.

    `cells` says that it is a row of CSV. `seed` is one of the command's seeds, which turn a row into several lines.
    """

    number: int
    text: str
    given: JSONObject
    fault: str = ""
    cells: bool = False
    seed: int | None = None


@attrs.define(kw_only=True)
class Line:
    """One line of the input file: a request, or what is wrong with it.

    `key` identifies the line across runs: its id, else a digest of its fields. `fields` are its own, with the defaults
    of the command. `changed` says that its id was run with other fields, so that nothing is recorded for it. `place` is
    its position among the lines of this run, from 1. The database has neither fields nor request of a line, because
    both can be made again. `once` says that they cannot: a pipe can be read only once.
    """

    number: int
    key: str
    digest: str
    id: str | None = None
    model: str | None = None
    fields: JSONObject = attrs.field(factory=dict)
    request: Request[Result] | None = None
    fault: JSON = None
    changed: bool = False
    place: int = 0
    once: bool = False
    label: str | None = None

    def identity(self) -> JSONObject:
        """Return the facts in the output file that identify the line."""
        return {"line": self.number, "id": self.id, "model": self.model, "digest": self.digest}


@attrs.frozen(kw_only=True)
class Defaults:
    """The defaults of a command for its lines.

    `fields` may have slots: `{animal}` is replaced by the line's own `animal`. `seeds` turn a line into several lines.
    `ignored` are names that are not sent.
    """

    model: str | None = None
    fields: Mapping[str, JSON] = attrs.field(factory=dict)
    seeds: Sequence[int] = ()
    ignored: frozenset[str] = frozenset()

    @property
    def slots(self) -> frozenset[str]:
        """The names of slots, which need not be fields of the model."""
        return frozenset(
            found[1] for text in _texts(list(self.fields.values())) for found in _SLOT.finditer(text) if found[1]
        )

    @property
    def columns(self) -> frozenset[str]:
        """The columns of CSV that the command names."""
        return self.slots | self.ignored


@contextmanager
def opened(source: str) -> Iterator[BinaryIO]:
    """Open an input file so that it can be read again from its beginning. A stream such as standard input is copied
    into a temporary file.

    Raises:
        ConfigError: It cannot be read, or has a line that is too long.
    """
    if source == "-":
        if sys.stdin is None:
            raise ConfigError("standard input is closed: name a file instead of -")
        with _copied(sys.stdin.buffer, "standard input") as file:
            yield file
        return
    with ExitStack() as files:
        try:
            named = files.enter_context(open(source, "rb"))
        except (OSError, ValueError) as error:
            raise _unread(source, error) from error
        whole = stat.S_ISREG(os.fstat(named.fileno()).st_mode)
        yield named if whole else files.enter_context(_copied(named, source))


@contextmanager
def _copied(source: BinaryIO, name: str) -> Iterator[BinaryIO]:
    with TemporaryFile() as copy:
        for line in _split(source, name):
            try:
                copy.write(line)
            except OSError as error:
                raise ConfigError(f"cannot keep a copy of {name}: {error.strerror or error}") from error
        copy.seek(0)
        yield cast("BinaryIO", copy)


def _split(file: BinaryIO, name: str) -> Iterator[bytes]:
    """The lines of a file, each with its line end. Raises `ConfigError`."""
    most = values.MOST_READ
    try:
        while line := file.readline(most + 1):
            if len(line) > most:
                raise ConfigError(f"{name} has a line of more than {most // 1024**2} MiB, the most that is read")
            yield line
    except OSError as error:
        raise _unread(name, error) from error


def _unread(name: str, error: OSError | ValueError) -> ConfigError:
    return ConfigError(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}")


def read_rows(file: BinaryIO, name: str, columns: Set[str] = frozenset()) -> Iterator[GivenLine]:
    """Read the rows of an input file, one at a time.

    Args:
        file: The file, at its beginning.
        name: Its name, which may show that it is CSV.
        columns: The columns that the command names, which may show the same.

    Raises:
        ConfigError: The file is neither JSON Lines nor CSV, its header is invalid, or it cannot be read.
    """
    try:
        head = file.read(HEAD)
    except OSError as error:
        raise _unread(name, error) from error
    file.seek(0)
    if is_csv(name, head, columns):
        return _csv_rows(name, file)
    if (fault := not_lines(name, head)) is not None:
        raise fault
    return _json_rows(name, file)


def _csv_rows(name: str, file: BinaryIO) -> Iterator[GivenLine]:
    for number, given, fault in read_csv(name, file):
        yield GivenLine(number=number, text=json.dumps(given), given=given, fault=fault, cells=True)


def _json_rows(name: str, file: BinaryIO) -> Iterator[GivenLine]:
    for number, line in enumerate(_split(file, name), 1):
        text = line.decode("utf-8-sig" if number == 1 else "utf-8", "surrogateescape").removesuffix("\n")
        if text.strip():
            given, fault = _fields(text)
            yield GivenLine(number=number, text=text, given=given, fault=fault)


class Names:
    """Counts the names of lines, in memory."""

    def __init__(self) -> None:
        self._seen = Counter[str]()

    def named(self, name: str) -> int:
        """Count a name. Returns how often it has been counted now."""
        self._seen[name] += 1
        return self._seen[name]


@attrs.define
class LineReader:
    """Makes lines from rows.

    Args:
        defaults: The defaults of the command.
        named: Counts the name of a line, and returns its count so far.
    """

    defaults: Defaults = attrs.field(factory=Defaults)
    named: Callable[[str], int] = attrs.field(factory=lambda: Names().named)
    models: dict[str, tuple[Model, type[Request[Result]], dict[str, CliField]]] = attrs.field(factory=dict)

    def line(self, row: GivenLine, *, known: bool = False) -> Line:
        """Make the line of a row, with its seed if it has one. With `known`, it is only counted and not checked."""
        given, lacking = self.given(row)
        canonical = json.dumps(given, sort_keys=True) if given else row.text
        digest = hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        id, model = given.pop("id", None), given.pop("model", None)
        if row.seed is not None and _is_id(id):
            id = f"{id}-{row.seed}"
        name = f"id:{id}" if _is_id(id) else digest
        seen = self.named(name)
        line = Line(
            number=row.number,
            key=name if seen == 1 else f"{name}#{seen}",
            digest=digest,
            id=str(id) if _is_id(id) else None,
            model=model if isinstance(model, str) else None,
            fields=given,
        )
        if known:
            return line
        faults = [row.fault] if row.fault else [text for text in (_fault(line, id, repeated=seen > 1), lacking) if text]
        try:
            if row.fault or (faults and not line.model):
                raise RequestInvalid(line.model or f"line {row.number}", _of_line(faults))
            line.request, line.once = self._checked(str(model), given, faults, cells=row.cells)
        except (RequestInvalid, ConfigError) as error:
            line.fault = error_record(error)
        return line

    def _checked(
        self, model: str, given: JSONObject, faults: Sequence[str], *, cells: bool
    ) -> tuple[Request[Result], bool]:
        """Build the request of a line with `_request`.

        Faults of the line are raised together with those of the request.
        """
        if not faults:
            return self._request(model, given, cells=cells)
        issues = _of_line(faults)
        try:
            self._request(model, given, cells=cells)
        except RequestInvalid as error:  # a template is checked once it is complete
            issues += [issue for issue in error.issues if top(issue.path) not in self.defaults.fields]
        except ConfigError as error:
            issues += _of_line([message_of(error)])
        raise RequestInvalid(model, issues)

    def given(self, row: GivenLine) -> tuple[JSONObject, str]:
        """Return the fields of a row with the defaults of the command, and what the row lacks for these."""
        return _completed(row.given, row.seed, self.defaults) if row.given else ({}, "")

    def request(self, row: GivenLine) -> Request[Result]:
        """Make the request of a row again. Raises `RequestInvalid`, for example if a local file is gone."""
        given, _ = self.given(row)
        given.pop("id", None)
        return self._request(str(given.pop("model")), given, cells=row.cells)[0]

    def _known(self, model: str) -> tuple[Model, type[Request[Result]], dict[str, CliField]]:
        """Find a model, its class, and its fields by each of their names. Raises `UnknownModel`."""
        if model not in self.models:
            entry = resolve(model)
            fields = entries(entry)
            named = {n: f for f in fields for n in (f.option, f.alias, f.python, f.field.name) if n is not None}
            if "seeds" in named:
                named.setdefault("seed", named["seeds"])
            self.models[model] = entry, entry.request_class, named
        return self.models[model]

    def _request(self, model: str, given: JSONObject, *, cells: bool) -> tuple[Request[Result], bool]:
        """Build the request of a line. Also says whether that can be done only once.

        Raises `RequestInvalid` with every fault, `UnknownModel`.
        """
        entry, cls, named = self._known(model)
        typed = Cells(cls.info.media_fields, [], lambda: b"")
        fields: dict[str, object] = {}
        for name, value in _input(entry, given).items():
            field = named.get(name) or (named.get(snake(name)) if cells else None)
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
        return made, typed.once

    def _explained(self, issue: Issue, *, cells: bool) -> Issue:
        """Say where a field came from that the model does not have, and how to leave it out."""
        if issue.rule != UNKNOWN_FIELD:
            return issue
        if issue.path == "seed" and self.defaults.seeds:
            return Issue(issue.path, issue.rule, "is not a field of this model: leave --seeds out")
        way = f"; --ignore {issue.path} leaves the column out; {{{issue.path}}} in a text is replaced with its cell"
        return attrs.evolve(issue, message=(*issue.parts, way)) if cells else issue


def _of_line(faults: Iterable[str]) -> list[Issue]:
    return [Issue("", "line", fault) for fault in faults]


def _completed(given: JSONObject, seed: int | None, defaults: Defaults) -> tuple[JSONObject, str]:
    """Return a line with the defaults of the command, and what it lacks for these; empty if nothing."""
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
            return made, f"`{taken}` is given in the line: leave it or --seeds out"
        fields["seed"] = seed
    if isinstance(inner, dict):
        made["input"] = fields
    missing = ", ".join(f"`{name or '{}'}`" for name in dict.fromkeys(lacking))
    there = ", ".join(name for name in slots if name != "model")
    return made, f"the template needs {missing}; the line has {there}; write a literal brace twice" if missing else ""


def _filled(value: JSON, slots: JSONObject, lacking: list[str]) -> JSON:
    """Fill the slots in the texts of a value. Names without a value are added to `lacking`."""
    if isinstance(value, dict):
        return {name: _filled(item, slots, lacking) for name, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, slots, lacking) for item in value]
    if not isinstance(value, str):
        return value

    def fill(found: re.Match[str]) -> str:
        if found[1] is None:  # a doubled brace means a literal one
            return found[0][0]
        if found[1] not in slots:
            lacking.append(found[1])
        return str(slots.get(found[1], ""))

    return _SLOT.sub(fill, value)


def _texts(value: JSON) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(item)


def restored(number: int, text: str, *, cells: bool, seed: int | None) -> GivenLine:
    """Read the row of a line that was stored as text."""
    given = cast("JSONObject", json.loads(text)) if cells else _fields(text)[0] if text else {}
    return GivenLine(number=number, text=text, given=given, cells=cells, seed=seed)


def _fields(text: str) -> tuple[JSONObject, str]:
    """Return the object in a line; if there is none, what is wrong with the line."""
    try:
        value = decode(text.encode("utf-8", "surrogateescape"), strict=True)
        if _HALF.search(text):
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return {}, "contains half of a surrogate pair, which is not valid Unicode"
    except RepeatedName as error:
        return {}, str(error)
    except ValueError as error:
        return {}, f"is not JSON: {error}"
    return (value, "") if isinstance(value, dict) else ({}, "is not a JSON object")


def _is_id(value: JSON) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool)


def _fault(line: Line, id: JSON, *, repeated: bool) -> str:
    """Return what is wrong with the id or the model of a line; empty if nothing."""
    if id is not None and line.id is None:
        return "`id` must be text or a whole number"
    if line.id is not None and (not line.id.strip() or "\0" in line.id):
        return "`id` cannot be empty or contain a NUL: leave it out, or give the line a name"
    if line.id is not None and repeated:
        return f"the id {line.id} is that of an earlier line; give each line its own"
    return "" if line.model else "`model` is missing: name it in the line, or for all lines with --model"


def _input(entry: Model, given: JSONObject) -> JSONObject:
    """Return the fields of the model: those of `input` if the line has one, else those of the line itself."""
    if not isinstance(given.get("input"), dict) or any(field.name == "input" for field in entry.fields):
        return given
    beside = [
        Issue(key, "additionalProperties", "is beside `input`; fields belong inside it")
        for key in given
        if key != "input"
    ]
    if beside:
        raise RequestInvalid(entry.id, beside)
    return cast(JSONObject, given["input"])


def seeds_of(text: str) -> list[int]:
    """Parse the seeds in a text: `1-4`, `7`, `1,5,9-11`. Raises ValueError."""
    found: list[int] = []
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        low, high = int(first), int(last) if dash else int(first)
        if high < low or high - low >= 10_000:
            raise ValueError(part)
        found.extend(range(low, high + 1))
    return list(dict.fromkeys(found))
