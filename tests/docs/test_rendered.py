"""The check of what was rendered: it tells of dead links and of what is loaded from elsewhere, and of nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from codegen.site.rendered import faults

FRAME = """<html><head><link rel="stylesheet" href="../assets/a.css"><script src="../a.js"></script></head>
<body id="top"><h2 id="kie.Kie">Kie</h2>{}</body></html>"""


@pytest.mark.parametrize(
    ("inside", "told"),
    [
        ('<a href="../">', []),
        ('<a class="x" href="../page/index.html#kie.Kie">', []),
        ('<a href="#top"><a href="..#top"><a href="../notes.md">', []),
        ('<a href="https://example.com/"><a href="mailto:a@example.com">', []),
        ('<a href="../gone/">', ["page/: ../gone/ leads to nothing"]),
        ('<a href="#gone">', ["page/: #gone names no place on that page"]),
        ('<img alt="a" src="https://example.com/a.png">', ["page/: loads https://example.com/a.png"]),
        ('<link rel="preconnect" href="//fonts.example.com">', ["page/: loads //fonts.example.com"]),
    ],
)
def test_a_rendered_page_is_checked(inside: str, told: list[str], tmp_path: Path) -> None:
    (tmp_path / "page").mkdir()
    (tmp_path / "notes.md").write_text("# Notes")
    (tmp_path / "index.html").write_text(FRAME.format(""))
    (tmp_path / "page" / "index.html").write_text(FRAME.format(inside))
    assert [*faults(tmp_path)] == told
