"""Library: writes runs as JSON Lines. May import `_core`, `_io`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from typing import TextIO

from kie._library import record
from kie._library.run import Run
from kie._library.targets import path_to, written


def write_lines(target: str | os.PathLike[str] | TextIO, runs: Iterable[Run]) -> int:
    """Write a line for each run, to a file that is replaced once the new one is complete, or to an open file.

    Raises `ConfigError`.
    """
    count = 0

    def each_line() -> Iterator[str]:
        nonlocal count
        for run in runs:
            yield json.dumps({**record.document_of(run), "folder": str(run.folder)}) + "\n"
            count += 1

    lines = each_line()
    if not isinstance(target, (str, os.PathLike)) and hasattr(target, "writelines"):
        target.writelines(lines)
        return count
    with written("the list of runs", path_to("path", target)) as new, open(new.path, "w", encoding="utf-8") as file:
        file.writelines(lines)
    return count
