"""Tasks: uploads media to where models can read them. May import `_core`, `_exchange`, `_flow`, `kie_wire`."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from os import PathLike
from types import NoneType
from typing import BinaryIO, TypeVar, cast

import attrs

from kie._core.call import Call, FilePart, Open
from kie._core.errors import ConfigError, MediaRejected, ResultInvalid
from kie._core.file_names import NO_FORMAT, fitted
from kie._core.issues import Issue
from kie._core.media import ACCEPTED, UploadedFile, decoded, is_data_url, is_local
from kie._core.media_rules import MediaFacts
from kie._core.request import Request, invalid
from kie._core.results import Result
from kie._core.safe_text import kind_of
from kie._core.tasks import HasRef
from kie._core.transfers import Counted
from kie._exchange.exchange import typed
from kie._flow.context import Context
from kie._flow.effects import Flow, Inspect, Inspected
from kie._flow.events import traced, uploaded
from kie._flow.options import of_kind
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
def upload(
    ctx: Context, media: object, *, name: str | None = None, folder: str | None = None, found: Inspected | None = None
) -> Flow[UploadedFile]:
    """Upload local media (streamed), a data URL, or have the upload host fetch an http(s) URL.

    The type of local media follows from their content, not their name. `found` is what an earlier inspection found.
    Raises `MediaRejected` for what cannot be uploaded, `ApiError`, `TransportFailed`, `ResultInvalid`.
    """
    of_kind("name", name, (str, NoneType), "text or None")
    of_kind("folder", folder, (str, NoneType), "text or None")
    path = (ctx.options.upload_path if folder is None else folder).strip("/")
    if not path:
        raise ConfigError("folder cannot be empty: the upload host requires one; leave it out for that of upload_path")
    if name is not None and not name.strip():
        raise ConfigError("name cannot be empty: leave it out for a random one")
    if isinstance(media, UploadedFile):
        return media
    if isinstance(media, HasRef):
        from kie._core import made

        if fault := made.fault(media, None):
            raise MediaRejected("upload", [Issue("media", "media", fault)])
        media = made.url_of(media)
    if isinstance(media, str) and media[:8].lower().startswith(("http://", "https://")):
        request = UrlUploadRequest(file_url=media, upload_path=path, file_name=_fit(name, None) or UNSET)
        return (yield from _send(ctx, upload_url(body=request)))
    if not (is_data_url(media) if isinstance(media, str) else is_local(media)):
        shown = repr(media[:80]) if isinstance(media, str) else kind_of(media)
        raise MediaRejected("upload", [Issue("media", "type", f"{shown} cannot be uploaded; {ACCEPTED}")])
    if found is None:
        found = yield from Inspect(media)
    facts, part = found.facts, found.file
    if part is None:
        raise MediaRejected("upload", [Issue("media", "media", f"{facts.name}: {facts.unreadable}")])
    wanted = _fit(name, facts.format)
    if isinstance(media, str):
        data = f"data:{part.content_type};base64,{b64encode(decoded(media)[1]).decode()}"
        body = Base64UploadRequest(base_64_data=data, upload_path=path, file_name=wanted or UNSET)
        return (yield from _send(ctx, upload_data(body=body), facts.size))
    part = attrs.evolve(part, name=wanted or part.name)
    part = attrs.evolve(part, open=_reporting(ctx, part, facts.size))
    return (yield from _send(ctx, upload_stream(file=part, upload_path=path, file_name=wanted), facts.size))


def _reporting(ctx: Context, part: FilePart, size: int | None) -> Open:
    """A function that opens the file and reports progress to the user."""
    moved = ctx.moved(part.name, "upload")
    if moved is None:
        return part.open
    return lambda: cast("BinaryIO", Counted(part.open(), moved, size))


def _fit(name: str | None, format: str | None) -> str | None:
    return None if name is None else fitted(name, format or NO_FORMAT)


def _send(ctx: Context, call: Call[UploadAnswer], size: int | None = None) -> Flow[UploadedFile]:
    file = _read((yield from typed(ctx, call)))
    uploaded(ctx, file.size if size is None else size)
    return file


def upload_local(ctx: Context, request: R, local: Mapping[str, Inspected]) -> Flow[R]:
    """Upload all local media in a request, each once, and put the URLs in their place."""
    media = request.local_media
    done: list[tuple[object, MediaFacts, str]] = []
    urls: dict[str, str] = {}
    for path, found in local.items():
        medium, facts = media[path], found.facts
        url = next((url for other, seen, url in done if _same(other, medium) and seen == facts), None)
        if url is None:
            try:
                url = (yield from upload(ctx, medium, found=found)).url
            except MediaRejected as fault:
                raise invalid(
                    request, [attrs.evolve(issue, path=path) for issue in fault.issues], MediaRejected
                ) from None
            done.append((medium, facts, url))
        urls[path] = url
    return request.resolved(urls)


def _same(one: object, other: object) -> bool:
    """Whether two media are one file: equal bytes, equal paths, or one open file. Hashing would read all of them."""
    return one is other or (isinstance(one, (bytes, PathLike, str)) and type(one) is type(other) and one == other)


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
        uploaded_at=_time(data.uploaded_at) or _time(data.upload_time),
        expires_at=_time(data.expires_at),
        file_id=data.file_id if isinstance(data.file_id, str) else None,
        original_name=data.original_name if isinstance(data.original_name, str) else None,
    )


def _time(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
