"""Floor 6: the receiver of callbacks: one value that is an application, and that clients listen to.

May import everything below.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from kie._aclient import AsyncKie
from kie._client import Kie
from kie._core.errors import ConfigError
from kie._core.numbers import positive
from kie._io.session import Clock, Secret, SystemClock
from kie._records.callbacks import checked_secrets
from kie.webhooks._delivery import Intake, OnStatus
from kie.webhooks._memory import Memory
from kie.webhooks._serving import AsgiApp, WsgiApp
from kie.webhooks._waiting import Waiters

WINDOW = 300.0
"""Seconds by which a callback's time may differ from ours."""
MAX_BYTES = 4 * 1024**2
"""The longest reports are the notes of a song, which are some hundred kilobytes."""
REMEMBERED = 10_000
REMEMBERED_FOR = 3600.0
"""An account can submit 120 tasks a minute: this many reports do not come within the time for which one is fresh."""


class Receiver:
    """Receives the callbacks of an account, refuses what the service did not sign, and hands each report over once.

    `secret` is the key made at https://kie.ai/settings, or several while one replaces another. `on_status(status)` gets
    each report; it may be async under ASGI, and runs in a thread if it is not. If it raises, the answer is 500, and the
    service sends again. `confirm` reads the task again before it is handed over, because the signature does not cover
    the body: True does so with the key in KIE_API_KEY, a client with its own. `url` is where the service reaches the
    receiver; `run(..., via=receiver)` needs it. `window` is how many seconds old, or early, a callback may be; None
    takes any. `max_bytes` bounds a body.

    `asgi` and `wsgi` are the applications, for any path. A receiver is thread-safe. It remembers the last 10,000
    reports for an hour, in one process: several workers of a server do not know of each other. Raises `ConfigError`.
    """

    def __init__(
        self,
        secret: str | Iterable[str],
        *,
        url: str | None = None,
        on_status: OnStatus | None = None,
        confirm: bool | Kie | AsyncKie = False,
        window: float | None = WINDOW,
        max_bytes: int = MAX_BYTES,
        clock: Clock | None = None,
    ) -> None:
        if window is not None:
            positive("window", window)
        positive("max_bytes", max_bytes)
        if url is not None and (urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname):
            raise ConfigError(f"url has to be the http(s) URL at which the service reaches the receiver, not {url!r}")
        if confirm is True:
            Kie().close()  # better no receiver than one that can confirm nothing
        kept_for = max(REMEMBERED_FOR, 2 * (window or 0.0))
        time = clock or SystemClock()
        self._url = url
        self._waiters = Waiters(time.now, Memory(REMEMBERED, kept_for))
        intake = Intake(
            secrets=[Secret(text) for text in checked_secrets(secret)],
            on_status=on_status,
            confirm=confirm,
            window=window,
            max_bytes=max_bytes,
            clock=time,
            announce=self._waiters.announce,
            handed_over=Memory(REMEMBERED, kept_for),
            seals=Memory(REMEMBERED, kept_for),
        )
        self.asgi = AsgiApp(intake)
        self.wsgi = WsgiApp(intake)

    @property
    def url(self) -> str:
        """Where the service reaches it. Raises `ConfigError` if nobody told."""
        if self._url is None:
            raise ConfigError("waiting for callbacks takes a receiver that knows its address: Receiver(..., url=...)")
        return self._url

    def wait(self, task_id: str, seconds: float) -> bool:
        """Wait up to so many seconds for the report that a task has ended; it may have come before. False if none."""
        return self._waiters.wait(task_id, seconds)

    async def wait_async(self, task_id: str, seconds: float) -> bool:
        """The same for asyncio and trio."""
        return await self._waiters.wait_async(task_id, seconds)

    def __repr__(self) -> str:
        return f"<Receiver at {self._url or 'no url'}>"
