"""IO: replaces files, and writes files that appear only when complete. May import nothing of ours."""

from __future__ import annotations

import errno
import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from os import PathLike
from pathlib import Path

PAUSES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.3)
"""Seconds between the attempts, about one second in total."""
_PIECE = 256 * 1024


def replace(source: str, target: str | PathLike[str], *, sleep: Callable[[float], object] = time.sleep) -> None:
    """Replace a file by another. Raises `OSError`.

    Windows refuses that while another program (such as a virus scanner) has one of them open, so it is retried for a
    second.
    """
    for pause in (*PAUSES, None):
        try:
            os.replace(source, target)
        except PermissionError:
            if pause is None or os.path.isdir(target):
                raise
            sleep(pause)
        else:
            return


def replaceable(name: str | PathLike[str]) -> Path:
    """Resolve the file to replace under a name, whether it exists or not, so that a link stays a link.

    Raises:
        OSError: Something else than a file has the name: a folder, a device or a pipe, which would be gone.
    """
    if os.path.exists(name) and not os.path.isfile(name):
        raise OSError(errno.EINVAL, "it is not a regular file", os.fspath(name))
    return Path(os.path.realpath(name))


class Writing:
    """A file being written at a temporary `path`, beside its `target` or in a folder for such files."""

    def __init__(self, target: Path, scratch: Path | None) -> None:
        self.target = target
        self.path = (scratch or target.parent) / f".kie-{uuid.uuid4().hex}.part"


@contextmanager
def writing(
    target: Path, *, overwrite: bool = True, mode: int = 0o600, scratch: Path | None = None
) -> Iterator[Writing]:
    """Write a file that gets its name only when it is complete. Raises `OSError`.

    Args:
        target: The name. Without `overwrite`, `Writing.target` says afterwards which name it got.
        overwrite: Replace a file of that name; else `-2`, `-3` … is added to it.
        mode: Its permissions, as for `os.open`.
        scratch: The folder for the incomplete file, on the same file system, created if needed; by default the target's
            folder.
    """
    if scratch is not None:
        scratch.mkdir(mode=0o700, exist_ok=True)
    file = Writing(target, scratch)
    os.close(os.open(file.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
    try:
        yield file
        if overwrite:
            replace(str(file.path), target)
        else:
            numbers = count(2)
            while not moved(str(file.path), str(file.target)):
                file.target = target.with_name(f"{target.stem}-{next(numbers)}{target.suffix}")
    finally:
        with suppress(OSError):
            os.unlink(file.path)


def moved(source: str, target: str) -> bool:
    """Rename a file unless the name is taken, even by a folder or a broken link. Raises `OSError`."""
    try:
        os.link(source, target)
    except FileExistsError:
        return False
    except OSError:  # a file system without hard links
        return _moved_into_reserved(source, target)
    os.unlink(source)
    return True


def same_content(one: str, other: str) -> bool:
    """Whether two paths are regular files with the same content. Raises `OSError`."""
    if not os.path.isfile(other) or os.path.getsize(one) != os.path.getsize(other):
        return False
    with open(one, "rb") as first, open(other, "rb") as second:
        while piece := first.read(_PIECE):
            if piece != second.read(_PIECE):
                return False
    return True


def _moved_into_reserved(source: str, target: str) -> bool:
    try:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
    except FileExistsError:
        return False
    try:
        replace(source, target)
    except BaseException:
        os.unlink(target)
        raise
    return True
