"""CLI: `kie simulate`: serves a local Kie. May import `simulator`."""

from __future__ import annotations

from typing import Any

import click

from kie._cli.account_commands import amount
from kie._cli.cli_context import simulator
from kie._cli.output import say


@click.command(short_help="Serve a local Kie for trials and tests.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port to listen on; by default a free one.")
@click.option("--speed", type=float, default=1.0, show_default=True, help="Time runs this many times faster.")
@click.option("--faults", metavar="FILE", help="JSON file with a script of faults.")
@click.option("--credits", type=amount, default="1000", show_default=True, metavar="N", help="Initial balance.")
@click.option("--webhook-key", metavar="KEY", help="Key to sign callbacks with.")
@click.option("--accept-unknown", is_flag=True, help="Accept models and fields that the catalog does not know.")
@click.option("--limits/--no-limits", default=True, help="Whether the documented rate limits apply.")
def simulate(**given: Any) -> None:
    """Serve a local Kie until Ctrl-C: tasks, uploads, results, limits and callbacks, without key or cost.

    It prints the variables that point a client (`kie`, or a program that uses the SDK) at it.
    """
    kie = simulator()
    kie.serve(kie.simulated(**given), say=say)
