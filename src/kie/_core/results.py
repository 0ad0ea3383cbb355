"""Core: the results of finished tasks. May import only `_core`.

`client.run(X(...))` returns the type that X's class names: `ImageResult`, `VideoResult` … All share one base, to which
each kind adds its own members. An `AsyncKie` returns their twins, `AsyncImageResult` …, whose `save` is a coroutine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from math import isfinite
from typing import TYPE_CHECKING, Protocol, Self, TypeVar, cast

import attrs

from kie._core.assets import AnyAsset, Asset, AsyncAsset, AsyncSaver, Saver, Target, of_a_client
from kie._core.attributes import Guiding
from kie._core.json import JSON
from kie._core.later import later
from kie._core.status import TaskStatus
from kie._core.tasks import TaskRef

if TYPE_CHECKING:
    from decimal import Decimal
    from pathlib import Path
else:
    Decimal = later("decimal", "Decimal")
    Path = later("pathlib", "Path")

_NOT_MADE = r"(?i)(origin|source|stream|param|input|callback)|result_?urls?$"
"""Fields with URLs of the task's inputs, of things that are not files, or of files that `urls` has already."""


@attrs.frozen(kw_only=True)
class Switch:
    """A request that failed at no cost and was replaced by one of its alternatives."""

    model: str
    """The id of its model."""
    to: str
    """The id of the model that was used instead."""
    why: str
    """What went wrong."""
    ref: TaskRef | None = None
    """Its task; None if there was none."""

    def __str__(self) -> str:
        return f"{self.to} instead of {self.model}: {self.why}"


@attrs.frozen(kw_only=True)
class AnyResult(Guiding):
    """The result of a task that succeeded, from either client. `Result` and `AsyncResult` save themselves."""

    status: TaskStatus
    """The status that the result was read from."""
    switches: tuple[Switch, ...] = ()
    """The requests that failed before this one, if `client.run` had `alternatives`."""

    kind = "file"
    _elsewhere = "result"

    @property
    def ref(self) -> TaskRef:
        """The task, so a result can be used wherever a request takes an earlier task."""
        return self.status.ref

    @property
    def urls(self) -> tuple[str, ...]:
        """The URLs of the files, in the service's order."""
        return self.status.urls

    @property
    def assets(self) -> tuple[AnyAsset, ...]:
        """The files, each with its position and kind: those in `urls`, then those that are only in `data`.

        The latter are last frames, masks and covers. Inputs of the task are not included.
        """
        return tuple(AnyAsset(url, index, kind, self.ref) for url, index, kind in self._placed())

    def _placed(self) -> Iterator[tuple[str, int, str]]:
        """Yield each file with its position and kind."""
        more = dict.fromkeys(url for url in _files_in(self.data) if url not in self.urls)
        kinds = [(url, self.kind) for url in self.urls] + [(url, "file") for url in more]
        return ((url, index, kind) for index, (url, kind) in enumerate(kinds))

    def _files(self) -> tuple[AnyAsset, ...]:
        """The files of `urls`, as the value of a media field."""
        return self.assets[: len(self.urls)]

    @property
    def credits(self) -> Decimal | None:
        """What the task cost in credits; None if the service does not report it."""
        return self.status.credits

    @property
    def seconds(self) -> float | None:
        """How long the task ran, in seconds; None if the service does not report it."""
        return self.status.seconds

    @property
    def data(self) -> JSON:
        """Whatever else the result contains, such as first and last frames, segments or text."""
        return self.status.data

    @property
    def raw(self) -> JSON:
        """The record as the service sent it."""
        return self.status.raw

    def _repr_html_(self) -> str:
        """What a notebook shows: pictures, players and costs."""
        from kie._core import notebook

        return notebook.of_result(self)

    def __copy__(self) -> Self:
        return attrs.evolve(self)

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        # the client is not part of the value
        return attrs.evolve(self, status=deepcopy(self.status, memo))

    def __reduce__(self) -> tuple[object, ...]:
        # a copy in another process belongs to no client
        return (_restore, (type(self), self.status, self.switches))


def _restore(cls: type[AnyResult], status: TaskStatus, switches: tuple[Switch, ...] = ()) -> AnyResult:
    return cls(status=status, switches=switches)


def _files_in(value: JSON) -> Iterator[str]:
    """Yield the URLs in a value, in order."""
    if isinstance(value, str):
        if value.startswith(("https://", "http://")) and not any(map(str.isspace, value)):
            yield value
    elif isinstance(value, list):
        for item in value:
            yield from _files_in(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if not re.match(_NOT_MADE, name):
                yield from _files_in(item)


class _SavesOnce(Protocol):
    """A saver of this package's clients, which can skip files that were saved earlier."""

    def save(self, what: AnyResult, directory: Target, *, overwrite: bool, once: bool) -> list[Path]: ...


class _AsyncSavesOnce(Protocol):
    async def save(self, what: AnyResult, directory: Target, *, overwrite: bool, once: bool) -> list[Path]: ...


@attrs.frozen(kw_only=True)
class Result(AnyResult):
    """The result of a task of a `Kie`."""

    _saver: Saver | None = attrs.field(default=None, repr=False, eq=False, alias="saver")

    @property
    def assets(self) -> tuple[Asset, ...]:
        """The files, each with its position and kind: those in `urls`, then those that are only in `data`.

        The latter are last frames, masks and covers. Inputs of the task are not included.
        """
        return tuple(Asset(url, index, kind, self.ref, saver=self._saver) for url, index, kind in self._placed())

    def save(self, directory: Target = ".", *, overwrite: bool = False) -> list[Path]:
        """Download every file.

        Args:
            directory: Where to save them. A folder (`out`) gets `<task id>_<index>.<ext>`; outside the Market the name
                of the family comes first, as in `veo-4k-<task id>_0.mp4`. A name (`picture.png`) names the file;
                several files get numbers. A template (`out/{id}-{model}-{n}.{ext}`) names each: the task's id, its
                model, its number from 0, and the extension of its content; write a literal brace twice. An open binary
                file takes the only file of the result. Missing folders are created.
            overwrite: Replace files of the same names. By default, the next free name is used: `<task id>_0-2.png`.

        Returns:
            The paths of the files, in the order of `assets`; empty for a file object.

        Raises:
            ConfigError: The result belongs to no client, or a name in braces is unknown.
            DownloadFailed: A file could not be downloaded, or is not what the model makes. The others are kept, and no
                file is incomplete.
        """
        return of_a_client(self._saver).save(self, directory, overwrite=overwrite)

    def _saved_once(self, directory: Target) -> list[Path]:
        """Download the files that are not there yet, since an earlier download may have been killed halfway."""
        saver = cast("_SavesOnce", of_a_client(self._saver))
        return saver.save(self, directory, overwrite=False, once=True)

    def _asynchronous(self, saver: AsyncSaver) -> AsyncResult:
        return AsyncResult(status=self.status, saver=saver)


@attrs.frozen(kw_only=True)
class AsyncResult(AnyResult):
    """The result of a task of an `AsyncKie`."""

    _saver: AsyncSaver | None = attrs.field(default=None, repr=False, eq=False, alias="saver")

    @property
    def assets(self) -> tuple[AsyncAsset, ...]:
        """The files, each with its position and kind: those in `urls`, then those that are only in `data`.

        The latter are last frames, masks and covers. Inputs of the task are not included.
        """
        return tuple(AsyncAsset(url, index, kind, self.ref, saver=self._saver) for url, index, kind in self._placed())

    async def save(self, directory: Target = ".", *, overwrite: bool = False) -> list[Path]:
        """Download every file.

        Args:
            directory: Where to save them. A folder (`out`) gets `<task id>_<index>.<ext>`; outside the Market the name
                of the family comes first, as in `veo-4k-<task id>_0.mp4`. A name (`picture.png`) names the file;
                several files get numbers. A template (`out/{id}-{model}-{n}.{ext}`) names each: the task's id, its
                model, its number from 0, and the extension of its content; write a literal brace twice. An open binary
                file takes the only file of the result. Missing folders are created.
            overwrite: Replace files of the same names. By default, the next free name is used: `<task id>_0-2.png`.

        Returns:
            The paths of the files, in the order of `assets`; empty for a file object.

        Raises:
            ConfigError: The result belongs to no client, or a name in braces is unknown.
            DownloadFailed: A file could not be downloaded, or is not what the model makes. The others are kept, and no
                file is incomplete.
        """
        return await of_a_client(self._saver).save(self, directory, overwrite=overwrite)

    async def _saved_once(self, directory: Target, *, overwrite: bool) -> list[Path]:
        """Download the files that are not there yet, since an earlier download may have been killed halfway."""
        saver = cast("_AsyncSavesOnce", of_a_client(self._saver))
        return await saver.save(self, directory, overwrite=overwrite, once=True)


A_co = TypeVar("A_co", bound=AsyncResult, covariant=True)


class Paired(Protocol[A_co]):
    """A `Result` class that names its twin for `AsyncKie`: so `Request[ImageResult]` gives an `AsyncImageResult`."""

    def _asynchronous(self, saver: AsyncSaver) -> A_co: ...


class _Image(AnyResult):
    kind = "image"

    @property
    def origin_urls(self) -> tuple[str, ...]:
        """Where the service tells: the images before it worked on them. Flux Kontext keeps them for ten minutes."""
        return urls_of(picked(self.data, "originImageUrl", "origin_image_url"))


class ImageResult(_Image, Result):
    """One or more images."""

    def _asynchronous(self, saver: AsyncSaver) -> AsyncImageResult:
        return AsyncImageResult(status=self.status, saver=saver)


class AsyncImageResult(_Image, AsyncResult):
    """One or more images."""


class _Video(AnyResult):
    kind = "video"

    @property
    def origin_urls(self) -> tuple[str, ...]:
        """Where the service tells: the videos before it cropped or scaled them."""
        return urls_of(picked(self.data, "originUrls", "origin_urls"))

    @property
    def full_urls(self) -> tuple[str, ...]:
        """After an extension: the earlier video and the new part in one."""
        return urls_of(picked(self.data, "fullResultUrls", "full_result_urls"))

    @property
    def cover_urls(self) -> tuple[str, ...]:
        """Still images of the videos, where the service makes any."""
        names = ("imageUrls", "image_urls", "imageUrl", "image_url", "resultImageUrl", "result_image_url")
        return urls_of(picked(self.data, *names))

    @property
    def resolution(self) -> str | None:
        """The resolution, such as `1080p`, where the service tells."""
        return text_of(picked(self.data, "resolution"))


class VideoResult(_Video, Result):
    """One or more videos."""

    def _asynchronous(self, saver: AsyncSaver) -> AsyncVideoResult:
        return AsyncVideoResult(status=self.status, saver=saver)


class AsyncVideoResult(_Video, AsyncResult):
    """One or more videos."""


class _Audio(AnyResult):
    kind = "audio"


class AudioResult(_Audio, Result):
    """Speech, effects or other sound."""

    def _asynchronous(self, saver: AsyncSaver) -> AsyncAudioResult:
        return AsyncAudioResult(status=self.status, saver=saver)


class AsyncAudioResult(_Audio, AsyncResult):
    """Speech, effects or other sound."""


class JsonResult(Result):
    """Data, files, or both: what the model returns is in `data`."""

    def _asynchronous(self, saver: AsyncSaver) -> AsyncJsonResult:
        return AsyncJsonResult(status=self.status, saver=saver)


class AsyncJsonResult(AsyncResult):
    """Data, files, or both: what the model returns is in `data`."""


def picked(value: JSON, *names: str) -> JSON:
    """The value of a field under the first of several names that has one. Records and callbacks use different names."""
    found = (value.get(name) for name in names) if isinstance(value, dict) else iter(())
    return next((item for item in found if item not in (None, "")), None)


def content(value: JSON) -> JSON:
    """The content of a result. In the Market it is in `resultObject` or `data`; elsewhere it is the value itself."""
    while isinstance(value, dict):
        inner = picked(value, "resultObject", "data")
        if not isinstance(inner, (dict, list)):
            break
        value = inner
    return value


def text_of(value: JSON) -> str | None:
    """A text, or a number converted to text; None for anything else."""
    if isinstance(value, str):
        return value
    return str(value) if type(value) in (int, float) else None


def number_of(value: JSON) -> float | None:
    """A number, or a text with a number converted to one; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) else None


def urls_of(value: JSON) -> tuple[str, ...]:
    """The URLs in a list, or a single URL."""
    return tuple(item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str) and item)


def objects_of(value: JSON) -> list[dict[str, JSON]]:
    """The objects in a list, or a single object."""
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)]
