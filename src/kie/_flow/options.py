"""Floor 3: everything a client can be told, in one frozen value. May import `core` and `policy`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import attrs

from kie._core.call import Server
from kie._core.errors import ConfigError
from kie._core.numbers import positive
from kie._core.tasks import TaskRef, TaskStatus
from kie._flow.effects import Callbacks, World
from kie._flow.observers import Observers, observers_of
from kie._policy.breaker import CircuitBreaker
from kie._policy.polling import PollPolicy
from kie._policy.retry import RetryPolicy

if TYPE_CHECKING:
    from kie._flow.overrides import Overrides

API_URL = "https://api.kie.ai"
UPLOAD_URL = "https://kieai.redpandaai.co"

OnProgress = Callable[[TaskStatus, float, int], object]
OnSubmitted = Callable[[TaskRef], object]


def _base(url: str) -> str:
    return url.rstrip("/")


@attrs.frozen(kw_only=True)
class Options:
    """How a client behaves. All but the two servers can be overridden for one call or with `with_options`.

    `timeout` bounds the wait for a task, in seconds; `request_timeout` one exchange, `upload_timeout` one upload
    and how long a download may stand still.
    `callback_url` is where the service reports the outcome. `via` is a `kie.webhooks.Receiver` that waiting listens to:
    its URL takes the place of `callback_url`. `on_submitted(ref)` is called before the first look
    at a task, `on_progress(status, elapsed, looks)` after each. `upload_path` is the folder at the upload host.
    `max_download` bounds one downloaded file, in bytes. `breaker` stops calls to a server that keeps failing; None
    does without. `observers` are told what happens (`kie.telemetry`).
    """

    base_url: str = attrs.field(default=API_URL, converter=_base)
    upload_url: str = attrs.field(default=UPLOAD_URL, converter=_base)
    timeout: float = 1800.0
    request_timeout: float = 30.0
    upload_timeout: float = 300.0
    retry: RetryPolicy = attrs.field(factory=RetryPolicy)
    poll: PollPolicy = attrs.field(factory=PollPolicy)
    breaker: CircuitBreaker | None = attrs.field(factory=CircuitBreaker)
    observers: Observers = attrs.field(default=Observers(), converter=observers_of)
    callback_url: str | None = None
    via: Callbacks | None = None
    on_submitted: OnSubmitted | None = None
    on_progress: OnProgress | None = None
    allow_retired: bool = False
    upload_path: str = "kie-python"
    max_download: int = 4 * 1024**3
    world: World = attrs.field(default=None, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        for name in ("timeout", "request_timeout", "upload_timeout", "max_download"):
            positive(name, getattr(self, name))
        for name in ("base_url", "upload_url"):
            check_base(name, getattr(self, name))
        if not self.upload_path.strip("/"):
            raise ConfigError("upload_path cannot be empty: the upload host requires a folder")

    def server(self, name: Server) -> str:
        """The base URL of a server that a call names."""
        return self.base_url if name == "api" else self.upload_url


def overridden(options: Options, overrides: Overrides) -> Options:
    """The options with some overridden. The servers are none of them: the key is bound to those."""
    if not overrides:
        return options
    if not overrides.keys().isdisjoint(("base_url", "upload_url")):
        raise ConfigError("another server needs another client: Kie(base_url=..., upload_url=...)")
    return attrs.evolve(options, **overrides)


def check_base(name: str, url: str) -> None:
    """Refuse a base URL that is none, or that would send the key over the network in the clear."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(f"{name} has to be an http(s) URL, not {url!r}")
    if parts.username or parts.password:
        raise ConfigError(f"{name} may not hold a user name or password")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ConfigError(f"{name} has to be https: over plain http the key could be read on the way")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    return host in ("localhost", "::1") or (host.startswith("127.") and host.replace(".", "").isdigit())
