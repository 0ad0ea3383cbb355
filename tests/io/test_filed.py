"""A mapping that outgrows memory, and the journal that uses it: what it answers does not depend on where it stands."""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kie import ConfigError
from kie._io import filed, journal
from kie._io.filed import Filed
from kie._io.journal import Journal
from kie._io.line_file import LineFile


def lists() -> Filed[list[int]]:
    return Filed(json.dumps, json.loads)


KEYS = st.sampled_from(["a", "b", "c", "Grüße", "half \ud800", ""])
STEPS = st.lists(st.tuples(st.sampled_from(["put", "drop"]), KEYS, st.integers()), max_size=40)


@given(STEPS, st.integers(0, 5))
def test_it_is_like_a_dict_whether_it_stands_in_memory_or_not(steps: list[tuple[str, str, int]], most: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(filed, "IN_MEMORY", most)
        found, expected = lists(), dict[str, list[int]]()
        for step, key, number in steps:
            if step == "put":
                found[key] = expected[key] = [number]
            elif key in expected:
                del found[key], expected[key]
            else:
                with pytest.raises(KeyError):
                    del found[key]
            assert found.get(key) == expected.get(key)
        assert [*found.items()] == [*expected.items()]
        assert len(found) == len(expected)


def test_more_than_a_few_items_leave_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filed, "IN_MEMORY", 3)
    found = lists()
    for number in range(4):
        assert found._many is None
        found[str(number)] = [number]
    assert found._few == {}
    assert [*found] == ["0", "1", "2", "3"]


def test_a_file_that_is_full_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filed, "IN_MEMORY", 0)
    found = lists()
    found["a"] = [1]
    assert isinstance(found._many, sqlite3.Connection)
    found._many.execute("PRAGMA max_page_count = 1")
    with pytest.raises(ConfigError, match="a temporary file cannot be used: database or disk is full; set TMPDIR"):
        found["b"] = [*range(10_000)]


def test_without_sqlite_everything_stays_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filed, "IN_MEMORY", 0)
    monkeypatch.setitem(sys.modules, "sqlite3", None)
    found = lists()
    found["a"], found["b"] = [1], [2]
    assert {**found} == {"a": [1], "b": [2]}


def note(kept: Journal, id: str, *, label: str | None = None, ref: str | None = None, server: str = "x") -> None:
    at = "2026-01-01T00:00:00+00:00"
    kept.append({"event": "submit", "id": id, "model": "m", "at": at, "label": label, "request": id, "server": server})
    if ref is not None:
        kept.append({"event": "task", "id": id, "ref": ref, "model": "m"})


@pytest.mark.parametrize("most", [0, 1, 1000])
def test_who_holds_a_label_does_not_depend_on_how_many_there_are(
    most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filed, "IN_MEMORY", most)
    kept = Journal(tmp_path / "journal")
    assert kept.holder("a", "x") is None
    note(kept, "1", label="a", ref="veo:t1")
    note(kept, "2")
    note(kept, "3", label="b")
    note(kept, "4", label="a", server="y")
    kept.append({"event": "end", "ref": "veo:t1", "state": "succeeded"})
    for name, server in (("a", "x"), ("a", "y"), ("b", "x"), ("c", "x")):
        whole = [entry for entry in kept.entries() if (entry.label, entry.server) == (name, server)]
        assert kept.holder(name, server) == (whole[-1] if whole else None)
    held = kept.holder("a", "x")
    assert held is not None and held.ref is not None
    assert (held.state, str(held.ref), held.ref.model) == ("succeeded", "veo:t1", "m")
    kept.append({"event": "refused", "id": "3"})
    assert kept.holder("b", "x") is None, "its label is free again"


def test_a_long_journal_is_read_piece_by_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "_PIECE", 50)
    writer, reader = Journal(tmp_path / "journal"), Journal(tmp_path / "journal")
    for number in range(20):
        note(writer, str(number), label=f"label {number}")
        if number % 3 == 0:
            assert reader.holder(f"label {number}", "x") is not None
    with (tmp_path / "journal").open("ab") as file:
        file.write(b'{"v":1,"event":"submit","id":"cut')
    for number in range(20):
        found = reader.holder(f"label {number}", "x")
        assert found is not None and found.id == str(number)


def test_submissions_are_found_by_their_labels(tmp_path: Path) -> None:
    kept = Journal(tmp_path / "journal")
    assert kept._matching(lambda label: True) == []
    for number in range(6):
        note(kept, str(number), label=None if number == 3 else f"label {number}", ref=f"t{number}")
    found = kept._matching({"label 1", "label 5", "other"}.__contains__)
    assert found == [entry for entry in kept.entries() if entry.label in ("label 1", "label 5")]
    assert [entry.id for entry in found] == ["1", "5"]


def test_lines_that_replace_others_need_not_stand_in_memory_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kie._io.line_file._PIECE", 10)
    file = LineFile(tmp_path / "f", "the file")
    assert [*file.pieces()] == []
    lines = [b"%d\n" % number for number in range(50)]
    with file.locked() as locked:
        locked.extend([b"old\n"])
        locked.replace(iter(lines))
    assert [*file.pieces()] == lines
    with pytest.raises(ConfigError, match=r"the file .* is not a regular file"):
        next(LineFile(tmp_path, "the file").pieces())
