"""Runs that a question finds are read when something of them is asked for: nobody can tell."""

from __future__ import annotations

import copy
import pickle
import threading
from pathlib import Path
from typing import Any

import attrs
import pytest

from kie import Library
from kie._library import record
from tests.library.made import run
from tests.processes import LONGEST, joined


@pytest.fixture
def found(tmp_path: Path) -> Any:
    library = Library(tmp_path)
    library._create(run("a", tags=("site",)), {})
    return lambda: Library(tmp_path).find()[0]


@pytest.mark.parametrize(
    "ask",
    [
        repr,
        hash,
        pickle.dumps,
        lambda run: run.again,
        lambda run: run.files,
        lambda run: attrs.evolve(run, label="x"),
        lambda run: run == copy.copy(run),
        attrs.asdict,
    ],
)
def test_a_run_that_was_found_answers_like_one_that_was_read(found: Any, tmp_path: Path, ask: Any) -> None:
    run, same = found(), Library(tmp_path)["a"]
    ask(run)
    assert run == same and same == run and hash(run) == hash(same)
    assert pickle.loads(pickle.dumps(run)) == same and repr(run) == repr(same)


def test_what_a_run_does_not_have_is_reported_by_its_name(found: Any) -> None:
    for _ in range(2):
        with pytest.raises(AttributeError, match="colour"):
            found().colour  # noqa: B018


def test_a_run_is_read_only_when_something_of_it_is_asked_for(found: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[object] = []
    monkeypatch.setattr(record, "run_of", lambda *given, of=record.run_of: read.append(given) or of(*given))
    run = found()
    assert read == []
    assert run.tags == ("site",) and run.id == "a" and len(read) == 1


def test_threads_may_ask_the_same_run_for_the_first_time_together(found: Any) -> None:
    run, answers = found(), []
    start = threading.Barrier(8)

    def ask() -> None:
        start.wait(LONGEST)
        answers.append((run.catalog, run.id, run.tags))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for each in threads:
        each.start()
    joined(*threads)
    assert len(set(answers)) == 1 and len(answers) == 8
