"""Loose input becomes a request, or a plan that says what keeps it from being one."""

from __future__ import annotations

import json
import pickle
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kie import Budget, Kie, RawRequest, catalog
from kie._core.estimates import Estimate
from kie._plans.plan import _belongs_elsewhere
from kie._plans.preflight import Limits, decide
from kie.errors import ArgumentInvalid, ConfigError, Issue, NotReady
from kie.models import GoogleNanoBanana2, Kling30Video, SunoGenerate
from kie.plans import Plan
from kie.testing import virtual_kie

A, B = "https://example.com/a.png", "https://example.com/b.png"
CLIP = "https://example.com/c.mp4"


@pytest.fixture
def client() -> Kie:
    return virtual_kie()[0]


def kling(client: Kie, **more: Any) -> Plan:
    return client.plan("kling 3.0", **{"prompt": "Waves", "duration": 5, "mode": "pro", **more})


def rules(issues: tuple[Issue, ...]) -> list[str]:
    return [issue.rule for issue in issues]


def test_the_example_of_the_documents_is_read(client: Kie) -> None:
    plan = client.plan("kling 3.0", prompt="A reveal", images=["start.png"], duration="5s", quality="pro")
    assert plan.request == Kling30Video(prompt="A reveal", image_urls=[Path("start.png")], duration="5", mode="pro")
    assert plan.changes == ("quality -> mode", "duration: '5s' -> '5'", "images[0] -> image_urls[0] (first_frame)")
    assert rules(plan.warnings) == ["provider_inferred_from_media"]
    assert [issue.path for issue in plan.defaulted] == ["sound", "aspect_ratio", "multi_shots"]
    assert plan.estimate is not None
    assert plan.estimate.credits == 90
    assert (plan.state, plan.decision, plan.task_mode) == ("ready_with_warning", "allow", "image_to_video")


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({"banana": 1, "mode": None, "images": [A]}, "invalid"),
        ({"mode": None, "images": [A]}, "needs_input"),
        ({"images": [A]}, "ready_with_warning"),
        ({}, "ready_with_defaults"),
        ({"sound": "no", "aspect_ratio": "16x9", "multi_shots": False}, "ready"),
    ],
)
def test_the_worst_of_five_states_wins(client: Kie, more: dict[str, Any], state: str) -> None:
    plan = kling(client, **more)
    assert plan.state == state
    assert (plan.request is not None) == state.startswith("ready")


def test_all_faults_are_reported_at_once_and_nothing_is_sent() -> None:
    client, service, _ = virtual_kie()
    plan = kling(client, duration="99", mode="banana", colour="red", aspect_ratio=7)
    assert {issue.path for issue in plan.faults} == {"duration", "mode", "colour", "aspect_ratio"}
    assert plan.decision == "reject"
    assert service.log == []


def test_what_is_missing_is_offered_with_its_price(client: Kie) -> None:
    plan = kling(client, mode=None)
    assert [(each.field, each.value, each.at_most) for each in plan.choices] == [
        ("mode", "std", 70),
        ("mode", "pro", 90),
        ("mode", "4K", 335),
    ]
    answered = plan.answer(mode="std")
    assert isinstance(answered.request, Kling30Video)
    assert answered.request.mode == "std"
    assert plan.request is None, "a plan does not change"


def test_a_plan_does_not_choose_between_models(client: Kie) -> None:
    plan = client.plan("flux-2", prompt="A lighthouse")
    assert (plan.state, plan.model, rules(plan.missing)) == ("needs_input", None, ["choice"])
    assert [(each.value, each.at_most) for each in plan.choices] == [
        ("flux-2/pro-text-to-image", 5),
        ("flux-2/flex-text-to-image", 14),
    ]
    assert plan.answer(model=plan.choices[1].value).model == "flux-2/flex-text-to-image"


def test_a_value_with_two_meanings_is_not_decided(client: Kie) -> None:
    found = client.plan("kling-3.0/video", prompt="x", duration=5, mode="pro", aspect_ratio="square")
    assert isinstance(found.request, Kling30Video)
    assert found.request.aspect_ratio == "1:1"
    plan = client.plan("nano-banana-2", prompt="x", aspect_ratio="landscape")
    assert (plan.state, rules(plan.missing)) == ("needs_input", ["ambiguous"])
    assert "16:9" in [each.value for each in plan.choices]


def test_a_note_with_a_sharp_is_not_one_without(client: Kie) -> None:
    given: dict[str, Any] = {"task_id": "0" * 32, "audio_id": "a", "sound_loop": False}
    model = next(m for m in catalog.models() if any(field.name == "sound_key" for field in m.fields))
    for spelt, key in (("g#", "G#"), ("g", "G"), ("c#M", "C#m")):
        plan = client.plan(model.id, prompt="x", sound_key=spelt, **given)
        assert f"sound_key: {spelt!r} -> {key!r}" in plan.changes


@pytest.mark.parametrize(
    ("name", "value"),
    [("quality", "pro"), ("Mode", "PRO"), ("MODE", ["pro"]), ("tier", "Pro")],
)
def test_other_words_for_a_field_are_read_where_only_one_fits(client: Kie, name: str, value: Any) -> None:
    plan = client.plan("kling 3.0", prompt="x", duration=5, **{name: value})
    assert isinstance(plan.request, Kling30Video)
    assert plan.request.mode == "pro"


def test_a_field_that_is_given_twice_is_a_fault(client: Kie) -> None:
    plan = client.plan("kling 3.0", prompt="x", duration=5, mode="pro", MODE="std")
    assert rules(plan.faults) == ["given_twice"]
    assert client.plan("kling 3.0", prompt="x", duration=5, mode="pro", MODE="pro").ready


def test_text_that_looks_like_a_template_is_left_alone(client: Kie) -> None:
    text = "{{user_prompt}} {0} %(x)s ${HOME} {% raw %} 16x9 yes 5s"
    plan = kling(client, prompt=text)
    assert isinstance(plan.request, Kling30Video)
    assert plan.request.prompt == text


def test_an_empty_prompt_is_missing(client: Kie) -> None:
    plan = kling(client, prompt="  ")
    assert (plan.state, [issue.path for issue in plan.missing]) == ("needs_input", ["prompt"])


def test_a_group_of_fields_of_which_one_is_needed_is_missing_not_a_fault(client: Kie) -> None:
    plan = client.plan("minimax-h3/image-to-video", prompt="Waves", duration=5)
    assert plan.state == "needs_input"
    both = client.plan("grok-imagine-image-2-0/segment-map", task_id="0" * 32, image_url=A)
    assert both.state == "invalid"


# media


@pytest.mark.parametrize(
    "media",
    [
        {"images": {"first_frame": A, "last_frame": B}},
        {"images": {"last": B, "start": A}},
        {"first_frame": A, "last_frame": B},
        {"startImage": A, "end-image": B},
        {"images": [A, B]},
        {"images": (A, {"last_frame": B})[0:1], "tail_image_url": B},
        {"image_urls": [A, B]},
    ],
)
def test_first_and_last_frames_are_read_in_many_ways(client: Kie, media: dict[str, Any]) -> None:
    plan = kling(client, **media)
    assert isinstance(plan.request, Kling30Video), [*map(str, (*plan.faults, *plan.missing))]
    assert plan.request.image_urls == (A, B)


def test_media_go_into_the_field_of_their_role(client: Kie) -> None:
    plan = client.plan("seedance-2.0", prompt="Waves", reference=[A, CLIP], duration=5)
    assert plan.request is not None
    body: Any = plan.request.to_wire()["input"]
    assert (body["reference_image_urls"], body["reference_video_urls"]) == ([A], [CLIP])
    assert plan.warnings == ()


def test_what_images_are_for_is_sent_where_one_field_takes_several_kinds(client: Kie) -> None:
    body: Any = client.plan("veo 3.1", prompt="Waves", reference=[A]).to_dict()["request"]
    assert body["input"]["generation_type"] == "REFERENCE_2_VIDEO"


@pytest.mark.parametrize(
    ("name", "media"),
    [
        ("kling 3.0", {"images": {"last_frame": A}}),
        ("kling 3.0", {"images": {"sidekick": A}}),
        ("kling 3.0", {"images": [A, A, A]}),
        ("kling 3.0", {"images": [A], "image_urls": [B]}),
        ("kling 3.0", {"audios": [CLIP]}),
        ("seedance-2.0", {"images": {"first_frame": A, "reference": [B]}}),
        ("seedance-2.0", {"images": [A] * 30}),
        ("imagen 4", {"images": [A]}),
    ],
)
def test_contradictory_roles_and_too_many_media_are_faults(client: Kie, name: str, media: dict[str, Any]) -> None:
    plan = client.plan(name, prompt="Waves", **media)
    assert (plan.state, plan.decision, plan.request) == ("invalid", "reject", None)
    assert all(issue.rule in ("media_roles", "too_many_media", "media_together") for issue in plan.faults), plan.faults


def test_a_text_is_a_file_only_where_it_is_given_as_media(client: Kie) -> None:
    plan = kling(client, image_urls=["/etc/hostname"])
    assert plan.state == "invalid"
    assert "pass a pathlib.Path" in plan.faults[0].message


def test_text_of_strangers_names_no_file_if_that_is_not_wanted(client: Kie) -> None:
    body = {"model": "kling 3.0", "input": {"prompt": "x", "images": ["/etc/hostname"], "duration": 5, "mode": "pro"}}
    assert client.plan(body).ready
    plan = client.plan(body, local_files=False)
    assert plan.state == plan.answer(images={"last_frame": "b.png", "first_frame": "a.png"}).state == "invalid"
    assert "is not a URL" in plan.faults[0].message
    assert client.plan(body, local_files=False, images=[A]).ready
    assert kling(client, images=[Path("a.png")], local_files=False).ready, "a path is no text"


def test_results_are_media_of_their_kind() -> None:
    client, _, _ = virtual_kie()
    picture = client.run(GoogleNanoBanana2(prompt="A lighthouse"))
    clip = client.run(Kling30Video(prompt="Waves", duration="5", mode="std"))
    plan = client.plan("seedance-2.0", prompt="Waves", reference=[picture, clip], duration=5)
    assert plan.request is not None
    body: Any = plan.request.to_wire()["input"]
    assert (body["reference_image_urls"], body["reference_video_urls"]) == ([*picture.urls], [*clip.urls])


def test_a_plan_of_any_request_is_that_request(client: Kie) -> None:
    seen = 0
    for model in catalog.models(status="all"):
        facts: Any = model.json_schema()["x-kie"]
        for body in facts.get("examples") or []:
            request = model.request_class.from_wire(
                {"model": model.request_class.info.model, "input": body} if model.request_class.info.model else body
            )
            plan = client.plan(request)
            assert plan.request == request
            assert (plan.changes, plan.faults, plan.missing) == ((), (), ())
            seen += 1
    assert seen > 400


def test_media_decide_between_the_models_of_a_family(client: Kie) -> None:
    more: dict[str, Any] = {"prompt": "Waves", "duration": "5", "sound": False}
    assert client.plan("kling-2.6", **more).model == "kling-2.6/text-to-video"
    assert client.plan("kling-2.6", images=[A], **more).model == "kling-2.6/image-to-video"
    assert client.plan("kling-2.6", images=[A], videos=[CLIP]).model == "kling-2.6/motion-control"
    assert client.plan("kling-2.6", images=[A], task_mode="motion control").model == "kling-2.6/motion-control"
    assert client.plan("kling-2.6", task_mode="dance").state == "invalid"


# preflight


def test_thresholds_decide_what_may_be_run_at_once(client: Kie) -> None:
    def decision(**more: Any) -> str:
        return kling(client, **more).decision

    assert decision() == "allow"
    assert decision(warn_above=90) == "warn"
    assert decision(warn_above=91) == "allow"
    assert decision(confirm_above=90, warn_above=1) == "require_confirmation"
    assert decision(balance=89) == "reject"
    assert decision(balance=Decimal(90)) == "allow"
    assert decision(budget=89) == "reject"
    assert decision(budget=Budget(1000, per_task=89)) == "reject"
    assert decision(colour="red") == "reject"


def test_the_strictest_decision_wins_and_its_reason_comes_first(client: Kie) -> None:
    plan = kling(client, balance=10, confirm_above=50)
    assert plan.decision == "reject"
    assert plan.reasons == (
        "it may cost 90 credits, and the balance is 10",
        "it may cost 90 credits: 50 or more must be confirmed",
    )
    assert kling(client, mode=None).decision == "require_confirmation", "what it costs is not known yet"


def test_of_a_range_the_upper_bound_counts(client: Kie) -> None:
    plan = client.plan("veo 3.1", prompt="Waves", confirm_above=200)
    assert plan.estimate is not None
    assert plan.estimate.at_least < 100
    assert plan.decision == "require_confirmation"
    assert client.plan(plan, balance=100).decision == "reject"


def test_what_is_overdrawn_has_nothing_left_and_what_has_no_bound_costs_more() -> None:
    price = Estimate(model="a", at_least=Decimal(8), at_most=None, listed=None, notes=("the clip has any length",))
    decision, reasons = decide(price, Limits(left=Decimal(-5)), invalid=False)
    assert decision == "reject"
    assert reasons == (
        "it costs 8 credits or more, and the budget has 0 left",
        "the most that it may cost is not known: the clip has any length",
    )
    assert decide(attrs.evolve(price, notes=()), Limits(), invalid=False)[1] == (
        "the most that it may cost is not known: the price list gives no upper bound",
    )


def test_reasons_of_one_weight_keep_their_order() -> None:
    price = Estimate(model="a", at_least=Decimal(8), at_most=Decimal(8), listed=None)
    decision, reasons = decide(price, Limits(), invalid=False, warnings=("withdrawn", "few succeed"))
    assert (decision, reasons) == ("warn", ("withdrawn", "few succeed"))


def test_an_unknown_price_skips_no_threshold(client: Kie) -> None:
    """A motion-control video costs by the length of the video, which nobody knows here."""
    plan = client.plan("kling-3.0/motion-control", images=[A], videos=[CLIP], mode="std")
    assert plan.estimate is not None
    assert plan.estimate.at_most is None
    assert plan.decision == "require_confirmation"
    assert "the most that it may cost is not known" in plan.reasons[0]
    assert client.plan(plan, budget=10**6).decision == "reject", "a budget refuses what has no bound"
    assert client.plan(plan, budget=Budget(10**6, unpriced="allow")).decision == "require_confirmation"


def test_the_balance_is_read_only_if_asked() -> None:
    client, service, _ = virtual_kie()
    kling(client)
    assert service.log == []
    service.credits = Decimal(50)
    plan = kling(client, balance=True)
    assert len(service.log) == 1
    assert (plan.decision, plan.reasons) == ("reject", ("it may cost 90 credits, and the balance is 50",))


def test_a_low_success_rate_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    from kie.simulator import _models_api as answers

    client, _, _ = virtual_kie()
    assert kling(client, success_rate=True).warnings == ()
    point = {"start": "2026-11-01 00:00:00", "end": "2026-11-01 00:10:00", "successRate": 41.0, "errorRate": 59.0}
    monkeypatch.setattr(
        "kie._plans.planning.vendor.success_rate", lambda _ctx, _model: _points(answers, point["successRate"])
    )
    plan = kling(client, success_rate=True)
    assert rules(plan.warnings) == ["low_success_rate"]
    assert (plan.state, plan.decision) == ("ready_with_warning", "warn")


def _points(_answers: object, share: object) -> Any:
    from datetime import UTC, datetime

    from kie._tasks.vendor import SuccessRate

    yield from ()
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    assert isinstance(share, float)
    return [SuccessRate(start=moment, end=moment, succeeded=share, failed=100 - share, normal=None)]


def test_a_withdrawn_model_is_a_warning(client: Kie) -> None:
    retired = next(model for model in catalog.models(status="retired") if "text-to-video" in model.id)
    facts: Any = retired.json_schema()["x-kie"]
    plan = client.plan(retired.id, **facts["examples"][0])
    assert "retired" in rules(plan.warnings)
    assert any("withdrawn" in reason for reason in plan.reasons)


def test_figures_that_are_no_numbers_are_refused(client: Kie) -> None:
    with pytest.raises(ConfigError, match="warn_above"):
        kling(client, warn_above="many")
    with pytest.raises(ConfigError, match="balance"):
        kling(client, balance="much")


# a plan is a value


def test_a_plan_of_its_own_request_changes_nothing(client: Kie) -> None:
    for request in (
        kling(client, images=[A, B]).request,
        GoogleNanoBanana2(prompt="x", aspect_ratio=None),
        SunoGenerate(prompt="A shanty", custom_mode=False, instrumental=True, model="V5"),
    ):
        assert request is not None
        again = client.plan(request)
        assert (again.request, again.changes, again.defaulted) == (request, (), ())
        assert again.state in ("ready", "ready_with_warning")


def test_a_request_can_be_answered(client: Kie) -> None:
    request = Kling30Video(prompt="Waves", duration="5", mode="std")
    changed = client.plan(request).answer(duration="10 s", images=[A])
    assert changed.request == Kling30Video(prompt="Waves", duration="10", mode="std", image_urls=[A])


def test_an_answer_replaces_what_was_given_under_another_name(client: Kie) -> None:
    plan = client.plan("kling 3.0", prompt="x", duration="7s", quality="std", images=[A])
    answered = plan.answer(mode="pro", length=5, images=None)
    assert answered.request == Kling30Video(prompt="x", duration="5", mode="pro")


def test_a_plan_pickles_and_has_no_key(tmp_path: Path) -> None:
    key = "a-secret-key-of-somebody"
    client = Kie(key)
    picture = tmp_path / "a.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 64)
    for plan in (
        kling(client, images=[picture]),
        kling(client, **dict.fromkeys(("api_key", "token", "KIE_API_KEY", "Authorization", "key"), key)),
        kling(client, mode=None, budget=100),
        client.plan("nothing like it"),
    ):
        stored = pickle.dumps(plan)
        assert pickle.loads(stored) == plan
        assert key.encode() not in stored
        assert key not in repr(plan) + json.dumps(plan.to_dict())
        assert pickle.loads(stored).answer(sound=True).state == plan.answer(sound=True).state
    with picture.open("rb") as file:
        assert pickle.loads(pickle.dumps(kling(client, images=[file]))).model == "kling-3.0/video"
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        plan.state = "ready"  # type: ignore[misc]


def test_a_dict_has_our_names_and_those_of_another_client(client: Kie) -> None:
    found: Any = kling(client, images=[A], colour="red", mode=None).to_dict()
    for ours, theirs in (
        ("missing", "missing_inputs"),
        ("defaulted", "defaulted_fields"),
        ("warnings", "warning_details"),
        ("faults", "impossible_inputs"),
    ):
        assert found[ours] == found[theirs]
    assert found["faults"][0]["field"] == "colour"
    assert (found["state"], found["model"], found["model_key"]) == ("invalid", "kling-3.0/video", "kling-3.0")
    assert json.loads(json.dumps(found)) == found


def test_no_field_of_a_model_is_taken_for_a_key() -> None:
    names = {field.name for model in catalog.models(status="all") for field in model.fields}
    assert "sound_key" in names
    assert not any(_belongs_elsewhere(name) for name in names)


def test_a_request_past_its_schema_is_planned_with_an_open_price(client: Kie) -> None:
    for request in (
        GoogleNanoBanana2(prompt="x").unchecked(novelty=1),
        RawRequest("somebody/new-model", {"prompt": "x"}),
    ):
        plan = client.plan(request)
        assert plan.request is request
        assert plan.decision == "require_confirmation"
        assert json.loads(json.dumps(plan.to_dict()))["state"] == plan.state


def test_a_mapping_and_a_class_are_read_like_a_name(client: Kie) -> None:
    body = {"model": "kling-3.0", "input": {"prompt": "x", "images": [A], "duration": 5, "mode": "std"}}
    assert client.plan(body).request == client.plan("kling-3.0", images=[A], prompt="x", duration=5, mode="std").request
    assert client.plan(Kling30Video, prompt="x", duration=5, mode="std").ready
    with pytest.raises(ArgumentInvalid, match=r"answer\(mode=...\)"):
        client.plan(Kling30Video(prompt="x", duration="5", mode="std"), mode="pro")
    with pytest.raises(ArgumentInvalid, match="not 5"):
        client.plan(5)  # type: ignore[arg-type]


def test_an_unknown_name_is_a_fault_that_names_similar_ones(client: Kie) -> None:
    plan = client.plan("klng 3.0")
    assert rules(plan.faults) == ["unknown_model"]
    assert any("kling" in str(name) for name in plan.faults[0].allowed)
    with pytest.raises(NotReady, match="klng"):
        client.run(plan)


class Hostile:
    """A value whose every method fails."""

    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError("no")


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=30),
    st.binary(max_size=8),
    st.builds(Hostile),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=6,
)
NAMES = st.one_of(
    st.sampled_from(["prompt", "Duration", "image-urls", "quality", "first_frame", "multi_prompt", "kling elements"]),
    st.text(max_size=12),
)
MODELS = st.sampled_from(
    ["kling 3.0", "kling-2.6", "seedance-2.0", "veo 3.1", "suno", "flux-2", "ideogram/v3", "", "?"]
)
MEDIA = st.one_of(st.none(), VALUES, st.lists(st.just(A), max_size=4), st.dictionaries(st.text(max_size=8), VALUES))


@given(name=MODELS, fields=st.dictionaries(NAMES, VALUES, max_size=5), images=MEDIA, videos=MEDIA, reference=MEDIA)
def test_no_loose_input_raises(name: str, fields: dict[str, Any], images: Any, videos: Any, reference: Any) -> None:
    client, service, _ = virtual_kie()
    own = {"images", "videos", "audios", "reference", "task_mode", "warn_above", "confirm_above", "budget", "balance"}
    fields = {key: value for key, value in fields.items() if key not in own | {"success_rate", "self"}}
    plan = client.plan(name, images=images, videos=videos, reference=reference, **fields)
    assert plan.ready == plan.state.startswith("ready")
    json.dumps(plan.to_dict())
    repr(plan)
    plan.answer(mode="pro", images=[A])
    assert service.log == []
    if "unreadable" in rules(plan.faults):
        assert "RuntimeError: no" in plan.faults[0].message


def test_media_that_a_task_mode_needs_are_missing_beside_what_else_is(client: Kie) -> None:
    plan = client.plan("kling-3.0-i2v", prompt="A fox runs")
    assert plan.state == "needs_input"
    assert [issue.path for issue in plan.missing] == ["duration", "mode", "images"]
    assert "at least one is needed for image_to_video" in plan.missing[-1].message
    assert [issue.path for issue in client.plan("kling-2.6-i2v", prompt="A fox", duration=5, sound=False).missing] == [
        "image_urls"
    ]


@pytest.mark.parametrize(
    "said", ["-5", -5, "- 5", "\N{MINUS SIGN}5", "\N{EN DASH}5", "5k", "5x", "5p", "≥5", "€5", "±5"]
)
def test_a_number_with_another_sign_or_unit_is_another_number(client: Kie, said: object) -> None:
    plan = kling(client, duration=said)
    assert plan.state == "invalid" and [issue.path for issue in plan.faults] == ["duration"] and not plan.changes


@pytest.mark.parametrize(
    ("model", "field", "said", "meant"),
    [
        ("topaz/image-upscale", "upscale_factor", "4x", "4"),
        ("topaz/image-upscale", "upscale_factor", "2 times", "2"),
        ("topaz/image-upscale", "upscale_factor", "4K", None),  # that is a size, and costs something else
        ("omnihuman-1-5", "output_resolution", "720p", "720"),
        ("omnihuman-1-5", "output_resolution", "720s", None),
        ("kling-3.0/video", "duration", "5 sec", "5"),
        ("nano-banana-pro", "resolution", "2", "2K"),
        ("nano-banana-pro", "resolution", "2x", None),
        ("ideogram/character", "num_images", "2s", None),
    ],
)
def test_a_bare_number_takes_the_unit_that_its_description_names(
    client: Kie, model: str, field: str, said: str, meant: str | None
) -> None:
    changes = client.plan({"model": model, "input": {field: said}}).changes
    assert changes == (() if meant is None else (f"{field}: {said!r} -> {meant!r}",))


@pytest.mark.parametrize(
    ("name", "fields", "field"),
    [
        ("nano banana pro", {"images": [A, CLIP]}, "image_input"),
        (
            "nano banana pro",
            {"image_input": ["https://example.com/a.PNG?b=c.mp4", "https://example.com/m.mp3?x=1#y"]},
            "image_input",
        ),
        ("kling-3.0/motion-control", {"input_urls": [A], "video_urls": [B], "mode": "720p"}, "video_urls"),
    ],
)
def test_a_url_whose_name_says_another_kind_than_its_field_takes_is_warned_of(
    client: Kie, name: str, fields: dict[str, Any], field: str
) -> None:
    plan = client.plan(name, prompt="A fox", **fields)
    (warning,) = [issue for issue in plan.warnings if issue.rule == "advice"]
    assert warning.path == field and "by its name" in warning.message and plan.state == "ready_with_warning"
    assert plan.request is not None and rules(client.plan(plan.request).warnings) == ["advice"]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.mov",
        "https://example.com/mp4",
        "https://example.com/a.b/c",
        "data:image/png;base64,iVBORw0KGgo=",
    ],
)
def test_a_url_whose_name_says_nothing_is_not_doubted(client: Kie, url: str) -> None:
    assert not client.plan({"model": "nano-banana-pro", "input": {"prompt": "A fox", "image_input": [url]}}).warnings


@pytest.mark.parametrize(
    ("name", "given", "change"),
    [
        ("nano banana pro", {"format": "JPEG"}, "output_format: 'JPEG' -> 'jpg'"),
        ("kling 3.0", {"mode": "Standard"}, "mode: 'Standard' -> 'std'"),
        ("kling 3.0", {"mode": "professional"}, "mode: 'professional' -> 'pro'"),
    ],
)
def test_the_long_form_of_a_value_is_its_short_one(client: Kie, name: str, given: dict[str, Any], change: str) -> None:
    assert change in client.plan(name, prompt="A fox", **given).changes
