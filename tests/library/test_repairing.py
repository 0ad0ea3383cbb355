"""Verify names each fault with its path, and repair repairs what can be repaired and touches nothing of the user's."""

from __future__ import annotations

import hashlib
import io
import logging
import os
import shutil
from pathlib import Path
from typing import BinaryIO

import attrs
import pytest

from kie import ConfigError, Library
from kie.library import LibraryFault, RepairReport, Run, RunFile, Store
from tests.library.made import document, put, run

TEXT = b"what it made"
SHA = hashlib.sha256(TEXT).hexdigest()
OUTPUT = RunFile(role="output", name="original/0.txt", sha256=SHA, mime="text/plain", size=len(TEXT))


class InMemory:
    """A store that keeps files in a dictionary."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.broken = False

    def put(self, name: str, path: Path) -> None:
        if self.broken:
            raise TimeoutError("no answer")
        self.files[name] = path.read_bytes()

    def open(self, name: str) -> BinaryIO:
        if name not in self.files:
            raise FileNotFoundError(name)
        return io.BytesIO(self.files[name])

    def delete(self, name: str) -> None:
        self.files.pop(name, None)


def library_in(path: Path, store: Store | None = None) -> Library:
    return Library(path, derivatives=None, store=store)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return library_in(tmp_path)


def kept(library: Library, id: str = "a", file: RunFile = OUTPUT, content: bytes = TEXT) -> Run:
    """A run with a file."""
    library._create(run(id, state="succeeded"), {"original/0.txt": content})
    return library._update(id, lambda run: attrs.evolve(run, outputs=(file,)))


def kinds(faults: list[LibraryFault] | tuple[LibraryFault, ...]) -> dict[Path, str]:
    return {fault.path: fault.kind for fault in faults}


def test_a_sound_library_has_no_faults_and_nothing_is_done(library: Library) -> None:
    assert library.verify() == [] and library.repair() == RepairReport()
    made = kept(library)
    (made.folder / "notes.md").write_text("mine")
    assert library.verify() == [] and library.repair() == RepairReport()
    assert str(library.repair()) == "nothing to repair"
    assert library["a"].notes == "mine" and library._create(run("b"), {}).notes is None


def test_verify_names_each_fault_with_its_path_and_changes_nothing(library: Library, tmp_path: Path) -> None:
    day = tmp_path / "2026" / "11" / "26"
    gone, changed, longer = kept(library, "gone"), kept(library, "changed"), kept(library, "longer")
    assert gone.files[0] == gone.folder / "original" / "0.txt"
    gone.files[0].unlink()
    changed.files[0].write_bytes(TEXT.upper())
    longer.files[0].write_bytes(TEXT * 2)
    bare = kept(library, "bare", RunFile(role="output", name="original/0.txt"))
    stored = kept(library, "stored", attrs.evolve(OUTPUT, stored=True))
    put(day / "broken", "{")
    put(day / "twin", document(id="bare"))
    (day / "foreign").mkdir()
    (tmp_path / ".tmp" / "left").mkdir()
    os.utime(tmp_path / ".tmp" / "left", (0, 0))
    (tmp_path / ".tmp" / "recent").mkdir()
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and "index" not in path.name}
    found = kinds(library.verify())
    assert found == {
        gone.folder / "original" / "0.txt": "missing",
        changed.files[0]: "changed",
        longer.files[0]: "changed",
        bare.files[0]: "facts",
        stored.folder / "original" / "0.txt": "store",
        day / "broken" / "run.json": "unreadable",
        day / "twin": "duplicate",
        day / "foreign": "foreign",
        tmp_path / ".tmp" / "left": "leftover",
    }
    assert changed.files[0] not in kinds(library.verify(content=False))
    assert all(str(fault.path) in str(fault) and fault.message for fault in library.verify())
    assert before == {
        path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and "index" not in path.name
    }


def test_nothing_is_removed_behind_a_link_in_the_place_of_the_temporary_folder(
    library: Library, tmp_path: Path
) -> None:
    kept(library, "abc")
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "folder").mkdir(parents=True)
    (elsewhere / "letter.txt").write_text("Dear Ada")
    for path in (elsewhere / "folder", elsewhere / "letter.txt"):
        os.utime(path, (0, 0))
    (tmp_path / ".tmp").rmdir()
    (tmp_path / ".tmp").symlink_to(elsewhere)
    assert library.verify() == [] and library.repair().removed == ()
    assert sorted(path.name for path in elsewhere.iterdir()) == ["folder", "letter.txt"]
    kept(library, "later")
    assert {run.id for run in library} == {"abc", "later"}


def test_repair_mends_the_index_leftovers_and_facts_and_says_so(library: Library, tmp_path: Path) -> None:
    bare = kept(library, "bare", RunFile(role="output", name="original/0.txt", url="https://h/a.txt"))
    found = kept(library, "found", RunFile(role="output", url="https://h/b.txt"))
    assert library.unsaved() == [found]
    left = tmp_path / ".tmp" / "left"
    left.mkdir()
    (left / "file").touch()
    os.utime(left, (0, 0))
    put(
        tmp_path / "2026" / "11" / "25" / "other",
        document(id="other", state="failed", submitted_at="2026-11-25T00:00:00Z"),
    )
    report = library.repair()
    assert report.indexed == 1 and report.removed == (left,) and not left.exists()
    assert set(report.facts) == {bare.files[0], found.folder / "original" / "0.txt"}
    assert report.faults == () and str(report) == "1 run indexed, 1 leftover removed, 2 files measured"
    [file] = library["bare"].outputs
    assert (file.sha256, file.size, file.url) == (SHA, len(TEXT), "https://h/a.txt")
    assert library["found"].files and library.unsaved() == []
    assert library.repair() == RepairReport()


def test_repair_leaves_alone_what_is_of_the_user(library: Library, tmp_path: Path) -> None:
    made = kept(library)
    (made.folder / "notes.md").write_text("mine")
    made.files[0].write_bytes(b"edited by me")
    broken = put(tmp_path / "2026" / "11" / "26" / "broken", "{ mine")
    foreign = tmp_path / "2026" / "11" / "26" / "foreign"
    foreign.mkdir()
    (foreign / "a.txt").write_text("mine")
    with pytest.warns(UserWarning, match="verify"):
        report = library.repair()
    assert set(kinds(report.faults).values()) == {"unreadable", "foreign"}
    assert made.files[0].read_bytes() == b"edited by me" and made.notes == "mine"
    assert (broken / "run.json").read_text() == "{ mine" and (foreign / "a.txt").read_text() == "mine"
    assert library["a"].outputs == (OUTPUT,)


@pytest.mark.parametrize("copy", ["b", "0"])
def test_of_two_folders_with_the_same_run_the_first_one_counts(library: Library, tmp_path: Path, copy: str) -> None:
    made = kept(library)
    second = shutil.copytree(made.folder, made.folder.with_name(copy))
    first, other = sorted([made.folder, second])
    library.repair()
    for _ in range(2):
        report = library.repair()
        assert report.indexed == 0 and kinds(report.faults) == {other: "duplicate"}
        assert [run.folder for run in library.find()] == [first]
    library.close()
    (tmp_path / "index.sqlite").unlink()
    again = library_in(tmp_path)
    assert [run.folder for run in again.find()] == [first] and again["a"].folder == first
    shutil.rmtree(first)
    assert again.repair().indexed > 0 and again["a"].folder == other


def test_repair_counts_no_run_that_it_cannot_read(library: Library, tmp_path: Path) -> None:
    kept(library)
    put(tmp_path / "2026" / "11" / "26" / "broken", "{ mine")
    for _ in range(2):
        with pytest.warns(UserWarning, match="verify"):
            assert str(library.repair()) == "1 fault left"


@pytest.mark.parametrize("name", ["a/" * 3000 + "b", "original/" + "a" * 300])
def test_a_name_that_no_file_can_have_is_a_file_that_is_gone(library: Library, tmp_path: Path, name: str) -> None:
    folder = put(tmp_path / "2026/11/26/abc", document(outputs=[{"role": "output", "name": name}]))
    (folder / "original").mkdir()
    assert [fault.kind for fault in library.verify()] == ["missing"]
    assert [fault.kind for fault in library.repair().faults] == ["missing"]


def test_repair_makes_the_pictures_that_are_missing(tmp_path: Path) -> None:
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (800, 600), "red").save(buffer, "PNG")
    library = Library(tmp_path)
    file = RunFile(role="output", kind="image", name="original/0.png")
    library._create(run("a", state="succeeded", outputs=(file,)), {"original/0.png": buffer.getvalue()})
    original = library["a"].folder / "original" / "0.png"
    assert kinds(library.verify()) in ({original: "facts"}, {original: "picture"})
    assert {fault.kind for fault in library.verify()} == {"facts", "picture"}
    report = library.repair()
    assert report.pictures == (original,) and report.facts == (original,) and report.faults == ()
    [made] = library["a"].outputs
    assert made.thumb is not None and (library["a"].folder / made.thumb).is_file()
    assert (made.width, made.height) == (800, 600)
    assert original.read_bytes() == buffer.getvalue()
    (library["a"].folder / made.thumb).unlink()
    assert kinds(library.verify()) == {original: "picture"}
    assert library.repair().pictures == (original,)
    assert (library["a"].folder / made.thumb).is_file() and library.verify() == []


def test_without_the_extra_one_line_says_how_to_get_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kie._library.derivatives.can_make", lambda: False)
    monkeypatch.setattr("kie._library.repairing.can_make", lambda: False)
    library = Library(tmp_path)
    picture = RunFile(role="output", kind="image", name="original/0.png", sha256=SHA, mime="image/png", size=len(TEXT))
    for id in ("a", "b"):
        library._create(run(id, state="succeeded", outputs=(picture,)), {"original/0.png": TEXT})
    [fault] = library.verify()
    assert (fault.kind, fault.path) == ("picture", library.path) and "pip install 'kie[media]'" in fault.message
    assert library.repair().faults == (fault,)


def test_a_store_gets_whole_files_and_they_are_read_from_there(tmp_path: Path) -> None:
    store = InMemory()
    library = library_in(tmp_path, store)
    made = kept(library)
    library._queue(made)
    assert library.flush(60)
    [file] = library["a"].outputs
    assert file.stored and file.path is None and not made.files[0].exists()
    assert store.files == {"2026/11/26/a/original/0.txt": TEXT}
    with library.open(file) as content:
        assert content.read() == TEXT
    with pytest.raises(ConfigError, match="is in the library's store"):
        os.fspath(file)
    assert (made.folder / "run.json").is_file() and library.verify() == []
    with pytest.raises(ConfigError, match="open the library with that store"):
        library_in(tmp_path).open(file)
    store.delete("2026/11/26/a/original/0.txt")
    assert kinds(library.verify()) == {made.files[0]: "store"}


def test_a_local_file_is_opened_as_well_and_one_that_was_not_fetched_is_refused(library: Library) -> None:
    made = kept(library)
    with library.open(made.outputs[0]) as content:
        assert content.read() == TEXT
    with pytest.raises(ConfigError, match="was not fetched"):
        library.open(RunFile(role="output", folder=made.folder))


def test_a_store_that_fails_leaves_the_file_and_repair_moves_it_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = InMemory()
    store.broken = True
    library = library_in(tmp_path, store)
    made = kept(library)
    with caplog.at_level(logging.WARNING, "kie"):
        library._queue(made)
        assert library.flush(60)
    assert "no answer" in caplog.text and "library.repair() tries again" in caplog.text
    assert library["a"].outputs == (OUTPUT,) and made.files[0].read_bytes() == TEXT
    assert kinds(library.verify()) == {made.files[0]: "store"}
    report = library.repair()
    assert report.stored == () and kinds(report.faults) == {made.files[0]: "store"}
    store.broken = False
    report = library.repair()
    assert report.stored == made.files and report.faults == () and not made.files[0].exists()
    assert library["a"].outputs[0].stored and len(store.files) == 1


def test_a_file_that_was_changed_is_not_moved_to_the_store(tmp_path: Path) -> None:
    library = library_in(tmp_path, InMemory())
    made = kept(library)
    made.files[0].write_bytes(b"edited by me")
    assert library.repair().stored == () and made.files[0].read_bytes() == b"edited by me"


def test_what_was_moved_and_not_removed_is_removed_by_repair(tmp_path: Path) -> None:
    store = InMemory()
    library = library_in(tmp_path, store)
    made = kept(library, file=attrs.evolve(OUTPUT, stored=True))
    place = made.folder / "original" / "0.txt"
    assert kinds(library.verify()) == {place: "store"}
    assert library.repair().removed == () and place.exists()
    store.files["2026/11/26/a/original/0.txt"] = TEXT
    assert kinds(library.verify()) == {place: "leftover"}
    assert library.repair().removed == (place,) and not place.exists() and library.verify() == []
