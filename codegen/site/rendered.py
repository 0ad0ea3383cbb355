"""What a renderer made of the pages: nothing is loaded from elsewhere, and no link leads nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

import attrs

ROOT = "https://site.invalid/"
"""Stands for the address of the site, where links are resolved."""
LOADED = re.compile(r'<(?!a\b)\w+\b[^>]*?\s(?:src|href|poster|data)="((?:https?:)?//[^"]+)"')
TARGET = re.compile(r'<a\b[^>]*?\shref="([^"]+)"')
ID = re.compile(r'\sid="([^"]+)"')


@attrs.frozen
class Page:
    """A rendered page: its folder, the places on it, what its links lead to, and what it loads from elsewhere."""

    place: str
    ids: frozenset[str]
    targets: tuple[str, ...]
    foreign: tuple[str, ...]

    @classmethod
    def of(cls, place: str, html: str) -> Page:
        """Read a page."""
        found = (tuple(map(unescape, pattern.findall(html))) for pattern in (ID, TARGET, LOADED))
        ids, targets, foreign = found
        return cls(place, frozenset(ids), targets, foreign)


def faults(folder: Path) -> Iterator[str]:
    """A line for each thing that is loaded from another host, and for each link to what is not there."""
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    pages = {}
    for name in sorted(files):
        if PurePosixPath(name).name == "index.html":
            place = name.removesuffix("index.html")
            pages[place] = Page.of(place, (folder / name).read_text("utf-8"))
    for page in pages.values():
        for url in page.foreign:
            yield f"{page.place or 'index'}: loads {url}"
        for target in dict.fromkeys(page.targets):
            if fault := _fault(page, target, pages, files):
                yield f"{page.place or 'index'}: {target} {fault}"


def _fault(page: Page, target: str, pages: Mapping[str, Page], files: set[str]) -> str:
    """What is wrong with a link; nothing if it is right or leads elsewhere."""
    url = urljoin(ROOT + page.place, target)
    if not url.startswith(ROOT):
        return ""
    split = urlsplit(url)
    place, anchor = unquote(split.path.lstrip("/")), unquote(split.fragment)
    place = place.removesuffix("index.html")
    if place not in pages:
        return "" if place in files else "leads to nothing"
    return "" if not anchor or anchor in pages[place].ids else "names no place on that page"
