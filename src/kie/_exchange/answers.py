"""Exchange: an answer, judged by HTTP status and envelope code together. May import `_core`, `_policy`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

import attrs

from kie._core.call import HttpResponse
from kie._core.errors import ApiError, Unprocessable
from kie._core.json import JSON, JSONObject, decode_answer, in_utf8, leading
from kie._policy.codes import Meaning, judge, refused_field


@attrs.frozen(kw_only=True, slots=False)
class Answer:
    """An answer of the service. `code` is None where the `body` is not an envelope.

    The `document` of a body that is not JSON as a whole is the first object in it: it may name a task.
    """

    status: int
    code: int | None
    message: str
    body: bytes
    document: JSON
    meaning: Meaning
    field: str | None = None
    headers: Mapping[str, str] = attrs.field(factory=dict, repr=False)

    @property
    def retry_after(self) -> float | None:
        """Seconds that the service asks to wait, if it does."""
        return retry_after_of(self.headers)

    @property
    def accepted(self) -> bool:
        """Whether it is an envelope with code 200."""
        return self.code == 200 and self.meaning.error is None

    @property
    def contradicts_itself(self) -> bool:
        """Whether it is an envelope with code 200 inside an HTTP error."""
        return self.code == 200 and self.status >= 400

    @property
    def trusted(self) -> bool:
        """Whether a refusal is the service's own: its code did not come in an HTTP failure of the server."""
        return self.status < 500 or self.status == self.code

    def exception(self, *, creating: bool) -> ApiError:
        """The error for this answer: to a call that creates a task, or to one that cannot have created any."""
        meaning = self.meaning if self.trusted else attrs.evolve(self.meaning, task_created=None)
        error = meaning.exception(
            self.message,
            creating=creating,
            status=self.status,
            code=self.code,
            request_id=self.headers.get("x-request-id") or self.headers.get("cf-ray"),
            retry_after=self.retry_after,
        )
        if isinstance(error, Unprocessable):
            error.field = self.field
        return error


def read_answer(
    response: HttpResponse, overrides: Mapping[str, Meaning] | None = None, *, enveloped: bool = True
) -> Answer:
    """Judge a response. An answer that is not `enveloped` counts as code 200, unless it says otherwise."""
    try:
        document = decode_answer(response.body)
        readable = isinstance(document, dict)
    except ValueError:
        document, readable = leading(response.body), False
    code: int | None = None
    message = ""
    if readable and isinstance(document, dict):
        code = _code(document.get("code"))
        message = _message(document)
        if not enveloped and code is None and response.status == 200 and not document.get("error"):
            code = 200
    meaning, field = refused_field(code, message) or (judge(response.status, code, overrides), None)
    if code is None and not message:
        message = _excerpt(response)
        if 300 <= response.status < 500:
            message = f"{meaning.meaning}; {message}"
    return Answer(
        status=response.status,
        code=code,
        message=message,
        body=response.body,
        document=document,
        meaning=meaning,
        field=field,
        headers=response.headers,
    )


def _message(document: JSONObject) -> str:
    values = [document.get(key) for key in ("msg", "message", "error")]
    for found in values:
        text = found.get("message") if isinstance(found, dict) else found  # language models nest it
        if isinstance(text, str):
            return text[:500]
    other = next((found for found in values if found and found is not True), None)
    return json.dumps(other, ensure_ascii=False)[:500] if other is not None else ""


def _code(value: JSON) -> int | None:
    if type(value) is int:
        return value if abs(value) < 10**6 else None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 6:
        return int(value)
    return _code(int(value)) if isinstance(value, float) and value.is_integer() else None


def _excerpt(response: HttpResponse) -> str:
    text = " ".join(in_utf8(response.body[:400]).decode("utf-8", "replace").split())
    return f"expected JSON, but got: {text[:160]}" if text else "the answer is empty"


def retry_after_of(headers: Mapping[str, str]) -> float | None:
    """Seconds from a Retry-After header: a number, or a date counted from the answer's own Date."""
    value = headers.get("retry-after", "").strip()
    try:
        seconds = float(value)
    except ValueError:
        try:
            then, now = parsedate_to_datetime(value), parsedate_to_datetime(headers.get("date", ""))
            seconds = (then - now).total_seconds()
        except (ValueError, TypeError):
            return None
    return seconds if 0 <= seconds < float("inf") else None
