"""IO: the clients of the default HTTP library, opened when they are needed. May import `_core`."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

from kie._core.addresses import is_loopback, place_of
from kie._core.errors import ConfigError
from kie._io import certificates
from kie._io.deadline import wrap
from kie._io.forks import OPENING, renewed_after_fork

IDLE_FOR_SUBMISSIONS = 2.0
"""Seconds a connection may have been idle to carry a submission: a stale one makes the outcome unknown."""

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""Never asked through a proxy: it would see the key and the prompt, and reach another machine's loopback."""

_PROXIES = ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY")


class Pools:
    """Two clients of the default library for each event loop: one whose idle connections are short-lived.

    There may be several of both: each request looks through all connections of its client, so that some with a few
    connections each are faster than one with many. They are told apart by `lane`.

    Connections belong to the loop that they were opened on. Blocking clients have no loop: they stand under None. Other
    names of this machine (`host`, such as 127.0.0.2) have clients of their own: which networks need no proxy is
    something that only some versions of the library can be told.
    """

    def __init__(self, make: Callable[..., Any]) -> None:
        self._make = make
        self._open: dict[tuple[object, bool, str, int], Any] = {}
        self._ssl: Any = None
        self._closed = False
        self._submitted = float("-inf")
        renewed_after_fork(self)

    def renew(self) -> None:
        """After a fork the parent's connections are not ours to use, or to close."""
        self._open = {}

    def choose(self, fresh: bool) -> bool:
        """The pool for a request. Submissions need fresh connections; right after one they serve all requests."""
        now = time.monotonic()
        if fresh:
            self._submitted = now
        return fresh or now - self._submitted < IDLE_FOR_SUBMISSIONS

    def opened(self, fresh: bool, loop: object = None, host: str = "", lane: int = 0) -> Any:
        """The client of a pool, if it was used before. Never blocks."""
        return self._open.get((loop, fresh, host, lane))

    def get(self, fresh: bool, loop: object = None, host: str = "", lane: int = 0) -> Any:
        """The client of a pool, opened on first use, by one thread only. That reads certificates: it blocks.

        Raises `ConfigError` if the transport is closed, or the environment asks for what cannot be had.
        """
        if self._closed:
            raise ConfigError("this client is closed; make a new one")
        key = loop, fresh, host, lane
        found = self._open.get(key)
        if found is not None:
            return found
        with OPENING:
            if key not in self._open:
                self._forget_dead_loops()
                self._open[key] = self._opened(fresh, host)
            return self._open[key]

    def _opened(self, fresh: bool, host: str) -> Any:
        import httpx2

        certificates.check_folder()
        with _set_up((certificates.chosen(), "SSLKEYLOGFILE")):
            self._ssl = self._ssl or httpx2.create_ssl_context()
        limits = httpx2.Limits(max_connections=None, keepalive_expiry=IDLE_FOR_SUBMISSIONS if fresh else 30.0)
        no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        direct = {f"all://[{each}]" if ":" in each else f"all://{each}": None for each in (*_LOOPBACK, host) if each}
        with _set_up(_PROXIES):
            client = self._make(verify=self._ssl, limits=limits, cookies=no_cookies, mounts=direct)
        wrap(client)
        return client

    def _forget_dead_loops(self) -> None:
        for key in list(self._open):
            if getattr(key[0], "is_closed", bool)():  # its connections are closed when they are collected
                self._open.pop(key, None)

    def take(self, loop: object = None) -> list[Any]:
        """Take out the clients of one loop, to close them."""
        keys = [key for key in list(self._open) if key[0] is loop]
        return [self._open.pop(key) for key in keys]

    def shut(self) -> list[Any]:
        """Open no more clients, and take out those that belong to no loop."""
        self._closed = True
        return self.take()


def own_host(url: str) -> str:
    """The host of a URL, if it is a less usual name of this machine; else an empty text."""
    return _own_host(url.partition("://")[2].partition("/")[0])


@lru_cache(maxsize=64)
def _own_host(authority: str) -> str:
    try:
        host = place_of(f"http://{authority}").host
    except ValueError:
        return ""
    return host if host not in _LOOPBACK and is_loopback(host) else ""


@contextmanager
def _set_up(variables: tuple[str, ...]) -> Iterator[None]:
    """Turn what the HTTP library refuses when it is set up into a `ConfigError` that names what asked for it."""
    try:
        yield
    except Exception as error:
        names = [name for each in variables for name in (each, each.lower()) if os.environ.get(name)]
        at_fault = [name for name in names if os.environ[name] == getattr(error, "filename", "")]
        where = " or ".join(at_fault or names) or "the settings of this machine"
        plain = _without_passwords(str(error), names)
        why = certificates.unreadable(error) or f"{type(error).__name__}: {plain}"
        # the URL of a proxy stands in the error, in its causes and in the frames of all
        error.__cause__ = error.__context__ = None
        error.with_traceback(None).args = (plain,)
        raise ConfigError(f"nothing was sent, because {where} cannot be used ({why}): correct or unset it") from error


def _without_passwords(text: str, variables: list[str]) -> str:
    """A text without what proxies take for a password, or have taken for a port or a path because it is not escaped."""
    text = re.sub(r"//\S*@", "//…@", text)
    for name in variables:
        _, _, password = os.environ[name].partition("//")[2].rpartition("@")[0].partition(":")
        for piece in filter(None, re.split(r"[/?#@:]", password)):
            text = text.replace(piece, "…")
    return text
