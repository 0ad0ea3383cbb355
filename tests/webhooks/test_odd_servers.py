"""What servers and frameworks give a receiver that no standard allows: it is answered with 4xx, never with an error."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from kie import ConfigError
from kie.webhooks import Receiver, WebhookRejected, sign, verify
from tests.webhooks.support import NOW, SECRET, StillClock, body_of

BODY = body_of()
SIGNED = sign(BODY, SECRET, now=NOW)


def receiver() -> Receiver:
    return Receiver(SECRET, clock=StillClock())


class Gives:
    """An input stream whose `read` gives, or raises, anything."""

    def __init__(self, given: object) -> None:
        self.given = given

    def read(self, size: int = -1) -> object:
        if isinstance(self.given, BaseException):
            raise self.given
        return self.given


def over_wsgi(**changed: object) -> int:
    environ: dict[str, object] = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(BODY)),
        "wsgi.input": io.BytesIO(BODY),
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in SIGNED.items()},
        **changed,
    }
    answers: list[str] = []
    environ = {name: value for name, value in environ.items() if value != "gone"}
    body = b"".join(receiver().wsgi(environ, lambda status, headers: answers.append(status)))  # type: ignore[arg-type]
    assert "failed" not in json.loads(body).values()
    return int(answers[0][:3])


@pytest.mark.parametrize(
    "stream",
    [
        "gone",
        None,
        5,
        *map(Gives, ("text", None, 5, [b"x"], {}, BODY * 2)),
        *map(Gives, (ValueError("closed"), OSError("reset"), RuntimeError("gone"), EOFError())),
    ],
)
def test_a_wsgi_input_that_gives_no_body_is_a_truncated_delivery(stream: object) -> None:
    assert over_wsgi(**{"wsgi.input": stream}) == 400


@pytest.mark.parametrize("length", ["", None, "gone", "-1", "x", "9" * 5000, "²", "+5", " 5", 5.5, [5], b"5", "1e3"])
def test_a_wsgi_length_that_is_not_one_is_refused(length: object) -> None:
    assert over_wsgi(CONTENT_LENGTH=length) in (400, 413)


def test_a_wsgi_length_may_be_a_number() -> None:
    assert over_wsgi(CONTENT_LENGTH=len(BODY)) == 200


@pytest.mark.parametrize("method", [None, "gone", 5, b"POST", "post"])
def test_a_wsgi_method_that_is_not_post_is_refused(method: object) -> None:
    assert over_wsgi(REQUEST_METHOD=method) == 405


@pytest.mark.parametrize("value", [None, "€", "\ud800", 5, b"x", ["x"]])
def test_a_wsgi_signature_of_any_kind_is_judged(value: object) -> None:
    assert over_wsgi(HTTP_X_WEBHOOK_SIGNATURE=value) == 401


def over_asgi(messages: list[object], **changed: object) -> list[dict[str, Any]]:
    headers = [(name.encode(), value.encode()) for name, value in SIGNED.items()]
    scope: dict[str, object] = {"type": "http", "method": "POST", "headers": headers, **changed}
    sent: list[dict[str, Any]] = []

    async def receive() -> Any:
        message = messages.pop(0)
        if isinstance(message, BaseException):
            raise message
        return message

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {name: value for name, value in scope.items() if value != "gone"}
    asyncio.run(receiver().asgi(scope, receive, send))
    return sent


@pytest.mark.parametrize(
    "messages",
    [
        [{"type": "http.request"}],
        [{"type": "http.request", "body": None}],
        [{"type": "http.request", "body": "text"}],
        [{"type": "http.request", "body": 5}],
        [{"type": "http.request", "body": [1, 2]}],
        [{"type": "http.disconnect"}],
        [{"type": "http.request", "body": BODY[:9], "more_body": True}, {"type": "http.disconnect"}],
        [{"type": "http.request", "body": BODY[:9], "more_body": True}, RuntimeError("the client is gone")],
        [OSError("reset")],
        [{}],
    ],
)
def test_asgi_messages_that_give_no_body_are_a_bad_delivery(messages: list[object]) -> None:
    assert over_asgi(messages)[0]["status"] == 400


@pytest.mark.parametrize("body", [bytearray(BODY), memoryview(BODY)])
def test_an_asgi_body_may_be_any_kind_of_bytes(body: object) -> None:
    assert over_asgi([{"type": "http.request", "body": body}])[0]["status"] == 200


@pytest.mark.parametrize(
    "headers",
    [
        "gone",
        None,
        5,
        "text",
        [("a",)],
        [5],
        [(None, None)],
        [(b"x-webhook-timestamp", str(NOW).encode()), (b"x-webhook-signature", None)],
        [(b"x-webhook-timestamp", NOW), ("x-webhook-signature", 5)],
    ],
)
def test_asgi_headers_that_sign_nothing_are_refused(headers: object) -> None:
    assert over_asgi([{"type": "http.request", "body": BODY}], headers=headers)[0]["status"] == 401


def test_an_asgi_scope_without_a_method_is_refused() -> None:
    assert over_asgi([], method="gone")[0]["status"] == 405


def test_a_websocket_is_closed_before_the_error_says_what_is_wrong() -> None:
    """A server answers 403 to a client whose WebSocket is closed before it was accepted."""
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        raise AssertionError("nothing is received")

    with pytest.raises(ConfigError, match="accepts HTTP requests, not websocket"):
        asyncio.run(receiver().asgi({"type": "websocket"}, receive, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]
    with pytest.raises(ConfigError, match="not None"):
        asyncio.run(receiver().asgi({}, receive, send))


FORMS: list[Callable[[], Any]] = [
    lambda: {name.upper(): value for name, value in SIGNED.items()},
    lambda: {name: [value] for name, value in SIGNED.items()},
    lambda: {name.encode(): value.encode() for name, value in SIGNED.items()},
    lambda: [[name, value] for name, value in SIGNED.items()],
    lambda: ((name, (value,)) for name, value in SIGNED.items()),
    lambda: {**SIGNED, "x-webhook-timestamp": NOW},
    lambda: {**SIGNED, "other": None, 5: object()},
    lambda: {**SIGNED, "X-Webhook-Signature": "é"},
]


@pytest.mark.parametrize("form", FORMS)
def test_signed_headers_are_found_in_whatever_form_a_framework_gives_them(form: Callable[[], Any]) -> None:
    assert verify(form(), BODY, SECRET, now=NOW)["code"] == 200


@pytest.mark.parametrize("headers", [None, 5, "text", b"bytes", [("a",)], [5], {"x-webhook-timestamp": None}])
def test_what_holds_no_signed_headers_is_unsigned(headers: Any) -> None:
    with pytest.raises(WebhookRejected, match="unsigned"):
        verify(headers, BODY, SECRET, now=NOW)


@pytest.mark.parametrize("body", [None, "text", 5, {}, [BODY], io.BytesIO(BODY)])
def test_a_body_that_is_not_bytes_is_refused_in_words(body: Any) -> None:
    with pytest.raises(ConfigError, match="must be the bytes that came, not"):
        verify(SIGNED, body, SECRET, now=NOW)
    with pytest.raises((ConfigError, WebhookRejected)):
        sign(body, SECRET)


@pytest.mark.parametrize("body", [bytearray(BODY), memoryview(BODY)])
def test_a_body_may_be_any_kind_of_bytes(body: Any) -> None:
    assert verify(SIGNED, body, SECRET, now=NOW)["code"] == 200
