"""One submission, step by step: what it notes, what it sends, and that it ends where it is closed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from kie import CircuitOpen, ConfigError, Journal, RequestInvalid, SubmitUnknown, models
from kie._core.call import HttpResponse
from kie._core.model_info import ModelInfo
from kie._core.request import Request
from kie._flow.context import Context
from kie._flow.effects import Effect, Flow, Notify, Open, Record, Send, Stopped, end_now
from kie._flow.options import Options
from kie._io.process import Process
from kie._io.secrets import Secret
from kie._io.session import Session
from kie._records.lifecycles import lifecycle
from kie._tasks.submit import PLACEHOLDER_CALLBACK, Started, submit, with_callback
from kie.models import NanoBananaPro, SunoGenerate, SunoStyle, Veo31Extend, Veo1080p, VeoExtend, VeoGenerate
from kie.testing import VirtualClock, trace, virtual_kie
from kie.webhooks import Receiver

REQUEST = NanoBananaPro(prompt="A lighthouse")
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
ACCEPTED = HttpResponse(status=200, headers={}, body=b'{"code":200,"msg":"success","data":{"taskId":"t1"}}')
LABEL = "order-4711"
HOOK = "https://example.com/hook"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


def test_a_label_that_is_known_uploads_and_sends_nothing(path: Path) -> None:
    client, service, _ = virtual_kie(journal=path)
    request = NanoBananaPro(prompt="A lighthouse", image_input=[PNG])
    first = client.submit(request, label=LABEL)
    sent = len(trace(client))
    assert client.submit(request, label=LABEL).ref == first.ref
    assert len(trace(client)) == sent
    assert len(service.accepted) == 1


def test_a_label_that_somebody_else_took_meanwhile_is_not_paid_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, service, clock = virtual_kie(journal=path)
    first = client.submit(REQUEST, label=LABEL)
    other, _, _ = virtual_kie(service, clock=clock, journal=path)
    monkeypatch.setattr(Journal, "holder", lambda *_: None)  # it was free when the other one asked
    refs: list[Any] = []
    assert other.submit(REQUEST, label=LABEL, on_submitted=refs.append).ref == first.ref
    assert refs == [first.ref]
    assert trace(other) == []
    assert len(service.accepted) == 1


def test_a_task_that_is_found_by_its_label_knows_its_model(path: Path) -> None:
    client, _, _ = virtual_kie(journal=path)
    client.submit(REQUEST, label=LABEL)
    assert client.submit(REQUEST, label=LABEL).ref.model == "nano-banana-pro"


def test_observers_hear_which_task_a_label_found(path: Path) -> None:
    told: list[Any] = []
    client, _, _ = virtual_kie(journal=path, observers=[told.append])
    ref = client.submit(REQUEST, label=LABEL).ref
    told.clear()
    client.run(REQUEST, label=LABEL)
    assert {event.ref for event in told if hasattr(event, "ref")} == {ref}
    assert not any(type(event).__name__ == "TaskSubmitted" for event in told)


def test_what_on_submitted_raises_for_a_known_label_is_an_end_of_its_task(path: Path) -> None:
    def save(ref: object) -> None:
        raise ZeroDivisionError

    told: list[Any] = []
    client, _, _ = virtual_kie(journal=path, observers=[told.append])
    ref = client.submit(REQUEST, label=LABEL).ref
    told.clear()
    with pytest.raises(ZeroDivisionError):
        client.submit(REQUEST, label=LABEL, on_submitted=save)
    assert [event.ref for event in told] == [ref]


def test_a_label_of_a_submission_without_a_task_is_named_by_its_model_and_second(path: Path) -> None:
    client, _, _ = virtual_kie(journal=path, faults=[{"on": "createTask", "do": "drop_after"}])
    with pytest.raises(SubmitUnknown):
        client.submit(REQUEST, label=LABEL)
    why = r"belongs to a submission of nano-banana-pro of 2026-09-01T12:00:00, which"
    with pytest.raises(ConfigError, match=why):
        client.submit(NanoBananaPro(prompt="A windmill"), label=LABEL)


@pytest.mark.parametrize(("chance", "id"), [(0.0, "0" * 14), (1 - 2**-53, "1fffffffffffff"), (0.5, "10000000000000")])
def test_the_id_of_an_entry_has_all_the_random_bits_that_there_are(
    path: Path, monkeypatch: pytest.MonkeyPatch, chance: float, id: str
) -> None:
    client, _, _ = virtual_kie(journal=path)
    monkeypatch.setattr(Session, "random", lambda self: chance)
    client.submit(REQUEST)
    assert [entry.id for entry in Journal(path).entries()] == [id]


def test_what_keeps_a_submission_from_being_sent_leaves_nothing_in_the_journal(path: Path) -> None:
    client, _, _ = virtual_kie(journal=path, faults=[{"on": "createTask", "do": "http", "status": 503}])
    while True:
        before = path.read_bytes() if path.exists() else b""
        try:
            client.submit(REQUEST)
        except CircuitOpen:
            break
        except SubmitUnknown:
            continue
    assert before and path.read_bytes() == before


REFUSALS: dict[str, dict[str, Any]] = {
    "too many requests": {"on": "createTask", "do": "rate_limit", "times": 2},
    "no connection": {"on": "createTask", "do": "refuse", "times": 2},
}


@pytest.mark.parametrize("refusal", REFUSALS)
def test_the_journal_says_during_a_pause_that_nothing_was_created(path: Path, refusal: str) -> None:
    """Whatever ends the program then, the submission is not one of those that may have been charged."""
    client, service, _ = virtual_kie(journal=path, faults=[REFUSALS[refusal]])
    sleep, seen = client._driver.sleep, list[list[tuple[str, str | None]]]()

    def asleep(seconds: float) -> object:
        seen.append([(entry.state, entry.label) for entry in Journal(path).entries()])
        return sleep(seconds)

    client._driver.sleep = asleep
    ref = client.submit(REQUEST, label=LABEL).ref
    assert len(seen) >= 2  # after a 429 the limit makes it wait, too
    assert all(found == [("refused", LABEL)] for found in seen)
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    assert [line["event"] for line in lines] == ["submit", "refused", "submit", "refused", "submit", "task"]
    assert len({line["id"] for line in lines}) == 1
    [entry] = Journal(path).entries()
    assert (entry.state, entry.ref, entry.at) == ("open", ref, lines[4]["at"])
    assert lines[4]["at"] > lines[0]["at"]
    assert len(service.accepted) == 1


def test_a_label_that_is_taken_during_a_pause_is_not_paid_again(path: Path) -> None:
    client, service, clock = virtual_kie(journal=path, faults=[REFUSALS["too many requests"] | {"times": 1}])
    other, _, _ = virtual_kie(service, clock=clock, journal=path)
    sleep, refs = client._driver.sleep, list[Any]()

    def asleep(seconds: float) -> object:
        refs.append(other.submit(REQUEST, label=LABEL).ref)
        return sleep(seconds)

    client._driver.sleep = asleep
    assert {client.submit(REQUEST, label=LABEL).ref} == set(refs)
    assert len(service.accepted) == 1


def test_what_ends_a_pause_leaves_a_refusal_in_the_journal(path: Path) -> None:
    client, _, _ = virtual_kie(journal=path, faults=[REFUSALS["too many requests"]])

    def interrupted(seconds: float) -> object:
        raise KeyboardInterrupt

    client._driver.sleep = interrupted
    with pytest.raises(KeyboardInterrupt) as caught:
        client.submit(REQUEST)
    assert [entry.state for entry in Journal(path).entries()] == ["refused"]
    assert not hasattr(caught.value, "task_created")


def test_a_submission_that_is_sent_again_and_gets_no_answer_is_unknown(path: Path) -> None:
    once = REFUSALS["too many requests"] | {"times": 1}
    client, _, _ = virtual_kie(journal=path, faults=[once, {"on": "createTask", "do": "drop_after"}])
    with pytest.raises(SubmitUnknown) as caught:
        client.submit(REQUEST)
    [entry] = Journal(path).entries()
    assert (entry.state, entry.at) == ("unknown", caught.value.sent_at.isoformat())


def test_an_entry_without_a_task_names_none(path: Path) -> None:
    client, _, _ = virtual_kie(journal=path, faults=[{"on": "createTask", "do": "drop_after", "times": 1}])
    with pytest.raises(SubmitUnknown):
        client.submit(REQUEST)
    client.submit(REQUEST)
    found = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(entry["event"], "ref" in entry) for entry in found] == [
        ("submit", False),
        ("unknown", False),
        ("submit", False),
        ("task", True),
    ]


def test_an_unknown_outcome_that_names_a_task_does_not_say_that_it_was_created() -> None:
    body = json.dumps({"code": 500, "msg": "oh", "data": {"taskId": "t1"}})
    client, _, _ = virtual_kie(faults=[{"on": "createTask", "do": "garbage", "body": body}])
    with pytest.raises(SubmitUnknown) as caught:
        client.submit(REQUEST)
    assert caught.value.ref is not None and caught.value.ref.id == "t1"
    assert not hasattr(caught.value, "__notes__")


@pytest.mark.parametrize("wrong", [NanoBananaPro, {"prompt": "x"}, None])
def test_what_is_not_a_request_is_refused_before_its_label_is_looked_up(path: Path, wrong: Any) -> None:
    client, _, _ = virtual_kie(journal=path)
    with pytest.raises(ConfigError, match="a request must be an instance of a class"):
        client.submit(wrong, label=LABEL)
    assert not path.exists()


@pytest.mark.parametrize("wrong", [5, b"x", object()])
def test_a_label_that_is_not_text_is_refused(path: Path, wrong: Any) -> None:
    client, _, _ = virtual_kie(journal=path)
    with pytest.raises(ConfigError, match="label must be text"):
        client.submit(REQUEST, label=wrong)


def session_over(path: Path, options: Options) -> Session:
    made = Session.make(options, api_key=Secret("simulated"), process=Process(), journal=path)
    made.clock = VirtualClock()
    return made


def started(session: Session, options: Options) -> Flow[Started]:
    """A submission under the label that is carried out as far as the user's own function."""
    flow = submit(Context(options=options, services=session), REQUEST, label=LABEL)
    effect: Any = flow.send(None)
    while not isinstance(effect, Notify):
        done = ACCEPTED if isinstance(effect, Send) else None if isinstance(effect, Open) else session.on_disk(effect)
        effect = flow.send(done)
    return flow


def test_the_first_task_of_a_label_is_fresh_and_known_to_have_begun_and_what_is_found_later_is_old(path: Path) -> None:
    options = Options(on_submitted=lambda ref: None)
    session = session_over(path, options)
    ends: list[Started] = []
    for _ in range(2):
        flow = started(session, options)
        with pytest.raises(StopIteration) as caught:
            flow.send(None)
        ends.append(caught.value.value)
    assert [(end.ref.id, end.fresh) for end in ends] == [("t1", True), ("t1", False)]
    assert session.begun(str(ends[0].ref)) == session.now()


def test_observers_know_the_task_of_a_label_that_is_closed_in_the_users_own_function(path: Path) -> None:
    told: list[Any] = []
    options = Options(on_submitted=lambda ref: None, observers=[told.append])
    session = session_over(path, options)
    for _ in range(2):
        told.clear()
        started(session, options).close()
        assert [event.ref.id for event in told if type(event).__name__ == "TaskFinished"] == ["t1"]


# a callback


@pytest.mark.parametrize(
    ("request_", "url", "sent"),
    [
        (SunoGenerate, None, {"callBackUrl": PLACEHOLDER_CALLBACK}),
        (SunoGenerate, HOOK, {"callBackUrl": HOOK}),
        (NanoBananaPro, None, {}),
        (NanoBananaPro, HOOK, {"callBackUrl": HOOK}),
        (SunoStyle, None, {}),
        (SunoStyle, HOOK, {}),
    ],
)
def test_a_callback_url_is_sent_where_one_is_taken_and_a_placeholder_where_the_service_insists(
    request_: type[Request[Any]], url: str | None, sent: dict[str, str]
) -> None:
    operation = lifecycle(request_.info.lifecycle).submission(request_.info.operation)
    assert with_callback(operation, {"prompt": "x"}, url) == {"prompt": "x", **sent}


@pytest.mark.parametrize("option", ["callback_url", "via"])
def test_a_callback_that_an_operation_does_not_take_is_refused_by_its_name(option: str) -> None:
    given: dict[str, Any] = {"callback_url": HOOK, "via": Receiver("secret", url=HOOK)}
    client, _, _ = virtual_kie()
    with pytest.raises(ConfigError, match=f"leave out {option}, and"):
        client.submit(SunoStyle(content="pop"), **{option: given[option]})
    assert trace(client) == []


def test_a_callback_of_the_whole_client_is_left_out_where_none_is_taken(caplog: pytest.LogCaptureFixture) -> None:
    client, _, _ = virtual_kie(callback_url=HOOK)
    client.submit(SunoStyle(content="pop"))
    assert [record.message for record in caplog.records] == [
        "suno/style takes no callback URL: its tasks are polled",
    ]


@pytest.mark.parametrize("option", ["callback_url", "via"])
def test_a_callback_is_sent_where_it_is_taken(option: str) -> None:
    given: dict[str, Any] = {"callback_url": HOOK, "via": Receiver("secret", url=HOOK)}
    client, service, _ = virtual_kie()
    client.submit(REQUEST, **{option: given[option]})
    client.submit(REQUEST)
    assert [report.url for report in service.due_callbacks(10_000.0)] == [HOOK]


def test_a_callback_for_what_is_only_read_is_refused() -> None:
    client, _, _ = virtual_kie()
    with pytest.raises(ConfigError, match="takes no callback URL"):
        client.submit(Veo1080p(task_id="1"), callback_url=HOOK)


# what is noted


@pytest.mark.parametrize(
    ("source", "label", "noted"),
    [("", None, {}), ("", LABEL, {"label": LABEL}), ("vendor", None, {"source": "vendor"})],
)
def test_a_label_and_the_source_of_a_model_are_noted_where_there_are_any(
    path: Path, source: str, label: str | None, noted: dict[str, str]
) -> None:
    class Mine(NanoBananaPro):
        info = attrs.evolve(NanoBananaPro.info, source=source)

    client, _, _ = virtual_kie(journal=path)
    client.submit(Mine(prompt="x"), label=label)
    line = json.loads(path.read_text().splitlines()[0])
    assert {name: line[name] for name in ("label", "source") if name in line} == noted


# what it builds on


@pytest.mark.parametrize("name", [lambda task: task.id, lambda task: task.ref])
def test_an_earlier_task_is_polled_before_anything_is_charged(name: Callable[[Any], Any]) -> None:
    client, service, _ = virtual_kie()
    video = client.submit(VeoGenerate(prompt="x"))
    with pytest.raises(RequestInvalid, match=f"needs a finished task; {video.ref} is (waiting|running)") as caught:
        client.submit(VeoExtend(task_id=name(video), prompt="on"))
    assert [issue.path for issue in caught.value.issues] == ["taskId"]
    assert len(service.accepted) == 1
    video.wait()
    assert client.submit(VeoExtend(task_id=name(video), prompt="on")).id != video.id


def test_an_earlier_task_may_be_of_any_family_that_fits() -> None:
    client, service, _ = virtual_kie()
    video = client.submit(VeoGenerate(prompt="x"))
    video.wait()
    with pytest.raises(RequestInvalid, match=r"no record of task nowhere \(any more\); it needs one of .+ or "):
        client.submit(Veo31Extend(task_id="nowhere", prompt="on"))
    assert len(service.accepted) == 1
    client.submit(Veo31Extend(task_id=video.id, prompt="on"))
    assert len(service.accepted) == 2


def test_every_family_that_a_request_may_build_on_can_be_polled() -> None:
    names: list[str] = models.__all__  # type: ignore[attr-defined]
    infos = [getattr(getattr(models, name), "info", None) for name in names]
    families = {
        family
        for info in infos
        if isinstance(info, ModelInfo)
        for facts in info.fields.values()
        if facts.finished and not facts.parts
        for family in facts.families
    }
    assert families >= {"jobs", "veo", "suno"}
    assert all(lifecycle(family).poll for family in families)


# closed where it stands


def reached(path: Path, wanted: type[Effect[Any]], number: int, answer: HttpResponse | Exception = ACCEPTED) -> Any:
    """A submission that has come to an effect of a kind, the so many-th."""
    options = Options(on_submitted=lambda ref: None)
    session = Session.make(options, api_key=Secret("simulated"), process=Process(), journal=path)
    flow = submit(Context(options=options, services=session), REQUEST)
    effect: Effect[Any] = flow.send(None)
    while True:
        number -= isinstance(effect, wanted)
        if number == 0:
            return flow
        if isinstance(effect, Send):
            effect = flow.throw(answer) if isinstance(answer, Exception) else flow.send(answer)
        else:
            assert isinstance(effect, (Open, Record, Notify))
            effect = flow.send(None)


@pytest.mark.parametrize(
    ("wanted", "number", "answer", "noted", "told"),
    [
        (Record, 1, ACCEPTED, ["refused"], {}),
        (Send, 1, ACCEPTED, ["unknown"], {"task_created": None}),
        (Record, 2, ACCEPTED, ["task"], {"ref": "t1"}),
        (Notify, 1, ACCEPTED, [], {"ref": "t1"}),
        (Record, 2, ZeroDivisionError(), ["unknown"], {"task_created": None}),
    ],
    ids=["before it is noted", "on its way", "before its task is noted", "before the user knows", "after an error"],
)
def test_a_submission_that_ends_at_once_notes_what_it_leaves_behind_and_does_nothing_else(
    path: Path,
    wanted: type[Effect[Any]],
    number: int,
    answer: HttpResponse | Exception,
    noted: list[str],
    told: dict[str, Any],
) -> None:
    flow, written = reached(path, wanted, number, answer), []

    def write(effect: Effect[object]) -> None:
        assert isinstance(effect, Record)
        written.append(effect.entry()["event"])

    error = end_now(flow, write)
    assert written == noted
    with pytest.raises(StopIteration):
        flow.send(None)
    said = {name: getattr(error, name) for name in ("ref", "task_created") if hasattr(error, name)}
    assert {name: str(value) if name == "ref" else value for name, value in said.items()} == told


def test_a_submission_that_is_stopped_after_its_task_was_noted_carries_the_ref(path: Path) -> None:
    flow = reached(path, Notify, 1)
    with pytest.raises(Stopped) as caught:
        flow.throw(Stopped("enough"))
    assert caught.value.ref.id == "t1"  # type: ignore[attr-defined]
