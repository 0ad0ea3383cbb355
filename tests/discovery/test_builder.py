"""Requests that are put together field by field."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

import kie
from kie import ConfigError, RawRequest, RequestInvalid, catalog, constants
from kie.builder import RequestBuilder
from kie.catalog import Shorthand
from kie.errors import UnknownModel
from kie.models import GoogleImagen4, IdeogramV3Remix, Kling30Video, NanoBananaPro
from kie.testing import virtual_kie

SETTERS: dict[str, tuple[tuple[object, ...], object]] = {
    "prompt": (("a city",), "a city"),
    "negative_prompt": (("blur",), "blur"),
    "aspect_ratio": (("16:9",), "16:9"),
    "image_urls": (("https://a.example/1", "https://a.example/2"), ("https://a.example/1", "https://a.example/2")),
    "image_url": (("https://a.example/1",), "https://a.example/1"),
    "image_input": (("https://a.example/1",), ("https://a.example/1",)),
    "seed": ((7,), 7),
    "resolution": (("4K",), "4K"),
    "output_format": (("png",), "png"),
    "duration": (("5",), "5"),
    "style": (("REALISTIC",), "REALISTIC"),
    "strength": ((0.8,), 0.8),
    "image_size": (("square_hd",), "square_hd"),
    "num_images": (("2",), "2"),
}


@pytest.mark.parametrize("name", SETTERS)
def test_a_setter_sets_the_field_of_its_name(name: str) -> None:
    given, stored = SETTERS[name]
    assert getattr(kie.request("nano-banana-pro"), name)(*given).params() == {name: stored}


def test_no_setter_is_left_out_of_these_tests() -> None:
    public = {name for name, _ in inspect.getmembers(RequestBuilder) if not name.startswith("_")}
    assert public == {*SETTERS, "set", "params", "validate", "build", "model"}


def test_what_is_built_is_what_the_class_makes() -> None:
    built = (
        kie.request("nano-banana-pro")
        .prompt("A futuristic city")
        .aspect_ratio(constants.RATIO_16X9)
        .set(constants.PARAM_RESOLUTION, constants.RESOLUTION_4K)
        .build()
    )
    assert built == NanoBananaPro(prompt="A futuristic city", aspect_ratio="16:9", resolution="4K")


@pytest.mark.parametrize("name", ["ideogram/v3-remix", "IdeogramV3Remix", "ideogram_v3_remix", IdeogramV3Remix])
def test_a_model_is_named_by_id_class_slug_or_is_a_class(name: Any) -> None:
    builder = kie.request(name).prompt("A city").image_url("https://a.example/1").strength(0.8).num_images("2")
    assert builder.model is catalog.get("ideogram/v3-remix")
    assert type(builder.build()) is IdeogramV3Remix


def test_a_shorthand_is_taken_with_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = Shorthand(name="imagen", means=("google/imagen4",), note="the fourth is meant")
    monkeypatch.setattr(catalog, "_shorthand", lambda: {"imagen": entry})
    with pytest.warns(UserWarning, match="the fourth is meant"):
        assert kie.request("imagen").prompt("x").build() == GoogleImagen4(prompt="x")


def test_a_builder_never_changes() -> None:
    base = kie.request(NanoBananaPro).prompt("A city")
    wide, tall = base.aspect_ratio("16:9"), base.aspect_ratio("9:16")
    base.params()["prompt"] = "something else"
    assert [request.build().aspect_ratio for request in (base, wide, tall)] == ["1:1", "16:9", "9:16"]
    assert base.build().prompt == "A city"
    assert wide == base.aspect_ratio("16:9") != tall


def test_validate_reports_every_fault_at_once_and_fields_that_do_not_exist_with_the_nearest_names() -> None:
    builder = kie.request("nano-banana-pro").aspect_ratio("16:10").set("imageInputs", []).negative_prompt("blur")
    with pytest.raises(RequestInvalid) as caught:
        builder.validate()
    issues = {issue.path: issue.message for issue in caught.value.issues}
    assert set(issues) == {"prompt", "aspect_ratio", "imageInputs", "negative_prompt"}
    assert "did you mean image_input?" in issues["imageInputs"]
    with pytest.raises(RequestInvalid):
        builder.build()
    builder = kie.request("nano-banana-pro").prompt("x")
    builder.validate()


def test_an_unknown_field_that_is_none_is_reported_too() -> None:
    with pytest.raises(RequestInvalid, match="nothing: is not a field"):
        kie.request("nano-banana-pro").prompt("x").set("nothing", None).validate()


def test_a_field_is_known_by_its_python_and_by_its_wire_name() -> None:
    for cls in (model.request_class for model in catalog.models(status="all")):
        for python, wire in cls.__kie_plan__():
            assert kie.request(cls).set(wire, 1).set(python, 2).params() == {python: 2}


def test_none_leaves_a_field_out_with_its_default() -> None:
    sent: Any = kie.request(NanoBananaPro).prompt("x").set("resolution", None).build().to_wire()["input"]
    assert "resolution" not in sent
    assert sent["aspect_ratio"] == "1:1"


def test_local_media_go_through() -> None:
    built = kie.request(NanoBananaPro).prompt("x").image_input(b"png", "https://a.example/1").build()
    assert dict(built.local_media) == {"image_input[0]": b"png"}


def test_a_client_runs_what_was_built() -> None:
    client, _, _ = virtual_kie()
    built = kie.request("kling-3.0/video").prompt("x").duration(constants.DURATION_5SEC).set("mode", "std").build()
    assert built == Kling30Video(prompt="x", duration="5", mode="std")
    assert client.run(built).urls


def test_what_is_no_model_is_refused() -> None:
    with pytest.raises(UnknownModel, match="did you mean"):
        kie.request("nano-banana-prro")
    with pytest.raises(ConfigError, match="not the request class of one model"):
        kie.request(RawRequest)


def test_its_repr_names_fields_and_keeps_values_to_itself() -> None:
    assert repr(kie.request("nano-banana-pro").prompt("secret")) == "<request of nano-banana-pro, prompt=…>"
