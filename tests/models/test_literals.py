"""The types of a field's values: what type checkers read in a class is what the program finds there."""

from __future__ import annotations

import ast
import inspect
import sys
from typing import Literal, get_args

import attrs
import pytest

from kie import catalog
from kie._core.literals import literals
from kie.models import ElevenlabsTextToDialogueV3, GoogleGemini25ProTtsSpeaker, NanoBananaPro

MODELS = [model.id for model in catalog.models(status="all")]


def declared(cls: type) -> dict[str, object]:
    """The types that stand in the source of a class, for type checkers."""
    [tree] = ast.parse(inspect.getsource(cls)).body
    assert isinstance(tree, ast.ClassDef)
    found = {}
    for block in tree.body:
        for line in block.body if isinstance(block, ast.If) else ():
            assert isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name)
            found[line.targets[0].id] = eval(ast.unparse(line.value), {"Literal": Literal})
    return found


@pytest.mark.parametrize("id", MODELS)
def test_a_program_finds_the_types_that_type_checkers_read(id: str) -> None:
    model = catalog.get(id).request_class
    module = sys.modules[model.__module__]
    classes = [cls for cls in vars(module).values() if attrs.has(cls) and cls.__module__ == module.__name__]
    for cls in classes:
        assert declared(cls) == literals(cls)


def test_a_class_has_the_type_of_each_of_its_fields_with_a_list_of_values() -> None:
    assert get_args(NanoBananaPro.Resolution) == ("1K", "2K", "4K")
    assert "16:9" in get_args(NanoBananaPro.AspectRatio)
    assert "Whisper" in get_args(GoogleGemini25ProTtsSpeaker.Style)


@pytest.mark.parametrize("name", ["Prompt", "AspectRatios", "aspect", "Stability"])
def test_other_names_are_ordinary_attribute_errors(name: str) -> None:
    for cls in (NanoBananaPro, ElevenlabsTextToDialogueV3):
        with pytest.raises(AttributeError, match=rf"'{cls.__name__}' has no attribute '{name}'"):
            getattr(cls, name)


def test_a_type_is_not_a_field() -> None:
    assert "AspectRatio" not in inspect.signature(NanoBananaPro).parameters
    assert "AspectRatio" not in {field.name for field in attrs.fields(NanoBananaPro)}
    assert not hasattr(NanoBananaPro(prompt="x"), "AspectRatio")


def test_a_derived_class_whose_types_cannot_be_evaluated_has_none() -> None:
    class Derived(NanoBananaPro):
        extra: Missing  # type: ignore[name-defined]  # noqa: F821

    assert not hasattr(Derived, "AspectRatio")
