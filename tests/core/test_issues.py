"""What is said of an invalid request: in the names that the reader knows, and never in other words than he typed."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kie import Issue, Kie, RequestInvalid, catalog
from kie._core.issues import FieldName, marked
from kie._core.json import JSONObject
from kie._core.request import attribute_names, invalid
from kie.models import NanoBananaPro, VeoGenerate

WIRE_NAMES = sorted(attribute_names(VeoGenerate))


def refused(**fields: object) -> RequestInvalid:
    with pytest.raises(RequestInvalid) as caught:
        VeoGenerate(**fields)  # type: ignore[arg-type]
    return caught.value


def test_the_text_calls_fields_as_python_does_and_issues_as_the_wire_does() -> None:
    error = refused(prompt="a", generation_type="FIRST_AND_LAST_FRAMES_2_VIDEO")
    assert "\n  image_urls: needs one or two images when generation_type is FIRST_AND_LAST_FRAMES_2_VIDEO\n" in str(
        error
    )
    [issue] = error.issues
    assert issue.path == "imageUrls"
    assert issue.message == "needs one or two images when generationType is FIRST_AND_LAST_FRAMES_2_VIDEO"


def test_a_value_that_looks_like_a_name_of_the_wire_is_shown_as_it_was_typed() -> None:
    assert "imageUrls" in WIRE_NAMES
    assert '\n  model: "imageUrls too long" is not one of' in str(refused(prompt="a", model="imageUrls too long"))
    assert '\n  image_urls[0]: "imageUrls" is not a URL' in str(refused(prompt="a", image_urls=["imageUrls"]))
    assert '\n  prompt: must be text, not ["imageUrls"]' in str(refused(prompt=["imageUrls"]))


@pytest.mark.parametrize("typed", ["HTTPS://example.com/A.png", " https://example.com/A.png"])
def test_a_url_that_is_written_untidily_is_shown_as_it_has_to_be(typed: str) -> None:
    [issue] = refused(prompt="a", image_urls=[typed]).issues
    assert 'must be written "https://example.com/A.png"' in issue.message


@given(words=st.lists(st.sampled_from([*WIRE_NAMES, "too", "long"]), min_size=1, max_size=4))
def test_no_typed_word_is_ever_rewritten(words: list[str]) -> None:
    typed = " ".join(words)
    assert f'"{typed}" is not one of' in str(refused(prompt="a", model=typed))


def test_a_field_under_its_name_on_the_wire_is_not_taken_for_an_argument() -> None:
    error = refused(prompt="a", imageUrls=["https://example.com/a.png"])
    assert "\n  imageUrls: is not a field of this model; did you mean image_urls?\n" in str(error)
    [issue] = error.issues
    assert (issue.path, issue.rule) == ("imageUrls", "additionalProperties")


def test_a_body_of_the_wire_is_refused_in_the_names_of_the_wire() -> None:
    with pytest.raises(RequestInvalid) as caught:
        VeoGenerate.from_wire({"prompt": "a", "imageUrls": "x", "imageUrl": "y"})
    assert "\n  imageUrl: is not a field of this model; did you mean imageUrls?\n" in str(caught.value)
    assert "\n  imageUrls: must be a list" in str(caught.value)
    with pytest.raises(RequestInvalid, match="image_urls: is not a field of this model; did you mean imageUrls"):
        VeoGenerate.from_wire({"prompt": "a", "image_urls": ["https://example.com/a.png"]})


def test_a_key_beside_the_input_of_a_body_is_reported_where_it_belongs() -> None:
    body: JSONObject = {"model": "nano-banana-pro", "input": {"prompt": "a"}}
    with pytest.raises(RequestInvalid, match="resolution: is beside `input`, where the fields belong"):
        NanoBananaPro.from_wire({**body, "resolution": "4K"})
    with pytest.raises(RequestInvalid, match="callBackUrl: does not belong in a body; give a callback URL on"):
        NanoBananaPro.from_wire({**body, "callBackUrl": "https://example.com/hook"})


def test_a_fault_found_later_is_reported_in_the_names_of_the_class() -> None:
    request = VeoGenerate(prompt="a", image_urls=["https://example.com/imageUrls"])
    error = invalid(request, [Issue("imageUrls[0]", "media", "imageUrls.png is too large")])
    assert "\n  image_urls[0]: imageUrls.png is too large\n" in str(error)
    assert (error.model, error.captured) == ("veo", VeoGenerate.info.captured)


def test_fields_in_backticks_are_renamed_and_nothing_else() -> None:
    issue = Issue("lines[0].voiceId", "x", marked("`speed` must fit `lines.voiceId`, not voiceId"))
    assert issue.message == "speed must fit lines.voiceId, not voiceId"
    shown = issue.renamed({"speed": "--speed", "lines.voiceId": "voice_id", "lines": "--lines"})
    assert str(shown) == "--lines[0].voice_id: --speed must fit --lines.voice_id, not voiceId"
    assert str(issue) == "lines[0].voiceId: speed must fit lines.voiceId, not voiceId"


def test_an_issue_is_a_value() -> None:
    plain, parts = Issue("a", "x", "needs b", ("c",)), Issue("a", "x", ("needs ", FieldName("b")), ("c",))
    for issue in (plain, parts):
        assert pickle.loads(pickle.dumps(issue)) == issue
        assert issue.renamed({}) == issue
    assert plain.renamed({"b": "z"}) == plain
    assert pickle.loads(pickle.dumps(parts)).renamed({"b": "z"}).message == "needs z"


def test_every_rule_of_every_model_names_fields_that_exist() -> None:
    """The compiler checks it; here it is seen that each model's own names come out of its rules."""
    seen = 0
    for model in catalog.models(status="all"):
        names = {field.name: f"<{field.name}>" for field in model.fields}
        for rule in model.json_schema().get("allOf") or ():  # type: ignore[union-attr]
            parts = marked(rule["x-kie-message"])  # type: ignore[index,call-overload,arg-type]
            named = [part for part in parts if isinstance(part, FieldName)]
            seen += len(named)
            shown = Issue("", "x", parts).renamed(names).message
            assert all(names[name] in shown for name in named) and "`" not in shown
    assert seen > 80


def test_nested_fields_have_their_own_names() -> None:
    names = attribute_names(NanoBananaPro)
    assert names == {}
    assert attribute_names(VeoGenerate)["generationType"] == "generation_type"


def test_only_a_request_that_a_schema_checked_is_called_unchecked() -> None:
    with pytest.raises(RequestInvalid) as without_schema:
        Kie("key").upload(b"")
    assert "unchecked" not in str(without_schema.value)
    with pytest.raises(RequestInvalid, match="unchecked"):
        NanoBananaPro(prompt="")
