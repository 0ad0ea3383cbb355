"""One prompt on several models: all is checked before anything is sent, and each row tells what became of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import anyio
import pytest

from kie import Budget, Kie, Library
from kie.errors import ArgumentInvalid, BudgetExceeded, RequestInvalid, TaskFailed
from kie.library import Comparison, ComparisonRow
from kie.models import NanoBananaPro
from kie.simulator import SimulatedService, simulated
from kie.telemetry import BudgetRefused, Event
from tests.library.pages import HOSTILE, fields_of, linked, read_back

PROMPT = "A lighthouse at dusk"
MODELS = ["nano-banana-pro", "seedream 4.5", "google/imagen4-fast"]


def serving(**more: Any) -> SimulatedService:
    return simulated(speed=2000, seed=1, **more)


def compared(*args: Any, faults: list[dict[str, Any]] | None = None, **more: Any) -> Comparison:
    with serving(faults=faults) as service, service.client() as client:
        return client.compare(*args, **more)


def sent(row: ComparisonRow) -> Mapping[str, Any]:
    """The fields that were sent, or would be."""
    return fields_of(row.request.to_wire())


def issues_of(*args: Any, **more: Any) -> list[tuple[str, str]]:
    """The faults of a comparison that sends nothing."""
    with serving() as service, service.client() as client:
        with pytest.raises(RequestInvalid) as caught:
            client.compare(*args, **more)
        assert client.credits() == 1000
    return [(issue.path, issue.rule) for issue in caught.value.issues]


def test_each_model_makes_a_row_in_the_order_in_which_they_were_named() -> None:
    found = compared(PROMPT, [NanoBananaPro, "seedream 4.5", NanoBananaPro(prompt="A fox")], budget=60)
    assert [row.model for row in found] == ["nano-banana-pro", "seedream/4.5-text-to-image", "nano-banana-pro"]
    assert [sent(row)["prompt"] for row in found] == [PROMPT, PROMPT, "A fox"]
    assert all(row.state == "succeeded" and row.file is not None and row.seconds for row in found) and found.ok
    assert [row.credits for row in found] == [row.estimate.credits for row in found]
    assert found.credits == found.estimate.credits == Decimal("42.5")


def test_fields_go_to_the_models_that_have_them_and_each_row_tells_of_the_others() -> None:
    found = compared(PROMPT, ["nano-banana-pro", "seedream 4.5"], resolution="2k", aspect="16:9", dry_run=True)
    first, second = found
    assert sent(first)["resolution"] == "2K" and first.left_out == ()
    assert second.left_out == ("resolution",)
    assert {sent(row)["aspect_ratio"] for row in found} == {"16:9"}
    assert "aspect -> aspect_ratio" in first.changes
    assert "seedream/4.5-text-to-image has no resolution" in str(found)


def test_every_fault_of_every_model_is_reported_before_anything_is_sent() -> None:
    assert issues_of(PROMPT, ["nano-banana-pro", "veo", "nothing like it"], aspect_ratio="7:9", bogus=1) == [
        ("bogus", "additionalProperties"),
        ("models[0].aspect_ratio", "enum"),
        ("models[1].aspect_ratio", "enum"),
        ("models[2].model", "unknown_model"),
    ]


def test_what_a_model_needs_and_did_not_get_is_a_fault() -> None:
    assert issues_of(PROMPT, ["nano-banana-pro", "kling-3.0/video"]) == [
        ("models[1].duration", "required"),
        ("models[1].mode", "required"),
    ]


def test_a_model_without_a_prompt_is_a_fault() -> None:
    (found,) = {path for path, _ in issues_of(PROMPT, ["recraft/remove-background"], image=["https://a.example/a.png"])}
    assert found == "models[0].prompt"


def test_media_that_do_not_exist_are_a_fault(tmp_path: Path) -> None:
    request = NanoBananaPro(prompt=PROMPT, image_input=[tmp_path / "none.png"])
    assert [path for path, _ in issues_of(PROMPT, ["seedream 4.5", request])] == ["models[1].image_input[0]"]


def test_fields_beside_finished_requests_are_a_fault() -> None:
    assert issues_of(PROMPT, [NanoBananaPro(prompt=PROMPT)], aspect_ratio="1:1") == [
        ("aspect_ratio", "additionalProperties")
    ]


@pytest.mark.parametrize(
    "args",
    [(PROMPT, "nano-banana-pro"), (PROMPT, []), (PROMPT, [7]), (["nano-banana-pro"], PROMPT), (None, MODELS)],
)
def test_anything_else_is_reported_at_once(args: tuple[Any, ...]) -> None:
    with Kie("key") as client, pytest.raises(ArgumentInvalid):
        client.compare(*args)


def test_all_of_them_together_have_to_fit_into_the_budget() -> None:
    with serving() as service, service.client() as client:
        seen: list[Event] = []
        with pytest.raises(BudgetExceeded):
            client.with_options(observers=[seen.append]).compare(PROMPT, MODELS, budget=24)
        assert len([event for event in seen if isinstance(event, BudgetRefused)]) == 1
        with pytest.raises(BudgetExceeded):
            client.compare(PROMPT, MODELS, budget=Budget(1000, per_task=10))
        with pytest.raises(BudgetExceeded):
            client.compare(PROMPT, MODELS, budget=24, dry_run=True)
        assert client.credits() == 1000
        kept = Budget(1000)
        found = client.compare(PROMPT, MODELS, budget=kept)
        assert kept.spent == found.credits > 0


def test_a_dry_run_sends_nothing() -> None:
    with Kie("key", base_url="http://127.0.0.1:1") as client:
        found = client.compare(PROMPT, MODELS, dry_run=True)
    assert {row.state for row in found} == {"planned"} and found.ok and found.estimate.at_least > 0
    assert not any(any((row.ref, row.result, row.file, row.credits, row.seconds, row.run)) for row in found)


def test_a_model_that_fails_is_a_row() -> None:
    fault = {"on": "createTask", "do": "fail_task", "code": 422, "nth": 2}
    found = compared(PROMPT, MODELS, faults=[fault])
    assert sorted(row.state for row in found) == ["failed", "succeeded", "succeeded"] and not found.ok
    (failed,) = (row for row in found if row.error is not None)
    assert isinstance(failed.error, TaskFailed) and failed.result is None and failed.ref is not None
    assert failed.to_dict()["error"]["type"] == "TaskFailed"  # type: ignore[index,call-overload]
    assert str(failed.error).partition("\n")[0] in str(found)


def test_with_a_library_each_row_has_its_run(tmp_path: Path) -> None:
    # without pictures: a run that has got them meanwhile is another value
    library = Library(tmp_path / "runs", derivatives=None)
    fault = {"on": "createTask", "do": "fail_task", "code": 422, "nth": 2}
    found = compared(PROMPT, MODELS, faults=[fault], library=library, tags=["trial"])
    assert found.tags == ("trial",) and [row.run for row in found] == [library[row.ref] for row in found if row.ref]
    assert all(row.run is not None and row.run.tags == ("trial",) and row.run.state == row.state for row in found)
    files = [file for row in found if row.run is not None for file in row.run.files]
    assert len(files) == 2 and all(file.is_file() for file in files)
    back = read_back(found.page(tmp_path / "page.html"))
    assert "were not kept" not in (tmp_path / "page.html").read_text()
    shown = [one["outputs"][0]["original"] for one in back if one["outputs"]]
    assert [linked(tmp_path / "page.html", address) for address in shown] == files
    assert str(files[0]) in str(found) and str(files[0]) in json.dumps(found.to_dict())


def test_the_asynchronous_client_compares_likewise() -> None:
    async def main() -> Comparison:
        async with serving() as service, service.async_client() as client:
            return await client.compare(PROMPT, MODELS, budget=100)

    found = anyio.run(main)
    assert [row.state for row in found] == ["succeeded"] * 3


def test_a_comparison_is_a_table_for_people_notebooks_and_programs() -> None:
    prompt = HOSTILE[0]
    found = compared(prompt, ["nano-banana-pro", "seedream 4.5"])
    heading, first, *_ = str(found).splitlines()
    assert heading.split() == ["Model", "State", "Seconds", "Credits", "Estimate", "File"]
    assert first.startswith("nano-banana-pro") and "succeeded" in first and first.endswith(".png")
    assert "<script" not in found._repr_html_() and found._repr_html_().count("<img") == 2
    told = json.loads(json.dumps(found.to_dict()))
    assert told["prompt"] == prompt and [row["credits"] for row in told["rows"]] == ["18.0", "6.5"]


def test_a_comparison_makes_a_page(tmp_path: Path) -> None:
    found = compared(PROMPT, ["nano-banana-pro", "seedream 4.5"], aspect_ratio="16:9")
    back = read_back(found.page(tmp_path / "page.html"))
    assert [one["id"] for one in back] == [str(row.ref) for row in found]
    assert [one["outputs"][0]["url"] for one in back] == [row.file.url for row in found if row.file]
    assert all('aspect_ratio="16:9"' in one["python"] for one in back)
    assert "Files of this page were not kept" in (tmp_path / "page.html").read_text()
