"""Runs of the studio: one task for each press, followed to its end, whoever watches."""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import attrs
import pytest

from kie._core.estimates import Estimate
from kie._io.budget import Budget
from kie._io.journal import Journal
from kie._studio import following
from kie._studio.following import Following
from kie._studio.studio import Studio
from kie.library import Library
from tests.processes import LONGEST
from tests.studio.conftest import IMAGE, KEY, PORT, TOKEN, Desk, Desks, data, ended, error, events, finish, press


def test_a_press_becomes_a_task_and_its_picture_is_in_the_library(desks: Desks) -> None:
    desk = desks(budget=Budget(100))

    async def work() -> None:
        async with desk.page() as page:
            row = data(await page.post("/api/run", json=press()), 202)["run"]
            assert row["state"] == "open" and row["prompt"] == IMAGE["input"]["prompt"] and row["estimate"] == "18"
            told = events(await page.get(f"/api/runs/{row['id']}/events"))
            states = [facts["state"] for name, facts in told if name == "status"]
            elapsed = [facts["elapsed"] for name, facts in told if name == "status"]
            assert states[0] == "queued" and elapsed == sorted(elapsed)
            last = told[-1][1]
            assert last["state"] == "succeeded" and last["credits"] == "18" and last["ended"] > last["at"]
            assert last["fields"]["resolution"] == "1K" and last["label"] is None and "data" not in last
            (picture,) = last["outputs"]
            assert picture["kind"] == "image" and picture["value"].startswith(f"/files/runs/{row['id']}/")
            assert data(await page.get(f"/api/runs/{row['id']}")) == last
            assert data(await page.get("/api/runs"))["runs"] == [last]
            state = data(await page.get("/api/state"))
            assert state["budget"]["spent"] == "18" and state["credits"] == "982"

    finish(work)
    (run,) = Library(desks.library)
    assert run.source == {"app": "kie studio"} and run.label == "studio-press-0001"
    assert [str(entry.ref) for entry in Journal(desk.journal).entries()] == [run.id]


def test_a_press_that_arrives_again_makes_no_second_task(desks: Desks) -> None:
    desk = desks()

    async def work() -> None:
        async with desk.page() as page:
            answers = await asyncio.gather(*(page.post("/api/run", json=press()) for _ in range(20)))
            (id,) = {data(answer, 202)["run"]["id"] for answer in answers}
            await ended(page, id)
            assert data(await page.post("/api/run", json=press()), 202)["run"]["id"] == id
            assert data(await page.post("/api/run", json=press("press-0002")), 202)["run"]["id"] != id

    finish(work)
    assert desk.sent == 2


def test_without_a_journal_a_press_that_arrives_again_makes_no_second_task_either(desks: Desks) -> None:
    desk = desks(journaled=False)

    async def work() -> None:
        async with desk.page() as page:
            answers = await asyncio.gather(*(page.post("/api/run", json=press()) for _ in range(5)))
            assert len({data(answer, 202)["run"]["id"] for answer in answers}) == 1

    finish(work)
    assert desk.sent == 1


def test_a_press_that_arrives_again_after_a_crash_makes_no_second_task(desks: Desks) -> None:
    desk = desks()

    async def work() -> None:
        async with desk.page() as page:
            id = data(await page.post("/api/run", json=press()), 202)["run"]["id"]
        async with again(desk).page() as page:
            assert data(await page.post("/api/run", json=press()), 202)["run"]["id"] == id

    finish(work)
    assert desk.sent == 1


def again(desk: Desk) -> Desk:
    """The studio, started again over what it kept."""
    old = desk.studio
    made = Studio(
        client=old.client, library=Library(old.library.path, derivatives=None), guard=old.guard, uploads=old.uploads
    )
    return attrs.evolve(desk, studio=made)


def test_open_runs_are_followed_again_after_a_restart_and_nothing_is_sent_twice(desks: Desks) -> None:
    desk = desks()

    async def work() -> None:
        async with desk.page() as page:
            id = data(await page.post("/api/run", json=press()), 202)["run"]["id"]
        assert [run.state for run in Library(desks.library)] == ["open"]
        async with again(desk).page() as page:
            assert (await ended(page, id))["state"] == "succeeded"

    finish(work)
    (run,) = Library(desks.library)
    assert run.state == "succeeded" and run.files and desk.sent == 1


def test_a_task_ends_though_nobody_watches(desks: Desks) -> None:
    desk = desks()

    async def work() -> None:
        async with desk.page() as page:
            data(await page.post("/api/run", json=press()), 202)
            while desk.studio.runs.following:
                await asyncio.sleep(0)

    finish(work)
    (run,) = Library(desks.library)
    assert run.state == "succeeded" and run.files


def test_a_client_that_leaves_while_its_run_is_submitted_leaves_one_task_behind(desks: Desks) -> None:
    desk = desks()

    async def work() -> None:
        async with desk.page() as page:
            asking = asyncio.ensure_future(page.post("/api/run", json=press()))
            while not desk.studio.runs._presses:
                await asyncio.sleep(0)
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            assert data(await page.post("/api/run", json=press()), 202)["run"]["state"] in ("open", "succeeded")

    finish(work)
    assert desk.sent == 1


def refused(desk: Desk, body: dict[str, Any], status: int) -> dict[str, Any]:
    """What a press is refused with. Nothing was sent."""

    async def work() -> dict[str, Any]:
        async with desk.page() as page:
            found = error(await page.post("/api/run", json=body), status)
            assert data(await page.get("/api/runs"))["runs"] == []
            return found

    found = finish(work)
    assert desk.sent == 0 and found["task_created"] is False
    return found


def test_a_price_that_rose_since_it_was_shown_is_reported_and_nothing_is_sent(desks: Desks) -> None:
    found = refused(desks(), press(at_most="17.99"), 409)
    assert found["type"] == "PriceChanged" and found["credits"]["at_most"] == "18" and found["hint"]


def test_a_press_that_sent_nothing_may_be_repeated(desks: Desks) -> None:
    desk = desks()

    async def work() -> None:
        async with desk.page() as page:
            error(await page.post("/api/run", json=press(at_most="1")), 409)
            data(await page.post("/api/run", json=press(at_most="18")), 202)

    finish(work)
    assert desk.sent == 1


def test_the_budget_is_never_passed_however_many_press(desks: Desks) -> None:
    desk = desks(budget=Budget(40))
    assert refused(desks(budget=Budget(17)), press(), 402)["type"] == "BudgetExceeded"

    async def work() -> None:
        async with desk.page() as page:
            answers = await asyncio.gather(*(page.post("/api/run", json=press(f"press-{n:04}")) for n in range(10)))
            assert sorted(answer.status_code for answer in answers) == [202] * 2 + [402] * 8

    finish(work)
    assert desk.sent == 2


def test_a_press_that_arrives_again_is_answered_though_the_budget_is_used_up(desks: Desks) -> None:
    desk = desks(budget=Budget(18))

    async def work() -> None:
        async with desk.page() as page:
            id = data(await page.post("/api/run", json=press()), 202)["run"]["id"]
        async with again(desk).page() as page:
            assert data(await page.post("/api/run", json=press()), 202)["run"]["id"] == id
            error(await page.post("/api/run", json=press("press-0002")), 402)

    finish(work)
    assert desk.sent == 1


def test_what_costs_more_than_the_price_that_was_agreed_is_not_sent(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    def agreed(estimate: Estimate, _: Decimal | None) -> None:
        assert estimate.at_most == 18
        monkeypatch.setattr("kie._tasks.budgeting.priced", lambda *_: attrs.evolve(estimate, at_most=Decimal(19)))

    monkeypatch.setattr("kie._studio.runs._agreed", agreed)
    assert refused(desks(), press(), 402)["type"] == "BudgetExceeded"


def test_a_press_under_way_is_remembered_however_many_follow(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kie._studio.runs._KEPT", 1)
    desk = desks(journaled=False)

    async def work() -> None:
        async with desk.page() as page:
            first = asyncio.ensure_future(page.post("/api/run", json=press()))
            while len(desk.studio.runs._presses) < 1:
                await asyncio.sleep(0)
            (under_way,) = desk.studio.runs._presses.values()
            other = asyncio.ensure_future(page.post("/api/run", json=press("press-0002")))
            while desk.studio.runs._presses.keys() == {"press-0001"}:
                await asyncio.sleep(0)
            assert not under_way.done.is_set()
            answers = await asyncio.gather(first, other, page.post("/api/run", json=press()))
            ids = [data(answer, 202)["run"]["id"] for answer in answers]
            assert ids[0] == ids[2] != ids[1]

    finish(work)
    assert desk.sent == 2


def test_runs_of_a_simulator_take_no_place_of_those_that_are_taken_up_again(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(Library, "find", lambda _, **query: asked.append(query) or [])

    async def work() -> None:
        runs = again(desks()).studio.runs
        await runs.open()
        await runs.close()

    finish(work)
    assert [(query["simulated"], query["state"], query["limit"]) for query in asked] == [(False, "open", 200)]


@pytest.mark.parametrize("changes", [{"simulated": True}, {"server": "https://api.example.com"}])
def test_a_run_of_another_service_is_not_asked_for(
    desks: Desks, changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(_: object) -> None: ...

    desk = desks()
    monkeypatch.setattr("kie._studio.runs.Runs._take_up", nothing)

    async def work() -> None:
        async with desk.page() as page:
            id = data(await page.post("/api/run", json=press()), 202)["run"]["id"]
        (run,) = Library(desks.library)
        runs = again(desk).studio.runs
        await runs.open()
        assert runs.follow(attrs.evolve(run, **changes)) is None and not runs.following
        assert runs.follow(run) is not None and [*runs.following] == [id]
        await runs.close()

    finish(work)


def test_what_nobody_can_price_is_refused_by_the_budget(desks: Desks) -> None:
    body = {"model": "kling-3.0/motion-control", "key": "press-0001", "at_most": None}
    media = {"input_urls": ["https://example.com/a.png"], "video_urls": ["https://example.com/a.mp4"]}
    found = refused(desks(budget=Budget(1000)), {**body, "input": {"mode": "720p", **media}}, 402)
    assert "is not known" in found["message"]


def test_all_that_is_wrong_with_an_input_is_reported_at_once(desks: Desks) -> None:
    body = press(input={"resolution": "8K", "image_input": ["/files/uploads/none/x.png", "data:image/png;base64,AA"]})
    found = refused(desks(), body, 422)
    assert {issue["path"] for issue in found["issues"]} == {
        "prompt",
        "resolution",
        "image_input[0]",
        "image_input[1]",
    }


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"key": None}, 400),
        ({"key": "short"}, 400),
        ({"key": "with space"}, 400),
        ({"key": "x" * 129}, 400),
        ({"key": 12345678}, 400),
        ({"at_most": 18}, 400),
        ({"at_most": "much"}, 400),
        ({"at_most": "-1"}, 400),
        ({"at_most": "NaN"}, 400),
        ({"at_most": "Infinity"}, 400),
        ({"at_most": "9" * 50}, 400),
        ({"model": "no-such-model"}, 404),
        ({"model": None}, 400),
        ({"input": "prompt"}, 400),
    ],
)
def test_a_press_that_cannot_be_read_sends_nothing(desks: Desks, changes: dict[str, Any], status: int) -> None:
    refused(desks(), {**press(), **changes}, status)


def test_a_press_that_does_not_say_which_price_was_shown_sends_nothing(desks: Desks) -> None:
    desk = desks()
    body = press()
    del body["at_most"]

    async def work() -> None:
        async with desk.page() as page:
            assert "at_most" in error(await page.post("/api/run", json=body), 400)["message"]

    finish(work)
    assert not desk.sent


def test_a_key_stands_for_one_request(desks: Desks) -> None:
    desk = desks()

    async def work() -> None:
        async with desk.page() as page:
            data(await page.post("/api/run", json=press()), 202)
            other = press(input={"prompt": "Another"})
            assert error(await page.post("/api/run", json=other), 409)["type"] == "KeyTaken"

    finish(work)
    assert desk.sent == 1


def test_without_a_journal_an_outcome_that_nobody_knows_is_not_sent_again_either(desks: Desks) -> None:
    desk = desks(journaled=False, faults=[{"on": "createTask", "do": "drop_after"}])

    async def work() -> None:
        async with desk.page() as page:
            for _ in range(2):
                assert error(await page.post("/api/run", json=press()), 502)["type"] == "SubmitUnknown"

    finish(work)
    assert desk.sent == 1


def test_an_outcome_that_nobody_knows_is_said_and_nothing_is_sent_again(desks: Desks) -> None:
    desk = desks(faults=[{"on": "createTask", "do": "drop_after"}])

    async def work() -> None:
        async with desk.page() as page:
            for _ in range(3):
                found = error(await page.post("/api/run", json=press()), 502)
                assert found["type"] == "SubmitUnknown" and found["task_created"] is None
                assert "kie.ai/logs" in found["hint"]
            (row,) = data(await page.get("/api/runs"))["runs"]
            assert row["state"] == "unknown" and row["ref"] is None
            assert (await ended(page, row["id"]))["state"] == "unknown"
        async with again(desk).page() as page:
            assert error(await page.post("/api/run", json=press()), 502)["task_created"] is None

    finish(work)
    assert desk.sent == 1


@pytest.mark.parametrize(
    ("fault", "status", "kind"),
    [
        ({"do": "envelope", "code": 402, "msg": f"no credits for {KEY}"}, 402, "InsufficientCredits"),
        ({"do": "envelope", "code": 401, "msg": f"bad key {KEY}"}, 502, "Unauthorized"),
        ({"do": "envelope", "code": 422, "msg": "the prompt is odd"}, 502, "Unprocessable"),
        ({"do": "refuse"}, 502, "TransportFailed"),
    ],
)
def test_what_the_service_refuses_is_reported_without_the_key(
    desks: Desks, fault: dict[str, Any], status: int, kind: str
) -> None:
    found = refused(desks(faults=[{"on": "createTask", **fault}]), press(), status)
    assert found["type"] == kind and found["hint"]


def test_a_task_that_fails_is_reported_with_the_words_of_the_service(desks: Desks) -> None:
    desk = desks(faults=[{"on": "createTask", "do": "fail_task", "msg": "<b>the prompt</b> was refused"}])

    async def work() -> None:
        async with desk.page() as page:
            id = data(await page.post("/api/run", json=press()), 202)["run"]["id"]
            last = await ended(page, id)
            assert last["state"] == "failed" and "was refused" in last["error"] and not last["outputs"]
            assert await ended(page, id) == last

    finish(work)


def test_several_may_watch_and_those_who_come_late_hear_the_end(desks: Desks) -> None:
    desk = desks()

    async def work() -> None:
        async with desk.page() as page:
            id = data(await page.post("/api/run", json=press()), 202)["run"]["id"]
            found = await asyncio.gather(*(ended(page, id) for _ in range(10)))
            assert [row["state"] for row in found] == ["succeeded"] * 10
            late = events(await page.get(f"/api/runs/{id}/events"))
            assert late == [("ended", found[0])]
            error(await page.get("/api/runs/nothing/events"), 404)
            error(await page.get("/api/runs/..%2F..%2Fetc"), 404)

    finish(work)


async def watched(desk: Desk, id: str, leave: asyncio.Event, quiet: asyncio.Event) -> list[bytes]:
    """What a client is sent that watches a run until it leaves, or until the stream ends; `quiet` is set by the first
    sign that the stream is there although nothing happens.
    """
    sent: list[bytes] = []
    asked = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> dict[str, object]:
        if asked:
            return dict(asked.pop())
        await leave.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, object]) -> None:
        sent.append(cast(bytes, message.get("body") or b""))
        if sent[-1] == b": still there\n\n":
            quiet.set()

    headers = [(b"host", f"127.0.0.1:{PORT}".encode()), (b"x-kie-studio", TOKEN.encode())]
    scope = {"type": "http", "method": "GET", "path": f"/api/runs/{id}/events", "headers": headers}
    await desk.studio(scope, receive, send)
    return sent


def test_a_stream_ends_with_its_client_or_with_the_studio_and_says_now_and_then_that_it_is_there(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_: Following) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(Following, "to_the_end", never)
    monkeypatch.setattr(following, "QUIET_SECONDS", 0.01)
    desk = desks()

    async def work() -> None:
        async with desk.page() as page:
            id = data(await page.post("/api/run", json=press()), 202)["run"]["id"]
            leave = asyncio.Event()
            quiet = [asyncio.Event() for _ in range(4)]
            watching = asyncio.ensure_future(watched(desk, id, leave, quiet[0]))
            others = [asyncio.ensure_future(watched(desk, id, asyncio.Event(), each)) for each in quiet[1:]]
            async with asyncio.timeout(LONGEST):
                for each in quiet:
                    await each.wait()
                leave.set()
                await watching
                assert not any(each.done() for each in others)
                desk.studio.runs.end_streams()
                await asyncio.gather(*others)
            error(await page.post("/api/run", json=press("press-0002")), 503)
        assert desk.studio.runs.left == [id]

    finish(work)
    assert desk.sent == 1


def test_a_task_that_cannot_be_polled_stays_open_and_says_why(desks: Desks) -> None:
    desk = desks(faults=[{"on": "getTask", "do": "envelope", "code": 401, "msg": "the key was withdrawn"}])

    async def work() -> None:
        async with desk.page() as page:
            id = data(await page.post("/api/run", json=press()), 202)["run"]["id"]
            last = await ended(page, id)
            assert last["state"] == "open" and "401" in last["error"]

    finish(work)


def test_a_library_that_cannot_be_written_is_refused_before_a_task_is_paid_for(desks: Desks) -> None:
    desk = desks()
    desks.library.write_text("a file, not a folder")

    async def work() -> None:
        async with desk.page() as page:
            answer = await page.post("/api/run", json=press())
            assert answer.status_code == 400 and "is not a folder" in answer.text and "Nothing was sent" in answer.text

    finish(work)
    assert desk.sent == 0


def test_a_library_that_vanishes_costs_no_task(desks: Desks, caplog: pytest.LogCaptureFixture) -> None:
    desk = desks()

    async def work() -> None:
        async with desk.page() as page:
            row = data(await page.post("/api/run", json=press()), 202)["run"]
            assert row["state"] == "open" and row["ref"] and row["prompt"] == IMAGE["input"]["prompt"]
            shutil.rmtree(desks.library, ignore_errors=True)
            desks.library.write_text("a file, not a folder")
            last = await ended(page, row["id"])
            assert last["state"] == "succeeded" and "library" in last["error"]

    finish(work)
    assert desk.sent == 1 and KEY not in caplog.text


def test_lyrics_and_other_results_without_a_file_are_reported(desks: Desks) -> None:
    body = {"model": "suno/lyrics", "input": {"prompt": "A song of the sea"}, "key": "press-0001", "at_most": None}

    async def work() -> None:
        async with desks().page() as page:
            id = data(await page.post("/api/run", json=body), 202)["run"]["id"]
            last = await ended(page, id)
            assert last["state"] == "succeeded" and last["data"] and not last["outputs"]
            assert data(await page.get(f"/api/runs/{id}"))["data"]

    finish(work)


@pytest.mark.parametrize("odd", ["NaN", "[1e999, -Infinity]", '"\\ud800"', "{", "[" * 5000, "9" * 5000])
def test_data_that_somebody_changed_costs_no_list_of_runs(desks: Desks, odd: str) -> None:
    desk = desks()
    body = {"model": "suno/lyrics", "input": {"prompt": "A song of the sea"}, "key": "press-0001", "at_most": None}

    async def work() -> None:
        async with desk.page() as page:
            row = data(await page.post("/api/run", json=body), 202)["run"]
            await ended(page, row["id"])
            desk.studio.library[row["id"]].files[0].write_text(odd)
            desk.studio.runs._data.clear()
            (listed,) = data(await page.get("/api/runs"))["runs"]
            assert listed["id"] == row["id"] and "NaN" not in json.dumps(listed)
            assert (await ended(page, row["id"]))["state"] == "succeeded"

    finish(work)


def test_runs_are_found_by_words_model_kind_state_and_page_by_page(desks: Desks) -> None:
    desk = desks()

    async def work() -> None:
        async with desk.page() as page:
            for number in range(5):
                body = press(f"press-{number:04}", input={"prompt": f"Lighthouse number {number}"})
                await ended(page, data(await page.post("/api/run", json=body), 202)["run"]["id"])

            async def found(**query: Any) -> list[str]:
                rows = data(await page.get("/api/runs", params=query))["runs"]
                return [row["prompt"][-1] for row in rows]

            assert await found() == ["4", "3", "2", "1", "0"]
            assert await found(words="number 3") == ["3"] and await found(words="nowhere") == []
            assert await found(model="nano-banana-pro", kind="image", state="succeeded", limit=2) == ["4", "3"]
            assert await found(model="kling-3.0/video") == await found(kind="video") == await found(state="open") == []
            pages, before = [], ""
            while True:
                answer = data(await page.get("/api/runs", params={"limit": 2, "before": before}))
                pages += [row["prompt"][-1] for row in answer["runs"]]
                if not answer["more"]:
                    break
                before = answer["runs"][-1]["at"]
            assert pages == ["4", "3", "2", "1", "0"]
            for query in ({"limit": "0"}, {"limit": "x"}, {"limit": "9999"}, {"state": "odd"}, {"kind": "x"}):
                error(await page.get("/api/runs", params=query), 400)
            error(await page.get("/api/runs", params={"before": "yesterday"}), 400)

    finish(work)


def test_what_is_read_only_runs_nothing_and_asks_nobody(desks: Desks) -> None:
    told: list[object] = []
    desk = desks(read_only=True, observers=[told.append])

    async def work() -> None:
        async with desk.page() as page:
            assert error(await page.post("/api/run", json=press()), 403)["type"] == "ReadOnly"
            error(await page.post("/api/uploads?name=a.png", content=b"x"), 403)
            state = data(await page.get("/api/state"))
            assert state["read_only"] and state["credits"] is None
            assert data(await page.post("/api/plan", json=IMAGE))["credits"]["at_most"] == "18"
            assert data(await page.get("/api/runs")) == {"runs": [], "more": False}

    finish(work)
    assert not told and desk.sent == 0


def test_a_balance_that_cannot_be_read_is_said_and_the_page_works(desks: Desks) -> None:
    desk = desks(faults=[{"on": "getCredits", "do": "envelope", "code": 401, "msg": f"no such key {KEY}"}])

    async def work() -> None:
        async with desk.page() as page:
            state = data(await page.get("/api/state"))
            assert state["credits"] is None and "401" in state["credits_error"]
            assert data(await page.post("/api/plan", json=IMAGE))["ready"]

    finish(work)


def test_a_hundred_requests_at_once_are_answered(desks: Desks) -> None:
    desk = desks(budget=Budget(Decimal(18 * 5)))

    async def work() -> None:
        async with desk.page() as page:
            asked: list[Callable[[int], Awaitable[Any]]] = [
                lambda n: page.post("/api/run", json=press(f"press-{n:04}")),
                lambda _: page.post("/api/plan", json=IMAGE),
                lambda _: page.get("/api/state"),
                lambda _: page.get("/api/runs"),
            ]
            answers = await asyncio.gather(*(asked[n % 4 if n < 20 else 1](n) for n in range(100)))
            assert {answer.status_code for answer in answers} == {200, 202}
            while desk.studio.runs.following:
                await asyncio.sleep(0)

    finish(work)
    assert desk.sent == 5 and {run.state for run in Library(desks.library)} == {"succeeded"}


def test_what_nobody_foresaw_is_logged_and_says_nothing_of_what_is_inside(
    desks: Desks, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desks()

    async def broken(*_: object) -> None:
        raise RuntimeError("a secret of the inside")

    async def work() -> None:
        async with desk.page() as page:
            monkeypatch.setattr("kie._studio.runs.planned", broken)
            found = error(await page.post("/api/plan", json=IMAGE), 500)
            assert found["type"] == "Unexpected" and "secret" not in str(found)
            found = error(await page.post("/api/run", json=press()), 500)
            assert found["task_created"] is None

    with caplog.at_level(logging.ERROR, "kie"):
        finish(work)
    assert "a secret of the inside" in caplog.text and KEY not in caplog.text and TOKEN not in caplog.text
    assert desk.sent == 0 and Path(desk.studio.uploads).is_dir()
