"""Families: checks their table against the models, and reads the inputs of each member from its schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from kie._plans.families import fold, member_of

from .source import FAMILIES, Document, Fault, ModelSource, Node, escape

KEYS = {"title", "names", "members", "tiers", "task_modes"}


@attrs.frozen
class Named:
    """A family, or one tier of it, with the names by which it is found."""

    name: str
    title: str
    names: tuple[str, ...]
    members: tuple[str, ...]
    task_modes: Document


def check_families(families: Document, models: list[ModelSource], shorthand: Document) -> Iterator[Fault]:
    """Check that each family has active members, and that nothing else has its names."""
    status = {model.id: str(model.facts.get("status")) for model in models}
    faults = [fault for name, row in families.items() for fault in _row(f"/{escape(str(name))}", row, status)]
    if faults:
        yield from faults
        return
    taken: dict[str, tuple[str, tuple[str, ...]]] = {
        fold(each): (model.id, (model.id,)) for model in models for each in (model.id, model.name)
    }
    means = ((name, row.get("means")) for name, row in shorthand.items() if isinstance(row, dict))
    first = {fold(name): listed[0] for name, listed in means if listed}
    for named in expanded(families):
        at = f"/{escape(named.name)}"
        for folded, spelling in {fold(each): each for each in (named.name, named.title, *named.names)}.items():
            other, members = taken.get(folded, ("", named.members))
            if members != named.members:
                yield Fault(FAMILIES, at, f"{spelling!r} is a name of {other}, too")
            if first.get(folded, named.members[0]) not in named.members:
                yield Fault(FAMILIES, at, f"{spelling!r} is a shorthand for {first[folded]}")
            taken[folded] = (named.name, ())


def _row(at: str, row: Node, status: dict[str, str]) -> Iterator[Fault]:
    if not isinstance(row, dict) or not str(row.get("title") or "").strip():
        yield Fault(FAMILIES, at, "must be a mapping with a title")
        return
    for key in {*map(str, row)} - KEYS:
        yield Fault(FAMILIES, f"{at}/{escape(key)}", "is not a known key")
    tiers = row.get("tiers") or {}
    lists = {f"{at}/tiers/{escape(str(tier))}": listed for tier, listed in tiers.items()}
    if "members" in row or not tiers:
        lists[f"{at}/members"] = row.get("members")
    seen: set[str] = set()
    for where, listed in lists.items():
        if not isinstance(listed, list) or not listed:
            yield Fault(FAMILIES, where, "must be a list of model ids")
            continue
        for index, member in enumerate(listed):
            said = status.get(member)
            if said is None:
                yield Fault(FAMILIES, f"{where}/{index}", f"there is no model {member!r}")
            elif said != "active":
                yield Fault(FAMILIES, f"{where}/{index}", f"{member} is {said}: a family has active members")
            elif member in seen:
                yield Fault(FAMILIES, f"{where}/{index}", f"{member} is there twice")
            seen.add(member)
    for member in row.get("task_modes") or {}:
        if member not in seen:
            yield Fault(FAMILIES, f"{at}/task_modes/{escape(str(member))}", "is not a member of this family")


def expanded(families: Document) -> Iterator[Named]:
    """Yield families and their tiers. The name of a family without members of its own stands for all its tiers."""
    for name, row in families.items():
        tiers, modes, others = row.get("tiers") or {}, row.get("task_modes") or {}, row.get("names") or []
        own = row.get("members") or [member for listed in tiers.values() for member in listed]
        yield Named(name, row["title"], tuple(others), tuple(own), modes)
        for tier, listed in tiers.items():
            end = "-" + tier.lower().replace(" ", "-")
            names = tuple(f"{each}{end}" for each in others)
            yield Named(f"{name}{end}", f"{row['title']} {tier}", names, tuple(listed), modes)


def compile_families(families: Document, models: list[ModelSource]) -> dict[str, Any]:
    """Compile the families, with the inputs of each member. Expects the models as they are packaged."""
    by_id = {model.id: model for model in models}
    compiled: dict[str, Any] = {}
    for named in sorted(expanded(families), key=lambda each: each.name):
        members = [
            member_of(each, by_id[each].document, by_id[each].facts["categories"], named.task_modes.get(each) or ())
            for each in named.members
        ]
        compiled[named.name] = {
            "title": named.title,
            "names": named.names,
            "members": [
                {"model": each.model, "task_modes": each.task_modes, **attrs.asdict(each.needs)} for each in members
            ],
        }
    return compiled
