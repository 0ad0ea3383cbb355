"""Users' local media: what is seen of them, and that exactly this is sent."""

from __future__ import annotations

import bz2
import gzip
import io
import os
import socket
import sys
import tempfile
import threading
from math import prod
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, BinaryIO, cast

import pytest

from kie import Budget, ConfigError, Kie, MediaRejected, RequestInvalid, check_charges, price_changes
from kie._core.media import decoded, is_local
from kie._core.media_rules import MediaFacts, MediaRule
from kie._flow.effects import Inspected
from kie._io import local_media as local
from kie._io import streams
from kie._io.local_media import sniff
from kie._tasks.download import folder_of
from kie.models import NanoBananaPro
from kie.simulator._sample_media import Recipe, make
from tests.processes import LONGEST, joined


def inspect(media: object, **bounds: Any) -> MediaFacts:
    return local.inspect(media, **bounds).facts


def sent(found: Inspected) -> bytes:
    """What would be sent, twice: an upload may be repeated."""
    assert found.file is not None, found.facts.unreadable
    with found.file.open() as first, found.file.open() as second:
        content = first.read()
        assert second.read() == content
    return content


FORMATS = {
    "png": ("png", "image/png"),
    "jpg": ("jpeg", "image/jpeg"),
    "webp": ("webp", "image/webp"),
    "mp4": ("mp4", "video/mp4"),
    "mp3": ("mp3", "audio/mpeg"),
    "wav": ("wav", "audio/x-wav"),
}


@pytest.fixture(scope="module")
def samples() -> dict[str, bytes]:
    return {extension: make(Recipe(extension=extension, ratio=(16, 9), text="sample")) for extension in FORMATS}


# what is seen


@pytest.mark.parametrize("extension", FORMATS)
def test_a_file_is_known_by_its_content_whatever_its_name(
    extension: str, samples: dict[str, bytes], tmp_path: Path
) -> None:
    path = tmp_path / "misleading.txt"
    path.write_bytes(samples[extension])
    facts = inspect(path)
    assert (facts.format, facts.content_type) == FORMATS[extension]
    assert (facts.name, facts.size, facts.unreadable) == ("misleading.txt", len(samples[extension]), None)


@pytest.mark.parametrize("extension", FORMATS)
def test_bytes_and_streams_are_seen_as_files_are(extension: str, samples: dict[str, bytes]) -> None:
    content = samples[extension]
    for media in (content, bytearray(content), io.BytesIO(content)):
        facts = inspect(media)
        assert (facts.format, facts.content_type, facts.size) == (*FORMATS[extension], len(content))


@pytest.mark.parametrize("extension", ["png", "jpg", "webp"])
def test_the_sides_of_images_are_read(extension: str, samples: dict[str, bytes]) -> None:
    facts = inspect(samples[extension])
    assert (facts.width, facts.height, facts.seconds, facts.fps) == (910, 512, None, None)


def test_sides_duration_and_frame_rate_of_a_video_are_read(samples: dict[str, bytes]) -> None:
    facts = inspect(samples["mp4"])
    assert (facts.width, facts.height) == (1280, 720)
    assert facts.seconds == pytest.approx(3.0, abs=0.1)
    assert facts.fps == pytest.approx(24.0)


@pytest.mark.parametrize("extension", ["mp3", "wav"])
def test_the_duration_of_sound_is_read(extension: str, samples: dict[str, bytes]) -> None:
    facts = inspect(samples[extension])
    assert facts.seconds == pytest.approx(6.0, abs=0.1)
    assert (facts.width, facts.height, facts.fps) == (None, None, None)


@pytest.mark.parametrize("extension", FORMATS)
def test_without_the_media_extra_only_format_and_size_are_known(
    extension: str, samples: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    for package in ("PIL", "av"):
        monkeypatch.setitem(sys.modules, package, None)
    facts = inspect(samples[extension])
    assert (facts.format, facts.size) == (FORMATS[extension][0], len(samples[extension]))
    assert (facts.width, facts.height, facts.seconds, facts.fps) == (None, None, None, None)


@pytest.mark.parametrize("extension", FORMATS)
def test_a_damaged_file_keeps_its_format_and_loses_its_sides(extension: str, samples: dict[str, bytes]) -> None:
    facts = inspect(samples[extension][:40])
    assert (facts.format, facts.size, facts.unreadable) == (FORMATS[extension][0], 40, None)
    assert facts.fps is None


def test_what_is_of_no_known_format_says_so() -> None:
    facts = inspect(b"just some words")
    assert (facts.format, facts.content_type) == ("of no known format", "application/octet-stream")
    assert sniff(b"") == ("of no known format", None)


@pytest.mark.parametrize("extension", FORMATS)
def test_a_stream_is_left_open_and_where_it_was(extension: str, samples: dict[str, bytes]) -> None:
    stream = io.BytesIO(samples[extension])
    inspect(stream)
    assert not stream.closed
    assert stream.tell() == 0


def test_a_stream_is_seen_from_where_it_stands(samples: dict[str, bytes]) -> None:
    stream = io.BytesIO(b"a header of ours" + samples["png"])
    stream.seek(16)
    found = local.inspect(stream)
    assert (found.facts.format, found.facts.size) == ("png", len(samples["png"]))
    assert stream.tell() == 16
    assert sent(found) == samples["png"]


def test_sides_are_not_those_of_what_stands_before_in_the_stream(samples: dict[str, bytes]) -> None:
    other = make(Recipe(extension="png", ratio=(1, 1)))
    stream = io.BytesIO(other + samples["png"])
    stream.seek(len(other))
    facts = inspect(stream)
    assert (facts.format, facts.width, facts.height) == ("png", 910, 512)


@pytest.mark.parametrize("empty", [b"", bytearray(), io.BytesIO()])
def test_an_empty_file_is_unreadable(empty: object) -> None:
    assert inspect(empty).unreadable == "it is empty"


def test_a_file_that_stands_at_its_end_says_how_to_send_all_of_it(tmp_path: Path) -> None:
    with (tmp_path / "a.png").open("w+b") as file:
        for stream in (io.BytesIO(), file):
            stream.write(b"x" * 2000)
            reason = "it is at its end, byte 2,000; call seek(0) to send all of it"
            assert inspect(stream).unreadable == reason
            assert stream.tell() == 2000


def test_an_empty_path_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "empty.png"
    path.touch()
    assert inspect(path).unreadable == "it is empty"


@pytest.mark.parametrize("content", [b"words", b"\x89PNG\r\n\x1a\n", b""])
def test_a_file_that_is_open_as_text_is_unreadable_and_the_message_says_how_to_open_it(
    content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "cat.png"
    path.write_bytes(content)
    with path.open() as file:
        facts = inspect(file)
    assert facts.unreadable == "it is open as text; open it with mode 'rb'"
    assert facts.name == "cat.png"


def test_a_text_stream_that_is_no_file_is_unreadable() -> None:
    assert "mode 'rb'" in (inspect(io.StringIO("words")).unreadable or "")


def test_a_file_that_is_missing_a_folder_or_closed_is_unreadable(tmp_path: Path) -> None:
    assert inspect(tmp_path / "missing.png").unreadable == "No such file or directory"
    assert inspect(tmp_path).unreadable
    closed = io.BytesIO(b"x")
    closed.close()
    assert "closed" in (inspect(closed).unreadable or "")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("data:image/png;base64,iVBORw0KGgo=", ("png", "image/png", b"\x89PNG\r\n\x1a\n")),
        ("DATA:image/jpeg;base64,iVBO Rw0K\nGgo=", ("png", "image/png", b"\x89PNG\r\n\x1a\n")),
        ("data:text/plain;charset=utf-8,two%20words", ("of no known format", "text/plain", b"two words")),
        ("data:,words", ("of no known format", "text/plain", b"words")),
        ("data:image/png,words", ("of no known format", "application/octet-stream", b"words")),
    ],
)
def test_a_data_url_is_known_by_its_content(before: str, after: tuple[str, str, bytes]) -> None:
    found = local.inspect(before)
    assert (found.facts.format, found.facts.content_type, sent(found)) == after


@pytest.mark.parametrize("url", ["data:image/png;base64", "data:image/png;base64,!!!!", "data:image/png;base64,abc"])
def test_a_damaged_data_url_is_unreadable(url: str) -> None:
    assert "data URL" in (inspect(url).unreadable or "")
    with pytest.raises(ValueError, match="data URL"):
        decoded(url)


# that exactly this is sent


def test_names_come_from_the_path_the_stream_or_the_content(tmp_path: Path, samples: dict[str, bytes]) -> None:
    (tmp_path / "cat.png").write_bytes(samples["png"])
    assert inspect(tmp_path / "cat.png").name == "cat.png"
    assert inspect(samples["jpg"]).name == "upload.jpeg"
    assert inspect(b"words").name == "upload.bin"
    stream = io.BytesIO(samples["png"])
    assert inspect(stream).name == "upload.png"
    stream.name = "/home/me/cat.png"
    assert inspect(stream).name == "cat.png"


@pytest.mark.parametrize(
    ("name", "extension", "expected"),
    [
        ("photo.png", "jpg", "photo.jpg"),
        ("photo.JPEG", "jpg", "photo.JPEG"),
        ("photo", "jpg", "photo.jpg"),
        ("v1.2", "png", "v1.2.png"),
        ("clip.mov", "mp4", "clip.mp4"),
        (".png", "webp", "png.webp"),
        ("sound.bin", "mp3", "sound.bin.mp3"),
    ],
)
def test_extension_and_media_type_come_from_the_content(
    name: str, extension: str, expected: str, samples: dict[str, bytes], tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(samples[extension])
    file = local.inspect(path).file
    assert file is not None
    assert (file.name, file.content_type) == (expected, FORMATS[extension][1])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("notes.txt", "text/plain"),
        ("drawing.svg", "image/svg+xml"),
        ("error page.png", "application/octet-stream"),
        ("no extension", "application/octet-stream"),
    ],
)
def test_a_name_decides_the_media_type_only_where_the_content_cannot(name: str, expected: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b"<html>words</html>")
    file = local.inspect(path).file
    assert file is not None
    assert (file.name, file.content_type) == (name, expected)


def test_everything_that_cannot_change_is_sent_as_it_was_seen(tmp_path: Path, samples: dict[str, bytes]) -> None:
    content = samples["png"]
    path = tmp_path / "cat.png"
    path.write_bytes(content)
    for media in (path, content, bytearray(content), memoryview(content), memoryview(content * 2)[: len(content)]):
        assert sent(local.inspect(media)) == content


def test_bytes_that_change_after_submission_are_sent_as_they_were() -> None:
    media = bytearray(b"before")
    stream = io.BytesIO(b"before")
    found = [local.inspect(media), local.inspect(memoryview(media)), local.inspect(stream)]
    media[:] = b"after!"
    stream.write(b"after!")
    assert [sent(each) for each in found] == [b"before"] * 3


def opened_for_reading(path: Path) -> BinaryIO:
    return path.open("rb")


def opened_without_a_buffer(path: Path) -> BinaryIO:
    return cast(BinaryIO, path.open("rb", buffering=0))


def opened_for_update(path: Path) -> BinaryIO:
    return path.open("r+b")


def deleted(path: Path) -> BinaryIO:
    file = path.open("rb")
    path.unlink()
    return file


def replaced(path: Path) -> BinaryIO:
    file = path.open("rb")
    path.unlink()
    path.write_bytes(b"something else")
    return file


def by_descriptor(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_RDONLY), "rb")


def named_temporary(path: Path) -> BinaryIO:
    file = tempfile.NamedTemporaryFile()  # noqa: SIM115
    file.write(path.read_bytes())  # not flushed
    return cast(BinaryIO, file)


def spooled(path: Path) -> BinaryIO:
    file = tempfile.SpooledTemporaryFile()  # noqa: SIM115
    file.write(path.read_bytes())
    return cast(BinaryIO, file)


def zipped(path: Path) -> BinaryIO:
    packed = path.with_suffix(".gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    return cast(BinaryIO, gzip.open(packed))


def bzipped(path: Path) -> BinaryIO:
    packed = path.with_suffix(".bz2")
    packed.write_bytes(bz2.compress(path.read_bytes()))
    return cast(BinaryIO, bz2.open(packed))


@pytest.mark.parametrize(
    "kind",
    [
        opened_for_reading,
        opened_without_a_buffer,
        opened_for_update,
        deleted,
        replaced,
        by_descriptor,
        named_temporary,
        spooled,
        zipped,
        bzipped,
    ],
)
@pytest.mark.parametrize("size", [100_000, streams.IN_MEMORY + 100_000])
def test_an_open_file_is_sent_from_where_it_stands_and_put_back_there(kind: Any, size: int, tmp_path: Path) -> None:
    content = b"\x89PNG\r\n\x1a\n" + os.urandom(1000) * (size // 1000)
    path = tmp_path / "a.bin"
    path.write_bytes(b"0123456789" + content)
    with kind(path) as file:
        file.seek(10)
        for _ in range(2):  # a request may be run again
            found = local.inspect(file)
            assert (file.tell(), found.facts.format, found.facts.size) == (10, "png", len(content))
            assert sent(found) == content
            assert file.tell() == 10
    assert file.closed


def from_a_socket(content: bytes) -> BinaryIO:
    near, far = socket.socketpair()
    threading.Thread(target=lambda: (near.sendall(content), near.close())).start()
    file = far.makefile("rb")
    far.close()
    return cast(BinaryIO, file)


@pytest.mark.parametrize("size", [100_000, streams.IN_MEMORY + 100_000])
def test_a_stream_that_cannot_be_put_back_is_read_once_and_may_be_used_again(size: int) -> None:
    content = b"\x89PNG\r\n\x1a\n" + os.urandom(1000) * (size // 1000)
    with from_a_socket(content) as stream:
        for _ in range(2):
            assert sent(local.inspect(stream)) == content


def test_the_output_of_a_program_is_read_once_and_may_be_used_again(samples: dict[str, bytes]) -> None:
    reading, writing = os.pipe()
    threading.Thread(target=lambda: (os.write(writing, samples["png"]), os.close(writing))).start()
    with os.fdopen(reading, "rb") as stream:
        for _ in range(2):
            found = local.inspect(stream)
            assert (found.facts.format, found.facts.width, sent(found)) == ("png", 910, samples["png"])


def test_a_reader_of_the_users_own_needs_nothing_but_read(samples: dict[str, bytes]) -> None:
    class Reader:
        name = "cat.gif"
        left = samples["png"]

        def read(self, size: int = -1) -> bytes:
            piece, self.left = self.left[:7], self.left[7:]
            return piece

    found = local.inspect(Reader())
    assert (found.facts.name, found.file and found.file.name, sent(found)) == ("cat.gif", "cat.png", samples["png"])


def test_one_file_in_many_requests_at_once_is_whole_in_each() -> None:
    content = b"\x89PNG\r\n\x1a\n" + os.urandom(3_000_000)
    stream = io.BytesIO(b"before" + content)
    stream.seek(6)
    start = threading.Barrier(8)
    found: list[bytes] = []

    def look() -> None:
        start.wait(LONGEST)
        found.append(sent(local.inspect(stream)))

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    joined(*threads)
    assert [each == content for each in found] == [True] * 8
    assert stream.tell() == 6
    assert streams.LOCKS._held == {}


def test_a_stream_is_read_no_further_than_its_field_allows() -> None:
    class Endless:
        asked = 0

        def read(self, size: int = -1) -> bytes:
            self.asked += size
            return b"\0" * size

    stream = Endless()
    facts = inspect(stream, max_bytes=3_000_000)
    assert stream.asked <= 3_000_001
    [issue] = MediaRule(kind="file", max_bytes=3_000_000).judge("image", facts)
    assert issue.rule == "max_bytes"
    assert issue.message == "upload.bin has more than 3,000,000 bytes; at most 3,000,000 are allowed"


def test_a_stream_of_just_the_size_that_its_field_allows_is_whole() -> None:
    found = local.inspect(io.BytesIO(b"x" * 1000), max_bytes=1000)
    assert (found.facts.size, found.facts.cut, len(sent(found))) == (1000, False, 1000)


def test_a_stream_without_a_bound_ends_in_an_error_that_says_what_to_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "MOST_OF_A_STREAM", 10)
    assert inspect(io.BytesIO(b"0123456789")).unreadable is None
    facts = inspect(io.BytesIO(b"0123456789a"))
    assert facts.unreadable == "it has more than 10 bytes, or no end; pass a file of that size by its path"


@pytest.mark.skipif(os.name != "posix", reason="devices and pipes are POSIX's")
def test_devices_and_pipes_end_in_one_clear_error(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero")):
        assert "not a regular file; open it and pass the file, or its bytes" in (inspect(path).unreadable or "")
    with open("/dev/zero", "rb") as device:
        assert "may have no end" in (inspect(device).unreadable or "")


class Odd:
    """A stream that reads as it is told."""

    def __init__(self, read: Any) -> None:
        self.read = read


async def later(size: int = -1) -> bytes:
    return b"x"


def failing(size: int = -1) -> bytes:
    raise EOFError("Compressed file ended before the end-of-stream marker was reached")


def failing_without_words(size: int = -1) -> bytes:
    raise RuntimeError


class Speechless(Exception):
    def __str__(self) -> str:
        raise RuntimeError("not even that")


def failing_to_say_why(size: int = -1) -> bytes:
    raise Speechless


def out_of_memory(size: int = -1) -> bytes:
    raise MemoryError


@pytest.mark.parametrize(
    ("read", "reason"),
    [
        (later, "its read() is async; read it yourself and pass the bytes"),
        (lambda size: later(), "its read() returns a coroutine; read it yourself and pass the bytes"),
        (lambda: b"x", "it cannot be read: TypeError: "),
        (lambda size: "text", "it is open as text; open it with mode 'rb'"),
        (lambda size: None, "it is non-blocking, and has nothing to read yet; read it yourself and pass the bytes"),
        (lambda size: 3, "its read() returns a int; read it yourself and pass the bytes"),
        (failing, "it cannot be read: EOFError: Compressed file ended"),
        (failing_without_words, "it cannot be read: RuntimeError; read it yourself"),
        (failing_to_say_why, "it cannot be read: Speechless; read it yourself"),
        (out_of_memory, "it cannot be read: MemoryError; read it yourself"),
    ],
)
def test_a_stream_that_cannot_be_read_says_why_and_what_to_pass(read: Any, reason: str) -> None:
    stream = Odd(read)
    for _ in range(2):
        assert (inspect(stream).unreadable or "").startswith(reason)


class OddPath(os.PathLike[str]):
    """A path object whose `__fspath__` gives, or raises, anything."""

    def __init__(self, given: object) -> None:
        self.given = given

    def __fspath__(self) -> str:
        if isinstance(self.given, BaseException):
            raise self.given
        return self.given  # type: ignore[return-value]


class Nameless(io.BytesIO):
    @property
    def name(self) -> str:
        raise RuntimeError("no name")


class NeverClosed(io.BytesIO):
    @property
    def closed(self) -> bool:
        raise RuntimeError("nobody knows")


def detached() -> object:
    file = io.BufferedReader(io.BytesIO(b"x"))
    file.detach()
    return file


def released() -> memoryview:
    view = memoryview(b"x")
    view.release()
    return view


PNG = b"\x89PNG\r\n\x1a\n" + bytes(16)

BROKEN: list[tuple[object, str]] = [
    (OddPath(5), "TypeError: expected OddPath.__fspath__"),
    (OddPath(None), "TypeError: expected OddPath.__fspath__"),
    (OddPath(Path("a")), "TypeError: expected OddPath.__fspath__"),
    (OddPath(ValueError("lost")), "ValueError: lost"),
    (OddPath(Speechless()), "Speechless"),
    (OddPath(StopIteration()), "StopIteration"),
    (OddPath(RecursionError("deep")), "RecursionError: deep"),
    (Nameless(PNG), "RuntimeError: no name"),
    (detached(), "ValueError: raw stream has been detached"),
    (released(), "ValueError: operation forbidden on released memoryview"),
]


@pytest.mark.parametrize(("media", "reason"), BROKEN, ids=[str(number) for number in range(len(BROKEN))])
def test_media_whose_own_code_fails_are_one_fault_of_their_field(media: object, reason: str) -> None:
    facts = inspect(media)
    assert facts.unreadable is not None
    assert facts.unreadable.startswith(f"it cannot be read: {reason}")
    assert "NanoBananaPro(" in repr(NanoBananaPro(prompt="a cat", image_input=[media]))  # type: ignore[list-item]


def test_a_stream_that_cannot_say_whether_it_is_closed_is_read() -> None:
    assert inspect(NeverClosed(PNG)).format == "png"


class Hostile:
    """Fails whatever it is asked."""

    def __getattr__(self, name: str) -> object:
        raise RuntimeError(f"no {name}")

    def __repr__(self) -> str:
        raise RuntimeError("nothing to show")


def test_a_value_that_fails_whatever_it_is_asked_is_a_fault_of_its_field() -> None:
    with pytest.raises(RequestInvalid, match=r"image_input: cannot be read: RuntimeError: no ref") as caught:
        NanoBananaPro(prompt="a cat", image_input=[Hostile()])  # type: ignore[list-item]
    assert len(caught.value.issues) == 1


@pytest.mark.parametrize("given", [5, None, ValueError("lost"), Speechless()])
def test_a_path_that_gives_none_is_a_config_error_that_names_it(given: object) -> None:
    path = OddPath(given)
    with pytest.raises(ConfigError, match="journal is an OddPath that gives no path"):
        Kie("a-key-of-some-length", journal=path)
    with pytest.raises(ConfigError, match="file is an OddPath that gives no path"):
        Budget(5, file=path)
    with pytest.raises(ConfigError, match="directory is an OddPath that gives no path"):
        folder_of(path, False)
    with pytest.raises(ConfigError, match="file is an OddPath that gives no path"):
        check_charges(path)
    with pytest.raises(ConfigError, match="file is an OddPath that gives no path"):
        price_changes(path)


def test_what_a_stream_that_was_read_once_gave_stays_an_error() -> None:
    pieces = [b"\x89PNG\r\n\x1a\n", None, b"the rest", b""]
    stream = Odd(lambda size: pieces.pop(0))
    assert [inspect(stream).unreadable for _ in range(2)] == [
        "it is non-blocking, and has nothing to read yet; read it yourself and pass the bytes"
    ] * 2


# files that change


@pytest.mark.parametrize("how", ["grown", "shorter", "as long", "gone", "a folder"])
@pytest.mark.parametrize("opened", [False, True])
def test_a_file_that_changes_after_it_was_checked_is_not_sent(how: str, opened: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 1000)
    with path.open("rb") as file:
        found = local.inspect(file if opened else path)
        change(path, how)
        assert found.file is not None
        with pytest.raises(MediaRejected, match=r"a\.png: it changed after it was checked; try again"):
            found.file.open()


@pytest.mark.parametrize("how", ["grown", "shorter", "as long"])
def test_a_file_that_changes_while_it_is_sent_is_an_error(how: str, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 100_000)
    found = local.inspect(path)
    assert found.file is not None
    with found.file.open() as file:
        assert len(file.read(10)) == 10
        change(path, how)
        with pytest.raises(MediaRejected, match="changed"):
            file.read()


def change(path: Path, how: str) -> None:
    if how in ("gone", "a folder"):
        path.unlink()
        if how == "a folder":
            path.mkdir()
        return
    with path.open("r+b") as file:
        match how:
            case "grown":
                file.seek(0, os.SEEK_END)
                file.write(b"more")
            case "shorter":
                file.truncate(500)
            case _:
                file.write(b"other")
    os.utime(path, ns=(1, 1))  # the clock of a file system may be coarse


# FFmpeg reads the bytes and nothing else


def test_a_manifest_in_a_medium_makes_ffmpeg_ask_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/a.mp4"
        dash = (
            '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
            'mediaPresentationDuration="PT10S" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"><Period>'
            '<AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1">'
            f"<BaseURL>{url}</BaseURL></Representation></AdaptationSet></Period></MPD>"
        ).encode()
        hls = f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{url}\n#EXT-X-ENDLIST\n".encode()
        tag = b"ID3\x03\x00\x00\x00\x00\x00\x00"
        for manifest in (dash, hls):
            for content in (tag + manifest, manifest):
                assert inspect(content).seconds is None
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_medium_is_decoded_as_what_its_content_is_and_within_its_bytes(
    samples: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    import av

    asked: list[tuple[Any, Any, Any]] = []

    def opened(file: object, mode: str, *, timeout: float, format: str, options: dict[str, str]) -> Any:
        asked.append((format, options, timeout))
        raise ValueError

    monkeypatch.setattr(av, "open", opened)
    for extension in ("mp4", "mp3", "wav"):
        assert inspect(samples[extension]).seconds is None
    assert asked == [(name, {"protocol_whitelist": "none"}, local.DECODING) for name in ("mov", "mp3", "wav")]


def test_a_decoder_that_takes_too_long_is_stopped(samples: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]

    def tick() -> float:
        now[0] += local.DECODING + 1
        return now[0]

    monkeypatch.setattr(local, "time", SimpleNamespace(monotonic=tick))
    assert inspect(samples["mp4"]).seconds is None


# uploads of web frameworks, images in memory


class Upload:
    """What Starlette's `UploadFile` looks like."""

    def __init__(self, file: BinaryIO, filename: str | None) -> None:
        self.file = file
        self.filename = filename

    async def read(self, size: int = -1) -> bytes:
        return self.file.read(size)


def test_an_upload_of_a_web_framework_is_read_from_its_file(samples: dict[str, bytes]) -> None:
    file = io.BytesIO(samples["jpg"])
    for name, seen, goes in (("C:\\photos\\cat.png", "cat.png", "cat.jpg"), (None, "upload.jpeg", "upload.jpeg")):
        upload = Upload(file, name)
        assert is_local(upload)
        found = local.inspect(upload)
        assert (found.file and found.file.name, sent(found)) == (goes, samples["jpg"])
        assert found.facts.name.endswith(seen)
    assert file.tell() == 0


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "I", "F", "I;16", "PA"])
@pytest.mark.parametrize("formats", [(), ("jpeg",), ("webp", "jpeg"), ("jpeg", "png"), ("mp4",)])
def test_an_image_of_pil_is_sent_in_a_format_that_the_field_takes(mode: str, formats: tuple[str, ...]) -> None:
    from PIL import Image

    image = Image.new(mode, (30, 20))
    assert is_local(image)
    found = local.inspect(image, formats=formats)
    expected = {(): "png", ("jpeg",): "jpeg", ("webp", "jpeg"): "jpeg", ("jpeg", "png"): "png", ("mp4",): "png"}
    assert (found.facts.format, found.facts.width, found.facts.height) == (expected[formats], 30, 20)
    assert found.file is not None
    with Image.open(found.file.open()) as again:
        assert again.size == (30, 20)


def test_an_image_of_pil_keeps_its_pixels_and_the_format_that_it_was_opened_from(samples: dict[str, bytes]) -> None:
    from PIL import Image

    image = Image.effect_noise((64, 48), 50).convert("RGBA")
    with Image.open(io.BytesIO(sent(local.inspect(image)))) as again:
        assert again.convert("RGBA").tobytes() == image.tobytes()
    with Image.open(io.BytesIO(samples["jpg"])) as photo:
        assert inspect(photo).format == "jpeg"
        assert inspect(photo, formats=("png",)).format == "png"


def test_an_image_of_pil_that_cannot_be_encoded_says_why(samples: dict[str, bytes]) -> None:
    from PIL import Image

    with Image.open(io.BytesIO(samples["png"][:200])) as broken:
        assert (inspect(broken).unreadable or "").startswith("it cannot be encoded: ")


class Pixels:
    """What an array of numpy looks like to us and to PIL."""

    def __init__(self, shape: tuple[int, ...], dtype: str = "uint8") -> None:
        self.shape, self.dtype, self.ndim = shape, dtype, len(shape)

    @property
    def __array_interface__(self) -> dict[str, Any]:
        strides = tuple(prod(self.shape[axis + 1 :]) for axis in range(self.ndim))
        return {"shape": self.shape, "typestr": "|u1", "strides": strides, "version": 3}

    def tobytes(self) -> bytes:
        return (bytes(range(256)) * (prod(self.shape) // 256 + 1))[: prod(self.shape)]


@pytest.fixture
def numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    fake = ModuleType("numpy")
    fake.ndarray = Pixels  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "numpy", fake)


@pytest.mark.usefixtures("numpy")
@pytest.mark.parametrize(("depth", "mode"), [((), "L"), ((3,), "RGB"), ((4,), "RGBA")])
def test_an_array_of_pixels_is_sent_as_an_image(depth: tuple[int, ...], mode: str) -> None:
    from PIL import Image

    array = Pixels((20, 30, *depth))
    assert is_local(array)
    found = local.inspect(array)
    assert (found.facts.format, found.facts.width, found.facts.height) == ("png", 30, 20)
    with Image.open(io.BytesIO(sent(found))) as image:
        assert (image.mode, image.tobytes()) == (mode, array.tobytes())


@pytest.mark.usefixtures("numpy")
@pytest.mark.parametrize(
    ("array", "shown"),
    [
        (Pixels((20, 30, 3), "float64"), "float64, 20 × 30 × 3"),
        (Pixels((20, 30, 2)), "uint8, 20 × 30 × 2"),
        (Pixels((3, 20, 30)), "uint8, 3 × 20 × 30"),
        (Pixels((2, 20, 30, 3)), "uint8, 2 × 20 × 30 × 3"),
    ],
)
def test_an_array_that_holds_no_pixels_says_what_it_has_to_be(array: Pixels, shown: str) -> None:
    assert inspect(array).unreadable == (
        f"it cannot be encoded: an array must be uint8, height × width (× 3 or 4), not {shown}"
    )


@pytest.mark.usefixtures("numpy")
def test_an_array_needs_pillow_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    assert "pip install 'kie[media]'" in (inspect(Pixels((20, 30, 3))).unreadable or "")


@pytest.mark.usefixtures("numpy")
def test_an_array_of_numbers_in_a_row_is_not_an_image() -> None:
    assert not is_local(Pixels((3,)))


def test_what_was_written_to_an_open_file_is_sent_although_it_was_not_flushed(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old words")
    with path.open("r+b") as file:
        assert file.read(1) == b"o"
        file.seek(0)
        file.write(b"new")
        file.seek(0)
        assert path.read_bytes() == b"old words"
        assert sent(local.inspect(file)) == b"new words"


def test_a_copy_is_read_by_one_thread_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[threading.Lock] = []
    seen: list[bool] = []

    def lock() -> threading.Lock:
        made.append(threading.Lock())
        return made[-1]

    class Copy(tempfile.SpooledTemporaryFile[bytes]):
        def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
            seen.append(made[-1].locked())
            return super().seek(offset, whence)

        def read(self, *count: int) -> bytes:
            seen.append(made[-1].locked())
            return super().read(*count)

    monkeypatch.setattr(streams, "threading", SimpleNamespace(Lock=lock))
    monkeypatch.setattr(streams, "SpooledTemporaryFile", Copy)
    with streams.of_stream(io.BytesIO(b"words"), "a.txt", 100).open() as copy:
        assert copy.read() == b"words"
    assert seen and all(seen)
