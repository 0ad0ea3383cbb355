"""Finds endpoint functions that neither the handwritten code nor a lifecycle row uses."""

from __future__ import annotations

import ast
import json
from pathlib import Path


def endpoints(source: Path, generated: Path) -> list[str]:
    """The unused functions of `kie_wire`, as `module:name`."""
    used: set[str] = set()
    for path in sorted(source.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("kie_wire.api."):
                used.update(f"{node.module}:{alias.name}" for alias in node.names)
    table = _table((generated / "kie_wire" / "endpoints.py").read_text("utf-8"))
    rows = json.loads((generated / "kie_models" / "lifecycles.json").read_text("utf-8"))
    for row in rows.values():
        used.update(table[operation] for operation in (*row["submit"], row["poll"]) if operation)
    return sorted({*table.values()} - used)


def _table(module: str) -> dict[str, str]:
    """The function of each operation, read from the compiled table without importing it."""
    found: dict[str, str] = {}
    for node in ast.walk(ast.parse(module)):
        if isinstance(node, ast.Call):
            facts = {keyword.arg: ast.literal_eval(keyword.value) for keyword in node.keywords}
            found[facts["operation"]] = facts["function"]
    return found
