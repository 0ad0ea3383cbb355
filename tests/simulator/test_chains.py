"""Results satisfy our own media rules, so a result of one model can be the input of another."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

from kie import catalog, simulated
from kie._core.field_facts import field_facts
from kie._core.media_rules import MediaFacts, MediaRule
from kie._io.local_media import inspect
from kie.models import GrokImagineTextToImage, GrokImagineUpscale, NanoBananaPro, VeoExtend, VeoGenerate
from kie.simulator._sample_media import Recipe, make
from kie.testing import virtual_kie

RATIOS = ((1, 1), (16, 9), (9, 16), (4, 3), (3, 4), (3, 2), (2, 3), (5, 4), (4, 5))
"""The proportions that most models can be asked for. A rule may refuse others on their own account."""
FORMATS = {"image": ("png", "jpg"), "video": ("mp4",), "audio": ("mp3", "wav"), "file": ("png", "jpg", "mp4")}
FIELDS = [
    (model.id, key, facts.media)
    for model in catalog.models(status="all")
    for key, facts in field_facts(model.json_schema()).items()
    if facts.media is not None
]


@cache
def sample(extension: str, ratio: tuple[int, int]) -> MediaFacts:
    return inspect(make(Recipe(extension=extension, ratio=ratio, text="A lighthouse at dusk"))).facts


@pytest.mark.parametrize(("model", "field", "rule"), FIELDS, ids=[f"{model}-{field}" for model, field, _ in FIELDS])
def test_every_media_field_takes_the_results_of_the_models_that_make_such_media(
    model: str, field: str, rule: MediaRule
) -> None:
    for extension in FORMATS[rule.kind]:
        for ratio in RATIOS if extension not in ("mp3", "wav") else RATIOS[:1]:
            assert list(rule.judge(field, sample(extension, ratio))) == []


def test_there_are_fields_of_every_kind_to_test_with() -> None:
    assert {rule.kind for _, _, rule in FIELDS} == set(FORMATS)


def test_an_image_that_is_enlarged_gives_an_image() -> None:
    client, service, _ = virtual_kie()
    small = client.run(GrokImagineTextToImage(prompt="A lighthouse at dusk"))
    large = client.run(GrokImagineUpscale(task_id=small))
    assert large.urls[0].endswith(".png")
    assert [task.kind for task in service.tasks.values()] == ["image", "image"]


def test_an_extension_of_a_veo_video_gives_the_whole_video_too(tmp_path: Path) -> None:
    with simulated(speed=1000) as service, service.client() as client:
        video = client.run(VeoGenerate(prompt="A lighthouse at dusk"))
        longer = client.run(VeoExtend(task_id=video, prompt="A ship comes by"))
        assert video.full_urls == ()
        [whole] = longer.full_urls
        assert whole not in longer.urls
        assert client.download(whole, tmp_path).stat().st_size > 1000


def test_runs_of_the_same_request_leave_files_of_different_names(tmp_path: Path) -> None:
    for _ in range(3):
        with simulated(speed=1000) as service, service.client() as client:
            client.run(NanoBananaPro(prompt="A lighthouse at dusk")).save(tmp_path)
    files = list(tmp_path.iterdir())
    assert len(files) == 3
    for file in files:
        with Image.open(io.BytesIO(file.read_bytes())) as image:
            image.verify()
