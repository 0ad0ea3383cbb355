"""CLI: shows the log messages of the library, worded with the options of commands. May import `_core`."""

from __future__ import annotations

import logging

from kie._cli.messages import in_options
from kie._cli.output import note


class _Notes(logging.Handler):
    """Shows log records as lines for people."""

    def emit(self, record: logging.LogRecord) -> None:
        """Show a record."""
        note(in_options(record.getMessage()))


def show_warnings() -> None:
    """Show the warnings that the library logs, unless the program that runs the command has handlers of its own."""
    logger = logging.getLogger("kie")
    if not logger.hasHandlers():
        logger.addHandler(_Notes(logging.WARNING))
