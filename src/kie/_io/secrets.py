"""IO: keeps the key out of everything that is shown, logged, pickled or reported. May import `_core`."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from types import FrameType, NoneType, TracebackType

from kie._core.call import HttpResponse

REDACTED_FROM = 12
"""A key of at least this many characters is redacted: a shorter text may occur for other reasons."""

SHOWN = "<key>"

_ARGS = vars(BaseException)["args"]

LIBRARIES = frozenset(
    "aiohttp anyio asyncio curl_cffi h11 h2 hpack httpcore httpcore2 httpx httpx2 hyperframe requests selectors "
    "sniffio socket socksio ssl trio urllib3".split()
)
"""Packages in whose frames the bytes of a request stand, the key among them."""

DEADLINE = f"{__package__}.deadline"
"""The module of ours that the library writes through: it sees the same bytes."""


class Secret:
    """A key. It shows itself to no one; `reveal` is called where a request to Kie is made."""

    __slots__ = ("__dict__", "_kind", "_value")

    def __init__(self, value: str, *, kind: str = "str") -> None:
        self._value = value
        self._kind = kind

    @classmethod
    def given(cls, value: str | None) -> Secret:
        """The key that a client was given, or that of the environment."""
        if not isinstance(value, (str, NoneType)):
            return cls("", kind=type(value).__name__)
        return cls((value if value is not None else os.environ.get("KIE_API_KEY", "")).strip())

    def reveal(self) -> str:
        return self._value

    def fault(self) -> str:
        """What is wrong with it as a key of Kie; empty if nothing is."""
        if self._kind != "str":
            return f"the API key has to be text, not {self._kind}"
        if not self._value:
            return (
                "no API key: set KIE_API_KEY or pass api_key=… (keys are made at https://kie.ai/api-key); "
                "kie.simulated() and `kie run … --simulate` need none"
            )
        if not self._value.isascii() or not self._value.isprintable() or " " in self._value:
            return "the API key (KIE_API_KEY or api_key=…) holds a character that no key has; was it copied whole?"
        return ""

    @cached_property
    def _echo(self) -> re.Pattern[str]:
        """Finds the key, also where its characters are escaped as in JSON, a URL or HTML."""
        return re.compile("".join(map(_spelled, self._value)))

    def scrub(self, text: str) -> str:
        """A text without the key, however it is written there."""
        if len(self._value) < REDACTED_FROM:
            return text
        text = text.replace(self._value, SHOWN)
        escaped = "%" in text or "&#" in text or "\\u00" in text or "\\x" in text
        return self._echo.sub(SHOWN, text) if escaped else text

    def scrub_answer(self, answer: HttpResponse) -> HttpResponse:
        """An answer without the key, if the server repeats it."""
        text = answer.body.decode("latin-1")
        clean = self.scrub(text)
        body = answer.body if clean == text else clean.encode("latin-1")
        return HttpResponse(status=answer.status, headers=_Headers(answer.headers, self), body=body)

    def scrub_error(self, error: BaseException) -> None:
        """Take the key out of an error, its causes, and the frames that they passed."""
        seen: set[int] = set()
        pending: list[BaseException | None] = [error]
        while pending:
            found = pending.pop()
            if found is None or id(found) in seen:
                continue
            seen.add(id(found))
            # not by assignment: an error may be a frozen dataclass
            found.with_traceback(_trimmed(found.__traceback__))
            _ARGS.__set__(found, tuple(self._argument(argument) for argument in found.args))
            if found is not error and self.scrub(str(found)) != str(found):  # it is kept elsewhere, too
                error.__cause__, error.__context__ = None, None
                return
            pending += (found.__cause__, found.__context__, *getattr(found, "exceptions", ()))

    def _argument(self, argument: object) -> object:
        if isinstance(argument, str):
            return self.scrub(argument)
        if isinstance(argument, (bytes, bytearray)):
            return self.scrub(argument.decode("latin-1")).encode("latin-1")
        return argument

    def __repr__(self) -> str:
        return SHOWN

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a client is not pickled: it holds the key")


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


def _spelled(character: str) -> str:
    """A pattern for the ways in which a character of the key may be written."""
    code = ord(character)
    escaped = (rf"\\u{code:04x}", rf"\\x{code:02x}", rf"%{code:02x}", rf"&#0*{code};", rf"&#x0*{code:x};")
    return f"(?:{re.escape(character)}|(?i:{'|'.join(escaped)}))"


def _trimmed(trace: TracebackType | None) -> TracebackType | None:
    """A traceback without the frames of libraries that hold requests."""
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
    return module == DEADLINE or module.partition(".")[0] in LIBRARIES
