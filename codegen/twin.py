"""Derives the asynchronous client from the synchronous one, so that the two cannot drift apart.

The clients hold no logic: a method is one line that drives a flow. What differs is `async`, `await` and names.
"""

from __future__ import annotations

import re

SOURCE = "src/kie/client.py"
TARGET = "src/kie/aclient.py"

NAMES = {
    "SyncSaver": "AsyncSaver",
    "HttpxClient": "AsyncHttpxClient",
    "HttpxTransport": "AsyncHttpxTransport",
    "Driver": "AsyncDriver",
    "Transport": "AsyncTransport",
    "Task": "AsyncTask",
    "Kie": "AsyncKie",
    "TracebackType": "TracebackType",
    "__enter__": "__aenter__",
    "__exit__": "__aexit__",
}

PHRASES = {
    "Floor 5: the synchronous client. Thin": (
        f"Floor 5: the asynchronous client, derived from {SOURCE} by `make generate`. Thin"
    ),
    "from kie.io.sync import": "from kie.io.aio import",
    "A client of Kie.ai. Thread-safe; use it as a context manager, or `close` it.": (
        "The asynchronous client of Kie.ai, for asyncio and trio. Use it with `async with`, or `await close()`."
    ),
}


def derive(source: str) -> str:
    """The asynchronous twin of the synchronous client's source."""
    for old, new in PHRASES.items():
        if old not in source:
            raise ValueError(f"{SOURCE} no longer says {old!r}; codegen/twin.py has to follow")
        source = source.replace(old, new)
    pattern = re.compile(r"(?<![\w`.])(" + "|".join(sorted(NAMES, key=len, reverse=True)) + r")(?!\w|\.ai|\.wait)")
    code = pattern.sub(lambda match: NAMES[match[1]], source)
    methods = re.split(r"(?m)^(?=    (?:@|def ))", code)
    out = []
    for block in methods:
        method = block
        drives = ".drive(" in method or ".close()" in method
        if drives:
            method = re.sub(r"(?m)^    def ", "    async def ", method, count=1)
            method = re.sub(
                r"(self\._driver\.drive\(|self\._driver\.transport\.close\(|self\.close\()", r"await \1", method
            )
        elif "def __aenter__" in method:
            method = method.replace("    def ", "    async def ")
        out.append(method)
    return "".join(out)
