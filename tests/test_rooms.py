"""Which rooms there are, what each file says that it imports, what is imported by a name that is put together, and
that each class has a name of its own."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "kie"

BY_NAME = {
    "__init__.py": ("kie", "the public names, each when it is first used"),
    "_core/data.py": ("kie_models", "the packaged schemas and tables: data, no code"),
    "_cli/app.py": ("kie._cli", "the commands, each when it is called"),
    "_cli/config.py": ("", "the library of the system's keystore, which needs an extra"),
    "_cli/present.py": ("", "the library that draws images in terminals, which needs an extra"),
    "_cli/own_commands.py": ("", "the compiler, which needs an extra"),
    "_core/vendor_request.py": ("", "the part of the compiler that reads schemas, which imports what is here"),
    "_records/lifecycles.py": ("kie_wire", "the endpoint functions that the lifecycle table names"),
    "catalog.py": ("kie_models", "the request class of a model; that of a registered package is nobody's room"),
    "models/__init__.py": ("kie_models", "the request classes, each when it is first used"),
    "simulator/_sample_media.py": ("", "Pillow or PyAV, with a hint if the extra is missing"),
    "telemetry/__init__.py": ("kie.telemetry", "the observers that need an extra, each when it is first used"),
    "webhooks/_waiting.py": ("", "trio, if the program runs on it"),
}
"""Files that import by name: the package that they reach, and why."""

LAZY = {"__init__.py", "models/__init__.py", "telemetry/__init__.py"}
"""Indexes of public names, which stand outside the rooms."""


def imports_by_name() -> set[str]:
    found = set()
    for path in SOURCE.rglob("*.py"):
        calls = [node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
        if any(ast.unparse(call).rpartition(".")[2] in ("import_module", "__import__") for call in calls):
            found.add(path.relative_to(SOURCE).as_posix())
    return found


def layers() -> list[set[str]]:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (layered,) = (row for row in config["tool"]["importlinter"]["contracts"] if row["type"] == "layers")
    return [{name.strip() for name in layer.replace("|", ":").split(":")} for layer in layered["layers"]]


def test_every_import_by_name_is_declared_with_what_it_reaches() -> None:
    assert imports_by_name() == set(BY_NAME)


@pytest.mark.parametrize("path", sorted(set(BY_NAME) - LAZY))
def test_an_import_by_name_reaches_only_a_room_below(path: str) -> None:
    target = BY_NAME[path][0]
    if not target:
        return
    room = "kie." + path.split("/", maxsplit=1)[0].removesuffix(".py")
    order = layers()
    height = {name: number for number, layer in enumerate(order) for name in layer}
    data_only = path == "_core/data.py"
    assert data_only or height[room] <= height[target]


def test_every_room_has_its_place_in_the_layers() -> None:
    placed = set().union(*layers())
    rooms = {f"kie.{path.stem}" for path in SOURCE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    outside = {"kie.__init__", "kie.__main__", "kie.models", "kie.errors"}
    assert rooms - outside == {name for name in placed if name.startswith("kie.")}


ROOMS = {path.stem for path in SOURCE.iterdir()} | {"kie_models", "kie_wire"}
SILENT = {"__init__.py", "__main__.py", "overrides.py", "batch.py", "abatch.py"}
"""Names of files that need not say what they import: indexes of public names, entry points, and what is generated."""


def imported_by(tree: ast.Module) -> Iterator[str]:
    """The rooms that a file imports from, wherever in it; what only type checkers import does not count."""
    blocks = [node for node in ast.walk(tree) if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    unreal = {id(node) for block in blocks for line in block.body for node in ast.walk(line)}
    for node in ast.walk(tree):
        if id(node) in unreal:
            continue
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            names = [f"kie.{alias.name}" for alias in node.names] if module == "kie" else [module]
        else:
            continue
        for package, *inside in (name.split(".") for name in names):
            room = inside[0] if package == "kie" and inside else package
            if room in ROOMS:
                yield room


@pytest.mark.parametrize("path", sorted(path.relative_to(SOURCE).as_posix() for path in SOURCE.glob("*/**/*.py")))
def test_a_file_imports_only_what_it_says(path: str) -> None:
    tree, room, name = ast.parse((SOURCE / path).read_text("utf-8")), path.partition("/")[0], path.rpartition("/")[2]
    said = re.search(r"[Mm]ay import (.*?)\.(\s|$)", " ".join((ast.get_docstring(tree) or "").split()))
    if said is None:
        assert name in SILENT or room == "models" or "/hooks/" in path, "its docstring does not say what it may import"
    elif not re.match("every|all below", said[1]):
        assert set(imported_by(tree)) - {room} <= set(re.findall(r"`(\w+)", said[1]))


def test_no_two_classes_share_a_name() -> None:
    found: dict[str, list[str]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name, []).append(path.relative_to(SOURCE).as_posix())
    assert {name: paths for name, paths in found.items() if len(paths) > 1} == {}
