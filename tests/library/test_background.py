"""Pictures are made while the program goes on, and nothing of that reaches it."""

from __future__ import annotations

import logging
import multiprocessing
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import attrs
import pytest

from kie import Library
from kie._library import background, derivatives
from kie._library.background import BACKGROUND, Background
from kie._library.run import Run
from kie._library.settings import DerivativeSettings
from kie._library.store import Store
from tests.library.media import run_of, sample
from tests.processes import LONGEST, joined


class Keeper:
    """A library of one run."""

    def __init__(self, run: Run, derivatives: DerivativeSettings | None = DerivativeSettings()) -> None:  # noqa: B008
        self.run = run
        self.derivatives = derivatives
        self.store: Store | None = None

    @property
    def _scratch(self) -> Path:
        return self.run.folder / ".tmp"

    def _moved(self, run: Run) -> None:
        pass

    def _update(self, id: str, change: Callable[[Run], Run]) -> Run:
        self.run = change(self.run)
        return self.run


@pytest.fixture
def one() -> Iterator[Background]:
    made = Background()
    yield made
    assert made.close(LONGEST)


Held: TypeAlias = tuple[threading.Event, threading.Event]


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    """Pictures that are not made before the second event. The first says that one is being made."""
    began, go = threading.Event(), threading.Event()

    def slow(run: Run, *args: object, **more: object) -> object:
        began.set()
        assert go.wait(LONGEST)
        return run.outputs

    monkeypatch.setattr(background, "make", slow)
    yield began, go
    go.set()


def test_pictures_are_made_and_told_to_the_library(tmp_path: Path, one: Background) -> None:
    keeper = Keeper(run_of(tmp_path, ("png", sample("png")), ("mp3", sample("mp3"))))
    one.queue(keeper, keeper.run)
    assert one.flush(LONGEST)
    assert [file.web for file in keeper.run.outputs] == ["web/0.webp", None]
    assert (tmp_path / "thumb/0.webp").exists() and list((tmp_path / ".tmp").iterdir()) == []


def test_a_library_has_the_pictures_of_its_runs_made(tmp_path: Path) -> None:
    with Library(tmp_path / "runs") as library:
        run = run_of(tmp_path / "elsewhere", ("png", sample("png")))
        kept = library._create(attrs.evolve(run, outputs=()), {"original/0.png": run.files[0]})
        kept = library._update(kept.id, lambda now: attrs.evolve(now, outputs=run.outputs))
        library._queue(kept)
        assert library.flush(LONGEST)
        (file,) = library["abc"].outputs
        path = file.place(file.web)
        assert file.thumb == "thumb/0.webp" and path is not None and path.exists() and path.is_relative_to(kept.folder)


def test_queueing_does_not_wait_for_the_work(tmp_path: Path, one: Background, held: Held) -> None:
    keeper = Keeper(run_of(tmp_path, ("png", sample("png"))))
    one.queue(keeper, keeper.run)
    assert held[0].wait(LONGEST)
    one.queue(keeper, keeper.run)
    assert not one.flush(0)
    held[1].set()
    assert one.flush(LONGEST)


def test_there_is_one_daemon_thread_and_only_when_there_is_work(tmp_path: Path, one: Background) -> None:
    keeper = Keeper(run_of(tmp_path, ("png", sample("png"))))
    before = set(threading.enumerate())
    assert one._thread is None
    for _ in range(20):
        one.queue(keeper, keeper.run)
    assert set(threading.enumerate()) - before == {one._thread}
    assert one._thread is not None and one._thread.daemon
    assert one.flush(LONGEST)


def test_a_thread_without_work_ends_and_another_begins(
    tmp_path: Path, one: Background, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "_IDLE", 0.0)
    keeper = Keeper(run_of(tmp_path, ("png", sample("png"))))
    for folder in ("web", "thumb"):
        one.queue(keeper, keeper.run)
        thread = one._thread
        assert one.flush(LONGEST)
        if thread is not None:
            joined(thread)
        assert one._thread is None and (tmp_path / folder / "0.webp").exists()


def test_what_goes_wrong_is_logged_once_for_each_kind(
    tmp_path: Path, one: Background, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(3):
        folder = tmp_path / str(number)
        keeper = Keeper(run_of(folder, ("png", sample("png")[:-1400]), ("jpg", sample("jpg"))))
        one.queue(keeper, keeper.run)
    blocked = run_of(tmp_path / "blocked", ("png", sample("png")))
    (tmp_path / "blocked/web").write_bytes(b"")
    one.queue(Keeper(blocked), blocked)
    with caplog.at_level(logging.WARNING, logger="kie"):
        assert one.flush(LONGEST)
    texts = [record.getMessage() for record in caplog.records if record.name == "kie"]
    assert len(texts) == 2 and all("library.repair()" in text for text in texts)
    assert str(tmp_path / "0/original/0.png") in texts[0] and "blocked" in texts[1]


def test_a_library_that_fails_stops_nothing(tmp_path: Path, one: Background, caplog: pytest.LogCaptureFixture) -> None:
    class Failing(Keeper):
        def _update(self, id: str, change: Callable[[Run], Run]) -> Run:
            raise RuntimeError("the disk is gone")

    failing = Failing(run_of(tmp_path / "a", ("png", sample("png"))))
    fine = Keeper(run_of(tmp_path / "b", ("png", sample("png"))))
    one.queue(failing, failing.run)
    one.queue(fine, fine.run)
    assert one.flush(LONGEST)
    assert fine.run.outputs[0].web == "web/0.webp"
    assert "no pictures were made of run abc" in caplog.text and "the disk is gone" in caplog.text


def test_what_is_too_much_is_left_for_a_repair(
    tmp_path: Path, one: Background, held: Held, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(background, "MOST_WAITING", 2)
    keeper = Keeper(run_of(tmp_path, ("png", sample("png"))))
    one.queue(keeper, keeper.run)
    assert held[0].wait(LONGEST)
    for _ in range(9):
        one.queue(keeper, keeper.run)
    assert len(one._waiting) == 2
    assert caplog.text.count("more than 2 runs wait for their pictures") == 1


@pytest.mark.parametrize("without", ["settings", "extra"])
def test_nothing_is_begun_where_nothing_can_be_made(
    tmp_path: Path, one: Background, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, without: str
) -> None:
    keeper = Keeper(run_of(tmp_path, ("png", sample("png"))))
    if without == "extra":
        monkeypatch.setattr(derivatives, "find_spec", lambda name: None)
    else:
        keeper.derivatives = None
    one.queue(keeper, keeper.run)
    assert one._thread is None and one.flush(0) and caplog.text == ""


def test_closing_drops_what_waits(tmp_path: Path, one: Background, held: Held) -> None:
    keeper = Keeper(run_of(tmp_path, ("png", sample("png"))))
    one.queue(keeper, keeper.run)
    assert held[0].wait(LONGEST)
    for _ in range(5):
        one.queue(keeper, keeper.run)
    assert not one.close(0) and not one._waiting
    held[1].set()
    assert one.close(LONGEST)


def _in_a_child(folder: str) -> None:
    keeper = Keeper(run_of(Path(folder), ("png", sample("png"))))
    assert BACKGROUND._thread is None and not BACKGROUND._waiting
    BACKGROUND.queue(keeper, keeper.run)
    assert BACKGROUND.flush(LONGEST) and keeper.run.outputs[0].web == "web/0.webp"


@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_child_begins_from_nothing(tmp_path: Path) -> None:
    keeper = Keeper(run_of(tmp_path / "parent", ("png", sample("png"))))
    BACKGROUND.queue(keeper, keeper.run)
    child = multiprocessing.get_context("fork").Process(target=_in_a_child, args=(str(tmp_path / "child"),))
    child.start()
    joined(child)
    assert child.exitcode == 0 and BACKGROUND.flush(LONGEST)
    assert (tmp_path / "child/web/0.webp").exists() and (tmp_path / "parent/web/0.webp").exists()


PROGRAM = """
import sys
from pathlib import Path
from kie._library import background
from tests.library.media import run_of, sample
from tests.library.test_background import Keeper

folder = Path(sys.argv[1])
for number in range(3):
    keeper = Keeper(run_of(folder / str(number), ("png", sample("png"))))
    background.BACKGROUND.queue(keeper, keeper.run)
"""


def test_a_program_that_ends_waits_for_its_pictures(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True, timeout=120
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert len(list(tmp_path.glob("*/web/0.webp"))) == 3 and len(list(tmp_path.glob("*/thumb/0.webp"))) == 3


def test_a_program_does_not_wait_forever(tmp_path: Path) -> None:
    never = "background.make = lambda *a, **m: threading.Event().wait()"
    program = PROGRAM.replace("folder = Path", f"import threading\nbackground.AT_EXIT = 0.1\n{never}\nfolder = Path")
    ended = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, timeout=LONGEST
    )
    assert ended.returncode == 0 and ended.stderr == ""
