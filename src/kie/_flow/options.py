"""Flow: every option of a client, declared once. May import `_core` and `_policy`.

From `Options` the compiler derives the explicit keywords of both clients with their help, the types in
`_flow/overrides.py`, and the table in docs/configuration.md. An option's docstring is its help everywhere; its `group`
says which methods take it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from os import PathLike
from types import NoneType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast
from urllib.parse import urlsplit

import attrs

from kie._core.addresses import is_loopback, place_of
from kie._core.call import Server
from kie._core.errors import ConfigError
from kie._core.json import JSON
from kie._core.later import later
from kie._core.numbers import at_least, figures, seconds, together
from kie._core.safe_text import repr_of, short_repr, url_repr
from kie._core.status import TaskStatus
from kie._core.tasks import TaskRef
from kie._core.transfers import OnTransfer
from kie._flow.effects import Callbacks
from kie._flow.observers import Observers, observers_of
from kie._policy.breaker import CircuitBreaker
from kie._policy.polling import PollPolicy
from kie._policy.retry import RetryPolicy

if TYPE_CHECKING:
    from decimal import Decimal

    from kie._io.budget import Budget
    from kie._library.library import Library
else:
    Decimal = later("decimal", "Decimal")
    Budget = later("kie._io.budget", "Budget")
    Library = later("kie._library.library", "Library")

API_URL = "https://api.kie.ai"
UPLOAD_URL = "https://kieai.redpandaai.co"

OnProgress: TypeAlias = Callable[[TaskStatus, float, int], object]
OnSubmitted: TypeAlias = Callable[[TaskRef], object]
Group: TypeAlias = Literal[
    "server", "exchange", "submit", "upload", "run", "wait", "keep", "download", "transfer", "batch", "sending"
]


ASYNC_TRANSFER = "on_transfer may not be async: files are read and written in threads"


BOTH_URLS = "via and callback_url are mutually exclusive: the URL of via is the callback URL; leave one of them out"


class Unset:
    """Stands for an option that was not given."""

    def __repr__(self) -> str:
        return "UNSET"


UNSET = Unset()


def of_kind(name: str, value: object, kind: type | tuple[type, ...], what: str) -> None:
    """Refuse an option of the wrong type now, not after something was paid for. Raises `ConfigError`."""
    if not isinstance(value, kind):
        raise ConfigError(f"{name} must be {what}, not {short_repr(value)}")


def _base(url: str) -> str:
    given: object = url
    return url.rstrip("/") if isinstance(given, str) else url  # `check_base` refuses anything else, by its name


def _library(value: object) -> Library | None:
    """Refuse anything that is not a library. Whoever has one has imported its class; a client without one need not."""
    kind = getattr(sys.modules.get("kie._library.library"), "Library", ())
    if value is None or isinstance(value, kind):
        return cast("Library | None", value)
    way = ""
    if isinstance(value, (str, PathLike)):
        way = f": for a folder, pass Library({value!r:.200})"
    raise ConfigError(f"library must be a kie.Library or None, not {repr_of(value)}{way}")


def _tags(value: object) -> tuple[str, ...]:
    """The tags as a tuple. Raises `ConfigError`, also for a single string, whose letters would each become a tag."""
    if isinstance(value, str):
        raise ConfigError(f"tags must be a list of strings, not {value!r:.80}")
    fine = isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray, memoryview))
    if not fine or not all(isinstance(each, str) and each.strip() for each in cast("Sequence[object]", value)):
        raise ConfigError(f"tags must be a list of non-empty strings, not {repr_of(value)}")
    return tuple(dict.fromkeys(cast("Sequence[str]", value)))


def _source(value: object) -> Mapping[str, JSON]:
    """A copy of the source, as JSON. Raises `ConfigError` for anything that JSON cannot represent."""
    of_kind("source", value, Mapping, "a mapping such as {'project': 'x'}")
    given = cast("Mapping[object, object]", value)
    if not given:
        return {}
    import json

    try:
        if not all(isinstance(name, str) for name in given):
            raise TypeError("its names must be strings")
        made: dict[str, JSON] = json.loads(json.dumps(dict(given), allow_nan=False))
    except (TypeError, ValueError, RecursionError) as error:
        raise ConfigError(f"source must contain only JSON values: {error}") from None
    return made


def in_group(group: Group) -> dict[str, Group]:
    """The metadata of an option: which methods take it."""
    return {"group": group}


@attrs.frozen(kw_only=True)
class Options:
    """The options of a client. All but the two servers can also be given for a single call, or with `with_options`."""

    base_url: str = attrs.field(default=API_URL, converter=_base, metadata=in_group("server"))
    """The API server. Defaults to KIE_BASE_URL, else Kie's own. The key is sent only to this server and to
    `upload_url`."""

    upload_url: str = attrs.field(default=UPLOAD_URL, converter=_base, metadata=in_group("server"))
    """The upload server. Defaults to KIE_UPLOAD_URL, else Kie's own."""

    request_timeout: float = attrs.field(default=30.0, metadata=in_group("exchange"))
    """Maximum number of seconds for one request to the API, including its answer."""

    retry: RetryPolicy = attrs.field(factory=RetryPolicy, metadata=in_group("exchange"))
    """How often, and at what intervals, requests that may be repeated are sent again. `no_retry()` sends everything
    once."""

    breaker: CircuitBreaker | None = attrs.field(factory=CircuitBreaker, metadata=in_group("exchange"))
    """Stops calls to a server that keeps failing. None never stops them."""

    observers: Observers = attrs.field(default=Observers(), converter=observers_of, metadata=in_group("exchange"))
    """Called with every event: see `kie.telemetry`."""

    allow_retired: bool = attrs.field(default=False, metadata=in_group("submit"))
    """Submit to a model that the vendor has retired, instead of raising `ModelRetired`."""

    callback_url: str | None = attrs.field(default=None, metadata=in_group("submit"))
    """The URL to which the service reports the outcome of a task. Passing it to a call raises `ConfigError` if the
    operation takes no callback URL."""

    on_submitted: OnSubmitted | None = attrs.field(default=None, metadata=in_group("submit"))
    """Called with the ref of a task before its first poll."""

    budget: Budget | Decimal | float | None = attrs.field(default=None, metadata=in_group("submit"))
    """What tasks may cost: a `Budget`, or a number of credits for this client or call alone. Passed to a call, it
    narrows the budget of the client. See docs/budgets.md."""

    upload_path: str = attrs.field(default="kie-python", metadata=in_group("submit"))
    """The folder at the upload host for local media. The host requires one."""

    tags: Sequence[str] = attrs.field(default=(), converter=_tags, metadata=in_group("submit"))
    """Tags that the `library` keeps with each run."""

    source: Mapping[str, JSON] = attrs.field(factory=dict, converter=_source, hash=False, metadata=in_group("submit"))
    """Where each run comes from, for the `library` to keep: user, channel, agent, project or anything else, as JSON."""

    upload_timeout: float = attrs.field(default=300.0, metadata=in_group("upload"))
    """Maximum number of seconds without progress during an upload."""

    retry_free: int = attrs.field(default=0, metadata=in_group("run"))
    """How often to submit a task again if it failed inside the service and, as the service reports, cost nothing; 0 for
    never."""

    via: Callbacks | None = attrs.field(default=None, metadata=in_group("wait"))
    """A `kie.webhooks.Receiver` to listen to while waiting. Its URL replaces `callback_url`: passing both to a call
    raises `ConfigError`."""

    timeout: float = attrs.field(default=1800.0, metadata=in_group("wait"))
    """Seconds to wait for a task. After that, `TaskTimeout` is raised with the ref of the task, which keeps running at
    the service."""

    poll: PollPolicy = attrs.field(factory=PollPolicy, metadata=in_group("wait"))
    """When to poll a task: see docs/polling.md."""

    on_progress: OnProgress | None = attrs.field(default=None, metadata=in_group("wait"))
    """Called after each poll with the status, the elapsed seconds and the number of polls."""

    library: Library | None = attrs.field(default=None, converter=_library, metadata=in_group("keep"))
    """A `Library` that keeps every run: request, inputs, outcome, costs and files. Pass None to a call to leave it out
    of the library. See docs/library.md."""

    download_timeout: float = attrs.field(default=300.0, metadata=in_group("download"))
    """Maximum number of seconds without progress during a download."""

    downloads: int = attrs.field(default=5, metadata=in_group("download"))
    """Maximum number of files of a result to fetch at the same time; at least 1."""

    max_download: int = attrs.field(default=4 * 1024**3, metadata=in_group("download"))
    """Maximum size of a downloaded file, in bytes."""

    on_transfer: OnTransfer | None = attrs.field(default=None, metadata=in_group("transfer"))
    """Called with a `Transfer` while files are uploaded or downloaded: name, direction, bytes so far and in total. It
    must not be async, even for an `AsyncKie`, and is never called by two threads at once."""

    def __attrs_post_init__(self) -> None:
        together(self._check_figures, self._check_kinds, self._check_functions, self._check_places)

    def _check_figures(self) -> None:
        together(
            partial(seconds, self, "timeout", "request_timeout", "upload_timeout", "download_timeout"),
            partial(figures, self, "max_download"),
            partial(at_least, "downloads", self.downloads),
            partial(at_least, "retry_free", self.retry_free, 0),
        )

    def _check_kinds(self) -> None:
        together(
            partial(of_kind, "retry", self.retry, RetryPolicy, "a RetryPolicy"),
            partial(of_kind, "breaker", self.breaker, (CircuitBreaker, NoneType), "a CircuitBreaker or None"),
            partial(of_kind, "poll", self.poll, PollPolicy, "a PollPolicy"),
            partial(of_kind, "allow_retired", self.allow_retired, bool, "True or False"),
        )

    def _check_functions(self) -> None:
        names = ("on_submitted", "on_progress", "on_transfer")
        kinds: Any = (Callable, NoneType)
        together(*(partial(of_kind, name, getattr(self, name), kinds, "a function or None") for name in names))
        if self.on_transfer is not None and is_async(self.on_transfer):
            raise ConfigError(ASYNC_TRANSFER)

    def _check_places(self) -> None:
        together(
            partial(check_base, "base_url", self.base_url),
            partial(check_base, "upload_url", self.upload_url),
            partial(check_callback, self.callback_url),
            self._check_via,
            self._check_upload_path,
        )

    def _check_via(self) -> None:
        if self.via is not None and not all(hasattr(type(self.via), part) for part in ("url", "wait", "wait_async")):
            raise ConfigError(f"via must be a kie.webhooks.Receiver, not {self.via!r}")

    def _check_upload_path(self) -> None:
        of_kind("upload_path", self.upload_path, str, "text")
        if not self.upload_path.strip("/"):
            raise ConfigError("upload_path cannot be empty: the upload host requires a folder")

    def server(self, name: Server) -> str:
        """The base URL of a server that a call names."""
        return self.base_url if name == "api" else self.upload_url


def is_async(function: Callable[..., object]) -> bool:
    """Whether a user's function, or callable object, returns something to await."""
    from inspect import iscoroutinefunction

    return iscoroutinefunction(function) or iscoroutinefunction(getattr(function, "__call__", None))  # noqa: B004


def given(**options: object) -> dict[str, object]:
    """The options that were given. Most calls give none at all."""
    if [*options.values()].count(UNSET) == len(options):
        return {}
    return {name: value for name, value in options.items() if value is not UNSET}


def overridden(options: Options, overrides: dict[str, object]) -> Options:
    """The options with some overridden. Raises `ConfigError` for a server: the key is bound to those of the client."""
    if not overrides:
        return options
    if not overrides.keys().isdisjoint(("base_url", "upload_url")):
        raise ConfigError("another server needs another client: Kie(base_url=..., upload_url=...)")
    return attrs.evolve(options, **overrides)  # type: ignore[arg-type]


def check_base(name: str, url: str) -> None:
    """Refuse a base URL that is not http(s), or that would send the key over the network in the clear."""
    of_kind(name, url, str, "text")
    try:
        place = place_of(url)
    except ValueError as error:
        raise ConfigError(f"{name} {url_repr(url)} is not a URL that can be used: {error}") from None
    if place.scheme not in ("http", "https"):
        raise ConfigError(f"{name} must be an http(s) URL, not {url_repr(url)}")
    if " " in url or not url.isascii():
        raise ConfigError(f"{name} {url_repr(url)} must be written in ASCII without spaces (as %20…)")
    if "?" in url or "#" in url:
        raise ConfigError(f"{name} may not contain a query or a fragment, as {url_repr(url)} does")
    if place.scheme == "http" and not is_loopback(place.host):
        raise ConfigError(f"{name} must be https: over plain http the key could be read on the way")


def check_callback(url: str | None) -> None:
    """Refuse a callback URL that cannot be reached. Raises `ConfigError`."""
    of_kind("callback_url", url, (str, NoneType), "text or None")
    if url is not None and not is_reachable(url):
        raise ConfigError(f"callback_url must be an http(s) URL that the service can reach, not {url_repr(url)}")


def is_reachable(url: str) -> bool:
    """Whether a URL at which the service is to report is one: http(s), with a host, and nothing that no URL holds."""
    try:
        parts = urlsplit(url)
        named = parts.port != 0 and bool(parts.hostname)  # asking for a port that is none fails
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and named and url.isprintable() and " " not in url
