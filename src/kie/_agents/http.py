"""Agents: the server over HTTP on this machine, with a token and a budget for each caller. May import `_core`, `_io`,
`mcp`."""

from __future__ import annotations

import hmac
import os
import socket
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from mcp.server.transport_security import TransportSecuritySettings
from pydantic import AnyHttpUrl

from kie._agents.server import server
from kie._agents.tools import AgentTools
from kie._core.addresses import is_loopback
from kie._core.errors import ConfigError
from kie._core.numbers import amount
from kie._io.budget import Budget
from kie._io.listening import SHORTEST, bound, names_of_this_machine, token_of

if TYPE_CHECKING:
    from starlette.applications import Starlette

VARIABLE = "KIE_MCP_TOKEN"
"""The variable that holds the token if there is only one caller."""
PATH = "/mcp"


@attrs.frozen(kw_only=True)
class Caller:
    """A permitted caller."""

    name: str
    """Its name."""
    token: str = attrs.field(repr=False)
    """Its secret."""
    budget: Decimal | None = None
    """The most credits that it may spend; None for no limit besides the budget of the server."""


def callers(file: str | os.PathLike[str] | None, environment: Mapping[str, str]) -> tuple[Sequence[Caller], bool]:
    """List the permitted callers.

    Args:
        file: Lines of a name, a token and perhaps credits; None takes the token of KIE_MCP_TOKEN, or a new one.
        environment: The variables.

    Returns:
        The callers, and whether their token is new, so that it has to be shown.

    Raises:
        ConfigError: The file cannot be read, or has faults; all of them are named.
    """
    if file is None:
        token, new = token_of(VARIABLE, environment)
        return [Caller(name="agent", token=token)], new
    try:
        text = Path(file).expanduser().read_text("utf-8")
    except (OSError, ValueError) as error:
        raise ConfigError(f"--token-file {file} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    found: list[Caller] = []
    faults: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if len(words) not in (2, 3) or len(words[1]) < SHORTEST:
            faults.append(
                f"line {number} must be a name, a token of {SHORTEST} or more characters, and optionally credits"
            )
            continue
        try:
            own = amount(f"line {number}: the budget", words[2]) if len(words) == 3 else None
        except ConfigError as error:
            faults.append(error.message)
            continue
        if any(each.name == words[0] or each.token == words[1] for each in found):
            faults.append(f"line {number} repeats the name or the token of another line")
        found.append(Caller(name=words[0], token=words[1], budget=own))
    if not found and not faults:
        faults.append("it must name at least one caller")
    if faults:
        raise ConfigError(f"--token-file {file}: {'; '.join(faults)}")
    return found, False


class Verifier:
    """Identifies callers by their tokens."""

    def __init__(self, known: Sequence[Caller]) -> None:
        self._known = known

    async def verify_token(self, token: str) -> AccessToken | None:
        """Identify a caller.

        Args:
            token: The token of the call.

        Returns:
            The caller; None if the token is unknown.
        """
        found = None
        for caller in self._known:  # compare with every caller, so that timing reveals nothing
            if hmac.compare_digest(caller.token.encode(), token.encode()):
                found = AccessToken(token="", client_id=caller.name, scopes=[])
        return found


def listener(place: str) -> socket.socket:
    """Bind the socket of the server.

    Args:
        place: `HOST:PORT`, on this machine; port 0 takes a free one.

    Returns:
        The socket.

    Raises:
        ConfigError: The place is invalid, or the port is taken.
    """
    host, colon, port = place.rpartition(":")
    host = host.strip("[]")
    if not colon or not port.isdecimal() or int(port) > 65535:
        raise ConfigError(f"--http must be HOST:PORT, such as 127.0.0.1:8321, not {place!r}")
    if not is_loopback(host):
        raise ConfigError(f"--http listens on this machine only, not on {host}: use 127.0.0.1, or a proxy with TLS")
    return bound(host, int(port), option=f"--http {place}")


def app(tools: AgentTools, known: Sequence[Caller], port: int) -> Starlette:
    """Make the application.

    Args:
        tools: The tools.
        known: The permitted callers. Each has the tools with its own budget.
        port: The port that it listens on, for the permitted `Host` headers.

    Returns:
        The application. It refuses requests without a token, for another host or from another origin.
    """
    names = names_of_this_machine(port)
    made = server(_of_caller(tools, known))
    made._token_verifier = Verifier(known)
    made.settings.auth = AuthSettings(issuer_url=AnyHttpUrl(f"http://127.0.0.1:{port}"), resource_server_url=None)
    security = TransportSecuritySettings(allowed_hosts=names, allowed_origins=[f"http://{name}" for name in names])
    return made.streamable_http_app(streamable_http_path=PATH, transport_security=security)


def _of_caller(tools: AgentTools, known: Sequence[Caller]) -> Callable[[], AgentTools]:
    """The tools of the current caller."""
    unpriced = "refuse" if tools.client.budget is None else tools.client.budget.unpriced
    own = {
        caller.name: tools
        if caller.budget is None
        else attrs.evolve(tools, client=tools.client.with_options(budget=Budget(caller.budget, unpriced=unpriced)))
        for caller in known
    }

    def of_caller() -> AgentTools:
        token = get_access_token()
        if token is None:
            raise ConfigError("the caller is not known")
        return own[token.client_id]

    return of_caller


async def serve(tools: AgentTools, known: Sequence[Caller], at: socket.socket) -> None:
    """Serve until the program ends.

    Args:
        tools: The tools.
        known: The permitted callers.
        at: The socket to listen on.
    """
    import uvicorn

    config = uvicorn.Config(app(tools, known, at.getsockname()[1]), log_level="warning", access_log=False)
    async with tools.client:
        await uvicorn.Server(config).serve(sockets=[at])
