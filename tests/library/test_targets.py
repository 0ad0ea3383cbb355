"""What a library writes where a user says: whole or not at all, and never in the place of what is not a file."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kie import ConfigError, Library
from tests.library.made import run
from tests.processes import joined

Write = Callable[[Library, Any], object]
WRITERS: dict[str, Write] = {
    ".html": lambda library, path: library.page(path),
    ".jsonl": lambda library, path: library.export(path),
    ".jpg": lambda library, path: library.contact_sheet(path, overwrite=True),
}


@pytest.fixture
def library(tmp_path: Path) -> Library:
    made = Library(tmp_path / "runs", derivatives=None)
    for number in range(30):
        made._create(run(f"r{number}", number), {})
    return made


@pytest.fixture(params=WRITERS)
def ending(request: pytest.FixtureRequest) -> str:
    ending: str = request.param
    return ending


@pytest.fixture
def write(ending: str) -> Write:
    return WRITERS[ending]


@pytest.mark.parametrize("name", ["a" * 240, "猫" * 80, "two\nlines"])
def test_a_file_may_be_called_whatever_files_are_called(
    library: Library, tmp_path: Path, write: Write, ending: str, name: str
) -> None:
    write(library, tmp_path / f"{name}{ending}")
    assert sorted(os.listdir(tmp_path)) == sorted([f"{name}{ending}", "runs"])


@pytest.mark.parametrize("target", [None, 5, b"x"])
def test_what_is_not_a_path_is_refused(library: Library, write: Write, target: object) -> None:
    with pytest.raises(ConfigError, match="path must be a path"):
        write(library, target)


def test_what_no_file_can_be_called_is_refused(library: Library, tmp_path: Path, write: Write, ending: str) -> None:
    with pytest.raises(ConfigError, match="cannot be written"):
        write(library, tmp_path / f"a\0b{ending}")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are of POSIX")
def test_a_device_is_not_replaced(library: Library, tmp_path: Path, write: Write, ending: str) -> None:
    pipe = tmp_path / f"pipe{ending}"
    os.mkfifo(pipe)
    with pytest.raises(ConfigError, match="a device"):
        write(library, pipe)
    assert not pipe.is_file() and sorted(os.listdir(tmp_path)) == [pipe.name, "runs"]


def test_a_file_is_not_a_folder(library: Library, tmp_path: Path, write: Write, ending: str) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(ConfigError, match="file is not a folder"):
        write(library, tmp_path / "file" / f"a{ending}")


def test_a_link_stays_one(library: Library, tmp_path: Path, write: Write, ending: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / f"link{ending}"
    try:
        link.symlink_to(tmp_path / "elsewhere" / "file")
    except OSError:
        pytest.skip("links need a privilege here")
    write(library, link)
    assert link.is_symlink() and (tmp_path / "elsewhere" / "file").stat().st_size > 0


def test_threads_write_the_same_file(library: Library, tmp_path: Path, write: Write, ending: str) -> None:
    faults: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(5):
                write(library, tmp_path / f"a{ending}")
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    joined(*threads)
    assert faults == [] and sorted(os.listdir(tmp_path)) == [f"a{ending}", "runs"]
