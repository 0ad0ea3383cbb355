"""IO: the clients of the default HTTP library, opened on first use. May import `_core`."""

from __future__ import annotations

import os
import re
import threading
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
"""The most idle seconds of a connection for a submission. A stale connection would make its outcome unknown."""

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""Hosts that never use a proxy. A proxy would see the key and the prompt, and reach its own loopback instead."""

_CLOSED = "this client is closed; make a new one"

_PROXIES = ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY")


class Pools:
    """Two clients of the default library for each event loop. One keeps idle connections only briefly.

    There may be several of both, one per `lane`. Each request looks through all connections of its client, so several
    clients with a few connections each are faster than one with many.

    Connections belong to the loop that opened them. Blocking clients have no loop: their key is None. Other names of
    this machine (`host`, such as 127.0.0.2) have their own clients, because only some versions of the library can
    exempt whole networks from the proxy.
    """

    def __init__(self, make: Callable[..., Any]) -> None:
        self._make = make
        self._open: dict[tuple[object, bool, str, int], Any] = {}
        self._ssl: Any = None
        self._closed = False
        self._submitted = float("-inf")
        self.renew()
        renewed_after_fork(self)

    def renew(self) -> None:
        """After a fork, forget the parent's connections, which the child must neither use nor close."""
        self._open = {}
        self._submitting: dict[Any, int] = {}
        self._taken = set[Any]()
        self._counting = threading.RLock()  # a handler of a signal may close the client meanwhile

    def choose(self, fresh: bool) -> bool:
        """Choose the pool for a request. Submissions need fresh connections, which soon after serve all requests."""
        now = time.monotonic()
        if fresh:
            self._submitted = now
        return fresh or now - self._submitted < IDLE_FOR_SUBMISSIONS

    def opened(self, fresh: bool, loop: object = None, host: str = "", lane: int = 0) -> Any:
        """The client of a pool, if it is already open, and the transport was not closed. Never blocks."""
        return None if self._closed else self._open.get((loop, fresh, host, lane))

    def get(self, fresh: bool, loop: object = None, host: str = "", lane: int = 0) -> Any:
        """The client of a pool. One thread opens it on first use, which blocks because it reads certificates.

        Raises `ConfigError` if the transport is closed, or the environment has settings that cannot be used.
        """
        if self._closed:
            raise ConfigError(_CLOSED)
        key = loop, fresh, host, lane
        found = self._open.get(key)
        if found is not None:
            return found
        with OPENING:
            found = self._open.get(key)
            if found is None:
                self._forget_dead_loops()
                found = self._opened(fresh, host)
                with self._counting:
                    if self._closed:  # meanwhile
                        raise ConfigError(_CLOSED)
                    self._open[key] = found
            return found

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
            if getattr(key[0], "is_closed", bool)():  # its connections are closed when they are garbage-collected
                self._open.pop(key, None)

    def submitting(self, client: Any) -> None:
        """Note that a submission begins on a client, which stays open until `submitted`, so that its answer arrives.

        Raises `ConfigError` if the transport was closed meanwhile.
        """
        with self._counting:
            if self._closed:
                raise ConfigError(_CLOSED)
            self._submitting[client] = self._submitting.get(client, 0) + 1

    def submitted(self, client: Any) -> bool:
        """Note that a submission has ended on a client. Returns whether the caller has to close the client."""
        with self._counting:
            self._submitting[client] -= 1
            if self._submitting[client]:
                return False
            del self._submitting[client]
            left = client in self._taken
            self._taken.discard(client)
            return left

    def take(self, loop: object = None) -> list[Any]:
        """Remove the clients of one loop. Returns those to close: those that submit are closed when they have ended."""
        with self._counting:
            taken = [self._open.pop(key, None) for key in list(self._open) if key[0] is loop]
            found = [client for client in taken if client is not None]  # a handler of a signal may have taken some
            self._taken.update(client for client in found if client in self._submitting)
            return [client for client in found if client not in self._submitting]

    def shut(self) -> list[Any]:
        """Refuse to open more clients. Remove and return those without a loop, for closing."""
        with self._counting:
            self._closed = True
        return self.take()


def own_host(url: str) -> str:
    """The host of a URL if it is an unusual name of this machine; else empty."""
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
    """Turn an error while the HTTP library is set up into a `ConfigError` that names the setting at fault."""
    try:
        yield
    except Exception as error:
        names = [name for each in variables for name in (each, each.lower()) if os.environ.get(name)]
        at_fault = [name for name in names if os.environ[name] == getattr(error, "filename", "")]
        where = " or ".join(at_fault or names) or "the settings of this machine"
        plain = _without_passwords(str(error), names)
        why = certificates.unreadable(error) or f"{type(error).__name__}: {plain}"
        # the error, its causes and all their frames contain the URL of the proxy
        error.__cause__ = error.__context__ = None
        error.with_traceback(None).args = (plain,)
        raise ConfigError(f"nothing was sent, because {where} cannot be used ({why}): correct or unset it") from error


def _without_passwords(text: str, variables: list[str]) -> str:
    """Remove proxy passwords from a text, including parts of unescaped ones that were read as a port or a path."""
    text = re.sub(r"//\S*@", "//…@", text)
    for name in variables:
        _, _, password = os.environ[name].partition("//")[2].rpartition("@")[0].partition(":")
        for piece in filter(None, re.split(r"[/?#@:]", password)):
            text = text.replace(piece, "…")
    return text
