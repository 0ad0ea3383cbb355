"""A body for an endpoint that several entries share is judged by the entry that it names."""

from __future__ import annotations

from typing import Any

import pytest

from kie import catalog
from kie._records.lifecycles import lifecycle
from kie.simulator import Simulator
from kie.simulator._entries import discriminator, entries_of, entry_for
from tests.simulator.support import ask, read

SHARED = [
    (model.lifecycle, operation)
    for model in catalog.models(status="all")
    if model.lifecycle != "jobs"
    for operation in lifecycle(model.lifecycle).submit
    if len(entries_of(model.lifecycle, operation)) > 1
]
IMAGE = "https://example.com/sea.jpg"
VIDEO: dict[str, Any] = {"taskType": "mj_video", "prompt": "The waves roll in", "fileUrls": [IMAGE]}


def said(body: object) -> tuple[int, str]:
    """The code and the message for a submission to Midjourney."""
    envelope = read(ask(Simulator(credits=1000), "POST", "/api/v1/mj/generate", body))
    return envelope["code"], envelope["msg"]


@pytest.mark.parametrize(("family", "operation"), sorted(set(SHARED)))
def test_a_field_tells_the_entries_of_a_shared_endpoint_apart(family: str, operation: str) -> None:
    entries = entries_of(family, operation)
    field = discriminator(entries)
    for entry in entries:
        node: Any = entry.json_schema()["properties"]
        for value in node[field]["enum"]:
            assert entry_for(entries, {field: value}) == entry


def test_there_is_a_shared_endpoint_to_test_with() -> None:
    assert ("midjourney", "generateMidjourney") in SHARED


def test_entries_that_nothing_tells_apart_are_an_error() -> None:
    kling = catalog.get("kling-3.0/video")
    with pytest.raises(LookupError, match=r"no field tells kling-3\.0/video, kling-3\.0/video apart"):
        discriminator((kling, kling))


def test_a_body_that_would_fit_another_entry_is_refused_by_its_own() -> None:
    assert said(VIDEO)[0] == 200
    image = {"taskType": "mj_img2img", "prompt": "The waves roll in", "fileUrls": [IMAGE, IMAGE]}
    assert said(image)[0] == 200
    assert said({**image, "taskType": "mj_video"}) == (422, "fileUrls: has 2 items; at most 1 is allowed")
    assert said({"taskType": "mj_video", "prompt": "The waves roll in"}) == (422, "(request): fileUrls is needed")


def test_all_faults_that_are_named_are_those_of_the_entry_that_the_body_names() -> None:
    code, message = said({**VIDEO, "taskType": "mj_txt2img", "prompt": ""})
    assert code == 422
    assert message.startswith("prompt: ")
    assert "; fileUrls: is not a field of this model" in message


def test_a_body_that_names_no_entry_is_refused() -> None:
    assert said({name: value for name, value in VIDEO.items() if name != "taskType"}) == (422, "taskType: is required")
    code, message = said({**VIDEO, "taskType": "mj_hologram"})
    assert code == 422
    assert message.startswith("taskType: 'mj_hologram' is not one of mj_txt2img, mj_img2img")
    assert message.endswith("mj_video, mj_video_hd")
    assert said({**VIDEO, "taskType": ["mj_video"]})[0] == 422
