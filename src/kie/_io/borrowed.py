"""IO: files that are fetched to be read, not kept; and files of a user's that take what was fetched. May import
`_core`."""

from __future__ import annotations

import os
from inspect import iscoroutinefunction
from io import TextIOBase
from shutil import copyfileobj
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, BinaryIO, TypeGuard, cast

from kie._core.assets import AnyAsset
from kie._core.errors import ConfigError
from kie._core.results import AnyResult

__all__ = ["TemporaryDirectory", "copyfileobj", "only_file", "opened", "takes_bytes"]


def opened(path: str) -> BinaryIO:
    """Open a file that the caller removes at once. On Windows this opens a copy."""
    if os.name != "nt":
        return open(path, "rb")
    copy = cast("BinaryIO", TemporaryFile(prefix="kie-"))  # noqa: SIM115 - the caller closes it
    with open(path, "rb") as file:  # Windows cannot remove an open file
        copyfileobj(file, copy)
    copy.seek(0)
    return copy


def takes_bytes(target: object) -> TypeGuard[IO[bytes]]:
    """Whether a user passed an open file as the target. Raises `ConfigError` if it cannot be written to."""
    write = getattr(target, "write", None)
    if write is None or isinstance(target, type):
        return False
    if isinstance(target, TextIOBase):
        raise ConfigError("the file is open as text: open it in mode 'wb'")
    if getattr(target, "closed", False) is True:
        raise ConfigError("the file is closed: call `save` inside its `with` block")
    if iscoroutinefunction(write):
        raise ConfigError(
            "the file must be an ordinary binary file; for any other, write the pieces of `stream` yourself"
        )
    return True


def only_file(what: AnyResult | AnyAsset) -> AnyAsset:
    """The single file to write into an open file. Raises `ConfigError` if there are several, or none."""
    if isinstance(what, AnyAsset):
        return what
    assets = what.assets
    if len(assets) != 1:
        raise ConfigError(
            f"the result has {len(assets)} files, but one open file takes only one: save result.assets[0], for example"
        )
    return assets[0]
