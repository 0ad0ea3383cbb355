"""Studio: access control. The studio spends credits, so no request from a foreign page may pass. May import `_io`.

The page gets a token in the fragment of its address, which no server sees. It sends the token in a header with each
request to `/api`; a page of another origin cannot set that header without a preflight. Image elements cannot send
headers, so the path of files contains another secret.
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
"""The values of `Sec-Fetch-Site` for requests from another site, or from another port of this host."""


@attrs.frozen(kw_only=True)
class Guard:
    """Admits or refuses requests."""

    names: Sequence[str]
    """The permitted `Host` headers: host and port."""
    token: str = attrs.field(repr=False)
    """The secret that the page sends with requests."""
    capability: str = attrs.field(factory=lambda: secrets.token_urlsafe(24), repr=False)
    """The secret in the path of files."""

    @property
    def files(self) -> str:
        """The path prefix of files."""
        return f"/files/{self.capability}"

    def admit(self, request: PageRequest) -> None:
        """Check whether a request may pass.

        Args:
            request: The request.

        Raises:
            Refused: It comes from another site, or lacks the token.
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
    """List the `Host` headers that browsers send to the studio.

    Args:
        host: The address that it listens on.
        port: The port.

    Returns:
        The hosts with the port; also without it if browsers omit that port.
    """
    shown = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    names = [*dict.fromkeys([shown, *(names_of_this_machine(port) if host in ("127.0.0.1", "::1") else ())])]
    return names + [name.removesuffix(":80") for name in names if port == 80]


def _forbidden(message: str, hint: str) -> HttpRefusal:
    return HttpRefusal(403, "Forbidden", message, hint)
