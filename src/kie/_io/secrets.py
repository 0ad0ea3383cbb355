"""IO: keeps the key out of everything that is shown, logged, pickled or reported. May import `_core`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from types import FrameType, NoneType, TracebackType
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from kie._core.call import HttpResponse
from kie._core.json import in_utf8
from kie._core.safe_text import attribute_of, text_of
from kie._io.disguises import Disguises
from kie._io.echoes import REDACTED_FROM, SHOWN, Echoes

if TYPE_CHECKING:
    from logging import LogRecord

_ARGS = vars(BaseException)["args"]

LIBRARIES = frozenset(
    "aiohttp anyio asyncio curl_cffi h11 h2 hpack httpcore httpcore2 httpx httpx2 hyperframe requests selectors "
    "sniffio socket socksio ssl trio urllib3".split()
)
"""Packages whose frames contain the bytes of a request, including the key."""

OURS = frozenset(f"{__package__}.{name}" for name in ("bodies", "deadline"))
"""Our own modules whose frames contain those bytes, or the bytes of the answer."""


_LOGS = (
    *("hpack.hpack", "hpack.table", "httpx", "httpx2"),
    *(f"httpcore{version}.{part}" for version in ("", "2") for part in "connection http11 http2 proxy socks".split()),
)
"""Loggers that, at their lowest level, show request headers with the key, or a server's repetition of it."""

_REFUSED = 400
_ACCEPTED = re.compile(rb'"code"\s*:\s*"?200\b')
"""Found in every answer that is not a refusal."""
_SHOWN_AT_MOST = 64 * 1024
"""The number of characters of a refusal to search thoroughly. Errors never show more of it."""

_KNOWN: WeakValueDictionary[int, Secret] = WeakValueDictionary()
"""The keys that logs must not show."""


def log_no_keys() -> None:
    """Keep `Authorization`, its encoded forms, and repetitions of a key out of the logs of HTTP libraries."""
    import logging

    for name in _LOGS:
        logging.getLogger(name).addFilter(_shows_no_key)


def _shows_no_key(record: LogRecord) -> bool:
    text = record.getMessage()
    clean = text
    for known in _KNOWN.valuerefs():
        if (secret := known()) is not None:
            clean = secret.scrub(clean)
    if clean is not text:
        record.msg, record.args = clean, ()
    return "uthorization" not in text and not str(record.msg).startswith("Encoded header block")


class Secret:
    """A key that is never displayed. `reveal` is called only where a request to Kie is made."""

    __slots__ = ("__dict__", "__weakref__", "_kind", "_value")

    def __init__(self, value: str, *, kind: str = "str") -> None:
        self._value = value
        self._kind = kind
        _KNOWN[id(self)] = self

    @classmethod
    def given(cls, value: str | None) -> Secret:
        """Make the key from a client's argument, or from the environment."""
        if not isinstance(value, (str, NoneType)):
            return cls("", kind=type(value).__name__)
        return cls((value if value is not None else os.environ.get("KIE_API_KEY", "")).strip())

    @classmethod
    def named(cls, value: str | None) -> Secret | None:
        """Wrap the URL of a database, which may contain a password; None if there is none."""
        if value is None or isinstance(value, str):
            return None if value is None else cls(value.strip())
        return cls("", kind=type(value).__name__)

    @property
    def kind(self) -> str:
        """The type of the given value."""
        return self._kind

    def reveal(self) -> str:
        return self._value

    def fault(self) -> str:
        """What is wrong with it as a Kie key; empty if it is fine."""
        if self._kind != "str":
            return f"the API key must be text, not {self._kind}"
        if not self._value:
            return (
                "no API key: set KIE_API_KEY or pass api_key=… (keys are made at https://kie.ai/api-key); "
                "kie.simulated() and `kie run … --simulate` need none"
            )
        if not self._value.isascii() or not self._value.isprintable() or " " in self._value:
            return (
                "the API key (KIE_API_KEY or api_key=…) contains a character that no key contains; was it copied "
                "completely?"
            )
        return ""

    @cached_property
    def _echoes(self) -> Echoes:
        return Echoes(self._value)

    def scrub(self, text: str) -> str:
        """Remove the key, or a recognisable part of it in any usual form, from a text."""
        return text if len(self._value) < REDACTED_FROM else self._echoes.removed(text)

    @cached_property
    def _disguises(self) -> Disguises:
        return Disguises(self._value)

    def scrub_thoroughly(self, text: str) -> str:
        """Do the same for the text of an error, where unusual forms are searched as well."""
        clean = self.scrub(text)
        return clean if len(self._value) < REDACTED_FROM else self._disguises.removed(clean)

    def scrub_answer(self, answer: HttpResponse) -> HttpResponse:
        """Remove the key from an answer, in case the server repeats it."""
        body = in_utf8(answer.body)
        text = body.decode("utf-8", "surrogateescape")
        clean = self.scrub(text)
        if answer.status >= _REFUSED or not _ACCEPTED.search(body):  # no more than an error may show
            clean = self.scrub_thoroughly(clean[:_SHOWN_AT_MOST]) + clean[_SHOWN_AT_MOST:]
        body = body if clean == text else clean.encode("utf-8", "surrogateescape")
        return HttpResponse(status=answer.status, headers=self.scrub_headers(answer.headers), body=body)

    def scrub_headers(self, headers: Mapping[str, str]) -> Mapping[str, str]:
        """Remove the key from headers, in case the server repeats it."""
        return _Headers(headers, self)

    def scrub_error(self, error: BaseException) -> None:
        """Remove the key from an error, its causes, and the frames of their tracebacks."""
        seen: set[int] = set()
        pending: list[BaseException | None] = [error]
        while pending:
            found = pending.pop()
            if found is None or id(found) in seen:
                continue
            seen.add(id(found))
            # not by assignment: an error may be a frozen dataclass
            found.with_traceback(_trimmed(found.__traceback__))
            self._scrub_arguments(found)
            text = text_of(found)
            if found is not error and self.scrub_thoroughly(text) != text:  # the error stores it elsewhere, too
                error.__cause__, error.__context__ = None, None
                return
            kept = attribute_of(found, "__dict__", {})
            kept = kept if isinstance(kept, dict) else {}
            kept.update({name: self.scrub_thoroughly(value) for name, value in kept.items() if isinstance(value, str)})
            pending += (found.__cause__, found.__context__, *getattr(found, "exceptions", ()))

    def _scrub_arguments(self, error: BaseException, within: int = 3) -> None:
        """Remove the key from the arguments of an error, which may be errors themselves, as when httpcore wraps h11."""
        for argument in error.args if within else ():
            if isinstance(argument, BaseException):
                self._scrub_arguments(argument, within - 1)
        _ARGS.__set__(error, tuple(self._argument(argument) for argument in error.args))

    def _argument(self, argument: object) -> object:
        if isinstance(argument, str):
            return self.scrub_thoroughly(argument)
        if isinstance(argument, (bytes, bytearray)):
            return self.scrub(argument.decode("latin-1")).encode("latin-1")
        return argument

    def __repr__(self) -> str:
        return SHOWN

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError(_NOT_PICKLED)


_NOT_PICKLED = (
    "a client cannot be pickled, because it holds the key, and neither can its tasks and batches: "
    "make a client in each process; there, client.task(str(task.ref)) is the same task"
)

_AUTHORIZATION = "Authorization"


class AuthorizedHeaders(Mapping[str, str]):
    """The headers of a request, including the key. The key is in no attribute, and only given on access."""

    __slots__ = ("_plain", "_secret")

    def __init__(self, plain: dict[str, str], secret: Secret) -> None:
        self._plain = plain
        self._secret = secret

    def __getitem__(self, name: str) -> str:
        return f"Bearer {self._secret.reveal()}" if name == _AUTHORIZATION else self._plain[name]

    def __iter__(self) -> Iterator[str]:
        yield from self._plain
        yield _AUTHORIZATION

    def __len__(self) -> int:
        return len(self._plain) + 1

    def __repr__(self) -> str:
        return repr({**self._plain, _AUTHORIZATION: SHOWN})


class _Headers(Mapping[str, str]):
    """The headers of an answer, without the key."""

    __slots__ = ("_headers", "_secret")

    def __init__(self, headers: Mapping[str, str], secret: Secret) -> None:
        self._headers = headers
        self._secret = secret

    def __getitem__(self, name: str) -> str:
        return self._secret.scrub(self._headers[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._headers)

    def __len__(self) -> int:
        return len(self._headers)


def _trimmed(trace: TracebackType | None) -> TracebackType | None:
    """Remove frames of libraries that contain requests from a traceback."""
    entries = []
    while trace is not None:
        if not _holds_requests(trace.tb_frame):
            entries.append(trace)
        trace = trace.tb_next
    kept: TracebackType | None = None
    for entry in reversed(entries):
        kept = TracebackType(kept, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    return kept


def _holds_requests(frame: FrameType) -> bool:
    module = str(frame.f_globals.get("__name__", ""))
    return module in OURS or module.partition(".")[0] in LIBRARIES
