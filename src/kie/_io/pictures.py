"""IO: encodes images in memory as files. May import `_core`."""

from __future__ import annotations

import io
from typing import Any

from kie._io.content import Unreadable

_ENCODERS = ("png", "jpeg", "webp")
_MODES = {
    "png": ("1", "L", "LA", "P", "RGB", "RGBA"),
    "jpeg": ("L", "RGB"),
    "webp": ("RGB", "RGBA"),
}


def picture_of(media: Any) -> Any:
    """Convert an array of pixels to a PIL image. A PIL image is returned as it is."""
    if not hasattr(media, "dtype"):
        return media
    if str(media.dtype) != "uint8" or media.ndim not in (2, 3) or media.shape[2:] not in ((), (3,), (4,)):
        shape = " × ".join(map(str, media.shape))
        raise Unreadable(f"an array must be uint8, height × width (× 3 or 4), not {media.dtype}, {shape}")
    try:
        from PIL import Image
    except ImportError:
        raise Unreadable("arrays need Pillow: pip install 'kie[media]', or encode it and pass the bytes") from None
    return Image.fromarray(media)


def encoded(picture: Any, formats: tuple[str, ...]) -> bytes:
    """Encode a PIL image in its original format if the field accepts that, else as PNG if possible."""
    own = str(picture.format or "").lower()
    kinds = [kind for kind in (own, *_ENCODERS) if kind in _ENCODERS and (not formats or kind in formats)]
    kind = kinds[0] if kinds else "png"
    if picture.mode not in _MODES[kind]:
        clear = picture.mode in {"LA", "PA", "RGBa", "La"} or "transparency" in picture.info
        picture = picture.convert("RGBA" if clear and kind != "jpeg" else "RGB")
    file = io.BytesIO()
    picture.save(file, format=kind.upper(), quality=95)
    return file.getvalue()
