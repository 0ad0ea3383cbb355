"""Tells PyInstaller what a frozen program needs of this package. Found by the entry point `pyinstaller40`."""

from __future__ import annotations

import os


def hook_dirs() -> list[str]:
    """Return the folder of the hooks: it is not a package, because their names are not those of modules."""
    return [os.path.join(os.path.dirname(__file__), "hooks")]
