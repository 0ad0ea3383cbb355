"""CLI: `kie` and `python -m kie`. Imports the command line only if its extra is installed. May import `_cli`."""

from __future__ import annotations

import signal
import sys
import threading
from importlib.util import find_spec

NEEDED = ("click", "rich", "platformdirs")


def main() -> None:
    """Run the command line. Without its extra, say what to install and exit with 2."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        sys.stderr.write(f"kie: the command line needs {', '.join(missing)}: pip install 'kie[cli]'\n")
        raise SystemExit(2)
    from kie._cli.exit_codes import INTERRUPTED

    try:
        from kie._cli.app import root

        root()
    except KeyboardInterrupt:  # before the command line could report it, or while it did
        end = SystemExit(INTERRUPTED)
    except SystemExit as ended:
        end = ended
    if end.code == INTERRUPTED and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # pressed again while the program ends: nothing is left to stop
    raise end


if __name__ == "__main__":
    main()
