"""Suno: the vendor's own examples of requests, records and reports, and what was recorded of the real service."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from kie import Kie, RequestInvalid, TaskStatus, catalog
from kie._core.call import HttpRequest, HttpResponse
from kie._core.music import (
    LyricsResult,
    MidiResult,
    MusicResult,
    PersonaResult,
    StemsResult,
    TextResult,
    TimestampsResult,
)
from kie._core.result_types import result_type
from kie._core.tasks import TaskRef
from kie._io.process import Process
from kie._records.lifecycles import lifecycle
from kie._records.reading import read_status, read_task_id
from kie.errors import ApiError, Unprocessable
from kie.models import SunoExtend, SunoGenerate, SunoLyrics, SunoStyle, SunoWav
from kie.testing import VirtualClock
from kie.webhooks import parse
from tests.conformance.support import asked_for
from tests.conformance.test_live import load as recorded

PAGES = {
    "suno": "generate",
    "suno/extend": "generate_extend",
    "suno/upload-cover": "generate_upload_cover",
    "suno/upload-extend": "generate_upload_extend",
    "suno/add-vocals": "generate_add_vocals",
    "suno/add-instrumental": "generate_add_instrumental",
    "suno/mashup": "generate_mashup",
    "suno/replace-section": "generate_replace_section",
    "suno/sounds": "generate_sounds",
    "suno/persona": "generate_generate_persona",
    "suno/timestamped-lyrics": "generate_get_timestamped_lyrics",
    "suno/style": "style_generate",
    "suno/cover-art": "suno_cover_generate",
    "suno/lyrics": "lyrics",
    "suno/wav": "wav_generate",
    "suno/vocal-separation": "vocal_removal_generate",
    "suno/midi": "midi_generate",
    "suno/music-video": "mp4_generate",
}
"""Every model of these families, with the page that documents it."""
EVERY = pytest.mark.parametrize("model", PAGES)
CAPTURES = pytest.mark.parametrize("capture", ["request", "june_2026_request"])
SLIPS = {("suno/persona", "june_2026_request"): "fullLyrics"}
"""Examples that belong to another page, and a field that shows it: June's persona page has replace-section's."""
INSISTS = {model for model in PAGES if model not in ("suno/replace-section", "suno/sounds", "suno/cover-art")} - {
    *("suno/persona", "suno/timestamped-lyrics", "suno/style"),
}
"""The twelve operations whose callback URL the vendor requires."""
PLACEHOLDER = "https://callback.invalid/kie"


@cache
def document(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(path.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return loaded


def page(reference: Path, model: str) -> dict[str, Any]:
    return document(reference / "apis" / f"post_api_v1_{PAGES[model]}.yaml")


def record(reference: Path, name: str) -> dict[str, Any]:
    answers: dict[str, Any] = document(reference / "apis" / f"get_api_v1_{name}_record_info.yaml")[
        "responses_june_2026"
    ]
    documented: dict[str, Any] = answers["200"]
    return documented


class Service:
    """A transport that accepts whatever is submitted, knows every task as finished, and keeps what was submitted."""

    def __init__(self, *answers: Any) -> None:
        self.submitted: list[Any] = []
        self.sent: list[HttpRequest] = []
        self.answers = list(answers)

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        self.sent.append(request)
        data: Any = {"status": "SUCCESS", "successFlag": "SUCCESS", "taskId": asked_for(request)}
        if request.method == "POST":
            self.submitted.append(json.loads(request.content or b""))
            data = {"taskId": "1", "result": "pop", "personaId": "p", "alignedWords": []}
        answer = self.answers.pop(0) if self.answers else {"code": 200, "msg": "success", "data": data}
        return HttpResponse(status=200, headers={}, body=json.dumps(answer).encode())

    def stream(self, *arguments: object) -> Any:
        raise AssertionError("nothing is to be fetched")

    def close(self) -> None:
        pass


def client_of(transport: Service, callback_url: str | None = None) -> Kie:
    client = Kie("key", transport=transport, callback_url=callback_url)
    clock = VirtualClock()
    client._driver.sleep = clock.sleep
    client._driver.session.clock = clock
    client._driver.session.process = Process()
    return client


def test_every_page_that_submits_to_suno_has_a_model(reference: Path) -> None:
    submitting = {
        path.stem.removeprefix("post_api_v1_")
        for path in (reference / "apis").glob("post_api_v1_*.yaml")
        if "Suno API" in (document(path).get("folder") or "") and "voice" not in path.stem
    }
    assert submitting == set(PAGES.values())


@EVERY
@CAPTURES
def test_the_vendors_example_goes_over_the_wire_unchanged(model: str, capture: str, reference: Path) -> None:
    example = (page(reference, model).get(capture) or {}).get("application/json", {}).get("example")
    if example is None:
        pytest.skip("this capture has no example")
    body = {key: value for key, value in example.items() if key != "callBackUrl"}
    cls: Any = catalog.get(model).request_class
    if (model, capture) in SLIPS:
        with pytest.raises(RequestInvalid) as caught:
            cls.from_wire(body)
        assert SLIPS[model, capture] in [issue.path for issue in caught.value.issues]
        return
    transport = Service()

    client_of(transport, example.get("callBackUrl")).submit(cls.from_wire(body))

    assert transport.submitted == [example]


@EVERY
def test_a_callback_url_is_sent_unasked_exactly_where_the_vendor_insists(model: str, reference: Path) -> None:
    schema = page(reference, model)["request"]["application/json"]["schema"]
    facts: Any = catalog.get(model).json_schema()["x-kie"]
    cls: Any = catalog.get(model).request_class
    transport = Service()

    client_of(transport).submit(cls.from_wire(facts["examples"][0]))

    [sent] = transport.submitted
    assert ("callBackUrl" in sent) is (model in INSISTS)
    assert sent.get("callBackUrl") in (None, PLACEHOLDER)
    assert len(INSISTS) == 12
    if "callBackUrl" in schema["required"]:
        assert model in INSISTS


@EVERY
def test_every_field_of_the_page_is_a_field_here_and_none_else_is(model: str, reference: Path) -> None:
    schema = page(reference, model)["request"]["application/json"]["schema"]
    documented = dict(schema["properties"])
    for branch in schema.get("oneOf", []):
        documented |= branch["properties"]
    names = {name.strip() for name in documented} - {"callBackUrl"}
    ours: Any = catalog.get(model).json_schema()["properties"]
    assert set(ours) == names
    for name, field in documented.items():
        if "enum" in field and name in ours:
            known = ours[name]["enum"]
            assert [value for value in known if value != "Any"] == field["enum"] or set(known) == set(field["enum"])


@EVERY
def test_the_id_in_the_vendors_answer_to_a_submission_is_found(model: str, reference: Path) -> None:
    row = lifecycle(catalog.get(model).lifecycle)
    if row.kind == "immediate":
        pytest.skip("it answers at once")
    answer: Any = {"code": 200, "msg": "success", "data": {"taskId": "5c79****be8e"}}
    documented = page(reference, model).get("responses_june_2026")
    if documented:
        answer = documented["200"].get("example") or {**answer, **assembled(documented["200"]["schema"])}
    assert read_task_id(row, answer) == answer["data"]["taskId"]


def assembled(schema: Any) -> Any:
    """The example that the examples of a schema's properties make together."""
    if "allOf" in schema:
        parts = [assembled(part) for part in schema["allOf"]]
        return {key: value for part in parts for key, value in part.items()}
    if "example" in schema:
        return schema["example"]
    if schema.get("examples"):
        return schema["examples"][0]
    if "properties" in schema:
        return {name: assembled(field) for name, field in schema["properties"].items()}
    return None


def status_of(row: str, answer: Any) -> TaskStatus:
    return read_status(lifecycle(row), TaskRef("1", row), answer)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def instant(milliseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)


def test_the_record_of_music_is_read(reference: Path) -> None:
    example = record(reference, "generate")["example"]
    status = status_of("suno", example)
    assert (status.state, status.raw_state, status.fail_code, status.fail_message) == (
        "succeeded",
        "SUCCESS",
        None,
        None,
    )
    assert status.urls == ("https://example.cn/****.mp3",)
    assert (status.created_at, status.times_assumed) == (at("2025-01-01 00:00:00"), True)
    result = MusicResult(status=status)
    [track] = result.tracks
    assert (track.id, track.title, track.duration) == ("e231****-****-****-****-****8cadc7dc", "钢铁侠", 198.44)
    assert (track.tags, track.model) == ("electrifying, rock", "chirp-v3-5")
    assert (track.audio_url, track.stream_url, track.cover_url) == (
        *("https://example.cn/****.mp3", "https://example.cn/****", "https://example.cn/****.jpeg"),
    )
    assert track.lyrics == example["data"]["response"]["sunoData"][0]["prompt"]


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("PENDING", "running"),
        ("TEXT_SUCCESS", "running"),
        ("FIRST_SUCCESS", "running"),
        ("SUCCESS", "succeeded"),
        ("CREATE_TASK_FAILED", "failed"),
        ("GENERATE_AUDIO_FAILED", "failed"),
        ("CALLBACK_EXCEPTION", "failed"),
        ("SENSITIVE_WORD_ERROR", "failed"),
    ],
)
def test_every_documented_state_of_music_is_known(word: str, state: str, reference: Path) -> None:
    data = {"taskId": "1", "status": word, "response": None, "errorCode": 400, "errorMessage": "why"}
    status = status_of("suno", {"code": 200, "data": data})
    assert (status.state, status.raw_state) == (state, word)
    expected = ("400", "why") if state == "failed" else (None, None)
    assert (status.fail_code, status.fail_message) == expected


MAPS = {
    "suno": "suno-music",
    "suno-cover-art": "suno-cover-image",
    "suno-lyrics": "suno-lyrics",
    "suno-wav": "suno-wav",
    "suno-vocals": "suno-vocal-removal",
    "suno-midi": "suno-midi",
    "suno-video": "suno-mp4",
}
FAMILIES = pytest.mark.parametrize("row", MAPS)


def family(reference: Path, row: str) -> dict[str, Any]:
    families = document(reference / "lifecycle.yaml")["families"]
    return next(each for each in families if each["id"] == MAPS[row])


def record_with(row: str, word: Any, **more: Any) -> Any:
    """A record that names a state, under the name that the family gives it."""
    field = lifecycle(row).state[0].removeprefix("/data/")
    return {"code": 200, "msg": "success", "data": {"taskId": "1", field: word, **more}}


@FAMILIES
def test_every_state_in_the_facts_means_what_they_say(row: str, reference: Path) -> None:
    facts = family(reference, row)["state"]
    for word, meaning in facts["map"].items():
        typed = int(word) if facts["type"] == "integer" else word
        assert status_of(row, record_with(row, typed)).state == meaning, word
        assert status_of(row, record_with(row, word)).state == meaning, word
    assert set(lifecycle(row).states) == set(facts["map"])


@FAMILIES
def test_a_state_that_nobody_documented_counts_as_running(row: str) -> None:
    assert status_of(row, record_with(row, "PONDERING")).state == "running"
    assert status_of(row, record_with(row, 17)).state == "running"


def test_the_record_of_cover_art_is_read(reference: Path) -> None:
    example = record(reference, "suno_cover")["example"]
    status = status_of("suno-cover-art", example)
    assert (status.state, status.raw_state, status.fail_code) == ("succeeded", "1", None)
    assert list(status.urls) == example["data"]["response"]["images"]
    assert (status.created_at, status.completed_at) == (
        *(datetime(2025, 1, 15, 10, 33, 1, tzinfo=UTC), datetime(2025, 1, 15, 10, 35, 27, tzinfo=UTC)),
    )
    assert not status.times_assumed
    assert status.seconds == 146


def test_the_record_of_lyrics_is_read(reference: Path) -> None:
    # the page's example lacks a comma
    example = json.loads(record(reference, "lyrics")["example"].replace('"SUCCESS"\n', '"SUCCESS",\n'))
    status = status_of("suno-lyrics", example)
    assert (status.state, status.fail_code) == ("succeeded", None)
    [version] = LyricsResult(status=status).lyrics
    assert (version.title, version.error) == ("钢铁侠", None)
    assert version.text.startswith("[Verse]\n")


def test_the_record_of_a_wav_is_read(reference: Path) -> None:
    status = status_of("suno-wav", record(reference, "wav")["example"])
    assert (status.state, status.urls) == ("succeeded", ("https://example.com/s/04e6****e727.wav",))
    assert (status.created_at, status.completed_at) == (at("2025-01-01 00:00:00"), at("2025-01-01 00:10:00"))
    assert (status.times_assumed, status.seconds) == (True, 600)


@pytest.mark.parametrize(("kind", "count"), [("separate_vocal", 2), ("split_stem", 12)])
def test_the_record_of_a_separation_is_read(kind: str, count: int, reference: Path) -> None:
    example = record(reference, "vocal_removal")["examples"][kind]
    example = example.get("value", example)
    status = status_of("suno-vocals", example)
    held = {name: url for name, url in example["data"]["response"].items() if name.endswith("Url") and url}
    assert status.state == "succeeded"
    assert set(status.urls) == set(held.values())
    assert len(status.urls) == count
    assert status.created_at == instant(example["data"]["createTime"])
    assert status.completed_at == instant(example["data"]["completeTime"])
    result = StemsResult(status=status)
    assert {f"{re.sub('_(.)', lambda m: m[1].upper(), name)}Url": url for name, url in result.stems.items()} == held
    assert result.ids == {
        item["stem_type_group_name"].lower(): item["id"] for item in example["data"]["response"]["originData"]
    }


def test_a_separation_whose_only_stem_has_no_field_of_its_own_is_read() -> None:
    item = {"id": "s", "audio_url": "https://example.com/kick.mp3", "stem_type_group_name": "Kick", "duration": 9.5}
    answer = record_with("suno-vocals", "SUCCESS", response={"vocalUrl": None, "originUrl": "", "originData": [item]})
    status = status_of("suno-vocals", answer)
    assert status.urls == ("https://example.com/kick.mp3",)
    result = StemsResult(status=status)
    assert result.stems == {"kick": "https://example.com/kick.mp3"}
    assert result.ids == {"kick": "s"}


def test_the_record_of_midi_is_read(reference: Path) -> None:
    example = record(reference, "midi")["example"]
    status = status_of("suno-midi", example)
    assert (status.state, status.urls, status.seconds) == ("succeeded", (), 4.0)
    assert status.created_at == instant(1760335251000)
    drums, bass = MidiResult(status=status).instruments
    assert (drums.name, bass.name) == ("Drums", "Electric Bass (finger)")
    assert [(note.pitch, note.start, note.velocity) for note in drums.notes] == [
        (73, 0.036458333333333336, 1),
        (61, 0.046875, 1),
    ]


def test_the_answer_with_timestamps_is_read(reference: Path) -> None:
    example = page(reference, "suno/timestamped-lyrics")["responses_june_2026"]["200"]["example"]
    status = status_of("suno-timestamps", example)
    assert status.state == "succeeded"
    result = TimestampsResult(status=status)
    [word] = result.words
    assert (word.text, word.start, word.end) == ("[Verse]\nWaggin'", 1.36, 1.79)
    assert result.waveform == (0, 1, 0.5, 0.75)


def test_the_answer_with_a_persona_is_read(reference: Path) -> None:
    shown = assembled(page(reference, "suno/persona")["responses_june_2026"]["200"]["schema"])
    status = status_of("suno-persona", {"code": 200, **shown})
    assert status.state == "succeeded"
    result = PersonaResult(status=status)
    assert (result.persona_id, result.name) == ("a1b2****c3d4", "电子流行歌手")


def test_an_immediate_answer_without_its_result_is_a_failure() -> None:
    for row in ("suno-style", "suno-persona", "suno-timestamps"):
        assert status_of(row, {"code": 200, "msg": "success", "data": None}).state == "failed"
    status = status_of("suno-style", {"code": 200, "data": {"result": None, "errorCode": 500, "errorMsg": "broken"}})
    assert (status.state, status.fail_code, status.fail_message) == ("failed", "500", "broken")


CALLED_BACK = [
    *((model, "suno") for model in list(PAGES)[:8]),
    ("suno/lyrics", "suno-lyrics"),
    ("suno/wav", "suno-wav"),
    ("suno/vocal-separation", "suno-vocals"),
]


@pytest.mark.parametrize(("model", "row"), CALLED_BACK)
def test_the_reports_on_the_pages_are_read_and_tell_their_family(model: str, row: str, reference: Path) -> None:
    [posted] = [
        item["post"] for each in page(reference, model)["callbacks_june_2026"].values() for item in each.values()
    ]
    shown = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", posted["description"], re.DOTALL)]
    assert shown
    for body in shown:
        status = parse(body)
        assert (status.ref, status.state) == (TaskRef(body["data"]["task_id"], row), "succeeded")
        assert status.fail_code is None
        assert status.urls == tuple(dict.fromkeys(urls_in(body["data"])))


def urls_in(data: dict[str, Any]) -> list[str]:
    """The files that a report names, read by hand."""
    if "vocal_removal_info" in data:
        return sorted(filter(None, data["vocal_removal_info"].values()), key=order_of_stems)
    if "audio_wav_url" in data:
        return [data["audio_wav_url"]]
    return [track["audio_url"] for track in data["data"] if "audio_url" in track]


def order_of_stems(url: str) -> int:
    names = "Vocals Instrumental Backing_Vocals Drums Bass Guitar Piano Keyboard Percussion Strings Synth FX Brass"
    ending = url.removesuffix(".mp3").partition("_")[2]
    return [*names.split(), "Woodwinds"].index(ending)


@FAMILIES
def test_the_reports_in_the_facts_are_read(row: str, reference: Path) -> None:
    reported = family(reference, row)["callback"]
    good = parse(reported["success"])
    data = reported["success"]["data"]
    assert (good.ref.lifecycle, good.state) == (row, "succeeded")
    assert good.ref.id == data.get("task_id", data.get("taskId"))
    assert bool(good.urls) is (row not in ("suno-lyrics", "suno-midi"))
    assert result_type(good.kind)(status=good).data is not None

    for of in (row, None):
        bad = parse(reported["failure"], of=of)
        assert bad.state == "failed"
        assert (bad.fail_code, bad.fail_message) == (str(reported["failure"]["code"]), reported["failure"]["msg"])
        assert bad.urls == ()


def test_reports_on_the_way_are_no_end(reference: Path) -> None:
    done = family(reference, "suno")["callback"]["success"]
    for word in ("text", "first"):
        body = {**done, "data": {**done["data"], "callbackType": word}}
        status = parse(body)
        assert (status.state, status.raw_state) == ("running", word)
        partial = status.partial
        assert isinstance(partial, MusicResult)
        assert partial.tracks[0].title == "Iron Man"


def load(name: str) -> Any:
    [exchange] = recorded(f"suno_{name}")
    return exchange


def sent_as(transport: Service, exchange: Any) -> bool:
    [request] = transport.sent
    expected, actual = urlsplit(exchange["url"]), urlsplit(request.url)
    body = json.loads(request.content) if request.content else None
    return (request.method, actual.netloc, actual.path, actual.query, body) == (
        *(exchange["method"], expected.netloc, expected.path, expected.query, exchange["request"]),
    )


@pytest.mark.parametrize(
    ("name", "cls"),
    [("generate_submit", SunoGenerate), ("extend_unknown_audio", SunoExtend), ("lyrics_submit", SunoLyrics)],
)
def test_a_recorded_submission_is_what_is_sent(name: str, cls: Any) -> None:
    exchange = load(name)
    body = {key: value for key, value in exchange["request"].items() if key != "callBackUrl"}
    transport = Service(exchange["response"])

    task = client_of(transport, exchange["request"]["callBackUrl"]).submit(cls.from_wire(body))

    assert sent_as(transport, exchange)
    assert task.id == exchange["response"]["data"]["taskId"]


def test_a_recorded_refusal_of_unknown_ids_is_unprocessable() -> None:
    exchange = load("wav_unknown_ids")
    body = {key: value for key, value in exchange["request"].items() if key != "callBackUrl"}
    transport = Service(exchange["response"])
    client = client_of(transport, exchange["request"]["callBackUrl"])
    # as recorded: without the look at the earlier task that a checked request is preceded by
    with pytest.raises(Unprocessable, match="Record does not exist") as caught:
        client.submit(SunoWav.from_wire(body).unchecked())
    assert sent_as(transport, exchange)
    assert caught.value.task_created is False


def test_a_recorded_look_for_a_task_that_is_not_there_finds_none() -> None:
    exchange = load("record_info_not_found")
    transport = Service(exchange["response"])
    task_id = exchange["url"].partition("taskId=")[2]
    with pytest.raises(ApiError) as caught:
        client_of(transport).task(f"suno:{task_id}").refresh()
    assert sent_as(transport, exchange)
    assert caught.value.code == 404


def test_a_recorded_style_is_read_at_once() -> None:
    exchange = load("style_boost")
    transport = Service(exchange["response"])
    result = client_of(transport).run(SunoStyle.from_wire(exchange["request"]))
    data = exchange["response"]["data"]
    assert sent_as(transport, exchange)
    assert isinstance(result, TextResult)
    assert result.text == data["result"]
    assert result.credits == Decimal("0.4")
    assert result.ref == TaskRef(data["taskId"], "suno-style")
    assert result.status.created_at == instant(data["createTime"])
