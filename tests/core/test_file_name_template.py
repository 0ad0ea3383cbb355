"""Where files go is what the user wrote, and nothing that a server names leads out of it."""

from __future__ import annotations

import pytest

from kie import ConfigError
from kie._core.file_name_template import FilePlace, file_name_template, with_id


@pytest.mark.parametrize(
    ("target", "directory", "stem", "suffix"),
    [
        ("out", "out", None, None),
        ("out/", "out/", None, None),
        ("out/v1.2", "out/v1.2", None, None),
        ("picture.png", "", "picture", ".png"),
        ("out/Picture.PNG", "out", "Picture", ".PNG"),
        ("out/{id}-{model}-{n}.{ext}", "out", "t1-google-nano-3", None),
        ("out/{id}", "out", "t1", None),
        ("{model}/", "google-nano/", None, None),
        ("{model}/{n:03}.jpg", "google-nano", "003", ".jpg"),
        ("{{x}}.png", "", "{x}", ".png"),
        ("a{{b}}", "a{b}", None, None),
        ("a{{b}}/x.{ext}", "a{b}", "x", None),
    ],
)
def test_what_a_user_writes_is_a_folder_a_name_or_a_template(
    target: str, directory: str, stem: str | None, suffix: str | None
) -> None:
    place = file_name_template(target).place(id="t1", model="google/nano", n=3)
    assert place == FilePlace(directory=directory, stem=stem, suffix=suffix)


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("{seed}.png", "{seed} is not known"),
        ("{}.png", "{} is not known"),
        ("{id.x}/a", "{id.x} is not known"),
        ("{n!r}.png", "{n!r} is not known"),
        ("{n:x}.png", "{n:x} is not known"),
        ("{id:3}.png", "{id:3} is not known"),
        ("{n:999}.png", "{n:999} is not known"),
        ("{id", "expected '}' before end of string"),
        ("a}b/x.png", "single '}' encountered in format string"),
        ("{ext}/x.png", "{ext} must be at the end of the name"),
        ("{ext}-{id}.png", "{ext} must be at the end of the name"),
    ],
)
def test_a_template_that_cannot_be_filled_in_says_why_and_what_is_known(target: str, why: str) -> None:
    with pytest.raises(ConfigError) as caught:
        file_name_template(target)
    assert why in caught.value.message
    assert "{id}, {model}, {n}, {ext}" in caught.value.message


@pytest.mark.parametrize("id", ["../../etc/passwd", "..", "", "a\\b", "a\nb", "-rf", "{n}"])
def test_no_id_leads_out_of_the_folder_or_is_filled_in_again(id: str) -> None:
    place = file_name_template("out/{id}/{id}.{ext}").place(id=id, model="m", n=7)
    assert place.stem is not None and not set(place.stem) & set("/\\\n{")
    top, folder = place.directory.split("/")
    assert top == "out" and folder not in ("", ".", "..") and not folder.startswith("-")


def test_only_names_that_differ_keep_several_files_apart() -> None:
    assert [file_name_template(text).numbered for text in ("out", "{n}/{n}.png", "{n}/x.png", "{id}.{ext}")] == [
        *(True, True),
        *(False, False),
    ]


def test_an_id_of_the_users_own_stands_for_the_tasks() -> None:
    assert with_id("{{id}}/{id}-{n}.{ext}", "line/7") == "{{id}}/line_7-{n}.{ext}"
