"""Core: objects that are shared instead of copied. May import nothing of ours."""

from __future__ import annotations

from typing import ClassVar, Self


class NotCopied:
    """Base of objects that belong to their holders together. Copying returns the object itself."""

    __slots__ = ()

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        return self


class Shared(NotCopied):
    """Base of objects with locks, connections or a secret. Copying returns the object itself, and pickling fails."""

    __slots__ = ()

    _not_pickled: ClassVar[str]
    """Why it is not pickled, and what to do instead."""

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError(f"a {type(self).__name__} cannot be pickled: {self._not_pickled}")
