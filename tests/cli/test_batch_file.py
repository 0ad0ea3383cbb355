"""The output file of a batch: what survives a crash, what a finished run leaves, who may write."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from kie._cli.batch_file import BatchFile
from kie._core.errors import ConfigError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "results.jsonl"


def loaded(path: Path) -> BatchFile:
    file = BatchFile(path)
    file.load()
    return file


def test_the_last_record_of_an_input_counts(path: Path) -> None:
    file = BatchFile(path)
    file.put("a", {"state": "unknown"})
    file.put("b", {"state": "submitted"})
    file.put("a", {"state": "succeeded"})
    assert {key: record["state"] for key, record in loaded(path).records.items()} == {
        "a": "succeeded",
        "b": "submitted",
    }


def test_a_record_is_on_disk_when_put_returns(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[bytes] = []
    fsync = os.fsync

    def watched(handle: int) -> None:
        synced.append(path.read_bytes())
        fsync(handle)

    monkeypatch.setattr(os, "fsync", watched)
    BatchFile(path).put("a", {"state": "unknown"})
    assert [json.loads(data) for data in synced] == [{"key": "a", "state": "unknown"}]


def test_a_last_line_that_a_crash_cut_off_is_skipped_and_does_not_hide_the_next_record(path: Path) -> None:
    path.write_bytes(b'{"key":"a","state":"submitted"}\n{"key":"b","sta')
    file = loaded(path)
    assert list(file.records) == ["a"]
    file.put("c", {"state": "unknown"})
    assert path.read_bytes().splitlines()[-1] == b'{"key":"c","state":"unknown"}'


@pytest.mark.parametrize("line", ["my notes", "[1]", "7", '{"key": "a"}', '{"state": "submitted"}'])
def test_a_file_that_no_batch_wrote_is_refused_with_the_line(path: Path, line: str) -> None:
    path.write_text('{"key":"a","state":"submitted"}\n' + line + '\n{"key":"b","state":"submitted"}\n')
    with pytest.raises(ConfigError, match=r"line 2 of .*results\.jsonl is not a record .*--out"):
        loaded(path)


def test_a_finished_run_leaves_one_line_for_each_input_in_order_and_the_permissions(path: Path) -> None:
    file = BatchFile(path)
    for key in ("gone", "b", "a", "b"):
        file.put(key, {"state": "unknown"})
    path.chmod(0o640)
    file.tidy(["a", "b", "c"])
    assert [json.loads(line)["key"] for line in path.read_text().splitlines()] == ["a", "b", "gone"]
    assert path.stat().st_mode & 0o777 == 0o640
    assert [found.name for found in path.parent.iterdir()] == ["results.jsonl"]


def test_a_disk_that_is_full_loses_no_record(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = BatchFile(path)
    file.put("a", {"state": "submitted"})
    before = path.read_bytes()

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        file.tidy(["a"])
    assert path.read_bytes() == before
    assert [found.name for found in path.parent.iterdir()] == ["results.jsonl"]


def test_a_file_that_cannot_be_read_or_written_names_the_option(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"the --out file .* cannot be read"):
        loaded(tmp_path)
    (tmp_path / "file").touch()
    below = BatchFile(tmp_path / "file" / "results.jsonl")
    with pytest.raises(ConfigError, match=r"the --out file .* cannot be written"), below.exclusively():
        raise AssertionError("it was opened")


def test_the_lock_ends_with_its_block(path: Path) -> None:
    with (
        BatchFile(path).exclusively(),
        pytest.raises(ConfigError, match="another process"),
        BatchFile(path).exclusively(),
    ):
        raise AssertionError("two hold the lock")
    with BatchFile(path).exclusively():
        pass
