"""What runs cost is summed up by the index: exactly, in the same groups as the runs themselves say, also rebuilt."""

from __future__ import annotations

import decimal
import random
import sqlite3
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kie import ConfigError, Library
from kie.library import Run, RunEstimate, Spend
from tests.library.made import amounts, document, maybe, put, run, texts

CHARGED: dict[str, Any] = {"state": "succeeded", "credits": Decimal(18)}
GROUPINGS = ("model", "day", "month", "tag", "state", "label", "source.project", "source.a=\n")


def groups(run: Run, by: str) -> Iterable[str]:
    """The groups that a run says it is in."""
    day = run.submitted_at.date().isoformat()
    said: dict[str, Any] = {"model": run.model, "day": day, "month": day[:7], "state": run.state, "label": run.label}
    if by == "tag":
        return dict.fromkeys(run.tags) or [""]
    value = said[by] if by in said else run.source.get(by.removeprefix("source."))
    return ["" if value is None else str(value)]


def sums(runs: Iterable[Run], by: str) -> dict[str, Spend]:
    """The sums over runs, one after the other."""
    found: dict[str, Spend] = {}
    for each in runs:
        for name in groups(each, by):
            now = found.get(name, Spend())
            if each.credits is not None:
                found[name] = attrs.evolve(now, runs=now.runs + 1, credits=now.credits + each.credits)
                continue
            estimate = each.estimate or RunEstimate(at_least=Decimal(0))
            at_most = None if now.at_most is None or estimate.at_most is None else now.at_most + estimate.at_most
            at_least = now.at_least + estimate.at_least
            found[name] = attrs.evolve(
                now, runs=now.runs + 1, unknown=now.unknown + 1, at_least=at_least, at_most=at_most
            )
    return found


values = texts | st.sampled_from(["x", 'x"=\n', "\n"]) | st.integers() | st.booleans() | st.none() | st.just(1.5)
some_runs = st.lists(
    st.builds(
        run,
        minutes=st.integers(-(10**8), 10**8),  # from the year 1836 to 2216
        model=st.sampled_from(["veo3", "a\nb", ""]),
        state=st.sampled_from(["open", "succeeded", "failed"]),
        credits=maybe(amounts | st.just(Decimal("18.50"))),
        estimate=maybe(st.builds(RunEstimate, at_least=amounts, at_most=maybe(amounts))),
        tags=st.lists(texts | st.sampled_from(["site", 'site"', "\ntag=1"]), max_size=2).map(tuple),
        source=st.dictionaries(st.sampled_from(["project", "a=\n", 'project"="', "b"]), values, max_size=3),
        label=maybe(texts),
        simulated=st.sampled_from([False, False, True]),
    ),
    max_size=12,
)


@given(some_runs)
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_the_index_sums_up_what_the_runs_say_also_when_it_was_rebuilt(runs: list[Run]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        library = Library(folder, derivatives=None)
        for number, each in enumerate(runs):
            library._create(attrs.evolve(each, id=f"r{number}"), {})
        kept = library.find(simulated=False)
        expected = {by: sums(kept, by) for by in GROUPINGS}
        assert {by: library.spend(by) for by in GROUPINGS} == expected
        library.close()
        for file in Path(folder).glob("index.sqlite*"):
            file.unlink()
        again = Library(folder, derivatives=None)
        assert {by: again.spend(by) for by in GROUPINGS} == expected
        again.close()


@pytest.mark.parametrize("digits", [1, 28])
def test_no_digit_is_rounded_away_whatever_the_precision_of_the_program(tmp_path: Path, digits: int) -> None:
    library = Library(tmp_path, derivatives=None)
    amounts = ["1e30", "1e-30", "0.1", "0.2", 0.1, 3, "-5"] * 3
    random.Random(1).shuffle(amounts)
    for number, amount in enumerate(amounts):
        put(tmp_path / f"2026/11/26/r{number}", document(id=f"r{number}", credits=amount, state="succeeded"))
    with decimal.localcontext(prec=digits):
        found = library.spend()["nano-banana-pro"]
    exact = Decimal("2999999999999999999999999999995.200000000000000000000000000003")
    assert found == Spend(runs=21, credits=exact)


def test_no_run_is_read_to_sum_up_what_all_cost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = Library(tmp_path, derivatives=None)
    for number in range(5):
        library._create(run(f"r{number}", number, **CHARGED), {})

    def read(*_: object) -> Run:
        raise AssertionError("a run was read")

    monkeypatch.setattr("kie._library.record.run_of", read)
    assert library.spend()["nano-banana-pro"] == Spend(runs=5, credits=Decimal(90))


def test_a_change_of_a_run_changes_the_sum(tmp_path: Path) -> None:
    library = Library(tmp_path, derivatives=None)
    library._create(run(estimate=RunEstimate(at_least=Decimal(5), at_most=Decimal(8))), {})
    assert library.spend("tag") == {"": Spend(runs=1, unknown=1, at_least=Decimal(5), at_most=Decimal(8))}
    library._update("abc", lambda now: attrs.evolve(now, **CHARGED))
    library.tag("abc", "site")
    assert library.spend("tag") == {"site": Spend(runs=1, credits=Decimal(18))}


def test_an_index_of_an_earlier_version_is_made_again(tmp_path: Path) -> None:
    library = Library(tmp_path, derivatives=None)
    library._create(run(**CHARGED), {})
    library.close()
    with sqlite3.connect(tmp_path / "index.sqlite") as database:
        for column in ("credits", "at_least", "at_most"):
            database.execute(f"ALTER TABLE runs DROP COLUMN {column}")
        database.execute("PRAGMA user_version=2")
    database.close()
    assert library.spend() == {"nano-banana-pro": Spend(runs=1, credits=Decimal(18))}
    assert library.repair().indexed == 0


def test_the_days_before_1970_are_counted_as_well(tmp_path: Path) -> None:
    library = Library(tmp_path, derivatives=None)
    times = [datetime(1, 1, 1, tzinfo=UTC), datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC), datetime(1970, 1, 1)]
    times.append(datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC))
    for number, at in enumerate(times):
        library._create(run(f"r{number}", submitted_at=at), {})
    assert [*library.spend("day")] == ["0001-01-01", "1969-12-31", "1970-01-01", "9999-12-31"]


@pytest.mark.parametrize("by", ["colour", "", "source", 5, None, ["model"]])
def test_runs_are_grouped_by_what_they_have_only(tmp_path: Path, by: Any) -> None:
    with pytest.raises(ConfigError, match="by must be 'model'"):
        Library(tmp_path).spend(by)
