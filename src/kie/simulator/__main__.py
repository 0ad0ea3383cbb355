"""Simulator: `python -m kie.simulator` runs a simulated service until Ctrl-C."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from kie._core.errors import ConfigError
from kie._core.serve_options import SERVE_OPTIONS
from kie.simulator import serve, simulated


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and serve. Returns the exit status: 2 if it cannot start."""
    parser = argparse.ArgumentParser(prog="python -m kie.simulator", description="A local Kie that costs nothing.")
    for option in SERVE_OPTIONS:
        if option.type is None:
            kind: dict[str, Any] = {"action": argparse.BooleanOptionalAction}
        else:
            kind = {"type": option.type, "metavar": option.metavar}
        shown = (
            f"{option.help} (default: {option.default})" if option.type and option.default is not None else option.help
        )
        parser.add_argument(option.flag, default=option.default, help=shown, **kind)
    given = parser.parse_args(arguments)
    try:
        serve(simulated(**vars(given)))
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
