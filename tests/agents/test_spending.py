"""Nothing is spent without the user: not by what a model claims, not by repetition, not by many calls at once."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import anyio
import attrs
import pytest
from mcp import MCPError
from mcp.types import ElicitResult, InputRequiredResult

from kie._agents.consent import Offer
from kie._agents.server import _can_ask
from kie._io.budget import Budget
from kie._io.journal import Journal
from tests.agents.conftest import IMAGE, Desks, agree, data, error, finish

CLAIMS: list[Mapping[str, object]] = [
    {"consent": True, "confirmed": True, "spend": True, "free": 1000},
    {"consented": {"action": "accept", "data": {"spend": True}}},
    {"offered": {"question": None}},
    {"input": {**IMAGE["input"], "consent": True}},  # type: ignore[dict-item]
    {"input": {**IMAGE["input"], "confirmed": True, "free": 10**6, "budget": 10**6}},  # type: ignore[dict-item]
]


@pytest.mark.parametrize("claims", CLAIMS, ids=",".join)
def test_a_model_that_claims_consent_cannot_spend(desks: Desks, mode: str, claims: Mapping[str, object]) -> None:
    desk = desks()

    async def work() -> None:
        for answer in (None, agree(action="decline")):
            async with desk.connected(mode, answer) as client:
                assert error(await client.call_tool("generate", {**IMAGE, **claims}))["task_created"] is False

    finish(work)
    assert not desk.sent and not desk.state.log


@pytest.mark.parametrize(
    "answer",
    [agree(action="decline"), agree(action="cancel"), agree(spend=False)],
    ids=["declined", "cancelled", "no"],
)
def test_a_user_who_does_not_agree_spends_nothing(desks: Desks, mode: str, answer: Any) -> None:
    desk = desks()

    async def work() -> None:
        async with desk.connected(mode, answer) as client:
            assert error(await client.call_tool("generate", IMAGE))["type"] == "Declined"

    finish(work)
    assert not desk.sent and not desk.state.log and not Journal(desk.journal).entries()


def test_a_form_that_comes_back_empty_is_not_consent(desks: Desks, mode: str) -> None:
    desk = desks()

    async def empty(_: object, params: object) -> ElicitResult:
        return ElicitResult(action="accept", content={})

    async def work() -> None:
        async with desk.connected(mode, empty) as client:
            assert (await client.call_tool("generate", IMAGE)).is_error

    finish(work)
    assert not desk.sent


def test_a_client_that_cannot_ask_hears_that_nothing_was_sent_and_what_to_change(desks: Desks, mode: str) -> None:
    desk = desks()

    async def work() -> None:
        async with desk.connected(mode) as client:
            answer = await client.call_tool("generate", IMAGE)
        assert error(answer)["type"] == "CannotAsk" and error(answer)["at_most"] == "18"
        assert "--free 18" in json.dumps(answer.structured_content)

    finish(work)
    assert not desk.sent


def test_the_question_names_model_price_and_input(desks: Desks, mode: str) -> None:
    desk, asked = desks(), list[str]()

    async def work() -> None:
        async with desk.connected(mode, agree(asked)) as client:
            assert data(await client.call_tool("generate", IMAGE))["state"] == "succeeded"

    finish(work)
    (question,) = asked
    for part in ("nano-banana-pro", "18 credits", "0.09 USD", "A lighthouse at dusk"):
        assert part in question
    assert desk.sent == 1


def test_what_is_free_is_not_asked_about_and_what_costs_more_is(desks: Desks, mode: str) -> None:
    desk, asked = desks(free=18), list[str]()
    dear = {**IMAGE, "input": {**IMAGE["input"], "resolution": "4K"}}  # type: ignore[dict-item]

    async def work() -> None:
        async with desk.connected(mode, agree(asked)) as client:
            data(await client.call_tool("generate", IMAGE))
            assert not asked
            data(await client.call_tool("generate", dear))

    finish(work)
    assert len(asked) == 1 and "24 credits" in asked[0] and desk.sent == 2


def test_what_has_no_upper_price_always_asks(desks: Desks, mode: str) -> None:
    desk, asked = desks(free=10**9), list[str]()
    media = {"image": "https://example.com/a.png", "video": "https://example.com/a.mp4"}
    call = {"model": "kling-3.0/motion-control", "input": {**media, "prompt": "Dance", "mode": "720p"}}

    async def work() -> None:
        async with desk.connected(mode, agree(asked, action="decline")) as client:
            plan = data(await client.call_tool("plan", call))
            assert plan["credits"]["at_most"] is None and plan["asks_user"]
            assert error(await client.call_tool("generate", call))["type"] == "Declined"

    finish(work)
    assert len(asked) == 1 and "unknown amount" in asked[0] and not desk.sent


def test_an_answer_pays_for_one_task_only(desks: Desks) -> None:
    """The repeated call of the newer protocol, repeated once more with the same answer."""
    desk = desks()

    async def work() -> None:
        async with desk.connected("auto", agree()) as client:
            first = await client.session.call_tool("generate", IMAGE, allow_input_required=True)
            assert isinstance(first, InputRequiredResult)
            (name,) = first.input_requests or {}
            again: dict[str, Any] = {
                "input_responses": {name: ElicitResult(action="accept", content={"spend": True})},
                "request_state": first.request_state,
                "allow_input_required": True,
            }
            data(await client.session.call_tool("generate", IMAGE, **again))
            with pytest.raises(MCPError):
                await client.session.call_tool("generate", IMAGE, **again)

    finish(work)
    assert desk.sent == 1


def test_an_answer_to_another_question_does_not_count(desks: Desks) -> None:
    desk = desks()
    dear = {**IMAGE, "input": {**IMAGE["input"], "resolution": "4K"}}  # type: ignore[dict-item]

    async def work() -> None:
        async with desk.connected("auto", agree()) as client:
            first = await client.session.call_tool("generate", IMAGE, allow_input_required=True)
            assert isinstance(first, InputRequiredResult)
            (name,) = first.input_requests or {}
            with pytest.raises(MCPError):
                await client.session.call_tool(
                    "generate",
                    dear,
                    input_responses={name: ElicitResult(action="accept", content={"spend": True})},
                    request_state=first.request_state,
                    allow_input_required=True,
                )

    finish(work)
    assert not desk.sent


def test_the_budget_holds_over_calls_at_the_same_time(desks: Desks, mode: str) -> None:
    desk = desks(free=18, budget=Budget(100))
    answers = list[Any]()

    async def work() -> None:
        async with desk.connected(mode) as client:

            async def call(number: int) -> None:
                input = {"prompt": f"Lighthouse {number}"}
                answers.append(await client.call_tool("generate", {"model": "nano-banana-pro", "input": input}))

            async with anyio.create_task_group() as group:
                for number in range(100):
                    group.start_soon(call, number)

    finish(work)
    refused = [answer for answer in answers if answer.is_error]
    assert len(answers) == 100 and desk.sent == 5 and len(refused) == 95
    assert {error(answer)["type"] for answer in refused} == {"BudgetExceeded"}
    assert desk.client.budget is not None and desk.client.budget.spent == 90


def test_the_budget_refuses_before_the_user_is_asked(desks: Desks, mode: str) -> None:
    desk, asked = desks(budget=Budget(10)), list[str]()

    async def work() -> None:
        async with desk.connected(mode, agree(asked)) as client:
            answer = await client.call_tool("generate", IMAGE)
        assert error(answer)["type"] == "BudgetExceeded" and error(answer)["left"] == "10"

    finish(work)
    assert not asked and not desk.sent


def test_an_outcome_that_nobody_knows_says_never_to_repeat_it(desks: Desks, mode: str) -> None:
    desk = desks(free=18, faults=[{"on": "createTask", "do": "drop_after"}])

    async def work() -> None:
        async with desk.connected(mode) as client:
            answer = await client.call_tool("generate", IMAGE)
            assert error(answer)["type"] == "SubmitUnknown" and error(answer)["task_created"] is None
            assert answer.structured_content is not None and "never repeat" in answer.structured_content["next"]
            listed = data(await client.call_tool("tasks", {}))
            assert [row["state"] for row in listed["tasks"]] == ["unknown"] and "Never repeat" in listed["next"]

    finish(work)
    assert desk.sent == 1


def test_what_was_agreed_to_bounds_what_is_submitted(desks: Desks) -> None:
    """A price that rose between the question and the submission is not paid."""
    desk = desks()

    async def work() -> None:
        offer = await desk.tools.offer("nano-banana-pro", {"prompt": "A lighthouse", "resolution": "1K"})
        dear = await desk.tools.offer("nano-banana-pro", {"prompt": "A lighthouse", "resolution": "4K"})
        assert isinstance(offer, Offer) and isinstance(dear, Offer)
        answer = await desk.tools.send(attrs.evolve(offer, request=dear.request), "agreed")
        assert answer.failed and "BudgetExceeded" in str(answer)

    finish(work)
    assert not desk.sent


@pytest.mark.parametrize(
    ("form", "url", "asked"), [(True, False, True), (False, False, True), (True, True, True), (False, True, False)]
)
def test_only_a_client_that_can_show_a_question_is_asked(form: bool, url: bool, asked: bool) -> None:
    """One that declares nothing in particular can; one that only opens pages cannot."""
    declared = SimpleNamespace(form=object() if form else None, url=object() if url else None)
    ctx: Any = SimpleNamespace(client_capabilities=SimpleNamespace(elicitation=declared), protocol_version="2026-07-28")
    assert _can_ask(ctx) is asked


@pytest.mark.parametrize("seconds", [math.nan, "nan", math.inf, -1.0, -math.inf])
def test_how_long_to_wait_is_never_a_reason_to_pay_again(desks: Desks, seconds: object) -> None:
    desk = desks(free=100)

    async def work() -> None:
        async with desk.connected("auto") as client:
            answer = await client.call_tool("generate", {**IMAGE, "wait_seconds": seconds})
            if answer.is_error:  # what JSON cannot say comes as null, and that is the default
                assert error(answer)["task_created"] is False and not desk.sent
            else:
                assert data(answer)["ref"] and desk.sent == 1

    finish(work)


def test_what_fails_while_a_task_is_waited_for_says_that_it_exists_and_keeps_running(desks: Desks, mode: str) -> None:
    desk = desks(free=100, faults=[{"on": "getTask", "do": "envelope", "code": 401, "msg": "no"}])

    async def work() -> None:
        async with desk.connected(mode) as client:
            answer = await client.call_tool("generate", IMAGE)
            found = error(answer)
            assert found["task_created"] is True and found["type"] == "Unauthorized"
            assert answer.structured_content is not None
            assert answer.structured_content["ref"] and "keeps running" in answer.structured_content["next"]

    finish(work)
    assert desk.sent == 1
