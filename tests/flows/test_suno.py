"""The life of Suno's tasks in the simulator: every family, in both drivers, and one built on another."""

from __future__ import annotations

import asyncio
from typing import Any

import attrs
import pytest

from kie import ConfigError, RequestInvalid, SubmitUnknown, TaskFailed, TaskStatus
from kie._core.errors import NotFound
from kie._core.music import (
    LyricsResult,
    MidiResult,
    MusicResult,
    PersonaResult,
    StemsResult,
    TextResult,
    TimestampsResult,
)
from kie._core.results import AudioResult, ImageResult, VideoResult
from kie._policy.retry import no_retry
from kie.errors import BadRequest, InsufficientCredits, RateLimited
from kie.models import (
    SunoAddInstrumental,
    SunoAddVocals,
    SunoCoverArt,
    SunoExtend,
    SunoGenerate,
    SunoLyrics,
    SunoMashup,
    SunoMidi,
    SunoMusicVideo,
    SunoPersona,
    SunoReplaceSection,
    SunoSounds,
    SunoStyle,
    SunoTimestampedLyrics,
    SunoUploadCover,
    SunoUploadExtend,
    SunoVocalSeparation,
    SunoWav,
)
from kie.simulator import Simulator
from kie.simulator._faults import FaultScript
from kie.testing import VirtualClock, trace, virtual_async_kie, virtual_kie
from tests.flows.clients import of_client

SONG = SunoGenerate(prompt="A song about rain", custom_mode=False, instrumental=False, model="V5")
RECORDING = "https://example.com/song.mp3"


def ids(earlier: dict[str, Any]) -> dict[str, Any]:
    """What most requests on a track want: the task and the track."""
    return {"task_id": earlier["music"], "audio_id": earlier["music"].tracks[0]}


@attrs.frozen
class Family:
    """A request of an endpoint, made from the earlier results; the type of its result, and its operations."""

    make: Any
    result: Any
    submit: str
    look: str | None
    busy: str = "running"


MUSIC = {
    "generate": lambda _: SONG,
    "extend": lambda earlier: SunoExtend(
        default_param_flag=False, audio_id=earlier["music"].tracks[1], model="V5", instrumental=None
    ),
    "upload-cover": lambda _: SunoUploadCover(
        upload_url=RECORDING, prompt="slower", custom_mode=False, instrumental=True, model="V4"
    ),
    "upload-extend": lambda _: SunoUploadExtend(upload_url=RECORDING, default_param_flag=False, model="V4"),
    "add-vocals": lambda _: SunoAddVocals(
        upload_url=RECORDING, prompt="rain", title="Rain", negative_tags="metal", style="Jazz"
    ),
    "add-instrumental": lambda _: SunoAddInstrumental(
        upload_url=RECORDING, title="Rain", negative_tags="metal", tags="piano"
    ),
    "mashup": lambda _: SunoMashup(
        upload_url_list=[RECORDING, RECORDING], prompt="a waltz", custom_mode=False, model="V5"
    ),
    "replace-section": lambda earlier: SunoReplaceSection(
        **ids(earlier), prompt="new", tags="Folk", title="Rain", infill_start_s=10, infill_end_s=20, full_lyrics="all"
    ),
    "sounds": lambda _: SunoSounds(prompt="A door creaks", model="V5"),
}
OPERATIONS = {
    "generate": "generateMusic",
    "extend": "extendMusic",
    "upload-cover": "coverMusic",
    "upload-extend": "extendUploadedMusic",
    "add-vocals": "addVocals",
    "add-instrumental": "addInstrumental",
    "mashup": "mashUpMusic",
    "replace-section": "replaceSection",
    "sounds": "generateSounds",
}
FAMILIES = {
    **{name: Family(make, MusicResult, OPERATIONS[name], "getMusic") for name, make in MUSIC.items()},
    "cover-art": Family(
        lambda earlier: SunoCoverArt(task_id=earlier["music"]), ImageResult, "generateCoverArt", "getCoverArt"
    ),
    "lyrics": Family(lambda _: SunoLyrics(prompt="Rain"), LyricsResult, "writeLyrics", "getLyrics"),
    "wav": Family(lambda earlier: SunoWav(**ids(earlier)), AudioResult, "convertToWav", "getWav"),
    "vocals": Family(lambda earlier: SunoVocalSeparation(**ids(earlier)), StemsResult, "separateVocals", "getStems"),
    "midi": Family(
        lambda earlier: SunoMidi(task_id=earlier["stems"]), MidiResult, "generateMidi", "getMidi", busy="queued"
    ),
    "video": Family(lambda earlier: SunoMusicVideo(**ids(earlier)), VideoResult, "generateMusicVideo", "getMusicVideo"),
}
IMMEDIATE = {
    "style": Family(lambda _: SunoStyle(content="Pop"), TextResult, "boostStyle", None),
    "persona": Family(
        lambda earlier: SunoPersona(**ids(earlier), name="Singer", description="warm"),
        PersonaResult,
        "generatePersona",
        None,
    ),
    "timestamps": Family(
        lambda earlier: SunoTimestampedLyrics(**ids(earlier)), TimestampsResult, "getTimestampedLyrics", None
    ),
}
EVERY = pytest.mark.parametrize("name", FAMILIES)
AT_ONCE = pytest.mark.parametrize("name", IMMEDIATE)
BOTH = pytest.mark.parametrize("driver", ["sync", "async"])


@attrs.frozen
class Play:
    """A run with what came before it."""

    value: Any
    error: BaseException | None
    exchanges: list[Any]
    statuses: list[TaskStatus]
    accepted: int
    clock: VirtualClock


def play(driver: str, family: Family, *faults: dict[str, Any], **options: Any) -> Play:
    """Make music and stems without faults, then run the family's request with them."""
    service = Simulator(credits=1000)
    clock = VirtualClock()
    statuses: list[TaskStatus] = []
    options["on_progress"] = lambda status, *_: statuses.append(status)
    before, _, _ = virtual_kie(service, clock=clock)
    music = before.run(SONG)
    earlier = {"music": music, "stems": before.run(SunoVocalSeparation(task_id=music, audio_id=music.tracks[0]))}
    service.faults = FaultScript.load(list(faults))
    request, count = family.make(earlier), len(service.accepted)
    value: Any = None
    error: BaseException | None = None
    client: Any
    if driver == "sync":
        client, _, _ = virtual_kie(service, clock=clock)
        try:
            value = client.run(request, **options)
        except Exception as caught:
            error = caught
    else:
        client, _, _ = virtual_async_kie(service, clock=clock)
        try:
            value = asyncio.run(client.run(request, **options))
        except Exception as caught:
            error = caught
    return Play(value, error, trace(client), statuses, len(service.accepted) - count, clock)


@BOTH
@EVERY
def test_a_task_is_submitted_once_and_looked_at_until_it_is_done(name: str, driver: str) -> None:
    family = FAMILIES[name]
    played = play(driver, family)
    assert played.error is None
    assert type(played.value) is of_client(family.result, driver)
    assert played.accepted == 1
    assert [exchange.method for exchange in played.exchanges] == ["POST", *["GET"] * len(played.statuses)]
    assert played.statuses[-1].state == "succeeded"
    assert {status.state for status in played.statuses[:-1]} == {family.busy}
    assert played.value.status.fail_code is None
    assert played.value.status.done


@BOTH
@EVERY
def test_a_failed_task_raises_with_its_code_message_and_ref(name: str, driver: str) -> None:
    family = FAMILIES[name]
    played = play(driver, family, {"on": family.submit, "do": "fail_task", "code": 413, "msg": "it matches a work"})
    assert isinstance(played.error, TaskFailed)
    assert (played.error.code, played.error.status.fail_message) == ("413", "it matches a work")  # type: ignore[union-attr]
    assert played.accepted == 1
    assert played.error.ref.lifecycle == f"suno-{name}" if name not in MUSIC else "suno"


@BOTH
@EVERY
def test_a_record_that_appears_late_is_waited_for(name: str, driver: str) -> None:
    family = FAMILIES[name]
    played = play(driver, family, {"on": family.submit, "do": "invisible", "polls": 3})
    assert played.error is None
    assert played.accepted == 1
    assert len(played.exchanges) == 1 + 3 + len(played.statuses)


@BOTH
@EVERY
def test_a_record_that_never_appears_is_an_error_after_a_minute(name: str, driver: str) -> None:
    family = FAMILIES[name]
    played = play(driver, family, {"on": family.submit, "do": "invisible", "polls": 10_000})
    assert isinstance(played.error, NotFound)
    assert played.accepted == 1


@BOTH
@EVERY
def test_an_unknown_state_counts_as_running(name: str, driver: str, caplog: pytest.LogCaptureFixture) -> None:
    family = FAMILIES[name]
    played = play(driver, family, {"on": family.submit, "do": "state", "state": "PONDERING", "polls": 2})
    assert [status.state for status in played.statuses[:2]] == ["running", "running"]
    assert played.statuses[-1].state == "succeeded"
    assert [record for record in caplog.records if "PONDERING" in record.message]


@EVERY
@pytest.mark.parametrize(
    ("fault", "accepted"), [("drop_before", 0), ("drop_after", 1), ("garbage", 0), ("no_task_id", 1)]
)
def test_a_submission_whose_outcome_is_unknown_is_not_repeated(name: str, fault: str, accepted: int) -> None:
    family = FAMILIES[name]
    played = play("sync", family, {"on": family.submit, "nth": 1, "do": fault})
    assert isinstance(played.error, SubmitUnknown)
    assert played.accepted == accepted
    assert [exchange.method for exchange in played.exchanges] == ["POST"]


@EVERY
def test_both_drivers_ask_the_same_at_the_same_times(name: str) -> None:
    faults = [{"on": FAMILIES[name].look, "do": "http", "status": 503, "nth": 2}]
    ours, theirs = (play(driver, FAMILIES[name], *faults) for driver in ("sync", "async"))
    assert [(e.method, e.path, e.outcome) for e in ours.exchanges] == [
        (e.method, e.path, e.outcome) for e in theirs.exchanges
    ]
    assert [e.at for e in ours.exchanges] == pytest.approx([e.at for e in theirs.exchanges])


@BOTH
@AT_ONCE
def test_an_immediate_answer_is_the_result_and_nothing_is_looked_at(name: str, driver: str) -> None:
    family = IMMEDIATE[name]
    played = play(driver, family)
    assert type(played.value) is of_client(family.result, driver)
    assert [exchange.method for exchange in played.exchanges] == ["POST"]
    assert played.accepted == 1
    shown: Any = {
        "style": lambda result: result.text,
        "persona": lambda result: result.persona_id,
        "timestamps": lambda result: result.words[0].text,
    }
    assert shown[name](played.value)


@BOTH
@AT_ONCE
def test_an_immediate_call_whose_outcome_is_unknown_is_not_repeated(name: str, driver: str) -> None:
    played = play(driver, IMMEDIATE[name], {"on": IMMEDIATE[name].submit, "do": "drop_after", "nth": 1})
    assert isinstance(played.error, SubmitUnknown)
    assert played.accepted == 1


def test_an_immediate_answer_cannot_be_looked_at_later() -> None:
    client, _, _ = virtual_kie()
    ref = client.run(SunoStyle(content="Pop")).ref
    with pytest.raises(ConfigError, match="keeps no record"):
        client.task(ref).refresh()


@BOTH
def test_the_first_track_is_reported_before_the_second_is_there(driver: str) -> None:
    played = play(driver, FAMILIES["generate"])
    said = [status.raw_state for status in played.statuses]
    assert list(dict.fromkeys(said)) == ["PENDING", "TEXT_SUCCESS", "FIRST_SUCCESS", "SUCCESS"]
    at_first = [status.partial for status in played.statuses if status.raw_state == "PENDING"]
    assert set(at_first) == {None}
    texts = next(status.partial for status in played.statuses if status.raw_state == "TEXT_SUCCESS")
    assert isinstance(texts, MusicResult)
    assert [bool(track.lyrics) for track in texts.tracks] == [True, True]
    assert [track.audio_url for track in texts.tracks] == [None, None]
    first = next(status.partial for status in played.statuses if status.raw_state == "FIRST_SUCCESS")
    assert isinstance(first, MusicResult)
    assert [bool(track.audio_url) for track in first.tracks] == [True, False]
    assert first.urls == played.value.urls[:1]
    assert played.statuses[-1].partial is None


def test_tracks_stems_and_notes_build_on_one_another() -> None:
    client, service, _ = virtual_kie()
    music = client.run(SONG)
    longer = client.run(
        SunoExtend(
            default_param_flag=True,
            audio_id=music.tracks[0],
            prompt="on",
            style="Folk",
            title="Rain, longer",
            continue_at=30,
            model="V5",
        )
    )
    track = longer.tracks[0]
    wav = client.run(SunoWav(task_id=longer, audio_id=track))
    stems = client.run(SunoVocalSeparation(task_id=longer, audio_id=track, type="split_stem"))
    midi = client.run(SunoMidi(task_id=stems, audio_id=stems.ids["drums"]))
    persona = client.run(SunoPersona(task_id=longer, audio_id=track, name="Singer", description="warm"))
    again = client.run(
        SunoGenerate(
            prompt="[Verse]",
            custom_mode=True,
            instrumental=False,
            model="V5",
            style="Folk",
            title="Sun",
            persona_id=persona,
        )
    )
    assert [task.input for task in service.accepted[1:]] == [
        SunoExtend(
            default_param_flag=True,
            audio_id=music.tracks[0].id,
            prompt="on",
            style="Folk",
            title="Rain, longer",
            continue_at=30,
            model="V5",
        ).to_wire(),
        {"taskId": longer.ref.id, "audioId": track.id},
        {"taskId": longer.ref.id, "audioId": track.id, "type": "split_stem"},
        {"taskId": stems.ref.id, "audioId": stems.ids["drums"]},
        {
            **{"taskId": longer.ref.id, "audioId": track.id, "name": "Singer", "description": "warm"},
            **{"vocalStart": 0, "vocalEnd": 30},
        },
        again_wire(persona.persona_id),
    ]
    assert wav.urls and len(stems.stems) == 14 and midi.instruments[0].notes and len(again.tracks) == 2
    # results were at hand: no record was looked at only to see whether an earlier task is finished
    paths = [exchange.path for exchange in trace(client) if exchange.method == "GET"]
    assert paths.count("/api/v1/wav/record-info") >= 1
    assert len(set(paths)) == 4


def again_wire(persona: str) -> dict[str, Any]:
    return {
        **{"prompt": "[Verse]", "customMode": True, "instrumental": False, "model": "V5"},
        **{"style": "Folk", "title": "Sun", "personaId": persona},
    }


def test_a_task_that_is_named_by_its_id_is_looked_at_before_anything_is_charged() -> None:
    client, service, _ = virtual_kie()
    for task_id in ("nowhere", "suno:nowhere"):
        with pytest.raises(RequestInvalid, match="there is no record") as caught:
            client.run(SunoWav(task_id=task_id, audio_id="a"))
        assert [issue.path for issue in caught.value.issues] == ["taskId"]
    assert not service.accepted


def test_a_track_is_refused_where_a_separation_is_wanted_and_the_other_way_round() -> None:
    client, _, _ = virtual_kie()
    music = client.run(SONG)
    stems = client.run(SunoVocalSeparation(task_id=music, audio_id=music.tracks[0]))
    with pytest.raises(RequestInvalid, match="suno-vocals"):
        SunoMidi(task_id=music)
    with pytest.raises(RequestInvalid, match="belongs to suno-vocals"):
        SunoWav(task_id=stems, audio_id=music.tracks[0])
    with pytest.raises(RequestInvalid, match="must be a track"):
        SunoWav(task_id=music, audio_id=music)


@BOTH
def test_too_few_credits_for_lyrics_are_reported_by_429_and_not_repeated(driver: str) -> None:
    played = play(driver, FAMILIES["lyrics"], {"on": "writeLyrics", "do": "envelope", "code": 429})
    assert isinstance(played.error, InsufficientCredits)
    assert played.accepted == 0
    assert len(played.exchanges) == 1


@BOTH
@pytest.mark.parametrize("code", [405, 430])
def test_the_rate_limit_of_lyrics_is_waited_out(code: int, driver: str) -> None:
    played = play(driver, FAMILIES["lyrics"], {"on": "writeLyrics", "do": "envelope", "code": code, "times": 2})
    assert played.error is None
    assert played.accepted == 1
    assert [exchange.method for exchange in played.exchanges[:3]] == ["POST"] * 3


def test_405_is_the_rate_limit_for_lyrics_only() -> None:
    lyrics = play("sync", FAMILIES["lyrics"], {"on": "writeLyrics", "do": "envelope", "code": 405}, retry=no_retry())
    assert isinstance(lyrics.error, RateLimited)
    music = play("sync", FAMILIES["generate"], {"on": "generateMusic", "do": "envelope", "code": 405})
    assert isinstance(music.error, BadRequest)
    assert len(music.exchanges) == 1


def test_a_429_while_lyrics_are_awaited_is_no_end() -> None:
    played = play("sync", FAMILIES["lyrics"], {"on": "getLyrics", "do": "envelope", "code": 429, "times": 2})
    assert played.error is None


EXISTS = {"cover-art": (400, 409), "wav": (409,), "persona": (409,)}


@pytest.mark.parametrize(("name", "code"), [(name, code) for name, codes in EXISTS.items() for code in codes])
def test_what_exists_already_is_refused_once_and_says_so(name: str, code: int) -> None:
    family = {**FAMILIES, **IMMEDIATE}[name]
    played = play("sync", family, {"on": family.submit, "do": "envelope", "code": code})
    assert isinstance(played.error, BadRequest)
    assert "already" in str(played.error) or "earlier" in str(played.error)
    assert (played.error.task_created, len(played.exchanges)) == (False, 1)
