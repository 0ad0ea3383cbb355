"""Library: which pictures are made of the files of a run, and how large. May import `_core`."""

from __future__ import annotations

import attrs

from kie._core.errors import ConfigError
from kie._core.numbers import finite, whole

LONGEST_SIDE = 16_383
"""Pixels: the longest side that a WebP can have."""


@attrs.frozen(kw_only=True)
class DerivativeSettings:
    """Which pictures a library makes of outputs, and how large. They are WebP, and never larger than the file.

    For a video they show one of its frames, for audio its cover. Originals are read, and never written.

    Raises:
        ConfigError: A value is out of bounds. The error names all of them.
    """

    web: bool = True
    """Whether a picture for pages is made: `RunFile.web`."""
    thumb: bool = True
    """Whether a small picture is made: `RunFile.thumb`."""
    poster: bool = True
    """Whether pictures of videos are made: `RunFile.poster`, and the two above for videos."""
    web_side: int = 1600
    """The longer side of a picture for pages and of a poster, in pixels: 1 to 16383."""
    thumb_side: int = 384
    """The longer side of a small picture, in pixels: 1 to 16383."""
    web_quality: int = 82
    """The quality of a picture for pages and of a poster: 1 to 100."""
    thumb_quality: int = 76
    """The quality of a small picture: 1 to 100."""
    poster_second: float = 0.0
    """The second of a video, 0 or more, from which to look for the first frame that is not black. In a shorter video,
    the search starts at the beginning."""

    def __attrs_post_init__(self) -> None:
        faults = [
            f"{name} must be True or False, not {getattr(self, name)!r}"
            for name in ("web", "thumb", "poster")
            if not isinstance(getattr(self, name), bool)
        ]
        for name, most in (
            ("web_side", LONGEST_SIDE),
            ("thumb_side", LONGEST_SIDE),
            ("web_quality", 100),
            ("thumb_quality", 100),
        ):
            value = getattr(self, name)
            if not whole(value, 1) or value > most:
                faults.append(f"{name} must be a whole number, 1 to {most}, not {value!r}")
        if not finite(self.poster_second) or self.poster_second < 0:
            faults.append(f"poster_second must be a finite number, at least 0, not {self.poster_second!r}")
        if faults:
            raise ConfigError("; ".join(faults))
        object.__setattr__(self, "poster_second", float(self.poster_second))
