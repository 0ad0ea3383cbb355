"""CLI: `kie webhook serve`: shows verified callbacks as they arrive. May import every room below."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Sequence
from contextlib import ExitStack, suppress

import click

from kie._cli.cli_context import CliContext, connection_options, json_option
from kie._cli.click_options import with_options
from kie._cli.groups import CommandGroup
from kie._cli.output import is_terminal, note, printable, record, say
from kie._cli.task_commands import described
from kie._core.errors import ConfigError
from kie._core.status import TaskStatus

SECRET = "KIE_WEBHOOK_SECRET"  # noqa: S105 - the name of a variable


@click.group(cls=CommandGroup)
def webhook() -> None:
    """Receive the service's callbacks."""


@webhook.command(short_help="Show verified callbacks as they arrive.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8765,
    show_default=True,
    help="Port to listen on; 0 takes a free one.",
)
@click.option("--path", default="/", show_default=True, help="Path to listen on; any other gets a 404.")
@click.option(
    "--secret-env",
    "names",
    multiple=True,
    metavar="NAME",
    help=f"Environment variable with the secret. Default: {SECRET}. Repeatable, for when you change secrets.",
)
@click.option("--confirm", is_flag=True, help="Read each task from the service, with the API key, before showing it.")
@click.option("--count", type=click.IntRange(1), metavar="N", help="Stop after this many callbacks.")
@with_options(json_option("Write a line of JSON for each callback."), *connection_options())
@click.pass_obj
def serve(
    context: CliContext, host: str, port: int, path: str, names: Sequence[str], confirm: bool, count: int | None
) -> None:
    """Show verified callbacks on stdout until Ctrl-C, and refused deliveries on stderr.

    Create the secret at https://kie.ai/settings. The command reads it from an environment variable, or asks for it on a
    terminal; it is never an argument. The service must be able to reach this machine: give `kie run --callback-url` the
    address of a tunnel.
    """
    try:
        import uvicorn
    except ImportError as error:
        raise ConfigError(f"kie webhook serve needs {error.name}: pip install 'kie[cli]'") from error
    from kie.webhooks import Receiver
    from kie.webhooks._serving import Message, Receive, Send

    left = count
    secrets = _secrets(names)

    async def show(status: TaskStatus) -> None:
        nonlocal left
        if context.as_json:
            click.echo(json.dumps(record(status)))
        else:
            say("\n".join(described(status)))
        if left is not None:
            left -= 1
            server.should_exit = left <= 0

    async def at_path(scope: Message, receive: Receive, send: Send) -> None:
        if scope["path"] == path:
            await receiver.asgi(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body"})

    with ExitStack() as stack:
        client = stack.enter_context(context.client()) if confirm else None
        receiver = Receiver(secrets, on_status=show, confirm=client or False)
        config = uvicorn.Config(
            at_path, http="h11", ws="none", lifespan="off", log_config=None, proxy_headers=False, server_header=False
        )
        server = uvicorn.Server(config)
        try:
            listener = stack.enter_context(socket.create_server((host, port)))
        except (OSError, OverflowError) as error:
            why = getattr(error, "strerror", None) or error
            raise ConfigError(f"cannot listen on {host}:{port}: {why}; change --host or --port") from error
        note(f"listening at http://{host}:{listener.getsockname()[1]}{path} (Ctrl-C stops it)")
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listener])


def _secrets(names: Sequence[str]) -> list[str]:
    """Return the secrets in the variables, or else the one typed on the terminal. Raises `ConfigError`."""
    found = [os.environ.get(name, "").strip() for name in names or [SECRET]]
    if all(found):
        return found
    missing = (names or [SECRET])[found.index("")]
    if names or not is_terminal(sys.stdin):
        raise ConfigError(
            f"{printable(missing)} is not set; set it to the webhook secret from https://kie.ai/settings, "
            "or name another variable with --secret-env"
        )
    return [click.prompt("Webhook secret", hide_input=True, err=True)]
