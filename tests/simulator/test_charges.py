"""What simulated tasks cost where the length of media counts."""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kie import Budget
from kie.models import BytedanceSeedance20, Kling30OmniTransformation, Kling30Video, Wan27VideoEdit
from kie.simulator._sample_media import Recipe, make
from kie.testing import virtual_kie

CLIP = make(Recipe(extension="mp4"))
"""A video of 3 seconds."""


def edited(*clips: Any) -> BytedanceSeedance20:
    return BytedanceSeedance20(prompt="A fox", resolution="720p", duration=5, reference_video_urls=clips)


@pytest.mark.parametrize(
    "request_",
    [
        edited(CLIP),
        edited(CLIP, CLIP),
        Wan27VideoEdit(prompt="A fox", video_url=CLIP, resolution="720p"),
        Kling30OmniTransformation(prompt="A fox", video_urls=[CLIP], resolution="1080p"),
    ],
)
def test_a_clip_that_is_uploaded_costs_its_length_as_it_was_estimated(request_: Any) -> None:
    budget = Budget(10_000)
    client, _, _ = virtual_kie(budget=budget, credits=10_000)
    estimate = client.estimate(request_)
    assert estimate.exact
    assert client.run(request_).credits == estimate.credits == budget.spent


def test_a_clip_that_was_uploaded_before_costs_its_length_too() -> None:
    client, _, _ = virtual_kie()
    url = client.upload(CLIP).url
    assert client.estimate(edited(url)).credits is None, "the client does not fetch it"
    assert client.run(edited(url)).credits == (5 + 3) * 25


def test_a_result_of_another_task_costs_its_length_without_being_made(monkeypatch: pytest.MonkeyPatch) -> None:
    client, _, _ = virtual_kie()
    video = client.run(Kling30Video(prompt="A fox", duration="15", mode="pro", sound=True))
    link = client.download_url(video.urls[0])
    monkeypatch.setattr("kie.simulator._file_store.make", None)
    monkeypatch.setattr("kie.simulator._file_store.inspect", None)
    assert client.run(edited(video.urls[0])).credits == (5 + 3) * 25
    assert client.run(edited(link)).credits == (5 + 3) * 25


@pytest.mark.parametrize(
    "url",
    ["https://example.com/a.mp4", "https://files.kie.example/uploads/none.mp4", "https://files.kie.example.org/x"],
)
def test_a_clip_of_somebody_else_costs_the_least_that_it_may(url: str) -> None:
    client, _, _ = virtual_kie()
    assert client.run(edited(url)).credits == client.estimate(edited(url)).at_least == (5 + 2) * 25


def test_without_the_decoder_an_upload_costs_the_least_that_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    client, _, _ = virtual_kie()
    assert client.run(edited(CLIP)).credits == Decimal(7 * 25)


def test_an_upload_that_is_not_a_video_costs_the_least_that_it_may(tmp_path: Path) -> None:
    client, _, _ = virtual_kie()
    url = client.upload(b"not a video").url
    assert client.run(edited(url)).credits == Decimal(7 * 25)
