"""The clients of the default HTTP library: how they are set up, for whom, and for how long they are kept."""

from __future__ import annotations

import asyncio
import ssl
import sys
import threading
import traceback
from typing import Any

import httpx2
import pytest

from kie import ConfigError
from kie._io.deadline import _Backend
from kie._io.forks import OPENING
from kie._io.pools import Pools


def test_no_cookie_of_an_answer_is_in_the_next_request() -> None:
    sent: list[str | None] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(request.headers.get("cookie"))
        return httpx2.Response(200, headers={"set-cookie": "session=1; Path=/"})

    pools = Pools(lambda **options: httpx2.Client(transport=httpx2.MockTransport(answer), **options))
    client = pools.get(False)
    for _ in range(2):
        client.get("https://api.example.com/")
    client.close()
    assert sent == [None, None]


def test_certificates_are_read_once_for_all_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[ssl.SSLContext] = []
    given: list[Any] = []

    def context() -> ssl.SSLContext:
        read.append(ssl.create_default_context())
        return read[-1]

    def make(**options: Any) -> httpx2.Client:
        given.append(options["verify"])
        return httpx2.Client(**options)

    monkeypatch.setattr(httpx2, "create_ssl_context", context)
    pools = Pools(make)
    for fresh in (False, True):
        pools.get(fresh).close()
    assert len(read) == 1
    assert given == [read[0], read[0]]


def test_no_connection_of_a_client_outlasts_the_exchange_that_uses_it() -> None:
    pools = Pools(httpx2.Client)
    client = pools.get(False)
    client.close()
    assert isinstance(client._transport._pool._network_backend, _Backend)


def test_the_clients_of_loops_that_were_closed_are_not_kept() -> None:
    pools = Pools(httpx2.AsyncClient)
    for _ in range(5):
        loop = asyncio.new_event_loop()
        pools.get(False, loop)
        pools.get(True, loop)
        assert len(pools._open) == 2
        loop.close()
    pools.get(False)
    assert set(pools._open) == {(None, False, "", 0)}


def test_a_client_that_is_open_does_not_wait_for_another_that_is_being_opened() -> None:
    pools = Pools(httpx2.Client)
    client = pools.get(False)
    found: list[Any] = []
    with OPENING:
        other = threading.Thread(target=lambda: found.append(pools.get(False)), daemon=True)
        other.start()
        other.join(5)
        assert found == [client]
    client.close()


def test_a_fault_of_the_set_up_names_the_variable_that_is_at_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/gone/certificates.pem")
    monkeypatch.setenv("SSLKEYLOGFILE", "/gone/keys.log")

    def refuse() -> ssl.SSLContext:
        raise FileNotFoundError(2, "No such file or directory", "/gone/keys.log")

    monkeypatch.setattr(httpx2, "create_ssl_context", refuse)
    with pytest.raises(ConfigError) as caught:
        Pools(httpx2.Client).get(False)
    assert str(caught.value).startswith(
        "nothing was sent, because SSLKEYLOGFILE cannot be used (No such file or directory): correct or unset it"
    )


@pytest.mark.parametrize("between", ["", "@", "/", "#", "?"], ids=["plain", "@", "/", "#", "?"])
@pytest.mark.parametrize("scheme", ["ftp", "http", "socks5"])
def test_a_fault_of_a_proxy_shows_no_password_in_its_text_or_frames(
    scheme: str, between: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"{scheme}://user:geheim{between}wort@proxy:port")
    monkeypatch.setitem(sys.modules, "socksio", None)
    with pytest.raises(ConfigError) as caught:
        Pools(httpx2.Client).get(False)
    assert str(caught.value).startswith("nothing was sent, because HTTPS_PROXY cannot be used (")
    text = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert "ConfigError" in text and "geheim" not in text and "wort@" not in text


def test_a_password_that_is_taken_for_a_port_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://user:geheim##wort@proxy:80")
    with pytest.raises(ConfigError) as caught:
        Pools(httpx2.Client).get(False)
    assert "HTTPS_PROXY cannot be used (InvalidURL: Invalid port: '…'): correct or unset it" in str(caught.value)


def test_a_fault_of_a_proxy_says_what_the_library_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "ftp://user:geheim@proxy")

    def refuse(**_: Any) -> httpx2.Client:
        raise ValueError("unknown scheme in ftp://user:geheim@proxy")

    with pytest.raises(ConfigError) as caught:
        Pools(refuse).get(False)
    assert str(caught.value).startswith(
        "nothing was sent, because HTTPS_PROXY cannot be used (ValueError: unknown scheme in ftp://…@proxy): correct"
    )
