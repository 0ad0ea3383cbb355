"""How a download appears, and what `save` gives."""

from __future__ import annotations

import asyncio
import copy
import errno
import gzip
import io
import os
import pickle
import random
import stat
import uuid
import zlib
from collections import deque
from collections.abc import Mapping
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any, BinaryIO

import attrs
import pytest

from kie import (
    AsyncImageResult,
    AsyncResult,
    ConfigError,
    DownloadFailed,
    ImageResult,
    Result,
    TaskRef,
    TaskStatus,
    VideoResult,
)
from kie._core.call import TransportError
from kie._core.json import JSON
from kie._core.result_types import RESULT_KINDS, result_type
from kie._flow.effects import Fetch
from kie._io import files
from kie._io.files import RESUMED, Download
from kie._io.line_file import LineFile
from kie._io.received import Unfit, extension_of
from kie._io.replacing import replace, writing
from kie.simulator._sample_media import Recipe, make

FORMATS = ("png", "jpg", "webp", "mp4", "mp3", "wav")


@pytest.fixture(scope="module")
def samples() -> dict[str, bytes]:
    return {extension: make(Recipe(extension=extension, ratio=(16, 9), text="sample")) for extension in FORMATS}


# how a download appears

URL = "https://files.example/a.png?token=secret"
GIF = b"GIF89a;"
PACKED = gzip.compress(GIF, mtime=0)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def fetch(folder: str, limit: int = 100, **more: Any) -> Fetch:
    return Fetch(URL, folder, more.pop("stem", "a"), 60.0, limit, **more)


def begun(
    folder: str, limit: int = 100, headers: Mapping[str, str] | None = None, framed: bool = True, **more: Any
) -> Download:
    download = Download(fetch(folder, limit, **more), headers or {}, framed=framed)
    download.open()
    return download


def test_a_download_has_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    folder = tmp_path / "made" / "if need be"
    download = begun(str(folder), 100)
    download.write(b"GIF89a")
    [partial] = names(folder)
    assert partial.startswith(".kie-") and partial.endswith(".part")
    download.write(b";")
    assert download.keep().path == str(folder / "a.gif")
    assert names(folder) == ["a.gif"]
    download.discard()
    assert names(folder) == ["a.gif"]
    assert (folder / "a.gif").read_bytes() == GIF
    assert download.size == 7


def test_a_download_that_was_not_begun_touches_nothing(tmp_path: Path) -> None:
    Download(fetch(str(tmp_path / "new")), {}, framed=True).discard()
    assert names(tmp_path) == []


def test_a_download_that_nobody_waits_for_leaves_nothing_and_is_reported_with_its_next_chunk(tmp_path: Path) -> None:
    running, ended, late = (Download(fetch(str(tmp_path), stem=name), {}, framed=True) for name in "abc")
    for download in (running, ended):
        download.open()
        download.write(GIF)
    ended.keep()
    ended.discard()
    for download in (running, ended, late):
        download._fetch.partial.end()
    assert names(tmp_path) == ["b.gif"]
    with pytest.raises(DownloadFailed, match="it was interrupted"):
        running.write(b"x")
    with pytest.raises(DownloadFailed, match="it was interrupted"):
        late.open()
    for download in (running, late):
        download.discard()
    assert names(tmp_path) == ["b.gif"]


@pytest.mark.parametrize(
    ("status", "range"),
    [
        (206, "bytes 0-6/7"),
        (206, "Bytes 0-6/7"),
        (206, "bytes 0-6/*"),
        (206, ""),
        (206, "what?"),
        pytest.param(206, f"bytes 0-{'9' * 5000}/*", id="more digits than Python reads"),
        (203, ""),
    ],
)
def test_a_whole_file_is_kept_although_the_server_calls_it_a_part(status: int, range: str, tmp_path: Path) -> None:
    download = files.begun(fetch(str(tmp_path)), status, {"content-range": range}, framed=True)
    assert download is not None
    download.open()
    download.write(GIF)
    assert download.keep().path == str(tmp_path / "a.gif")


@pytest.mark.parametrize("range", ["bytes 0-6/*", ""])
def test_a_part_that_may_not_be_the_whole_file_has_to_show_its_end(range: str, tmp_path: Path) -> None:
    download = files.begun(fetch(str(tmp_path)), 206, {"content-range": range}, framed=True)
    assert download is not None
    download.open()
    download.write(b"ID3\x04" + b"x" * 20)
    fault = download.keep().fault
    download.discard()
    assert (fault, names(tmp_path)) == ("the server did not say how long the file is, so it may be cut off", [])


def test_a_rest_that_may_not_be_the_last_has_to_show_its_end(tmp_path: Path) -> None:
    wanted = fetch(str(tmp_path), 2 * RESUMED)
    broken = Download(wanted, {"etag": '"v1"'}, framed=True)
    broken.open()
    broken.write(b"ID3\x04" + b"x" * RESUMED)
    broken.discard()
    size = wanted.partial.size
    answered = {"content-range": f"bytes {size}-{size + 6}/*", "content-length": "7"}
    following = files.begun(wanted, 206, answered, framed=True)
    assert following is not None
    following.open()
    following.write(b"x" * 7)
    assert following.keep().fault == "the server did not say how long the file is, so it may be cut off"
    following.discard()
    assert names(tmp_path) == []


@pytest.mark.parametrize("range", ["bytes 0-6/8", "bytes 1-6/7", "bytes 7-13/*"])
def test_a_part_that_nobody_asked_for_is_not_taken_for_the_file(range: str, tmp_path: Path) -> None:
    assert files.begun(fetch(str(tmp_path)), 206, {"content-range": range}, framed=True) is None


@pytest.mark.parametrize(
    ("range", "rest"),
    [
        ("bytes 0-6/7", False),
        ("bytes 5-6/7", True),
        ("bytes 5-6/*", True),
        ("bytes 5-8/9", None),
        ("bytes 5-5/7", None),  # more would follow
        ("bytes 5-5/*", None),
    ],
)
def test_the_rest_of_a_file_may_be_answered_with_all_of_it(range: str, rest: bool | None, tmp_path: Path) -> None:
    wanted = fetch(str(tmp_path))
    wanted.partial.size, wanted.partial.total, wanted.partial.path = 5, 7, str(tmp_path / "part")
    found = files.begun(wanted, 206, {"content-range": range}, framed=True)
    assert (None if found is None else found.size == 5) == rest
    for other in ("bytes 0-6/*", ""):
        assert files.begun(wanted, 206, {"content-range": other}, framed=True) is None


@pytest.mark.parametrize("status", [200, 206])
def test_after_a_file_that_is_unfit_the_next_attempt_begins_from_the_start(status: int, tmp_path: Path) -> None:
    wanted = fetch(str(tmp_path), 2 * RESUMED, kind="image")
    broken = Download(wanted, {"etag": '"v1"'}, framed=True)
    broken.open()
    broken.write(b"x" * RESUMED)
    broken.discard()
    assert wanted.partial.size == RESUMED
    answered = {"content-range": f"bytes {RESUMED}-{RESUMED + 6}/*"} if status == 206 else {}
    following = files.begun(wanted, status, answered, framed=True)
    assert following is not None
    following.open()
    following.write(GIF if status == 206 else b"<html>")
    assert following.keep().fault
    following.discard()
    assert (wanted.partial.size, wanted.partial.path, names(tmp_path)) == (0, "", [])


def test_a_file_has_the_extension_that_was_asked_for_and_what_it_is_of_is_reported(tmp_path: Path) -> None:
    download = begun(str(tmp_path), suffix=".bin")
    download.write(GIF)
    kept = download.keep()
    assert (kept.path, kept.suffix) == (str(tmp_path / "a.bin"), ".gif")


class FullFile(io.BytesIO):
    def write(self, data: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("headers", "ends"),
    [
        ({"etag": '"v1"'}, "unfit"),
        ({"etag": '"v1"'}, "too large"),
        ({"etag": '"v1"'}, "the disk is full"),
        ({"etag": '"v1"', "content-encoding": "br"}, "broken off"),
        ({"etag": '"v1"', "content-encoding": "gzip"}, "broken off"),
    ],
)
def test_only_what_the_next_attempt_can_go_on_with_is_kept_for_it(
    headers: dict[str, str], ends: str, tmp_path: Path
) -> None:
    import gzip

    wanted = fetch(str(tmp_path), RESUMED + 10, kind="image")
    download = Download(wanted, headers, framed=True)
    download.open()
    content = b"x" * RESUMED
    download.write(gzip.compress(content) if headers.get("content-encoding") == "gzip" else content)
    if ends == "unfit":
        assert download.keep().fault
    elif ends == "too large":
        with pytest.raises(DownloadFailed, match="it is larger than"):
            download.write(b"x" * 11)
    elif ends == "the disk is full":
        download._file.close()  # type: ignore[union-attr]
        download._file = FullFile()
        with pytest.raises(DownloadFailed, match="No space left"):
            download.write(b"x")
    download.discard()
    assert (wanted.partial.size, names(tmp_path)) == (0, [])


@pytest.mark.parametrize("over", ["before", "after"])
def test_a_large_file_that_breaks_off_is_not_kept_for_an_attempt_that_will_not_be(over: str, tmp_path: Path) -> None:
    download = Download(fetch(str(tmp_path), RESUMED), {"etag": '"v1"'}, framed=True)
    download.open()
    download.write(b"x" * RESUMED)
    if over == "before":
        download._fetch.partial.end()
    download.discard()
    if over == "after":
        assert len(names(tmp_path)) == 1, "the next attempt would go on there"
        download._fetch.partial.end()
    assert names(tmp_path) == []


@pytest.mark.parametrize(("folder", "why"), [("a\0b", "embedded null byte"), ("file/b", "Not a directory")])
def test_a_folder_that_cannot_be_made_is_reported_by_its_reason(folder: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DownloadFailed, match=f"cannot write into .*: {why}"):
        begun(str(tmp_path / folder))


def test_a_download_that_is_discarded_leaves_nothing(tmp_path: Path) -> None:
    download = begun(str(tmp_path), 100)
    download.write(b"abc")
    download.discard()
    download.discard()
    assert names(tmp_path) == []


def test_what_stood_there_before_stays_until_the_new_file_is_whole(tmp_path: Path) -> None:
    (tmp_path / "a.gif").write_bytes(b"old")
    download = begun(str(tmp_path), overwrite=True)
    download.write(GIF)
    assert (tmp_path / "a.gif").read_bytes() == b"old"
    download.keep()
    assert (tmp_path / "a.gif").read_bytes() == GIF


def test_a_download_larger_than_the_limit_is_refused_and_one_just_as_large_is_not(tmp_path: Path) -> None:
    download = begun(str(tmp_path), 6)
    download.write(b"abcdef")
    with pytest.raises(DownloadFailed, match=r"larger than 6 bytes \(max_download\)") as caught:
        download.write(b"g")
    assert "secret" not in str(caught.value)
    download.discard()
    assert names(tmp_path) == []


def test_a_download_of_encoded_nothing_may_be_a_hundredth_and_64_kilobytes_longer_than_the_limit(
    tmp_path: Path,
) -> None:
    limit = 20_000
    packed = gzip.compress(GIF) + gzip.compress(b"") * 10_000
    download = begun(str(tmp_path), limit, {"content-encoding": "gzip"})
    assert download.write(packed[: limit + limit // 100 + 64 * 1024]) == len(GIF)
    with pytest.raises(DownloadFailed, match=r"has more than 20,000 bytes \(max_download\)"):
        download.write(b"\0")
    download.discard()


def test_a_download_says_of_each_chunk_how_much_content_it_is(tmp_path: Path) -> None:
    plain = begun(str(tmp_path))
    assert not plain.encoded
    assert [plain.write(b"GIF"), plain.write(b"89a;")] == [3, 4]
    packed = begun(str(tmp_path), headers={"content-encoding": "gzip"})
    assert packed.encoded
    assert [packed.write(PACKED), packed.write(PACKED), packed.write(PACKED[:1])] == [7, 7, 0]
    plain.discard()
    packed.discard()


def test_a_file_that_is_not_what_was_asked_for_was_answered_all_the_same(tmp_path: Path) -> None:
    download = begun(str(tmp_path), headers={"content-length": "8"})
    download.write(GIF)
    found = download.keep()
    assert (found.status, found.path, found.fault) == (200, None, "7 of 8 bytes arrived")
    download.discard()


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
        Download(fetch(str(folder)), {}, framed=True).open()
    assert elsewhere.read_bytes() == b"somebody else's"
    assert names(folder) == [standing.name]


def test_a_file_that_is_being_written_is_never_what_stands_at_its_own_name_already(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = uuid.UUID(int=7)
    monkeypatch.setattr("kie._io.replacing.uuid.uuid4", lambda: taken)
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    link = tmp_path / f".kie-{taken.hex}.part"
    link.symlink_to(victim)
    with pytest.raises(FileExistsError), writing(tmp_path / "a.html"):
        pass
    assert victim.read_bytes() == b"mine" and link.is_symlink()
    assert not (tmp_path / "a.html").exists()


def test_a_folder_that_cannot_be_written_is_a_failed_download(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DownloadFailed, match="cannot write into"):
        begun(str(tmp_path / "file"), 100)


def test_a_folder_is_not_overwritten_and_that_is_a_failed_download(tmp_path: Path) -> None:
    (tmp_path / "a.gif" / "inside").mkdir(parents=True)
    download = begun(str(tmp_path), overwrite=True)
    download.write(GIF)
    with pytest.raises(DownloadFailed, match="cannot write"):
        download.keep()
    download.discard()
    assert names(tmp_path) == ["a.gif"]


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
    download.write(GIF)
    download.keep()
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("usual", "a.gif")}
    assert len(modes) == 1


def test_a_file_system_without_hard_links_still_keeps_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(source: str, target: str) -> None:
        raise PermissionError(1, "Operation not permitted", source)

    monkeypatch.setattr(os, "link", refused)
    (tmp_path / "a.gif").write_bytes(b"mine")
    for expected in ("a-2.gif", "a-3.gif"):
        download = begun(str(tmp_path))
        download.write(GIF)
        assert download.keep().path == str(tmp_path / expected)
        download.discard()
    assert (tmp_path / "a.gif").read_bytes() == b"mine"
    monkeypatch.setattr(os, "replace", refused)
    monkeypatch.setattr("kie._io.replacing.PAUSES", ())
    download = begun(str(tmp_path))
    download.write(GIF)
    with pytest.raises(DownloadFailed, match="not permitted"):
        download.keep()
    download.discard()
    assert names(tmp_path) == ["a-2.gif", "a-3.gif", "a.gif"]


@pytest.mark.parametrize("busy", [1, 3, 7])
def test_a_file_that_another_program_holds_open_is_replaced_once_it_lets_go(
    busy: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, slept = os.replace, list[float]()

    def held(source: str, target: str) -> None:
        if len(slept) < busy:
            raise PermissionError(13, "Access is denied", target)
        real(source, target)

    monkeypatch.setattr(os, "replace", held)
    (tmp_path / "new").write_bytes(b"new")
    replace(str(tmp_path / "new"), tmp_path / "old", sleep=slept.append)
    assert names(tmp_path) == ["old"]
    assert len(slept) == busy and sum(slept) < 1


def test_a_file_that_stays_open_elsewhere_is_an_error_within_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(source: str, target: str) -> None:
        raise PermissionError(13, "Access is denied", target)

    slept = list[float]()
    monkeypatch.setattr(os, "replace", held)
    with pytest.raises(PermissionError):
        replace("new", tmp_path / "old", sleep=slept.append)
    assert 0.5 < sum(slept) < 1


def test_a_file_of_lines_that_is_locked_beside_itself_is_made_and_replaced_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kie._io.line_file._LOCKS_ITSELF", False)
    file = LineFile(tmp_path / "out.jsonl", "the file")
    with file.locked() as lines:
        assert file.path.exists()
        lines.replace([b"{}\n"])
    assert file.read() == b"{}\n"
    assert names(tmp_path) == ["out.jsonl", "out.jsonl.lock"]


# what may be kept


def judged(content: bytes, name: str = "a", kind: str = "file", content_type: str = "", framed: bool = True) -> str:
    url = f"https://files.example/{name}"
    return extension_of(io.BytesIO(content), url, kind, content_type, framed=framed)


@pytest.mark.parametrize("extension", FORMATS)
@pytest.mark.parametrize("name", ["a", "a.png", "a.mp4", "a.exe", "a.html"])
def test_the_extension_follows_the_content_whatever_the_url_says(
    extension: str, name: str, samples: dict[str, bytes]
) -> None:
    assert judged(samples[extension], name, content_type="text/html") == f".{extension}"


@pytest.mark.parametrize("extension", [name for name in FORMATS if name != "mp3"])
def test_a_file_that_is_cut_off_is_unfit_also_where_its_length_is_right(
    extension: str, samples: dict[str, bytes]
) -> None:
    content = samples[extension]
    assert judged(content, framed=False) == f".{extension}"
    for size in (len(content) - 1, len(content) * 2 // 3, 40):
        with pytest.raises(Unfit, match="cut off"):
            judged(content[:size], framed=True)


def test_a_format_that_does_not_tell_its_end_needs_a_protocol_that_does(samples: dict[str, bytes]) -> None:
    assert judged(samples["mp3"]) == ".mp3"
    with pytest.raises(Unfit, match="did not say how long"):
        judged(samples["mp3"], framed=False)


EBML = b"\x1aE\xdf\xa3\x87B\x82\x84webm\x18S\x80g"
OTHERS = {
    "webm": EBML + b"\x84abcd",
    "webm of unknown length": EBML + b"\xffabcd",
    "ogg": b"OggS\0\x02" + b"\0" * 40 + b"OggS\0\x04" + b"\0" * 40,
    "svg": b'<?xml version="1.0"?>\n<svg xmlns="x"><path/></svg>\n',
    "glb": b"glTF\2\0\0\0\x10\0\0\0abcd",
    "mp3 without a tag": b"\xff\xe3\x18\xc4" + b"\0" * 40,
    "mp4 of a new brand": b"\0\0\0\x10ftypnew1\0\0\0\0" + b"\0\0\0\x08moov",
    "zip": b"PK\3\4" + b"\0" * 30 + b"PK\5\6" + b"\0" * 18,
}


@pytest.mark.parametrize("what", OTHERS)
def test_formats_that_samples_do_not_show_are_known_too(what: str) -> None:
    assert judged(OTHERS[what]) == f".{what.partition(' ')[0]}"


@pytest.mark.parametrize("what", ["webm", "ogg", "svg", "glb", "mp4 of a new brand"])
def test_their_ends_are_missed_too(what: str) -> None:
    content = OTHERS[what].rstrip()
    with pytest.raises(Unfit, match="cut off"):
        judged(content[: len(content) - 1 if what != "ogg" else 50])


PROGRAMS = {
    "a program for Windows": b"MZ" + b"\0" * 100,
    "a program for Linux": b"\x7fELF" + b"\0" * 100,
    "a script": b"#!/bin/sh\nrm -rf ~\n",
    "a page": b"<script>alert(1)</script>",
    "a page with a drawing": b"<html><svg></svg></html>",
}


@pytest.mark.parametrize("what", PROGRAMS)
@pytest.mark.parametrize("kind", ["image", "video", "audio", "file"])
def test_a_server_cannot_choose_a_program_or_a_page_for_a_medium(what: str, kind: str) -> None:
    for extension in ("py", "sh", "html", "exe", "png", "svg"):
        with pytest.raises(Unfit):
            judged(PROGRAMS[what], f"a.{extension}", kind)
    if what == "a script":  # what it is is not known, but whoever sends it says that it is a picture
        assert judged(PROGRAMS[what], "a.sh", kind, "image/png") == ".bin"


def test_what_nobody_knows_is_kept_without_a_claim_if_the_server_calls_it_a_medium() -> None:
    assert judged(bytes(range(100)), "a.png", "image", "image/x-new") == ".bin"
    with pytest.raises(Unfit, match="not an image"):
        judged(bytes(range(100)), "a.png", "image")
    with pytest.raises(Unfit, match="how long"):
        judged(bytes(range(100)), "a.png", "image", "image/x-new", framed=False)


@pytest.mark.parametrize("stored", ["aws-chunked", "utf-8", "binary", "none", "identity, x"])
def test_what_storage_says_of_a_file_and_is_no_coding_spoils_no_file(stored: str, tmp_path: Path) -> None:
    download = begun(str(tmp_path), headers={"content-encoding": stored, "content-length": str(len(GIF))})
    download.write(GIF)
    assert download.keep().path == str(tmp_path / "a.gif")


@pytest.mark.parametrize("pieces", [1, 7, 100_000])
def test_gzip_that_was_not_asked_for_is_decoded_also_in_several_members(pieces: int, tmp_path: Path) -> None:
    content = GIF[:-1] + os.urandom(1000) + b"\0" * 300_000 + b";"
    packed = gzip.compress(content[:500]) + gzip.compress(content[500:])
    headers = {"content-encoding": "gzip", "content-length": str(len(packed))}
    download = begun(str(tmp_path), 10**6, headers)
    for start in range(0, len(packed), pieces):
        download.write(packed[start : start + pieces])
    kept = download.keep()
    assert kept.path == str(tmp_path / "a.gif") and kept.size == len(content)
    assert (tmp_path / "a.gif").read_bytes() == content


@pytest.mark.parametrize(
    ("sent", "headers", "why"),
    [
        (PACKED[:-1], {"content-encoding": "gzip"}, "cut off: its gzip"),
        (PACKED + PACKED[:5], {"content-encoding": "gzip"}, "cut off: its gzip"),
        (GIF, {"content-encoding": "br"}, "'br', which was not requested"),
        (GIF, {"content-length": "8"}, "7 of 8 bytes"),
        (GIF, {"content-length": "6"}, "7 of 6 bytes"),
        (b"", {}, "empty"),
    ],
)
def test_a_body_that_is_not_as_announced_is_not_kept(
    sent: bytes, headers: dict[str, str], why: str, tmp_path: Path
) -> None:
    download = begun(str(tmp_path), headers=headers)
    download.write(sent)
    kept = download.keep()
    assert kept.path is None and why in kept.fault
    download.discard()
    assert names(tmp_path) == []


@pytest.mark.parametrize("body", [b"no gzip at all", zlib.compress(GIF), PACKED + b"x", PACKED + zlib.compress(GIF)])
def test_broken_gzip_is_a_broken_transfer_and_says_nothing_of_the_health_of_its_server(
    body: bytes, tmp_path: Path
) -> None:
    download = begun(str(tmp_path), headers={"content-encoding": "gzip"})
    with pytest.raises(TransportError, match="its gzip encoding is broken") as caught:
        download.write(body + bytes(20))
    assert caught.value.local
    download.discard()


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_a_file_whose_end_nothing_shows_is_whole_where_its_encoding_has_one(encoding: str, tmp_path: Path) -> None:
    content = bytes(range(1, 17))
    unknown = attrs.evolve(fetch(str(tmp_path)), url="https://files.example/a.bin")
    download = Download(unknown, {"content-encoding": encoding}, framed=False)
    download.open()
    download.write(gzip.compress(content) if encoding == "gzip" else content)
    assert (download.keep().path is not None) == (encoding == "gzip")
    download.discard()


def test_gzip_of_nothing_at_all_is_cut_off(tmp_path: Path) -> None:
    download = begun(str(tmp_path), headers={"content-encoding": "gzip"})
    assert "its gzip stream has no end" in download.keep().fault
    download.discard()


def test_a_file_may_fill_a_piece_of_its_decoder_to_the_byte(tmp_path: Path) -> None:
    content = b"GIF89a" + random.Random(1).randbytes(64 * 1024 - 7) + b";"
    download = begun(str(tmp_path), 10**6, {"content-encoding": "gzip"})
    assert download.write(gzip.compress(content)) == len(content)
    path = download.keep().path
    assert path is not None and Path(path).read_bytes() == content


def test_all_that_a_chunk_holds_is_decoded_wherever_it_ends(tmp_path: Path) -> None:
    packed = gzip.compress(bytes(10**6))
    for cut in range(1, 40):
        chunk = packed[:-cut]
        download = begun(str(tmp_path), 10**7, {"content-encoding": "gzip"})
        assert download.write(chunk) == len(zlib.decompressobj(wbits=31).decompress(chunk))
        download.discard()


def test_a_small_gzip_of_much_is_cut_at_the_limit(tmp_path: Path) -> None:
    download = begun(str(tmp_path), 10**6, {"content-encoding": "gzip"})
    with pytest.raises(DownloadFailed, match="max_download"):
        download.write(gzip.compress(b"\0" * 10**8))
    assert download.size < 1.1 * 10**6
    download.discard()


def test_gzip_of_nothing_counts_by_what_is_sent(tmp_path: Path) -> None:
    download = begun(str(tmp_path), 1000, {"content-encoding": "gzip"})
    download.write(gzip.compress(b"")[:10])
    nothing = b"\x00\x00\x00\xff\xff" * 1000
    assert download.write(nothing) == 0
    with pytest.raises(DownloadFailed, match="max_download"):
        deque(map(download.write, [nothing] * 100), 0)
    assert download.size == 0
    download.discard()


# what `save` gives

STATUS = TaskStatus(ref=TaskRef("1"), state="succeeded", urls=("https://files.example/a.png",), data={"a": [1]})
KINDS = [*sorted(RESULT_KINDS)]


class Saver:
    """Belongs to a client, and counts what it saves."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, bool]] = []

    def save(self, what: object, directory: object, *, overwrite: bool) -> list[Path]:
        self.calls.append((directory, overwrite))
        return [Path("a.png")]

    def open(self, asset: object) -> BinaryIO:
        return io.BytesIO(b"content")


class AsyncSaver(Saver):
    async def save(self, what: object, directory: object, *, overwrite: bool) -> list[Path]:  # type: ignore[override]
        await asyncio.sleep(0)
        return super().save(what, directory, overwrite=overwrite)

    async def open(self, asset: object) -> BinaryIO:  # type: ignore[override]
        return super().open(asset)

    async def read(self, file: BinaryIO, size: int) -> bytes:
        return file.read(size)


def test_a_result_of_the_sync_client_saves_at_once() -> None:
    saver = Saver()
    assert ImageResult(status=STATUS, saver=saver).save("out", overwrite=True) == [Path("a.png")]
    assert saver.calls == [("out", True)]


def test_a_result_of_the_async_client_saves_with_a_coroutine() -> None:
    saver = AsyncSaver()
    result = AsyncImageResult(status=STATUS, saver=saver)

    async def main() -> None:
        assert await asyncio.gather(result.save("a"), result.save("b")) == [[Path("a.png")]] * 2
        async with asyncio.TaskGroup() as group:
            task = group.create_task(result.save("c", overwrite=True))
        assert task.result() == [Path("a.png")]

    asyncio.run(main())
    assert saver.calls == [("a", False), ("b", False), ("c", True)]


def test_a_forgotten_await_is_noticed() -> None:
    saver = AsyncSaver()
    result = AsyncImageResult(status=STATUS, saver=saver)
    with pytest.warns(RuntimeWarning, match="save' was never awaited"):
        result.save()  # type: ignore[unused-coroutine]
    assert saver.calls == []


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_result_has_a_twin_and_neither_is_the_other(kind: str) -> None:
    result = result_type(kind)(status=STATUS, saver=Saver())
    twin = result._asynchronous(AsyncSaver())
    assert type(twin).__name__ == f"Async{type(result).__name__}"
    assert not isinstance(twin, Result) and not isinstance(result, AsyncResult)
    assert iscoroutinefunction(twin.save) and not iscoroutinefunction(result.save)
    assert {name for name in dir(result) if name[0] != "_"} == {name for name in dir(twin) if name[0] != "_"}
    assert (twin.kind, twin.status, twin.assets) == (result.kind, result.status, result.assets)


def test_a_result_without_a_client_says_how_to_get_one() -> None:
    with pytest.raises(ConfigError, match=r"client\.task\(result\.ref\)"):
        ImageResult(status=STATUS).save()
    with pytest.raises(ConfigError, match=r"client\.task\(result\.ref\)"):
        asyncio.run(AsyncImageResult(status=STATUS).save())


@pytest.mark.parametrize("kind", KINDS)
def test_results_copy_hash_compare_and_pickle(kind: str) -> None:
    made = result_type(kind)(status=STATUS, saver=Saver())
    results: list[Any] = [made, made._asynchronous(AsyncSaver())]
    for result in results:
        copies = [copy.copy(result), copy.deepcopy(result), attrs.evolve(result), pickle.loads(pickle.dumps(result))]
        for one in copies:
            assert type(one) is type(result) and one == result and hash(one) == hash(result)
        assert [one._saver is result._saver for one in copies] == [True, True, True, False]
        assert copies[1].data is not result.data
        assert len({result, *copies}) == 1
        other = attrs.evolve(result, status=attrs.evolve(STATUS, data={"a": [2]}))
        assert other != result and len({result, other}) == 2
    assert results[0] != results[1]


# what the files of a result are


def test_files_that_stand_only_in_the_data_are_assets_too() -> None:
    frames: dict[str, JSON] = {
        "resultUrls": ["https://files.example/a.mp4"],
        "last_frame": "https://files.example/last.png",
        "firstFrameUrl": ["https://files.example/first.png", "https://files.example/a.mp4"],
        "resultObject": {"segments": [{"maskUrl": "https://files.example/mask.png", "name": "https"}]},
        "originUrls": ["https://files.example/given.mp4"],
        "streamAudioUrl": "https://files.example/stream",
        "text": "see https://example.com or https://files.example/x.png",
    }
    result = VideoResult(status=attrs.evolve(STATUS, urls=("https://files.example/a.mp4",), data=frames))
    assert [(asset.url.rpartition("/")[2], asset.index, asset.kind) for asset in result.assets] == [
        ("a.mp4", 0, "video"),
        ("last.png", 1, "file"),
        ("first.png", 2, "file"),
        ("mask.png", 3, "file"),
    ]
    assert result.urls == ("https://files.example/a.mp4",)
