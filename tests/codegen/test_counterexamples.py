"""Counterexamples: what a rule could lose is known part by part, and what is missing is proposed beside the rule."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from codegen.__main__ import main
from codegen.compiler import compile_tree
from codegen.counterexamples import accepts, expanded, weakenings
from codegen.source import CompileFailed
from tests.codegen.conftest import Truth

FIELDS: dict[str, Any] = {
    "mode": {"type": "string", "enum": ["a", "b", "c"]},
    "sound": {"type": "boolean"},
    "urls": {"type": "array", "maxItems": 9},
    "more": {"type": "array", "maxItems": 9},
    "text": {"type": "string"},
}
WEAKENED: dict[str, tuple[dict[str, Any], list[str]]] = {
    "what must be given": (
        {"if": {"required": ["mode"]}, "then": {"required": ["text", "urls"]}},
        ["/then/required/0", "/then/required/1"],
    ),
    "each value of a condition": (
        {"if": {"required": ["mode"], "properties": {"mode": {"enum": ["a", "b"]}}}, "then": {"required": ["text"]}},
        ["/if/properties/mode/enum/0", "/if/properties/mode/enum/1", "/then/required/0"],
    ),
    "a condition that also holds where its field is absent": (
        {"if": {"properties": {"mode": {"const": "a"}}}, "then": {"required": ["text"]}},
        ["/if/properties/mode", "/then/required/0"],
    ),
    "each value that is barred": (
        {"if": {"required": ["text"]}, "then": {"properties": {"mode": {"const": "a"}}}},
        ["/then/properties/mode/const", "/then/properties/mode/const"],
    ),
    "the other value of a switch": (
        {"if": {"required": ["text"]}, "then": {"properties": {"sound": {"const": True}}}},
        ["/then/properties/sound/const"],
    ),
    "a bound by one, on both sides of a rule": (
        {
            "if": {"required": ["urls"], "properties": {"urls": {"minItems": 2}}},
            "then": {"properties": {"text": {"maxLength": 5}}},
        },
        ["/if/properties/urls/minItems", "/then/properties/text/maxLength"],
    ),
    "each of the things that must not stand beside it": (
        {"if": {"required": ["mode"]}, "then": {"not": {"anyOf": [{"required": ["urls"]}, {"required": ["more"]}]}}},
        ["/then/not", "/then/not/anyOf/0", "/then/not/anyOf/1"],
    ),
    "each alternative, and that there must be one": (
        {"anyOf": [{"required": ["text"]}, {"required": ["urls", "mode"]}]},
        ["/anyOf", "/anyOf/0/required/0", "/anyOf/1/required/0", "/anyOf/1/required/1"],
    ),
    "that there may be only one": (
        {"oneOf": [{"required": ["text"]}, {"required": ["urls"]}]},
        ["/oneOf", "/oneOf", "/oneOf/0/required/0", "/oneOf/1/required/0"],
    ),
    "what is needed beside a field": (
        {"dependentRequired": {"mode": ["text", "urls"]}},
        ["/dependentRequired/mode/0", "/dependentRequired/mode/1"],
    ),
    "a condition whose opposite counts": (
        {"if": {"required": ["text"]}, "else": {"properties": {"urls": {"maxItems": 1}}}},
        ["/else/properties/urls/maxItems", "/if/required/0"],
    ),
    "a total and what is counted": (
        {"x-kie-total": {"of": ["urls", "more"], "measure": "items", "maximum": 3}},
        ["/x-kie-total/maximum", "/x-kie-total/of/0", "/x-kie-total/of/1"],
    ),
}


@pytest.mark.parametrize("name", WEAKENED)
def test_every_part_of_a_rule_can_be_weakened_alone(name: str) -> None:
    rule, places = WEAKENED[name]
    found = weakenings({"properties": FIELDS, "allOf": [rule]}, 0)
    assert sorted(at for at, _ in found) == sorted(places)
    assert all(weaker != rule for _, weaker in found)


def test_a_weakened_rule_accepts_what_the_rule_refuses() -> None:
    rule = {"anyOf": [{"required": ["text"]}, {"required": ["urls", "mode"]}]}
    weaker = dict(weakenings({"properties": FIELDS, "allOf": [rule]}, 0))["/anyOf/1/required/1"]
    assert not accepts(rule, {"urls": []})
    assert accepts(weaker, {"urls": []})


def test_a_long_text_is_written_as_its_length() -> None:
    assert expanded({"a": {"x-kie-length": 3}, "b": [{"c": {"x-kie-length": 0}}]}) == {"a": "xxx", "b": [{"c": ""}]}


def test_counterexamples_are_compiled_to_a_file_of_their_own_and_nowhere_else(truth: Truth) -> None:
    files = compile_tree(truth.write())
    (held,) = json.loads(files["counterexamples.json"])
    assert held == {
        "model": "acme/tiny-1",
        "rule": 0,
        "message": "may only be 1 for large ones",
        "body": {"prompt": "a page", "size": "large", "count": 2},
    }
    assert [name for name, content in files.items() if b"counterexamples" in content] == []


def text_of(path: Path) -> str:
    return path.read_text("utf-8")


def proposed(truth: Truth, rules: str) -> tuple[Path, str]:
    """A model file with these rules before, and the file itself after proposals were written into it."""
    del truth.model["allOf"]
    folder = truth.write()
    path = folder / "models" / "acme" / "tiny.yaml"
    before = text_of(path) + rules
    path.write_text(before, encoding="utf-8")
    main(["counterexamples", "--openapi", str(folder)])
    return path, before


def test_what_is_missing_is_proposed_beside_its_rule_and_nothing_else_changes(
    truth: Truth, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = """\
allOf:
  # a comment
  - if: {required: [size], properties: {size: {const: large}}}
    then: {properties: {count: {maximum: 1}}}
    x-kie-message: may only be 1 for large ones
  - {not: {required: [fromTask, images]}, x-kie-message: "either a task, or images"}
  - x-kie-total: {of: [scenes.text], measure: length, maximum: 500}
    x-kie-message: may have 500 characters in all
"""
    path, before = proposed(truth, rules)
    after = text_of(path)
    kept = yaml.safe_load(after)
    bodies = [rule.pop("x-kie-counterexamples") for rule in kept["allOf"]]
    assert kept == yaml.safe_load(before)
    assert "  # a comment\n" in after
    assert [len(each) for each in bodies] == [1, 1, 1]
    assert bodies[0] == [{"prompt": "A red bicycle", "size": "large", "count": 2}]
    assert bodies[2][0]["scenes"] == [{"text": {"x-kie-length": 501}}]
    assert "counterexamples.json" in compile_tree(path.parent.parent.parent)
    assert capsys.readouterr().out.splitlines()[0] == "models/acme/tiny.yaml#/allOf/0: 1 proposed"
    assert main(["counterexamples", "--openapi", str(path.parent.parent.parent)]) == 0
    assert text_of(path) == after


def test_a_part_that_nothing_can_break_is_named(truth: Truth, capsys: pytest.CaptureFixture[str]) -> None:
    rules = """\
allOf:
  - if: {required: [size]}
    then: {properties: {images: {maxItems: 2}, count: {maximum: 1}}}
    x-kie-message: may be one
"""
    path, _ = proposed(truth, rules)
    told = "models/acme/tiny.yaml#/allOf/0: 1 proposed; nothing notices a change of /then/properties/images/maxItems\n"
    assert capsys.readouterr().out == told
    with pytest.raises(CompileFailed, match="/allOf/0/then/properties/images/maxItems: could be weaker"):
        compile_tree(path.parent.parent.parent)


def test_rules_in_brackets_are_left_alone(truth: Truth) -> None:
    rules = "allOf: [{not: {required: [fromTask, images]}, x-kie-message: either}]\n"
    with pytest.raises(CompileFailed, match="/allOf: is written in brackets"):
        proposed(truth, rules)


def test_nothing_is_proposed_for_a_truth_with_other_faults(truth: Truth, capsys: pytest.CaptureFixture[str]) -> None:
    del truth.model["allOf"][0]["x-kie-counterexamples"]
    truth.model["title"] = "tiny"
    assert main(["counterexamples", "--openapi", str(truth.write())]) == 2
    assert "'tiny' is not a class name" in capsys.readouterr().err
