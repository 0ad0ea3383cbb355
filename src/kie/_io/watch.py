"""IO: finds out from the HTTP library whether a request may have been sent. May import `_core`.

A request counts as not sent only if it provably failed before its first byte could leave. The proof is httpcore's
`trace`: every version reports when it connects, and when it is about to write a request.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from traceback import walk_tb
from typing import Any, TypeVar

from kie._core.call import TransportError
from kie._core.errors import ApiError, CircuitOpen, ConfigError, KieError, TransportFailed
from kie._io import certificates
from kie._io.echoes import SHOWN
from kie._io.straight import StraightRequest

E = TypeVar("E", bound=BaseException | None)

NOT_CONNECTED = {"ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol", "InvalidURL"}
"""Names of errors that mean there was no connection, for libraries that report nothing more."""

_LOCAL = {"PoolTimeout", "UnsupportedProtocol", "InvalidURL", "LocalProtocolError"}

_LIBRARIES = {"httpx", "httpx2", "httpcore", "httpcore2", "h11", "h2", "hpack", "hyperframe", "socksio"} | {
    *("anyio", "asyncio", "trio", "ssl", "socket", "selectors"),
}


class Watch:
    """Follows one request through its library, and turns what the library raises into `TransportError`.

    Args:
        once: Whether the library may write the request only once, because it creates a task.
        ours: Whether only our code and the library can raise errors, not a hook or transport of a user's own client.

    What came of an answer that breaks off is told to `received`.
    """

    __slots__ = ("_given", "_left", "_once", "_ours", "_request", "_seen", "_stream", "received")

    def __init__(self, *, once: bool = False, ours: bool = False) -> None:
        self._once = once
        self._ours = ours
        self._given = False
        self._request: Any = None
        self._seen = False
        self._left = 0
        self._stream: Any = None
        self.received = ""

    def give(self, request: Any = None) -> None:
        """Note that the request is now handed to the library, and to whatever its user added to it."""
        self._given = True
        self._request = request

    def trace(self, name: str, info: Mapping[str, Any]) -> None:
        """Note a step of the library. Raises `TransportError` before the library makes a forbidden second write."""
        self._seen = True
        step = name.partition(".")[2]
        if step == "connect_tcp.complete":
            self._stream = info["return_value"]
        elif step == "start_tls.complete":  # a TLS server may send first, namely session tickets
            self._stream = None
        elif step == "send_request_headers.started":
            if name.startswith("http2."):  # a server sends its settings first; no answer can precede its request there
                self._stream = None
            if info["request"].method != b"CONNECT":
                self._before_writing()
        elif name == "http11.send_request_headers.failed" and self._left:
            # HTTP/1.1 code composes the whole head of a request before writing any of it
            self._left -= "LocalProtocolError" in _names(info["exception"])

    async def trace_async(self, name: str, info: Mapping[str, Any]) -> None:
        """The same for asyncio and trio."""
        self.trace(name, info)

    def _before_writing(self) -> None:
        if self._left and self._once:
            raise TransportError("the HTTP library was about to send the request a second time", sent=None)
        if self._stream is not None and self._stream.get_extra_info("is_readable"):
            raise TransportError(
                "the server closed the connection, or answered before the request was sent",
                sent=None if self._left else False,
            )
        self._left += 1

    def sent(self, names: set[str]) -> bool | None:
        """Return False if an error with these names proves that nothing was sent, else None."""
        if self._left:
            return None
        return False if self._seen or names & NOT_CONNECTED else None

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if self._given:
            not_ours(error)
        request, self._request = self._request, None  # breaks a reference cycle
        if error is not None and request is not None:
            _forget_key(request)
        if isinstance(error, TransportError) and error.timeout and error.sent is None and self.sent(set()) is False:
            # the deadline cannot tell what was written, for example a CONNECT to a proxy
            raise TransportError(str(error), sent=False, timeout=True) from None
        if not isinstance(error, Exception) or isinstance(error, (TransportError, KieError)):
            self._told(error)
            return
        if self._ours or _of_the_library(error):
            raise self._told(self._translated(error)) from error
        self.received = ""

    def _told(self, error: E) -> E:
        """Attach what arrived of the answer to an error, and remove it elsewhere, because it may repeat the key."""
        if isinstance(error, TransportError):
            error.received = self.received
        self.received = ""
        return error

    def _translated(self, error: Exception) -> TransportError | ConfigError:
        """Translate an error into ours. It is made here, so that no frame of its traceback contains what it quotes."""
        names = _names(error)
        sent, text = self.sent(names), _text(error)
        if sent is False and "ProxyError" in names and text.startswith("407"):
            return ConfigError(
                f"the proxy refused the credentials ({text}): check its URL, such as the one in HTTPS_PROXY"
            )
        kind = type(error).__name__
        return TransportError(
            certificates.worded(error, sent=sent) or (f"{kind}: {text}" if text else kind),
            sent=sent,
            timeout="TimeoutException" in names,
            local=bool(names & _LOCAL) and sent is False,
        )


def _forget_key(request: Any) -> None:
    """Remove the key from a library request, because an error of the library or of a user's hook may contain it."""
    with suppress(Exception):  # a look-alike may have different headers
        if isinstance(request, StraightRequest):
            request.forget(b"authorization")
        elif "Authorization" in request.headers:
            request.headers["Authorization"] = SHOWN


def not_ours(error: BaseException | None) -> None:
    """Raise `TransportError` for an error of a user's own transport or hook that claims what was sent.

    Whatever it claims was sent or created, it is about some other request.
    """
    if isinstance(error, (ApiError, CircuitOpen, ConfigError, TransportFailed)):
        raise TransportError(f"{type(error).__name__}: {error.message}", sent=None) from error


def _text(error: BaseException) -> str:
    """The text of an error or, if the library left it empty, of the first cause that has one."""
    found: BaseException | None = error
    name = ""
    while found is not None and not str(found):
        name = type(found).__name__ if isinstance(found, OSError) else name
        found = found.__cause__
    return name if found is None else str(found)


def _names(error: BaseException) -> set[str]:
    """The class names of an error, by which it is recognised whatever library it is from."""
    return {cls.__name__ for cls in type(error).__mro__}


def _of_the_library(error: Exception) -> bool:
    if _names(error) & {"HTTPError", "InvalidURL", "StreamError"} or isinstance(error, (OSError, UnicodeError)):
        return True
    module = ""
    for frame, _ in walk_tb(error.__traceback__):
        module = str(frame.f_globals.get("__name__", ""))
    return module.partition(".")[0] in _LIBRARIES
