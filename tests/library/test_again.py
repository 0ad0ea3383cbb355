"""A run makes its request again, and what may not be kept is not."""

from __future__ import annotations

import json
import weakref
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kie import ConfigError, Library, RequestInvalid, TaskRef
from kie._core.raw import RawRequest
from kie._library.hiding import cleaned, without_query
from kie._library.shelf import Shelf
from kie.library import Run, RunError, RunEstimate, RunFile, RunPrompts, Spend
from kie.models import GoogleNanoBananaEdit, NanoBananaPro
from tests.library.made import AT, run

PROMPT = "A lighthouse in the rain, seen from a small boat"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path)


def market(model: str, /, **fields: Any) -> dict[str, Any]:
    return {"model": model, "input": fields}


def edit(**more: Any) -> Run:
    body = market("google/nano-banana-edit", prompt=PROMPT, image_urls=["https://h/0.png", "https://h/1.png"])
    return run(model="google/nano-banana-edit", request=body, prompts=RunPrompts(final=PROMPT, raw=PROMPT), **more)


def test_a_request_is_made_again_as_its_class_makes_it(library: Library) -> None:
    request = NanoBananaPro(prompt=PROMPT, aspect_ratio="16:9")
    kept = library._create(run(request=request.to_wire()), {})
    assert kept.again() == request and type(kept.again()) is NanoBananaPro
    assert kept.again(prompt="A harbour", aspect_ratio=None) == NanoBananaPro(prompt="A harbour", aspect_ratio=None)
    with pytest.raises(RequestInvalid, match="aspect_ratio"):
        kept.again(aspect_ratio="17:9")
    with pytest.raises(RequestInvalid, match="unheard_of"):
        kept.again(unheard_of=1)


def test_local_inputs_come_from_their_copies_and_others_from_the_runs_that_made_them(library: Library) -> None:
    output = RunFile(role="output", kind="image", name="original/0.png", url="https://h/1.png")
    maker = library._create(run("maker", -5, state="succeeded", outputs=(output,)), {"original/0.png": b"made"})
    inputs = (
        RunFile(role="image_urls[0]", index=0, name="inputs/0.png", url="https://h/0.png"),
        RunFile(role="image_urls[1]", index=1, url="https://h/1.png"),
    )
    kept = library._create(edit(inputs=inputs), {"inputs/0.png": b"given"})
    again = kept.again()
    assert isinstance(again, GoogleNanoBananaEdit)
    assert again.image_urls == (kept.folder / "inputs" / "0.png", maker.folder / "original" / "0.png")
    (kept.folder / "inputs" / "0.png").unlink()
    (maker.folder / "original" / "0.png").unlink()
    assert kept.again().to_wire()["input"]["image_urls"] == ["https://h/0.png", "https://h/1.png"]  # type: ignore[call-overload,index]
    other = kept.again(image_urls=["https://h/other.png"])
    assert isinstance(other, GoogleNanoBananaEdit) and other.image_urls == ("https://h/other.png",)


def test_a_link_out_of_the_folder_of_a_run_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"secret")
    (tmp_path / "other disk").mkdir()
    (tmp_path / "runs").symlink_to(tmp_path / "other disk")  # that of the whole library is the user's
    library = Library(tmp_path / "runs", derivatives=None)
    inputs = tuple(
        RunFile(role=f"image_urls[{n}]", index=n, name=f"inputs/{n}.png", url=f"https://h/{n}.png") for n in (0, 1)
    )
    kept = library._create(edit(inputs=inputs), {f"inputs/{n}.png": b"given" for n in (0, 1)})
    (kept.folder / "inputs/1.png").unlink()
    (kept.folder / "inputs/1.png").symlink_to(tmp_path / "secret.png")
    again = kept.again()
    assert isinstance(again, GoogleNanoBananaEdit)
    assert [*again.image_urls] == [kept.folder / "inputs/0.png", "https://h/1.png"]
    with library.open(kept.inputs[0]) as file:
        assert file.read() == b"given"
    for use in (library.open, Path):
        with pytest.raises(ConfigError, match="leads out of the folder of its run"):
            use(kept.inputs[1])
    assert [str(fault.path) for fault in library.verify() if "leads out" in fault.message] == [
        str(kept.folder / "inputs/1.png")
    ]


def test_fields_that_no_schema_knows_are_sent_again_unchecked(library: Library) -> None:
    body = NanoBananaPro(prompt=PROMPT).unchecked(secret_mode="x").to_wire()
    assert library._create(run(request=body), {}).again().to_wire() == body
    raw = library._create(run("raw", model="some/new-model", request=market("some/new-model", a=1)), {}).again(b=2)
    assert raw == RawRequest("some/new-model", {"a": 1, "b": 2})


def test_a_run_without_a_request_or_a_library_says_what_to_do(library: Library) -> None:
    with pytest.raises(ConfigError, match="submitted elsewhere"):
        library._create(run(), {}).again()
    with pytest.raises(ConfigError, match="get it from one"):
        edit().again()


def test_prompts_that_are_not_wanted_are_nowhere_on_disk(tmp_path: Path) -> None:
    library = Library(tmp_path, prompts=False)
    error = RunError(message=f"refused: {PROMPT} is not allowed")
    made = edit(state="failed", error=error, changes=(f"prompt {PROMPT} -> x",), tags=("site",))
    library._create(made, {})
    library._update("abc", lambda run: attrs.evolve(run, label="mine"))
    library.close()
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert b"lighthouse" not in path.read_bytes().lower(), path
    kept = library["abc"]
    assert kept.prompt is not None and kept.prompt.startswith("sha256:") and kept.prompts.raw == kept.prompt
    assert kept.fields["prompt"] == kept.prompt and kept.fields["image_urls"] == ["https://h/0.png", "https://h/1.png"]
    assert kept.request is not None and kept.request["model"] == "google/nano-banana-edit" and kept.label == "mine"
    assert library.find(words="lighthouse") == []
    with pytest.raises(ConfigError, match="pass prompt="):
        kept.again()
    assert kept.again(prompt="x").to_wire()["input"]["prompt"] == "x"  # type: ignore[call-overload,index]


@pytest.mark.parametrize(
    ("model", "fields", "kept"),
    [
        (
            "nano-banana-pro",
            {"prompt": "fox", "aspect_ratio": "16:9", "output_format": "png"},
            {"aspect_ratio", "output_format"},
        ),
        (
            "ai-music-api/generate",
            {"prompt": "la la", "style": "fado", "title": "Sea", "model": "V5", "customMode": True},
            {"model", "customMode"},
        ),
        (
            "kling-3.0/video",
            {"multi_prompt": [{"prompt": "a", "duration": 3}], "mode": "std", "duration": "5"},
            {"mode", "duration"},
        ),
        (
            "nobody/knows",
            {"words": "secret", "size": "1024x768", "taskId": "abc def", "url": "https://h/a.png", "n": 3},
            {"size", "taskId", "url", "n"},
        ),
    ],
)
def test_every_text_that_may_be_a_prompt_is_hidden_and_no_other(
    model: str, fields: dict[str, Any], kept: set[str]
) -> None:
    hidden = cleaned(run(model=model, request=market(model, **fields)), prompts=False)
    assert {name for name, value in hidden.fields.items() if value == fields[name]} == kept
    assert cleaned(hidden, prompts=False) == hidden
    assert cleaned(run(model=model, request=fields), prompts=True).request == fields


def test_urls_are_kept_without_query_user_and_password(library: Library) -> None:
    url = "https://user:pass@h.example/a.png?X-Amz-Signature=1#x"
    output = RunFile(role="output", url=url)
    kept = library._create(run(request=market("m", a=url, b=[{"c": url}]), outputs=(output,), server=url), {})
    clean = "https://h.example/a.png"
    assert kept.request == market("m", a=clean, b=[{"c": clean}])
    assert kept.outputs[0].url == clean and kept.server == clean
    text = (kept.folder / "run.json").read_text()
    assert "Signature" not in text and "pass" not in text


@given(st.text(max_size=60))
def test_any_text_loses_its_query_only_if_it_is_a_url(text: str) -> None:
    assert without_query(without_query(text)) == without_query(text)
    if "://" not in text:
        assert without_query(text) == text


def test_a_data_url_is_kept_as_its_hash(library: Library) -> None:
    kept = library._create(run(request=market("m", image="data:image/png;base64," + "A" * 10_000)), {})
    assert str(kept.fields["image"]).startswith("data:image/png;base64,sha256:")


def test_spending_is_grouped_and_what_has_no_charge_is_counted_apart(library: Library) -> None:
    def add(id: str, minutes: int, **more: Any) -> None:
        library._create(run(id, minutes, **more), {})

    estimate = RunEstimate(at_least=Decimal(5), at_most=Decimal(8))
    add("a", 0, state="succeeded", credits=Decimal("18.5"), tags=("site", "fox"), source={"project": "x"})
    add("b", 1, state="succeeded", credits=Decimal("1.5"), tags=("site",), model="veo3", label="one")
    add("c", 2, estimate=estimate, model="veo3")
    add("d", 60 * 24, estimate=RunEstimate(at_least=Decimal(1)), model="veo3")
    add("e", 3, state="succeeded", credits=Decimal(1000), simulated=True)
    assert library.spend() == {
        "nano-banana-pro": Spend(runs=1, credits=Decimal("18.5")),
        "veo3": Spend(runs=3, credits=Decimal("1.5"), unknown=2, at_least=Decimal(6), at_most=None),
    }
    assert {name: spend.credits for name, spend in library.spend("tag").items()} == {
        "site": 20,
        "fox": Decimal("18.5"),
        "": 0,
    }
    assert [*library.spend(by="day")] == ["2026-11-26", "2026-11-27"] and [*library.spend("month")] == ["2026-11"]
    assert library.spend("source.project")["x"].runs == 1 and library.spend("label")["one"].runs == 1
    assert library.spend("state", until="2026-11-26")["open"] == Spend(
        runs=1, unknown=1, at_least=Decimal(5), at_most=Decimal(8)
    )
    assert library.spend(since="2026-11-27")["veo3"].runs == 1
    assert library.spend(simulated=True) == {"nano-banana-pro": Spend(runs=1, credits=Decimal(1000))}
    assert library.spend()["nano-banana-pro"].usd == Decimal("0.0925")
    with pytest.raises(ConfigError, match="by must be"):
        library.spend("colour")


def test_what_is_unsaved_says_when_it_vanishes(library: Library) -> None:
    fetched = RunFile(role="output", name="original/0.png")
    ended = AT + timedelta(hours=1)
    library._create(
        run("ended", state="succeeded", ended_at=ended, outputs=(fetched, RunFile(role="output", index=1))), {}
    )
    library._create(run("open"), {})
    library._create(run("saved", state="succeeded", ended_at=ended, outputs=(fetched,)), {})
    library._create(run("failed", state="failed", ended_at=ended), {})
    library._create(run("unknown-1", state="unknown", task=None), {})
    first, second = library.unsaved()
    assert (first.id, first.vanishes_from, first.vanishes_by) == ("open", AT + timedelta(hours=24), None)
    assert (second.vanishes_from, second.vanishes_by) == (ended + timedelta(hours=24), ended + timedelta(days=14))
    assert library["saved"].vanishes_from is None and library["failed"].vanishes_by is None


def test_tags_are_added_and_taken_off(library: Library) -> None:
    library._create(run(tags=("a",)), {})
    assert library.tag("abc", "b", "a").tags == ("a", "b") and library.untag(TaskRef("abc"), "a").tags == ("b",)
    assert [each.id for each in library.find(tag="b")] == ["abc"] and library.find(tag="a") == []
    with pytest.raises(ConfigError, match="has no run other"):
        library.tag("other", "b")


def test_an_export_has_a_line_for_each_run(library: Library, tmp_path: Path) -> None:
    for number in range(3):
        library._create(run(f"r{number}", number, prompts=RunPrompts(final="</script>\u2028\n")), {})
    target = tmp_path / "out" / "runs.jsonl"
    assert library.export(target) == 3 and library.export(target, library.find(limit=2)) == 2
    lines = [json.loads(line) for line in target.read_text().splitlines()]
    assert [line["id"] for line in lines] == ["r2", "r1"] and lines[0]["folder"] == str(library["r2"].folder)
    assert list(target.parent.iterdir()) == [target]
    buffer = StringIO()
    assert library.export(buffer) == 3 and len(buffer.getvalue().splitlines()) == 3
    with pytest.raises(ConfigError, match="cannot be written"):
        library.export(target / "below")
    with pytest.raises(ConfigError, match="cannot be written"):
        library.export(target.parent)


def test_the_runs_of_a_large_library_are_never_all_in_memory(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(50):
        library._create(run(f"r{number}", number, label="x"), {})
    monkeypatch.setattr("kie._library.shelf._REMEMBERED", 1)
    parts, most, real = list[weakref.ref[RunPrompts]](), [0], Shelf._of_index

    def counted(shelf: Shelf, path: str, text: str) -> Run:
        found = real(shelf, path, text)
        parts.append(weakref.ref(found.prompts))
        most.append(sum(part() is not None for part in parts))
        return found

    monkeypatch.setattr(Shelf, "_of_index", counted)
    assert library.export(tmp_path / "runs.jsonl") == 50
    assert {each.label for each in library} == {"x"} and library.repair().faults == ()
    assert len(parts) == 150 and max(most) < 5
    kept = [each for each in library if each.label]
    assert len(kept) == 50 and max(most) >= 50


def test_a_run_may_be_pickled_and_belongs_to_no_library_then(library: Library) -> None:
    import pickle

    kept = library._create(run(request=NanoBananaPro(prompt=PROMPT).to_wire()), {})
    copy = pickle.loads(pickle.dumps(kept))
    assert copy == kept
    with pytest.raises(ConfigError, match="get it from one"):
        copy.again()


def test_a_run_that_is_reported_twice_keeps_what_was_known(library: Library) -> None:
    library._create(run(tags=("a",), prompts=RunPrompts(final="x")), {"inputs/0.txt": b"first"})
    library._update("abc", lambda run: attrs.evolve(run, state="succeeded", credits=Decimal(5)))
    again = library._create(run(tags=("b",), label="mine"), {"inputs/0.txt": b"second", "inputs/1.txt": b"more"})
    assert (again.state, again.tags, again.label, again.credits) == ("succeeded", ("a", "b"), "mine", 5)
    assert (again.folder / "inputs" / "0.txt").read_bytes() == b"first"
    assert (again.folder / "inputs" / "1.txt").read_bytes() == b"more"
    assert again.submitted_at == datetime(2026, 11, 26, 12, tzinfo=UTC) and again.prompt == "x"
