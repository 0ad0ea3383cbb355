"""Floor 3: what a callback says, and whether the service sent it: no clock, no socket. May import `core`.

The service signs the task's id and the time, not the body: whoever has seen one signature can repeat it with another
body for the same task while it is fresh. Source of the scheme: https://docs.kie.ai/common-api/webhook-verification.
"""

from __future__ import annotations

import base64
import codecs
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias, cast

import attrs

from kie._core.errors import ConfigError, ResultInvalid, WebhookRejected
from kie._core.json import JSON, JSONObject, decode, pointer
from kie._core.tasks import TaskRef, TaskStatus
from kie._records.lifecycles import lifecycles
from kie._records.reading import read_callback

TIMESTAMP = "x-webhook-timestamp"
SIGNATURE = "x-webhook-signature"
TASK_IDS = ("/data/taskId", "/data/task_id", "/taskId", "/task_id")
"""Where a callback names its task, over all families. Source: the vendor's pages on callbacks."""

Headers: TypeAlias = Mapping[str, str] | Iterable[tuple[str, str]] | Iterable[tuple[bytes, bytes]]
"""Headers as any framework has them: names in any case, repeated or not."""

_CHARSET = re.compile(r"""charset\s*=\s*["']?([^"';,\s]*)""", re.IGNORECASE)


@attrs.frozen
class Seal:
    """The signed headers of a delivery. It says nothing about the body until that has been opened with it."""

    timestamp: str
    signatures: tuple[str, ...] = attrs.field(repr=False)
    content_type: str


def signature(secret: str, task_id: str, timestamp: str) -> str:
    """Base64 of the HMAC-SHA256 over `<task id>.<timestamp>`."""
    digest = hmac.digest(secret.encode(), f"{task_id}.{timestamp}".encode("utf-8", "surrogatepass"), hashlib.sha256)
    return base64.b64encode(digest).decode()


def checked_secrets(secrets: str | Iterable[str]) -> tuple[str, ...]:
    """The secrets, without the blanks around them. Raises `ConfigError` for none, or an empty one: anybody has that."""
    found = tuple(secret.strip() for secret in ([secrets] if isinstance(secrets, str) else secrets))
    if not found or not all(found):
        raise ConfigError(
            "a webhook secret is empty; it is the webhookHmacKey of https://kie.ai/settings, not the API key"
        )
    try:
        "".join(found).encode()
    except UnicodeEncodeError:
        raise ConfigError("a webhook secret holds a character that no key has; was it copied whole?") from None
    return found


def read_seal(headers: Headers, *, now: float, window: float | None) -> Seal:
    """Read the signed headers, and refuse them if they are not from the last, or next, `window` seconds.

    Raises `WebhookRejected`.
    """
    found: dict[str, list[str]] = {}
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    for name, value in cast("Iterable[tuple[str | bytes, str | bytes]]", pairs):
        found.setdefault(_text(name).lower(), []).append(_text(value).strip())
    stamps = found.get(TIMESTAMP, [])
    # a gateway joins repeated headers with commas, which Base64 has none of
    signatures = tuple(filter(None, (part.strip() for line in found.get(SIGNATURE, []) for part in line.split(","))))
    if not stamps or not signatures:
        raise WebhookRejected("unsigned")
    stamp = stamps[0]
    if len(stamps) > 1 or len(stamp) > 12 or not stamp.isascii() or not stamp.isdigit():
        raise WebhookRejected("timestamp")
    if window is not None and abs(now - int(stamp)) > window:
        raise WebhookRejected("stale" if now > int(stamp) else "early")
    return Seal(stamp, signatures, ";".join(found.get("content-type", [])))


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")


def open_body(seal: Seal, body: bytes, secrets: Sequence[str]) -> JSONObject:
    """The document in a body, if one of the secrets signed its task. Raises `WebhookRejected`."""
    for charset in _CHARSET.findall(seal.content_type):
        if _codec(charset) not in ("utf-8", "ascii"):
            raise WebhookRejected("charset")
    document = read_document(body)
    task_id = task_id_of(document)
    if task_id is None or not isinstance(document, dict):
        raise WebhookRejected("no_task")
    given = [text.encode("utf-8", "replace") for text in seal.signatures]
    genuine = False
    for secret in secrets:  # all of them, always: the time it takes tells nothing
        expected = signature(secret, task_id, seal.timestamp).encode()
        for text in given:
            genuine |= hmac.compare_digest(expected, text)
    if not genuine:
        raise WebhookRejected("signature")
    return document


def read_document(body: bytes) -> JSON:
    """The JSON in a body. Raises `WebhookRejected`."""
    try:
        return decode(body)
    except UnicodeDecodeError:
        raise WebhookRejected("charset") from None
    except ValueError:
        raise WebhookRejected("not_json") from None


def _codec(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""


def task_id_of(document: JSON) -> str | None:
    """The id of the task that a callback is about; None if it names none, or two: one could be signed, one read."""
    found = [pointer(document, path) for path in TASK_IDS]
    named = {str(value) for value in found if type(value) in (str, int) and str(value).strip()}
    return named.pop() if len(named) == 1 else None


def refs_of(document: JSON, status: TaskStatus) -> tuple[TaskRef, ...]:
    """Where the task of a report can be found: not every report tells its family, so the likeliest comes first."""
    task_id = status.ref.id
    rows = [
        row for row in lifecycles() if row.poll and task_id in (pointer(document, path) for path in row.callback.id)
    ]
    return tuple(dict.fromkeys((status.ref, *(TaskRef(task_id, row.name) for row in rows))))


def read_report(document: JSON, of: str | None = None) -> TaskStatus:
    """The status that a callback reports, read by the row of its family. Raises `WebhookRejected` if it has none."""
    task_id = task_id_of(document)
    if task_id is None or not isinstance(document, dict):
        raise WebhookRejected("no_task")
    try:
        status = read_callback(document, of)
    except ResultInvalid:
        raise WebhookRejected("unrecognised") from None
    if status.ref.id != task_id:
        raise WebhookRejected("unrecognised")
    return status
