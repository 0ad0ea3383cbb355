"""The life of a task of the image, Omni and voice families, in both drivers, against the simulator."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import attrs
import pytest

from kie import RequestInvalid, SubmitUnknown, TaskFailed, TaskRef, catalog
from kie._core.errors import ModelRetired, NotFound, Unprocessable
from kie._core.result_types import result_type
from kie.models import (
    FluxKontext,
    GeminiOmniVideo,
    Gpt4oImage,
    MidjourneyImagine,
    MidjourneyUpscale,
    MidjourneyVary,
    MidjourneyVideo,
    MidjourneyVideoExtend,
    OmniAudio,
    OmniCharacter,
    SunoGenerate,
    VoiceCheck,
    VoiceGenerate,
    VoiceRegenerate,
    VoiceValidate,
)
from kie.testing import trace, virtual_async_kie, virtual_kie
from tests.flows.clients import of_client

RECORDING = "https://example.com/voice.mp3"


@attrs.frozen
class Made:
    """What came of a run: the result or the error, and all that was exchanged."""

    value: Any
    error: Any
    states: list[str]
    service: Any
    clock: Any
    trace: Any


def _sync(requests: Any, faults: Any, options: Any) -> Made:
    client, service, clock = virtual_kie(faults=faults)
    states: list[str] = []
    value = error = None
    try:
        for make in requests:
            states.clear()
            value = client.run(make(value), on_progress=lambda status, *_: states.append(status.state), **options)
    except Exception as caught:
        error = caught
    return Made(value, error, states, service, clock, trace(client))


def _async(requests: Any, faults: Any, options: Any) -> Made:
    async def main() -> Made:
        client, service, clock = virtual_async_kie(faults=faults)
        states: list[str] = []
        value = error = None
        try:
            for make in requests:
                states.clear()
                value = await client.run(
                    make(value), on_progress=lambda status, *_: states.append(status.state), **options
                )
        except Exception as caught:
            error = caught
        return Made(value, error, states, service, clock, trace(client))

    return asyncio.run(main())


DRIVERS = {"sync": _sync, "async": _async}
BOTH = pytest.mark.parametrize("driver", DRIVERS)


def run(driver: str, *requests: Callable[[Any], Any], faults: Any = (), **options: Any) -> Made:
    """Run requests one after the other, each made from the result of the one before."""
    return DRIVERS[driver](requests, list(faults), {"allow_retired": True, "timeout": 900, **options})


def phrase(_: Any) -> VoiceValidate:
    return VoiceValidate(voice_url=RECORDING, vocal_start_s=0, vocal_end_s=10)


def imagine(_: Any) -> MidjourneyImagine:
    return MidjourneyImagine(prompt="A teahouse above the clouds")


@attrs.frozen
class Family:
    """A request, those it builds on, the operations that submit and read it, and an undocumented state."""

    request: Callable[[Any], Any]
    submit: str
    poll: str
    strange: str = "9"
    before: tuple[Callable[[Any], Any], ...] = ()
    files: int = 1


POLLED = {
    "gpt4o-image": Family(
        lambda _: Gpt4oImage(prompt="A sunset", size="1:1"), "generateGpt4oImage", "getGpt4oImage", "PONDERING"
    ),
    "flux-kontext": Family(lambda _: FluxKontext(prompt="A mountain"), "generateFluxKontext", "getFluxKontext"),
    "midjourney": Family(imagine, "generateMidjourney", "getMidjourney"),
    "midjourney/upscale": Family(
        lambda images: MidjourneyUpscale(task_id=images, image_index=0),
        "upscaleMidjourney",
        "getMidjourney",
        before=(imagine,),
    ),
    "midjourney/vary": Family(
        lambda images: MidjourneyVary(task_id=images, image_index=4),
        "varyMidjourney",
        "getMidjourney",
        before=(imagine,),
    ),
    "midjourney/video-extend": Family(
        lambda videos: MidjourneyVideoExtend(task_id=videos, index=0, task_type="mj_video_extend_auto"),
        "extendMidjourneyVideo",
        "getMidjourney",
        before=(lambda _: MidjourneyVideo(prompt="Waves", file_urls=["https://example.com/a.jpg"]),),
    ),
    "voice/validate": Family(phrase, "validateVoice", "getVoiceValidation", "humming", files=0),
    "voice/regenerate": Family(
        lambda earlier: VoiceRegenerate(task_id=earlier),
        "regenerateVoice",
        "getVoiceValidation",
        "humming",
        before=(phrase,),
        files=0,
    ),
    "voice/generate": Family(
        lambda validated: VoiceGenerate(task_id=validated, verify_url=RECORDING),
        "generateVoice",
        "getVoice",
        "humming",
        before=(phrase,),
        files=0,
    ),
}
EVERY = pytest.mark.parametrize("name", POLLED)


@BOTH
@EVERY
def test_a_task_is_submitted_once_and_looked_at_until_it_is_done(name: str, driver: str) -> None:
    family = POLLED[name]
    made = run(driver, *family.before, family.request)
    assert made.error is None
    model = catalog.get(name)
    assert made.value.ref.lifecycle == model.lifecycle
    assert type(made.value) is of_client(result_type(model.result), driver)
    assert len(made.value.urls) == family.files
    assert made.states[-1] == "succeeded"
    assert set(made.states[:-1]) <= {"queued", "running"}
    assert [operation for operation, _ in made.service.log].count(family.submit) == 1
    assert made.service.accepted[-1].model == name


@BOTH
@EVERY
def test_a_failed_task_raises_with_the_services_words(name: str, driver: str) -> None:
    family = POLLED[name]
    rule = {"on": family.submit, "do": "fail_task", "code": 501, "msg": "no luck"}
    made = run(driver, *family.before, family.request, faults=[rule])
    assert isinstance(made.error, TaskFailed)
    assert (made.error.code, made.error.ref.lifecycle) == ("501", catalog.get(name).lifecycle)
    assert "no luck" in str(made.error)
    assert made.service.credits == Decimal(1000) - sum(t.price for t in made.service.tasks.values() if not t.failure)


@BOTH
@EVERY
def test_a_record_that_appears_late_is_waited_for(name: str, driver: str) -> None:
    family = POLLED[name]
    rule = {"on": family.submit, "do": "invisible", "polls": 3}
    made = run(driver, *family.before, family.request, faults=[rule])
    assert made.error is None and made.states[-1] == "succeeded"


@BOTH
@EVERY
def test_a_record_that_never_appears_is_an_error_after_a_minute(name: str, driver: str) -> None:
    family = POLLED[name]
    rule = {"on": family.submit, "do": "invisible", "polls": 1000}
    made = run(driver, *family.before, family.request, faults=[rule])
    assert isinstance(made.error, NotFound)
    assert "there is no record" in str(made.error)
    submitted = next(exchange.at for exchange in reversed(made.trace) if exchange.method == "POST")
    assert 60 < made.clock.now() - submitted < 90
    assert [operation for operation, _ in made.service.log].count(family.submit) == 1


@BOTH
@EVERY
def test_an_unknown_state_counts_as_running(name: str, driver: str, caplog: pytest.LogCaptureFixture) -> None:
    family = POLLED[name]
    rule = {"on": family.submit, "do": "state", "state": family.strange, "polls": 2}
    made = run(driver, *family.before, family.request, faults=[rule])
    assert made.error is None
    assert made.states[:2] == ["running", "running"] and made.states[-1] == "succeeded"
    assert [record for record in caplog.records if f"unknown state {family.strange!r}" in record.message]


@BOTH
@EVERY
def test_a_submission_whose_outcome_is_unknown_is_not_repeated(name: str, driver: str) -> None:
    family = POLLED[name]
    made = run(driver, *family.before, family.request, faults=[{"on": family.submit, "do": "drop_after"}])
    assert isinstance(made.error, SubmitUnknown)
    assert [operation for operation, _ in made.service.log].count(family.submit) == 1


@EVERY
def test_both_drivers_ask_the_same_at_the_same_times(name: str) -> None:
    family = POLLED[name]
    faults = [{"on": family.submit, "do": "rate_limit", "nth": 1}, {"on": family.submit, "do": "invisible", "polls": 2}]
    ours, theirs = (run(driver, *family.before, family.request, faults=faults) for driver in DRIVERS)
    assert [(e.method, e.path, e.outcome) for e in ours.trace] == [(e.method, e.path, e.outcome) for e in theirs.trace]
    assert [e.at for e in ours.trace] == pytest.approx([e.at for e in theirs.trace])
    assert ours.error is theirs.error is None
    assert ours.value.status == theirs.value.status


# families that answer at once

AT_ONCE: dict[str, tuple[str, Callable[[Any], Any], tuple[Callable[[Any], Any], ...]]] = {
    "omni/audio": ("createOmniAudio", lambda _: OmniAudio(audio_id="charon", name="Professor"), ()),
    "omni/character": (
        "createOmniCharacter",
        lambda voice: OmniCharacter(
            descriptions="An old captain", image_urls=["https://example.com/a.png"], audio_ids=[voice]
        ),
        (lambda _: OmniAudio(audio_id="charon", name="Captain"),),
    ),
    "voice/check": (
        "checkVoice",
        lambda voice: VoiceCheck(task_id=voice),
        (phrase, lambda validated: VoiceGenerate(task_id=validated, verify_url=RECORDING)),
    ),
}


@BOTH
@pytest.mark.parametrize("name", AT_ONCE)
def test_a_family_that_answers_at_once_is_submitted_and_nothing_more(name: str, driver: str) -> None:
    operation, request, before = AT_ONCE[name]
    made = run(driver, *before, request)
    assert made.error is None
    assert made.states == []
    assert made.service.log[-1] == (operation, "200")
    assert made.value.ref.lifecycle == catalog.get(name).lifecycle


@BOTH
@pytest.mark.parametrize("name", AT_ONCE)
def test_a_refusal_of_a_family_that_answers_at_once_is_an_error(name: str, driver: str) -> None:
    operation, request, before = AT_ONCE[name]
    fault = {"on": operation, "do": "envelope", "code": 422, "msg": "Voice record not found"}
    made = run(driver, *before, request, faults=[fault])
    assert isinstance(made.error, Unprocessable)
    assert "Voice record not found" in str(made.error)


@BOTH
def test_an_interrupted_check_is_repeated_and_an_interrupted_creation_is_not(driver: str) -> None:
    operation, request, before = AT_ONCE["voice/check"]
    assert run(driver, *before, request, faults=[{"on": operation, "do": "drop_after", "nth": 1}]).value.available
    operation, request, _ = AT_ONCE["omni/audio"]
    made = run(driver, request, faults=[{"on": operation, "do": "drop_after", "nth": 1}])
    assert isinstance(made.error, SubmitUnknown)
    assert len(made.service.accepted) == 1


@BOTH
def test_voices_and_characters_go_into_an_omni_video_by_their_results(driver: str) -> None:
    made = run(
        driver,
        lambda _: OmniAudio(audio_id="charon", name="Captain"),
        lambda voice: OmniCharacter(
            descriptions="An old captain", image_urls=["https://example.com/a.png"], audio_ids=[voice]
        ),
        lambda character: GeminiOmniVideo(prompt="He tells a story", duration="6", character_ids=[character]),
    )
    assert made.error is None
    _, character, video = made.service.accepted
    by_model = {task.model: task for task in made.service.tasks.values()}
    assert character.input["audio_ids"] == [by_model["omni/audio"].data["audioId"]]
    assert video.input["character_ids"] == [by_model["omni/character"].data["characterId"]]


# the way to a voice of one's own


@BOTH
def test_a_voice_of_ones_own_from_the_phrase_to_a_song(driver: str) -> None:
    def sing(validated: Any) -> VoiceGenerate:
        assert validated.phrase == "Sing this line, please"
        assert validated.voice_id is None
        return VoiceGenerate(task_id=validated, verify_url=RECORDING, voice_name="Mine")

    def ask(voice: Any) -> VoiceCheck:
        found.append(voice)
        return VoiceCheck(task_id=voice)

    def song(check: Any) -> SunoGenerate:
        assert check.available is True
        return SunoGenerate(
            prompt="[Verse]\nRow me home",
            custom_mode=True,
            instrumental=False,
            model="V5",
            style="Folk",
            title="Home",
            persona_id=found[0],
            persona_model="voice_persona",
        )

    found: list[Any] = []
    made = run(driver, phrase, sing, ask, song)
    assert made.error is None
    assert len(made.value.tracks) == 2
    validate, generate, check, music = made.service.accepted
    assert music.input["personaId"] == found[0].voice_id
    assert generate.input["taskId"] == validate.task_id
    assert check.input["task_id"] == generate.task_id == found[0].ref.id
    assert found[0].voice_id and found[0].part_id("voice") == found[0].voice_id


@BOTH
def test_a_voice_whose_phrase_is_not_ready_is_not_asked_for(driver: str) -> None:
    rule = {"on": "validateVoice", "do": "fail_task", "code": 500, "msg": "silence"}
    made = run(driver, lambda _: VoiceGenerate(task_id="unknown", verify_url=RECORDING), faults=[rule])
    assert isinstance(made.error, RequestInvalid)
    assert [issue.path for issue in made.error.issues] == ["taskId"]
    assert made.service.accepted == []


class Scripted:
    """Answers with what it was given, in turn; keeps what it was sent."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.sent: list[tuple[str, str, Any]] = []

    def send(self, request: Any, timeout: float) -> Any:
        from kie._core.call import HttpResponse

        self.sent.append((request.method, request.url, json.loads(request.content) if request.content else None))
        body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return HttpResponse(status=200, headers={}, body=json.dumps({"code": 200, "msg": "", "data": body}).encode())

    def stream(self, *arguments: object) -> Any:
        raise AssertionError("nothing is to be fetched")

    def close(self) -> None:
        pass


def scripted(*answers: Any) -> tuple[Any, Scripted]:
    from kie import Kie
    from kie._io.process import Process
    from kie.testing import VirtualClock

    transport = Scripted(*answers)
    client = Kie("key", transport=transport)
    client._driver.session.clock, client._driver.session.process = VirtualClock(), Process()
    client._driver.sleep = client._driver.session.clock.sleep
    return client, transport


def test_a_voice_that_is_called_fail_has_failed() -> None:
    record = {"taskId": "v", "voiceId": "fail", "status": "success", "errorCode": None, "errorMessage": "no match"}
    client, _ = scripted(record)
    with pytest.raises(TaskFailed, match="no match"):
        client.task(TaskRef("v", "voice-generate")).wait()
    ready = {**record, "voiceId": "failsafe-1", "errorMessage": None}
    client, _ = scripted(ready)
    assert client.task("v", of=VoiceGenerate).wait().voice_id == "failsafe-1"


def test_a_new_phrase_is_asked_for_with_the_services_own_spelling_of_the_callback() -> None:
    client, transport = scripted({"taskId": "w", "status": "wait_validating", "validateInfo": "la la"})
    client.submit(VoiceRegenerate(task_id="v"))
    client.submit(VoiceRegenerate(task_id="v"), callback_url="https://example.com/hook")
    client.submit(phrase(None), callback_url="https://example.com/hook")
    client.submit(phrase(None))
    bodies = [body for _, _, body in transport.sent]
    assert bodies[0] == {"taskId": "v", "calBackUrl": "https://callback.invalid/kie"}
    assert bodies[1] == {"taskId": "v", "calBackUrl": "https://example.com/hook"}
    assert bodies[2]["callBackUrl"] == "https://example.com/hook" and "calBackUrl" not in bodies[2]
    assert not {"callBackUrl", "calBackUrl"} & set(bodies[3])


@pytest.mark.parametrize("spelling", ["audioId", "kieAudioId"])
def test_an_omni_voice_is_read_in_both_spellings(spelling: str) -> None:
    client, _ = scripted({spelling: "voice-1", "name": "Captain"})
    voice = client.run(OmniAudio(audio_id="charon", name="Captain"))
    assert (voice.voice_id, str(voice.ref), voice.name) == ("voice-1", "omni-audio:voice-1", "Captain")
    client, _ = scripted({"audioId": "right", "kieAudioId": "wrong"})
    assert client.run(OmniAudio(audio_id="charon", name="Captain")).voice_id == "right"


@pytest.mark.parametrize("available", [True, False])
def test_a_check_tells_whether_a_voice_can_be_used(available: bool) -> None:
    finished = {"taskId": "v", "voiceId": "voice-1", "status": "success"}
    client, transport = scripted(finished, {"isAvailable": available})
    assert client.run(VoiceCheck(task_id="v")).available is available
    assert transport.sent[-1] == ("POST", "https://api.kie.ai/api/v1/voice/check-voice", {"task_id": "v"})


def test_an_answer_without_the_thing_itself_is_no_success() -> None:
    for request in (AT_ONCE["omni/audio"][1](None), AT_ONCE["omni/character"][1]("voice-1")):
        client, _ = scripted({"name": "Captain"})
        with pytest.raises(TaskFailed):
            client.run(request)


# what is special to the image families


@BOTH
def test_a_retired_model_is_sent_on_demand_only(driver: str) -> None:
    made = run(driver, imagine, allow_retired=False)
    assert isinstance(made.error, ModelRetired)
    assert "nano-banana-2" in str(made.error)
    assert made.service.log == []


@BOTH
def test_an_upscale_of_a_task_of_another_family_is_refused_at_once(driver: str) -> None:
    made = run(
        driver,
        lambda _: FluxKontext(prompt="A mountain"),
        lambda image: MidjourneyUpscale(task_id=image, image_index=0),
    )
    assert isinstance(made.error, RequestInvalid)
    assert "midjourney" in str(made.error)


@BOTH
def test_a_full_queue_at_openai_is_waited_out(driver: str) -> None:
    fault = {"on": "generateGpt4oImage", "do": "envelope", "code": 550, "msg": "queue is full", "nth": 1}
    made = run(driver, POLLED["gpt4o-image"].request, faults=[fault])
    assert made.error is None
    assert [operation for operation, _ in made.service.log].count("generateGpt4oImage") == 2
    assert len(made.service.accepted) == 1


def test_a_link_to_a_gpt4o_image_goes_by_its_task_and_others_by_their_url() -> None:
    client, service, _ = virtual_kie()
    drawn = client.run(Gpt4oImage(prompt="A sunset", size="1:1"))
    assert "link=" in client.download_url(drawn.assets[0])
    assert service.log[-1] == ("getGpt4oDownloadUrl", "200")
    other = client.run(FluxKontext(prompt="A mountain"))
    assert "link=" in client.download_url(other.assets[0])
    assert service.log[-1] == ("getDownloadUrl", "200")
    assert client.download_url(other.urls[0])
    assert service.log[-1] == ("getDownloadUrl", "200")


def test_the_body_of_the_link_names_task_and_url() -> None:
    record = {"taskId": "t", "status": "SUCCESS", "response": {"resultUrls": ["https://example.com/a.png"]}}
    client, transport = scripted(record, "https://example.com/link")
    result = client.task("t", of=Gpt4oImage).wait()
    assert client.download_url(result.assets[0]) == "https://example.com/link"
    assert transport.sent[-1] == (
        "POST",
        "https://api.kie.ai/api/v1/gpt4o-image/download-url",
        {"taskId": "t", "url": "https://example.com/a.png"},
    )


def test_a_gpt4o_image_that_is_gone_is_fetched_by_a_link_to_its_task(tmp_path: Any) -> None:
    client, service, _ = virtual_kie(faults=[{"on": "result", "do": "gone", "nth": 1}])
    drawn = client.run(Gpt4oImage(prompt="A sunset", size="1:1"))
    (path,) = drawn.save(tmp_path)
    assert path.stat().st_size
    assert ("getGpt4oDownloadUrl", "200") in service.log


def test_the_link_of_an_image_without_its_task_is_refused() -> None:
    client, service, _ = virtual_kie()
    first = client.run(Gpt4oImage(prompt="A sunset", size="1:1"))
    stranger = attrs.evolve(first.assets[0], ref=TaskRef("nowhere", "gpt4o-image"))
    with pytest.raises(Unprocessable, match="record is null"):
        client.download_url(stranger)
    assert service.log[-1][0] == "getGpt4oDownloadUrl"
