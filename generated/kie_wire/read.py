"""Reads an answer into its type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

from kie.core.json import JSON

A = TypeVar("A", covariant=True)
B = TypeVar("B")


class _Readable(Protocol[A]):
    def from_dict(self, src_dict: Mapping[str, Any], /) -> A: ...


def read(cls: _Readable[B], answer: JSON) -> B:
    """Read a JSON answer; one that is no object reads as an empty one. Unknown fields and nulls are fine."""
    return cls.from_dict(answer if isinstance(answer, dict) else {})
