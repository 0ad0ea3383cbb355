"""Core: what a finished task yields. May import only `_core`.

`client.run(X(...))` returns the type that X's class names: `ImageResult`, `VideoResult` … All share one
base; a kind adds what only it has.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator, Sequence
from math import isfinite
from os import PathLike
from typing import TYPE_CHECKING, NoReturn, Protocol, TypeVar

import attrs

from kie._core.errors import ConfigError
from kie._core.json import JSON
from kie._core.tasks import TaskRef, TaskStatus

if TYPE_CHECKING:
    from decimal import Decimal
    from pathlib import Path

    _Paths = list[Path]
else:
    _Paths = list


class SavedFiles(_Paths):
    """The paths of saved files. A result of `AsyncKie` has to be awaited first: `await result.save(...)`."""

    def __await__(self) -> Generator[object, None, SavedFiles]:
        yield from ()
        return self


class _PendingSave(SavedFiles):
    """What `save` gives on a result of `AsyncKie`: nothing is saved until it is awaited."""

    def __init__(self, work: Callable[[], Awaitable[Sequence[Path]]]) -> None:
        super().__init__()
        self._work = work

    def __await__(self) -> Generator[object, None, SavedFiles]:
        return SavedFiles((yield from self._work().__await__()))

    def _unawaited(self, *_: object) -> NoReturn:
        raise ConfigError("this result belongs to an AsyncKie: write `await result.save(...)`")

    __iter__ = __len__ = __getitem__ = _unawaited  # pyright: ignore

    def __repr__(self) -> str:
        return "<files not saved yet: await it>"


class Saver(Protocol):
    """What a client gives to its results so that they can save themselves."""

    def save_sync(self, result: Result, directory: str | PathLike[str]) -> Sequence[Path]: ...

    async def save_async(self, result: Result, directory: str | PathLike[str]) -> Sequence[Path]: ...

    @property
    def is_async(self) -> bool: ...


@attrs.frozen
class Asset:
    """One file of a result. `str(asset)` is its URL.

    The service keeps results for 14 days by one page and 24 hours by another: save them at once.
    """

    url: str
    """The URL of the file."""
    index: int
    """The position of the file in the result, from 0."""
    kind: str
    """The kind of media that the model makes: `image`, `video` or `audio`, or `file` if that is not known."""
    ref: TaskRef
    """The task that made the file."""

    def __str__(self) -> str:
        return self.url


@attrs.frozen(kw_only=True)
class Result:
    """The result of a task that succeeded."""

    status: TaskStatus
    """The status that the result was read from."""
    _saver: Saver | None = attrs.field(default=None, repr=False, eq=False, alias="saver")

    kind = "file"

    def __reduce__(self) -> tuple[object, ...]:
        # a copy in another process belongs to no client
        return (_restore, (type(self), self.status))

    @property
    def ref(self) -> TaskRef:
        """The task, so that a result may stand wherever a request takes an earlier task."""
        return self.status.ref

    @property
    def urls(self) -> tuple[str, ...]:
        """The URLs of the files, in the service's order."""
        return self.status.urls

    @property
    def assets(self) -> tuple[Asset, ...]:
        """The files, each with its place and kind."""
        return tuple(Asset(url, index, self.kind, self.ref) for index, url in enumerate(self.urls))

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
        """Whatever else the result holds, such as first and last frames, segments or text."""
        return self.status.data

    @property
    def raw(self) -> JSON:
        """The record as the service sent it."""
        return self.status.raw

    def save(self, directory: str | PathLike[str] = ".") -> SavedFiles:
        """Download every file into a directory, as `<task id>_<index>.<ext>`.

        Outside the Market the name of the family comes first, as in `veo-4k-<task id>_0.mp4`. On a result of
        `AsyncKie`, write `await result.save(...)`.

        Args:
            directory: Where to save; it is created if it does not exist.

        Returns:
            The paths of the files, in the order of `urls`.

        Raises:
            ConfigError: The result belongs to no client.
            DownloadFailed: A file could not be downloaded. The files before it stay, and none is incomplete.
        """
        saver = self._saver
        if saver is None:
            raise ConfigError("this result belongs to no client; use client.task(result.ref).wait().save(...)")
        if saver.is_async:
            return _PendingSave(lambda: saver.save_async(self, directory))
        return SavedFiles(saver.save_sync(self, directory))


def _restore(cls: type[Result], status: TaskStatus) -> Result:
    return cls(status=status)


class ImageResult(Result):
    """One or more images."""

    kind = "image"

    @property
    def origin_urls(self) -> tuple[str, ...]:
        """Where the service tells: the images before it worked on them. Flux Kontext keeps them for ten minutes."""
        return urls_of(picked(self.data, "originImageUrl", "origin_image_url"))


class VideoResult(Result):
    """One or more videos."""

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


class AudioResult(Result):
    """Speech, effects or other sound."""

    kind = "audio"


class JsonResult(Result):
    """Data, files, or both: what the model returns is in `data`."""


R_co = TypeVar("R_co", bound=Result, covariant=True)


def picked(value: JSON, *names: str) -> JSON:
    """A field of an object, under the first of its names that holds something: records and callbacks differ in them."""
    found = (value.get(name) for name in names) if isinstance(value, dict) else iter(())
    return next((item for item in found if item not in (None, "")), None)


def text_of(value: JSON) -> str | None:
    """A text, or a number as one; None for anything else."""
    if isinstance(value, str):
        return value
    return str(value) if type(value) in (int, float) else None


def number_of(value: JSON) -> float | None:
    """A number, or a text that holds one; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) else None


def urls_of(value: JSON) -> tuple[str, ...]:
    """The URLs in a list, or a single one."""
    return tuple(item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str) and item)


def objects_of(value: JSON) -> list[dict[str, JSON]]:
    """The objects in a list, or a single one."""
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)]
