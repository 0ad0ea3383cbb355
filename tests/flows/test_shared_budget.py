"""An account of a budget that stands in a database: the same as one in a file, for machines that share no files."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from kie import Budget, BudgetExceeded, ConfigError, Kie, SubmitUnknown
from kie._io.database import Database, database
from kie.models import NanoBananaPro
from kie.testing import virtual_async_kie, virtual_kie
from tests.processes import bounded, exit_code, joined

CITY = NanoBananaPro(prompt="A city", resolution="2K")  # 18 credits


@pytest.fixture
def url(database_url: str) -> Iterator[str]:
    """A new database of each kind, whose connection is closed in the end."""
    yield database_url
    database(database_url).close()


def figures(budget: Budget) -> tuple[Decimal, Decimal, Decimal | None]:
    return budget.spent, budget.reserved, budget.left


def test_what_one_client_reserves_and_spends_counts_for_all(url: str) -> None:
    one, other = Budget(100, store=url), Budget(100, store=url)
    client, service, _ = virtual_kie(budget=one)
    task = client.submit(CITY)
    assert figures(one) == figures(other) == (0, 18, 82)
    assert [(each.ref, each.model, each.credits) for each in other.reservations] == [(task.ref, "nano-banana-pro", 18)]
    service.tasks[task.id].price = Decimal(11)
    task.wait()
    assert figures(one) == figures(other) == (11, 0, 89)
    rival, _, _ = virtual_kie(budget=other, seed=1)
    for _ in range(4):
        rival.submit(CITY)
    with pytest.raises(BudgetExceeded, match=r"17 left of 100") as caught:
        client.submit(CITY)
    assert "The account 'default' in " in str(caught.value)
    assert "another name= begins a new one" in str(caught.value)


def test_an_async_client_spends_from_the_same_account(url: str) -> None:
    import asyncio

    async def main() -> None:
        client, _, _ = virtual_async_kie(budget=Budget(100, store=url))
        await client.run(CITY)

    asyncio.run(main())
    assert figures(Budget(100, store=url)) == (18, 0, 82)


def test_a_name_is_an_account_of_its_own(url: str) -> None:
    first, second = Budget(100, store=url, name="spring"), Budget(100, store=url, name="summer")
    virtual_kie(budget=first)[0].submit(CITY)
    assert (first.reserved, second.reserved, Budget(100, store=url).reserved) == (18, 0, 0)
    assert (first.name, Budget(100, store=url).name, Budget(100).name, Budget(100).store) == (
        "spring",
        "default",
        None,
        None,
    )


def test_what_nobody_knows_stays_reserved_until_it_is_released(url: str) -> None:
    faults: Any = [{"on": "createTask", "do": "drop_after"}]
    client, _, _ = virtual_kie(budget=Budget(100, store=url), faults=faults)
    with pytest.raises(SubmitUnknown):
        client.submit(CITY)
    later = Budget(100, store=url)
    (held,) = later.reservations
    assert held.ref is None
    later.release(held.id)
    assert figures(later) == (0, 0, 100)
    with pytest.raises(ConfigError, match="no reservation"):
        later.release(held.id)


def test_processes_that_spend_at_the_same_time_never_spend_more_than_there_is(url: str) -> None:
    code = (
        "import sys\n"
        "from kie import Budget, BudgetExceeded\n"
        "from kie.models import NanoBananaPro\n"
        "from kie.testing import virtual_kie\n"
        "client, service, _ = virtual_kie(budget=Budget(200, store=sys.argv[1]), seed=int(sys.argv[2]))\n"
        "print('ready', flush=True); sys.stdin.readline(); done = 0\n"
        "for _ in range(10):\n"
        "    try:\n"
        "        client.run(NanoBananaPro(prompt='A city', resolution='2K')); done += 1\n"
        "    except BudgetExceeded: pass\n"
        "print(done)\n"
    )
    workers = [
        subprocess.Popen([sys.executable, "-c", code, url, str(n)], stdin=-1, stdout=-1, text=True) for n in range(3)
    ]
    with bounded(*workers):
        for worker in workers:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "ready\n"
        done = [int(worker.communicate("\n", timeout=120)[0]) for worker in workers]
    assert sum(done) == 200 // 18
    assert figures(Budget(200, store=url)) == (198, 0, 2)


def test_threads_read_only_what_is_new(url: str) -> None:
    budget = Budget(10_000, store=url)
    client, _, _ = virtual_kie(budget=budget)
    threads = [threading.Thread(target=client.submit, args=(CITY,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    joined(*threads)
    assert budget.reserved == 8 * 18
    entries: Any = budget._account.entries
    assert entries.number == 16, "a reservation and its task, each"
    with closing(Database(url)) as shared, shared.transaction("budget:default") as opened:
        assert opened.execute("SELECT count(*), max(number) FROM kie_budgets") == [(16, 16)]


def test_an_account_that_was_emptied_begins_anew(url: str) -> None:
    budget = Budget(100, store=url)
    client, _, _ = virtual_kie(budget=budget)
    client.submit(CITY)
    assert budget.reserved == 18
    with closing(Database(url)) as shared, shared.transaction("budget:default") as opened:
        opened.execute("DELETE FROM kie_budgets")
    assert budget.reserved == 0
    for _ in range(3):
        client.submit(CITY)
    assert budget.reserved == Budget(100, store=url).reserved == 54


def test_an_account_that_was_emptied_and_filled_by_others_is_read_anew(url: str) -> None:
    budget, other = Budget(100, store=url), Budget(100, store=url)
    virtual_kie(budget=budget)[0].submit(CITY)
    assert budget.reserved == 18
    with closing(Database(url)) as shared, shared.transaction("budget:default") as opened:
        opened.execute("DELETE FROM kie_budgets")
    for seed in (1, 2):
        virtual_kie(budget=other, seed=seed)[0].submit(NanoBananaPro(prompt="A city", resolution="4K"))
    assert budget.reserved == other.reserved == 48


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("no JSON", "it is not an entry of a budget's ledger"),
        ('{"v":2}', "it is not an entry of a budget's ledger"),
        ('{"v":1,"event":"settle","id":"b","credits":"5"}', "it names a reservation that is not open: 'b'"),
        ("[" * 10**5, "it is not an entry of a budget's ledger"),
    ],
)
def test_an_entry_that_cannot_be_counted_sends_nothing(url: str, entry: str, why: str) -> None:
    with closing(Database(url)) as shared, shared.transaction("budget:x") as opened:
        opened.execute("INSERT INTO kie_budgets VALUES (?, ?, ?)", "x", 1, entry)
    client, service, _ = virtual_kie(budget=Budget(100, store=url, name="x"))
    for _ in range(2):
        with pytest.raises(
            ConfigError, match=r"the budget x in .* has an entry that cannot be counted.*Nothing was sent"
        ) as caught:
            client.submit(CITY)
        assert f": {why}. Nothing was sent" in str(caught.value)
    assert service.log == []


def test_credits_that_no_ledger_counts_are_refused(url: str) -> None:
    budget = Budget(100, store=url)
    client, _, _ = virtual_kie(budget=budget)
    task = client.submit(CITY)
    with pytest.raises(ConfigError, match="more than a budget can count"):
        budget.settle(task, Decimal(10) ** 15 + 1)
    assert budget.reserved == 18


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"file": "a.jsonl", "store": "sqlite:///a.sqlite"}, "file and store are mutually exclusive"),
        ({"name": "x"}, "name is for an account in a database"),
        ({"store": "sqlite:///a.sqlite", "name": " "}, "name must be text"),
        ({"store": "sqlite:///a.sqlite", "name": 5}, "name must be text"),
        ({"store": 5}, "store must be the URL of a database"),
        ({"store": "a.sqlite"}, "is not the URL of a database"),
        ({"store": "mysql://kie:geheim@h/x"}, "is not the URL of a database"),
    ],
)
def test_where_an_account_cannot_stand_is_refused(options: Any, text: str) -> None:
    with pytest.raises(ConfigError, match=text) as caught:
        Budget(5, **options)
    assert "geheim" not in shown(caught.value)


def shown(error: BaseException) -> str:
    """All that a crash report holds, but for the frames of these tests."""
    report: traceback.TracebackException | None
    report = traceback.TracebackException.from_exception(error, capture_locals=True)
    text: list[str] = []
    while report is not None:
        frames = [frame for frame in report.stack if frame.filename != __file__]
        assert text or frames
        text += [*report.format_exception_only(), *(f"{frame.name} {frame.locals}" for frame in frames)]
        report = report.__cause__ or report.__context__
    return "".join(text)


def test_the_password_of_a_store_is_shown_nowhere() -> None:
    secret = "".join(("geh", "eim-9f"))
    budget = Budget(5, store=f"postgresql://kie:{secret}@127.0.0.1:1/x?connect_timeout=5")
    client, service, _ = virtual_kie(budget=budget)
    with pytest.raises(ConfigError, match=r"postgresql://127\.0\.0\.1:1/x cannot be used") as caught:
        client.submit(CITY)
    assert service.log == []
    with pytest.raises(TypeError, match="cannot be pickled: make it in the process that uses it") as pickled:
        pickle.dumps(budget)
    for text in (shown(caught.value), shown(pickled.value), repr(budget), str(budget.store), repr(client)):
        assert secret not in text


def test_a_pickle_is_the_same_account(url: str) -> None:
    budget = Budget(100, per_day=50, store=url, name="x")
    assert copy.deepcopy(budget) is budget
    virtual_kie(budget=budget)[0].submit(CITY)
    again = pickle.loads(pickle.dumps(budget))
    assert (again.reserved, again.per_day, again.name, again.file) == (18, 50, "x", None)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_child_may_spend_from_it(url: str) -> None:
    budget = Budget(100, store=url)
    client, _, _ = virtual_kie(budget=budget)
    client.submit(CITY)
    child = os.fork()
    if child == 0:
        try:
            client.submit(CITY)
            os._exit(int(budget.reserved))
        finally:
            os._exit(100)
    assert exit_code(child) == 36
    assert budget.reserved == 36


def test_a_budget_of_a_call_lies_within_that_of_the_client(url: str, tmp_path: Path) -> None:
    outer, inner = Budget(100, store=url), Budget(30, file=tmp_path / "inner.jsonl")
    client, _, _ = virtual_kie(budget=outer)
    client.submit(CITY, budget=inner)
    assert (outer.reserved, inner.reserved) == (18, 18)
    with pytest.raises(BudgetExceeded, match="12 left of 30"):
        client.submit(CITY, budget=inner)
    assert (outer.reserved, inner.reserved) == (18, 18)
    client.submit(CITY, budget=20)
    assert outer.reserved == 36


def test_a_journal_and_an_account_have_a_file_each(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with pytest.raises(ConfigError, match="give each a file of its own"):
        virtual_kie(journal=path, budget=Budget(5, store=f"sqlite:///{path}"))
    with pytest.raises(ConfigError, match="give each a file of its own"):
        Kie("key", journal=path, limit_store=f"sqlite:///{path}")


def test_with_a_limit_store_a_number_is_one_account_for_all_its_clients(url: str) -> None:
    with Kie("key", limit_store=url, budget=100) as one, Kie("another", limit_store=url, budget=50) as other:
        assert one.budget is not None
        assert other.budget is not None
        assert (one.budget.credits, one.budget.name, other.budget.name) == (100, "default", "default")
        virtual_kie(budget=one.budget)[0].submit(CITY)
        assert other.budget.left == 32
        assert Budget(60, store=url).left == 42, "it is the account that is meant where no name is given"
        narrower = one.with_options(budget=5).budget
        assert narrower is not None
        assert (narrower.name, narrower.credits) == (None, 5)
        own = Budget(5)
        with Kie("key", limit_store=url, budget=own) as third, Kie("key", limit_store=url) as fourth:
            assert third.budget is own
            assert fourth.budget is None
    with pytest.raises(ConfigError, match="budget must be a number"):
        Kie("key", limit_store=url, budget="much")  # type: ignore[arg-type]


def test_a_server_that_is_gone_keeps_credits_reserved_but_loses_no_task(postgres_url: str) -> None:
    budget = Budget(100, store=postgres_url)
    client, _, _ = virtual_kie(budget=budget)
    task = client.submit(CITY)
    with psycopg.connect(postgres_url, autocommit=True) as other:
        other.execute("ALTER TABLE kie_budgets RENAME TO hidden")
        assert task.wait().urls
        other.execute("ALTER TABLE hidden RENAME TO kie_budgets")
    assert figures(budget) == (0, 18, 82)
    task.refresh()
    assert figures(budget) == (18, 0, 82)
    database(postgres_url).close()
