"""The pages of the site, put together once for all tests."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from textwrap import indent
from typing import Any

from codegen.site import assemble
from kie import catalog

ROOT = Path(__file__).parent.parent.parent


@cache
def files() -> Mapping[str, bytes]:
    """Every file of the site before it is rendered, by its path."""
    return assemble(ROOT)


def texts() -> dict[str, str]:
    """The pages."""
    return {name: content.decode() for name, content in files().items() if name.endswith(".md")}


def navigation() -> list[str]:
    """The pages in the navigation, in its order."""
    with (ROOT / "zensical.toml").open("rb") as settings:
        return [*_leaves(tomllib.load(settings)["project"]["nav"])]


def _leaves(entries: Any) -> Iterator[str]:
    for entry in entries:
        for value in entry.values() if isinstance(entry, dict) else [entry]:
            if isinstance(value, str):
                yield value
            else:
                yield from _leaves(value)


def fences(language: str, text: str) -> list[str]:
    """The blocks of a language in a page."""
    return re.findall(rf"(?ms)^```{language}\n(.*?)^```$", text)


def model_pages() -> dict[str, str]:
    """The page of each model, by the id of the model."""
    known = {model.slug: model.id for model in catalog.models(status="all")}
    found = {name.removeprefix("models/").removesuffix(".md"): text for name, text in texts().items()}
    return {known[slug]: text for slug, text in found.items() if slug in known}


def every_model_example() -> str:
    """A module with the examples of all models, a function for each: for the type checkers."""
    parts = ["from kie.models import *\n"]
    for number, text in enumerate(model_pages().values()):
        program, *others = fences("python", text)
        parts.append(f"def example_{number}() -> None:\n{indent(program, '    ')}")
        parts += [f"    _ = {indent(other, '    ').strip()}\n" for other in others]
    return "\n\n".join(parts)
