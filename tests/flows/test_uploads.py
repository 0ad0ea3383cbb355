"""Local media on their way: what was inspected is what is sent, and nothing is uploaded if anything is wrong."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kie import Kie, MediaRejected, RawRequest, RequestInvalid, UploadedFile
from kie._tasks.upload import _read, _time
from kie.errors import Unprocessable
from kie.models import BytedanceSeedance20, NanoBananaPro
from kie.simulator import Simulator
from kie.telemetry import Event, FileUploaded
from kie.testing import trace, virtual_kie
from kie_wire.models.upload_answer import UploadAnswer

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


def uploaded(state: Simulator) -> list[bytes]:
    return [file.body for file in state.files.uploads.values()]


def asked(client: Kie, operation: str) -> int:
    return len([exchange for exchange in trace(client) if operation in exchange.path])


def test_a_request_with_an_open_file_may_be_run_again() -> None:
    file = io.BytesIO(b"before" + PNG)
    file.seek(6)
    request = NanoBananaPro(prompt="x", image_input=[file])
    client, state, _ = virtual_kie(faults=[{"on": "createTask", "do": "envelope", "code": 422, "nth": 1}])
    with pytest.raises(Unprocessable):
        client.submit(request)
    client.submit(request)
    client.upload(file)
    assert uploaded(state) == [PNG] * 3
    assert file.tell() == 6


def test_one_open_file_serves_all_requests_of_a_batch() -> None:
    file = io.BytesIO(PNG)
    client, state, _ = virtual_kie()
    outcomes = client.batch.submit([NanoBananaPro(prompt=str(number), image_input=[file]) for number in range(8)])
    assert {outcome.state for outcome in outcomes} == {"submitted"}
    assert uploaded(state) == [PNG] * 8


@pytest.mark.parametrize("wrong", [b"words", io.StringIO("words"), Path("missing.png"), io.BytesIO(), "data:,words"])
def test_nothing_is_uploaded_if_any_medium_is_wrong(wrong: Any) -> None:
    client, state, _ = virtual_kie()
    with pytest.raises(MediaRejected) as caught:
        client.submit(NanoBananaPro(prompt="x", image_input=[PNG, io.BytesIO(PNG), wrong]))
    assert [issue.path for issue in caught.value.issues] == ["image_input[2]"]
    assert (uploaded(state), trace(client)) == ([], [])


class Meanwhile:
    """Does something after the first upload."""

    def __init__(self, do: Callable[[], object]) -> None:
        self.left = [do]

    def __call__(self, event: Event) -> None:
        if isinstance(event, FileUploaded) and self.left:
            self.left.pop()()


def test_a_file_that_changes_before_it_is_sent_is_one_error_of_its_field_and_no_task(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(PNG)
    meanwhile = Meanwhile(lambda: path.write_bytes(PNG + b"more"))
    client, state, _ = virtual_kie(observers=[meanwhile])
    with pytest.raises(MediaRejected, match="it changed after it was checked") as caught:
        client.submit(NanoBananaPro(prompt="x", image_input=[b"\x89PNG\r\n\x1a\n", path]))
    assert [issue.path for issue in caught.value.issues] == ["image_input[1]"]
    assert (asked(client, "upload"), asked(client, "createTask")) == (1, 0)
    client.submit(NanoBananaPro(prompt="x", image_input=[path]))
    assert uploaded(state)[-1] == PNG + b"more"


def test_data_urls_and_images_in_memory_are_uploaded_where_media_belong() -> None:
    client, state, _ = virtual_kie()
    image = Image.effect_noise((64, 48), 50)
    request = NanoBananaPro(prompt="data:,words", image_input=["data:image/jpeg;base64,iVBORw0KGgo=", image])
    assert list(request.local_media) == ["image_input[0]", "image_input[1]"]
    assert client.check(request)["image_input"] == ["<upload: upload.png>", "<upload: upload.png>"]
    assert client.check(request)["prompt"] == "data:,words"
    client.submit(request)
    first, second = state.files.uploads.values()
    assert (first.body, first.content_type, second.content_type) == (b"\x89PNG\r\n\x1a\n", "image/png", "image/png")
    with Image.open(io.BytesIO(second.body)) as again:
        assert again.tobytes() == image.tobytes()


def test_an_image_in_memory_is_given_a_format_that_its_field_takes() -> None:
    client, _, _ = virtual_kie()
    with pytest.raises(MediaRejected, match="is png; use mp4, mov"):
        client.check(BytedanceSeedance20(prompt="a cat", reference_video_urls=[Image.new("RGB", (640, 480))]))


def test_a_data_url_is_sent_as_it_is_where_nobody_knows_what_a_field_takes() -> None:
    request = RawRequest("new/model", {"image": "data:,words"})
    assert request.to_wire()["input"] == {"image": "data:,words"}
    unchecked = NanoBananaPro(prompt="x").unchecked(image_input=["data:,words"])
    assert unchecked.local_media == {}


@pytest.mark.parametrize("value", [object(), 3, "photo.png"])
def test_anything_else_in_a_media_field_says_what_to_pass(value: Any) -> None:
    with pytest.raises(RequestInvalid, match=r"pass a|is not a URL|not text|must be") as caught:
        NanoBananaPro(prompt="x", image_input=[value])
    assert caught.value.issues[0].path == "image_input[0]"


@pytest.mark.parametrize("value", [object(), 3, "photo.png", None])
def test_anything_else_to_upload_says_what_to_pass(value: Any) -> None:
    client, _, _ = virtual_kie()
    with pytest.raises(MediaRejected, match="cannot be uploaded; pass a URL, a data URL, a pathlib"):
        client.upload(value)
    assert trace(client) == []


@pytest.mark.parametrize("media", [PNG, "data:image/jpeg;base64,iVBORw0KGgo="])
def test_a_name_that_is_given_gets_the_extension_of_the_content(media: Any) -> None:
    client, _, _ = virtual_kie()
    found = client.upload(media, name="my/photo.jpg")
    assert (found.name, found.content_type) == ("photo.png", "image/png")


def test_an_uploaded_file_keeps_what_the_documentation_says_of_it() -> None:
    answer = {
        "code": 200,
        "data": {
            "fileId": "f1",
            "fileName": "a.png",
            "originalName": "cat.png",
            "fileSize": 3,
            "mimeType": "image/png",
            "fileUrl": "https://files.example/a.png",
            "uploadTime": "2026-08-19T10:00:00Z",
            "expiresAt": "2026-08-22T10:00:00Z",
        },
    }
    found = _read(UploadAnswer.from_dict(answer))
    assert found == UploadedFile(
        url="https://files.example/a.png",
        name="a.png",
        size=3,
        content_type="image/png",
        uploaded_at=found.uploaded_at,
        expires_at=found.expires_at,
        file_id="f1",
        original_name="cat.png",
    )
    assert (found.uploaded_at and found.uploaded_at.day, found.expires_at and found.expires_at.day) == (19, 22)


@pytest.mark.parametrize(
    ("text", "known"),
    [("2026-11-01T12:00:00+00:00", True), ("2026-11-01T12:00:00", False), ("soon", False), (None, False)],
)
def test_a_time_of_an_upload_that_may_be_of_any_zone_is_not_reported(text: str | None, known: bool) -> None:
    assert (_time(text) is not None) is known
