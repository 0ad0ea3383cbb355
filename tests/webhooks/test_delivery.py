"""What a receiver decides about a delivery, without a server."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import pickle
from collections.abc import Generator
from typing import Any

import pytest

from kie import TaskRef, TaskStatus
from kie._core.json import pointer
from kie._records.callbacks import Signers, read_report, read_signed_headers, refs_of
from kie._records.lifecycles import lifecycles
from kie.webhooks import Receiver, WebhookRejected, sign
from tests.webhooks.support import NOW, SECRET, StillClock, body_of

BODY = body_of("task_1")
PROCESSOR = Receiver(SECRET, url="https://example.com/kie").asgi.processor


def status(task_id: str, state: str) -> TaskStatus:
    return TaskStatus(ref=TaskRef(task_id), state=state)  # type: ignore[arg-type]


@pytest.mark.parametrize("reported", ["running", "succeeded", "failed"])
def test_a_record_confirms_a_report_if_it_has_ended_too(reported: str) -> None:
    found = status("1", "failed")
    assert PROCESSOR.confirmed(status("1", reported), found) is found


@pytest.mark.parametrize(("task_id", "state"), [("1", "running"), ("2", "succeeded")])
def test_a_record_that_has_not_ended_or_is_of_another_task_confirms_no_end(task_id: str, state: str) -> None:
    with pytest.raises(WebhookRejected) as caught:
        PROCESSOR.confirmed(status("1", "succeeded"), status(task_id, state))
    assert caught.value.reason == "unconfirmed"


def test_a_fault_of_our_own_is_logged_with_its_traceback_and_reported_to_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    fault = ZeroDivisionError("a secret of ours")
    reply = PROCESSOR.reply(fault)
    assert (reply.status, reply.body) == (500, b'{"error": "failed"}')
    [record] = caplog.records
    assert (record.levelno, record.message) == (logging.ERROR, "a callback could not be received")
    assert record.exc_info is not None and record.exc_info[1] is fault


# over ASGI and WSGI


def fresh(**options: Any) -> Receiver:
    return Receiver(SECRET, clock=StillClock(), **options)


def asked(receiver: Receiver, *messages: dict[str, Any], **scope: Any) -> tuple[int, dict[bytes, bytes]]:
    """The status and the headers of the answer over ASGI to a signed delivery without a length."""
    waiting, sent = list(messages), list[dict[str, Any]]()

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = [(name.lower().encode(), value.encode()) for name, value in sign(BODY, SECRET, now=NOW).items()]
    asyncio.run(receiver.asgi({"type": "http", "method": "POST", "headers": headers, **scope}, receive, send))
    return sent[0]["status"], dict(sent[0]["headers"])


WHOLE = {"type": "http.request", "body": BODY, "more_body": False}


@pytest.mark.parametrize(
    ("method", "version", "status", "closed"),
    [
        ("POST", {}, 200, False),
        ("PUT", {}, 405, True),
        ("PUT", {"http_version": "1.0"}, 405, True),
        ("PUT", {"http_version": "2"}, 405, False),
    ],
)
def test_a_connection_is_closed_after_a_rejection_where_the_protocol_has_one_for_each(
    method: str, version: dict[str, str], status: int, closed: bool
) -> None:
    found, headers = asked(fresh(), WHOLE, method=method, **version)
    assert (found, headers.get(b"connection")) == (status, b"close" if closed else None)


def test_a_bad_request_closes_the_connection_too() -> None:
    status, headers = asked(fresh(), {"type": "http.disconnect"})
    assert (status, headers.get(b"connection")) == (400, b"close")


def test_a_body_is_not_whole_if_its_sender_hangs_up_though_it_could_be_read() -> None:
    part = {"type": "http.request", "body": BODY, "more_body": True}
    assert asked(fresh(), part, {"type": "http.disconnect"})[0] == 400
    assert asked(fresh(), part, {"type": "http.request"})[0] == 200


class Broken(io.BytesIO):
    """A stream that breaks at its end."""

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        if not found:
            raise OSError("the connection was reset")
        return found


def over_wsgi(receiver: Receiver, stream: io.BytesIO) -> int:
    answered: list[str] = []
    headers = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in sign(BODY, SECRET, now=NOW).items()}
    environ = {"REQUEST_METHOD": "POST", "wsgi.input": stream, "wsgi.input_terminated": True, **headers}
    app: Any = receiver.wsgi
    list(app(environ, lambda status, headers: answered.append(status)))
    return int(answered[0][:3])


@pytest.mark.parametrize(("kind", "status"), [(Broken, 400), (io.BytesIO, 200)])
def test_a_body_is_not_whole_if_reading_it_fails(kind: type[io.BytesIO], status: int) -> None:
    assert over_wsgi(fresh(), kind(BODY)) == status


class Later:
    """What an async handler returns, perhaps with a way to close it."""

    def __await__(self) -> Generator[None, None, None]:
        yield


def test_what_an_async_handler_returns_under_wsgi_is_closed_where_that_is_possible() -> None:
    closed: list[Later] = []

    class Closing(Later):
        def close(self) -> None:
            closed.append(self)

    returned = Closing()
    assert over_wsgi(fresh(on_status=lambda status: returned), io.BytesIO(BODY)) == 500
    assert closed == [returned]
    assert over_wsgi(fresh(on_status=lambda status: Later()), io.BytesIO(BODY)) == 500


# callbacks


def test_secrets_are_not_pickled() -> None:
    with pytest.raises(TypeError, match="it holds the webhook secret"):
        pickle.dumps(Signers(SECRET))


@pytest.mark.parametrize(("stamp", "taken"), [("9" * 12, True), ("9" * 13, False)])
def test_a_time_has_at_most_twelve_digits(stamp: str, taken: bool) -> None:
    headers = {"x-webhook-timestamp": stamp, "x-webhook-signature": "s"}
    if taken:
        assert read_signed_headers(headers, now=0, window=None).timestamp == stamp
    else:
        with pytest.raises(WebhookRejected):
            read_signed_headers(headers, now=0, window=None)


def test_a_task_is_looked_for_only_where_it_can_be_polled_and_the_report_may_come_from() -> None:
    document = json.loads(BODY)
    reported = read_report(document)
    found = {ref.lifecycle for ref in refs_of(document, reported)}
    for row in lifecycles():
        names_it = any(pointer(document, path) == reported.ref.id for path in row.callback.id)
        assert (row.name in found) == (row.name == reported.ref.lifecycle or bool(row.poll and names_it))
    assert 1 < len(found) < len(list(lifecycles()))


def test_a_report_that_reads_as_one_of_another_task_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kie._records.callbacks.read_callback", lambda document, of: status("2", "succeeded"))
    with pytest.raises(WebhookRejected) as caught:
        read_report(json.loads(BODY))
    assert caught.value.reason == "unrecognised"
