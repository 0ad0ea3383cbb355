"""Families: what a name stands for, and which members fit what was given."""

from __future__ import annotations

from typing import Any, cast

import pytest

from kie import catalog
from kie._plans.families import (
    MEDIA_ROLES,
    MEDIA_TOGETHER,
    MISSING_MEDIA,
    TOO_MANY_MEDIA,
    UNKNOWN_TASK_MODE,
    Candidates,
    alone,
    candidates,
    families,
    find,
    fold,
    member_of,
    named,
)
from kie._plans.media_fields import Media, MediaCount
from kie.errors import UnknownModel


def examples_of(model: str) -> list[dict[str, object]]:
    facts = cast("dict[str, Any]", catalog.get(model).json_schema()["x-kie"])
    return cast("list[dict[str, object]]", facts.get("examples") or [])


def chosen(
    name: str, *, images: int = 0, videos: int = 0, audios: int = 0, roles: str = "", mode: str | None = None
) -> Candidates:
    media = MediaCount(images=images, videos=videos, audios=audios, roles=frozenset(roles.split()))
    return candidates(named(name), media, mode)


@pytest.mark.parametrize("name", ["kling-3.0", "Kling 3.0", "kling_3", "KLING 3", "kling 3.0 ", "kling3.0"])
def test_a_family_is_found_in_any_spelling(name: str) -> None:
    found = find(name)
    assert found is not None
    assert found.name == "kling-3.0"


@pytest.mark.parametrize("name", ["kling", "kling 30", "kling-3.0/video", "Kling30Video", "", "kling 3 max"])
def test_what_is_not_a_family_is_not_found(name: str) -> None:
    assert find(name) is None


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("Google Nano Banana Pro", "nano-banana-pro"),
        ("google veo 3.1", "veo-3-1"),
        ("ByteDance Seedance 2.0 Mini", "bytedance/seedance-2-mini"),
        ("seedance-2.5", "bytedance/seedance-2-5"),
        ("Imagen 4 Ultra", "google/imagen4-ultra"),
        ("z image", "z-image"),
        ("Kling30Video", "kling-3.0/video"),
        ("nano_banana_2", "nano-banana-2"),
        ("gpt-4o-image", "4o-image-api"),
        ("Veo 3 fast", "veo"),
        ("Suno v4.5", "suno"),
    ],
)
def test_a_model_is_found_in_any_spelling_that_means_it_alone(name: str, model: str) -> None:
    assert [member.model for member in named(name).members] == [model]


def test_a_shorthand_sets_its_fields() -> None:
    assert named("veo3_fast").fields == named("Veo 3 fast").fields == {"model": "veo3_fast"}


@pytest.mark.parametrize(
    ("name", "models"),
    [
        ("Kling 2.1 Master", ["kling/v2-1-master-text-to-video", "kling/v2-1-master-image-to-video"]),
        ("kling-2.1-pro", ["kling/v2-1-pro"]),
        ("qwen 3", ["qwen3/text-to-image", "qwen3/image-to-image"]),
        ("qwen3 pro", ["qwen3/pro-text-to-image", "qwen3/pro-image-to-image"]),
        ("hailuo 2.3", ["hailuo/2-3-image-to-video-standard", "hailuo/2-3-image-to-video-pro"]),
        ("flux-2/pro", ["flux-2/pro-text-to-image", "flux-2/pro-image-to-image"]),
    ],
)
def test_a_tier_is_a_family_of_its_own(name: str, models: list[str]) -> None:
    assert [member.model for member in named(name).members] == models


@pytest.mark.parametrize("name", ["flux 2", "kling 2.1", "hailuo 02", "gemini tts", "elevenlabs tts", "seedream 5"])
def test_a_tier_is_never_chosen(name: str) -> None:
    found = chosen(name, images=int(name == "kling 2.1"))
    assert len(found.models) > 1
    assert not found.issues


@pytest.mark.parametrize(
    ("name", "media", "model", "mode"),
    [
        ("kling-2.6", {}, "kling-2.6/text-to-video", "text_to_video"),
        ("kling-2.6", {"images": 1}, "kling-2.6/image-to-video", "image_to_video"),
        ("kling-2.6", {"images": 1, "videos": 1}, "kling-2.6/motion-control", "motion_control"),
        ("kling-3.0", {}, "kling-3.0/video", "text_to_video"),
        ("kling-3.0", {"images": 2}, "kling-3.0/video", "image_to_video"),
        ("kling-3.0", {"images": 2, "roles": "first_frame last_frame"}, "kling-3.0/video", "image_to_video"),
        ("kling-3.0-t2v", {}, "kling-3.0/video", "text_to_video"),
        ("kling-3.0-i2v", {"images": 1}, "kling-3.0/video", "image_to_video"),
        ("kling-3.0-motion", {"images": 1, "videos": 1}, "kling-3.0/motion-control", "motion_control"),
        ("kling 3.0 motion control", {"images": 1, "videos": 1}, "kling-3.0/motion-control", "motion_control"),
        ("nano-banana-2", {}, "nano-banana-2", "text_to_image"),
        ("nano-banana-2", {"images": 3}, "nano-banana-2", "image_edit"),
        ("nano-banana-pro", {"images": 8}, "nano-banana-pro", "image_edit"),
        ("seedance-2.0", {}, "bytedance/seedance-2", "text_to_video"),
        ("seedance-2.0", {"images": 2, "videos": 1}, "bytedance/seedance-2", "reference_to_video"),
        ("seedance 2.0 fast", {}, "bytedance/seedance-2-fast", "text_to_video"),
        ("veo 3.1", {"images": 2}, "veo-3-1", "image_to_video"),
    ],
)
def test_media_decide_between_the_members(name: str, media: dict[str, int], model: str, mode: str) -> None:
    assert chosen(name, **media) == Candidates(models=(model,), task_mode=mode)  # type: ignore[arg-type]


def test_a_task_mode_can_be_forced() -> None:
    assert chosen("kling-2.6", mode="image-to-video").models == ("kling-2.6/image-to-video",)
    assert chosen("kling 3.0", images=1, mode="i2v").task_mode == "image_to_video"


def test_an_unknown_task_mode_says_which_there_are() -> None:
    (issue,) = chosen("kling-2.6", mode="upscale").issues
    assert issue.rule == UNKNOWN_TASK_MODE
    assert issue.allowed[:3] == ("text_to_video", "image_to_video", "motion_control")
    assert "'upscale' is not a task mode of Kling 2.6; it has text_to_video, image_to_video" in issue.message


@pytest.mark.parametrize(
    ("name", "media", "model"),
    [
        ("kling-3.0-motion", {"images": 1}, "kling-3.0/motion-control"),
        ("kling-2.6", {"videos": 1}, "kling-2.6/motion-control"),
        ("kling-3.0-i2v", {}, "kling-3.0/video"),
        ("nano-banana-2", {"mode": "image_edit"}, "nano-banana-2"),
    ],
)
def test_a_member_that_lacks_media_is_left_and_says_what_it_takes(name: str, media: dict[str, int], model: str) -> None:
    found = chosen(name, **media)  # type: ignore[arg-type]
    assert found.models == (model,)
    assert [issue.rule for issue in found.issues] == [MISSING_MEDIA]
    assert f"{model} takes " in found.issues[0].message


@pytest.mark.parametrize(
    ("name", "media", "rule", "said"),
    [
        ("kling-2.6", {"images": 3}, TOO_MANY_MEDIA, "3 images given: kling-2.6/text-to-video takes no media; "),
        ("nano-banana-2", {"images": 15}, TOO_MANY_MEDIA, "15 images given: nano-banana-2 takes up to 14 images"),
        (
            "omnihuman-1-5",
            {"images": 2, "audios": 1},
            TOO_MANY_MEDIA,
            "takes 1 image, 1 audio file and a mask with the role mask",
        ),
        ("nano-banana-2", {"videos": 1}, TOO_MANY_MEDIA, "1 video given: nano-banana-2 takes up to 14 images"),
        ("nano-banana-2", {"images": 1, "mode": "text_to_image"}, TOO_MANY_MEDIA, "cannot be used by the task mode"),
        ("kling-3.0", {"images": 2, "videos": 1}, MEDIA_TOGETHER, "does not take 2 images and 1 video in one request"),
        ("nano-banana-2", {"images": 1, "roles": "last_frame"}, MEDIA_ROLES, "takes nothing as last_frame"),
        (
            "seedance-2.0",
            {"images": 2, "roles": "first_frame reference"},
            MEDIA_ROLES,
            "in one request: bytedance/seedance-2 has first_frame and last_frame, or reference; ",
        ),
    ],
)
def test_what_no_member_takes_is_impossible(name: str, media: dict[str, int], rule: str, said: str) -> None:
    found = chosen(name, **media)  # type: ignore[arg-type]
    assert found.models == ()
    assert [issue.rule for issue in found.issues] == [rule]
    assert said in found.issues[0].message


def test_every_model_is_a_family_of_its_own() -> None:
    for model in catalog.models(status="all"):
        (member,) = named(model.id).members
        assert member.model == model.id


def test_what_was_compiled_of_a_member_is_what_its_packaged_schema_says() -> None:
    for family in families():
        for member in family.members:
            model = catalog.get(member.model)
            read = member_of(model.id, model.json_schema(), model.categories)
            assert member.needs == read.needs
            assert {*read.task_modes} <= {*member.task_modes}


def test_every_way_to_give_media_that_was_read_is_valid_with_some_example() -> None:
    for model in catalog.models():
        (member,) = named(model.id).members
        assert member.needs.together, model.id
        for example in examples_of(model.id):
            given = tuple(slot.field for slot in member.needs.slots if slot.field.partition(".")[0] in example)
            assert given in member.needs.together, model.id


def test_a_name_of_nothing_says_what_is_near() -> None:
    with pytest.raises(UnknownModel) as caught:
        named("kling 2.66")
    assert "kling-2.6" in caught.value.nearest


def test_a_point_zero_and_signs_do_not_matter_but_numbers_stay_apart() -> None:
    assert fold("Kling 3.0") == fold("kling_3") == fold("kling-v3")
    assert fold("wan 2.7") == fold("wan/2-7") != fold("wan 27")
    assert fold("kling-2.6-v2v") == fold("kling 2.6") + fold("v2v")


def _media_in(example: dict[str, object], needs: Media) -> MediaCount:
    """How many media an example holds in the fields that are known to take some."""
    counts: dict[str, int] = {"image": 0, "video": 0, "audio": 0}
    roles = set[str]()
    for slot in needs.slots:
        value = example.get(slot.field.partition(".")[0])
        counts[slot.kind] += len(value) if isinstance(value, list) else value is not None
        if value is not None and slot.roles == ("mask",):
            roles.add("mask")
    return MediaCount(images=counts["image"], videos=counts["video"], audios=counts["audio"], roles=frozenset(roles))


def test_a_member_is_among_those_that_fit_the_media_of_its_own_examples() -> None:
    tried = 0
    for family in (*families(), *map(alone, catalog.models(status="all"))):
        for member in family.members:
            for example in examples_of(member.model):
                media = _media_in(example, member.needs)
                found = candidates(family, media)
                by_task = not any((media.images, media.videos, media.audios)) and member.needs.slots
                assert member.model in found.models or (by_task and found.models), (family.name, example, found)
                tried += 1
    assert tried > 400
