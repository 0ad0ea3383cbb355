"""Core: types that only annotations name, imported when somebody evaluates these. May import nothing of ours.

`typing.get_type_hints` looks for names where they were written. A module that does not want to load a type at its own
import, or cannot because that would be a circle, gives the name to `later` where type checkers do not look.
"""

from __future__ import annotations

from typing import ForwardRef


def later(module: str, name: str) -> ForwardRef:
    """Stand for a type until an annotation that names it is evaluated."""
    return ForwardRef(_imported(module, name))


class LaterGeneric:
    """The same for a type that an annotation gives arguments, which are made by `later`, too."""

    def __init__(self, module: str, name: str) -> None:
        self._text = _imported(module, name)

    def __getitem__(self, argument: ForwardRef) -> ForwardRef:
        return ForwardRef(f"{self._text}[{argument.__forward_arg__}]")


def _imported(module: str, name: str) -> str:
    """An expression that works wherever it is evaluated."""
    return f"__import__({module!r}, fromlist=[{name!r}]).{name}"
