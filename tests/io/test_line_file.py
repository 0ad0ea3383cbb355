"""Files of JSON Lines that several processes share: locked, forced to disk, and whole after any crash."""

from __future__ import annotations

import io
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from kie._core.errors import ConfigError
from kie._io import line_file
from kie._io.line_file import LineFile, parted
from tests.processes import exit_code

posix = pytest.mark.skipif(not Path("/dev/fd").is_dir(), reason="no list of descriptors on this platform")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a" / "folder" / "lines.jsonl"


@pytest.fixture(params=["itself", "beside"])
def file(path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> LineFile:
    """A file that is locked itself, and one that is locked by another beside it, as on Windows."""
    if request.param == "beside":
        fcntl = pytest.importorskip("fcntl")
        monkeypatch.setattr(line_file, "_LOCKS_ITSELF", False)
        monkeypatch.setattr(
            line_file, "_lock", lambda handle, wait: fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        )
        monkeypatch.setattr(line_file, "_unlock", lambda handle: fcntl.flock(handle, fcntl.LOCK_UN))
    return LineFile(path, "the list", 0o600)


only_itself = pytest.mark.parametrize("file", ["itself"], indirect=True)


def beside(path: Path) -> list[str]:
    """What is in its folder, without the file that is locked."""
    return sorted(name for name in os.listdir(path.parent) if not name.endswith(".lock"))


def descriptors() -> int:
    return len(os.listdir("/dev/fd"))


def is_locked(path: Path) -> bool:
    try:
        with LineFile(path, "the list").locked(busy="busy"):
            return False
    except ConfigError as error:
        assert error.message == "busy"
        return True


def test_what_does_not_exist_is_empty_and_is_made_by_locking_it(file: LineFile) -> None:
    assert file.read() == b""
    with file.locked():
        pass
    assert file.path.read_bytes() == b""
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_lines_are_appended(file: LineFile) -> None:
    with file.locked() as lines:
        lines.append({"a": 1})
        lines.extend([b"2\n", b"3\n"])
        lines.append({"b": "ä"})
    assert file.read() == b'{"a":1}\n2\n3\n{"b":"\\u00e4"}\n'


@pytest.mark.parametrize(
    ("before", "after"), [(b"", b"x\n"), (b"a\n", b"a\nx\n"), (b"a", b"a\nx\n"), (b"\n", b"\nx\n")]
)
def test_a_line_is_not_glued_to_one_that_a_crash_has_halved(file: LineFile, before: bytes, after: bytes) -> None:
    file.path.parent.mkdir(parents=True)
    file.path.write_bytes(before)
    with file.locked() as lines:
        lines.extend([b"x\n"])
    assert file.read() == after


def test_a_disk_that_takes_little_at_a_time_gets_all(file: LineFile, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: write(handle, data[:3]))
    with file.locked() as lines:
        lines.extend([b"0123456789\n"])
    assert file.read() == b"0123456789\n"


def test_what_is_written_is_on_disk_before_anything_else_happens(
    file: LineFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[bytes] = []
    fsync = os.fsync

    def note(handle: int) -> None:
        fsync(handle)
        synced.append(os.pread(handle, 100, 0))

    monkeypatch.setattr(os, "fsync", note)
    with file.locked() as lines:
        lines.extend([b"a\n"])
        lines.replace([b"b\n", b"c\n"])
    assert synced == [b"a\n", b"b\nc\n"]


def test_a_line_that_cannot_be_forced_to_disk_leaves_nothing_behind(
    file: LineFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(handle: int) -> None:
        raise OSError(5, "Input/output error")

    with file.locked() as lines:
        lines.extend([b"a\n"])
        monkeypatch.setattr(os, "fsync", fail)
        with pytest.raises(ConfigError, match=r"the list .*lines.jsonl cannot be written: Input/output error"):
            lines.extend([b"b\n"])
        with pytest.raises(ConfigError, match="cannot be written: Input/output error"):
            lines.replace([b"c\n"])
    assert file.read() == b"a\n"
    assert beside(file.path) == ["lines.jsonl"]


@posix
def test_no_descriptor_stays_open(file: LineFile, monkeypatch: pytest.MonkeyPatch) -> None:
    before = descriptors()
    with file.locked() as lines:
        assert descriptors() == before + 1
        lines.extend([b"a\n"])
        lines.replace([b"b\n"])
        assert descriptors() == before + 1
        assert is_locked(file.path)
        monkeypatch.setattr(line_file, "replace", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            lines.replace([b"c\n"])
        assert descriptors() == before + 1
    assert descriptors() == before


@posix
def test_what_is_not_a_regular_file_is_refused_and_closed(file: LineFile) -> None:
    file.path.parent.mkdir(parents=True)
    os.mkfifo(file.path)
    before = descriptors()
    for use in (file.read, file.open, file.locked().__enter__):
        with pytest.raises(ConfigError, match=r"the list .*lines.jsonl is not a regular file"):
            use()
    assert descriptors() == before


def test_what_cannot_be_read_says_why(file: LineFile, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    with file.locked():
        pass
    monkeypatch.setattr(Path, "read_bytes", fail)
    with pytest.raises(ConfigError, match=r"the list .*lines.jsonl cannot be read: Permission denied"):
        file.read()


def test_a_lock_holds_as_long_as_its_block_whatever_ends_it(file: LineFile) -> None:
    with file.locked():
        assert is_locked(file.path)
    assert not is_locked(file.path)
    with pytest.raises(ZeroDivisionError), file.locked():
        raise ZeroDivisionError
    assert not is_locked(file.path)


@only_itself
def test_a_lock_that_was_waited_for_lets_nobody_else_in_whatever_they_ask_for(file: LineFile) -> None:
    fcntl = pytest.importorskip("fcntl")
    with file.locked(), file.path.open("rb") as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_SH | fcntl.LOCK_NB)


def test_what_somebody_adds_at_the_same_time_where_nothing_locks_is_not_overwritten(
    file: LineFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = line_file._write

    def late(handle: int, data: bytes) -> None:
        with file.path.open("ab") as other:
            other.write(b"theirs\n")
        write(handle, data)

    with file.locked() as lines:
        monkeypatch.setattr(line_file, "_write", late)
        lines.extend([b"ours\n"])
    assert file.read() == b"theirs\nours\n"


def test_a_lock_outlasts_the_replacement_of_the_file_and_ends_with_its_block(file: LineFile) -> None:
    with file.locked() as lines:
        lines.replace([b"a\n"])
        assert is_locked(file.path)
        lines.extend([b"b\n"])
    assert not is_locked(file.path)
    assert file.read() == b"a\nb\n"


def test_a_replaced_file_keeps_its_permissions(file: LineFile) -> None:
    with file.locked() as lines:
        file.path.chmod(0o640)
        lines.replace([b"a\n"])
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o640
    assert beside(file.path) == ["lines.jsonl"]


@posix
@only_itself
@pytest.mark.parametrize("change", ["replaced", "removed"])
def test_a_file_that_somebody_replaced_while_we_waited_is_locked_again(
    file: LineFile, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, waits = line_file._lock, list[bool]()
    before = descriptors()

    def late(handle: int, *, wait: bool) -> None:
        waits.append(wait)
        lock(handle, wait=wait)
        if len(waits) == 1:
            file.path.unlink()
            if change == "replaced":
                file.path.write_bytes(b"new\n")

    with file.locked():
        pass
    monkeypatch.setattr(line_file, "_lock", late)
    with file.locked() as lines:
        assert descriptors() == before + 1
        lines.extend([b"x\n"])
        monkeypatch.undo()
        assert is_locked(file.path)
    assert waits == [True, True]
    assert file.read() == (b"new\nx\n" if change == "replaced" else b"x\n")


@posix
def test_a_lock_that_cannot_be_had_is_named_and_leaves_nothing_open(
    file: LineFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(handle: int, *, wait: bool) -> None:
        raise KeyboardInterrupt

    with file.locked():
        before = descriptors()
        assert is_locked(file.path)
        with pytest.raises(ConfigError, match=r"the list .*lines.jsonl is locked"), file.locked(busy=""):
            pass
        monkeypatch.setattr(line_file, "_lock", interrupted)
        with pytest.raises(KeyboardInterrupt), file.locked():
            pass
        assert descriptors() == before


@only_itself
def test_a_file_system_without_locks_is_used_without(file: LineFile, monkeypatch: pytest.MonkeyPatch) -> None:
    fcntl = pytest.importorskip("fcntl")

    def fail(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    with file.locked() as lines:
        assert lines.held
    monkeypatch.setattr(fcntl, "flock", fail)
    with file.locked() as lines:
        assert not lines.held
        lines.extend([b"a\n"])
    assert file.read() == b"a\n"


@posix
def test_a_file_is_replaced_from_a_hidden_one_beside_it(file: LineFile, monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[Path] = []
    files = descriptors()

    def late(source: str, target: Path) -> None:
        names.append(Path(source))
        assert descriptors() == files + 1 + line_file._LOCKS_ITSELF, "Windows replaces nothing that is open"
        os.replace(source, target)
        raise KeyboardInterrupt

    monkeypatch.setattr(line_file, "replace", late)
    with file.locked() as lines, pytest.raises(KeyboardInterrupt):
        lines.replace([b"a\n"])
    assert names[0].parent == file.path.parent
    assert names[0].name.startswith(".lines.jsonl.")
    assert file.read() == b"a\n"


@pytest.mark.parametrize("step", ["_lock", "_is_at", "_unlock"])
@pytest.mark.parametrize("before", [False, True], ids=["after it", "before it"])
def test_an_interruption_at_any_step_leaves_no_lock_behind(
    file: LineFile, step: str, before: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the error still exists: what comes to the journal next would wait forever."""
    if step == "_is_at" and not line_file._LOCKS_ITSELF:
        pytest.skip("nobody asks that of a file beside it")
    done = getattr(line_file, step)

    def interrupted(*given: Any, **named: Any) -> None:
        if not before:
            done(*given, **named)
        raise KeyboardInterrupt

    def locked() -> None:
        with file.locked():
            pass

    with monkeypatch.context() as patched:
        patched.setattr(line_file, step, interrupted)
        with pytest.raises(KeyboardInterrupt) as caught:
            locked()
    assert not is_locked(file.path)
    with file.locked(busy="it is locked"):
        assert is_locked(file.path)
    assert caught.value.__traceback__ is not None


def test_an_interruption_between_the_lock_and_its_block_leaves_no_lock_behind(
    file: LineFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(dict[str, str]):
        def __setitem__(self, key: str, value: str) -> None:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(line_file, "_HELD", Interrupted())
        with pytest.raises(KeyboardInterrupt), file.locked():
            pass
    assert not is_locked(file.path)


def test_a_lock_ends_with_its_block_though_a_child_has_the_descriptor_too(file: LineFile) -> None:
    with file.locked() as lines:
        assert isinstance(lines.lock, io.FileIO)
        copy = os.dup(lines.lock.fileno())
    assert not is_locked(file.path)
    os.close(copy)


def test_what_was_replaced_is_unlocked_at_once_though_a_child_has_its_descriptor_too(path: Path) -> None:
    with LineFile(path, "the list").locked() as lines:
        assert isinstance(lines.lock, io.FileIO)
        copy, former = os.dup(lines.lock.fileno()), path.with_name("former")
        os.link(path, former)
        lines.replace([b"1\n"])
        assert is_locked(path) and not is_locked(former)
    os.close(copy)


@pytest.mark.parametrize(
    ("data", "whole"),
    [
        (b"", b""),
        (b'{"a":1}\n', b'{"a":1}\n'),
        (b'{"a":1}\n{"b":2}', b'{"a":1}\n{"b":2}'),
        (b'{"a":1}\n{"b":2', b'{"a":1}\n'),
        (b'{"a":1}\n12', b'{"a":1}\n'),
        (b'{"a":1}\n' + b"[" * 100_000, b'{"a":1}\n'),
    ],
)
def test_a_last_line_without_its_newline_counts_if_it_is_a_whole_document(data: bytes, whole: bytes) -> None:
    assert parted(data) == (whole, data[len(whole) :])


def test_a_link_to_the_file_stays_a_link_when_the_lines_are_replaced(file: LineFile, path: Path) -> None:
    with file.locked() as lines:
        lines.append({"n": 1})
    link = path.parent.parent / "link.jsonl"
    link.symlink_to(path)
    with LineFile(link, "the list").locked() as lines:
        lines.replace([b'{"n":2}\n'])
        lines.append({"n": 3})
    assert link.is_symlink()
    assert path.read_bytes() == b'{"n":2}\n{"n":3}\n'


@pytest.mark.parametrize("name", ["a\0b", "a\ud800b", "x" * 300])
def test_a_path_that_no_file_can_have_is_refused(tmp_path: Path, name: str) -> None:
    file = LineFile(tmp_path / name, "the list")
    with pytest.raises(ConfigError, match=r"the list .* cannot be read"):
        file.read()
    with pytest.raises(ConfigError, match=r"the list .* cannot be read"):
        file.exists()
    with pytest.raises(ConfigError, match=r"the list .* cannot be written"), file.locked():
        pass


def test_a_file_that_serves_as_two_things_at_once_is_refused_instead_of_waiting_for_itself(
    file: LineFile, path: Path
) -> None:
    with file.locked():
        link = path.parent.parent / "link.jsonl"
        link.symlink_to(path)
        for other in (path, link):
            with (
                pytest.raises(ConfigError, match=r"the book .* is the list, too"),
                LineFile(other, "the book").locked(),
            ):
                pass
    with LineFile(path, "the book").locked():
        pass


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this platform")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_holds_nothing_of_what_its_parent_holds(tmp_path: Path) -> None:
    with LineFile(tmp_path / "a.jsonl", "the journal", 0o600).locked():
        held = line_file._HELD
        assert len(held) == 1
        pid = os.fork()
        if pid == 0:
            os._exit(len(held))
        assert exit_code(pid) == 0
        assert len(held) == 1
