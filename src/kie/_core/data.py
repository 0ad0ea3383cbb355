"""Core: reads the package's own data files. May import nothing of ours.

`pkgutil.get_data` does the same, but importing it takes longer than reading a file.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Protocol, cast


class _Loader(Protocol):
    def get_data(self, path: str, /) -> bytes: ...


def read(package: str, name: str) -> bytes:
    """The bytes of a file in a package, wherever the package was loaded from. Raises `OSError` if it is missing."""
    module = import_module(package)
    path = os.path.join(os.path.dirname(cast(str, module.__file__)), *name.split("/"))
    return cast(_Loader, module.__loader__).get_data(path)
