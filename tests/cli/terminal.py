"""A terminal for tests: runs a program under a real pseudo-terminal and says what its screen showed in the end."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Mapping, Sequence

from tests.processes import LONGEST

_CODE = re.compile(r"\x1b\[([?0-9;]*)([A-Za-z])|\x1b\][^\x07]*\x07|\x1b[78=>]")


def run(
    args: Sequence[str],
    *,
    columns: int,
    env: Mapping[str, str] | None = None,
    answers: Sequence[tuple[str, bytes]] = (),
    seconds: float = LONGEST,
    folder: str | None = None,
) -> tuple[int, str]:
    """Run `python ARGS` on a terminal of this width. Returns the exit code and all that it wrote.

    `answers` are typed, one after another, as soon as what stands before each of them was written.
    """
    main, side = pty.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    inherited = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "CI")}
    process = subprocess.Popen(
        [sys.executable, *args],
        stdin=side,
        stdout=side,
        stderr=side,
        start_new_session=True,
        cwd=folder,
        env={**inherited, "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8", **(env or {})},
    )
    os.close(side)
    late = threading.Timer(seconds, process.kill)
    late.start()
    seen, left = b"", list(answers)
    try:
        while chunk := os.read(main, 65536):
            seen += chunk
            if left and left[0][0].encode() in seen:
                os.write(main, left.pop(0)[1])
    except OSError:
        pass  # the end of a pseudo-terminal
    late.cancel()
    os.close(main)
    return process.wait(seconds), seen.decode()


def screen(written: str) -> str:
    """The text that is left on the screen: without colours, and without what was erased or written over."""
    lines, row, column, at = [""], 0, 0, 0
    while at < len(written):
        code = _CODE.match(written, at)
        if code:
            at = code.end()
            count = int(code[1]) if (code[1] or "").isdigit() else 1
            if code[2] == "A":
                row = max(0, row - count)
            elif code[2] == "K":
                lines[row] = "" if code[1] == "2" else lines[row][:column]
            elif code[2] == "J":
                lines[row:] = [lines[row][:column]]
            continue
        letter = written[at]
        at += 1
        if letter == "\n":
            row += 1
            lines += [""] * (row + 1 - len(lines))
        elif letter == "\r":
            column = 0
        else:
            line = lines[row].ljust(column)
            lines[row] = line[:column] + letter + line[column + 1 :]
            column += 1
    return "\n".join(line.rstrip() for line in lines).rstrip() + "\n"
