"""What Suno's requests refuse, field by field, and in which words; and the bounds at which they still accept."""

from __future__ import annotations

from typing import Any

import pytest

from kie import RequestInvalid, catalog
from kie.models import SunoExtend

URL = "https://example.com/a.mp3"
CUSTOM = {"customMode": True, "instrumental": False, "model": "V5", "prompt": "x", "style": "y", "title": "z"}
SIMPLE = {"customMode": False, "instrumental": True, "model": "V5", "prompt": "x"}
OWN = {
    "defaultParamFlag": True,
    "audioId": "a",
    "model": "V5",
    "prompt": "x",
    "style": "y",
    "title": "z",
    "continueAt": 1,
}
TEXTS = {"prompt": "", "tags": "x", "title": "x", "fullLyrics": "x"}
REPLACE = {"taskId": "t", "audioId": "a", **TEXTS, "infillStartS": 10.1, "infillEndS": 20.1}
PERSONA = {"taskId": "t", "audioId": "a", "name": "n", "description": "d", "vocalStart": 5, "vocalEnd": 15}
VOCALS = {"taskId": "t", "audioId": "a"}
V4_TITLE = "at most 80 characters with V4 and V4_5ALL"
REFUSED: list[tuple[str, dict[str, Any], dict[str, Any], str, str]] = [
    ("suno", CUSTOM, {"style": None}, "style", "is needed when customMode is true"),
    ("suno", CUSTOM, {"title": ""}, "title", "is needed when customMode is true"),
    ("suno", CUSTOM, {"prompt": None}, "prompt", "instrumental is false: it is the lyrics"),
    ("suno", CUSTOM, {"prompt": "x" * 3001, "model": "V4"}, "prompt", "at most 3000 characters with V4"),
    ("suno", CUSTOM, {"style": "x" * 201, "model": "V4"}, "style", "at most 200 characters with V4"),
    ("suno", CUSTOM, {"prompt": "x" * 5001}, "prompt", "at most 5000"),
    ("suno", CUSTOM, {"model": "V3_5"}, "model", "is not one of"),
    ("suno", SIMPLE, {"prompt": None}, "prompt", "is needed when customMode is false"),
    ("suno", SIMPLE, {"prompt": "x" * 3001}, "prompt", "at most 3000 characters when customMode is false"),
    ("suno/upload-cover", {**SIMPLE, "uploadUrl": URL}, {"prompt": "x" * 501}, "prompt", "at most 500 characters"),
    ("suno/upload-cover", {**CUSTOM, "uploadUrl": URL, "model": "V4_5ALL"}, {"title": "x" * 81}, "title", V4_TITLE),
    ("suno/mashup", {**CUSTOM, "uploadUrlList": [URL, URL]}, {"uploadUrlList": [URL]}, "uploadUrlList", "at least 2"),
    (
        "suno/mashup",
        {**CUSTOM, "uploadUrlList": [URL, URL]},
        {"uploadUrlList": [URL] * 3},
        "uploadUrlList",
        "at most 2",
    ),
    (
        "suno/mashup",
        {**CUSTOM, "uploadUrlList": [URL, URL]},
        {"prompt": None, "instrumental": None},
        "prompt",
        "lyrics",
    ),
    ("suno/extend", OWN, {"continueAt": None}, "continueAt", "is needed when defaultParamFlag is true"),
    ("suno/extend", OWN, {"continueAt": 0}, "continueAt", "more than 0"),
    ("suno/extend", OWN, {"prompt": None}, "prompt", "unless instrumental is true"),
    ("suno/extend", OWN, {"instrumental": True}, "prompt", "must be left out when instrumental is true"),
    ("suno/extend", OWN, {"title": "x" * 81, "model": "V4"}, "title", V4_TITLE),
    ("suno/replace-section", REPLACE, {"infillEndS": 20.09}, "infillEndS", "at least 10 seconds after infillStartS"),
    ("suno/replace-section", REPLACE, {"infillEndS": 20.123}, "infillEndS", "multiple of 0.01"),
    ("suno/replace-section", REPLACE, {"fullLyrics": None}, "fullLyrics", "is required"),
    ("suno/replace-section", REPLACE, {"uploadUrl": URL}, "", "nothing of the other pair"),
    ("suno/replace-section", REPLACE, {"audioId": None}, "", "either taskId and audioId, or uploadUrl and model"),
    ("suno/persona", PERSONA, {"vocalEnd": 14.99}, "vocalEnd", "10 to 30 seconds after vocalStart"),
    ("suno/persona", PERSONA, {"vocalEnd": 35.01}, "vocalEnd", "10 to 30 seconds after vocalStart"),
    ("suno/vocal-separation", VOCALS, {"stemName": "Kick"}, "type", "split_stem_advanced when stemName is given"),
    ("suno/vocal-separation", VOCALS, {"type": "split_stem_advanced"}, "stemName", "is needed when type is"),
    ("suno/vocal-separation", VOCALS, {"audioUrl": URL}, "", "audioUrl alone"),
    ("suno/sounds", {"prompt": "x", "model": "V5"}, {"prompt": "x" * 501}, "prompt", "at most 500"),
    ("suno/sounds", {"prompt": "x", "model": "V5"}, {"model": "V4"}, "model", "is not one of"),
    ("suno/lyrics", {"prompt": "x"}, {"prompt": "x" * 201}, "prompt", "at most 200"),
]
ACCEPTED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("suno", CUSTOM, {"prompt": None, "instrumental": True}),
    ("suno", CUSTOM, {"prompt": "é" * 5000, "style": "é" * 1000, "title": "é" * 80}),
    ("suno", CUSTOM, {"prompt": "x" * 3000, "style": "x" * 200, "model": "V4"}),
    ("suno", SIMPLE, {"prompt": "x" * 3000, "style": "", "title": ""}),
    ("suno/extend", OWN, {"prompt": None, "instrumental": True}),
    ("suno/extend", OWN, {"title": "x" * 100}),
    ("suno/replace-section", REPLACE, {}),
    ("suno/replace-section", REPLACE, {"taskId": None, "audioId": None, "uploadUrl": URL, "model": "V4"}),
    ("suno/persona", PERSONA, {"vocalEnd": 35}),
    ("suno/vocal-separation", VOCALS, {"type": "split_stem_advanced", "stemName": "808"}),
    ("suno/vocal-separation", {"audioUrl": URL}, {}),
]


def changed(body: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """A body with some fields replaced, or left out where the new value is None."""
    return {key: value for key, value in {**body, **change}.items() if value is not None}


@pytest.mark.parametrize(("model", "body", "change", "path", "words"), REFUSED)
def test_a_broken_rule_is_named_at_its_field_in_plain_words(
    model: str, body: dict[str, Any], change: dict[str, Any], path: str, words: str
) -> None:
    cls: Any = catalog.get(model).request_class
    cls.from_wire(body)
    with pytest.raises(RequestInvalid) as caught:
        cls.from_wire(changed(body, change))
    assert [issue for issue in caught.value.issues if issue.path == path and words in issue.message], caught.value


@pytest.mark.parametrize(("model", "body", "change"), ACCEPTED)
def test_what_is_just_within_the_rules_is_accepted(model: str, body: dict[str, Any], change: dict[str, Any]) -> None:
    cls: Any = catalog.get(model).request_class
    assert cls.from_wire(changed(body, change)).to_wire() == changed(body, change)


def test_the_text_of_an_error_names_fields_as_python_does_and_its_issues_as_the_wire_does() -> None:
    with pytest.raises(RequestInvalid) as caught:
        SunoExtend(audio_id="x", default_param_flag=True, model="V4")
    assert "\n  continue_at: is needed when default_param_flag is true\n" in str(caught.value)
    assert "continueAt" in {issue.path for issue in caught.value.issues}
    with pytest.raises(RequestInvalid, match="continueAt: is needed when defaultParamFlag is true"):
        SunoExtend.from_wire({"audioId": "x", "defaultParamFlag": True, "model": "V4"})
