"""What the library tells of a request decides whether it can have left."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import attrs
import httpcore2
import httpx2
import pytest

from kie._core.call import HttpRequest, TransportError
from kie._core.errors import ConfigError
from kie._io.straight import straight
from kie._io.watch import Watch

POST: dict[str, Any] = {"request": httpcore2.Request(b"POST", "https://api.kie.ai/")}
CONNECT: dict[str, Any] = {"request": httpcore2.Request(b"CONNECT", "https://api.kie.ai/")}
WRITE = "http11.send_request_headers.started"


@attrs.frozen
class Connection:
    """A connection of which the library knows whether something can be read from it."""

    readable: bool

    def get_extra_info(self, name: str) -> bool:
        assert name == "is_readable"
        return self.readable


def followed(*steps: tuple[str, Mapping[str, Any]], once: bool = True) -> Watch:
    watch = Watch(once=once, ours=True)
    for name, info in steps:
        watch.trace(name, info)
    return watch


def raised(watch: Watch, error: Exception) -> Exception:
    with pytest.raises((TransportError, ConfigError)) as caught, watch:
        raise error
    assert caught.value.__cause__ is error
    return caught.value


CONNECTED = ("connection.connect_tcp.complete", {"return_value": Connection(False)})
READABLE = ("connection.connect_tcp.complete", {"return_value": Connection(True)})
TLS = ("connection.start_tls.complete", {"return_value": Connection(True)})


@pytest.mark.parametrize(
    ("steps", "sent"),
    [
        ([], None),
        ([("connection.connect_tcp.started", {})], False),
        ([CONNECTED], False),
        ([CONNECTED, (WRITE, CONNECT)], False),
        ([CONNECTED, (WRITE, POST)], None),
        ([CONNECTED, ("http2.send_request_headers.started", POST)], None),
        ([READABLE, ("http2.send_request_headers.started", POST)], None),
        ([CONNECTED, (WRITE, CONNECT), (WRITE, POST)], None),
    ],
    ids=[
        *("nothing told", "connecting", "connected", "asking a proxy", "writing", "writing HTTP/2"),
        *("a server of HTTP/2 that has sent its settings", "through a proxy"),
    ],
)
def test_nothing_was_sent_before_the_request_itself_is_written(steps: Any, sent: bool | None) -> None:
    error = raised(followed(*steps), httpcore2.ReadError("lost"))
    assert isinstance(error, TransportError)
    assert error.sent is sent
    assert str(error) == "ReadError: lost"


@pytest.mark.parametrize("name", ["ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol"])
def test_a_library_that_tells_nothing_is_believed_where_the_name_of_its_error_says_it(name: str) -> None:
    error = raised(followed(), getattr(httpcore2, name)())
    assert isinstance(error, TransportError)
    assert error.sent is False
    assert error.local is (name in ("PoolTimeout", "UnsupportedProtocol"))
    assert error.timeout is name.endswith("Timeout")
    assert str(error) == name


def test_a_head_that_cannot_be_composed_did_not_leave_with_http1() -> None:
    composed = httpcore2.LocalProtocolError("no header")
    watch = followed(CONNECTED, (WRITE, POST), ("http11.send_request_headers.failed", {"exception": composed}))
    error = raised(watch, composed)
    assert isinstance(error, TransportError)
    assert error.sent is False and error.local


@pytest.mark.parametrize(
    "failed",
    [
        ("http11.send_request_headers.failed", {"exception": httpcore2.WriteError("broken pipe")}),
        ("http2.send_request_headers.failed", {"exception": httpcore2.LocalProtocolError("no header")}),
        ("http11.send_request_body.failed", {"exception": httpcore2.LocalProtocolError("too much data")}),
    ],
)
def test_a_head_of_which_a_part_may_have_left_counts_as_sent(failed: tuple[str, Mapping[str, Any]]) -> None:
    error = raised(followed(CONNECTED, (WRITE, POST), failed), httpcore2.LocalProtocolError("so"))
    assert isinstance(error, TransportError)
    assert error.sent is None and not error.local


def test_a_head_that_fails_before_it_was_begun_takes_nothing_back() -> None:
    composed = httpcore2.LocalProtocolError("no header")
    watch = followed(CONNECTED, ("http11.send_request_headers.failed", {"exception": composed}), (WRITE, POST))
    error = raised(watch, composed)
    assert isinstance(error, TransportError) and error.sent is None


def test_a_submission_is_not_written_a_second_time() -> None:
    watch = followed(CONNECTED, (WRITE, POST), CONNECTED)
    with pytest.raises(TransportError, match="a second time") as caught:
        watch.trace(WRITE, POST)
    assert caught.value.sent is None


def test_a_read_may_be_written_a_second_time() -> None:
    followed(CONNECTED, (WRITE, POST), CONNECTED, (WRITE, POST), once=False)


def test_a_connection_that_spoke_first_gets_no_request() -> None:
    watch = followed(READABLE)
    with pytest.raises(TransportError, match="the server closed the connection, or answered before") as caught:
        watch.trace(WRITE, POST)
    assert caught.value.sent is False


def test_the_second_attempt_of_the_library_on_a_connection_that_spoke_first_leaves_it_open() -> None:
    watch = followed(CONNECTED, (WRITE, POST), READABLE, once=False)
    with pytest.raises(TransportError, match="the server closed the connection") as caught:
        watch.trace(WRITE, POST)
    assert caught.value.sent is None


def test_a_server_may_speak_first_under_tls() -> None:
    followed(READABLE, TLS, (WRITE, POST))


def test_a_proxy_that_wants_other_credentials_is_a_matter_of_configuration() -> None:
    error = raised(followed(CONNECTED, (WRITE, CONNECT)), httpcore2.ProxyError("407 Proxy Authentication Required"))
    assert isinstance(error, ConfigError)
    assert "407 Proxy Authentication Required" in error.message and "HTTPS_PROXY" in error.message


@pytest.mark.parametrize(
    ("steps", "text"), [([CONNECTED, (WRITE, CONNECT)], "403 Forbidden"), ([CONNECTED, (WRITE, POST)], "407 Odd")]
)
def test_other_refusals_of_a_proxy_are_failures_of_the_transport(steps: Any, text: str) -> None:
    assert isinstance(raised(followed(*steps), httpcore2.ProxyError(text)), TransportError)


@pytest.mark.parametrize("error", [ConfigError("mine"), TransportError("so", sent=False), KeyboardInterrupt()])
def test_what_says_it_in_our_words_already_passes(error: BaseException) -> None:
    with pytest.raises(type(error)) as caught, Watch(ours=True):
        raise error
    assert caught.value is error


def test_what_a_users_own_hook_raises_passes() -> None:
    error = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError) as caught, Watch():
        raise error
    assert caught.value is error


@pytest.mark.parametrize(
    "error", [ConnectionResetError(), UnicodeEncodeError("ascii", "ä", 0, 1, "so"), httpx2.InvalidURL("so")]
)
def test_what_only_the_library_can_mean_is_translated_with_a_users_own_client_too(error: Exception) -> None:
    with pytest.raises(TransportError), Watch():
        raise error


def test_what_comes_out_of_the_library_is_translated_whatever_it_is() -> None:
    library: dict[str, Any] = {"__name__": "h11._connection"}
    exec("def fail():\n    raise ZeroDivisionError", library)
    with pytest.raises(TransportError), Watch():
        library["fail"]()


def test_an_event_loop_is_followed_in_the_same_way() -> None:
    watch = followed(CONNECTED)
    asyncio.run(watch.trace_async(WRITE, POST))
    error = raised(watch, httpcore2.ReadError())
    assert isinstance(error, TransportError) and error.sent is None


def test_a_block_without_an_error_raises_none() -> None:
    with Watch(ours=True) as watch:
        assert isinstance(watch, Watch)


HEADERS = {"Authorization": "Bearer k", "Accept": "*/*"}


def broken(request: object) -> None:
    with Watch(ours=True) as watch:
        watch.give(request)
        raise OSError("broken")


def test_a_request_whose_exchange_failed_has_no_key() -> None:
    call = HttpRequest(method="GET", url="https://api.kie.ai/x", headers=HEADERS)
    directly, request = straight(httpx2.Client(), call, {}, {}), httpx2.Request("GET", call.url, headers=HEADERS)
    assert directly is not None
    for each in (directly, request):
        with pytest.raises(TransportError):
            broken(each)
    assert directly.request.headers == [(b"Host", b"api.kie.ai"), (b"Accept", b"*/*")]
    assert "Bearer" not in str(request.headers.raw)


def test_a_request_without_a_key_stays_as_it_is() -> None:
    request = httpx2.Request("GET", "https://files.example/x")
    with pytest.raises(TransportError):
        broken(request)
    assert request.headers.raw == [(b"Host", b"files.example")]


def test_a_time_limit_that_passed_before_anything_could_leave_says_both() -> None:
    connecting = followed(("connection.connect_tcp.started", {}))
    with pytest.raises(TransportError) as caught, connecting:
        raise TransportError("timed out after 1 s", sent=None, timeout=True)
    assert (caught.value.sent, caught.value.timeout) == (False, True)
