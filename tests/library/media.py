"""Files for the tests of pictures, and runs that made them."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import av
from PIL import Image

from kie._library.file_facts import facts_of
from kie._library.run import Run, RunFile
from kie.simulator._sample_media import Recipe, make

RED, GREEN, BLUE, WHITE, BLACK = (220, 30, 30), (30, 200, 40), (30, 40, 220), (255, 255, 255), (0, 0, 0)


def sample(extension: str, ratio: tuple[int, int] = (16, 9)) -> bytes:
    """A file as the simulator makes it."""
    return make(Recipe(extension=extension, ratio=ratio, text="A lighthouse"))


def run_of(folder: Path, *files: tuple[str, bytes], **more: Any) -> Run:
    """A run whose originals are these files, by their extensions."""
    (folder / "original").mkdir(parents=True, exist_ok=True)
    outputs = []
    for index, (extension, content) in enumerate(files):
        name = f"original/{index}.{extension}"
        (folder / name).write_bytes(content)
        facts = attrs.asdict(facts_of(folder / name))
        outputs.append(RunFile(role="output", index=index, name=name, folder=folder, **facts))
    at = datetime(2026, 11, 26, 12, tzinfo=UTC)
    given: dict[str, Any] = {"id": "abc", "model": "nano-banana-pro", "state": "succeeded", "submitted_at": at, **more}
    return Run(folder=folder, outputs=tuple(outputs), **given)


def encoded(image: Image.Image, format: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def opened(path: Path | None) -> Image.Image:
    """A picture, in memory."""
    assert path is not None
    return Image.open(io.BytesIO(path.read_bytes()))


def near(image: Image.Image, place: tuple[float, float], colour: tuple[int, ...]) -> bool:
    """Whether a spot has about a colour. Its place is in parts of the sides."""
    found: Any = image.getpixel((int(place[0] * (image.width - 1)), int(place[1] * (image.height - 1))))
    return all(abs(one - other) < 24 for one, other in zip(found, colour, strict=True))


def video(
    colours: Sequence[tuple[int, int, int]],
    size: tuple[int, int] = (320, 180),
    *,
    sound: bool = False,
    rate: int = 24,
    top_left: tuple[int, int, int] | None = None,
) -> bytes:
    """An MP4 that shows each colour for a second, perhaps with another in its upper left quarter, and with a tone."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream: Any = container.add_stream("libx264", rate=rate, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        tone: Any = container.add_stream("aac", rate=44_100, layout="stereo") if sound else None
        for second, colour in enumerate(colours):
            picture = Image.new("RGB", size, colour)
            if top_left is not None:
                picture.paste(top_left, (0, 0, size[0] // 2, size[1] // 2))
            frame = _frame(picture).reformat(format="yuv420p")
            for number in range(second * rate, (second + 1) * rate):
                frame.pts, frame.time_base = number, Fraction(1, rate)
                container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if tone is not None:
            for number in range(len(colours) * 44_100 // 1024):
                silence = av.AudioFrame(format="fltp", layout="stereo", samples=1024)
                for plane in silence.planes:
                    plane.update(bytes(plane.buffer_size))
                silence.sample_rate, silence.pts, silence.time_base = 44_100, number * 1024, Fraction(1, 44_100)
                container.mux(tone.encode(silence))
            container.mux(tone.encode(None))
    return out.getvalue()


def _frame(picture: Image.Image) -> Any:
    make: Any = av.VideoFrame.from_image
    return make(picture)


def turned(content: bytes, degrees: int) -> bytes:
    """An MP4 that says of its first track that it is to be shown turned to the right."""
    across, down = {90: (0, 1), 180: (-1, 0), 270: (0, -1)}[degrees]
    matrix = struct.pack(">9i", *(v << 16 for v in (across, down, 0, -down, across, 0, 0, 0)), 1 << 30)
    start = content.index(b"tkhd") + 4
    start += 40 if content[start] == 0 else 52
    return content[:start] + matrix + content[start + 36 :]


def with_cover(mp3: bytes, cover: bytes) -> bytes:
    """An MP3 that has a JPEG in a tag of its own."""
    body = b"\0image/jpeg\0\x03\0" + cover
    frame = b"APIC" + struct.pack(">IH", len(body), 0) + body
    size = bytes(len(frame) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + size + frame + mp3[_tag(mp3) :]


def _tag(mp3: bytes) -> int:
    if mp3[:3] != b"ID3":
        return 0
    return 10 + sum((byte & 0x7F) << shift for byte, shift in zip(mp3[6:10], (21, 14, 7, 0), strict=True))
