"""Webhooks: receives, verifies and reads the callbacks of the service. May import everything below.

::

    from kie.webhooks import Receiver

    receiver = Receiver(os.environ["KIE_WEBHOOK_SECRET"], on_status=lambda status: print(status.ref, status.urls))
    app = receiver.asgi                        # or receiver.wsgi

The service signs the task and the time of a callback, not its body. With `confirm=True` the receiver therefore reads
the task again, and `on_status` gets the service's answer. `verify`, `parse` and `sign` are for your own servers and
tests.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable

from kie._core.errors import RejectReason, WebhookRejected
from kie._core.json import JSONObject
from kie._core.status import TaskStatus
from kie._io.session import Clock
from kie._records.callbacks import (
    SIGNATURE,
    TIMESTAMP,
    Headers,
    Signers,
    read_document,
    read_report,
    read_signed_headers,
    task_id_of,
    verify_body,
)
from kie.webhooks._delivery import OnStatus
from kie.webhooks._receiver import WINDOW, Receiver
from kie.webhooks._serving import AsgiApp, WsgiApp

__all__ = [
    "AsgiApp",
    "Clock",
    "Headers",
    "OnStatus",
    "Receiver",
    "RejectReason",
    "WebhookRejected",
    "WsgiApp",
    "parse",
    "sign",
    "verify",
]


def verify(
    headers: Headers,
    body: bytes,
    secrets: str | Iterable[str],
    *,
    window: float | None = WINDOW,
    now: float | None = None,
) -> JSONObject:
    """Verify the signature of a callback. It covers the id of the task and the time, not the rest of the body.

    Args:
        headers: The headers of the request: a mapping or pairs, text or bytes, in any case.
        body: The body of the request, byte for byte.
        secrets: The key made at https://kie.ai/settings, or several while you replace one by another.
        window: Seconds by which the time of the callback may differ from `now`; None accepts any time.
        now: The time in seconds since 1970; the time of this machine if absent.

    Returns:
        The document in the callback.

    Raises:
        ConfigError: A secret is missing or empty, or the body is not bytes.
        WebhookRejected: None of the secrets signed the callback within the window, or its body cannot be read.
    """
    signers, secrets = Signers(secrets), ()  # the frame of an error shows no secret
    signers.check()
    signed = read_signed_headers(headers, now=time.time() if now is None else now, window=window)
    return verify_body(signed, body, signers)


def parse(callback: bytes | str | JSONObject, *, of: str | None = None) -> TaskStatus:
    """Read the status that a callback reports. This does not verify the callback; see `verify`.

    Args:
        callback: The body of the callback, or the document that `verify` returned.
        of: The family of the task, such as `veo`, if you know it; most reports of failures do not name theirs.

    Returns:
        The status of the task; a failed task gives a status, too.

    Raises:
        ConfigError: There is no family `of`.
        WebhookRejected: The callback cannot be read, or reports no task of the family, or of any.
    """
    if isinstance(callback, str):
        callback = callback.encode("utf-8", "surrogatepass")
    return read_report(read_document(callback) if isinstance(callback, bytes) else callback, of=of)


def sign(body: bytes | str | JSONObject, secret: str, *, now: float | None = None) -> dict[str, str]:
    """Sign a callback as the service would, to test your own receiver.

    Args:
        body: The body of the callback, or the document in it.
        secret: The webhook secret.
        now: The time in seconds since 1970; the time of this machine if absent.

    Returns:
        The two headers that the service would send.

    Raises:
        ConfigError: The secret is empty.
        WebhookRejected: The body cannot be read, or names no task.
    """
    signers, secret = Signers([secret]), ""  # the frame of an error shows no secret
    signers.check()
    text = json.dumps(body) if isinstance(body, dict) else body
    task_id = task_id_of(read_document(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text))
    if task_id is None:
        raise WebhookRejected("no_task")
    stamp = str(int(time.time() if now is None else now))
    return {TIMESTAMP: stamp, SIGNATURE: signers.sign(task_id, stamp)[0]}
