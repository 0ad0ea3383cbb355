"""IO: what servers on this machine have in common: where they listen, how they are called, and their token. May import
`_core`."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Mapping

from kie._core.errors import ConfigError

SHORTEST = 16
"""The least number of characters in a token."""


def bound(host: str, port: int, *, option: str) -> socket.socket:
    """Bind a socket and listen, so that clients may connect at once.

    Args:
        host: The address.
        port: The port; 0 takes a free one.
        option: What the user specified, for the error.

    Returns:
        The socket.

    Raises:
        ConfigError: It cannot listen there.
    """
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(128)
    except (OSError, OverflowError) as error:
        made.close()
        raise ConfigError(f"{option}: {getattr(error, 'strerror', None) or error}") from None
    return made


def names_of_this_machine(port: int) -> list[str]:
    """The names, with the port, by which programs on this machine reach a server on it."""
    return [f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}"]


def token_of(variable: str, environment: Mapping[str, str]) -> tuple[str, bool]:
    """Get the token of a variable, or a new one.

    Args:
        variable: The variable.
        environment: The variables.

    Returns:
        The token, and whether it is new, so that the user must be told.

    Raises:
        ConfigError: It is too short.
    """
    given = environment.get(variable)
    if not given:
        return secrets.token_urlsafe(32), True
    if len(given) < SHORTEST:
        raise ConfigError(f"{variable} must have at least {SHORTEST} characters: a shorter one could be guessed")
    return given, False
