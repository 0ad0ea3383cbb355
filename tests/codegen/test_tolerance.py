"""Other forms that were seen accepted, advice, and defaults that make room, from a model file to what is packaged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from codegen.__main__ import main
from codegen.compiler import compile_tree
from codegen.source import CompileFailed
from kie._core.schema import Schema
from tests.codegen.conftest import Truth

DIGITS = {"at": "/properties/count", "also": {"type": "string", "pattern": "^[0-9]+$"}, "seen": "live 2026-04-16"}
EMPTY = {"at": "/properties/scenes", "also": {"type": "array", "maxItems": 0}, "seen": "an example"}
INSIDE = {
    "at": "/properties/scenes/items/properties/mood",
    "also": {"type": "string", "description": "How it feels."},
    "seen": "a page of June",
}
FORMER = {"at": "/properties/loud", "also": {"type": "boolean", "description": "Loud or not."}, "seen": "live"}
ADVICE = {
    "not": {"required": ["images", "fromTask"]},
    "x-kie-message": "`images` are ignored beside `fromTask`",
    "x-kie-counterexamples": [{"prompt": "x", "images": ["https://example.com/a.png"], "fromTask": "1"}],
}


def packaged(truth: Truth) -> Schema:
    lines = compile_tree(truth.write())["kie_models/schemas.jsonl"].splitlines()
    return Schema(next(found["acme_tiny_1"] for found in map(json.loads, lines) if "acme_tiny_1" in found))


def module(truth: Truth) -> str:
    return compile_tree(truth.write())["kie_models/acme_tiny_1.py"].decode()


def test_a_form_that_was_seen_accepted_is_valid_beside_the_documented_one(truth: Truth) -> None:
    before = module(truth)
    truth.model["x-kie"]["accepts"] = [DIGITS]
    schema = packaged(truth)
    assert schema.is_valid({"prompt": "x", "count": 2})
    assert schema.is_valid({"prompt": "x", "count": "2"})
    assert module(truth) == before, "an editor shows the documented form"


@pytest.mark.parametrize(
    ("value", "said"), [("two", 'a whole number, not "two"'), (9, "is 9; at most 4"), ([], "not []")]
)
def test_a_wrong_value_gets_one_message_about_the_documented_form(truth: Truth, value: Any, said: str) -> None:
    truth.model["x-kie"]["accepts"] = [DIGITS]
    (issue,) = packaged(truth).issues({"prompt": "x", "count": value})
    assert issue.path == "count"
    assert said in issue.message


def test_forms_inside_a_form_are_accepted_too(truth: Truth) -> None:
    truth.model["properties"]["scenes"]["minItems"] = 1
    truth.model["x-kie"]["accepts"] = [EMPTY, INSIDE, {**INSIDE, "at": "/properties/scenes/items/properties/pace"}]
    schema = packaged(truth)
    assert schema.is_valid({"prompt": "x", "scenes": []})
    assert schema.is_valid({"prompt": "x", "scenes": [{"text": "y", "mood": "calm"}]})
    (issue,) = schema.issues({"prompt": "x", "scenes": [{"text": "y", "mood": 1}]})
    assert str(issue) == "scenes[0].mood: must be text, not 1"


def test_a_field_that_only_programs_know_is_one_of_the_class_and_says_so(truth: Truth) -> None:
    truth.model["x-kie"]["accepts"] = [FORMER]
    assert packaged(truth).is_valid({"prompt": "x", "loud": True})
    text = module(truth)
    assert "    loud: bool | None = None\n" in text
    assert "Loud or not. Not in the vendor's documentation; seen accepted: live." in text


def test_advice_is_packaged_apart_from_the_rules(truth: Truth) -> None:
    truth.model["x-kie"]["advice"] = [ADVICE]
    schema = packaged(truth)
    body = ADVICE["x-kie-counterexamples"][0]  # type: ignore[index]
    assert schema.is_valid(body)
    assert [str(issue) for issue in schema.advice(body)] == ["(request): images are ignored beside fromTask"]
    assert schema.advice({"prompt": "x", "fromTask": "1"}) == []
    text = module(truth)
    assert "Advice (a warning, never a refusal):\n        `images` are ignored beside `from_task`." in text


def test_a_default_makes_room_for_the_field_that_it_would_contradict(truth: Truth) -> None:
    truth.model["x-kie"]["default_unless"] = {"customMode": ["images", "fromTask"]}
    schema = packaged(truth)
    assert schema.defaults(["prompt"]) == {"customMode": False, "size": "small", "count": 1}
    assert schema.defaults(["fromTask"]) == schema.defaults(["customMode"]) == {"size": "small", "count": 1}
    text = module(truth)
    assert 'default=default_unless(False, "images", "from_task")' in text
    assert "Default: false, if `images` and `from_task` are absent." in " ".join(text.split())
    assert text.index("    custom_mode:") > text.index("    from_task:"), "it is made after those that it depends on"


def test_what_advice_lacks_is_proposed_beside_it(truth: Truth, capsys: pytest.CaptureFixture[str]) -> None:
    truth.model["x-kie"]["advice"] = [{key: value for key, value in ADVICE.items() if "counter" not in key}]
    folder = truth.write()
    assert main(["counterexamples", "--openapi", str(folder)]) == 0
    assert capsys.readouterr().out == "models/acme/tiny.yaml#/x-kie/advice/0: 1 proposed\n"
    (advice,) = yaml.safe_load((folder / "models/acme/tiny.yaml").read_text("utf-8"))["x-kie"]["advice"]
    assert set(advice["x-kie-counterexamples"][0]) == {"prompt", "images", "fromTask"}
    held = json.loads(compile_tree(folder)["counterexamples.json"])
    assert [(each.get("rule"), each.get("advice")) for each in held] == [(0, None), (None, 0)]


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "a form of no field": (
        {"accepts": [{**DIGITS, "at": "/properties/no/deep"}]},
        "0/at: /properties/no/deep is neither",
    ),
    "a form that nobody saw": ({"accepts": [{**DIGITS, "seen": " "}]}, "accepts/0/seen: is empty"),
    "a form with more to it": ({"accepts": [{**DIGITS, "why": "x"}]}, "accepts/0: must be a mapping with at, also"),
    "a form that takes anything": ({"accepts": [{**DIGITS, "also": {}}]}, "accepts/0/also: is not a schema"),
    "a form with a strange keyword": (
        {"accepts": [{**DIGITS, "also": {"type": "string", "format": "uri"}}]},
        "accepts/0/also/format: is not a keyword",
    ),
    "a form that is not a schema": (
        {"accepts": [{**DIGITS, "also": {"type": "text"}}]},
        "accepts/0/also: is not a JSON Schema",
    ),
    "forms that are not a list": ({"accepts": {}}, "accepts: must be a list"),
    "a former field without a description": (
        {"accepts": [{**FORMER, "also": {"type": "boolean"}}]},
        "/properties/loud: has no description",
    ),
    "advice without words": ({"advice": [{**ADVICE, "x-kie-message": ""}]}, "advice/0: a cross-field rule needs"),
    "advice without counterexamples": (
        {"advice": [{**ADVICE, "x-kie-counterexamples": []}]},
        "advice/0/x-kie-counterexamples: has to list bodies",
    ),
    "a default of no field": ({"default_unless": {"images": ["size"]}}, "default_unless/images: is not a field with a"),
    "a default beside no field": ({"default_unless": {"size": ["zip"]}}, "'zip' is not another field of this model"),
    "two defaults": ({"default_unless": {"size": ["count"]}}, "count has a default itself"),
    "a default beside nothing": ({"default_unless": {"size": []}}, "default_unless/size: has to list fields"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_fault_is_named(truth: Truth, name: str) -> None:
    facts, said = WRONG[name]
    truth.model["x-kie"].update(facts)
    with pytest.raises(CompileFailed) as caught:
        compile_tree(truth.write())
    assert said in str(caught.value)


def test_a_shorthand_may_set_fields_that_its_model_has(truth: Truth) -> None:
    truth.shorthand["tiny"] = {"means": ["acme/tiny-1"], "note": "A size.", "fields": {"size": "large"}}
    assert b'"fields":{"size":"large"}' in compile_tree(truth.write())["kie_models/shorthand.json"]
    truth.shorthand["tiny"]["fields"] = {"size": "huge", "zip": 1}
    with pytest.raises(CompileFailed) as caught:
        compile_tree(truth.write())
    assert "/tiny/fields/size: 'huge' is not a value of it" in str(caught.value)
    assert "/tiny/fields/zip: is not a field of acme/tiny-1" in str(caught.value)


def test_what_is_compiled_is_the_same_whatever_is_written_first(truth: Truth, tmp_path: Path) -> None:
    truth.model["x-kie"]["accepts"] = [INSIDE, EMPTY, DIGITS]
    first = packaged(truth).document
    truth.model["x-kie"]["accepts"] = [EMPTY, DIGITS, INSIDE]
    assert packaged(truth).document == first
