"""Library: files that a user asks for, such as pages and lists. May import `_core`, `_io`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kie._core.errors import ConfigError
from kie._core.file_names import path_of
from kie._io.content import reason_of
from kie._io.replacing import Writing, writing


def path_to(name: str, target: object) -> Path:
    """The path that a user gave; `~` is the home. Raises `ConfigError`.

    Args:
        name: The argument, as the message names it.
        target: What was given.
    """
    return Path(os.path.expanduser(path_of(name, target, empty=False)))


@contextmanager
def written(what: str, path: Path, *, overwrite: bool = True) -> Iterator[Writing]:
    """Write a file that gets its name only when it is whole: until then, what has that name stays.

    A link stays one: what it points at is replaced. Folders above it are made.

    Args:
        what: What the message calls it.
        path: The file.
        overwrite: Replace a file of that name. Without it, the next free name is taken.

    Raises:
        ConfigError: It cannot be written, or something that is not a regular file has its name.
    """
    try:
        place = Path(os.path.realpath(path)) if overwrite else path
        if os.path.lexists(place.parent) and not place.parent.is_dir():
            raise ConfigError(f"{what} {path} cannot be written: {place.parent} is not a folder")
        if overwrite and os.path.exists(place) and not place.is_file():
            raise ConfigError(
                f"{what} {path} cannot be written: it is a folder, a device or something else that is not a file"
            )
        place.parent.mkdir(parents=True, exist_ok=True)
        with writing(place, overwrite=overwrite, mode=0o666) as new:
            yield new
    except (OSError, ValueError) as error:
        raise ConfigError(f"{what} {path} cannot be written: {reason_of(error)}") from error
