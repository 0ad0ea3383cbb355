"""Simulator: takes uploads. May import `_core`."""

from __future__ import annotations

import base64
import binascii
import io
import mimetypes
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from kie._core.json import JSONObject
from kie.simulator._file_store import StoredFile
from kie.simulator._messages import Incoming, Refused, SimRequest, SimResponse, answer
from kie.simulator._sample_media import CONTENT_TYPES, Recipe, make, needed
from kie.simulator._simulator import Simulator

ACCOUNT = "100001"
"""The account number in the paths of uploads."""


def take_stream(state: Simulator, incoming: Incoming) -> SimResponse:
    """Accept a file as multipart form data."""
    try:
        fields, files = _read_form(incoming.request)
    except ValueError as error:
        raise Refused(400, f"The form cannot be read: {error}") from None
    if "file" not in files:
        raise Refused(400, "file is required")
    name, content_type, data = files["file"]
    return _keep(state, fields, data, name, content_type, incoming.now)


def take_data(state: Simulator, incoming: Incoming) -> SimResponse:
    """Accept a data URL or bare Base64."""
    given = incoming.body.get("base64Data")
    if not isinstance(given, str):
        raise Refused(400, "base64Data is required")
    head, _, data = given.rpartition(",")
    content_type = head.removeprefix("data:").partition(";")[0] or "image/png"
    try:
        decoded = base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Refused(400, "base64Data is not Base64") from None
    return _keep(state, incoming.body, decoded, "", content_type, incoming.now)


def take_url(state: Simulator, incoming: Incoming) -> SimResponse:
    """Accept a URL. Nothing is fetched: a file of the simulator is copied, any other is replaced by a small sample."""
    url = incoming.body.get("fileUrl")
    if not isinstance(url, str) or not url.startswith(("http://", "https://")):
        raise Refused(400, "fileUrl is required")
    name = PurePosixPath(unquote(urlsplit(url).path)).name
    own = url.removeprefix(state.base_url + "/") if url.startswith(state.base_url + "/") else ""
    folder, _, rest = unquote(own).partition("/")
    found = state.files.find(folder, rest)
    if found is None and own:
        raise Refused(500, "The file could not be fetched")
    if found is None:
        found = _stand_in(name)
    return _keep(state, incoming.body, found.body, name, found.content_type, incoming.now)


def _stand_in(name: str) -> StoredFile:
    extension = PurePosixPath(name).suffix.removeprefix(".").lower()
    if extension not in CONTENT_TYPES:
        extension = "png"
    return StoredFile(content_type=CONTENT_TYPES[extension], body=make(Recipe(extension=extension, text=name)))


def _keep(
    state: Simulator, fields: Mapping[str, Any], data: bytes, name: str, content_type: str, now: float
) -> SimResponse:
    folder, wanted = fields.get("uploadPath"), fields.get("fileName")
    if not isinstance(folder, str) or not folder.strip("/"):
        raise Refused(400, "uploadPath is required")
    if not isinstance(wanted, str) or not wanted:
        suffix = PurePosixPath(name).suffix or mimetypes.guess_extension(content_type) or ".bin"
        wanted = f"{state.milliseconds(now)}-{state.new_id()[:11]}{suffix}"
    path = f"kieai/{ACCOUNT}/{folder.strip('/')}/{wanted}"
    state.files.uploads[path] = StoredFile(content_type=content_type, body=data)
    moment = datetime.fromtimestamp(state.wall(now), UTC).isoformat(timespec="milliseconds")
    kept: JSONObject = {
        "success": True,
        "fileName": wanted,
        "filePath": path,
        "downloadUrl": f"{state.base_url}/uploads/{quote(path)}",
        "fileSize": len(data),
        "mimeType": content_type,
        "uploadedAt": moment.replace("+00:00", "Z"),
    }
    return answer({"success": True, "code": 200, "msg": "File uploaded successfully", "data": kept})


def _read_form(request: SimRequest) -> tuple[dict[str, str], dict[str, tuple[str, str, bytes]]]:
    """Read multipart form data: text fields, and files as (name, media type, content). Raises ValueError."""
    multipart = needed("python_multipart.multipart")
    kind, options = multipart.parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise ValueError("it is not multipart form data")
    fields: dict[str, str] = {}
    files: dict[str, tuple[str, str, bytes]] = {}
    headers: dict[bytes, bytes] = {}
    name, value, content = bytearray(), bytearray(), io.BytesIO()

    def begin() -> None:
        headers.clear()
        content.seek(0)
        content.truncate()

    def end_header() -> None:
        headers[bytes(name).lower()] = bytes(value)
        name.clear()
        value.clear()

    def end() -> None:
        _, facts = multipart.parse_options_header(headers.get(b"content-disposition", b""))
        field = facts.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" in facts:
            content_type = headers.get(b"content-type", b"application/octet-stream").decode("latin-1")
            files[field] = (facts[b"filename"].decode("utf-8", "replace"), content_type, content.getvalue())
        else:
            fields[field] = content.getvalue().decode("utf-8", "replace")

    parser = multipart.MultipartParser(
        boundary,
        {
            "on_part_begin": begin,
            "on_header_field": lambda data, start, stop: name.extend(data[start:stop]),
            "on_header_value": lambda data, start, stop: value.extend(data[start:stop]),
            "on_header_end": end_header,
            "on_part_data": lambda data, start, stop: content.write(data[start:stop]),
            "on_part_end": end,
        },
    )
    parser.write(request.body)
    parser.finalize()
    return fields, files
