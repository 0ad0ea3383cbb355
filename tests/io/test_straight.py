"""Requests that leave a client's connections without the client are, byte for byte, those that it would send."""

from __future__ import annotations

import string
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kie._core.call import HttpRequest
from kie._io.straight import StraightRequest, straight

CLIENT = httpx2.Client(trust_env=False)  # whatever proxy there is
ADDED = {"Accept-Encoding": "gzip"}

SERVERS = st.sampled_from(
    [
        "https://api.kie.ai",
        "https://API.Kie.ai:443",
        "http://127.0.0.1:8080",
        "http://localhost:80",
        "http://[::1]:9000",
        "https://xn--bcher-kva.example",
    ]
)
TARGETS = st.text(string.ascii_letters + string.digits + "/?&=%._~+-{}|:@,;!*()'", max_size=20).map("/{}".format)
REQUESTS = st.builds(
    lambda server, target, method, content: HttpRequest(
        method=method, url=server + target, headers={"Accept": "application/json"}, content=content
    ),
    SERVERS,
    TARGETS,
    st.sampled_from(["GET", "POST"]),
    st.none() | st.binary(max_size=8),
)


def sent(request: Any) -> tuple[Any, ...]:
    """What httpcore gets to see of a request."""
    headers = {name.lower(): value for name, value in request.headers}
    assert len(headers) == len(request.headers)
    url = request.url
    return request.method, url.scheme, url.host, url.port, url.target, headers, b"".join(request.stream)


@given(REQUESTS)
def test_a_request_says_what_that_of_the_library_says(request: HttpRequest) -> None:
    built = httpx2.Request(
        request.method, request.url, headers={**request.headers, **ADDED}, content=request.content, extensions={}
    )
    found = straight(CLIENT, request, ADDED, {})
    target = request.url.partition("://")[2].partition("/")[2]
    if found is None:
        assert "/." in request.url or set(target) & set("{}|:@,;!*()'")
        return
    method, *place, headers, content = sent(found.request)
    url = built.url
    assert (method, content) == (request.method.encode(), request.content or b"")
    assert place == [url.raw_scheme, url.raw_host, url.port, url.raw_path]
    assert headers == {name.lower(): value for name, value in built.headers.raw}
    assert found.pool is CLIENT._transport._pool  # type: ignore[attr-defined]


@pytest.mark.parametrize("url", ["https://api.kie.ai/api/v1/jobs/createTask", "http://[::1]:1/a?taskId=x.y_z-1"])
def test_the_calls_of_the_service_leave_straight(url: str) -> None:
    assert straight(CLIENT, HttpRequest(method="GET", url=url), {}, {}) is not None


@pytest.mark.parametrize(
    "url", ["https://api.kie.ai", "https://a.example/../x", "https://a.example/a b", "https://a.example/ä"]
)
def test_a_target_that_the_library_would_change_is_left_to_it(url: str) -> None:
    assert straight(CLIENT, HttpRequest(method="GET", url=url), {}, {}) is None


@pytest.mark.parametrize(
    ("kind", "step"),
    [
        (httpx2.Client, "send"),
        (httpx2.Client, "_send_single_request"),
        (httpx2.Client, "_transport_for_url"),
        (httpx2.HTTPTransport, "handle_request"),
    ],
)
def test_what_stands_in_for_a_step_of_the_library_is_not_passed_by(
    kind: Any, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = HttpRequest(method="GET", url="https://api.kie.ai/x")
    assert straight(CLIENT, request, {}, {}) is not None
    monkeypatch.setattr(kind, step, lambda *_, **__: None)
    assert straight(CLIENT, request, {}, {}) is None


def test_a_client_without_connections_is_asked_itself() -> None:
    client = httpx2.Client(transport=httpx2.MockTransport(lambda _: httpx2.Response(200)))
    assert straight(client, HttpRequest(method="GET", url="https://api.kie.ai/x"), {}, {}) is None


def test_a_header_is_forgotten_however_it_is_written() -> None:
    request = HttpRequest(method="GET", url="https://api.kie.ai/x", headers={"Authorization": "Bearer k", "A": "b"})
    found = straight(CLIENT, request, {}, {})
    assert isinstance(found, StraightRequest) and b"Bearer k" in str(found.request.headers).encode()
    found.forget(b"authorization")
    assert found.request.headers == [(b"Host", b"api.kie.ai"), (b"A", b"b")]
