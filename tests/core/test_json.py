"""Documents that servers make are read at a bounded cost."""

from __future__ import annotations

import json
from typing import cast

import pytest

from kie._core.json import JSON, MOST_LEADING, decode, decode_answer, decode_foreign, finite, in_utf8, leading
from kie._records.reading import decimal


def nested(levels: int) -> bytes:
    return b"[" * levels + b"]" * levels


def test_a_document_as_deep_as_allowed_is_read_whatever_its_texts_hold() -> None:
    texts = json.dumps(["[[[{" * 50, 'a"[[', "\\", '\\"[', "\\\\"] * 30).encode()
    document = b"[" * 63 + texts + b"]" * 63
    assert decode(document) == json.loads(document)


@pytest.mark.parametrize("levels", [65, 500, 100_000])
def test_a_document_that_is_nested_too_deeply_is_no_json(levels: int) -> None:
    with pytest.raises(ValueError, match=r"deep|values"):
        decode(nested(levels))
    with pytest.raises(ValueError, match=r"deep|values"):
        decode(b'{"a\\"[": ' * levels + b"1" + b"}" * levels)


def test_a_document_of_half_a_million_values_is_read() -> None:
    assert len(cast("list[object]", decode(b"[" + b"1," * 490_000 + b"1]"))) == 490_001


@pytest.mark.parametrize("piece", [b"[],", b"1,", b'"",', b"{},"])
def test_a_document_of_too_many_values_is_no_json(piece: bytes) -> None:
    with pytest.raises(ValueError, match="values"):
        decode(b"[" + piece * 500_000 + b"1]")


def test_halves_of_surrogate_pairs_are_replaced_in_texts_and_keys_and_pairs_stay() -> None:
    found = decode_foreign(rb'{"a\ud800": ["\uDC00b", "\ud83d\ude00", 1, null]}')
    assert found == {"a\ufffd": ["\ufffdb", "😀", 1, None]}


@pytest.mark.parametrize("text", ["1e999999999", "-1e999999999", "1e-999999999", "9" * 5000, "1" * 61, "0e99999999"])
def test_a_number_that_no_account_has_is_not_read(text: str) -> None:
    assert decimal(text) is None


@pytest.mark.parametrize("text", ["0", "100.5", "1e3", "-0.000001", "123456789012345678901234567890.12"])
def test_other_numbers_are_read_as_they_are_written(text: str) -> None:
    assert str(decimal(f" {text} ")) == str(decimal(text)) != "None"


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
def test_an_answer_is_read_in_whatever_unicode_it_comes(charset: str) -> None:
    assert decode_answer('{"a":"ü"}'.encode(charset)) == {"a": "ü"}
    assert in_utf8('{"a":"ü"}'.encode(charset)) == '{"a":"ü"}'.encode()


@pytest.mark.parametrize("body", [b"", b"\0", b"\0\0\0", b"\xff\xfe\0", b"{\0a", b"\0\0\xfe\xff\1"])
def test_no_bytes_are_too_odd_to_be_looked_at(body: bytes) -> None:
    assert isinstance(in_utf8(body), bytes)
    assert leading(body) is None


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b'{"a":1}x', {"a": 1}),
        (b'x{"a":1}', {"a": 1}),
        (b'{"a":1}{"b":2}', {"a": 1}),
        (b'{"a":"\\ud800"}x', {"a": "\ufffd"}),
        (b'{"a":1', None),
        (b"[1]", None),
        (b'{"a":' * 65 + b"1" + b"}" * 65, None),
        (b" " * (MOST_LEADING - 7) + b'{"a":1}x', {"a": 1}),
        (b" " * (MOST_LEADING - 6) + b'{"a":1}x', None),
        (b"{" * 100_000, None),
    ],
)
def test_the_first_object_of_what_is_no_document_is_found(body: bytes, found: object) -> None:
    assert leading(body) == found


def test_numbers_that_no_json_holds_are_null_and_all_else_stays() -> None:
    document = decode_foreign(b'{"a": NaN, "b": [1e999, -Infinity, 1.5, 0, true, null, "NaN"], "c": {"d": {"e": 2}}}')
    found = finite(document)
    assert found == {"a": None, "b": [None, None, 1.5, 0, True, None, "NaN"], "c": {"d": {"e": 2}}}
    plain: JSON = {"a": [1, "b", {"c": 1.5}]}
    assert finite(plain) == plain and json.dumps(found, allow_nan=False)
