"""Renders both clients, their namespaces and the types of their options, from templates and from `Options`.

An option is declared once, with name, type, default, docstring and group, in `src/kie/_flow/options.py` (in
`src/kie/_batch/flow.py` for batches). The keyword arguments of all methods, their help, and docs/options.md are made
from that.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import attrs
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from .compiler import format_python
from .options import POLICIES, Row, client, constants, docstring, policy, shown, takers

DECLARED = {"Options": "src/kie/_flow/options.py", "BatchOptions": "src/kie/_batch/flow.py"}
OUTPUTS = {
    "src/kie/_client.py": ("client.py.jinja", False),
    "src/kie/_aclient.py": ("client.py.jinja", True),
    "src/kie/_vendor.py": ("vendor.py.jinja", False),
    "src/kie/_avendor.py": ("vendor.py.jinja", True),
    "src/kie/_batch/batch.py": ("batch.py.jinja", False),
    "src/kie/_batch/abatch.py": ("batch.py.jinja", True),
    "src/kie/_flow/overrides.py": ("overrides.py.jinja", False),
}
_SHOWN = {"Observers": "Iterable[Observer]", "Observers()": "()"}
"""Types and defaults of fields that differ in signatures, with what signatures show instead."""
GROUPS = {
    "batch": "Batches",
    "sending": "Submissions of a batch",
    "exchange": "Requests",
    "submit": "Submissions",
    "upload": "Uploads",
    "run": "Runs",
    "wait": "Waiting",
    "keep": "Keeping runs",
    "download": "Downloads",
    "transfer": "Transfers",
}
"""Groups of options, in the order of docs/options.md, with their titles there."""


@attrs.frozen(kw_only=True)
class Option:
    """One option as it is declared."""

    name: str
    type: str
    default: str
    doc: str
    group: str


def declared(root: Path) -> list[Option]:
    """Read every option, in the order of declaration. Raises ValueError for an option without a docstring."""
    found = []
    for name, path in DECLARED.items():
        tree = ast.parse((root / path).read_text("utf-8"))
        body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)
        for field, doc in pairwise(body):
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                text = docstring(doc)
                if text is None:
                    raise ValueError(f"{path}: the option {field.target.id} has no docstring")
                found.append(_option(field.target.id, field, text, dict(constants(tree))))
    return found


def _option(name: str, field: ast.AnnAssign, doc: str, values: dict[str, ast.expr]) -> Option:
    value, default, group = field.value, "", "batch"
    if isinstance(value, ast.Call):
        given = {keyword.arg: keyword.value for keyword in value.keywords}
        default = shown(given["default"], values) if "default" in given else f"{ast.unparse(given['factory'])}()"
        marked = given["metadata"]
        assert isinstance(marked, ast.Call)  # noqa: S101 - every option of a client has a group
        group = str(ast.literal_eval(marked.args[0]))
    elif value is not None:
        default = ast.unparse(value)
    kind = ast.unparse(field.annotation)
    return Option(name=name, type=_SHOWN.get(kind, kind), default=_SHOWN.get(default, default), doc=doc, group=group)


def render(root: Path) -> dict[str, bytes]:
    """Render the files of the templates, by their path from `root`."""
    options = declared(root)
    environment = Environment(
        loader=FileSystemLoader(root / "codegen/templates/clients"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Python, not HTML
    )
    sources = {}
    for path, (template, is_async) in OUTPUTS.items():
        sources[path] = environment.get_template(template).render(
            is_async=is_async,
            A="Async" if is_async else "",
            a="a" if is_async else "",
            async_="async " if is_async else "",
            await_="await " if is_async else "",
            Saver="AsyncClientSaver" if is_async else "ClientSaver",
            Wanted="Paired[R]" if is_async else "R",  # the class of the request names the result type of a `Kie`
            family='cast("type[Request[Result]] | None", of)' if is_async else "of",
            options=[option for option in options if option.group not in ("server", "batch", "sending")],
            keywords=lambda *groups: _keywords(_of(options, groups)),
            help=lambda *groups, indent=12, defaults=False: _help(_of(options, groups), indent, defaults=defaults),
            given=lambda *groups: f"given({', '.join(f'{o.name}={o.name}' for o in _of(options, groups))})",
        )
    found = {path: text.encode() for path, text in format_python(sources).items()}
    made = [sources[path] for path in ("src/kie/_client.py", "src/kie/_batch/batch.py")]
    page = environment.get_template("options.md.jinja").render(
        groups=[
            ("The client", _client_rows(made[0], options), "Taken by `Kie` and `AsyncKie` only."),
            *((title, *_table(made, [o for o in options if o.group == group])) for group, title in GROUPS.items()),
        ],
        policies=[(name, policy(root, name)) for name in POLICIES],
    )
    return {**found, "docs/options.md": page.encode()}


def _client_rows(source: str, options: list[Option]) -> list[Row]:
    """The arguments that only a client takes: its two servers, and those that are not options."""
    servers = [option for option in options if option.group == "server"]
    return [*client(source, [option.name for option in options]), *map(_row, servers)]


def _table(sources: list[str], options: list[Option]) -> tuple[list[Row], str]:
    """The rows of a group of options, and which methods take them."""
    taken = ", ".join(takers(sources, [option.name for option in options]))
    return [_row(option) for option in options], textwrap.fill(f"Taken by {taken}.", width=120)


def _row(option: Option) -> Row:
    return Row(name=option.name, type=option.type, default=option.default, doc=option.doc)


def _of(options: list[Option], groups: tuple[str, ...]) -> Iterator[Option]:
    return (option for group in groups for option in options if option.group == group)


def _keywords(options: Iterator[Option]) -> str:
    return "\n".join(f"        {option.name}: {option.type} | Unset = UNSET," for option in options)


def _help(options: Iterator[Option], indent: int, *, defaults: bool) -> str:
    """A line of help for each option, in the form of Google-style docstrings."""
    return "\n".join(
        textwrap.fill(
            f"{option.name}: {option.doc}{_default(option) if defaults else ''}",
            width=120,
            initial_indent=" " * indent,
            subsequent_indent=" " * (indent + 4),
            break_long_words=False,
            break_on_hyphens=False,
        )
        for option in options
    )


def _default(option: Option) -> str:
    """The default to name in a docstring: a number or a text. Other defaults are obvious, or objects."""
    plain = re.fullmatch(r"[\d.* ]+|'[^']+'", option.default)
    return f" Default: `{option.default}`." if plain else ""
