"""Uploads to the simulated service."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import pytest

from kie._core.media import UploadedFile
from kie.simulator import Simulator
from kie.testing import virtual_kie
from tests.simulator.support import ask, fetch, read, result_urls

STREAM, DATA, URL = "/api/file-stream-upload", "/api/file-base64-upload", "/api/file-url-upload"


def form(*parts: tuple[str, bytes]) -> tuple[bytes, dict[str, str]]:
    """Multipart form data from the headers after `name=` and the contents of its parts."""
    lines = [b"--b\r\nContent-Disposition: form-data; name=" + head.encode() + b"\r\n\r\n" + c for head, c in parts]
    headers = {"user-agent": "x", "authorization": "Bearer k", "content-type": "multipart/form-data; boundary=b"}
    return b"\r\n".join([*lines, b"--b--\r\n"]), headers


def test_a_streamed_file_is_kept_byte_for_byte_and_served_without_a_key() -> None:
    state = Simulator(wall_offset=1_776_323_952.044)
    content = bytes(range(256)) + b"\r\n--b\r\r\n" * 3
    body, headers = form(
        ('"file"; filename="a b.png"\r\nContent-Type: image/png', content), ('"uploadPath"', b"images/tests")
    )
    answer = read(ask(state, "POST", STREAM, body, headers=headers))
    data = answer["data"]
    assert (answer["success"], answer["code"], data["success"]) == (True, 200, True)
    assert data["filePath"] == f"kieai/100001/images/tests/{data['fileName']}"
    assert data["fileName"].startswith("1776323952044-")
    assert data["fileName"].endswith(".png")
    assert (data["fileSize"], data["mimeType"]) == (len(content), "image/png")
    assert data["uploadedAt"] == "2026-04-16T07:19:12.044Z"
    assert fetch(state, data["downloadUrl"]).body == content


def test_a_name_used_before_is_overwritten() -> None:
    state = Simulator()
    for text in (b"one", b"two"):
        fields = {"base64Data": base64.b64encode(text).decode(), "uploadPath": "p", "fileName": "n.txt"}
        url = read(ask(state, "POST", DATA, fields))["data"]["downloadUrl"]
    assert fetch(state, url).body == b"two"
    assert len(state.uploads) == 1


def test_a_data_url_says_its_type() -> None:
    state = Simulator()
    body = {"base64Data": "data:text/plain;base64,aGk=", "uploadPath": "p"}
    data = read(ask(state, "POST", DATA, body))["data"]
    assert (data["mimeType"], data["fileSize"], data["fileName"][-4:]) == ("text/plain", 2, ".txt")


def test_a_url_of_the_services_own_is_copied_and_any_other_stood_in_for() -> None:
    state = Simulator()
    result = result_urls(state)[0]
    copied = read(ask(state, "POST", URL, {"fileUrl": result, "uploadPath": "p"}, now=20_000.0))["data"]
    assert fetch(state, copied["downloadUrl"]).body == fetch(state, result).body
    other = read(ask(state, "POST", URL, {"fileUrl": "https://example.com/clip.mp3", "uploadPath": "p"}))["data"]
    assert other["mimeType"] == "audio/mpeg"
    again = read(ask(state, "POST", URL, {"fileUrl": copied["downloadUrl"], "uploadPath": "q"}))["data"]
    assert again["fileSize"] == copied["fileSize"]


def test_an_own_url_that_is_gone_cannot_be_fetched() -> None:
    state = Simulator()
    body = {"fileUrl": f"{state.base_url}/results/none.png", "uploadPath": "p"}
    assert read(ask(state, "POST", URL, body))["code"] == 500


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (DATA, {"base64Data": "aGk="}),
        (DATA, {"base64Data": "aGk=", "uploadPath": "/"}),
        (DATA, {"base64Data": "!", "uploadPath": "p"}),
        (DATA, {"uploadPath": "p"}),
        (DATA, []),
        (URL, {"uploadPath": "p"}),
        (URL, {"fileUrl": "ftp://x/y", "uploadPath": "p"}),
        (STREAM, {"uploadPath": "p"}),
    ],
)
def test_an_upload_that_lacks_something_is_code_400(path: str, body: Any) -> None:
    answer = read(ask(Simulator(), "POST", path, body))
    assert (answer["success"], answer["code"], answer["data"]) == (False, 400, None)


def test_a_form_without_a_file_or_a_folder_is_code_400() -> None:
    for part in (('"uploadPath"', b"p"), ('"file"; filename="x"', b"x")):
        body, headers = form(part)
        assert read(ask(Simulator(), "POST", STREAM, body, headers=headers))["code"] == 400


def test_a_client_uploads_every_kind_of_media(tmp_path: Path) -> None:
    client, state, _ = virtual_kie()
    file = tmp_path / 'odd "name" ü.bin'
    file.write_bytes(b"from a path")
    found: list[UploadedFile] = [
        client.upload(file),
        client.upload(b"some bytes", name="b.bin"),
        client.upload(io.BytesIO(b"a stream")),
        client.upload("data:text/plain;base64,aGk="),
    ]
    assert [fetch(state, each.url).body for each in found] == [b"from a path", b"some bytes", b"a stream", b"hi"]
    assert found[1].name == "b.bin"
    assert client.upload("https://example.com/x.png").content_type == "image/png"
