"""CLI: `kie simulate`: serves a local Kie. May import `_core`, `simulator`."""

from __future__ import annotations

from typing import Any

import click

from kie._cli.cli_context import simulator
from kie._cli.click_options import ThoroughCommand, with_options
from kie._cli.output import say
from kie._core.serve_options import SERVE_OPTIONS, ServeOption


def _option(declared: ServeOption) -> click.Option:
    """Return a click option."""
    switch = declared.type is None
    names = f"{declared.flag}/--no-{declared.flag[2:]}" if switch else declared.flag
    number = None if declared.most is None else click.IntRange(0, declared.most)
    shown = declared.default is not None and not switch
    return click.Option(
        [declared.name, names],
        type=bool if switch else number or declared.type,
        default=declared.default,
        show_default=shown,
        metavar=declared.metavar,
        help=declared.help,
    )


@click.command(cls=ThoroughCommand)
@with_options(*map(_option, SERVE_OPTIONS))
def simulate(**given: Any) -> None:
    """Serve a local Kie until Ctrl-C: tasks, uploads, results, limits and callbacks, without key or cost.

    It prints the environment variables that point a client (`kie`, or a program that uses the SDK) at it.
    """
    kie = simulator()
    kie.serve(kie.simulated(**given), say=say)
