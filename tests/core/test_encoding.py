"""What becomes of each kind of value on the wire, and which are refused."""

from __future__ import annotations

import math
from decimal import Decimal
from enum import IntEnum, StrEnum
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kie import RawRequest, RequestInvalid, TaskRef, TaskStatus, UploadedFile
from kie._core.encoding import PENDING_URL, Encoder, plain
from kie._core.field_facts import FieldFacts
from kie._core.media_rules import MediaRule
from kie._core.model_info import ModelInfo
from kie.models import NanoBananaPro

PNG = b"\x89PNG\r\n\x1a\n"


def encoder(*, anywhere: bool = False, **facts: Any) -> Encoder:
    """An encoder that knows something of the field `a`."""
    info = SimpleNamespace(fields={"a": FieldFacts(**facts)})
    return Encoder(cast(ModelInfo, info), anywhere=anywhere)


def faults(made: Encoder) -> list[str]:
    return [f"{issue.path} {issue.message}" for issue in made.issues]


class Whole(IntEnum):
    ONE = 1


class Word(StrEnum):
    A = "a"


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (None, None),
        (True, True),
        ("words", "words"),
        (Word.A, "a"),
        (Whole.ONE, 1),
        (0.5, 0.5),
        (Decimal("0.5"), 0.5),
        (Decimal("3"), 3),
        (Decimal("3.0"), 3),
        ((1, [2.5]), [1, [2.5]]),
        ({"b": (1,)}, {"b": [1]}),
        (UploadedFile(url="https://a.example/x.png"), "https://a.example/x.png"),
        ("data:,words", "data:,words"),
    ],
)
def test_a_value_is_sent_as_the_plainest_json(value: object, sent: object) -> None:
    made = encoder()
    found = made.value(value, ("a",))
    assert (found, type(found), faults(made)) == (sent, type(sent), [])


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (math.nan, "is nan, which is not a number"),
        (-math.inf, "is -inf, which is not a number"),
        (Decimal("Infinity"), "is Infinity, which is not a number"),
        (Decimal("NaN"), "is NaN, which is not a number"),
        ("\ud800", "contains half of a surrogate pair, which is not valid Unicode"),
        (object(), "is of type object, which JSON cannot hold"),
        (PNG, "is a file or bytes, but this field takes no media"),
        (TaskRef("1"), "is a TaskRef, but this field names no task"),
    ],
)
def test_a_value_that_cannot_be_sent_is_a_fault_of_its_place(value: object, fault: str) -> None:
    made = encoder()
    assert made.value([value], ("a",)) == [None]
    assert faults(made) == [f"a[0] {fault}"]


def test_a_key_that_is_not_text_is_a_fault() -> None:
    made = encoder()
    assert made.value({1: 2}, ("a",)) == {"1": 2}
    assert faults(made) == ["a has the key 1, which is not text"]


def test_a_media_field_says_what_to_pass_instead() -> None:
    made = encoder(media=MediaRule(kind="image"))
    assert made.value(object(), ("a",)) is None
    assert faults(made)[0].startswith("a is of type object; pass a URL")


@pytest.mark.parametrize(
    ("made", "value", "local"),
    [
        (encoder(media=MediaRule(kind="image")), PNG, {"a": PNG}),
        (encoder(media=MediaRule(kind="image")), "data:,words", {"a": "data:,words"}),
        (encoder(anywhere=True), PNG, {"a": PNG}),
        (encoder(anywhere=True), "data:,words", {}),
        (encoder(anywhere=True, media=MediaRule(kind="image")), "data:,words", {}),
    ],
)
def test_local_media_are_noted_where_they_may_stand(made: Encoder, value: object, local: dict[str, object]) -> None:
    sent = made.value(value, ("a",))
    assert (made.local, faults(made)) == (local, [])
    assert sent == (f"{PENDING_URL}1" if local else value)


# earlier tasks

VEO = TaskRef("1", "veo")


def status(state: Any) -> TaskStatus:
    return TaskStatus(ref=VEO, state=state)


def handle(state: Any) -> Any:
    return SimpleNamespace(ref=VEO, status=None if state is None else status(state))


@pytest.mark.parametrize("value", [VEO, status("succeeded"), handle("succeeded"), handle(None)])
def test_an_earlier_task_is_sent_by_its_id(value: object) -> None:
    made = encoder(families=("veo", "jobs"))
    assert (made.value(value, ("a",)), faults(made)) == ("1", [])


@pytest.mark.parametrize("value", [status("failed"), handle("failed")])
def test_a_task_that_is_known_to_have_failed_is_a_fault_before_anything_is_charged(value: object) -> None:
    made = encoder(families=("veo",))
    assert made.value(value, ("a",)) is None
    assert faults(made) == ["a needs a finished task; veo:1 is failed"]


def test_a_task_of_another_family_is_a_fault() -> None:
    made = encoder(families=("jobs", "runway"))
    assert made.value(VEO, ("a",)) is None
    assert faults(made) == ["a needs a task of jobs or runway; veo:1 belongs to veo"]


def part(**ids: Any) -> Any:
    return SimpleNamespace(ref=VEO, part_id=ids.get)


@pytest.mark.parametrize(
    ("value", "sent"), [(part(voice="v"), "v"), (part(track="t"), "t"), (part(track="", voice="v"), "v")]
)
def test_the_first_part_that_there_is_stands_for_a_task(value: object, sent: str) -> None:
    made = encoder(families=("veo",), parts=("track", "voice"))
    assert (made.value(value, ("a",)), faults(made)) == (sent, [])


@pytest.mark.parametrize("value", [part(), part(track=7), VEO])
def test_a_task_without_such_a_part_is_a_fault(value: object) -> None:
    made = encoder(families=("veo",), parts=("track", "voice"))
    assert made.value(value, ("a",)) is None
    assert faults(made) == [f"a must be a track or voice, or the id of one, not a {type(value).__name__}"]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, "half of a pair: \ud800", "caf\u00e9"])
def test_what_needs_a_closer_look_is_not_sent_on_the_fast_path(value: object) -> None:
    assert plain(SimpleNamespace(a=value), (("a", "a"),)) is None


@pytest.mark.parametrize("prompt", ["\ud800", "a\udfff"])
def test_half_of_a_surrogate_pair_is_a_fault_when_the_request_is_made(prompt: str) -> None:
    with pytest.raises(RequestInvalid, match="half of a surrogate pair"):
        NanoBananaPro(prompt=prompt)


def test_a_body_of_another_model_is_not_read_as_one_of_this() -> None:
    body = NanoBananaPro(prompt="A city").to_wire()
    assert NanoBananaPro.from_wire(body) == NanoBananaPro(prompt="A city")
    with pytest.raises(RequestInvalid, match="must be nano-banana-pro, not 'nano-banana-2'"):
        NanoBananaPro.from_wire({**body, "model": "nano-banana-2"})


def nested(levels: int) -> list[Any]:
    made: list[Any] = []
    for _ in range(levels - 1):
        made = [made]
    return made


HOLDS_ITSELF: dict[str, Any] = {}
HOLDS_ITSELF["a"] = [HOLDS_ITSELF]


@pytest.mark.parametrize("value", [nested(65), nested(5000), HOLDS_ITSELF], ids=["65", "5000", "itself"])
def test_what_is_nested_too_deeply_is_refused_in_every_kind_of_request(value: Any) -> None:
    for make in (
        lambda: RawRequest(model="x/y", input={"a": value}),
        lambda: NanoBananaPro(prompt=value),
        lambda: NanoBananaPro(prompt="x", image_input=value),
        lambda: NanoBananaPro(prompt="x").unchecked(a=value),
    ):
        with pytest.raises(RequestInvalid, match="is nested more than 64 levels deep, or holds itself"):
            make()


def test_what_is_nested_as_deep_as_answers_may_be_is_sent() -> None:
    assert RawRequest(model="x/y", input={"a": nested(64)}).to_wire()["input"] == {"a": nested(64)}


@pytest.mark.parametrize("number", [10**300, -(10**300), 10**6000], ids=["300", "-300", "6000"])
def test_a_number_that_cannot_be_written_is_refused_in_every_kind_of_request(number: Any) -> None:
    for make in (
        lambda: RawRequest(model="x/y", input={"a": [number]}),
        lambda: NanoBananaPro(prompt=number),
        lambda: NanoBananaPro(prompt="x", image_input=[number]),
        lambda: NanoBananaPro(prompt="x").unchecked(a=number),
    ):
        with pytest.raises(RequestInvalid, match="has more than 300 digits"):
            make()
    assert RawRequest(model="x/y", input={"a": number // 10**5701 if number > 10**301 else number // 10}).to_wire()
