"""The handwritten pages: those in `docs/` and the documents at the top, with links that hold in the site."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

TOP = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "openapi/README.md": "truth.md",
}
"""Documents outside of `docs/` that are pages, with their names here."""
ELSEWHERE = {"generated/MODELS.md": "models/index.md", "examples": "examples.md", "docs": "index.md"}
"""What a link leads to here instead."""
FILES = "files"
"""The folder for files of the repository that pages link to and that are not pages."""
FENCE = re.compile(r"(?ms)^(?P<mark>`{3,})[^\n]*\n.*?^(?P=mark)$")
LINK = re.compile(r"\[(?P<text>[^][]*)\]\((?P<target>[^()\s]+)\)")


def pages(root: Path) -> dict[str, bytes]:
    """Every handwritten page, the scripts to start from, the pictures, and the files that pages link to."""
    known = {**TOP, **{name: _below(name) for name in _documents(root)}}
    found: dict[str, bytes] = {}
    linked: set[str] = set()
    for source, place in known.items():
        text = (root / source).read_text("utf-8")
        found[place] = _relinked(root, text, source, known, linked).encode()
    found["examples.md"] = _examples(root).encode()
    for path in (root / "docs").rglob("*"):
        if path.is_file() and path.suffix != ".md":
            found[path.relative_to(root / "docs").as_posix()] = path.read_bytes()
    for name in sorted(linked):
        found[f"{FILES}/{name}"] = (root / name).read_bytes()
    return found


def _documents(root: Path) -> Iterator[str]:
    return (path.relative_to(root).as_posix() for path in sorted((root / "docs").rglob("*.md")))


def _below(name: str) -> str:
    return name.removeprefix("docs/")


def outside_of_fences(text: str) -> Iterator[tuple[bool, str]]:
    """The parts of a page, and whether each is prose: fenced blocks stay as they are."""
    at = 0
    for fence in FENCE.finditer(text):
        yield True, text[at : fence.start()]
        yield False, fence[0]
        at = fence.end()
    yield True, text[at:]


def _relinked(root: Path, text: str, source: str, known: Mapping[str, str], linked: set[str]) -> str:
    """A page whose links lead to other pages of the site, and name them by their titles where the text is a file name.

    `linked` takes the files that they lead to besides.
    """

    def link(match: re.Match[str]) -> str:
        target, sign, anchor = match["target"].partition("#")
        if not target or "://" in match["target"] or target.startswith("mailto:"):
            return match[0]
        name = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
        place = _place(root, name, known, linked)
        if name.startswith("examples/"):
            sign, anchor = "#", posixpath.basename(name).replace(".", "")
        start = posixpath.dirname(known[source]) or "."
        words = _title(root / name) if match["text"].endswith(".md") and name in known else match["text"]
        return f"[{words}]({posixpath.relpath(place, start)}{sign}{anchor})"

    return "".join(LINK.sub(link, part) if prose else part for prose, part in outside_of_fences(text))


def _title(page: Path) -> str:
    found = re.search(r"(?m)^# (.+)$", page.read_text("utf-8"))
    return found[1] if found else page.name


def _place(root: Path, name: str, known: Mapping[str, str], linked: set[str]) -> str:
    """Where a file of the repository is in the site."""
    if name in known:
        return known[name]
    if name in ELSEWHERE:
        return ELSEWHERE[name]
    if name.startswith("examples/"):
        return "examples.md"
    if name.startswith("docs/"):
        return _below(name)
    if (root / name).is_file():
        linked.add(name)
    return f"{FILES}/{name}"


def _examples(root: Path) -> str:
    """The scripts to start from, in one page."""
    lines = [
        "# Examples",
        "",
        "Scripts to start from. Without a key they use the built-in simulator: nothing is charged.",
        "",
    ]
    for path in sorted((root / "examples").glob("*.py")):
        lines += [f"## {path.name}", "", "```python", path.read_text("utf-8").rstrip(), "```", ""]
    return "\n".join(lines)
