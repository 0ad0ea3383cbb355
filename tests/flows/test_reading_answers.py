"""How an answer is read: its code, its text, and what it says about retrying."""

from __future__ import annotations

import json

import pytest

from kie._core.call import HttpResponse
from kie._exchange.answers import Answer, read_answer, retry_after_of
from kie._policy.codes import judge, refused_field
from kie._records.lifecycles import lifecycle
from kie._records.reading import find_task_id
from kie.errors import BadRequest, RateLimited, ServerError, Unprocessable


def answer(body: object, status: int = 200, **headers: str) -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return read_answer(HttpResponse(status=status, headers=named, body=raw))


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (200, 200),
        ("200", 200),
        (200.0, 200),
        (999_999, 999_999),
        (1_000_000, None),
        (-1_000_000, None),
        ("99999", 99_999),
        ("100000", None),
        (1e6, None),
        (200.5, None),
        (True, None),
        (None, None),
        ("-200", None),
        ("²", None),
        ([200], None),
    ],
)
def test_a_code_is_a_whole_number_of_at_most_six_digits_however_it_is_written(sent: object, code: int | None) -> None:
    assert answer({"code": sent, "msg": "m"}).code == code


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"msg": "a", "message": "b"}, "a"),
        ({"msg": None, "message": "b"}, "b"),
        ({"error": "c"}, "c"),
        ({"error": {"message": "d", "type": "server_error"}}, "d"),
        ({"code": 500, "msg": "x" * 501}, "x" * 500),
        ({"code": 500}, ""),
        ({"code": 422, "msg": ["a", {"b": "ü"}]}, '["a", {"b": "ü"}]'),
        ({"code": 422, "msg": {"message": 5}, "error": [6]}, '{"message": 5}'),
        ({"code": 422, "msg": ["a"], "error": "b"}, "b"),
        ({"code": 422, "msg": 3}, "3"),
        ({"code": 422, "msg": [], "error": True}, ""),
        ({"code": 422, "msg": ["x" * 600]}, '["' + "x" * 498),
        (b"", "the answer is empty"),
        (b" " * 400 + b"x", "the answer is empty"),
        (b" " * 399 + b"x", "expected JSON, but got: x"),
        (b"<p>\n  no</p>", "expected JSON, but got: <p> no</p>"),
        (b"y" * 200, "expected JSON, but got: " + "y" * 160),
        ({}, "expected JSON, but got: {}"),
    ],
)
def test_the_text_of_an_answer_is_its_own_or_an_excerpt_of_the_body(body: object, message: str) -> None:
    assert answer(body).message == message


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (299, "the answer is empty"),
        (300, "the answer cannot be read; the answer is empty"),
        (400, "refused; the answer is empty"),
        (498, "refused; the answer is empty"),
        (500, "the answer is empty"),
    ],
)
def test_an_empty_answer_says_what_its_status_means_where_that_is_not_our_own_trouble(
    status: int, message: str
) -> None:
    assert answer(b"", status).message == message


@pytest.mark.parametrize(
    ("status", "code", "created"),
    [(200, 422, False), (498, 422, False), (500, 422, None), (502, 422, None), (422, 422, False), (501, 422, None)],
)
def test_a_refusal_inside_a_failure_of_the_server_leaves_open_whether_a_task_exists(
    status: int, code: int, created: bool | None
) -> None:
    assert answer({"code": code, "msg": "no"}, status).exception(creating=True).task_created is created


def test_a_failure_of_the_server_that_its_own_code_repeats_is_its_word() -> None:
    assert answer({"code": 505, "msg": "off"}, 505).exception(creating=True).task_created is False


@pytest.mark.parametrize(("status", "code", "accepted"), [(200, 200, True), (201, 200, True), (400, 200, False)])
def test_a_200_inside_an_http_error_is_not_believed(status: int, code: int, accepted: bool) -> None:
    found = answer({"code": code, "msg": "success"}, status)
    assert (found.accepted, found.contradicts_itself) == (accepted, not accepted)
    assert (judge(status, code).error is None) is accepted


def test_a_code_that_is_not_200_contradicts_nothing() -> None:
    assert not answer({"code": 422, "msg": "no"}, 422).contradicts_itself


def test_an_error_carries_what_support_and_retries_need() -> None:
    error = answer({"code": 430, "msg": "slow"}, x_request_id="r1", cf_ray="ray", retry_after="7").exception(
        creating=True
    )
    assert isinstance(error, RateLimited)
    assert (error.status, error.code, error.message) == (200, 430, "430: slow")
    assert (error.request_id, error.retry_after) == ("r1", 7.0)
    assert answer({"code": 430}, cf_ray="ray").exception(creating=True).request_id == "ray"
    assert answer({"code": 430}).exception(creating=True).request_id is None


def test_an_error_without_a_text_says_what_its_code_means() -> None:
    assert answer({"code": 430}).exception(creating=True).message == "430: too many requests; dropped"


def test_an_error_says_what_to_do_where_the_table_knows_that() -> None:
    error = answer({"code": 402, "msg": "no credits"}).exception(creating=True)
    assert str(error).endswith("(top up at https://kie.ai)")


def test_only_an_error_about_a_field_has_one() -> None:
    error = answer({"code": 500, "msg": " Prompt is required. "}).exception(creating=True)
    assert isinstance(error, Unprocessable)
    assert error.field == "Prompt"
    other = answer({"code": 500, "msg": "oh"}).exception(creating=True)
    assert type(other) is ServerError
    assert not hasattr(other, "field")


def test_only_answers_that_say_too_many_requests_are_rate_limited() -> None:
    assert [code for code in (200, 422, 429, 430, 455, 500) if judge(200, code).rate_limited] == [429, 430]


def test_an_error_of_a_call_that_creates_nothing_says_so() -> None:
    assert answer({"code": 500, "msg": "oh"}).exception(creating=False).task_created is False


@pytest.mark.parametrize("code", [None, 200, 400, 501])
def test_a_text_about_a_field_counts_only_under_the_codes_of_refusals(code: int | None) -> None:
    assert refused_field(code, "prompt is required") is None


@pytest.mark.parametrize(
    ("status", "error"), [(400, BadRequest), (498, BadRequest), (500, ServerError), (599, ServerError)]
)
def test_a_status_that_the_table_does_not_know_is_judged_by_its_hundred(status: int, error: type[Exception]) -> None:
    assert judge(status, None).error == error.__name__
    assert judge(status, None).meaning == judge(status - status % 100 + 98, None).meaning


def test_a_code_that_nobody_knows_leaves_it_open() -> None:
    found = judge(200, 999)
    assert (found.error, found.task_created, found.meaning) == ("ApiError", None, "unknown")


def test_the_row_of_a_family_overrules_the_table_for_its_codes_only() -> None:
    codes = next(row.codes for row in map(lifecycle, ("jobs", "suno", "veo", "flux-kontext", "gpt4o")) if row.codes)
    for code, meaning in codes.items():
        assert judge(200, int(code), codes) is meaning
    assert judge(200, 455, codes) is judge(200, 455)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        (" 0 ", 0.0),
        ("-1", None),
        ("inf", None),
        ("nan", None),
        ("", None),
        ("soon", None),
        ("Tue, 01 Sep 2026 12:00:30 GMT", 30.0),
        ("Tue, 01 Sep 2026 11:59:59 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_counted_from_the_date_of_the_answer(
    value: str, seconds: float | None
) -> None:
    assert retry_after_of({"retry-after": value, "date": "Tue, 01 Sep 2026 12:00:00 GMT"}) == seconds


def test_a_date_to_retry_at_says_nothing_without_the_date_of_the_answer() -> None:
    assert retry_after_of({"retry-after": "Tue, 01 Sep 2026 12:00:30 GMT"}) is None
    assert retry_after_of({}) is None


def test_the_id_of_a_task_that_was_paid_for_is_found_in_four_levels_of_an_answer() -> None:
    jobs = lifecycle("jobs")
    assert find_task_id(jobs, {"result": {"tasks": [{"task_id": "task_1"}]}}) == "task_1"
    assert find_task_id(jobs, {"result": {"tasks": [{"more": {"task_id": "task_1"}}]}}) is None
