"""Core: converts Python values to JSON values, and reports those that cannot be converted. May import only `_core`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from kie._core import paths
from kie._core.issues import Issue
from kie._core.json import DEEPEST, JSON, JSONObject
from kie._core.media import ACCEPTED, UploadedFile, is_data_url, is_local
from kie._core.model_info import ModelInfo
from kie._core.safe_text import described, kind_of
from kie._core.tasks import HasRef

if TYPE_CHECKING:
    from kie._core.field_facts import FieldFacts

PENDING_URL = "https://media.pending.invalid/"
"""Stands in for local media while a request is validated. It is never sent."""


TOO_DEEP = f"is nested more than {DEEPEST} levels deep, or holds itself"

LARGEST = 10**300
"""Larger whole numbers cannot be read as JSON, and beyond some size not even be written."""


PLANS: dict[type, tuple[tuple[str, str], ...]] = {}
"""The (attribute, wire name) pairs of each request and part class, filled in as classes are first used."""


def plain(record: object, plan: tuple[tuple[str, str], ...]) -> JSONObject | None:
    """The fast path: encode a record of plain values. None if some value needs the `Encoder`'s closer look."""
    out: JSONObject = {}
    for name, wire in plan:
        value = getattr(record, name)
        if value is None:
            continue
        kind = type(value)
        if kind is str:
            if not value.isascii() or (value[4:5] == ":" and is_data_url(value)):
                return None
            out[wire] = value
        elif kind is bool or (kind is int and -LARGEST < value < LARGEST) or (kind is float and math.isfinite(value)):
            out[wire] = value
        elif kind is tuple:
            listed = _plain_list(value)
            if listed is None:
                return None
            out[wire] = listed
        else:
            return None
    return out


def _plain_list(values: tuple[object, ...]) -> list[JSON] | None:
    out: list[JSON] = []
    for value in values:
        kind = type(value)
        nested: JSON = None
        if kind is int:
            nested = value if -LARGEST < value < LARGEST else None  # type: ignore[operator,assignment]
        elif kind is str and value.isascii() and not is_data_url(value):  # type: ignore[attr-defined,arg-type]
            nested = value  # type: ignore[assignment]
        elif kind in PLANS:
            nested = plain(value, PLANS[kind])
        elif kind is tuple:
            nested = _plain_list(value)  # type: ignore[arg-type]
        if nested is None:
            return None
        out.append(nested)
    return out


class Encoder:
    """Encodes the fields of one request.

    Collects faults in `issues` and local media in `local` (path → media), and continues after a fault, so that all are
    reported at once. `anywhere` allows local media in every field (a `RawRequest` names no media fields).
    """

    __slots__ = ("anywhere", "info", "issues", "local")

    def __init__(self, info: ModelInfo, *, anywhere: bool = False) -> None:
        self.info = info
        self.issues: list[Issue] = []
        self.local: dict[str, object] = {}
        self.anywhere = anywhere

    def record(self, record: object, plan: tuple[tuple[str, str], ...], path: paths.Path = ()) -> JSONObject:
        """Encode the fields of a request or a part. A field that is None is left out."""
        out: JSONObject = {}
        for name, wire in plan:
            value = getattr(record, name)
            if value is None:
                continue
            out[wire] = self.value(value, (*path, wire))
        return out

    def value(self, value: object, path: paths.Path) -> JSON:
        """Encode any value. One that JSON cannot hold becomes null and adds an issue."""
        try:
            return self._value(value, path)
        except RecursionError:
            return self._fault(path, TOO_DEEP)
        except Exception as error:  # a user's object may raise anything
            return self._fault(path, f"cannot be read: {described(error)}")

    def _value(self, value: object, path: paths.Path) -> JSON:
        from decimal import Decimal

        if len(path) > DEEPEST:
            raise RecursionError
        match value:
            case None | bool():
                return value
            case str():
                return self._text(str.__str__(value), path)
            case int():
                return int(value) if -LARGEST < value < LARGEST else self._fault(path, "has more than 300 digits")
            case float():
                return float(value) if math.isfinite(value) else self._fault(path, f"is {value}, which is not a number")
            case Decimal():
                return (
                    self._value(int(value) if value == value.to_integral_value() else float(value), path)
                    if (value.is_finite())
                    else self._fault(path, f"is {value}, which is not a number")
                )
            case list() | tuple():
                return [self._value(item, (*path, index)) for index, item in enumerate(value)]
            case UploadedFile():
                return value.url
            case Mapping():
                return {self._key(key, path): self._value(item, (*path, str(key))) for key, item in value.items()}
        plan = getattr(type(value), "__kie_plan__", None)
        if plan is not None:
            return self.record(value, plan(), path)
        if isinstance(value, HasRef):
            return self._reference(value, path) if self._names_task(path) else self._made(value, path)
        if is_local(value):
            if self.anywhere or self._facts(path).media:
                return self._pending(value, path)
            return self._fault(path, "is a file or bytes, but this field takes no media")
        what = f"; {ACCEPTED}" if self._facts(path).media else ", which JSON cannot hold"
        return self._fault(path, f"is of type {type(value).__name__}{what}")

    def _names_task(self, path: paths.Path) -> bool:
        """Whether a reference at this place means the task itself, not its files."""
        facts = self._facts(path)
        if facts.families or not (facts.media or self.anywhere):
            return True
        return not facts.media and paths.key(path).replace("_", "").lower().endswith("taskid")

    def _made(self, value: HasRef, path: paths.Path) -> JSON:
        """The URL of the file that an earlier task made."""
        from kie._core import made

        fault = made.fault(value, self._facts(path).media)
        return self._fault(path, fault, "media") if fault else made.url_of(value)

    def _pending(self, media: object, path: paths.Path) -> str:
        """Record local media, whose place a URL will take later."""
        self.local[paths.render(path)] = media
        return f"{PENDING_URL}{len(self.local)}"

    def _text(self, text: str, path: paths.Path) -> JSON:
        try:
            text.encode()
        except UnicodeEncodeError:
            return self._fault(path, "contains half of a surrogate pair, which is not valid Unicode")
        if is_data_url(text) and not self.anywhere and self._facts(path).media:
            return self._pending(text, path)
        return text

    def _key(self, key: object, path: paths.Path) -> str:
        if isinstance(key, str):
            return str.__str__(key)
        self._fault(path, f"has the key {key!r}, which is not text")
        return str(key)

    def _reference(self, value: HasRef, path: paths.Path) -> JSON:
        from kie._core.status import TaskStatus

        facts = self._facts(path)
        if not facts.families:
            return self._fault(path, f"is {kind_of(value)}, but this field names no task")
        ref = value.ref
        if ref.lifecycle not in facts.families:
            return self._fault(path, f"needs a task of {' or '.join(facts.families)}; {ref} belongs to {ref.lifecycle}")
        status = value if isinstance(value, TaskStatus) else getattr(value, "status", None)
        if isinstance(status, TaskStatus) and status.state != "succeeded":
            return self._fault(path, f"needs a finished task; {ref} is {status.state}")
        if not facts.parts:
            return ref.id
        give = getattr(value, "part_id", lambda _: None)
        found = next((name for name in map(give, facts.parts) if name), None)
        if not isinstance(found, str):
            return self._fault(path, f"must be a {' or '.join(facts.parts)}, or the id of one, not {kind_of(value)}")
        return found

    def _facts(self, path: paths.Path) -> FieldFacts:
        from kie._core.field_facts import NO_FACTS

        return self.info.fields.get(paths.key(path), NO_FACTS)

    def _fault(self, path: paths.Path, message: str, rule: str = "type") -> JSON:
        """Record a fault. Returns null in place of the value."""
        self.issues.append(Issue(paths.render(path), rule, message))
        return None
