"""What `client.estimate` says of requests, before anything is sent."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from kie import Estimate, RawRequest, TotalEstimate
from kie.models import BytedanceSeedance20, Kling30OmniTransformation, Kling30Video, NanoBananaPro, Wan27VideoEdit
from kie.simulator._sample_media import Recipe, make
from kie.testing import virtual_async_kie, virtual_kie

FOX = Kling30Video(prompt="A fox", duration="15", mode="pro", sound=True)
CLIP = make(Recipe(extension="mp4"))
"""A video of 3 seconds."""
WIRE: Any = FOX.to_wire()["input"]


def estimated(request: Any) -> Any:
    client, service, _ = virtual_kie()
    found = client.estimate(request)
    assert service.log == [], "nothing is sent"
    return found


def test_a_request_is_estimated_by_what_it_would_send() -> None:
    found = estimated(FOX)
    assert (found.model, found.credits) == ("kling-3.0/video", 405)


def test_several_are_estimated_together() -> None:
    found = estimated([FOX, NanoBananaPro(prompt="A lighthouse")])
    assert isinstance(found, TotalEstimate)
    assert found.credits == 405 + 18
    assert [part.model for part in found.parts] == ["kling-3.0/video", "nano-banana-pro"]


def test_the_async_client_says_the_same() -> None:
    async def ask() -> Estimate:
        client, _, _ = virtual_async_kie()
        return await client.estimate(FOX)

    assert asyncio.run(ask()) == estimated(FOX)


@pytest.mark.parametrize(
    "request_",
    [
        FOX.unchecked(upscale="8K"),
        FOX.unchecked(mode="ultra"),
        RawRequest("kling-3.0/video", {**WIRE, "upscale": "8K"}),
    ],
)
def test_what_no_schema_has_seen_may_cost_more_and_has_no_upper_bound(request_: Any) -> None:
    found = estimated(request_)
    assert (found.at_most, found.credits) == (None, None)
    assert found.notes[-1].startswith("the request has values outside its schema")


@pytest.mark.parametrize("request_", [FOX.unchecked(prompt="A wolf"), RawRequest("kling-3.0/video", WIRE)])
def test_a_request_past_the_schema_that_would_pass_it_is_estimated_as_any_other(request_: Any) -> None:
    assert estimated(request_).credits == 405


def test_a_model_that_nobody_priced_has_no_upper_bound() -> None:
    found = estimated(RawRequest("acme/new-model", {"prompt": "x"}))
    assert (found.at_least, found.at_most, found.listed) == (0, None, None)


@pytest.mark.parametrize(
    ("request_", "credits"),
    [
        (Wan27VideoEdit(prompt="A fox", video_url=CLIP, resolution="720p"), 3 * 16),
        (Wan27VideoEdit(prompt="A fox", video_url=CLIP, resolution="720p", duration=2), 2 * 16),
        (Kling30OmniTransformation(prompt="A fox", video_urls=[CLIP], resolution="1080p"), 3 * 27),
        (BytedanceSeedance20(prompt="A fox", resolution="720p", duration=5, reference_video_urls=[CLIP]), (5 + 3) * 25),
    ],
)
def test_a_local_clip_is_measured_wherever_its_length_counts(request_: Any, credits: int) -> None:
    assert estimated(request_).credits == credits


def test_an_outcome_is_estimated_by_the_clip_that_was_sent() -> None:
    client, _, _ = virtual_kie(credits=10**6)
    request = Wan27VideoEdit(prompt="A fox", video_url=CLIP, resolution="720p")
    [outcome] = client.batch.submit([request])
    assert outcome.estimate is not None and outcome.estimate.credits is not None
    assert outcome.estimate.credits == client.estimate(request).credits
