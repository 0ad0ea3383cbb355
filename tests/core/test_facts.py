"""What is known of single fields: media, references, parts; and what it keeps from being sent."""

from __future__ import annotations

import io
import itertools
from pathlib import Path
from typing import Any

import pytest

from kie import MediaRejected, RequestInvalid, TaskRef, TaskStatus, VideoResult, catalog
from kie._core.call import FilePart
from kie._core.encoding import PENDING_URL
from kie._core.errors import MediaPending
from kie._core.field_facts import FieldFacts
from kie._core.media_rules import MediaFacts, MediaRule
from kie._flow.effects import Inspected
from kie.models import BytedanceSeedance20, NanoBananaPro, SunoWav, VeoExtend
from kie.testing import trace, virtual_kie

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


def test_the_facts_of_a_field_are_one_value() -> None:
    facts = SunoWav.info.fields
    assert facts["taskId"] == FieldFacts(families=("suno",), finished=True)
    assert facts["audioId"] == FieldFacts(families=("suno",), finished=True, parts=("track",))
    media = NanoBananaPro.info.fields["image_input"].media
    assert media is not None and media.kind == "image" and media.max_bytes == 30 * 1024 * 1024
    assert NanoBananaPro.info.media_fields == {"image_input"}


def test_the_catalog_says_the_same_of_a_field_as_its_class() -> None:
    for model in catalog.models(status="all"):
        known = model.request_class.info.fields
        for field in model.fields:
            facts = known.get(field.name, FieldFacts())
            assert (field.media, field.reference) == (facts.media, bool(facts.families))


@pytest.mark.parametrize("state", ["failed", "queued", "running"])
def test_a_task_that_is_known_not_to_have_succeeded_cannot_be_built_on(state: Any) -> None:
    """The service takes such a request, and charges for it."""
    earlier = TaskStatus(ref=TaskRef("a" * 32, "veo"), state=state)

    class Handle:
        ref, status = earlier.ref, earlier

    for value in (earlier, VideoResult(status=earlier), Handle()):
        with pytest.raises(RequestInvalid, match=rf"task_id: needs a finished task; veo:a{{32}} is {state}"):
            VeoExtend(task_id=value, prompt="on")
    done = TaskStatus(ref=earlier.ref, state="succeeded")
    assert VeoExtend(task_id=done, prompt="on").to_wire()["taskId"] == "a" * 32


def test_the_files_of_a_field_may_only_last_so_long_together() -> None:
    rule = MediaRule(kind="video", max_total_seconds=15)

    def file(seconds: float | None) -> MediaFacts:
        return MediaFacts(name="a.mp4", content_type="video/mp4", format="mp4", size=1, seconds=seconds)

    assert list(rule.judge_together("videos", [file(7), file(8), file(None)])) == []
    [issue] = rule.judge_together("videos", [file(7), file(8), file(0.5)])
    assert (issue.path, issue.rule) == ("videos", "max_total_seconds")
    assert issue.message == "15.5 seconds in all; at most 15 are allowed"
    assert list(MediaRule(kind="video").judge_together("videos", [file(700)])) == []


def test_files_that_last_too_long_together_are_refused_before_any_is_uploaded(monkeypatch: pytest.MonkeyPatch) -> None:
    most = BytedanceSeedance20.info.fields["reference_video_urls"].media
    assert most is not None and most.max_total_seconds is not None and most.max_seconds is not None
    count = int(most.max_total_seconds // most.max_seconds) + 1
    client, _, _ = virtual_kie()
    found = MediaFacts(
        name="a.mp4", content_type="video/mp4", format="mp4", size=10, seconds=most.max_seconds, width=1280, height=720
    )
    part = FilePart("a.mp4", content_type="video/mp4", open=lambda: io.BytesIO(b"0123456789"))
    monkeypatch.setattr("kie._io.local_media.inspect", lambda media, **bounds: Inspected(found, part))
    for videos, fits in ((count - 1, True), (count, False)):
        request = BytedanceSeedance20(prompt="a cat", reference_video_urls=[b"%d" % number for number in range(videos)])
        if fits:
            client.check(request)
        else:
            with pytest.raises(MediaRejected, match="seconds in all; at most"):
                client.submit(request)
    assert trace(client) == []


def test_local_media_have_no_wire_form_until_they_are_uploaded() -> None:
    for request in (
        NanoBananaPro(prompt="x", image_input=["https://example.com/a.png", PNG]),
        NanoBananaPro(prompt="x").unchecked(image_input=["https://example.com/a.png", PNG]),  # type: ignore[list-item]
    ):
        with pytest.raises(MediaPending) as caught:
            request.to_wire()
        assert caught.value.paths == ("image_input[1]",)
        made = request.resolved({"image_input[1]": "https://example.com/b.png"}).to_wire()
        assert made["input"]["image_input"] == ["https://example.com/a.png", "https://example.com/b.png"]  # type: ignore[call-overload,index]


def test_a_file_that_an_unchecked_field_replaces_is_not_uploaded() -> None:
    request = NanoBananaPro(prompt="x", image_input=[PNG]).unchecked(image_input=["https://example.com/a.png"])
    assert request.local_media == {}
    client, _, _ = virtual_kie()
    client.submit(request)
    assert [exchange.path for exchange in trace(client) if "upload" in exchange.path] == []
    kept = NanoBananaPro(prompt="x", image_input=[PNG]).unchecked(seed=1)
    assert kept.local_media == {"image_input[0]": PNG}


def test_the_same_file_in_two_places_is_uploaded_once(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(PNG)
    stream = io.BytesIO(PNG)
    for one, other, uploads in (
        (PNG, bytes(PNG), 1),
        (path, Path(path), 1),
        (stream, stream, 1),
        (PNG, PNG[:-1] + b"1", 2),
        (PNG, PNG + b"0", 2),
        (io.BytesIO(PNG), io.BytesIO(PNG + b"1"), 2),
    ):
        client, _, _ = virtual_kie()
        client.submit(BytedanceSeedance20(prompt="a cat", first_frame_url=one, last_frame_url=other))
        sent = [exchange.path for exchange in trace(client)]
        assert len([path for path in sent if "upload" in path]) == uploads


def test_a_dry_run_never_rewrites_a_url_that_looks_like_a_file_to_come() -> None:
    url = f"{PENDING_URL}1"
    client, _, _ = virtual_kie()
    shown = client.check(NanoBananaPro(prompt="x", image_input=[url, PNG]).unchecked(more=[PNG]))  # type: ignore[list-item]
    assert shown["image_input"] == [url, "<upload: upload.png>"]
    assert list(itertools.chain(shown["image_input"], shown["more"])).count(url) == 1  # type: ignore[arg-type]
