"""Whether a file holds a C2PA manifest: by the places that its format has for one, and by nothing else."""

from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from kie._library.c2pa import has_manifest
from kie._library.derivatives import make
from kie._library.file_facts import facts_of
from kie._library.settings import DerivativeSettings
from tests.library.media import RED, encoded, run_of, sample, video

STORE = bytes.fromhex("63327061001100108000 00AA00389B71".replace(" ", ""))
OTHER = bytes.fromhex("6A736F6E001100108000 00AA00389B71".replace(" ", ""))
PICTURE = Image.new("RGB", (30, 20), RED)


def box(name: bytes, content: bytes, *, long: bool = False) -> bytes:
    if long:
        return struct.pack(">I4sQ", 1, name, 16 + len(content)) + content
    return struct.pack(">I4s", 8 + len(content), name) + content


def jumbf(kind: bytes = STORE, label: bytes = b"c2pa", *, long: bool = False) -> bytes:
    description = box(b"jumd", kind + b"\x03" + label + b"\0")
    return box(b"jumb", description + box(b"json", b"{}" * 40), long=long)


def in_jpeg(content: bytes, name: bytes = b"JP", marker: int = 0xEB, before: bytes = b"") -> bytes:
    jpeg = encoded(PICTURE, "JPEG")
    payload = name + struct.pack(">HI", 1, 1) + content
    segment = bytes([0xFF, marker]) + struct.pack(">H", 2 + len(payload)) + payload
    return jpeg[:2] + before + segment + jpeg[2:]


def in_png(content: bytes, name: bytes = b"caBX") -> bytes:
    png = encoded(PICTURE, "PNG")
    chunk = struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
    return png[:33] + chunk + png[33:]


def in_riff(riff: bytes, content: bytes, name: bytes = b"C2PA") -> bytes:
    grown = riff + name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
    return grown[:4] + struct.pack("<I", len(grown) - 8) + grown[8:]


def in_mp4(content: bytes, kind: str = "D8FEC3D61B0E483C92975828877EC481", *, long: bool = False) -> bytes:
    body = bytes.fromhex(kind) + bytes(4) + b"manifest\0" + bytes(8) + content
    return video([RED]) + box(b"uuid", body, long=long)


def in_gif(name: bytes = b"C2PA_GIF\x01\0\0") -> bytes:
    gif = encoded(PICTURE, "GIF")
    start = 13 + (3 << (gif[10] & 7) + 1 if gif[10] & 0x80 else 0)
    pieces = b"".join(bytes([len(piece)]) + piece for piece in (jumbf()[:100], jumbf()[100:])) + b"\0"
    return gif[:start] + b"!\xff\x0b" + name + pieces + gif[start:]


def in_tiff(order: str, tag: int = 0xCD41) -> bytes:
    content = jumbf()
    entries = struct.pack(f"{order}HHII", 256, 3, 1, 1) + struct.pack(f"{order}HHII", tag, 7, len(content), 38)
    start = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, 8)
    return start + struct.pack(f"{order}H", 2) + entries + struct.pack(f"{order}I", 0) + content


def in_id3(version: int, media_type: bytes = b"application/x-c2pa-manifest-store", extended: bool = False) -> bytes:
    def number(value: int, safe: bool) -> bytes:
        shifts = (21, 14, 7, 0) if safe else (24, 16, 8, 0)
        return bytes(value >> shift & (0x7F if safe else 0xFF) for shift in shifts)

    def frame(name: bytes, body: bytes) -> bytes:
        if version == 2:
            return name[:3] + number(len(body), False)[1:] + body
        return name + number(len(body), version == 4) + b"\0\0" + body

    frames = frame(b"TIT2", b"\0" + b"x" * 300) + frame(b"GEOB", b"\0" + media_type + b"\0c2pa\0\0" + jumbf())
    if extended:
        frames = (number(6, True) + b"\x01\0" if version == 4 else number(6, False) + bytes(6)) + frames
    head = b"ID3" + bytes([version, 0, 0x40 if extended else 0]) + number(len(frames) + 20, True)
    return head + frames + bytes(20) + sample("mp3")


def in_jxl(content: bytes) -> bytes:
    return (
        b"\0\0\0\x0cJXL \r\n\x87\n"
        + box(b"ftyp", b"jxl \0\0\0\0jxl ")
        + content
        + box(b"jxlc", b"\xff\x0a" + bytes(40))
    )


WITH = {
    "jpeg": in_jpeg(jumbf()),
    "jpeg, a long box": in_jpeg(jumbf(long=True)),
    "jpeg, by its label": in_jpeg(jumbf(OTHER)),
    "jpeg, after others": in_jpeg(jumbf(), before=b"\xff\xe1\0\x08Exif\0\0\xff\xff\xeb\0\x04ab"),
    "png": in_png(jumbf()),
    "webp": in_riff(encoded(PICTURE, "WEBP"), jumbf()),
    "wav": in_riff(sample("wav"), jumbf()),
    "mp4": in_mp4(jumbf()),
    "mp4, a long box": in_mp4(jumbf(), long=True),
    "mp4, before its media": box(b"ftyp", b"isom" + bytes(4)) + in_mp4(jumbf())[len(video([RED])) :],
    "gif": in_gif(),
    "tiff, little": in_tiff("<"),
    "tiff, big": in_tiff(">"),
    "mp3, ID3v2.2": in_id3(2),
    "mp3, ID3v2.3": in_id3(3),
    "mp3, ID3v2.4": in_id3(4),
    "mp3, the older type": in_id3(3, b"application/c2pa"),
    "mp3, ID3v2.3 with an extended header": in_id3(3, extended=True),
    "mp3, ID3v2.4 with an extended header": in_id3(4, extended=True),
    "jxl": in_jxl(jumbf()),
}
WITHOUT = {
    **{extension: sample(extension) for extension in ("png", "jpg", "webp", "mp4", "mp3", "wav", "json")},
    "gif": encoded(PICTURE, "GIF"),
    "tiff": encoded(PICTURE, "TIFF"),
    "jpeg, another box": in_jpeg(jumbf(OTHER, b"json")),
    "jpeg, another segment": in_jpeg(jumbf(), marker=0xED),
    "jpeg, of another use": in_jpeg(jumbf(), name=b"HD"),
    "jpeg, after the picture": encoded(PICTURE, "JPEG") + in_jpeg(jumbf())[2:],
    "jpeg, in a comment": encoded(PICTURE, "JPEG", comment=b"\xff\xeb" + jumbf()),
    "png, in a text": in_png(b"Comment\0caBX" + jumbf(), b"tEXt"),
    "webp, in another chunk": in_riff(encoded(PICTURE, "WEBP"), b"C2PA" + jumbf(), b"XMP "),
    "mp4, another box": in_mp4(b"", "BE7ACFCB97A942E89C71999491E3AFAC"),
    "mp4, in its media": box(b"ftyp", b"isom" + bytes(4)) + box(b"mdat", in_mp4(jumbf())),
    "gif, another extension": in_gif(b"NETSCAPE2.0"),
    "tiff, another tag": in_tiff("<", 0x8773),
    "mp3, another object": in_id3(3, b"application/json"),
    "jxl": in_jxl(b""),
    "text": b"c2pa" + jumbf(),
    "nothing": b"",
}


@pytest.mark.parametrize("name", WITH)
def test_a_manifest_is_noticed(name: str) -> None:
    assert has_manifest(io.BytesIO(WITH[name]))


@pytest.mark.parametrize("name", WITHOUT)
def test_what_is_not_in_its_place_is_not_a_manifest(name: str) -> None:
    assert not has_manifest(io.BytesIO(WITHOUT[name]))


@pytest.mark.parametrize("name", ["jpeg", "png", "webp", "wav", "mp4", "gif", "mp3, ID3v2.3"])
def test_a_file_with_a_manifest_is_shown_and_stays_as_it_is(tmp_path: Path, name: str) -> None:
    run = run_of(tmp_path, (name[:3], WITH[name]))
    (file,) = run.outputs
    os.utime(run.files[0], ns=(10**18, 10**18))
    (made,) = make(run, DerivativeSettings(), report=lambda fault: pytest.fail(str(fault)))
    assert file.c2pa and made.c2pa and (made.web is not None) == (file.kind != "audio")
    assert facts_of(run.files[0]).sha256 == file.sha256 and run.files[0].stat().st_mtime_ns == 10**18
    assert run.files[0].read_bytes() == WITH[name]


@pytest.mark.parametrize("name", WITH)
def test_a_file_that_is_cut_anywhere_is_read_to_its_end(tmp_path: Path, name: str) -> None:
    path = tmp_path / "cut"
    for length in range(0, min(len(WITH[name]), 700), 7):
        path.write_bytes(WITH[name][:length])
        assert facts_of(path).c2pa in (True, False)


class Counting(io.BytesIO):
    """Counts what is read of it."""

    reads = 0
    count = 0

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        self.reads += 1
        self.count += len(found)
        return found


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a directory that is its own successor", b"II*\0\x08\0\0\0\0\0\x08\0\0\0" + bytes(20)),
        ("fill without end", b"\xff\xd8" + b"\xff" * 2_000_000),
        ("segments of no length", b"\xff\xd8" + b"\xff\xd0" * 1_000_000),
        ("empty chunks", b"\x89PNG\r\n\x1a\n" + bytes(2_000_000)),
        ("empty boxes", box(b"ftyp", b"isom") + box(b"free", b"") * 250_000),
        ("pieces of one byte", b"GIF89a\1\0\1\0\0\0\0!\xfe" + b"\1x" * 1_000_000),
        ("empty pictures", b"GIF89a\1\0\1\0\0\0\0" + (b"," + bytes(9) + b"\2\0") * 200_000),
        ("empty frames", b"ID3\3\0\0\0\x7f\x7f\x7f" + b"TIT2\0\0\0\0\0\0" * 200_000),
    ],
)
def test_a_hostile_file_is_walked_for_a_while_only(name: str, content: bytes) -> None:
    file = Counting(content)
    assert not has_manifest(file)
    assert file.reads < 300_100


def test_only_headers_are_read() -> None:
    content = in_png(jumbf(), b"caBX")
    large = content[:33] + struct.pack(">I", 50_000_000) + b"tEXt" + bytes(50_000_004) + content[33:]
    file = Counting(large)
    assert has_manifest(file) and file.count < 200
