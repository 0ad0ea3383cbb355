"""Core: error messages for arguments that a call does not take. May import only `_core`.

Users bring habits from other clients. The error tells them what the thing they mean is called here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, TypeVar, cast

from kie._core.errors import ArgumentInvalid

_OWN_CLIENT = "pass an HTTP client that has it: Kie(http_client=httpx2.Client(...))"
_CALLBACK = "it is callback_url=..., or via=Receiver(...) of kie.webhooks"
_FIELDS = 'fields are keywords (prompt="..."), or pass {"model": ..., "input": {...}}'
_KEY = "give the key to the client: Kie(api_key=...), or KIE_API_KEY in the environment"
_SAVE = "files are saved from the result: result.save(...)"
_OF_CLIENT = frozenset(
    ("base_url", "upload_url", "http_client", "transport", "journal", "limit_group", "rate_limit", "limit_store")
)
_FEW = 8
"""The most arguments that an error lists."""
_SUBMIT = "submit() returns without waiting, run() waits"

_EQUIVALENTS: Mapping[str, str] = {
    **dict.fromkeys(
        ("proxy", "proxies", "httpproxy", "httpsproxy"),
        "set HTTPS_PROXY in the environment, or pass an HTTP client that has one: "
        "Kie(http_client=httpx2.Client(proxy=...))",
    ),
    **dict.fromkeys(("headers", "defaultheaders", "extraheaders", "verify", "cert", "sslcontext"), _OWN_CLIENT),
    **dict.fromkeys(("session", "client", "httpxclient"), "it is Kie(http_client=...)"),
    **dict.fromkeys(("token", "apitoken", "key", "apikey", "credentials", "secret"), _KEY),
    **dict.fromkeys(("host", "endpoint", "url", "apiurl", "apibase"), "it is Kie(base_url=...)"),
    **dict.fromkeys(("maxretries", "retries", "maxattempts", "attempts"), "it is retry=RetryPolicy(attempts=...)"),
    **dict.fromkeys(("pollinterval", "pollinginterval", "interval"), "it is poll=PollPolicy(min_interval=...)"),
    **dict.fromkeys(("maxwait", "waittimeout", "clienttimeout", "deadline"), "it is timeout=..., in seconds"),
    **dict.fromkeys(("webhook", "webhookurl", "callback", "callbackurl", "notifyurl", "webhooksecret"), _CALLBACK),
    **dict.fromkeys(("onqueueupdate", "onupdate", "withlogs", "logs", "progress"), "it is on_progress=..."),
    **dict.fromkeys(("onenqueue", "oncreated"), "it is on_submitted=..."),
    **dict.fromkeys(("input", "inputs", "arguments", "args", "params", "parameters", "kwargs"), _FIELDS),
    **dict.fromkeys(("wait", "block", "sync", "syncmode", "waitforresult", "asyncmode"), _SUBMIT),
    **dict.fromkeys(("output", "outputdir", "outdir", "out", "save", "saveto", "directory", "path"), _SAVE),
    **dict.fromkeys(("idempotencykey", "requestid", "clienttoken"), "it is label=..., with Kie(journal=...)"),
    **dict.fromkeys(("workers", "maxworkers", "maxconcurrency", "parallel"), "it is concurrency=..., of client.batch"),
    **dict.fromkeys(("maxcost", "maxcredits", "creditlimit"), "it is budget=..., in credits"),
    **dict.fromkeys(("unchecked", "validate", "strict", "extra", "extrabody"), "request.unchecked(field=...) sends it"),
}
"""Our names for the arguments of other clients. Keys are lower case, without `_`."""


F = TypeVar("F", bound=Callable[..., Any])


def helpful(function: F) -> F:
    """Make a method explain arguments that it does not take. It then raises `ArgumentInvalid`.

    No frame of the error shows what was passed, because that may include the key.
    """

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except BaseException as error:
            wrong, args, kwargs = _unbound(function, error, kwargs), (), {}
            if wrong is None:
                raise
        raise wrong

    return cast("F", call)


def helpful_async(function: F) -> F:
    """Do the same as `helpful` for a coroutine function."""

    @wraps(function)
    async def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return await function(*args, **kwargs)
        except BaseException as error:
            wrong, args, kwargs = _unbound(function, error, kwargs), (), {}
            if wrong is None:
                raise
        raise wrong

    return cast("F", call)


def _unbound(function: Callable[..., Any], error: BaseException, given: Mapping[str, object]) -> ArgumentInvalid | None:
    """The error to raise if a call failed because of an unknown argument; None if it failed inside."""
    trace = error.__traceback__
    if not isinstance(error, TypeError) or trace is None or trace.tb_next is not None:
        return None
    from inspect import signature

    known = signature(function).parameters
    unknown = next((name for name in given if name not in known), None)
    if unknown is None:
        return None
    takes = [name for name in known if name != "self"]
    call = function.__qualname__.removesuffix(".__init__") if function.__name__ == "__init__" else function.__name__
    few = f"it takes {', '.join(takes)}" if len(takes) <= _FEW else ""
    return unknown_argument(unknown, takes, few, call=f"{call}()")


def equivalent(name: str) -> str | None:
    """How to achieve here what an argument of another client does; None if the argument is not known."""
    return _EQUIVALENTS.get(name.replace("_", "").replace("-", "").lower())


def closest(name: str, known: Iterable[str]) -> str | None:
    """The known argument that the caller probably meant."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, [*known], n=1, cutoff=0.75)), None)


def unknown_argument(
    name: str, known: Iterable[str], otherwise: str = "", *, call: str = "this call"
) -> ArgumentInvalid:
    """The error for an argument that a call does not take.

    Args:
        name: The name of the argument.
        known: The arguments that there are.
        otherwise: The message if it is unclear what was meant.
        call: The call, as the message names it.
    """
    meant = closest(name, known)
    if name in _OF_CLIENT:
        way = f"it is given to the client: Kie({name}=...)"
    elif meant == name:
        way = "docs/options.md lists the calls that take it"
    else:
        way = (
            f"did you mean {meant}?" if meant else equivalent(name) or otherwise or "docs/options.md lists the options"
        )
    return ArgumentInvalid(f"{name!r} is not an argument of {call}: {way}")
