"""What was recorded of the real service, read by the lifecycle table: every pointer in it has to be right."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import attrs
import pytest

from kie import Asset, Kie, TaskRef, TaskStatus
from kie._core.call import HttpRequest, HttpResponse
from kie._policy.codes import judge
from kie._records import lifecycles as table
from kie._records.lifecycles import Condition, Lifecycle, lifecycle, lifecycles
from kie._records.reading import read_callback, read_status, read_task_id
from kie.errors import ApiError, NotFound, ResultInvalid
from kie.testing import VirtualClock
from kie.webhooks import WebhookRejected, parse, verify
from tests.conformance.support import Accepting

FOLDER = Path(__file__).parent.parent / "recordings" / "families"
NOWHERE = "/nowhere/at/all"
"""A wrong pointer: nothing that the service sends is there."""

Reading = Mapping[str, Any]


FILES: dict[str, Any] = {path.stem: json.loads(path.read_bytes()) for path in sorted(FOLDER.glob("*.json"))}
FAMILIES: dict[str, list[Reading]] = {family: file["readings"] for family, file in FILES.items()}
ALL = [(family, reading) for family, readings in FAMILIES.items() for reading in readings]
EVERY = [pytest.param(family, reading, id=f"{family}: {reading['what']}") for family, reading in ALL]


def said(status: TaskStatus) -> dict[str, Any]:
    """What a status says, in the words of the files."""
    return {
        "state": status.state,
        "raw_state": status.raw_state,
        "kind": status.kind,
        "model": status.ref.model,
        "urls": list(status.urls),
        "data": status.data,
        "fail_code": status.fail_code,
        "fail_message": status.fail_message,
        "credits": status.credits,
        "held": status.held,
        "progress": status.progress,
        "seconds": status.seconds,
        "created_at": status.created_at,
        "completed_at": status.completed_at,
        "times_assumed": status.times_assumed,
        "expired": status.expired,
        "searched": status.searched,
    }


def expected(family: str, reading: Reading) -> dict[str, Any]:
    """What a file expects. What it does not name must not be read: no code, no URL, no time."""
    expect = {"raw_state": None, "kind": FILES[family]["result"], **reading["expect"]}
    for name in ("created_at", "completed_at"):
        expect[name] = datetime.fromisoformat(expect[name]) if name in expect else None
    for name in ("credits", "held"):
        expect[name] = Decimal(expect[name]) if name in expect else None
    nothing = dict.fromkeys(("model", "data", "fail_code", "fail_message", "progress", "seconds"))
    expect = {**nothing, "urls": [], "times_assumed": False, "expired": False, "searched": False, **expect}
    return {name: value for name, value in expect.items() if name not in ("ref", "of")}


class Answering(Accepting):
    """A transport with one answer."""

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self.response = HttpResponse(status=reading["status"], headers={}, body=json.dumps(reading["answer"]).encode())

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        self.submitted.append(request)
        return self.response


def refresh(family: str, reading: Reading) -> TaskStatus:
    """Poll a task once, and have this answer."""
    client = Kie("key", transport=Answering(reading), limit_group=f"recordings of {family}")
    client._driver.session.clock = VirtualClock()
    return client.task(f"{family}:unknown-task").refresh()


def read(row: Lifecycle, reading: Reading) -> tuple[Any, Any]:
    """What is read and what has to be, for the kinds of reading that a row of the table decides."""
    expect, answer = reading["expect"], reading["answer"]
    if reading["kind"] == "submission":
        return read_task_id(row, answer), expect["task_id"]
    if reading["kind"] == "record":
        return said(read_status(row, TaskRef("task-0001", row.name), answer)), expected(row.name, reading)
    status = read_callback(answer, of=expect.get("of"))
    ref = f"{status.ref.lifecycle}:{status.ref.id}"
    return {**said(status), "ref": ref}, {**expected(row.name, reading), "ref": expect["ref"]}


def decided(family: str) -> list[Reading]:
    """The readings of a family that a row of the table decides."""
    return [reading for reading in FAMILIES[family] if reading["kind"] in ("submission", "record", "callback")]


@pytest.mark.parametrize(("family", "reading"), EVERY)
def test_an_answer_is_read_as_its_file_expects_and_nothing_more(family: str, reading: Reading) -> None:
    expect, answer = reading["expect"], reading["answer"]
    if reading["kind"] == "missing":
        with pytest.raises(ApiError) as caught:
            refresh(family, reading)
        error = caught.value
        assert (type(error).__name__, error.code, error.task_created) == (expect["error"], expect["code"], False)
    elif reading["kind"] == "not-ready":
        assert said(refresh(family, reading)) == expected(family, reading)
    elif reading["kind"] == "refusal":
        meaning = judge(reading["status"], answer["code"], lifecycle(family).codes)
        assert (meaning.error, meaning.task_created) == (expect["error"], expect["task_created"])
        assert not meaning.retry_submit
    else:
        found, wanted = read(lifecycle(family), reading)
        assert found == wanted


@pytest.mark.parametrize("family", [row.name for row in lifecycles()])
def test_a_family_has_a_success_a_failure_and_a_callback_for_each(family: str) -> None:
    row = lifecycle(family)
    kinds = Counter((reading["kind"], reading["expect"].get("state")) for reading in decided(family))
    assert kinds["record", "succeeded"]
    assert kinds["record", "failed"] or row.kind == "read-until-ready"
    if row.callback.id:
        assert kinds["callback", "succeeded"]
        assert kinds["callback", "failed"]
    if row.task_id:
        assert kinds["submission", None]


def test_each_answer_names_its_source() -> None:
    assert set(FAMILIES) == {row.name for row in lifecycles()}
    for readings in FAMILIES.values():
        assert {reading["source"] for reading in readings} <= {"recorded", "documented", "assumed"}
        assert len({(reading["kind"], reading["what"]) for reading in readings}) == len(readings)


DELIVERIES = json.loads((FOLDER.parent / "deliveries.json").read_bytes())
LINKS = json.loads((FOLDER.parent / "links.json").read_bytes())["links"]


def named(readings: list[Reading]) -> list[Any]:
    return [pytest.param(reading, id=reading["what"]) for reading in readings]


@pytest.mark.parametrize("delivery", named(DELIVERIES["deliveries"]))
def test_a_signed_delivery_is_taken_for_the_task_that_it_names_and_for_no_other(delivery: Reading) -> None:
    body, secret = delivery["body"], DELIVERIES["secret"]
    now = int(delivery["headers"]["X-Webhook-Timestamp"])
    document = verify(delivery["headers"], json.dumps(body).encode(), secret, now=now)
    assert parse(document).ref.id == delivery["expect"]["task_id"]
    other = json.dumps(body).replace(delivery["expect"]["task_id"], "task-0002").encode()
    with pytest.raises(WebhookRejected):
        verify(delivery["headers"], other, secret, now=now)


@pytest.mark.parametrize("reading", named(LINKS))
def test_a_link_is_asked_for_and_read(reading: Reading) -> None:
    transport = Answering({"status": 200, **reading})
    client = Kie("key", transport=transport, limit_group="recordings of links")
    client._driver.session.clock = VirtualClock()
    url, task = reading["file"], reading.get("task")
    asset = Asset(url, 0, "image", TaskRef.parse(task)) if task else url
    assert client.download_url(asset) == reading["expect"]["url"]
    [sent] = transport.submitted
    assert (urlsplit(sent.url).path, json.loads(sent.content or b"")) == (
        *(reading["expect"]["path"], reading["expect"]["request"]),
    )


# Wrong rows


def pointers(row: Lifecycle) -> Iterator[tuple[str, tuple[str, ...], int]]:
    """Every pointer of a row: its name in messages, the path of attributes to its list, its place in that."""
    for path, found in lists(row):
        for at in range(len(found)):
            yield f"{row.name} {'.'.join(path)} {found[at]}", path, at


def lists(row: Lifecycle) -> Iterator[tuple[tuple[str, ...], Sequence[str]]]:
    """Every list of pointers of a row, with the path of attributes and words to it."""
    for holder, value in (("", row), ("times", row.times), ("callback", row.callback)):
        prefix = (holder,) if holder else ()
        for field in attrs.fields(type(value)):
            found = getattr(value, field.name)
            if isinstance(found, tuple) and found and all(isinstance(item, str) for item in found):
                yield (*prefix, field.name), found
        for word, state in getattr(value, "states", {}).items():
            if isinstance(state, Condition):
                yield (*prefix, "states", word, "where"), state.where


def changed(value: Any, path: Sequence[str], new: Any) -> Any:
    """A copy of a value in which another stands at a path of attributes and keys."""
    if not path:
        return new
    if isinstance(value, Mapping):
        return {**value, path[0]: changed(value[path[0]], path[1:], new)}
    return attrs.evolve(value, **{path[0]: changed(getattr(value, path[0]), path[1:], new)})


def notices(row: Lifecycle, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether some reading of the family comes out wrong with this row in the table."""
    rows = {each.name: each for each in lifecycles()}
    with monkeypatch.context() as patch:
        patch.setattr(table, "_rows", lambda: {**rows, row.name: row})
        for reading in decided(row.name):
            try:
                found, wanted = read(row, reading)
            except ResultInvalid:  # the callback is no longer recognised
                return True
            if found != wanted:
                return True
    return False


SPARE = {
    # an answer to a submission has always named the task twice
    "jobs task_id /data/taskId",
    "jobs task_id /data/recordId",
    # a callback without a sign goes to the first row, which is this one
    "jobs callback.signs",
    "jobs callback.signs /data/resultJson",
    "jobs callback.signs /data/failMsg",
    # every callback of Veo has the flag as well
    "veo callback.signs /data/info/resultUrls",
    "veo callback.signs /data/info/originUrls",
    # one shape of the callback has both
    "veo-4k callback.signs /data/media_ids",
    "veo-4k callback.signs /data/result_urls",
    # no other family has its id there, so that the id tells the family as well
    "aleph callback.signs /data/result_video_url",
    # the other spelling of the id is the one of all other families
    "aleph callback.id /data/taskId",
    "suno callback.id /data/taskId",
    "suno-lyrics callback.id /data/taskId",
    "suno-vocals callback.id /data/taskId",
    "suno-video callback.id /data/taskId",
    "suno-wav callback.id /data/taskId",
}
"""Pointers that no source shows at work alone. Remove one here when a recording exercises it."""


def spare(family: str, names: set[str]) -> set[str]:
    return {name for name in SPARE if name.startswith(f"{family} ")} & names


@pytest.mark.parametrize("family", FAMILIES)
def test_a_wrong_pointer_in_the_table_is_noticed(family: str, monkeypatch: pytest.MonkeyPatch) -> None:
    row = lifecycle(family)
    unnoticed, names = set(), set()
    for name, path, at in pointers(row):
        names.add(name)
        value: Any = row
        for step in path:
            value = value[step] if isinstance(value, Mapping) else getattr(value, step)
        wrong = (*value[:at], NOWHERE, *value[at + 1 :])
        if not notices(changed(row, path, wrong), monkeypatch):
            unnoticed.add(name)
    assert unnoticed == spare(family, names)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_wrong_list_of_pointers_in_the_table_is_noticed(family: str, monkeypatch: pytest.MonkeyPatch) -> None:
    row = lifecycle(family)
    paths = {f"{family} {'.'.join(path)}": path for path, _ in lists(row)}
    unnoticed = {name for name, path in paths.items() if not notices(changed(row, path, (NOWHERE,)), monkeypatch)}
    assert unnoticed == spare(family, set(paths))


def test_every_spare_pointer_stands_in_the_table() -> None:
    known = set()
    for row in lifecycles():
        known |= {name for name, _, _ in pointers(row)} | {f"{row.name} {'.'.join(path)}" for path, _ in lists(row)}
    assert known >= SPARE


@pytest.mark.parametrize("family", FAMILIES)
def test_a_wrong_meaning_of_a_state_in_the_table_is_noticed(family: str, monkeypatch: pytest.MonkeyPatch) -> None:
    row = lifecycle(family)
    unnoticed = set()
    for prefix, states in (((), row.states), (("callback",), row.callback.states)):
        for word, state in states.items():
            for path in [("then",), ("otherwise",)] if isinstance(state, Condition) else [()]:
                known = getattr(state, path[0]) if path else state
                other = "failed" if known != "failed" else "succeeded"
                if not notices(changed(row, (*prefix, "states", word, *path), other), monkeypatch):
                    unnoticed.add(" ".join([*prefix, word, *path]))
    assert unnoticed == set()


NO_FIGURES = {"runway", "flux-kontext", "midjourney", "suno", "suno-cover-art", "suno-wav", "suno-video"}
"""Families whose times have only been seen as text."""
NO_TEXT = {"jobs", "veo-4k", "luma", "gpt4o-image", "suno-vocals", "suno-midi", "suno-style"}
"""Families whose times have only been seen as figures."""
ZONED = {"aleph", "flux-kontext", "midjourney", "suno-cover-art"}
"""Families whose times as text name their zone."""


@pytest.mark.parametrize(
    ("name", "wrong", "unseen"),
    [("unit", "seconds", NO_FIGURES), ("zone", "Asia/Shanghai", NO_TEXT | ZONED)],
    ids=["unit", "zone"],
)
def test_a_wrong_unit_or_zone_of_times_in_the_table_is_noticed(
    name: str, wrong: str, unseen: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    timed = [row for row in lifecycles() if row.times.created or row.times.completed]
    unnoticed = {row.name for row in timed if not notices(changed(row, ("times", name), wrong), monkeypatch)}
    assert unnoticed == unseen


@pytest.mark.parametrize(("family", "reading"), [pair for pair in ALL if pair[1]["kind"] in ("missing", "not-ready")])
def test_a_row_without_the_answer_for_a_missing_record_is_noticed(
    family: str, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = lifecycle(family)
    ignorant = attrs.evolve(row, not_found={"codes": [], "empty_data": False, "grace": 60}, not_ready=[])
    rows = {each.name: each for each in lifecycles()}
    monkeypatch.setattr(table, "_rows", lambda: {**rows, family: ignorant})
    try:
        status = refresh(family, reading)
    except ApiError as error:
        assert reading["kind"] == "not-ready" or not isinstance(error, NotFound)
    else:
        assert reading["kind"] == "missing", status


@pytest.mark.parametrize("family", FAMILIES)
def test_the_table_as_it_is_passes(family: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not notices(lifecycle(family), monkeypatch)
