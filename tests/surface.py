"""Renders the public API as text, one line for each name: `python -m tests.surface` writes it to `surface.txt`.

A class is described where it is listed first, with its own members and those of its hidden bases.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator
from dataclasses import is_dataclass
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any, ForwardRef, get_overloads

import attrs

WIDTH = 116
PINNED = Path(__file__).parent / "surface.txt"
MODULES = [
    "kie",
    "kie.errors",
    "kie.catalog",
    "kie.constants",
    "kie.telemetry",
    "kie.webhooks",
    "kie.simulator",
    "kie.testing",
    "kie.testing.fixtures",
    "kie.testing.strategies",
    "kie.library",
    "kie.durable",
    "kie.plans",
    "kie.compat",
    "kie.models",
    "kie.models.audio",
    "kie.models.image",
    "kie.models.music",
    "kie.models.video",
]
"""Every public module. All others have an underscore in their path."""

OPERATORS = {
    f"__{name}__"
    for name in "init call enter exit aenter aexit iter aiter next anext await getitem len contains str fspath".split()
}
FROM_A_CLIENT = {
    *("AsgiApp", "AsyncBatch", "AsyncTask", "AsyncVendor", "Batch", "Breaker", "DurableBatch"),
    *("Task", "Vendor", "WsgiApp"),
}
"""Classes that users never construct: a client or a receiver does."""

FIXED = (str, int, float, bool, type(None), tuple)
"""Types of defaults whose `repr` says all, and the same everywhere."""


def surface() -> str:
    """Render every public module."""
    names = [(module, name) for module in MODULES for name in sorted(import_module(module).__all__)]
    values = [getattr(import_module(module), name) for module, name in names]
    classes = {value for value in values if isinstance(value, type)}
    lines: list[str] = []
    described: set[type] = set()
    for (module, name), value in zip(names, values, strict=True):
        if f"[{module}]" not in lines:
            lines += ["", f"[{module}]"]
        if isinstance(value, type) and value in described:
            lines.append(f"class {name}: see above")
        elif isinstance(value, type):
            described.add(value)
            lines += _class(name, value, classes)
        else:
            lines += _value(name, value)
    return "\n".join(lines[1:]) + "\n"


def _value(name: str, value: object) -> Iterator[str]:
    match value:
        case ModuleType():
            yield f"module {name}"
        case _ if inspect.isroutine(value):
            yield from _function(name, value)
        case _ if name == "__version__":
            yield f"{name}: str"
        case _:
            yield f"{name} = {value!r}"


def _class(name: str, cls: type, classes: set[type]) -> Iterator[str]:
    if cls.__module__.startswith("kie_models"):
        yield f"class {name}({', '.join(_fields(cls))})"
        return
    hidden = [base for base in cls.__mro__[1:] if base.__module__.startswith("kie.") and base not in classes]
    bases = [base for home in [cls, *hidden] for base in home.__bases__ if base is not object and base not in hidden]
    yield f"class {name}({', '.join(base.__name__ for base in dict.fromkeys(bases))})"
    homes = {member: home for home in [*reversed(hidden), cls] for member in _public(home)}
    if name in FROM_A_CLIENT:
        del homes["__init__"]
    for member in sorted(homes):
        yield from (f"    {line}" for line in _member(member, homes[member]))


def _fields(cls: type) -> Iterator[str]:
    """The fields of a generated class. Their types and bounds are facts about the service, and change with it."""
    if attrs.has(cls):
        required = {field.name: field.default is attrs.NOTHING for field in attrs.fields(cls) if field.init}
    else:
        required = {name: name in vars(cls)["__required_keys__"] for name in inspect.get_annotations(cls)}
    return (f"{name}{'' if needed else '?'}" for name, needed in required.items())


def _public(cls: type) -> set[str]:
    names = {*vars(cls), *inspect.get_annotations(cls), *_assigned(cls)}
    if getattr(cls, "_is_protocol", False):
        names -= {"__init__"}
    return {name for name in names if not name.startswith("_") or name in OPERATORS}


def _assigned(cls: type) -> set[str]:
    """The attributes that a handwritten `__init__` assigns, which are nowhere else."""
    made = vars(cls).get("__init__")
    if attrs.has(cls) or is_dataclass(cls) or not inspect.isfunction(made) or getattr(cls, "_is_protocol", False):
        return set()
    tree = ast.parse(textwrap.dedent(inspect.getsource(made)))
    stored = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)]
    return {node.attr for node in stored if isinstance(node.value, ast.Name) and node.value.id == "self"}


def _member(name: str, cls: type) -> Iterator[str]:
    value = inspect.getattr_static(cls, name, None)
    annotation = inspect.get_annotations(cls).get(name)
    match value:
        case property() if value.fget is not None:
            yield f"{name}: {_text(inspect.signature(value.fget).return_annotation)} (property)"
        case staticmethod() | classmethod():
            yield from _function(name, value.__func__, f"{type(value).__name__} ")
        case _ if inspect.isroutine(value):
            yield from _function(name, value)
        case None if annotation is None:
            yield name
        case _:
            yield f"{name}: {_text(type(value).__name__ if annotation is None else annotation)}"


def _function(name: str, function: Any, kind: str = "") -> Iterator[str]:
    asynchronous = "async " if inspect.iscoroutinefunction(function) else ""
    for each in get_overloads(inspect.unwrap(function)) or [function]:
        parts, returned = _signature(each)
        line = f"{asynchronous}{kind}def {name}({', '.join(parts)}){returned}"
        if len(line) <= WIDTH:
            yield line
        else:  # a line for each parameter, so that a difference shows which one has changed
            yield f"{asynchronous}{kind}def {name}("
            yield from (f"    {part}," for part in parts)
            yield f"){returned}"


def _signature(function: Any) -> tuple[list[str], str]:
    signature = inspect.signature(function)
    shown = [
        parameter.replace(annotation=inspect.Parameter.empty, default=inspect.Parameter.empty)
        for parameter in signature.parameters.values()
    ]
    parts: list[str] = []
    star = False
    positional = [each for each in shown if each.kind is inspect.Parameter.POSITIONAL_ONLY]
    for bare, full in zip(shown, signature.parameters.values(), strict=True):
        if full.kind is inspect.Parameter.KEYWORD_ONLY and not star:
            parts.append("*")
        star = star or full.kind in (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.VAR_POSITIONAL)
        note = "" if full.annotation is inspect.Parameter.empty else f": {_text(full.annotation)}"
        default = "" if full.default is inspect.Parameter.empty else f" = {_default(full.default)}"
        parts.append(f"{bare}{note}{default}")
        if positional and bare is positional[-1]:
            parts.append("/")
    returned = signature.return_annotation
    return parts, "" if returned is inspect.Signature.empty else f" -> {_text(returned)}"


def undocumented() -> set[str]:
    """The public functions, classes, methods and fields without a docstring."""
    found: set[str] = set()
    for module in MODULES:
        for name in import_module(module).__all__:
            value = getattr(import_module(module), name)
            if inspect.isroutine(value) and not value.__doc__:
                found.add(f"{module}.{name}")
            elif isinstance(value, type) and not value.__module__.startswith("kie_models"):
                found |= {f"{name}.{member}".rstrip(".") for member in _undocumented(value)}
    return found


def _undocumented(cls: type) -> Iterator[str]:
    [tree] = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
    assert isinstance(tree, ast.ClassDef)
    if not ast.get_docstring(tree):
        yield ""
    for node, after in pairwise([*tree.body, ast.Pass()]):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() if not node.name.startswith("_"):
                overload = any(isinstance(each, ast.Name) and each.id == "overload" for each in node.decorator_list)
                if not overload and not ast.get_docstring(node):
                    yield node.name
            case ast.AnnAssign(target=ast.Name(id=name)) if not name.startswith("_"):
                if not (isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)):
                    yield name


def _text(annotation: object) -> str:
    if isinstance(annotation, ForwardRef):
        return annotation.__forward_arg__
    return annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)


def _default(value: object) -> str:
    return repr(value) if isinstance(value, FIXED) else "…"


if __name__ == "__main__":
    PINNED.write_text(surface(), encoding="utf-8")
