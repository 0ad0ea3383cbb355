"""Tasks: brings media to where models can read them. May import `_core`, `kie_wire`."""

from __future__ import annotations

from datetime import datetime
from os import PathLike
from typing import TypeVar

from kie._core.call import Call
from kie._core.errors import MediaRejected, ResultInvalid
from kie._core.issues import Issue
from kie._core.media import UploadedFile, is_local
from kie._core.request import Request
from kie._core.results import Result
from kie._exchange.exchange import typed
from kie._flow.context import Context
from kie._flow.effects import Flow, Inspect, OpenMedia
from kie._flow.events import traced, uploaded
from kie_wire.api.uploads.upload_data import upload_data
from kie_wire.api.uploads.upload_stream import upload_stream
from kie_wire.api.uploads.upload_url import upload_url
from kie_wire.models.base_64_upload_request import Base64UploadRequest
from kie_wire.models.upload_answer import UploadAnswer
from kie_wire.models.uploaded_data import UploadedData
from kie_wire.models.url_upload_request import UrlUploadRequest
from kie_wire.types import UNSET

R = TypeVar("R", bound=Request[Result])


@traced("upload")
def upload(ctx: Context, media: object, *, name: str | None = None, folder: str | None = None) -> Flow[UploadedFile]:
    """Upload local media (streamed), a data URL, or have the upload host fetch an http(s) URL.

    Raises `MediaRejected` for what is none of these, `ApiError`, `TransportFailed`, `ResultInvalid`.
    """
    path = (folder or ctx.options.upload_path).strip("/")
    if isinstance(media, UploadedFile):
        return media
    if isinstance(media, str):
        if media[:5].lower() == "data:":
            body = Base64UploadRequest(base_64_data=media, upload_path=path, file_name=name or UNSET)
            return (yield from _send(ctx, upload_data(body=body)))
        if media[:8].lower().startswith(("http://", "https://")):
            request = UrlUploadRequest(file_url=media, upload_path=path, file_name=name or UNSET)
            return (yield from _send(ctx, upload_url(body=request)))
    if isinstance(media, str) or not is_local(media):
        shown = media if isinstance(media, str) else type(media).__name__
        raise MediaRejected(
            "upload",
            [Issue("media", "type", f"{shown[:80]!r} is no URL, data URL, pathlib.Path, bytes or binary file")],
        )
    facts = yield from Inspect(media)
    if facts.unreadable:
        raise MediaRejected("upload", [Issue("media", "media", f"{facts.name}: {facts.unreadable}")])
    part = yield from OpenMedia(media, name)
    return (yield from _send(ctx, upload_stream(file=part, upload_path=path, file_name=name), facts.size))


def _send(ctx: Context, call: Call[UploadAnswer], size: int | None = None) -> Flow[UploadedFile]:
    file = _read((yield from typed(ctx, call)))
    uploaded(ctx, file.size if size is None else size)
    return file


def upload_local(ctx: Context, request: R) -> Flow[R]:
    """Upload every piece of local media in a request, each once, and put the URLs in their place."""
    local = request.local_media
    if not local:
        return request
    done: list[tuple[object, str]] = []
    urls: dict[str, str] = {}
    for path, media in local.items():
        url = next((url for earlier, url in done if _same(earlier, media)), None)
        if url is None:
            url = (yield from upload(ctx, media)).url
            done.append((media, url))
        urls[path] = url
    return request.resolved(urls)


def _same(one: object, other: object) -> bool:
    """Whether two media are one file: equal bytes, equal paths, or one open file. Hashing would read all of them."""
    return one is other or (isinstance(one, (bytes, PathLike)) and type(one) is type(other) and one == other)


def _read(answer: UploadAnswer) -> UploadedFile:
    data = answer.data if isinstance(answer.data, UploadedData) else UploadedData()
    url = data.download_url or data.file_url
    if not isinstance(url, str) or not url:
        raise ResultInvalid(None, "the upload was accepted but the answer names no URL", raw=answer.to_dict())
    return UploadedFile(
        url=url,
        name=data.file_name if isinstance(data.file_name, str) else None,
        path=data.file_path if isinstance(data.file_path, str) else None,
        size=data.file_size if isinstance(data.file_size, int) else None,
        content_type=data.mime_type if isinstance(data.mime_type, str) else None,
        uploaded_at=_time(data.uploaded_at),
    )


def _time(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
