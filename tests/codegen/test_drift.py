"""Drift: what differs between the curated models and captures of the vendor's pages, and is not explained."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from codegen.__main__ import main
from codegen.drift import Drift, compare
from codegen.pages import read_folder
from codegen.source import read
from tests.codegen.conftest import Truth

ROOT = Path(__file__).parent.parent.parent

PAGE: dict[str, Any] = {
    "model": "acme/tiny-1",
    "request_schema": {
        "type": "object",
        "properties": {
            "input": {
                "type": "object",
                "required": ["prompt"],
                "properties": {
                    "prompt ": {"type": "string", "maxLength": 100, "description": "What. Not empty."},
                    "customMode": {"type": "boolean", "default": False},
                    "size": {"type": "string", "enum": ["small", "large"], "default": "small"},
                    "count": {"type": "integer", "description": "How many: 1 to 4.", "default": 1},
                    "images": {
                        "type": "array",
                        "maxItems": 2,
                        "items": {"type": "string", "format": "uri"},
                        "description": "Sources. Format: PNG.",
                    },
                    "fromTask": {"type": "string"},
                    "length": {"type": "integer"},
                    "scenes": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["text"],
                            "properties": {"text": {"type": "string"}, "still": {"type": "string", "format": "uri"}},
                        },
                    },
                },
            }
        },
    },
}


def drift(truth: Truth, page: dict[str, Any], folder: Path) -> Drift:
    folder.mkdir(exist_ok=True)
    (folder / "page.yaml").write_text(yaml.safe_dump(page))
    source, faults = read(truth.write())
    pages, unreadable = read_folder(folder)
    assert not faults
    assert not unreadable
    return compare(source.models, pages)


def differences(truth: Truth, page: dict[str, Any], folder: Path) -> list[str]:
    return [str(difference) for difference in drift(truth, page, folder).differences]


def stale(truth: Truth, page: dict[str, Any], folder: Path) -> list[str]:
    return [str(note) for note in drift(truth, page, folder).stale]


def changed(*path: str, to: Any) -> dict[str, Any]:
    page = copy.deepcopy(PAGE)
    node = page["request_schema"]["properties"]["input"]
    for part in path[:-1]:
        node = node[part]
    node[path[-1]] = to
    return page


@pytest.fixture
def explained(truth: Truth) -> Truth:
    truth.model["x-kie"]["curation"].append({"at": "/properties/length", "vendor": "integer", "why": "text works too"})
    return truth


def test_a_page_that_says_the_same_has_not_drifted(explained: Truth, tmp_path: Path) -> None:
    assert differences(explained, PAGE, tmp_path / "pages") == []


def test_a_bound_of_ours_that_stands_in_the_prose_needs_no_note(explained: Truth, tmp_path: Path) -> None:
    silent = changed("properties", "count", "description", to="How many.")
    assert len(differences(explained, silent, tmp_path / "pages")) == 2


CASES: dict[str, tuple[dict[str, Any], str]] = {
    "a changed enum": (
        changed("properties", "size", "enum", to=["small", "huge"]),
        "acme/tiny-1#/properties/size/enum: ours ['small', 'large'], vendor ['small', 'huge']",
    ),
    "a changed default": (
        changed("properties", "size", "default", to="large"),
        "/properties/size/default: ours 'small'",
    ),
    "a changed bound": (
        changed("properties", "images", "maxItems", to=9),
        "/properties/images/maxItems: ours 2, vendor 9",
    ),
    "a changed type": (changed("properties", "count", "type", to="string"), "/properties/count/type: ours integer"),
    "a required flag": (
        changed("required", to=["prompt", "size"]),
        "/required: ours size optional, vendor size required",
    ),
    "a new field": (
        changed("properties", "colour", to={"type": "string"}),
        "/properties/colour: ours absent, vendor present",
    ),
    "a nested change": (
        changed("properties", "scenes", "items", "properties", "text", "maxLength", to=5),
        "/properties/scenes/items/properties/text/maxLength: ours none, vendor 5",
    ),
    "a new model": ({**PAGE, "model": "acme/tiny-2"}, "acme/tiny-2#: ours absent, vendor documented"),
}


@pytest.mark.parametrize("name", CASES)
def test_what_changed_is_listed_with_its_place(name: str, explained: Truth, tmp_path: Path) -> None:
    page, message = CASES[name]
    assert any(message in line for line in differences(explained, page, tmp_path / "pages"))


def test_a_vanished_model_and_a_vanished_field_are_listed(explained: Truth, tmp_path: Path) -> None:
    other = {**PAGE, "model": "acme/tiny-2"}
    assert "acme/tiny-1#: ours active, vendor not documented" in differences(explained, other, tmp_path / "pages")
    page = copy.deepcopy(PAGE)
    del page["request_schema"]["properties"]["input"]["properties"]["fromTask"]
    assert any(
        "/properties/fromTask: ours present" in line for line in differences(explained, page, tmp_path / "pages")
    )


def test_a_note_explains_what_is_at_or_below_its_place(explained: Truth, tmp_path: Path) -> None:
    page, _ = CASES["a changed enum"]
    explained.model["x-kie"]["curation"].append({"at": "/properties/size", "vendor": "huge", "why": "seen to fail"})
    assert differences(explained, page, tmp_path / "pages") == []


def test_the_exit_status_tells(explained: Truth, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    arguments = ["drift", str(folder), "--openapi", str(explained.write())]
    assert main(arguments) == 2
    (folder / "page.yaml").write_text(yaml.safe_dump(PAGE))
    assert main(arguments) == 0
    (folder / "page.yaml").write_text(yaml.safe_dump(CASES["a changed enum"][0]))
    assert main(arguments) == 1
    assert "1 unexplained" in capsys.readouterr().out
