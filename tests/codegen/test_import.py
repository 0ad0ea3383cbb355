"""Import: a page of the vendor's documentation becomes a draft. All pages here are in our own words."""

from __future__ import annotations

import copy
import json
import os
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from codegen.__main__ import main
from codegen.compiler import compile_tree
from codegen.draft import draft
from codegen.pages import Page, parse_data, parse_page
from codegen.source import CompileFailed, class_name
from tests.codegen.conftest import Truth

PAGES = Path(__file__).parent / "pages"
PATH = "/api/v1/jobs/createTask"


def written(fields: Any, *, example: Any = None, path: str = PATH, **more: Any) -> str:
    """A page about `acme/tiny-2` with some input fields, as Markdown."""
    schema = {
        "type": "object",
        "properties": {
            "model": {"type": "string", "enum": ["acme/tiny-2"]},
            "input": {"type": "object", "properties": fields, **more},
        },
    }
    content: dict[str, Any] = {"schema": schema, **({"example": example} if example is not None else {})}
    operation = {
        "requestBody": {"content": {"application/json": content}},
        "tags": ["docs/en/Market/Image Models/Acme"],
    }
    document = {"openapi": "3.0.1", "paths": {path: {"post": operation}}}
    return f"# Tiny\n\n```yaml\n{yaml.safe_dump(document, sort_keys=False)}```\n"


def read(text: str) -> Page:
    return parse_page(text, "page.md")


def drafted(text: str) -> tuple[dict[str, Any], list[str]]:
    """The draft of a page as data, and what could not be read."""
    made = draft(read(text))
    return yaml.safe_load(made.text), [str(fault) for fault in made.faults]


def field(definition: Any, name: str = "thing") -> tuple[dict[str, Any], list[str]]:
    document, faults = drafted(written({name: definition}))
    return {key: value for key, value in document["properties"][name].items() if key != "description"}, faults


def test_a_careless_page_becomes_the_draft_that_was_looked_at(capsys: pytest.CaptureFixture[str]) -> None:
    """`KIE_UPDATE_GOLDEN=1` writes it anew; read the difference before you commit it."""
    assert main(["import", str(PAGES / "odd.md")]) == 1
    printed = capsys.readouterr()
    for suffix, text in ((".yaml", printed.out), (".txt", printed.err)):
        golden = PAGES / f"odd{suffix}"
        if os.environ.get("KIE_UPDATE_GOLDEN"):
            golden.write_text(text, "utf-8")
        assert text == golden.read_text("utf-8")


def test_a_draft_holds_no_sentence_of_its_page() -> None:
    text = draft(read((PAGES / "odd.md").read_text("utf-8"))).text
    for sentence in ("a long look over the bay", "Links to frames", "cdn.example.org", "leave it open"):
        assert sentence not in text


AT = "page.md#/properties/input/properties/thing"
ITSELF = (
    "#/paths/~1api~1v1~1jobs~1createTask/post/requestBody/content/application~1json/schema"
    "/properties/input/properties/thing"
)
FIELDS: dict[str, tuple[Any, dict[str, Any], str | None]] = {
    "a URL typed object": (
        {"type": "object", "format": "uri"},
        {"$ref": "../../shared.yaml#/$defs/media_url"},
        None,
    ),
    "a bound that only the text has": (
        {"type": "string", "description": "Max length: 5,000 characters"},
        {"type": "string", "maxLength": 5000},
        None,
    ),
    "a text that contradicts the schema": (
        {"type": "integer", "maximum": 5, "description": "Range: 1-9."},
        {"type": "integer", "maximum": 5, "minimum": 1},
        f"{AT}/maximum: is 5 in the schema and 9 in the text; the schema was read",
    ),
    "figures that bound nothing": (
        {"type": "string", "description": "As on page 12."},
        {"type": "string"},
        f"{AT}: figures and names in the text that were not read: 12",
    ),
    "no type": ({"enum": ["a", "b"]}, {"type": "string", "enum": ["a", "b"]}, None),
    "a type that is none": (
        {"type": "colour"},
        {},
        f"{AT}/type: 'colour' is not a type",
    ),
    "a nullable type": ({"type": ["null", "boolean"]}, {"type": "boolean"}, None),
    "several types": (
        {"oneOf": [{"type": "integer"}, {"type": "string"}]},
        {"anyOf": [{"type": "integer"}, {"type": "string"}]},
        None,
    ),
    "allOf of nonsense": (
        {"type": "string", "allOf": [{"type": "integer"}, None]},
        {"type": "string"},
        f"{AT}/allOf: does not fit the field; what does not was left out",
    ),
    "numbers among texts": (
        {"type": "string", "enum": [5, "ten"]},
        {"type": "string", "enum": ["5", "ten"]},
        f"{AT}/enum: holds values that are not text; they were read as text",
    ),
    "values in the tool's own key": (
        {"type": "string", "x-apidog-enum": [{"value": "a", "name": ""}, {"value": "b"}]},
        {"type": "string", "enum": ["a", "b"]},
        None,
    ),
    "a bound that is text": ({"type": "string", "maxLength": "80"}, {"type": "string", "maxLength": 80}, None),
    "a bound that is none": (
        {"type": "string", "maxLength": "many"},
        {"type": "string"},
        f"{AT}/maxLength: is not a bound that can be read",
    ),
    "a bound of another type": (
        {"type": "boolean", "maxLength": 3},
        {"type": "boolean"},
        f"{AT}/maxLength: does not belong to a field of type boolean; it was left out",
    ),
    "an exclusive bound of old": (
        {"type": "number", "minimum": 0, "exclusiveMinimum": True},
        {"type": "number", "exclusiveMinimum": 0},
        None,
    ),
    "a default of another type": (
        {"type": "boolean", "default": "yes"},
        {"type": "boolean"},
        f"{AT}/default: 'yes' is not of type boolean; it was left out",
    ),
    "a pattern that is none": (
        {"type": "string", "pattern": "("},
        {"type": "string"},
        f"{AT}/pattern: is not a regular expression that can be checked; it was left out",
    ),
    "an array of nothing": (
        {"type": "array"},
        {"type": "array"},
        f"{AT}/items: does not say what the items are",
    ),
    "no mapping": (
        "text",
        {},
        f"{AT}: is not a mapping",
    ),
    "a reference to itself": ({"$ref": ITSELF}, {}, f"{AT}/$ref: {ITSELF} leads back to itself"),
}


@pytest.mark.parametrize("name", FIELDS)
def test_an_odd_field_is_drafted_as_far_as_it_can_be_read(name: str) -> None:
    definition, expected, fault = FIELDS[name]
    node, faults = field(definition)
    assert node == expected
    if fault is None:
        assert faults == []
    else:
        assert fault in faults


def test_what_the_draft_changes_becomes_a_note_without_a_reason() -> None:
    document, _ = drafted(
        written(
            {
                "size ": {"type": "string", "default": "a"},
                "image_url": {"type": "object"},
                "tags": {"type": "array", "default": [], "items": {"type": "string"}},
            },
            required=["size "],
        )
    )
    assert document["required"] == []
    assert document["x-kie"]["curation"] == [
        {"at": "/properties/size", "vendor": "the name is written 'size '", "why": None},
        {"at": "/properties/image_url/type", "vendor": "object", "why": None},
        {"at": "/properties/tags/default", "vendor": [], "why": None},
        {"at": "/required", "vendor": "also size", "why": None},
    ]


def test_anchors_are_followed_and_sixty_to_nine_is_no_number() -> None:
    inline = """# P
```yaml
paths:
  /api/v1/jobs/createTask:
    post:
      requestBody:
        content:
          application/json:
            schema:
              properties:
                model: {enum: [acme/tiny-2]}
                input:
                  type: object
                  properties:
                    a: &ratio {type: string, enum: [16:9, off, no], default: 16:9}
                    b: *ratio
                    c: {<<: *ratio, default: off}
```
"""
    document, faults = drafted(inline)
    assert faults == []
    assert document["properties"]["b"]["enum"] == ["16:9", "off", "no"]
    assert document["properties"]["c"]["default"] == "off"


def test_the_models_id_is_the_one_that_fits_the_page_and_others_are_reported() -> None:
    wrong = written({"a": {"type": "string"}}, example={"model": "acme/tiny-3", "input": {"a": "x"}})
    document, faults = drafted(wrong)
    assert document["x-kie"]["model"] == "acme/tiny-2"
    assert document["x-kie"]["examples"] == []
    assert faults == ["page.md#/properties/model: an example is for the model 'acme/tiny-3'; 'acme/tiny-2' was read"]
    document, faults = drafted(wrong.replace("# Tiny", "# Acme Tiny-3"))
    assert document["x-kie"]["model"] == "acme/tiny-3"
    assert faults == ["page.md#/properties/model: names the model 'acme/tiny-2', too; 'acme/tiny-3' was read"]


def test_several_examples_are_kept_without_their_words_and_links() -> None:
    bodies = [
        {"model": "acme/tiny-2", "input": {"text": words, "image_url": "https://cdn.example.org/x.JPG"}}
        for words in ("a b", "c d", "e")
    ]
    text = written({"text": {"type": "string"}, "image_url": {"type": "string"}}, example=bodies[0])
    text += "".join(f"\n```json\n{json.dumps(body)}\n```\n" for body in bodies[1:])
    document, faults = drafted(text)
    assert faults == []
    assert document["x-kie"]["examples"] == [
        {"text": "Text for text", "image_url": "https://example.com/image-url.jpg"},
        {"text": "e", "image_url": "https://example.com/image-url.jpg"},
    ]


def test_limits_of_media_are_read_from_the_text() -> None:
    document, faults = drafted(
        written(
            {
                "clips": {
                    "type": "array",
                    "items": {"type": "string", "format": "uri"},
                    "description": (
                        "Up to 3 videos (Accepted types: video/mp4, video/quicktime; Max size: 10.0MB). "
                        "Duration: [2, 15] s, total duration of all videos not exceeding 30 s."
                    ),
                }
            }
        )
    )
    assert faults == []
    assert document["properties"]["clips"]["maxItems"] == 3
    assert document["x-kie"]["media"]["clips"] == {
        "kind": "video",
        "formats": ["mp4", "mov"],
        "max_bytes": 10485760,
        "max_seconds": 15,
        "max_total_seconds": 30,
        "min_seconds": 2,
    }


def test_alternatives_become_a_rule_without_words() -> None:
    document, _ = drafted(
        written({"a": {"type": "string"}, "b": {"type": "string"}}, anyOf=[{"required": ["a"]}, {"required": ["b"]}])
    )
    assert document["allOf"] == [{"anyOf": [{"required": ["a"]}, {"required": ["b"]}], "x-kie-message": None}]


def test_an_endpoint_of_its_own_is_drafted_from_its_body() -> None:
    text = (
        written({"a": {"type": "string"}}, path="/api/v1/songs/generate")
        .replace("acme/tiny-2", "V5")
        .replace("input:", "callBackUrl:")
    )
    document, _ = drafted(text)
    assert document["$id"] == "kie:models/songs/generate"
    assert document["title"] == "SongsGenerate"
    assert list(document["properties"]) == ["model"]
    assert "model" not in document["x-kie"]
    assert document["x-kie"]["lifecycle"] is None


def test_a_capture_is_drafted_with_its_source() -> None:
    capture = {
        "model": "acme/tiny-2",
        "source_page": "docs.example.org/tiny.md",
        "captured": "2026-01-02",
        "request_schema": {"properties": {"input": {"type": "object", "properties": {"a": {"type": "string"}}}}},
    }
    document = yaml.safe_load(draft(parse_data(yaml.safe_dump(capture), "tiny.yaml")).text)
    assert document["x-kie"]["sources"] == [{"page": "docs.example.org/tiny.md", "captured": "2026-01-02"}]


UNREADABLE: dict[str, tuple[str, str]] = {
    "no block": ("# Only words\n", "page.md#: holds no OpenAPI block that describes a request"),
    "broken YAML": ("```yaml\npaths: [\n```\n", "page.md#/line 1: is not YAML: "),
    "no operation": ("```yaml\npaths: {/x: {get: {}}}\n```\n", "page.md#/paths: no operation takes a request body"),
    "no schema": (
        "```yaml\npaths: {/x: {post: {requestBody: {content: {application/json: {}}}}}}\n```\n",
        "page.md#: there is no schema of the request",
    ),
    "anchors without end": (
        "```yaml\npaths: &a {/x: *a}\n```\n",
        "page.md#: is too large or refers to itself",
    ),
    "anchors that multiply": (
        "```yaml\n"
        + "a0: &a0 [x, x]\n"
        + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))
        + "paths: {}\n```\n",
        "page.md#: is too large or refers to itself",
    ),
    "no model id": (
        written({}).replace("acme/tiny-2", "''"),
        "page.md#/properties/model: names no model id",
    ),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_page_without_a_request_is_refused_with_the_place(name: str) -> None:
    text, message = UNREADABLE[name]
    with pytest.raises(CompileFailed) as failure:
        read(text)
    assert any(str(fault).startswith(message) for fault in failure.value.faults), failure.value


def test_a_draft_goes_where_it_is_told_and_overwrites_nothing(
    truth: Truth, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    openapi = truth.write()
    page = tmp_path / "page.md"
    page.write_text(written({"a": {"type": "string"}}))
    into = openapi / "models" / "acme"
    arguments = ["import", str(page), "--into", str(into), "--openapi", str(openapi)]
    assert main(arguments) == 0
    target = into / "tiny-2.yaml"
    before = target.read_text("utf-8")
    assert main(arguments) == 2
    assert f"{target}#: exists and is never overwritten; draft to stdout" in capsys.readouterr().err
    assert target.read_text("utf-8") == before
    assert main([*arguments[:3], str(into / "other.yaml"), *arguments[4:]]) == 2
    assert "describes acme/tiny-2 already" in capsys.readouterr().err
    assert not (into / "other.yaml").exists()


def test_a_page_that_cannot_be_read_gives_exit_status_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", str(tmp_path / "none.md")]) == 2
    assert "none.md#: cannot be read" in capsys.readouterr().err
    (tmp_path / "latin.md").write_bytes(b"\xff\xfe")
    assert main(["import", str(tmp_path / "latin.md")]) == 2
    assert "latin.md#: is not UTF-8 text at byte 0" in capsys.readouterr().err


def completed(document: dict[str, Any], lifecycle: str = "jobs") -> dict[str, Any]:
    """A draft with its empty places filled in, as an author would."""
    facts = document["x-kie"]
    facts["lifecycle"] = facts["lifecycle"] or lifecycle
    facts["result"] = facts["result"] or "image"
    facts["provider"] = facts["provider"] or "Acme"
    facts["categories"] = facts["categories"] or ["text-to-image"]
    facts["sources"][0]["captured"] = "2026-01-02"

    def fill(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: "Written." if value is None else fill(value) for key, value in node.items()}
        return [fill(item) for item in node] if isinstance(node, list) else node

    filled: dict[str, Any] = fill(document)
    return filled


def test_a_draft_compiles_as_soon_as_its_empty_places_are_written_and_not_before(truth: Truth) -> None:
    document, faults = drafted(
        written(
            {
                "prompt": {"type": "string", "description": "Max length: 80 characters"},
                "image_urls": {"type": "array", "items": {"type": "string", "format": "uri"}},
                "parts": {
                    "type": "array",
                    "items": {"type": "object", "properties": {"size": {"type": "string", "enum": ["16:9"]}}},
                },
            },
            example={"model": "acme/tiny-2", "input": {"prompt": "a b", "parts": [{"size": "16:9"}]}},
            anyOf=[{"required": ["prompt"]}, {"required": ["image_urls"]}],
        )
    )
    assert faults == []
    shared = copy.deepcopy(truth.shared)
    shared["$defs"]["media_url"] = shared["$defs"]["url"]
    truth.shared = shared
    truth.models["acme/tiny2.yaml"] = document
    with pytest.raises(CompileFailed) as failure:
        compile_tree(truth.write())
    missing = {str(fault).partition("tiny2.yaml#")[2] for fault in failure.value.faults}
    assert {
        ": description is missing",
        "/properties/prompt: has no description",
        "/properties/image_urls: has no description",
        "/properties/parts/items/properties/size: has no description",
        "/allOf/0: a cross-field rule needs x-kie-message",
        "/x-kie: categories is missing",
        "/x-kie/sources/0: captured is missing",
    } <= missing
    truth.models["acme/tiny2.yaml"] = completed(document)
    folder = truth.write()
    assert main(["counterexamples", "--openapi", str(folder)]) == 0
    assert "kie_models/acme_tiny_2.py" in compile_tree(folder)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("kling-3.0/video", "Kling30Video"),
        ("wan/2-7-r2v", "Wan27R2v"),
        ("nano-banana-pro", "NanoBananaPro"),
        ("4o", "Model4o"),
    ],
)
def test_class_names_follow_the_pattern(name: str, expected: str) -> None:
    assert class_name(name) == expected


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)
WORDS = """
    type enum default minimum maxLength minItems required properties items allOf anyOf oneOf $ref description format
    pattern const x-apidog-refs x-apidog-enum image_url examples
"""
KEYS = st.sampled_from([*WORDS.split(), "prompt "])
NODES = st.recursive(
    SCALARS
    | st.sampled_from(["string", "array", "object", "uri", "#/paths", "max 5 images", "duration [2, 15] s, 30 MB"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)


@given(fields=NODES, example=NODES, more=st.dictionaries(KEYS, NODES, max_size=3))
def test_no_schema_however_mangled_crashes_the_importer(fields: Any, example: Any, more: dict[str, Any]) -> None:
    text = written(
        fields,
        example={"model": "acme/tiny-2", "input": example},
        **{k: v for k, v in more.items() if k not in ("type", "properties")},
    )
    try:
        made = draft(read(text))
    except CompileFailed:
        return
    assert isinstance(yaml.safe_load(made.text), dict)


@given(data=st.data())
def test_no_page_however_mangled_crashes_the_importer(data: st.DataObject) -> None:
    text = (PAGES / "odd.md").read_text("utf-8")
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(text)))
        until = min(len(text), at + data.draw(st.integers(0, 40)))
        piece = data.draw(
            st.text(max_size=8) | st.sampled_from(["```", "- ", ": ", "&a ", "*a", "\t", "\n", "{", "]", "|", "!!set "])
        )
        text = text[:at] + piece + text[until:]
    try:
        made = draft(read(text))
    except CompileFailed as failure:
        assert failure.faults
        return
    assert isinstance(yaml.safe_load(made.text), dict)
