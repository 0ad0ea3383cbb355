"""Core: makes any value picklable. May import only `safe_text`."""

from __future__ import annotations

import pickle
from copy import copy
from typing import TypeVar, cast

import attrs

from kie._core.safe_text import repr_of

T = TypeVar("T")


@attrs.frozen
class NotPickled:
    """Replaces a value that cannot be pickled, such as an open file, in a pickled error.

    It does not count as media, so a request that contains one is refused.
    """

    shown: str
    """The `repr` of the value."""


def portable(value: T) -> T:
    """Return the value if it can be pickled, else a copy with a `NotPickled` for each part that cannot."""
    try:
        pickle.dumps(value)
    except Exception:
        return cast("T", _replaced(value))
    return value


def _replaced(value: object) -> object:
    if isinstance(value, tuple | list) and type(value) in (tuple, list):
        return type(value)(map(portable, value))
    if type(value) is dict:
        return {key: portable(item) for key, item in value.items()}
    kind = type(value)
    if attrs.has(kind):
        try:
            clone = copy(value)
            for field in attrs.fields(kind):
                object.__setattr__(clone, field.name, portable(getattr(value, field.name)))
            pickle.dumps(clone)
        except Exception:
            return NotPickled(repr_of(value))
        return clone
    return NotPickled(repr_of(value))
