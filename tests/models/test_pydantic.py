"""Request classes are fields of pydantic, which is not imported before it asks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from kie import RawRequest, Request, catalog
from kie.models import Kling30Video, NanoBananaPro, SunoGenerate

FOX = TypeAdapter(NanoBananaPro)


class Job(BaseModel):
    request: NanoBananaPro
    count: int = 1


def test_a_request_is_read_from_its_fields_and_written_as_them() -> None:
    fox = NanoBananaPro(prompt="A fox", resolution="4K")
    assert FOX.validate_python({"prompt": "A fox", "resolution": "4K"}) == fox
    assert FOX.validate_json('{"prompt": "A fox", "resolution": "4K"}') == fox
    assert FOX.validate_python(fox) is fox
    assert FOX.dump_python(fox) == fox.to_wire()["input"]
    assert FOX.validate_json(FOX.dump_json(fox)) == fox
    assert Job.model_validate({"request": {"prompt": "A fox", "resolution": "4K"}}).request == fox


def test_fields_are_named_as_on_the_wire_or_in_python() -> None:
    song = TypeAdapter(SunoGenerate)
    fields = {"prompt": "x", "instrumental": True, "model": "V5"}
    assert song.validate_python({**fields, "customMode": False}) == song.validate_python(
        {**fields, "custom_mode": False}
    )
    for name in ("customMode", "custom_mode"):
        with pytest.raises(ValidationError) as caught:
            song.validate_python({**fields, name: "maybe"})
        assert [error["loc"] for error in caught.value.errors()] == [(name,)]


def test_every_fault_is_an_error_at_its_place() -> None:
    wrong = {"request": {"prompt": "", "resolution": "8K", "image_input": ["https://a.b/c", "x"]}, "count": "y"}
    with pytest.raises(ValidationError) as caught:
        Job.model_validate(wrong)
    found = {error["loc"]: (error["type"], error["input"]) for error in caught.value.errors()}
    assert found == {
        ("request", "prompt"): ("minLength", ""),
        ("request", "resolution"): ("enum", "8K"),
        ("request", "image_input", 1): ("pattern", "x"),
        ("count",): ("int_parsing", "y"),
    }
    with pytest.raises(ValidationError) as missing:
        Job.model_validate({"request": {}})
    assert [(error["loc"], error["msg"]) for error in missing.value.errors()] == [
        (("request", "prompt"), "is required")
    ]
    with pytest.raises(ValidationError, match="an object with the fields of NanoBananaPro"):
        FOX.validate_python("A fox")


def test_a_text_is_never_a_path(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(b"GIF89a;")
    with pytest.raises(ValidationError, match="is not a URL"):
        FOX.validate_json(
            FOX.dump_json(NanoBananaPro(prompt="x")).replace(b'"x"', b'"x", "image_input": ["%b"]' % str(file).encode())
        )


def _keys(node: Any) -> set[str]:
    if isinstance(node, dict):
        return {*node, *(key for value in node.values() for key in _keys(value))}
    return {key for item in node for key in _keys(item)} if isinstance(node, list) else set()


@pytest.mark.parametrize("name", ["nano-banana-pro", "kling-3.0/video", "suno", "veo-3-1", "bytedance/seedance-2"])
def test_the_json_schema_is_that_of_the_model(name: str) -> None:
    model = catalog.resolve(name)
    schema = TypeAdapter(model.request_class).json_schema()
    assert set(schema["properties"]) == {field.name for field in model.fields}
    assert set(schema.get("required", [])) == {field.name for field in model.required_fields}
    assert not {key for key in _keys(schema) if key.startswith("x-kie")}
    assert schema["title"] == model.class_name
    jsonschema_rs.validator_for(schema)
    assert model.json_schema().get("x-kie"), "the packaged schema is left as it is"


def test_requests_of_no_one_model_are_taken_as_they_are() -> None:
    raw = RawRequest("acme/new", {"prompt": "x"})
    kinds: list[Any] = [Request, RawRequest]
    for kind in kinds:
        assert TypeAdapter(kind).validate_python(raw) is raw
        with pytest.raises(ValidationError):
            TypeAdapter(kind).validate_python({"prompt": "x"})
    video = Kling30Video(prompt="x", duration="5", mode="std")
    assert TypeAdapter(Request).validate_python(video) is video


def test_nobody_imports_pydantic_for_a_request() -> None:
    code = "import sys, kie.models; kie.models.NanoBananaPro(prompt='x'); print('pydantic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout == "False\n"
