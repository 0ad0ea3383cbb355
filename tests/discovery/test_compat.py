"""What exists for people who come from kie-go: the request builder, the names of fields and the lists of models."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from kie import ConfigError, RawRequest, RequestInvalid, catalog, compat, constants
from kie.catalog import Shorthand
from kie.compat import RequestBuilder
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
    assert getattr(compat.request("nano-banana-pro"), name)(*given).params() == {name: stored}


def test_every_setter_is_tested_here() -> None:
    public = {name for name, _ in inspect.getmembers(RequestBuilder) if not name.startswith("_")}
    assert public == {*SETTERS, "set", "params", "validate", "build", "model"}


def test_what_is_built_is_what_the_class_makes() -> None:
    built = (
        compat.request("nano-banana-pro")
        .prompt("A futuristic city")
        .aspect_ratio(constants.RATIO_16X9)
        .set(compat.PARAM_RESOLUTION, constants.RESOLUTION_4K)
        .build()
    )
    assert built == NanoBananaPro(prompt="A futuristic city", aspect_ratio="16:9", resolution="4K")


@pytest.mark.parametrize("name", ["ideogram/v3-remix", "IdeogramV3Remix", "ideogram_v3_remix", IdeogramV3Remix])
def test_a_model_is_named_by_id_class_slug_or_is_a_class(name: Any) -> None:
    builder = compat.request(name).prompt("A city").image_url("https://a.example/1").strength(0.8).num_images("2")
    assert builder.model is catalog.get("ideogram/v3-remix")
    assert type(builder.build()) is IdeogramV3Remix


def test_a_shorthand_is_accepted_with_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = Shorthand(name="imagen", means=("google/imagen4",), note="the fourth is meant")
    monkeypatch.setattr(catalog, "_shorthand", lambda: {"imagen": entry})
    with pytest.warns(UserWarning, match="the fourth is meant"):
        assert compat.request("imagen").prompt("x").build() == GoogleImagen4(prompt="x")


def test_a_builder_never_changes() -> None:
    base = compat.request(NanoBananaPro).prompt("A city")
    wide, tall = base.aspect_ratio("16:9"), base.aspect_ratio("9:16")
    base.params()["prompt"] = "something else"
    assert [request.build().aspect_ratio for request in (base, wide, tall)] == ["1:1", "16:9", "9:16"]
    assert base.build().prompt == "A city"
    assert wide == base.aspect_ratio("16:9") != tall


def test_validate_reports_every_fault_at_once_and_fields_that_do_not_exist_with_the_nearest_names() -> None:
    builder = compat.request("nano-banana-pro").aspect_ratio("16:10").set("imageInputs", []).negative_prompt("blur")
    with pytest.raises(RequestInvalid) as caught:
        builder.validate()
    issues = {issue.path: issue.message for issue in caught.value.issues}
    assert set(issues) == {"prompt", "aspect_ratio", "imageInputs", "negative_prompt"}
    assert "did you mean image_input?" in issues["imageInputs"]
    with pytest.raises(RequestInvalid):
        builder.build()
    builder = compat.request("nano-banana-pro").prompt("x")
    builder.validate()


def test_an_unknown_field_that_is_set_to_none_is_reported_too() -> None:
    with pytest.raises(RequestInvalid, match="nothing: is not a field"):
        compat.request("nano-banana-pro").prompt("x").set("nothing", None).validate()


def test_a_field_is_known_by_its_python_and_by_its_wire_name() -> None:
    for cls in (model.request_class for model in catalog.models(status="all")):
        for python, wire in cls.__kie_plan__():
            assert compat.request(cls).set(wire, 1).set(python, 2).params() == {python: 2}


def test_none_leaves_a_field_out_with_its_default() -> None:
    sent: Any = compat.request(NanoBananaPro).prompt("x").set("resolution", None).build().to_wire()["input"]
    assert "resolution" not in sent
    assert sent["aspect_ratio"] == "1:1"


def test_local_media_go_through() -> None:
    built = compat.request(NanoBananaPro).prompt("x").image_input(b"png", "https://a.example/1").build()
    assert dict(built.local_media) == {"image_input[0]": b"png"}


def test_a_client_runs_what_was_built() -> None:
    client, _, _ = virtual_kie()
    built = compat.request("kling-3.0/video").prompt("x").duration(constants.DURATION_5SEC).set("mode", "std").build()
    assert built == Kling30Video(prompt="x", duration="5", mode="std")
    assert client.run(built).urls


def test_an_unknown_model_is_refused() -> None:
    with pytest.raises(UnknownModel, match="did you mean"):
        compat.request("nano-banana-prro")
    with pytest.raises(ConfigError, match="not the request class of one model"):
        compat.request(RawRequest)


def test_the_repr_of_a_builder_names_fields_and_hides_values() -> None:
    assert repr(compat.request("nano-banana-pro").prompt("secret")) == "<request of nano-banana-pro, prompt=…>"


PARAMETERS = """
    prompt negative_prompt aspect_ratio image_size resolution output_format seed image image_url image_urls image_input
    input_urls duration mode video_url video_urls audio_url n scale quality style rendering_speed num_images cfg_scale
    guidance_scale strength end_image_url tail_image_url prompt_optimizer camera_fixed enable_safety_checker
"""
NAMED = {name: value for name, value in vars(compat).items() if name.startswith("PARAM_")}


def test_the_names_of_fields_are_exactly_these() -> None:
    assert {f"PARAM_{name.upper()}": name for name in PARAMETERS.split()} == NAMED
    assert set(NAMED) <= set(compat.__all__)


def test_a_name_of_a_field_is_never_a_name_of_a_value() -> None:
    assert not set(NAMED.values()) & {value for name, value in vars(constants).items() if name.isupper()}


def test_the_lists_of_models_are_filters_of_the_catalog() -> None:
    assert compat.all_models() == catalog.models()
    assert compat.image_models() == catalog.models(kind="image")
    assert compat.video_models() == catalog.models(kind="video")
    assert compat.audio_models() == catalog.models(kind="audio")
    assert len({compat.all_models(), compat.image_models(), compat.video_models(), compat.audio_models()}) == 4
