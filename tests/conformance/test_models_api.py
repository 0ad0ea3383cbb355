"""The recorded answers of the vendor's Models API, read by `client.vendor` and by the importer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import attrs
import pytest

from codegen.draft import draft
from codegen.pages import parse_data
from kie import Kie, RateLimit, catalog
from kie._core.call import HttpRequest, HttpResponse
from kie.errors import Unauthorized
from tests.conformance.support import load


@attrs.define
class Replaying:
    """Answers as recorded, if it is asked as recorded."""

    exchange: dict[str, Any]

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        assert (request.method, request.url) == (self.exchange["method"], self.exchange["url"])
        body = json.dumps(self.exchange["response"]).encode()
        return HttpResponse(status=self.exchange["status"], headers={}, body=body)

    def stream(self, *arguments: object) -> Any:
        raise AssertionError

    def close(self) -> None:
        pass


def replay(reference: Path, name: str) -> tuple[Kie, str, Any]:
    """A client that answers as recorded, the model that was asked for, and the answer."""
    path = reference / "live-2026-10" / f"{name}.json"
    if not path.exists():
        pytest.skip(f"no {path.name}")
    (exchange,) = load(path)["exchanges"]
    client = Kie("key", transport=Replaying(exchange), rate_limit=RateLimit.unlimited(), limit_group="recorded")
    parts = urlsplit(exchange["url"]).path.split("/")
    return client, "/".join(parts[4:-1]), exchange["response"]


def test_the_list_names_every_model_and_what_it_costs(reference: Path) -> None:
    client, _, answer = replay(reference, "models_catalog")
    found = client.vendor.models()
    assert [model.id for model in found] == [row["model"] for row in answer["data"]["models"]]
    assert len(found) == answer["data"]["total"] == 218
    assert sum("Chat" in model.task_types for model in found) == 37
    assert {model.id for model in found if model.price_text and "Chat" not in model.task_types}


def test_every_model_that_the_vendor_lists_is_in_the_catalog(reference: Path) -> None:
    client, _, _ = replay(reference, "models_catalog")
    listed = {model.id for model in client.vendor.models() if "Chat" not in model.task_types}
    ours = {model.id for model in catalog.models(status="all")}
    # the vendor lists these two without a schema; what they make has an operation of its own
    assert listed - ours == {"gemini-omni-audio", "gemini-omni-character"}
    assert all(catalog.shorthand(name) is not None for name in listed - ours)


def test_a_schema_becomes_a_draft_without_losing_a_fact(reference: Path) -> None:
    client, model, _ = replay(reference, "models_schema")
    page = parse_data(json.dumps({"model": model, "openapi": client.vendor.schema(model)}), "answer.json")
    assert page.models == (model,)
    assert page.faults == draft(page).faults == ()
    ours: Any = catalog.get(model).json_schema()
    assert set(page.input["properties"]) == set(ours["properties"])


def test_prices_and_success_are_read(reference: Path) -> None:
    client, model, answer = replay(reference, "models_price")
    assert client.vendor.price_text(model) == answer["data"]["pricingDesc"]
    client, model, answer = replay(reference, "models_success_rate")
    points = client.vendor.success_rate(model)
    assert len(points) == len(answer["data"]["points"]) == 144
    assert {point.succeeded for point in points} == {100.0, None}
    assert all(point.start < point.end for point in points)


def test_a_wrong_key_is_reported(reference: Path) -> None:
    client, model, _ = replay(reference, "models_schema_auth_error")
    with pytest.raises(Unauthorized):
        client.vendor.schema(model)
