"""Core: reads a user's target for the files of a result: `out`, `picture.png`, `out/{id}-{n}.{ext}`.

May import only `_core`.
"""

from __future__ import annotations

import os.path
import re
from string import Formatter

import attrs

from kie._core.errors import ConfigError
from kie._core.file_names import EXTENSIONS

NAMES = ("id", "model", "n", "ext")
"""The names allowed in braces: task id, model, number of the file from 0, and the extension that fits the content."""

_EXT = ".{ext}"
_WIDTH = re.compile(r"0?\d{1,2}")
RESERVED = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³]) *(\..*)?", re.IGNORECASE | re.DOTALL)
"""Names that Windows keeps for devices, with or without an extension."""


@attrs.frozen(kw_only=True)
class FilePlace:
    """Where one file goes."""

    directory: str
    """The folder."""
    stem: str | None
    """The name without extension; None for the default name."""
    suffix: str | None
    """The extension, with its dot; None for that of the content."""


@attrs.frozen(kw_only=True)
class FileNameTemplate:
    """Where to save the files of a result. Made by `file_name_template`."""

    text: str
    """What the user wrote."""
    directory: str
    """The folder; it may hold names in braces."""
    stem: str | None
    """The name without extension, with names in braces; None for the default names."""
    suffix: str | None
    """The extension, with its dot; None for that of each file's content."""

    @property
    def numbered(self) -> bool:
        """Whether the names of several files differ."""
        return self.stem is None or "n" in _fields(self.text, self.stem)

    def place(self, *, id: str, model: str, n: int) -> FilePlace:
        """Fill in the values for one file.

        Args:
            id: The task's id, or any other id that is to be in the name.
            model: The id of the model.
            n: The number of the file, from 0.

        Returns:
            The place. No value in it can lead out of the folder.
        """
        values: dict[str, str | int] = {
            "id": safe_name(id) or "task",
            "model": safe_name(model.replace("/", "-")) or "model",
            "n": n,
        }
        stem = None if self.stem is None else user_stem(_filled(self.text, self.stem, values))
        return FilePlace(directory=_filled(self.text, self.directory, values), stem=stem, suffix=self.suffix)


def file_name_template(target: str) -> FileNameTemplate:
    """Parse a user's target.

    A folder (`out`, `out/`, `{model}/`), the name of one file (`out/picture.png`), or a name with `{id}`, `{model}`,
    `{n}` and, at its end, `.{ext}`. A name in braces without an extension gets that of the content. A brace itself is
    doubled. `{n:03}` pads the number.

    Args:
        target: What the user wrote.

    Returns:
        The template.

    Raises:
        ConfigError: A name in braces is unknown, or a brace is neither closed nor doubled.
    """
    directory, last = os.path.split(target)
    followed = last.endswith(_EXT) and last != _EXT
    stem, suffix = (last.removesuffix(_EXT), "") if followed else os.path.splitext(last)
    fields = [*_fields(target, directory), *_fields(target, stem), *_fields(target, suffix)]
    if "ext" in fields:
        raise _wrong(target, "{ext} must be at the end of the name, as in {id}.{ext}")
    exact = suffix[1:].lower() in EXTENSIONS
    if not followed and not exact:
        if not _fields(target, last):  # nothing marks it as the name of a file
            return FileNameTemplate(text=target, directory=target, stem=None, suffix=None)
        stem = last
    return FileNameTemplate(text=target, directory=directory, stem=stem, suffix=suffix if exact else None)


def with_id(target: str, id: str) -> str:
    """Replace `{id}` in a user's target, and leave the other names unchanged.

    Args:
        target: What the user wrote.
        id: The id.

    Returns:
        The text, for `file_name_template`.
    """
    pieces = re.split(r"(\{\{|\}\})", target)
    shown = safe_name(id) or "task"
    return "".join(piece if index % 2 else piece.replace("{id}", shown) for index, piece in enumerate(pieces))


def _parsed(text: str, part: str) -> list[tuple[str, str | None, str]]:
    """Split a part of a template into literal text, the name that follows it, and the width of the name."""
    found = []
    try:
        for literal, name, spec, conversion in Formatter().parse(part):
            known = name is None or (name in NAMES and not conversion)
            if not known or (spec and not (name == "n" and _WIDTH.fullmatch(spec))):
                shown = f"{name}{'!' + conversion if conversion else ''}{':' + spec if spec else ''}"
                raise _wrong(text, f"{{{shown}}} is not known")
            found.append((literal, name, spec or ""))
    except ValueError as error:
        raise _wrong(text, str(error).lower()) from None
    return found


def _fields(text: str, part: str) -> list[str]:
    return [name for _, name, _ in _parsed(text, part) if name is not None]


def _filled(text: str, part: str, values: dict[str, str | int]) -> str:
    return "".join(
        literal + ("" if name is None else format(values[name], spec)) for literal, name, spec in _parsed(text, part)
    )


def _wrong(text: str, why: str) -> ConfigError:
    known = ", ".join(f"{{{name}}}" for name in NAMES)
    return ConfigError(f"the file name {text!r}: {why}; the names are {known}; write a literal brace twice: {{{{")


def fitted_name(name: str, longest: int) -> str:
    """Make a name valid on every file system: not hidden, not reserved on Windows, and short enough.

    A file name has at most 255 bytes: `longest` for this part, the rest for a number and an extension.
    """
    name = name.encode(errors="ignore")[:longest].decode(errors="ignore").strip(". ")
    return f"_{name}" if RESERVED.fullmatch(name) else name


def safe_name(name: str) -> str:
    """Make a server's name for a file or a task safe for shells and file systems."""
    clean = "".join(c if c.isalnum() or c in "-_." else "_" for c in name[:120])
    return fitted_name(re.sub(r"^-", "_", clean), 180)


def user_stem(name: str) -> str:
    """Make a user's file name safe, so that the file stays in its folder."""
    last = re.split(r"[/\\]", name)[-1]
    return fitted_name("".join(c if c.isprintable() and c not in '<>:"|?*' else "_" for c in last), 220) or "download"
