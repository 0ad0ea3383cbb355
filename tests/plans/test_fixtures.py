"""The loose requests that users get for their tests."""

from __future__ import annotations

import pytest

from kie import Kie
from kie.testing import fixtures, virtual_kie

OF_KIE_API = {
    "nano_banana_pro_cinematic_edit": "ready",
    "nano_banana_2_square_ad": "ready",
    "kling_3_image_to_video_5s": "ready_with_warning",
    "kling_3_first_last_frames_5s": "ready_with_warning",
    "kling_3_motion_complete": "ready",
    "kling_3_motion_missing_video": "needs_input",
    "kling_3_pro_audio_15s": "ready_with_defaults",
}


@pytest.mark.parametrize("name", fixtures.REQUESTS)
def test_the_plan_of_a_fixture_has_the_state_and_the_model_that_it_states(name: str) -> None:
    fixture = fixtures.get(name)
    client, service, _ = virtual_kie()
    plan = fixture.plan(client)
    assert (plan.state, plan.model) == (fixture.state, fixture.chosen), (plan.faults, plan.missing, plan.warnings)
    assert (plan.request is not None) is fixture.state.startswith("ready")
    assert not service.accepted


def test_the_seven_of_the_other_client_are_there_with_their_states() -> None:
    assert {name: fixtures.get(name).state for name in OF_KIE_API} == OF_KIE_API
    assert [*fixtures.REQUESTS][: len(OF_KIE_API)] == [*OF_KIE_API]


def test_the_fixtures_have_every_state_and_are_not_changed_by_a_test() -> None:
    states = {fixture.state for fixture in fixtures.REQUESTS.values()}
    assert states == {"ready", "ready_with_defaults", "ready_with_warning", "needs_input", "invalid"}
    arguments = fixtures.get("kling_3_motion_complete").arguments
    with pytest.raises(TypeError):
        arguments["prompt"] = "another"  # type: ignore[index]


def test_a_ready_fixture_can_be_run() -> None:
    client, service, _ = virtual_kie()
    client.run(fixtures.get("kling_3_pro_audio_15s").plan(client)).urls[0]
    assert len(service.accepted) == 1


def test_a_fixture_that_does_not_exist_says_which_there_are() -> None:
    with pytest.raises(KeyError, match="kling_3_motion_missing_video"):
        fixtures.get("kling_4")


def test_a_fixture_is_planned_by_any_client() -> None:
    with Kie("no-key") as client:
        assert fixtures.get("flux_2_tier_left_open").plan(client).state == "needs_input"
