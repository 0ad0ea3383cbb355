"""A description that states a bound by hand is refused: it repeats the schema, contradicts it, or stands alone."""

from __future__ import annotations

from typing import Any

import pytest

from codegen.compiler import compile_tree
from codegen.source import CompileFailed, ModelSource
from codegen.statements import check_statements, said
from tests.codegen.conftest import Truth

TEXT: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": 5000}
NUMBER: dict[str, Any] = {"type": "integer", "minimum": 4, "maximum": 15, "multipleOf": 1}
LIST: dict[str, Any] = {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "string"}}
URL: dict[str, Any] = {"type": "string"}
IMAGE: dict[str, Any] = {
    "kind": "image",
    "formats": ["jpeg", "png"],
    "max_bytes": 10485760,
    "min_side": 300,
    "max_pixels": 16000000,
    "min_ratio": 0.4,
    "max_ratio": 2.5,
}
VIDEO: dict[str, Any] = {"kind": "video", "formats": ["mp4"], "min_seconds": 2, "max_seconds": 300, "max_fps": 60}
AUDIO: dict[str, Any] = {"kind": "audio", "formats": ["mp3", "wav"]}

REFUSED: dict[str, tuple[dict[str, Any], dict[str, Any], str, str]] = {
    "a length": (
        TEXT,
        {},
        "What to draw, in at most 5,000 characters.",
        "'at most 5,000 characters' repeats minLength 1, maxLength 5,000",
    ),
    "another length": (
        TEXT,
        {},
        "Up to 4000 characters.",
        "'Up to 4000 characters' contradicts minLength 1, maxLength",
    ),
    "a length of nothing": (
        {"type": "string"},
        {},
        "Has 3 to 40 characters.",
        "'3 to 40 characters' states a bound that the schema does not have (minLength or maxLength)",
    ),
    "a range": (NUMBER, {}, "Length of the video, 4 to 15 seconds.", "'4 to 15' repeats minimum 4, maximum 15"),
    "another range": (NUMBER, {}, "From 3 to 15.", "'3 to 15' contradicts minimum 4, maximum 15"),
    "a range in backticks": (NUMBER, {}, "From `4` to `15`.", "'4 to 15' repeats minimum 4"),
    "a limit in words": (NUMBER, {}, "At most fifteen.", "'At most fifteen' repeats"),
    "a range of nothing": (
        {"type": "number"},
        {},
        "0 or more.",
        "'0 or more' states a bound that the schema does not have",
    ),
    "a bare bound": (NUMBER, {}, "Loose at 4.", "'4' repeats minimum 4"),
    "a bare figure": (NUMBER, {}, "Best is 8.", "'8': a number here is a bound, which the schema states, or a value"),
    "a step": ({"type": "integer", "multipleOf": 5}, {}, "In steps of 5.", "'steps of 5' repeats multipleOf 5"),
    "a number of items": (LIST, {}, "Images, at most three.", "'at most three' repeats minItems 1, maxItems 3"),
    "a range of items": (LIST, {}, "Images, one to three.", "'one to three' repeats"),
    "another number of items": (LIST, {}, "Takes up to 4 images.", "'up to 4' contradicts minItems 1, maxItems 3"),
    "an open number of items": (LIST, {}, "1 or more each.", "'1 or more' repeats minItems 1"),
    "a counted thing": (LIST, {}, "The three images.", "'three images' repeats"),
    "a number of items of nothing": (
        {"type": "array", "items": {}},
        {},
        "At most two.",
        "'At most two' states a bound that the schema does not have (minItems or maxItems)",
    ),
    "one item": ({**LIST, "maxItems": 1}, {}, "An image, exactly one.", "'exactly one' repeats minItems 1, maxItems 1"),
    "a weight": (URL, IMAGE, "At most 10 MB.", "'At most 10 MB' repeats max_bytes 10,485,760"),
    "another weight": (URL, IMAGE, "At most 30 MB.", "'At most 30 MB' contradicts max_bytes 10,485,760"),
    "a weight of nothing": (URL, AUDIO, "Up to 5 MB.", "'Up to 5 MB' states a bound that the schema does not have"),
    "a side": (URL, IMAGE, "At least 300 px per side.", "'At least 300 px' repeats min_side 300"),
    "an area": (
        URL,
        IMAGE,
        "At most 16 million pixels.",
        "'At most 16 million pixels' repeats min_side 300, max_pixels",
    ),
    "a ratio": (URL, IMAGE, "Width to height 0.4 to 2.5.", "'Width to height 0.4 to 2.5' repeats min_ratio 0.4"),
    "another ratio": (URL, IMAGE, "Width to height 0.4 to 3.", "contradicts min_ratio 0.4, max_ratio 2.5"),
    "seconds": (URL, VIDEO, "It lasts 2 to 300 seconds.", "'2 to 300 seconds' repeats min_seconds 2, max_seconds 300"),
    "minutes": (URL, VIDEO, "Up to 5 minutes.", "'Up to 5 minutes' repeats min_seconds 2, max_seconds 300"),
    "other seconds": (URL, VIDEO, "Up to 10 seconds.", "'Up to 10 seconds' contradicts min_seconds 2"),
    "a frame rate": (URL, VIDEO, "At most 60 frames per second.", "repeats max_fps 60"),
    "formats": (URL, IMAGE, "A JPEG or PNG.", "JPEG, PNG repeats x-kie.media.formats"),
    "another spelling": (URL, IMAGE, "A JPG.", "JPG repeats x-kie.media.formats"),
    "another format": (URL, AUDIO, "An MP3, WAV or WMA.", "WMA contradicts x-kie.media.formats mp3, wav"),
    "a format of nothing": (URL, {"kind": "video"}, "As WebM.", "WebM states formats that x-kie.media does not have"),
    "a value of a list": (
        {"type": "string", "enum": ["720p", "1080p"]},
        {},
        "Size, 720p is faster.",
        "'720p' is a value of enum: leave it out, or explain it in backticks",
    ),
    "a size without its letter": (
        {"type": "string", "enum": ["720", "1080"]},
        {},
        "Size, 720p or 1080p.",
        "'720p' is a value of enum",
    ),
    "a whole list": ({"type": "string", "enum": ["a", "b"]}, {}, "Either `a` or `b`.", "'`a` or `b`' repeats enum"),
    "values with a unit": (
        {"type": "string", "enum": ["5", "10"]},
        {},
        "Lasts `5` or `10` seconds.",
        "'5 or 10 seconds' repeats enum 5, 10",
    ),
    "a default": ({**NUMBER, "default": 5}, {}, "Picked at random if absent.", "'if absent': a default is worded"),
    "a named default": ({**NUMBER, "default": 5}, {}, "The default is `5`.", "'default': a default is worded"),
    "an empty text": (TEXT, {}, "May be empty.", "'May be empty' contradicts minLength 1"),
    "an empty list": (LIST, {}, "The list may be empty.", "'may be empty' contradicts minItems 1"),
}


SPELT: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (TEXT, {}, "Up to 5 000 characters.|At most 5k characters.|Up to 5000 chars.|A 5,000-character text."),
    (TEXT, {}, "1-5000 characters.|Five thousand characters at most.|1—5000 letters.|Length 5000."),
    (TEXT, {}, "Maximum length: 5000.|Not longer than 5000.|At most 800 words.|Maximum length is 5000."),
    (TEXT, {}, "Character limit: 5000.|Up to 2.5k characters.|Limited to 5000 symbols.|Keep it under 5000."),
    (NUMBER, {}, "Not above fifteen.|Below twenty.|Fifteen at the most.|Fifteen seconds or less.|In steps of five."),
    (NUMBER, {}, "Ten seconds at most.|Between four and fifteen.|Fifteen is the most.|Not over fifteen.|4-15."),
    (NUMBER, {}, "Four seconds.|Max. fifteen.|Limited to fifteen.|Up to a quarter of a minute."),
    (LIST, {}, "Takes two.|A couple of images.|A pair of pictures.|1-3 images.|Max. 3.|Three at the most."),
    (LIST, {}, "Images (3 max).|No more than a dozen.|Between one and three.|Limited to three.|≤3.|Not above 3."),
    (LIST, {}, "No more than half a dozen.|One or several, three in total.|Three in all."),
    (LIST, {}, "Images; five are allowed.|Minimum 1.|Three images or fewer."),
    (URL, IMAGE, "10MB.|At most 10 megabytes.|10 MiB.|Ten megabytes.|300x300.|At least 300 by 300.|16 MP."),
    (URL, IMAGE, "16 megapixels.|Ratio between 0.4 and 2.5.|2:5 to 5:2.|Up to 2.5:1.|Three hundred px."),
    (URL, IMAGE, "Up to 10 megs.|As webp.|A gif.|heic works, too."),
    (URL, VIDEO, "30s.|30 sec.|2-300 seconds.|Half a minute.|Up to an hour.|A 5-minute video.|A five-minute video."),
    (URL, VIDEO, "Up to 5:00 long.|Between 0:02 and 5:00.|No longer than a quarter of an hour."),
    (URL, VIDEO, "60 Hz.|Sixty frames a second.|25 frames/second.|300,000 milliseconds.|As mov.|MPEG."),
    (URL, IMAGE, "Takes `.png`.|As `PNG` or `jpg`."),
    (URL, AUDIO, "As ogg.|m4a, too.|A wma.|MPEG."),
]
"""Figures, spans, units and formats in other spellings."""


@pytest.mark.parametrize(("field", "media", "texts"), SPELT)
def test_a_bound_is_refused_however_it_is_spelt(field: dict[str, Any], media: dict[str, Any], texts: str) -> None:
    assert [text for text in texts.split("|") if not list(said({**field, "description": text}, media))] == []


@pytest.mark.parametrize(
    ("field", "media", "text", "message"),
    [
        (TEXT, {}, "1-5000 characters.", "'1–5000 characters' repeats minLength 1, maxLength 5,000"),
        (TEXT, {}, "Five thousand characters.", "'Five thousand characters' repeats minLength 1, maxLength 5,000"),
        (LIST, {}, "At most a dozen.", "'At most twelve' contradicts minItems 1, maxItems 3"),
        (URL, IMAGE, "16 MP.", "'16 MP' repeats min_side 300, max_pixels 16,000,000"),
        (URL, IMAGE, "Ten megabytes.", "'Ten megabytes' repeats max_bytes 10,485,760"),
        (URL, IMAGE, "2:5 to 5:2.", "'2:5 to 5:2' repeats min_ratio 0.4, max_ratio 2.5"),
        (URL, VIDEO, "2000 ms to 5 minutes.", "'2000 ms' repeats min_seconds 2, max_seconds 300"),
        (URL, VIDEO, "A five-minute video.", "'five minute' repeats min_seconds 2, max_seconds 300"),
        (TEXT, {}, "Up to 2.5k characters.", "'Up to 2,500 characters' contradicts minLength 1, maxLength 5,000"),
        (URL, VIDEO, "At most 5:00 long.", "'At most 5 minutes' repeats min_seconds 2, max_seconds 300"),
        (URL, VIDEO, "Half a minute.", "'30 seconds' contradicts min_seconds 2, max_seconds 300"),
    ],
)
def test_a_figure_is_worth_the_same_in_every_spelling(
    field: dict[str, Any], media: dict[str, Any], text: str, message: str
) -> None:
    assert message in "\n".join(said({**field, "description": text}, media))


@pytest.mark.parametrize("name", REFUSED)
def test_a_bound_stated_by_hand_is_refused(name: str) -> None:
    field, media, text, message = REFUSED[name]
    assert message in "\n".join(said({**field, "description": text}, media))


ALLOWED: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "names with numbers": (TEXT, {}, "Made by Veo 3.1 or `V4_5`, in ISO 639-1; see HTTP 422 of 2026-06-30."),
    "shapes and sizes": (TEXT, {}, "A 16:9 picture in 4K, 1080p or 4096 × 3072."),
    "a length that is no bound": (TEXT, {}, "Each `@element` counts as 37 characters."),
    "a value with a meaning": (NUMBER, {}, "`-1` lets the model choose, `0` keeps all; only in 720p at 16:9."),
    "a word for one": (NUMBER, {}, "The service picks one. Which of the four images."),
    "what counts for several": (LIST, {}, "A video counts like two images, each of the others counts as one."),
    "a word for the strongest": (NUMBER, {}, "`0` is the strictest, `1` most steady."),
    "words and a code of letters": (TEXT, {}, "The style in a few clear words, or as ISO 639-1, not one by one."),
    "a second image": (URL, VIDEO, "A second image is made of it."),
    "one of something": (LIST, {}, "One entry per image; a single one is safe. Eight work best."),
    "items of another kind": (LIST, {}, "Only the first counts, at 10 percent."),
    "codecs": (URL, VIDEO, "Encoded as H.264 with sound as AAC or MP3, at 30 Mbit/s, best in 720p."),
    "formats where there are no media": ({"type": "string", "enum": ["png", "jpeg"]}, {}, "Layers are always PNG."),
    "seconds of an image": (URL, IMAGE, "It is shown for 3 seconds."),
    "what a value does": ({"type": "string", "enum": ["V4", "V5"]}, {}, "`V4` makes songs of up to 4 minutes."),
    "some values of a list": ({"type": "string", "enum": ["a", "b", "c"]}, {}, "References need `a` or `b`."),
    "a default of the service": (NUMBER, {}, "The service takes `5` if absent."),
    "an address": (URL, IMAGE, "See https://example.com/10mb/a.png or `https://example.com/<id>.jpg`."),
    "what a value limits": (
        {"type": "string", "enum": ["a", "b"]},
        {},
        "`a` is for at most 10 seconds, `b` for at most 30.",
    ),
    "an empty text": ({"type": "string", "maxLength": 9}, {}, "May be empty."),
}


@pytest.mark.parametrize("name", ALLOWED)
def test_a_figure_that_is_no_bound_is_left_alone(name: str) -> None:
    field, media, text = ALLOWED[name]
    assert list(said({**field, "description": text}, media)) == []


def _messages(truth: Truth) -> str:
    with pytest.raises(CompileFailed) as caught:
        compile_tree(truth.write())
    return str(caught.value)


def test_all_statements_are_listed_with_file_and_pointer(truth: Truth) -> None:
    fields = truth.model["properties"]
    fields["prompt"]["description"] = "What to make, in at most 90 characters."
    fields["count"]["description"] = "How many, 1 to 4."
    fields["images"]["description"] = "Where from, at most two, as PNG."
    fields["scenes"]["items"]["properties"]["still"]["description"] = "What is seen, up to 3 MB."
    messages = _messages(truth)
    at = "models/acme/tiny.yaml#/properties"
    assert f"{at}/prompt/description: 'at most 90 characters' contradicts minLength 1, maxLength 100" in messages
    assert f"{at}/count/description: '1 to 4' repeats minimum 1, maximum 4" in messages
    assert f"{at}/images/description: 'at most two' repeats maxItems 2" in messages
    assert f"{at}/images/description: PNG repeats x-kie.media.formats" in messages
    assert f"{at}/scenes/items/properties/still/description: 'up to 3 MB' states a bound" in messages


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A model for texts of up to 100 characters.", "'up to 100 characters' repeats minLength, maxLength of prompt"),
        ("A model for up to two images.", "'up to two images' repeats maxItems of images"),
        ("Clips of 2 to 9 seconds.", "'2 to 9 seconds' repeats min_seconds, max_seconds of images"),
        ("Pictures of at most 3 MB.", "'at most 3 MB' repeats max_bytes of images"),
        ("Videos of 4 or 8 seconds.", "'4 or 8 seconds' repeats enum of length"),
    ],
)
def test_a_class_does_not_state_the_bounds_of_its_fields(truth: Truth, text: str, message: str) -> None:
    truth.model["x-kie"]["media"]["images"] = {
        "kind": "video",
        "max_bytes": 3 * 1024**2,
        "min_seconds": 2,
        "max_seconds": 9,
    }
    truth.model["properties"]["length"] = {"type": "integer", "enum": [4, 8], "description": "Length in seconds."}
    truth.model["description"] = text
    assert f"models/acme/tiny.yaml#/description: {message}" in _messages(truth)


def test_a_nested_class_does_not_state_the_bounds_of_its_fields(truth: Truth) -> None:
    scene = truth.model["properties"]["scenes"]["items"]
    scene["description"] = "One scene of up to 40 characters."
    scene["properties"]["text"]["maxLength"] = 40
    at = "models/acme/tiny.yaml#/properties/scenes/items/description"
    assert f"{at}: 'up to 40 characters' repeats maxLength of text" in _messages(truth)


def test_a_class_may_say_what_no_field_bounds(truth: Truth) -> None:
    truth.model["description"] = "Tiny 2, for one image in 4K; it takes two to five minutes and is kept for 14 days."
    assert compile_tree(truth.write())


SIZED = {"type": "string", "enum": ["1K", "2K"], "description": "How detailed it is."}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A model for images in 4K.", "'4K' contradicts the sizes in enum: 1k, 2k"),
        ("A model for images in up to 1K.", "'up to 1K' contradicts the sizes in enum: 1k, 2k"),
        ("A model for videos in 1080p.", "'1080p' contradicts the sizes in enum: none"),
    ],
)
def test_a_size_that_no_field_has_is_refused(truth: Truth, text: str, message: str) -> None:
    truth.model["properties"]["detail"] = SIZED
    truth.model["description"] = text
    assert f"models/acme/tiny.yaml#/description: {message}" in _messages(truth)


def test_sizes_that_a_field_has_are_left_alone(truth: Truth) -> None:
    truth.model["properties"]["detail"] = SIZED
    truth.model["description"] = "A model for images in up to 2K; those in 1K are cheaper."
    assert compile_tree(truth.write())


def test_a_class_does_not_count_what_a_field_counts(truth: Truth) -> None:
    truth.model["properties"]["count"] = {
        "type": "integer",
        "enum": [1, 2, 4],
        "description": "How many images to make.",
    }
    truth.model["description"] = "A model for two or four images."
    assert "#/description: 'two or four images' repeats enum of count" in _messages(truth)


def test_seconds_are_not_compared_with_milliseconds(truth: Truth) -> None:
    ends = {"type": "integer", "maximum": 3000, "description": "Where it ends, in milliseconds."}
    truth.model["properties"]["ends"] = ends
    truth.model["description"] = "A model that has been known for 3000 seconds."
    assert compile_tree(truth.write())


def test_the_message_of_a_rule_has_no_figure_of_its_own(truth: Truth) -> None:
    rule = truth.model["allOf"][0]
    rule["x-kie-message"] = "takes at most eleven"
    at = "models/acme/tiny.yaml#/allOf/0/x-kie-message"
    assert f"{at}: 'eleven' stands in no rule, and is no bound of a field" in _messages(truth)


def test_advice_has_no_figure_of_its_own_but_days() -> None:
    advice = [
        {"properties": {"prompt": {"maxLength": 200}}, "x-kie-message": "is longer than 200 characters"},
        {"required": ["prompt"], "x-kie-message": "was refused in 2026-03, with 300 characters"},
    ]
    document = {"properties": {"prompt": {"type": "string"}}, "x-kie": {"advice": advice}}
    faults = check_statements([ModelSource("a.yaml", "a", document)])
    assert [str(fault) for fault in faults] == [
        "a.yaml#/x-kie/advice/1/x-kie-message: '300' stands in no rule, and is no bound of a field"
    ]
