"""Plans that are run, and what is submitted instead of a request that came to nothing."""

from __future__ import annotations

import asyncio
import pickle
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kie import (
    ApiError,
    BudgetExceeded,
    Failed,
    Kie,
    KieError,
    Request,
    SubmitUnknown,
    TaskFailed,
    TaskRef,
    TaskStatus,
    TransportFailed,
    catalog,
)
from kie._core.errors import annotate
from kie._tasks.wait import may_switch
from kie.errors import (
    ArgumentInvalid,
    InsufficientCredits,
    KeyLimitReached,
    ModelRetired,
    NotReady,
    RateLimited,
    Unprocessable,
)
from kie.models import GoogleNanoBanana2, Kling30Video, NanoBananaPro
from kie.plans import Plan
from kie.telemetry import TaskSwitched
from kie.testing import virtual_async_kie, virtual_kie

FIRST = NanoBananaPro(prompt="A lighthouse")
OTHER = GoogleNanoBanana2(prompt="A lighthouse")
THIRD = GoogleNanoBanana2(prompt="A lighthouse", resolution="2K")
FREE: dict[str, Any] = {"on": "createTask", "do": "fail_task", "code": 500, "msg": "internal error", "nth": 1}


def retired() -> Request[Any]:
    model = next(model for model in catalog.models(status="retired") if "text-to-video" in model.id)
    facts: Any = model.json_schema()["x-kie"]
    return model.request_class.from_wire({"model": model.id, "input": facts["examples"][0]})


def kling(client: Kie, **more: Any) -> Plan:
    return client.plan("kling 3.0", **{"prompt": "Waves", "duration": 5, "mode": "pro", **more})


def models(service: Any) -> list[str]:
    return [task.model for task in service.tasks.values()]


def test_a_plan_that_is_ready_and_allowed_is_run() -> None:
    client, service, _ = virtual_kie()
    plan = kling(client)
    assert client.run(plan).ref.model == "kling-3.0/video"
    assert client.submit(plan).wait().ref.model == "kling-3.0/video"
    assert len(service.accepted) == 2
    assert client.check(plan)["mode"] == "pro"
    assert client.estimate(plan).credits == 90


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"mode": None}, r"incomplete: plan\.answer\(\.\.\.\) gives what is missing\n  mode: is required"),
        ({"colour": "red"}, r"invalid: fix what is invalid\n  colour: is not a field"),
        ({"balance": 1}, r"rejected: choose cheaper options, or raise the limit\n  it may cost 90 credits"),
        ({"confirm_above": 50}, r"not confirmed: run\(plan, confirmed=True\)"),
    ],
)
def test_any_other_plan_is_refused_before_anything_is_sent(more: dict[str, Any], why: str) -> None:
    client, service, _ = virtual_kie()
    plan = kling(client, **more)
    for call in (client.run, client.submit):
        with pytest.raises(NotReady, match=why) as raised:
            call(plan)
    copy = pickle.loads(pickle.dumps(raised.value))
    assert (copy.plan, str(copy)) == (plan, str(raised.value))
    assert service.log == []


def test_a_confirmed_plan_is_run_and_no_other_refusal_can_be_confirmed() -> None:
    client, service, _ = virtual_kie()
    assert client.run(kling(client, confirm_above=50), confirmed=True).ref.model == "kling-3.0/video"
    for more in ({"balance": 1}, {"mode": None}):
        with pytest.raises(NotReady):
            client.run(kling(client, **more), confirmed=True)
    assert len(service.accepted) == 1
    with pytest.raises(ArgumentInvalid, match="belongs to a plan"):
        client.run(FIRST, confirmed=True)
    with pytest.raises(ArgumentInvalid, match=r"plan\.answer\(mode=...\)"):
        client.run(kling(client), mode="std")  # type: ignore[call-overload]


def test_a_batch_takes_plans() -> None:
    client, service, _ = virtual_kie()
    outcomes = client.batch.run([kling(client), kling(client, mode=None)])
    assert [outcome.state for outcome in outcomes] == ["succeeded", "invalid"]
    assert isinstance(outcomes[1], Failed)
    assert isinstance(outcomes[1].error, NotReady)
    assert len(service.accepted) == 1


def test_after_a_failure_at_no_cost_the_next_alternative_is_submitted_and_that_is_reported() -> None:
    seen: list[Any] = []
    client, service, _ = virtual_kie(faults=[FREE], observers=[seen.append])
    result = client.run(FIRST, alternatives=[OTHER, THIRD])
    assert models(service) == ["nano-banana-pro", "nano-banana-2"]
    (switch,) = result.switches
    assert (switch.model, switch.to) == ("nano-banana-pro", "nano-banana-2")
    assert "internal error" in switch.why
    assert switch.ref is not None
    (event,) = [event for event in seen if isinstance(event, TaskSwitched)]
    assert (event.failed, event.to, event.ref) == (switch.model, switch.to, switch.ref)
    assert (event.error, event.code) == ("TaskFailed", "500")
    assert pickle.loads(pickle.dumps(result)).switches == result.switches


def test_every_switch_is_recorded_also_on_the_error_at_the_end() -> None:
    client, service, _ = virtual_kie(faults=[{name: FREE[name] for name in FREE if name != "nth"}])
    with pytest.raises(TaskFailed) as raised:
        client.run(FIRST, alternatives=[OTHER, kling(client)])
    assert models(service) == ["nano-banana-pro", "nano-banana-2", "kling-3.0/video"]
    assert [switch.to for switch in raised.value.switches] == ["nano-banana-2", "kling-3.0/video"]  # type: ignore[attr-defined]
    assert "nano-banana-2 instead of nano-banana-pro" in "".join(raised.value.__notes__)


@pytest.mark.parametrize(("credits", "free"), [(0, True), ("0.0", True), (18, False), (None, False)])
def test_only_a_failure_that_is_known_to_have_cost_nothing_is_switched_from(credits: Any, free: bool) -> None:
    charge = None if credits is None else Decimal(credits)
    status = TaskStatus(ref=TaskRef("1"), state="failed", fail_code="400", credits=charge)
    assert may_switch(TaskFailed(status.ref, code="400", service_message="refused", status=status)) is free


@pytest.mark.parametrize(
    ("error", "free"),
    [
        (Unprocessable("no", status=200, code=422), True),
        (Unprocessable("no", status=200, code=422, task_created=None), False),
        (RateLimited("no", status=200, code=429, task_created=False), False),
        (KeyLimitReached("no", status=200, code=433, task_created=False), False),
        (TransportFailed("no", sent=False), False),
    ],
)
def test_only_a_refusal_of_the_request_itself_is_switched_from(error: KieError, free: bool) -> None:
    assert may_switch(error) is free
    annotate(error, "while it was polled", ref=TaskRef("1"))
    assert may_switch(error) is False, "a task exists"


def test_a_switch_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    client, _, _ = virtual_kie(faults=[FREE])
    client.run(FIRST, alternatives=[OTHER])
    assert "nano-banana-2 instead of nano-banana-pro" in caplog.text


def test_a_withdrawn_model_is_switched_from_before_anything_is_sent() -> None:
    client, service, _ = virtual_kie()
    result = client.run(retired(), alternatives=[OTHER])
    assert models(service) == ["nano-banana-2"]
    assert "is retired" in result.switches[0].why
    with pytest.raises(ModelRetired) as raised:
        client.run(retired())
    assert not hasattr(raised.value, "switches")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"on": "createTask", "do": "envelope", "code": 402}, InsufficientCredits),
        ({"on": "createTask", "do": "drop_after"}, SubmitUnknown),
        ({"on": "createTask", "do": "envelope", "code": 401}, ApiError),
    ],
)
def test_what_concerns_the_account_or_leaves_a_task_open_is_not_switched_from(
    fault: dict[str, Any], error: type[Exception]
) -> None:
    client, service, _ = virtual_kie(faults=[fault])
    with pytest.raises(error):
        client.run(FIRST, alternatives=[OTHER])
    assert set(models(service)) <= {"nano-banana-pro"}


def test_a_refused_request_is_switched_from() -> None:
    client, service, _ = virtual_kie(faults=[{"on": "createTask", "do": "envelope", "code": 422, "nth": 1}])
    result = client.run(FIRST, alternatives=[OTHER])
    assert models(service) == ["nano-banana-2"]
    assert result.switches[0].ref is None


def test_an_alternative_that_is_not_ready_is_refused_before_anything_is_sent() -> None:
    client, service, _ = virtual_kie()
    with pytest.raises(NotReady):
        client.run(FIRST, alternatives=[kling(client, mode=None)])
    with pytest.raises(ArgumentInvalid, match="alternatives"):
        client.run(FIRST, alternatives=OTHER)  # type: ignore[call-overload]
    assert service.log == []


def test_an_asynchronous_client_plans_and_runs_alike() -> None:
    async def run() -> None:
        client, service, _ = virtual_async_kie(faults=[FREE])
        plan = await client.plan("kling 3.0", prompt="Waves", duration="5s", quality="pro")
        sync = virtual_kie()[0].plan("kling 3.0", prompt="Waves", duration="5s", quality="pro")
        assert plan == sync
        result = await client.run(plan, alternatives=[Kling30Video(prompt="Waves", duration="5", mode="std")])
        assert len(service.accepted) == 2
        assert result.switches[0].to == "kling-3.0/video"
        assert [outcome.state for outcome in await client.batch.run([plan])] == ["succeeded"]

    asyncio.run(run())


def test_a_label_belongs_to_whatever_is_submitted_under_it_in_the_end(tmp_path: Path) -> None:
    client, service, _ = virtual_kie(faults=[FREE], journal=tmp_path / "journal.jsonl")
    result = client.run(FIRST, label="order-7", alternatives=[OTHER])
    assert models(service) == ["nano-banana-pro", "nano-banana-2"]
    again = client.run(OTHER, label="order-7")
    assert again.ref == result.ref
    assert len(service.accepted) == 2


def test_each_submission_is_within_the_budget() -> None:
    client, service, _ = virtual_kie(faults=[FREE], budget=100)
    with pytest.raises(BudgetExceeded) as raised:
        client.run(FIRST, alternatives=[Kling30Video(prompt="x", duration="15", mode="4K", sound=True)])
    assert models(service) == ["nano-banana-pro"]
    assert [switch.to for switch in raised.value.switches] == ["kling-3.0/video"]  # type: ignore[attr-defined]
    assert client.budget is not None
    assert (client.budget.spent, client.budget.reserved) == (0, 0)
