"""Media of the libraries that people use, where these are installed: numpy's arrays, Starlette's uploads."""

from __future__ import annotations

import io
from tempfile import SpooledTemporaryFile
from typing import Any

import pytest
from PIL import Image

from kie._core.media import is_local
from kie._io import local_media as local


def decoded(medium: object) -> Image.Image:
    """The image that is sent for a medium."""
    assert is_local(medium)
    found = local.inspect(medium)
    assert found.file is not None, found.facts.unreadable
    with found.file.open() as file, Image.open(file) as image:
        image.load()
        return image


@pytest.mark.parametrize("depth", [(), (3,), (4,)])
def test_an_array_of_numpy_and_views_of_it_are_sent_as_they_look(depth: tuple[int, ...]) -> None:
    numpy = pytest.importorskip("numpy")
    array = numpy.random.default_rng(7).integers(0, 256, (20, 30, *depth), dtype=numpy.uint8)
    for view in (array, array[::2, ::3], array[::-1], array.swapaxes(0, 1), numpy.asfortranarray(array)):
        image = decoded(view)
        assert image.size == (view.shape[1], view.shape[0])
        assert numpy.array_equal(numpy.asarray(image), view)


@pytest.mark.parametrize("kind", ["float64", "uint16", "bool", "object"])
def test_an_array_of_numpy_that_holds_no_bytes_is_refused_with_its_kind(kind: str) -> None:
    numpy = pytest.importorskip("numpy")
    facts = local.inspect(numpy.zeros((4, 4, 3), dtype=kind)).facts
    assert f"not {kind}, 4 × 4 × 3" in (facts.unreadable or "")


def test_an_empty_array_of_numpy_is_refused() -> None:
    numpy = pytest.importorskip("numpy")
    for shape in ((0, 4, 3), (4, 0)):
        empty = numpy.zeros(shape, dtype=numpy.uint8)
        assert local.inspect(empty).facts.unreadable


@pytest.mark.parametrize("rolled", [False, True])
def test_an_upload_of_starlette_is_sent_from_where_it_stands_and_put_back_there(rolled: bool) -> None:
    starlette: Any = pytest.importorskip("starlette.datastructures")
    picture = io.BytesIO()
    Image.new("RGB", (8, 6)).save(picture, "JPEG")
    with SpooledTemporaryFile(max_size=10**6) as file:
        file.write(b"head" + picture.getvalue())
        if rolled:
            file.rollover()
        file.seek(4)
        upload = starlette.UploadFile(file, filename="photos/cat.png")
        assert is_local(upload)
        found = local.inspect(upload)
        assert found.file is not None
        assert (found.file.name, found.file.content_type) == ("cat.jpg", "image/jpeg")
        with found.file.open() as opened:
            assert opened.read() == picture.getvalue()
        assert file.tell() == 4
