"""Core: one fault in a request, with a message in which fields can be renamed. May import only `_core`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import attrs

from kie._core import paths
from kie._core.json import JSON


class FieldName(str):
    """The key of a field (`dialogue.voice`) in a message. No other part of a message is ever rewritten."""

    __slots__ = ()


def marked(text: str) -> tuple[str, ...]:
    """Split a message that names fields in backticks, like an `x-kie-message`: "needed with `imageUrls`"."""
    return tuple(FieldName(part) if index % 2 else part for index, part in enumerate(text.split("`")) if part)


def _parts(message: str | Iterable[str]) -> tuple[str, ...]:
    return (message,) if isinstance(message, str) else tuple(message)


@attrs.frozen
class Issue:
    """One fault in a request.

    `str(issue)` is the path and the message. Issues that say the same about the same field are equal.
    """

    path: str
    """The field by its names on the wire, from the model's input down: `dialogue[0].voice`. Empty for the request as a
    whole."""
    rule: str
    """The rule that is broken: the keyword of JSON Schema (`maxLength`), or a word of this package (`media`)."""
    parts: tuple[str, ...] = attrs.field(converter=_parts, alias="message")
    """The message in pieces. A `FieldName` among them names a field."""
    allowed: tuple[JSON, ...] = ()
    """The permitted values, where there is a closed list; else empty."""

    @property
    def message(self) -> str:
        """What is wrong, as a sentence for people that continues after the name of the field."""
        return "".join(self.parts)

    def renamed(self, names: Mapping[str, str]) -> Issue:
        """Give the fields in this fault other names: those of Python, say, or the options of a command line.

        What the user typed is unchanged: values, and names of fields that do not exist.

        Args:
            names: The new name of a field by its key (`dialogue.voice`). Other fields keep their names.

        Returns:
            The fault.
        """
        path = paths.parse(self.path)
        kept = len(path) - 1 if self.rule == UNKNOWN_FIELD else len(path)
        shown = paths.render(paths.renamed(path[:kept], names) + path[kept:])
        return Issue(shown, self.rule, tuple(_named(part, names) for part in self.parts), self.allowed)

    def __str__(self) -> str:
        return f"{self.path or '(request)'}: {self.message}"


UNKNOWN_FIELD = "additionalProperties"
"""The rule broken by a field that does not exist. The last name in its path is what the user typed."""


def _named(part: str, names: Mapping[str, str]) -> str:
    if not isinstance(part, FieldName):
        return part
    return paths.render(paths.renamed(tuple(part.split(".")), names))


def unknown_field(name: str, known: Iterable[str], *, inside: str = "") -> tuple[str, ...]:
    """The message for a field that does not exist: the fields that were probably meant, or all fields.

    Args:
        name: What was typed.
        known: The fields that there are, by their names on the wire.
        inside: The key of the field that these fields are in; empty at the top.

    Returns:
        The pieces of the message.
    """
    prefix = f"{inside}." if inside else ""
    names = [*known]
    close = meant(name, names)
    said: list[str] = ["is not a field of this model"]
    if close:
        said += ["; did you mean ", *_listed(close, " or ", prefix), "?"]
    elif names:
        said += [" (fields: ", *_listed(names, ", ", prefix), ")"]
    return tuple(said)


def meant(name: str, known: Iterable[str]) -> list[str]:
    """Find the names that the user probably meant.

    Args:
        name: What was typed.
        known: The names that there are.

    Returns:
        The name that differs only in spelling, else up to two similar names, else up to three that contain the same
        words and more (`aspect_ratio` for `ratio`), or fewer; empty if it is unclear.
    """
    from difflib import get_close_matches

    names = [*known]
    flat = {_flat(each): each for each in reversed(names)}
    same = flat.get(_flat(name))  # a known name in the spelling of the wire, of Python or of the command line
    if same:
        return [same]
    close = [flat[found] for found in get_close_matches(_flat(name), flat, n=2, cutoff=0.6)]
    words = _words(name)
    return close or [each for each in names if words and (words <= _words(each) or words >= _words(each))][:3]


def _listed(names: Iterable[str], between: str, prefix: str) -> list[str]:
    return [part for name in names for part in (between, FieldName(f"{prefix}{name}"))][1:]


def _words(name: str) -> set[str]:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[_-]+", " ", name)
    return {word.removesuffix("s") for word in spaced.lower().split() if len(word) > 1}


def _flat(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()
