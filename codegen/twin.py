"""Derives the asynchronous client from the synchronous one, so that the two cannot drift apart.

The clients hold no logic: a method is one line that drives a flow. What differs is `async`, `await` and names.
"""

from __future__ import annotations

import re

TWINS = {"src/kie/_client.py": "src/kie/_aclient.py", "src/kie/_batch/batch.py": "src/kie/_batch/abatch.py"}
"""The synchronous source, and what is derived from it."""

NAMES = {
    "SyncSaver": "AsyncSaver",
    "HttpxClient": "AsyncHttpxClient",
    "HttpxTransport": "AsyncHttpxTransport",
    "Driver": "AsyncDriver",
    "Transport": "AsyncTransport",
    "Task": "AsyncTask",
    "Batch": "AsyncBatch",
    "Kie": "AsyncKie",
    "TracebackType": "TracebackType",
    "__enter__": "__aenter__",
    "__exit__": "__aexit__",
}

PHRASES = {
    "src/kie/_client.py": {
        "Floor 5: the synchronous client. Thin": (
            "Floor 5: the asynchronous client, derived from src/kie/_client.py by `make generate`. Thin"
        ),
        "from kie._io.sync import": "from kie._io.aio import",
        "from kie._batch.batch import": "from kie._batch.abatch import",
        "A client of Kie.ai. Thread-safe; use it as a context manager, or `close` it.": (
            "The asynchronous client of Kie.ai, for asyncio and trio. Use it with `async with`, or `await close()`."
        ),
    },
    "src/kie/_batch/batch.py": {
        "Floor 5: many tasks at once, synchronously. Thin": (
            "Floor 5: many tasks at once, asynchronously; derived from src/kie/_batch/batch.py by `make generate`. Thin"
        ),
        "from kie._io.sync import": "from kie._io.aio import",
        "Ctrl-C, or an error": "Cancellation, or an error",
        "from collections.abc import Iterable, Iterator": "from collections.abc import AsyncGenerator, Iterable",
        "-> Iterator[Outcome[R]]": "-> AsyncGenerator[Outcome[R], None]",
        "Leaving the loop early stops the batch.": (
            "Leaving the loop early stops the batch (on trio,\n        have `contextlib.aclosing` around it)."
        ),
    },
}


def derive(name: str, source: str) -> str:
    """The asynchronous twin of a synchronous source."""
    for old, new in PHRASES[name].items():
        if old not in source:
            raise ValueError(f"{name} no longer says {old!r}; codegen/twin.py has to follow")
        source = source.replace(old, new)
    pattern = re.compile(r"(?<![\w`.])(" + "|".join(sorted(NAMES, key=len, reverse=True)) + r")(?!\w|\.ai|\.wait)")
    code = pattern.sub(lambda match: NAMES[match[1]], source)
    methods = re.split(r"(?m)^(?=    (?:@|def ))", code)
    out = []
    for block in methods:
        method = block
        drives = any(call in method for call in (".drive(", ".gather(", ".close()"))
        if drives:
            method = re.sub(r"(?m)^    def ", "    async def ", method, count=1)
            method = re.sub(
                r"(self\._driver\.(?:drive|gather|transport\.close)\(|self\.close\()",
                r"await \1",
                method,
            )
        elif "def __aenter__" in method:
            method = method.replace("    def ", "    async def ")
        out.append(method)
    return "".join(out)
