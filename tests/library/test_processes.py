"""Several processes, processes that are killed, and disks that are full: a run is kept whole, or not at all."""

from __future__ import annotations

import errno
import itertools
import os
import random
import select
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import pytest

from kie import ConfigError, Library
from kie.library import RepairReport, Run
from tests.library.made import run
from tests.processes import LONGEST, bounded, exit_code

MANY = """
import sys
from kie import Library
from tests.library.made import run
library = Library(sys.argv[1])
for number in range(int(sys.argv[3])):
    library._create(run(f"{sys.argv[2]}-{number:04}", number, tags=("site",)), {"inputs/0.txt": b"x" * 100})
"""


def started(script: str, *arguments: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-W", "error", "-c", script, *map(str, arguments)])


def test_four_processes_that_write_five_hundred_runs_each_lose_nothing(tmp_path: Path) -> None:
    processes = [started(MANY, tmp_path, f"p{number}", 500) for number in range(4)]
    with bounded(*processes, seconds=200):
        assert [each.wait() for each in processes] == [0] * 4
    library = Library(tmp_path)
    wanted = {f"p{process}-{number:04}" for process in range(4) for number in range(500)}
    assert {each.id for each in library.find(tag="site")} == wanted
    assert {path.parent.name for path in tmp_path.glob("2*/*/*/*/run.json")} == wanted
    assert list((tmp_path / ".tmp").iterdir()) == []
    assert library.repair().indexed == 0


SAME = """
import sys
from kie import Library
from tests.library.made import run
library = Library(sys.argv[1])
for number in range(60):
    library._create(run(f"r{number}", number, tags=(sys.argv[2],)), {f"inputs/{sys.argv[2]}.txt": b"x"})
"""


def test_processes_that_keep_the_same_runs_add_to_them(tmp_path: Path) -> None:
    processes = [started(SAME, tmp_path, name) for name in ("a", "b", "c")]
    with bounded(*processes):
        assert [each.wait() for each in processes] == [0] * 3
    library = Library(tmp_path)
    assert len(library) == len(list(tmp_path.glob("2*/*/*/*"))) == 60
    for each in library:
        assert set(each.tags) == {"a", "b", "c"}
        assert {path.name for path in (each.folder / "inputs").iterdir()} == {"a.txt", "b.txt", "c.txt"}


def forked(work: Callable[[int], object], steps: int) -> tuple[int, int]:
    """A child that does something until it is killed, and has done so many steps; and the pipe that it tells them."""
    told, tells = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        try:
            work(tells)
        finally:
            os._exit(1)
    os.close(tells)  # so that reading ends with the child
    for _ in range(steps):
        assert select.select([told], [], [], LONGEST)[0] and os.read(told, 1) == b"x"
    return child, told


def writes_runs(root: Path, name: str, tells: int) -> None:
    library = Library(root)
    for number in itertools.count():
        os.write(tells, b"x")
        id = f"{name}-{number}"
        library._create(run(id, number), {"inputs/0.bin": b"x" * 300_000, "inputs/1.bin": b"y" * 1000})
        os.write(tells, b"x")
        library._update(id, lambda run: attrs.evolve(run, state="succeeded", tags=("done",)))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_process_that_is_killed_while_it_writes_leaves_nothing_or_a_whole_run(tmp_path: Path) -> None:
    chance = random.Random(7)
    content = {"inputs/0.bin": b"x" * 300_000, "inputs/1.bin": b"y" * 1000}
    Library(tmp_path)._create(run("first"), content)  # what is imported and made once is not what is tried
    for attempt in range(40):
        child, told = forked(partial(writes_runs, tmp_path, f"a{attempt}"), chance.randint(1, 5))
        until = time.perf_counter() + chance.uniform(0, 0.01)
        while time.perf_counter() < until:
            pass
        os.kill(child, signal.SIGKILL)
        assert exit_code(child) == -signal.SIGKILL
        os.close(told)  # not before: the child would end by itself
        library = Library(tmp_path)
        found = {each.id: each for each in library.find()}
        folders = list(tmp_path.glob("2*/*/*/*"))
        assert {each.name for each in folders} == set(found)
        for folder in folders:
            assert (folder / "inputs" / "0.bin").stat().st_size == 300_000
            assert (folder / "inputs" / "1.bin").stat().st_size == 1000
            assert found[folder.name] == library[folder.name]
        library.close()
    assert len(found) > 20
    left = list((tmp_path / ".tmp").iterdir())
    for each in left:
        os.utime(each, (0, 0))
    report = Library(tmp_path).repair()
    assert set(report.removed) == set(left) and list((tmp_path / ".tmp").iterdir()) == []


def killed_at(root: Path, step: int) -> bool:
    """Whether a child was killed, as `kill -9` kills it, right before a step that writes; if not, it is done."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        try:
            _write_and_die(root, step)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def _write_and_die(root: Path, step: int) -> None:
    left = itertools.count(step, -1)

    def dying(function: Any) -> Any:
        def run(*arguments: Any, **options: Any) -> Any:
            if next(left) == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **options)

        return run

    for name in ("open", "write", "mkdir", "rename", "replace", "ftruncate", "unlink"):
        setattr(os, name, dying(getattr(os, name)))
    library = Library(root)
    library._shelf._file.put = dying(library._shelf._file.put)  # type: ignore[method-assign]
    library._create(run("new", 1), {"inputs/0.txt": b"new"})
    library._update("old", _succeeded)
    library.tag("new", "late")
    os._exit(0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_whatever_step_a_process_is_killed_at_the_next_one_finds_all_that_is_there(tmp_path: Path) -> None:
    Library(tmp_path / "first")._create(run("old"), {})  # what is imported and made once is not what is tried
    states, killed, step = [], True, 0
    for step in range(200):
        root = tmp_path / str(step)
        before = Library(root)
        before._create(run("old"), {"inputs/0.txt": b"old"})
        before.close()
        killed = killed_at(root, step)
        library = Library(root)
        folders = {path.parent.name for path in root.glob("2*/*/*/*/run.json")}
        found = {each.id: each for each in library.find()}
        assert found.keys() == folders and "old" in found
        assert all(each == library[id] for id, each in found.items())
        assert all((each.folder / "inputs" / "0.txt").read_text() == id for id, each in found.items())
        states.append((len(found), found["old"].state, len(found["new"].tags) if "new" in found else 0))
        assert library._create(run("new", 1), {}).id == "new"
        for left in (root / ".tmp").iterdir():
            os.utime(left, (0, 0))
        library.repair()
        assert library.repair() == RepairReport() and list((root / ".tmp").iterdir()) == []
        library.close()
        if not killed:
            break
    assert not killed and step > 30 and states == sorted(states)
    assert {*states} == {(1, "open", 0), (2, "open", 0), (2, "succeeded", 0), (2, "succeeded", 1)}


def test_an_index_that_is_rebuilt_is_never_found_without_its_newest_runs(tmp_path: Path) -> None:
    """Neither by a process that opens it just before the new one is in its place, nor if the first is killed there."""
    library = Library(tmp_path / "runs")  # its connection stays open, so that the log is not empty
    library._create(run("old"), {})
    assert (tmp_path / "runs" / "index.sqlite-wal").stat().st_size
    script = """
import os, sys, subprocess
from kie import Library
from kie._library import index
def replace(*_):
    os._exit(subprocess.run([sys.executable, "-c", FIND, sys.argv[1]]).returncode)
FIND = "import sys; from kie import Library; sys.exit(10 + len(Library(sys.argv[1]).find()))"
index.replace = replace
Library(sys.argv[1]).repair()
"""
    with bounded(process := started(script, library.path)):
        assert process.wait(LONGEST) == 11
    with bounded(process := started("import sys; from kie import Library; assert Library(sys.argv[1])", library.path)):
        assert process.wait(LONGEST) == 0
    library.close()


class FullDisk:
    """Lets the first steps that write succeed, and no other."""

    def __init__(self, patch: pytest.MonkeyPatch, root: Path, steps: int) -> None:
        self.left = steps
        self.hit = False
        for module, name in ((os, "open"), (os, "mkdir"), (os, "rename"), (os, "replace")):
            patch.setattr(module, name, self._limited(getattr(module, name), str(root), name))

    def _limited(self, function: Any, root: str, name: str) -> Any:
        def limited(path: Any, *more: Any, **options: Any) -> Any:
            reads = name == "open" and not (more and more[0] & (os.O_CREAT | os.O_WRONLY | os.O_RDWR))
            if not reads and str(path).startswith(root):
                self.left -= 1
                if self.left < 0:
                    self.hit = True
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
            return function(path, *more, **options)

        return limited


def test_a_disk_that_is_full_at_any_step_loses_nothing_that_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each step that writes fails once. The fault is told in words, and what was kept before is as it was."""
    told = 0
    for step in range(40):
        library = Library(tmp_path / str(step))
        library._create(run("old"), {"inputs/0.txt": b"old"})
        with monkeypatch.context() as patch:
            disk = FullDisk(patch, library.path, step)
            for change in (_create_new, _change_old):
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", UserWarning)
                    try:
                        change(library)
                    except ConfigError as error:
                        assert "No space left on device" in error.message and str(library.path) in error.message
                        told += 1
        after = Library(library.path)
        old = after["old"]
        assert old.state in ("open", "succeeded") and (old.folder / "inputs" / "0.txt").read_bytes() == b"old"
        assert {each.id for each in after} == {path.name for path in library.path.glob("2*/*/*/*")}
        assert all(each == after[each.id] for each in after)
        if "new" in after:
            assert (after["new"].folder / "inputs" / "0.txt").read_bytes() == b"new"
        if not disk.hit:
            break
    else:
        raise AssertionError("there was always a step that failed")
    assert step > 5 and told > 5


def _create_new(library: Library) -> None:
    library._create(run("new", 1), {"inputs/0.txt": b"new"})


def _change_old(library: Library) -> None:
    library._update("old", _succeeded)


def _succeeded(run: Run) -> Run:
    return attrs.evolve(run, state="succeeded", tags=("a", "b"))


@pytest.mark.parametrize("content", [b"", b"x" * 200_000])
def test_a_disk_that_is_full_while_a_file_is_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    library = Library(tmp_path / "runs")
    library._create(run("old"), {})

    class Full:
        def read(self, size: int) -> bytes:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        def __enter__(self) -> Full:
            return self

        def __exit__(self, *_: object) -> None:
            pass

    with pytest.raises(ConfigError, match="No space left"):
        library._create(run("new"), {"inputs/0.bin": content, "inputs/1.bin": Full})  # type: ignore[dict-item]
    assert [each.id for each in library] == ["old"] and list((library.path / ".tmp").iterdir()) == []
    assert "new" not in library and library._create(run("new"), {}).id == "new"


def test_a_folder_that_vanishes_is_reported_and_the_library_begins_again(tmp_path: Path) -> None:
    import shutil

    library = Library(tmp_path / "runs")
    library._create(run("a"), {})
    shutil.rmtree(library.path)
    assert library.find() == [] and library.get("a") is None
    with pytest.raises(ConfigError, match="has no run a"):
        library._update("a", _succeeded)
    library._create(run("b"), {})
    assert [each.id for each in library] == ["b"]
    shutil.rmtree(library["b"].folder)
    assert library.get("b") is None and "b" not in library
    assert library.repair().indexed == 1 and library.find() == []


def test_a_library_whose_folder_is_a_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("mine")
    library = Library(tmp_path / "runs")
    assert library.find() == []
    with pytest.raises(ConfigError, match=r"runs cannot be written"):
        library._create(run("a"), {})
    assert (tmp_path / "runs").read_text() == "mine"


def test_a_run_json_that_cannot_be_read_is_never_overwritten(tmp_path: Path) -> None:
    library = Library(tmp_path)
    kept = library._create(run("a"), {})
    broken = kept.folder / "run.json"
    broken.write_text("{ broken")
    with pytest.raises(ConfigError, match=r"run\.json cannot be read"):
        library._update("a", _succeeded)
    with pytest.raises(ConfigError, match=r"run\.json cannot be read"):
        library.get("a")
    assert broken.read_text() == "{ broken"


def test_files_and_folders_are_for_their_owner_only(tmp_path: Path) -> None:
    library = Library(tmp_path / "runs")
    kept = library._create(run("a"), {"inputs/0.txt": b"x"})
    library._update("a", _succeeded)
    if os.name != "nt":
        for path in (library.path, *library.path.rglob("*")):
            assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path
    assert kept.folder.is_dir()


@pytest.mark.parametrize(
    "id",
    [
        "con",
        "NUL.txt",
        "a/b",
        "../../x",
        "a" * 400,
        "ü\u202e",
        ".",
        "..",
        "a.",
        " x ",
        "veo:con",
        "a\\b",
        "C:\\x",
        "x\x00y",
    ],
)
def test_an_id_that_no_folder_may_have_gets_another_name(tmp_path: Path, id: str) -> None:
    library = Library(tmp_path / "runs")
    kept = library._create(run(id), {})
    assert kept.folder.parent == library.path / "2026" / "11" / "26" and len(kept.folder.name) <= 120
    assert library[id] == kept and Library(library.path)[id].id == id
    assert [path.name for path in tmp_path.iterdir()] == ["runs"]


def test_ids_that_would_share_a_folder_have_one_each(tmp_path: Path) -> None:
    library = Library(tmp_path)
    kept = [library._create(run(each), {}) for each in ("veo:abc", "veo-abc", "veo_abc")]
    assert len({each.folder for each in kept}) == 3 and len(library) == 3
    assert [library[each.id].folder for each in kept] == [each.folder for each in kept]


def test_ids_that_differ_in_case_have_a_folder_each_where_case_does_not_matter(tmp_path: Path) -> None:
    library = Library(tmp_path)
    first = library._create(run("veo:Abc"), {"inputs/0.txt": b"first"})
    with suppress(FileExistsError):  # this drive may be of that kind
        first.folder.with_name("veo-aBC").symlink_to(first.folder)  # the same folder under both names, as there
    second = library._create(run("veo:aBC"), {"inputs/0.txt": b"second"})
    assert not second.folder.samefile(first.folder) and library._create(run("veo:aBC"), {}).folder == second.folder
    for each, content in ((first, b"first"), (second, b"second")):
        assert library[each.id].folder == each.folder and (each.folder / "inputs" / "0.txt").read_bytes() == content


@pytest.mark.parametrize("name", ["../x", "/x", "a/../../x", "a\\b", "c:x", ""])
def test_no_content_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    library = Library(tmp_path / "runs")
    with pytest.raises(ConfigError, match="not a path in the folder"):
        library._create(run("a"), {name: b"x"})
    assert library.find() == []
