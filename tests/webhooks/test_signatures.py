"""`verify`, `sign` and `parse`: what the service signed, and nothing else."""

from __future__ import annotations

import contextlib
import io
import json
import pickle
from http.client import parse_headers
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kie import ConfigError
from kie._core.json import JSONObject
from kie._records.callbacks import pairs_of, signature
from kie.webhooks import WebhookRejected, parse, sign, verify

NOW = 1_767_225_600
SECRET = "whsec_test_key_1"
VECTORS = [
    ("whsec_test_key_1", "task_12345678", "1767225600", "03ZZXyTtpn8UMxZtoF1RJiY42b+EIF1uH4q8yFFPOmY="),
    (
        "whsec_test_key_1",
        "ee603959-debb-48d1-98c4-a6d1c717eba6",
        "1767225600",
        "Kr3rJX64cyoou5RdhK4V5aJBwbbd+Mj1C7SLJCW2avw=",
    ),
    ("another-key", "e989621f54392584b05867f87b160672", "1755599644", "HqfYUKXFawLXRlkexmprXYtPcu+OU2ZLd2JQySnpyEg="),
]
BODY = json.dumps({"code": 200, "msg": "ok", "data": {"taskId": "task_12345678", "state": "success"}}).encode()


def reason(headers: Any, body: bytes = BODY, secrets: Any = SECRET, **options: Any) -> str:
    """Why a delivery is refused, and that nothing of the secret is in the refusal."""
    with pytest.raises(WebhookRejected) as caught:
        verify(headers, body, secrets, **{"now": NOW, **options})
    error = caught.value
    assert SECRET not in f"{error!r}{error}{error.__dict__}"
    assert signature(SECRET, "task_12345678", str(NOW)) not in f"{error!r}{error}{error.__dict__}"
    assert pickle.loads(pickle.dumps(error)).reason == error.reason
    return error.reason


@pytest.mark.parametrize(("secret", "task_id", "timestamp", "expected"), VECTORS)
def test_the_known_vectors_verify(secret: str, task_id: str, timestamp: str, expected: str) -> None:
    headers = {"X-Webhook-Timestamp": timestamp, "X-Webhook-Signature": expected}
    bodies: list[JSONObject] = [
        {"data": {"taskId": task_id}},
        {"data": {"task_id": task_id}},
        {"taskId": task_id, "data": None},
    ]
    for body in bodies:
        assert sign(body, secret, now=int(timestamp)) == {name.lower(): value for name, value in headers.items()}
        assert verify(headers, json.dumps(body).encode(), secret, now=int(timestamp)) == body


TEXT = st.text(min_size=1).filter(lambda text: bool(text.strip()))
SECRETS = TEXT.filter(lambda text: text.isprintable())


@given(secret=SECRETS, task_id=TEXT, now=st.integers(0, 10**11))
def test_what_is_signed_verifies(secret: str, task_id: str, now: int) -> None:
    body: JSONObject = {"code": 200, "data": {"taskId": task_id}}
    assert verify(sign(body, secret, now=now), json.dumps(body).encode(), secret, now=now) == body


@given(st.data())
def test_no_signature_survives_the_change_of_a_bit(data: st.DataObject) -> None:
    headers = sign(BODY, SECRET, now=NOW)
    name = data.draw(st.sampled_from(sorted(headers)))
    raw = bytearray(headers[name].encode())
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    pairs = [(key.encode(), bytes(raw) if key == name else value.encode()) for key, value in headers.items()]
    with pytest.raises(WebhookRejected):
        verify(pairs, BODY, SECRET, now=NOW, window=None)


@given(st.data())
def test_a_signature_is_for_one_task_one_moment_and_one_secret(data: st.DataObject) -> None:
    task_id, secret, now = data.draw(TEXT), data.draw(SECRETS), data.draw(st.integers(0, 10**11))
    body: JSONObject = {"data": {"taskId": task_id}}
    headers = sign(body, secret, now=now)
    other_id, other_secret, other_now = data.draw(TEXT), data.draw(SECRETS), data.draw(st.integers(0, 10**11))
    assume((other_id, other_secret.strip(), other_now) != (task_id, secret.strip(), now))
    changed = {**headers, "x-webhook-timestamp": str(other_now)}
    other = json.dumps({"data": {"taskId": other_id}}).encode()
    with pytest.raises(WebhookRejected):
        verify(changed, other, other_secret, now=now, window=None)


@pytest.mark.parametrize(
    "shape",
    [
        dict,
        list,
        iter,
        lambda pairs: {name.upper(): value for name, value in pairs},
        lambda pairs: {name.title(): f" {value} " for name, value in pairs},
        lambda pairs: [(name.encode(), value.encode()) for name, value in pairs],
        lambda pairs: parse_headers(io.BytesIO(b"".join(f"{name}: {value}\r\n".encode() for name, value in pairs))),
    ],
    ids=["mapping", "pairs", "iterator", "upper case", "title case and blanks", "bytes", "http.server"],
)
def test_headers_come_as_any_framework_has_them(shape: Any) -> None:
    pairs = [("content-type", "application/json"), *sign(BODY, SECRET, now=NOW).items()]
    assert verify(shape(pairs), BODY, SECRET, now=NOW)


def test_any_of_several_secrets_will_do_while_one_replaces_another() -> None:
    headers = sign(BODY, SECRET, now=NOW)
    assert verify(headers, BODY, ["new", SECRET], now=NOW)
    assert verify(headers, BODY, (SECRET, "old"), now=NOW)
    assert verify(headers, BODY, f"{SECRET}\n", now=NOW), "a secret read from a file ends in a newline"
    assert reason(headers, secrets=["new", "old"]) == "signature"


def test_every_secret_is_tried_whichever_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is compared, and how often, does not depend on which secret it is: neither does the time that it takes."""
    import hmac

    compared: list[tuple[int, int]] = []
    real = hmac.compare_digest

    def counting(one: bytes, other: bytes) -> bool:
        compared.append((len(one), len(other)))
        return real(one, other)

    monkeypatch.setattr(hmac, "compare_digest", counting)
    headers = sign(BODY, SECRET, now=NOW)
    for secrets in ([SECRET, "a", "b"], ["a", "b", SECRET]):
        assert verify(headers, BODY, secrets, now=NOW)
    with pytest.raises(WebhookRejected):
        verify(headers, BODY, ["a", "b", "c"], now=NOW)
    assert compared == [(44, 44)] * 9


def test_one_right_signature_among_several_is_enough() -> None:
    good = sign(BODY, SECRET, now=NOW)
    stamp, right = good["x-webhook-timestamp"], good["x-webhook-signature"]
    wrong = sign(BODY, "other", now=NOW)["x-webhook-signature"]
    for several in ([wrong, right], [right, wrong], [f"{wrong}, {right}"]):
        pairs = [("X-Webhook-Timestamp", stamp), *(("X-Webhook-Signature", text) for text in several)]
        assert verify(pairs, BODY, SECRET, now=NOW)
    pairs = [("X-Webhook-Timestamp", stamp), ("X-Webhook-Signature", wrong), ("X-Webhook-Signature", wrong)]
    assert reason(pairs) == "signature"
    assert reason([*good.items(), ("X-Webhook-Timestamp", stamp)]) == "timestamp"


@pytest.mark.parametrize("missing", ["x-webhook-timestamp", "x-webhook-signature"])
def test_both_headers_are_needed(missing: str) -> None:
    headers = sign(BODY, SECRET, now=NOW)
    assert reason({name: value for name, value in headers.items() if name != missing}) == "unsigned"
    assert reason({**headers, missing: ""}) == "unsigned" or missing == "x-webhook-timestamp"


@pytest.mark.parametrize("stamp", ["", "soon", "-1767225600", "1767225600.0", "１７６７２２５６００", "1" * 13, "1e9"])
def test_an_invalid_timestamp_is_refused(stamp: str) -> None:
    headers = {"x-webhook-timestamp": stamp, "x-webhook-signature": signature(SECRET, "task_12345678", stamp)}
    assert reason(headers) == "timestamp"


def test_the_window_is_on_by_default_and_open_to_both_sides() -> None:
    headers = sign(BODY, SECRET, now=NOW)
    for now in (NOW - 300, NOW, NOW + 300):
        assert verify(headers, BODY, SECRET, now=now)
    assert reason(headers, now=NOW + 301) == "stale"
    assert reason(headers, now=NOW - 301) == "early"
    assert reason(headers, now=NOW + 11, window=10) == "stale"
    assert verify(headers, BODY, SECRET, now=NOW + 10**6, window=None)
    with pytest.raises(WebhookRejected, match="stale"):
        verify(headers, BODY, SECRET)  # by the clock of this machine


def test_without_a_time_the_clock_of_the_machine_counts() -> None:
    assert verify(sign(BODY, SECRET), BODY, SECRET)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", "not_json"),
        (BODY[:-1], "not_json"),
        (b"taskId=task_12345678", "not_json"),
        (b"[" * 100_000, "not_json"),
        (BODY.decode().encode("utf-16"), "charset"),
        (BODY.replace(b"ok", "ö".encode("latin-1")), "charset"),
        (b"null", "no_task"),
        (b"[1]", "no_task"),
        (b"{}", "no_task"),
        (b'{"data": {"taskId": true}}', "no_task"),
        (b'{"data": {"taskId": " "}}', "no_task"),
        (b'{"data": {"taskId": "task_12345678", "task_id": "another"}}', "no_task"),
        (b'{"taskId": "another", "data": {"taskId": "task_12345678"}}', "no_task"),
        (BODY.replace(b"task_1", b"task_2"), "signature"),
    ],
)
def test_a_body_that_cannot_be_what_was_signed_is_refused(body: bytes, expected: str) -> None:
    assert reason(sign(BODY, SECRET, now=NOW), body) == expected


@pytest.mark.parametrize("charset", ["utf-8", "UTF8", '"utf-8"', "us-ascii"])
def test_a_charset_that_is_utf8_is_taken(charset: str) -> None:
    headers = {**sign(BODY, SECRET, now=NOW), "Content-Type": f"application/json; charset={charset}"}
    assert verify(headers, BODY, SECRET, now=NOW)


@pytest.mark.parametrize("charset", ["utf-16", "latin-1", "utf-7", "nonsense", "utf-8; charset=latin-1", "a\0b", ""])
def test_another_charset_is_refused(charset: str) -> None:
    headers = {**sign(BODY, SECRET, now=NOW), "Content-Type": f"application/json; charset={charset}"}
    assert reason(headers) == "charset"


@given(st.binary(max_size=200), st.dictionaries(st.text(max_size=20), st.text(max_size=50), max_size=4))
def test_whatever_is_delivered_the_only_error_is_a_refusal(body: bytes, headers: dict[str, str]) -> None:
    stamp = {"x-webhook-timestamp": str(NOW), "x-webhook-signature": "x"}
    for given_headers in (headers, {**headers, **stamp}):
        with pytest.raises(WebhookRejected):
            verify(given_headers, body, SECRET, now=NOW)
    with contextlib.suppress(WebhookRejected):
        parse(body)


@pytest.mark.parametrize("secret", ["", "  ", [], ["fine", ""], "\ud800"])
def test_an_empty_or_invalid_secret_is_refused(secret: Any) -> None:
    with pytest.raises(ConfigError):
        verify(sign(BODY, SECRET, now=NOW), BODY, secret, now=NOW)


def test_a_body_without_a_task_cannot_be_signed() -> None:
    with pytest.raises(WebhookRejected, match="no_task"):
        sign({"data": {}}, SECRET)
    with pytest.raises(ConfigError):
        sign(BODY, " ")


SUCCESS: dict[str, Any] = {
    "code": 200,
    "msg": "Playground task completed successfully.",
    "data": {
        "taskId": "e989621f54392584b05867f87b160672",
        "model": "kling/v2-5-turbo-image-to-video-pro",
        "state": "success",
        "resultJson": '{"resultUrls":["https://example.com/generated.mp4"]}',
        "costTime": 8,
        "completeTime": 1755599644000,
        "createTime": 1755599634000,
        "consumeCredits": 100.5,
        "remainedCredits": 2510330,
    },
}
FAILURE: dict[str, Any] = {
    "code": 501,
    "msg": "Playground task failed.",
    "data": {"taskId": "bd3a37c523149e4adf45a3ddb5faf1a8", "state": "fail", "failCode": 500, "failMsg": "no"},
}


def test_a_report_of_success_is_a_status() -> None:
    for form in (json.dumps(SUCCESS).encode(), json.dumps(SUCCESS), SUCCESS):
        status = parse(form)
        assert (str(status.ref), status.ref.model) == (SUCCESS["data"]["taskId"], SUCCESS["data"]["model"])
        assert (status.state, status.urls) == ("succeeded", ("https://example.com/generated.mp4",))
        assert (str(status.credits), status.seconds) == ("100.5", 8.0)


def test_a_report_of_failure_is_a_status_too() -> None:
    status = parse(FAILURE)
    assert (status.state, status.fail_code, status.fail_message, status.urls) == ("failed", "500", "no", ())


@pytest.mark.parametrize(("document", "expected"), [({"data": {}}, "no_task"), ({"task_id": "x"}, "unrecognised")])
def test_what_no_family_reports_is_refused(document: JSONObject, expected: str) -> None:
    with pytest.raises(WebhookRejected) as caught:
        parse(document)
    assert caught.value.reason == expected


def test_the_family_of_a_report_that_does_not_name_it_can_be_given() -> None:
    """Many families report failures like this one; without `of` it counts as the first family's."""
    failed: JSONObject = {"code": 500, "msg": "no", "data": {"taskId": "t1"}}
    guessed, known = parse(failed), parse(failed, of="veo")
    assert (str(known.ref), known.state, known.fail_message) == ("veo:t1", "failed", "no")
    assert guessed.ref != known.ref
    assert parse(json.dumps(failed), of="veo") == parse(json.dumps(failed).encode(), of="veo") == known


def test_a_report_of_another_family_than_the_given_one_is_refused() -> None:
    with pytest.raises(WebhookRejected) as caught:
        parse({"code": 200, "data": {"task_id": "t1"}}, of="jobs")
    assert caught.value.reason == "unrecognised"
    with pytest.raises(ConfigError, match="lifecycle"):
        parse(FAILURE, of="no-such-family")


def test_a_value_that_is_not_text_is_no_header() -> None:
    headers: Any = [("a", None), ("b", 3.5), ("c", ["d", object()]), ("e", 7), (b"f", b"g")]
    assert [*pairs_of(headers)] == [("c", "d"), ("e", "7"), ("f", "g")]
