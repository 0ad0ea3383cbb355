"""Requests are values: changed copies are validated again, and everything has a hash."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from kie import RawRequest, RequestInvalid, TaskRef, TaskStatus, catalog
from kie._core.result_types import RESULT_KINDS, result_type
from kie._tasks import estimate as estimating
from kie.models import Kling30Video, NanoBananaPro, SunoGenerate
from kie.testing import virtual_kie

FOX = NanoBananaPro(prompt="A fox", aspect_ratio="16:9")


def test_a_changed_copy_is_validated_again() -> None:
    owl = FOX.replace(prompt="An owl", resolution="4K")
    assert owl == NanoBananaPro(prompt="An owl", aspect_ratio="16:9", resolution="4K")
    assert NanoBananaPro(prompt="A fox", aspect_ratio="16:9") == FOX
    with pytest.raises(RequestInvalid, match="resolution: "):
        FOX.replace(resolution="8K")
    with pytest.raises(RequestInvalid, match="promt: is not a field of this model; did you mean prompt"):
        FOX.replace(promt="x")
    with pytest.raises(RequestInvalid, match="prompt: is required"):
        FOX.replace(prompt=None)
    assert "resolution" not in FOX.replace(resolution=None).to_wire()["input"]  # type: ignore[operator]


def test_fields_are_changed_by_either_of_their_names() -> None:
    song = SunoGenerate(prompt="x", custom_mode=False, instrumental=True, model="V5")
    assert song.replace(customMode=False, instrumental=False) == song.replace(custom_mode=False, instrumental=False)


def test_a_default_that_makes_room_for_another_field_is_chosen_again() -> None:
    found = 0
    for model in catalog.models(status="all"):
        for rule in (model.json_schema().get("x-kie") or {}).get("default_unless", {}).items():  # type: ignore[union-attr]
            found += bool(rule)
    assert found
    video = Kling30Video(prompt="x", duration="5", mode="std")
    assert video.replace(prompt="y") == Kling30Video(prompt="y", duration="5", mode="std")


def test_requests_past_their_schema_are_changed_too() -> None:
    unchecked = FOX.unchecked(quality="max").replace(prompt="An owl")
    assert unchecked.to_wire()["input"]["quality"] == "max"  # type: ignore[index, call-overload]
    assert unchecked.request == FOX.replace(prompt="An owl")
    raw = RawRequest("acme/new", {"prompt": "x", "n": 1}).replace(n=None, size="1:1")
    assert raw == RawRequest("acme/new", {"prompt": "x", "size": "1:1"})


@pytest.mark.parametrize(
    "images",
    [
        [b"x"],
        [bytearray(b"x")],
        [memoryview(b"x")],
        ["https://a.b/c.png"],
        [TaskStatus(ref=TaskRef("1"), state="succeeded", urls=("https://a.b/c.png",), kind="image")],
    ],
)
def test_every_request_has_a_hash_and_equal_ones_the_same(images: Any) -> None:
    one, other = FOX.replace(image_input=images), FOX.replace(image_input=images)
    assert one == other and hash(one) == hash(other) and {one: 1}[other] == 1


def test_requests_with_mappings_pictures_and_arrays_have_a_hash() -> None:
    import numpy
    from PIL import Image

    assert isinstance(hash(FOX.replace(image_input=[Image.new("RGB", (512, 512))])), int)
    assert isinstance(hash(FOX.replace(image_input=[numpy.zeros((8, 8, 3), "uint8")])), int)
    raw = RawRequest("m", {"a": {"b": [1, {"c": 2}]}})
    assert hash(raw) == hash(RawRequest("m", {"a": {"b": [1, {"c": 2}]}}))
    assert len({raw, FOX.unchecked(a={"b": 1}), FOX.unchecked(a={"b": 1})}) == 2
    parts: Any = [{"prompt": "a", "duration": 2}, {"prompt": "b", "duration": 3}]
    video = Kling30Video(prompt="x", duration="5", mode="std", multi_shots=True, multi_prompt=parts)
    assert hash(video) == hash(video.replace(prompt="x"))


def test_the_estimate_of_an_outcome_is_that_of_the_day_of_its_submission(monkeypatch: pytest.MonkeyPatch) -> None:
    client, _, _ = virtual_kie()
    (outcome,) = client.batch.run([FOX])
    monkeypatch.setattr(estimating, "datetime", SimpleNamespace(now=lambda _: datetime(2099, 1, 1, tzinfo=UTC)))
    assert outcome.estimate == client.estimate(FOX)
    assert estimating.later_priced(FOX, {}) != client.estimate(FOX), "the price list is old by then"


def test_every_result_ref_and_estimate_has_a_hash() -> None:
    status = TaskStatus(ref=TaskRef("1"), state="succeeded", urls=("https://a.b/c",), data={"a": [1]}, raw={"a": [1]})
    for kind in RESULT_KINDS:
        result = result_type(kind)(status=status)
        assert len({result, result_type(kind)(status=status), result.ref, *result.assets}) == 3
    client, _, _ = virtual_kie()
    outcome = client.batch.run([FOX])[0]
    values = [
        outcome,
        outcome.ref,
        outcome.result,
        client.estimate(FOX),
        client.estimate([FOX]),
        client.upload(b"GIF89a;"),
    ]
    assert len({*values, outcome.estimate}) == len(values)
