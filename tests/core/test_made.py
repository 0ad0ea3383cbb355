"""What an earlier task made stands wherever a field takes media."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kie import AsyncImageResult, ImageResult, RawRequest, RequestInvalid, TaskRef, TaskStatus, VideoResult
from kie._core.result_types import result_type
from kie.models import AlephGenerate, Kling30Video, NanoBananaPro
from kie.testing import virtual_kie

A, B, V = "https://files.example/a.png", "https://files.example/b.png", "https://files.example/v.mp4"


def status(*urls: str, kind: str = "image", state: Any = "succeeded", **more: Any) -> TaskStatus:
    return TaskStatus(ref=TaskRef("t1"), state=state, urls=urls, kind=kind, **more)


ONE, TWO = ImageResult(status=status(A)), ImageResult(status=status(A, B, data={"mask": V}))
CLIP = VideoResult(status=status(V, kind="video", data={"lastFrameUrl": B}))


def fox(images: Any) -> NanoBananaPro:
    return NanoBananaPro(prompt="x", image_input=images)


def sent(request: Any) -> Any:
    body: dict[str, Any] = request.to_wire()
    return body.get("input", body)


@pytest.mark.parametrize(
    ("images", "urls"),
    [
        ([ONE], [A]),
        ([TWO], [A, B]),
        ([V, TWO, ONE.assets[0]], [V, A, B, A]),
        (TWO, [A, B]),
        (TWO.assets[1:2], [B]),
        ([ONE.status], [A]),
        ([SimpleNamespace(ref=TaskRef("t1"), status=status(A, B))], [A, B]),
        ([SimpleNamespace(ref=TaskRef("t1"), result=TWO, error=None)], [A, B]),
        ([AsyncImageResult(status=status(B))], [B]),
        ([result_type("json")(status=status(A, kind="json"))], [A]),
    ],
)
def test_the_files_are_taken_in_order(images: Any, urls: list[str]) -> None:
    request = fox(images)
    assert sent(request)["image_input"] == urls
    assert request.fingerprint() == fox(urls).fingerprint()
    assert sent(pickle.loads(pickle.dumps(request)))["image_input"] == urls
    assert hash(request) == hash(fox(images))


def test_local_media_among_results_keep_their_places() -> None:
    request = fox([TWO, b"GIF89a;", ONE])
    assert list(request.local_media) == ["image_input[2]"]
    assert sent(request.resolved({"image_input[2]": V}))["image_input"] == [A, B, V, A]


def test_a_field_for_one_file_takes_a_result_of_one() -> None:
    assert sent(AlephGenerate(prompt="x", video_url=CLIP))["videoUrl"] == V
    assert sent(AlephGenerate(prompt="x", video_url=CLIP.assets[0]))["videoUrl"] == V


def test_a_nested_field_takes_results_too() -> None:
    elements: list[Any] = [{"name": "dog", "description": "a dog", "element_input_urls": [TWO]}]
    video = Kling30Video(prompt="x", duration="5", mode="std", kling_elements=elements)
    assert sent(video)["kling_elements"][0]["element_input_urls"] == [A, B]


@pytest.mark.parametrize(
    ("make", "path", "message"),
    [
        (lambda: fox([ONE, CLIP]), "image_input[1]", "is a video, but this field takes an image"),
        (lambda: AlephGenerate(prompt="x", video_url=ONE), "video_url", "is an image, but this field takes a video"),
        (
            lambda: AlephGenerate(prompt="x", video_url=VideoResult(status=status(V, V + "?2", kind="video"))),
            "video_url",
            "has 2 files, and one fits here: pass one of its assets",
        ),
        (
            lambda: fox([TaskRef("t9")]),
            "image_input[0]",
            "names task t9, but not its files: pass client.task('t9').wait()",
        ),
        (lambda: fox([status(state="running")]), "image_input[0]", "needs a finished task; t1 is running"),
        (lambda: fox([status(state="failed")]), "image_input[0]", "needs a finished task; t1 is failed"),
        (lambda: fox([status(A, expired=True)]), "image_input[0]", "the result of task t1 has expired"),
        (lambda: fox([status()]), "image_input[0]", "task t1 has given no files"),
        (
            lambda: fox([SimpleNamespace(ref=TaskRef("t1"), status=None)]),
            "image_input[0]",
            "task t1 is not known to have finished: pass what its wait() returns",
        ),
    ],
)
def test_what_does_not_fit_is_one_clear_issue(make: Callable[[], Any], path: str, message: str) -> None:
    with pytest.raises(RequestInvalid) as caught:
        make()
    (issue,) = caught.value.issues
    assert (issue.rule, issue.message) == ("media", message)
    assert f"{path}: {message}" in str(caught.value)


def test_a_field_that_takes_no_media_still_takes_no_result() -> None:
    with pytest.raises(RequestInvalid, match="prompt: is an ImageResult, but this field names no task"):
        NanoBananaPro(prompt=ONE)  # type: ignore[arg-type]


def test_requests_that_no_schema_has_seen_take_results() -> None:
    raw = RawRequest("acme/new", {"image_urls": [TWO, b"GIF89a;"], "start": ONE, "deep": {"more": [ONE.assets[0]]}})
    assert list(raw.local_media) == ["image_urls[2]"]
    body: Any = raw.resolved({"image_urls[2]": V}).to_wire()
    assert body["input"] == {"image_urls": [A, B, V], "start": A, "deep": {"more": [A]}}
    assert sent(fox([ONE]).unchecked(frames=cast(Any, [TWO])))["frames"] == [A, B]
    with pytest.raises(RequestInvalid, match="taskId: is an ImageResult, but this field names no task"):
        RawRequest("acme/new", {"taskId": ONE})


def test_a_result_is_passed_on_by_name_and_uploaded_by_its_url() -> None:
    client, service, _ = virtual_kie()
    first = client.run("nano-banana-pro", prompt="A fox")
    task = client.submit(NanoBananaPro(prompt="An owl"))
    owl = task.wait()
    second = client.run("nano-banana-pro", prompt="Both", image_input=[first, task])
    assert second.urls
    assert client.check({"model": "nano-banana-pro", "input": {"prompt": "x", "image_input": [first, owl.assets[0]]}})[
        "image_input"
    ] == [first.urls[0], owl.urls[0]]
    assert client.upload(first.assets[0]).url
    assert len(service.accepted) == 3
