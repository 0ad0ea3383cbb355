"""A truth with a fault is refused: with the file, the place and the reason, and all faults at once."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from codegen.__main__ import main
from codegen.compiler import compile_tree
from codegen.source import CompileFailed
from tests.codegen.conftest import Truth

TINY = "models/acme/tiny.yaml"


def _second(truth: Truth, **changes: Any) -> None:
    other = copy.deepcopy(truth.model)
    other["x-kie"]["model"] = "acme/tiny-2"
    other.update({"$id": "kie:models/acme/tiny-2", "title": "AcmeTiny2"})
    for key, value in changes.items():
        if key == "model":
            other["x-kie"]["model"] = value
        else:
            other[key] = value
    truth.models["acme/zwei.yaml"] = other


def _set(*path: str | int, to: Any) -> Callable[[Truth], None]:
    def spoil(truth: Truth) -> None:
        node: Any = truth.model
        for part in path[:-1]:
            node = node[part]
        node[path[-1]] = to

    return spoil


def _stands(name: str, **row: Any) -> Callable[[Truth], None]:
    def spoil(truth: Truth) -> None:
        truth.shorthand[name] = {"means": ["acme/tiny-1"], "note": "x", **row}

    return spoil


def _family(name: str = "tiny-family", **row: Any) -> Callable[[Truth], None]:
    def spoil(truth: Truth) -> None:
        truth.families[name] = {"title": "Tiny Family", "members": ["acme/tiny-1"], **row}

    return spoil


def _all(*spoils: Callable[[Truth], Any]) -> Callable[[Truth], None]:
    def spoil(truth: Truth) -> None:
        for each in spoils:
            each(truth)

    return spoil


CASES: dict[str, tuple[Callable[[Truth], Any], str]] = {
    "unknown keyword": (
        _set("properties", "size", "format", to="uri"),
        f"{TINY}#/properties/size/format: is not a keyword of the dialect",
    ),
    "unknown fact": (_set("x-kie", "colour", to="red"), f"{TINY}#/x-kie/colour: is not a keyword of the dialect"),
    "missing description": (
        _set("properties", "size", "description", to=" "),
        f"{TINY}#/properties/size: has no description",
    ),
    "media for no field": (
        _set("x-kie", "media", "nowhere", to={"kind": "image"}),
        f"{TINY}#/x-kie/media/nowhere: is not a field",
    ),
    "unknown media fact": (
        _set("x-kie", "media", "images", "weight", to=1),
        f"{TINY}#/x-kie/media/images/weight: is not a keyword",
    ),
    "unknown format": (_set("x-kie", "media", "images", "formats", to=["jpg"]), "'jpg' is not a known format"),
    "a format that is there twice": (
        _set("x-kie", "media", "images", "formats", to=["png", "png"]),
        f"{TINY}#/x-kie/media/images/formats: 'png' is there twice",
    ),
    "a format of another kind": (
        _set("x-kie", "media", "images", "formats", to=["mp4"]),
        f"{TINY}#/x-kie/media/images/formats: 'mp4' is a format of video, and the field is for image",
    ),
    "an unknown role": (
        _set("x-kie", "media", "images", "roles", to=["firstframe"]),
        f"{TINY}#/x-kie/media/images/roles: 'firstframe' is not one of first_frame, last_frame, mask, reference",
    ),
    "half a byte": (
        _set("x-kie", "media", "images", "max_bytes", to=10.5),
        f"{TINY}#/x-kie/media/images/max_bytes: 10.5 is not an integer above 0",
    ),
    "a size in words": (
        _set("x-kie", "media", "images", "max_bytes", to="10 MB"),
        f"{TINY}#/x-kie/media/images/max_bytes: '10 MB' is not an integer above 0",
    ),
    "a largest ratio below the least": (
        _set("x-kie", "media", "images", to={"kind": "image", "min_ratio": 2.5, "max_ratio": 0.4}),
        f"{TINY}#/x-kie/media/images/max_ratio: is below the least, 2.5",
    ),
    "reference to no field": (
        _set("x-kie", "references", "nowhere", to={"lifecycles": ["jobs"]}),
        "references/nowhere: is not a field",
    ),
    "reference to no family": (
        _set("x-kie", "references", "fromTask", "lifecycles", to=["veo"]),
        "'veo' is not a lifecycle",
    ),
    "unknown lifecycle": (_set("x-kie", "lifecycle", to="veo"), "/x-kie/lifecycle: 'veo' is not one of jobs"),
    "unknown result": (_set("x-kie", "result", to="smell"), "'smell' is not one of"),
    "unknown category": (_set("x-kie", "categories", to=["cooking"]), "'cooking' is not a known category"),
    "required and default": (
        _set("required", to=["prompt", "size"]),
        "/properties/size/default: a required field cannot have a default",
    ),
    "required but absent": (_set("required", to=["nothing"]), "/required: nothing is not a property"),
    "default outside the enum": (_set("properties", "size", "default", to="huge"), "'huge' is not in the enum"),
    "a default of another type": (
        _set("properties", "count", "default", to="2"),
        f"{TINY}#/properties/count/default: '2' is not of type integer",
    ),
    "a truth value for a number": (
        _set("properties", "count", "default", to=True),
        f"{TINY}#/properties/count/default: True is not of type integer",
    ),
    "a default beyond a bound": (
        _set("properties", "count", "default", to=5),
        f"{TINY}#/properties/count/default: 5 is not a value of this field",
    ),
    "a default in an object that breaks a pattern": (
        _set("properties", "scenes", "items", "properties", "still", "default", to="still.png"),
        f"{TINY}#/properties/scenes/items/properties/still/default: 'still.png' is not a value of this field",
    ),
    "a number in a list of texts": (
        _set("properties", "size", "enum", to=["small", 5]),
        f"{TINY}#/properties/size/enum/1: 5 is not of type string",
    ),
    "a value that is there twice": (
        _set("properties", "size", "enum", to=["small", "large", "small"]),
        f"{TINY}#/properties/size/enum/2: 'small' is there twice",
    ),
    "a keyword as a name": (
        _set("properties", "from", to={"type": "string", "description": "x"}),
        "'from' cannot be a Python name",
    ),
    "a member as a name": (
        _set("properties", "toWire", to={"type": "string", "description": "x"}),
        "'to_wire' is a member of every request",
    ),
    "names that collide": (
        _set("properties", "custom_mode", to={"type": "string", "description": "x"}),
        "has the same Python name as customMode",
    ),
    "a rule without words": (
        _set("allOf", 0, "x-kie-message", to=""),
        "/allOf/0: a cross-field rule needs x-kie-message",
    ),
    "a rule about no field": (
        _set("allOf", 0, "if", to={"required": ["nothing"]}),
        "/allOf/0/if: nothing is not a property",
    ),
    "a total of nothing": (
        _set("allOf", 0, to={"x-kie-total": {"of": ["zip"], "measure": "items", "maximum": 1}, "x-kie-message": "x"}),
        "zip is not a field of this model",
    ),
    "a rule without counterexamples": (
        lambda truth: truth.model["allOf"][0].pop("x-kie-counterexamples"),
        f"{TINY}#/allOf/0/x-kie-counterexamples: has to list bodies that break this rule",
    ),
    "a counterexample that is text": (
        _set("allOf", 0, "x-kie-counterexamples", to=["large"]),
        f"{TINY}#/allOf/0/x-kie-counterexamples: has to list bodies",
    ),
    "a counterexample that breaks more than its rule": (
        _set("allOf", 0, "x-kie-counterexamples", 0, to={"size": "large", "count": 2}),
        f"{TINY}#/allOf/0/x-kie-counterexamples/0: is not valid without the rule: prompt: is required",
    ),
    "a counterexample that keeps to its rule": (
        _set("allOf", 0, "x-kie-counterexamples", to=[{"prompt": "x", "size": "large", "count": 2}, {"prompt": "x"}]),
        f"{TINY}#/allOf/0/x-kie-counterexamples/1: does not break the rule",
    ),
    "a rule that is held in part": (
        _set("allOf", 0, "x-kie-counterexamples", 0, "count", to=3),
        f"{TINY}#/allOf/0/then/properties/count/maximum: could be weaker, and no counterexample would notice",
    ),
    "a counterexample inside a rule": (
        _set("allOf", 0, "then", "x-kie-counterexamples", to=[]),
        f"{TINY}#/allOf/0/then/x-kie-counterexamples: is not a keyword of the dialect",
    ),
    "a counterexample of a field": (
        _set("properties", "size", "x-kie-counterexamples", to=[]),
        f"{TINY}#/properties/size/x-kie-counterexamples: is not a keyword of the dialect",
    ),
    "a length of nothing": (
        _set("allOf", 0, "x-kie-counterexamples", 0, "prompt", to={"x-kie-length": "many"}),
        f"{TINY}#/allOf/0/x-kie-counterexamples/0: is not valid without the rule: prompt: must be text",
    ),
    "a nested object without a name": (
        _set("properties", "scenes", "items", "title", to=""),
        "a nested object needs a title",
    ),
    "an open object": (_set("additionalProperties", to=True), "the root must be"),
    "an example that is not valid": (
        _set("x-kie", "examples", to=[{}]),
        "/x-kie/examples/0: is not valid: prompt: is required",
    ),
    "a note about nothing": (_set("x-kie", "curation", 0, "at", to="/nothing/here"), "/nothing/here points at nothing"),
    "a note without a reason": (_set("x-kie", "curation", 0, "why", to=""), "says no reason"),
    "a bad title": (_set("title", to="tiny model"), "'tiny model' is not a class name"),
    "a broken schema": (_set("properties", "size", "maxLength", to="many"), "is not a JSON Schema"),
    "a dangling definition": (
        _set("properties", "prompt", to={"$ref": "../../shared.yaml#/$defs/nothing"}),
        "does not name a shared definition",
    ),
    "two models, one class": (
        lambda truth: _second(truth, title="AcmeTiny1"),
        "the name 'AcmeTiny1' is already taken by models/acme/tiny.yaml",
    ),
    "a superseded model without a successor": (
        _set("x-kie", "status", to="superseded"),
        "successors: is missing: a superseded model names the documented form",
    ),
    "a successor that is no model": (
        _set("x-kie", "successors", to=["acme/other"]),
        "successors/0: there is no other model 'acme/other'",
    ),
    "a former id that no model took": (
        _set("x-kie", "former_id", to="acme/other"),
        "former_id: no other model has the id 'acme/other' now",
    ),
    "two models, one id": (lambda truth: _second(truth, model="acme/tiny-1"), "the id 'acme/tiny-1' is already taken"),
    "two models, one module": (
        lambda truth: _second(truth, model="acme/tiny.1"),
        "the slug 'acme_tiny_1' is already taken",
    ),
    "a submission that may be repeated": (
        lambda truth: truth.api["paths"]["/make"]["post"]["x-kie"].update(idempotent=True),
        "kie.yaml#/paths/~1make/post/x-kie/idempotent: is true, but lifecycles.yaml submits tasks with it",
    ),
    "an operation that costs and that no row submits with": (
        lambda truth: truth.api["paths"]["/balance"]["get"]["x-kie"].update(idempotent=False),
        "kie.yaml#/paths/~1balance/get/x-kie/idempotent: is false, but no row of lifecycles.yaml submits with it",
    ),
    "a plain answer that may be asked for again": (
        lambda truth: truth.api["paths"]["/balance"]["get"]["x-kie"].update(answer="plain"),
        "kie.yaml#/paths/~1balance/get/x-kie/idempotent: of an operation with a plain answer is false",
    ),
    "a plain answer to a submission": (
        lambda truth: truth.api["paths"]["/make"]["post"]["x-kie"].update(answer="plain"),
        "kie.yaml#/paths/~1make/post/x-kie/idempotent: of an operation with a plain answer is false, and no row",
    ),
    "an answer of an unknown kind": (
        lambda truth: truth.api["paths"]["/balance"]["get"]["x-kie"].update(answer="html"),
        "kie.yaml#/paths/~1balance/get/x-kie/answer: is not one of row, plain",
    ),
    "an operation that does not exist": (
        lambda truth: truth.lifecycles["jobs"].update(submit={"fly": {}}),
        "lifecycles.yaml#/jobs/submit/fly: 'fly' is not an operation",
    ),
    "a read that does not exist": (
        lambda truth: truth.lifecycles["jobs"].update(poll="fly"),
        "lifecycles.yaml#/jobs/poll: 'fly' is not an operation",
    ),
    "a row that reads and has no read": (
        lambda truth: truth.lifecycles["jobs"].pop("poll"),
        "lifecycles.yaml#/jobs/poll: is missing",
    ),
    "a row that answers at once and reads": (
        lambda truth: truth.lifecycles["jobs"].update(kind="immediate"),
        "lifecycles.yaml#/jobs/poll: does not belong in a row that is immediate",
    ),
    "a result of no kind": (
        lambda truth: truth.lifecycles["jobs"].update(result="smell"),
        "lifecycles.yaml#/jobs/result: is not one of audio, character",
    ),
    "one operation in two rows": (
        lambda truth: truth.lifecycles.update(more=truth.lifecycles["jobs"]),
        "lifecycles.yaml#/more/submit/makeThing: belongs to jobs already",
    ),
    "a parameter that the read does not have": (
        lambda truth: truth.lifecycles["jobs"].update(poll_parameters=["it"]),
        "lifecycles.yaml#/jobs/poll_parameters: 'it' is not a parameter of it",
    ),
    "a condition that points at nothing": (
        lambda truth: truth.lifecycles["jobs"]["states"].update(
            ok={"if": ["/data/*/mood"], "then": "succeeded", "else": "failed"}
        ),
        "lifecycles.yaml#/jobs/states/ok/if: /data/*/mood points at nothing",
    ),
    "a condition without an else": (
        lambda truth: truth.lifecycles["jobs"]["states"].update(ok={"if": ["/data/id"], "then": "succeeded"}),
        "lifecycles.yaml#/jobs/states/ok: None is not one of failed",
    ),
    "a callback with more to it": (
        lambda truth: truth.lifecycles["jobs"].update(callback={"colour": "/red"}),
        "lifecycles.yaml#/jobs/callback/colour: is not a known fact",
    ),
    "an operation of another family": (
        _set("x-kie", "operation", to="fly"),
        f"{TINY}#/x-kie/operation: is not one of makeThing",
    ),
    "an operation's id on the wire": (
        lambda truth: (
            truth.lifecycles.update({"other": {**truth.lifecycles["jobs"], "submit": {}}})
            or truth.model["x-kie"].update(lifecycle="other")
        ),
        f"{TINY}#/x-kie/model: is the id on the wire in the Market, and there only",
    ),
    "a part of nothing": (
        _set("x-kie", "references", "fromTask", "part", to="half"),
        f"{TINY}#/x-kie/references/fromTask/part: 'half' is not one of track, voice",
    ),
    "a pointer to nothing": (
        lambda truth: truth.lifecycles["jobs"].update(state="/data/mood"),
        "/data/mood points at nothing in the answer of lookAtThing",
    ),
    "a pointer into text": (
        lambda truth: truth.lifecycles["jobs"].update(urls=["/data/result/links"]),
        "/data/result/links points at nothing",
    ),
    "a state of our own": (
        lambda truth: truth.lifecycles["jobs"]["states"].update(ok="happy"),
        "'happy' is not one of",
    ),
    "media of no kind": (
        _set("x-kie", "media", "images", "kind", to="smell"),
        f"{TINY}#/x-kie/media/images/kind: is not one of image, video, audio, file",
    ),
    "a module that is a namespace": (
        _set("x-kie", "model", to="music"),
        f"{TINY}#: the slug 'music' is the name of a namespace",
    ),
    "a shorthand for no model": (
        _stands("tiny", means=["acme/tiny-1", "acme/huge"]),
        "shorthand.yaml#/tiny/means/1: there is no model 'acme/huge'",
    ),
    "a shorthand for nothing": (_stands("tiny", means=[]), "shorthand.yaml#/tiny/means: must be a list of model ids"),
    "a family without a title": (_family(title=" "), "families.yaml#/tiny-family: must be a mapping with a title"),
    "a family of nothing": (_family(members=[]), "families.yaml#/tiny-family/members: must be a list of model ids"),
    "a family with an unknown key": (_family(tier=[]), "families.yaml#/tiny-family/tier: is not a known key"),
    "a family of an unknown model": (
        _family(tiers={"Pro": ["acme/huge"]}),
        "families.yaml#/tiny-family/tiers/Pro/0: there is no model 'acme/huge'",
    ),
    "a family of a retired model": (
        _all(_set("x-kie", "status", to="retired"), _family()),
        "families.yaml#/tiny-family/members/0: acme/tiny-1 is retired: a family has active members",
    ),
    "a family with a member twice": (
        _family(tiers={"Pro": ["acme/tiny-1"]}),
        "families.yaml#/tiny-family/members/0: acme/tiny-1 is there twice",
    ),
    "task modes of no member": (
        _family(task_modes={"acme/huge": ["upscale"]}),
        "families.yaml#/tiny-family/task_modes/acme~1huge: is not a member of this family",
    ),
    "two families with one name": (
        _all(_family(), _family("other", title="Other", names=["TINY family"])),
        "families.yaml#/other: 'TINY family' is a name of tiny-family, too",
    ),
    "a family that hides a model": (
        _all(_second, _family("acme tiny 1", members=["acme/tiny-2"])),
        "families.yaml#/acme tiny 1: 'acme tiny 1' is a name of acme/tiny-1, too",
    ),
    "a family and a shorthand for other models": (
        _all(_second, _stands("tiny"), _family("Tiny", members=["acme/tiny-2"])),
        "families.yaml#/Tiny: 'Tiny' is a shorthand for acme/tiny-1",
    ),
    "a shorthand without a note": (_stands("a/tiny", note=" "), "shorthand.yaml#/a~1tiny/note: is missing"),
    "a shorthand that hides a model": (_stands("ACMETiny1"), "shorthand.yaml#/ACMETiny1: is a name of acme/tiny-1"),
    "a shorthand with more to it": (_stands("tiny", since=2020), "shorthand.yaml#/tiny/since: is not a keyword"),
    "a shorthand that is text": (
        lambda truth: truth.shorthand.update(tiny="acme/tiny-1"),
        "shorthand.yaml#/tiny: must be a mapping",
    ),
    "a code without facts": (
        lambda truth: truth.codes["envelope"][200].pop("retry_read"),
        "codes.yaml#/envelope/200: retry_read is missing",
    ),
    "a code with no such error": (
        lambda truth: truth.codes["envelope"][200].update(error="Oops"),
        "'Oops' is not a class in kie._core.errors",
    ),
    "an operation without facts": (
        lambda truth: truth.api["paths"]["/balance"]["get"].pop("x-kie"),
        "kie.yaml#/paths/~1balance/get/x-kie/server: is not one of api, upload",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_fault_is_named_with_its_place_and_reason(name: str, truth: Truth) -> None:
    spoil, message = CASES[name]
    spoil(truth)
    with pytest.raises(CompileFailed) as caught:
        compile_tree(truth.write())
    assert message in str(caught.value)


def test_all_faults_of_all_files_are_listed_and_nothing_is_written(
    truth: Truth, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    truth.model["properties"]["size"].pop("description")
    truth.model["x-kie"]["lifecycle"] = "veo"
    _second(truth, description="")
    out = tmp_path / "out"
    assert main(["generate", "--openapi", str(truth.write()), "--out", str(out)]) == 2
    said = capsys.readouterr().err
    for part in (
        f"{TINY}#/properties/size",
        f"{TINY}#/x-kie/lifecycle",
        "models/acme/zwei.yaml#: description is missing",
    ):
        assert part in said
    assert "nothing was written" in said
    assert not out.exists()


def test_a_file_that_is_no_yaml_is_a_fault_not_a_crash(truth: Truth) -> None:
    folder = truth.write()
    (folder / "models" / "acme" / "tiny.yaml").write_text("a: [b")
    with pytest.raises(CompileFailed, match="is not YAML"):
        compile_tree(folder)


def test_a_key_that_is_there_twice_is_a_fault(truth: Truth) -> None:
    """Of two rows or two models, one would be lost."""
    folder = truth.write()
    (folder / "prices").mkdir(exist_ok=True)
    (folder / "prices" / "acme.yaml").write_text("listed: 2026-10-08\nacme/tiny: {terms: []}\nacme/tiny: {terms: []}\n")
    with pytest.raises(CompileFailed, match=r"prices/acme\.yaml#: is not YAML: 'acme/tiny' is there twice .*line 3"):
        compile_tree(folder)


@pytest.mark.parametrize("entry", ["{type: string, description: A page, from 1.}", "{acme/tiny}"])
def test_what_stands_behind_a_comma_without_quotes_is_a_fault(truth: Truth, entry: str) -> None:
    """YAML makes a key of it, and half of the text is lost."""
    folder = truth.write()
    (folder / "shared.yaml").write_text(f"$defs:\n  page: {entry}\n")
    with pytest.raises(CompileFailed, match=r"shared\.yaml#: is not YAML: '.*' has no value: put quotes around"):
        compile_tree(folder)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("no", "'no' is read by YAML as bool: put quotes around a text"),
        ("[std, on]", "'on' is read by YAML as bool"),
        ("[16:9, '1:1']", "'16:9' is read by YAML as int"),
        ("010", "'010' is read by YAML as int"),
        ("5_000", "'5_000' is read by YAML as int"),
        ("0x10", "'0x10' is read by YAML as int"),
        (".5", r"'\.5' is read by YAML as float"),
        ("~", "'~' is read by YAML as null"),
        ("The key C #minor", "'The key C' ends before a #: put quotes around a text with one in it"),
        ("^ #[0-9]+$", r"'\^' ends before a #"),
        ("{a: [b, c #1\n  ]}", "'c' ends before a #"),
    ],
)
def test_what_yaml_takes_for_something_else_is_a_fault(truth: Truth, written: str, why: str) -> None:
    folder = truth.write()
    (folder / "shared.yaml").write_text(f"$defs: {{}}\nwrong: {written}\n")
    with pytest.raises(CompileFailed, match=rf"shared\.yaml#: is not YAML: {why}.* line 2"):
        compile_tree(folder)


def test_what_is_written_out_or_quoted_is_no_fault(truth: Truth) -> None:
    folder = truth.write()
    fine = """fine: [true, 16, -1.5, null, "16:9", "C #minor", a#b, no one]  # as meant\nempty:  # to be written\n"""
    with (folder / "shared.yaml").open("a") as file:
        file.write(fine)
    assert compile_tree(folder)


def test_an_endpoint_that_nothing_calls_is_found(tmp_path: Any, truth: Truth) -> None:
    from codegen.__main__ import write
    from codegen.unused import endpoints

    out = tmp_path / "generated"
    write(out, compile_tree(truth.write()))
    source = tmp_path / "src"
    source.mkdir()
    assert endpoints(source, out) == ["kie_wire.api.account.get_balance:get_balance"]
    (source / "flow.py").write_text("from kie_wire.api.account.get_balance import get_balance\n")
    assert endpoints(source, out) == []


def test_a_superseded_model_says_so_and_an_id_that_begins_with_a_digit_gets_a_module(truth: Truth) -> None:
    _second(truth, model="4o/tiny")
    truth.model["x-kie"] |= {"status": "superseded", "successors": ["4o/tiny"], "former_id": "4o/tiny"}
    files = compile_tree(truth.write())
    assert (
        b"Superseded: it still works, and the vendor now documents `4o/tiny` instead."
        in files["kie_models/acme_tiny_1.py"]
    )
    assert "kie_models/model_4o_tiny.py" in files
    assert b"| superseded: `4o/tiny` |" in files["MODELS.md"]
