"""Records: verifies and reads callbacks, without a clock or a socket. May import `_core`.

The service signs the task's id and the time, not the body. Anyone who has seen a signature can send it with another
body for the same task while it is fresh. Source of the scheme: https://docs.kie.ai/common-api/webhook-verification.
"""

from __future__ import annotations

import base64
import codecs
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol, TypeAlias

import attrs

from kie._core.errors import ConfigError, ResultInvalid, WebhookRejected
from kie._core.json import JSON, JSONObject, decode_foreign, pointer
from kie._core.status import TaskStatus
from kie._core.tasks import TaskRef
from kie._records.lifecycles import lifecycles
from kie._records.reading import enveloped, read_callback

TIMESTAMP = "x-webhook-timestamp"
SIGNATURE = "x-webhook-signature"
TASK_IDS = ("/data/taskId", "/data/task_id", "/taskId", "/task_id")
"""Where a callback names its task, over all families. Source: the vendor's pages on callbacks."""

MOST_VALUES = 100_000
"""The most values to read from a callback. It is fewer than for an answer, because anybody may send one."""


class HasItems(Protocol):
    """What has pairs without being a mapping, such as the headers of `http.server`."""

    def items(self) -> Iterable[tuple[str, str]]:
        """The names and values."""
        ...


Headers: TypeAlias = Mapping[str, str] | HasItems | Iterable[tuple[str, str]] | Iterable[tuple[bytes, bytes]]
"""Headers as any framework has them: a mapping or pairs, text or bytes, in any case, repeated or not."""

_CHARSET = re.compile(r"""charset\s*=\s*["']?([^"';,\s]*)""", re.IGNORECASE)


@attrs.frozen
class SignedHeaders:
    """The headers of a delivery that a signature consists of. They are not verified yet: `verify_body` does that."""

    timestamp: str
    """When the service signed the delivery, in seconds since 1970, as it was sent."""
    signatures: tuple[str, ...] = attrs.field(repr=False)
    """Every signature of the delivery, in Base64."""
    content_type: str
    """The content types of the delivery, joined by semicolons."""


def signature(secret: str, task_id: str, timestamp: str) -> str:
    """Sign a task and a time.

    Args:
        secret: The webhook secret.
        task_id: The id of the task.
        timestamp: Seconds since 1970.

    Returns:
        The Base64 of the HMAC-SHA256 over `<task id>.<timestamp>`.
    """
    digest = hmac.digest(secret.encode(), f"{task_id}.{timestamp}".encode("utf-8", "surrogatepass"), hashlib.sha256)
    return base64.b64encode(digest).decode()


class Signers:
    """The webhook secrets of an account. They are never shown, not even in the frames of an error.

    Code that receives secrets must make signers of them, delete its own references, and then call `check`.
    """

    __slots__ = ("_fault", "_secrets")

    def __init__(self, secrets: str | Iterable[str]) -> None:
        self._secrets: tuple[str, ...] = ()
        self._fault = self._take(secrets)

    def _take(self, secrets: str | Iterable[str]) -> str:
        """Strip white space from secrets, and return what is wrong with them; empty if nothing is."""
        listed = [secrets] if isinstance(secrets, str) else secrets
        if isinstance(listed, (bytes, Mapping)) or not isinstance(listed, Iterable):
            return f"a webhook secret must be a string, or a list of strings, not {type(secrets).__name__}"
        given = list(listed)
        for secret in given:
            if not isinstance(secret, str):
                return f"a webhook secret must be a string, not {type(secret).__name__}"
        found = tuple(secret.strip() for secret in given)
        if not found or not all(found):
            return "a webhook secret is empty; it is the webhookHmacKey of https://kie.ai/settings, not the API key"
        try:
            "".join(found).encode()
        except UnicodeEncodeError:
            return "a webhook secret contains a character that no key contains; was it copied completely?"
        self._secrets = found
        return ""

    def check(self) -> None:
        """Check the secrets. Raises `ConfigError` if there is none, or one is empty, not text or not valid Unicode."""
        if self._fault:
            raise ConfigError(self._fault)

    def sign(self, task_id: str, timestamp: str) -> list[str]:
        """The signatures that the service would send for a task and a time, one for each secret."""
        return [signature(secret, task_id, timestamp) for secret in self._secrets]

    def signed(self, task_id: str, headers: SignedHeaders) -> bool:
        """Whether a signature matches a secret. All are always compared, so that the time reveals nothing."""
        given = [text.encode("utf-8", "replace") for text in headers.signatures]
        genuine = False
        for expected in self.sign(task_id, headers.timestamp):
            for text in given:
                genuine |= hmac.compare_digest(expected.encode(), text)
        return genuine

    def __repr__(self) -> str:
        return "<webhook secrets>"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a receiver cannot be pickled, because it holds the webhook secret: make one in each process")


def read_signed_headers(headers: Headers, *, now: float, window: float | None) -> SignedHeaders:
    """Read the signed headers and check their time.

    Args:
        headers: The headers of the delivery.
        now: The time in seconds since 1970.
        window: Seconds by which the time of the delivery may differ from `now`; None accepts any time.

    Returns:
        The signed headers.

    Raises:
        WebhookRejected: A header is missing or malformed, or the time is outside the window.
    """
    found: dict[str, list[str]] = {}
    for name, value in pairs_of(headers):
        found.setdefault(name, []).append(value)
    stamps = found.get(TIMESTAMP, [])
    # a gateway joins repeated headers with commas, which Base64 does not contain
    signatures = tuple(filter(None, (part.strip() for line in found.get(SIGNATURE, []) for part in line.split(","))))
    if not stamps or not signatures:
        raise WebhookRejected("unsigned")
    stamp = stamps[0]
    if len(stamps) > 1 or len(stamp) > 12 or not stamp.isascii() or not stamp.isdigit():
        raise WebhookRejected("timestamp")
    if window is not None and abs(now - int(stamp)) > window:
        raise WebhookRejected("stale" if now > int(stamp) else "early")
    return SignedHeaders(stamp, signatures, ";".join(found.get("content-type", [])))


def pairs_of(headers: Headers) -> Iterator[tuple[str, str]]:
    """Yield lower-case names and values of headers. Anything that is not a header is left out.

    Some frameworks give a list for a header that is repeated.
    """
    items = getattr(headers, "items", None)
    listed: object = items() if callable(items) else headers
    for pair in listed if isinstance(listed, Iterable) else ():
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            continue
        name, given = _text(pair[0]), pair[1]
        for value in given if isinstance(given, (list, tuple)) else [given]:
            text = _text(value)
            if name is not None and text is not None:
                yield name.lower(), text.strip()


def _text(value: object) -> str | None:
    if isinstance(value, (bytes, bytearray)):
        return value.decode("latin-1")
    return str(value) if isinstance(value, (str, int)) else None


def verify_body(signed: SignedHeaders, body: bytes, signers: Signers) -> JSONObject:
    """Read a body, and check that one of the secrets signed its task.

    Args:
        signed: The signed headers of the delivery.
        body: The body, byte for byte.
        signers: The webhook secrets.

    Returns:
        The document in the body.

    Raises:
        WebhookRejected: The body is not UTF-8 or not JSON, names no task, or none of the secrets signed its task.
    """
    for charset in _CHARSET.findall(signed.content_type):
        if _codec(charset) not in ("utf-8", "ascii"):
            raise WebhookRejected("charset")
    document = read_document(body)
    task_id = task_id_of(document)
    if task_id is None or not isinstance(document, dict):
        raise WebhookRejected("no_task")
    if not signers.signed(task_id, signed):
        raise WebhookRejected("signature")
    return document


def read_document(body: bytes) -> JSON:
    """Read a body.

    Args:
        body: The body, byte for byte.

    Returns:
        The JSON in the body.

    Raises:
        ConfigError: The body is not bytes.
        WebhookRejected: The body is not UTF-8, or not JSON.
    """
    if not isinstance(body, (bytes, bytearray, memoryview)):
        raise ConfigError(f"the body of a callback must be the bytes that came, not {type(body).__name__}")
    try:
        return decode_foreign(bytes(body), MOST_VALUES)
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
    """Find the task that a callback is about.

    Args:
        document: The document in the callback.

    Returns:
        The id of the task. None if the callback names no task, or two: the signature could be for one of them, the
        report about the other.
    """
    found = [pointer(document, path) for path in TASK_IDS]
    named = {str(value) for value in found if type(value) in (str, int) and str(value).strip()}
    return named.pop() if len(named) == 1 else None


def refs_of(document: JSON, status: TaskStatus) -> tuple[TaskRef, ...]:
    """Find the families that the task of a report may belong to; not every report names its family.

    Args:
        document: The document in the callback.
        status: The status that was read from it.

    Returns:
        References to the task, the likeliest first.
    """
    task_id = status.ref.id
    document = enveloped(document)
    rows = [
        row for row in lifecycles() if row.poll and task_id in (pointer(document, path) for path in row.callback.id)
    ]
    return tuple(dict.fromkeys((status.ref, *(TaskRef(task_id, row.name) for row in rows))))


def read_report(document: JSON, *, of: str | None = None) -> TaskStatus:
    """Read the status that a callback reports.

    Args:
        document: The document in the callback.
        of: The family of the task, such as `veo`; None to recognise it from the report.

    Returns:
        The status.

    Raises:
        ConfigError: There is no family `of`.
        WebhookRejected: The document names no task, or is not a report of the family, or of any.
    """
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
