"""Core: named types of a field's values, such as `NanoBananaPro.AspectRatio`. May import nothing of `kie`.

Type checkers see them in the class. At run time each is made on first use, because making all of them would slow down
every import.
"""

from __future__ import annotations

from functools import cache
from typing import Literal, get_args, get_origin, get_type_hints


def alias_of(name: str) -> str:
    """The name of the type for a field's values: `AspectRatio` for `aspect_ratio`."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


@cache
def literals(cls: type) -> dict[str, object]:
    """The literal types of the fields of a class, by their names."""
    found = dict[str, object]()
    try:
        hints = get_type_hints(cls)
    except NameError:  # a derived class of a user, with a type imported for type checkers only
        hints = {}
    for name, hint in hints.items():
        options = [option for option in (get_args(hint) or ()) if option is not type(None)]
        literal = hint if get_origin(hint) is Literal else options[0] if len(options) == 1 else None
        if get_origin(literal) is Literal:
            found[alias_of(name)] = literal
    return found
