"""Requests as programs send them, over all models: which forms are taken, which are advised against, which refused."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import pytest

from kie import RequestInvalid, catalog
from kie._core.schema import SEEN, documented
from kie.catalog import Model
from kie.testing.strategies import body_of

Fields: TypeAlias = dict[str, Any]
Field: TypeAlias = tuple[Model, str, Fields, Fields, bool]
"""A model, a field, its documented schema, a documented example of the model (with the field, if one has it), and
whether the field is required."""

MODELS = catalog.models(status="all")
RECORDED = {"wan/2-7-image", "wan/2-7-image-pro"}
"""Models of which an empty list of boxes was refused by the service (2026-08)."""


def facts(model: Model) -> Fields:
    document: Any = model.json_schema()
    known: Fields = document["x-kie"]
    return known


def fields() -> Iterator[Field]:
    for model in MODELS:
        document: Any = model.json_schema()
        examples = document["x-kie"]["examples"]
        for name, packaged in document["properties"].items():
            if SEEN in packaged:
                continue
            example = next((each for each in examples if name in each), examples[0])
            yield model, name, documented(packaged), copy.deepcopy(example), name in (document.get("required") or ())


FIELDS = list(fields())


def without() -> Iterator[Field]:
    """Every optional field with each documented example that lacks it."""
    for model, name, schema, _, required in FIELDS:
        for example in facts(model)["examples"]:
            if not required and name not in example:
                yield model, name, schema, copy.deepcopy(example), False


WITHOUT = list(without())


def taken(model: Model, body: Fields) -> bool:
    """Whether a body is taken, and goes over the wire as it is."""
    wire = body_of(model.id, body)
    try:
        return model.request_class.from_wire(wire).to_wire() == wire
    except RequestInvalid:
        return False


def refused(model: Model, body: Fields) -> list[str]:
    with pytest.raises(RequestInvalid) as caught:
        model.request_class.from_wire(body_of(model.id, body))
    return [str(issue) for issue in caught.value.issues]


def is_media(model: Model, name: str) -> bool:
    return name in (facts(model).get("media") or {})


def market(model: Model) -> bool:
    return model.lifecycle == "jobs"


def number(schema: Fields, example: Fields, name: str) -> Any:
    least = schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1 if "exclusiveMinimum" in schema else 5)
    return example.get(name, (schema.get("enum") or [least])[0])


def digits(model: Model, name: str, schema: Fields, example: Fields, _: bool) -> Any:
    return str(number(schema, example, name)) if schema.get("type") in ("integer", "number") else None


def whole(model: Model, name: str, schema: Fields, example: Fields, _: bool) -> Any:
    return float(number(schema, example, name)) if schema.get("type") == "integer" else None


def numbers(model: Model, name: str, schema: Fields, example: Fields, _: bool) -> Any:
    given = str(example.get(name, (schema.get("enum") or [""])[0]))
    return int(given) if "enum" in schema and re.fullmatch("[1-9][0-9]*", given) else None


def words(model: Model, name: str, schema: Fields, example: Fields, _: bool) -> Any:
    return str(example.get(name, True)).lower() if schema.get("type") == "boolean" and not market(model) else None


def single(model: Model, name: str, schema: Fields, example: Fields, _: bool) -> Any:
    if schema.get("type") != "array" or market(model) or (schema.get("minItems") or 0) > 1:
        return None
    (value, *others) = example.get(name) or [None]
    return value if isinstance(value, str) and not others else None


def empty(model: Model, name: str, schema: Fields, example: Fields, _: bool) -> Any:
    if name in example or "enum" in schema or (model.id in RECORDED and name == "bbox_list"):
        return None
    return {"string": "", "array": []}.get(str(schema.get("type")))


TAKEN: list[tuple[Callable[..., Any], int]] = [
    (digits, 200),
    (whole, 100),
    (numbers, 40),
    (words, 15),
    (single, 5),
    (empty, 200),
]


@pytest.mark.parametrize(("form", "least"), TAKEN, ids=[form.__name__ for form, _ in TAKEN])
def test_a_form_that_was_seen_accepted_is_taken_by_every_field_of_its_kind(
    form: Callable[..., Any], least: int
) -> None:
    held = [(each, value) for each in (WITHOUT if form is empty else FIELDS) if (value := form(*each)) is not None]
    assert len(held) > least
    assert [(m.id, name, value) for (m, name, _, e, _), value in held if not taken(m, {**e, name: value})] == []


def test_an_empty_value_counts_as_absent_to_the_rules_of_its_model() -> None:
    cls: Any = catalog.get("bytedance/seedance-2").request_class
    references = ["https://example.com/a.png"]
    made = cls(prompt="A red bicycle", first_frame_url="", reference_image_urls=references)
    assert made.to_wire()["input"]["first_frame_url"] == ""
    with pytest.raises(RequestInvalid, match="cannot stand together"):
        cls(prompt="A red bicycle", first_frame_url="https://example.com/b.png", reference_image_urls=references)
    needs_one: Any = catalog.get("grok-imagine-image-2-0/segment-map").request_class
    assert needs_one(task_id="", image_url="https://example.com/a.png").to_wire()["input"]["task_id"] == ""
    with pytest.raises(RequestInvalid, match="exactly one of task_id and image_url is needed"):
        needs_one(task_id="", image_url="")


def test_text_of_digits_counts_in_a_sum() -> None:
    cls: Any = catalog.get("suno/persona").request_class
    example: Any = next(each for each in facts(catalog.get("suno/persona"))["examples"] if "vocalStart" in each)
    text = {**example, "vocalStart": str(example["vocalStart"]), "vocalEnd": str(example["vocalEnd"])}
    assert cls.from_wire(text).to_wire() == text
    with pytest.raises(RequestInvalid, match="vocalEnd"):
        cls.from_wire({**text, "vocalEnd": text["vocalStart"]})


def test_null_means_that_a_field_is_absent() -> None:
    assert len(WITHOUT) > 500
    for model, name, _, example, _ in WITHOUT:
        body = body_of(model.id, {**example, name: None})
        assert model.request_class.from_wire(body).to_wire() == body_of(model.id, example), (model.id, name)


def another_case(model: Model, name: str, schema: Fields, example: Fields, _: bool) -> Any:
    values = [each for each in schema.get("enum") or () if isinstance(each, str)]
    changed = [value for each in values for value in (each.upper(), each.lower()) if value not in values]
    return (changed[0], "is not one of") if changed and schema["type"] == "string" else None


def another_format(model: Model, name: str, schema: Fields, example: Fields, _: bool) -> Any:
    values = schema.get("enum") or ()
    other = {"jpeg": "jpg", "jpg": "jpeg"}
    changed = [other[each] for each in values if each in other and other[each] not in values]
    return (changed[0], "is not one of") if changed and not model.id.startswith("google/nano-banana") else None


def another_shape(model: Model, name: str, schema: Fields, example: Fields, _: bool) -> Any:
    values = schema.get("enum") or ()
    return ("auto", "is not one of") if "16:9" in values and "auto" not in values else None


def list_for_one(model: Model, name: str, schema: Fields, example: Fields, _: bool) -> Any:
    if (
        schema.get("type") != "string"
        or not is_media(model, name)
        or (model.id, name) == ("qwen2/image-edit", "image_url")
    ):
        return None
    return ["https://example.com/a.png"], "must be text"


def one_for_list(model: Model, name: str, schema: Fields, example: Fields, _: bool) -> Any:
    wrong = schema.get("type") == "array" and market(model)
    return ("https://example.com/a.png", "must be a list") if wrong else None


def words_in_the_market(model: Model, name: str, schema: Fields, example: Fields, _: bool) -> Any:
    return ("true", "must be true or false") if schema.get("type") == "boolean" and market(model) else None


def no_number(model: Model, name: str, schema: Fields, example: Fields, _: bool) -> Any:
    return ("five", "") if schema.get("type") in ("integer", "number") else None


def empty_value(model: Model, name: str, schema: Fields, example: Fields, required: bool) -> Any:
    return (
        ("", "is not one of")
        if schema.get("type") == "string" and "enum" in schema and "" not in schema["enum"]
        else None
    )


REFUSED: list[tuple[Callable[..., Any], int]] = [
    (another_case, 100),
    (another_format, 15),
    (another_shape, 50),
    (list_for_one, 60),
    (one_for_list, 60),
    (words_in_the_market, 100),
    (no_number, 150),
    (empty_value, 200),
]


@pytest.mark.parametrize(("form", "least"), REFUSED, ids=[form.__name__ for form, _ in REFUSED])
def test_a_form_that_nobody_saw_accepted_is_refused_at_its_field_with_what_is_allowed(
    form: Callable[..., Any], least: int
) -> None:
    seen = 0
    for each in FIELDS:
        found = form(*each)
        if found is None:
            continue
        model, name, _, example, _ = each
        value, text = found
        said = [issue for issue in refused(model, {**example, name: value}) if issue.startswith(f"{name}: ")]
        assert said and any(text in issue for issue in said), (model.id, name, value, said)
        seen += 1
    assert seen > least


def test_a_field_of_no_model_is_refused_by_name() -> None:
    for model in MODELS:
        example = facts(model)["examples"][0]
        for name in ("no_such_field", "callBackUrl"):
            said = refused(model, {**example, name: "x"})
            assert any(issue.startswith(f"{name}: is not a field of this model") for issue in said), model.id


def test_a_keyword_in_the_other_style_leads_to_the_name_in_python() -> None:
    """`imageUrls=` for `image_urls=`, whatever the name on the wire is."""
    seen = 0
    for model in MODELS:
        cls: Any = model.request_class
        for name, _ in cls.__kie_plan__():
            head, *tail = name.split("_")
            camel = head + "".join(word[:1].upper() + word[1:] for word in tail)
            if camel in dict(cls.__kie_plan__()) or (camel in dict(cls.__kie_plan__()).values() and camel != name):
                wire = dict(cls.__kie_plan__())
                if camel in wire or wire[name] != camel:
                    continue
            with pytest.raises(RequestInvalid) as caught:
                cls(**{camel: "x"})
            said = next(line for line in str(caught.value).splitlines() if line.strip().startswith(f"{camel}: "))
            assert "is not a field of this model; did you mean " in said, (model.id, said)
            assert re.search(rf"\b{name}\b", said), (model.id, name, said)
            seen += 1
    assert seen > 500
