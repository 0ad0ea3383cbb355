"""The journal: no submission is lost, and nothing is in it that should not be."""

from __future__ import annotations

import asyncio
import json
import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import trio

from kie import (
    ApiError,
    AsyncKie,
    ConfigError,
    Kie,
    Library,
    SubmitUnknown,
    TaskFailed,
    TaskRef,
    TransportFailed,
    no_retry,
    simulated,
)
from kie._core.call import HttpRequest, HttpResponse
from kie._core.journal_entry import JournalEntry
from kie._core.json import JSON
from kie._io.journal import Journal
from kie.models import NanoBananaPro
from kie.testing import trace, virtual_async_kie, virtual_kie

REQUEST = NanoBananaPro(prompt="A secret lighthouse")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "kie" / "journal.jsonl"


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def states(path: Path) -> list[str]:
    return [entry.state for entry in Journal(path).entries()]


def test_a_run_leaves_a_line_before_the_submission_one_after_and_one_at_the_end(path: Path) -> None:
    client, service, _ = virtual_kie(journal=path)
    client.run(REQUEST)
    [accepted] = service.accepted
    before, after, end = lines(path)
    assert before == {
        "v": 1,
        "id": before["id"],
        "model": "nano-banana-pro",
        "lifecycle": "jobs",
        "event": "submit",
        "at": "2026-09-01T12:00:00+00:00",
        "request": REQUEST.fingerprint(),
        "server": "https://api.kie.ai",
    }
    assert (after["event"], after["ref"], after["id"]) == ("task", accepted.task_id, before["id"])
    assert end == {"v": 1, "event": "end", "ref": accepted.task_id, "state": "succeeded"}


def test_the_journal_holds_no_prompt_and_no_key(path: Path) -> None:
    client, _, _ = virtual_kie(journal=path, api_key="sk-never-shown")
    client.run(REQUEST)
    assert "lighthouse" not in path.read_text()
    assert "never-shown" not in path.read_text()


def test_the_line_before_is_on_disk_when_the_submission_is_sent(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client, _, _ = virtual_kie(journal=path)
    story: list[str] = []
    synced, send = os.fsync, client._driver.transport.send

    def note_sync(handle: int) -> None:
        synced(handle)
        story.append(lines(path)[-1]["event"])

    def note_send(request: HttpRequest, timeout: float) -> HttpResponse:
        story.append(request.url.rpartition("/")[2].partition("?")[0])
        return send(request, timeout)

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(client._driver.transport, "send", note_send)
    client.run(REQUEST)
    assert story[:4] == ["submit", "createTask", "task", "recordInfo"]
    assert story[-1] == "end"


def test_a_crash_between_submission_and_answer_shows_as_unknown(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client, _, _ = virtual_kie(journal=path)

    def die(request: HttpRequest, timeout: float) -> HttpResponse:
        raise KeyboardInterrupt

    monkeypatch.setattr(client._driver.transport, "send", die)
    with pytest.raises(KeyboardInterrupt):
        client.submit(REQUEST)
    [entry] = Journal(path).entries()
    assert (entry.state, entry.model, entry.ref) == ("unknown", "nano-banana-pro", None)
    assert entry.at == "2026-09-01T12:00:00+00:00"


def test_a_submitted_task_is_open_until_its_end_was_seen(path: Path) -> None:
    client, service, _ = virtual_kie(journal=path)
    task = client.submit(REQUEST)
    [entry] = Journal(path).entries()
    assert entry == JournalEntry(
        id=entry.id,
        model="nano-banana-pro",
        at=entry.at,
        state="open",
        ref=task.ref,
        request=REQUEST.fingerprint(),
        server="https://api.kie.ai",
    )
    assert entry.ref is not None and entry.ref.model == "nano-banana-pro"
    task.wait()
    assert states(path) == ["succeeded"]
    assert len(service.accepted) == 1


def test_another_client_that_takes_up_a_task_notes_its_end(path: Path) -> None:
    client, service, clock = virtual_kie(journal=path)
    task = client.submit(REQUEST)
    again, _, _ = virtual_kie(service, clock=clock, journal=path)
    again.task(task.ref).wait()
    assert states(path) == ["succeeded"]


ENDS: dict[str, tuple[dict[str, Any], type[Exception]]] = {
    "refused": ({"do": "envelope", "code": 402}, ApiError),
    "unknown": ({"do": "drop_after"}, SubmitUnknown),
    "failed": ({"do": "fail_task"}, TaskFailed),
}


@pytest.mark.parametrize("state", ENDS)
def test_the_journal_says_how_a_submission_ended(state: str, path: Path) -> None:
    fault, error = ENDS[state]
    client, _, _ = virtual_kie(journal=path, faults=[{"on": "createTask", **fault}])
    with pytest.raises(error):
        client.run(REQUEST)
    assert states(path) == [state]


def test_a_submission_that_did_not_arrive_is_refused(path: Path) -> None:
    client, _, _ = virtual_kie(journal=path, retry=no_retry(), faults=[{"on": "createTask", "do": "refuse"}])
    with pytest.raises(TransportFailed):
        client.submit(REQUEST)
    assert states(path) == ["refused"]


def test_a_timeout_leaves_the_task_open(path: Path) -> None:
    client, _, _ = virtual_kie(journal=path)
    with pytest.raises(TimeoutError):
        client.run(REQUEST, timeout=1)
    assert states(path) == ["open"]


@pytest.mark.parametrize("half", ['{"v":1,"event":"ta', '{"v":1,"event":"submit"}', '"text"', "[]", "\x00\x00", "null"])
def test_a_half_written_last_line_costs_neither_what_is_before_nor_what_comes_after(half: str, path: Path) -> None:
    client, _, _ = virtual_kie(journal=path)
    client.submit(REQUEST)
    with path.open("a") as file:
        file.write(half)
    assert states(path) == ["open"]
    client.run(REQUEST)
    assert states(path) == ["open", "succeeded"]


def test_lines_of_tasks_that_the_journal_does_not_know_are_passed_over(path: Path) -> None:
    journal = Journal(path)
    journal.append({"event": "end", "ref": "elsewhere", "state": "failed"})
    journal.append({"event": "task", "id": "1", "model": "m", "ref": "veo:2"})
    journal.append({"event": "refused", "id": "1"})
    journal.append({"event": "of the future", "id": "1"})
    assert journal.entries() == []


def test_a_ref_of_another_family_comes_back_as_it_was(path: Path) -> None:
    journal = Journal(path)
    journal.append({"event": "submit", "id": "1", "model": "veo-generate", "at": "2026-09-01T12:00:00+00:00"})
    journal.append({"event": "task", "id": "1", "model": "veo-generate", "ref": "veo:2"})
    [entry] = journal.entries()
    assert entry.ref == TaskRef("2", "veo")


def test_the_package_that_a_model_comes_from_is_in_its_entry(path: Path) -> None:
    journal = Journal(path)
    line = {"event": "submit", "model": "acme/brush", "at": "2026-09-01T12:00:00+00:00"}
    journal.append({**line, "id": "1", "source": "acme-models 1.0"})
    journal.append({**line, "id": "2"})
    assert [entry.source for entry in journal.entries()] == ["acme-models 1.0", None]


def test_entries_are_in_the_order_of_submission(path: Path) -> None:
    client, service, _ = virtual_kie(journal=path)
    tasks = [client.submit(NanoBananaPro(prompt=prompt)) for prompt in "abc"]
    tasks[1].wait()
    entries = Journal(path).entries()
    assert [entry.ref for entry in entries] == [task.ref for task in tasks]
    assert [entry.state for entry in entries] == ["open", "succeeded", "open"]
    assert len({entry.id for entry in entries}) == len(service.accepted) == 3


def test_a_journal_that_was_never_written_is_empty(path: Path) -> None:
    assert Journal(path).entries() == []
    assert not path.exists()


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_line_of_a_later_version_changes_nothing_that_is_known(path: Path) -> None:
    virtual_kie(journal=path)[0].submit(REQUEST)
    [before] = Journal(path).entries()
    Journal(path).append({"event": "moved", "id": before.id, "ref": str(before.ref), "state": "failed"})
    assert Journal(path).entries() == [before]


def test_the_journal_is_closed_after_each_line(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    handles: list[int] = []
    opening = os.open

    def noting(*arguments: Any) -> int:
        handles.append(opening(*arguments))
        return handles[-1]

    monkeypatch.setattr(os, "open", noting)
    Journal(path).append({"event": "submit"})
    monkeypatch.undo()
    assert handles
    for handle in handles:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(handle)


def test_the_error_says_why_the_journal_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot be written: Is a directory$"):
        Journal(tmp_path).append({"event": "submit"})


def test_only_the_owner_can_read_the_journal(path: Path) -> None:
    Journal(path).append({"event": "submit"})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_is_sent_if_the_journal_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    client, service, _ = virtual_kie(journal=tmp_path / "file" / "journal.jsonl")
    with pytest.raises(ConfigError, match=r"journal.* cannot be written"):
        client.submit(REQUEST)
    assert not service.accepted and not trace(client)


def test_a_full_disk_keeps_the_submission_from_being_sent(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client, service, _ = virtual_kie(journal=path)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ConfigError, match="No space left"):
        client.submit(REQUEST)
    assert not service.accepted


def test_a_note_that_could_not_be_made_is_not_followed_by_another(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client, service, _ = virtual_kie(journal=path)
    append, asked = Journal.append, list[str]()

    def full_at_first(journal: Journal, entry: Mapping[str, JSON]) -> JournalEntry | None:
        asked.append(str(entry["event"]))
        if len(asked) == 1:
            raise ConfigError("the disk is full")
        return append(journal, entry)

    monkeypatch.setattr(Journal, "append", full_at_first)
    with pytest.raises(ConfigError, match="the disk is full"):
        client.submit(REQUEST)
    assert (asked, service.accepted) == (["submit"], [])


def test_without_a_journal_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    client, _, _ = virtual_kie()
    assert isinstance(client, Kie)
    client.run(REQUEST)
    assert not list(tmp_path.iterdir())


async def _run(path: Path) -> None:
    client, _, _ = virtual_async_kie(journal=path)
    await client.run(REQUEST)


def test_the_async_client_writes_the_same_lines(path: Path) -> None:
    asyncio.run(_run(path))
    assert [line["event"] for line in lines(path)] == ["submit", "task", "end"]
    assert states(path) == ["succeeded"]


# a task that was accepted while the caller was interrupted


class Accepted:
    """A transport, for both clients, that accepts every submission as the task `task-1`."""

    response = HttpResponse(status=200, headers={}, body=b'{"code":200,"msg":"success","data":{"taskId":"task-1"}}')

    async def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        return self.response

    def stream(self, url: str, headers: Mapping[str, str], timeout: float) -> Any:
        raise AssertionError("nothing is to be fetched")

    async def close(self) -> None:
        pass


class Interrupted(Journal):
    """A journal during whose note of an accepted task something else happens first."""

    def __init__(self, path: Path, meanwhile: Callable[[], object]) -> None:
        super().__init__(path)
        self.meanwhile = meanwhile

    def append(self, entry: Mapping[str, JSON]) -> None:
        if entry["event"] == "task":
            self.meanwhile()
        super().append(entry)


def interrupting(path: Path, meanwhile: Callable[[], object]) -> tuple[AsyncKie, list[TaskRef]]:
    refs: list[TaskRef] = []
    client = AsyncKie("key", transport=Accepted(), on_submitted=refs.append)
    client._driver.session.journal = Interrupted(path, meanwhile)
    return client, refs


def check_kept(path: Path, refs: list[TaskRef], notes: list[str]) -> None:
    """The ref of the accepted task is in the journal, went to `on_submitted`, and is named by the error."""
    assert [(entry.state, str(entry.ref)) for entry in Journal(path).entries()] == [("open", "task-1")]
    assert [str(ref) for ref in refs] == ["task-1"]
    assert any("task-1" in note for note in notes)


@pytest.mark.parametrize("method", ["submit", "run"])
def test_a_cancellation_while_an_accepted_task_is_noted_loses_nothing_on_asyncio(path: Path, method: str) -> None:
    notes: list[str] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()

        def cancel() -> None:
            loop.call_soon_threadsafe(task.cancel)
            # the loop has delivered the cancellation before the journal goes on
            asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result()
            asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result()

        client, refs = interrupting(path, cancel)
        task = asyncio.create_task(getattr(client, method)(REQUEST))
        try:
            await task
        except asyncio.CancelledError as error:
            notes.extend(error.__notes__)
        assert task.cancelled()
        check_kept(path, refs, notes)

    asyncio.run(main())


@pytest.mark.parametrize("method", ["submit", "run"])
def test_a_cancellation_while_an_accepted_task_is_noted_loses_nothing_on_trio(path: Path, method: str) -> None:
    notes: list[str] = []

    async def main() -> None:
        with trio.CancelScope() as scope:
            client, refs = interrupting(path, lambda: trio.from_thread.run_sync(scope.cancel))
            try:
                await getattr(client, method)(REQUEST)
            except trio.Cancelled as error:
                notes.extend(error.__notes__)
                raise
        assert scope.cancelled_caught
        check_kept(path, refs, notes)

    trio.run(main)


def test_a_scope_that_is_cancelled_already_does_not_keep_an_accepted_task_from_being_noted(path: Path) -> None:
    async def main() -> None:
        with trio.CancelScope() as scope:
            client, refs = interrupting(path, lambda: None)

            async def accept_and_cancel(request: HttpRequest, timeout: float) -> HttpResponse:
                scope.cancel()
                return Accepted.response

            client._driver.transport.send = accept_and_cancel  # type: ignore[method-assign]
            await client.run(REQUEST)
        assert scope.cancelled_caught
        check_kept(path, refs, ["task-1"])

    trio.run(main)


@pytest.mark.parametrize("method", ["submit", "run"])
def test_an_interrupt_while_an_accepted_task_is_noted_still_gives_its_ref_away(path: Path, method: str) -> None:
    refs: list[TaskRef] = []

    def interrupt() -> None:
        raise KeyboardInterrupt

    client, service, _ = virtual_kie(on_submitted=refs.append)
    client._driver.session.journal = Interrupted(path, interrupt)
    with pytest.raises(KeyboardInterrupt) as caught:
        getattr(client, method)(REQUEST)
    [accepted] = service.accepted
    assert [ref.id for ref in refs] == [accepted.task_id]
    assert any(accepted.task_id in note for note in caught.value.__notes__)


def test_the_time_of_a_submission_without_a_time_zone_is_that_of_utc(tmp_path: Path) -> None:
    (tmp_path / "journal").write_text('{"event":"submit","id":"a","model":"m","at":"2026-01-01T00:00:00"}\n')
    assert [entry.at for entry in Journal(tmp_path / "journal").entries()] == ["2026-01-01T00:00:00+00:00"]


def test_a_submission_that_could_not_be_noted_leaves_no_refusal_behind(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk was full when it was to be noted, and has room again when the error is on its way."""
    append, tries = Journal.append, [ConfigError("the disk is full")]

    def once_full(journal: Journal, entry: Any) -> Any:
        if tries:
            raise tries.pop()
        return append(journal, entry)

    monkeypatch.setattr(Journal, "append", once_full)
    client, service, _ = virtual_kie(journal=path)
    with pytest.raises(ConfigError, match="the disk is full"):
        client.submit(REQUEST)
    assert not path.exists() and not service.accepted


def test_the_journal_knows_a_task_before_the_library_keeps_it(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[list[str]] = []
    accepted = Library._accepted

    def watched(library: Library, told: Any) -> Any:
        kept.append([str(entry.ref) for entry in Journal(path).entries()])
        return accepted(library, told)

    monkeypatch.setattr(Library, "_accepted", watched)
    client, _, _ = virtual_kie(journal=path, library=Library(tmp_path / "runs", derivatives=None))
    assert kept == [[str(client.submit(REQUEST).ref)]]


def test_a_client_of_a_simulator_notes_that_it_was_simulated_before_it_sends(path: Path) -> None:
    with simulated(speed=1000) as service:
        service.client(journal=path).run(REQUEST)
    assert [line.get("simulated") for line in lines(path)] == [True, True, None]
    assert [entry.simulated for entry in Journal(path).entries()] == [True]


def test_any_client_notes_that_the_server_says_it_is_a_simulator(path: Path) -> None:
    with simulated(speed=1000) as service, Kie("key", base_url=service.base_url, journal=path) as client:
        client.submit(REQUEST)
    assert [line.get("simulated") for line in lines(path)] == [None, True]
    assert [entry.simulated for entry in Journal(path).entries()] == [True]


def test_entries_of_the_service_and_those_of_earlier_versions_are_not_simulated(path: Path) -> None:
    client, _, _ = virtual_kie(journal=path)
    client.run(REQUEST)
    Journal(path).append({"event": "submit", "id": "1", "model": "veo-generate", "at": "2026-09-01T12:00:00+00:00"})
    assert [entry.simulated for entry in Journal(path).entries()] == [False, False]


def test_what_was_noted_as_simulated_before_it_was_sent_stays_so_whatever_the_answer_says(path: Path) -> None:
    journal, facts = Journal(path), {"id": "1", "model": "m"}
    journal.append({**facts, "event": "submit", "at": "2026-09-01T12:00:00+00:00", "simulated": True})
    journal.append({**facts, "event": "task", "ref": "market:t"})
    [entry] = journal.entries()
    assert (entry.simulated, entry.state) == (True, "open")
