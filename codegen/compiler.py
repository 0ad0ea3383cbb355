"""Compiles `openapi/` into the files of `generated/`, in memory. Two runs give the same bytes."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import attrs

from .counterexamples import listed, packaged
from .dialect import KINDS, accepted, check_models, check_shorthand, kind_of
from .source import CompileFailed, ModelSource, Source, read
from .statements import check_statements
from .tolerance import extended, widened
from .wording import with_words


def compile_tree(root: Path) -> dict[str, bytes]:
    """Compile everything. Raises `CompileFailed` with all faults of all files; nothing is written here."""
    from . import models, wire  # these need packages that not everybody has installed
    from .families import check_families
    from .prices import compile_prices, packaged_rows
    from .tables import check_tables

    source, faults = read(root)
    source = attrs.evolve(source, models=list(map(extended, source.models)))
    if not faults:
        faults += check_tables(source.api, source.lifecycles, source.codes)
    faults += [*check_models(source.models, source.lifecycles), *check_shorthand(source.shorthand, source.models)]
    faults += check_statements(source.models)
    faults += check_families(source.families, source.models, source.shorthand)
    tables, wrong = compile_prices(source.prices, source.models)
    faults += wrong
    if faults:
        raise CompileFailed(faults)
    held = listed(source.models)
    source = attrs.evolve(source, models=[packaged(model) for model in source.models])
    endpoints = wire.render(source.api, source.lifecycles)
    python: dict[str, str] = {f"kie_wire/{name}": text for name, text in endpoints.items()}
    for model in source.models:
        python[f"kie_models/{model.slug}.py"] = models.render(model)
    for kind in (None, *KINDS):
        chosen = [model for model in source.models if kind is None or kind_of(model) == kind]
        exports = {name: model.slug for model in chosen for name in exported(model)}
        python[f"kie_models/{kind or '__init__'}.py"] = index_module(exports, kind)
    files = {name: text.encode() for name, text in format_python(python).items()}
    files["kie_wire/py.typed"] = files["kie_models/py.typed"] = b""
    files.update(_data(source))
    files["kie_models/prices.json"] = _json(tables)
    files["kie_models/price_rows.json"] = _json(packaged_rows(source.prices))
    files["counterexamples.json"] = _lines(held)
    return dict(sorted(files.items()))


def exported(model: ModelSource) -> list[str]:
    """The class of a model, and the classes of its nested objects with their dict twins."""
    names = [model.name]

    def walk(schema: dict[str, Any], prefix: str) -> None:
        for field in schema["properties"].values():
            inner = field.get("items", field)
            if inner.get("type") == "object":
                name = f"{prefix}{inner['title']}"
                names.extend([name, f"{name}Dict"])
                walk(inner, name)

    walk(model.document, model.name)
    return names


def _data(source: Source) -> dict[str, bytes]:
    from . import bundle
    from .families import compile_families
    from .tables import compile_lifecycles

    files: dict[str, bytes] = {}
    # All in one file: with one file per model, the wheel would be a sixth larger.
    schemas = {model.slug: widened(with_words(model.document)) for model in source.models}
    files["kie_models/schemas.jsonl"] = b"".join(_json({slug: schemas[slug]}) for slug in sorted(schemas))
    files["kie_models/shorthand.json"] = _json(dict(sorted(source.shorthand.items())))
    files["kie_models/families.json"] = _json(compile_families(source.families, source.models))
    files["kie_models/catalog.json"] = _json([entry(model) for model in source.models])
    files["kie_models/lifecycles.json"] = _json(compile_lifecycles(source.api, source.lifecycles))
    files["kie_models/codes.json"] = _json(source.codes)
    files["MODELS.md"] = _listing(source.models).encode()
    published = [attrs.evolve(model, document=widened(model.document)) for model in source.models]
    files["openapi.json"] = _json(bundle.render(source.api, published, source.lifecycles))
    return files


def entry(model: ModelSource) -> dict[str, Any]:
    """The facts of a model that the catalog returns without opening a schema."""
    facts = model.facts
    return {
        "id": model.id,
        "class": model.name,
        "slug": model.slug,
        "description": " ".join(model.document["description"].split()),
        **{key: facts[key] for key in ("provider", "categories", "status", "result", "lifecycle")},
        "kind": kind_of(model),
        "accepts": accepted(model),
        "successors": facts.get("successors") or [],
        "former_id": facts.get("former_id"),
        "typical_seconds": facts.get("typical_seconds"),
    }


def _listing(models: list[ModelSource]) -> str:
    """A table of all models, for people."""
    lines = ["# Models", "", "Compiled from `openapi/models`; do not edit. Classes are in `kie.models`.", ""]
    lines += ["| model | class | gives | does | status | as of |", "|---|---|---|---|---|---|"]
    for model in sorted(models, key=lambda model: model.id):
        facts = model.facts
        does = ", ".join(facts["categories"])
        day = model.newest["captured"]
        lines.append(f"| `{model.id}` | `{model.name}` | {facts['result']} | {does} | {_status(facts)} | {day} |")
    return "\n".join([*lines, ""])


def _status(facts: dict[str, Any]) -> str:
    """The status of a model, with its successors."""
    successors = ", ".join(f"`{successor}`" for successor in facts.get("successors") or [])
    return f"{facts['status']}: {successors}" if successors else str(facts["status"])


_GIVES = {"image": "images", "video": "videos", "audio": "speech and sounds", "music": "music"}


def _json(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return (text + "\n").encode()


def _lines(values: list[Any]) -> bytes:
    """A list with one item per line, so that a diff shows which items changed."""
    return b"[\n" + b",\n".join(_json(value).strip() for value in values) + b"\n]\n"


def index_module(exports: dict[str, str], kind: str | None, *, ours: bool = True) -> str:
    """Make a module from which classes can be imported by name. Each class is loaded on first use.

    `kie_models/__init__.py` has all classes, `kie_models/<kind>.py` those of models that give one kind of file. The
    index of a user's own package does not contain the package's name. `__getattr__` is hidden from type checkers, so
    that they report a misspelt name.
    """
    doc = f"Request classes of the models that give {_GIVES[kind]}" if kind else "Request classes, one per model"
    place, package = ("kie_models.", "kie_models") if ours else (".", "{__name__}")
    annotation = "" if exports else ": list[str]"
    checked = "\n".join(f"    from {place}{module} import {name} as {name}" for name, module in sorted(exports.items()))
    checked = checked or "    pass"
    table = "".join(f"    {name!r}: {module!r},\n" for name, module in sorted(exports.items()))
    names = "".join(f"    {name!r},\n" for name in sorted(exports))
    return f'''"""{doc}, imported when first asked for. Compiled; do not edit."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
{checked}
else:

    def __getattr__(name):
        module = _MODULES.get(name)
        if module is None:
            raise AttributeError(f"module {{__name__!r}} has no attribute {{name!r}}")
        value = getattr(import_module(f"{package}.{{module}}"), name)
        globals()[name] = value
        return value


_MODULES: dict[str, str] = {{
{table}}}

__all__{annotation} = [
{names}]


def __dir__() -> list[str]:
    return sorted({{*globals(), *__all__}})
'''


def format_python(files: dict[str, str]) -> dict[str, str]:
    """Sort imports, drop unused ones and format the code, with the pinned ruff and without any user's settings."""
    ruff = [sys.executable, "-m", "ruff"]
    common = ["--isolated", "--quiet", "--no-cache", "--line-length=120", "--target-version=py311"]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        steps = [
            [
                *ruff,
                "check",
                "--fix",
                "--select=I,F401,UP",
                "--ignore-noqa",
                "--exit-zero",
                *_fix_options(),
                *common,
                folder,
            ],
            [*ruff, "format", *common, folder],
        ]
        for step in steps:
            done = subprocess.run(step, capture_output=True, text=True, check=False)
            if done.returncode:
                raise RuntimeError(f"ruff failed on generated code:\n{done.stderr or done.stdout}")
        return {name: (root / name).read_text("utf-8") for name in files}


def _fix_options() -> list[str]:
    return ["--config=lint.isort.known-first-party=['kie', 'kie_models', 'kie_wire']", "--unsafe-fixes"]
