"""Simulator: finds the catalog entry that a body is for. May import `_core` and `catalog`.

Several entries can share one endpoint. They then differ by one field, for which each permits different values.
"""

from __future__ import annotations

from functools import cache
from typing import cast

from kie import catalog
from kie._core.issues import Issue
from kie._core.json import JSON, JSONObject
from kie.catalog import Model


@cache
def entries_of(lifecycle: str, operation: str) -> tuple[Model, ...]:
    """The entries of the catalog that are submitted with an operation."""
    entries = [entry for entry in catalog.models(status="all") if entry.lifecycle == lifecycle]
    return tuple(entry for entry in entries if entry.request_class.info.operation in (None, operation))


def entry_for(entries: tuple[Model, ...], body: JSONObject) -> Model | Issue:
    """The entry that a body names.

    Args:
        entries: The entries of one endpoint.
        body: The body of a submission.

    Returns:
        The entry, or an issue about the field that names it.
    """
    if len(entries) == 1:
        return entries[0]
    field = discriminator(entries)
    if field not in body:
        return Issue(field, "required", "is required")
    for entry in entries:
        if body[field] in _values(entry, field):
            return entry
    known = [value for entry in entries for value in _values(entry, field)]
    return Issue(field, "enum", f"{body[field]!r} is not one of {', '.join(map(str, known))}", tuple(known))


def discriminator(entries: tuple[Model, ...]) -> str:
    """The field by which entries of one endpoint differ: each lists values for it that no other lists.

    Args:
        entries: The entries.

    Returns:
        The name of the field.

    Raises:
        LookupError: There is none.
    """
    for field in cast(JSONObject, entries[0].json_schema()["properties"]):
        listed = [_values(entry, field) for entry in entries]
        values = [value for each in listed for value in each]
        if all(listed) and all(values.count(value) == 1 for value in values):
            return field
    raise LookupError(f"no field tells {', '.join(entry.id for entry in entries)} apart")


def _values(entry: Model, field: str) -> list[JSON]:
    """The values that an entry lists for a field; empty if the field takes any value."""
    node = cast("dict[str, JSONObject]", entry.json_schema()["properties"]).get(field, {})
    return cast("list[JSON]", node.get("enum") or [])
