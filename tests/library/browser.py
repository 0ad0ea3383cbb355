"""A headless Chromium of the system for tests and measurements.

Where there is none, both go without, unless `KIE_BROWSER_REQUIRED` is set, as `.ci/run` does: then tests fail.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


REQUIRED = "KIE_BROWSER_REQUIRED"


def lacking() -> str:
    """What is missing for a browser; an empty text if nothing is. Raises `RuntimeError` if it is required."""
    missing = _missing()
    if missing and os.environ.get(REQUIRED):
        raise RuntimeError(f"{REQUIRED} is set, and {missing}: no test may be skipped")
    return missing


def _missing() -> str:
    if next(filter(None, map(shutil.which, NAMES)), None) is None:
        return "there is no Chromium on this machine"
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return "the package playwright is not installed"
    return ""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, NAMES)))
    with sync_playwright() as tool:
        # in containers, where it runs as root and with a small /dev/shm, it starts with neither
        arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
        browser = tool.chromium.launch(executable_path=path, args=arguments)
        try:
            yield browser
        finally:
            browser.close()
