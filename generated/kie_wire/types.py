"""What generated answer types share: a value for what an answer does not hold."""

from __future__ import annotations

from typing import Literal


class Unset:
    """The type of `UNSET`: the key is absent, which is not the same as null."""

    def __bool__(self) -> Literal[False]:
        return False


UNSET: Unset = Unset()

__all__ = ["UNSET", "Unset"]
