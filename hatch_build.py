"""Packs the part of `codegen/` that `kie models add` needs as the import package `kie_codegen`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKED = (
    *("__init__", "compiler", "counterexamples", "dialect", "drift", "figures", "models", "own", "pages", "prose"),
    *("schemas", "source", "statements", "tolerance", "vendor", "wording"),
)
"""The modules that one's own models need, directly or not."""


class Compiler(BuildHookInterface[Any]):
    """An editable installation finds the compiler where it is, through `src/kie_codegen`: only a wheel has a copy."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files to what the wheel holds."""
        if version == "editable":
            return
        folder = Path(self.root) / "codegen"
        files = [folder / f"{name}.py" for name in PACKED] + sorted((folder / "templates" / "models").iterdir())
        for file in files:
            build_data["force_include"][str(file)] = f"kie_codegen/{file.relative_to(folder).as_posix()}"
