"""CLI: `kie simulate`: serves a local Kie. May import `simulator`."""

from __future__ import annotations

from decimal import Decimal

import click

from kie._cli.account_commands import amount
from kie._cli.cli_context import missing_simulator
from kie._cli.output import say


@click.command(short_help="Serve a local Kie for trials and tests.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port to listen on; by default a free one.")
@click.option("--speed", type=float, default=1.0, show_default=True, help="Time runs this many times faster.")
@click.option("--faults", metavar="FILE", help="JSON file with a script of faults.")
@click.option("--credits", type=amount, default="1000", show_default=True, metavar="N", help="Initial balance.")
@click.option("--webhook-key", metavar="KEY", help="Key to sign callbacks with.")
@click.option("--accept-unknown", is_flag=True, help="Accept models and fields that the catalog does not know.")
def simulate(
    port: int, speed: float, faults: str | None, credits: Decimal, webhook_key: str | None, accept_unknown: bool
) -> None:
    """Serve a local Kie until Ctrl-C: tasks, uploads, results, limits and callbacks, without key or cost.

    It prints the variables that point a client (`kie`, or a program that uses the SDK) at it.
    """
    try:
        from kie.simulator import serve
    except ImportError as error:
        raise missing_simulator(error) from error
    serve(
        port=port,
        speed=speed,
        faults=faults,
        credits=credits,
        webhook_key=webhook_key,
        accept_unknown=accept_unknown,
        say=say,
    )


def simulate_command() -> click.Command:
    """Return `kie simulate`."""
    return simulate
