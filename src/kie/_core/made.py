"""Core: results, their files and earlier tasks as values of media fields. May import only `_core`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard, cast

import attrs

from kie._core import paths
from kie._core.assets import AnyAsset
from kie._core.field_facts import NO_FACTS, FieldFacts
from kie._core.media_rules import MediaRule
from kie._core.results import AnyResult
from kie._core.status import TaskStatus
from kie._core.tasks import HasRef, TaskRef

_KINDS = {"image": "an image", "video": "a video", "audio": "sound"}


def files_of(value: HasRef) -> tuple[AnyAsset, ...] | str:
    """The files of a result, an asset or an earlier task, in order; or a message that says what is wrong with it."""
    if isinstance(value, TaskRef):
        return f"names task {value}, but not its files: pass client.task('{value}').wait()"
    status = value if isinstance(value, TaskStatus) else getattr(value, "status", None)
    result = value if isinstance(value, AnyResult) else getattr(value, "result", None)  # an outcome has a result
    if isinstance(result, AnyResult):
        status = result.status
    elif isinstance(status, TaskStatus):
        if status.state != "succeeded":
            return f"needs a finished task; {status.ref} is {status.state}"
        result = _read(status)
    if isinstance(status, TaskStatus) and status.expired:
        return f"the result of task {status.ref} has expired"
    give = getattr(value if result is None else result, "_files", None)
    if give is None:
        return f"task {value.ref} is not known to have finished: pass what its wait() returns"
    files = cast("tuple[AnyAsset, ...]", give())
    return files or f"task {value.ref} has given no files"


def _read(status: TaskStatus) -> AnyResult:
    from kie._core.result_types import result_type

    return result_type(status.kind)(status=status)


def fault(value: HasRef, rule: MediaRule | None) -> str | None:
    """A message that says why a value does not fit a place for one file; None if it fits."""
    files = files_of(value)
    if isinstance(files, str):
        return files
    if len(files) > 1:
        return f"has {len(files)} files, and one fits here: pass one of its assets"
    wanted = rule.kind if rule is not None else "file"
    kinds = [asset.kind for asset in files if asset.kind in _KINDS and wanted not in (asset.kind, "file")]
    return f"is {_KINDS[kinds[0]]}, but this field takes {_KINDS[wanted]}" if kinds else None


def url_of(value: HasRef) -> str:
    """The URL of the single file of a value that has no `fault`."""
    return str(files_of(value)[0])


def spread(
    value: object, facts: Mapping[str, FieldFacts], *, anywhere: bool = False, lists: frozenset[str] = frozenset()
) -> object:
    """Replace values that stand for files by those files in every list. Returns the value itself if nothing changes.

    Args:
        value: The fields of a request by their names on the wire, or a value in it.
        facts: What is known of the fields, by key.
        anywhere: Whether any field may take media.
        lists: The keys of fields that take a list, for which one result alone will do.
    """

    def takes(path: paths.Path) -> bool:
        known = facts.get(paths.key(path), NO_FACTS)
        return not known.families and (anywhere or known.media is not None)

    def walk(value: object, path: paths.Path) -> object:
        kind = type(value)
        if kind in (str, int, bool, float) or value is None:
            return value
        if _has_ref(value):
            files = files_of(value) if paths.key(path) in lists and takes(path) else ()
            return files if files and not isinstance(files, str) else value
        if isinstance(value, (list, tuple)):
            return _same(value, [one for item in value for one in each(item, path)])
        if isinstance(value, Mapping):
            named = {name: walk(item, (*path, str(name))) for name, item in value.items()}
            return value if all(named[name] is item for name, item in value.items()) else named
        plan = getattr(type(value), "__kie_plan__", None)
        if plan is None:
            return value
        changed = {
            name: made
            for name, wire in plan()
            if (made := walk(item := getattr(value, name), (*path, wire))) is not item
        }
        return attrs.evolve(cast(Any, value), **changed) if changed else value

    def each(item: object, path: paths.Path) -> tuple[object, ...]:
        if _has_ref(item) and takes(path):
            files = files_of(item)
            return (item,) if isinstance(files, str) else files
        return (walk(item, path),)

    return walk(value, ())


def _has_ref(value: object) -> TypeGuard[HasRef]:
    try:
        return isinstance(value, HasRef)
    except Exception:  # a user's object may raise anything; the encoder reports it
        return False


def _same(old: list[object] | tuple[object, ...], new: list[object]) -> object:
    if len(old) == len(new) and all(one is other for one, other in zip(old, new, strict=True)):
        return old
    return new if isinstance(old, list) else tuple(new)
