"""A program that works on a durable batch, and kills itself at a point that its arguments name.

`python -m tests.durable.victim '{"url": …}'`. It prints how its batch ended, as JSON.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import nullcontext, suppress
from typing import Any

from kie import PollPolicy, RateLimit
from kie._core.results import AsyncResult
from kie._durable import notes, work
from kie._durable.line_store import LineStore
from kie.durable import Durable
from kie.errors import ConfigError
from kie.models import NanoBananaPro

FAST = RateLimit(submissions=10_000, reads=10_000)


def die(point: str, nth: int) -> None:
    """Arrange for the death of this process, at the nth time that it comes to a point."""
    passed = 0

    def dies() -> None:
        nonlocal passed
        passed += 1
        if passed == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    def before(cls: Any, name: str, when: Callable[..., bool] = lambda *_: True) -> None:
        original = getattr(cls, name)

        def replaced(self: Any, *given: Any, **named: Any) -> Any:
            if when(*given):
                dies()
            return original(self, *given, **named)

        setattr(cls, name, replaced)

    def after(cls: Any, name: str, when: Callable[..., bool] = lambda *_: True) -> None:
        original = getattr(cls, name)

        def replaced(self: Any, *given: Any, **named: Any) -> Any:
            found = original(self, *given, **named)
            if when(*given):
                dies()
            return found

        setattr(cls, name, replaced)

    match point:
        case "before the note":
            before(LineStore, "note")
        case "between note and send":
            after(LineStore, "note")
        case "after the answer":
            before(notes.Notes, "append", lambda entry: entry["event"] == "task")
        case "once the task is noted":
            after(LineStore, "accepted", lambda _batch, _line, note, _ref: note is not None)
        case "while waiting":
            before(work.LineWorker, "finish")
        case "while saving":
            save = AsyncResult._saved_once

            async def saved(self: Any, *given: Any, **named: Any) -> Any:
                found = await save(self, *given, **named)
                dies()
                return found

            AsyncResult._saved_once = saved  # type: ignore[method-assign]


def main() -> None:
    """Work until the batch has ended."""
    given = json.loads(sys.argv[1])
    work.AHEAD = given.get("ahead", 1)
    if "point" in given:
        die(given["point"], given.get("nth", 1))
    what = given.get("what", "line")
    servers = {"base_url": given["service"], "upload_url": given["service"]}
    kept, poll = {"machine": given["machine"], "save": given["save"]}, PollPolicy(speed=500)
    more = {"poll": poll, "rate_limit": FAST, "budget": given.get("budget")}
    with Durable(given["url"], api_key=given["key"], **servers, **kept, **more) as engine:
        named = given.get("named", False)
        lines = ((n, f"p-{n}" if named else None, NanoBananaPro(prompt=f"{what} {n}")) for n in range(given["count"]))
        batch = engine._batch("spring", lines)
        for machine in given.get("adopt", []):
            with suppress(ConfigError) if given.get("lenient") else nullcontext():
                engine.adopt(machine)
        outcomes = list(batch.stream())
        states = {outcome.index: outcome.state for outcome in outcomes}
        unknown = {outcome.index: str(outcome.error) for outcome in batch.unknown()}
        print(json.dumps({"states": states, "unknown": unknown, "counts": batch.counts()}))


if __name__ == "__main__":
    main()
