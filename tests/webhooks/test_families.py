"""Reports of every family: the documented ones are verified and read, and clients wait for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from kie import PollPolicy, catalog
from kie.testing import virtual_kie
from kie.webhooks import parse, sign, verify
from tests.webhooks.test_via import Post

NOW = 1_767_225_600


def reports(facts: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    """The documented reports of a family, and the state that each is of."""
    callback = facts["callback"]
    good = [callback.get("success"), *callback.get("variants", [])]
    found = [({"code": 200, **body}, "succeeded") for body in good if isinstance(body, dict) and "data" in body]
    bad = callback.get("failure")
    return [*found, (bad, "failed")] if isinstance(bad, dict) else found


def test_every_documented_report_is_verified_and_read(reference: Path) -> None:
    families = yaml.safe_load((reference / "lifecycle.yaml").read_text("utf-8"))["families"]
    read: dict[str, int] = {}
    for family in families:
        for document, state in reports(family) if family.get("callback") else ():
            data = document["data"] or {}
            task_id = data.get("taskId") or data.get("task_id") or document.get("taskId")
            body = json.dumps(document).encode()
            status = parse(verify(sign(body, "secret", now=NOW), body, "secret", now=NOW))
            assert (status.ref.id, status.state) == (task_id, state), family["id"]
            read[family["id"]] = read.get(family["id"], 0) + 1
    assert len(read) >= 18 and sum(read.values()) >= 36


@pytest.mark.parametrize("model", ["veo", "runway", "aleph", "gpt4o-image", "flux-kontext", "voice/validate"])
def test_a_client_waits_for_the_callbacks_of_families_beside_the_market(model: str) -> None:
    entry = catalog.get(model)
    facts: Any = entry.json_schema()["x-kie"]
    post = Post(credits=10**6)
    client, service, clock = virtual_kie(post.service, clock=post.clock, poll=PollPolicy(first=500, cap=500))
    client.run(entry.request_class.from_wire(facts["examples"][0]), via=post)
    assert post.answers == [200]
    assert len(service.log) == 2, "submitted once and looked at once"
    assert clock.now() < max(task.ends for task in service.tasks.values()) + 0.5
