"""IO: the trusted certificates, and messages for TLS connections that fail. May import `_core`."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from kie._core.errors import ConfigError

if TYPE_CHECKING:
    from ssl import SSLError

_NOT_YET_OR_EXPIRED, _OF_ANOTHER_HOST = (9, 10), (62, 63, 64)
"""OpenSSL's codes (X509_V_ERR_…) for why a certificate is refused."""

_INTERCEPTED = "a proxy that intercepts connections may answer in the server's place"


def chosen() -> str:
    """The variable that names the trusted certificates; empty where they are those of the machine.

    Both HTTP libraries read one of them only.
    """
    return next((name for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if os.environ.get(name)), "")


def check_folder() -> None:
    """Refuse a missing folder of certificates, with which OpenSSL would trust nobody. Raises `ConfigError`."""
    folders = os.environ.get("SSL_CERT_DIR", "").split(os.pathsep)
    if chosen() == "SSL_CERT_DIR" and not any(os.path.isdir(folder) for folder in folders):
        raise ConfigError(
            "nothing was sent, because SSL_CERT_DIR does not name a folder: correct it, or unset it to use the "
            "certificates of this machine"
        )


def unreadable(error: BaseException) -> str:
    """Why a file of certificates cannot be used; empty if an error is not about one."""
    found = _of_openssl(error)
    if found is not None:
        return f"it does not contain certificates as PEM: {_reason(found)}"
    return error.strerror or "" if isinstance(error, OSError) else ""


def worded(error: BaseException, *, sent: bool | None) -> str:
    """Explain what is wrong with a TLS connection, and what to do; empty for any other error.

    Args:
        error: The error of the HTTP library. OpenSSL's error is among its causes.
        sent: Whether the request may have been sent.
    """
    found = _of_openssl(error)
    if found is None:
        return ""
    why = str(getattr(found, "verify_message", "") or _reason(found)).rstrip(".")
    code: int | None = getattr(found, "verify_code", None)
    if code is None:
        if sent is not False:
            return f"the TLS connection broke ({why})"
        return f"no TLS connection could be made ({why}): check that the URL is right, https and port; {_INTERCEPTED}"
    if code in _NOT_YET_OR_EXPIRED:
        return f"the server's certificate is not valid now ({why}): check the clock of this machine; {_INTERCEPTED}"
    if code in _OF_ANOTHER_HOST:
        return f"the server's certificate is for another host ({why}): check the URL; {_INTERCEPTED}"
    source = chosen()
    only = f"; {source} is set: only what it names is trusted" if source else ""
    return (
        f"the server's certificate is not trusted ({why}): where a proxy intercepts connections, name a file with its "
        f"certificate in SSL_CERT_FILE; else update the certificates of this machine (for httpx: certifi){only}"
    )


def _reason(error: SSLError) -> str:
    """OpenSSL's reason, without the position in its source code."""
    return (getattr(error, "reason", None) or "malformed data").replace("_", " ").lower()


def _of_openssl(error: BaseException | None) -> SSLError | None:
    """Find OpenSSL's error among an error and its causes."""
    if "ssl" not in sys.modules:  # then no library can have raised its errors
        return None
    from ssl import SSLError

    seen = set[int]()
    while error is not None and id(error) not in seen:
        if isinstance(error, SSLError):
            return error
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return None
