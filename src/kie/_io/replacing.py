"""IO: how a file takes the place of another. May import nothing of ours."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from os import PathLike

PAUSES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.3)
"""Seconds between the attempts: a second in all."""


def replace(source: str, target: str | PathLike[str], *, sleep: Callable[[float], object] = time.sleep) -> None:
    """Put a file in the place of another. Raises `OSError`.

    Windows refuses that while a virus scanner, say, holds one of them open: it is tried again for a second.
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
