"""Simulator: makes the small but real files that simulated tasks yield. May import `_core`.

Everything here is a pure function of its arguments; Pillow and PyAV are imported when a file is made.
"""

from __future__ import annotations

import hashlib
import io
import math
import re
from array import array
from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import attrs

from kie._core.errors import ConfigError

IMAGE = (512, 2**21)
"""The shorter side in pixels, and the most pixels. Like the figures below, they suit every model that takes such a file
(`tests/simulator/test_chains.py`)."""
VIDEO = (720, 1280 * 720)
"""The same for videos."""
VIDEO_SECONDS = 3
FRAME_RATE = 24
AUDIO_SECONDS = 6
AUDIO_RATE = 44_100
SECONDS = {"mp4": VIDEO_SECONDS, "mp3": AUDIO_SECONDS, "wav": AUDIO_SECONDS}
"""Duration of each kind of file in seconds, by its extension."""

_NAMED_RATIOS = {"portrait_4_3": (3, 4), "portrait_16_9": (9, 16), "landscape_4_3": (4, 3), "landscape_16_9": (16, 9)}
_RATIO = re.compile(r"(\d{1,5})[:x*](\d{1,5})")
_IMAGES = {"png": "png", "jpg": "jpeg", "jpeg": "jpeg", "webp": "webp"}
CONTENT_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "mp4": "video/mp4",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "json": "application/json",
}


@attrs.frozen(kw_only=True)
class Recipe:
    """What a file is made from: its format (an extension), its proportions, and a text shown on it."""

    extension: str
    ratio: tuple[int, int] = (1, 1)
    text: str = ""
    index: int = 0

    @property
    def content_type(self) -> str:
        """The media type of the file."""
        return CONTENT_TYPES[self.extension]


_PACKAGES = {"PIL": "Pillow", "av": "PyAV", "python_multipart": "python-multipart"}


def needed(module: str) -> Any:
    """Import an optional dependency. Raises `ConfigError`, which says what to install."""
    try:
        return import_module(module)
    except ImportError as error:
        name = _PACKAGES.get(module.partition(".")[0], module)
        raise ConfigError(f"the simulator needs {name}: pip install 'kie[simulator]'") from error


def present(*modules: str) -> None:
    """Raise `ConfigError` if one of these is not installed. Nothing is imported."""
    for module in modules:
        if find_spec(module) is None:
            raise ConfigError(f"the simulator needs {_PACKAGES.get(module, module)}: pip install 'kie[simulator]'")


def recipe(kind: str, fields: Mapping[str, object], index: int = 0) -> Recipe:
    """Make the recipe for a result of this kind, with the format and the proportions that the input requests."""
    wanted = str(fields.get("output_format") or "").lower()
    if kind == "audio":
        extension = "wav" if wanted.startswith(("wav", "pcm")) else "mp3"
    elif kind == "video":
        extension = "mp4"
    else:
        extension = wanted if wanted in _IMAGES else "png"
    return Recipe(extension=extension, ratio=ratio(fields), text=_text(fields), index=index)


def ratio(fields: Mapping[str, object]) -> tuple[int, int]:
    """Width to height, from whichever field states it; square if no field does."""
    for name in ("aspect_ratio", "aspectRatio", "image_size", "size"):
        value = str(fields.get(name) or "")
        if value in _NAMED_RATIOS:
            return _NAMED_RATIOS[value]
        match = _RATIO.fullmatch(value)
        if match and int(match[1]) and int(match[2]):
            return int(match[1]), int(match[2])
    return 1, 1


def _text(fields: Mapping[str, object]) -> str:
    for value in (fields.get("prompt"), fields.get("text")):
        if isinstance(value, str) and value:
            return value[:400]
    return "simulated"


def sides(proportions: tuple[int, int], shorter: int, pixels: int) -> tuple[int, int]:
    """Even sides in pixels, as long as `shorter` and the total number of pixels allow."""
    wide, high = proportions
    scale = min(shorter / min(wide, high), math.sqrt(pixels / (wide * high)))
    return round(wide * scale / 2) * 2, round(high * scale / 2) * 2


def make(what: Recipe) -> bytes:
    """Make the file. Raises `ConfigError` if Pillow or PyAV is missing."""
    match what.extension:
        case "mp4":
            return _video(what)
        case "mp3" | "wav":
            return _audio(what)
        case "json":
            return b"{}"
        case _:
            out = io.BytesIO()
            _picture(what, sides(what.ratio, *IMAGE)).save(out, _IMAGES[what.extension])
            return out.getvalue()


def _picture(what: Recipe, size: tuple[int, int], shift: float = 0.0) -> Any:
    """A gradient with the text on it. The text determines its two colours."""
    image, draw = needed("PIL.Image"), needed("PIL.ImageDraw")
    digest, (width, height) = _digest(what), size
    top, bottom = tuple(byte // 2 for byte in digest[:3]), tuple(128 + byte // 2 for byte in digest[3:6])
    mask = image.linear_gradient("L").resize(size)
    if shift:
        mask = mask.point([(value + round(shift * 255)) % 256 for value in range(256)])
    picture = image.composite(image.new("RGB", size, bottom), image.new("RGB", size, top), mask)
    line = max(1, (width - 12) // 6)
    shown = what.text.encode("ascii", "replace").decode()
    lines = [shown[start : start + line] for start in range(0, len(shown), line)][: max(1, (height - 12) // 12)]
    draw.Draw(picture).multiline_text((6, 6), "\n".join(lines), fill=(255, 255, 255))
    return picture


def _digest(what: Recipe) -> bytes:
    return hashlib.sha256(f"{what.text}\0{what.index}".encode("utf-8", "surrogatepass")).digest()


def _video(what: Recipe) -> bytes:
    """A video that shows one picture for each second."""
    av = needed("av")
    codec = "h264" if "libx264" in av.codecs_available else "mpeg4"
    out, size = io.BytesIO(), sides(what.ratio, *VIDEO)
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream(codec, rate=FRAME_RATE, options={"preset": "ultrafast", "crf": "40"})
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        for second in range(VIDEO_SECONDS):
            picture = av.VideoFrame.from_image(_picture(what, size, second / VIDEO_SECONDS)).reformat(format="yuv420p")
            for number in range(second * FRAME_RATE, (second + 1) * FRAME_RATE):
                picture.pts = number
                container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return out.getvalue()


def _audio(what: Recipe) -> bytes:
    """A tone whose pitch depends on the text."""
    av = needed("av")
    step = (220 + 2 * _digest(what)[0]) * math.tau / AUDIO_RATE
    second = array("h", (round(8000 * math.sin(step * number)) for number in range(AUDIO_RATE)))
    codec, container_format = ("pcm_s16le", "wav") if what.extension == "wav" else ("libmp3lame", "mp3")
    out = io.BytesIO()
    with av.open(out, "w", format=container_format) as container:
        stream = container.add_stream(codec, rate=AUDIO_RATE, layout="mono")
        frame = av.AudioFrame(format="s16", layout="mono", samples=AUDIO_RATE * AUDIO_SECONDS)
        frame.sample_rate, frame.pts = AUDIO_RATE, 0
        frame.planes[0].update((second * AUDIO_SECONDS).tobytes())
        resampler = av.AudioResampler(format=stream.format, layout=stream.layout, rate=AUDIO_RATE)
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return out.getvalue()
