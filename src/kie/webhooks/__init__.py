"""Floor 6: callbacks of the service: checked, read, received. May import everything below.

::

    from kie.webhooks import Receiver

    receiver = Receiver(os.environ["KIE_WEBHOOK_SECRET"], on_status=lambda status: print(status.ref, status.urls))
    app = receiver.asgi                        # or receiver.wsgi

The service signs a callback's task and time, not its body. `confirm=True` therefore reads the task again, and hands
over what the service says of it. `verify`, `parse` and `sign` are for servers and tests of your own.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable

from kie._core.errors import WebhookRejected
from kie._core.json import JSONObject
from kie._core.tasks import TaskStatus
from kie._records.callbacks import (
    SIGNATURE,
    TIMESTAMP,
    Headers,
    checked_secrets,
    open_body,
    read_document,
    read_report,
    read_seal,
    signature,
    task_id_of,
)
from kie.webhooks._receiver import WINDOW, Receiver

__all__ = ["Receiver", "WebhookRejected", "parse", "sign", "verify"]


def verify(
    headers: Headers,
    body: bytes,
    secrets: str | Iterable[str],
    *,
    window: float | None = WINDOW,
    now: float | None = None,
) -> JSONObject:
    """The document in a callback, if it was signed with one of the secrets within the last, or next, `window` seconds.

    `headers` are those of the request: a mapping or pairs, text or bytes, in any case. `body` is the body byte for
    byte. `secrets` is the key made at https://kie.ai/settings, or several while one replaces another. `window=None`
    takes a callback of any age. `now` is the time in seconds since 1970, the machine's if absent. The signature covers
    the task's id and the time, not the rest of the body. Raises `WebhookRejected`; `ConfigError` for an empty secret.
    """
    checked = checked_secrets(secrets)
    seal = read_seal(headers, now=time.time() if now is None else now, window=window)
    return open_body(seal, body, checked)


def parse(callback: bytes | str | JSONObject, *, of: str | None = None) -> TaskStatus:
    """The status that a callback reports, as reading the task would give it. A failed task is a status like any other.

    It checks no signature: anybody can have sent this body.

    Args:
        callback: The body, or what `verify` returned.
        of: The family, such as `"veo"`, where you know it. Most reports of failures do not tell, and are then read as
            the first family's that has such ids.

    Returns:
        The status that the callback reports.

    Raises:
        WebhookRejected: It is not a callback of the service.
        ConfigError: There is no such family.
    """
    if isinstance(callback, str):
        callback = callback.encode("utf-8", "surrogatepass")
    return read_report(read_document(callback) if isinstance(callback, bytes) else callback, of)


def sign(body: bytes | str | JSONObject, secret: str, *, now: float | None = None) -> dict[str, str]:
    """The two headers with which the service would sign a callback: for tests of your own receiver.

    `now` is the time in seconds since 1970, the machine's if absent. Raises `WebhookRejected` for a body that names
    no task, `ConfigError` for an empty secret.
    """
    (checked,) = checked_secrets([secret])
    text = json.dumps(body) if isinstance(body, dict) else body
    task_id = task_id_of(read_document(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text))
    if task_id is None:
        raise WebhookRejected("no_task")
    stamp = str(int(time.time() if now is None else now))
    return {TIMESTAMP: stamp, SIGNATURE: signature(checked, task_id, stamp)}
