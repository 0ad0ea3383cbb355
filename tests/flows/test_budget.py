"""What a budget lets through, what it reserves, and what it counts as spent."""

from __future__ import annotations

import asyncio
import copy
import json
import os
import pickle
import subprocess
import sys
import threading
from datetime import UTC, datetime
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kie import (
    Budget,
    BudgetExceeded,
    ConfigError,
    HttpRequest,
    HttpResponse,
    Journal,
    Kie,
    SubmitUnknown,
    TaskFailed,
    TaskRef,
    TaskStatus,
    TaskTimeout,
)
from kie._policy.ledger import Ledger
from kie._tasks.wait import cost_nothing
from kie.errors import BadRequest, InsufficientCredits, TransportFailed, Unprocessable
from kie.models import Kling30Video, NanoBananaPro, SunoGenerate
from kie.simulator import Simulator
from kie.telemetry import BudgetRefused, TaskEstimated, TaskFinished, TaskRepeated
from kie.testing import virtual_async_kie, virtual_kie
from tests.processes import bounded, exit_code, joined

CITY = NanoBananaPro(prompt="A city", resolution="2K")  # 18 credits
FOX = Kling30Video(prompt="A fox", duration="15", mode="pro", sound=True)  # 405 credits
OPEN = CITY.unchecked(novelty=True)
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
HOLD: Any = {"on": "createTask", "do": "drop_after"}
FREE: Any = {"on": "createTask", "do": "fail_task", "code": 500, "msg": "internal error"}


def limited(credits: float | None = 100, **more: Any) -> tuple[Kie, Any, Any, Budget]:
    options = {name: more.pop(name) for name in ("per_task", "per_day", "unpriced", "file") if name in more}
    budget = Budget(credits, **options)
    return *virtual_kie(budget=budget, **more), budget


def figures(budget: Budget) -> tuple[Decimal, Decimal, Decimal | None]:
    return budget.spent, budget.reserved, budget.left


def test_what_a_task_costs_at_most_is_reserved_until_its_charge_is_known() -> None:
    client, service, _, budget = limited()
    task = client.submit(CITY)
    assert figures(budget) == (0, 18, 82)
    assert [(one.ref, one.model, one.credits) for one in budget.reservations] == [(task.ref, "nano-banana-pro", 18)]
    service.tasks[task.id].price = Decimal(11)
    assert task.wait().credits == 11
    assert figures(budget) == (11, 0, 89)
    task.refresh()
    assert figures(budget) == (11, 0, 89), "it is settled once"


def test_a_submission_that_is_begun_again_uses_what_is_reserved_for_it(tmp_path: Path) -> None:
    file, now = tmp_path / "budget.jsonl", datetime.now(UTC)
    price = virtual_kie()[0].estimate(CITY)
    Budget(20, file=file)._for("line-1")._reserve(price, Decimal(18), "line-1", now)
    written = file.read_bytes()
    Budget(10, file=file)._for("line-1")._reserve(price, Decimal(18), "line-1", now)
    assert file.read_bytes() == written, "it was allowed once"
    dearer = Budget(30, file=file)._for("line-1")
    dearer._reserve(price, Decimal(25), "line-1", now)
    assert [(one.id, one.credits) for one in dearer.reservations] == [("line-1", 25)]
    with pytest.raises(BudgetExceeded, match="has 30 left of 30"):
        dearer._reserve(price, Decimal(31), "line-1", now)
    assert dearer.reserved == 0


def test_a_task_keeps_what_was_reserved_for_it_whatever_the_price_is_later() -> None:
    budget, now, price = Budget(100), datetime.now(UTC), virtual_kie()[0].estimate(CITY)
    budget._reserve(price, Decimal(18), "line-1", now)
    budget._assign("line-1", TaskRef("t1"))
    budget._reserve(price, Decimal(25), "line-1", now)
    assert [(str(one.ref), one.credits) for one in budget.reservations] == [("t1", 18)]


def test_credits_of_a_task_are_freed_only_by_whoever_asks_for_that() -> None:
    budget = Budget(20)
    budget._reserve(virtual_kie()[0].estimate(CITY), Decimal(18), "line-1", datetime.now(UTC))
    budget._assign("line-1", TaskRef("t1"))
    assert not budget._free("line-1", tasks=False) and budget.reserved == 18
    assert budget._free("line-1") and budget.reserved == 0


@pytest.mark.parametrize("late", [False, True], ids=["before", "meanwhile"])
def test_a_submission_that_another_process_has_begun_stays_reserved(
    late: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    budget = Budget(100)
    client, service, _ = virtual_kie(budget=budget._for("line-1"), journal=tmp_path / "journal.jsonl", faults=[HOLD])
    if late:  # the journal says only when it is to be sent that somebody else has sent it
        monkeypatch.setattr(Journal, "holder", lambda *_: None)
    for _ in range(2):  # the second time the journal says that it was sent, and without an answer
        with pytest.raises(SubmitUnknown):
            client.submit(CITY, label="order-1")
        assert budget.reserved == 18
    assert len(service.tasks) == 1


def test_a_task_stays_reserved_when_its_submission_is_begun_again_and_refused() -> None:
    budget = Budget(100)
    refused: Any = {"on": "createTask", "do": "envelope", "code": 422, "nth": 2}
    client, _, _ = virtual_kie(budget=budget._for("line-1"), faults=[refused])
    task = client.submit(CITY)
    with pytest.raises(Unprocessable):
        client.submit(CITY)
    assert [(one.ref, one.credits) for one in budget.reservations] == [(task.ref, 18)]


def test_where_the_service_reports_no_charge_what_was_reserved_counts() -> None:
    client, _, _, budget = limited()
    result = client.run(SunoGenerate(prompt="A sea shanty", custom_mode=False, instrumental=True, model="V5"))
    assert result.credits is None
    assert figures(budget) == (12, 0, 88)


def test_a_poll_that_sees_the_end_settles_it() -> None:
    client, _, clock, budget = limited()
    task = client.submit(CITY)
    clock.sleep(3600)
    assert task.refresh().done
    assert budget.reserved == 0


def test_nothing_is_uploaded_or_sent_over_the_budget() -> None:
    client, service, _, budget = limited(17)
    with pytest.raises(BudgetExceeded) as raised:
        client.run(NanoBananaPro(prompt="A city", resolution="2K", image_input=[PNG]))
    assert (raised.value.needed, raised.value.left) == (18, 17)
    assert raised.value.estimate.credits == 18
    assert "may cost up to 18 credits, and the budget has 17 left of 17" in raised.value.message
    assert service.log == []
    assert figures(budget) == (0, 0, 17)


def test_a_program_that_counts_with_few_digits_spends_no_more() -> None:
    kie, service, _, budget = limited(100)
    with localcontext(prec=1):
        for _ in range(5):
            kie.run(CITY)
        with pytest.raises(BudgetExceeded):
            kie.run(CITY)
        assert kie.estimate([FOX] * 3).at_most == Decimal(1215)
    assert len(service.accepted) == 5
    assert figures(budget) == (90, 0, 10)


def test_a_task_may_cost_what_is_left_to_the_credit() -> None:
    client, service, _, budget = limited(36)
    client.submit(CITY)
    client.submit(CITY)
    with pytest.raises(BudgetExceeded):
        client.submit(CITY)
    assert len(service.accepted) == 2
    assert budget.left == 0


@pytest.mark.parametrize(("credits", "per_day"), [(10, 5), (5, 10)])
def test_of_two_limits_that_are_too_low_the_lower_one_is_reported(credits: int, per_day: int) -> None:
    client, _, _, _ = limited(credits, per_day=per_day)
    with pytest.raises(BudgetExceeded, match="5 left of") as caught:
        client.submit(CITY)
    assert caught.value.left == 5


def test_one_task_may_not_cost_more_than_per_task() -> None:
    client, service, _, _ = limited(None, per_task=300)
    client.submit(CITY)
    with pytest.raises(BudgetExceeded, match="the budget allows 300 for one task: choose cheaper options"):
        client.submit(FOX)
    assert len(service.accepted) == 1


def test_a_day_has_a_limit_of_its_own() -> None:
    client, _, clock, budget = limited(None, per_day=20)
    client.run(CITY)
    with pytest.raises(BudgetExceeded, match=r"left of the 20 of this day \(UTC\)"):
        client.run(CITY)
    clock.sleep(86400)
    client.run(CITY)
    assert budget.spent > 0


@pytest.mark.parametrize("request_", [OPEN, CITY.unchecked(prompt="A town", more=1)])
def test_what_has_no_upper_bound_is_refused_unless_the_budget_allows_it(request_: Any) -> None:
    client, service, _, _ = limited()
    with pytest.raises(BudgetExceeded, match="the most that nano-banana-pro may cost is not known") as raised:
        client.submit(request_)
    assert (raised.value.needed, service.log) == (None, [])
    allowing, service, _, budget = limited(unpriced="allow", simulator=Simulator(accept_unknown=True))
    allowing.submit(request_)
    assert (len(service.accepted), budget.reserved) == (1, 18)


def test_a_function_decides_what_to_reserve_for_what_has_no_upper_bound() -> None:
    asked: list[Any] = []

    def decide(request: Any, estimate: Any) -> Decimal | None:
        asked.append((request, estimate.at_least))
        return Decimal(40) if len(asked) == 1 else None

    client, service, _, budget = limited(unpriced=decide, simulator=Simulator(accept_unknown=True))
    client.submit(OPEN)
    assert (budget.reserved, asked) == (40, [(OPEN, 18)])
    with pytest.raises(BudgetExceeded, match="the function `unpriced` refused it"):
        client.submit(OPEN)
    assert len(service.accepted) == 1


@pytest.mark.parametrize("answer", [None, False])
def test_that_function_may_refuse(answer: Any) -> None:
    client, service, _, budget = limited(unpriced=lambda request, estimate: answer)
    with pytest.raises(BudgetExceeded, match="the function `unpriced` refused it"):
        client.submit(OPEN)
    assert (service.log, budget.reserved) == ([], 0)


@pytest.mark.parametrize("answer", ["much", -1, float("nan")])
def test_an_answer_of_that_function_that_is_no_amount_sends_nothing(answer: Any) -> None:
    client, service, _, _ = limited(unpriced=lambda request, estimate: answer)
    with pytest.raises(ConfigError, match="what `unpriced` returns must be a number"):
        client.submit(OPEN)
    assert service.log == []


@pytest.mark.parametrize(
    "fault",
    [
        {"on": "createTask", "do": "envelope", "code": 422, "msg": "prompt is required"},
        {"on": "createTask", "do": "refuse"},
        {"on": "uploadStream", "do": "envelope", "code": 400},
    ],
)
def test_what_certainly_created_no_task_frees_what_was_reserved(fault: Any) -> None:
    client, _, _, budget = limited(faults=[fault], credits=100)
    with pytest.raises((Unprocessable, BadRequest, TransportFailed)):
        client.submit(NanoBananaPro(prompt="A city", resolution="2K", image_input=[PNG]))
    assert figures(budget) == (0, 0, 100)


def test_an_error_that_names_something_else_than_a_task_frees_what_was_reserved() -> None:
    """It is that of a user's transport, so its attributes may be anything."""

    class Odd(Exception):
        ref = "odd"

    class Refusing:
        def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
            raise Odd

        def stream(self, url: str, headers: Any, timeout: float) -> Any:
            raise Odd

        def close(self) -> None:
            pass

    budget = Budget(100)
    with Kie("key", transport=Refusing(), budget=budget) as client, pytest.raises(Odd):
        client.submit(NanoBananaPro(prompt="A city", resolution="2K", image_input=[PNG]))
    assert figures(budget) == (0, 0, 100)


def test_what_the_account_cannot_pay_is_not_counted() -> None:
    client, service, _, budget = limited()
    service.credits = Decimal(0)
    with pytest.raises(InsufficientCredits):
        client.submit(CITY)
    assert figures(budget) == (0, 0, 100)


def test_what_may_exist_stays_reserved_until_the_user_releases_it() -> None:
    client, _, _, budget = limited(faults=[HOLD])
    with pytest.raises(SubmitUnknown):
        client.submit(CITY)
    assert figures(budget) == (0, 18, 82)
    (held,) = budget.reservations
    assert held.ref is None
    budget.release(held.id)
    assert figures(budget) == (0, 0, 100)
    with pytest.raises(ConfigError, match="the budget has no reservation"):
        budget.release(held.id)


def test_a_ref_that_a_lost_answer_names_is_settled_when_it_ends() -> None:
    client, service, _, budget = limited()

    def stop(ref: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        client.submit(CITY, on_submitted=stop)
    (held,) = budget.reservations
    assert held.ref is not None and held.ref.id == service.accepted[0].task_id
    client.task(held.ref).wait()
    assert budget.reserved == 0


def test_an_interruption_while_a_submission_is_sent_keeps_it_reserved() -> None:
    def cut(event: Any) -> None:
        if type(event).__name__ == "RequestSent":
            raise KeyboardInterrupt

    client, _, _, budget = limited()
    with pytest.raises(KeyboardInterrupt):
        client.submit(CITY, observers=[cut])
    assert budget.reserved in (0, 18)
    sent = [entry for entry in budget.reservations if entry.ref is None]
    assert len(sent) == (1 if budget.reserved else 0)


def test_a_task_that_nobody_waited_for_is_settled_later() -> None:
    client, _, _, budget = limited()
    with pytest.raises(TaskTimeout) as raised:
        client.run(CITY, timeout=1)
    assert budget.reserved == 18
    client.task(raised.value.ref).wait()
    assert budget.reserved == 0 and budget.spent > 0


def test_a_failed_task_costs_what_the_service_says() -> None:
    client, _, _, budget = limited(faults=[FREE])
    with pytest.raises(TaskFailed):
        client.run(CITY)
    assert figures(budget) == (0, 0, 100)


def test_a_label_that_is_known_reserves_nothing_again(tmp_path: Path) -> None:
    client, _, _, budget = limited(journal=tmp_path / "journal.jsonl")
    client.submit(CITY, label="one")
    client.submit(CITY, label="one")
    assert budget.reserved == 18


def test_a_label_that_somebody_took_meanwhile_frees_what_was_reserved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _, _, budget = limited(journal=tmp_path / "journal.jsonl")
    client.submit(CITY, label="one")
    monkeypatch.setattr(Journal, "holder", lambda *_: None)
    client.submit(CITY, label="one")
    assert budget.reserved == 18


def test_what_is_reserved_for_one_place_is_reserved_once_whoever_begins_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    budget = Budget(40)
    price = virtual_kie()[0].estimate(CITY)
    for number, credits in ((1, 18), (2, 22)):  # processes that were killed; one of them when the price was another
        budget._for(f"line-{number}")._reserve(price, Decimal(credits), f"line-{number}", datetime.now(UTC))
    clients = [virtual_kie(budget=budget._for(f"line-{n}"), journal=tmp_path / "journal.jsonl")[0] for n in (1, 2)]
    started = [client.submit(CITY, label=f"line {number}") for number, client in enumerate(clients)]
    assert budget.reserved == 36 and [each.ref for each in budget.reservations] == [task.ref for task in started]
    budget.release("line-2")
    budget._for("line-2")._reserve(price, Decimal(18), "line-2", datetime.now(UTC))
    monkeypatch.setattr(Journal, "holder", lambda *_: None)  # somebody else has the label, and notes its task later
    assert clients[1].submit(CITY, label="line 1").ref == started[1].ref
    assert budget.reserved == 36 and budget.reservations[-1].ref == started[1].ref


def test_a_label_of_an_unknown_submission_reserves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client, _, _, budget = limited(journal=tmp_path / "journal.jsonl", faults=[HOLD])
    for _ in range(2):
        with pytest.raises(SubmitUnknown):
            client.submit(CITY, label="one")
        monkeypatch.setattr(Journal, "holder", lambda *_: None)
    assert budget.reserved == 18


@pytest.mark.parametrize("on_disk", [False, True])
def test_a_charge_that_nobody_can_pay_leaves_the_account_as_it_is(
    tmp_path: Path, on_disk: bool, caplog: pytest.LogCaptureFixture
) -> None:
    client, service, _, budget = limited(file=tmp_path / "budget.jsonl" if on_disk else None)
    task = client.submit(CITY)
    service.tasks[task.id].price = Decimal(10) ** 16
    assert task.wait().urls
    assert budget.reserved == 18
    assert "more than a budget can count" in caplog.text
    client.submit(CITY)
    assert budget.reserved == 36


def test_a_batch_that_may_cost_more_than_is_left_does_not_begin() -> None:
    client, service, _, budget = limited()
    with pytest.raises(BudgetExceeded, match="these 6 requests may cost up to 108 credits") as raised:
        client.batch.run([CITY] * 6)
    assert (raised.value.needed, raised.value.left) == (108, 100)
    assert service.log == []
    assert [outcome.state for outcome in client.batch.run([CITY] * 5)] == ["succeeded"] * 5
    assert budget.reserved == 0


def test_a_budget_says_beforehand_what_it_would_refuse() -> None:
    client, service, _, budget = limited(100, per_task=50)
    budget.check(client.estimate(CITY))
    budget.check(client.estimate([CITY] * 5))
    for request in (FOX, [CITY] * 6, OPEN, [CITY, OPEN]):
        with pytest.raises(BudgetExceeded):
            budget.check(client.estimate(request))
    Budget(100, unpriced="allow").check(client.estimate([CITY, OPEN]))
    assert (service.log, budget.reserved) == ([], 0)


def test_a_number_is_a_budget_for_one_batch() -> None:
    client, service, _ = virtual_kie()
    with pytest.raises(BudgetExceeded):
        client.batch.run([CITY] * 2, budget=35)
    for _ in range(2):
        assert all(outcome.ok for outcome in client.batch.run([CITY] * 2, budget=36))
    assert (len(service.accepted), client.budget) == (4, None)


def test_an_input_that_the_budget_refuses_for_itself_does_not_stop_the_others() -> None:
    client, service, _, _ = limited(per_task=100)
    outcomes = client.batch.run([CITY, FOX, OPEN, CITY])
    assert [outcome.state for outcome in outcomes] == ["succeeded", "stopped", "stopped", "succeeded"]
    assert [type(outcome.error) for outcome in outcomes[1:3]] == [BudgetExceeded] * 2
    assert len(service.accepted) == 2


def test_labels_that_were_submitted_do_not_count_for_a_batch(tmp_path: Path) -> None:
    client, service, _, _ = limited(40, journal=tmp_path / "journal.jsonl")
    client.batch.run([CITY], labels=["a"], budget=18)
    outcomes = client.batch.run([CITY, CITY], labels=["a", "b"], budget=18)
    assert [outcome.ok for outcome in outcomes] == [True, True]
    assert len(service.accepted) == 2


def test_labels_that_were_not_submitted_count_for_a_batch(tmp_path: Path) -> None:
    client, service, _, _ = limited(40, journal=tmp_path / "journal.jsonl")
    with pytest.raises(BudgetExceeded, match="these 3 requests"):
        client.batch.run([CITY] * 3, labels=["a", "b", "c"])
    assert service.log == []


@pytest.mark.parametrize("first", [True, False])
def test_an_input_that_cannot_be_priced_does_not_count_as_another(first: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    encode = NanoBananaPro._encode

    def encoded(request: NanoBananaPro) -> Any:
        if request.prompt == "odd":
            raise ConfigError("it cannot be encoded")
        return encode(request)

    odd = NanoBananaPro(prompt="odd", resolution="2K")
    monkeypatch.setattr(NanoBananaPro, "_encode", encoded)
    client, _, _ = virtual_kie()
    outcomes = client.batch.run([odd, CITY] if first else [CITY, odd], budget=18)
    assert {outcome.ok for outcome in outcomes} == {True, False}


def test_an_outcome_says_what_was_estimated() -> None:
    client, _, _ = virtual_kie()
    outcomes = client.batch.run([CITY, FOX])
    assert [outcome.estimate.credits for outcome in outcomes if outcome.estimate] == [18, 405]
    assert pickle.loads(pickle.dumps(outcomes[0])).estimate == outcomes[0].estimate
    (waited,) = client.batch.wait([outcomes[0]])
    assert waited.estimate is None


def test_a_budget_for_a_call_narrows_that_of_the_client() -> None:
    client, service, _, budget = limited(50)
    own = Budget(20)
    client.submit(CITY, budget=own)
    assert (own.reserved, budget.reserved) == (18, 18)
    with pytest.raises(BudgetExceeded):
        client.submit(CITY, budget=own)
    assert (own.reserved, budget.reserved) == (18, 18)
    with pytest.raises(BudgetExceeded):
        client.with_options(budget=None).batch.run([CITY] * 2, budget=1000)
    client.submit(CITY, budget=budget)
    assert (budget.reserved, len(service.accepted)) == (36, 2)
    inner = client.with_options(budget=own).budget
    assert inner is not None and inner.left == 2


def test_a_refusal_by_the_clients_budget_frees_what_that_of_the_call_reserved() -> None:
    client, _, _, _ = limited(10)
    own = Budget(100)
    with pytest.raises(BudgetExceeded, match="10 left of 10"):
        client.submit(CITY, budget=own)
    assert own.reserved == 0


def test_what_created_no_task_is_free_again_in_both_budgets() -> None:
    client, _, _, outer = limited(faults=[{"on": "createTask", "do": "envelope", "code": 422}], credits=100)
    inner = Budget(50)
    with pytest.raises(Unprocessable):
        client.submit(CITY, budget=inner)
    assert (figures(inner), figures(outer)) == ((0, 0, 50), (0, 0, 100))


@pytest.mark.parametrize("on_disk", [False, True])
def test_clients_that_draw_the_same_numbers_do_not_share_a_reservation(tmp_path: Path, on_disk: bool) -> None:
    budget = Budget(40, file=tmp_path / "budget.jsonl" if on_disk else None)
    refs = [virtual_kie(budget=budget, seed=1)[0].submit(CITY).ref for _ in range(2)]
    assert [one.ref for one in budget.reservations] == refs
    with pytest.raises(BudgetExceeded):
        virtual_kie(budget=budget, seed=1)[0].submit(CITY)
    assert budget.reserved == 36


def test_threads_cannot_both_take_the_last_credits() -> None:
    budget = Budget(5 * 18)
    clients = [virtual_kie(budget=budget, seed=seed) for seed in range(8)]
    refused: list[BudgetExceeded] = []

    def work(client: Kie) -> None:
        for _ in range(4):
            try:
                client.submit(CITY)
            except BudgetExceeded as error:
                refused.append(error)

    threads = [threading.Thread(target=work, args=(client,)) for client, _, _ in clients]
    for thread in threads:
        thread.start()
    joined(*threads)
    assert sum(len(service.accepted) for _, service, _ in clients) == 5
    assert (len(refused), budget.left) == (27, 0)


def test_the_async_client_keeps_a_budget_in_a_file(tmp_path: Path) -> None:
    budget = Budget(40, file=tmp_path / "budget.jsonl")

    async def work() -> list[Any]:
        client, service, _ = virtual_async_kie(budget=budget)
        outcomes = await asyncio.gather(*(client.run(CITY) for _ in range(3)), return_exceptions=True)
        return [len(service.accepted), *map(type, outcomes)]

    accepted, *kinds = asyncio.run(work())
    assert (accepted, kinds.count(BudgetExceeded)) == (2, 1)
    assert Budget(40, file=tmp_path / "budget.jsonl").spent == budget.spent > 0


WORKER = """
import sys
import time
from kie import Budget, BudgetExceeded
from kie.models import NanoBananaPro
from kie.testing import virtual_kie
client, service, _ = virtual_kie(budget=Budget(180, file=sys.argv[1]), seed=int(sys.argv[2]))
checked = Budget._check
def check_slowly(*arguments):
    checked(*arguments)
    time.sleep(0.05)  # in which the others would decide by the same figures, if they could
Budget._check = check_slowly
virtual_kie(budget=1000)[0].submit(NanoBananaPro(prompt="x"))  # what is imported first is imported by now
print("ready", flush=True)
sys.stdin.readline()
for number in range(8):
    try:
        client.submit(NanoBananaPro(prompt=str(number), resolution="2K"))
    except BudgetExceeded:
        pass
print(len(service.accepted))
"""


def test_processes_with_one_file_never_spend_more_than_it_allows(tmp_path: Path) -> None:
    file = tmp_path / "budget.jsonl"
    command = [sys.executable, "-c", WORKER, str(file)]
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    workers: list[Any] = [subprocess.Popen([*command, str(n)], **pipes) for n in range(3)]
    with bounded(*workers):
        assert [worker.stdout.readline() for worker in workers] == ["ready\n"] * 3
        for worker in workers:  # they begin at the same time
            worker.stdin.write("\n")
            worker.stdin.flush()
        accepted = [int(worker.communicate(timeout=120)[0]) for worker in workers]
    assert sum(accepted) == 10
    assert figures(Budget(180, file=file)) == (0, 180, 0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_child_may_not_spend_its_copy_of_a_budget_in_memory(tmp_path: Path) -> None:
    client, _, _, budget = limited()
    shared, _, _, _ = limited(file=tmp_path / "budget.jsonl")
    if (child := os.fork()) == 0:
        code = 1
        try:
            shared.submit(CITY)
            client.submit(CITY)
        except ConfigError as error:
            code = 0 if "belongs to the parent process" in str(error) else 2
        finally:
            os._exit(code)
    assert exit_code(child) == 0
    client.submit(CITY)
    assert budget.reserved == 18
    assert shared.budget is not None and shared.budget.reserved == 18


def test_a_full_disk_after_the_task_loses_neither_task_nor_credits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    client, _, _, budget = limited(file=tmp_path / "budget.jsonl")
    task = client.submit(CITY)

    def full(*_: Any) -> None:
        raise ConfigError("the budget's file cannot be written: No space left on device")

    monkeypatch.setattr("kie._io.line_file.LockedLines.append", full)
    assert task.wait().urls
    assert "the budget still reserves credits that it could release" in caplog.text
    with pytest.raises(ConfigError, match="No space left"):
        client.submit(CITY)
    assert budget.reserved == 18


def test_an_interruption_is_raised_although_what_it_interrupted_then_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    client, _, _, budget = limited(file=tmp_path / "budget.jsonl")
    task, failures = client.submit(CITY), [KeyboardInterrupt(), ConfigError("no space left on device")]

    def failing(*_: Any) -> None:
        raise failures.pop(0)

    monkeypatch.setattr("kie._io.line_file.LockedLines.append", failing)
    with pytest.raises(KeyboardInterrupt):
        task.wait()
    assert "could release: no space left on device" in caplog.text
    assert (failures, budget.reserved) == ([], 18)


Steps = st.lists(
    st.tuples(st.sampled_from(["reserve", "settle", "release", "task"]), st.integers(0, 5), st.integers(0, 40)),
    max_size=20,
)


@given(Steps, st.data())
def test_a_crash_while_a_line_is_written_never_hides_what_may_have_been_spent(steps: Any, data: Any) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "budget.jsonl"
        sure, spent, held = carried_out(Budget(10**6, file=file), steps)
        whole = file.read_bytes() if file.exists() else b""
        last = whole.rfind(b"\n", 0, len(whole) - 1) + 1
        cut = data.draw(st.integers(last, len(whole)))
        file.write_bytes(whole[:cut])
        again = Budget(10**6, file=file)
        known = again.spent + again.reserved
        # the last step is done or not: whoever crashed while writing it has not gone on
        assert known in (sure + spent + held, before_last(steps))
        again._reserve(virtual_kie()[0].estimate(CITY), Decimal(7), "later", datetime.now(UTC))
        assert Budget(10**6, file=file).reserved == again.reserved
        assert Budget(10**6, file=file).spent + Budget(10**6, file=file).reserved >= known + 7


def carried_out(budget: Budget, steps: Any) -> tuple[int, int, int]:
    price = virtual_kie()[0].estimate(CITY)
    held: dict[str, int] = {}
    spent = 0
    for number, (step, which, credits) in enumerate(steps):
        key = str(which)
        if step == "reserve" and key not in held:
            budget._reserve(price, Decimal(credits), key, datetime(2026, 9, 1, number, tzinfo=UTC))
            held[key] = credits
        elif step == "settle" and key in held:
            del held[key]
            budget.settle(key, credits)
            spent += credits
        elif step == "release" and key in held:
            del held[key]
            budget.release(key)
    assert figures(budget)[:2] == (spent, sum(held.values()))
    return 0, spent, sum(held.values())


def before_last(steps: Any) -> int:
    held: dict[str, int] = {}
    spent = 0
    totals = [0]
    for step, which, credits in steps:
        key = str(which)
        if step == "reserve" and key not in held:
            held[key] = credits
        elif step == "settle" and key in held:
            del held[key]
            spent += credits
        elif step == "release" and key in held:
            del held[key]
        else:
            continue
        totals.append(spent + sum(held.values()))
    return totals[-2] if len(totals) > 1 else 0


LINE = '{"v":1,"event":"reserve","id":"a","at":"2026-09-01T12:00:00+00:00","model":"m","credits":"5"}\n'


@pytest.mark.parametrize(
    "text",
    [
        "hello\n",
        '{"v":1,"event":"submit","id":"a","model":"m","lifecycle":"jobs"}\n',
        LINE + '{"v":1,"event":"settle","id":"b","credits":"5"}\n',
        LINE + '{"v":1,"event":"settle","id":"a","credits":"NaN"}\n',
        LINE.replace('"5"', '"1e999999999"'),
        LINE.replace('"5"', '"-5"'),
        LINE.replace('"5"', "null"),
        LINE.replace("2026-09", "2026-99"),
        LINE + LINE,
        LINE.replace('"v":1', '"v":2'),
        "[" * 100_000 + "\n" + LINE,
        '{"v":1,"event":"reserve","id":' + "[" * 100_000 + "]" * 100_000 + "}\n",
        LINE + "\0\0\0\n",
    ],
)
def test_a_file_that_cannot_be_counted_sends_nothing_and_is_left_alone(tmp_path: Path, text: str) -> None:
    file = tmp_path / "budget.jsonl"
    file.write_text(text)
    client, service, _, budget = limited(file=file)
    for _ in range(2):
        with pytest.raises(ConfigError, match="has a line that cannot be counted"):
            client.submit(CITY)
    with pytest.raises(ConfigError):
        budget.spent  # noqa: B018 - it is read
    assert (service.log, file.read_text()) == ([], text)


def test_a_file_that_was_mended_is_counted_from_its_beginning(tmp_path: Path) -> None:
    file = tmp_path / "budget.jsonl"
    file.write_text(LINE + "hello\n")
    budget = Budget(100, file=file)
    with pytest.raises(ConfigError, match="repair this one"):
        budget.reserved  # noqa: B018 - it is read
    file.write_text(LINE.replace('"5"', '"50"') + LINE.replace('"a"', '"b"'))
    assert budget.reserved == 55


@pytest.mark.parametrize("cut", [1, 9, 40, len(LINE) - 2])
def test_a_line_that_a_crash_cut_off_is_passed_over(tmp_path: Path, cut: int) -> None:
    file = tmp_path / "budget.jsonl"
    file.write_text(LINE + LINE.replace('"a"', '"b"')[:cut])
    client, _, _, budget = limited(file=file)
    assert budget.reserved == 5
    client.submit(CITY)
    assert budget.reserved == Budget(100, file=file).reserved == 23


def test_a_line_whose_newline_an_editor_took_away_counts(tmp_path: Path) -> None:
    file = tmp_path / "budget.jsonl"
    file.write_text(LINE + LINE.replace('"a"', '"b"').rstrip("\n"))
    client, _, _, budget = limited(file=file)
    assert budget.reserved == 10
    client.submit(CITY)
    assert budget.reserved == Budget(100, file=file).reserved == 28


def test_a_budget_in_the_file_of_the_journal_is_refused_before_either_is_written(tmp_path: Path) -> None:
    path, link = tmp_path / "journal.jsonl", tmp_path / "link.jsonl"
    link.symlink_to(path)
    for file in (path, link):
        with pytest.raises(ConfigError, match="give each a file of its own"):
            virtual_kie(journal=path, budget=Budget(100, file=file))
        client, service, _ = virtual_kie(journal=path, budget=Budget(100))
        with pytest.raises(ConfigError, match="give each a file of its own"):
            client.submit(CITY, budget=Budget(50, file=file))
        assert not service.log
    assert not path.exists()


def test_a_look_at_an_account_makes_no_file(tmp_path: Path) -> None:
    budget = Budget(5, file=tmp_path / "budget.jsonl")
    assert figures(budget) == (0, 0, 5)
    assert not (tmp_path / "budget.jsonl").exists()


@pytest.mark.parametrize("shorter", [False, True])
def test_another_file_in_the_place_of_an_account_is_counted_from_its_beginning(tmp_path: Path, shorter: bool) -> None:
    file = tmp_path / "budget.jsonl"
    file.write_text(LINE + LINE.replace('"a"', '"b"'))
    budget = Budget(100, file=file)
    assert budget.reserved == 10
    if shorter:
        file.write_text(LINE.replace('"5"', '"7"'))
    else:
        (tmp_path / "other").write_text("".join(LINE.replace('"a"', f'"{n}"') for n in range(3)))
        (tmp_path / "other").replace(file)
    assert budget.reserved == (7 if shorter else 15)


def test_an_account_is_read_on_from_where_it_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "budget.jsonl"
    file.write_text(LINE)
    budget = Budget(100, file=file)
    taken: list[str] = []
    take = Ledger.take
    monkeypatch.setattr(Ledger, "take", lambda self, entry: (taken.append(str(entry["id"])), take(self, entry))[1])
    assert budget.reserved == 5
    with file.open("a") as more:
        more.write(LINE.replace('"a"', '"b"'))
    assert (budget.reserved, budget.reserved, taken) == (10, 10, ["a", "b"])


def test_the_text_says_which_line_and_why(tmp_path: Path) -> None:
    file = tmp_path / "budget.jsonl"
    file.write_text(LINE + '{"v":1,"event":"settle","id":"b","credits":"5","and":"more than is shown"}\n')
    with pytest.raises(ConfigError) as raised:
        Budget(100, file=file).check(virtual_kie()[0].estimate(CITY))
    shown = '{"v":1,"event":"settle","id":"b","credits":"5","and":"more th'[:60]
    assert f"b'{shown}': it names a reservation that is not open: 'b'. Nothing was sent" in raised.value.message
    file.write_text("not JSON\n")
    with pytest.raises(ConfigError, match=r"b'not JSON': it is not an entry of a budget's ledger\. Nothing was sent"):
        Budget(100, file=file).check(virtual_kie()[0].estimate(CITY))


def test_the_largest_charge_that_counts_is_a_million_billion(tmp_path: Path) -> None:
    budget = Budget(100, unpriced="allow", file=tmp_path / "budget.jsonl")
    client, _, _ = virtual_kie(budget=budget)
    first, second = client.submit(CITY), client.submit(CITY)
    budget.settle(first, Decimal(10) ** 15)
    with pytest.raises(ConfigError, match="more than a budget can count"):
        budget.settle(second, Decimal(10) ** 15 + 1)
    assert (budget.spent, budget.reserved) == (10**15, 18)


def test_a_copy_in_a_child_counts_what_it_inherits_but_spends_nothing(tmp_path: Path) -> None:
    client, _, _, budget = limited()
    client.submit(CITY)
    budget._account.renew()  # what a fork does in the child
    assert budget.reserved == 18
    with pytest.raises(ConfigError, match="belongs to the parent process"):
        client.submit(CITY)
    shared, _, _, kept = limited(file=tmp_path / "budget.jsonl")
    kept._account.renew()
    shared.submit(CITY)
    assert kept.reserved == 18


def test_a_path_that_is_not_a_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        client, service, _, _ = limited(file=path)
        with pytest.raises(ConfigError, match="the budget's file"):
            client.submit(CITY)
        assert service.log == []


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"credits": float("nan")},
        {"credits": -1},
        {"credits": float("inf")},
        {"credits": "many"},
        {"credits": True},
        {"per_task": float("nan")},
        {"per_day": -5},
        {"credits": 5, "unpriced": "ask me"},
        {"credits": Decimal("sNaN")},
        {"credits": "1e999999"},
        {"per_day": 10**15 + 1},
        {"credits": 10**5000},
        {"per_task": False},
        {"credits": 100, "per_task": 101},
        {"per_day": 100, "per_task": "100.5"},
        {"credits": 5, "file": 7},
    ],
)
def test_a_budget_that_makes_no_sense_is_refused(options: Any) -> None:
    with pytest.raises(ConfigError):
        Budget(**options)


def test_all_that_is_wrong_with_a_budget_is_reported_at_once_with_the_way_out() -> None:
    wrong: Any = {"credits": float("nan"), "per_task": -1, "per_day": 10**400, "unpriced": "ask"}
    with pytest.raises(ConfigError) as raised:
        Budget(**wrong)
    text = raised.value.message
    for part in ("credits must be a number", "per_task must be a number", "per_day must be at most 1000000000000000"):
        assert part in text
    assert "to decide each time, pass a function of the request and its estimate" in text
    assert len(text) < 500
    with pytest.raises(ConfigError, match=r"per_task \(300\) is more than credits \(200\), so it limits nothing"):
        Budget(200, per_task=300)
    assert Budget(300, per_task=300, per_day="1e3").per_day == 1000


@pytest.mark.parametrize("value", [float("nan"), "lots", [], -3])
def test_a_budget_of_a_call_that_makes_no_sense_sends_nothing(value: Any) -> None:
    client, service, _ = virtual_kie()
    with pytest.raises(ConfigError, match="budget must be a number, at least 0"):
        client.run(CITY, budget=value)
    assert service.log == []


def test_copies_are_the_same_account_and_pickles_need_a_file(tmp_path: Path) -> None:
    budget = Budget(5)
    assert copy.deepcopy(budget) is copy.copy(budget) is budget
    with pytest.raises(TypeError, match="give it a file"):
        pickle.dumps(budget)
    kept = Budget(5, per_day=3, file=tmp_path / "b.jsonl")
    again = pickle.loads(pickle.dumps(kept))
    assert (again.credits, again.per_day, again.file, repr(again)) == (5, 3, kept.file, "<Budget credits=5, per_day=3>")


def test_the_error_pickles() -> None:
    client, _, _, _ = limited(1)
    with pytest.raises(BudgetExceeded) as raised:
        client.run(CITY)
    again = pickle.loads(pickle.dumps(raised.value))
    assert (again.message, again.needed, again.estimate) == (raised.value.message, 18, raised.value.estimate)


def test_observers_learn_of_estimates_charges_and_refusals() -> None:
    seen: list[Any] = []
    client, _, _, _ = limited(20, observers=[seen.append])
    client.run(CITY)
    with pytest.raises(BudgetExceeded):
        client.run(FOX)
    assert [event.estimate.credits for event in seen if isinstance(event, TaskEstimated)] == [18, 405]
    ends = [(event.outcome, event.error, event.credits) for event in seen if isinstance(event, TaskFinished)]
    assert ends[0][:2] == ("succeeded", None) and ends[0][2]
    assert ends[1] == ("refused", "BudgetExceeded", None)
    with pytest.raises(BudgetExceeded):
        client.batch.run([CITY] * 2)
    assert [event.needed for event in seen if isinstance(event, BudgetRefused)] == [405, 36]


def test_without_a_budget_observers_learn_what_a_request_will_cost() -> None:
    seen: list[Any] = []
    client, service, _ = virtual_kie(observers=[seen.append])
    client.submit(CITY)
    assert [event.estimate.credits for event in seen if isinstance(event, TaskEstimated)] == [18]
    assert len(service.accepted) == 1


def test_the_file_holds_no_prompt(tmp_path: Path) -> None:
    client, _, _, _ = limited(file=tmp_path / "budget.jsonl")
    client.run(CITY)
    lines = [json.loads(line) for line in (tmp_path / "budget.jsonl").read_text().splitlines()]
    assert [line["event"] for line in lines] == ["reserve", "task", "settle"]
    assert "A city" not in (tmp_path / "budget.jsonl").read_text()
    assert (tmp_path / "budget.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_task_that_failed_at_no_cost_is_submitted_again(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[Any] = []
    client, service, _, budget = limited(faults=[{**FREE, "nth": 1}], observers=[seen.append])
    assert client.run(CITY, retry_free=1).urls
    assert len(service.accepted) == 2
    assert "failed at no cost (500: internal error): it is submitted again, 2 in all" in caplog.text
    assert [(event.attempt, event.code) for event in seen if isinstance(event, TaskRepeated)] == [(1, "500")]
    assert budget.reserved == 0 and budget.spent > 0


def test_it_is_submitted_again_so_often_at_most() -> None:
    client, service, _ = virtual_kie(faults=[FREE])
    with pytest.raises(TaskFailed) as raised:
        client.run(CITY, retry_free=2)
    assert len(service.accepted) == 3
    assert "it was submitted 3 times" in raised.value.__notes__[-1]
    (outcome,) = client.batch.run([CITY], retry_free=1)
    assert (outcome.state, outcome.attempts, len(service.accepted)) == ("failed", 2, 5)


def test_by_default_no_task_is_submitted_again() -> None:
    client, service, _ = virtual_kie(faults=[FREE])
    with pytest.raises(TaskFailed):
        client.run(CITY)
    assert [outcome.attempts for outcome in client.batch.run([CITY])] == [1]
    assert len(service.accepted) == 2


@pytest.mark.parametrize(
    ("credits", "code", "free"),
    [
        *((0, code, True) for code in ("500", "501", "531", "550")),
        *((charge, "500", False) for charge in (3, None)),
        *((0, code, False) for code in ("422", "400", "451", None, "Internal")),
    ],
)
def test_only_a_failure_inside_the_service_that_cost_nothing_is_repeated(credits: Any, code: Any, free: bool) -> None:
    charge = None if credits is None else Decimal(credits)
    assert cost_nothing(TaskStatus(ref=TaskRef("1"), state="failed", fail_code=code, credits=charge)) is free


def test_a_batch_that_ends_submits_no_failed_task_again() -> None:
    client, service, _ = virtual_kie(faults=[FREE])
    outcomes = client.batch.run([CITY] * 3, retry_free=5, stop_on_failure=True, concurrency=3, batch_timeout=120)
    assert all(not outcome.ok for outcome in outcomes)
    assert len(service.accepted) <= 18


def test_what_the_service_holds_for_a_running_task_is_not_its_charge() -> None:
    client, _, _ = virtual_kie()
    task = client.submit(CITY)
    status = task.refresh()
    assert status.credits is None
    assert task.wait().status.held is None


def test_the_largest_limit_that_a_budget_counts_is_one() -> None:
    assert Budget(10**15).left == 10**15
    with pytest.raises(ConfigError, match="at most 1000000000000000"):
        Budget(10**15 + 1)


def test_a_journal_beside_the_file_of_a_budget_is_no_fault(tmp_path: Path) -> None:
    client, _, _ = virtual_kie(budget=Budget(100, file=tmp_path / "budget"), journal=tmp_path / "journal")
    client.run(CITY)
    assert client.budget is not None and client.budget.spent == 18


def test_a_refusal_names_the_model_of_one_request_and_the_number_of_several() -> None:
    client, _, _ = virtual_kie(budget=20)
    assert client.budget is not None
    with pytest.raises(BudgetExceeded, match=r"^kling-3\.0/video may cost up to 405 credits") as caught:
        client.budget.check(client.estimate([FOX]))
    assert "account" not in str(caught.value)
    with pytest.raises(BudgetExceeded, match=r"^these 2 requests may cost up to 423 credits"):
        client.budget.check(client.estimate([FOX, CITY]))


def test_an_entry_says_what_a_task_was_to_cost_at_most_if_that_is_known(tmp_path: Path) -> None:
    budget = Budget(1000, unpriced="allow", file=tmp_path / "budget")
    client, _, _ = virtual_kie(budget=budget)
    client.submit(CITY)
    with pytest.raises(Unprocessable):
        client.submit(OPEN)
    entries = [json.loads(line) for line in (tmp_path / "budget").read_text("utf-8").splitlines()]
    assert [entry["at_most"] for entry in entries if entry["event"] == "reserve"] == ["18", None]


def test_a_file_that_was_replaced_is_read_from_its_beginning(tmp_path: Path) -> None:
    budget, other = Budget(1000, file=tmp_path / "budget"), Budget(1000, file=tmp_path / "other")
    virtual_kie(budget=budget)[0].run(CITY)
    assert budget.spent == 18
    client, _, _ = virtual_kie(budget=other)
    client.run(FOX)
    client.run(CITY)
    os.replace(tmp_path / "other", tmp_path / "budget")
    assert budget.spent == 423


def test_a_file_that_cannot_be_read_any_more_is_one_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    budget = Budget(1000, file=tmp_path / "budget")
    virtual_kie(budget=budget)[0].run(CITY)

    def refused(*_: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr("kie._io.budget_account.open", refused, raising=False)
        with pytest.raises(ConfigError, match=r"the budget's file .*budget cannot be read: Input/output error$"):
            _ = budget.spent
    assert budget.spent == 18


def test_an_entry_says_whether_a_charge_is_only_assumed(tmp_path: Path) -> None:
    budget = Budget(1000, file=tmp_path / "budget")
    client, _, _ = virtual_kie(budget=budget)
    told, assumed = client.submit(CITY), client.submit(CITY)
    budget.settle(told, 11)
    budget.settle(assumed, None)
    entries = [json.loads(line) for line in (tmp_path / "budget").read_text("utf-8").splitlines()]
    charged = [(entry["credits"], entry.get("assumed", False)) for entry in entries if entry["event"] == "settle"]
    assert charged == [("11", False), ("18", True)]


def test_release_says_whether_there_was_something_to_release() -> None:
    client, _, _ = virtual_kie(budget=100)
    task = client.submit(CITY)
    assert client.budget is not None
    client.budget.release(task)
    assert client.budget.left == 100
    with pytest.raises(ConfigError, match="has no reservation"):
        client.budget.release(task)
