"""Simulator: `python -m kie.simulator` runs a simulated service until Ctrl-C."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from kie._core.errors import ConfigError
from kie.simulator import serve, simulated


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and serve. Returns the exit status: 2 if it cannot start."""
    parser = argparse.ArgumentParser(prog="python -m kie.simulator", description="A local Kie that costs nothing.")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 takes a free one (default)")
    parser.add_argument(
        "--speed", type=float, default=1.0, help="seconds of a model's work that pass in one (default 1)"
    )
    parser.add_argument("--faults", metavar="FILE", help="JSON file with a fault script")
    parser.add_argument("--credits", default="1000", help="balance to begin with (default 1000)")
    parser.add_argument("--webhook-key", help="key to sign callbacks with")
    parser.add_argument("--accept-unknown", action="store_true", help="take models and fields unknown to the catalog")
    parser.add_argument("--no-limits", dest="limits", action="store_false", help="do without the rate limits")
    given = parser.parse_args(arguments)
    try:
        serve(simulated(**vars(given)))
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
