"""Studio: who may ask for what. The studio spends, so that nothing from a foreign page may reach it. May import `_io`.

The page has a token, in the part of its address that no server sees, and sends it with each request to `/api`: a header
that a page of another origin cannot set without being asked first. Pictures cannot send headers: the path of files
holds another secret.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from typing import Final

import attrs

from kie._io.listening import names_of_this_machine
from kie._studio.asgi import HttpRefusal, PageRequest

HEADER: Final = "x-kie-studio"
"""The header that holds the token."""
_FOREIGN: Final = ("cross-site", "same-site")
"""What browsers say of a request that another site, or another port of this one, made."""


@attrs.frozen(kw_only=True)
class Guard:
    """Judges requests."""

    names: Sequence[str]
    """The hosts, with their ports, by which the studio may be called."""
    token: str = attrs.field(repr=False)
    """What the page proves itself with."""
    capability: str = attrs.field(factory=lambda: secrets.token_urlsafe(24), repr=False)
    """What the path of files holds."""

    @property
    def files(self) -> str:
        """Where files are."""
        return f"/files/{self.capability}"

    def admit(self, request: PageRequest) -> None:
        """Let a request pass, or not.

        Args:
            request: The request.

        Raises:
            Refused: It comes from elsewhere, or has no token.
        """
        host = request.headers.get("host", "")
        if host.lower() not in self.names:
            raise _forbidden(
                "the studio does not answer to this host name", "open the address that `kie studio` prints"
            )
        if not request.path.startswith(("/api/", "/files/")):
            return
        origin = request.headers.get("origin")
        foreign = origin is not None and origin.lower() not in [f"http://{name}" for name in self.names]
        if foreign or request.headers.get("sec-fetch-site", "") in _FOREIGN:
            raise _forbidden(
                "a page of another origin may not use the studio", "open the address that `kie studio` prints"
            )
        if request.path.startswith("/files/"):
            given, wanted = request.path.removeprefix("/files/").partition("/")[0], self.capability
        else:
            given, wanted = request.headers.get(HEADER, ""), self.token
        if not hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode()):
            raise _forbidden(
                "the token is missing or wrong", "open the address that `kie studio` prints: each start has a new one"
            )


def names_of(host: str, port: int) -> list[str]:
    """List how browsers call the studio.

    Args:
        host: The address at which it listens.
        port: The port.

    Returns:
        The hosts, with their ports; without it, too, where browsers leave it out.
    """
    shown = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    names = [*dict.fromkeys([shown, *(names_of_this_machine(port) if host in ("127.0.0.1", "::1") else ())])]
    return names + [name.removesuffix(":80") for name in names if port == 80]


def _forbidden(message: str, hint: str) -> HttpRefusal:
    return HttpRefusal(403, "Forbidden", message, hint)
