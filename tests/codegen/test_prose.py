"""Figures in sentences: what is read as a bound or a limit, and what is not. The sentences are our own."""

from __future__ import annotations

from typing import Any

import pytest

from codegen import prose

BOUNDS: list[tuple[str, str, dict[str, Any]]] = [
    ("string", "Words. Max length: 5000 characters.", {"maxLength": 5000}),
    ("string", "Words (Max length: 3-5000 characters)", {"minLength": 3, "maxLength": 5000}),
    ("string", "Between 3 and 20,000 characters long.", {"minLength": 3, "maxLength": 20000}),
    ("string", "A minimum of 2 characters and a maximum of 90 characters.", {"minLength": 2, "maxLength": 90}),
    ("string", "Text, up to 300 characters.", {"maxLength": 300}),
    ("string", "文字，最多 5,000 个字符。", {"maxLength": 5000}),
    ("string", "Recommended 300 characters or less.", {}),
    ("string", "All texts combined must not exceed 5000 characters.", {}),
    ("string", "As in chapter 12.", {}),
    ("integer", "Length in 4-15 seconds.", {"minimum": 4, "maximum": 15}),
    ("integer", "Length in 4–30 seconds. Pass -1 for any.", {"minimum": 4, "maximum": 30}),
    ("integer", "Range: `0-2147483647`.", {"minimum": 0, "maximum": 2147483647}),
    ("number", "(Min: 1, Max: 10, Step: 0.1)", {"minimum": 1, "maximum": 10}),
    ("number", "An integer from `2` to `10`, it has a range from 2 to 10.", {"minimum": 2, "maximum": 10}),
    ("integer", "时长，取值范围：3 到 15 之间的整数。", {"minimum": 3, "maximum": 15}),
    ("integer", "The difference of both has to be within 3000 to 8000.", {}),
    ("array", "Up to nine images.", {"maxItems": 9}),
    ("array", "Give 2-4 URLs.", {"minItems": 2, "maxItems": 4}),
    ("array", "Exactly 1 video is required.", {"minItems": 1, "maxItems": 1}),
    ("array", "At least 2 elements, no more than 7 elements.", {"minItems": 2, "maxItems": 7}),
    ("array", "Each file at most 10 MB.", {}),
    ("array", "Images and videos in total up to 5 files.", {}),
    ("boolean", "Up to 5 images.", {}),
]


@pytest.mark.parametrize(("kind", "text", "expected"), BOUNDS)
def test_a_bound_is_read_where_the_words_say_what_it_bounds(kind: str, text: str, expected: dict[str, Any]) -> None:
    assert prose.bounds(text, kind).facts == expected


def test_of_two_figures_the_wider_is_read_and_said_to_be_one_of_several() -> None:
    read = prose.bounds("Range is 1-4 alone; range is 1-12 in a group.", "integer")
    assert read.facts == {"minimum": 1, "maximum": 12}
    assert read.several == ("maximum",)


MEDIA: list[tuple[str, str, dict[str, Any]]] = [
    (
        "image_url",
        "A picture (Accepted types: image/jpeg, image/png; Max size: 10.0MB)",
        {"kind": "image", "formats": ["jpeg", "png"], "max_bytes": 10485760},
    ),
    (
        "audio_url",
        "Types: audio/mpeg, audio/x-wav, audio/mp4. Duration below: cannot exceed 5 minutes.",
        {"kind": "audio", "formats": ["mp3", "wav", "m4a"], "max_seconds": 300},
    ),
    (
        "video_url",
        "Formats: `mp4`, `mov`. Width and height range `[240,4096]` pixels. Aspect ratio: `1:8` to `8:1`. 24–60 fps.",
        {
            "kind": "video",
            "formats": ["mp4", "mov"],
            "min_side": 240,
            "max_side": 4096,
            "min_ratio": 0.125,
            "max_ratio": 8,
            "min_fps": 24,
            "max_fps": 60,
        },
    ),
    (
        "clip",
        "Total pixels: [640x640=409600, 834x1112=927408].",
        {"kind": "video", "min_pixels": 409600, "max_pixels": 927408},
    ),
    (
        "picture",
        "Max 16MP, max dimension 4096px, min dimension 256px.",
        {"kind": "image", "max_pixels": 16000000, "max_side": 4096, "min_side": 256},
    ),
    ("frame", "At least 256x256px.", {"kind": "image", "min_side": 256}),
    (
        "clips",
        "Each lasts 2 to 15 seconds; the total duration must not exceed 30 seconds.",
        {"kind": "video", "min_seconds": 2, "max_seconds": 15, "max_total_seconds": 30},
    ),
    ("video", "MP4 or MOV; audio encoding supports AAC, MP3.", {"kind": "video", "formats": ["mp4", "mov"]}),
    ("urls", "Images (JPG, PNG) or one video (MP4).", {"kind": "file", "formats": ["jpeg", "png", "mp4"]}),
    (
        "image",
        "图片大小不超过 30 MB，宽和高均不小于 300 像素。",
        {"kind": "image", "max_bytes": 31457280, "min_side": 300},
    ),
    ("thing", "A link.", {"kind": "file"}),
    ("reference_files", "File-to-video. PDF or DOCX, at most 10 MB.", {"kind": "file", "max_bytes": 10485760}),
    ("source", "Audio-to-video: an image, up to 5MB.", {"kind": "image", "max_bytes": 5242880}),
    (
        "frame_url",
        "Formats: JPEG/JPG, PNG (alpha not supported), BMP; each side [240, 8000] px; aspect ratio ≤ 8:1; ≤ 20MB.",
        {
            "kind": "image",
            "formats": ["jpeg", "png", "bmp"],
            "max_bytes": 20971520,
            "max_ratio": 8,
            "max_side": 8000,
            "min_side": 240,
        },
    ),
    ("image", "Accepts JPEG and PNG, but GIF is not supported.", {"kind": "image", "formats": ["jpeg", "png"]}),
    ("image", "Aspect ratio of at least 1:4.", {"kind": "image", "min_ratio": 0.25}),
    (
        "clips",
        "Each clip 1–15 seconds; total duration ≥ 3 seconds.",
        {"kind": "video", "min_seconds": 1, "max_seconds": 15},
    ),
]


@pytest.mark.parametrize(("name", "text", "expected"), MEDIA)
def test_limits_of_media_are_read(name: str, text: str, expected: dict[str, Any]) -> None:
    assert prose.media(text, name).facts == expected


def test_figures_that_became_nothing_are_named_but_not_those_in_names_and_links() -> None:
    read = prose.bounds("For v2.5 and 4K, see https://example.com/9. Max 3 items of 17.", "array")
    assert read.facts == {"maxItems": 3}
    assert read.unread == ("17",)


@pytest.mark.parametrize(
    ("name", "field", "expected"),
    [
        ("image_url", {"type": "string"}, True),
        ("imageUrls", {"type": "array", "items": {"type": "string"}}, True),
        ("source", {"type": "string", "format": "uri"}, True),
        ("image", {"type": "string", "description": "URL of a picture."}, True),
        ("image", {"type": "string", "description": "What it shows."}, False),
        ("clip_url", {"type": "object"}, True),
        ("image_url", {"type": "object", "properties": {"a": {}}}, False),
        ("image_size", {"type": "string", "enum": ["a"]}, False),
        ("callBackUrl", {"type": "string", "format": "uri"}, False),
        ("count", {"type": "integer", "description": "How many images."}, False),
    ],
)
def test_fields_of_media_are_known_by_format_name_or_text(name: str, field: dict[str, Any], expected: bool) -> None:
    assert prose.is_media(name, field) is expected


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("GIF is not supported, PNG is supported.", "gif"),
        ("Aspect ratio between 1:3 or else 3:2.", "1:3"),
        ("Documents: pdf, docx.", "pdf"),
    ],
)
def test_what_a_text_says_of_media_is_read_or_named(text: str, unread: str) -> None:
    assert unread in prose.media(text, "file_url").unread


@pytest.mark.parametrize(
    "text",
    [
        "Range [2, 30] or -1.",
        "Between 2 and 30. Pass `-1` to let the model decide.",
        "2 to 30 seconds; use -1 for any.",
    ],
)
def test_a_special_value_beside_a_range_does_not_widen_it_and_is_named(text: str) -> None:
    read = prose.bounds(text, "integer")
    assert read.facts == {"minimum": 2, "maximum": 30}
    assert read.unread == ("-1, as a special value",)


@pytest.mark.parametrize(
    ("field", "said"),
    [
        (
            {"description": "Cannot be provided together with `reference_urls`."},
            "be provided together (reference_urls)",
        ),
        ({"description": "Mutually exclusive with `first_frame`."}, "mutually exclusive (first_frame)"),
        ({"description": "Both must be provided together."}, "provided together"),
        ({"description": "Required when `mode` is `pro`."}, "required when (mode, pro)"),
        ({"description": "At least one of `a` or `b`."}, "at least one of (a, b)"),
        ({"items": {"description": "Should not be used alone."}}, "should not be used alone"),
        ({"description": "与参考图互斥。"}, "互斥"),
        ({"description": "Defaults to false."}, "a default, which was not read: false"),
        ({"description": "Default value: `video`."}, "a default, which was not read: video"),
        ({"description": "Options: fast, slow."}, "lists values, which were not read"),
        ({"description": "It is set to fast by default."}, "a default, which was not read: fast"),
        ({"description": "Default value is true.", "default": False}, "a default, which was not read: true"),
        ({"description": "`soft` (default) or `hard`."}, "a default, which was not read: soft"),
        ({"description": "Needed by artists. Required in custom mode (`custom: true`)."}, "required in"),
        ({"description": "If `frame` is given: the ratio of the frame counts."}, "if `frame` (frame)"),
        ({"description": "1:1 cannot be made in 4K.", "enum": ["1:1", "2:1"]}, "cannot (1:1, 4K)"),
        ({"description": "REFERENCE mode only supports a length of 8.", "enum": [4, 8]}, "only (8)"),
        ({"description": "Specifications are the same as `first_frame`."}, "same as (first_frame)"),
        ({"description": "PNG (transparency not supported), up to 20MB."}, "not supported"),
        ({"description": "Limited to English and French."}, "limited to"),
        ({"description": "The input + `length` must not exceed 30 seconds."}, "+ `length` must not exceed (length)"),
        ({"description": "`ends` has to be greater than `start`."}, "greater than (ends, start)"),
        ({"description": "The total number of images and videos cannot exceed 5.", "maxItems": 5}, "total number"),
    ],
)
def test_what_a_text_says_beside_bounds_is_named(field: dict[str, Any], said: str) -> None:
    assert any(said in message for message in prose.untold(field))


def test_that_a_text_requires_a_field_is_named_unless_the_schema_does() -> None:
    field = {"description": "What to draw. Required field."}
    assert list(prose.untold(field, required=False)) == ["the text says that it is required, and the schema does not"]
    assert list(prose.untold(field, required=True)) == []


@pytest.mark.parametrize(
    ("text", "unread"),
    [("Files of 100MB, 30s at most each, and 24fps.", ("100", "24")), ("Resolution: 480p, 720p", ("480p", "720p"))],
)
def test_figures_with_their_unit_are_named_too(text: str, unread: tuple[str, ...]) -> None:
    found = (*prose.bounds(text, "array").unread, *prose.media(text, "video_url").unread)
    assert set(unread) <= set(found)


def test_formats_with_a_point_are_formats() -> None:
    assert prose.media("Supported formats: .jpeg, .png, .webp.", "files_url").facts["formats"] == [
        "jpeg",
        "png",
        "webp",
    ]


@pytest.mark.parametrize(
    "field",
    [
        {"description": "What to draw."},
        {"description": "Defaults to 5.", "default": 5},
        {"description": "Options: a, b.", "enum": ["a", "b"]},
        {"description": "Default is 0.50.", "default": 0.5},
        {"description": "At most 300 characters.", "type": "string"},
        {"description": "Must be a valid image URL."},
        {"description": "If omitted, one is picked."},
        {},
    ],
)
def test_what_the_schema_says_too_is_not_named(field: dict[str, Any]) -> None:
    assert list(prose.untold(field)) == []
