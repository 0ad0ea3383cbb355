"""Simulator: what goes into the simulator and what comes out. May import `_core`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal, TypeAlias

import attrs

from kie._core.call import Endpoint
from kie._core.json import JSON, JSONObject

if TYPE_CHECKING:
    from kie.simulator._faults import Rule
    from kie.simulator._simulator import Simulator

Drop: TypeAlias = Literal["refused", "before", "after"] | int | None
"""How a connection ends badly: `refused` before anything was read, `before` or `after` the request was processed,
or (a number) after that many bytes of the body. None: it ends well."""


BODILESS = (204, 304)
"""HTTP statuses that carry no body."""


@attrs.frozen(kw_only=True)
class SimRequest:
    """A request as it arrives."""

    method: str
    """The HTTP method, in capitals."""
    path: str
    """The path of the URL, decoded, without the query."""
    query: Mapping[str, str] = attrs.field(factory=dict)
    """The parameters of the query, decoded."""
    headers: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    """The headers, by their names in lower case."""
    body: bytes = attrs.field(default=b"", repr=False)
    """The body as it was sent."""


@attrs.frozen(kw_only=True)
class SimResponse:
    """An answer, and how much of it arrives."""

    status: int = 200
    """The HTTP status."""
    headers: Mapping[str, str] = attrs.field(factory=dict)
    """The headers, by their names in lower case."""
    body: bytes = b""
    """The whole body, even if the connection breaks before its end."""
    delay: float = 0.0
    """Seconds by which the answer is late."""
    drop: Drop = None
    """How the connection ends badly: `refused`, `before` or `after` the request was processed, or after that many
    bytes of the body. None: it ends well."""

    @property
    def document(self) -> JSON:
        """The body as JSON.

        Raises:
            ValueError: The body is not JSON.
        """
        value: JSON = json.loads(self.body)
        return value


@attrs.frozen(kw_only=True)
class Incoming:
    """A request that was admitted: it names an operation, and has a valid key if it needs one."""

    endpoint: Endpoint
    request: SimRequest
    body: JSONObject
    """The body of an operation that takes JSON; empty elsewhere."""
    key: str
    now: float
    rule: Rule | None
    """The fault that fires on the request."""
    arguments: Mapping[str, str] = attrs.field(factory=dict)
    """The arguments of the operation that the path contains."""

    @property
    def operation(self) -> str:
        """The name of the operation."""
        return self.endpoint.operation


class Refused(Exception):
    """Raised to refuse a request with this code and message in the envelope."""

    def __init__(self, code: int, msg: str) -> None:
        super().__init__(code, msg)
        self.code, self.msg = code, msg


Handler: TypeAlias = "Callable[[Simulator, Incoming], SimResponse]"
"""Answers the requests of an operation."""


def json_text(value: JSON) -> str:
    """JSON as the service writes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def answer(document: JSON) -> SimResponse:
    """A JSON answer."""
    body = json_text(document).encode("utf-8", "surrogatepass")
    return SimResponse(headers={"content-type": "application/json"}, body=body)


def envelope(code: int, msg: str, data: JSON = None) -> SimResponse:
    """An answer of the service: HTTP 200, whatever the code says."""
    return answer({"code": code, "msg": msg, "data": data})


def busy() -> SimResponse:
    """The answer to a request over the limit."""
    return envelope(429, "The call frequency is too high. Please try again later.")


def text(body: str, *, status: int, headers: Mapping[str, str] | None = None) -> SimResponse:
    """An answer that is not JSON, such as one of the edge in front of the service."""
    merged = {"content-type": "text/plain; charset=utf-8", **{k.lower(): v for k, v in (headers or {}).items()}}
    content = b"" if status in BODILESS else body.encode("utf-8", "surrogatepass")
    return SimResponse(status=status, headers=merged, body=content)
