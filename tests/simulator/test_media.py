"""Results are real files."""

from __future__ import annotations

import io
from typing import Any

import av
import pytest
from PIL import Image

from kie import ConfigError
from kie.simulator import Simulator
from kie.simulator import _sample_media as media
from kie.simulator._sample_media import Recipe, make, recipe
from tests.simulator.support import accept, fetch, result_urls

PROMPT = {"prompt": "A futuristic city at sunset"}


@pytest.mark.parametrize(
    ("fields", "kind", "content_type", "size"),
    [
        ({"aspect_ratio": "16:9"}, "PNG", "image/png", (910, 512)),
        ({"aspect_ratio": "9:16", "output_format": "jpg"}, "JPEG", "image/jpeg", (512, 910)),
        ({"aspect_ratio": "auto"}, "PNG", "image/png", (512, 512)),
    ],
)
def test_an_image_has_the_format_and_the_proportions_asked_for(
    fields: dict[str, str], kind: str, content_type: str, size: tuple[int, int]
) -> None:
    state = Simulator()
    url = result_urls(state, {"model": "nano-banana-pro", "input": {**PROMPT, **fields}})[0]
    answer = fetch(state, url)
    assert answer.headers["content-type"] == content_type
    assert answer.headers["content-length"] == str(len(answer.body))
    with Image.open(io.BytesIO(answer.body)) as image:
        assert (image.format, image.size) == (kind, size)
        assert len(image.convert("RGB").getcolors(100_000) or []) > 10


def test_a_video_lasts_three_seconds_in_the_proportions_asked_for() -> None:
    state = Simulator()
    fields = {**PROMPT, "duration": "5", "mode": "std", "multi_shots": False, "aspect_ratio": "9:16"}
    answer = fetch(state, result_urls(state, {"model": "kling-3.0/video", "input": fields})[0])
    assert answer.headers["content-type"] == "video/mp4"
    with av.open(io.BytesIO(answer.body), "r") as container:
        frames = list(container.decode(video=0))
    assert (len(frames), frames[0].width, frames[0].height) == (72, 720, 1280)


@pytest.mark.parametrize(("wanted", "content_type"), [(None, "audio/mpeg"), ("wav", "audio/wav")])
def test_audio_lasts_six_seconds(wanted: str | None, content_type: str) -> None:
    what = recipe("audio", {"text": "hello", "output_format": wanted})
    assert what.content_type == content_type
    with av.open(io.BytesIO(make(what)), "r") as container:
        assert container.duration == pytest.approx(6_000_000, rel=0.02)
        assert container.streams.audio[0].rate == 44_100


def test_a_dialogue_without_a_prompt_has_a_result_too() -> None:
    state = Simulator()
    lines = [{"text": "Hello.", "voice": "Adam"}]
    model = "elevenlabs/text-to-dialogue-v3"
    answer = fetch(state, result_urls(state, {"model": model, "input": {"dialogue": lines}})[0])
    assert answer.headers["content-type"] == "audio/mpeg"


@pytest.mark.parametrize("extension", sorted(media.CONTENT_TYPES))
def test_every_format_can_be_made_and_twice_the_same(extension: str) -> None:
    what = Recipe(extension=extension, text="Ünïcode \ud800 😀", ratio=(1, 50))
    assert make(what) == make(what) != b""


def test_results_of_one_task_differ() -> None:
    assert make(Recipe(extension="png", text="x", index=0)) != make(Recipe(extension="png", text="x", index=1))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, (1, 1)),
        ({"image_size": "portrait_16_9"}, (9, 16)),
        ({"size": "1024x768"}, (1024, 768)),
        ({"aspect_ratio": "0:5"}, (1, 1)),
        ({"aspect_ratio": None, "image_size": "square_hd"}, (1, 1)),
    ],
)
def test_proportions_are_read_from_whichever_field_holds_them(
    fields: dict[str, Any], expected: tuple[int, int]
) -> None:
    assert media.ratio(fields) == expected


def test_a_result_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    state = Simulator()
    url = result_urls(state)[0]
    first = fetch(state, url)
    monkeypatch.setattr("kie.simulator._file_store.make", lambda _: pytest.fail("made again"))
    assert fetch(state, url).body == first.body


@pytest.mark.parametrize("name", ["nothing.png", "", "0_0.png", "../x", "%00"])
def test_a_file_that_is_not_there_is_404(name: str) -> None:
    state = Simulator()
    assert fetch(state, f"{state.base_url}/results/{name}").status == 404
    assert fetch(state, f"{state.base_url}/uploads/{name}").status == 404


def test_a_result_is_not_there_before_its_task_has_succeeded() -> None:
    state = Simulator()
    url = result_urls(Simulator())[0]
    accept(state)
    assert fetch(state, url, now=0.0).status == 404
    assert fetch(state, url).status == 200


def test_a_missing_package_is_named_with_what_to_install() -> None:
    with pytest.raises(ConfigError, match=r"kie\[simulator\]"):
        media.needed("no_such_package_at_all")
    with pytest.raises(ConfigError, match=r"kie\[simulator\]"):
        media.present("no_such_package_at_all")
