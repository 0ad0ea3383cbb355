"""The note of a line: who may send it, and what is known of it afterwards. Without the engine."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from kie import AsyncKie, ConfigError, Journal, TaskRef
from kie._core.journal_entry import JournalEntry
from kie._core.json import JSON
from kie._durable.line_store import LineRow, LineStore, NewLine
from kie._durable.notes import Closing, Notes
from kie._durable.work import LineWorker
from kie._io.database import database
from kie._io.secrets import Secret

AT = "2026-11-01T12:00:00+00:00"
REF = TaskRef("0123456789abcdef", "jobs", "nano-banana-pro")


@pytest.fixture
def store(database_url: str) -> Iterator[LineStore]:
    with closing(LineStore(Secret(database_url))) as made:
        made.prepare()
        entries = [NewLine(line, None, "nano-banana-pro", "{}", "d") for line in range(3)]
        assert made.enqueue("spring", entries, lambda *_: None, new=True) == (3, [])
        yield made
        database(database_url).close()


def submit(key: str = "k1", label: str = "spring/1") -> dict[str, JSON]:
    return {"id": key, "event": "submit", "label": label, "at": AT, "model": "nano-banana-pro", "lifecycle": "jobs"}


def task(key: str = "k1") -> dict[str, JSON]:
    return {"id": key, "event": "task", "ref": str(REF), "model": "nano-banana-pro", "lifecycle": "jobs"}


def line(store: LineStore, number: int = 1) -> LineRow:
    found = store.row("spring", number)
    assert found is not None
    return found


def test_whoever_writes_the_note_sends_and_everybody_else_hears_that_it_may_be_sent(store: LineStore) -> None:
    first, second = Notes(store, None), Notes(store, None)
    assert first.append(submit()) is None
    assert (line(store).note, line(store).state, line(store).noted_at) == (f"{first.process}:k1", "sending", AT)
    assert first.under_way == 1
    told = second.append(submit("k2"))
    assert told is not None
    assert (told.label, told.state, told.ref, told.at) == ("spring/1", "unknown", None, AT)
    assert (line(store).note, second.under_way) == (f"{first.process}:k1", 0)
    assert first.append(submit("k3")) is not None, "not even the same process sends it a second time"
    assert first.under_way == 1


def test_a_task_is_noted_for_all(store: LineStore) -> None:
    first, second = Notes(store, None), Notes(store, None)
    first.append(submit())
    assert first.append(task()) is None
    assert (line(store).task, line(store).state, first.under_way) == (REF, "waiting", 0)
    told = second.append(submit("k2"))
    assert told is not None and (told.ref, told.state) == (REF, "open")


def test_a_line_with_a_task_is_told_before_its_submission_ends(
    store: LineStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks, seen = set[tuple[str, int]](), list[object]()
    notes, accepted = Notes(store, None, tasks), store.accepted

    def noted(*given: Any) -> None:
        seen.append((notes.under_way, {*tasks}))
        accepted(*given)

    monkeypatch.setattr(store, "accepted", noted)
    notes.append(submit())
    notes.append({"id": "k1", "event": "refused", "model": "nano-banana-pro", "lifecycle": "jobs"})
    assert tasks == set()
    notes.append(submit("k2"))
    notes.append(task("k2"))
    assert seen == [(1, {("spring", 1)})] and tasks == {("spring", 1)}


def test_a_line_has_a_holder_once_it_has_a_note_or_a_task(store: LineStore) -> None:
    notes = Notes(store, None)
    assert notes.holder("spring/1", "") is None
    assert notes.holder("spring/7", "") is None
    notes.append(submit())
    found = notes.holder("spring/1", "")
    assert found is not None and (found.state, found.ref) == ("unknown", None)
    notes.append(task())
    found = notes.holder("spring/1", "")
    assert found is not None and (found.state, found.ref) == ("open", REF)
    store.accepted("spring", 2, None, REF)
    found = notes.holder("spring/2", "")
    assert found is not None and (found.ref, found.label) == (REF, "spring/2"), "some need no submission"


def test_what_was_refused_may_be_sent_again(store: LineStore) -> None:
    notes = Notes(store, None)
    notes.append(submit())
    notes.append({"id": "k1", "event": "refused", "model": "nano-banana-pro", "lifecycle": "jobs"})
    assert (line(store).note, line(store).state, notes.under_way) == (None, "queued", 0)
    assert Notes(store, None).append(submit("k2")) is None


def test_what_nobody_knows_the_outcome_of_keeps_its_note(store: LineStore) -> None:
    notes = Notes(store, None)
    notes.append(submit())
    notes.append({"id": "k1", "event": "unknown", "model": "nano-banana-pro", "lifecycle": "jobs"})
    assert (line(store).note, notes.under_way) == (f"{notes.process}:k1", 0)
    assert Notes(store, None).append(submit("k2")) is not None


def test_once_the_engine_is_closed_nothing_is_noted(store: LineStore) -> None:
    notes = Notes(store, None)
    notes.close()
    with pytest.raises(Closing):
        notes.append(submit())
    assert (line(store).note, notes.under_way) == (None, 0)


def test_whoever_closes_the_work_of_an_engine_lets_nothing_more_be_noted(store: LineStore, tmp_path: Path) -> None:
    work = LineWorker(store, lambda: AsyncKie("key", journal=tmp_path / "journal.jsonl"), None)
    work.prepare()
    notes = work._made()._driver.session.journal
    assert isinstance(notes, Notes) and notes.append(submit()) is None
    notes.append(task())
    work.close(patience=0)
    with pytest.raises(Closing):
        notes.append(submit("k2", "spring/2"))
    assert line(store, 2).note is None


def test_whoever_closes_the_work_of_an_engine_waits_for_what_begins_at_that_moment(
    store: LineStore, tmp_path: Path
) -> None:
    work = LineWorker(store, lambda: AsyncKie("key", journal=tmp_path / "journal.jsonl"), None)
    work.prepare()
    notes, begins, closes = work._notes, threading.Event(), threading.Event()
    assert notes is not None

    class Slow(dict[str, tuple[str, int]]):
        def __setitem__(self, *given: Any) -> None:
            begins.set()
            assert closes.wait(20)
            super().__setitem__(*given)

    class Watched:
        """The lock of the notes. It tells when somebody else wants it."""

        def __init__(self) -> None:
            self.lock = threading.Lock()

        def __enter__(self) -> None:
            if begins.is_set():
                closes.set()
            self.lock.acquire()

        def __exit__(self, *_: object) -> None:
            self.lock.release()

    notes._under_way = Slow()
    notes._lock = Watched()  # type: ignore[assignment]
    sending = threading.Thread(target=notes.append, args=(submit(),), daemon=True)
    sending.start()
    assert begins.wait(20)
    work.close(patience=0)
    awaited = notes.under_way
    closes.set()
    sending.join(20)
    assert awaited == 1 and notes.under_way == 1


def test_a_line_that_is_gone_is_not_sent(store: LineStore) -> None:
    notes = Notes(store, None)
    with pytest.raises(ConfigError, match="line 7 of batch 'spring' is gone from the database"):
        notes.append(submit(label="spring/7"))
    assert notes.under_way == 0


def test_a_database_that_cannot_be_written_sends_nothing(store: LineStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any) -> bool:
        raise ConfigError("the database is full")

    notes = Notes(store, None)
    monkeypatch.setattr(store, "note", refused)
    with pytest.raises(ConfigError, match="full"):
        notes.append(submit())
    assert notes.under_way == 0


def test_a_journal_of_the_user_hears_the_same_without_the_label(store: LineStore, tmp_path: Path) -> None:
    file = Journal(tmp_path / "journal.jsonl")
    notes = Notes(store, file)
    assert notes.path == file.path
    notes.append(submit())
    [entry] = file.entries()
    assert (entry.id, entry.label, entry.state, entry.ref) == ("k1", None, "unknown", None)
    notes.append(task())
    [entry] = file.entries()
    assert (entry.state, entry.ref) == ("open", REF)
    assert notes.append(task("of another batch")) is None, "what was not noted here is passed on"


def test_a_journal_that_cannot_be_written_sends_nothing_and_takes_the_note_back(
    store: LineStore, tmp_path: Path
) -> None:
    class Full(Journal):
        def append(self, entry: Mapping[str, JSON]) -> JournalEntry | None:
            raise ConfigError("the disk is full")

    notes = Notes(store, Full(tmp_path / "journal.jsonl"))
    with pytest.raises(ConfigError, match="full"):
        notes.append(submit())
    assert (line(store).note, line(store).state, notes.under_way) == (None, "queued", 0)


def test_a_journal_of_the_user_keeps_a_task_that_the_database_could_not_take(
    store: LineStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: Any) -> None:
        raise ConfigError("the server is gone")

    file = Journal(tmp_path / "journal.jsonl")
    notes = Notes(store, file)
    notes.append(submit())
    monkeypatch.setattr(store, "accepted", lost)
    with pytest.raises(ConfigError, match="gone"):
        notes.append(task())
    [entry] = file.entries()
    assert (entry.state, entry.ref, notes.under_way) == ("open", REF, 1)


def test_a_note_in_a_file_outlasts_a_loss_of_power(tmp_path: Path) -> None:
    with closing(LineStore(Secret(f"sqlite:///{tmp_path}/kie.sqlite"))) as store, store.engine.begin() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2


def test_no_error_of_the_database_shows_what_a_request_holds(store: LineStore) -> None:
    with pytest.raises(SQLAlchemyError, match="kie_nowhere") as caught, store.engine.begin() as connection:
        connection.execute(text("INSERT INTO kie_nowhere VALUES (:request)"), {"request": "a secret lighthouse"})
    assert "lighthouse" not in str(caught.value)


def test_what_could_not_be_noted_is_noted_again_or_given_up(store: LineStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise ConfigError("the disk is full")

    notes = Notes(store, None)
    notes.settle("spring", 1)
    for change, event in (("unnote", {"id": "k1", "event": "refused"}), ("accepted", task())):
        notes.append(submit())
        with monkeypatch.context() as broken:
            broken.setattr(store, change, full)
            with pytest.raises(ConfigError, match="full"):
                notes.append(event)
            with pytest.raises(ConfigError, match="full"):
                notes.settle("spring", 1)
        assert (line(store).state, notes.under_way) == ("sending", 1), "whoever closes the engine waits for it"
        notes.settle("spring", 1)
        assert notes.under_way == 0
    assert (line(store).state, line(store).task) == ("waiting", REF)
    notes.append(submit("k2", "spring/2"))
    monkeypatch.setattr(store, "unnote", full)
    with pytest.raises(ConfigError, match="full"):
        notes.append({"id": "k2", "event": "refused"})
    notes.give_up("spring", 2)
    notes.settle("spring", 2)
    assert (line(store, 2).state, notes.under_way) == ("sending", 0)


# lines that have ended


def ended(store: LineStore, number: int, state: str) -> None:
    store.end("spring", number, line(store, number).attempt, state, f'{{"files": ["{state}"]}}')


def test_a_line_ends_once_and_those_that_ended_are_numbered_in_their_order(store: LineStore) -> None:
    ended(store, 2, "failed")
    ended(store, 0, "succeeded")
    store.end("spring", 2, 0, "succeeded", "{}")
    store.end("spring", 1, 1, "succeeded", "{}")
    assert [(row.line, row.seq, row.state) for row in store.ended("spring", 0, 9)] == [
        (2, 1, "failed"),
        (0, 2, "succeeded"),
    ]
    assert line(store, 2).files == ["failed"] and line(store, 2).ended_at is not None
    assert (line(store).state, line(store).seq) == ("queued", None), "another attempt is another matter"


def test_no_number_of_an_end_is_used_twice(store: LineStore) -> None:
    seen = []
    for number in (0, 1, 1, 0, 0):
        ended(store, number, "failed")
        seen.append(line(store, number).seq)
        assert store.again("spring", number, lambda *_: None, keep=False)
    ended(store, 2, "failed")
    assert [*seen, line(store, 2).seq] == [1, 2, 3, 4, 5, 6]


def test_a_line_that_has_ended_gets_no_note(store: LineStore) -> None:
    ended(store, 1, "stopped")
    assert Notes(store, None).append(submit()) is not None
    assert line(store).note is None


def test_a_task_that_failed_at_no_cost_makes_room_for_another(store: LineStore) -> None:
    notes = Notes(store, None)
    notes.append(submit())
    notes.append(task())
    store.renew("spring", 1, "jobs:of-another-task")
    assert line(store).task == REF
    store.renew("spring", 1, str(REF))
    now = line(store)
    assert (now.ref, now.note, now.noted_at, now.submitted_at, now.state, now.tries) == (
        None, None, None, None, "queued", 1,
    )  # fmt: skip
    notes.append(submit("k2"))
    notes.append(task("k2"))
    ended(store, 1, "failed")
    store.renew("spring", 1, str(REF))
    assert (line(store).task, line(store).state) == (REF, "failed"), "what has ended is not sent again by itself"


@pytest.mark.parametrize("keep", [True, False])
def test_only_a_line_that_has_ended_is_asked_for_again(store: LineStore, keep: bool) -> None:
    started: list[tuple[int, int]] = []

    def start(_: object, number: int, attempt: int) -> None:
        started.append((number, attempt))

    notes = Notes(store, None)
    notes.append(submit())
    notes.append(task())
    assert not store.again("spring", 1, start, keep=keep)
    assert (started, line(store).attempt) == ([], 0)
    ended(store, 1, "failed")
    assert store.again("spring", 1, start, keep=keep)
    now = line(store)
    assert started == [(1, 1)]
    assert (now.attempt, now.tries, now.note, now.noted_at, now.ended_at, now.seq, now.outcome) == (
        1, 0, None, None, None, None, None,
    )  # fmt: skip
    assert (now.state, now.task) == (("waiting", REF) if keep else ("queued", None))
    assert (now.submitted_at is None) is not keep


def test_lines_are_stored_once_and_others_under_their_numbers_are_named(store: LineStore) -> None:
    started: list[tuple[int, int]] = []

    def start(_: object, number: int, attempt: int) -> None:
        started.append((number, attempt))

    same = [NewLine(number, None, "nano-banana-pro", "{}", "d") for number in range(4)]
    assert store.enqueue("spring", same, start, new=False) == (0, [])
    assert store.enqueue("spring", same, start, new=True) == (1, [])
    assert started == [(3, 0)]
    other = [NewLine(3, None, "nano-banana-pro", "{}", "e"), NewLine(4, "x", "nano-banana-pro", "{}", "f")]
    assert store.enqueue("spring", other, start, new=True) == (0, [3])
    assert store.row("spring", 4) is None and started == [(3, 0)]
    assert store.enqueue("spring", [same[2], other[0]], start, new=True) == (0, [3])


@pytest.mark.parametrize("place", ["[::1/x", "127.0.0.1:1:2/x", "127.0.0.1:port/x"])
def test_a_url_that_the_engine_cannot_read_is_refused_without_its_password(place: str) -> None:
    with pytest.raises(ConfigError, match="cannot be used") as caught:
        LineStore(Secret(f"postgresql://kie:geheim@{place}"))
    assert "geheim" not in str(caught.value)
