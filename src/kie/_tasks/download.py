"""Tasks: fetches results. May import `_core`, `_exchange`, `_flow`.

The key is never sent along: result hosts are not Kie's API, and URLs in answers are not trusted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import PurePosixPath
from types import NoneType
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

import attrs

from kie._core.addresses import is_inside, is_loopback, place_of
from kie._core.assets import AnyAsset, Target
from kie._core.call import TransportError
from kie._core.errors import CircuitOpen, DownloadFailed, KieError
from kie._core.file_name_template import file_name_template, safe_name, user_stem
from kie._core.file_names import path_of, printable, same_format
from kie._core.results import AnyResult
from kie._core.transfers import Moved
from kie._exchange import breaking
from kie._exchange.answers import retry_after_of
from kie._flow import events
from kie._flow.context import Context
from kie._flow.effects import Fetch, Fetched, Flow, OnDisk, Partial, Sleep
from kie._flow.events import traced
from kie._flow.options import Options, of_kind
from kie._flow.scheduler import gather
from kie._tasks.account import download_url

if TYPE_CHECKING:
    from kie._library.library import Library

GONE = (401, 403, 404, 410)
MAX_REDIRECTS = 5


@traced("download")
def download(
    ctx: Context,
    file: str | AnyAsset,
    directory: str,
    stem: str | None = None,
    *,
    suffix: str | None = None,
    overwrite: bool = False,
    kept: bool = True,
    once: bool = False,
) -> Flow[str]:
    """Fetch one file into a directory and return its path. The name is `<stem><ext>`, by default the URL's own, with
    the extension of the content unless `suffix` is another.

    An existing file is replaced only with `overwrite`; otherwise the next free name is used, unless the same file is
    there already and should be there only `once`. Transfers that break, or bring something that no model makes, are
    repeated; an expired link is renewed once. With `kept`, the library's copy is used. Raises `DownloadFailed`,
    `CircuitOpen`.
    """
    work = _Download(ctx, file, directory, user_stem(stem) if stem else own_stem(str(file)), overwrite, suffix)
    work.once = once
    library = ctx.options.library
    if kept and library is not None and isinstance(file, AnyAsset):
        got = yield from _copied(library, file, work.fetch)
        if got is not None and got.path is not None:
            return work.arrived(got.path, got.suffix)
    try:
        while True:
            path = yield from work.step()
            if path is not None:
                return path
    except BaseException:
        work.partial.over = True  # set at once, because a driver may still be writing
        if work.partial.path:
            yield from OnDisk(work.partial.drop)
        raise


def _copied(library: Library, asset: AnyAsset, fetch: Fetch) -> Flow[Fetched | None]:
    """Copy a file from the library instead of fetching it. None if the library does not have it, or its copy was
    changed."""
    try:
        return (yield from OnDisk(partial(library._copied, asset, fetch)))
    except DownloadFailed:
        raise
    except Exception:  # from the library, or a user's store: the service may still have the file
        return None


@attrs.define(eq=False)
class _Download:
    """One download in progress: `target` is the URL that it is fetched from now, `number` how many attempts have
    failed."""

    ctx: Context
    file: str | AnyAsset
    directory: str
    stem: str
    overwrite: bool
    suffix: str | None
    url: str = attrs.field(init=False)
    target: str = attrs.field(init=False)
    started: float = attrs.field(init=False)
    attempts: events.Attempts = attrs.field(init=False)
    once: bool = False
    trouble: KieError | None = None
    renewed: bool = False
    number: int = 0
    redirects: int = 0
    partial: Partial = attrs.field(factory=Partial)
    moved: Moved | None = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.url = self.target = str(self.file)
        self.started = self.ctx.services.now()
        self.attempts = events.Attempts(self.ctx, "download", "GET", self.url)
        self.moved = self.ctx.moved(printable(unquote(_split(self.url).path)) or self.stem, "download")

    def step(self) -> Flow[str | None]:
        """Try once. Returns the path of the file, or None if it may be tried again."""
        guard(self.ctx.options, self.target)
        try:
            got = yield from self._fetch()
        except CircuitOpen as refused:
            raise self.trouble or refused from None
        except TransportError as failure:
            yield from self._pause(str(failure), None, None)
            return None
        if got.path is not None:
            events.downloaded(self.ctx, self.target, got.size)
            return self.arrived(got.path, got.suffix)
        if got.fault:
            yield from self._pause(got.fault, got.status, None)
        elif got.status in (206, 416) and self.partial.size:  # the rest is not available, so the download restarts
            yield from OnDisk(self.partial.drop)
            self.partial.forget()
            yield from self._pause("the server has no rest of the file", got.status, None)
        elif not (yield from self._redirected(got)):
            yield from self._pause(f"the server answered HTTP {got.status}", got.status, retry_after_of(got.headers))
        return None

    def arrived(self, path: str, suffix: str) -> str:
        """Return the path of the file. Warns if its content does not match its name."""
        if self.suffix is not None and not same_format(self.suffix, suffix):
            self.ctx.services.warn(f"{path} was requested under that name, but contains {suffix.lstrip('.')}")
        return path

    @property
    def fetch(self) -> Fetch:
        """What to fetch now, and where to save it."""
        options = self.ctx.options
        return Fetch(
            self.target,
            self.directory,
            self.stem,
            options.download_timeout,
            options.max_download,
            self.file.kind if isinstance(self.file, AnyAsset) else "file",
            self.overwrite,
            self.suffix,
            self.partial,
            self.moved,
            self.once,
        )

    def _fetch(self) -> Flow[Fetched]:
        """Make one attempt, which the breaker and the observers see. Raises `CircuitOpen`, `TransportError`."""
        origin = breaking.origin_of(self.target)
        admission = breaking.admit(self.ctx, origin)
        healthy: bool | None = None
        self.attempts.url = self.target
        try:
            self.attempts.sent(self.number + 1, 0)
            got = yield from self.fetch
            healthy = got.status < 500
        except BaseException as failure:
            self.attempts.lost(failure)
            healthy = False if isinstance(failure, TransportError) and not failure.local else None
            raise
        finally:
            breaking.report(self.ctx, origin, admission, healthy)
        error = None if got.path is not None or 300 <= got.status < 400 else "DownloadFailed"
        self.attempts.answered(status=got.status, error=error, size=got.size)
        return got

    def _redirected(self, got: Fetched) -> Flow[bool]:
        """Follow a redirect, or renew an expired link. Raises `DownloadFailed` if another attempt would not help."""
        status, location = got.status, got.headers.get("location")
        if 300 <= status < 400 and location and self.redirects < MAX_REDIRECTS:
            self.redirects += 1
            self.target = _joined(self.url, self.target, location, status)
            return True
        if status in GONE and not self.renewed:
            self.renewed = True
            fresh = yield from _renew(self.ctx, self.file)
            if fresh is not None:
                self.target = fresh
                return True
        if status in GONE:
            why = f"it is gone (HTTP {status}); the service keeps results for a short time"
            raise DownloadFailed(self.url, why, status=status)
        if status < 500 and status != 429:
            raise DownloadFailed(self.url, f"the server answered HTTP {status}", status=status)
        return False

    def _pause(self, why: str, status: int | None, asked_for: float | None) -> Flow[None]:
        """Wait before another attempt. Raises `DownloadFailed` if no other is allowed."""
        policy, services = self.ctx.options.retry, self.ctx.services
        self.number += 1
        delay = policy.delay(self.number, services.random(), asked_for)
        self.trouble = DownloadFailed(self.url, f"{why} ({self.number} attempts)", status=status)
        if self.number >= policy.attempts or services.now() + delay - self.started > policy.budget:
            raise self.trouble
        self.attempts.retried(delay)
        yield from Sleep(delay)


def _joined(url: str, target: str, location: str, status: int) -> str:
    try:
        return urljoin(target, location)
    except ValueError:
        raise DownloadFailed(url, "it redirects to what is not a URL", status=status) from None


def _renew(ctx: Context, file: str | AnyAsset) -> Flow[str | None]:
    """Ask the service for a new link; it returns one only for its own files."""
    try:
        return (yield from download_url(ctx, file))
    except KieError:  # the file is gone; why there is no new link for it does not matter
        return None


def guard(options: Options, url: str) -> None:
    """Refuse a URL that could be used to reach into a private network. Raises `DownloadFailed`.

    The transport checks the address that a name resolves to. A client of a server on this machine, such as a simulator,
    may fetch from this machine.
    """
    try:
        place = place_of(url)
    except ValueError as error:
        raise DownloadFailed(url, str(error)) from None
    if is_loopback(place.host) and is_loopback(place_of(options.base_url).host) and place.scheme in ("http", "https"):
        return
    if place.scheme != "https":
        raise DownloadFailed(url, f"only https is fetched, not {place.scheme or 'a bare path'}")
    if is_inside(place.host):
        raise DownloadFailed(url, f"{place.host} is a private address")


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError as error:
        raise DownloadFailed(url, f"it is not a URL ({error})") from None


def files_of(file: object, name: str | None) -> list[tuple[str | AnyAsset, str | None]]:
    """The files that a user wants, each with the name that it will get. Raises `ConfigError`."""
    of_kind("name", name, (str, NoneType), "text or None")
    files: list[object] = list(file) if isinstance(file, Iterable) and not isinstance(file, (str, bytes)) else [file]
    for one in files:
        of_kind("file", one, (str, AnyAsset), "a URL, an asset of a result, or a list of them")
    return [(one, name) for one in files if isinstance(one, (str, AnyAsset))]


def folder_of(directory: object, overwrite: object) -> str:
    """The folder that a user names for files. Raises `ConfigError`."""
    of_kind("overwrite", overwrite, bool, "True or False")
    return path_of("directory", directory)


def save(
    ctx: Context, what: AnyResult | AnyAsset, target: Target, *, overwrite: bool = False, once: bool = False
) -> Flow[list[str]]:
    """Fetch every file of a result, or one of them, to the place that the user wants.

    In a folder the name is `<task id>_<index><ext>`, outside the Market with the family's name in front: a video and
    its better versions have one task id, and without it they would replace each other. With `once`, a file that was
    saved earlier under its name is not saved again beside it. Raises `ConfigError`, and what `download_all` raises.
    """
    template = file_name_template(folder_of(target, overwrite))
    assets = (what,) if isinstance(what, AnyAsset) else what.assets
    default = safe_name(str(what.ref).replace(":", "-")) or "task"
    model = what.ref.model or what.ref.lifecycle
    wanted = []
    for asset in assets:
        place = template.place(id=what.ref.id, model=model, n=asset.index)
        stem = f"{default}_{asset.index}" if place.stem is None else place.stem
        wanted.append(WantedFile(asset, place.directory or ".", stem, place.suffix, once))
    return (yield from fetch_all(ctx, wanted, overwrite=overwrite))


@attrs.frozen
class WantedFile:
    """A file and its destination: without a stem it keeps its own name, without a suffix it gets that of its
    content."""

    file: str | AnyAsset
    directory: str
    stem: str | None = None
    suffix: str | None = None
    once: bool = False


def download_all(
    ctx: Context, files: Sequence[tuple[str | AnyAsset, str | None]], directory: str, *, overwrite: bool = False
) -> Flow[list[str]]:
    """Fetch files into one folder, each under its stem. As `fetch_all`."""
    wanted = [WantedFile(file, directory, stem) for file, stem in files]
    return (yield from fetch_all(ctx, wanted, overwrite=overwrite))


def fetch_all(ctx: Context, files: Sequence[WantedFile], *, overwrite: bool = False) -> Flow[list[str]]:
    """Fetch files, as many at a time as the options say, and return their paths in order.

    Every file is tried, whatever happens to the others. Raises the `DownloadFailed` (or other error) of the first that
    failed: its `saved` are the paths of the others, and notes tell of further failures.
    """
    found = yield from attempts(ctx, files, overwrite=overwrite)
    failures = [item for item in found if isinstance(item, Exception)]
    paths = [item for item in found if isinstance(item, str)]
    if not failures:
        return paths
    first = failures[0]
    if isinstance(first, DownloadFailed):
        first.saved = tuple(paths)
    if paths:
        first.add_note(f"{len(paths)} of {len(files)} files are saved: {', '.join(paths)}")
    for other in failures[1:]:
        first.add_note(f"another file failed: {other}")
    raise first


def attempts(
    ctx: Context, files: Sequence[WantedFile], *, overwrite: bool = False, kept: bool = True
) -> Flow[list[str | Exception]]:
    """Fetch files, as `fetch_all` does. Returns for each file its path or its error."""
    if len(files) == 1:
        try:
            return [(yield from _downloads(ctx, files, overwrite, kept)[0])]
        except Exception as error:
            return [error]
    return (yield from gather(_downloads(ctx, files, overwrite, kept), ctx.options.downloads))


def _downloads(ctx: Context, files: Sequence[WantedFile], overwrite: bool, kept: bool = True) -> list[Flow[str]]:
    return [
        download(ctx, one.file, one.directory, stem, suffix=one.suffix, overwrite=overwrite, kept=kept, once=one.once)
        for one, stem in zip(files, _apart(files), strict=True)
    ]


def _apart(files: Sequence[WantedFile]) -> list[str]:
    """A stem for each file. Those that would replace each other, also on a disk that ignores case, are numbered.

    The numbers keep them apart, and an underscore keeps them apart from names that end with such a number.
    """
    stems = [user_stem(one.stem) if one.stem else own_stem(str(one.file)) for one in files]
    places = [(one.directory, stem.casefold()) for one, stem in zip(files, stems, strict=True)]
    counts = Counter(places)
    taken = {place for place, count in counts.items() if count == 1}
    found = []
    for index, (stem, place) in enumerate(zip(stems, places, strict=True)):
        name = stem
        if counts[place] > 1:
            name = f"{stem}_{index}"
            while (place[0], name.casefold()) in taken:
                name += "_"
        found.append(name)
    return found


def own_stem(url: str) -> str:
    """The name of the file in a URL, without its extension."""
    return safe_name(PurePosixPath(unquote(_split(url).path)).stem) or "download"
