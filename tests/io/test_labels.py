"""Labels: what was submitted under one is never paid twice, in any process and after any crash."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from kie import ApiError, ConfigError, Journal, Kie, SubmitUnknown, TaskFailed, simulated
from kie._core.call import HttpRequest, HttpResponse
from kie._io.journal import _Known
from kie.models import NanoBananaPro
from kie.testing import trace, virtual_async_kie, virtual_kie
from tests.processes import LONGEST, joined

REQUEST = NanoBananaPro(prompt="A lighthouse")
OTHER = NanoBananaPro(prompt="A windmill")
LABEL = "order-4711"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


def test_the_same_label_finds_the_earlier_task(path: Path) -> None:
    client, service, clock = virtual_kie(journal=path)
    first = client.submit(REQUEST, label=LABEL)
    refs: list[Any] = []
    assert client.submit(REQUEST, label=LABEL, on_submitted=refs.append).ref == first.ref
    again, _, _ = virtual_kie(service, clock=clock, journal=path)
    assert again.run(REQUEST, label=LABEL).status.ref == first.ref
    assert refs == [first.ref]
    assert len(service.accepted) == 1
    entry = Journal(path).find(LABEL)
    assert entry is not None and (entry.ref, entry.label, entry.state) == (first.ref, LABEL, "succeeded")
    assert client.run(REQUEST, label=LABEL).urls, "also once it has ended"
    assert len(service.accepted) == 1


def test_it_finds_it_also_if_an_editor_took_the_last_newline_away(path: Path) -> None:
    client, service, clock = virtual_kie(journal=path)
    first = client.submit(REQUEST, label=LABEL)
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    again, _, _ = virtual_kie(service, clock=clock, journal=path)
    assert again.submit(REQUEST, label=LABEL).ref == first.ref
    path.write_bytes(path.read_bytes().splitlines()[0])
    lost, _, _ = virtual_kie(service, clock=clock, journal=path)
    with pytest.raises(SubmitUnknown):
        lost.submit(REQUEST, label=LABEL)
    assert len(service.accepted) == 1
    assert lost.submit(REQUEST, label="another").ref != first.ref, "the next line is not glued to it"
    assert path.read_bytes().count(b"\n") == 3


def test_it_does_so_with_an_async_client(path: Path) -> None:
    async def main() -> None:
        client, service, _ = virtual_async_kie(journal=path)
        first = await client.submit(REQUEST, label=LABEL)
        assert (await client.run(REQUEST, label=LABEL)).status.ref == first.ref
        assert len(service.accepted) == 1

    asyncio.run(main())


def test_another_request_under_a_label_is_refused_and_nothing_is_sent(path: Path) -> None:
    client, _, _ = virtual_kie(journal=path)
    ref = client.submit(REQUEST, label=LABEL).ref
    sent = len(trace(client))
    with pytest.raises(ConfigError, match=rf"label 'order-4711' belongs to task {ref} .* another request"):
        client.submit(OTHER, label=LABEL)
    assert len(trace(client)) == sent
    assert client.submit(OTHER, label="order-4712").ref != ref


def test_a_label_whose_outcome_is_unknown_is_not_sent_again_until_it_is_dismissed(path: Path) -> None:
    faults = [{"on": "createTask", "do": "drop_after", "nth": 1}]
    client, service, _ = virtual_kie(journal=path, faults=faults)
    for _ in range(2):
        with pytest.raises(SubmitUnknown):
            client.submit(REQUEST, label=LABEL)
    assert len(service.accepted) == 1
    journal = Journal(path)
    [entry] = journal.entries()
    assert (entry.state, entry.label) == ("unknown", LABEL)
    with pytest.raises(ConfigError, match="has no entry"):
        journal.dismiss("nothing")
    journal.dismiss(entry.id)
    client.submit(REQUEST, label=LABEL)
    assert [found.state for found in journal.entries()] == ["dismissed", "open"]


def test_a_crash_between_the_note_and_the_answer_keeps_the_label(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client, service, _ = virtual_kie(journal=path)

    def die(request: HttpRequest, timeout: float) -> HttpResponse:
        raise KeyboardInterrupt

    with monkeypatch.context() as crash:
        crash.setattr(client._driver.transport, "send", die)
        with pytest.raises(KeyboardInterrupt):
            client.submit(REQUEST, label=LABEL)
    with pytest.raises(SubmitUnknown, match="label 'order-4711' was submitted then, and no answer was recorded"):
        client.submit(REQUEST, label=LABEL)
    assert not service.accepted


@pytest.mark.parametrize(
    ("fault", "error"),
    [({"do": "envelope", "code": 402}, ApiError), ({"do": "fail_task"}, TaskFailed)],
    ids=["refused", "failed"],
)
def test_a_label_is_free_again_if_nothing_came_of_it(path: Path, fault: dict[str, Any], error: type[Exception]) -> None:
    client, _, _ = virtual_kie(journal=path, faults=[{"on": "createTask", "nth": 1, **fault}])
    with pytest.raises(error):
        client.run(REQUEST, label=LABEL)
    assert client.run(OTHER, label=LABEL).urls


def test_labels_of_another_server_do_not_count(path: Path) -> None:
    client, service, _ = virtual_kie(journal=path)
    client.submit(REQUEST, label=LABEL)
    text = path.read_text().replace("https://api.kie.ai", "http://127.0.0.1:1")
    path.write_text(text)
    client.submit(REQUEST, label=LABEL)
    assert len(service.accepted) == 2


@pytest.mark.parametrize("label", ["", "  "])
def test_an_empty_label_is_refused(path: Path, label: str) -> None:
    client, service, _ = virtual_kie(journal=path)
    with pytest.raises(ConfigError, match="label cannot be empty"):
        client.submit(REQUEST, label=label)
    assert not service.log


def test_a_label_needs_a_journal() -> None:
    client, service, _ = virtual_kie()
    with pytest.raises(ConfigError, match=r"label needs a journal.*journal=PATH"):
        client.submit(REQUEST, label=LABEL)
    assert not service.log


def test_a_journal_that_was_rotated_or_replaced_is_read_anew(path: Path) -> None:
    client, service, _ = virtual_kie(journal=path)
    client.submit(REQUEST, label=LABEL)
    kept = path.read_bytes()
    path.rename(path.with_suffix(".1"))
    client.submit(REQUEST, label=LABEL)
    path.write_bytes(kept)
    client.submit(REQUEST, label=LABEL)
    assert len(service.accepted) == 2


def submit_in_a_process(url: str, journal: Path, together: Any) -> None:
    together.wait(LONGEST)
    with Kie("simulated", base_url=url, upload_url=url, journal=journal) as client:
        try:
            client.submit(REQUEST, label=LABEL)
        except SubmitUnknown:  # the other one is about to send it
            os._exit(3)
    os._exit(0)


def test_two_processes_with_one_label_pay_once(path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    with simulated(speed=1000) as service:
        together = spawn.Barrier(2)
        work = [spawn.Process(target=submit_in_a_process, args=(service.base_url, path, together)) for _ in range(2)]
        for process in work:
            process.start()
        joined(*work)
        assert {process.exitcode for process in work} <= {0, 3}
        assert len(service.state.accepted) == 1


def entry(path: Path, id: str, at: str, *events: dict[str, Any]) -> None:
    journal = Journal(path)
    journal.append({"event": "submit", "id": id, "model": "m", "at": at, "label": f"label of {id}"})
    for event in events:
        journal.append({"id": id, "model": "m", **event})


def entry_in_a_process(path: Path, begun: Any) -> None:
    begun.set()
    entry(path, "new", "2026-09-01T00:00:00+00:00")


def test_pruning_keeps_what_needs_somebody_and_what_is_not_its_own(path: Path, tmp_path: Path) -> None:
    long_ago, yesterday = "2026-01-01T00:00:00+00:00", "2026-09-01T00:00:00+00:00"
    ended = {"event": "end", "ref": "task_1", "state": "succeeded"}
    entry(path, "done", long_ago, {"event": "task", "ref": "task_1"})
    Journal(path).append(ended)
    entry(path, "refused", long_ago, {"event": "refused"})
    entry(path, "open", long_ago, {"event": "task", "ref": "task_2"})
    entry(path, "unknown", long_ago)
    with path.open("a") as file:
        file.write("my own remark\n")
    entry(path, "young", yesterday, {"event": "refused"})
    before, archive = path.read_bytes(), tmp_path / "archive.jsonl"
    assert Journal(path).prune(datetime(2026, 8, 1), archive=archive) == 2
    assert [found.id for found in Journal(path).entries()] == ["open", "unknown", "young"]
    assert b"my own remark" in path.read_bytes()
    assert [found.id for found in Journal(archive).entries()] == ["done", "refused"]
    assert [found.state for found in Journal(archive).entries()] == ["succeeded", "refused"]
    assert sorted(path.read_bytes().splitlines() + archive.read_bytes().splitlines()) == sorted(before.splitlines())
    assert Journal(path).find("label of done") is None
    assert Journal(path).prune(datetime(2026, 8, 1, tzinfo=UTC) - timedelta(days=300)) == 0


def test_an_archive_that_is_the_journal_itself_is_refused_and_nothing_is_removed(path: Path) -> None:
    client, _, _ = virtual_kie(journal=path)
    client.run(REQUEST)
    link = path.with_name("link.jsonl")
    link.symlink_to(path)
    for archive in (path, link):
        with pytest.raises(ConfigError, match="is the journal, too"):
            Journal(path).prune(datetime(2027, 1, 1), archive=archive)
    assert [entry.state for entry in Journal(path).entries()] == ["succeeded"]


def test_a_line_that_is_added_while_the_journal_is_pruned_is_not_lost(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry(path, "old", "2026-01-01T00:00:00+00:00", {"event": "refused"})
    replace, spawn = os.replace, multiprocessing.get_context("spawn")
    begun = spawn.Event()
    beside = spawn.Process(target=entry_in_a_process, args=(path, begun))

    def slowly(source: str, target: str) -> None:
        beside.start()
        assert begun.wait(LONGEST)
        beside.join(0.1)
        assert beside.is_alive(), "it waits for the lock"
        replace(source, target)

    monkeypatch.setattr(os, "replace", slowly)
    Journal(path).prune(datetime(2026, 8, 1))
    joined(beside)
    assert [found.id for found in Journal(path).entries()] == ["new"]


DAMAGED: dict[str, bytes] = {
    "half a line": b'{"v":1,"id":"b","ev',
    "noise": bytes(range(256)) * 20,
    "NULs": b"\0" * 4096,
    "depth": b"[" * 200_000 + b"\n",
    "a number of 5,000 digits": b'{"v":' + b"9" * 5000 + b"}\n",
    "no objects": b'1\n"x"\nnull\n[]\n{}\n{"event":[]}\n',
    "wrong types": b'{"event":"submit","id":[],"model":1,"at":2}\n{"event":"submit","id":"q","model":1,"at":"x"}\n'
    b'{"event":"submit","id":"r","model":"m","at":"x"}\n'
    b'{"event":"submit","id":"","model":"m","at":"2026-01-01T00:00:00"}\n'
    b'{"event":"submit","id":"s","model":5,"at":"2026-01-01T00:00:00"}\n'
    b'{"event":"end","ref":"q"}\n{"event":"task","id":"a","ref":5,"model":"m"}\n{"event":"task","id":"a","ref":""}\n',
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_line_hides_no_other(path: Path, damage: str) -> None:
    entry(path, "a", "2026-01-01T00:00:00+00:00")
    with path.open("ab") as file:
        file.write(DAMAGED[damage])
    entry(path, "b", "2026-01-01T00:00:00+00:00")
    assert [found.id for found in Journal(path).entries()] == ["a", "b"]
    taken = Journal(path).append({"event": "submit", "id": "c", "label": "label of b", "server": "x"})
    assert taken is not None and taken.id == "b"


def in_a_folder(path: Path) -> None:
    path.mkdir()


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_loop(path: Path) -> None:
    path.symlink_to(path.name)


def a_device(path: Path) -> None:
    path.symlink_to("/dev/null")


@pytest.mark.parametrize("make", [in_a_folder, a_pipe, a_loop, a_device])
def test_what_is_not_a_file_is_refused_before_anything_is_sent(path: Path, make: Callable[[Path], None]) -> None:
    make(path)
    client, service, _ = virtual_kie(journal=path)
    with pytest.raises(ConfigError, match=r"the journal .* (is not a regular file|cannot be written: )"):
        client.submit(REQUEST)
    assert not service.log
    with pytest.raises(ConfigError, match=r"the journal .* (is not a regular file|cannot be read: )"):
        Journal(path).entries()


def test_a_line_that_does_not_fit_on_the_disk_leaves_nothing_behind(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry(path, "a", "2026-01-01T00:00:00+00:00")
    before, write = path.read_bytes(), os.write
    room = [10]

    def full(handle: int, data: bytes) -> int:
        if not room:
            raise OSError(28, "No space left on device")
        return write(handle, data[: room.pop()])

    with monkeypatch.context() as disk:
        disk.setattr(os, "write", full)
        with pytest.raises(ConfigError, match="No space left"):
            entry(path, "b", "2026-01-01T00:00:00+00:00")
    assert path.read_bytes() == before
    assert json.loads(before)["id"] == "a"


def test_pruning_goes_by_the_time_of_the_submission_and_utc(path: Path) -> None:
    entry(path, "before", "2026-01-01T11:59:59", {"event": "refused"})
    entry(path, "at", "2026-01-01T12:00:00+00:00", {"event": "refused"})
    entry(path, "elsewhere", "2026-01-01T12:30:00+01:00", {"event": "dismissed"})
    noon = datetime(2026, 1, 1, 13, 0, tzinfo=timezone(timedelta(hours=1)))
    assert Journal(path).prune(noon) == 2
    assert [found.id for found in Journal(path).entries()] == ["at"]
    assert Journal(path).prune(datetime(2026, 1, 1, 12, 0)) == 0
    assert Journal(path).prune(datetime(2026, 1, 1, 12, 0, 1)) == 1
    assert path.read_bytes() == b""


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the time zone of a process is fixed on this platform")
def test_pruning_takes_a_time_without_a_zone_for_utc_wherever_the_program_runs(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry(path, "a", "2026-01-01T11:00:00+00:00", {"event": "refused"})
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        assert Journal(path).prune(datetime(2026, 1, 1, 12, 0)) == 1
    finally:
        monkeypatch.undo()
        time.tzset()


def test_pruning_nothing_leaves_the_file_alone_and_makes_no_archive(path: Path, tmp_path: Path) -> None:
    entry(path, "young", "2026-09-01T00:00:00+00:00", {"event": "refused"})
    before = path.stat().st_ino
    assert Journal(path).prune(datetime(2026, 8, 1), archive=tmp_path / "archive.jsonl") == 0
    assert path.stat().st_ino == before
    assert not (tmp_path / "archive.jsonl").exists()


def test_an_archive_is_added_to_and_only_its_owner_can_read_it(path: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive.jsonl"
    archive.write_bytes(b"my own remark\n")
    archive.chmod(0o600)
    entry(path, "old", "2026-01-01T00:00:00+00:00", {"event": "refused"})
    Journal(path).prune(datetime(2026, 8, 1), archive=archive)
    assert archive.read_bytes().startswith(b"my own remark\n{")
    entry(path, "old", "2026-01-01T00:00:00+00:00", {"event": "refused"})
    Journal(path).prune(datetime(2026, 8, 1), archive=tmp_path / "new.jsonl")
    assert (tmp_path / "new.jsonl").stat().st_mode & 0o777 == 0o600


def test_only_what_the_journal_knows_can_be_dismissed(path: Path) -> None:
    entry(path, "a", "2026-01-01T00:00:00+00:00")
    with pytest.raises(ConfigError, match="has no entry b"):
        Journal(path).dismiss("b")
    assert [found.state for found in Journal(path).entries()] == ["unknown"]
    Journal(path).dismiss("a")
    assert [found.state for found in Journal(path).entries()] == ["dismissed"]
    assert json.loads(path.read_text().splitlines()[-1]) == {"v": 1, "event": "dismissed", "id": "a"}


def test_the_latest_submission_of_a_label_holds_it_unless_it_came_to_nothing(path: Path) -> None:
    journal = Journal(path)
    for id, server in (("a", "x"), ("b", "x"), ("c", "y")):
        journal.append({"event": "submit", "id": id, "model": "m", "at": "2026-01-01T00:00:00", "server": server})
    assert journal.holder("l", "x") is None
    lines = path.read_text().replace('"server"', '"label":"l","server"')
    path.write_text(lines)

    def held(server: str) -> str | None:
        found = Journal(path).holder("l", server)
        return None if found is None else found.id

    assert (held("x"), held("y"), held("z")) == ("b", "c", None)
    found = Journal(path).find("l")
    assert found is not None and found.id == "c"
    Journal(path).dismiss("b")
    assert held("x") == "a"


def test_what_was_added_since_the_last_time_is_all_that_is_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal, read = Journal(path), list[bytes]()
    entry(path, "a", "2026-01-01T00:00:00")
    assert journal.holder("label of a", "x") is not None
    add = _Known.add

    def noting(self: _Known, data: bytes) -> None:
        read.append(data)
        add(self, data)

    monkeypatch.setattr(_Known, "add", noting)
    size = path.stat().st_size
    entry(path, "b", "2026-01-01T00:00:00")
    read.clear()
    assert journal.holder("label of b", "x") is not None
    assert journal.holder("label of b", "x") is not None
    assert read == [path.read_bytes()[size:], b""]


def test_half_a_line_is_read_once_it_is_whole(path: Path) -> None:
    journal = Journal(path)
    entry(path, "a", "2026-01-01T00:00:00")
    whole = path.read_bytes()
    path.write_bytes(whole[:-10])
    assert journal.holder("label of a", "x") is None
    with path.open("ab") as file:
        file.write(whole[-10:])
    assert journal.holder("label of a", "x") is not None


def test_a_journal_that_was_cut_or_replaced_is_read_from_its_beginning(path: Path) -> None:
    journal = Journal(path)
    entry(path, "a", "2026-01-01T00:00:00")
    entry(path, "b", "2026-01-01T00:00:00")
    assert journal.holder("label of b", "x") is not None
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    assert journal.holder("label of b", "x") is None
    assert journal.holder("label of a", "x") is not None
    entry(path.with_suffix(".new"), "c" * 1000, "2026-01-01T00:00:00")
    path.with_suffix(".new").replace(path)
    assert journal.holder("label of a", "x") is None


def test_a_process_that_was_forked_reads_the_journal_itself(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What its parent has read may stand in a temporary file, which two processes cannot share."""
    journal = Journal(path)
    entry(path, "a", "2026-01-01T00:00:00")
    assert journal.holder("label of a", "x") is not None
    before = journal._known
    assert journal.holder("label of a", "x") is not None
    assert journal._known is before
    child = os.getpid() + 1
    monkeypatch.setattr(os, "getpid", lambda: child)
    assert journal.holder("label of a", "x") is not None
    assert journal._known is not before
