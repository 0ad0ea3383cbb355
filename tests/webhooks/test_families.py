"""Reports of every family: the documented ones are verified and read, and clients wait for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from kie import PollPolicy, TaskStatus, catalog
from kie.testing import virtual_kie
from kie.webhooks import Receiver, parse, sign, verify
from tests.webhooks.support import NOW, SECRET, Delivery, StillClock, over_wsgi
from tests.webhooks.test_via import Post


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


def test_each_step_of_a_song_is_handled_once() -> None:
    got: list[TaskStatus] = []
    receiver = Receiver(SECRET, on_status=got.append, clock=StillClock())
    track = {"id": "a", "audio_url": "https://example.com/a.mp3", "title": "Iron Man"}
    for at, step in enumerate(["text", "first", "complete", "complete"], NOW):
        data = {"callbackType": step, "task_id": "t1", "data": [track] if step != "text" else []}
        body = json.dumps({"code": 200, "msg": "ok", "data": data}).encode()
        assert over_wsgi(receiver, Delivery(body=body, at=at))[0] == 200
    assert [(status.raw_state, status.state) for status in got] == [
        ("text", "running"),
        ("first", "running"),
        ("complete", "succeeded"),
    ]
    assert {str(status.ref) for status in got} == {"suno:t1"}
    assert receiver.wait("t1", 0)


@pytest.mark.parametrize(
    "model", ["veo", "runway/generate", "aleph", "gpt4o-image", "flux-kontext", "voice/validate", "suno"]
)
def test_a_client_waits_for_the_callbacks_of_families_beside_the_market(model: str) -> None:
    entry = catalog.get(model)
    facts: Any = entry.json_schema()["x-kie"]
    post = Post(credits=10**6)
    client, service, clock = virtual_kie(
        post.service, clock=post.clock, poll=PollPolicy(min_interval=500, max_interval=500)
    )
    client.run(entry.request_class.from_wire(facts["examples"][0]), via=post)
    assert post.answers == [200]
    assert len(service.log) == 2, "submitted once and polled once"
    assert clock.now() < max(task.ends for task in service.tasks.values()) + 0.5
