"""What a download turns out to be, to the byte."""

from __future__ import annotations

import io
import struct

import pytest

from kie._io import received
from kie._io.received import Unfit, extension_of

WEB_PAGE = b"<!DOCTYPE html><html><body>no</body></html>"


def seen(body: bytes, url: str = "https://a.example/x", kind: str = "file", type: str = "", framed: bool = True) -> str:
    """The extension, or what is wrong: in words that say which."""
    try:
        return extension_of(io.BytesIO(body), url, kind, type, framed=framed)
    except Unfit as fault:
        words = ("empty", "cut off", "web page", "text", "program", "no model makes", "not JSON", "not ")
        return next(word for word in words if word in str(fault)).strip()


def whole(body: bytes, **more: str) -> str:
    """The extension if the content itself shows its end, `open` if only the protocol does, else what is wrong."""
    closed = seen(body, framed=True, **more)
    return closed if seen(body, framed=False, **more) == closed else "open"


# what is no medium

UNKNOWN = bytes(range(1, 17))


@pytest.mark.parametrize(
    ("kind", "url", "type", "found"),
    [
        ("file", "https://a.example/x", "", ".bin"),
        ("file", "https://a.example/x.bin", "", ".bin"),
        ("file", "https://a.example/x.exe", "", "not"),
        ("image", "https://a.example/x", "", "not"),
        ("image", "https://a.example/x", " Video/x-new", ".bin"),
        ("file", "https://a.example/x.exe", "audio/x-new", ".bin"),
        ("image", "https://a.example/x", "application/video", "not"),
    ],
)
def test_bytes_that_nobody_knows_are_kept_if_nothing_speaks_against_it(
    kind: str, url: str, type: str, found: str
) -> None:
    assert seen(UNKNOWN, url, kind, type) == found
    assert found != ".bin" or whole(UNKNOWN, url=url, kind=kind, type=type) == "open"


def test_nothing_is_no_file() -> None:
    assert seen(b"") == "empty"


@pytest.mark.parametrize(
    ("body", "name", "kind", "type", "found"),
    [
        (b'{"a": 1}', "x.json", "file", "", ".json"),
        (b" [1]", "x.JSON", "file", "", ".json"),
        (b"\xef\xbb\xbf [1", "x.json", "file", "", "cut off"),
        (b"{a}", "x.txt", "file", "", ".txt"),
        (b"words", "x.srt", "file", "text/plain", ".srt"),
        (b"words", "x.srt", "file", "", "not"),
        (b"words", "x.svg", "file", "text/plain", "text"),
        (b"words", "x.png", "file", "text/plain", "text"),
        (b"words", "x", "file", "text/plain", "text"),
        (b"[1]", "x.json", "image", "", "text"),
        (WEB_PAGE, "x.txt", "file", "", "web page"),
        (b"<svg ></svg>", "x.svg", "image", "", ".svg"),
        (b"<svg width='1'/>\n", "x", "image", "", ".svg"),
        (b"<svg >", "x.svg", "image", "", "cut off"),
        (b"<svg ><HTML></svg>", "x.svg", "image", "", "web page"),
        (b"<?xml version='1.0'?><a></a>", "x.svg", "image", "", "web page"),
    ],
)
def test_a_text_comes_only_where_the_url_names_one_and_the_model_makes_no_medium(
    body: bytes, name: str, kind: str, type: str, found: str
) -> None:
    assert whole(body, url=f"https://a.example/{name}", kind=kind, type=type) == found


def test_json_is_read_to_its_end_unless_it_is_very_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(received, "_MAX_JSON", 10)
    assert seen(b"[" * 10, "https://a.example/x.json") == "cut off"
    assert seen(b"[" * 11, "https://a.example/x.json") == ".json"


def test_what_is_json_is_read_up_to_32_mebibytes() -> None:
    broken = b"[" + b"1" * 32 * 2**20
    assert seen(broken[:-1], "https://a.example/x.json") == "cut off"
    assert seen(broken, "https://a.example/x.json") == ".json"


def test_an_end_is_looked_for_in_the_last_64_kibibytes_and_a_tag_in_the_first_8() -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(8) + b"IEND\xaeB`\x82"
    assert seen(picture + bytes(65_528)) == ".png"
    assert seen(picture + bytes(65_529)) == "cut off"
    comment = b"<?xml version='1.0'?><!--%s-->"
    assert seen(comment % bytes(8_000) + b"<svg ></svg>", kind="image") == ".svg"
    assert seen(comment % bytes(8_200) + b"<svg ></svg>", kind="image") == "web page"


# formats


@pytest.mark.parametrize("second", [0xE2, 0xE3, 0xE4, 0xE5, 0xEA, 0xFC])
def test_mpeg_audio_without_a_tag_is_known_in_every_version_and_layer(second: int) -> None:
    assert seen(bytes([0xFF, second, 0, 0])) == ".mp3"


@pytest.mark.parametrize("head", [b"\xff\xe2\x00", b"\x00\xe2\x00\x00", b"\xff\xe0\x00\x00", b"\xff\xe6\x00\x00"])
def test_what_has_no_frame_of_mpeg_audio_is_none(head: bytes) -> None:
    assert seen(head, kind="audio") == "not"


def test_a_program_is_refused_whatever_the_server_calls_it() -> None:
    assert seen(b"MZ" + bytes(100), "https://a.example/x.mp4", "video", "video/mp4") == "no model makes"


# ends


def riff(stated: int, size: int) -> bytes:
    return (b"RIFF" + struct.pack("<I", stated) + b"WAVEfmt ").ljust(size, b"\x01")


def aiff(stated: int, size: int) -> bytes:
    return (b"FORM" + struct.pack(">I", stated) + b"AIFFCOMM").ljust(size, b"\x01")


def glb(stated: int, size: int) -> bytes:
    return (b"glTF" + struct.pack("<II", 2, stated)).ljust(size, b"\x01")


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (riff(92, 100), ".wav"),
        (riff(93, 100), "cut off"),
        (riff(1, 100), ".wav"),
        (riff(0, 100), "open"),
        (riff(0xFFFFFFFF, 100), "open"),
        (aiff(92, 100), ".aiff"),
        (aiff(93, 100), "cut off"),
        (glb(100, 100), ".glb"),
        (glb(101, 100), "cut off"),
    ],
)
def test_a_file_that_states_its_length_is_that_long(body: bytes, found: str) -> None:
    assert whole(body) == found


def ogg(flags: int) -> bytes:
    return b"OggS\x00\x02" + bytes(50) + b"OggS\x00" + bytes([flags])


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (ogg(4), ".ogg"),
        (ogg(5), ".ogg"),
        (ogg(0), "cut off"),
        (ogg(1), "cut off"),
        (ogg(4)[:-1], "cut off"),
        (b"OggS\x00\x02" + b"\xff" * 70_000, "cut off"),
    ],
)
def test_an_ogg_file_ends_with_a_page_that_says_so(body: bytes, found: str) -> None:
    assert whole(body) == found


def box(name: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I4s", 8 + len(body), name) + body


def long_box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4sQ", 1, name, 16 + len(body)) + body


FTYP = box(b"ftyp", b"isom\0\0\2\0isomiso2")


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (FTYP + box(b"moov"), ".mp4"),
        (FTYP + box(b"moov", b"12345"), ".mp4"),
        (FTYP + box(b"moov", b"12345")[:-1], "cut off"),
        (FTYP + box(b"mdat", b"12345"), "cut off"),
        (FTYP + long_box(b"moov", b"x"), ".mp4"),
        (FTYP + long_box(b"moov", b"x")[:-1], "cut off"),
        (FTYP + long_box(b"mdat", b"x") + box(b"meta"), ".mp4"),
        (FTYP + box(b"moov") + struct.pack(">I4s", 0, b"mdat") + b"to the end", "open"),
        (FTYP + box(b"moov") + b"\0\0\0\4\xff\xff\xff\xff", ".mp4"),
        (FTYP + b"\0\0\0\7moov", "cut off"),
        (FTYP + struct.pack(">I4s", 2, b"mdat") + box(b"moov"), "cut off"),
    ],
)
def test_an_mp4_file_is_a_row_of_whole_boxes_with_a_table_of_contents(body: bytes, found: str) -> None:
    assert whole(body) == found


def number(value: int, length: int) -> bytes:
    return (value | 1 << 7 * length).to_bytes(length, "big")


def webm(stated: int | None, length: int, size: int) -> bytes:
    doctype = b"\x42\x82\x84webm"
    header = b"\x1a\x45\xdf\xa3" + number(len(doctype), 1) + doctype
    segment = number((1 << 7 * length) - 1 if stated is None else stated, length)
    return header + b"\x18\x53\x80\x67" + segment + bytes(size)


@pytest.mark.parametrize("length", [1, 2, 8])
def test_a_webm_file_has_a_header_and_a_whole_segment(length: int) -> None:
    assert whole(webm(101, length, 101)) == ".webm"
    assert whole(webm(101, length, 100)) == "cut off"
    assert whole(webm(100, length, 99)) == "cut off"
    assert whole(webm(None, length, 100)) == "open"
    assert whole(webm(101, length, 0)[: -length - 4]) == "cut off"
