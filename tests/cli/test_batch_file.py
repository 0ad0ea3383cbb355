"""The output file of a batch: what survives a crash, what a finished run leaves, who may write."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kie._cli.batch_file import BatchFile
from kie._core.errors import ConfigError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "results.jsonl"


@contextmanager
def opened(path: Path) -> Iterator[BatchFile]:
    file = BatchFile(path)
    with file.exclusively():
        yield file


def loaded(path: Path) -> BatchFile:
    file = BatchFile(path)
    file.load()
    return file


def test_the_last_record_of_an_input_counts(path: Path) -> None:
    with opened(path) as file:
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

    with opened(path) as file:
        monkeypatch.setattr(os, "fsync", watched)
        file.put("a", {"state": "unknown"})
    assert [json.loads(data) for data in synced] == [{"key": "a", "state": "unknown"}]


def test_a_last_line_that_a_crash_cut_off_is_set_aside_and_does_not_hide_the_next_record(path: Path) -> None:
    path.write_bytes(b'{"key":"a","state":"submitted"}\n{"key":"b","sta')
    with opened(path) as file:
        assert list(file.records) == ["a"]
        file.put("c", {"state": "unknown"})
    assert path.read_bytes().splitlines()[-1] == b'{"key":"c","state":"unknown"}'
    assert list(loaded(path).records) == ["a", "c"]
    assert Path(f"{path}.damaged").read_bytes() == b'{"key":"b","sta\n'


def test_a_whole_record_counts_also_if_an_editor_took_the_last_newline_away(path: Path) -> None:
    path.write_bytes(b'{"key":"a","state":"submitted"}\n{"key":"b","state":"succeeded"}')
    with opened(path) as file:
        assert list(file.records) == ["a", "b"]
        file.put("c", {"state": "unknown"})
    assert list(loaded(path).records) == ["a", "b", "c"]
    assert not Path(f"{path}.damaged").exists()


@pytest.mark.parametrize(
    "content", [b"my only copy of a poem", b'{"model":"nano-banana-pro","prompt":"b"}', b"\x89PNG\r\n"]
)
def test_a_foreign_file_is_refused_and_left_as_it_is(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"is not a record of a batch.*--out"), opened(path):
        raise AssertionError("it was taken")
    assert path.read_bytes() == content


def test_a_link_a_folder_and_the_input_are_refused_before_anything_is_sent(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.touch()
    (tmp_path / "soft").symlink_to(target)
    (tmp_path / "hard").hardlink_to(target)
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "nowhere").symlink_to(tmp_path / "not there")
    source = tmp_path / "input.jsonl"
    source.touch()
    for name, why in {
        "soft": "a link",
        "hard": "a link",
        "loop": "a link",
        "nowhere": "a link",
        ".": "not a regular|Is a dir",
    }.items():
        with pytest.raises(ConfigError, match=why), BatchFile(tmp_path / name).exclusively(str(source)):
            raise AssertionError("it was taken")
    path.touch()
    with pytest.raises(ConfigError, match="names the input file"), BatchFile(path).exclusively(str(path)):
        raise AssertionError("it was taken")


def test_a_file_that_cannot_be_replaced_is_refused_before_anything_is_sent(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise OSError(16, "Device or resource busy")

    monkeypatch.setattr(os, "replace", busy)
    with pytest.raises(ConfigError, match="cannot be written: Device or resource busy"), opened(path):
        raise AssertionError("it was taken")


def test_what_another_process_wrote_before_the_lock_was_given_is_read(path: Path) -> None:
    late = BatchFile(path)
    with opened(path) as first:
        first.put("a", {"state": "succeeded"})
        first.tidy(["a"])
    with late.exclusively():
        assert late.records["a"]["state"] == "succeeded"


def test_a_record_that_names_a_task_is_kept_though_the_disk_is_full(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(path) as file:
        file.put("a", {"state": "unknown"})
        with monkeypatch.context() as full:
            full.setattr(os, "fsync", no_space)
            with pytest.raises(ConfigError, match="No space"):
                file.put("a", {"state": "submitted", "ref": "task_1"})
        assert path.read_bytes() == b'{"key":"a","state":"unknown"}\n', "half a line would be in the way"
        file.tidy(["a"])
    assert loaded(path).records["a"]["ref"] == "task_1"


def no_space(*_: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("line", ["my notes", "[1]", "7", '{"key": "a"}', '{"state": "submitted"}', "[" * 100_000])
def test_a_file_that_no_batch_wrote_is_refused_with_the_line(path: Path, line: str) -> None:
    path.write_text('{"key":"a","state":"submitted"}\n' + line + '\n{"key":"b","state":"submitted"}\n')
    with pytest.raises(ConfigError, match=r"line 2 of .*results\.jsonl is not a record .*--out"):
        loaded(path)


def test_a_finished_run_leaves_one_line_for_each_input_in_order_and_the_permissions(path: Path) -> None:
    with opened(path) as file:
        for key in ("gone", "b", "a", "b"):
            file.put(key, {"state": "unknown"})
        path.chmod(0o640)
        file.tidy(["a", "b", "c"])
    assert [json.loads(line)["key"] for line in path.read_text().splitlines()] == ["a", "b", "gone"]
    assert path.stat().st_mode & 0o777 == 0o640
    assert [found.name for found in path.parent.iterdir()] == ["results.jsonl"]


def test_a_disk_that_is_full_loses_no_record(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(path) as file:
        file.put("a", {"state": "submitted"})
        before = path.read_bytes()
        monkeypatch.setattr(os, "fsync", no_space)
        with pytest.raises(ConfigError, match="No space"):
            file.tidy(["a"])
    assert path.read_bytes() == before
    assert [found.name for found in path.parent.iterdir()] == ["results.jsonl"]


def test_a_file_that_cannot_be_read_or_written_names_the_option(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"the --out file .* is not a regular file"):
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
