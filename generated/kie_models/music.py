"""Request classes of the models that give music, imported when first asked for. Compiled; do not edit."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass
else:

    def __getattr__(name):
        module = _MODULES.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"kie_models.{module}"), name)
        globals()[name] = value
        return value


_MODULES: dict[str, str] = {}

__all__: list[str] = []


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
