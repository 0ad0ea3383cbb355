"""What the Models API answers, and bare OpenAPI documents, as input of `import` and `drift`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from codegen import live
from codegen.__main__ import main
from codegen.drift import compare
from codegen.pages import MOST_BYTES, listed_in, parse_data, read_folder, read_page
from codegen.source import CompileFailed
from kie import Kie, RateLimit
from kie.simulator import Simulator
from kie.testing import virtual_kie

INPUT = {"type": "object", "required": ["prompt"], "properties": {"prompt": {"type": "string", "maxLength": 9}}}
BODY: dict[str, Any] = {
    "type": "object",
    "required": ["model"],
    "properties": {"model": {"type": "string", "enum": ["acme/new"]}, "input": INPUT},
}


def document(body: dict[str, Any] = BODY, path: str = "/api/v1/jobs/createTask") -> dict[str, Any]:
    operation = {"summary": "Acme New", "requestBody": {"content": {"application/json": {"schema": body}}}}
    return {"openapi": "3.1.0", "info": {"title": "acme"}, "paths": {path: {"post": operation}}}


ANSWER = {"model": "acme/new", "openapi": document()}


@pytest.mark.parametrize("form", [ANSWER, {"code": 200, "msg": "success", "data": ANSWER}, document()])
@pytest.mark.parametrize("suffix", [".json", ".yaml"])
def test_an_answer_and_a_bare_document_are_read_alike(form: dict[str, Any], suffix: str) -> None:
    page = parse_data(json.dumps(form), f"new{suffix}")
    assert page.models == ("acme/new",)
    assert page.title == "Acme New"
    assert page.input["properties"]["prompt"] == {"type": "string", "maxLength": 9}
    assert page.faults == ()


def test_references_are_decoded() -> None:
    body = {**BODY, "properties": {**BODY["properties"], "input": {"$ref": "#/components/schemas/the%20input"}}}
    whole = {**document(body), "components": {"schemas": {"the input": INPUT}}}
    assert parse_data(json.dumps(whole), "x.json").input["required"] == ["prompt"]


def test_references_to_other_hosts_lead_nowhere() -> None:
    fields = {"prompt": {"$ref": "https://evil.example/schema.json#/a"}}
    body = {**BODY, "properties": {**BODY["properties"], "input": {"type": "object", "properties": fields}}}
    page = parse_data(json.dumps(document(body)), "x.json")
    assert any("names nothing in this page" in fault.message for fault in page.faults)


def test_an_answer_of_an_endpoint_of_its_own_is_no_model_of_the_market() -> None:
    body = {"type": "object", "properties": {"messages": {"type": "array", "items": {"type": "object"}}}}
    page = parse_data(json.dumps({"model": "chat", "openapi": document(body, "/chat/v1")}), "x.json")
    assert page.models == ()


NESTED = "[" * 501
BAD = {
    "null": (json.dumps({"model": "acme/new", "openapi": None}), "the vendor has no schema of 'acme/new'"),
    "no paths": (json.dumps({"model": "x", "openapi": {"openapi": "3.1.0"}}), "/paths: is not a mapping"),
    "no operation": (json.dumps({"openapi": "3.1.0", "paths": {}}), "no operation takes a request body"),
    "a list": ("[1]", "not a mapping"),
    "something else": ('{"a": 1}', "neither an OpenAPI document nor a capture"),
    "a login page": ("<!doctype html><html><body>Log in</body></html>", "is not JSON"),
    "nested too deeply": (NESTED, "nested too deeply"),
    "empty": ("", "is not JSON"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_document_is_refused_with_one_clear_fault(name: str) -> None:
    text, message = BAD[name]
    with pytest.raises(CompileFailed, match=message) as caught:
        parse_data(text, "x.json")
    assert len(caught.value.faults) == 1


@pytest.mark.parametrize("depth", [70, 499])
def test_depth_is_bounded_whatever_it_is_made_of(depth: int) -> None:
    node: Any = {"type": "string"}
    for _ in range(depth):
        node = {"type": "array", "items": node}
    body = {**BODY, "properties": {**BODY["properties"], "input": {"type": "object", "properties": {"deep": node}}}}
    with pytest.raises(CompileFailed, match=r"too large|too deeply"):
        parse_data(json.dumps(document(body)), "x.json")


def test_yaml_that_repeats_itself_without_end_is_refused() -> None:
    text = "openapi: 3.1.0\npaths: &a\n  x: *a\n"
    with pytest.raises(CompileFailed):
        parse_data(text, "x.yaml")


def test_a_huge_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(CompileFailed, match="is larger than"):
        read_page(path)


@pytest.fixture
def client() -> Kie:
    made, _, _ = virtual_kie(simulator=Simulator(limits=False), rate_limit=RateLimit.unlimited())
    return made


def test_the_catalogue_of_the_vendor_is_saved_and_a_second_run_goes_on(client: Kie, tmp_path: Path) -> None:
    said: list[str] = []
    live.fetch(tmp_path, said.append, client)
    listed = listed_in(tmp_path)
    assert listed is not None
    assert len(said) == len(listed) == len(list(tmp_path.glob("*.json"))) - 1
    (tmp_path / "kling_3_0_video.json").unlink()
    said.clear()
    live.fetch(tmp_path, said.append, client)
    assert said == ["1 of 1: kling-3.0/video"]
    pages, unreadable = read_folder(tmp_path)
    assert {page.models[0] for page in pages} == listed
    assert unreadable == []


def test_a_refusal_keeps_what_was_read_and_says_to_go_on(tmp_path: Path) -> None:
    faults = [{"on": "getModelSchema", "do": "envelope", "code": 401, "nth": 3}]
    client, _, _ = virtual_kie(simulator=Simulator(limits=False, faults=faults), rate_limit=RateLimit.unlimited())
    with pytest.raises(CompileFailed, match="run the command again to go on"):
        live.fetch(tmp_path, lambda _: None, client)
    assert len(list(tmp_path.glob("*.json"))) == 3
    assert list(tmp_path.glob("*.part")) == []


def test_without_a_key_nothing_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("KIE_API_KEY", raising=False)
    with pytest.raises(CompileFailed, match="KIE_API_KEY"):
        live.fetch(tmp_path, lambda _: None)


@pytest.mark.parametrize(
    ("listing", "expected"),
    [
        ({"models": [{"model": "a"}, {"model": "b", "taskType": ["Chat"]}, {"model": None}]}, {"a"}),
        ({"code": 200, "data": {"models": [{"model": " a "}]}}, {"a"}),
    ],
)
def test_a_list_is_read_as_the_service_sends_it_without_language_models(
    listing: dict[str, Any], expected: set[str], tmp_path: Path
) -> None:
    (tmp_path / "models.json").write_text(json.dumps(listing))
    assert listed_in(tmp_path) == expected


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"models": 3}', '{"models": ["a"]}', '{"data": null}'])
def test_a_list_that_is_none_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "models.json").write_text(text)
    with pytest.raises(CompileFailed, match="contains no list of models"):
        listed_in(tmp_path)


def test_models_of_the_list_are_new_and_those_that_it_lacks_are_gone(tmp_path: Path) -> None:
    drift = compare([], [], {"acme/new"})
    assert [str(found) for found in drift.differences] == ["acme/new#: ours absent, vendor documented"]


def test_what_is_new_is_drafted_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, drafts, truth = tmp_path / "vendor", tmp_path / "drafts", tmp_path / "truth"
    for path in (folder, truth / "models"):
        path.mkdir(parents=True)
    for name in ("kie.yaml", "lifecycles.yaml", "codes.yaml", "shared.yaml"):
        (truth / name).write_text("x: {}\n")
    (folder / "new.json").write_text(json.dumps(ANSWER))
    arguments = ["drift", str(folder), "--openapi", str(truth), "--drafts", str(drafts)]
    assert main(arguments) == 1
    assert "drafted" in capsys.readouterr().out
    assert "model: acme/new" in (drafts / "acme_new.yaml").read_text()
    assert main(arguments) == 1
    assert "is there already" in capsys.readouterr().out
