"""Renders `docs/options.md`: every option with its type, default and meaning, taken from its declaration.

Options come from `Options` and `BatchOptions`, the fields of policies from their classes, and the arguments of the
client from its docstring. The signatures of methods tell which options they take.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import attrs

POLICIES = {
    "RetryPolicy": "src/kie/_policy/retry.py",
    "PollPolicy": "src/kie/_policy/polling.py",
    "CircuitBreaker": "src/kie/_policy/breaker.py",
    "RateLimit": "src/kie/_policy/rate.py",
}
_OBJECTS = {"Kie": "Kie", "Task": "task", "Batch": "client.batch"}
"""Classes whose methods take options, each with the name of an instance on the page."""


@attrs.frozen(kw_only=True)
class Row:
    """A row of a table: an option, or a field of a policy."""

    name: str
    type: str
    default: str
    doc: str

    def __str__(self) -> str:
        cells = (f"`{self.name}`", f"`{self.type}`", f"`{self.default}`", linked(self.doc))
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def linked(text: str) -> str:
    """A docstring in which the names of documentation pages are links."""
    return re.sub(r"docs/(\w+\.md)", r"[\1](\1)", text)


def policy(root: Path, name: str) -> list[Row]:
    """The fields of a policy. Raises ValueError for a field that neither a docstring nor `Args:` explains."""
    tree = ast.parse((root / POLICIES[name]).read_text("utf-8"))
    values = dict(constants(tree))
    found = next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)
    explained = arguments(ast.get_docstring(found) or "")
    rows = []
    for field, after in pairwise([*found.body, ast.Pass()]):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and field.value is not None:
            doc = docstring(after) or explained.get(field.target.id)
            if doc is None:
                raise ValueError(f"{POLICIES[name]}: the field {field.target.id} has no docstring")
            default = shown(field.value, values)
            rows.append(Row(name=field.target.id, type=ast.unparse(field.annotation), default=default, doc=doc))
    return rows


def docstring(node: ast.stmt) -> str | None:
    """The text of a statement that consists of a string only, on one line."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return " ".join(node.value.value.split())
    return None


def constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """The names that a module assigns, with their values."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value


def shown(value: ast.expr, values: dict[str, ast.expr]) -> str:
    """A default as the page shows it. A constant is replaced by its value."""
    return ast.unparse(values[value.id] if isinstance(value, ast.Name) and value.id in values else value)


def arguments(text: str) -> dict[str, str]:
    """The entries of the `Args:` of a docstring."""
    section = re.search(r"(?ms)^Args:\n(.*?)(?=^\S|\Z)", text)
    found = re.findall(r"(?ms)^ {4}(\w+): (.*?)(?=^ {4}\w|\Z)", section[1] if section else "")
    return {name: " ".join(doc.split()) for name, doc in found}


def client(source: str, known: Sequence[str]) -> list[Row]:
    """The arguments of the client that are not options, from its docstring and its signature."""
    found = next(node for node in _classes(source) if node.name == "Kie")
    method = next(node for node in found.body if isinstance(node, ast.FunctionDef) and node.name == "__init__")
    explained = arguments(ast.get_docstring(found) or "")
    own = [*zip(method.args.args[1:], method.args.defaults, strict=True)]
    own += [(a, d) for a, d in zip(method.args.kwonlyargs, method.args.kw_defaults, strict=True) if d is not None]
    return [
        Row(
            name=argument.arg,
            type=ast.unparse(argument.annotation) if argument.annotation else "",
            default=ast.unparse(default),
            doc=explained[argument.arg],
        )
        for argument, default in own
        if argument.arg not in known
    ]


def takers(sources: Sequence[str], options: Sequence[str]) -> list[str]:
    """The methods of a client that take all of some options."""
    found = []
    for node in (node for source in sources for node in _classes(source) if node.name in _OBJECTS):
        for method in node.body:
            if isinstance(method, ast.FunctionDef) and set(options) <= {a.arg for a in method.args.kwonlyargs}:
                called = _OBJECTS[node.name] if node.name != "Kie" or method.name == "__init__" else "client"
                found.append(f"`{called}`" if method.name == "__init__" else f"`{called}.{method.name}`")
    return list(dict.fromkeys(found))  # overloads appear as separate methods


def _classes(source: str) -> list[ast.ClassDef]:
    return [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
