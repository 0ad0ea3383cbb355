"""A small MP4 of a video, on request."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import attrs
import av
import pytest

from kie import Library
from kie._library import small_video
from kie._library.file_facts import facts_of
from kie._library.run import RunFile
from kie._library.small_video import make_video
from kie.errors import ConfigError
from tests.library.media import BLUE, RED, WHITE, near, run_of, sample, turned, video


def file_of(folder: Path, content: bytes, extension: str = "mp4") -> RunFile:
    return run_of(folder, (extension, content)).outputs[0]


def streams(path: Path) -> dict[str, Any]:
    with av.open(str(path)) as container:
        return {
            stream.type: (stream.codec_context.name, getattr(stream, "average_rate", None))
            for stream in container.streams
        } | {"duration": container.duration}


@pytest.mark.parametrize(
    ("size", "height", "expected"),
    [
        ((640, 360), 180, (320, 180)),
        ((360, 640), 180, (180, 320)),
        ((320, 180), 720, (320, 180)),
        ((322, 178), 90, (162, 90)),
    ],
)
def test_the_shorter_side_is_as_asked_and_never_larger(
    tmp_path: Path, size: tuple[int, int], height: int, expected: tuple[int, int]
) -> None:
    target = make_video(file_of(tmp_path, video([RED], size)), tmp_path / "small.mp4", height=height)
    facts = facts_of(target)
    assert (facts.kind, facts.mime, facts.width, facts.height) == ("video", "video/mp4", *expected)
    assert target.stat().st_mode & 0o777 == 0o600 and sorted(os.listdir(tmp_path)) == ["original", "small.mp4"]


def test_pictures_sound_length_and_rate_stay(tmp_path: Path) -> None:
    file = file_of(tmp_path, video([RED, BLUE], sound=True, rate=25))
    found = streams(make_video(file, tmp_path / "small.mp4", height=90))
    assert found["video"] == ("h264", 25) and found["audio"][0] == "aac"
    assert abs(found["duration"] / av.time_base - 2) < 0.1
    with av.open(str(tmp_path / "small.mp4")) as container:
        frames: list[Any] = list(container.decode(video=0))
    assert len(frames) == 50
    assert near(frames[3].to_image(), (0.5, 0.5), RED) and near(frames[-3].to_image(), (0.5, 0.5), BLUE)


def test_a_video_without_sound_stays_without(tmp_path: Path) -> None:
    assert "audio" not in streams(make_video(file_of(tmp_path, video([RED])), tmp_path / "small.mp4"))


@pytest.mark.parametrize(("degrees", "corner"), [(90, (0.9, 0.1)), (180, (0.9, 0.9)), (270, (0.1, 0.9))])
def test_a_turned_video_is_upright(tmp_path: Path, degrees: int, corner: tuple[float, float]) -> None:
    file = file_of(tmp_path, turned(video([WHITE], (320, 180), top_left=RED), degrees))
    with av.open(str(make_video(file, tmp_path / "small.mp4", height=90))) as container:
        first: Any = next(container.decode(video=0))
        shown = first.to_image()
    assert shown.size == ((160, 90) if degrees == 180 else (90, 160))
    assert near(shown, corner, RED)


def test_it_plays_while_it_loads(tmp_path: Path) -> None:
    content = make_video(file_of(tmp_path, video([RED])), tmp_path / "small.mp4").read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def test_progress_is_reported(tmp_path: Path) -> None:
    told: list[float] = []
    make_video(file_of(tmp_path, video([RED, BLUE])), tmp_path / "small.mp4", progress=told.append)
    assert told[0] < 0.5 and told[-1] == 1.0 and all(0 <= part <= 1 for part in told) and len(told) > 10


def test_the_original_stays_and_the_former_one_is_replaced(tmp_path: Path) -> None:
    file = file_of(tmp_path, video([RED]))
    (tmp_path / "small.mp4").write_bytes(b"former")
    make_video(file, tmp_path / "small.mp4", height=90)
    assert facts_of(tmp_path / "original/0.mp4").sha256 == file.sha256 and facts_of(tmp_path / "small.mp4").height == 90


@pytest.mark.parametrize(
    ("content", "extension", "why"),
    [
        (sample("png"), "png", "it is not a video"),
        (sample("mp3"), "mp3", "it is not a video"),
        (b"#EXTM3U\nhttp://127.0.0.1:9/a.ts\n", "mp4", "it is not a video"),
        (video([RED])[:1000], "mp4", "no small video can be made"),
    ],
)
def test_what_is_not_a_whole_video_is_refused(tmp_path: Path, content: bytes, extension: str, why: str) -> None:
    (tmp_path / "small.mp4").write_bytes(b"former")
    with pytest.raises(ConfigError, match=why):
        make_video(file_of(tmp_path, content, extension), tmp_path / "small.mp4")
    assert (tmp_path / "small.mp4").read_bytes() == b"former"
    assert sorted(os.listdir(tmp_path)) == ["original", "small.mp4"]


def test_a_video_that_is_not_here_is_refused(tmp_path: Path) -> None:
    file = attrs.evolve(file_of(tmp_path, video([RED])), name=None)
    with pytest.raises(ConfigError, match="was not fetched"):
        make_video(file, tmp_path / "small.mp4")


def test_a_folder_that_is_not_there_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be made"):
        make_video(file_of(tmp_path, video([RED])), tmp_path / "none" / "small.mp4")


def test_a_missing_encoder_is_reported_with_the_way_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(small_video, "_ENCODERS", ("none",))
    with pytest.raises(ConfigError, match=r"without an encoder for H\.264 and AAC: install it from PyPI"):
        make_video(file_of(tmp_path, video([RED])), tmp_path / "small.mp4")


@pytest.mark.parametrize("height", [0, 15, True, 7.5])
def test_the_height_is_checked(tmp_path: Path, height: Any) -> None:
    with pytest.raises(ConfigError, match="height must be a whole number"):
        make_video(file_of(tmp_path, video([RED])), tmp_path / "small.mp4", height=height)


def test_a_library_makes_the_small_videos_of_a_run(tmp_path: Path) -> None:
    with Library(tmp_path / "runs", derivatives=None) as library:
        run = run_of(tmp_path / "a", ("png", sample("png")), ("mp4", video([RED])))
        contents = {f"original/{path.name}": path for path in run.files}
        library._create(run, contents)
        kept = library.small_video("abc", height=90)
        assert [file.video for file in kept.outputs] == [None, "web/1.mp4"]
        path = kept.outputs[1].place("web/1.mp4")
        assert path is not None and facts_of(path).height == 90 and library["abc"] == kept
        assert list((tmp_path / "runs/.tmp").iterdir()) == []
        with pytest.raises(KeyError):
            library.small_video("none")
        library._update("abc", lambda now: attrs.evolve(now, outputs=now.outputs[:1]))
        with pytest.raises(ConfigError, match="run abc made no video"):
            library.small_video("abc")
