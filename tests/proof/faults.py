"""The fault run: 10,000 tasks on the default policies, while everything goes wrong now and then, in virtual time."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from kie import Journal, KieError, Outcome
from kie.models import NanoBananaPro
from kie.testing import virtual_async_kie, virtual_kie

TASKS = 10_000
ROUND = 500
"""Tasks in one batch; each has faults of its own."""

FAULTS: list[dict[str, Any]] = [
    {"do": "rate_limit"},
    {"do": "http", "status": 502},
    {"do": "http", "status": 403},
    {"do": "envelope", "code": 500},
    {"do": "envelope", "code": 455},
    {"do": "envelope", "code": 422},
    {"do": "refuse"},
    {"do": "drop_before"},
    {"do": "drop_after"},
    {"do": "slow", "seconds": 40},
    {"do": "truncate", "bytes": 30},
    {"do": "garbage"},
    {"do": "no_task_id"},
    {"do": "fail_task"},
    {"do": "invisible", "polls": 2},
]


def main() -> list[str]:
    """Run the tasks. Returns the faults that were found."""
    chance = random.Random(2026)
    found: list[str] = []
    states: Counter[str] = Counter()
    for number in range(TASKS // ROUND):
        with tempfile.TemporaryDirectory() as folder:
            faults, ended = batch(number, Path(folder) / "journal.jsonl", script(chance), asynchronous=number % 2 == 1)
        found += faults
        states += ended
    print("faults: " + ", ".join(f"{count:,} {state}" for state, count in states.most_common()), flush=True)
    return found


def script(chance: random.Random) -> list[dict[str, Any]]:
    """Faults that come now and then, on submissions and on polls."""
    rules = []
    for fault in FAULTS:
        for on in ("createTask", "getTask"):
            if on == "createTask" or fault["do"] not in ("no_task_id", "fail_task", "invisible"):
                rules.append({"on": on, "every": chance.randint(15, 90), **fault})
    chance.shuffle(rules)
    return rules


def batch(number: int, journal: Path, rules: list[dict[str, Any]], *, asynchronous: bool) -> tuple[list[str], Any]:
    """Run one batch. Returns its faults, and how many tasks ended in each state."""
    requests = [NanoBananaPro(prompt=f"{number} {index}") for index in range(ROUND)]
    if asynchronous:
        outcomes, service = asyncio.run(asynchronously(requests, journal, rules, number))
    else:
        client, service, _ = virtual_kie(faults=rules, journal=journal, seed=number, credits=10**6)
        outcomes = client.batch.run(requests)
    return check(number, outcomes, service, journal), Counter(outcome.state for outcome in outcomes)


async def asynchronously(requests: Any, journal: Path, rules: list[dict[str, Any]], seed: int) -> Any:
    """The same with the other client."""
    client, service, _ = virtual_async_kie(faults=rules, journal=journal, seed=seed, credits=10**6)
    return await client.batch.run(requests), service


def check(number: int, outcomes: list[Outcome[Any]], service: Any, journal: Path) -> list[str]:
    """Compare what the service accepted with what the outcomes and the journal say."""
    accepted: dict[str, list[str]] = {}
    for one in service.accepted:
        accepted.setdefault(one.input["prompt"], []).append(one.task_id)
    found = [f"{prompt!r} was accepted {len(ids)} times" for prompt, ids in accepted.items() if len(ids) > 1]
    for outcome in outcomes:
        assert outcome.request is not None
        prompt = f"{number} {outcome.index}"
        ids = accepted.get(prompt, [])
        if outcome.error is not None and not isinstance(outcome.error, KieError):
            found.append(f"{prompt!r} ended with {outcome.error!r}")
        if outcome.ref is not None and [outcome.ref.id] != ids:
            found.append(f"{prompt!r} names {outcome.ref}, the service accepted {ids}")
        if outcome.ref is None and ids and outcome.state != "unknown":
            found.append(f"{prompt!r} is {outcome.state} ({outcome.error}), but the service accepted {ids}")
    entries = Journal(journal).entries()
    noted = {entry.ref.id for entry in entries if entry.ref is not None}
    unknown = sum(entry.state == "unknown" for entry in entries)
    missing = {one.task_id for one in service.accepted} - noted
    if len(missing) > unknown:
        found.append(f"batch {number}: {len(missing)} tasks are not in the journal, {unknown} entries are unknown")
    return found
