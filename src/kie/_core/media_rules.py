"""Core: facts about a file, and a schema's rules for the media in a field. May import only `_core`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

import attrs

from kie._core.issues import Issue
from kie._core.json import JSON

Kind: TypeAlias = Literal["image", "video", "audio", "file"]


@attrs.frozen(kw_only=True)
class MediaFacts:
    """What is known of a piece of local media. None means not looked at.

    `format` is a short name (jpeg, png, mp4, wav …; "of no known format" if it is none), `size` bytes (with `cut` there
    are more), sides pixels, `seconds` the duration.
    """

    name: str
    content_type: str
    format: str | None
    size: int | None
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    fps: float | None = None
    unreadable: str | None = None
    cut: bool = False


@attrs.frozen(kw_only=True)
class MediaRule:
    """What a model's documentation says of the media in one field (the schema's `x-kie.media`)."""

    kind: Kind
    """What it takes: `image`, `video`, `audio`, or any `file`."""
    formats: tuple[str, ...] = ()
    """The formats that it takes; empty if that is not documented."""
    max_bytes: int | None = None
    """Largest size of a file, in bytes. None, here and below: not documented."""
    min_side: int | None = None
    """Least length of the shorter side, in pixels."""
    max_side: int | None = None
    """Largest length of the longer side, in pixels."""
    min_pixels: int | None = None
    """Least width times height."""
    max_pixels: int | None = None
    """Largest width times height."""
    min_ratio: float | None = None
    """Least width divided by height."""
    max_ratio: float | None = None
    """Largest width divided by height."""
    min_seconds: float | None = None
    """Shortest duration of a file, in seconds."""
    max_seconds: float | None = None
    """Longest duration of a file, in seconds."""
    max_total_seconds: float | None = None
    """Longest duration of all files of the field together, in seconds."""
    min_fps: float | None = None
    """Least frames a second."""
    max_fps: float | None = None
    """Most frames a second."""
    roles: tuple[str, ...] = ()
    """What each file of a list is for, in order, such as the first and the last frame."""

    @classmethod
    def load(cls, facts: Mapping[str, object]) -> MediaRule:
        """Read one entry of `x-kie.media`; the compiler has checked its names and types.

        Args:
            facts: The entry.

        Returns:
            The rule.
        """
        values = {key: tuple(v) if isinstance(v, list) else v for key, v in facts.items()}
        return cls(**values)  # type: ignore[arg-type]

    def stated(self) -> dict[str, JSON]:
        """What the documentation says, by the names of the attributes; what it does not say is left out."""
        facts = ((field.name, getattr(self, field.name)) for field in attrs.fields(type(self)))
        return {name: list(fact) if isinstance(fact, tuple) else fact for name, fact in facts if fact not in (None, ())}

    @property
    def needs_decoding(self) -> bool:
        """Whether some fact can only be judged by decoding the file (the `media` extra)."""
        return any(name.startswith(("min_", "max_")) for name in self.stated() if name != "max_bytes")

    def judge(self, path: str, facts: MediaFacts) -> Iterator[Issue]:
        """Find every way in which a file breaks the rule.

        Args:
            path: The path of the file in the request.
            facts: What is known of the file.

        Yields:
            The issues. A fact that is not known breaks nothing.
        """
        if facts.unreadable:
            yield Issue(path, "media", f"{facts.name}: {facts.unreadable}")
            return
        if self.formats and facts.format is not None and facts.format not in self.formats:
            yield Issue(path, "format", f"{facts.name} is {facts.format}; use {', '.join(self.formats)}", self.formats)
        if self.max_bytes is not None and facts.size is not None and (facts.cut or facts.size > self.max_bytes):
            has = f"has {'more than ' if facts.cut else ''}{facts.size:,} bytes"
            yield Issue(path, "max_bytes", f"{facts.name} {has}; at most {self.max_bytes:,} are allowed")
        width, height = facts.width, facts.height
        checks: list[tuple[str, float | None, float | None, float | None, str]] = [
            ("seconds", facts.seconds, self.min_seconds, self.max_seconds, "seconds long"),
            ("fps", facts.fps, self.min_fps, self.max_fps, "frames per second"),
        ]
        if width and height:
            checks[:0] = [
                ("side", min(width, height), self.min_side, None, "px is its shorter side"),
                ("side", max(width, height), None, self.max_side, "px is its longer side"),
                ("pixels", width * height, self.min_pixels, self.max_pixels, "pixels in all"),
                ("ratio", width / height, self.min_ratio, self.max_ratio, "is width / height"),
            ]
        for rule, value, least, most, what in checks:
            if value is None:
                continue
            if least is not None and value < least:
                yield Issue(
                    path, f"min_{rule}", f"{facts.name}: {_shown(value)} {what}; at least {_shown(least)} is needed"
                )
            if most is not None and value > most:
                yield Issue(
                    path, f"max_{rule}", f"{facts.name}: {_shown(value)} {what}; at most {_shown(most)} is allowed"
                )

    def judge_together(self, path: str, all_facts: list[MediaFacts]) -> Iterator[Issue]:
        """Find what all files of the field break together: their total duration.

        Args:
            path: The path of the field in the request.
            all_facts: What is known of each file.

        Yields:
            The issue, if there is one. Files of unknown duration count as zero.
        """
        known = [facts.seconds for facts in all_facts if facts.seconds is not None]
        if self.max_total_seconds is not None and sum(known) > self.max_total_seconds:
            yield Issue(
                path,
                "max_total_seconds",
                f"{sum(known):g} seconds in all; at most {self.max_total_seconds:g} are allowed",
            )


def _shown(number: float) -> str:
    """Format a number for people. `:g` would turn a count of pixels into 1.6e+07."""
    return f"{number:,}" if isinstance(number, int) else f"{number:g}"


ANY_FILE = MediaRule(kind="file")
"""The rule for media in a field about which nothing is known."""
