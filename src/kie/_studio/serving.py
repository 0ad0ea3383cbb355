"""Studio: serves the application until Ctrl-C. May import `_core`, `_io` and `uvicorn`, of the extra `cli`."""

from __future__ import annotations

import ipaddress
import os
import re
import socket
from collections.abc import Mapping
from types import FrameType
from typing import Final

import uvicorn

from kie._core.addresses import is_loopback
from kie._core.errors import ConfigError
from kie._io.listening import bound, token_of
from kie._studio.guard import Guard, names_of
from kie._studio.studio import Studio

VARIABLE: Final = "KIE_STUDIO_TOKEN"
"""The variable that holds the token of the page. It must be set if other machines can reach the address."""
_GRACE: Final = 1
"""Seconds that answers have to finish after Ctrl-C."""


def listener(host: str, port: int, environment: Mapping[str, str]) -> tuple[socket.socket, Guard, bool]:
    """Bind the socket of the studio, and make its guard.

    Args:
        host: The address.
        port: The port; 0 takes a free one.
        environment: The variables.

    Returns:
        The socket, the guard, and whether its token is new, so that it has to be shown.

    Raises:
        ConfigError: The address or the token cannot be used, or the port is taken.
    """
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        raise ConfigError(f"--host must be an address of this machine, such as 127.0.0.1, not {host!r}") from None
    if address.is_unspecified or address.is_multicast or "%" in host:
        raise ConfigError(f"--host {host} is not one address: name the one by which browsers are to call this machine")
    if not is_loopback(str(address)) and not environment.get(VARIABLE):
        raise ConfigError(
            f"--host {host} can be reached by other machines: set {VARIABLE} to a secret, or listen on 127.0.0.1"
        )
    token, new = token_of(VARIABLE, environment)
    if not re.fullmatch(r"[\w.~-]+", token, re.ASCII):
        raise ConfigError(
            f"{VARIABLE} may contain only letters, digits and any of . _ ~ -, because it becomes part of an address"
        )
    at = bound(str(address), port, option=f"--host {address} --port {port}")
    return at, Guard(names=names_of(str(address), at.getsockname()[1]), token=token), new


class _Server(uvicorn.Server):
    """A server that ends the event streams of the studio before it waits for answers to finish."""

    def __init__(self, studio: Studio) -> None:
        super().__init__(
            uvicorn.Config(
                studio,
                interface="asgi3",
                http="h11",
                ws="none",
                lifespan="off",
                proxy_headers=False,
                access_log=False,
                log_config=None,
                log_level="critical",
                server_header=False,
                timeout_graceful_shutdown=_GRACE,
            )
        )
        self._studio = studio

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin the shutdown, without raising the signal again afterwards: Ctrl-C is the usual way to stop a server."""
        self.force_exit = self.should_exit
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the event streams, then shut down."""
        self._studio.runs.end_streams()
        await super().shutdown(sockets)


async def serve(studio: Studio, at: socket.socket) -> None:
    """Serve until the program is told to end.

    Args:
        studio: The application.
        at: The socket to listen on.
    """
    async with studio.client, studio:
        await _Server(studio).serve(sockets=[at])


def address_of(guard: Guard, token: str | None) -> str:
    """Return the address of the page.

    Args:
        guard: The guard, which has the token.
        token: A placeholder for the token; None for the token itself.

    Returns:
        The address.
    """
    return f"http://{guard.names[0]}/#token={guard.token if token is None else token}"


def is_writable(folder: str | os.PathLike[str]) -> bool:
    """Whether files can be created in a folder, which is created if necessary."""
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)
