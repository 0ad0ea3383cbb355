"""A notebook that is really executed shows pictures, players and costs."""

from __future__ import annotations

from typing import Any

import pytest

CELLS = [
    "from kie.testing import virtual_kie\nfrom kie.models import Kling30Video, NanoBananaPro",
    "client, service, clock = virtual_kie()",
    "client.estimate(Kling30Video(prompt='A fox', duration='5', mode='std'))",
    "result = client.run(NanoBananaPro(prompt='<script>alert(1)</script>'))\nresult",
    "result.assets[0]",
    "client.submit('kling-3.0/video', prompt='A fox', duration='5', mode='std')",
    "client.batch.run([{'model': 'nano-banana-pro', 'prompt': 'A fox'}])[0]",
]


def test_the_cells_of_a_notebook_show_what_their_values_are() -> None:
    nbformat: Any = pytest.importorskip("nbformat")
    nbclient: Any = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    nbclient.NotebookClient(book, timeout=120, startup_timeout=120, kernel_name="python3").execute()
    shown = [
        "".join(out["data"].get("text/html", "") for out in cell["outputs"] if "data" in out) for cell in book.cells
    ]
    price, result, asset, task, outcome = shown[2:]
    assert "credits" in price and "kling-3.0/video" in price
    assert "<img" in result and "credits" in result
    assert asset.startswith("<img")
    assert "not polled" in task
    assert "<img" in outcome
    assert "<script" not in "".join(shown)
