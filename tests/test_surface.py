"""The public API: it changes only on purpose, type checkers see what there is, and all of it is documented."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import kie
import kie.models
import kie.telemetry
from tests.surface import MODULES, PINNED, surface, undocumented


def test_the_public_api_is_what_is_pinned() -> None:
    """`python -m tests.surface` pins a change that is meant; CHANGELOG.md says what it means for users."""
    assert surface().splitlines() == PINNED.read_text("utf-8").splitlines()


def test_every_module_is_listed_as_public_or_has_an_underscore_in_its_path() -> None:
    found = {module.name for module in pkgutil.walk_packages(kie.__path__, "kie.")}
    assert len(found) > 50
    assert {name for name in found if not any(part.startswith("_") for part in name.split("."))} == {*MODULES} - {"kie"}


@pytest.mark.parametrize("module", [*MODULES, "kie_models", "kie_models.image"])
def test_every_name_in_all_exists_and_none_is_listed_twice(module: str) -> None:
    found: Any = importlib.import_module(module)
    assert len(set(found.__all__)) == len(found.__all__) > 0
    for name in found.__all__:
        assert hasattr(found, name)


def seen_by_type_checkers(module: ModuleType) -> dict[str, str]:
    """The names that the block `if TYPE_CHECKING:` of a module declares, each with the module that it is from."""
    [block] = [
        node
        for node in ast.parse(inspect.getsource(module)).body
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    ]
    seen: dict[str, str] = {}
    for statement in block.body:
        match statement:
            case ast.ImportFrom(module=str(source), names=names, level=0):
                seen |= {name.asname or name.name: source for name in names if name.name != "*"}
                seen |= {f"* of {source}": source for name in names if name.name == "*"}
            case ast.AnnAssign(target=ast.Name(id=name)):
                seen[name] = module.__name__
            case _:
                raise AssertionError(f"line {statement.lineno} of {module.__name__} is not an import or a declaration")
    return seen


@pytest.mark.parametrize("module", [kie, kie.telemetry], ids=lambda module: module.__name__)
def test_type_checkers_see_each_lazy_name_in_the_module_that_it_is_imported_from(module: Any) -> None:
    package = module.__name__
    lazy = {name: f"{package}.{home}" if home else package for name, home in module._HOME.items()}
    assert seen_by_type_checkers(module) == lazy
    eager = set(module.__all__) & set(vars(module)) - set(lazy)
    assert sorted(module.__all__) == sorted({*lazy, *eager})


def test_type_checkers_see_the_namespaces_and_every_request_class() -> None:
    namespaces = dict.fromkeys(kie.models._NAMESPACES, "kie.models")
    assert seen_by_type_checkers(kie.models) == namespaces | {"* of kie_models": "kie_models"}


@pytest.mark.parametrize("kind", kie.models._NAMESPACES)
def test_type_checkers_see_the_classes_of_a_namespace(kind: str) -> None:
    index = f"kie_models.{kind}"
    assert seen_by_type_checkers(importlib.import_module(f"kie.models.{kind}")) == {f"* of {index}": index}


@pytest.mark.parametrize("index", ["kie_models", *(f"kie_models.{kind}" for kind in kie.models._NAMESPACES)])
def test_type_checkers_see_each_request_class_in_the_module_that_it_is_imported_from(index: str) -> None:
    module: Any = importlib.import_module(index)
    lazy = {name: f"kie_models.{home}" for name, home in module._MODULES.items()}
    assert seen_by_type_checkers(module) == lazy
    assert sorted(module.__all__) == sorted(lazy)


def test_every_public_function_class_method_and_field_has_a_docstring() -> None:
    assert undocumented() == set()


def test_ruff_checks_the_docstrings_of_every_file_that_defines_something_public() -> None:
    """Arguments, return values and errors: where ruff's rules D and DOC are on, they have to be documented."""
    root = Path(kie.__file__).parents[2]
    rules = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]["lint"]["per-file-ignores"]
    [(exempt, ignored)] = [(files, ignored) for files, ignored in rules.items() if "DOC" in ignored]
    assert exempt.startswith("!{") and ignored == ["D", "DOC"]
    checked = {
        Path(found).resolve()
        for pattern in _spread(exempt[1:])
        for found in root.glob(re.sub(r"\*\*$", "**/*.py", pattern))
    }
    public = {
        Path(inspect.getfile(value)).resolve()
        for module in MODULES
        for name in importlib.import_module(module).__all__
        if inspect.isclass(value := getattr(importlib.import_module(module), name)) or inspect.isfunction(value)
    }
    ours = {file for file in public if file.is_relative_to(Path(kie.__file__).parent)}
    assert len(ours) > 50
    assert {file.name for file in ours - checked} == set()


def _spread(pattern: str) -> list[str]:
    """A pattern without braces for each choice in them."""
    if not (found := re.search(r"\{((?:[^{}]|\{[^{}]*\})*)\}", pattern)):
        return [pattern]
    choices = re.split(r",(?![^{]*\})", found[1])
    return [each for choice in choices for each in _spread(pattern[: found.start()] + choice + pattern[found.end() :])]


def test_no_public_signature_says_any() -> None:
    assert [line for line in surface().splitlines() if re.search(r"\bAny\b", line)] == []
