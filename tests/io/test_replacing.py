"""A file gets its name only when it is whole, and takes nobody else's."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from kie._io.replacing import replaceable, same_content, writing


def put(target: Path, text: str, **options: object) -> Path:
    with writing(target, **options) as file:  # type: ignore[arg-type]
        Path(file.path).write_text(text)
    return file.target


def names(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir() if path.is_file()}


def test_a_file_takes_the_place_of_another_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_text("before")
    with writing(target) as file:
        Path(file.path).write_text("after")
        assert target.read_text() == "before"
    assert names(tmp_path) == {"a.txt": "after"}


def test_a_file_that_may_replace_nothing_takes_the_next_free_name(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    given = [put(target, text, overwrite=False).name for text in "xyz"]
    assert given == ["a.txt", "a-2.txt", "a-3.txt"]
    assert names(tmp_path) == {"a.txt": "x", "a-2.txt": "y", "a-3.txt": "z"}


def test_a_file_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="full"), writing(tmp_path / "a.txt"):
        raise OSError("the disk is full")
    assert names(tmp_path) == {}


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_file_grows_where_only_its_owner_reads_it(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    os.close(os.open(tmp_path / "usual", os.O_CREAT, 0o640))  # the umask of whoever runs the tests applies
    for _ in range(2):
        with writing(tmp_path / "a.txt", mode=0o640, scratch=scratch) as file:
            assert Path(file.path).parent == scratch
            assert stat.S_IMODE(scratch.stat().st_mode) == 0o700
    assert (tmp_path / "a.txt").stat().st_mode == (tmp_path / "usual").stat().st_mode
    (tmp_path / "usual").unlink()
    assert names(scratch) == {}


@pytest.mark.skipif(os.name != "posix", reason="pipes that have a name are POSIX's")
def test_only_a_file_may_be_replaced_and_a_link_stays_one(tmp_path: Path) -> None:
    there, link = tmp_path / "there", tmp_path / "link"
    there.write_text("mine")
    link.symlink_to(there)
    assert replaceable(there) == replaceable(link) == there.resolve()
    assert replaceable(tmp_path / "new") == (tmp_path / "new").resolve()
    os.mkfifo(tmp_path / "pipe")
    for other in (tmp_path, tmp_path / "pipe", Path(os.devnull)):
        with pytest.raises(OSError, match="it is not a regular file") as caught:
            replaceable(other)
        assert caught.value.filename == str(other)


def test_content_is_that_of_files_alone(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for path, text in ((one, "abc"), (other, "abc")):
        path.write_text(text)
    folder = tmp_path / "folder"
    folder.mkdir()
    assert same_content(str(one), str(other))
    os.truncate(one, folder.stat().st_size)
    assert not same_content(str(one), str(folder))
    other.write_text("abd")
    one.write_text("abc")
    assert not same_content(str(one), str(other))
    other.write_text("ab")
    assert not same_content(str(one), str(other))
