"""A library: what is kept is found again, whoever asks."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import attrs
import pytest

from kie import Library, TaskRef
from kie.library import RunFile, RunPrompts
from tests.library.made import run


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "runs")


def test_nothing_is_written_before_the_first_run(library: Library) -> None:
    assert len(library) == 0 and library.find() == [] and "abc" not in library and library.get("abc") is None
    assert not library.path.exists()


def test_a_run_is_found_by_its_ref_with_its_inputs(library: Library, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"picture")
    kept = library._create(run("veo:abc"), {"inputs/0.png": tmp_path / "a.png", "inputs/1.txt": b"text"})
    assert kept.folder == library.path / "2026" / "11" / "26" / "veo-abc"
    assert (kept.folder / "inputs" / "0.png").read_bytes() == b"picture"
    assert library["veo:abc"] == library[TaskRef("abc", "veo")] == library._known("veo:abc") == kept
    assert "veo:abc" in library and TaskRef("abc", "veo") in library and "abc" not in library
    assert [each.id for each in library] == ["veo:abc"] and len(library) == 1
    with pytest.raises(KeyError, match="has no run abc"):
        library["abc"]


def test_a_change_is_seen_by_whoever_asks(library: Library) -> None:
    library._create(run(), {})
    other = Library(library.path)
    assert [each.state for each in other.find()] == ["open"]
    library._update("abc", lambda run: attrs.evolve(run, state="succeeded", credits=Decimal("18.50")))
    [found] = other.find(state="succeeded")
    assert found.credits == Decimal("18.50") and found == library["abc"] == other["abc"]
    assert other.find(state="open") == []


def test_runs_are_found_by_what_they_are(library: Library) -> None:
    image = RunFile(role="output", kind="image", name="original/0.png", sha256="0" * 64, url="https://h/a.png?token=1")
    library._create(run("a", 1, tags=("site",), prompts=RunPrompts(final="Ein Füchs im Regen, 狐は雨の中")), {})
    library._create(run("b", 2, model="veo3", source={"project": "x", "user": 1}, label="no 2", simulated=True), {})
    library._create(run("c", 3, state="succeeded", outputs=(image,), parents=("a",)), {})

    def ids(**conditions: object) -> list[str]:
        return [each.id for each in library.find(**conditions)]  # type: ignore[arg-type]

    assert ids() == ["c", "b", "a"] and ids(limit=2) == ["c", "b"]
    assert ids(words="regen FUCHS") == ids(words="fox".replace("ox", "üchs")) == ids(words="雨") == ["a"]
    assert ids(words="fuchs schnee") == []
    assert ids(tag="site") == ["a"] and ids(model="veo3") == ["b"] and ids(label="no 2") == ["b"]
    assert ids(source={"project": "x"}) == ["b"] and ids(source={"project": "x", "user": 2}) == []
    assert ids(simulated=True) == ["b"] and ids(simulated=False) == ["c", "a"]
    assert ids(state="succeeded") == ["c"]
    assert ids(since="2026-11-26T12:02", until="2026-11-26T12:03") == ["b"]
    assert ids(since="2026-11-26", until="2026-11-26") == ["c", "b", "a"] and ids(since="2026-11-27") == []
    latest = library.latest(kind="image")
    assert latest is not None and latest.id == "c" and library.latest(model="veo3") is None
    assert [each.id for each in library.children("a")] == ["c"] and [each.id for each in library.parents("c")] == ["a"]
    assert library._makers(["0" * 64], []) == library._makers([], ["https://h/a.png?token=2"]) == ["c"]
    assert [each.id for each in library.unsaved()] == ["a", "b"]


def test_the_same_answers_come_without_the_index(library: Library) -> None:
    for number in range(5):
        library._create(run(f"r{number}", number), {})
    before = library.find()
    library.close()
    for file in library.path.glob("index.sqlite*"):
        file.unlink()
    assert Library(library.path).find() == before == library.find()


def test_a_run_of_unknown_outcome_is_asked_for_by_itself(library: Library) -> None:
    kept = library._create(run("unknown-1", state="unknown", task=None), {})
    assert kept in library and library[kept] == library["unknown-1"] == kept and library.parents(kept) == []
    assert run("unknown-2", task=None) not in library and 5 not in library


def test_a_run_that_made_nothing_yet_is_of_the_kind_that_its_model_makes(library: Library) -> None:
    library._create(run("image", 1), {})
    library._create(run("song", 2, model="ai-music-api/generate"), {})
    library._create(run("other", 3, model="nobody/knows"), {})
    assert [each.id for each in library.find(kind="image")] == ["image"]
    assert [each.id for each in library.find(kind="audio")] == ["song"]
