"""Studio: the files that the page may name (those of runs, and its uploads), never by path. May import every room
below."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import quote, unquote

import attrs

from kie._aclient import AsyncKie
from kie._core import paths
from kie._core.field_facts import NO_FACTS
from kie._core.file_name_template import RESERVED
from kie._core.file_names import fitted
from kie._core.issues import Issue
from kie._core.json import JSONObject
from kie._core.media import is_data_url
from kie._core.model_info import ModelInfo
from kie._io.content import Content, Unreadable, on_disk
from kie._library.file_facts import FileFacts, facts_of, format_and_type
from kie._library.library import Library
from kie._library.page import linked
from kie._library.run import Run, RunFile
from kie._studio.asgi import HttpRefusal, HttpReply, PageRequest

T = TypeVar("T")

MOST_BYTES: Final = 500 * 1024 * 1024
"""The most bytes of an uploaded file: the largest limit of any model."""
MOST_UPLOADED: Final = 4 * 1024 * 1024 * 1024
"""The most bytes of all uploaded files together."""
_PREFIX: Final = "/files/"
_PIECE: Final = 256 * 1024
_SHOWN: Final = re.compile(r"(image|video|audio)/(?!svg)[\w.+-]+")
"""The types that a page may show. All other files are downloaded, including pictures that may contain scripts."""


@attrs.define
class Files:
    """Finds files by how the page names them.

    Args:
        client: The client, whose threads read and write.
        library: The library of runs.
        folder: Where uploads go. It exists, and is nobody else's.
    """

    client: AsyncKie
    library: Library
    folder: Path
    _uploads: dict[str, Path] = attrs.field(factory=dict, init=False)
    _size: int = attrs.field(default=0, init=False)

    async def in_thread(self, function: Callable[[], T]) -> T:
        """Call a function that may block."""
        return await self.client._driver.to_the_end(function)

    def find(self, value: str) -> Path | None:
        """Find a file.

        Args:
            value: How the page names it: `/files/uploads/…` or `/files/runs/…`.

        Returns:
            The path; None if there is no such file.

        Raises:
            ConfigError: The library cannot be read.
        """
        match value.removeprefix(_PREFIX).split("/") if value.startswith(_PREFIX) else ():
            case ["uploads", id, name]:
                path = self._uploads.get(unquote(id))
                return path if path is not None and path.name == unquote(name) else None
            case ["runs", id, *place]:
                run = self.library.get(unquote(id))
                name = "/".join(map(unquote, place))
                files = () if run is None else (*run.inputs, *run.outputs)
                return next((path for file in files if (path := self._kept(file, name)) is not None), None)
        return None

    def _kept(self, file: RunFile, name: str) -> Path | None:
        """The path of a run's file, if the run has it and it is below the library, with links resolved."""
        if file.stored or name not in (file.name, file.web, file.thumb, file.poster, file.video):
            return None
        path = file.place(name)
        inside = path is not None and Path(os.path.realpath(path)).is_relative_to(os.path.realpath(self.library.path))
        return path if path is not None and inside and path.is_file() else None

    def taken(self, info: ModelInfo, fields: Mapping[str, object]) -> tuple[dict[str, object], list[Issue]]:
        """Put the paths of files in the place of what names them, in the fields that take media.

        Args:
            info: The facts of the model.
            fields: The fields, as the page sent them.

        Returns:
            The fields, and what is wrong with the names.

        Raises:
            ConfigError: The library cannot be read.
        """
        found: dict[str, object] = {}
        issues: list[Issue] = []
        for path, text in _texts(fields):
            if info.fields.get(paths.key(path), NO_FACTS).media is None:
                continue
            place = paths.render(path)
            if is_data_url(text):
                issues.append(Issue(place, "media", "takes a file or a URL, not a data URL: drop the file instead"))
            elif text.startswith(_PREFIX):
                file = self.find(text)
                if file is None:
                    issues.append(Issue(place, "media", "is no longer here: choose the file again"))
                else:
                    found[place] = file
        return {name: paths.replaced(value, found, (name,)) for name, value in fields.items()}, issues

    async def upload(self, request: PageRequest) -> JSONObject:
        """Keep a file that the page sends.

        Args:
            request: The request, whose body is the file.

        Returns:
            How the page names it, and what it is.

        Raises:
            Refused: It is empty, too large, or broke off, or there is no room for it.
            ClientGone: It broke off.
        """
        request.declared(MOST_BYTES)
        name = secrets.token_urlsafe(12)
        folder, size, whole = self.folder / name, 0, False
        try:
            folder.mkdir(mode=0o700)
            with (folder / "part").open("xb") as file:
                async for piece in request.pieces(MOST_BYTES):
                    size += len(piece)
                    self._size += len(piece)
                    if self._size > MOST_UPLOADED:
                        raise HttpRefusal(
                            413, "TooLarge", "too much has been uploaded", "start `kie studio` again to continue"
                        )
                    await self.in_thread(partial(file.write, piece))
            if not size:
                raise HttpRefusal(400, "BadRequest", "the file is empty")
            path, facts = await self.in_thread(partial(_named, folder / "part", request.query.get("name", "")))
            whole = True
        except OSError as error:
            raise HttpRefusal(507, "NoSpace", f"the file cannot be kept: {error.strerror or error}") from None
        finally:
            if not whole:
                self._size -= size
                shutil.rmtree(folder, ignore_errors=True)
        self._uploads[name] = path
        sides: JSONObject = {"width": facts.width, "height": facts.height, "seconds": facts.seconds}
        return {
            "value": f"{_PREFIX}uploads/{name}/{quote(path.name, safe='')}",
            "kind": facts.kind,
            "name": path.name,
            "size": facts.size,
            **{side: value for side, value in sides.items() if value is not None},
        }

    async def reply(self, request: PageRequest) -> HttpReply:
        """Answer with a file, or a part of it.

        Args:
            request: The request; its path names the file, with the secret of the guard in it.

        Returns:
            The answer.

        Raises:
            Refused: There is no such file, or no such part.
            ConfigError: The library cannot be read.
        """
        value = _PREFIX + "/".join(request.steps[2:])
        opened = await self.in_thread(partial(self._opened, value))
        if opened is None:
            raise HttpRefusal(404, "NotFound", "there is no such file")
        content, mime, name = opened
        size = content.size
        headers = {
            "content-type": mime,
            "accept-ranges": "bytes",
            "content-security-policy": "sandbox; default-src 'none'",
            "cache-control": "private, max-age=3600",
        }
        if not _SHOWN.fullmatch(mime):
            headers["content-disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
        asked = None if "if-range" in request.headers else request.headers.get("range")
        part = part_of(asked, size)
        if part is not None and part[0] >= part[1]:
            return HttpReply(status=416, headers={"content-range": f"bytes */{size}", "content-length": "0"})
        start, stop = part or (0, size)
        headers["content-length"] = str(stop - start)
        if part is not None:
            headers["content-range"] = f"bytes {start}-{stop - 1}/{size}"
        return HttpReply(status=206 if part else 200, body=self._pieces(content, start, stop), headers=headers)

    def _opened(self, value: str) -> tuple[Content, str, str] | None:
        """The content of a file, its type by content, and its name."""
        path = self.find(value)
        if path is None:
            return None
        try:
            content = on_disk(os.path.abspath(path), path.name)
            _, mime = format_and_type(content, path)
            return content, mime, path.name
        except (Unreadable, OSError):
            return None

    async def _pieces(self, content: Content, start: int, stop: int) -> AsyncGenerator[bytes, None]:
        with ExitStack() as opened:  # closes the file even if the waiting task is cancelled before it is open
            file = await self.in_thread(lambda: opened.enter_context(content.open()))
            await self.in_thread(partial(file.seek, start))
            while start < stop:
                piece = await self.in_thread(partial(file.read, min(_PIECE, stop - start)))
                if not piece:
                    return
                start += len(piece)
                yield piece


def _named(part: Path, given: str) -> tuple[Path, FileFacts]:
    """Rename an uploaded file to fit its content. Raises `OSError`."""
    given = given.encode("utf-8", "replace").decode()
    encoding, _ = format_and_type(on_disk(os.fspath(part), "the file"), Path(given or "upload"))
    name = fitted(given, encoding)
    path = part.with_name(f"_{name}" if RESERVED.fullmatch(name) else name)
    part.rename(path)
    return path, facts_of(path)


def part_of(asked: str | None, size: int) -> tuple[int, int] | None:
    """Read which part of a file is requested.

    Args:
        asked: The header `Range`; None without one.
        size: The bytes of the file.

    Returns:
        The start and the end of the part; the end is not after the start if the file has no such part. None for the
        whole file, also if the header requests several parts or is malformed.
    """
    found = None if asked is None else re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", asked.strip(), re.ASCII)
    if found is None or not (found[1] or found[2]):
        return None
    first, last = found.groups()
    if not first:
        return max(0, size - int(last)), size
    if last and int(last) < int(first):
        return None
    return int(first), min(size, int(last) + 1) if last else size


def file_facts(run: Run, file: RunFile) -> JSONObject:
    """Return the facts that the page gets of a run's file.

    Args:
        run: The run.
        file: The file.

    Returns:
        Its facts and, if it is here, the value by which the page names it.
    """

    def value(name: str | None) -> str | None:
        return None if name is None else value_of(run, file, name)

    name = file.name or (file.url or "").rpartition("/")[2] or None
    facts: JSONObject = {
        "kind": file.kind,
        "value": value(file.name),
        "thumb": value(file.thumb),
        "poster": value(file.poster),
        "name": None if name is None else name.rpartition("/")[2],
        "width": file.width,
        "height": file.height,
        "seconds": file.seconds,
        "url": linked(file.url),
    }
    return facts if file.role == "output" else {"role": file.role, **facts}


def value_of(run: Run, file: RunFile, name: str) -> str | None:
    """The value by which the page names a run's file; None if it is not here."""
    path = file.place(name)
    if file.stored or path is None or not path.is_file():
        return None
    return f"{_PREFIX}runs/{quote(run.id, safe=':')}/{quote(name.encode('utf-8', 'replace'))}"


def _texts(value: object, path: paths.Path = ()) -> Iterator[tuple[paths.Path, str]]:
    """The texts in a JSON value, with their paths."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*path, index))
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _texts(item, (*path, str(name)))
