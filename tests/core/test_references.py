"""Which earlier tasks a request builds on without knowing that they have finished."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from kie import RequestInvalid, TaskRef, TaskStatus
from kie._core.field_facts import FieldFacts
from kie._core.request import unknown_references
from kie.models import NanoBananaPro, VeoExtend

VEO = TaskRef("1", "veo")
DONE = TaskStatus(ref=VEO, state="succeeded")


def unknown(request: Any) -> list[tuple[str, Any, tuple[str, ...]]]:
    return list(unknown_references(request))


@pytest.mark.parametrize("value", ["1", VEO])
def test_a_task_of_which_only_the_id_is_known_has_to_be_polled(value: Any) -> None:
    assert unknown(VeoExtend(task_id=value, prompt="on")) == [("taskId", value, ("veo",))]


@pytest.mark.parametrize("value", [DONE, SimpleNamespace(ref=VEO, status=DONE)])
def test_a_task_whose_status_is_known_has_not(value: Any) -> None:
    assert unknown(VeoExtend(task_id=value, prompt="on")) == []


def test_a_request_past_its_schema_is_left_alone() -> None:
    assert unknown(VeoExtend(task_id="1", prompt="on").unchecked(more=1)) == []


def test_each_task_of_a_list_counts_and_only_where_it_has_to_be_finished() -> None:
    class Body(dict[str, Any]):
        info = SimpleNamespace(
            fields={
                "parts": FieldFacts(families=("veo",), parts=("track",), finished=True),
                "running": FieldFacts(families=("veo",)),
                "some": FieldFacts(families=("veo",), finished=True),
            }
        )

    body = Body(parts=VEO, running="2", some=["3", DONE, VEO, 4])
    assert unknown(body) == [("some", "3", ("veo",)), ("some", VEO, ("veo",))]


def test_what_is_added_unchecked_is_refused_at_once_if_json_cannot_hold_it() -> None:
    with pytest.raises(RequestInvalid, match="which JSON cannot hold"):
        NanoBananaPro(prompt="x").unchecked(more=cast(Any, object()))
