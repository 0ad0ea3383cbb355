"""Places in a request: written, read back, walked and filled."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kie import TaskRef
from kie._core import paths
from kie._core.request import Request
from kie._core.results import Result
from kie.models import ElevenlabsTextToDialogueV3, Kling30Video, NanoBananaPro

NAMES = st.text(min_size=0, max_size=6) | st.sampled_from(["a.b", "[0]", '"', "\\", "", "a[0]", "prompt"])
PATHS = st.lists(NAMES | st.integers(min_value=0, max_value=10**6), max_size=5).map(tuple)


@given(path=PATHS)
def test_a_path_is_read_back_as_it_was_written(path: paths.Path) -> None:
    assert paths.parse(paths.render(path)) == path


@given(one=PATHS, other=PATHS)
def test_no_two_paths_are_written_alike(one: paths.Path, other: paths.Path) -> None:
    assert (paths.render(one) == paths.render(other)) == (one == other)


@pytest.mark.parametrize(
    ("path", "text", "key"),
    [
        ((), "", ""),
        (("prompt",), "prompt", "prompt"),
        (("dialogue", 0, "voice"), "dialogue[0].voice", "dialogue.voice"),
        (("boxes", 2, 1, 0), "boxes[2][1][0]", "boxes"),
        ((0, "a"), "[0].a", "a"),
        (("a.b", 0), '["a.b"][0]', "a.b"),
    ],
)
def test_a_path_is_written_as_people_read_it(path: paths.Path, text: str, key: str) -> None:
    assert (paths.render(path), paths.key(path)) == (text, key)


@given(text=st.text(max_size=12))
def test_any_text_is_a_path(text: str) -> None:
    found = paths.parse(text)
    assert found == (text,) or paths.render(found) == text or paths.parse(paths.render(found)) == found


def test_fields_are_renamed_wherever_they_stand_in_a_path() -> None:
    names = {"lines": "the_lines", "lines.voiceId": "voice_id"}
    assert paths.renamed(("lines", 3, "voiceId"), names) == ("the_lines", 3, "voice_id")
    assert paths.renamed(("voiceId",), names) == ("voiceId",)


def test_what_stands_at_a_key_is_found_in_bodies_and_requests_alike() -> None:
    lines: Any = [{"text": "a", "voice": "Rachel"}, {"text": "b", "voice": "Aria"}]
    request = ElevenlabsTextToDialogueV3(dialogue=lines)
    for value in (request, request.to_wire()["input"]):
        assert list(paths.reach(value, "dialogue.text")) == ["a", "b"]
        assert list(paths.reach(value, "dialogue.gone")) == []
        assert list(paths.reach(value, "stability.text")) == []
    assert list(paths.reach({"urls": ["a", "b"], "none": None}, "urls")) == [["a", "b"]]
    assert list(paths.reach({"urls": ["a", "b"], "none": None}, "none")) == []


def test_values_are_replaced_in_lists_mappings_requests_and_parts() -> None:
    element: Any = {"name": "cat", "description": "a cat", "element_input_urls": [b"one", b"two"]}
    request: Request[Result] = Kling30Video(
        prompt="@cat", duration="5", mode="std", image_urls=["https://a/b.png"], kling_elements=[element]
    )
    made = paths.replaced(request, {"kling_elements[0].element_input_urls[1]": "https://c/d.png"})
    assert isinstance(made, Kling30Video) and made.kling_elements is not None
    assert made.kling_elements[0].element_input_urls == (b"one", "https://c/d.png")
    assert dict(request.local_media) == {
        "kling_elements[0].element_input_urls[0]": b"one",
        "kling_elements[0].element_input_urls[1]": b"two",
    }
    assert paths.replaced({"a": [1, {"b": 2}], "a.b": 3}, {"a[1].b": 4, '["a.b"]': 5}) == {"a": [1, {"b": 4}], "a.b": 5}
    assert paths.replaced(TaskRef("x"), {"": 1}) == TaskRef("x")


def test_two_files_whose_paths_look_alike_are_two_files() -> None:
    raw = NanoBananaPro(prompt="x").unchecked(**{"a.b": b"one", "a": {"b": b"two"}})  # type: ignore[arg-type,dict-item]
    assert sorted(raw.local_media.values(), key=str) == [b"one", b"two"]
    done = raw.resolved({path: f"https://x/{media!r}" for path, media in raw.local_media.items()}).to_wire()
    assert done["input"]["a.b"] == "https://x/b'one'"  # type: ignore[call-overload,index]
    assert done["input"]["a"] == {"b": "https://x/b'two'"}  # type: ignore[call-overload,index]
