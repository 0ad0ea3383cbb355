"""The vendor's own requests, answers and reports of the image, Omni and voice families, against rows and schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from kie import Asset, Kie, RequestInvalid, TaskRef, TaskStatus, catalog
from kie._core.call import HttpRequest, HttpResponse
from kie._core.result_types import read_result
from kie._core.results import ImageResult
from kie._core.voices import CharacterResult, VoiceResult
from kie._policy.codes import judge
from kie._records.lifecycles import lifecycle
from kie._records.reading import read_status, read_task_id
from kie.testing import VirtualClock
from kie.webhooks import parse
from tests.conformance.support import Accepting
from tests.conformance.test_video_families import answer, examples, family, page, report

REQUESTS = {
    "gpt4o-image": "apis/post_api_v1_gpt4o_image_generate",
    "flux-kontext": "apis/post_api_v1_flux_kontext_generate",
    "midjourney": "legacy/post_api_v1_mj_generate",
    "midjourney/upscale": "legacy/post_api_v1_mj_generateUpscale",
    "midjourney/vary": "legacy/post_api_v1_mj_generateVary",
    "midjourney/video-extend": "legacy/post_api_v1_mj_generateVideoExtend",
    "omni/audio": "apis/post_api_v1_omni_audio_create",
    "omni/character": "apis/post_api_v1_omni_character_create",
    "voice/validate": "apis/post_api_v1_voice_validate",
    "voice/regenerate": "apis/post_api_v1_voice_regenerate",
    "voice/generate": "apis/post_api_v1_voice_generate",
    "voice/check": "apis/post_api_v1_voice_check_voice",
}
SLIPS = {
    ("omni/character", "description"): {"description", "descriptions"},  # the schema calls it descriptions
    ("voice/check", "task_id"): {"task_id"},  # a blank form: the id is empty
}
"""Examples that are no valid requests by the page itself: what they hold, and the fields at fault."""
CALLBACKS = {"callBackUrl", "calBackUrl"}
ONE_LETTER_SHORT = "calBackUrl"
SHOWN_ONLY = {"isEnhance", "uploadCn", "enableFallback", "fallbackModel", "nVariants", "maskUrl"}
"""Fields of gpt4o-image that stand in examples and guides, but no longer on the page."""


class Finished(Accepting):
    """Knows every earlier task as a finished one."""

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        if request.method != "GET":
            return super().send(request, timeout)
        (named,) = parse_qs(urlsplit(request.url).query)["taskId"]
        record = {"taskId": named, "successFlag": 1, "status": "success", "validateInfo": "la", "voiceId": "v"}
        return HttpResponse(status=200, headers={}, body=json.dumps({"code": 200, "data": record}).encode())


def shown_requests(reference: Path, model: str) -> Iterator[dict[str, Any]]:
    for example in examples(page(reference, REQUESTS[model])):
        if isinstance(example, dict):
            yield example


def slip(model: str, example: dict[str, Any]) -> set[str] | None:
    for (name, field), faulty in SLIPS.items():
        if name == model and field in example and (field != "task_id" or not example[field]):
            return faulty
    return None


@pytest.mark.parametrize("model", REQUESTS)
def test_the_vendors_examples_go_over_the_wire_unchanged(model: str, reference: Path) -> None:
    document = page(reference, REQUESTS[model])
    cls = catalog.get(model).request_class
    seen = 0
    for example in shown_requests(reference, model):
        seen += 1
        body = {key: value for key, value in example.items() if key not in CALLBACKS}
        faulty = slip(model, example)
        if faulty is not None:
            with pytest.raises(RequestInvalid) as caught:
                cls.from_wire(body)
            assert {issue.path for issue in caught.value.issues} == faulty
            continue
        transport = Finished()
        url = example.get("callBackUrl", example.get(ONE_LETTER_SHORT))
        client = Kie("key", transport=transport, callback_url=url, limit_group=model)
        client._driver.session.clock = VirtualClock()

        client.submit(cls.from_wire(body), allow_retired=True)

        (post,) = transport.submitted
        assert (post.method, post.url) == (document["method"], f"{document['servers'][0]}{document['path']}")
        sent = json.loads(post.content or b"")
        if model == "voice/regenerate":
            assert sent.pop(ONE_LETTER_SHORT) == "https://callback.invalid/kie"
        assert sent == example
    assert seen >= 1


@pytest.mark.parametrize("model", REQUESTS)
def test_every_field_of_the_vendors_page_is_a_field_here(model: str, reference: Path) -> None:
    document = page(reference, REQUESTS[model])
    vendor = document.get("request_schema") or document["request"]["application/json"]["schema"]
    ours: Any = catalog.get(model).json_schema()
    theirs = set(vendor["properties"]) - CALLBACKS
    more = SHOWN_ONLY if model == "gpt4o-image" else set()
    less = {"ow", "fileUrl", "fileUrls", "videoBatchSize", "motion"} if model == "midjourney" else set()
    assert set(ours["properties"]) == (theirs | more) - less
    assert set(ours["required"]) == set(vendor["required"]) - CALLBACKS - ({"taskType"} if less else set())
    noted = {note["at"] for note in ours["x-kie"].get("curation") or []}
    for name in theirs - less:
        mine, yours = ours["properties"][name], vendor["properties"][name]
        for keyword in (
            "type",
            "enum",
            "default",
            "minimum",
            "maximum",
            "multipleOf",
            "minItems",
            "maxItems",
            "maxLength",
        ):
            if mine.get(keyword) != yours.get(keyword):
                at = f"/properties/{name}"
                explained = {at, f"{at}/{keyword}", *([f"{at}/enum"] if keyword in ("minimum", "maximum") else [])}
                assert explained & noted or str(mine.get(keyword)) in yours["description"], (name, keyword)


MIDJOURNEY = {
    "mj_txt2img": "midjourney",
    "mj_img2img": "midjourney/image-to-image",
    "mj_style_reference": "midjourney/style-reference",
    "mj_omni_reference": "midjourney/omni-reference",
    "mj_video": "midjourney/video",
    "mj_video_hd": "midjourney/video",
}


def test_every_task_type_of_midjourney_has_its_class_with_the_bounds_of_the_page(reference: Path) -> None:
    vendor = page(reference, REQUESTS["midjourney"])["request_schema"]["properties"]
    assert set(MIDJOURNEY) == set(vendor["taskType"]["enum"])
    fields: set[str] = set()
    for task_type, model in MIDJOURNEY.items():
        entry = catalog.get(model)
        ours: Any = entry.json_schema()["properties"]
        assert entry.status == "retired" and entry.successors
        assert task_type in ours["taskType"]["enum"]
        fields |= set(ours)
        for name in set(ours) - {"taskType"}:
            for keyword in ("type", "enum", "minimum", "maximum", "multipleOf", "maxLength"):
                assert ours[name].get(keyword) == vendor[name].get(keyword), (model, name, keyword)
    assert fields == set(vendor) - CALLBACKS


def test_the_preset_voices_and_languages_are_those_of_the_prose(reference: Path) -> None:
    def enum(model: str, field: str) -> list[str]:
        schema: Any = catalog.get(model).json_schema()
        return list(schema["properties"][field]["enum"])

    fields = page(reference, REQUESTS["omni/audio"])["request"]["application/json"]["schema"]["properties"]
    assert enum("omni/audio", "audio_id") == fields["audio_id"]["examples"]
    assert all(f"{voice} - " in fields["audio_id"]["description"] for voice in enum("omni/audio", "audio_id"))
    prose = page(reference, REQUESTS["voice/validate"])["request"]["application/json"]["schema"]["properties"]
    languages = enum("voice/validate", "language")
    assert prose["language"]["description"].count("(") == len(languages)
    assert all(f"({code})" in prose["language"]["description"] for code in languages)


POLLED = ["gpt4o-image", "flux-kontext", "midjourney", "midjourney/upscale"]


@pytest.mark.parametrize("model", POLLED)
def test_the_id_of_a_task_is_read_from_the_answer_to_its_submission(model: str, reference: Path) -> None:
    document = page(reference, REQUESTS[model])
    found = answer(document) if "responses_june_2026" in document else document["responses"]["example"]
    assert read_task_id(lifecycle(catalog.get(model).lifecycle), found) == found["data"]["taskId"]


RECORDS = {
    "gpt4o-image": (
        "apis/get_api_v1_gpt4o_image_record_info",
        "https://example.com/result/image1.png",
        datetime(2023, 1, 1, 8, 20, tzinfo=UTC),
        datetime(2023, 1, 1, 12, 0, tzinfo=UTC),
    ),
    "flux-kontext": (
        "apis/get_api_v1_flux_kontext_record_info",
        "https://example.com/result.jpg",
        datetime(2024, 3, 20, 10, 25, tzinfo=UTC),
        datetime(2024, 3, 20, 10, 30, tzinfo=UTC),
    ),
    "midjourney": (
        "legacy/get_api_v1_mj_record_info",
        "https://tempfile.aiquickdraw.com/v/42ea4a4250571eb18361bd2e309c8e8a_0_0.jpeg",
        datetime(2024, 3, 20, 10, 30, tzinfo=UTC),
        datetime(2024, 3, 20, 10, 30, tzinfo=UTC),
    ),
}


def record(reference: Path, name: str) -> dict[str, Any]:
    document = page(reference, RECORDS[name][0])
    found: dict[str, Any] = answer(document) if "responses_june_2026" in document else document["responses"]["example"]
    return found


def read(name: str, document: Any) -> TaskStatus:
    return read_status(lifecycle(name), TaskRef("1", name), document)


@pytest.mark.parametrize("name", RECORDS)
def test_the_vendors_record_reads_as_a_success_with_its_files_and_times(name: str, reference: Path) -> None:
    _, url, created, completed = RECORDS[name]
    status = read(name, record(reference, name))
    assert (status.state, status.urls, status.kind) == ("succeeded", (url,), "image")
    assert (status.created_at, status.completed_at, status.times_assumed) == (created, completed, False)
    assert status.seconds == (completed - created).total_seconds()
    assert (status.fail_code, status.fail_message, status.expired) == (None, None, False)


def test_a_record_tells_progress_and_the_image_before_it_was_worked_on(reference: Path) -> None:
    assert read("gpt4o-image", record(reference, "gpt4o-image")).progress in (1.0, 100.0)
    made = read_result("image", read("flux-kontext", record(reference, "flux-kontext")))
    assert isinstance(made, ImageResult)
    assert (made.urls, made.origin_urls) == (("https://example.com/result.jpg",), ("https://example.com/original.jpg",))


STATES = ["gpt4o-image", "flux-kontext", "midjourney", "voice-validate", "voice-generate"]


@pytest.mark.parametrize("name", STATES)
def test_every_state_that_the_facts_know_is_read_as_they_say(name: str, reference: Path) -> None:
    facts = family(reference, name)["state"]
    places = [(facts["path"], facts["map"])]
    if "second" in facts:
        places.append((facts["second"]["path"], facts["second"]["map"]))
    known = 0
    for path, states in places:
        for word, state in states.items():
            sent = [word, int(word)] if word.isdigit() else [word]
            for value in sent:
                status = read(name, {"code": 200, "data": {path.removeprefix("data."): value}})
                assert (status.state, status.raw_state) == (state, word)
            known += 1
    assert known == len(lifecycle(name).states)


@pytest.mark.parametrize("name", RECORDS)
def test_a_failed_record_gives_the_services_code_and_words(name: str, reference: Path) -> None:
    document = record(reference, name)
    data = {**document["data"], "status": None, "successFlag": 2, "errorCode": 400, "errorMessage": "not allowed"}
    data = {key: value for key, value in data.items() if key not in ("response", "resultInfoJson")}
    status = read(name, {**document, "data": data})
    assert (status.state, status.urls) == ("failed", ())
    assert (status.fail_code, status.fail_message) == ("400", "not allowed")


def test_a_gpt4o_record_is_read_in_the_spelling_of_the_quickstart(reference: Path) -> None:
    document = record(reference, "gpt4o-image")
    urls = document["data"]["response"]["resultUrls"]
    spelt = {**document, "data": {**document["data"], "response": {"result_urls": urls}}}
    assert read("gpt4o-image", spelt).urls == tuple(urls)


def test_a_midjourney_record_may_list_bare_urls_or_be_text(reference: Path) -> None:
    document = record(reference, "midjourney")
    url = RECORDS["midjourney"][1]
    bare = {"resultUrls": [url]}
    for info in (bare, json.dumps(bare), json.dumps(document["data"]["resultInfoJson"])):
        spelt = {**document, "data": {**document["data"], "resultInfoJson": info}}
        assert read("midjourney", spelt).urls == (url,)


@pytest.mark.parametrize("name", ["gpt4o-image", "flux-kontext"])
def test_the_report_on_the_page_reads_as_a_success(name: str, reference: Path) -> None:
    body = report(page(reference, REQUESTS[name]))
    status = parse(body)
    assert (str(status.ref), status.state) == (f"{name}:task12345", "succeeded")
    assert status.urls == (RECORDS[name][1],)


REPORTED = ["gpt4o-image", "flux-kontext", "midjourney", "voice-validate", "voice-generate"]


@pytest.mark.parametrize("name", REPORTED)
def test_the_reports_of_the_facts_are_read(name: str, reference: Path) -> None:
    callback = family(reference, name)["callback"]
    body = callback["success"]
    status = parse(body, of=name)
    assert (status.ref, status.state) == (TaskRef(body["data"]["taskId"], name), "succeeded")
    assert [url for url in status.urls if url not in json.dumps(body)] == []
    assert len(status.urls) == (0 if name.startswith("voice") else 1)
    if name != "midjourney":  # its reports look like those of Luma
        assert parse(body).ref.lifecycle == name
    if "failure" in callback:
        failure = callback["failure"]
        failed = parse(failure, of=name)
        code = failure["data"].get("errorCode") or failure["code"]
        message = failure["data"].get("errorMessage") or failure["msg"]
        assert (failed.state, failed.fail_code, failed.fail_message) == ("failed", str(code), message)
        assert failed.urls == ()


def test_the_callback_pages_of_midjourney_are_read(reference: Path) -> None:
    callback = page(reference, REQUESTS["midjourney"])["callback"]
    status = parse(callback["example"], of="midjourney")
    assert (status.state, status.urls) == ("succeeded", ("https://example.com/mj_result1.png",))
    failed = parse(callback["failure"], of="midjourney")
    assert (failed.state, failed.fail_code, failed.fail_message) == ("failed", "500", "Image generation failed")


def test_a_voice_report_gives_the_phrase_and_the_voice(reference: Path) -> None:
    def result(name: str) -> VoiceResult:
        body = family(reference, name)["callback"]["success"]
        made = read_result("voice", parse(body))
        assert isinstance(made, VoiceResult)
        return made

    assert (result("voice-validate").phrase, result("voice-validate").voice_id) == ("...", None)
    assert (result("voice-generate").phrase, result("voice-generate").voice_id) == (None, "...")


def test_a_report_of_a_voice_called_fail_is_one_of_a_failure(reference: Path) -> None:
    body = family(reference, "voice-generate")["callback"]["success"]
    failed = {**body, "data": {**body["data"], "voiceId": "fail"}}
    assert parse(failed).state == "failed"


def test_the_answers_of_omni_are_results_at_once(reference: Path) -> None:
    voice = answer(page(reference, REQUESTS["omni/audio"]))
    made = read_result("voice", read("omni-audio", voice))
    assert isinstance(made, VoiceResult)
    assert (made.status.state, made.voice_id, made.name) == ("succeeded", "a8f1c2d3e4f5...", voice["data"]["name"])
    assert read_task_id(lifecycle("omni-audio"), voice) == "a8f1c2d3e4f5..."
    evidence = family(reference, "omni-audio")["evidence"]
    live = {"code": 200, "data": json.loads(evidence[evidence.index("{") :])}
    made = read_result("voice", read("omni-audio", live))
    assert isinstance(made, VoiceResult) and made.voice_id == live["data"]["audioId"]
    answered = answer(page(reference, REQUESTS["omni/character"]))
    character = read_result("character", read("omni-character", answered))
    assert isinstance(character, CharacterResult)
    assert (character.character_id, character.image_url) == ("b09dbf56...", "https://xx.com/a.png")
    assert character.name == answered["data"]["characterName"]


def test_a_link_is_asked_for_as_the_page_shows(reference: Path) -> None:
    document = page(reference, "apis/post_api_v1_gpt4o_image_download_url")
    body, answered = next(examples(document)), answer(document)

    class Linking(Accepting):
        def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
            self.submitted.append(request)
            return HttpResponse(status=200, headers={}, body=json.dumps(answered).encode())

    transport = Linking()
    client = Kie("key", transport=transport, limit_group="link")
    client._driver.session.clock = VirtualClock()
    link = client.download_url(Asset(body["url"], 0, "image", TaskRef(body["taskId"], "gpt4o-image")))
    assert link == answered["data"]
    (post,) = transport.submitted
    assert (post.method, post.url) == (document["method"], f"{document['servers'][0]}{document['path']}")
    assert json.loads(post.content or b"") == body


@pytest.mark.parametrize("name", ["gpt4o-image", "flux-kontext", "midjourney"])
def test_every_code_of_the_pages_is_known_and_none_makes_a_second_task(name: str, reference: Path) -> None:
    codes = family(reference, name)["codes"]
    free = {429, 430, 455, 550}
    for code in codes["submit"]:
        assert judge(200, code, lifecycle(name).codes).retry_submit == (code in free), code
    for code in codes["poll"]:
        assert judge(200, code, lifecycle(name).codes).ends_task == (code in (408, 501, 531)), code


@pytest.mark.parametrize("name", STATES)
def test_a_missing_record_is_known_by_the_answer_of_the_facts(name: str, reference: Path) -> None:
    missing = family(reference, name)["not_found"]
    row = lifecycle(name).not_found
    assert row["empty_data"] if missing["code"] == 200 else missing["code"] in row["codes"]
