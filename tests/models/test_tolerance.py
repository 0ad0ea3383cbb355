"""What was seen accepted is accepted, what was seen refused is refused, and shorthands keep their word."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from codegen.source import Document, read
from kie import Kie, RequestInvalid, catalog, compat
from kie._core.schema import MESSAGE, SEEN
from kie._io.process import LOGGER
from kie._records.lifecycles import lifecycle
from kie.simulator import Simulator
from kie.testing import VirtualClock
from kie.testing.strategies import body_of
from tests.conformance.support import Accepting
from tests.conftest import ROOT
from tests.simulator.support import ask
from tests.simulator.support import read as answer

SUBMISSIONS: list[dict[str, Any]] = json.loads((ROOT / "tests/recordings/submissions.json").read_text("utf-8"))
TAKEN = [each for each in SUBMISSIONS if each["taken"]]
REFUSED = [each for each in SUBMISSIONS if not each["taken"]]
SOURCE = read(ROOT / "openapi")[0]
FORMS = [(model.id, form) for model in SOURCE.models for form in model.facts.get("accepts") or []]


def names(cases: list[dict[str, Any]]) -> list[str]:
    return [f"{case['model']}: {', '.join(case['fields'])}" for case in cases]


def client_on(transport: Accepting, **options: Any) -> Kie:
    client = Kie("key", transport=transport, **options)
    client._driver.session.clock = VirtualClock()
    return client


def submitted(request: Any) -> Any:
    """The body that goes over the wire, without the callback URL."""
    transport = Accepting()
    client_on(transport, limit_group=request.info.name).submit(request, allow_retired=True)
    (body,) = transport.bodies
    return {key: value for key, value in body.items() if not key.lower().startswith("callback")}


def simulated(model: str, fields: Document) -> Any:
    """What the simulator answers to a submission."""
    info = catalog.get(model).request_class.info
    submission = lifecycle(info.lifecycle).submission(info.operation)
    body = dict(body_of(model, fields))
    if submission.callback_required:
        body[str(submission.callback)] = "https://example.com/callback"
    return answer(ask(Simulator(limits=False, credits=1000), "POST", submission.call({}).endpoint.path, body))


def by_python(model: str, fields: Document) -> dict[str, Any]:
    plan = {wire: name for name, wire in catalog.get(model).request_class.__kie_plan__()}
    return {plan[wire]: value for wire, value in fields.items()}


def accepted_everywhere(model: str, fields: Document) -> None:
    cls: Any = catalog.get(model).request_class
    body = body_of(model, fields)
    assert cls.from_wire(body).to_wire() == body
    assert submitted(cls.from_wire(body)) == body
    arguments = by_python(model, fields)
    built = compat.request(cls)
    for name, value in arguments.items():
        built = built.set(name, value)
    for made in (cls(**arguments), built.build()):
        wire = made.to_wire()
        sent: Any = wire["input"] if made.info.model is not None else wire
        assert {key: sent[key] for key in fields} == fields
        assert hash(made) == hash(cls(**arguments))
    assert simulated(model, fields)["code"] == 200


@pytest.mark.parametrize("case", TAKEN, ids=names(TAKEN))
def test_what_the_service_was_seen_to_take_is_taken_by_every_face_and_sent_as_it_is(case: dict[str, Any]) -> None:
    accepted_everywhere(case["model"], case["fields"])
    request = catalog.get(case["model"]).request_class.from_wire(body_of(case["model"], case["fields"]))
    assert bool(request.advice()) is case.get("advised", False)


@pytest.mark.parametrize("case", REFUSED, ids=names(REFUSED))
def test_what_the_service_was_seen_to_refuse_is_refused_at_its_field(case: dict[str, Any]) -> None:
    cls: Any = catalog.get(case["model"]).request_class
    with pytest.raises(RequestInvalid) as caught:
        cls.from_wire(body_of(case["model"], case["fields"]))
    assert [issue.path for issue in caught.value.issues] == [case["field"]]
    assert simulated(case["model"], case["fields"])["code"] in (422, 500)


def value_of(schema: Document) -> Any:
    """A value of a form that is accepted besides the documented one."""
    if "anyOf" in schema:
        return value_of(schema["anyOf"][0])
    if "const" in schema or "enum" in schema:
        return schema.get("const", (schema.get("enum") or [None])[0])
    match schema["type"]:
        case "array":
            return [value_of(schema["items"])] if schema.get("maxItems", 1) else []
        case "boolean":
            return True
        case "integer" | "number":
            return schema.get("minimum", 12345)
    return "https://example.com/a.png" if "://" in schema.get("pattern", "") else "12345"


def holding(model: str, form: Document) -> Iterator[Document]:
    """The documented examples of a model, with a value of another form in each that has room for it."""
    _, name, *deeper = form["at"].split("/")[1:]
    for example in catalog.get(model).json_schema()["x-kie"]["examples"]:  # type: ignore[index,call-overload,union-attr]
        fields: Any = json.loads(json.dumps(example))
        if not deeper:
            yield {**fields, name: value_of(form["also"])}
        elif fields.get(name):
            fields[name][0][deeper[-1]] = value_of(form["also"])
            yield fields


@pytest.mark.parametrize(("model", "form"), FORMS, ids=[f"{model}{form['at']}" for model, form in FORMS])
def test_every_form_is_taken_by_class_and_simulator_and_sent_as_it_is(model: str, form: Document) -> None:
    cls: Any = catalog.get(model).request_class
    fields = next(holding(model, form))  # the first, which the form does not contradict
    body = body_of(model, fields)
    request = cls.from_wire(body)
    assert request.to_wire() == body
    assert cls.from_wire(submitted(request)) == request
    assert simulated(model, fields)["code"] == 200


def test_advice_is_logged_once_and_nothing_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    request = catalog.get("google/nano-banana").request_class(prompt="x", output_format="jpeg")  # type: ignore[call-arg]
    transport = Accepting()
    client = client_on(transport)
    with caplog.at_level("WARNING", LOGGER.name):
        client.check(request)
        client.submit(request)
        client.submit(request)
    said = [record.message for record in caplog.records if "jpeg" in record.message]
    assert said == [f"google/nano-banana: {request.advice()[0].message}"]
    assert len(transport.bodies) == 2


def test_advice_names_fields_as_the_class_does() -> None:
    request = catalog.get("suno/mashup").request_class(  # type: ignore[call-arg]
        upload_url_list=["https://example.com/1.mp3", "https://example.com/2.mp3"], custom_mode=False, model="V5"
    )
    assert [str(issue) for issue in request.advice()] == [
        "prompt: says what the music is to be when custom_mode is false"
    ]
    assert request.unchecked(prompt="A waltz").advice() == ()


WORDS = "former name of|not together with|instead of|in the place of|in place of|rather than|replaces"
INSTEAD = re.compile(rf"\b(?:{WORDS})\s+`(\w+)`", re.IGNORECASE)


def alternatives(document: Document) -> set[tuple[str, str]]:
    """The pairs of fields of which one stands for the other, or excludes it, as descriptions, rules and advice say."""
    fields: Document = document["properties"]
    found = set()
    for name, field in fields.items():
        found |= {(name, other) for other in INSTEAD.findall(str(field.get("description"))) if other in fields}
    for rule in [*(document.get("allOf") or []), *(document["x-kie"].get("advice") or [])]:
        denied = rule.get("not") or {}
        if set(denied) == {"required"} and len(denied["required"]) == 2 and MESSAGE in rule:
            found.add(tuple(denied["required"]))
    return found | {(other, name) for name, other in found}


def test_giving_a_field_never_sends_the_default_of_its_alternative() -> None:
    seen = 0
    for model in catalog.models(status="all"):
        document: Any = model.json_schema()
        for given, other in alternatives(document):
            seen += 1
            assert other not in model.request_class.info.schema.defaults({given}), (model.id, given, other)  # type: ignore[union-attr]
    assert seen > 10


def test_the_defaults_that_make_room_do_so_in_the_class_and_the_builder() -> None:
    cls: Any = catalog.get("google/nano-banana").request_class
    assert cls(prompt="x").to_wire()["input"]["aspect_ratio"] == "1:1"
    for made in (cls(prompt="x", image_size="16:9"), compat.request(cls).prompt("x").image_size("16:9").build()):
        assert "aspect_ratio" not in made.to_wire()["input"]
    given = cls(prompt="x", image_size="16:9", aspect_ratio="1:1")
    assert given.to_wire()["input"]["aspect_ratio"] == "1:1", "what is given is sent"
    assert given.advice()
    veo = catalog.get("veo").request_class(prompt="x", former_aspect_ratio="9:16")  # type: ignore[call-arg]
    assert "aspect_ratio" not in veo.to_wire()


def test_a_former_field_says_so_and_is_marked_in_the_schema() -> None:
    cls = catalog.get("veo").request_class
    assert "Former name of `aspect_ratio`" in " ".join(str(cls.__doc__).split())
    marked: Any = catalog.get("veo").json_schema()["properties"]
    assert SEEN in marked["aspectRatio"] and SEEN not in marked["aspect_ratio"]


@pytest.mark.parametrize("name", sorted(SOURCE.shorthand))
def test_a_shorthand_orders_what_it_says(name: str) -> None:
    row = SOURCE.shorthand[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        model = catalog.resolve(name)
    assert model.id == row["means"][0]
    promised = row.get("fields") or {}
    examples: Any = catalog.get(model.id).json_schema()["x-kie"]["examples"]  # type: ignore[index,call-overload]
    example = next((each for each in examples if {**each, **promised} == each), examples[0])
    given = {key: value for key, value in example.items() if key not in promised}
    cls: Any = model.request_class
    made = cls(**by_python(model.id, given))
    assert type(made) is catalog.get(model.id).request_class
    sent = submitted(made)
    sent = sent["input"] if made.info.model is not None else sent
    assert {key: sent[key] for key in promised} == promised
    wire = submitted(cls.from_wire(body_of(model.id, given)))
    wire = wire["input"] if made.info.model is not None else wire
    assert {key: wire[key] for key in promised} == promised


@pytest.mark.filterwarnings("ignore:veo3_lite:UserWarning")
def test_a_shorthand_is_not_contradicted() -> None:
    cls: Any = catalog.resolve("veo3_lite").request_class
    assert cls(prompt="x", model="veo3_lite").to_wire()["model"] == "veo3_lite"
    with pytest.raises(RequestInvalid, match="model: is already 'veo3_lite', by the model's name"):
        cls(prompt="x", model="veo3")


def test_a_name_of_the_wire_leads_to_the_name_in_python() -> None:
    """Every class: as a keyword, in the builder, in a copy, and by --set the other way round."""
    seen = 0
    for model in catalog.models(status="all"):
        cls: Any = model.request_class
        for name, wire in cls.__kie_plan__():
            if wire == name or wire in dict(cls.__kie_plan__()):
                continue
            with pytest.raises(RequestInvalid) as caught:
                cls(**{wire: "x"})
            said = [issue.renamed({wire: name}).message for issue in caught.value.issues if issue.path == wire]
            assert said == [f"is not a field of this model; did you mean {name}?"], (model.id, wire)
            seen += 1
    assert seen > 50
