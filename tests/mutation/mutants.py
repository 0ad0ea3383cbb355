"""Mutants: one small change each, inside a function, as code that can take the function's place."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import CodeType
from typing import TypeAlias, cast

import attrs

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_CALLED = {"min": "max", "max": "min", "all": "any", "any": "all"}


@attrs.frozen
class Mutant:
    """One change to a file: `code()` can take the place of that of the function at `qualname`."""

    path: str
    qualname: str
    change: str
    line: int
    lines: range
    code: Callable[[], CodeType]


def mutants_of(path: str, only: tuple[str, ...]) -> Iterator[Mutant]:
    """Every mutant of a file, or of the functions in it whose qualified names begin with one of `only`."""
    full = str(Path(path).resolve())
    tree = ast.parse(Path(path).read_text(), full)
    seen: Counter[str] = Counter()
    for qualname, function in _functions(tree, ""):
        if only and not qualname.startswith(only):
            continue
        flow = any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in ast.walk(function))
        whole = range(function.body[0].lineno, (function.end_lineno or 0) + 1)
        for node in (node for statement in function.body for node in _evaluated(statement)):
            for changed in _changes(node):
                change = f"{_shown(node)} → {_shown(changed)}"
                seen[qualname + change] += 1
                if (count := seen[qualname + change]) > 1:
                    change += f" ({count})"
                code = partial(_compiled, tree, full, function, node, changed)
                lines = _lines(node)  # after `throw`, coverage does not see the lines of a generator any more
                yield Mutant(path, qualname, change, lines.start, whole if flow else lines, code)


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, Function]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield prefix + child.name, child
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.")


def _evaluated(node: ast.AST) -> Iterator[ast.AST]:
    """A node and what is in it, without annotations: in a function they are never evaluated."""
    yield node
    for name, value in ast.iter_fields(node):
        if name not in ("annotation", "returns"):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from _evaluated(child)


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of a node."""
    match node:
        case ast.Compare(ops=[operator]):
            yield _with(node, ops=[_COMPARED[type(operator)]()])
        case ast.BoolOp(op=operator):
            yield _with(node, op=ast.Or() if isinstance(operator, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.If() | ast.IfExp():
            for value in (True, False):
                yield _with(node, test=ast.Constant(value))
        case ast.While(test=test) if not isinstance(test, ast.Constant):
            yield _with(node, test=ast.Constant(False))
        case ast.BinOp(op=operator) | ast.AugAssign(op=operator) if type(operator) in _COMPUTED:
            yield _with(node, op=_COMPUTED[type(operator)]())
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() | float() as number):
            yield ast.Constant(number + 1)
        case ast.Call(func=ast.Name(id=called)) if called in _CALLED:
            yield _with(node, func=ast.Name(_CALLED[called], ast.Load()))
        case ast.Call(keywords=keywords):
            for given in keywords:
                if given.arg is not None and not isinstance(given.value, ast.Constant):
                    yield _with(node, keywords=[other for other in keywords if other is not given])
        case ast.Raise() | ast.Continue() | ast.Break():
            yield ast.Pass()
        case ast.Expr(value=value) if not isinstance(value, ast.Constant):
            yield ast.Expr(ast.Constant(None))


def _with(node: ast.AST, **fields: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _shown(node: ast.AST) -> str:
    return ast.unparse(node).splitlines()[0]


def _lines(node: ast.AST) -> range:
    """The lines whose execution reaches a change: those of a statement's head, or of an expression."""
    first = getattr(node, "lineno", 0)
    head = getattr(node, "test", node) if isinstance(node, (ast.If, ast.While)) else node
    return range(first, getattr(head, "end_lineno", first) + 1)


def _compiled(tree: ast.Module, full: str, function: Function, node: ast.AST, changed: ast.AST) -> CodeType:
    class Swap(ast.NodeTransformer):
        def visit(self, at: ast.AST) -> ast.AST:
            if at is node:
                return ast.fix_missing_locations(ast.copy_location(changed, node))
            # copied on the way down, so that the tree stays as it is
            return self.generic_visit(_with(at, **{name: _listed(value) for name, value in ast.iter_fields(at)}))

    found = [
        code
        for code in _codes(compile(cast("ast.Module", Swap().visit(tree)), full, "exec"))
        if code.co_name == function.name and code.co_firstlineno == _first_line(function)
    ]
    return found[0]


def _listed(value: object) -> object:
    return list(value) if isinstance(value, list) else value


def _first_line(function: Function) -> int:
    return min(node.lineno for node in (function, *function.decorator_list))


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)
