"""CLI: presents results beyond text: opens them, or draws images in the terminal. May import `_core`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs
import click

from kie._cli.click_options import option
from kie._cli.output import is_terminal, note
from kie._core.errors import KieError
from kie._core.results import Result

DRAWN = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif"})


@attrs.frozen(kw_only=True, slots=False)  # used next to another base class
class ShowOptions:
    """The options of a command that shows the result of one task."""

    open: bool = option(is_flag=True, help="Open the first file of the result, or its URL, when it is there.")
    preview: bool = option(
        is_flag=True, help="Draw images in the terminal, if it can: kitty, iTerm, sixel. Needs kie[preview]."
    )


def present(options: ShowOptions, result: Result, files: Sequence[str]) -> None:
    """Open or draw a result. If it cannot be shown, stderr says so, and nothing fails."""
    if options.preview:
        _preview(result, files)
    if options.open:
        launch([*files, *result.urls])


def launch(places: Sequence[str]) -> None:
    """Open the first of some files or URLs with the system's program for it."""
    if not places:
        note("there is nothing to open: the result has no file")
    elif click.launch(places[0]) != 0:
        note(f"the system could not open {places[0]}")


def _preview(result: Result, files: Sequence[str]) -> None:
    if not is_terminal(sys.stdout):
        note("--preview needs a terminal")
        return
    try:
        library = import_module("textual_image.renderable")
    except ImportError:
        note("--preview needs textual-image: pip install 'kie[preview]'")
        return
    if library.Image in (library.HalfcellImage, library.UnicodeImage):
        note("this terminal cannot draw images: use kitty, iTerm, WezTerm, foot or another one with sixel")
        return
    from rich.console import Console

    console = Console()
    with TemporaryDirectory() as folder:
        try:
            paths = [Path(file) for file in files] or [Path(path) for path in result.save(folder)]
            for path in paths:
                if path.suffix.lower() in DRAWN:
                    console.print(library.Image(path, width="auto", height="auto"))
        except (KieError, OSError, ValueError) as error:
            note(f"the preview failed: {error}")
