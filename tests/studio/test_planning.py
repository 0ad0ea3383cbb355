"""What an input costs, and what is wrong with it, while somebody types."""

from __future__ import annotations

from typing import Any, cast

import pytest

from kie import catalog
from kie._io.budget import Budget
from tests.studio.conftest import IMAGE, Desk, Desks, data, error, finish


def plans(desk: Desk, *inputs: dict[str, Any]) -> list[dict[str, Any]]:
    """What the studio says of inputs."""

    async def work() -> list[dict[str, Any]]:
        async with desk.page() as page:
            return [data(await page.post("/api/plan", json=each)) for each in inputs]

    return finish(work)


def test_each_example_of_each_model_is_ready_and_is_sent_as_it_stands(desks: Desks) -> None:
    examples = [
        (model, example)
        for model in catalog.models()
        for example in cast("Any", model.json_schema())["x-kie"]["examples"]
    ]
    found = plans(desks(), *({"model": model.id, "input": example} for model, example in examples))
    assert len(found) > 200
    for (model, example), plan in zip(examples, found, strict=True):
        assert plan["ready"] and not plan["issues"], (model.id, plan["issues"])
        body = plan["wire"]["input"] if model.lifecycle == "jobs" else plan["wire"]
        assert {name: body[name] for name in example} == example, model.id


def test_all_that_is_wrong_is_reported_at_once_each_at_its_place(desks: Desks) -> None:
    (plan,) = plans(
        desks(),
        {
            "model": "kling-3.0/video",
            "input": {"mode": "fast", "kling_elements": [{"name": ""}], "no_such": 1, "image_urls": ["no url"]},
        },
    )
    paths = {issue["path"] for issue in plan["issues"]}
    assert {"mode", "kling_elements[0].name", "no_such", "image_urls[0]", "duration"} <= paths
    mode = next(issue for issue in plan["issues"] if issue["path"] == "mode")
    assert mode["allowed"] == ["std", "pro", "4K"] and mode["rule"] == "enum"
    assert not plan["ready"] and plan["wire"] is None


def test_values_are_taken_as_they_are(desks: Desks) -> None:
    told = plans(
        desks(),
        {"model": "nano-banana-pro", "input": {"prompt": "x", "aspectRatio": "16:9"}},
        {"model": "nano-banana-pro", "input": {"prompt": "x", "resolution": "4k"}},
        {"model": "nano-banana-pro", "input": {"prompt": 7}},
        {"model": "nano-banana-pro", "input": {"prompt": None}},
    )
    assert [[issue["path"] for issue in plan["issues"]] for plan in told] == [
        ["aspectRatio"],
        ["resolution"],
        ["prompt"],
        ["prompt"],
    ]


def test_an_incomplete_input_has_a_price_where_what_is_missing_does_not_matter(desks: Desks) -> None:
    image, video, speech = plans(
        desks(),
        {"model": "nano-banana-pro", "input": {"resolution": "4K"}},
        {"model": "kling-3.0/video", "input": {"prompt": "Waves", "mode": "std"}},
        {"model": "elevenlabs/text-to-speech-multilingual-v2", "input": {}},
    )
    notes = image["credits"].pop("notes")
    assert [note for note in notes if not note.startswith("the price list is of")] == [], "which depends on the day"
    assert image["credits"] == {"at_least": "24", "at_most": "24"} and not image["ready"]
    assert video["credits"]["at_least"] != video["credits"]["at_most"]
    assert {choice["field"] for choice in video["choices"]} == {"duration"}
    assert speech["credits"] is None


def test_what_is_over_the_budget_or_the_balance_is_said_before_the_button(desks: Desks) -> None:
    desk = desks(budget=Budget(10))

    async def work() -> None:
        async with desk.page() as page:
            plan = data(await page.post("/api/plan", json=IMAGE))
            assert plan["ready"] and plan["affordable"] is False and "budget has 10 left" in plan["why_not"]
            assert data(await page.get("/api/state"))["budget"] == {
                "limit": "10",
                "left": "10",
                "spent": "0",
                "reserved": "0",
            }

    finish(work)


def test_the_balance_counts_once_it_was_read_and_planning_reads_none(desks: Desks) -> None:
    told: list[object] = []
    desk = desks(credits=5, observers=[told.append])

    async def work() -> None:
        async with desk.page() as page:
            assert data(await page.post("/api/plan", json=IMAGE))["affordable"] is True
            assert not told
            state = data(await page.get("/api/state"))
            assert state["credits"] == "5" and "credits_error" not in state
            plan = data(await page.post("/api/plan", json=IMAGE))
            assert plan["affordable"] is False and "balance is 5" in plan["why_not"]

    finish(work)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"null", 400),
        (b'{"model": 1, "input": {}}', 400),
        (b'{"model": "nano-banana-pro", "input": []}', 400),
        (b'{"model": "nano-banana-pro"}', 400),
        (b'{"model": "nope", "input": {}}', 404),
        (b'{"model": "nano-banana-pro", "input": {"prompt": NaN}}', 400),
        (b'{"model": "nano-banana-pro", "input": {"prompt": 1e999}}', 400),
        (b'{"model": "nano-banana-pro", "input": {"prompt": "\\ud800"}}', 400),
        (b'{"model": "nano-banana-pro", "input": {"prompt": ' + b"[" * 100_000, 400),
        (b'{"model": "nano-banana-pro", "input": {"prompt": ' + b"[" * 70 + b"]" * 70 + b"}}", 400),
        (b'{"model": "nano-banana-pro", "input": {"a": [' + b"1," * 30_000 + b"1]}}", 400),
        (b"\xff\xfe", 400),
        (b" " * (4 * 1024 * 1024 + 1), 413),
    ],
)
def test_odd_json_is_refused_and_nothing_breaks(desks: Desks, body: bytes, status: int) -> None:
    desk = desks()

    async def work() -> None:
        async with desk.page() as page:
            error(await page.post("/api/plan", content=body, headers={"Content-Type": "application/json"}), status)
            error(await page.post("/api/plan", content=body, headers={"Content-Type": "text/plain"}), 415)
            assert data(await page.post("/api/plan", json=IMAGE))["ready"]

    finish(work)


def test_models_are_listed_and_described_without_what_only_this_package_reads(desks: Desks) -> None:
    async def work() -> None:
        async with desks().page() as page:
            rows = data(await page.get("/api/models"))["models"]
            assert {row["id"] for row in rows} >= {model.id for model in catalog.models()}
            assert {row["status"] for row in rows} == {"active", "superseded"}
            everything = data(await page.get("/api/models?status=all"))["models"]
            assert len(everything) == len(catalog.models(status="all"))
            for row in everything:
                model = data(await page.get(f"/api/models/{row['id']}"))
                assert {name: model[name] for name in row} == row
                assert model["schema"]["properties"] and "x-kie" not in str(model["schema"])

    finish(work)
