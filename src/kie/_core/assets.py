"""Core: the files of a result, and the interface through which a client downloads them. May import only `_core`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from os import PathLike
from typing import IO, TYPE_CHECKING, BinaryIO, Protocol, Self, TypeAlias, TypeVar

import attrs

from kie._core.attributes import Guiding
from kie._core.errors import ConfigError
from kie._core.later import later
from kie._core.tasks import TaskRef

if TYPE_CHECKING:
    from pathlib import Path

    from PIL.Image import Image

    from kie._core.results import AnyResult
else:
    AnyResult = later("kie._core.results", "AnyResult")
    Image = later("PIL.Image", "Image")
    Path = later("pathlib", "Path")

PIECE = 64 * 1024
"""Bytes that `stream` yields at a time."""

Target: TypeAlias = str | PathLike[str] | IO[bytes]
"""Where files are saved: a folder, a file name, a template of names, or an open binary file."""


class Saver(Protocol):
    """How the results of a `Kie` and their files are downloaded."""

    def save(self, what: AnyResult | AnyAsset, directory: Target, *, overwrite: bool) -> list[Path]:
        """Download every file of a result, or one of them.

        Args:
            what: The result, or one file of it.
            directory: The folder, created if needed, which may be followed by a template of names.
            overwrite: Replace existing files instead of choosing another name.

        Returns:
            The paths.

        Raises:
            ConfigError: A name in braces is unknown.
            DownloadFailed: A file could not be downloaded.
        """
        ...

    def open(self, asset: AnyAsset) -> BinaryIO:
        """Fetch a file, and open it.

        Args:
            asset: The file.

        Returns:
            The open file, which is deleted when it is closed.

        Raises:
            DownloadFailed: It could not be downloaded.
        """
        ...


class AsyncSaver(Protocol):
    """How the results of an `AsyncKie` and their files are downloaded."""

    async def save(self, what: AnyResult | AnyAsset, directory: Target, *, overwrite: bool) -> list[Path]:
        """Download every file of a result, or one of them.

        Args:
            what: The result, or one file of it.
            directory: The folder, created if needed, which may be followed by a template of names.
            overwrite: Replace existing files instead of choosing another name.

        Returns:
            The paths.

        Raises:
            ConfigError: A name in braces is unknown.
            DownloadFailed: A file could not be downloaded.
        """
        ...

    async def open(self, asset: AnyAsset) -> BinaryIO:
        """Fetch a file, and open it.

        Args:
            asset: The file.

        Returns:
            The open file, which is deleted when it is closed.

        Raises:
            DownloadFailed: It could not be downloaded.
        """
        ...

    async def read(self, file: BinaryIO, size: int) -> bytes:
        """Read from an open file off the event loop.

        Args:
            file: The open file.
            size: The most bytes to read; -1 for all that is left.

        Returns:
            The bytes; empty at the end of the file.
        """
        ...


@attrs.frozen(eq=False)
class AnyAsset(Guiding):
    """One file of a result, from either client. `str(asset)` is its URL; requests accept the asset in its place.

    The service keeps results for 14 days according to one of its pages, and for 24 hours according to another: save
    them at once.
    """

    url: str
    """The URL of the file."""
    index: int
    """The position of the file in the result, from 0."""
    kind: str
    """The kind of media that the model makes: `image`, `video` or `audio`, or `file` if that is not known, as for a
    last frame."""
    ref: TaskRef
    """The task that made the file."""

    _elsewhere = "asset"

    def _files(self) -> tuple[AnyAsset, ...]:
        """The asset itself, as the value of a media field."""
        return (self,)

    def __str__(self) -> str:
        return self.url

    def _repr_html_(self) -> str:
        """What a notebook shows: a picture or a player."""
        from kie._core import notebook

        return notebook.of_asset(self)

    def __eq__(self, other: object) -> bool:
        """Assets of the same file are equal, whichever client they come from."""
        return isinstance(other, AnyAsset) and self._known == other._known

    def __hash__(self) -> int:
        return hash(self._known)

    @property
    def _known(self) -> tuple[str, int, str, TaskRef]:
        return (self.url, self.index, self.kind, self.ref)

    def __copy__(self) -> Self:
        return attrs.evolve(self)

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        return attrs.evolve(self)  # the client is not part of the value

    def __reduce__(self) -> tuple[object, ...]:
        # a copy in another process belongs to no client
        return (type(self), self._known)


@attrs.frozen(eq=False)
class Asset(AnyAsset):
    """One file of a result of a `Kie`. `str(asset)` is its URL, and requests accept the asset in place of a URL.

    A download is complete or raises an error. An expired link is renewed once, and a file that is cut off or is not
    what the model makes is fetched again.
    """

    _saver: Saver | None = attrs.field(default=None, repr=False, eq=False, alias="saver", kw_only=True)

    def save(self, directory: Target = ".", *, overwrite: bool = False) -> Path | None:
        """Download the file.

        Args:
            directory: Where to save it: a folder, a name or template, or an open binary file; see `Result.save`.
            overwrite: Replace a file of the same name. By default, the next free name is used.

        Returns:
            The path; None for a file object.

        Raises:
            ConfigError: The asset belongs to no client, or a name in braces is unknown.
            DownloadFailed: It could not be downloaded, or is not what the model makes.
        """
        return next(iter(of_a_client(self._saver).save(self, directory, overwrite=overwrite)), None)

    def open(self) -> BinaryIO:
        """Download the file to a temporary file, which is deleted when it is closed.

        Returns:
            The open file, at its beginning.

        Raises:
            ConfigError: The asset belongs to no client.
            DownloadFailed: It could not be downloaded, or is not what the model makes.
        """
        return of_a_client(self._saver).open(self)

    def read(self) -> bytes:
        """Download the file into memory.

        Returns:
            Its bytes.

        Raises:
            ConfigError: The asset belongs to no client.
            DownloadFailed: It could not be downloaded, or is not what the model makes.
        """
        with self.open() as file:
            return file.read()

    def stream(self, size: int = PIECE) -> Iterator[bytes]:
        """Download the file and yield it in pieces. The whole file is fetched at the first `next`, before that returns.

        Args:
            size: Maximum number of bytes in a piece; at least 1.

        Yields:
            The pieces, in order.

        Raises:
            ConfigError: The asset belongs to no client.
            DownloadFailed: It could not be downloaded, or is not what the model makes.
        """
        with self.open() as file:
            while piece := file.read(max(size, 1)):
                yield piece

    def pil(self) -> Image:
        """Download an image and open it with Pillow.

        Returns:
            The image; its pixels are decoded when they are first needed.

        Raises:
            ConfigError: It is not an image, Pillow is not installed (extra `media`), or the asset belongs to no client.
            DownloadFailed: It could not be downloaded, or is not an image.
        """
        can_be_image(self)
        return image_of(self.read())


@attrs.frozen(eq=False)
class AsyncAsset(AnyAsset):
    """One file of a result of an `AsyncKie`. `str(asset)` is its URL, and requests accept the asset in place of a URL.

    A download is complete or raises an error. An expired link is renewed once, and a file that is cut off or is not
    what the model makes is fetched again.
    """

    _saver: AsyncSaver | None = attrs.field(default=None, repr=False, eq=False, alias="saver", kw_only=True)

    async def save(self, directory: Target = ".", *, overwrite: bool = False) -> Path | None:
        """Download the file.

        Args:
            directory: Where to save it: a folder, a name or template, or an open binary file; see `AsyncResult.save`.
            overwrite: Replace a file of the same name. By default, the next free name is used.

        Returns:
            The path; None for a file object.

        Raises:
            ConfigError: The asset belongs to no client, or a name in braces is unknown.
            DownloadFailed: It could not be downloaded, or is not what the model makes.
        """
        return next(iter(await of_a_client(self._saver).save(self, directory, overwrite=overwrite)), None)

    async def open(self) -> BinaryIO:
        """Download the file to a temporary file, which is deleted when it is closed.

        Returns:
            The open file, at its beginning. Reading from it blocks, as with any file.

        Raises:
            ConfigError: The asset belongs to no client.
            DownloadFailed: It could not be downloaded, or is not what the model makes.
        """
        return await of_a_client(self._saver).open(self)

    async def read(self) -> bytes:
        """Download the file into memory.

        Returns:
            Its bytes.

        Raises:
            ConfigError: The asset belongs to no client.
            DownloadFailed: It could not be downloaded, or is not what the model makes.
        """
        saver = of_a_client(self._saver)
        with await saver.open(self) as file:
            return await saver.read(file, -1)

    async def stream(self, size: int = PIECE) -> AsyncGenerator[bytes, None]:
        """Download the file and yield it in pieces. The whole file is fetched before the first piece comes.

        Args:
            size: Maximum number of bytes in a piece; at least 1.

        Yields:
            The pieces, in order.

        Raises:
            ConfigError: The asset belongs to no client.
            DownloadFailed: It could not be downloaded, or is not what the model makes.
        """
        saver = of_a_client(self._saver)
        with await saver.open(self) as file:
            while piece := await saver.read(file, max(size, 1)):
                yield piece

    async def pil(self) -> Image:
        """Download an image and open it with Pillow.

        Returns:
            The image; its pixels are decoded when they are first needed.

        Raises:
            ConfigError: It is not an image, Pillow is not installed (extra `media`), or the asset belongs to no client.
            DownloadFailed: It could not be downloaded, or is not an image.
        """
        can_be_image(self)
        return image_of(await self.read())


T = TypeVar("T")


def of_a_client(saver: T | None) -> T:
    """Return the saver of a client. Raises `ConfigError` if there is none."""
    if saver is None:
        raise ConfigError("this result belongs to no client; get it from one: client.task(result.ref).wait()")
    return saver


def can_be_image(asset: AnyAsset) -> None:
    """Refuse an asset that Pillow cannot open, before it is downloaded. Raises `ConfigError`."""
    if asset.kind not in ("image", "file"):
        raise ConfigError(f"pil() opens images, and {asset.url} is of kind {asset.kind}: open() or save() it")
    try:
        import PIL.Image  # noqa: F401
    except ImportError:
        raise ConfigError("pil() needs Pillow: pip install 'kie[media]'") from None


def image_of(content: bytes) -> Image:
    """Open bytes as a Pillow image. Raises `ConfigError` if they are not an image."""
    from io import BytesIO

    from PIL import Image, UnidentifiedImageError

    try:
        return Image.open(BytesIO(content))
    except UnidentifiedImageError as error:
        raise ConfigError(f"Pillow cannot open this file: {error}") from None


Files: TypeAlias = list[str] | list[Asset] | list[AsyncAsset] | tuple[str | AnyAsset, ...]
"""Several files: URLs, or assets of results."""
