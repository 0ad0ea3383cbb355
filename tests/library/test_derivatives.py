"""Pictures of what runs made: of every kind of file, at their sizes, and without touching an original."""

from __future__ import annotations

import hashlib
import os
import struct
import zlib
from pathlib import Path
from typing import Any

import attrs
import pytest
from PIL import Image, ImageCms

from kie._library import derivatives, picture
from kie._library.derivatives import PictureFault, lacks_pictures, make, with_pictures
from kie._library.file_facts import facts_of
from kie._library.run import Run, RunFile
from kie._library.settings import DerivativeSettings
from kie.errors import ConfigError
from kie.simulator._sample_media import CONTENT_TYPES
from tests.library.media import (
    BLACK,
    BLUE,
    GREEN,
    RED,
    WHITE,
    encoded,
    near,
    opened,
    run_of,
    sample,
    turned,
    video,
    with_cover,
)

SETTINGS = DerivativeSettings()
SMALL = DerivativeSettings(web_side=64, thumb_side=16)


def made(folder: Path, extension: str, content: bytes, settings: DerivativeSettings = SETTINGS) -> RunFile:
    """The only file of a run with its pictures, of which none failed."""
    faults: list[PictureFault] = []
    (file,) = make(run_of(folder, (extension, content)), settings, report=faults.append)
    assert faults == []
    return file


def web(file: RunFile) -> Image.Image:
    return opened(file.place(file.web))


def thumb(file: RunFile) -> Image.Image:
    return opened(file.place(file.thumb))


def refused(folder: Path, extension: str, content: bytes, **facts: Any) -> PictureFault:
    """Why there is no picture of the only file of a run."""
    run = run_of(folder, (extension, content))
    run = attrs.evolve(run, outputs=(attrs.evolve(run.outputs[0], **facts),))
    faults: list[PictureFault] = []
    assert make(run, SETTINGS, report=faults.append) == run.outputs
    (fault,) = faults
    assert str(fault.path) in str(fault) and fault.why in str(fault)
    return fault


# every kind of file


@pytest.mark.parametrize("extension", sorted(CONTENT_TYPES))
def test_a_file_of_each_format_of_the_simulator_gets_its_pictures(tmp_path: Path, extension: str) -> None:
    file = made(tmp_path, extension, sample(extension))
    assert file.mime == CONTENT_TYPES[extension]
    kind = file.mime.partition("/")[0]
    assert file.kind == ("file" if kind == "application" else kind)
    if kind in ("image", "video"):
        assert file.width is not None and file.height is not None
        assert web(file).size == (file.width, file.height) and web(file).format == "WEBP"
        assert max(thumb(file).size) == 384 and thumb(file).format == "WEBP"
    else:
        assert (file.web, file.thumb) == (None, None)
    assert file.poster == (file.web if kind == "video" else None)
    assert (file.seconds is not None) == (kind in ("video", "audio"))


@pytest.mark.parametrize("extension", ["png", "jpg", "webp", "mp4", "mp3"])
def test_an_original_stays_as_it_is(tmp_path: Path, extension: str) -> None:
    run = run_of(tmp_path, (extension, sample(extension)))
    (path,) = run.files
    os.utime(path, ns=(10**18, 10**18))
    path.chmod(0o400)
    make(run, SETTINGS)
    make(run, SMALL, only_missing=False)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == run.outputs[0].sha256 == facts_of(path).sha256
    assert path.stat().st_mtime_ns == 10**18
    assert os.listdir(path.parent) == [path.name]


@pytest.mark.parametrize(
    ("size", "expected"), [((3200, 800), (1600, 400)), ((800, 3200), (400, 1600)), ((9, 5), (9, 5))]
)
def test_a_picture_is_made_smaller_and_never_larger(
    tmp_path: Path, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert web(made(tmp_path, "png", encoded(Image.new("RGB", size, RED), "PNG"))).size == expected


def test_a_strip_keeps_at_least_a_pixel(tmp_path: Path) -> None:
    file = made(tmp_path, "png", encoded(Image.new("RGB", (8000, 2), RED), "PNG"))
    assert web(file).size == (1600, 1) and thumb(file).size == (384, 1)


@pytest.mark.parametrize("extension", ["jpg", "png", "webp", "tif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_upright_as_the_camera_says(tmp_path: Path, extension: str, orientation: int) -> None:
    upright = Image.new("RGB", (40, 20), WHITE)
    upright.paste(RED, (0, 0, 20, 10))
    upright.paste(BLUE, (20, 10, 40, 20))
    ways = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(ways[orientation]) if orientation in ways else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    format = {"jpg": "JPEG", "tif": "TIFF"}.get(extension, extension.upper())
    options = {"lossless": True} if format == "WEBP" else {"quality": 95} if format == "JPEG" else {}
    run = made(tmp_path, extension, encoded(stored, format, exif=exif.tobytes(), **options))
    shown = web(run)
    assert shown.size == (40, 20)
    original = next(path for path in tmp_path.rglob(f"original/*.{extension}"))
    facts = facts_of(original)
    assert (facts.width, facts.height) == (40, 20)
    assert near(shown, (0.2, 0.2), RED) and near(shown, (0.8, 0.8), BLUE) and near(shown, (0.8, 0.2), WHITE)


def _profile(swapped: bool) -> bytes:
    """A profile of sRGB, or of a device whose red is sRGB's blue."""
    profile: bytes = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    if swapped:
        profile = profile.replace(b"rXYZ", b"#XYZ", 1).replace(b"bXYZ", b"rXYZ", 1).replace(b"#XYZ", b"bXYZ", 1)
    return profile


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_colours_are_those_of_srgb(tmp_path: Path, mode: str) -> None:
    image = Image.new("RGB", (20, 20), (255, 0, 0)).convert(mode)
    plain = web(made(tmp_path / "a", "png", encoded(image, "PNG", icc_profile=_profile(False))))
    other = web(made(tmp_path / "b", "png", encoded(image, "PNG", icc_profile=_profile(True))))
    assert near(plain.convert("RGB"), (0.5, 0.5), (255, 0, 0)) and near(other.convert("RGB"), (0.5, 0.5), (0, 0, 255))
    assert "icc_profile" not in other.info


@pytest.mark.parametrize("profile", [b"no profile", b"\0" * 200])
def test_a_broken_profile_is_passed_over(tmp_path: Path, profile: bytes) -> None:
    image = Image.new("RGB", (20, 20), RED)
    assert near(web(made(tmp_path, "png", encoded(image, "PNG", icc_profile=profile))), (0.5, 0.5), RED)


def _half_clear(mode: str) -> Image.Image:
    image = Image.new("RGBA", (40, 20), (*WHITE, 255))
    image.paste((0, 0, 0, 0), (0, 0, 20, 20))
    return image.convert(mode) if mode != "P" else image.quantize(8)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
@pytest.mark.parametrize("settings", [SETTINGS, SMALL])
def test_transparency_stays(tmp_path: Path, mode: str, settings: DerivativeSettings) -> None:
    file = made(tmp_path, "png", encoded(_half_clear(mode), "PNG"), settings)
    for shown in (web(file), thumb(file)):
        assert shown.mode == "RGBA"
        assert shown.getchannel("A").getpixel((1, 1)) == 0
        assert near(shown, (0.9, 0.5), (*WHITE, 255))


def test_a_colour_that_stands_for_clear_is_clear(tmp_path: Path) -> None:
    image = Image.new("RGB", (20, 20), RED)
    shown = web(made(tmp_path, "png", encoded(image, "PNG", transparency=RED)))
    assert shown.mode == "RGBA" and shown.getchannel("A").getextrema() == (0, 0)


@pytest.mark.parametrize(
    ("extension", "image", "colour"),
    [
        ("png", Image.new("1", (20, 20), 1), WHITE),
        ("png", Image.new("L", (20, 20), 128), (128, 128, 128)),
        ("png", Image.new("I;16", (20, 20), 128 * 257), (128, 128, 128)),
        ("tif", Image.new("I;16", (20, 20), 128 * 257), (128, 128, 128)),
        ("tif", Image.new("I", (20, 20), 128), (128, 128, 128)),
        ("tif", Image.new("I", (20, 20), 128 * 257), (128, 128, 128)),
        ("tif", Image.new("F", (20, 20), 0.5), (128, 128, 128)),
        ("tif", Image.new("F", (20, 20), 0.0), BLACK),
        ("tif", Image.new("CMYK", (20, 20), (0, 255, 255, 0)), (255, 0, 0)),
        ("jpg", Image.new("CMYK", (20, 20), (0, 255, 255, 0)), (255, 0, 0)),
        ("jpg", Image.new("L", (20, 20), 128), (128, 128, 128)),
        ("tif", Image.new("LAB", (20, 20), (255, 128, 128)), WHITE),
        ("bmp", Image.new("RGB", (20, 20), BLUE), BLUE),
    ],
)
def test_a_picture_of_any_mode_has_its_colours(
    tmp_path: Path, extension: str, image: Image.Image, colour: tuple[int, ...]
) -> None:
    format = {"jpg": "JPEG", "tif": "TIFF"}.get(extension, extension.upper())
    assert near(web(made(tmp_path, extension, encoded(image, format))), (0.5, 0.5), colour)


def test_a_picture_of_sixteen_bits_and_three_colours_is_read(tmp_path: Path) -> None:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    row = b"\0" + struct.pack(">3H", *(value * 257 for value in GREEN)) * 8
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 16, 2, 0, 0, 0))
    content += chunk(b"IDAT", zlib.compress(row * 8)) + chunk(b"IEND", b"")
    assert near(web(made(tmp_path, "png", content)), (0.5, 0.5), GREEN)


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG"])
def test_a_moving_picture_shows_its_beginning(tmp_path: Path, format: str) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in (RED, GREEN, BLUE)]
    content = encoded(frames[0], format, save_all=True, append_images=frames[1:], duration=100)
    shown = web(made(tmp_path, format.lower(), content))
    assert near(shown.convert("RGB"), (0.5, 0.5), RED) and getattr(shown, "n_frames", 1) == 1


@pytest.mark.parametrize("extension", ["jpg", "png", "webp", "tif"])
def test_no_metadata_reaches_a_picture(tmp_path: Path, extension: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SECRET-CAMERA"
    exif[0x8825] = {1: "N", 2: (52.0, 30.0, 0.0)}
    format = {"jpg": "JPEG", "tif": "TIFF"}.get(extension, extension.upper())
    image = Image.new("RGB", (20, 20), RED)
    content = encoded(image, format, exif=exif.tobytes(), icc_profile=_profile(False))
    assert b"SECRET-CAMERA" in content
    file = made(tmp_path, extension, content)
    for name in (file.web, file.thumb):
        path = file.place(name)
        assert path is not None
        assert not {b"EXIF", b"XMP ", b"ICCP"} & {*_chunks(path.read_bytes())}
        assert b"SECRET" not in path.read_bytes()


def _chunks(webp: bytes) -> list[bytes]:
    names, position = [], 12
    while position < len(webp):
        name, size = struct.unpack_from("<4sI", webp, position)
        names.append(name)
        position += 8 + size + size % 2
    return names


# files that cannot be shown


@pytest.mark.parametrize("extension", ["png", "jpg", "webp"])
def test_a_file_that_is_cut_off_is_a_fault_of_that_file_only(tmp_path: Path, extension: str) -> None:
    run = run_of(tmp_path, (extension, sample(extension)[:-1400]), ("png", sample("png")))
    faults: list[PictureFault] = []
    broken, fine = make(run, SETTINGS, report=faults.append)
    assert (broken.web, broken.thumb) == (None, None) and thumb(fine).size == (384, 216)
    assert [(fault.kind, fault.path) for fault in faults] == [("unreadable", run.files[0])]


def test_a_video_that_is_cut_off_is_a_fault(tmp_path: Path) -> None:
    content = sample("mp4")
    assert refused(tmp_path, "mp4", content[: len(content) // 2]).kind == "unreadable"


def test_what_is_not_an_image_is_a_fault(tmp_path: Path) -> None:
    fault = refused(tmp_path, "png", b"This is not an image", kind="image")
    assert fault.why == "its content is of no known format"


@pytest.mark.parametrize("start", [b"%!PS-Adobe-3.0 EPSF-3.0\n", b"#EXTM3U\nhttp://127.0.0.1:9/a.ts\n"])
def test_no_program_and_no_address_in_a_file_is_followed(tmp_path: Path, start: bytes) -> None:
    assert refused(tmp_path, "png", start + b"%%BoundingBox: 0 0 9 9\n" * 99, kind="image").kind == "unreadable"


def test_a_format_that_pillow_does_not_read_has_no_picture_and_no_fault(tmp_path: Path) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>'
    file = made(tmp_path, "svg", svg)
    assert (file.kind, file.mime, file.web) == ("image", "image/svg+xml", None)


def test_an_image_with_too_many_pixels_is_not_decoded(tmp_path: Path) -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    content = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + header
    content += struct.pack(">I", zlib.crc32(b"IHDR" + header)) + struct.pack(">I", 9) + b"IDAT" + zlib.compress(b"\0")
    assert "60,000 × 60,000 pixels" in refused(tmp_path, "png", content).why


def test_a_large_jpeg_is_decoded_at_a_smaller_scale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "MOST_PIXELS", 200_000)
    content = encoded(Image.new("RGB", (2000, 1000), RED), "JPEG")
    assert web(made(tmp_path, "jpg", content, SMALL)).size == (64, 32)
    assert "2,000 × 1,000" in refused(tmp_path / "b", "webp", encoded(Image.new("RGB", (2000, 1000)), "WEBP")).why


def test_an_original_that_cannot_be_read_is_remembered(tmp_path: Path) -> None:
    run = run_of(tmp_path, ("png", sample("png")[:-1400]))
    faults: list[PictureFault] = []
    known: set[Path] = set()
    for _ in range(2):
        make(run, SETTINGS, report=faults.append, unreadable=known)
    assert len(faults) == 1 and known == {*run.files}


def test_a_picture_that_cannot_be_written_is_a_fault(tmp_path: Path) -> None:
    run = run_of(tmp_path, ("png", sample("png")))
    (tmp_path / "web").write_bytes(b"in the way")
    faults: list[PictureFault] = []
    assert make(run, SETTINGS, report=faults.append) == run.outputs
    assert [(fault.kind, str(fault.path)) for fault in faults] == [("unwritable", str(run.files[0]))]
    assert (tmp_path / "web").read_bytes() == b"in the way"


def test_a_run_whose_folder_is_gone_is_left_alone(tmp_path: Path) -> None:
    run = run_of(tmp_path / "run", ("png", sample("png")))
    (tmp_path / "run").rename(tmp_path / "elsewhere")
    assert make(run, SETTINGS, report=lambda fault: pytest.fail(str(fault))) == run.outputs
    assert os.listdir(tmp_path) == ["elsewhere"]


def test_nothing_is_made_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_of(tmp_path, ("png", sample("png")))
    monkeypatch.setattr(derivatives, "find_spec", lambda name: None)
    assert make(run, SETTINGS) == run.outputs and os.listdir(tmp_path) == ["original"]


# what is there already


def _stamps(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.rglob("*.webp")}


def test_only_missing_pictures_are_made(tmp_path: Path) -> None:
    run = run_of(tmp_path, ("png", sample("png")))
    first = make(run, SETTINGS)
    before = _stamps(tmp_path)
    assert make(run, SETTINGS) == make(attrs.evolve(run, outputs=first), SETTINGS) == first
    assert _stamps(tmp_path) == before and len(before) == 2
    (tmp_path / "thumb/0.webp").unlink()
    make(run, SETTINGS)
    after = _stamps(tmp_path)
    assert after.keys() == before.keys()
    assert [name for name in after if after[name] != before[name]] == [str(tmp_path / "thumb/0.webp")]


@pytest.mark.parametrize("broken", [b"", b"RIFF", b"no picture"])
def test_a_broken_picture_is_made_again(tmp_path: Path, broken: bytes) -> None:
    run = run_of(tmp_path, ("png", sample("png")))
    make(run, SETTINGS)
    for name in ("web/0.webp", "thumb/0.webp"):
        whole = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(broken)
        make(run, SETTINGS)
        assert (tmp_path / name).read_bytes() == whole
        (tmp_path / name).write_bytes(whole[:-1])
        make(run, SETTINGS)
        assert (tmp_path / name).read_bytes() == whole


def test_all_pictures_are_made_again_on_request(tmp_path: Path) -> None:
    run = run_of(tmp_path, ("png", sample("png")))
    make(run, SETTINGS)
    (file,) = make(run, SMALL)
    assert max(web(file).size) == 910
    (file,) = make(run, SMALL, only_missing=False)
    assert (max(web(file).size), max(thumb(file).size)) == (64, 16)


def test_pictures_are_for_their_user_only_and_leave_nothing_else(tmp_path: Path) -> None:
    made(tmp_path, "png", sample("png"))
    assert sorted(os.listdir(tmp_path)) == ["original", "thumb", "web"]
    for folder in ("web", "thumb"):
        assert (tmp_path / folder).stat().st_mode & 0o777 == 0o700
        assert os.listdir(tmp_path / folder) == ["0.webp"]
        assert (tmp_path / folder / "0.webp").stat().st_mode & 0o777 == 0o600


def test_a_picture_that_is_not_whole_is_where_it_is_said_to_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_of(tmp_path / "run", ("png", sample("png")))

    def refuse(*args: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(os, "replace", refuse)
    seen: list[list[str]] = []
    monkeypatch.setattr(Path, "write_bytes", lambda self, data: seen.append(os.listdir(tmp_path / "scratch")))
    faults: list[PictureFault] = []
    make(run, SETTINGS, report=faults.append, scratch=tmp_path / "scratch")
    assert [fault.why for fault in faults] == ["OSError: the disk is gone"] and len(seen[0]) == 1
    assert os.listdir(tmp_path / "scratch") == [] and not list((tmp_path / "run").rglob("*.part"))


def test_what_lacks_pictures_is_known(tmp_path: Path) -> None:
    files = [("png", sample("png")), ("mp4", sample("mp4")), ("mp3", sample("mp3")), ("json", b"{}")]
    run = run_of(tmp_path, *files, ("svg", b"<svg xmlns='http://www.w3.org/2000/svg'></svg>"))
    assert [lacks_pictures(file, SETTINGS) for file in run.outputs] == [True, True, False, False, False]
    assert not lacks_pictures(run.outputs[1], DerivativeSettings(poster=False))
    files_made = make(run, SETTINGS)
    assert not any(lacks_pictures(file, SETTINGS) for file in files_made)
    (tmp_path / "thumb/1.webp").write_bytes(b"RIFF")
    assert [lacks_pictures(file, SETTINGS) for file in files_made] == [False, True, False, False, False]
    assert not lacks_pictures(attrs.evolve(files_made[1], stored=True), SETTINGS)


def test_a_link_in_the_place_of_a_picture_is_replaced_not_followed(tmp_path: Path) -> None:
    run = run_of(tmp_path, ("png", sample("png")))
    (tmp_path / "web").mkdir()
    (tmp_path / "web/0.webp").symlink_to(run.files[0])
    before = run.files[0].read_bytes()
    make(run, SETTINGS)
    assert run.files[0].read_bytes() == before and not (tmp_path / "web/0.webp").is_symlink()


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (DerivativeSettings(web=False), (None, "thumb/0.webp", "web/0.webp")),
        (DerivativeSettings(thumb=False), ("web/0.webp", None, "web/0.webp")),
        (DerivativeSettings(poster=False), (None, None, None)),
    ],
)
def test_only_the_pictures_that_are_wanted_are_made(
    tmp_path: Path, settings: DerivativeSettings, expected: tuple[str | None, ...]
) -> None:
    file = made(tmp_path, "mp4", video([RED]), settings)
    assert (file.web, file.thumb, file.poster) == expected
    there = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.webp")}
    assert there == {name for name in expected if name is not None}


def test_pictures_join_a_run_that_changed_meanwhile(tmp_path: Path) -> None:
    run = run_of(tmp_path, ("png", sample("png")), ("jpg", sample("jpg")))
    pictures = make(run, SETTINGS)
    again = attrs.evolve(run.outputs[1], sha256="of another file")
    now = with_pictures(attrs.evolve(run, tags=("new",), outputs=(run.outputs[0], again)), pictures)
    assert now.tags == ("new",) and now.outputs == (pictures[0], again)


def test_a_file_that_is_not_here_is_left_alone(tmp_path: Path) -> None:
    run = run_of(tmp_path, ("png", sample("png")))
    elsewhere = attrs.evolve(run.outputs[0], stored=True)
    unfetched = attrs.evolve(run.outputs[0], name=None)
    given = attrs.evolve(run, outputs=(elsewhere, unfetched))
    assert make(given, SETTINGS, report=lambda fault: pytest.fail(str(fault))) == given.outputs


# videos and sound


def test_a_poster_is_not_black(tmp_path: Path) -> None:
    assert near(web(made(tmp_path, "mp4", video([BLACK, RED]))), (0.5, 0.5), RED)


def test_a_black_video_has_a_black_poster(tmp_path: Path) -> None:
    assert near(web(made(tmp_path, "mp4", video([BLACK]))), (0.5, 0.5), BLACK)


@pytest.mark.parametrize(("second", "colour"), [(0.0, RED), (1.5, GREEN), (2.0, BLUE), (99.0, RED)])
def test_a_poster_is_of_its_second(tmp_path: Path, second: float, colour: tuple[int, int, int]) -> None:
    settings = DerivativeSettings(poster_second=second)
    assert near(web(made(tmp_path, "mp4", video([RED, GREEN, BLUE]), settings)), (0.5, 0.5), colour)


@pytest.mark.parametrize(("degrees", "corner"), [(90, (0.9, 0.1)), (180, (0.9, 0.9)), (270, (0.1, 0.9))])
def test_a_poster_is_upright(tmp_path: Path, degrees: int, corner: tuple[float, float]) -> None:
    file = made(tmp_path, "mp4", turned(video([WHITE], (320, 180), top_left=RED), degrees))
    shown = web(file)
    assert shown.size == ((320, 180) if degrees == 180 else (180, 320))
    for place in ((0.1, 0.1), (0.9, 0.1), (0.1, 0.9), (0.9, 0.9)):
        assert near(shown, place, RED if place == corner else WHITE)


def test_sound_shows_its_cover(tmp_path: Path) -> None:
    content = with_cover(sample("mp3"), encoded(Image.new("RGB", (500, 500), RED), "JPEG"))
    file = made(tmp_path, "mp3", content)
    assert (file.kind, file.width, file.poster) == ("audio", None, None)
    assert web(file).size == (500, 500) and near(web(file), (0.5, 0.5), RED) and thumb(file).size == (384, 384)


# settings


def test_settings_name_all_faults_at_once() -> None:
    with pytest.raises(ConfigError) as fault:
        DerivativeSettings(
            web=1,  # type: ignore[arg-type]
            web_side=0,
            thumb_side=16_384,
            web_quality=101,
            thumb_quality=True,
            poster_second=float("nan"),
        )
    text = str(fault.value)
    for name in ("web must", "web_side", "thumb_side", "web_quality", "thumb_quality", "poster_second"):
        assert name in text


def test_settings_are_frozen() -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        SETTINGS.web = False  # type: ignore[misc]


def test_quality_matters(tmp_path: Path) -> None:
    image = Image.effect_noise((600, 600), 80)
    sizes = [
        os.path.getsize(
            made(tmp_path / str(quality), "png", encoded(image, "PNG"), DerivativeSettings(web_quality=quality)).place(
                "web/0.webp"
            )
            or ""
        )
        for quality in (5, 95)
    ]
    assert sizes[0] < sizes[1] / 2


def test_runs_need_no_outputs(tmp_path: Path) -> None:
    run: Run = run_of(tmp_path)
    assert make(run, SETTINGS) == ()
