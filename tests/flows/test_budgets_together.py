"""Budgets within budgets, limits at their edges, and accounts that several processes read."""

from __future__ import annotations

import asyncio
import pickle
import threading
import time
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kie import Budget, BudgetExceeded, ConfigError
from kie._core.estimates import TotalEstimate
from kie._io.line_file import LockedLines
from kie._io.offload import to_the_end
from kie.testing import virtual_async_kie, virtual_kie
from tests.flows.test_budget import CITY, FOX, OPEN, limited
from tests.processes import LONGEST, joined

DAY = datetime(2026, 11, 1, tzinfo=UTC)


def test_budgets_within_budgets_all_count_and_each_once() -> None:
    client, _, _, outer = limited(100)
    inner = Budget(90)
    narrowed = client.with_options(budget=inner)
    narrowed.submit(CITY, budget=outer)
    assert (inner.reserved, outer.reserved) == (18, 18)
    other, _, _, third = limited(80, seed=1)
    other.submit(CITY, budget=narrowed.budget)
    assert (inner.reserved, outer.reserved, third.reserved) == (36, 36, 18)


@pytest.mark.parametrize("limits", [{"credits": 100, "per_day": 20}, {"credits": 20, "per_day": 100}])
def test_the_tighter_of_two_limits_says_what_is_left(limits: dict[str, Any]) -> None:
    assert Budget(**limits).left == 20


@pytest.mark.parametrize(
    ("own", "of_call", "request_"), [({}, {"unpriced": "allow"}, OPEN), ({"per_task": 50}, {}, FOX)]
)
def test_what_either_budget_refuses_for_itself_does_not_count_for_a_batch(
    own: dict[str, Any], of_call: dict[str, Any], request_: Any
) -> None:
    client, _, _, _ = limited(100, **own)
    outcomes = client.batch.run([CITY, request_], budget=Budget(1000, **of_call))
    assert [outcome.state for outcome in outcomes] == ["succeeded", "stopped"]


def test_a_request_that_costs_just_what_one_task_may_counts_for_a_batch() -> None:
    client, service, _, _ = limited(30, per_task=18)
    with pytest.raises(BudgetExceeded, match="these 2 requests"):
        client.batch.run([CITY, CITY])
    client.submit(CITY)
    assert len(service.accepted) == 1


@pytest.mark.parametrize("of_call", [False, True])
def test_a_file_of_either_budget_is_never_written_on_the_event_loop(
    of_call: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: set[int] = set()
    written = LockedLines.append

    def append(lines: LockedLines, document: Any) -> None:
        threads.add(threading.get_ident())
        written(lines, document)

    monkeypatch.setattr(LockedLines, "append", append)
    kept, other = Budget(100, file=tmp_path / "budget.jsonl"), Budget(100)

    async def work() -> None:
        client, _, _ = virtual_async_kie(budget=other if of_call else kept)
        client._driver.to_the_end = to_the_end
        await client.submit(CITY, budget=kept if of_call else other)

    asyncio.run(work())
    assert threads and threading.get_ident() not in threads
    assert kept.reserved == other.reserved == 18


def test_a_charge_above_what_was_reserved_leaves_nothing_and_no_less() -> None:
    client, service, _, budget = limited(20)
    task = client.submit(CITY)
    service.tasks[task.id].price = Decimal(30)
    task.wait()
    assert budget.left == -10
    with pytest.raises(BudgetExceeded, match=r"has 0 left of 20 \(30 are spent and 0 reserved in all\)") as raised:
        client.submit(CITY)
    assert raised.value.left == -10


def test_several_requests_may_cost_what_each_costs_at_most() -> None:
    client, _, _, budget = limited(50)
    wide = attrs.evolve(client.estimate(CITY), at_most=Decimal(26))
    budget.check(TotalEstimate(parts=(wide,)))
    with pytest.raises(BudgetExceeded, match="may cost up to 52 credits"):
        budget.check(TotalEstimate(parts=(wide, wide)))


def test_a_budget_within_another_releases_what_only_one_of_them_holds() -> None:
    client, _, _, outer = limited(100)
    other, _, _, inner = limited(50)
    held = other.submit(CITY)
    both = client.with_options(budget=inner).budget
    assert both is not None
    both.release(held)
    assert (inner.reserved, outer.reserved) == (0, 0)
    with pytest.raises(ConfigError, match="the budget has no reservation"):
        both.release(held)


def test_a_copy_in_another_process_has_every_limit(tmp_path: Path) -> None:
    options: dict[str, Any] = {"per_task": 20, "per_day": 30, "unpriced": "allow", "file": tmp_path / "budget.jsonl"}
    kept = Budget(50, **options)
    again = pickle.loads(pickle.dumps(kept))
    for name in ("credits", *options):
        assert getattr(again, name) == getattr(kept, name)


FATES = ("kept", "settled", "released", "crashed")
PLANS = st.lists(st.lists(st.tuples(st.integers(0, 40), st.sampled_from(FATES)), max_size=5), min_size=2, max_size=4)


@pytest.mark.parametrize("on_disk", [False, True])
def test_whatever_threads_do_with_one_budget_no_credit_is_spent_twice_or_lost(
    on_disk: bool, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They reserve, settle and release, or end between the two, at any moment."""
    price = virtual_kie()[0].estimate(CITY)
    checked = Budget._check

    def check_and_let_others_run(*arguments: Any) -> None:
        checked(*arguments)
        time.sleep(0)

    monkeypatch.setattr(Budget, "_check", check_and_let_others_run)

    @given(st.integers(0, 100), PLANS)
    def check(credits: int, plans: list[list[tuple[int, str]]]) -> None:
        file = tmp_path_factory.mktemp("budget") / "budget.jsonl" if on_disk else None
        budget, spent, held = Budget(credits, file=file), list[int](), list[int]()
        seen: list[Decimal] = []

        together = threading.Barrier(len(plans))

        def work(number: int, plan: list[tuple[int, str]]) -> None:
            together.wait(LONGEST)
            own = Budget(credits, file=file) if on_disk else budget  # as another process has it
            for step, (cost, fate) in enumerate(plan):
                key = f"{number}-{step}"
                try:
                    own._reserve(attrs.evolve(price, at_most=Decimal(cost)), Decimal(cost), key, DAY)
                except BudgetExceeded:
                    continue
                if fate == "settled":
                    own.settle(key, cost // 2)
                    spent.append(cost // 2)
                elif fate == "released":
                    own.release(key)
                else:
                    held.append(cost)
                ledger = own._account.now()
                seen.append(ledger.spent + ledger.reserved)

        threads = [threading.Thread(target=work, args=item) for item in enumerate(plans)]
        for thread in threads:
            thread.start()
        joined(*threads)
        assert all(found <= credits for found in seen), "never over the budget"
        for account in (budget, Budget(credits, file=file)) if on_disk else (budget,):
            assert (account.spent, account.reserved) == (sum(spent), sum(held)), "never under-counted"

    check()
