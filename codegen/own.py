"""Writes a user's own package of models: a class, a schema and an entry for each model, and an index of them.

A package contains its sources, so that it can be made again without the network, byte for byte.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import attrs

from kie import __version__
from kie._core.own_packages import FORMAT, INDEX
from kie._core.schema import documented_throughout

from . import models
from .compiler import entry, exported, format_python, index_module
from .dialect import check_model
from .drift import compare
from .pages import CHAT, Page, parse_openapi, read_page
from .source import CompileFailed, Document, Fault, ModelSource, Node
from .vendor import FAMILIES, About, Unread, model_of, packaged, unpackaged

AGAIN = "`kie models add --into {}` without an id writes all of it again"


@attrs.frozen
class Package:
    """The intended files of a package, by their names in its folder, and the list of stale files."""

    folder: Path
    files: Mapping[str, bytes]
    stale: tuple[tuple[str, str], ...]
    """Names with what is wrong: `is missing`, `differs` or `should not be there`."""
    added: Unread | None = None

    def write(self) -> None:
        """Write the stale files. Each is replaced as a whole."""
        for name, what in self.stale:
            path = self.folder / name
            if what == "should not be there":
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
                file.write(self.files[name])
            Path(file.name).chmod(0o644)
            os.replace(file.name, path)


def add(folder: Path, page: Page, id: str | None, about: About, today: str) -> Package:
    """Make a package with the model of a page, or add the model. Raises `CompileFailed`; nothing is written here."""
    held = read_package(folder)
    added = model_of(page, id, about, today)
    before = next((model for model in held if model.id == added.model.id), None)
    added = attrs.evolve(added, model=_as_before(added.model, before))
    faults = list(check_model(added.model, FAMILIES))
    for model in held:
        for what in ("slug", "name"):
            if model.id != added.model.id and getattr(model, what) == getattr(added.model, what):
                faults.append(
                    Fault(added.model.file, "", f"{getattr(model, what)} is the {what} of {model.id} already")
                )
    if faults:
        raise CompileFailed(faults)
    kept = [model for model in held if model.id != added.model.id]
    made = _compiled([*kept, added.model], [added.model])
    for name in (f"{added.model.slug}.py", "__init__.py"):
        if not held and (folder / name).exists() and (folder / name).read_bytes().strip():
            raise CompileFailed(
                [Fault(str(folder / name), "", "was not written by kie; name another folder with --into")]
            )
    stale = [(name, what) for name, what in _differences(folder, made) if what != "should not be there"]
    return Package(folder, made, tuple(stale), added)


def again(folder: Path) -> Package:
    """Make a package again from the sources it contains. Raises `CompileFailed`."""
    held = read_package(folder, any_compiler=True)
    if not held:
        raise CompileFailed([Fault(str(folder), "", f"holds no models of one's own: it has no {INDEX}")])
    made = _compiled(held, held)
    return Package(folder, made, tuple(_differences(folder, made)))


def _as_before(model: ModelSource, before: ModelSource | None) -> ModelSource:
    """A model that was read again. It keeps a person's additions, and the old date if nothing else changed."""
    if before is None:
        return model
    facts, old = dict(model.facts), before.facts
    for key in ("result", "categories"):
        if key in facts["guessed"] and key not in (old.get("guessed") or []):
            facts[key] = old[key]
            facts["guessed"] = [name for name in facts["guessed"] if name != key]
    same = {**model.document, "x-kie": {**facts, "sources": old["sources"]}}
    if same == before.document:
        return before
    return attrs.evolve(model, document={**model.document, "x-kie": facts})


def read_package(folder: Path, *, any_compiler: bool = False) -> list[ModelSource]:
    """Read the models of a package. Raises `CompileFailed` if they have another format or cannot be read.

    Args:
        folder: The package; it need not exist.
        any_compiler: Whether it may have been written by another version of kie.
    """
    if not folder.name.isidentifier() or (folder.exists() and not folder.is_dir()):
        raise CompileFailed([Fault(str(folder), "", "cannot be a package: name a folder with a Python name")])
    if not (folder / INDEX).exists():
        return []
    index = _load(folder / INDEX)
    if index.get("format") != FORMAT:
        told = f"has the format {index.get('format')!r}; kie {__version__} reads the format {FORMAT}"
        raise CompileFailed([Fault(str(folder / INDEX), "/format", told)])
    if index.get("kie") != __version__ and not any_compiler:
        told = f"was written by kie {index.get('kie')}, and this is kie {__version__}; {AGAIN.format(folder)}"
        raise CompileFailed([Fault(str(folder / INDEX), "/kie", told)])
    found: list[ModelSource] = []
    faults: list[Fault] = []
    for row in index.get("models") or []:
        slug = str(row.get("slug") if isinstance(row, dict) else "")
        if not slug.isidentifier():
            raise CompileFailed([Fault(str(folder / INDEX), "/models", f"{slug!r} cannot be the name of a module")])
        document = _load(folder / "schemas" / f"{slug}.json")
        if not isinstance(document.get("x-kie"), dict):
            raise CompileFailed([Fault(f"schemas/{slug}.json", "/x-kie", "is missing")])
        model = ModelSource(f"schemas/{slug}.json", slug, unpackaged(document), ours=False)
        faults += check_model(model, FAMILIES)
        found.append(model)
    if faults:
        raise CompileFailed(faults)
    return found


def _load(path: Path) -> Document:
    try:
        document: Node = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        reason = getattr(error, "strerror", None) or "it is not JSON"
        raise CompileFailed([Fault(str(path), "", f"cannot be read: {reason}")]) from None
    if not isinstance(document, dict):
        raise CompileFailed([Fault(str(path), "", "must be an object")])
    return document


def _compiled(held: Iterable[ModelSource], fresh: Iterable[ModelSource]) -> dict[str, bytes]:
    """The index of all models, and the files of the fresh ones."""
    ordered = sorted(held, key=lambda model: model.id)
    exports = {name: model.slug for model in ordered for name in exported(model)}
    python = {"__init__.py": index_module(exports, None, ours=False)}
    files: dict[str, bytes] = {}
    for model in fresh:
        python[f"{model.slug}.py"] = models.render(model)
        files[f"schemas/{model.slug}.json"] = _json(packaged(model))
    files |= {name: text.encode() for name, text in format_python(python).items()}
    rows = [{**entry(model), "curated": model.curated} for model in ordered]
    files[INDEX] = _json({"format": FORMAT, "kie": __version__, "models": rows})
    files["py.typed"] = b""
    return dict(sorted(files.items()))


def _json(value: Node) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _differences(folder: Path, files: Mapping[str, bytes]) -> Iterable[tuple[str, str]]:
    for name, content in files.items():
        path = folder / name
        if not path.exists():
            yield name, "is missing"
        elif path.read_bytes() != content:
            yield name, "differs"
    for path in sorted((folder / "schemas").glob("*.json")):
        if f"schemas/{path.name}" not in files:
            yield f"schemas/{path.name}", "should not be there"


def differences(id: str, ours: Document, openapi: Document) -> list[str]:
    """Unexplained differences between the vendor's OpenAPI document and a packaged schema. Raises `CompileFailed`."""
    page = parse_openapi(openapi, id)
    model = ModelSource(id, id, ours)
    if not model.curated:
        held, fresh = unpackaged(ours), model_of(page, id).model.document
        keys = ("properties", "required")
        return [f"the {key} differ from those of `kie models add`" for key in keys if held[key] != fresh[key]]
    # limits of media are in the text only, and a person has to judge what is read from it
    model = attrs.evolve(model, document=documented_throughout(ours))
    found = compare([model], [attrs.evolve(page, silent=True)]).differences
    return [f"{each.at}: ours {each.ours}, vendor {each.vendor}" for each in found]


__all__ = [
    "CHAT",
    "About",
    "CompileFailed",
    "Package",
    "add",
    "again",
    "differences",
    "parse_openapi",
    "read_package",
    "read_page",
]
