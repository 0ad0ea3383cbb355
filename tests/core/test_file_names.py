"""The name under which a file is uploaded fits everywhere, and says what the content is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kie._core.file_names import LONGEST, NO_FORMAT, fitted, printable


@pytest.mark.parametrize(
    ("name", "format", "expected"),
    [
        ("cat.png", "png", "cat.png"),
        ("cat.PNG", "png", "cat.PNG"),
        ("cat.png", "jpeg", "cat.jpg"),
        ("cat.jfif", "jpeg", "cat.jfif"),
        ("cat", "jpeg", "cat.jpg"),
        ("v1.2", "png", "v1.2.png"),
        ("a.tar.gz", NO_FORMAT, "a.tar.gz"),
        ("clip.m4v", "mp4", "clip.m4v"),
        ("../../etc/passwd", NO_FORMAT, "passwd"),
        ("C:\\photos\\cat.png", "png", "cat.png"),
        ("a\r\nb\x00c\u202e.png", "png", "a__b_c_.png"),
        ("caf\udce9.png", "png", "caf_.png"),
        ("字.png", "png", "字.png"),
        ("", "png", "upload.png"),
        ("..", NO_FORMAT, "upload"),
        (" .png", "png", "png.png"),
        ("photo/", "png", "upload.png"),
    ],
)
def test_a_name_is_made_to_fit(name: str, format: str, expected: str) -> None:
    assert fitted(name, format) == expected


@pytest.mark.parametrize("name", ["a" * 300 + ".png", "字" * 100 + ".jpg", "a." + "x" * 300, "é" * 200])
def test_a_long_name_is_shortened_and_keeps_its_extension(name: str) -> None:
    found = fitted(name, "png")
    assert found.endswith(".png")
    assert LONGEST - 3 <= len(found.encode()) <= LONGEST


@given(st.text(st.characters(codec=None), max_size=400), st.sampled_from(["png", "jpeg", "mp4", NO_FORMAT]))
def test_any_name_fits(name: str, format: str) -> None:
    found = fitted(name, format)
    assert 0 < len(found.encode()) <= LONGEST
    assert found.isprintable() and "/" not in found and "\\" not in found and found.strip(" .")
    assert fitted(found, format) == found
    assert printable(found) == found
