"""The life of a simulated task, request by request."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import pytest

from kie import ConfigError, catalog
from kie._core.json import JSONObject
from kie.models import NanoBananaPro
from kie.simulator import Simulator
from kie.simulator._prices import PRICES
from kie.testing import virtual_kie
from tests.simulator.support import CITY, KLING, LATER, accept, ask, poll, read, submit


def test_an_accepted_task_is_named_twice_by_32_hex_characters() -> None:
    answer = submit(Simulator())
    assert (answer["code"], answer["msg"]) == (200, "success")
    assert re.fullmatch("[0-9a-f]{32}", answer["data"]["taskId"])
    assert answer["data"]["recordId"] == answer["data"]["taskId"]


def test_a_pending_task_shows_its_request_as_json_in_json() -> None:
    state = Simulator()
    record = poll(state, accept(state))["data"]
    parameters = json.loads(record["param"])
    assert parameters["model"] == CITY["model"]
    assert json.loads(parameters["input"]) == CITY["input"]
    assert record["resultJson"] == ""
    assert record["creditsConsumed"] == 18
    assert [record[key] for key in ("failCode", "failMsg", "costTime", "completeTime")] == [None] * 4


def test_most_models_wait_until_they_are_done_and_some_generate() -> None:
    state = Simulator()
    assert poll(state, accept(state))["data"]["state"] == "waiting"
    assert poll(state, accept(state, KLING))["data"]["state"] == "generating"


def test_a_task_succeeds_after_its_models_typical_time() -> None:
    state = Simulator(wall_offset=1_000_000.0)
    task_id = accept(state, KLING)
    assert poll(state, task_id, now=146 * 0.74)["data"]["state"] == "generating"
    record = poll(state, task_id, now=146 * 1.26)["data"]
    assert record["state"] == "success"
    assert 109 <= record["costTime"] <= 183
    assert record["createTime"] == 1_000_000_000
    assert record["completeTime"] - record["createTime"] == pytest.approx(record["costTime"] * 1000, abs=1000)
    assert list(json.loads(record["resultJson"])) == ["resultUrls"]


def test_speed_shortens_the_wait() -> None:
    state = Simulator(speed=100)
    assert poll(state, accept(state), now=0.11)["data"]["state"] == "success"


def test_the_same_seed_gives_the_same_tasks_and_another_gives_others() -> None:
    def life(seed: int) -> Any:
        state = Simulator(seed=seed)
        return poll(state, accept(state), now=LATER)

    assert life(1) == life(1) != life(2)


def test_as_many_results_come_as_were_asked_for() -> None:
    state = Simulator()
    fields = {"prompt": "x", "image_url": "https://example.com/a.png", "num_images": "3"}
    task_id = accept(state, {"model": "ideogram/v3-remix", "input": fields})
    assert len(json.loads(poll(state, task_id, now=LATER)["data"]["resultJson"])["resultUrls"]) == 3


@pytest.mark.parametrize("body", [{"model": "nano-banana-pro"}, {"model": "nano-banana-pro", "input": {}}])
def test_a_missing_field_is_code_500_in_the_words_of_the_service(body: object) -> None:
    assert submit(Simulator(), body) == {"code": 500, "msg": "This field is required", "data": None}


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({**CITY, "priority": 1}, "priority"),
        ({"input": {"prompt": "x"}}, "model"),
        ({"model": "no/such-model", "input": {}}, "no/such-model"),
        ({"model": "nano-banana-pro", "input": []}, "input"),
        ({"model": "nano-banana-pro", "input": {"prompt": 5}}, "prompt"),
        ({"model": "nano-banana-pro", "input": {"prompt": "x", "aspect_ratio": "7:1", "pace": 1}}, "pace"),
        ({**CITY, "callBackUrl": "not a url"}, "callBackUrl"),
    ],
)
def test_any_other_fault_is_code_422_and_named(body: object, named: str) -> None:
    state = Simulator()
    answer = submit(state, body)
    assert answer["code"] == 422
    assert named in answer["msg"]
    assert not state.accepted
    assert state.credits == 1000


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_object_is_code_400(body: bytes) -> None:
    assert submit(Simulator(), body)["code"] == 400


def test_unknown_models_and_fields_are_taken_on_request() -> None:
    state = Simulator(accept_unknown=True)
    assert submit(state, {"model": "new/text-to-video", "input": {"a": 1}})["code"] == 200
    assert submit(state, {"model": "nano-banana-pro", "input": {"prompt": "x", "brand_new": True}})["code"] == 200
    assert submit(state, {**CITY, "input": {"prompt": 5}})["code"] == 422
    assert [task.kind for task in state.tasks.values()] == ["video", "image"]


def test_every_model_of_the_catalog_is_judged_by_its_schema() -> None:
    state = Simulator(limits=False)
    for model in catalog.models(status="all"):
        assert submit(state, {"model": model.id, "input": {"no_such_field": 1}})["code"] in (422, 500)


def test_an_unknown_task_and_a_missing_id_are_told_apart() -> None:
    state = Simulator()
    assert poll(state, "0" * 32) == {"code": 422, "msg": "recordInfo is null", "data": None}
    assert read(ask(state, "GET", "/api/v1/jobs/recordInfo"))["code"] == 400


def test_a_task_that_refers_to_no_finished_task_is_accepted_and_fails() -> None:
    state = Simulator()
    fields = {"task_id": "0" * 32, "prompt": "on", "extend_at": 2, "extend_times": "6"}
    task_id = accept(state, {"model": "grok-imagine/extend", "input": fields})
    assert state.credits == Decimal("985.6")
    record = poll(state, task_id, now=LATER)["data"]
    assert (record["state"], record["resultJson"], record["creditsConsumed"]) == ("fail", "", 0.0)
    assert "task_id" in record["failMsg"]
    assert state.credits == 1000


def test_a_task_that_refers_to_a_finished_task_succeeds() -> None:
    state = Simulator()
    first = accept(state, KLING)
    fields = {"task_id": first, "prompt": "on", "extend_at": 2, "extend_times": "6"}
    task_id = accept(state, {"model": "grok-imagine/extend", "input": fields}, now=LATER)
    assert poll(state, task_id, now=2 * LATER)["data"]["state"] == "success"


def test_what_was_accepted_is_on_record_for_tests() -> None:
    state = Simulator()
    task_id = accept(state)
    submit(state, {"model": "none", "input": {}})
    assert [(task.task_id, task.model, task.input) for task in state.accepted] == [
        (task_id, "nano-banana-pro", CITY["input"])
    ]
    assert state.log == [("createTask", "200"), ("createTask", "422")]


@pytest.mark.parametrize("options", [{"speed": 0}, {"speed": float("nan")}, {"credits": -1}, {"credits": "many"}])
def test_a_simulator_that_makes_no_sense_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=next(iter(options))):
        Simulator(**options)


@pytest.mark.parametrize(
    ("body", "price"),
    [
        (
            {
                "model": "kling-3.0/video",
                "input": {"prompt": "x", "duration": "5", "mode": "pro", "multi_shots": False},
            },
            90,
        ),
        ({"model": "bytedance/seedance-2", "input": {"prompt": "A lake", "resolution": "720p", "duration": -1}}, 164),
        ({"model": "google/imagen4", "input": {"prompt": "x"}}, 8),
        ({"model": "grok-imagine-image-2-0/segment-map", "input": {"image_url": "https://example.com/a.png"}}, 0),
    ],
)
def test_a_task_costs_what_its_price_table_says_and_the_least_of_a_range(body: JSONObject, price: int) -> None:
    state = Simulator()
    accept(state, body)
    assert state.credits == 1000 - price


def test_a_model_that_no_list_prices_costs_a_plain_figure() -> None:
    state = Simulator(accept_unknown=True)
    accept(state, {"model": "acme/new-image", "input": {}})
    assert state.credits == 1000 - PRICES["image"]


def test_a_hold_is_shown_while_a_task_runs_and_the_charge_once_it_has_ended() -> None:
    client, service, _ = virtual_kie()
    task = client.submit(NanoBananaPro(prompt="A lighthouse"))
    running = task.refresh()
    assert (running.held, running.credits) == (18, None)
    assert service.credits == 1000 - 18
    assert task.wait().credits == 18
    assert client.credits() == 1000 - 18


def test_a_balance_that_is_just_enough_is_spent_to_nothing() -> None:
    state = Simulator(credits=18)
    accept(state)
    assert state.credits == 0
    assert submit(state)["code"] == 402
    assert len(state.accepted) == 1


def test_a_task_that_has_ended_does_not_end_again() -> None:
    state = Simulator(faults=[{"on": "getTask", "do": "fail_task", "nth": 2}])
    task_id = accept(state, {**CITY, "callBackUrl": "http://127.0.0.1:9/hook"})
    first = poll(state, task_id, now=LATER)
    assert poll(state, task_id, now=LATER) == first and first["data"]["state"] == "success"
    assert state.credits == 1000 - 18
    assert len(state.due_callbacks(2 * LATER)) == 1
