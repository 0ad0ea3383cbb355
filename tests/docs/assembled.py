"""The pages of the site, put together once for all tests."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from codegen.site import assemble

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
