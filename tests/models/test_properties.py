"""The classes hold to the schemas: what one accepts the other accepts, what one refuses the other refuses."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kie import RequestInvalid, catalog
from kie._core import schema as schemas
from kie.simulator import Simulator
from kie.testing.strategies import body_of, inputs, mutations
from tests.models.test_simulator import MODELS as SUBMITTED
from tests.models.test_simulator import answer

MODELS = [model.id for model in catalog.models(status="all")]
EVERY = pytest.mark.parametrize("model", MODELS)


def request_class(model: str) -> Any:
    return catalog.get(model).request_class


def completed(schema: Any, value: Any, *, root: bool = False) -> Any:
    """A value with the defaults of its schema filled in, in nested objects too, but not in the root if it is said."""
    schema = schemas.documented(schema)
    if isinstance(value, dict) and "properties" in schema:
        fields = schema["properties"]
        defaults = {name: field["default"] for name, field in fields.items() if "default" in field and not root}
        return {**defaults, **{name: completed(fields[name], item) for name, item in value.items()}}
    if isinstance(value, list) and "items" in schema:
        return [completed(schema["items"], item) for item in value]
    return value


@EVERY
def test_the_class_its_constructor_and_the_simulator_agree_with_the_schema(model: str) -> None:
    """Whatever is drawn is tried in each way: drawing takes most of the time."""
    cls = request_class(model)
    compiled = schemas.load("kie_models", catalog.get(model).slug)
    names = {wire: name for name, wire in cls.__kie_plan__()}
    state = Simulator(limits=False, credits=10**9) if model in SUBMITTED else None

    @given(inputs(model), st.data())
    def check(drawn: dict[str, Any], data: st.DataObject) -> None:
        # the class accepts it, and sends it as it is
        body = body_of(model, drawn)
        assert cls.from_wire(body).to_wire() == body

        # the constructor adds the defaults, and nothing else
        expected = {**compiled.defaults(drawn), **completed(compiled.document, drawn, root=True)}
        arguments = {names[wire]: value for wire, value in drawn.items()}
        if compiled.is_valid(expected):
            assert cls(**arguments).to_wire() == body_of(model, expected)
        else:
            with pytest.raises(RequestInvalid):
                cls(**arguments)

        # a broken rule is refused with an issue at its field
        mutation = data.draw(st.sampled_from(list(mutations(model, drawn))))
        with pytest.raises(RequestInvalid) as caught:
            cls.from_wire(body_of(model, mutation.body))
        assert mutation.path in [issue.path for issue in caught.value.issues], mutation

        # the simulator, which judges by the schema and not through the class, does the same
        if state:
            assert answer(state, model, drawn) == 200
            assert answer(state, model, mutation.body) in (422, 500)

    check()


@EVERY
def test_every_single_rule_of_the_schema_is_broken_once(model: str) -> None:
    cls = request_class(model)
    schema = catalog.get(model).json_schema()
    facts: Any = schema["x-kie"]
    for example in facts["examples"]:
        for mutation in mutations(model, example):
            with pytest.raises(RequestInvalid) as caught:
                cls.from_wire(body_of(model, mutation.body))
            assert mutation.path in [issue.path for issue in caught.value.issues], mutation


@EVERY
def test_defaults_have_the_type_that_the_field_declares(model: str) -> None:
    cls = request_class(model)
    properties: Any = catalog.get(model).json_schema()["properties"]
    for field in attrs.fields(cls):
        wire = field.metadata.get("wire", field.name)
        if isinstance(field.default, attrs.Factory):  # type: ignore[arg-type]
            assert wire in catalog.get(model).json_schema()["x-kie"]["default_unless"]  # type: ignore[operator, index, call-overload]
        elif field.default is not attrs.NOTHING:
            assert field.default == properties[wire].get("default")
            assert type(field.default) is type(properties[wire].get("default"))


ODD = st.one_of(
    st.floats(),
    st.text(st.characters(), min_size=1).map(lambda text: text + "\ud800"),
    st.binary(),
    st.builds(object),
    st.none(),
    st.dictionaries(st.integers(), st.integers(), min_size=1),
    st.lists(st.one_of(st.binary(), st.builds(object), st.floats())),
    st.decimals(),
    st.integers(min_value=10**300, max_value=10**301),
    st.text().map(type("Shouting", (str,), {})),
    st.sets(st.integers()),
    st.recursive(
        st.booleans(), lambda inner: st.dictionaries(st.text(), inner, max_size=2) | st.lists(inner, max_size=2)
    ),
)


@EVERY
def test_whatever_value_is_passed_the_only_error_is_request_invalid(model: str) -> None:
    cls = request_class(model)

    @given(st.dictionaries(st.sampled_from([name for name, _ in cls.__kie_plan__()]), ODD, min_size=1))
    def check(arguments: dict[str, Any]) -> None:
        try:
            made = cls(**arguments)
        except RequestInvalid as error:
            assert error.issues
        else:
            made.local_media  # noqa: B018 - reading it must not fail either

    check()
