"""What the catalog answers, and what it costs nothing to ask."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from kie import catalog
from kie._core import data
from kie.catalog import Model, Shorthand
from kie.errors import UnknownModel

ROOT = Path(__file__).parent.parent.parent
EVERY = catalog.models(status="all")


def ids(models: tuple[Model, ...]) -> set[str]:
    return {model.id for model in models}


@pytest.fixture
def a_retired_model(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The catalog with one model marked as retired and one as undocumented."""
    entries: list[dict[str, Any]] = json.loads((ROOT / "generated/kie_models/catalog.json").read_text("utf-8"))
    for entry in entries:
        entry["status"] = "active"
        if entry["id"] == "google/imagen4":
            entry |= {"status": "retired", "successors": ["nano-banana-pro"]}
        if entry["id"] == "topaz/image-upscale":
            entry["status"] = "undocumented"
    with monkeypatch.context() as patched:
        patched.setattr(data, "read", lambda package, name: json.dumps(entries).encode())
        catalog._index.cache_clear()
        yield "google/imagen4"
    catalog._index.cache_clear()


@pytest.fixture
def shorthand(monkeypatch: pytest.MonkeyPatch) -> Shorthand:
    """A catalog in which `kling/Clip` stands for a model."""
    entry = Shorthand(name="kling/Clip", means=("kling-3.0/video", "wan/2-7-r2v"), note="no model has this id.")
    monkeypatch.setattr(catalog, "_shorthand", lambda: {"kling/clip": entry})
    return entry


def test_models_are_listed_in_the_order_of_their_ids() -> None:
    assert [model.id for model in EVERY] == sorted(model.id for model in EVERY)


@pytest.mark.parametrize("kind", ["image", "video", "audio"])
def test_a_kind_is_what_the_result_says(kind: Any) -> None:
    found = catalog.models(kind=kind, status="all")
    assert found
    assert ids(found) >= {model.id for model in EVERY if model.result == kind}
    assert {model.kind for model in found} == {kind}


def test_songs_are_music_and_no_audio() -> None:
    assert catalog.get("elevenlabs/text-to-dialogue-v3").kind == "audio"
    assert {model.kind for model in EVERY if "text-to-music" in model.categories} <= {"music"}


def test_every_model_is_of_a_known_kind() -> None:
    assert {model.kind for model in EVERY} <= set(get_args(catalog.Kind))


def test_the_lists_by_kind_make_up_all_models_that_give_files() -> None:
    parts = [catalog.models(kind=kind) for kind in ("image", "video", "audio", "music")]
    listed = [model.id for part in parts for model in part]
    assert len(listed) == len(set(listed))
    assert set(listed) == {model.id for model in catalog.models() if model.kind != "json"}


@pytest.mark.parametrize("kind", ["image", "video", "audio"])
def test_what_a_model_accepts_are_the_media_of_its_fields(kind: Any) -> None:
    def takes(model: Model) -> bool:
        facts: Any = model.json_schema()["x-kie"]
        rules = (facts.get("media") or {}).values()
        return kind in {rule["kind"] for rule in rules}

    found = ids(catalog.models(accepts=kind, status="all"))
    assert {model.id for model in EVERY if takes(model)} <= found
    assert "google/imagen4" not in found
    assert "kling-3.0/video" in ids(catalog.models(accepts="video"))  # by the formats of a field for any file


def test_filters_add_up() -> None:
    google = catalog.models(provider="google", accepts="image")
    assert {"google/nano-banana-edit", "nano-banana-pro"} <= ids(google) < ids(catalog.models(accepts="image"))
    assert "google/imagen4" not in ids(google)
    videos = catalog.models(category=catalog.TEXT_TO_VIDEO, search="KLING shots")
    assert "kling-3.0/video" in ids(videos)
    assert all("kling" in model.id and "shots" in model.description for model in videos)
    assert catalog.models(kind="image", category=catalog.TEXT_TO_VIDEO) == ()


def test_only_active_models_are_listed_unless_others_are_asked_for(a_retired_model: str) -> None:
    assert a_retired_model not in ids(catalog.models()) | ids(catalog.models(kind="image"))
    assert ids(catalog.models(status="retired")) == {a_retired_model}
    assert ids(catalog.models(status="undocumented")) == {"topaz/image-upscale"}
    assert ids(catalog.models(status="all")) == ids(EVERY)
    assert catalog.get(a_retired_model).successors == ("nano-banana-pro",)


def test_the_seven_categories_have_names() -> None:
    named = {
        *(catalog.TEXT_TO_IMAGE, catalog.IMAGE_TO_IMAGE, catalog.IMAGE_EDIT, catalog.UPSCALE),
        *(catalog.TEXT_TO_VIDEO, catalog.IMAGE_TO_VIDEO, catalog.VIDEO_TO_VIDEO),
    }
    assert len(named) == 7
    for category in named - {catalog.VIDEO_TO_VIDEO}:
        assert catalog.models(category=category), category


def test_a_model_lists_its_fields_required_ones_first() -> None:
    model = catalog.get("nano-banana-pro")
    assert [field.name for field in model.required_fields] == ["prompt"]
    assert model.fields == (*model.required_fields, *model.optional_fields)
    ratio = next(field for field in model.fields if field.name == "aspect_ratio")
    assert "16:9" in ratio.enum
    assert (ratio.default, ratio.required, ratio.type) == ("1:1", False, "string")


def test_models_are_values_that_hash_pickle_and_cannot_be_changed() -> None:
    model = catalog.get("kling-3.0/video")
    assert pickle.loads(pickle.dumps(model)) == model
    assert len({*EVERY, model}) == len(EVERY)
    with pytest.raises(AttributeError):
        model.id = "other"  # type: ignore[misc]


def test_a_shorthand_is_resolved_to_its_first_meaning_with_a_warning(shorthand: Shorthand) -> None:
    expected = r"^kling/Clip is taken for kling-3.0/video \(or wan/2-7-r2v\): no model has this id\.$"
    with pytest.warns(UserWarning, match=expected):
        assert catalog.resolve(" KLING/clip").id == "kling-3.0/video"
    assert catalog.shorthand("kling/clip") is shorthand


def test_a_name_of_a_model_is_resolved_without_a_warning(shorthand: Shorthand) -> None:
    for name in ("kling-3.0/video", "Kling30Video", "kling_3_0_video", "KLING30VIDEO"):
        assert catalog.resolve(name).id == "kling-3.0/video"
        assert catalog.shorthand(name) is None


@pytest.mark.parametrize("look_up", [catalog.resolve, catalog.get])
def test_an_unknown_name_is_an_error_with_the_nearest_ids(look_up: Any, shorthand: Shorthand) -> None:
    with pytest.raises(UnknownModel) as caught:
        look_up("google/nano-banana-edits")
    assert "google/nano-banana-edit" in caught.value.nearest


def test_only_an_exact_id_is_got(shorthand: Shorthand) -> None:
    for name in ("kling/clip", "Kling30Video", "KLING-3.0/video"):
        assert catalog.find(name) is None
        with pytest.raises(UnknownModel):
            catalog.get(name)


def test_the_packaged_shorthand_means_models_that_exist() -> None:
    for entry in catalog._shorthand().values():
        assert entry.note
        for meaning in entry.means:
            assert catalog.find(meaning), entry
