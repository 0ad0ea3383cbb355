"""CLI: `kie studio`: serves a local page to try models and see their results. May import every room below."""

from __future__ import annotations

import html
import os
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import attrs
import click

from kie._cli.cli_context import CliContext, connection_options
from kie._cli.click_options import (
    ThoroughCommand,
    check_speed,
    option,
    options_of,
    parsed,
    simulate_option,
    simulation,
    speed_option,
    with_options,
)
from kie._cli.output import note, say
from kie._core.errors import ConfigError
from kie._core.numbers import NO_LIMIT

if TYPE_CHECKING:
    from kie._library.library import Library


@attrs.frozen(kw_only=True)
class StudioOptions:
    """The options of `kie studio`."""

    port: int = option(
        type=click.IntRange(0, 65535), default=8787, show_default=True, help="Port to listen on; 0 takes a free one."
    )
    host: str = option(
        metavar="ADDRESS",
        default="127.0.0.1",
        show_default=True,
        help="Address of this machine to listen on. One that other machines can reach needs KIE_STUDIO_TOKEN.",
    )
    simulate: bool = simulate_option()
    speed: float | None = speed_option()
    read_only: bool = option(is_flag=True, help="Show models, prices and runs; run nothing. Needs no key.")
    open: bool = option(is_flag=True, help="Open the page in the browser.")

    def __attrs_post_init__(self) -> None:
        check_speed(self.simulate, self.speed)
        if self.read_only and self.simulate:
            raise click.UsageError("--read-only runs nothing, so there is nothing to simulate: leave one of them out")


@click.command(cls=ThoroughCommand)
@with_options(*options_of(StudioOptions), *connection_options())
@click.pass_obj
def studio(context: CliContext, /, **given: object) -> None:
    """Serve a local page until Ctrl-C: forms of all models, the price before the button, results, and earlier runs.

    It spends credits: --budget limits how many, and is required unless --simulate or --read-only is given. Runs are
    kept in the library of --library, else in one in the state folder. See docs/studio.md.
    """
    options = parsed(StudioOptions, given)
    try:
        from kie._studio import serving
    except ImportError as error:
        raise ConfigError(f"`kie studio` needs {error.name or 'more packages'}: pip install 'kie[cli]'") from error
    import anyio

    if not options.simulate and not options.read_only:
        _require_budget(context)
    simulate = simulation(options.simulate, options.speed)
    with TemporaryDirectory(prefix="kie-studio-") as scratch, _library(context, options, scratch) as library:
        at, guard, new = serving.listener(options.host, options.port, os.environ)
        with at, context.opened_async(simulate=simulate, keyless=options.read_only) as client:
            from kie._studio.studio import Studio

            uploads = Path(scratch, "uploads")
            uploads.mkdir(mode=0o700)
            made = Studio(
                client=client,
                library=library,
                guard=guard,
                uploads=uploads,
                simulated=context.simulated,
                pace=simulate or 1.0,
                read_only=options.read_only,
            )
            shown = serving.address_of(guard, None if new else f"${serving.VARIABLE}")
            say(f"kie studio: {shown} (Ctrl-C ends it)")
            kept = "a temporary library" if library.path.is_relative_to(scratch) else library.path
            note(f"kie: runs are kept in {kept}")
            if options.open:
                _open(serving.address_of(guard, None), Path(scratch))
            anyio.run(serving.serve, made, at)
            for ref in () if context.simulated else made.runs.left:
                note(f"kie: task {ref} keeps running: `kie wait {ref}` or the next `kie studio` waits for it")


def _require_budget(context: CliContext) -> None:
    """Refuse to spend without a budget. Raises `ConfigError`."""
    budget = context.budget()
    limits = [] if budget is None else [budget.credits, budget.per_day]
    if not any(limit is not None and limit < NO_LIMIT for limit in limits):
        raise ConfigError(
            "kie studio spends credits: say how many with --budget CREDITS or --budget-per-day CREDITS; --simulate "
            "spends none, and --read-only only shows"
        )


@contextmanager
def _library(context: CliContext, options: StudioOptions, scratch: str) -> Iterator[Library]:
    """Choose the library for the runs, before the client is made. Raises `ConfigError`."""
    connection = context.connection
    if connection.no_library:
        raise ConfigError("kie studio keeps its runs in a library: leave --no-library out, or name it with --library")
    if options.simulate and not connection.library:
        connection.library = os.path.join(scratch, "library")
    elif not context.setting("library"):
        from platformdirs import user_state_path

        connection.library = str(user_state_path("kie") / "library")
    from kie._library.library import Library

    library = context.library or Library(connection.library or scratch)
    if not options.read_only:
        from kie._studio.serving import is_writable

        if not is_writable(library.path):
            raise ConfigError(f"the library {library.path} cannot be written: name another folder with --library DIR")
    with library:
        yield library


def _open(address: str, folder: Path) -> None:
    """Open the page. Its address contains a secret, which the arguments of a program would show to all local users."""
    page = folder / "open.html"
    page.write_text(f'<meta http-equiv="refresh" content="0; url={html.escape(address)}">', encoding="utf-8")
    webbrowser.open(page.as_uri())
