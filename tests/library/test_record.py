"""`run.json`: writer, reader and the published schema say the same."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import attrs
import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kie import ConfigError, TaskRef
from kie._library import record
from kie.library import Run, RunEstimate, RunFile, RunPrompts
from tests.library import made

VALIDATOR = jsonschema_rs.validator_for(record.schema(), validate_formats=True)
FIELDS = [*cast("dict[str, object]", record.schema()["properties"])]
HERE = Path("folder")


def written(run: Run) -> bytes:
    return record.encoded(record.document_of(run))[0].encode()


def read(content: bytes) -> Run:
    return record.run_of(record.read_document(content), HERE)


@given(made.runs)
def test_every_run_is_read_as_it_was_written_and_its_document_is_valid(run: Run) -> None:
    content = written(run)
    assert VALIDATOR.is_valid(json.loads(content))
    found = read(content)
    assert found == run and str(found.credits) == str(run.credits)
    assert found.ref == run.ref if run.task else found.task is None
    assert written(found) == content


@given(made.jsons | st.dictionaries(st.sampled_from(FIELDS), made.jsons))
def test_any_document_is_read_or_refused_in_words(document: object) -> None:
    _read_or_refused(json.dumps(document).encode())


@given(made.runs, st.data())
def test_a_document_that_was_changed_anywhere_is_read_or_refused_in_words(run: Run, data: st.DataObject) -> None:
    document = record.document_of(run)
    key = data.draw(st.sampled_from([*document]))
    document[key] = data.draw(made.jsons)
    content = json.dumps(document).encode()
    valid = VALIDATOR.is_valid(json.loads(content))
    assert not _read_or_refused(content) or valid


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_content_is_refused_in_words(content: bytes) -> None:
    _read_or_refused(content)


def _read_or_refused(content: bytes) -> bool:
    try:
        found = read(content)
    except ConfigError as error:
        assert error.message
        return False
    assert read(written(found)) == found
    return True


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "nested"),
        (b'{"schema": 1, "x": ' + b"[" * 70 + b"]" * 70 + b"}", "nested"),
        (b"[]", "not describe a run"),
        (b"{}", "not describe a run"),
        (b'{"schema": 2}', "newer version of kie"),
        (b'{"schema": 1}', "required"),
        (json.dumps(made.document(schema=True)).encode(), "schema"),
        (b'{"schema": 1e400}', "too large"),
        (json.dumps(made.document(state="lost")).encode(), "state"),
        (json.dumps(made.document(submitted_at="2026-13-01T00:00:00Z")).encode(), "submitted_at"),
        (json.dumps(made.document(submitted_at="2026-12-31T23:59:60Z")).encode(), "submitted_at"),
        (json.dumps(made.document(credits="1e99999")).encode(), "credits"),
        (json.dumps(made.document(source={"x": float("nan")})).encode(), "not JSON"),
        (json.dumps(made.document(source={"x": 7})).encode().replace(b"7", b"1e400"), "1e400 is too large"),
        (json.dumps(made.document(seconds=7)).encode().replace(b": 7", b": -1e400"), "-1e400 is too large"),
        (json.dumps(made.document(outputs=[{"role": "output", "name": "../../secret"}])).encode(), "name"),
        (json.dumps(made.document(outputs=[{"role": "output", "name": "/etc/passwd"}])).encode(), "name"),
        (json.dumps(made.document(outputs=[{"role": "output", "web": "a\\..\\b"}])).encode(), "web"),
        (json.dumps(made.document(outputs=[{"role": "output", "name": "a\n/../../../secret"}])).encode(), "name"),
        (json.dumps(made.document(outputs=[{"role": "output", "name": "a\u2028/../../../secret"}])).encode(), "name"),
        (json.dumps(made.document(outputs=[{"role": "output", "thumb": "a/b/.."}])).encode(), "thumb"),
        (json.dumps(made.document(outputs=[{"role": "output", "name": "\x1b[2J.png"}])).encode(), "name"),
    ],
)
def test_what_is_not_a_document_of_a_run_is_refused_with_the_reason(content: bytes, why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        read(content)


def test_amounts_are_read_as_text_and_as_numbers_without_loss() -> None:
    exact = "123456789012345678901234567890.0000000001"
    assert read(json.dumps(made.document(credits=exact)).encode()).credits == Decimal(exact)
    assert read(json.dumps(made.document(credits=18.5)).encode()).credits == Decimal("18.5")
    estimate = RunEstimate(at_least=Decimal("0.10"), at_most=Decimal(exact))
    assert read(written(made.run(estimate=estimate))).estimate == estimate


def test_times_are_aware_and_utc() -> None:
    zone = timezone(timedelta(hours=2))
    found = read(written(made.run(submitted_at=datetime(2026, 11, 26, 14, tzinfo=zone), ended_at=datetime(2026, 1, 1))))
    assert found.submitted_at == datetime(2026, 11, 26, 12, tzinfo=UTC) and found.submitted_at.tzinfo == UTC
    assert found.ended_at == datetime(2026, 1, 1, tzinfo=UTC)


def test_fields_that_nobody_knows_are_kept_when_a_run_changes() -> None:
    outputs = [{"role": "output", "index": 0, "rating": 5}, {"role": "output", "index": 1}]
    former: dict[str, Any] = made.document(mood="blue", prompts={"final": "x", "title": "y"}, outputs=outputs)
    run = read(json.dumps(former).encode())
    first = attrs.evolve(run.outputs[0], name="original/0.png")
    changed = attrs.evolve(run, state="succeeded", outputs=(run.outputs[1], first))
    document: dict[str, Any] = record.document_of(changed, former)
    assert document["mood"] == "blue" and document["prompts"] == {"final": "x", "title": "y"}
    assert document["outputs"] == [
        {"role": "output", "index": 1},
        {"role": "output", "name": "original/0.png", "rating": 5},
    ]
    assert document["state"] == "succeeded"


def test_halves_of_characters_are_written_so_that_they_can_be_read() -> None:
    found = read(written(made.run(prompts=RunPrompts(final="a\ud800b"), tags=("\udfff",))))
    assert found.prompt == "a\ufffdb" and found.tags == ("\ufffd",)


@pytest.mark.parametrize("value", [float("nan"), object(), {1: object()}, "x" * 3 and [[[...]]]])
def test_a_source_that_json_cannot_hold_is_refused_before_it_is_written(value: object) -> None:
    with pytest.raises(ConfigError, match="run abc cannot be kept"):
        written(made.run(source={"x": value}))


def test_a_source_that_is_too_deep_to_be_read_again_is_refused_before_it_is_written() -> None:
    deep: Any = "x"
    for _ in range(100):
        deep = [deep]
    with pytest.raises(ConfigError, match="nested"):
        written(made.run(source={"x": deep}))


def test_the_ref_is_the_one_that_was_given() -> None:
    found = read(written(made.run(id="veo:abc", task=TaskRef("abc", "veo", "veo3"), model="veo3")))
    assert found.ref == TaskRef("abc", "veo") and found.ref.model == "veo3"
    with pytest.raises(ConfigError, match="it is not known"):
        read(written(made.run(id="unknown-1", task=None, state="unknown"))).ref  # noqa: B018


def test_the_schema_is_sound_and_describes_every_field() -> None:
    schema: Any = record.schema()
    jsonschema_rs.meta.validate(schema)
    names = {field.name for field in attrs.fields(Run)} - {"folder", "_keeper", "_unread", "task"}
    assert set(schema["properties"]) == names | {"schema", "ref"}
    assert set(schema["$defs"]["file"]["properties"]) == {field.name for field in attrs.fields(RunFile)} - {"folder"}
    described = [*schema["properties"].values(), *schema["$defs"]["file"]["properties"].values()]
    assert all(each.get("description") for each in described)


@pytest.mark.parametrize("name", ["original/0.png", "original/..png", "a..b/...c", "original/höhe 1.png", "x" * 100])
def test_a_name_that_stays_in_the_folder_is_one(name: str) -> None:
    document = made.document(outputs=[{"role": "output", "name": name}])
    assert read(json.dumps(document).encode()).outputs[0].name == name


def test_files_vanish_no_later_than_time_ends() -> None:
    last = made.run(submitted_at=datetime(9999, 12, 31, 12, tzinfo=UTC))
    assert last.vanishes_from == datetime.max.replace(tzinfo=UTC)
    ended = attrs.evolve(last, state="succeeded", outputs=(RunFile(role="output"),))
    assert ended.vanishes_by == datetime.max.replace(tzinfo=UTC)


def test_a_run_that_would_be_too_large_to_be_read_is_refused_before_it_is_written() -> None:
    with pytest.raises(ConfigError, match="bytes"):
        written(made.run(source={"x": "y" * (32 * 1024 * 1024)}))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are of POSIX")
def test_notes_that_are_no_file_are_none(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "notes.md")
    assert made.run(folder=tmp_path).notes is None
