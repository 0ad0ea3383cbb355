"""What the vendor says of its own models: `client.vendor`."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from kie import Kie, RateLimit, SuccessRate, VendorModel, catalog, no_retry
from kie._core.call import HttpRequest, HttpResponse
from kie._core.schema import SEEN
from kie.errors import ConfigError, NotFound, RateLimited, ResultInvalid
from kie.simulator import Simulator
from kie.testing import VirtualClock, virtual_async_kie, virtual_kie


@attrs.define
class Answering:
    """Answers everything with one envelope, and keeps what was asked for."""

    data: Any
    code: int = 200
    asked: list[HttpRequest] = attrs.field(factory=list)

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        self.asked.append(request)
        body = {"code": self.code, "msg": "success", "data": self.data}
        return HttpResponse(status=200, headers={}, body=json.dumps(body).encode())

    def stream(self, *arguments: object) -> Any:
        raise AssertionError

    def close(self) -> None:
        pass


def client(data: Any, code: int = 200) -> tuple[Kie, Answering]:
    transport = Answering(data, code)
    made = Kie("key", transport=transport, rate_limit=RateLimit.unlimited(), limit_group="vendor")
    made._driver.session.clock = VirtualClock()
    return made, transport


LISTED = {"model": "a/b", "slug": "a/b", "title": "A B", "provider": "A", "taskType": ["Text to Video"]}
"""A row as the service was recorded to give it on 2026-10-01."""


def test_the_list_is_read_and_a_row_without_an_id_is_left_out() -> None:
    kie, transport = client({"total": 3, "models": [LISTED, {"model": None}, {"model": " c ", "pricingDesc": "4"}]})

    found = kie.vendor.models("b", task_type="Text to Video", provider="A")

    assert found[0] == VendorModel(
        id="a/b", title="A B", provider="A", task_types=("Text to Video",), description="", price_text=None
    )
    assert [(model.id, model.price_text) for model in found] == [("a/b", None), ("c", "4")]
    assert transport.asked[0].url == "https://api.kie.ai/api/v1/models?taskType=Text+to+Video&provider=A&q=b"


def test_what_is_not_asked_for_is_not_sent() -> None:
    kie, transport = client({"models": []})
    assert kie.vendor.models() == []
    assert transport.asked[0].url == "https://api.kie.ai/api/v1/models"


@pytest.mark.parametrize("data", [None, {}, {"models": None}, [], "x", 3])
def test_an_answer_without_a_list_is_reported(data: Any) -> None:
    with pytest.raises(ResultInvalid, match="no list of models"):
        client(data)[0].vendor.models()


def test_the_slashes_of_an_id_stay_in_the_path_and_nothing_else_leads_elsewhere() -> None:
    kie, transport = client({"model": "x", "openapi": {"openapi": "3.1.0"}})

    assert kie.vendor.schema("wan/3-0 video?a#b%2F") == {"openapi": "3.1.0"}

    assert transport.asked[0].url == "https://api.kie.ai/api/v1/models/wan/3-0%20video%3Fa%23b%252F/schema"


@pytest.mark.parametrize("model", ["", " ", "../x", "a/../b", "a//b", "/a", "a/", "./a", "a\nb", None, 5])
def test_an_id_that_would_lead_elsewhere_is_refused_before_anything_is_sent(model: Any) -> None:
    kie, transport = client({})
    for ask in (kie.vendor.schema, kie.vendor.price_text, kie.vendor.success_rate):
        with pytest.raises(ConfigError, match="not the id of a model"):
            ask(model)
    assert transport.asked == []


@pytest.mark.parametrize("data", [None, {"model": "x", "openapi": None}, {"openapi": []}, {"openapi": "text"}])
def test_a_model_may_have_no_schema_and_no_price(data: Any) -> None:
    kie, _ = client(data)
    assert kie.vendor.schema("x") is None
    assert kie.vendor.price_text("x") is None


def test_a_model_that_the_service_does_not_know_is_not_found() -> None:
    with pytest.raises(NotFound):
        client(None, 404)[0].vendor.price_text("some/model")


def test_the_success_of_a_model_is_read_with_its_gaps() -> None:
    kie, _ = client(
        {
            "points": [
                {
                    "start": "2026-09-30T01:50:00Z",
                    "end": "2026-09-30T02:00:00Z",
                    "successRate": 100.0,
                    "isNormal": True,
                },
                {"start": "2026-09-30T02:00:00Z", "end": "2026-09-30T02:10:00Z", "successRate": None},
            ]
        }
    )
    assert kie.vendor.success_rate("x") == [
        SuccessRate(
            start=datetime(2026, 9, 30, 1, 50, tzinfo=UTC),
            end=datetime(2026, 9, 30, 2, 0, tzinfo=UTC),
            succeeded=100.0,
            failed=None,
            normal=True,
        ),
        SuccessRate(
            start=datetime(2026, 9, 30, 2, 0, tzinfo=UTC),
            end=datetime(2026, 9, 30, 2, 10, tzinfo=UTC),
            succeeded=None,
            failed=None,
            normal=None,
        ),
    ]


@pytest.mark.parametrize("points", [None, {}, [{"start": "soon", "end": "later"}], [{}]])
def test_a_success_rate_that_cannot_be_read_is_reported(points: Any) -> None:
    with pytest.raises(ResultInvalid):
        client({"points": points})[0].vendor.success_rate("x")


@pytest.mark.parametrize("data", [[{"a": 1}, 5], {"total": 1, "records": [{"a": 1}]}])
def test_announcements_are_given_as_they_come_and_need_no_key(data: Any) -> None:
    kie, transport = client(data)
    assert kie.vendor.announcements(2, size=5) == [{"a": 1}]
    assert not transport.asked[0].auth
    assert json.loads(transport.asked[0].content or b"") == {"language": "en", "pageNum": 2, "pageSize": 5}
    with pytest.raises(ConfigError, match="page must be"):
        kie.vendor.announcements(0)


def free() -> tuple[Kie, Simulator]:
    kie, state, _ = virtual_kie(simulator=Simulator(limits=False), rate_limit=RateLimit.unlimited())
    return kie, state


def test_questions_are_spread_over_time_and_do_not_hold_up_polls() -> None:
    kie, state, clock = virtual_kie()
    begun = clock.now()
    for _ in range(4):
        kie.vendor.price_text("kling-3.0/video")
    assert 3.0 <= clock.now() - begun <= 5.0
    before = clock.now()
    kie.credits()
    assert clock.now() - before < 0.2
    assert [code for _, code in state.log] == ["200"] * 5


def test_the_service_refuses_more_than_one_question_a_second() -> None:
    kie, _, _ = virtual_kie(rate_limit=RateLimit.unlimited(), retry=no_retry())
    kie.vendor.models("kling-3.0/video")
    with pytest.raises(RateLimited):
        kie.vendor.price_text("kling-3.0/video")


def test_a_refusal_for_being_too_fast_is_waited_out() -> None:
    kie, state, _ = virtual_kie(faults=[{"on": "listModels", "do": "rate_limit", "nth": 1}])
    assert kie.vendor.models("kling-3.0/video")
    assert [operation for operation, _ in state.log] == ["listModels", "listModels"]


def test_the_simulator_lists_and_describes_every_model_of_the_market() -> None:
    market = {model.id for model in catalog.models() if model.lifecycle == "jobs"}
    kie, _ = free()
    assert {model.id for model in kie.vendor.models()} == market
    for model in sorted(market):
        document: Any = kie.vendor.schema(model)
        (operation,) = (item["post"] for item in document["paths"].values())
        body = operation["requestBody"]["content"]["application/json"]["schema"]
        ours: Any = catalog.get(model).json_schema()
        assert body["properties"]["model"]["enum"] == [model]
        documented = {name for name, field in ours["properties"].items() if SEEN not in field}
        assert set(body["properties"]["input"]["properties"]) == documented
        assert "x-kie" not in json.dumps(document)


def test_the_simulator_finds_models_as_the_service_does() -> None:
    kie, _ = free()
    found = kie.vendor.models("wan", task_type="text to video")
    assert found
    assert all("wan" in model.id and "Text to Video" in model.task_types for model in found)
    assert kie.vendor.models(provider="nobody") == []


def test_the_async_client_asks_the_same() -> None:
    async def ask() -> list[Any]:
        kie, _, _ = virtual_async_kie(simulator=Simulator(limits=False), rate_limit=RateLimit.unlimited())
        vendor = kie.vendor
        return [
            await vendor.models("kling-3.0/video"),
            await vendor.schema("kling-3.0/video"),
            await vendor.price_text("kling-3.0/video"),
            await vendor.success_rate("kling-3.0/video"),
            await vendor.announcements(),
        ]

    vendor = free()[0].vendor
    assert asyncio.run(ask()) == [
        vendor.models("kling-3.0/video"),
        vendor.schema("kling-3.0/video"),
        vendor.price_text("kling-3.0/video"),
        vendor.success_rate("kling-3.0/video"),
        vendor.announcements(),
    ]
    assert len(vendor.success_rate("kling-3.0/video")) == 144
