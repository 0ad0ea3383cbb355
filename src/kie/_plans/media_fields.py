"""Plans: reads from its schema which media a model accepts. May import `_core`.

The compiler uses this to read the members of families. A model without a family is read on first use.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations
from math import inf
from typing import Final, cast

import attrs

from kie._core.field_facts import field_facts
from kie._core.json import JSON, JSONObject
from kie._core.schema import Schema, documented

KINDS: Final[tuple[str, ...]] = ("image", "video", "audio")
"""The kinds of media that a user can give. A field of an undocumented kind has to be named."""


@attrs.frozen(kw_only=True)
class MediaCount:
    """The number of given media, and their named roles."""

    images: int = 0
    videos: int = 0
    audios: int = 0
    roles: frozenset[str] = frozenset()
    """The roles that were named, such as `first_frame`."""

    def of(self, kind: str) -> int:
        """The number of media of a kind."""
        return {"image": self.images, "video": self.videos, "audio": self.audios}[kind]


@attrs.frozen(kw_only=True)
class Slot:
    """A field that takes media."""

    field: str
    """Its key: the name on the wire, nested ones with dots."""
    kind: str
    """`image`, `video` or `audio`."""
    at_least: int = 1
    """The fewest that it takes if it is given."""
    at_most: int | None = 1
    """The most that it takes; None if there is no limit."""
    roles: tuple[str, ...] = ()
    """What they are for, by position; the last role is that of all further ones. Empty if nothing is documented."""

    def takes(self, role: str) -> bool:
        """Whether media with a role can go into the field.

        Args:
            role: The role, such as `last_frame`.

        Returns:
            True for a documented role. A field without any takes first frames and references.
        """
        return role in (self.roles or ("first_frame", "reference"))


@attrs.frozen(kw_only=True)
class Way:
    """A set of media fields that can all be given in one request, and how many media they hold together."""

    slots: tuple[Slot, ...]
    """The fields."""
    least: Mapping[str, int]
    """The fewest media of each kind."""
    most: Mapping[str, float]
    """The most media of each kind; infinite if there is no limit."""

    def holds(self, given: MediaCount) -> bool:
        """Whether there is room for the given media, in each of their roles."""
        return all(given.of(kind) <= most for kind, most in self.most.items()) and all(
            any(slot.takes(role) for slot in self.slots) for role in given.roles
        )

    def is_filled(self, given: MediaCount) -> bool:
        """Whether the given media are enough for all the fields."""
        return all(given.of(kind) >= least for kind, least in self.least.items())


@attrs.frozen(kw_only=True)
class Media:
    """The media that a model takes."""

    slots: tuple[Slot, ...] = ()
    """The fields for media, in the order of the schema."""
    together: tuple[tuple[str, ...], ...] = ((),)
    """The sets of fields, by their keys, that can be given in one request."""

    def bounds(self, kind: str) -> tuple[int, int | None]:
        """Get the fewest and the most media of a kind in one request, without masks that may be left out.

        Args:
            kind: `image`, `video` or `audio`.

        Returns:
            Both numbers; None for the second if there is no limit.
        """
        most = max(way.most[kind] for way in self._unmasked)
        return min(way.least[kind] for way in self._unmasked), None if most == inf else int(most)

    @property
    def masks(self) -> bool:
        """Whether a mask can be given and left out. An image is taken for one only if its role says so."""
        return len(self._unmasked) < len(self._ways)

    @property
    def roles(self) -> tuple[tuple[str, ...], ...]:
        """The sets of documented roles that media can have in one request, none of which is part of another."""
        found = {frozenset(role for slot in way.slots for role in slot.roles) for way in self._ways}
        return tuple(
            sorted(tuple(sorted(roles)) for roles in found if roles and not any(roles < more for more in found))
        )

    @cached_property
    def _ways(self) -> tuple[Way, ...]:
        by_field = {slot.field: slot for slot in self.slots}
        return tuple(_way([by_field[field] for field in fields]) for fields in self.together)

    @cached_property
    def _unmasked(self) -> tuple[Way, ...]:
        """The ways without a mask, unless a mask is required."""
        needed = {*self.together[0]}.intersection(*self.together)
        kept = (way for way in self._ways if all(slot.roles != ("mask",) or slot.field in needed for slot in way.slots))
        return tuple(kept)


def fits(media: Media, given: MediaCount) -> bool:
    """Whether a model accepts the given media and needs no more."""
    return any(way.holds(given) and way.is_filled(given) for way in _considered(media, given))


def has_room(media: Media, given: MediaCount) -> bool:
    """Whether a model accepts the given media, perhaps together with more media."""
    return any(way.holds(given) for way in _considered(media, given))


def _considered(media: Media, given: MediaCount) -> tuple[Way, ...]:
    return media._ways if "mask" in given.roles else media._unmasked


def _way(slots: Sequence[Slot]) -> Way:
    least: dict[str, int] = dict.fromkeys(KINDS, 0)
    most: dict[str, float] = dict.fromkeys(KINDS, 0)
    for slot in slots:
        least[slot.kind] += slot.at_least
        most[slot.kind] += inf if slot.at_most is None else slot.at_most
    return Way(slots=tuple(slots), least=least, most=most)


def media_of(document: JSONObject) -> Media:
    """Read from its packaged schema which media a model accepts.

    Fields of an undocumented kind are left out. So are fields inside objects that mean more than their media, such as
    the elements of a video.

    Args:
        document: The schema.

    Returns:
        The fields, and which of them can be given together.
    """
    slots = list(_slots(document))
    required = {slot.field for slot in slots if _top(slot.field) in cast("list[str]", document.get("required") or [])}
    sets = [
        combination
        for size in range(len(slots) + 1)
        for combination in combinations([slot.field for slot in slots], size)
        if required <= {*combination}
    ]
    by_field = {slot.field: slot for slot in slots}
    judge = _Combinations(document, {_top(field) for field in by_field})
    permitted = [fields for fields in sets if judge.permits({field: by_field[field].at_least for field in fields})]
    return Media(slots=tuple(slots), together=tuple(permitted))


def _slots(document: JSONObject) -> Iterator[Slot]:
    properties = cast("dict[str, JSONObject]", document["properties"])
    for key, facts in field_facts(document).items():
        rule = facts.media
        outer = documented(properties[_top(key)])
        if rule is None or rule.kind not in KINDS or outer.get("deprecated"):
            continue
        inner = cast("JSONObject", outer.get("items", outer))
        if "." in key and key.partition(".")[2] not in cast("list[str]", inner.get("required") or []):
            continue
        many = outer.get("type") == "array"
        yield Slot(
            field=key,
            kind=rule.kind,
            at_least=max(1, cast(int, outer.get("minItems", 1))) if many else 1,
            at_most=cast("int | None", outer.get("maxItems")) if many else 1,
            roles=rule.roles or _named_roles(key),
        )


def _named_roles(key: str) -> tuple[str, ...]:
    """The role in the name of a field, if its facts state none."""
    return next(((role,) for role in ("mask", "reference") if role in key), ())


def _top(key: str) -> str:
    return key.partition(".")[0]


class _Combinations:
    """Decides which media fields can be given together, by the cross-field rules that name one of them.

    Some of these rules need other fields. These come from the examples of the model: a combination is permitted if it
    is valid with any example.
    """

    def __init__(self, document: JSONObject, names: set[str]) -> None:
        facts = cast(JSONObject, document["x-kie"])
        properties = cast("dict[str, JSONObject]", document["properties"])
        self._lists = {name for name in names if documented(properties[name]).get("type") == "array"}
        rules = cast("list[JSON]", document.get("allOf") or [])
        self._rules = Schema(
            {"allOf": [True, *(rule for rule in rules if any(_mentions(rule, name) for name in names))]}
        )
        examples = cast("list[JSONObject]", facts.get("examples") or [])
        self._others = [{}, *({key: value for key, value in each.items() if key not in names} for each in examples)]

    def permits(self, counts: Mapping[str, int]) -> bool:
        """Whether these fields, with this number of media in each, can be given in one request."""
        given: JSONObject = {_top(key): self._media(key, count) for key, count in counts.items()}
        return any(self._rules.is_valid({**others, **given}) for others in self._others)

    def _media(self, key: str, count: int) -> JSON:
        top, _, inner = key.partition(".")
        one: JSON = {inner: _URL} if inner else _URL
        many: list[JSON] = [one] * count
        return many if top in self._lists else one


_URL = "https://example.com/a"


def _mentions(rule: JSON, name: str) -> bool:
    return f'"{name}"' in json.dumps(rule)
