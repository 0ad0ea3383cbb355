"""Core: types that only annotations use, imported when annotations are evaluated. May import nothing of ours.

`typing.get_type_hints` looks names up in the module that wrote them. A module that should not import a type when it
loads, or cannot because of an import cycle, defines the name by `later`, hidden from type checkers.
"""

from __future__ import annotations

from typing import ForwardRef


def later(module: str, name: str) -> ForwardRef:
    """Make a placeholder for a type, which is imported when an annotation with it is evaluated."""
    return ForwardRef(_imported(module, name))


class LaterGeneric:
    """The same for a generic type. Its arguments are also made by `later`."""

    def __init__(self, module: str, name: str) -> None:
        self._text = _imported(module, name)

    def __getitem__(self, argument: ForwardRef) -> ForwardRef:
        return ForwardRef(f"{self._text}[{argument.__forward_arg__}]")


def _imported(module: str, name: str) -> str:
    """An import expression that works in any namespace."""
    return f"__import__({module!r}, fromlist=[{name!r}]).{name}"
