"""Library: makes the pictures of runs in the background. May import `_core`, `_io`."""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kie._core.safe_text import described
from kie._io.forks import renewed_after_fork
from kie._library.derivatives import PictureFault, can_make, make, with_pictures

if TYPE_CHECKING:
    from collections.abc import Callable

    from kie._library.run import Run
    from kie._library.settings import DerivativeSettings
    from kie._library.store import Store

LOGGER = logging.getLogger("kie")
MOST_WAITING = 10_000
"""The most runs that wait for their pictures. Further runs are left for `library.repair()`."""
AT_EXIT = 5.0
"""Seconds that a program waits for pictures when it ends. The rest is left for `library.repair()`."""
_IDLE = 10.0
"""Seconds after which a thread without work ends."""


class PictureLibrary(Protocol):
    """The part of a library that this module uses."""

    derivatives: DerivativeSettings | None
    store: Store | None

    @property
    def _scratch(self) -> Path: ...

    def _moved(self, run: Run) -> None: ...

    def _update(self, id: str, change: Callable[[Run], Run]) -> Run: ...


class Background:
    """Makes pictures in one thread, which starts with the first run and ends when it has had no work for a while.

    Failures never reach the program. They are logged, once for each kind.
    """

    def __init__(self) -> None:
        self.renew()
        renewed_after_fork(self)
        atexit.register(self._at_exit)

    def renew(self) -> None:
        """Start empty in a process that was just forked: the parent makes the pictures that were waiting."""
        self._changed = threading.Condition()
        self._waiting: deque[tuple[PictureLibrary, Run]] = deque()
        self._thread: threading.Thread | None = None
        self._busy = False
        self._ended = False
        self._unreadable: set[Path] = set()
        self._warned: set[str] = set()

    def queue(self, library: PictureLibrary, run: Run) -> None:
        """Queue a run for its pictures. Returns at once, and never raises.

        Args:
            library: The library that keeps the run, and whose settings say which pictures are wanted.
            run: The run, with its originals in its folder.
        """
        if library.store is None and (library.derivatives is None or not can_make()):
            return
        with self._changed:
            if self._ended:
                return
            full = len(self._waiting) >= MOST_WAITING
            if not full:
                self._waiting.append((library, run))
                self._begin()
                self._changed.notify_all()
        if full:
            self._warn("full", f"more than {MOST_WAITING:,} runs wait for their pictures")

    def _begin(self) -> None:
        if self._thread is None:
            thread = threading.Thread(target=self._work, name="kie-pictures", daemon=True)
            try:
                thread.start()
            except RuntimeError:  # the program is ending, or cannot start more threads
                self._waiting.clear()
            else:
                self._thread = thread

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until the pictures of all runs so far are made.

        Args:
            timeout: Seconds to wait at most; None without bound.

        Returns:
            Whether nothing is left.
        """
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting and not self._busy, timeout)

    def close(self, timeout: float | None = None) -> bool:
        """Drop the runs that wait, and finish the one in progress. Dropped runs are left for `library.repair()`.

        Args:
            timeout: Seconds to wait at most; None without bound.

        Returns:
            Whether the thread is idle.
        """
        with self._changed:
            self._waiting.clear()
            self._changed.notify_all()
        return self.flush(timeout)

    def _at_exit(self) -> None:
        """End the thread before the interpreter exits, which would stop it in the middle of a library's native code."""
        until = time.monotonic() + AT_EXIT
        self.flush(AT_EXIT)
        with self._changed:
            self._ended = True
        self.close(max(0.0, until - time.monotonic()) + AT_EXIT)

    def _work(self) -> None:
        while True:
            with self._changed:
                self._busy = False
                self._changed.notify_all()
                if not self._changed.wait_for(lambda: bool(self._waiting), _IDLE):
                    self._thread = None
                    return
                library, run = self._waiting.popleft()
                self._busy = True
            try:
                self._make(library, run)
            except BaseException as error:  # no failure here may reach the program
                self._warn(type(error).__name__, f"no pictures were made of run {run.id}: {described(error)}")
            del library, run

    def _make(self, library: PictureLibrary, run: Run) -> None:
        settings = library.derivatives
        if settings is not None:
            made = make(run, settings, report=self._report, unreadable=self._unreadable, scratch=library._scratch)
            if made != run.outputs:
                library._update(run.id, lambda now: with_pictures(now, made))
        library._moved(run)

    def _report(self, fault: PictureFault) -> None:
        self._warn(fault.kind, str(fault))

    def _warn(self, kind: str, what: str) -> None:
        if kind not in self._warned:
            self._warned.add(kind)
            LOGGER.warning("%s (logged once; library.repair() tries again, and names each)", what)


BACKGROUND = Background()
"""The single instance of this process."""
