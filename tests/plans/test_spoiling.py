"""What people, forms and other programs write comes back as the request that is meant."""

from __future__ import annotations

from random import Random
from typing import Any, cast

import pytest

from kie import catalog
from kie._core.request import Request
from kie._core.results import Result
from kie._core.schema import Schema, documented_throughout
from kie.testing import virtual_kie
from tests.plans.spoiling import request_of, spoilt_requests

FLOOR = 0.97
"""The share of requests that come back exactly. The rest has several meanings, of which none is chosen."""


@pytest.mark.parametrize("seed", [1, 2])
def test_spoilt_names_and_values_of_every_active_model_come_back_exactly(
    seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    client, service, _ = virtual_kie()
    made = exact = spoilt = 0
    wrong: set[str] = set()
    models: set[str] = set()
    for one in spoilt_requests(Random(seed)):
        meant = request_of(catalog.get(one.model), one.body)
        found: Request[Result] | None = client.plan(one.model, **one.given).request
        made, spoilt = made + 1, spoilt + one.spoilt
        models.add(one.model)
        exact += found == meant
        wrong |= set() if found == meant else {one.model}
    with capsys.disabled():
        share = exact / made
        print(f"\n{made} requests with {spoilt} spoilt names and values: {share:.2%} exact; not all of {sorted(wrong)}")
    assert models == {model.id for model in catalog.models(status="active")}, "a model without a valid example"
    assert made > 2000
    assert spoilt > 4 * made
    assert share >= FLOOR
    assert service.log == []


def test_what_stands_in_its_documented_form_is_not_changed() -> None:
    client, _, _ = virtual_kie()
    seen = 0
    for model in catalog.models(status="active"):
        document = model.json_schema()
        documented = Schema(documented_throughout(document))
        facts = cast("dict[str, Any]", document["x-kie"])
        for body in facts.get("examples") or []:
            plan = client.plan(model.id, **body)
            if plan.request is not None and documented._holds(body):
                assert plan.changes == (), (model.id, plan.changes)
                seen += 1
    assert seen > 300
