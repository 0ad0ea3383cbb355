"""What a request costs where it leaves something open: the length of media, the size of an earlier video, a choice."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kie import catalog
from kie._core import data, prices
from kie._core.estimates import Estimate

DAY = date(2026, 10, 7)
VIDEO = "https://example.com/a.mp4"
IMAGE = "https://example.com/a.png"


def estimate(model: str, body: dict[str, Any], seconds: dict[str, Any] | None = None, day: date = DAY) -> Estimate:
    return prices.estimate_body(model, body, seconds, day)


def bounds(found: Estimate) -> tuple[int | Decimal, int | Decimal | None]:
    return found.at_least, found.at_most


def test_an_edit_costs_the_length_of_its_source_unless_the_request_shortens_it() -> None:
    body = {"video_url": VIDEO, "resolution": "720p", "duration": 0}
    assert estimate("wan/2-7-videoedit", body, {"video_url": [Decimal(7)]}).credits == 7 * 16
    assert bounds(estimate("wan/2-7-videoedit", body)) == (2 * 16, 10 * 16)
    assert estimate("wan/2-7-videoedit", {**body, "duration": 3}, {"video_url": [Decimal(7)]}).credits == 3 * 16


def test_a_transformation_counts_its_source_and_names_what_it_counts() -> None:
    body = {"video_urls": [VIDEO], "resolution": "1080p"}
    known = estimate("kling-3.0-omni/transformation", body, {"video_urls": [Decimal("4.5")]})
    assert known.credits == Decimal("4.5") * 27
    assert bounds(estimate("kling-3.0-omni/transformation", body)) == (3 * 27, Decimal("15.5") * 27)
    assert estimate("kling-3.0-omni/transformation", {**body, "duration": "5"}).credits == 5 * 27


@pytest.mark.parametrize(("model", "rate"), [("bytedance/seedance-2", 25), ("wan/3-0-video", 16)])
def test_reference_videos_are_counted_beside_what_is_made(model: str, rate: int) -> None:
    body = {"resolution": "720p" if rate == 25 else "720P", "duration": 5, "reference_video_urls": [VIDEO, VIDEO]}
    assert estimate(model, body, {"reference_video_urls": [Decimal(3), Decimal(4)]}).credits == (5 + 3 + 4) * rate


def test_media_that_nobody_measured_are_together_no_longer_than_the_vendor_allows() -> None:
    body = {"resolution": "720p", "duration": 5, "reference_video_urls": [VIDEO, VIDEO, VIDEO]}
    assert bounds(estimate("bytedance/seedance-2", body)) == ((5 + 3 * 2) * 25, (5 + 15) * 25)
    one = {"reference_video_urls": [Decimal(9), None, None]}
    assert bounds(estimate("bytedance/seedance-2", body, one)) == ((5 + 9 + 2 * 2) * 25, (5 + 15) * 25)
    all_of_them = {"reference_video_urls": [Decimal(9), Decimal(9), Decimal(9)]}
    assert estimate("bytedance/seedance-2", body, all_of_them).credits == (5 + 27) * 25


def test_an_edit_of_happyhorse_counts_its_source_twice() -> None:
    body = {"video_url": VIDEO, "resolution": "720p"}
    assert estimate("happyhorse/video-edit", body, {"video_url": [Decimal(5)]}).credits == 2 * 5 * 28
    assert bounds(estimate("happyhorse/video-edit", body)) == (2 * 3 * 28, 2 * 60 * 28)


def test_a_length_that_the_service_chooses_costs_from_the_shortest_to_the_longest() -> None:
    body = {"resolution": "480p", "duration": -1}
    assert bounds(estimate("bytedance/seedance-2-5", body)) == (4 * 28, 30 * 28)
    assert bounds(estimate("wan/3-0-video", {"resolution": "480P", "duration": -1})) == (2 * 8, 30 * 8)
    assert bounds(estimate("grok-imagine/image-to-video", {"resolution": "480p"})) == (
        6 * Decimal("2.4"),
        30 * Decimal("2.4"),
    )


def test_the_size_of_an_earlier_video_widens_the_price_where_it_decides() -> None:
    assert bounds(estimate("grok-imagine/extend", {"extend_times": "6"})) == (Decimal("14.4"), 27)
    assert bounds(estimate("grok-imagine/upscale", {"resolution": "1080p"})) == (20, 30)
    assert estimate("grok-imagine/upscale", {"resolution": "720p"}).credits == 10


def test_a_form_without_the_variant_costs_from_the_cheapest_to_the_dearest() -> None:
    assert bounds(estimate("veo-3-1", {"resolution": "720p"})) == (30, 250)
    assert bounds(estimate("veo/extend", {})) == (30, 250)
    assert bounds(estimate("flux1-kontext", {})) == (5, 10)
    for model, variants in (
        ("veo-3-1", "variant, one of quality, fast, lite"),
        ("veo/extend", "variant, one of quality, fast, lite"),
        ("flux1-kontext", "model, one of pro, max"),
    ):
        found = estimate(model, {"resolution": "720p"} if model == "veo-3-1" else {})
        assert found.notes == (f"no field of the request says the {variants}",)
    assert estimate("flux-kontext", {"model": "flux-kontext-pro"}).credits == 5
    assert estimate("veo/extend-video", {"model": "fast"}).credits == 60


def test_what_a_request_leaves_open_is_named_only_where_the_price_depends_on_it() -> None:
    """Frames and references have rows of their own in the list, which cost the same."""
    variant = "no field of the request says the variant, one of quality, fast, lite"
    resolution = "resolution is left to the service or not known"
    assert estimate("veo-3-1", {"resolution": "1080p", "image_urls": [IMAGE]}).notes == (variant,)
    assert estimate("veo-3-1", {"image_urls": [IMAGE]}).notes == (variant, resolution)


@pytest.mark.parametrize(
    ("model", "what"),
    [
        ("qwen/text-to-image", "megapixels"),
        ("bytedance/seedream-v4-edit", "images"),
        ("google/gemini-3-8-flash-tts", "audio tokens"),
    ],
)
def test_what_no_field_says_is_named(model: str, what: str) -> None:
    assert f"no field of the request says how many {what} there will be" in estimate(model, {}).notes


@pytest.mark.parametrize("mode", [{}, {"generationType": "REFERENCE_2_VIDEO"}])
def test_images_of_veo_cost_the_same_as_frames_and_as_references(mode: dict[str, Any]) -> None:
    body = {"model": "veo3_fast", "resolution": "1080p", "imageUrls": [IMAGE], **mode}
    assert estimate("veo", body).credits == 65


def test_a_backup_model_may_cost_anything() -> None:
    body = {"model": "veo3_fast", "resolution": "1080p"}
    assert estimate("veo", {**body, "enableFallback": False}).credits == 65
    assert estimate("veo", {**body, "enableFallback": True}).at_most is None


@pytest.mark.parametrize(
    ("model", "body"),
    [
        ("grok-imagine-video-1-5-preview", {"resolution": "1080p", "duration": 5}),
        ("hailuo/2-3-image-to-video-pro", {"resolution": "1080P", "duration": "10"}),
        ("runway", {"quality": "1080p", "duration": 10}),
        ("runway/generate", {"quality": "1080p", "duration": "10"}),
    ],
)
def test_an_option_without_a_row_has_no_price_rather_than_a_lower_one(model: str, body: dict[str, Any]) -> None:
    found = estimate(model, body)
    assert bounds(found) == (0, None)
    assert "the list has no" in found.notes[0]


@pytest.mark.parametrize("duration", [5, "5"])
def test_a_length_costs_the_same_as_a_number_and_as_text(duration: int | str) -> None:
    assert estimate("runway", {"quality": "720p", "duration": duration}).credits == 12
    assert estimate("kling-3.0/video", {"mode": "4K", "sound": True, "duration": duration}).credits == 5 * 67


@pytest.mark.parametrize(("images", "dearer"), [(0, 0), (5, 0), (6, 4), (9, 16)])
def test_images_beyond_five_cost_extra(images: int, dearer: int) -> None:
    body = {"resolution": "2K", "duration": 4, "reference_image_urls": [IMAGE] * images}
    assert estimate("minimax-h3/reference-to-video", body).credits == 4 * 13 + dearer


def test_no_upper_bound_is_left_when_a_reduced_rate_has_ended() -> None:
    body = {"resolution": "480p", "duration": 5}
    assert estimate("bytedance/seedance-2-mini", body).credits == 19
    later = estimate("bytedance/seedance-2-mini", body, None, date(2026, 10, 8))
    assert bounds(later) == (19, None)
    assert "a discount of the price list ended on 2026-10-07" in later.notes


def test_a_video_that_is_not_measured_has_no_upper_bound_where_none_is_documented() -> None:
    body = {"video_url": VIDEO, "upscale_factor": "2"}
    assert estimate("topaz/video-upscale", body).at_most is None
    assert estimate("topaz/video-upscale", body, {"video_url": [Decimal(12)]}).credits == 12 * 8
    assert estimate("infinitalk/from-audio", {"audio_url": IMAGE, "resolution": "720p"}).at_most == 15 * 12


def test_the_price_of_gemini_omni_with_a_source_does_not_depend_on_the_duration() -> None:
    for duration in ("4", "10"):
        body = {"resolution": "1080p", "duration": duration, "video_list": [{"url": VIDEO, "start": 0, "ends": 4}]}
        assert estimate("gemini-omni-video", body).credits == 168


def rates() -> Iterator[tuple[str, str, str, str]]:
    """Every rate of a video by what decides it: the model, the field, its value, and the row that has the rate."""
    tables = json.loads(data.read("kie_models", "prices.json"))["models"]
    for model, table in tables.items():
        names = {field.name for field in catalog.get(model).fields}
        for term in table["terms"] if catalog.get(model).result == "video" else []:
            for rate in term["rates"]:
                for (name, given, _), cell in zip(term["by"], rate["cells"], strict=True):
                    if name in names and not given:
                        yield model, name, cell, rate["row"]


def test_a_rate_is_that_of_the_row_whose_name_has_its_size_its_length_and_its_sound() -> None:
    seen: set[str] = set()
    for model, name, cell, row in rates():
        if (sizes := re.findall(r"\b(?:\d{3,4}p|[24]k)\b", row)) and re.fullmatch(r"\d{3,4}p|[24]k", cell):
            assert cell in sizes, (model, cell, row)
            seen.add("size")
        if (lengths := re.findall(r"\b(\d+)(?:\.0)?s\b", row)) and name in ("duration", "extend_times"):
            assert [cell] == lengths, (model, cell, row)
            seen.add("length")
        if cell in ("true", "false") and (sound := re.search(r"\b(with|without|no) (audio|aiduo)\b", row)):
            assert (cell == "true") is (sound[1] == "with"), (model, cell, row)
            seen.add("sound")
        if name == "model":
            assert {"veo3": "quality"}.get(cell, cell.removeprefix("veo3_")) in row.split(), (model, cell, row)
            seen.add("variant")
    assert seen == {"size", "length", "sound", "variant"}
