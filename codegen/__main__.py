"""`python -m codegen generate | check | drift DIR`.

generate   compile `openapi/` into `generated/`
check      prove that `generated/` is up to date
drift DIR  list where the curated models differ from a folder of the vendor's captures and no note says why
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from codegen import twin, unused
from codegen.compiler import compile_tree, format_python
from codegen.drift import captures, compare
from codegen.source import CompileFailed, read

ROOT = Path(__file__).parent.parent


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 done or up to date, 1 out of date or drifted, 2 the truth has faults."""
    parser = argparse.ArgumentParser(
        prog="python -m codegen", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=["generate", "check", "drift"])
    parser.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="captures to compare with (drift)")
    parser.add_argument("--openapi", type=Path, default=ROOT / "openapi", metavar="DIR", help="the truth")
    parser.add_argument("--out", type=Path, default=ROOT / "generated", metavar="DIR", help="what is compiled from it")
    options = parser.parse_args(arguments)
    if (options.command == "drift") != (options.folder is not None):
        parser.error("drift takes a folder of captures; generate and check take none")
    if options.command == "drift":
        return _drift(options.openapi, options.folder)
    started = time.monotonic()
    try:
        files = compile_tree(options.openapi)
    except CompileFailed as failure:
        print(failure, file=sys.stderr)
        print(f"{len(failure.faults)} faults; nothing was written", file=sys.stderr)
        return 2
    handwritten = {}
    if options.out == ROOT / "generated":
        derived = {to: twin.derive(name, (ROOT / name).read_text("utf-8")) for name, to in twin.TWINS.items()}
        handwritten = {name: text.encode() for name, text in format_python(derived).items()}
    stale = differences(options.out, files)
    stale += [(name, "differs") for name, content in handwritten.items() if _read(ROOT / name) != content]
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
    for name, content in handwritten.items():
        (ROOT / name).write_bytes(content)
    print(f"{len(files)} files, {len(stale)} changed, {time.monotonic() - started:.1f} s")
    return 0


def _drift(openapi: Path, folder: Path) -> int:
    """Exit status: 0 nothing unexplained, 1 differences are listed, 2 there is nothing to compare."""
    source, faults = read(openapi)
    vendor = captures(folder)
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults or not vendor:
        print(f"{folder} holds no captures of models" if not vendor else "the truth has faults", file=sys.stderr)
        return 2
    found = compare(source.models, vendor)
    for difference in found:
        print(difference)
    print(f"{len(vendor)} captures, {len(found)} unexplained differences")
    return 1 if found else 0


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def differences(out: Path, files: dict[str, bytes]) -> list[tuple[str, str]]:
    """Where a folder differs from what was compiled."""
    found = []
    for name, content in files.items():
        path = out / name
        if not path.exists():
            found.append((name, "is missing"))
        elif path.read_bytes() != content:
            found.append((name, "differs"))
    return found + [(name, "should not be there") for name in sorted(_present(out) - set(files))]


def write(out: Path, files: dict[str, bytes]) -> None:
    """Write what was compiled, and remove what no longer is."""
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
