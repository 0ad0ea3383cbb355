"""The documentation site: its pages as Markdown, put together from what is true anyway.

They are made of `docs/`, the catalog, the command line and the public API.

`python -m codegen site` writes them to `build/pages`, which Zensical turns into a site (`zensical.toml`). They are not
committed: they follow from what is.
"""

from __future__ import annotations

from pathlib import Path

from . import api, commands, llms, model_pages, sources


def assemble(root: Path) -> dict[str, bytes]:
    """Every file of the site before it is rendered.

    Args:
        root: The repository.

    Returns:
        The content of each file, by its path below the folder of the pages.
    """
    pages = sources.pages(root) | model_pages.pages() | commands.pages() | api.pages()
    return pages | llms.files(root, pages)
