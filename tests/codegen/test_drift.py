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


def noted(truth: Truth, note: dict[str, str]) -> None:
    truth.model["x-kie"]["curation"].append({"vendor": "something", "why": "a reason", **note})


def test_a_note_that_explains_nothing_any_more_is_an_error(
    explained: Truth, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    noted(explained, {"at": "/properties/size/enum"})
    assert stale(explained, PAGE, tmp_path / "pages") == [
        "acme/tiny-1#/x-kie/curation/2: the note at /properties/size/enum explains nothing any more: "
        "the page's schema says the same"
    ]
    assert main(["drift", str(tmp_path / "pages"), "--openapi", str(explained.folder)]) == 1
    assert "1 notes that explain nothing" in capsys.readouterr().out


def test_a_note_that_explained_a_difference_is_stale_when_the_vendor_follows(explained: Truth, tmp_path: Path) -> None:
    page, _ = CASES["a changed default"]
    noted(explained, {"at": "/properties/size/default"})
    assert stale(explained, page, tmp_path / "pages") == []
    assert len(stale(explained, PAGE, tmp_path / "pages")) == 1


def test_a_note_from_the_text_is_stale_when_the_text_changes(explained: Truth, tmp_path: Path) -> None:
    noted(explained, {"at": "/properties/images", "from": "text/00000000"})
    (line,) = stale(explained, PAGE, tmp_path / "pages")
    assert "is from a text that has changed: read it again, then set from: text/" in line
    explained.model["x-kie"]["curation"][-1]["from"] = line.rpartition(" ")[2]
    assert stale(explained, PAGE, tmp_path / "pages") == []
    spaced = changed("properties", "images", "description", to="Sources.\n  Format:  PNG.")
    assert stale(explained, spaced, tmp_path / "pages") == []
    other = changed("properties", "images", "description", to="Sources, one per line. Format: PNG.")
    assert len(stale(explained, other, tmp_path / "pages")) == 1


def test_a_note_about_a_rule_watches_the_texts_of_the_fields_that_the_rule_names(
    explained: Truth, tmp_path: Path
) -> None:
    noted(explained, {"at": "/allOf/0", "from": "text/00000000"})
    (line,) = stale(explained, PAGE, tmp_path / "pages")
    explained.model["x-kie"]["curation"][-1]["from"] = line.rpartition(" ")[2]
    far = changed("properties", "prompt ", "description", to="Words. Not empty.")
    assert stale(explained, far, tmp_path / "pages") == []
    near = changed("properties", "count", "description", to="How many: 1 to 4. Large ones: 1.")
    assert len(stale(explained, near, tmp_path / "pages")) == 1


def test_a_note_from_elsewhere_is_not_held_against_the_page_and_explains_no_difference(
    explained: Truth, tmp_path: Path
) -> None:
    noted(explained, {"at": "/properties/size", "from": "elsewhere"})
    assert stale(explained, PAGE, tmp_path / "pages") == []
    page, message = CASES["a changed enum"]
    assert any(message in line for line in differences(explained, page, tmp_path / "pages"))


def dated(page: dict[str, Any], day: str, **more: Any) -> dict[str, Any]:
    return {**page, "captured": day, **more}


def test_a_note_about_an_older_page_explains_that_page_alone_and_never_goes_stale(
    explained: Truth, tmp_path: Path
) -> None:
    page, message = CASES["a changed enum"]
    noted(explained, {"at": "/properties/size", "from": "older"})
    explained.model["x-kie"]["sources"][0]["captured"] = "2026-10-01"
    for day, found in (("2026-08-19", False), ("2026-10-01", True), ("2026-10-07", True)):
        lines = differences(explained, dated(page, day), tmp_path / "pages")
        assert any(message in line for line in lines) is found
        assert stale(explained, dated(PAGE, day), tmp_path / "pages") == []


def test_a_note_that_explains_nothing_on_an_older_page_may_be_about_the_newer_one(
    explained: Truth, tmp_path: Path
) -> None:
    noted(explained, {"at": "/properties/size"})
    explained.model["x-kie"]["sources"][0]["captured"] = "2026-10-01"
    assert stale(explained, dated(PAGE, "2026-08-19"), tmp_path / "pages") == []
    assert len(stale(explained, dated(PAGE, "2026-10-01"), tmp_path / "pages")) == 1


def test_a_copy_of_the_schema_alone_is_compared_in_what_it_has(explained: Truth, tmp_path: Path) -> None:
    alone = {"note": "transcription of the schema only"}
    page = changed("properties", "count", "description", to="How many.")
    assert len(differences(explained, page, tmp_path / "pages")) == 2
    assert differences(explained, {**page, **alone}, tmp_path / "pages") == []
    page, message = CASES["a changed enum"]
    assert any(message in line for line in differences(explained, {**page, **alone}, tmp_path / "pages"))


def test_yaml_that_describes_no_operation_is_no_capture(explained: Truth, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "prices.yaml").write_text("acme/tiny-1:\n- {credits: 4}\n")
    assert differences(explained, PAGE, tmp_path / "pages") == []


def test_a_note_at_a_keyword_has_to_explain_a_difference_wherever_it_is_from(explained: Truth, tmp_path: Path) -> None:
    noted(explained, {"at": "/properties/size/enum", "from": "elsewhere"})
    assert len(stale(explained, PAGE, tmp_path / "pages")) == 1


def test_a_field_note_is_not_kept_alive_by_what_the_text_itself_explains(explained: Truth, tmp_path: Path) -> None:
    noted(explained, {"at": "/properties/count"})
    assert len(stale(explained, PAGE, tmp_path / "pages")) == 1
    explained.model["x-kie"]["curation"][-1]["at"] = "/properties/count/maximum"
    assert stale(explained, PAGE, tmp_path / "pages") == []


def test_notes_of_models_that_the_folder_does_not_hold_are_left_alone(explained: Truth, tmp_path: Path) -> None:
    noted(explained, {"at": "/properties/size/enum"})
    assert stale(explained, {**PAGE, "model": "acme/tiny-2"}, tmp_path / "pages") == []


MORE: dict[str, tuple[dict[str, Any], str]] = {
    "a bound in the text": (
        changed("properties", "count", "description", to="How many: 1 to 9."),
        "/properties/count/maximum: ours 4, vendor 9 in its text",
    ),
    "a limit of media in the text": (
        changed("properties", "images", "description", to="Sources. Format: PNG. Size: up to 5 MB."),
        "/x-kie/media/images/max_bytes: ours none, vendor 5242880",
    ),
    "a new format": (
        changed("properties", "images", "description", to="Sources. Formats: PNG, JPG."),
        "/x-kie/media/images/formats: ours ['png'], vendor ['png', 'jpeg']",
    ),
    "a pattern": (
        changed("properties", "fromTask", "pattern", to="^task_"),
        "/properties/fromTask/pattern: ours none, vendor '^task_'",
    ),
    "a field that is deprecated": (
        changed("properties", "size", "deprecated", to=True),
        "/properties/size/deprecated: ours None, vendor True",
    ),
    "another model id in the schema": (
        {
            **PAGE,
            "request_schema": {
                "type": "object",
                "properties": {**PAGE["request_schema"]["properties"], "model": {"enum": ["acme/tiny-9"]}},
            },
        },
        "/x-kie/model: ours acme/tiny-1, vendor acme/tiny-9",
    ),
}


@pytest.mark.parametrize("name", MORE)
def test_what_the_texts_say_is_compared_too(name: str, explained: Truth, tmp_path: Path) -> None:
    page, message = MORE[name]
    assert any(message in line for line in differences(explained, page, tmp_path / "pages"))


def test_a_name_with_stray_spaces_needs_a_note_as_long_as_the_page_has_them(explained: Truth, tmp_path: Path) -> None:
    explained.model["x-kie"]["curation"] = [
        {"at": "/properties/prompt/minLength", "vendor": "none", "why": "an empty prompt makes nothing"},
        {"at": "/properties/length", "vendor": "integer", "why": "text works too"},
    ]
    assert differences(explained, PAGE, tmp_path / "pages") == [
        "acme/tiny-1#/properties/prompt: ours 'prompt', vendor 'prompt '"
    ]


def markdown(page: dict[str, Any]) -> str:
    """The same operation as a page."""
    schema = copy.deepcopy(page["request_schema"])
    schema["properties"]["model"] = {"type": "string", "enum": [page["model"]]}
    body = {"requestBody": {"content": {"application/json": {"schema": schema}}}}
    document = {"openapi": "3.0.1", "paths": {"/api/v1/jobs/createTask": {"post": body}}}
    return f"# Page\n\n```yaml\n{yaml.safe_dump(document)}```\n"


def test_a_folder_of_pages_is_compared_like_one_of_captures(
    explained: Truth, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    own = markdown(PAGE).replace("/api/v1/jobs/createTask", "/api/v1/own").replace("model:", "version:")
    (folder / "own.md").write_text(own)
    arguments = ["drift", str(folder), "--openapi", str(explained.write())]
    (folder / "tiny.md").write_text(markdown(PAGE))
    assert main(arguments) == 0
    assert "1 pages of endpoints without a model id were not compared" in capsys.readouterr().out
    (folder / "tiny.md").write_text(markdown(CASES["a changed enum"][0]))
    assert main(arguments) == 1
    (folder / "tiny.md").write_text(markdown(PAGE))
    (folder / "words.md").write_text("# Nothing but words\n")
    assert main(arguments) == 1
    assert "words.md#: holds no OpenAPI block" in capsys.readouterr().err


def test_a_few_pages_do_not_make_the_other_models_vanish(
    explained: Truth, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in (2, 3):
        other = copy.deepcopy(explained.model)
        other["title"], other["x-kie"]["model"] = f"AcmeTiny{number}", f"acme/tiny-{number}"
        explained.models[f"acme/tiny{number}.yaml"] = other
    assert differences(explained, PAGE, tmp_path / "pages") == []
    assert main(["drift", str(tmp_path / "pages"), "--openapi", str(explained.folder)]) == 0
    assert "none was taken for vanished" in capsys.readouterr().out
