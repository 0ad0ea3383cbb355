"""The kill run: `kill -9` at random moments of a batch. Every accepted task is noted, none is made twice, the budget
counts each of them, and the library keeps each of them whole.

The service is simulated in this process and survives. Three programs are killed: `kie batch`, and a program that uses
the library, with either client.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import attrs

from kie import Budget, Journal, Library, simulated
from kie.simulator import SimulatedService

KILLS = 40
LINES = 24
TOGETHER = 3
MODEL = "nano-banana-pro"

PROGRAM = f"""
COUNT, TOGETHER = {LINES}, {TOGETHER}
"""
PROGRAM += """
import asyncio, sys
from kie import AsyncKie, Budget, Kie, Library
from kie.models import NanoBananaPro

kind, url, journal, budget, tag, runs = sys.argv[1:]
requests = [NanoBananaPro(prompt=f"{tag} {n}") for n in range(COUNT)]
labels = [request.prompt for request in requests]
settings = {"base_url": url, "upload_url": url, "journal": journal, "budget": Budget(10**6, file=budget)}
settings["library"] = Library(runs, derivatives=None)
if kind == "sync":
    with Kie("simulated", **settings) as client:
        outcomes = client.batch.run(requests, labels=labels, concurrency=TOGETHER)
else:
    async def main():
        async with AsyncKie("simulated", **settings) as client:
            return await client.batch.run(requests, labels=labels, concurrency=TOGETHER)
    outcomes = asyncio.run(main())
print(*(outcome.state for outcome in outcomes))
"""


@attrs.frozen
class Victim:
    """A program that is killed and started again. Its journal is its own."""

    kind: str
    tag: str
    folder: Path
    url: str

    @property
    def budget(self) -> Path:
        """The file of its budget."""
        return self.folder / "budget.jsonl"

    @property
    def runs(self) -> Path:
        """The folder of its library."""
        return self.folder / "runs"

    def command(self) -> list[str]:
        """The command line, the same each time."""
        journal, budget = str(self.folder / "journal.jsonl"), str(self.budget)
        if self.kind != "cli":
            return [sys.executable, "-c", PROGRAM, self.kind, self.url, journal, budget, self.tag, str(self.runs)]
        source = self.folder / "batch.jsonl"
        if not source.exists():
            lines = ({"model": MODEL, "prompt": f"{self.tag} {n}"} for n in range(LINES))
            source.write_text("".join(json.dumps(line) + "\n" for line in lines))
        out = ["batch", str(source), "--out", str(self.folder / "out.jsonl"), "--journal", journal]
        limits = ["--budget", str(10**6), "--budget-file", budget, "--library", str(self.runs)]
        return [sys.executable, "-m", "kie", *out, *limits, "--concurrency", str(TOGETHER), "--quiet"]

    def start(self) -> subprocess.Popen[bytes]:
        """Start it."""
        keys = {"KIE_API_KEY": "simulated", "KIE_BASE_URL": self.url, "KIE_UPLOAD_URL": self.url}
        return subprocess.Popen(
            self.command(), env={**os.environ, **keys}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )


def main() -> list[str]:
    """Kill programs `KILLS` times each kind. Returns the faults that were found."""
    chance = random.Random(2026)
    faults: list[str] = []
    for kind in ("cli", "sync", "async"):
        kills = rounds = unknown = never_sent = 0
        with simulated(speed=100, limits=False, credits=10**6) as service:
            while kills < KILLS:
                with tempfile.TemporaryDirectory() as folder:
                    victim = Victim(kind, f"{kind} {rounds}", Path(folder), service.base_url)
                    kills += torment(victim, service, chance)
                    found = check(victim, service)
                    faults += found[0]
                    unknown += found[1]
                    never_sent += found[2]
                rounds += 1
        print(
            f"kill {kind}: {kills} kills in {rounds} batches of {LINES}; {unknown} submissions of unknown outcome, "
            f"{never_sent} of them never sent",
            flush=True,
        )
    return faults


def torment(victim: Victim, service: SimulatedService, chance: random.Random) -> int:
    """Start a program, kill it a few times at random moments once it submits, and let it end. Returns the kills."""
    kills = 0
    for _ in range(5):
        before = len(service.state.accepted)
        process = victim.start()
        give_up = time.monotonic() + 60
        while process.poll() is None and len(service.state.accepted) == before and time.monotonic() < give_up:
            time.sleep(0.002)
        time.sleep(chance.random() * 0.3)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.wait()
    victim.start().wait(120)
    return kills


def check(victim: Victim, service: SimulatedService) -> tuple[list[str], int, int]:
    """Compare what the service accepted with what is noted.

    Returns the faults, the number of submissions of unknown outcome, and that of those which were never sent.
    """
    prompts = {one.task_id: str(one.input["prompt"]) for one in service.state.accepted}
    accepted = {ref: prompt for ref, prompt in prompts.items() if prompt.startswith(f"{victim.tag} ")}
    times = Counter(accepted.values())
    entries = Journal(victim.folder / "journal.jsonl").entries()
    noted = {entry.ref.id for entry in entries if entry.ref is not None}
    unknown = [entry for entry in entries if entry.ref is None and entry.state == "unknown"]
    faults = [f"{prompt!r} was accepted {count} times" for prompt, count in times.items() if count > 1]
    faults += [f"{victim.tag}: task {ref} is noted, but was never accepted" for ref in noted - accepted.keys()]
    unnoted = accepted.keys() - noted
    if len(unnoted) > len(unknown):
        faults.append(f"{victim.tag}: {len(unnoted)} tasks without a ref, but only {len(unknown)} unknown entries")
    account = Budget(10**6, file=victim.budget)
    charges = sum(service.state.tasks[ref].price for ref in accepted)
    if account.spent + account.reserved < charges:
        faults.append(f"{victim.tag}: the budget counts {account.spent} + {account.reserved} of {charges} credits")
    open_ = [one for one in account.reservations if one.ref is not None]
    if open_:
        faults.append(f"{victim.tag}: {len(open_)} ended tasks were never settled")
    if victim.kind == "cli":
        records = [json.loads(line) for line in (victim.folder / "out.jsonl").read_text().splitlines()]
        states = Counter(record["state"] for record in records)
        if len(records) != LINES or states.keys() - {"succeeded", "unknown"}:
            faults.append(f"{victim.tag}: the output file ends with {dict(states)}")
        if states["unknown"] < len(unnoted):
            faults.append(f"{victim.tag}: {len(unnoted)} tasks without a ref, {states['unknown']} unknown lines")
    return faults + lost(victim, noted), len(unknown), len(unknown) - len(unnoted)


def lost(victim: Victim, noted: set[str]) -> list[str]:
    """The tasks that the library lacks, or does not have whole, and what it should not hold."""
    library = Library(victim.runs, derivatives=None)
    kept = {run.ref.id: run for run in library if run.task is not None}
    faults = [f"{victim.tag}: the library lacks task {ref}" for ref in noted - kept.keys()]
    for ref in noted & kept.keys():
        run = kept[ref]
        whole = all(file.size == path.stat().st_size for file in run.outputs if (path := file.path) is not None)
        if run.state != "succeeded" or run.unsaved or not run.files or not whole:
            faults.append(f"{victim.tag}: the library has task {ref} as {run.state} with {len(run.files)} files")
    folders = {path.name for path in victim.runs.glob("[0-9]*/*/*/*")}
    if odd := folders - {run.folder.name for run in library}:
        faults.append(f"{victim.tag}: folders of the library that are not runs: {sorted(odd)[:3]}")
    return faults
