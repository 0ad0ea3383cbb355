"""Families: their table is checked against the models, and what a member takes is read from its schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from kie._plans.families import fold, member_of

from .source import FAMILIES, Document, Fault, ModelSource, Node, escape

KEYS = {"title", "names", "members", "task_modes"}


def check_families(families: Document, models: list[ModelSource], shorthand: Document) -> Iterator[Fault]:
    """A family has active members, and its names are those of nothing else."""
    status = {model.id: str(model.facts.get("status")) for model in models}
    taken = {fold(each): (model.id, [model.id]) for model in models for each in (model.id, model.name)}
    first = {fold(name): row["means"][0] for name, row in shorthand.items()}
    for name, row in families.items():
        at = f"/{escape(str(name))}"
        faults = list(_row(at, row, status))
        yield from faults
        if faults:
            continue
        for folded, spelling in {fold(each): each for each in names(name, row)}.items():
            other, members = taken.get(folded, ("", row["members"]))
            if members != row["members"]:
                yield Fault(FAMILIES, at, f"{spelling!r} is a name of {other}, too")
            if first.get(folded, row["members"][0]) not in row["members"]:
                yield Fault(FAMILIES, at, f"{spelling!r} is a shorthand for {first[folded]}")
            taken[folded] = (name, [name])


def _row(at: str, row: Node, status: dict[str, str]) -> Iterator[Fault]:
    if not isinstance(row, dict) or not isinstance(row.get("members"), list) or not row["members"]:
        yield Fault(FAMILIES, at, "has to be a mapping with a list of members")
        return
    for key in {*map(str, row)} - KEYS:
        yield Fault(FAMILIES, f"{at}/{escape(key)}", "is not a known key")
    if not str(row.get("title") or "").strip():
        yield Fault(FAMILIES, f"{at}/title", "is missing")
    members = row["members"]
    for index, member in enumerate(members):
        said = status.get(member)
        if said != "active":
            what = f"{member} is {said}: a family has active members" if said else f"there is no model {member!r}"
            yield Fault(FAMILIES, f"{at}/members/{index}", what)
        if member in members[:index]:
            yield Fault(FAMILIES, f"{at}/members/{index}", f"{member} is there twice")
    for member in row.get("task_modes") or {}:
        if member not in members:
            yield Fault(FAMILIES, f"{at}/task_modes/{escape(str(member))}", "is not a member of this family")


def names(name: str, row: Document) -> list[str]:
    """The names of a family."""
    return [name, str(row.get("title")), *(row.get("names") or [])]


def compile_families(families: Document, models: list[ModelSource]) -> dict[str, Any]:
    """The families with what each member takes. The models are as they are packaged."""
    by_id = {model.id: model for model in models}
    compiled: dict[str, Any] = {}
    for name, row in sorted(families.items()):
        modes = row.get("task_modes") or {}
        members = [
            member_of(each, by_id[each].document, by_id[each].facts["categories"], modes.get(each) or ())
            for each in row["members"]
        ]
        compiled[name] = {
            "title": row["title"],
            "names": row.get("names") or [],
            "members": [
                {"model": each.model, "task_modes": each.task_modes, **attrs.asdict(each.needs)} for each in members
            ],
        }
    return compiled
