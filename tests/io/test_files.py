"""How a download appears, and what `save` gives."""

from __future__ import annotations

import asyncio
import io
import os
import stat
import uuid
from pathlib import Path
from typing import Any

import pytest

from kie import ConfigError, DownloadFailed, ImageResult, TaskRef, TaskStatus
from kie._core.results import SavedFiles
from kie._io.files import Download

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
