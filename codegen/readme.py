"""Writes the counts and names of the catalogue between two marks in the README, so that nobody updates them by hand."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from .source import CompileFailed, Fault

BEGIN, END = "<!-- models: written by `make generate` -->\n", "<!-- end of models -->\n"
GIVES = {
    "image": "images",
    "video": "videos",
    "music": "music",
    "audio": "speech, voices and sounds",
    "json": "data about images",
}


def render(root: Path, files: dict[str, bytes]) -> dict[str, bytes]:
    """Update the README from the compiled catalogue. Raises `CompileFailed` if the marks are missing."""
    text = (root / "README.md").read_text("utf-8")
    before, begun, rest = text.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not (begun and ended):
        raise CompileFailed([Fault("README.md", "", f"has no place between {BEGIN.strip()} and {END.strip()}")])
    catalog = json.loads(files["kie_models/catalog.json"])
    return {"README.md": f"{before}{BEGIN}{_models(catalog)}{END}{after}".encode()}


def _models(catalog: list[dict[str, Any]]) -> str:
    """Say how many models there are, who made them, and what they produce."""
    active = [entry for entry in catalog if entry["status"] == "active"]
    others = Counter(entry["status"] for entry in catalog if entry["status"] != "active")
    *listed, last = (f"{count} {status}" for status, count in sorted(others.items()))
    rest = " and ".join([", ".join(listed), last] if listed else [last])
    lines = [
        f"[One table](generated/MODELS.md) has all {len(catalog)}, each with the day whose documentation it follows:",
        f"{len(active)} are active, {rest}.",
        "",
        "| gives | active models | of |",
        "|---|---|---|",
    ]
    for kind, words in GIVES.items():
        providers = Counter(entry["provider"] for entry in active if entry["kind"] == kind)
        names = ", ".join(name for name, _ in sorted(providers.items(), key=lambda pair: (-pair[1], pair[0])))
        lines.append(f"| {words} | {providers.total()} | {names} |")
    return "\n".join([*lines, ""])
