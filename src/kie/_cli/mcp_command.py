"""CLI: `kie mcp`: serves agents over the Model Context Protocol. May import `_agents`, `_core`."""

from __future__ import annotations

import gc
import os
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
from kie._cli.output import note
from kie._core.errors import ConfigError
from kie._core.numbers import amount

if TYPE_CHECKING:
    from kie._agents.tools import AgentTools


@attrs.frozen(kw_only=True)
class McpOptions:
    """The options of `kie mcp`."""

    free: str = option(
        metavar="CREDITS",
        default="0",
        show_default=True,
        help="Credits that one task may cost without asking the user.",
    )
    root: str = option(
        metavar="DIR", default=".", help="The folder below which files are read and saved. Default: the current one."
    )
    http: str | None = option(metavar="HOST:PORT", help="Serve over HTTP on this machine, instead of standard input.")
    token_file: str | None = option(
        metavar="FILE",
        help="With --http: file of the callers, one per line: a name, a token, and optionally the credits it may "
        "spend. Default: "
        "the token of KIE_MCP_TOKEN, else a new one, which is shown.",
    )
    simulate: bool = simulate_option()
    speed: float | None = speed_option()

    def __attrs_post_init__(self) -> None:
        if self.token_file and not self.http:
            raise click.UsageError(
                "--token-file needs --http: without --http, only the program that starts the server calls it"
            )
        check_speed(self.simulate, self.speed)


@click.command(cls=ThoroughCommand)
@with_options(*options_of(McpOptions), *connection_options())
@click.pass_obj
def mcp(context: CliContext, /, **given: object) -> None:
    """Serve an agent over the Model Context Protocol: nine tools to find models, plan, generate, and save.

    The server asks the user before a task that may cost more than --free, and --budget limits what all tasks cost
    together. No argument from an agent counts as consent. docs/agents.md shows the configuration of clients.
    """
    options = parsed(McpOptions, given)
    gc.disable()  # importing the SDK makes thousands of classes: garbage collection would take a tenth of the time
    try:
        import pydantic

        # a session needs few of the SDK's models, so each is built on first use
        pydantic.BaseModel.model_config["defer_build"] = True
        from kie._agents import http
    except ImportError as error:
        raise ConfigError(f"`kie mcp` needs {error.name or 'more packages'}: pip install 'kie[mcp]'") from error
    gc.freeze()
    gc.enable()
    import anyio

    with context.opened_async(simulate=simulation(options.simulate, options.speed)) as client:
        from kie._agents.root import Root
        from kie._agents.tools import AgentTools

        tools = AgentTools(
            client=client,
            root=Root(options.root),
            free=amount("--free", options.free),
            library=context.library,
            journal=None if context.simulated else context.journal_path,
            simulated=context.simulated,
        )
        if tools.free and client.budget is None:
            note(
                "kie: tasks that cost up to --free are sent without asking, and without --budget nothing limits their "
                "number"
            )
        if options.http is None:
            anyio.run(_serve, tools)
            return
        known, new = http.callers(options.token_file, os.environ)
        with http.listener(options.http) as at:
            host = options.http.rpartition(":")[0]
            note(f"kie: listening at http://{host}:{at.getsockname()[1]}{http.PATH} (Ctrl-C ends it)")
            if new:
                note(f"kie: the token, which is shown once only: {known[0].token}")
            anyio.run(http.serve, tools, known, at)


async def _serve(tools: AgentTools) -> None:
    from kie._agents.server import server

    async with tools.client:
        await server(lambda: tools).run_stdio_async()
