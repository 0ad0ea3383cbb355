"""Finds endpoint functions that nothing calls: neither the handwritten layer nor a lifecycle row."""

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
    rows = json.loads((generated / "kie_models" / "lifecycles.json").read_text("utf-8"))
    used.update(row["poll"] for row in rows.values() if row["poll"])
    used.update(operation["function"] for row in rows.values() for operation in row["submit"].values())
    every = {
        f"kie_wire.api.{path.parent.name}.{path.stem}:{path.stem}"
        for path in (generated / "kie_wire" / "api").rglob("*.py")
        if path.stem != "__init__"
    }
    return sorted(every - used)
