"""Core: the parts of one exchange with the service. May import only `_core`.

Generated endpoint functions (`kie_wire`) return a `Call`; flows turn it into an `HttpRequest`; a transport sends that.
Nothing here knows an HTTP library. Classes that are instantiated for each exchange have no slots, because filling
frozen slots takes twice as long.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import BinaryIO, Generic, Literal, TypeAlias, TypeVar

import attrs

from kie._core.json import JSON

T_co = TypeVar("T_co", covariant=True)

Server: TypeAlias = Literal["api", "upload"]
Bucket: TypeAlias = Literal["submit", "read", "models", "none"]
Body: TypeAlias = Literal["json", "multipart", "none"]
Open: TypeAlias = Callable[[], BinaryIO]

SIMULATOR = "kie-simulator"
"""The name of a simulator in the `Server` header of its answers."""


@attrs.frozen
class FilePart:
    """The file of a multipart body: its name, its media type, and a way to open it each time it is sent.

    Opening or reading it raises `MediaRejected` if the file has changed since it was inspected.
    """

    name: str
    """The file's name."""
    content_type: str = attrs.field(kw_only=True)
    """Its media type."""
    open: Open = attrs.field(kw_only=True)
    """Opens the file; called each time it is sent."""


@attrs.frozen
class Multipart:
    """A multipart body: text fields and one file, streamed."""

    fields: Mapping[str, str]
    """The text fields."""
    file: FilePart = attrs.field(kw_only=True)
    """The file."""


@attrs.frozen(kw_only=True)
class Endpoint:
    """The fixed facts of an operation: one row of the compiled table `kie_wire.endpoints`."""

    operation: str
    """Its name in `openapi/kie.yaml`, such as `createTask`."""
    method: str
    """The HTTP method, in capitals."""
    path: str
    """The path on its server. `{model}` stands for an argument of that name."""
    server: Server
    """The server that it is on."""
    bucket: Bucket
    """The rate limit that its requests count against; `none` if there is none."""
    creates_task: bool
    """Whether it may create a task or cost anything else, so that it must never be sent twice."""
    enveloped: bool = True
    """Whether its answer is an envelope with a code. All answers are, except those of language models."""
    auth: bool
    """Whether it needs the key."""
    body: Body
    """The kind of its body; `none` if it has none."""
    callback: str | None
    """The field of the body that takes a callback URL, if there is one."""
    callback_required: bool
    """Whether the service insists on a callback URL."""
    function: str
    """Its generated function, as `module:name`."""


@attrs.frozen(kw_only=True, slots=False)
class Call(Generic[T_co]):
    """One endpoint, ready to be sent: a pure value. `parse` turns the JSON answer into the endpoint's type.

    `arguments` go into the path, in which their slashes stay.
    """

    endpoint: Endpoint
    parse: Callable[[JSON], T_co]
    arguments: Mapping[str, str] = attrs.field(factory=dict)
    query: Mapping[str, str] = attrs.field(factory=dict)
    json: JSON = None
    multipart: Multipart | None = None

    @property
    def operation(self) -> str:
        """The name of the operation."""
        return self.endpoint.operation


@attrs.frozen(kw_only=True, slots=False)
class HttpRequest:
    """A request for a transport to send. `auth` asks for the key, which is added for Kie's own servers only.

    A request with `creates_task` must not be sent over an idle connection: if the connection turns out to be dead, it
    is not known whether a task was created.
    """

    method: str
    """The HTTP method, in capitals."""
    url: str
    """The whole URL."""
    headers: Mapping[str, str] = attrs.field(factory=dict, repr=False)  # the key is among them
    """The headers. The key is among them."""
    content: bytes | None = None
    """The body; None if there is none, or if it is multipart."""
    multipart: Multipart | None = None
    """A multipart body, which streams a file; None for any other body."""
    auth: bool = False
    """Whether it carries the key."""
    creates_task: bool = False
    """Whether it may create a task, so it must not be sent twice."""


@attrs.frozen(kw_only=True, slots=False)
class HttpResponse:
    """A response: its status, its headers (looked up in lower case) and its body."""

    status: int
    """The HTTP status."""
    headers: Mapping[str, str]
    """The headers, looked up in lower case."""
    body: bytes
    """The body, decoded."""


class TransportError(Exception):
    """A transport could not complete an exchange. `sent` is False only if nothing can have arrived.

    `local` is True if the fault is on this side (a file that cannot be opened): it says nothing about the service.
    """

    received: str = ""
    """The beginning of an answer that broke off."""

    def __init__(self, message: str, *, sent: bool | None, timeout: bool = False, local: bool = False) -> None:
        super().__init__(message)
        self.sent = sent
        self.timeout = timeout
        self.local = local
