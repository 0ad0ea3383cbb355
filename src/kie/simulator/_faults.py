"""Simulator: scripted faults: which request goes wrong, and how. May import `_core`, `kie_wire`.

A script is a list of rules, in JSON or Python. Each names what it is `on` (an operation such as `createTask` or
`getTask`, `result` for files, `*` for everything), when it fires, and what it does (`do`):

- A rule with `nth: 3` fires on the third such request, one with `every: 3` on each third, one with `times: 3` on the
  first three that no earlier rule took, and one with none of these on every request. Only the first rule that would
  fire does.
- `FAULTS` lists every fault with its arguments.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, Literal, TypeAlias

import attrs

from kie._core.errors import ConfigError
from kie._core.numbers import finite, whole
from kie.simulator._messages import SimResponse, busy, envelope, text
from kie.simulator._routes import POLLED, SUBMITTED
from kie_wire.endpoints import ENDPOINTS

OPERATIONS = (*ENDPOINTS, "result")
"""What a rule can be `on`, beside `*`."""

_TASKS = (*SUBMITTED, *POLLED)
_ANY = (*OPERATIONS, "*")
_JSON = (*(name for name in OPERATIONS if name != "result"), "*")


HTML = "text/html; charset=utf-8"
_NAME = re.compile(r"[A-Za-z0-9-]+")
_VALUE = re.compile(r"[!-~]([ -~]*[!-~])?")


@attrs.frozen
class _Argument:
    """An argument of a fault, with its condition as a test and in words."""

    fits: Callable[[Any], bool]
    must_be: str
    default: Any = None
    required: bool = False


def _text(default: str = "") -> _Argument:
    return _Argument(lambda value: isinstance(value, str), "text", default)


def _count(least: int, default: int | None = None) -> _Argument:
    words = f"a whole number, at least {least}"
    return _Argument(lambda value: whole(value, least), words, default, required=default is None)


def _status(default: int | None = None) -> _Argument:
    words = "an HTTP status from 200 to 599"
    return _Argument(lambda value: whole(value, 200) and value <= 599, words, default, required=default is None)


def _is_seconds(value: object) -> bool:
    return isinstance(value, (int, float)) and finite(value) and value >= 0


def _is_printable(value: object) -> bool:
    return isinstance(value, str) and _VALUE.fullmatch(value) is not None


def _is_headers(value: object) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(name, str) and _NAME.fullmatch(name) and _is_printable(item) for name, item in value.items()
    )


Change: TypeAlias = Callable[[SimResponse, Mapping[str, Any]], SimResponse]
"""Makes the answer that a fault gives, from the right one and the arguments of the fault."""


@attrs.frozen
class _FaultKind:
    """A fault. `change` is None if it affects the task. `processed` is False if the request has no effect."""

    meaning: str
    on: tuple[str, ...] = _ANY
    arguments: Mapping[str, _Argument] = attrs.field(factory=dict)
    change: Change | None = None
    processed: bool = True


def _rate_limit(_: SimResponse, given: Mapping[str, Any]) -> SimResponse:
    answer = busy()
    after = {} if given["retry_after"] is None else {"retry-after": str(given["retry_after"])}
    return attrs.evolve(answer, status=429 if given["http"] else 200, headers={**answer.headers, **after})


def _truncate(response: SimResponse, given: Mapping[str, Any]) -> SimResponse:
    return attrs.evolve(response, drop=min(given["bytes"], max(0, len(response.body) - 1)))


def _drop(how: Literal["refused", "before", "after"]) -> Change:
    return lambda response, _: attrs.evolve(response, drop=how)


_RETRY_AFTER = _Argument(
    lambda value: value is None or _is_seconds(value) or _is_printable(value), "seconds, printable text or null"
)
_FAIL_CODE = _Argument(lambda value: isinstance(value, str) or whole(value), "text or a whole number", "501")
_FLAG = _Argument(lambda value: isinstance(value, bool), "true or false", False)

FAULTS: Mapping[str, _FaultKind] = {
    "rate_limit": _FaultKind(
        "429, in the envelope or (http) as HTTP status, with Retry-After if given; nothing is processed",
        _JSON,
        {"http": _FLAG, "retry_after": _RETRY_AFTER},
        _rate_limit,
        processed=False,
    ),
    "http": _FaultKind(
        "an HTTP status with a text body; processed before only if `accepted`",
        _ANY,
        {
            "status": _status(),
            "body": _text(),
            "headers": _Argument(_is_headers, "an object of header names and values", {}),
            "accepted": _FLAG,
        },
        lambda _, given: text(given["body"], status=given["status"], headers=given["headers"]),
    ),
    "envelope": _FaultKind(
        "an envelope with this code, in HTTP 200; processed before only if `accepted`",
        _JSON,
        {"code": _Argument(whole, "a whole number", required=True), "msg": _text("simulated"), "accepted": _FLAG},
        lambda _, given: envelope(given["code"], given["msg"]),
    ),
    "refuse": _FaultKind("the connection is refused: nothing arrives", change=_drop("refused"), processed=False),
    "drop_before": _FaultKind(
        "the connection breaks before the request is processed", change=_drop("before"), processed=False
    ),
    "drop_after": _FaultKind(
        "the request is processed, then the connection breaks without an answer", change=_drop("after")
    ),
    "slow": _FaultKind(
        "the answer comes late",
        _ANY,
        {"seconds": _Argument(_is_seconds, "a number of seconds, at least 0", required=True)},
        lambda response, given: attrs.evolve(response, delay=float(given["seconds"])),
    ),
    "truncate": _FaultKind("the body ends after this many bytes", _ANY, {"bytes": _count(0)}, _truncate),
    "garbage": _FaultKind(
        "a body that cannot be read; processed before only if `accepted`",
        _JSON,
        {
            "body": _text("<html>bad gateway</html>"),
            "status": _status(200),
            "accepted": _FLAG,
        },
        lambda _, given: text(given["body"], status=given["status"], headers={"content-type": HTML}),
    ),
    "no_task_id": _FaultKind("the task is accepted, but the answer does not name its id", tuple(SUBMITTED)),
    "state": _FaultKind(
        "the task's next polls show this state, unfinished, unless its end was already reported",
        _TASKS,
        {
            "state": _Argument(lambda value: isinstance(value, str) and value != "", "text, not empty", required=True),
            "polls": _count(1, 1),
        },
    ),
    "invisible": _FaultKind("the task's next polls do not find its record", _TASKS, {"polls": _count(1, 1)}),
    "fail_task": _FaultKind(
        "the task ends as failed",
        _TASKS,
        {"code": _FAIL_CODE, "msg": _text("The generation failed.")},
    ),
    "gone": _FaultKind(
        "the file is no longer there: HTTP 404",
        ("result",),
        {},
        lambda *_: text("not found", status=404),
        processed=False,
    ),
}
"""What a rule can do: the meaning of each kind, where it applies, and its arguments."""


@attrs.frozen(kw_only=True)
class Rule:
    """One rule of a script, with every argument filled in."""

    on: str
    """The operation that it is for, `result` for files, or `*` for everything."""
    do: str
    """The fault: a key of `FAULTS`."""
    nth: int | None = None
    """Fires on this request only, counted from 1."""
    times: int | None = None
    """Fires on this many requests, the first that no earlier rule took."""
    every: int | None = None
    """Fires on each request whose number is a multiple of this."""
    arguments: Mapping[str, object] = attrs.field(factory=dict)
    """The arguments of the fault."""

    @property
    def processed(self) -> bool:
        """Whether the request is processed although the answer goes wrong."""
        return FAULTS[self.do].processed and self.arguments.get("accepted", True) is not False

    def answer(self, response: SimResponse) -> SimResponse:
        """Apply the fault to an answer.

        Args:
            response: The answer without the fault.

        Returns:
            The answer with it. A fault of the task leaves it unchanged.
        """
        change = FAULTS[self.do].change
        return response if change is None else change(response, dict(self.arguments))


class FaultScript:
    """An ordered list of rules, and how often each has been asked and has fired. `load` reads one.

    Args:
        rules: The rules; the first that fires on a request wins.
    """

    rules: tuple[Rule, ...]
    """The rules, in order."""

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self.rules = tuple(rules)
        self._seen = [0] * len(self.rules)
        self._fired = [0] * len(self.rules)

    @classmethod
    def load(cls, source: FaultSource) -> FaultScript:
        """Read a script.

        Args:
            source: A list of rules, as dicts, or the path of a JSON file that holds one. None is an empty script, and
                a script is returned as it is.

        Returns:
            The script.

        Raises:
            ConfigError: The file cannot be read, or rules are wrong; every fault in them is listed.
        """
        if source is None:
            return cls()
        if isinstance(source, FaultScript):
            return source
        where, document = _read(source)
        if isinstance(document, Mapping) or not isinstance(document, Iterable):
            raise ConfigError(f"{where} must be a list of rules")
        problems: list[str] = []
        rules = [rule for number, row in enumerate(document, 1) if (rule := _rule(number, row, problems))]
        if problems:
            raise ConfigError(
                f"{where} has {len(problems)} fault{'s' if len(problems) > 1 else ''}:"
                + "".join(f"\n  {text}" for text in problems)
            )
        return cls(rules)

    def pick(self, operation: str) -> Rule | None:
        """Ask which rule fires on the next request.

        Args:
            operation: The operation that the request is for, or `result`. Each call counts as a request.

        Returns:
            The rule, or None if none fires.
        """
        chosen: Rule | None = None
        for index, rule in enumerate(self.rules):
            if rule.on not in ("*", operation):
                continue
            self._seen[index] += 1
            if chosen is None and self._fires(index):
                self._fired[index] += 1
                chosen = rule
        return chosen

    def _fires(self, index: int) -> bool:
        rule = self.rules[index]
        if rule.nth is not None:
            return self._seen[index] == rule.nth
        if rule.every is not None:
            return self._seen[index] % rule.every == 0
        return rule.times is None or self._fired[index] < rule.times

    @property
    def unused(self) -> tuple[Rule, ...]:
        """The rules that have not fired yet."""
        return tuple(rule for rule, fired in zip(self.rules, self._fired, strict=True) if not fired)


def _read(source: object) -> tuple[str, object]:
    """Read a script: its name in messages, and its content. Raises `ConfigError`."""
    if not isinstance(source, (str, PathLike)):
        return "the fault script", source
    where = f"the fault script {Path(source)}"
    try:
        return where, json.loads(Path(source).read_bytes())
    except OSError as error:
        raise ConfigError(f"{where} cannot be read: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{where} is not JSON: {error}") from error


_WHEN = ("nth", "times", "every")


def _rule(number: int, row: object, problems: list[str]) -> Rule | None:
    """Read one rule, and add its faults to `problems`."""
    if not isinstance(row, Mapping):
        problems.append(f"rule {number}: must be an object")
        return None
    on, do = row.get("on"), row.get("do")
    kind = FAULTS.get(do) if isinstance(do, str) else None
    found = [*_target_problems(on, do, kind), *_when_problems(row)]
    arguments: dict[str, Any] = {}
    if kind is not None:
        found += _argument_problems(row, kind)
        arguments = {name: row.get(name, argument.default) for name, argument in kind.arguments.items()}
    problems += [f"rule {number}: {problem}" for problem in found]
    if found:
        return None
    return Rule(on=str(on), do=str(do), arguments=arguments, **{name: row[name] for name in _WHEN if name in row})


def _target_problems(on: object, do: object, kind: _FaultKind | None) -> Iterator[str]:
    if on not in _ANY:
        yield f"`on` must be one of {', '.join(_ANY)}, not {json.dumps(on, default=str)}"
    if kind is None:
        yield f"`do` must be one of {', '.join(FAULTS)}, not {json.dumps(do, default=str)}"
    elif on in _ANY and on not in kind.on:
        yield f"`{do}` works on {', '.join(kind.on)}, not on {on}"


def _when_problems(row: Mapping[str, Any]) -> Iterator[str]:
    when = [name for name in _WHEN if name in row]
    if len(when) > 1:
        yield f"has {' and '.join(when)}; give at most one of them"
    for name in when:
        if not whole(row[name], 1):
            yield f"`{name}` must be a whole number, at least 1"


def _argument_problems(row: Mapping[str, Any], kind: _FaultKind) -> Iterator[str]:
    for name, argument in kind.arguments.items():
        if name not in row:
            if argument.required:
                yield f"`{row['do']}` needs `{name}`"
        elif not argument.fits(row[name]):
            yield f"`{name}` must be {argument.must_be}, not {json.dumps(row[name], default=str)}"
    takes = f"it takes {', '.join(kind.arguments)}" if kind.arguments else "it takes none"
    for name in sorted(str(key) for key in set(row) - {"on", "do", *_WHEN, *kind.arguments}):
        yield f"`{name}` is not an argument of `{row['do']}` ({takes})"


FaultSource: TypeAlias = FaultScript | str | PathLike[str] | Iterable[Mapping[str, object]] | None
"""What a fault script is made of: its rules, or the path of a JSON file with them."""
