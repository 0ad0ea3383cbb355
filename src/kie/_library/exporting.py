"""Library: writes runs as JSON Lines. May import `_core`, `_io`."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from kie._core.errors import ConfigError
from kie._core.file_names import path_of
from kie._io.replacing import replace
from kie._library import record
from kie._library.run import Run


def write_lines(target: str | os.PathLike[str] | TextIO, runs: Sequence[Run]) -> int:
    """Write a line for each run, to a file that is replaced once it is whole, or to an open one.

    Raises `ConfigError`.
    """
    lines = (json.dumps({**record.document_of(run), "folder": str(run.folder)}) + "\n" for run in runs)
    if not isinstance(target, (str, os.PathLike)):
        target.writelines(lines)
        return len(runs)
    path = Path(os.path.realpath(os.path.expanduser(path_of("path", target))))  # a link stays one
    new = path.with_name(f".{path.name[:100]}.{uuid.uuid4().hex}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(new, "x", encoding="utf-8") as file:
            file.writelines(lines)
        replace(str(new), path)
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} cannot be written: {getattr(error, 'strerror', None) or error}") from error
    finally:
        with suppress(OSError):
            new.unlink()
    return len(runs)
