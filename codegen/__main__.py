"""`python -m codegen generate | check | counterexamples | import PAGE | drift DIR | site`.

generate         compile `openapi/` into `generated/`
check            prove that `generated/` is up to date
counterexamples  write bodies that break a cross-field rule beside each rule that has none, for a person to read
import PAGE      draft a model file from a page of the vendor's documentation, or from a capture of one
drift DIR        list where the curated models differ from a folder of such pages and no note says why; with --live, the
                 vendor's Models API fills the folder first, and with --drafts, what is new is drafted
site             write the pages of the documentation site, which `make docs` renders
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from . import clients, propose, readme, unused
from .compiler import compile_tree
from .dialect import check_model
from .draft import draft, target
from .drift import compare
from .pages import Page, listed_in, read_folder, read_page
from .source import CompileFailed, read, slug_of
from .tolerance import extended

ROOT = Path(__file__).parent.parent


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 done, up to date, or nothing unexplained.

    1: generate and check: out of date; counterexamples: some are left to find; import: the page says things that could
    not be read; drift: drifted.
    2: the truth has faults, there is nothing to read, or the draft has nowhere to go; nothing was written.
    """
    options = _parser().parse_args(arguments)
    if options.command == "import":
        return _import(options.page, options.into, options.openapi)
    if options.command == "drift":
        return _drift(options.openapi, options.folder, live=options.live, drafts=options.drafts)
    if options.command == "site":
        return _site(options.pages, options.rendered)
    if options.command == "counterexamples":
        return _counterexamples(options.openapi)
    started = time.monotonic()
    try:
        files = compile_tree(options.openapi)
    except CompileFailed as failure:
        print(failure, file=sys.stderr)
        print(f"{len(failure.faults)} faults; nothing was written", file=sys.stderr)
        return 2
    beside: dict[str, bytes] = {}
    if options.out == ROOT / "generated":
        try:
            beside = clients.render(ROOT) | readme.render(ROOT, files)
        except CompileFailed as failure:
            print(failure, file=sys.stderr)
            return 2
    stale = differences(options.out, files)
    stale += [(name, "differs") for name, content in beside.items() if _read(ROOT / name) != content]
    if options.command == "check":
        for name, what in stale:
            print(f"{name}: {what}", file=sys.stderr)
        dead = unused.endpoints(ROOT / "src", options.out)
        for name in dead:
            print(f"{name}: nothing calls it", file=sys.stderr)
        if dead:
            return 1
        print("out of date: run `make generate`" if stale else f"{len(files)} generated files are up to date")
        return 1 if stale else 0
    write(options.out, files)
    for name, content in beside.items():
        (ROOT / name).write_bytes(content)
    print(f"{len(files)} files, {len(stale)} changed, {time.monotonic() - started:.1f} s")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m codegen", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    added = {
        "generate": commands.add_parser("generate", help="compile the truth"),
        "check": commands.add_parser("check", help="prove that what was compiled is up to date"),
        "counterexamples": commands.add_parser("counterexamples", help="propose bodies that break each rule"),
        "import": commands.add_parser("import", help="draft a model file from a page"),
        "drift": commands.add_parser("drift", help="compare the curated models with pages"),
    }
    site = commands.add_parser("site", help="write the pages of the documentation site")
    site.add_argument(
        "--pages", type=Path, default=ROOT / "build" / "pages", metavar="DIR", help="where the pages are written"
    )
    site.add_argument(
        "--rendered",
        type=Path,
        metavar="DIR",
        help="check the rendered form of the pages in DIR, and put their Markdown beside it",
    )
    for command in added.values():
        command.add_argument("--openapi", type=Path, default=ROOT / "openapi", metavar="DIR", help="the truth")
    for name in ("generate", "check"):
        added[name].add_argument(
            "--out", type=Path, default=ROOT / "generated", metavar="DIR", help="what is compiled from it"
        )
    added["import"].add_argument(
        "page", type=Path, metavar="PAGE", help="a page (.md), or an OpenAPI document or a capture (.json, .yaml)"
    )
    added["import"].add_argument(
        "--into", type=Path, metavar="PATH", help="the folder, or the .yaml file, for the draft; stdout if not given"
    )
    added["drift"].add_argument(
        "folder", type=Path, metavar="DIR", help="pages (.md), OpenAPI documents and captures (.json, .yaml)"
    )
    added["drift"].add_argument(
        "--live", action="store_true", help="first ask the vendor for what DIR does not hold yet; needs KIE_API_KEY"
    )
    added["drift"].add_argument("--drafts", type=Path, metavar="DIR", help="where to draft each model that is new")
    return parser


def _site(folder: Path, rendered: Path | None) -> int:
    """Write the pages of the site. With `rendered`, write only their Markdown beside that output, and check it.

    Exit status: 0, or 1 if something is wrong with what was rendered.
    """
    from .site import assemble  # imported late: the pages need what `generate` makes
    from .site.rendered import faults

    started = time.monotonic()
    files = assemble(ROOT)
    if rendered is not None:
        for name, content in files.items():
            if name.endswith(".md"):
                (rendered / name).write_bytes(content)
        found = [*faults(rendered)]
        for fault in found:
            print(fault, file=sys.stderr)
        return 1 if found else 0
    folder.mkdir(parents=True, exist_ok=True)
    write(folder, files)
    print(f"{len(files)} pages and files, {time.monotonic() - started:.1f} s")
    return 0


def _counterexamples(openapi: Path) -> int:
    """Exit status: 0 nothing is left to do by hand, 1 what is left is listed, 2 a model has other faults."""
    source, faults = read(openapi)
    models = list(map(extended, source.models))
    faults += [fault for model in models for fault in check_model(model, source.lifecycles)]
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        return 2
    left = False
    for proposal in propose.write(openapi, models):
        print(proposal)
        left = left or bool(proposal.open)
    return 1 if left else 0


def _import(page: Path, into: Path | None, openapi: Path) -> int:
    """Exit status: 0 everything was read, 1 what could not be read is listed, 2 there is no draft."""
    try:
        drafted = draft(read_page(page))
        path = target(into, drafted.name, openapi) if into else None
    except CompileFailed as failure:
        print(failure, file=sys.stderr)
        print("no draft was written", file=sys.stderr)
        return 2
    if path is None:
        print(drafted.text, end="")
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(drafted.text, encoding="utf-8")
        print(f"drafted {path}; `python -m codegen check` lists what is to be written")
    for fault in drafted.faults:
        print(fault, file=sys.stderr)
    return 1 if drafted.faults else 0


def _drift(openapi: Path, folder: Path, *, live: bool = False, drafts: Path | None = None) -> int:
    """Exit status: 0 nothing unexplained, 1 differences or stale notes are listed, 2 there is nothing to compare."""
    source, faults = read(openapi)
    try:
        if live:
            _fetch(folder)
        listed = listed_in(folder)
        pages, unreadable = read_folder(folder)
    except (CompileFailed, OSError) as failure:
        print(failure, file=sys.stderr)
        return 2
    for fault in [*faults, *unreadable]:
        print(fault, file=sys.stderr)
    if faults or not any(page.models for page in pages):
        print("the truth has faults" if faults else f"{folder} holds no pages or captures of models", file=sys.stderr)
        return 2
    drift = compare(source.models, pages, listed)
    for line in [*drift.differences, *drift.stale]:
        print(line)
    print(
        f"{drift.compared} models compared, {len(drift.differences)} unexplained differences, "
        f"{len(drift.stale)} notes that explain nothing"
    )
    if drift.other:
        print(f"{len(drift.other)} pages of endpoints without a model id were not compared")
    if not drift.whole:
        print("fewer pages than half of the active models: none was taken for vanished")
    if drafts is not None:
        _draft_new(drafts, [page for page in pages if {model.id for model in source.models}.isdisjoint(page.models)])
    return 1 if drift.differences or drift.stale or unreadable else 0


def _fetch(folder: Path) -> None:
    """Fill a folder from the vendor's Models API. Raises `CompileFailed` if there is no key, or no answer."""
    from . import live  # imported late: the client needs what `generate` makes

    live.fetch(folder, lambda line: print(line, file=sys.stderr))


def _draft_new(folder: Path, pages: list[Page]) -> None:
    """Draft each new model that has no draft yet."""
    for page in pages:
        if not page.models:
            continue
        drafted = draft(page)
        path = folder / f"{slug_of(drafted.name)}.yaml"
        if path.exists():
            print(f"{path} is there already")
            continue
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(drafted.text, encoding="utf-8")
        print(f"drafted {path}; not read: {len(drafted.faults)}")
        for fault in drafted.faults:
            print(f"  {fault}")


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def differences(out: Path, files: dict[str, bytes]) -> list[tuple[str, str]]:
    """List the files of a folder that differ from the compiled ones."""
    found = []
    for name, content in files.items():
        path = out / name
        if not path.exists():
            found.append((name, "is missing"))
        elif path.read_bytes() != content:
            found.append((name, "differs"))
    return found + [(name, "should not be there") for name in sorted(_present(out) - set(files))]


def write(out: Path, files: dict[str, bytes]) -> None:
    """Write the compiled files, and remove files that are no longer compiled."""
    for name in _present(out) - set(files):
        (out / name).unlink()
    for name, content in files.items():
        path = out / name
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _present(out: Path) -> set[str]:
    paths = (path for path in out.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(out).as_posix() for path in paths}


if __name__ == "__main__":
    sys.exit(main())
