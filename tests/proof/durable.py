"""The durable run: machines on one database are killed at random moments, start again, and adopt each other.

Every line ends, none is sent twice, and what may have been sent without an answer is told. On SQLite and, if there is
one, on Postgres.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import attrs

from kie import simulated
from kie.simulator import SimulatedService
from tests import postgres

KILLS = 25
LINES = 40
MACHINES = ("box-1", "box-2", "box-3")
AT_ONCE = 2


@attrs.define
class Fleet:
    """Machines that work on one batch."""

    url: str
    what: str
    service: SimulatedService
    folder: Path
    alive: dict[str, subprocess.Popen[str]] = attrs.field(factory=dict)

    def start(self, machine: str, *adopted: str) -> None:
        """Start a machine, which takes over what some others had."""
        given: dict[str, Any] = {"url": self.url, "service": self.service.base_url, "key": "simulated", "count": LINES}
        given |= {"machine": machine, "save": str(self.folder / "out"), "ahead": 4, "what": self.what}
        given |= {"adopt": adopted, "lenient": True}
        command = [sys.executable, "-m", "tests.durable.victim", json.dumps(given)]
        self.alive[machine] = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def kill(self, machine: str) -> bool:
        """Kill a machine. False if it had ended by itself."""
        process = self.alive.pop(machine)
        running = process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return running

    @property
    def dead(self) -> list[str]:
        """The machines that do not run."""
        return [machine for machine in MACHINES if machine not in self.alive]


def main() -> list[str]:
    """Kill machines `KILLS` times on each kind of database. Returns the faults that were found."""
    chance = random.Random(2026)
    faults: list[str] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        service = stack.enter_context(simulated(speed=50, limits=False, credits=10**6))
        databases: dict[str, Callable[[int], str]] = {"sqlite": lambda n: f"sqlite:///{folder}/runs{n}.sqlite"}
        if postgres.binaries() is not None:
            server = stack.enter_context(postgres.running())
            databases["postgres"] = lambda _: postgres.new_database(server)
        for kind, url_of in databases.items():
            kills = rounds = unknown = 0
            while kills < KILLS:
                fleet = Fleet(url_of(rounds), f"{kind} {rounds}", service, folder / f"{kind}{rounds}")
                kills += torment(fleet, chance)
                found, unclear = end(fleet)
                faults += found
                unknown += unclear
                rounds += 1
            print(
                f"durable {kind}: {kills} kills in {rounds} batches of {LINES}; {unknown} of unknown outcome",
                flush=True,
            )
    return faults


def torment(fleet: Fleet, chance: random.Random) -> int:
    """Start machines, and kill and start them at random moments. Returns the kills."""
    kills = 0
    for machine in MACHINES[:AT_ONCE]:
        fleet.start(machine)
    for _ in range(10):
        time.sleep(0.8 + 1.7 * chance.random())
        if not fleet.alive:
            break
        kills += fleet.kill(chance.choice([*fleet.alive]))
        machine, *others = chance.sample(fleet.dead, len(fleet.dead))
        fleet.start(machine, *others)
    return kills


def end(fleet: Fleet) -> tuple[list[str], int]:
    """Let the batch end. Returns the faults, and how many lines are of unknown outcome."""
    for machine in [*fleet.alive]:
        fleet.kill(machine)
    fleet.start(MACHINES[0], *MACHINES[1:])
    try:
        told, said = fleet.alive[MACHINES[0]].communicate(timeout=120)
    except subprocess.TimeoutExpired:
        fleet.kill(MACHINES[0])
        return [f"{fleet.what}: the batch does not end"], 0
    if not told:
        return [f"{fleet.what}: {said[-500:]}"], 0
    found = json.loads(told)
    times = Counter(str(one.input["prompt"]) for one in fleet.service.state.accepted)
    sent = {prompt: count for prompt, count in times.items() if prompt.startswith(f"{fleet.what} ")}
    states = {f"{fleet.what} {line}": state for line, state in found["states"].items()}
    faults = [f"{prompt!r} was accepted {count} times" for prompt, count in sent.items() if count > 1]
    faults += [
        f"{prompt!r} ended as {state}" for prompt, state in states.items() if state not in ("succeeded", "unknown")
    ]
    faults += [
        f"{prompt!r} succeeded, and was never sent"
        for prompt in states
        if states[prompt] == "succeeded" and prompt not in sent
    ]
    faults += [f"{fleet.what}: {len(states)} of {LINES} lines ended"] if len(states) != LINES else []
    return faults, Counter(states.values())["unknown"]
