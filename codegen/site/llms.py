"""`llms.txt`, an index of the pages for language models by the convention of llmstxt.org, and all guides in one file.

It links to the Markdown of the pages, which `python -m codegen site --rendered DIR` puts beside the rendered ones.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from . import model_pages
from .sources import outside_of_fences

SURFACE = "api/surface.txt"
"""Every public name with its signature, in one text."""
OPTIONAL = ("Changelog", "Inside")
"""Sections of the navigation that most readers need not know."""

Tree: TypeAlias = "str | list[Tree] | dict[str, Tree]"


def files(root: Path, pages: Mapping[str, bytes]) -> dict[str, bytes]:
    """The index, the guides in one file, and the public API as text."""
    with (root / "zensical.toml").open("rb") as settings:
        project = tomllib.load(settings)["project"]
    sections = {title: [*_leaves(inner)] for entry in project["nav"] for title, inner in entry.items()}
    texts = {name: content.decode() for name, content in pages.items() if name.endswith(".md")}
    guides = [page for title, listed in sections.items() if title not in OPTIONAL for page in listed if _whole(page)]
    return {
        "llms.txt": _index(project["site_description"], sections, texts).encode(),
        "llms-full.txt": "\n\n".join(texts[page].strip() for page in guides).encode() + b"\n",
        SURFACE: (root / "tests/surface.txt").read_bytes(),
    }


def _leaves(tree: Tree) -> Iterator[str]:
    """The pages of a part of the navigation."""
    if isinstance(tree, str):
        yield tree
    else:
        for inner in tree.values() if isinstance(tree, dict) else tree:
            yield from _leaves(inner)


def _whole(page: str) -> bool:
    """Whether the Markdown of a page says what there is to say: not that of the API, which is directives."""
    return not page.startswith(("api/", "models/"))


def _index(about: str, sections: Mapping[str, list[str]], texts: Mapping[str, str]) -> str:
    lines = ["# kie", "", f"> {about}", "", "Every guide in one file: [llms-full.txt](llms-full.txt)."]
    for title, listed in sections.items():
        if title not in OPTIONAL and (found := [page for page in listed if _whole(page)]):
            lines += ["", f"## {title}", "", *(_entry(page, texts[page]) for page in found)]
    lines += ["", "## API", "", f"- [Public API]({SURFACE}): every public name with its signature"]
    lines += ["", "## Models", "", "- [All models](models/index.md): a table with prices and typical times"]
    for model in model_pages.usable():
        note = "" if model.status == "active" else f" ({model.status})"
        lines.append(f"- [{model.id}](models/{model.slug}.md): {model.description}{note}")
    lines += ["", "## Optional", ""]
    lines += [_entry(page, texts[page]) for title in OPTIONAL for page in sections.get(title, ())]
    return "\n".join(lines) + "\n"


def _entry(page: str, text: str) -> str:
    """A line for a page: its title, and its first sentence."""
    title = re.search(r"(?m)^# (.+)$", text)
    prose = "".join(part for is_prose, part in outside_of_fences(text) if is_prose)
    first = next((each for each in prose.split("\n\n")[1:] if re.match(r"\s*[`\w*]", each)), "")
    plain = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", " ".join(first.split()))
    sentence = re.match(r".*?[.:](?= |$)", plain)
    return f"- [{title[1] if title else page}]({page}): {sentence[0].rstrip('.:') if sentence else plain}"
