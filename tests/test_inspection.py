"""What tools find in public classes: `inspect.signature`, `typing.get_type_hints`, `help()`, jedi."""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Iterable
from typing import Any, Literal

import attrs
import pytest

import kie
import kie.models
from kie import AsyncKie, Kie, telemetry
from kie._core.request import Part
from kie._flow.options import Options
from kie.models import Kling30Video, NanoBananaPro

NAMES: list[str] = kie.models.__all__  # type: ignore[attr-defined]
FIELDS = [cls for name in NAMES if attrs.has(cls := getattr(kie.models, name))]
RESULTS = [cls for name in kie.__all__ if isinstance(cls := getattr(kie, name), type) and issubclass(cls, kie.Result)]


def test_there_are_request_classes_parts_and_result_classes_to_inspect() -> None:
    assert sum(issubclass(cls, kie.Request) for cls in FIELDS) > 150
    assert sum(issubclass(cls, Part) for cls in FIELDS) > 10
    assert len(RESULTS) > 8


@pytest.mark.parametrize("cls", FIELDS, ids=lambda cls: cls.__name__)
def test_signature_types_and_docs_of_a_class_show_each_of_its_fields(cls: Any) -> None:
    names = [field.name for field in attrs.fields(cls)]
    parameters = inspect.signature(cls, eval_str=True).parameters
    assert list(parameters) == names
    for field in attrs.fields(cls):
        default = inspect.Parameter.empty if field.default is attrs.NOTHING else field.default
        if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
            default = attrs.NOTHING  # it depends on other fields, and the help says it
        assert parameters[field.name].default == default
        assert not isinstance(parameters[field.name].annotation, str)
    assert set(names) <= set(typing.get_type_hints(cls))
    assert set(names) <= set(typing.get_type_hints(cls.__init__))
    told = re.findall(r"^    (\w+): \S", (inspect.getdoc(cls) or "").partition("\nArgs:\n")[2], re.MULTILINE)
    assert told == names


def test_the_signature_of_a_request_class_takes_what_its_constructor_takes() -> None:
    found = inspect.signature(Kling30Video)
    assert all(parameter.kind is inspect.Parameter.KEYWORD_ONLY for parameter in found.parameters.values())
    assert found.parameters["mode"].annotation == Literal["std", "pro", "4K"]
    assert typing.get_origin(typing.get_args(found.parameters["image_urls"].annotation)[0]) is Iterable
    assert found.return_annotation is inspect.Signature.empty
    assert list(inspect.signature(kie.RawRequest).parameters) == ["model", "input", "lifecycle"]


def test_a_class_that_names_a_type_which_only_type_checkers_import_still_has_a_signature() -> None:
    @attrs.frozen(kw_only=True)
    class Derived(NanoBananaPro):
        seen: Nowhere | None = None  # type: ignore[name-defined]  # noqa: F821

    assert inspect.signature(Derived).parameters["seen"].annotation == "Nowhere | None"


@pytest.mark.parametrize("cls", [*RESULTS, kie.Outcome], ids=lambda cls: cls.__name__)
def test_the_types_of_a_result_can_be_evaluated(cls: Any) -> None:
    names = [field.name for field in attrs.fields(cls) if field.init]
    assert list(inspect.signature(cls, eval_str=True).parameters) == [name.lstrip("_") for name in names]
    assert set(names) <= set(typing.get_type_hints(cls))
    assert inspect.getdoc(cls)


@pytest.mark.parametrize("name", [name for name in telemetry.__all__ if attrs.has(getattr(telemetry, name))])
def test_the_types_of_an_event_can_be_evaluated(name: str) -> None:
    cls = getattr(telemetry, name)
    assert {field.name for field in attrs.fields(cls)} <= set(typing.get_type_hints(cls))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("from kie import Kie\nKie().", "submit"),
        ("import kie\nkie.AsyncKie().", "submit"),
        ("import kie\nkie.Po", "PollPolicy"),
        ("from kie.models import NanoB", "NanoBananaPro"),
        ("from kie.models.video import Kling30V", "Kling30Video"),
        ("from kie.models import NanoBananaPro\nNanoBananaPro(prompt='x').", "image_input"),
        ("from kie import Kie\nfrom kie.models import NanoBananaPro\nKie().run(NanoBananaPro(prompt='x')).", "save"),
        ("from kie.telemetry import LoggingO", "LoggingObserver"),
    ],
)
def test_jedi_completes_what_is_imported_lazily(line: str, expected: str) -> None:
    jedi = pytest.importorskip("jedi")
    assert expected in {found.name for found in jedi.Script(line).complete()}


def test_jedi_shows_the_fields_and_the_docs_of_a_request_class() -> None:
    jedi = pytest.importorskip("jedi")
    script = jedi.Script("from kie.models import NanoBananaPro\nNanoBananaPro(")
    [found] = script.get_signatures()
    assert [parameter.name for parameter in found.params] == [field.name for field in attrs.fields(NanoBananaPro)]
    assert "aspect_ratio: Width to height of the image" in found.docstring()


@pytest.mark.parametrize("client", [Kie, AsyncKie])
def test_the_help_of_a_client_says_what_its_options_are_by_default(client: type) -> None:
    said = inspect.cleandoc(client.__doc__ or "")
    for field in attrs.fields(Options):
        default = field.default
        if not isinstance(default, (int, float, str)) or isinstance(default, bool) or field.name.endswith("_url"):
            continue
        entry = re.search(rf"(?s)\n    {field.name}: (.*?)(?=\n    \w+: |\n\n)", said)
        assert entry is not None
        shown = re.search(r"Default: `([^`]+)`", entry[1])
        assert shown is not None, field.name
        assert eval(shown[1]) == default
