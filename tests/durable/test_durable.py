"""What a durable batch does, on one machine that is not killed."""

from __future__ import annotations

import asyncio
import re
import shutil
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from kie import Budget, Library
from kie._io.database import database
from kie.durable import Durable
from kie.errors import (
    BudgetExceeded,
    ConfigError,
    InsufficientCredits,
    RequestInvalid,
    SubmitUnknown,
    TaskFailed,
    Unauthorized,
)
from kie.models import NanoBananaPro
from kie.simulator import SimulatedService
from kie.simulator._faults import FaultScript
from tests.durable.conftest import KEY, Machine, prompts, requests, waits


def test_a_batch_is_stored_once_and_gives_each_outcome_again(
    machine: Machine, service: SimulatedService, tmp_path: Path
) -> None:
    with machine(save=tmp_path / "out") as engine:
        batch = engine.batch("spring", requests(5))
        outcomes = {outcome.index: outcome for outcome in batch.stream()}
        assert sorted(outcomes) == [*range(5)]
        assert all(
            outcome.ok and outcome.request == NanoBananaPro(prompt=f"line {n}") for n, outcome in outcomes.items()
        )
        assert all(outcome.estimate and outcome.submitted and outcome.ended > 0 for outcome in outcomes.values())
        assert batch.counts() == {"succeeded": 5} and batch.unknown() == []
        assert all(batch.files(line)[0].is_file() for line in range(5)) and batch.files(7) == []
        # a result of an earlier run belongs to a client, and saves itself
        again = next(iter(engine.batch("spring", requests(5)).stream())).unwrap()
        assert again.save(tmp_path / "more")[0].is_file()
        engine.batch("spring", requests(7))
        assert len([*batch.stream()]) == 7
        assert engine.counts() == {"spring": {"succeeded": 7}}
    assert sorted(prompts(service)) == [f"line {n}" for n in range(7)]


def test_other_requests_under_the_same_name_are_an_error_that_names_the_lines(
    machine: Machine, service: SimulatedService
) -> None:
    with machine() as engine:
        assert len([*engine.batch("spring", requests(3)).stream()]) == 3
        with pytest.raises(ConfigError, match=r"'spring' has other requests for 2 of these lines \(0, 2\)"):
            engine.batch("spring", [NanoBananaPro(prompt=text) for text in ("x", "line 1", "y", "new")])
        assert engine.counts() == {"spring": {"succeeded": 3}}
        many = re.escape("for 12 of these lines (0, 1, 2, 3, 4, 5, 6, 7, 8, 9 …)")
        engine._store.engine.dispose()
        engine.batch("long", requests(12))
        with pytest.raises(ConfigError, match=many):
            engine.batch("long", requests(12, "other"))
    assert not [text for text in prompts(service) if not text.startswith("line")]


def test_what_cannot_be_stored_is_refused_by_its_line(machine: Machine, tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    with machine() as engine:
        with pytest.raises(ConfigError, match=r"line 1 of batch 'spring': image_input\[0\] is held in memory"):
            engine.batch("spring", [*requests(1), NanoBananaPro(prompt="x", image_input=[picture.read_bytes()])])
        with pytest.raises(RequestInvalid, match="prompt"):
            engine.batch("autumn", [{"model": "nano-banana-pro", "input": {}}])
        for name in ("", "a/b", "x" * 201, "a\nb"):
            with pytest.raises(ConfigError, match="the name of a batch"):
                engine.batch(name, [])


def test_local_media_are_uploaded_by_whoever_sends_the_line(
    machine: Machine, service: SimulatedService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(bytes.fromhex(PIXEL))
    monkeypatch.chdir(tmp_path)
    with machine() as engine:
        batch = engine.batch("spring", [NanoBananaPro(prompt="x", image_input=[Path("a.png")])])
        (outcome,) = batch.stream()
    assert outcome.ok, outcome.error
    assert str(service.state.accepted[0].input["image_input"]).startswith("['http")


PIXEL = (
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63606060000000040001f61738"
    "550000000049454e44ae426082"
)


def test_a_failed_line_is_sent_again_only_if_somebody_asks(machine: Machine, service: SimulatedService) -> None:
    service.state.faults = FaultScript.load([{"on": "createTask", "nth": 2, "do": "fail_task", "code": "422"}])
    with machine() as engine:
        batch = engine.batch("spring", requests(3))
        (failed,) = [outcome for outcome in batch.stream() if not outcome.ok]
        assert isinstance(failed.error, TaskFailed) and failed.state == "failed" and failed.ref is not None
        assert failed.error.code == "422" and failed.error.status is not None
        engine.batch("spring", requests(3))
        assert batch.counts() == {"succeeded": 2, "failed": 1} and len(service.state.accepted) == 3
        assert batch.again([0, 1, 2, 99]) == 1
        assert {outcome.state for outcome in batch.stream()} == {"succeeded"}
    assert len(service.state.accepted) == 4


def test_a_task_that_failed_at_no_cost_is_submitted_again_as_often_as_the_options_say(
    machine: Machine, service: SimulatedService
) -> None:
    service.state.faults = FaultScript.load([{"on": "createTask", "times": 2, "do": "fail_task", "code": "500"}])
    with machine(retry_free=2) as engine:
        (outcome,) = engine.batch("spring", requests(1)).stream()
        assert outcome.ok and outcome.attempts == 3
    assert len(service.state.accepted) == 3


@pytest.mark.parametrize(("code", "sent"), [("500", 2), ("400", 1)])
def test_a_task_is_submitted_again_no_more_often_than_that_and_only_if_the_service_itself_failed(
    machine: Machine, service: SimulatedService, code: str, sent: int
) -> None:
    service.state.faults = FaultScript.load([{"on": "createTask", "do": "fail_task", "code": code}])
    with machine(retry_free=1) as engine:
        (outcome,) = engine.batch("spring", requests(1)).stream()
        assert outcome.state == "failed"
    assert len(service.state.accepted) == sent


def test_an_answer_that_got_lost_is_reported_as_unknown_and_never_sent_again(
    machine: Machine, service: SimulatedService
) -> None:
    service.state.faults = FaultScript.load([{"on": "createTask", "nth": 2, "do": "drop_after"}])
    with machine() as engine:
        batch = engine.batch("spring", requests(3))
        states = [outcome.state for outcome in batch.stream()]
        assert sorted(states) == ["succeeded", "succeeded", "unknown"]
        (unknown,) = batch.unknown()
        error = unknown.error
        assert isinstance(error, SubmitUnknown) and error.ref is None and error.sent_at.tzinfo is not None
        assert error.request == NanoBananaPro(prompt=f"line {unknown.index}")
        assert len(service.state.accepted) == 3
    with machine() as engine:
        assert batch.name == "spring" and engine.counts() == {"spring": {"succeeded": 2, "unknown": 1}}
    assert len(service.state.accepted) == 3


def test_an_invalid_answer_is_a_failed_line_and_what_the_limits_refuse_is_tried_again(
    machine: Machine, service: SimulatedService
) -> None:
    script = [
        {"on": "createTask", "nth": 1, "do": "envelope", "code": 422, "msg": "no"},
        {"on": "createTask", "nth": 2, "do": "rate_limit"},
    ]
    service.state.faults = FaultScript.load(script)
    with machine() as engine:
        outcomes = [*engine.batch("spring", requests(2)).stream()]
        assert sorted(outcome.state for outcome in outcomes) == ["failed", "succeeded"]
        (failed,) = [outcome.error for outcome in outcomes if outcome.error]
        assert type(failed).__name__ == "Unprocessable" and failed.code == 422 and failed.task_created is False  # type: ignore[attr-defined]


def test_one_that_is_closed_or_was_refused_leaves_nothing_behind_that_keeps_the_next_from_another_database(
    machine: Machine, url: str, prepared: Path, tmp_path: Path
) -> None:
    shutil.copy(prepared, tmp_path / "other.sqlite")
    other, made = f"sqlite:///{tmp_path / 'other.sqlite'}", []  # all are kept, so that none is gone by chance
    for place in (url, other, url):
        made.append(machine(url=place))
        with made[-1] as engine:
            assert engine.counts() == {}
    claim_of(url, "box-2")
    for name, place in (("box-2", url), ("box-1", other), ("box-2", url)):
        made.append(machine(name, url=place))
        with pytest.raises(ConfigError, match="is in use") if name == "box-2" else nullcontext(), made[-1]:
            pass


def claim_of(url: str, name: str) -> None:
    """Have another process be a machine of that name, as far as anybody can tell."""
    with database(url).transaction("machines") as transaction:
        now = transaction.now()
        transaction.execute(
            "INSERT INTO kie_machines (name, process, beat) VALUES (?, 'elsewhere:1:1:1', ?)", name, now
        )


def test_a_database_in_memory_is_refused(machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match="names no file"):
        machine(url="sqlite:///:memory:")
    assert not [*tmp_path.glob("*memory*")]


def test_a_line_over_the_budget_is_not_sent_and_can_be_asked_for_again(
    machine: Machine, service: SimulatedService
) -> None:
    with machine(budget=Budget(40)) as engine:
        batch = engine.batch("spring", requests(4))
        outcomes = [*batch.stream()]
        assert sorted(outcome.state for outcome in outcomes) == ["stopped"] * 2 + ["succeeded"] * 2
        assert any(isinstance(outcome.error, BudgetExceeded) for outcome in outcomes)
    assert len(service.state.accepted) == 2
    with machine(budget=Budget(40)) as engine:
        batch = engine.batch("spring", requests(4))
        assert batch.again(range(4)) == 2
        assert {outcome.state for outcome in batch.stream()} == {"succeeded"}
    assert len(service.state.accepted) == 4


def test_without_credits_nothing_more_is_sent_and_the_next_start_goes_on(
    machine: Machine, service: SimulatedService
) -> None:
    service.state.credits = service.state.credits * 0 + 40
    with machine() as engine:
        batch = engine.batch("spring", requests(12))
        ended: list[object] = []
        with pytest.raises(InsufficientCredits):
            ended.extend(batch.stream())
        assert batch.counts()["succeeded"] == 2 and "failed" not in batch.counts()
    refused = sum(what == "402" for _, what in service.state.log)
    assert refused <= 12
    service.state.credits += 10_000
    with machine() as engine:
        assert {outcome.state for outcome in engine.batch("spring", requests(12)).stream()} == {"succeeded"}
    assert sorted(prompts(service)) == sorted(f"line {n}" for n in range(12))


def test_a_ref_is_in_the_database_before_anybody_hears_of_it(
    machine: Machine, service: SimulatedService, tmp_path: Path
) -> None:
    seen: list[tuple[str, list[str | None]]] = []

    def submitted(ref: Any) -> None:
        rows = engine._store._rows("batch = :batch", batch="spring")
        seen.append((str(ref), [row.ref for row in rows]))

    with machine(on_submitted=submitted, library=Library(tmp_path / "runs", derivatives=None)) as engine:
        assert all(outcome.ok for outcome in engine.batch("spring", requests(3)).stream())
    assert len(seen) == 3 and all(ref in refs for ref, refs in seen)
    assert len(Library(tmp_path / "runs").find()) == 3


def test_the_end_waits_for_answers_and_leaves_the_rest_for_the_next_start(
    machine: Machine, service: SimulatedService
) -> None:
    service.state.faults = FaultScript.load([{"on": "createTask", "every": 1, "do": "slow", "seconds": 0.1}])
    with machine() as engine:
        batch = engine.batch("spring", requests(40))
        waits(lambda: service.state.accepted)
    with machine() as engine:
        service.state.faults = FaultScript.load([])
        assert {outcome.state for outcome in engine.batch("spring", requests(40)).stream()} == {"succeeded"}
        assert batch.unknown() == []
    assert sorted(prompts(service)) == sorted(f"line {n}" for n in range(40))


def test_no_key_is_in_the_database(machine: Machine, tmp_path: Path) -> None:
    with machine() as engine:
        assert len([*engine.batch("spring", requests(2)).stream()]) == 2
        assert KEY not in repr(engine)
    for file in tmp_path.glob("runs.sqlite*"):
        assert KEY.encode() not in file.read_bytes()


def test_what_makes_no_sense_is_refused(machine: Machine, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("", "a\tb", "x" * 101):
        with pytest.raises(ConfigError, match="machine must be a name"):
            machine(name)
    for wrong in ("mysql://host/db", "sqlite://", "runs.sqlite"):
        with pytest.raises(ConfigError, match="database"):
            Durable(wrong, machine="box-1", api_key=KEY)
    with pytest.raises(ConfigError, match="in_flight"):
        machine(in_flight=0)
    idle = machine()
    for call in (lambda: idle.batch("a", []), lambda: idle.adopt("box-2")):
        with pytest.raises(ConfigError, match="within its `with` block"):
            call()
    monkeypatch.delenv("KIE_API_KEY", raising=False)
    with pytest.raises(ConfigError, match="no API key"), Durable(url, machine="box-1"):
        pass

    async def inside() -> None:
        with machine():
            pass

    with pytest.raises(ConfigError, match="runs an event loop"):
        asyncio.run(inside())


def test_whoever_asks_for_a_line_again_while_outcomes_stream_gets_its_outcome_too(
    machine: Machine, service: SimulatedService
) -> None:
    service.state.faults = FaultScript.load([{"on": "createTask", "nth": 1, "do": "fail_task", "code": "422"}])
    states: list[str] = []
    with machine() as engine:
        batch = engine.batch("spring", requests(1))
        for outcome in batch.stream():
            states.append(outcome.state)
            if outcome.state == "failed":
                assert batch.again([outcome.index]) == 1
    assert states == ["failed", "succeeded"] and prompts(service) == ["line 0"] * 2


def test_a_process_has_one_machine_at_a_time(machine: Machine) -> None:
    with machine(), pytest.raises(ConfigError, match="one Durable at a time"), machine("box-2"):
        pass
    with machine("box-2") as engine:
        assert "box-2" in repr(engine)


def test_without_the_extra_the_error_names_it(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib import util

    found = util.find_spec
    monkeypatch.setattr(util, "find_spec", lambda name: None if name == "dbos" else found(name))
    with pytest.raises(ConfigError, match=re.escape("pip install 'kie[durable]'")):
        machine()


async def never(*_: object) -> str:
    await asyncio.Event().wait()
    return ""


@pytest.mark.parametrize("kind", ["immediate", "read-until-ready", "poll"])
def test_a_task_of_each_kind_is_waited_for_by_whoever_comes_later(
    kind: str, machine: Machine, service: SimulatedService
) -> None:
    request: Any = next(requests(1))
    if kind == "immediate":
        request = {"model": "omni/audio", "input": {"audio_id": "kore", "name": "b"}}
    if kind == "read-until-ready":
        with service.client() as client:
            task = client.submit("veo", model="veo3_fast", prompt="x", aspect_ratio="16:9")
            task.wait()
        request = {"model": "veo/1080p", "input": {"taskId": task.id}}
    with machine() as engine:
        assert engine._work is not None
        engine._work.finish = never  # type: ignore[method-assign,assignment]
        batch = engine.batch("spring", [request])
        waits(lambda: batch.counts() == {"waiting": 1})
        if kind == "immediate":  # its answer is kept right after its task
            waits(lambda: (row := engine._store.row("spring", 0)) and row.outcome)
    with machine() as engine:
        (outcome,) = engine.batch("spring", [request]).stream()
    assert outcome.ok, outcome.error


def test_with_a_wrong_key_a_task_is_not_given_up(machine: Machine, service: SimulatedService) -> None:
    with machine() as engine:
        assert engine._work is not None
        engine._work.finish = never  # type: ignore[method-assign,assignment]
        batch = engine.batch("spring", requests(2))
        waits(lambda: batch.counts() == {"waiting": 2})
    with machine(api_key="another-key-1234567890") as engine:
        batch = engine.batch("spring", requests(3))
        with pytest.raises(Unauthorized):
            [*batch.stream()]
        assert batch.counts() == {"queued": 1, "waiting": 2}
    with machine() as engine:
        assert [outcome.state for outcome in engine.batch("spring", requests(3)).stream()] == ["succeeded"] * 3
    assert len(service.state.accepted) == 3


def test_a_stored_line_that_this_version_does_not_know_is_invalid_but_its_task_is_waited_for(
    machine: Machine, service: SimulatedService
) -> None:
    with machine() as engine:
        assert engine._work is not None
        engine._work.finish = never  # type: ignore[method-assign,assignment]
        batch = engine.batch("spring", requests(1))
        waits(lambda: batch.counts() == {"waiting": 1})
        engine._work.stop(ConfigError("it only stores"))
        engine.batch("spring", requests(2))
        engine._store._change("UPDATE kie_lines SET request = replace(request, 'nano-banana-pro', 'gone/model')")
    with machine() as engine:
        batch = engine.batch("spring", [])
        outcomes = {outcome.index: outcome for outcome in batch.stream()}
    assert outcomes[0].ok and outcomes[0].request is None
    assert outcomes[1].state == "invalid" and "'gone/model' is not in this version" in str(outcomes[1].error)
    assert prompts(service) == ["line 0"]


def test_what_is_not_several_requests_is_refused_and_nothing_is_stored(machine: Machine) -> None:
    with machine() as engine:
        for wrong in (None, 5, "nano-banana-pro", {"model": "nano-banana-pro"}):
            with pytest.raises(ConfigError, match="a batch takes several requests"):
                engine.batch("spring", wrong)  # type: ignore[arg-type]
        for one in (5, None, NanoBananaPro):
            with pytest.raises(ConfigError, match="line 0 of batch 'spring': a request must be an instance"):
                engine.batch("spring", [one])  # type: ignore[list-item]
        batch = engine.batch("spring", [])
        assert batch.counts() == {}
        for wrong in (5, None, "17"):
            with pytest.raises(ConfigError, match="lines must be several numbers"):
                batch.again(wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "broken",
    [
        "request = '{'",
        "request = '[]'",
        "request = '{\"model\": 5}'",
        "outcome = 'x'",
        "outcome = '[]'",
        "outcome = '{\"error\": 5}'",
        "outcome = '{\"files\": 5}'",
        "noted_at = 'x', outcome = NULL",
    ],
)
def test_a_line_that_somebody_broke_costs_no_other(machine: Machine, url: str, broken: str) -> None:
    with machine() as engine:
        assert len([*engine.batch("spring", requests(3)).stream()]) == 3
    with database(url).transaction("lines") as transaction:
        transaction.execute(f"UPDATE kie_lines SET {broken} WHERE line = 1")
    with machine() as engine:
        batch = engine.batch("spring", [])
        outcomes = {outcome.index: outcome for outcome in batch.stream()}
        assert outcomes[0].state == outcomes[2].state == "succeeded" and {*outcomes} == {0, 1, 2}
        assert batch.files(1) == [] and batch.unknown() == []
        if broken.startswith("request"):
            assert outcomes[1].state == "succeeded" and outcomes[1].request is None
