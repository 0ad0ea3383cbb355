"""Floor 7: `kie simulate`: a local Kie to try things on. May import `simulator`."""

from __future__ import annotations

from decimal import Decimal

import click

from kie._cli.account_commands import Amount
from kie._cli.context import missing_simulator
from kie._cli.output import say


@click.command(short_help="Serve a local Kie, to try things on.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port to listen on; by default a free one.")
@click.option("--speed", type=float, default=1.0, show_default=True, help="Seconds of a model's work that pass in one.")
@click.option("--faults", metavar="FILE", help="JSON file with a script of faults.")
@click.option("--credits", type=Amount(), default="1000", show_default=True, metavar="N", help="Balance to begin with.")
@click.option("--webhook-key", metavar="KEY", help="Key to sign callbacks with.")
@click.option("--accept-unknown", is_flag=True, help="Take models and fields that the catalog does not know.")
def simulate(
    port: int, speed: float, faults: str | None, credits: Decimal, webhook_key: str | None, accept_unknown: bool
) -> None:
    """Serve a local Kie until Ctrl-C: tasks, uploads, results, limits and callbacks, without key or cost.

    It shows which variables point a client (`kie`, or a program with the SDK) at it.
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
    """`kie simulate`."""
    return simulate
