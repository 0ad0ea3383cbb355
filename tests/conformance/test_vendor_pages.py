"""The vendor's own pages and captures: each can be drafted, and its draft agrees with the curated file."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import pytest
import yaml

from codegen.dialect import check_models
from codegen.draft import draft
from codegen.drift import compare
from codegen.pages import Page, read_folder
from codegen.source import ModelSource, Source, inlined, operations, read
from tests.codegen.test_import import completed

ROOT = Path(__file__).parent.parent.parent
FOLDERS = ("market", "pages")


@cache
def source() -> Source:
    found, faults = read(ROOT / "openapi")
    assert not faults
    return found


@cache
def pages(folder: Path) -> dict[str, Page]:
    """The pages of models in a folder, by file; every file is readable."""
    found, faults = read_folder(folder)
    assert faults == []
    return {page.file: page for page in found}


@cache
def drafts(folder: Path) -> dict[str, tuple[Page, str, ModelSource]]:
    """The draft of each page: its text, and the model with shared definitions inlined."""
    made = {}
    for file, page in pages(folder).items():
        text = draft(page).text
        document = inlined(yaml.safe_load(text), ROOT / "openapi")
        made[file] = page, text, ModelSource(file, re.sub(r"\W", "_", file), document)
    return made


@pytest.mark.parametrize("folder", FOLDERS)
def test_nothing_has_drifted_without_a_note_and_every_note_explains_something(folder: str, reference: Path) -> None:
    drift = compare(source().models, list(pages(reference / folder).values()))
    assert [str(line) for line in (*drift.differences, *drift.stale)] == []
    assert drift.compared > 10


def test_nothing_has_drifted_until_october_without_a_note(reference: Path) -> None:
    """Operations that moved to the Market are no matter of this test: it asks about the models that are curated."""
    drift = compare(source().models, list(pages(reference / "2026-10").values()))
    assert [str(line) for line in (*drift.differences, *drift.stale) if getattr(line, "ours", "") != "absent"] == []
    assert drift.compared > 25


def operations_of(folder: Path) -> tuple[list[ModelSource], list[Page]]:
    """The operations that have endpoints of their own, and the page of each, without the field for a callback URL.

    Both are taken for a model of the Market, whose id is the name of the operation.
    """
    paths = {operation.id: operation.path for operation in operations(source().api)}
    by_path = {page.path: page for page in read_folder(folder)[0] if not page.models}
    models, found = [], []
    for model in source().models:
        submit = source().lifecycles[model.facts["lifecycle"]].get("submit") or {}
        name = model.facts.get("operation") or next(iter(submit), "")
        page = by_path.get(paths.get(name, ""))
        if page is None or model.facts.get("model"):
            continue
        callback = (submit[name] or {}).get("callback")
        fields = {field: schema for field, schema in page.input["properties"].items() if field != callback}
        required = [field for field in page.input["required"] if field != callback]
        known = {**page.input, "properties": fields, "required": required}
        found.append(attrs.evolve(page, models=(model.id,), declared=(), input=known))
        models.append(attrs.evolve(model, document={**model.document, "x-kie": {**model.facts, "model": model.id}}))
    return models, found


@pytest.mark.parametrize(("folder", "least"), [("apis", 30), ("pages", 4)])
def test_no_operation_with_an_endpoint_of_its_own_has_drifted_without_a_note(
    folder: str, least: int, reference: Path
) -> None:
    """Their notes need not say what they are from: they are superseded, and no newer page will come."""
    drift = compare(*operations_of(reference / folder))
    assert [str(line) for line in drift.differences] == []
    assert drift.compared >= least


def test_pages_and_captures_of_a_model_give_the_same_drift(reference: Path) -> None:
    """Without any notes all differences are listed; they are the same from both."""
    captured = {page.models[0]: page for page in pages(reference / "market").values()}
    shown = [page for page in pages(reference / "pages").values() if page.models]
    bare = [
        ModelSource(m.file, m.slug, {**m.document, "x-kie": {**m.facts, "curation": []}})
        for m in source().models
        if m.id in {page.models[0] for page in shown}
    ]
    first = compare(bare, shown)
    second = compare(bare, [captured[page.models[0]] for page in shown])
    assert first.differences
    assert first.differences == second.differences


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_facts_of_a_draft_are_those_of_the_curated_file_but_for_its_notes(folder: str, reference: Path) -> None:
    """Names, types, enums, bounds, defaults, required flags and limits of media."""
    curated = {model.id: model for model in source().models}
    found: list[str] = []
    for page, _, made in drafts(reference / folder).values():
        if not page.models:
            continue
        ours = curated[made.id]
        listed = compare([ours], [attrs.evolve(page, input=made.document)])
        found += [str(line) for line in listed.differences if not line.at.startswith("/x-kie/media")]
        found += _media(ours, made.facts["media"])
    assert found == []


def _media(ours: ModelSource, drafted: dict[str, Any]) -> list[str]:
    notes = [str(note["at"]) for note in ours.facts.get("curation") or []]
    curated = ours.facts.get("media") or {}
    found = []
    for path in sorted(set(curated) | set(drafted)):
        mine, theirs = curated.get(path, {}), drafted.get(path, {})
        for key in sorted((set(mine) | set(theirs)) - {"roles"}):
            at = f"/x-kie/media/{path}/{key}"
            same = (
                sorted(mine.get(key) or []) == sorted(theirs.get(key) or [])
                if key == "formats"
                else mine.get(key) == theirs.get(key)
            )
            unknown = key == "kind" and theirs.get(key) == "file"
            field = "/properties/" + path.replace(".", "/items/properties/")
            if (
                not same
                and not unknown
                and not any(f"{place}/".startswith(f"{note}/") for note in notes for place in (at, field))
            ):
                found.append(f"{ours.id}#{at}: {mine.get(key)} curated, {theirs.get(key)} drafted")
    return found


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_draft_is_refused_until_it_is_written_and_then_is_in_the_dialect(folder: str, reference: Path) -> None:
    for file, (page, text, made) in drafts(reference / folder).items():
        empty = check_models([made], source().lifecycles)
        assert any("has no description" in fault.message for fault in empty), file
        document = inlined(completed(yaml.safe_load(text), "luma"), ROOT / "openapi")
        left = [str(f) for f in check_models([ModelSource(made.file, made.slug, document)], source().lifecycles)]
        # those are proposed by `python -m codegen counterexamples`, once the draft is in its place
        assert [fault for fault in left if "x-kie-counterexamples: has to list" not in fault] == [], (file, page.models)


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_sentence_of_a_page_is_in_its_draft(folder: str, reference: Path) -> None:
    for page, text, _ in drafts(reference / folder).values():
        sentences = [
            sentence.strip()
            for words in _words(page.input)
            for sentence in re.split(r"[.\n。]", words)
            if len(sentence.strip()) > 25
        ]
        assert [sentence for sentence in sentences if sentence in text] == []


def _words(schema: dict[str, Any]) -> list[str]:
    here = [str(schema["description"])] if schema.get("description") else []
    below = [*(schema.get("properties") or {}).values(), *([schema["items"]] if "items" in schema else [])]
    return here + [words for inner in below for words in _words(inner)]
