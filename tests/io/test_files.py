"""Users' files: what is seen of local media, how they are opened, and how a download appears."""

from __future__ import annotations

import asyncio
import io
import os
import stat
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest

from kie import ConfigError, DownloadFailed, ImageResult, TaskRef, TaskStatus
from kie._core.results import SavedFiles
from kie._io.files import Download, inspect, media_name, part_of, sniff
from kie.simulator._sample_media import Recipe, make

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


@pytest.fixture
def pipe() -> Iterator[BinaryIO]:
    """A stream that cannot be rewound."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as target:
        target.write(b"\x89PNG\r\n\x1a\n")
    with os.fdopen(reading, "rb") as source:
        yield cast(BinaryIO, source)


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
    assert (facts.width, facts.height, facts.seconds, facts.fps) == (256, 144, None, None)


def test_sides_duration_and_frame_rate_of_a_video_are_read(samples: dict[str, bytes]) -> None:
    facts = inspect(samples["mp4"])
    assert (facts.width, facts.height) == (256, 144)
    assert facts.seconds is not None and 0.1 < facts.seconds < 20
    assert facts.fps is not None and 1 <= facts.fps <= 60


@pytest.mark.parametrize("extension", ["mp3", "wav"])
def test_the_duration_of_sound_is_read(extension: str, samples: dict[str, bytes]) -> None:
    facts = inspect(samples[extension])
    assert facts.seconds == pytest.approx(1.0, abs=0.1)
    assert (facts.width, facts.height, facts.fps) == (None, None, None)


@pytest.mark.parametrize("extension", FORMATS)
def test_without_the_media_extra_only_format_and_size_are_known(
    extension: str, samples: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("PIL", "av"):
        monkeypatch.setitem(sys.modules, module, None)
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


def test_a_stream_is_looked_at_from_where_it_stands(samples: dict[str, bytes]) -> None:
    stream = io.BytesIO(b"a header of ours" + samples["png"])
    stream.seek(16)
    facts = inspect(stream)
    assert (facts.format, facts.size) == ("png", len(samples["png"]))
    assert stream.tell() == 16
    assert part_of(stream, None).open().read() == samples["png"]


def test_sides_are_not_those_of_what_stands_before_in_the_stream(samples: dict[str, bytes]) -> None:
    other = make(Recipe(extension="png", ratio=(1, 1)))
    stream = io.BytesIO(other + samples["png"])
    stream.seek(len(other))
    facts = inspect(stream)
    assert (facts.format, facts.width, facts.height) == ("png", None, None)


@pytest.mark.parametrize("empty", [b"", bytearray(), io.BytesIO()])
def test_an_empty_file_is_unreadable(empty: object) -> None:
    assert inspect(empty).unreadable == "it is empty"


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


def test_a_stream_that_cannot_be_rewound_is_not_read(pipe: BinaryIO) -> None:
    facts = inspect(pipe)
    assert (facts.format, facts.size, facts.unreadable) == (None, None, None)
    assert pipe.read() == b"\x89PNG\r\n\x1a\n"


def test_a_reader_without_seekable_is_not_read() -> None:
    class Reader:
        name = "cat.png"

        def read(self, size: int = -1) -> bytes:
            raise AssertionError("it was read")

    facts = inspect(Reader())
    assert (facts.name, facts.content_type, facts.size) == ("cat.png", "image/png", None)


# how it is opened


def test_names_come_from_the_path_the_stream_or_the_content(tmp_path: Path, samples: dict[str, bytes]) -> None:
    assert media_name(tmp_path / "cat.png") == "cat.png"
    assert media_name(samples["jpg"]) == "upload.jpeg"
    assert media_name(b"words") == "upload.bin"
    stream = io.BytesIO(b"")
    assert media_name(stream) == "upload.bin"
    stream.name = "/home/me/cat.png"
    assert media_name(stream) == "cat.png"


def test_bytes_and_paths_can_be_opened_again_and_are_ours_to_close(tmp_path: Path) -> None:
    path = tmp_path / "cat.png"
    path.write_bytes(b"PNG")
    for media in (path, b"PNG", bytearray(b"PNG")):
        part = part_of(media, None)
        assert part.repeatable and part.owned
        for _ in range(2):
            with part.open() as file:
                assert file.read() == b"PNG"


def test_bytes_that_change_after_submission_are_sent_as_they_were() -> None:
    media = bytearray(b"before")
    part = part_of(media, "a.bin")
    media[:] = b"after!"
    assert part.open().read() == b"before"


def test_a_users_stream_is_rewound_to_where_it_stood_and_is_the_users_to_close() -> None:
    stream = io.BytesIO(b"0123456789")
    stream.seek(4)
    part = part_of(stream, None)
    assert part.repeatable and not part.owned
    assert [part.open().read(), part.open().read()] == [b"456789", b"456789"]


def test_a_stream_that_cannot_be_rewound_is_sent_once(pipe: BinaryIO) -> None:
    part = part_of(pipe, None)
    assert not part.repeatable and not part.owned


def test_a_name_that_is_given_decides_the_media_type() -> None:
    part = part_of(b"x", "cat.jpg")
    assert (part.name, part.content_type) == ("cat.jpg", "image/jpeg")
    assert part_of(b"x", "cat").content_type == "application/octet-stream"


# how a download appears

URL = "https://files.example/a.png?token=secret"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def begun(folder: str, limit: int) -> Download:
    download = Download(URL, folder, limit)
    download.open()
    return download


def test_a_download_has_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    folder = tmp_path / "made" / "if need be"
    download = begun(str(folder), 100)
    download.write(b"abc")
    [partial] = names(folder)
    assert partial.startswith(".kie-") and partial.endswith(".part")
    download.write(b"def")
    assert download.keep("a.png") == str(folder / "a.png")
    download.discard()
    assert names(folder) == ["a.png"]
    assert (folder / "a.png").read_bytes() == b"abcdef"
    assert download.size == 6


def test_a_download_that_was_not_begun_touches_nothing(tmp_path: Path) -> None:
    Download(URL, str(tmp_path / "new"), 100).discard()
    assert names(tmp_path) == []


def test_a_download_that_is_discarded_leaves_nothing(tmp_path: Path) -> None:
    download = begun(str(tmp_path), 100)
    download.write(b"abc")
    download.discard()
    download.discard()
    assert names(tmp_path) == []


def test_what_stood_there_before_stays_until_the_new_file_is_whole(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"old")
    download = begun(str(tmp_path), 100)
    download.write(b"new")
    assert (tmp_path / "a.png").read_bytes() == b"old"
    download.keep("a.png")
    assert (tmp_path / "a.png").read_bytes() == b"new"


def test_a_download_larger_than_the_limit_is_refused_and_one_just_as_large_is_not(tmp_path: Path) -> None:
    download = begun(str(tmp_path), 6)
    download.write(b"abcdef")
    with pytest.raises(DownloadFailed, match=r"larger than 6 bytes \(max_download\)") as caught:
        download.write(b"g")
    assert "secret" not in str(caught.value)
    download.discard()
    assert names(tmp_path) == []


@pytest.mark.parametrize("planted", ["a link", "a file"])
def test_a_download_never_writes_through_what_stands_at_its_temporary_name(
    planted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, elsewhere, name = tmp_path / "out", tmp_path / "elsewhere", uuid.uuid4()
    folder.mkdir()
    elsewhere.write_bytes(b"somebody else's")
    standing = folder / f".kie-{name.hex}.part"
    if planted == "a link":
        standing.symlink_to(elsewhere)
    else:
        standing.hardlink_to(elsewhere)
    monkeypatch.setattr(uuid, "uuid4", lambda: name)
    with pytest.raises(DownloadFailed, match="cannot write into"):
        Download(URL, str(folder), 100).open()
    assert elsewhere.read_bytes() == b"somebody else's"
    assert names(folder) == [standing.name]


def test_a_folder_that_cannot_be_written_is_a_failed_download(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DownloadFailed, match="cannot write into"):
        begun(str(tmp_path / "file"), 100)


def test_a_name_that_is_taken_by_a_folder_is_a_failed_download(tmp_path: Path) -> None:
    (tmp_path / "a.png" / "inside").mkdir(parents=True)
    download = begun(str(tmp_path), 100)
    with pytest.raises(DownloadFailed, match="cannot write"):
        download.keep("a.png")
    download.discard()
    assert names(tmp_path) == ["a.png"]


def test_a_full_disk_is_a_failed_download(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    download = begun(str(tmp_path), 100)

    class Full(io.BytesIO):
        def write(self, data: Any) -> int:
            raise OSError(28, "No space left on device")

    assert download._file is not None
    download._file.close()
    monkeypatch.setattr(download, "_file", Full())
    with pytest.raises(DownloadFailed, match="No space left"):
        download.write(b"x")
    download.discard()
    assert names(tmp_path) == []


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_kept_file_has_the_mode_that_other_new_files_have(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    download = begun(str(tmp_path), 100)
    download.keep("a.png")
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("usual", "a.png")}
    assert len(modes) == 1


# what `save` gives

STATUS = TaskStatus(ref=TaskRef("1"), state="succeeded", urls=("https://files.example/a.png",))


class Saver:
    def __init__(self, is_async: bool) -> None:
        self.is_async = is_async
        self.calls = 0

    def save_sync(self, result: object, directory: object) -> list[Path]:
        self.calls += 1
        return [Path("a.png")]

    async def save_async(self, result: object, directory: object) -> list[Path]:
        self.calls += 1
        await asyncio.sleep(0)
        return [Path("a.png")]


def test_saved_files_are_a_list_that_may_be_awaited_too() -> None:
    saved = ImageResult(status=STATUS, saver=Saver(False)).save()
    assert saved == [Path("a.png")]

    async def main() -> SavedFiles:
        return await saved

    assert asyncio.run(main()) is saved


def test_a_result_of_the_async_client_saves_when_it_is_awaited_and_not_before() -> None:
    saver = Saver(True)
    pending = ImageResult(status=STATUS, saver=saver).save("out")
    assert saver.calls == 0

    async def main() -> SavedFiles:
        return await pending

    saved = asyncio.run(main())
    assert (saved, type(saved), saver.calls) == ([Path("a.png")], SavedFiles, 1)


@pytest.mark.parametrize("use", [list, len, lambda files: files[0], bool, iter])
def test_files_that_were_not_awaited_say_so_when_they_are_used(use: Any) -> None:
    pending = ImageResult(status=STATUS, saver=Saver(True)).save()
    with pytest.raises(ConfigError, match=r"await result\.save"):
        use(pending)
    assert repr(pending) == "<files not saved yet: await it>"


def test_a_result_without_a_client_says_how_to_get_one() -> None:
    with pytest.raises(ConfigError, match=r"client\.task\(result\.ref\)"):
        ImageResult(status=STATUS).save()
