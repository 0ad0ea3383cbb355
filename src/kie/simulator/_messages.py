"""Floor 7: what goes into the simulator and what comes out. May import `core`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Literal, TypeAlias

import attrs

from kie._core.json import JSON

Drop: TypeAlias = Literal["refused", "before", "after"] | int | None
"""How a connection ends badly: `refused` before anything was read, `before` or `after` the request was processed,
or (a number) after so many bytes of the body. None: it does not."""


BODILESS = (204, 304)
"""HTTP statuses that carry no body."""


@attrs.frozen(kw_only=True)
class SimRequest:
    """A request as it arrives. Header names are lower-case."""

    method: str
    path: str
    query: Mapping[str, str] = attrs.field(factory=dict)
    headers: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    body: bytes = attrs.field(default=b"", repr=False)


@attrs.frozen(kw_only=True)
class SimResponse:
    """What is to be answered: after `delay` seconds, and as far as `drop` allows."""

    status: int = 200
    headers: Mapping[str, str] = attrs.field(factory=dict)
    body: bytes = b""
    delay: float = 0.0
    drop: Drop = None

    @property
    def document(self) -> JSON:
        """The body as JSON. Raises ValueError if it is none."""
        value: JSON = json.loads(self.body)
        return value


def answer(document: JSON, *, status: int = 200, headers: Mapping[str, str] | None = None) -> SimResponse:
    """A JSON answer."""
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return SimResponse(status=status, headers={"content-type": "application/json", **(headers or {})}, body=body)


def envelope(code: int, msg: str, data: JSON = None) -> SimResponse:
    """An answer as the service gives them: HTTP 200, whatever the code says."""
    return answer({"code": code, "msg": msg, "data": data})


def text(body: str, *, status: int, headers: Mapping[str, str] | None = None) -> SimResponse:
    """An answer that is no JSON, as the edge in front of the service gives them."""
    merged = {"content-type": "text/plain; charset=utf-8", **{k.lower(): v for k, v in (headers or {}).items()}}
    content = b"" if status in BODILESS else body.encode("utf-8", "surrogatepass")
    return SimResponse(status=status, headers=merged, body=content)
