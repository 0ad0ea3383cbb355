"""What was recorded of the Market between March and October 2026, where the recordings lie."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kie import RequestInvalid, TaskRef, catalog
from kie._records.lifecycles import lifecycle
from kie._records.reading import read_status

MOVED_ON = {"grok-imagine-image-2-0/image-edit": "task_id"}
"""Models that took a field in 2026-08 which the service has refused since September."""


@pytest.fixture
def exchanges(reference: Path) -> list[dict[str, Any]]:
    files = sorted((reference / "live-2026-10").glob("*.json"))
    found = [exchange for file in files for exchange in json.loads(file.read_bytes()).get("exchanges", [])]
    assert len(found) > 100
    return found


def accepted(exchanges: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        exchange["request"]
        for exchange in exchanges
        if exchange["url"].endswith("/jobs/createTask") and exchange["response"].get("code") == 200
    ]


def test_every_request_that_the_service_took_is_in_the_catalog_and_sent_as_it_was(
    exchanges: list[dict[str, Any]],
) -> None:
    bodies = accepted(exchanges)
    assert len({body["model"] for body in bodies}) > 20
    for body in bodies:
        request_class = catalog.get(body["model"]).request_class
        if MOVED_ON.get(body["model"]) in body["input"]:
            with pytest.raises(RequestInvalid):
                request_class.from_wire(body)
        else:
            sent = request_class.from_wire(body).to_wire()
            assert sent["model"] == body["model"]
            assert body["input"].items() <= sent["input"].items()  # type: ignore[union-attr]


def test_every_record_is_read_and_names_its_files_where_the_family_does(exchanges: list[dict[str, Any]]) -> None:
    records = [e["response"] for e in exchanges if "/jobs/recordInfo" in e["url"] and e["response"].get("data")]
    assert len(records) > 50
    for answer in records:
        data = answer["data"]
        status = read_status(lifecycle("jobs"), TaskRef(data["taskId"], "jobs"), answer)
        ended = data["state"] in ("success", "fail")
        assert (status.done, status.searched) == (ended, False)
        assert bool(status.urls) is (data["state"] == "success")
        if "creditsConsumed" in data:
            assert (status.credits if ended else status.held) == Decimal(str(data["creditsConsumed"]))
            assert (status.held if ended else status.credits) is None
