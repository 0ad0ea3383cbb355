"""Veo, Runway, Aleph and Luma: the vendor's own requests, answers and reports."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kie import Kie, TaskRef, catalog
from kie._core.json import JSONObject
from kie._core.result_types import read_result
from kie._core.results import VideoResult
from kie._core.schema import SEEN, documented
from kie._records.lifecycles import lifecycle
from kie._records.reading import read_status, read_task_id
from kie.testing import VirtualClock
from kie.webhooks import parse
from tests.conformance.support import Accepting, load

REQUESTS = {
    "veo": "apis/post_api_v1_veo_generate",
    "veo/extend-video": "apis/post_api_v1_veo_extend",
    "veo/4k": "apis/post_api_v1_veo_get_4k_video",
    "runway/generate": "apis/post_api_v1_runway_generate",
    "runway/extend": "apis/post_api_v1_runway_extend",
    "aleph": "apis/post_api_v1_aleph_generate",
    "luma": "legacy/post_api_v1_modify_generate",
}
"""The pages that show requests. That of the 1080p version shows query parameters alone."""
FAMILIES = {"veo": "veo", "veo-4k": "veo-4k", "runway": "runway", "aleph": "aleph", "luma": "luma-modify"}
"""Families that send reports, with what the facts call them."""


def page(reference: Path, name: str) -> dict[str, Any]:
    return load(reference / f"{name}.yaml")


def family(reference: Path, name: str) -> dict[str, Any]:
    rows = load(reference / "lifecycle.yaml")["families"]
    return next(row for row in rows if row["id"] == FAMILIES.get(name, name))


def shown(schema: dict[str, Any]) -> Any:
    """The example of a schema: its own, or one put together from those of its fields; else its first value."""
    for part in schema.get("allOf", []):
        schema = {**schema, "properties": {**schema.get("properties", {}), **part.get("properties", {})}}
    if "example" in schema:
        return schema["example"]
    if schema.get("examples"):
        return schema["examples"][0]
    if "properties" in schema:
        return {name: shown(field) for name, field in schema["properties"].items()}
    return schema.get("enum", [None])[0]


def answer(document: dict[str, Any]) -> Any:
    content = document["responses_june_2026"]["200"] if "responses_june_2026" in document else document["responses"]
    return content.get("example") or shown(content["schema"])


def report(document: dict[str, Any]) -> Any:
    (operation,) = document["callbacks_june_2026"].values()
    (item,) = operation.values()
    return shown(item["post"]["requestBody"]["content"]["application/json"]["schema"])


def examples(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    captures = [document.get("request", {}), document.get("june_2026_request", {})]
    for capture in captures:
        content = capture.get("application/json", {})
        yield from content.get("schema", {}).get("examples", [])
        if "example" in content:
            yield content["example"]
    if "example" in document:
        yield document["example"]


@pytest.mark.parametrize("model", REQUESTS)
def test_the_vendors_examples_go_over_the_wire_unchanged(model: str, reference: Path) -> None:
    document = page(reference, REQUESTS[model])
    cls = catalog.get(model).request_class
    sent = 0
    for example in examples(document):
        transport = Accepting()
        client = Kie("key", transport=transport, callback_url=example["callBackUrl"], limit_group=model)
        client._driver.session.clock = VirtualClock()
        body = {key: value for key, value in example.items() if key != "callBackUrl"}
        client.submit(cls.from_wire(body))

        (post,) = transport.submitted
        assert (post.method, post.url) == (document["method"], f"{document['servers'][0]}{document['path']}")
        assert transport.bodies == [example]
        sent += 1
    assert sent >= 1


def test_a_guides_request_for_aleph_is_sent_to_the_path_that_replaced_its_own(reference: Path) -> None:
    guide = page(reference, "legacy/post_api_v1_runway_aleph_generate")
    transport = Accepting()
    client = Kie("key", transport=transport, limit_group="aleph")
    client.submit(catalog.get("aleph").request_class.from_wire(guide["example"]))
    (post,) = transport.submitted
    assert f"POST {post.url.removeprefix('https://api.kie.ai')}" == guide["stands_for"]
    assert transport.bodies == [guide["example"]]


@pytest.mark.parametrize(
    ("model", "field"),
    [
        ("veo", "prompt"),
        ("veo/extend-video", "prompt"),
        ("veo/4k", "index"),
        ("runway/generate", "prompt"),
        ("aleph", "prompt"),
    ],
)
def test_every_field_of_the_vendors_page_is_a_field_here(model: str, field: str, reference: Path) -> None:
    schema: Any = catalog.get(model).json_schema()
    vendor = page(reference, REQUESTS[model])["request"]["application/json"]["schema"]
    fields = {name: documented(ours) for name, ours in schema["properties"].items() if SEEN not in ours}
    assert field in fields
    assert set(fields) == set(vendor["properties"]) - {"callBackUrl"}
    assert set(schema["required"]) == set(vendor["required"])
    for name, ours in fields.items():
        theirs = vendor["properties"][name]
        assert ours.get("enum", theirs.get("enum")) == theirs.get("enum", ours.get("enum"))
        assert ours.get("default", theirs.get("default")) == theirs.get("default")


@pytest.mark.parametrize("model", REQUESTS)
def test_the_id_of_a_task_is_read_from_the_answer_to_its_submission(model: str, reference: Path) -> None:
    found = answer(page(reference, REQUESTS[model]))
    assert read_task_id(lifecycle(catalog.get(model).lifecycle), found) == found["data"]["taskId"]


JUNE = datetime(2025, 6, 6, 10, 30, tzinfo=UTC)
AUGUST = datetime(2023, 8, 15, 14, 30, 45, tzinfo=UTC)
RECORDS: dict[str, tuple[str, tuple[str, ...], datetime | None, bool]] = {
    "apis/get_api_v1_veo_record_info": ("veo", ("http://example.com/video1.mp4",), JUNE, True),
    "apis/get_api_v1_runway_record_detail": ("runway", ("https://file.com/k/xxxxxxx.mp4",), AUGUST, True),
    "apis/get_api_v1_aleph_record_info": ("aleph", ("https://file.com/k/xxxxxxx.mp4",), AUGUST, False),
    "legacy/get_api_v1_modify_record_info": (
        "luma",
        ("https://tempfile.aiquickdraw.com/l/f782018c-6be4-4990-96ba-7231cd5a39e7.mp4",),
        datetime(2025, 8, 13, 9, 48, tzinfo=UTC),
        False,
    ),
    "apis/get_api_v1_veo_get_1080p_video": (
        "veo-1080p",
        ("https://tempfile.aiquickdraw.com/p/42f4f8facbb040c0ade87c27cb2d5e58_1749711595.mp4",),
        None,
        False,
    ),
}


@pytest.mark.parametrize("name", RECORDS)
def test_the_vendors_record_reads_as_a_success_with_its_files_and_times(name: str, reference: Path) -> None:
    row, urls, completed, assumed = RECORDS[name]
    status = read_status(lifecycle(row), TaskRef("1", row), answer(page(reference, name)))
    assert (status.state, status.urls, status.kind) == ("succeeded", urls, "video")
    assert (status.completed_at, status.times_assumed) == (completed, assumed)
    assert (status.fail_code, status.fail_message, status.expired) == (None, None, False)


def test_a_result_tells_the_files_beside_the_videos(reference: Path) -> None:
    def result(name: str, row: str) -> VideoResult:
        status = read_status(lifecycle(row), TaskRef("1", row), answer(page(reference, name)))
        made = read_result("video", status)
        assert isinstance(made, VideoResult)
        return made

    veo = result("apis/get_api_v1_veo_record_info", "veo")
    assert (veo.origin_urls, veo.resolution) == (("http://example.com/original_video1.mp4",), "1080p")
    assert result("apis/get_api_v1_runway_record_detail", "runway").cover_urls == ("https://file.com/m/xxxxxxxx.png",)
    assert result("apis/get_api_v1_aleph_record_info", "aleph").cover_urls == ("https://file.com/m/xxxxxxxx.png",)


REPORTS = {
    "apis/post_api_v1_veo_generate": ("veo", "veo_task_abcdef123456", "http://example.com/video1.mp4"),
    "apis/post_api_v1_veo_extend": ("veo", "veo_extend_task_xyz789", "http://example.com/extended_video1.mp4"),
    "apis/post_api_v1_veo_get_4k_video": (
        "veo-4k",
        "bf3e7adb-fb6c-4257-bbcd-470787386fb0",
        "https://file.aiquickdraw.com/p/d1301f0aa3f647c1ab7bb1f60ef006c0_1750236843.mp4",
    ),
    "apis/post_api_v1_runway_generate": (
        "runway",
        "ee603959-debb-48d1-98c4-a6d1c717eba6",
        "https://file.com/k/xxxxxxx.mp4",
    ),
    "apis/post_api_v1_runway_extend": (
        "runway",
        "ee603959-debb-48d1-98c4-a6d1c717eba6",
        "https://file.com/k/xxxxxxx.mp4",
    ),
    "apis/post_api_v1_aleph_generate": (
        "aleph",
        "ee603959-debb-48d1-98c4-a6d1c717eba6",
        "https://file.com/k/xxxxxxx.mp4",
    ),
}


@pytest.mark.parametrize("name", REPORTS)
def test_the_vendors_report_reads_as_a_success(name: str, reference: Path) -> None:
    row, task_id, url = REPORTS[name]
    body = report(page(reference, name))
    status = parse(body, of=row)
    assert (str(status.ref), status.state, status.urls) == (f"{row}:{task_id}", "succeeded", (url,))
    if row != "aleph":  # this shape of its report is that of Runway
        assert parse(body) == status


@pytest.mark.parametrize("name", FAMILIES)
def test_the_shapes_of_reports_read_alike(name: str, reference: Path) -> None:
    known = load(reference / "legacy/post_api_v1_modify_generate.yaml") if name == "luma" else family(reference, name)
    callback = known["callback"]
    bodies = [callback.get("success") or callback["example"], *callback.get("variants", [])]
    for body in [body for body in bodies if isinstance(body, dict)]:
        data = body["data"]
        task_id = data.get("taskId") or data.get("task_id") or body.get("taskId")
        status = parse({"code": 200, **body}, of=name)
        assert (str(status.ref), status.state) == (f"{name}:{task_id}", "succeeded")
        assert len(status.urls) == 1
        assert status.urls[0] in json.dumps(body)
        assert status.urls[0].endswith(".mp4") or status.urls == ("...",)
    if "failure" in callback:
        body = callback["failure"]
        failed = parse(body, of=name)
        assert (failed.state, failed.fail_code, failed.fail_message) == ("failed", str(body["code"]), body["msg"])
        assert failed.urls == ()


@pytest.mark.parametrize("name", ["veo", "veo-4k", "runway", "aleph", "luma"])
def test_the_family_of_a_successful_report_is_reported_by_its_shape(name: str, reference: Path) -> None:
    known = load(reference / "legacy/post_api_v1_modify_generate.yaml") if name == "luma" else family(reference, name)
    body = known["callback"].get("success") or known["callback"]["example"]
    assert parse(body).ref.lifecycle == name


@pytest.mark.parametrize("name", ["veo", "runway", "aleph"])
def test_every_state_that_the_facts_know_is_read_as_they_say(name: str, reference: Path) -> None:
    facts = family(reference, name)["state"]
    field = facts["path"].removeprefix("data.")
    for word, state in facts["map"].items():
        value = int(word) if facts["type"] == "integer" else word
        for sent in (value, word):
            status = read_status(lifecycle(name), TaskRef("1", name), {"code": 200, "data": {field: sent}})
            assert (status.state, status.raw_state) == (state, word)


@pytest.mark.parametrize("word", ["0", "1", "2", "3", "4"])
def test_lumas_fifth_state_is_a_success_if_there_is_a_video(word: str, reference: Path) -> None:
    record = answer(page(reference, "legacy/get_api_v1_modify_record_info"))
    record = {**record, "data": {**record["data"], "successFlag": int(word)}}
    bare = {**record, "data": {**record["data"], "response": None}}
    states = {"0": "running", "1": "succeeded", "2": "failed", "3": "failed", "4": "succeeded"}
    row, ref = lifecycle("luma"), TaskRef("1", "luma")
    assert read_status(row, ref, record).state == states[word]
    assert read_status(row, ref, bare).state == ("failed" if word == "4" else states[word])


LIVE = [
    # seen of Aleph on 2026-08-18: running, then failed; and what the page calls failed
    ({"successFlag": 0, "errorCode": None, "completeTime": None, "createTime": 1755500000000}, "running", None),
    ({"successFlag": 3, "errorCode": 500, "errorMessage": "internal error"}, "failed", "500"),
    ({"successFlag": 0, "errorCode": 500, "errorMessage": "internal error"}, "failed", "500"),
    ({"successFlag": 0, "errorCode": 0, "completeTime": 1755500016000}, "failed", "0"),
]


@pytest.mark.parametrize(("data", "state", "code"), LIVE)
def test_aleph_says_in_two_ways_that_a_task_failed(data: dict[str, Any], state: str, code: str | None) -> None:
    status = read_status(lifecycle("aleph"), TaskRef("1", "aleph"), {"code": 200, "data": data})
    assert (status.state, status.fail_code) == (state, code)


def test_the_record_of_a_video_is_not_taken_for_that_of_its_4k_version(reference: Path) -> None:
    record = answer(page(reference, "apis/get_api_v1_veo_record_info"))
    row, ref = lifecycle("veo-4k"), TaskRef("1", "veo-4k")
    assert read_status(row, ref, record).state == "running"
    response = {**record["data"]["response"], "resultUrls": ["https://example.com/4k.mp4"]}
    for mark in ({"mediaIds": ["CAUaJDQ5"]}, {"imageUrls": ["https://example.com/4k.jpg"]}):
        done = {**record, "data": {**record["data"], "response": {**response, **mark}}}
        status = read_status(row, ref, done)
        assert (status.state, status.urls) == ("succeeded", ("https://example.com/4k.mp4",))


@pytest.mark.parametrize("urls", ["https://example.com/a.mp4", '["https://example.com/a.mp4"]'])
def test_an_older_veo_record_holds_its_videos_as_text(urls: str) -> None:
    data: JSONObject = {"successFlag": 1, "response": None, "resultUrls": urls}
    status = read_status(lifecycle("veo"), TaskRef("1", "veo"), {"code": 200, "data": data})
    assert (status.state, status.urls) == ("succeeded", ("https://example.com/a.mp4",))


def test_veo_times_are_read_as_figures_too() -> None:
    data: JSONObject = {"successFlag": 1, "createTime": 1755500000000, "completeTime": 1755500120000}
    status = read_status(lifecycle("veo"), TaskRef("1", "veo"), {"code": 200, "data": data})
    assert (status.seconds, status.times_assumed) == (120.0, False)


def test_a_runway_video_that_is_gone_is_marked(reference: Path) -> None:
    record = answer(page(reference, "apis/get_api_v1_runway_record_detail"))
    gone = {**record, "data": {**record["data"], "expireFlag": 1}}
    assert read_status(lifecycle("runway"), TaskRef("1", "runway"), gone).expired
