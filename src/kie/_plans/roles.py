"""Plans: assigns each medium to a field, by its role. May import `catalog` and `_core`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import cast

import attrs

from kie import catalog
from kie._core import paths
from kie._core.issues import Issue
from kie._core.json import JSON
from kie._core.media import UploadedFile, is_data_url
from kie._core.request import Request
from kie._core.results import Result
from kie._core.safe_text import repr_of
from kie._core.schema import URL_PATTERN
from kie._core.tasks import HasRef
from kie._plans.families import MEDIA_ROLES, Family, Member
from kie._plans.media_fields import KINDS, Media, MediaCount, Slot
from kie._plans.normalise import Object, object_of, words

ADVICE = "advice"
"""The rule of a warning: what the request asks is probably useless or contradictory."""
INFERRED = "provider_inferred_from_media"
"""The rule of a warning: the role of a medium is inferred from its position only."""

_KIND_WORDS = {
    **dict.fromkeys(("image", "images", "picture", "pictures", "photo", "photos"), "image"),
    **dict.fromkeys(("video", "videos", "clip", "clips"), "video"),
    **dict.fromkeys(("audio", "audios"), "audio"),
}
_ROLE_WORDS = {
    **dict.fromkeys(("first", "start", "starting", "begin"), "first_frame"),
    **dict.fromkeys(("last", "end", "ending", "tail"), "last_frame"),
    **dict.fromkeys(("reference", "references", "ref", "refs"), "reference"),
    **dict.fromkeys(("mask", "masks"), "mask"),
}
_OTHER_WORDS = frozenset({"url", "urls", "input", "inputs", "file", "files", "frame", "frames", "list", "uri", "path"})
_SUFFIXES = {
    **dict.fromkeys(("mp4", "mov", "webm", "mkv", "avi", "m4v"), "video"),
    **dict.fromkeys(("mp3", "wav", "m4a", "aac", "ogg", "flac", "opus"), "audio"),
    **dict.fromkeys(("png", "jpg", "jpeg", "webp", "gif", "bmp", "tiff", "heic", "heif", "avif"), "image"),
}


@attrs.frozen(kw_only=True)
class Unassigned:
    """A medium that was given without the name of a field."""

    value: object
    """The medium."""
    kind: str
    """`image`, `video` or `audio`."""
    role: str | None
    """Its role; None if its position decides."""
    origin: str
    """Its place in the arguments: `images[0]`, `images.first_frame`."""


@attrs.define
class Gathered:
    """The media in the input, and the rest."""

    media: list[Unassigned] = attrs.field(factory=list)
    fields: dict[str, object] = attrs.field(factory=dict)
    """The other arguments, by loose names."""
    issues: list[Issue] = attrs.field(factory=list)
    local_files: bool = True


def gather(
    keywords: Mapping[str, object], fields: Mapping[str, object], owners: Sequence[Object], *, local_files: bool = True
) -> Gathered:
    """Collect the media that were given.

    Args:
        keywords: The arguments for media: `images`, `videos`, `audios`, `reference`.
        fields: The other arguments, by loose names.
        owners: The fields of the candidate models. Their names count as fields.
        local_files: Whether a text that is not a URL is the path of a file.

    Returns:
        The media, and the arguments that are fields.
    """
    found = Gathered(local_files=local_files)
    for name, value in keywords.items():
        _collect(found, name, *_meaning(name), value)
    for name, value in fields.items():
        kind, role = _meaning(name) if not any(owner.named(name) for owner in owners) else (None, None)
        if (kind or role) and not isinstance(value, (bool, int, float)):
            _collect(found, name, kind, role, value)
        else:
            found.fields[name] = value
    return found


def _meaning(name: str) -> tuple[str | None, str | None]:
    """The kind and the role in a name; nothing if the name contains anything else."""
    kind: str | None = None
    role: str | None = None
    for word in words(name):
        kind, role = _KIND_WORDS.get(word, kind), _ROLE_WORDS.get(word, role)
        if word not in _KIND_WORDS and word not in _ROLE_WORDS and word not in _OTHER_WORDS:
            return None, None
    return kind, role


def is_media(name: str, family: Family | None) -> bool:
    """Whether a name, of a field or any other, means that its value is media.

    Args:
        name: The name, in any spelling.
        family: The family that it is given for; None if unknown.
    """
    for member in family.members if family is not None else ():
        cls = catalog.get(member.model).request_class
        wire = object_of(cls).named(name)
        if wire is not None:
            return wire in cls.info.media_fields
    kind, role = _meaning(name)
    return bool(kind or role)


def media_within(name: str, family: Family | None) -> frozenset[str]:
    """The media fields inside the value of a name, such as `element_input_urls` in `kling_elements`.

    Args:
        name: The name, in any spelling.
        family: The family that it is given for; None if unknown.
    """
    found: set[str] = set()
    for member in family.members if family is not None else ():
        cls = catalog.get(member.model).request_class
        wire = object_of(cls).named(name)
        keys = (key.split(".") for key, facts in cls.info.fields.items() if facts.media is not None)
        found |= {key[-1] for key in keys if len(key) > 1 and key[0] == wire}
    return frozenset(found)


def _collect(found: Gathered, name: str, kind: str | None, role: str | None, value: object) -> None:
    if isinstance(value, Mapping):
        for said, item in value.items():
            _, named = _meaning(str(said))
            if named is None and not isinstance(said, int):
                roles = tuple(dict.fromkeys(_ROLE_WORDS.values()))
                text = f"{said!r:.60} is not a role; there are {', '.join(roles)}"
                found.issues.append(Issue(name, MEDIA_ROLES, text, roles))
            else:
                _collect(found, f"{name}.{said}", kind, named or role, item)
        return
    if value is None:
        return
    many = isinstance(value, (list, tuple))
    for index, item in enumerate(value if isinstance(value, (list, tuple)) else (value,)):
        if item is None or item == "":
            continue
        origin = f"{name}[{index}]" if many or name in ("images", "videos", "audios") else name
        medium = _medium(item) if found.local_files else item
        found.media.append(Unassigned(value=medium, kind=kind or _kind_of(item), role=role, origin=origin))


def _kind_of(item: object) -> str:
    """The kind of a medium by its file name; an image if that does not tell."""
    made = getattr(item, "kind", None) if isinstance(item, HasRef) else None
    if made in KINDS:
        return str(made)
    name = item.url if isinstance(item, UploadedFile) else str(item) if isinstance(item, (str, Path)) else ""
    if is_data_url(name):
        kind = name[5:].partition("/")[0].lower()
        return kind if kind in KINDS else "image"
    suffix = name.partition("?")[0].rpartition(".")[2].lower()
    return _SUFFIXES.get(suffix, "image")


def contradicted(request: Request[Result]) -> Iterator[Issue]:
    """Find media whose names contradict the formats of their fields: the service would notice only after payment.

    Args:
        request: The request. Its local files are judged by their content, before anything is sent.

    Yields:
        The fields, each with one such URL.
    """
    for field, facts in request.info.fields.items():
        kind = None if facts.media is None else facts.media.kind
        found = paths.reach(request, field) if kind in KINDS else ()
        for url in chain.from_iterable(each if isinstance(each, (list, tuple)) else [each] for each in found):
            said = _SUFFIXES.get(_suffix(url), kind) if isinstance(url, str) and not is_data_url(url) else kind
            if said != kind:
                yield Issue(field, ADVICE, f"takes {kind} files, and {repr_of(url)[:200]} is {said} by its name")
                break


def _suffix(url: str) -> str:
    """The suffix of the file name in a URL; empty if there is none."""
    path = url.partition("?")[0].partition("#")[0].partition("://")[2].partition("/")[2]
    _, dot, ending = path.rpartition("/")[2].rpartition(".")
    return ending.lower() if dot else ""


def _medium(item: object) -> object:
    """Read a medium: a text that is not a URL is the path of a local file."""
    if not isinstance(item, str) or re.match(URL_PATTERN, item) or is_data_url(item):
        return item
    return Path(item) if "://" not in item and item.isprintable() and item.strip() else item


def count(media: Iterable[Unassigned], named: Iterable[tuple[Slot, int]] = ()) -> MediaCount:
    """Count media, including those in named fields."""
    media, named = [*media], [*named]
    numbers = dict.fromkeys(KINDS, 0)
    for kind, number in (*((each.kind, 1) for each in media), *((slot.kind, n) for slot, n in named)):
        numbers[kind] += number
    said = {each.role for each in media if each.role is not None}
    masks = {"mask" for slot, _ in named if slot.roles == ("mask",)}
    return MediaCount(
        images=numbers["image"],
        videos=numbers["video"],
        audios=numbers["audio"],
        roles=frozenset(said | masks),
    )


def named_slots(
    members: Iterable[Member], owners: Sequence[Object], fields: Mapping[str, object]
) -> Iterator[tuple[Slot, int]]:
    """The media fields that were named, each with the number of media in it."""
    slots = {slot.field.partition(".")[0]: slot for member in members for slot in member.needs.slots}
    for name, value in fields.items():
        wires = {wire for owner in owners if (wire := owner.named(name)) is not None}
        slot = next((slots[wire] for wire in wires if wire in slots), None)
        if slot is not None and value is not None and value != "":
            yield slot, len(value) if isinstance(value, (list, tuple)) else 1


@attrs.define
class Placed:
    """Media assigned to fields."""

    values: dict[str, object] = attrs.field(factory=dict)
    """The values by the names on the wire."""
    changes: list[str] = attrs.field(factory=list)
    issues: list[Issue] = attrs.field(factory=list)
    """Media that do not fit, and warnings about inferred roles."""


def place(owner: Object, needs: Media, given: Sequence[Unassigned], taken: Collection[str]) -> Placed:
    """Assign media to the fields of a model.

    Args:
        owner: The fields of the model.
        needs: Its media fields.
        given: The media.
        taken: The named fields, which are filled already.

    Returns:
        The filled fields, and the issues.
    """
    if not given:
        return Placed()
    filled = {slot.field.partition(".")[0] for slot in needs.slots} & {*taken}
    position = {slot.field: index for index, slot in enumerate(needs.slots)}
    ways = sorted((way.slots for way in needs._ways), key=lambda way: _rank(way, position))
    for complete in (True, False):
        for way in ways:
            if not filled <= {slot.field.partition(".")[0] for slot in way}:
                continue
            free = [slot for slot in way if slot.field.partition(".")[0] not in filled]
            found = _distributed(free, given, complete=complete)
            if found is not None:
                placed = _placed(owner, found)
                _say_purpose(placed, owner, found, taken)
                return placed
    listed = ", ".join(f"{each.origin} ({each.role or each.kind})" for each in given[:10])
    takes = ", ".join(f"{s.field} ({', then '.join(s.roles) or s.kind})" for s in needs.slots) or "none"
    said = f"these media do not fit into its fields together: {listed}; the fields are {takes}"
    return Placed(issues=[Issue("", MEDIA_ROLES, said)])


def _rank(way: Sequence[Slot], position: Mapping[str, int]) -> tuple[bool, list[int]]:
    """The order in which sets of fields are tried: schema order, those with a mask last."""
    return any("mask" in slot.roles for slot in way), [position[slot.field] for slot in way]


def _distributed(
    slots: Sequence[Slot], given: Sequence[Unassigned], *, complete: bool
) -> dict[Slot, list[Unassigned]] | None:
    """The media of each field; None if they do not fit into exactly these fields."""
    found: dict[Slot, list[Unassigned]] = {slot: [] for slot in slots}
    for each in given:
        if each.role is not None:
            fitting = [s for s in slots if s.kind == each.kind and s.takes(each.role) and _has_room(s, found[s])]
            if not fitting:
                return None
            found[next((s for s in fitting if each.role in s.roles), fitting[0])].append(each)
    for kind in KINDS:
        plain = [each for each in given if each.kind == kind and each.role is None]
        own = [slot for slot in slots if slot.kind == kind]
        for index, slot in enumerate(own):
            reserved = sum(max(later.at_least - len(found[later]), 0) for later in own[index + 1 :])
            while plain and len(plain) > reserved and _has_room(slot, found[slot]):
                found[slot].append(plain.pop(0))
        if plain:
            return None
    if complete and any(len(found[slot]) < slot.at_least for slot in slots):
        return None
    return found if all(_in_order(slot, media) for slot, media in found.items()) else None


def _has_room(slot: Slot, media: Sequence[Unassigned]) -> bool:
    return slot.at_most is None or len(media) < slot.at_most


def _in_order(slot: Slot, media: list[Unassigned]) -> bool:
    """Sort the media of a field by their roles. False if a position that a role needs would be empty or taken."""
    if len(slot.roles) < 2 or all(each.role is None for each in media):
        return True
    rank = {role: index for index, role in enumerate(slot.roles)}
    plain = [each for each in media if each.role is None]
    ordered: list[Unassigned] = []
    for each in sorted((e for e in media if e.role is not None), key=lambda e: rank[e.role or ""]):
        while len(ordered) < rank[each.role or ""] and plain:
            ordered.append(plain.pop(0))
        if each.role != slot.roles[-1] and len(ordered) != rank[each.role or ""]:
            return False
        if each.role == "last_frame" and len(ordered) != rank[each.role]:
            return False
        ordered.append(each)
    media[:] = [*ordered, *plain]
    return True


def _say_purpose(
    placed: Placed, owner: Object, found: Mapping[Slot, Sequence[Unassigned]], taken: Collection[str]
) -> None:
    """If a field accepts either frames or references, set the field that says which it holds."""
    for slot, media in found.items():
        named = {each.role for each in media}
        if not {"first_frame", "reference"} <= {*slot.roles} or not named or None in named:
            continue
        word = "reference" if named == {"reference"} else "first"
        meant = [
            (name, value)
            for name, node in owner.nodes.items()
            for value in cast("list[JSON]", node.get("enum") or [])
            if isinstance(value, str) and word in words(value.replace("_", " "))
        ]
        if len(meant) == 1 and meant[0][0] not in taken:
            name, value = meant[0]
            placed.values[name] = value
            placed.changes.append(f"{', '.join(sorted(map(str, named)))} -> {name}={value!r}")


def _placed(owner: Object, found: Mapping[Slot, Sequence[Unassigned]]) -> Placed:
    placed = Placed()
    for slot, media in found.items():
        if not media:
            continue
        top, _, inner = slot.field.partition(".")
        many = owner.nodes[top].get("type") == "array"
        values = [{inner: each.value} if inner else each.value for each in media]
        placed.values[top] = values if many else values[0]
        inferred: list[str] = []
        for index, each in enumerate(media):
            role = each.role
            if role is None and slot.roles:
                role = slot.roles[min(index, len(slot.roles) - 1)]
                inferred.append(role)
            where = f"{top}[{index}]" if many else top
            where += f".{inner}" if inner else ""
            placed.changes.append(f"{each.origin} -> {where}{f' ({role})' if role else ''}")
        if inferred:
            said = f"what these media are for follows from their position: {', '.join(inferred)}"
            roles: tuple[JSON, ...] = tuple(slot.roles)
            placed.issues.append(Issue(top, INFERRED, said, roles))
    return placed


def shown(value: object) -> str:
    """Describe a medium for people."""
    return str(value) if isinstance(value, (str, Path)) else repr_of(value)
