"""Webhooks: the receiver of callbacks, an application that clients can wait for. May import everything below."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from types import NoneType
from typing import Any

from kie._aclient import AsyncKie
from kie._client import Kie
from kie._core.errors import ConfigError
from kie._core.numbers import LONGEST, positive, together
from kie._core.safe_text import url_repr
from kie._core.shared import Shared
from kie._flow.options import is_reachable, of_kind
from kie._io.session import Clock, SystemClock
from kie._records.callbacks import Signers
from kie.webhooks._delivery import DeliveryProcessor, OnStatus
from kie.webhooks._memory import Memory
from kie.webhooks._serving import AsgiApp, WsgiApp
from kie.webhooks._waiting import Waiters

WINDOW = 300.0
"""Seconds by which the time of a callback may differ from ours."""
MAX_BYTES = 4 * 1024**2
"""The longest reports are the notes of a song, of a few hundred kilobytes."""
REMEMBERED = 10_000
REMEMBERED_FOR = 3600.0
"""An account can submit 120 tasks a minute, so fewer reports arrive while a signature is fresh."""


def _check_url(url: str | None) -> None:
    of_kind("url", url, (str, NoneType), "text or None")
    if url is not None and not is_reachable(url):
        raise ConfigError(f"url must be the http(s) URL at which the service reaches the receiver, not {url_repr(url)}")


class Receiver(Shared):
    """Receives the callbacks of an account, rejects what the service did not sign, and handles each report once.

    A receiver is thread-safe. It remembers the last 10,000 reports for an hour, in one process; several workers of a
    server do not share this memory.

    Args:
        secret: The key made at https://kie.ai/settings, or several while you replace one by another.
        url: The http(s) URL at which the service reaches the receiver; `run(..., via=receiver)` needs it.
        on_status: Called with the status in each report. It may be async under ASGI; a plain function runs in a thread
            there. If it raises, the answer is 500, and the service sends the report again.
        confirm: Read the task again before `on_status` is called, because the signature does not cover the body. True
            does so with the key in KIE_API_KEY, a client with its own key.
        window: Seconds by which the time of a callback may differ from the time of this machine; None accepts any time.
        max_bytes: Largest body that is accepted, in bytes.
        clock: Replaces the clock of this machine, in tests.

    Raises:
        ConfigError: A secret is missing or empty, an argument is out of bounds, or KIE_API_KEY is missing although
            `confirm` is True.
    """

    asgi: AsgiApp
    """The receiver as an ASGI application, for any path."""
    wsgi: WsgiApp
    """The receiver as a WSGI application, for any path."""

    _not_pickled = "it holds the secret, and what it has seen; make it where it is used"

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
        self._url = url
        signers, secret = Signers(secret), ()  # the frame of an error shows no secret
        signers.check()
        kinds: Any = (Callable, NoneType)
        together(
            partial(positive, "window", 1.0 if window is None else window),
            partial(positive, "max_bytes", max_bytes),
            partial(_check_url, url),
            partial(of_kind, "on_status", on_status, kinds, "a function or None"),
            partial(of_kind, "confirm", confirm, (bool, Kie, AsyncKie), "True, False or a client"),
        )
        window = None if window is None else min(positive("window", window), LONGEST)
        max_bytes = int(max_bytes)
        if confirm is True:
            Kie().close()  # raises now, not at the first delivery, if the key is missing
        kept_for = max(REMEMBERED_FOR, 2 * (window or 0.0))
        time = clock or SystemClock()
        self._waiters = Waiters(time.now, Memory(REMEMBERED, kept_for))
        processor = DeliveryProcessor(
            signers=signers,
            on_status=on_status,
            confirm=confirm,
            window=window,
            max_bytes=max_bytes,
            clock=time,
            announce=self._waiters.announce,
            handled=Memory(REMEMBERED, kept_for),
            digests=Memory(REMEMBERED, kept_for),
        )
        self.asgi = AsgiApp(processor)
        self.wsgi = WsgiApp(processor)

    @property
    def url(self) -> str:
        """The URL at which the service reaches the receiver.

        Raises:
            ConfigError: The receiver was created without `url`.
        """
        if self._url is None:
            raise ConfigError("the receiver needs the URL at which the service reaches it: Receiver(..., url=...)")
        return self._url

    def wait(self, task_id: str, seconds: float) -> bool:
        """Wait for the report that a task has ended. A report that came before the call counts.

        Args:
            task_id: The id of the task.
            seconds: How long to wait at most.

        Returns:
            Whether the report came in time.
        """
        return self._waiters.wait(task_id, seconds)

    async def wait_async(self, task_id: str, seconds: float) -> bool:
        """Wait like `wait`, in asyncio or trio.

        Args:
            task_id: The id of the task.
            seconds: How long to wait at most.

        Returns:
            Whether the report came in time.
        """
        return await self._waiters.wait_async(task_id, seconds)

    def __repr__(self) -> str:
        return f"<Receiver at {url_repr(self._url)[1:-1] if self._url else 'no url'}>"
