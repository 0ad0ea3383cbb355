"""Reads an answer into its type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from kie._core.json import JSON

A = TypeVar("A")


def read(make: Callable[[Mapping[str, Any]], A], answer: JSON) -> A:
    """Read a JSON answer; one that is not an object reads as an empty one. Unknown fields and nulls are fine."""
    return make(answer if isinstance(answer, dict) else {})
