"""Plans: families of models, and which members fit the given input. May import `catalog` and `_core`.

A family is a name that people use, such as Kling 2.6, for models that differ in their inputs and outputs. The given
media, their roles and the task mode decide between the members. Tiers that differ in quality, speed and price are never
decided here: if several members fit, the user chooses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

import attrs

from kie import catalog
from kie._core import data
from kie._core.errors import UnknownModel
from kie._core.issues import Issue
from kie._core.json import JSON, JSONObject
from kie._plans.media_fields import KINDS, Media, MediaCount, Slot, fits, has_room, media_of

UNKNOWN_TASK_MODE = "unknown_task_mode"
"""The rule broken by a task mode that no member has."""
TOO_MANY_MEDIA = "too_many_media"
"""The rule broken by more media of a kind than any member accepts."""
MEDIA_ROLES = "media_roles"
"""The rule broken by roles that no member has, or that no member combines."""
MEDIA_TOGETHER = "media_together"
"""The rule broken by media that no member accepts together in one request, though it accepts each of them."""
MISSING_MEDIA = "missing_media"
"""The rule broken if every member that fits needs more media."""

SHORT_MODES = {f"{a[0]}2{b[0]}": f"{a}_to_{b}" for a in ("text", "image", "video") for b in ("image", "video")} | {
    "r2v": "reference_to_video",
    "edit": "image_edit",
    "tts": "text_to_speech",
    "motion": "motion_control",
}
"""Other names of task modes."""


@attrs.frozen(kw_only=True)
class Member:
    """A model of a family."""

    model: str
    """Its id in the catalog."""
    needs: Media = attrs.field(factory=Media)
    """The media that it takes and needs."""
    task_modes: tuple[str, ...] = ()
    """What it does, such as `image_to_video`."""


@attrs.frozen(kw_only=True)
class Family:
    """A name that stands for one or several models."""

    name: str
    """The name: `kling-2.6`."""
    title: str
    """The name for people: `Kling 2.6`."""
    members: tuple[Member, ...]
    """Its models, in the order in which they are offered."""
    task_mode: str | None = None
    """The task mode that the name implies, as `kling-3.0-i2v` does."""
    fields: Mapping[str, JSON] = attrs.field(factory=dict, hash=False)
    """The fields that the name sets, by their names on the wire."""

    @property
    def task_modes(self) -> tuple[str, ...]:
        """What its members do, each once."""
        return tuple(dict.fromkeys(mode for member in self.members for mode in member.task_modes))


@attrs.frozen(kw_only=True)
class Candidates:
    """The members of a family that fit the given input."""

    models: tuple[str, ...] = ()
    """Their ids. One is the model to use, several are a choice, and none means that the input has to change."""
    task_mode: str | None = None
    """Their task mode for this input, if it is the same for all."""
    issues: tuple[Issue, ...] = ()
    """Why no member can be used, or what all `models` still lack (`MISSING_MEDIA`)."""


def families() -> tuple[Family, ...]:
    """List the families, with each tier as its own family.

    Returns:
        The families, sorted by name.
    """
    return tuple(_families().values())


def find(name: str) -> Family | None:
    """Find a family.

    Args:
        name: Its name in any spelling (`Kling 3.0`, `kling-3.0`, `kling_3`), optionally followed by a task mode
            (`kling-3.0-i2v`).

    Returns:
        The family; None if no family has this name; it may then be a model.
    """
    return _find(fold(name))


def _find(folded: str) -> Family | None:
    found = _by_folded_name().get(folded)
    if found is not None:
        return found
    for start, family in _by_folded_name().items():
        if folded.startswith(start) and (mode := _mode(folded.removeprefix(start), family.task_modes)):
            return None if folded in _names().models else attrs.evolve(family, task_mode=mode)
    maker = next((maker for maker in _names().makers if folded.startswith(maker)), None)
    return _find(folded.removeprefix(maker)) if maker and folded not in _names().models else None


def named(name: str) -> Family:
    """Find the family of a name. A model counts as its own family.

    Args:
        name: The name of a family, or an id, a class name or a shorthand of a model, in any spelling that means one
            thing only.

    Returns:
        The family.

    Raises:
        UnknownModel: Nothing has this name; `nearest` lists similar names.
    """
    exact = catalog.find(name)
    if exact is not None:
        return alone(exact)
    family = find(name)
    if family is not None:
        return family
    known, folded = _names(), fold(name)
    meant = catalog.shorthand(name) or catalog.shorthand(known.shorthands.get(folded, ""))
    if meant is not None and (meant.name.lower() == name.strip().lower() or folded not in known.models):
        return _of_shorthand(meant)
    if folded in known.models:
        return alone(catalog.get(known.models[folded]))
    from difflib import get_close_matches

    names = {fold(each.name): each.name for each in families()}
    close = [names[each] for each in get_close_matches(fold(name), names, n=3, cutoff=0.6)]
    try:
        catalog.resolve(name)
    except UnknownModel as error:
        close += error.nearest
    raise UnknownModel(name, [*dict.fromkeys(close)])


def _of_shorthand(short: catalog.Shorthand) -> Family:
    models = [catalog.get(each) for each in short.means]
    active = [model for model in models if model.status == "active"]
    members = tuple(alone(model).members[0] for model in active or models)
    return Family(name=short.name, title=short.name, members=members, fields=short.fields)


def alone(model: catalog.Model) -> Family:
    """A model as a family of its own."""
    member = _members().get(model.id) or _alone(model)
    return Family(name=model.id, title=model.id, members=(member,), fields=model.preset)


@lru_cache(maxsize=512)
def _alone(model: catalog.Model) -> Member:
    return member_of(model.id, model.json_schema(), model.categories)


def candidates(family: Family, media: MediaCount, task_mode: str | None = None) -> Candidates:
    """Find the members that fit the given input.

    A member that lacks nothing wins over one that needs more media.

    Args:
        family: The family.
        media: The given media, and their roles.
        task_mode: The wanted task mode, such as `image_edit`; by default that in the family's name, or any that the
            media allow.

    Returns:
        The members that fit, or why there is none.
    """
    wanted = family.task_mode
    if task_mode is not None:
        wanted = _mode(fold(task_mode), family.task_modes)
        if wanted is None:
            return Candidates(issues=(_unknown_mode(task_mode, family),))
    members = tuple(member for member in family.members if wanted is None or wanted in member.task_modes)
    decides = wanted is not None or len(members) > 1
    ready, short = {}, {}
    for member in members:
        modes = member.task_modes if wanted is None else (wanted,)
        suited = [mode for mode in modes if not _refused(mode, media) and not _lacking(mode, media)]
        possible = [mode for mode in modes if not _refused(mode, media)]
        if fits(member.needs, media) and (suited or not decides):
            ready[member] = suited
        elif has_room(member.needs, media) and (possible or not decides):
            short[member] = possible
    if ready or short:
        found = ready or short
        does = {_chosen(modes, media) for modes in found.values()}
        does_one = does.pop() if len(does) == 1 else None
        return Candidates(
            models=tuple(member.model for member in found),
            task_mode=does_one,
            issues=() if ready else (_short_of(short, does_one, media),),
        )
    return Candidates(issues=tuple(_impossible(family.title, members, media, wanted)))


def _short_of(short: Iterable[Member], mode: str | None, media: MediaCount) -> Issue:
    """What the members lack."""
    source = mode.partition("_")[0] if mode is not None and _lacking(mode, media) else ""
    argument = {"image": "images", "video": "videos", "reference": "reference"}.get(source, "")
    said = f"at least one is needed for {mode}" if argument else "more media are needed"
    return Issue(argument, MISSING_MEDIA, f"{said}: {_takes(short)}")


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """Fold a name for comparison: letters, digits and the points between numbers, without a trailing `.0`."""
    words = re.findall(r"[a-z]+|[0-9]+", name.lower())
    folded = ""
    for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False):
        if before.isdigit() and word == "0":
            continue  # Kling 3.0 is Kling 3
        if before.isalpha() and word == "v" and after.isdigit():
            continue  # Veo v3
        folded += f".{word}" if folded[-1:].isdigit() and word.isdigit() else word
    return folded


def _mode(folded: str, modes: Sequence[str]) -> str | None:
    """The task mode of a folded name."""
    meant = SHORT_MODES.get(folded)
    return next((mode for mode in modes if mode == meant or fold(mode) == folded), None)


def _refused(mode: str, media: MediaCount) -> tuple[str, ...]:
    """The given kinds of media that a task mode cannot use."""
    source, _, made = mode.partition("_to_")
    unused: tuple[str, ...] = ()
    if source == "text" and made in ("image", "video"):
        unused = ("image", "video")
    elif source == "image" or mode == "image_edit":
        unused = ("video",)
    return tuple(kind for kind in unused if media.of(kind))


def _lacking(mode: str, media: MediaCount) -> bool:
    """Whether a task mode needs media that were not given."""
    source = mode.partition("_")[0]
    if source == "reference":
        return not any(media.of(kind) for kind in KINDS)
    return source in ("image", "video") and not media.of(source)


def _chosen(modes: Sequence[str], media: MediaCount) -> str | None:
    """The task mode to name if several suit."""
    preferred = ["motion_control", "image_edit", "image_to_video"]
    if media.videos or media.audios or "reference" in media.roles:
        preferred.insert(1, "reference_to_video")
    return next((mode for mode in (*preferred, *modes) if mode in modes), None)


def _unknown_mode(task_mode: str, family: Family) -> Issue:
    modes = family.task_modes
    said = f"{task_mode!r} is not a task mode of {family.title}; it has {', '.join(modes) or 'none'}"
    return Issue("task_mode", UNKNOWN_TASK_MODE, said, modes)


def _impossible(title: str, members: Sequence[Member], media: MediaCount, mode: str | None) -> Iterator[Issue]:
    """Why no member accepts the input."""
    took = _takes(members)
    slots = [slot for member in members for slot in member.needs.slots]
    unknown = [role for role in sorted(media.roles) if not any(slot.takes(role) for slot in slots)]
    if unknown:
        yield Issue("", MEDIA_ROLES, f"{title} takes nothing as {_joined(unknown)}: {_takes_as(members)}")
    unused = _refused(mode, media) if mode is not None else ()
    many = [
        kind
        for kind in KINDS
        if kind not in unused
        and all(most is not None and media.of(kind) > most for _, most in (m.needs.bounds(kind) for m in members))
    ]
    for kind in unused:
        yield Issue(f"{kind}s", TOO_MANY_MEDIA, f"cannot be used by the task mode {mode}")
    for kind in many:
        yield Issue(f"{kind}s", TOO_MANY_MEDIA, f"{counted(media.of(kind), kind)} given: {took}")
    if not unknown and not unused and not many:
        given = _joined([counted(media.of(kind), kind) for kind in KINDS if media.of(kind)])
        if media.roles:
            roles = f"{given} as {_joined(sorted(media.roles))}"
            said = f"{title} does not take {roles} in one request: {_takes_as(members)}"
            yield Issue("", MEDIA_ROLES, f"{said}; {took}")
        else:
            yield Issue("", MEDIA_TOGETHER, f"{title} does not take {given} in one request: {took}")


def _takes_as(members: Iterable[Member]) -> str:
    """The roles that each member has, in words."""
    listed = [(member.model, ", or ".join(map(_joined, member.needs.roles))) for member in members]
    return "; ".join(f"{model} has {roles or 'no roles'}" for model, roles in listed)


def _takes(members: Iterable[Member]) -> str:
    """The media that each member accepts, in words."""
    return "; ".join(f"{member.model} takes {_words(member.needs)}" for member in members)


def _words(needs: Media) -> str:
    """The media that a member accepts, in words."""
    said = []
    for kind in KINDS:
        least, most = needs.bounds(kind)
        if most is None:
            said.append(f"{least} or more {_noun(kind)}" if least else f"any number of {_noun(kind)}")
        elif most and least == most:
            said.append(counted(most, kind))
        elif most:
            said.append(f"{least} to {most} {_noun(kind)}" if least else f"up to {counted(most, kind)}")
    if needs.masks:
        said.append("a mask with the role mask")
    return _joined(said) or "no media"


def counted(number: int, kind: str) -> str:
    """A number of media in words: `2 images`."""
    return f"{number} {_noun(kind, number)}"


def _noun(kind: str, number: int = 2) -> str:
    return f"{'audio file' if kind == 'audio' else kind}{'' if number == 1 else 's'}"


def _joined(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


@cache
def _families() -> dict[str, Family]:
    rows = json.loads(data.read("kie_models", "families.json"))
    return {
        name: Family(name=name, title=row["title"], members=tuple(map(_member, row["members"])))
        for name, row in rows.items()
    }


def _member(row: dict[str, Any]) -> Member:
    slots = tuple(Slot(**{**slot, "roles": tuple(slot["roles"])}) for slot in row["slots"])
    needs = Media(slots=slots, together=tuple(map(tuple, row["together"])))
    return Member(model=row["model"], needs=needs, task_modes=tuple(row["task_modes"]))


@cache
def _members() -> dict[str, Member]:
    return {member.model: member for family in _families().values() for member in family.members}


@cache
def _by_folded_name() -> dict[str, Family]:
    rows = json.loads(data.read("kie_models", "families.json"))
    return {fold(each): _families()[name] for name, row in rows.items() for each in (name, row["title"], *row["names"])}


@attrs.frozen(kw_only=True)
class _Names:
    """Lookup tables of names in folded spelling."""

    models: Mapping[str, str]
    """Ids of models by id, with and without the maker, and by class name; ambiguous names are left out."""
    shorthands: Mapping[str, str]
    """Shorthands as they are written."""
    makers: tuple[str, ...]
    """The makers of models, the longest name first."""


def _names() -> _Names:
    return _names_of(tuple(catalog._index()), tuple(catalog._shorthand()))


@lru_cache(maxsize=4)
def _names_of(ids: tuple[str, ...], shorthands: tuple[str, ...]) -> _Names:
    models = [catalog.get(each) for each in ids]
    makers = {fold(model.provider) for model in models}
    found: dict[str, set[str]] = {}
    for model in models:
        head, _, tail = model.id.partition("/")
        maker = fold(model.provider)
        short = tail if tail and fold(head) == maker else model.id
        for name in (model.id, model.class_name, short, f"{model.provider} {short}"):
            found.setdefault(fold(name), set()).add(model.id)
    return _Names(
        models={name: meant.pop() for name, meant in found.items() if len(meant) == 1},
        shorthands={fold(name): name for name in shorthands},
        makers=tuple(sorted(makers, key=len, reverse=True)),
    )


def member_of(model: str, document: JSONObject, categories: Sequence[str], modes: Sequence[str] = ()) -> Member:
    """Read a member from its packaged schema. The compiler uses this to read the members of families."""
    return Member(
        model=model,
        needs=media_of(document),
        task_modes=tuple(each.replace("-", "_") for each in (*modes, *categories)),
    )
