"""Packages of one's own models: what is written, what is refused, and that nothing is stricter than the vendor."""

from __future__ import annotations

import importlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codegen import own
from codegen.pages import parse_openapi
from codegen.source import CompileFailed
from codegen.vendor import model_of, packaged
from kie import RequestInvalid, __version__, catalog
from kie._core.schema import Schema, _packaged
from kie.testing import strategies
from tests.discovery.vendor_schemas import FIELDS, NAMES, REFUSED, openapi

TODAY = "2026-11-26"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that modules are imported from."""
    monkeypatch.syspath_prepend(str(tmp_path))
    _packaged.cache_clear()
    yield tmp_path
    _packaged.cache_clear()
    for name in [name for name in sys.modules if name.split(".")[0] == "brushes"]:
        del sys.modules[name]


def write(folder: Path, document: Any, **about: Any) -> own.Package:
    made = own.add(folder, parse_openapi(document, "answer"), None, own.About(**about), TODAY)
    made.write()
    return made


def imported(place: Path, document: Any, **about: Any) -> ModuleType:
    write(place / "brushes", document, **about)
    importlib.invalidate_caches()
    return importlib.import_module("brushes")


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_compiler_works_under_both_of_its_names() -> None:
    """In the wheel it is `kie_codegen`, with the same files."""
    folder = Path(own.__file__).parent
    assert importlib.import_module("kie_codegen.own").__file__ == own.__file__
    absolute = re.compile(r"^\s*(?:from|import) codegen\b", re.MULTILINE)
    assert [path.name for path in folder.glob("*.py") if absolute.search(path.read_text("utf-8"))] == []


def test_a_written_class_checks_requests_and_says_where_it_comes_from(place: Path) -> None:
    brush = imported(place, openapi(FIELDS)).AcmeBrush9
    request = brush(prompt="x", style="deep", image_urls=["https://example.com/a.png"], border={"width": 2})
    assert request.to_wire() == {
        "model": "acme/brush-9",
        "input": {
            "prompt": "x",
            "style": "deep",
            "image_urls": ["https://example.com/a.png"],
            "border": {"width": 2},
        },
    }
    assert brush.from_wire(request.to_wire()) == request
    with pytest.raises(RequestInvalid) as caught:
        brush(prompt="x" * 41, style="shallow", strength=2, border={"width": 0})
    assert {issue.path for issue in caught.value.issues} == {"prompt", "style", "strength", "border.width"}
    assert "read by no person; guessed: categories, result" in " ".join(brush.__doc__.split())
    schema = json.loads((place / "brushes/schemas/acme_brush_9.json").read_bytes())
    assert schema["x-kie"]["curated"] is False


def test_a_default_of_the_service_is_reported_and_never_sent(place: Path) -> None:
    brush = imported(place, openapi(FIELDS)).AcmeBrush9
    assert brush(prompt="x").to_wire()["input"] == {"prompt": "x"}
    assert "The service's default is flat." in (place / "brushes/acme_brush_9.py").read_text("utf-8")


def test_a_null_that_the_vendor_permits_is_permitted(place: Path) -> None:
    imported(place, openapi(FIELDS))
    document = json.loads((place / "brushes/schemas/acme_brush_9.json").read_bytes())
    assert Schema(document).is_valid({"prompt": "x", "seed": None})
    assert not Schema(document).is_valid({"prompt": "x", "strength": None})


def test_a_second_run_writes_the_same_bytes_on_any_day(tmp_path: Path) -> None:
    folder = tmp_path / "brushes"
    write(folder, openapi(FIELDS))
    before = contents(folder)
    page = parse_openapi(openapi(FIELDS), "answer")
    assert own.add(folder, page, None, own.About(), "2027-01-01").stale == ()
    assert own.again(folder).stale == ()
    assert contents(folder) == before


def test_a_package_is_written_again_from_what_it_holds(tmp_path: Path) -> None:
    folder = tmp_path / "brushes"
    write(folder, openapi(FIELDS))
    write(folder, openapi(FIELDS, "acme/pencil"))
    before = contents(folder)
    (folder / "acme_pencil.py").write_text("# by hand")
    (folder / "__init__.py").unlink()
    (folder / "schemas" / "gone.json").write_text("{}")
    again = own.again(folder)
    assert dict(again.stale) == {
        "acme_pencil.py": "differs",
        "__init__.py": "is missing",
        "schemas/gone.json": "should not be there",
    }
    again.write()
    assert contents(folder) == before


def test_what_a_person_said_of_a_model_outlives_the_next_reading(tmp_path: Path) -> None:
    folder = tmp_path / "brushes"
    write(folder, openapi(FIELDS), result="video")
    made = write(folder, openapi({**FIELDS, "more": {"type": "boolean"}}))
    assert made.added is not None and made.added.model.facts["result"] == "video"
    assert made.added.model.facts["guessed"] == ["categories"]


@pytest.mark.parametrize("case", REFUSED)
def test_a_schema_that_cannot_be_read_is_refused_and_nothing_is_written(tmp_path: Path, case: str) -> None:
    document, told = REFUSED[case]
    with pytest.raises(CompileFailed) as caught:
        write(tmp_path / "brushes", document)
    assert len(caught.value.faults) == 1 and told in str(caught.value)
    assert not (tmp_path / "brushes").exists()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"format": 0}, "has the format 0"),
        ({"kie": "0.0.1"}, "was written by kie 0.0.1"),
        ({"models": [{"slug": "../../etc"}]}, "cannot be the name of a module"),
    ],
)
def test_a_package_of_another_compiler_is_refused_and_stays_as_it_is(
    tmp_path: Path, change: dict[str, Any], told: str
) -> None:
    folder = tmp_path / "brushes"
    write(folder, openapi(FIELDS))
    index = folder / "catalog.json"
    index.write_text(json.dumps(json.loads(index.read_bytes()) | change))
    before = contents(folder)
    with pytest.raises(CompileFailed, match=told):
        write(folder, openapi(FIELDS, "acme/pencil"))
    assert contents(folder) == before


def test_another_version_writes_a_package_again_as_a_whole(tmp_path: Path) -> None:
    folder = tmp_path / "brushes"
    write(folder, openapi(FIELDS))
    index = folder / "catalog.json"
    index.write_text(json.dumps(json.loads(index.read_bytes()) | {"kie": "0.0.1"}))
    own.again(folder).write()
    assert json.loads(index.read_bytes())["kie"] == __version__


@pytest.mark.parametrize("name", ["__init__.py", "acme_brush_9.py"])
def test_a_file_that_somebody_else_wrote_is_never_replaced(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "brushes"
    folder.mkdir()
    (folder / name).write_text("mine = 1")
    with pytest.raises(CompileFailed, match="was not written by kie"):
        write(folder, openapi(FIELDS))
    assert contents(folder) == {name: b"mine = 1"}


def test_two_ids_with_the_same_name_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "brushes", openapi(FIELDS))
    with pytest.raises(CompileFailed, match="acme_brush_9 is the slug of acme/brush-9 already"):
        write(tmp_path / "brushes", openapi(FIELDS, "acme-brush-9"))


def test_every_name_becomes_an_identifier_of_its_own(place: Path) -> None:
    fields = {name: {"type": "string", "description": f'Is "{name}"'} for name in NAMES}
    inner = {"type": "object", "properties": fields}
    document = openapi(
        {**fields, "prompt": {"type": "string"}, "part": inner, "parts": {"type": "array", "items": inner}}
    )
    brush = imported(place, document).AcmeBrush9
    names = {field.metadata.get("wire", field.name): field.name for field in attrs.fields(brush)}
    assert set(NAMES) < set(names) and len(set(names.values())) == len(names)
    body = {name: f"value of {name}" for name in NAMES}
    request = brush(prompt="x", **{names[name]: value for name, value in body.items()})
    assert request.to_wire()["input"] == {"prompt": "x", **body}
    assert brush.from_wire({"model": "acme/brush-9", "input": {"prompt": "x", "parts": [body]}}).to_wire()["input"] == {
        "prompt": "x",
        "parts": [body],
    }


CODE = [
    '"""',
    "'''",
    "\\",
    '\\"""',
    "\n",
    "\r",
    "\x00",
    "\u202e",
    "\u2028",
    "{{ 7*7 }}",
    "{% raw %}",
    "# noqa",
    "x",
    '"',
    " ",
]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(CODE), max_size=8).map("".join))
def test_text_of_the_vendor_stays_text(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("x") / "brushes"
    evil = {"type": "string", "description": text, "default": text, "enum": [text, "plain"], "title": text}
    made = own.add(
        folder,
        parse_openapi(openapi({"prompt": evil, text or "empty": evil}), text),
        None,
        own.About(provider=text, text=text, tasks=(text,), source=text),
        text,
    )
    code = compile(made.files["acme_brush_9.py"], "acme_brush_9.py", "exec")
    imports = [name for name in code.co_names if name in ("os", "sys", "eval", "exec", "__import__")]
    assert not imports
    space: dict[str, Any] = {"__name__": "brushes.acme_brush_9"}
    exec(code, space)  # what runs is what we wrote: it imports attrs and kie
    assert space["AcmeBrush9"].info.model == "acme/brush-9"


ODD: dict[str, tuple[Any, list[Any]]] = {
    "no type": ({}, ["x", 1, True, {"a": 1}, ["x", [1]]]),
    "an unknown type": ({"type": "frob"}, ["x", 1, {"a": 1}]),
    "two types": ({"type": ["string", "integer"], "maxLength": 3}, ["longer than that", 5]),
    "alternatives": (
        {"oneOf": [{"type": "string", "maxLength": 3}, {"type": "string", "maxLength": 9}]},
        ["123456789"],
    ),
    "null or a bound": ({"anyOf": [{"type": "string", "maxLength": 3}, {"type": "null"}]}, ["123", None]),
    "any object": ({"type": "object"}, [{"a": {"b": [1]}}]),
    "any list": ({"type": "array"}, [[1, "x", [2]]]),
    "a list of anything": ({"type": "array", "items": {}}, [[1, "x", {"a": 1}]]),
    "a list of objects": ({"type": "array", "items": {"type": "object"}}, [[{"a": 1}]]),
    "a list of lists": ({"type": "array", "items": {"type": "array", "items": {"type": "integer"}}}, [[[1], [2, 3]]]),
    "several kinds of items": ({"type": "array", "items": [{"type": "string"}, {"type": "integer"}]}, [["x", 1]]),
    "a list with null": ({"type": "array", "items": {"type": "string", "nullable": True}}, [["x", None]]),
    "mixed values": ({"enum": [1, "x"]}, [1, "x"]),
    "bounds that are none": ({"type": "number", "minimum": float("nan"), "maximum": 10**400, "multipleOf": 0}, [7]),
    "a pattern that is none": ({"type": "string", "pattern": "(("}, ["x"]),
    "bounds that cross": ({"type": "integer", "minimum": 5, "maximum": 1}, [3]),
    "a bound in the text": ({"type": "string", "description": "At most 3 characters."}, ["longer than that"]),
    "a format in the text": ({"type": "string", "format": "uri", "description": "PNG up to 1 MB."}, ["not-a-url"]),
}


@pytest.mark.parametrize("case", ODD)
def test_what_the_vendor_permits_is_permitted(place: Path, case: str) -> None:
    node, values = ODD[case]
    brush = imported(place, openapi({"prompt": {"type": "string"}, "odd": node})).AcmeBrush9
    schema = Schema(json.loads((place / "brushes/schemas/acme_brush_9.json").read_bytes()))
    for value in values:
        body = {"prompt": "x", "odd": value}
        assert schema.issues(body) == []
        if value is not None:
            assert brush.from_wire({"model": "acme/brush-9", "input": body}).to_wire()["input"] == body


EXAMPLES: dict[str, tuple[Any, Any]] = {
    "a number as text": ({"type": "integer"}, "6"),
    "a value beside the list": ({"type": "string", "enum": ["a", "b"]}, "c"),
    "a longer text": ({"type": "string", "maxLength": 2}, "longer"),
    "a number beyond the bound": ({"type": "number", "maximum": 2}, 3.5),
    "a switch as text": ({"type": "boolean"}, "true"),
    "inside an object": ({"type": "object", "properties": {"a": {"type": "integer"}}}, {"a": "6"}),
    "inside a list": ({"type": "array", "items": {"type": "integer"}}, ["6", 7]),
}


@pytest.mark.parametrize("case", EXAMPLES)
def test_what_the_vendors_own_example_holds_is_permitted_and_named(place: Path, case: str) -> None:
    node, value = EXAMPLES[case]
    document = openapi({"prompt": {"type": "string"}, "odd": node})
    body = {"model": "acme/brush-9", "input": {"odd": value}}
    operation = document["paths"]["/api/v1/jobs/createTask"]["post"]
    operation["requestBody"]["content"]["application/json"]["example"] = body
    made = write(place / "brushes", document)
    brush = importlib.import_module("brushes").AcmeBrush9
    assert brush.from_wire(body).to_wire() == body
    assert made.added is not None and len(made.added.faults) == 2  # the field that is lacking, and the odd one
    assert own.again(place / "brushes").stale == ()


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=st.sampled_from(sorted(ODD)), data=st.data())
def test_requests_of_odd_fields_are_drawn(case: str, data: st.DataObject) -> None:
    page = parse_openapi(openapi({"prompt": {"type": "string"}, "odd": ODD[case][0]}), case)
    document: Any = packaged(model_of(page).model)
    value = data.draw(strategies.values(document["properties"]["odd"]))
    assert Schema(document).issues({"prompt": "x", "odd": value}) == []


MODELS = [model.id for model in catalog.models() if model.lifecycle == "jobs"][::9]


@pytest.mark.parametrize("id", MODELS)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_model_read_from_a_schema_accepts_what_the_schema_accepts(id: str, data: st.DataObject) -> None:
    document = catalog.get(id).json_schema()
    taken = {key: value for key, value in document.items() if key not in ("$id", "allOf", "x-kie")}
    page = parse_openapi(openapi(taken["properties"], id), id)  # type: ignore[arg-type]
    made = model_of(page, id, own.About(), TODAY).model
    body = data.draw(strategies.inputs(id))
    issues = Schema(packaged(made)).issues(body)
    assert [issue for issue in issues if issue.rule != "required"] == []
