"""Library: a picture of a file: the image itself, a frame of a video, or the cover of a sound. May import `_io`.

Pillow and PyAV are imported when a picture is made. Files are opened to be read, as what their content is, and within
bounds of time and size. No metadata reaches a picture: no position, no camera, no profile.
"""

from __future__ import annotations

import io
import math
import struct
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kie._io.content import Unreadable, on_disk, reason_of
from kie._io.local_media import opened
from kie._library.file_facts import format_and_type

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS = 100_000_000
"""Pixels of an image or a frame that is decoded. Of a JPEG those count that are left when it is read at a smaller
scale."""
_FRAMES_TO_THE_SECOND = 1500
"""Frames that are decoded on the way to the second of a poster: from the last one that stands alone."""
_FRAMES_IN_THE_DARK = 72
"""Frames that are passed over because they are black."""
_BLACK = 32
"""A frame is black if no spot of it is as bright as this, of 255."""
_ORIENTATION = 0x0112
_CLEAR = frozenset({"LA", "PA", "La", "RGBa", "RGBA"})
_DEEP = frozenset({"I", "F"})


def picture_of(path: Path, side: int, second: float = 0.0) -> Image | None:
    """Make a picture of a file: upright, in sRGB, with its transparency if it has any, and without metadata.

    Args:
        path: The file.
        side: Pixels that its longer side has at most.
        second: From which second of a video on a frame is looked for.

    Returns:
        The picture, RGB or RGBA; None for a file of which there is none, such as sound without a cover.

    Raises:
        Unreadable: The file is broken, too large, or not to be read.
        ImportError: Pillow is not installed, or PyAV where that is needed.
    """
    try:
        content = on_disk(str(path), path.name)
        encoding, mime = format_and_type(content, path)
        match mime.partition("/")[0]:
            case "image":
                reader = _readers().get(encoding)
                if reader is None:
                    return None
                with content.open() as file:
                    return _of_image(reader(file, ""), side)
            case "video" | "audio":
                with opened(content, encoding) as container:
                    return _of_container(container, side, second, any_frame=mime.startswith("audio/"))
            case _:
                raise Unreadable("its content is of no known format")
    except (Unreadable, ImportError):
        raise
    except Exception as fault:
        raise Unreadable(f"it cannot be decoded: {reason_of(fault)}") from fault


def _readers() -> dict[str, Callable[..., Any]]:
    """Pillow's reader of each format. `Image.open` would try others, too, of which one starts a program."""
    from PIL import BmpImagePlugin, GifImagePlugin, JpegImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin

    readers: dict[str, Callable[..., Any]] = {
        "png": PngImagePlugin.PngImageFile,
        "apng": PngImagePlugin.PngImageFile,
        "jpeg": JpegImagePlugin.JpegImageFile,
        "webp": WebPImagePlugin.WebPImageFile,
        "gif": GifImagePlugin.GifImageFile,
        "bmp": BmpImagePlugin.BmpImageFile,
        "tiff": TiffImagePlugin.TiffImageFile,
    }
    with suppress(ImportError):  # Pillow reads it since 11.3
        from PIL import AvifImagePlugin

        readers["avif"] = AvifImagePlugin.AvifImageFile
    return readers


def _of_image(image: Any, side: int) -> Image:
    image.draft(None, (2 * side, 2 * side))  # a JPEG is read at an eighth of its sides, say
    _bounded(image.width, image.height)
    image.load()
    orientation = 1
    if image.format != "TIFF":  # Pillow turns those itself, and some versions still say that they are to be turned
        with suppress(Exception):  # of a broken block of metadata
            orientation = image.getexif().get(_ORIENTATION, 1)
    profile = image.info.get("icc_profile")
    image = _in_srgb(smaller(_simple(image), side), profile)
    return _plain(_upright(image, orientation))


def _bounded(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise Unreadable(f"it has {width:,} × {height:,} pixels; a picture is made of at most {MOST_PIXELS:,}")


def _simple(image: Any) -> Any:
    """An image of a mode that can be made smaller, and that profiles are of: L, RGB, CMYK, or RGBA."""
    if image.mode in _CLEAR or "transparency" in image.info:
        return image if image.mode == "RGBA" else image.convert("RGBA")
    if image.mode.startswith("I;16") or image.mode in _DEEP:
        return _of_depth(image)
    if image.mode in {"L", "RGB", "CMYK"}:
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _of_depth(image: Any) -> Any:
    """Grey of 16 bits or more, in 8: Pillow itself would cut off what is above 255."""
    deep = image if image.mode in _DEEP else image.convert("I")
    _, highest = deep.getextrema()
    tops = (65535,) if image.format == "PNG" or image.mode not in _DEEP else (1, 255, 65535, 2**31)
    scale = 255 / next((top for top in tops if highest <= top), max(highest, 1))
    return deep.point(lambda value: value * scale).convert("L")


def smaller(image: Any, side: int) -> Any:
    """An image whose longer side has at most `side` pixels. It is never made larger."""
    from PIL.Image import Resampling

    scale = side / max(image.size)
    if scale >= 1:
        return image
    size = tuple(max(1, round(length * scale)) for length in image.size)
    return image.resize(size, Resampling.LANCZOS, reducing_gap=3.0)


def _in_srgb(image: Any, profile: bytes | None) -> Any:
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile:
        with suppress(Exception):  # a broken profile, one of another kind, or a Pillow without colour management
            from PIL import ImageCms

            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    return image.convert(mode)


def _upright(image: Any, orientation: object) -> Any:
    from PIL.Image import Transpose

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    return image.transpose(turns[orientation]) if isinstance(orientation, int) and orientation in turns else image


def _plain(image: Any) -> Image:
    image.info = {}
    plain: Image = image
    return plain


# videos and sound


def _of_container(container: Any, side: int, second: float, *, any_frame: bool) -> Image | None:
    if not container.streams.video:
        return None
    stream = container.streams.video[0]
    _bounded(stream.width, stream.height)
    frame = next(container.decode(stream), None) if any_frame else _frame(container, stream, second)
    if frame is None:
        raise Unreadable("it has no frame that can be decoded")
    width, height = shown_sides(stream)
    scale = min(1.0, side / max(width, height))
    size = {"width": max(1, round(width * scale)), "height": max(1, round(height * scale))}
    image = frame.to_image(interpolation="AREA", **size)
    return _plain(_upright(image, {90: 6, 180: 3, 270: 8}.get(quarter_turns(frame) * 90)))


def shown_sides(stream: Any) -> tuple[int, int]:
    """The sides of a video whose pixels are square, before it is turned."""
    aspect = stream.sample_aspect_ratio
    return (round(stream.width * aspect) if aspect else stream.width), stream.height


def quarter_turns(frame: Any) -> int:
    """How often a frame has to be turned to the right by 90° to be upright: 0 to 3."""
    with suppress(Exception):  # none, or one that cannot be read
        across, down = struct.unpack_from("=2i", bytes(frame.side_data.get("DISPLAYMATRIX")))
        return round(math.degrees(math.atan2(down, across)) / 90) % 4
    return 0


def _frame(container: Any, stream: Any, second: float) -> Any:
    """The first frame from a second on that is not black; the first of all if there is none."""
    import av

    if second > 0 and (container.duration is None or second < container.duration / av.time_base):
        container.seek(round(second * av.time_base))
    else:
        second = 0.0
    fallback, black = None, 0
    with suppress(Exception):  # a broken end, or no more time: the frames before count
        for number, frame in enumerate(container.decode(stream)):
            early = frame.time is not None and frame.time < second
            if not early and not _is_black(frame):
                return frame
            black += not early
            if fallback is None:
                fallback = frame
            if number > _FRAMES_TO_THE_SECOND or black > _FRAMES_IN_THE_DARK:
                break
    return fallback


def _is_black(frame: Any) -> bool:
    _, brightest = frame.to_image(width=32, height=32, interpolation="AREA").convert("L").getextrema()
    return int(brightest) < _BLACK
