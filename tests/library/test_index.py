"""The index: it can be deleted, damaged, of another version, on a drive without locks; the answers are the same."""

from __future__ import annotations

import asyncio
import errno
import os
import sqlite3
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest

from kie import ConfigError, Library
from kie._library import index, record, words
from kie.library import RepairReport, RunPrompts
from tests.library.made import document, put, run
from tests.processes import LONGEST, exit_code, joined


@pytest.fixture
def library(tmp_path: Path) -> Library:
    made = Library(tmp_path / "runs")
    for number in range(5):
        made._create(run(f"r{number}", number, tags=("site",), prompts=RunPrompts(final=f"fox {number}")), {})
    return made


def ids(library: Library, **conditions: Any) -> list[str]:
    return [each.id for each in library.find(**conditions)]


ALL = ["r4", "r3", "r2", "r1", "r0"]


def file_of(library: Library) -> Path:
    return library.path / "index.sqlite"


def announced(library: Library) -> list[str]:
    return library._shelf._announced.found()


def delete(file: Path) -> None:
    for each in file.parent.glob("index.sqlite*"):
        each.unlink()


def replace_by_text(file: Path) -> None:
    file.write_bytes(b"this is not a database, " * 400)


def empty(file: Path) -> None:
    delete(file)
    file.touch()


def cut(file: Path) -> None:
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    for rest in ("-wal", "-shm"):
        Path(f"{file}{rest}").unlink(missing_ok=True)
    os.truncate(file, file.stat().st_size // 2)


def drop_a_table(file: Path) -> None:
    with sqlite3.connect(file) as database:
        database.execute("DROP TABLE documents")
    database.close()


def forget_the_version(file: Path) -> None:
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA user_version=0")
    database.close()


@contextmanager
def one_warning(about: str) -> Iterator[None]:
    """What is done here warns exactly once."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        yield
    assert len(told) == 1 and about in str(told[0].message)


FAULTS = [delete, replace_by_text, empty, cut, drop_a_table, forget_the_version]


@pytest.mark.parametrize("harm", FAULTS)
def test_an_index_that_was_damaged_while_nobody_looked_is_made_again(
    library: Library, harm: Callable[[Path], None]
) -> None:
    library.close()
    harm(file_of(library))
    assert ids(Library(library.path), words="fox", tag="site") == ALL
    assert ids(library, words="fox 3") == ["r3"]
    library._create(run("r5", 5), {})
    assert ids(Library(library.path)) == ["r5", *ALL]


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE documents SET document = replace(document, '\"', '')",
        "UPDATE documents SET document = NULL",
        "UPDATE documents SET document = '[]'",
        "UPDATE documents SET document = CAST(x'7bff7d' AS TEXT)",
        "UPDATE runs SET credits = 'many'",
        "UPDATE runs SET at = 9000000000000000000, facts = 'x'",
    ],
)
def test_damage_that_sqlite_does_not_see_costs_no_answer_and_is_mended(library: Library, harm: str) -> None:
    library._update("r0", lambda run: attrs.evolve(run, state="succeeded", credits=Decimal(18)))
    found, spent = {each.id: each for each in library.find()}, library.spend("day")
    for first in ("find", "spend", "repair"):
        library.close()
        with sqlite3.connect(file_of(library)) as database:
            if "NULL" in harm:
                database.execute("DROP TABLE documents")
                database.execute("CREATE TABLE documents (key INTEGER PRIMARY KEY, document TEXT)")
                database.execute("INSERT INTO documents SELECT key, '' FROM runs")
            database.execute(harm)
        database.close()
        other = Library(library.path)
        if first == "repair":
            assert other.repair() == other.repair() == RepairReport()
        elif first == "find" and "documents" in harm:
            assert {each.id: each for each in other.find()} == found
            assert other["r3"] == found["r3"]
        elif first == "spend" and "runs" in harm:
            assert other.spend("day") == spent
        else:
            continue
        assert {each.id: each for each in other.find()} == found and other.spend("day") == spent


@pytest.mark.parametrize("harm", [delete, drop_a_table])
def test_an_index_that_is_damaged_while_it_is_open_is_made_again(
    library: Library, harm: Callable[[Path], None]
) -> None:
    assert ids(library) == ALL
    harm(file_of(library))
    library._create(run("r5", 5), {})
    assert ids(library) == ids(Library(library.path)) == ["r5", *ALL]


def test_who_had_the_deleted_file_open_and_who_made_the_new_one_see_each_other(library: Library) -> None:
    other = Library(library.path)
    assert ids(other) == ALL
    delete(file_of(library))
    assert ids(library) == ALL
    other._create(run("r5", 5), {})
    assert ids(library) == ["r5", *ALL]
    library._create(run("r6", 6), {})
    assert ids(other) == ["r6", "r5", *ALL]


def newer(library: Library) -> bytes:
    library.close()
    with sqlite3.connect(file_of(library)) as database:
        database.execute(f"PRAGMA user_version={index.VERSION + 1}")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("PRAGMA journal_mode=DELETE")
    database.close()
    return file_of(library).read_bytes()


def test_an_index_of_a_newer_version_is_left_alone_with_one_warning(library: Library) -> None:
    before = newer(library)
    old = Library(library.path)
    with one_warning("newer version of kie"):
        assert ids(old, words="fox 3") == ["r3"]
        old._create(run("r5", 5), {})
        old._update("r5", lambda run: attrs.evolve(run, state="failed"))
        assert ids(old, state="failed") == ["r5"] and old["r5"].state == "failed"
    assert file_of(library).read_bytes() == before


def test_what_was_written_without_the_file_of_the_index_is_found_by_whoever_can_use_it(library: Library) -> None:
    newer(library)
    with pytest.warns(UserWarning, match="newer version"):
        Library(library.path)._create(run("r5", 5), {})
    with sqlite3.connect(file_of(library)) as database:
        database.execute(f"PRAGMA user_version={index.VERSION}")
    database.close()
    assert ids(library) == ["r5", *ALL]
    assert announced(library) == []


def test_a_drive_without_locks_has_an_index_in_memory_and_one_warning(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.close()

    def refuse(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("locking protocol")

    monkeypatch.setattr(index.Index, "_check", refuse)
    old, other = Library(library.path), Library(library.path)
    with one_warning("locking protocol"):
        assert ids(old) == ALL
        old._create(run("r5", 5), {})
        assert ids(old, words="FOX", limit=1) == ["r4"]
    with pytest.warns(UserWarning, match="locking protocol"):
        assert ids(other) == ["r5", *ALL]
    old._create(run("r6", 6), {})
    assert ids(other) == ["r6", "r5", *ALL]
    monkeypatch.undo()
    assert ids(library) == ["r6", "r5", *ALL]


def test_on_a_drive_without_locks_no_thread_loses_what_another_one_wrote(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    fcntl = pytest.importorskip("fcntl")
    library.close()

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    shared, writing = Library(library.path), threading.Barrier(4)

    def work(number: int) -> None:
        writing.wait(LONGEST)
        for count in range(10):
            shared._create(run(f"t{number}-{count}", 10 + count), {})
            shared.tag("r0", f"{number}-{count}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    with one_warning("does not support locks"):
        for thread in threads:
            thread.start()
        joined(*threads)
    monkeypatch.undo()
    assert len(ids(library)) == 45 and len(library["r0"].tags) == 41
    assert [fault for fault in library.verify() if fault.kind != "leftover"] == []


@pytest.mark.parametrize("opened", [True, False])
def test_an_index_that_another_program_locks_costs_the_first_write_some_seconds_and_no_run(
    library: Library, monkeypatch: pytest.MonkeyPatch, opened: bool
) -> None:
    assert index.PATIENCE <= 5
    library.close()
    monkeypatch.setattr(index, "PATIENCE", 0.05)
    held = Library(library.path)
    if opened:
        assert ids(held) == ALL
    other = sqlite3.connect(file_of(library), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with one_warning("another program has had it locked for 0.05 seconds"):
        held._create(run("r5", 5), {})
        held.tag("r0", "best")
        assert ids(held) == ["r5", *ALL] and ids(held, tag="best") == ["r0"]
        assert held.spend()["nano-banana-pro"].runs == 6
    other.execute("ROLLBACK")
    other.close()
    after = Library(library.path)
    assert ids(after) == ["r5", *ALL] and ids(after, tag="best") == ["r0"]
    assert announced(library) == [] and after.repair().indexed == 0


@pytest.mark.parametrize("path", ["../secret", "2026/11/26/..", "2026/11/26/../../../../secret", "{root}/secret", "x"])
def test_an_index_that_leads_out_of_the_library_is_made_again(library: Library, tmp_path: Path, path: str) -> None:
    secret = put(tmp_path / "secret", document(id="r0", label="secret"))
    library.close()
    with sqlite3.connect(file_of(library)) as database:
        database.execute("UPDATE runs SET path = ? WHERE id = 'r0'", (path.format(root=tmp_path),))
    database.close()
    assert all(each.folder.is_relative_to(library.path / "2026") for each in library.find())
    assert ids(library) == ALL and library["r0"].label is None
    assert ids(Library(library.path), label="secret") == [] and (secret / "run.json").exists()


def test_a_note_that_leads_out_of_the_library_is_not_followed(library: Library, tmp_path: Path) -> None:
    put(tmp_path / "secret", document(id="secret"))
    with library._shelf.locked():
        library._shelf._announced.add("../secret")
    assert ids(library) == ALL and library.get("secret") is None and announced(library) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
@pytest.mark.parametrize("make", [os.mkdir, getattr(os, "mkfifo", os.mkdir)])
def test_what_is_no_file_in_the_place_of_the_index_costs_one_warning(
    library: Library, make: Callable[[Path], None]
) -> None:
    library.close()
    delete(file_of(library))
    make(file_of(library))
    other = Library(library.path)
    with one_warning("its index cannot be used"):
        other._create(run("r5", 5), {})
        assert ids(other) == ["r5", *ALL]
    assert [fault.kind for fault in other.verify()] == ["index"]


def test_a_link_in_the_place_of_the_index_is_replaced_and_what_it_led_to_stays(
    library: Library, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.sqlite"
    with sqlite3.connect(mine) as database:
        database.execute("CREATE TABLE mine (x)")
    database.close()
    library.close()
    delete(file_of(library))
    file_of(library).symlink_to(mine)
    before = mine.read_bytes()
    assert ids(Library(library.path)) == ALL
    assert mine.read_bytes() == before and not file_of(library).is_symlink()


def test_a_network_drive_has_no_write_ahead_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "on_network", lambda path: True)
    library = Library(tmp_path)
    library._create(run("a"), {})
    assert ids(library) == ["a"] and not list(tmp_path.glob("index.sqlite-*"))
    monkeypatch.undo()
    local = Library(tmp_path)
    assert ids(local) == ["a"] and list(tmp_path.glob("index.sqlite-*"))


@pytest.mark.skipif(not Path("/proc/self/mounts").exists(), reason="reads /proc/self/mounts")
def test_a_local_folder_is_not_on_a_network_drive(tmp_path: Path) -> None:
    assert not index.on_network(str(tmp_path))


def test_a_folder_that_can_only_be_read_answers_without_a_warning(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.close()
    delete(file_of(library))
    before = sorted(library.path.rglob("*"))
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    assert ids(Library(library.path), words="fox") == ALL
    assert sorted(library.path.rglob("*")) == before


def test_a_run_whose_writer_died_before_the_index_is_found(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(index.Index, "put", die)
        with pytest.raises(Killed):
            library._update("r0", lambda run: attrs.evolve(run, state="failed"))
    assert ids(Library(library.path), state="failed") == ["r0"]
    with monkeypatch.context() as patch:
        patch.setattr(index.Index, "put", die)
        with pytest.raises(Killed):
            library._create(run("r5", 5), {})
    other = Library(library.path)
    assert ids(other) == ["r5", *ALL] and ids(other, state="failed") == ["r0"]
    assert announced(library) == []


def test_a_run_whose_writer_died_before_it_was_there_is_forgotten(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", die)
        with pytest.raises(Killed):
            library._create(run("r5", 5), {})
    assert ids(library) == ALL and announced(library) == []
    assert library._create(run("r5", 5), {}).id == "r5"


def test_broken_and_foreign_files_are_left_out_with_one_warning(library: Library) -> None:
    day = library.path / "2026" / "11" / "26"
    put(day / "broken", "{")
    put(day / "newer", document(schema=2))
    put(day / "foreign", {"hello": "world"})
    put(day / "deep", b"[" * 10**6)
    (day / "folder" / "run.json").mkdir(parents=True)
    (day / "a file").touch()
    (day / "link").symlink_to(day / "nowhere")
    (day / "loop").symlink_to(day / "loop")
    library.close()
    delete(file_of(library))
    other = Library(library.path)
    with one_warning("verify"):
        assert ids(other) == ALL
    assert ids(other) == ALL


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="names are Unicode there")
def test_a_folder_whose_name_is_not_text_costs_the_others_nothing(library: Library) -> None:
    odd = put(library.path / "2026" / "11" / "26" / os.fsdecode(b"\xff"), document(id="odd"))
    library.close()
    delete(file_of(library))
    other = Library(library.path)
    with one_warning("rename it"):
        assert ids(other) == ALL and other.get("odd") is None
    assert [(fault.kind, fault.path) for fault in other.verify()] == [("unreadable", odd / "run.json")]
    odd.rename(odd.with_name("odd"))
    assert other.repair().indexed == 1 and ids(other) == [*ALL, "odd"]


def test_a_warning_does_not_steer_the_terminal(library: Library) -> None:
    try:
        put(library.path / "2026" / "11" / "26" / "a\x1b[2J\nb", "{")
    except OSError:
        pytest.skip("no file can be called so here")
    library.close()
    delete(file_of(library))
    with pytest.warns(UserWarning, match=r"a\ufffd\[2J\ufffdb"):
        assert ids(Library(library.path)) == ALL


def test_a_text_is_found_as_it_is_kept(library: Library) -> None:
    half = "\ud800"
    library.tag("r0", half)
    library._update("r1", lambda run: attrs.evolve(run, label=half, source={half: half}))
    assert ids(library, tag=half) == ["r0"]
    assert ids(library, label=half) == ids(library, source={half: half}) == ["r1"]


def test_a_run_that_was_copied_into_the_library_is_found_after_a_repair(library: Library) -> None:
    put(library.path / "2025" / "01" / "02" / "other", document(id="other", submitted_at="2025-01-02T00:00:00Z"))
    assert "other" not in library
    assert library.repair().indexed == 1
    assert ids(library) == [*ALL, "other"]


def test_threads_share_a_library(library: Library) -> None:
    errors: list[BaseException] = []

    def work(name: str) -> None:
        try:
            for number in range(20):
                library._create(run(f"{name}{number}", number), {})
                library._update(f"{name}{number}", lambda run: attrs.evolve(run, state="succeeded"))
                library.find(words="fox", limit=5)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(f"t{number}-",)) for number in range(4)]
    for each in threads:
        each.start()
    joined(*threads)
    assert errors == [] and len(library) == 85 and len(library.find(state="succeeded")) == 80


def test_worker_threads_of_an_event_loop_share_a_library(library: Library) -> None:
    async def main() -> list[list[Any]]:
        return await asyncio.gather(*(asyncio.to_thread(ids, library, words=f"fox {n}") for n in range(5)))

    assert asyncio.run(main()) == [[f"r{number}"] for number in range(5)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_opens_the_index_again(library: Library) -> None:
    assert ids(library) == ALL
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        try:
            library._create(run("child", 9), {})
            os._exit(0 if ids(library, limit=1) == ["child"] else 1)
        except BaseException:
            os._exit(2)
    assert exit_code(child) == 0
    library._create(run("parent", 10), {})
    assert ids(library) == ["parent", "child", *ALL]
    assert sqlite3.connect(file_of(library)).execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize(
    ("text", "search"),
    [
        ("Ein Füchs", "fuchs"),
        ("STRASSE", "straße"),
        ("Ærøskøbing", "aeroskobing"),
        ("Łódź", "lodz"),
        ("İstanbul", "istanbul"),
        ("狐は雨の中を走る", "雨"),
        ("한국어 등대", "등대"),
        ("が", "が"),
        ("ＦＯＸ", "fox"),
        ("naïve café", "CAFÉ naive"),
        ("שָׁלוֹם", "שלום"),
        ("हिन्दी में", "हिन्दी"),
        ("100% \"quoted\" 'it' _under_", "100% _under_"),
        ("</script><b>x</b>", "</script>"),
    ],
)
def test_words_are_found_whatever_their_case_accents_and_script(tmp_path: Path, text: str, search: str) -> None:
    library = Library(tmp_path)
    library._create(run("hit", prompts=RunPrompts(final=text)), {})
    library._create(run("miss", prompts=RunPrompts(final="nothing of that")), {})
    assert ids(library, words=search) == ["hit"]


def test_kana_with_and_without_a_voicing_mark_are_two_letters() -> None:
    assert words.folded("が") != words.folded("か")


@pytest.mark.parametrize(
    "conditions",
    [
        {"since": "yesterday"},
        {"until": "2026-13-01"},
        {"since": 5},
        {"limit": -1},
        {"limit": 1.5},
        {"limit": True},
        {"words": 5},
        {"model": object()},
        {"tag": b"x"},
        {"kind": 1},
        {"state": object()},
        {"label": 2**70},
        {"simulated": "yes"},
        {"source": "x"},
        {"source": {"x": object()}},
        {"source": {5: "x"}},
    ],
)
def test_a_question_that_means_nothing_is_refused_and_costs_no_index(
    library: Library, conditions: dict[str, Any]
) -> None:
    before = file_of(library).stat().st_ino
    with pytest.raises(ConfigError, match=next(iter(conditions))):
        library.find(**conditions)
    assert file_of(library).stat().st_ino == before and library._shelf._memory is None


@pytest.mark.parametrize("name", ["words", "model", "tag", "label"])
def test_half_a_character_is_not_found_and_the_index_is_used_all_the_same(library: Library, name: str) -> None:
    conditions: dict[str, Any] = {name: "\ud800"}
    assert ids(library, **conditions) == []
    assert library.get("\ud800") is None and "\ud800" not in library and library.children("\ud800") == []
    assert library._shelf._memory is None


def test_a_whole_text_can_be_searched_for(library: Library) -> None:
    many = " ".join(f"w{number}" for number in range(5000))
    library._create(run("long", 9, prompts=RunPrompts(final=many)), {})
    assert ids(library, words=many) == ["long"] and ids(library, words=many + " fox") == []
    with pytest.raises(ConfigError, match="30,000"):
        library.find(words=" ".join(map(str, range(40_000))))
    assert library._shelf._memory is None


def test_a_question_that_sqlite_refuses_is_reported_in_our_words(library: Library) -> None:
    with pytest.raises(ConfigError, match="cannot be searched"), pytest.warns(UserWarning, match="index"):
        library._shelf.ask("SELECT 1 WHERE " + " AND ".join(["1"] * 2000))


def test_the_largest_limit_and_the_last_day_are_no_bounds(library: Library) -> None:
    assert ids(library, limit=2**70, until="9999-12-31", since="0001-01-01") == ALL


def test_a_change_is_seen_even_if_the_clock_of_the_drive_did_not_move(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "stamp_of", lambda found: "a drive that counts in seconds")
    other = Library(library.path)
    for tag in ("one", "two"):
        other._update("r0", lambda run, tag=tag: attrs.evolve(run, tags=(tag,)))  # type: ignore[misc]
        assert library.find(until="2026-11-26T12:00:30")[0].tags == (tag,)


def test_times_may_be_days_and_have_zones(library: Library) -> None:
    assert ids(library, since="2026-11-26T13:02+01:00", until="2026-11-26T12:04Z") == ["r3", "r2"]
    assert ids(library, until="2026-11-25") == [] and ids(library, since="2026-11-26", limit=0) == []


def test_an_interruption_right_after_a_transaction_begins_leaves_none_open(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = library._shelf._file.open()

    class Interrupted:
        """A connection whose first statement is done when Ctrl-C comes."""

        def execute(self, *given: Any) -> Any:
            done = opened.execute(*given)
            if given[0].startswith("BEGIN"):
                raise KeyboardInterrupt
            return done

    with monkeypatch.context() as patched:
        patched.setattr(library._shelf._file, "open", Interrupted)
        with pytest.raises(KeyboardInterrupt):
            library._shelf._file.forget([])
    assert not opened.in_transaction
    library._create(run("r5", 5), {})
    assert ids(library) == ["r5", *ALL]


def test_an_index_that_was_just_built_can_be_opened_while_others_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "PATIENCE", 0.01)
    library = Library(tmp_path)
    library._create(run(), {})
    library._shelf.rebuild()
    with closing(sqlite3.connect(tmp_path / "index.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN")
        assert other.execute("SELECT count(*) FROM runs").fetchone() == (1,)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert len(Library(tmp_path).find()) == 1
