"""Which runs are being written stands in one file, whatever becomes of the writers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kie._library.announcements import Announcements


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / ".writing"


@pytest.fixture
def announced(file: Path) -> Announcements:
    return Announcements(str(file))


def test_what_was_announced_is_found_once_until_it_is_forgotten(announced: Announcements) -> None:
    assert announced.found() == []
    announced.add("2026/11/26/b")
    announced.add("2026/11/26/a")
    announced.add("2026/11/26/b")
    assert announced.found() == ["2026/11/26/b", "2026/11/26/a"]
    announced.forget(["2026/11/26/a", "2026/11/26/b", "2026/11/26/c"])
    assert announced.found() == []


def test_the_file_is_written_over_and_does_not_grow(announced: Announcements, file: Path) -> None:
    for number in range(100):
        announced.add(f"2026/11/26/{number:03}")
        announced.forget([f"2026/11/26/{number:03}"])
    assert file.stat().st_size == len(b"\x002026/11/26/000\x00")
    announced.add("2026/11/26/longer-than-those-before")
    announced.forget(announced.found())
    announced.add("2026/11/26/a")
    assert announced.found() == ["2026/11/26/a"]


def test_runs_of_which_nobody_knows_whether_they_were_indexed_stay(announced: Announcements) -> None:
    announced.add("2026/11/26/of a process that was killed")
    announced.add("2026/11/26/a")
    announced.forget(["2026/11/26/a"])
    assert announced.found() == ["2026/11/26/of a process that was killed", "2026/11/26/a"]


def test_a_large_file_is_emptied(announced: Announcements, file: Path) -> None:
    many = [f"2026/11/26/{number:040}" for number in range(2000)]
    file.write_bytes("".join(f"\0{name}\0" for name in many).encode())
    assert announced.found() == many
    announced.forget(many)
    assert file.stat().st_size == 0


def test_names_are_whatever_a_folder_can_be_called(announced: Announcements) -> None:
    names = ["2026/11/26/a-b", "2026/11/26/two\nlines", "2026/11/26/\udcff"]
    for name in names:
        announced.add(name)
    assert announced.found() == names


def test_where_no_file_can_be_nothing_is_found_and_to_announce_fails(tmp_path: Path) -> None:
    (tmp_path / ".writing").mkdir()
    announced = Announcements(str(tmp_path / ".writing"))
    assert announced.found() == []
    announced.forget(["2026/11/26/a"])
    with pytest.raises(OSError, match=r"\.writing"):
        announced.add("2026/11/26/a")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are of POSIX")
def test_a_named_pipe_is_not_waited_for(announced: Announcements, file: Path) -> None:
    os.mkfifo(file)
    assert announced.found() == []
    with pytest.raises(BlockingIOError):
        announced.add("2026/11/26/a")


@pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="links cannot be told from files there")
def test_no_other_file_is_written_to_through_a_link(announced: Announcements, file: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    file.symlink_to(tmp_path / "mine")
    with pytest.raises(OSError, match=r"\.writing"):
        announced.add("2026/11/26/a")
    announced.forget(["mine"])
    assert (tmp_path / "mine").read_text() == "mine" and announced.found() == []
