"""Floor 3: fetches results. May import `core`.

The key is never sent along: result hosts are not Kie's API, and a URL in an answer is not to be trusted.
"""

from __future__ import annotations

import ipaddress
import mimetypes
from pathlib import PurePosixPath
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

from kie._core.call import TransportError
from kie._core.errors import CircuitOpen, DownloadFailed, KieError
from kie._core.results import Asset, Result
from kie._exchange import breaking
from kie._exchange.exchange import retry_after_of
from kie._flow import events as watch
from kie._flow.effects import Fetch, Fetched, Flow, Sleep
from kie._flow.events import traced
from kie._flow.options import Options, is_loopback
from kie._tasks.account import download_url

GONE = (401, 403, 404, 410)
MAX_REDIRECTS = 5
_PRIVATE_NAMES = (".localhost", ".local", ".internal")
_IMAGES = ".png .jpg .jpeg .webp .gif .bmp .tiff .avif .heic .svg .psd .glb"
_OTHERS = ".mp4 .mov .webm .mkv .mp3 .wav .m4a .aac .ogg .flac .mid .json .zip .txt .srt"
EXTENSIONS = frozenset(f"{_IMAGES} {_OTHERS}".split())
_PREFERRED = {
    "image/jpeg": ".jpg",
    "audio/mpeg": ".mp3",
    "audio/wav": ".wav",
    "audio/x-wav": ".wav",
    "video/quicktime": ".mov",
}


@traced("download")
def download(options: Options, file: str | Asset, directory: str, stem: str | None = None) -> Flow[str]:
    """Fetch one file into a directory and return its path. The name is `<stem><ext>`, by default the URL's own.

    Interrupted transfers are repeated; a link that has gone is renewed once. Raises `DownloadFailed`, `CircuitOpen`.
    """
    url = str(file)
    policy = options.retry
    started = options.world.now()
    name = stem or _safe(PurePosixPath(unquote(_split(url).path)).stem) or "download"
    target, renewed = url, False
    attempt = redirects = 0
    trouble: KieError | None = None
    watched = watch.Exchange(options, "download", "GET", url)
    while True:
        guard(options, target)
        why, status, asked_for = "", None, None
        try:
            got = yield from _fetch(
                options,
                Fetch(target, directory, name, options.upload_timeout, options.max_download),
                attempt + 1,
                watched,
            )
        except CircuitOpen as refused:
            raise trouble or refused from None
        except TransportError as failure:
            why = str(failure)
        else:
            if got.path is not None:
                watch.downloaded(options, target, got.size)
                return got.path
            status, asked_for = got.status, retry_after_of(got.headers)
            why = f"the server answered HTTP {status}"
            location = got.headers.get("location")
            if 300 <= status < 400 and location and redirects < MAX_REDIRECTS:
                redirects += 1
                target = _redirected(url, target, location, status)
                continue
            if status in GONE and not renewed:
                renewed = True
                fresh = yield from _renew(options, file)
                if fresh is not None:
                    target = fresh
                    continue
            if status in GONE:
                raise DownloadFailed(
                    url, f"it is gone (HTTP {status}); the service keeps results for a short time", status=status
                )
            if status < 500 and status != 429:
                raise DownloadFailed(url, why, status=status)
        attempt += 1
        delay = policy.delay(attempt, options.world.luck(), asked_for)
        trouble = DownloadFailed(url, f"{why} ({attempt} attempts)", status=status)
        if attempt >= policy.attempts or options.world.now() + delay - started > policy.budget:
            raise trouble
        watched.retried(delay)
        yield Sleep(delay)


def _redirected(url: str, target: str, location: str, status: int) -> str:
    try:
        return urljoin(target, location)
    except ValueError:
        raise DownloadFailed(url, "it redirects to what is no URL", status=status) from None


def _fetch(options: Options, fetch: Fetch, attempt: int, watched: watch.Exchange) -> Flow[Fetched]:
    """One attempt, of which the breaker and the observers are told. Raises `CircuitOpen`, `TransportError`."""
    origin = breaking.origin_of(fetch.url)
    ticket = breaking.admit(options, origin)
    fared: bool | None = None
    watched.url = fetch.url
    try:
        watched.sent(attempt, 0)
        got: Fetched = yield fetch
        fared = got.status < 500
    except BaseException as failure:
        watched.lost(failure)
        fared = False if isinstance(failure, TransportError) and not failure.local else None
        raise
    finally:
        breaking.report(options, origin, ticket, fared)
    error = None if got.path is not None or 300 <= got.status < 400 else "DownloadFailed"
    watched.answered(status=got.status, error=error, size=got.size)
    return got


def _renew(options: Options, file: str | Asset) -> Flow[str | None]:
    """Ask the service for a new link; it gives one only for files of its own."""
    try:
        return (yield from download_url(options, file))
    except KieError:  # the file is gone; why there is no new link for it does not matter
        return None


def guard(options: Options, url: str) -> None:
    """Refuse a URL that a stranger could use to reach into a private network."""
    parts = _split(url)
    host = (parts.hostname or "").rstrip(".")
    home = urlsplit(options.base_url)
    local = is_loopback(home.hostname or "")
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise DownloadFailed(url, f"only https is fetched, not {parts.scheme or 'a bare path'}")
    if not host:
        raise DownloadFailed(url, "it names no host")
    if local:
        return
    if not host.isascii():
        raise DownloadFailed(url, "its host has to be written in ASCII (as xn--…)")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        private = host == "localhost" or host.endswith(_PRIVATE_NAMES) or _is_numeric(host)
    else:
        private = not address.is_global
    if private:
        raise DownloadFailed(url, f"{host} is a private address")


def _is_numeric(host: str) -> bool:
    """Whether a host is an IPv4 address in one of the old notations (`0x7f000001`, `127.1`), as resolvers read it."""
    last = host.rpartition(".")[2]
    return last.isdigit() or last.startswith("0x")


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError as error:
        raise DownloadFailed(url, f"it is no URL ({error})") from None


def file_name(stem: str, url: str, content_type: str) -> str:
    """The name of a fetched file: its extension comes from the URL's path, else from the content type."""
    suffix = PurePosixPath(unquote(urlsplit(url).path)).suffix.lower()
    if suffix not in EXTENSIONS:
        kind = content_type.partition(";")[0].strip().lower()
        suffix = _PREFERRED.get(kind) or mimetypes.guess_extension(kind) or ".bin"
    return stem + suffix


def _safe(name: str) -> str:
    return "".join(c if c.isalnum() or c in "-_." else "_" for c in name).strip(".")[:120]


def save(options: Options, result: Result, directory: str) -> Flow[list[str]]:
    """Fetch every file of a result as `<task id>_<index><ext>`, outside the Market with the family's name in front.

    A video and its better versions have one task id: without it they would replace each other.
    """
    stem = _safe(str(result.ref).replace(":", "-")) or "task"
    paths: list[str] = []
    for asset in result.assets:
        paths.append((yield from download(options, asset, directory, f"{stem}_{asset.index}")))
    return paths
