"""Agents: makes small pictures of files, which a model can look at. May import `_io`, `_library`."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from kie._io.content import Unreadable
from kie._library.picture import picture_of

SIDE = 256
"""The most pixels of the longer side."""
MOST = 4
"""The most pictures in one answer: each costs tokens."""


def thumbnails_of(paths: Sequence[Path]) -> tuple[tuple[bytes, ...], str | None]:
    """Make small pictures of images and videos.

    Args:
        paths: The files.

    Returns:
        The pictures as WebP, without files that have none; and, if there are none at all, the reason.
    """
    made: list[bytes] = []
    for path in paths[:MOST]:
        try:
            picture = picture_of(path, SIDE)
        except Unreadable:
            continue
        except ImportError as error:
            return (), f"thumbnails need {error.name}: pip install 'kie[media]'"
        if picture is not None:
            out = io.BytesIO()
            picture.save(out, "WEBP", quality=70)
            made.append(out.getvalue())
    return tuple(made), None
