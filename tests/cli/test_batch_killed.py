"""A batch of 500 whose process is killed in the middle is finished by the same command; no line is paid twice."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kie._io.journal import Journal
from kie.simulator import SimulatedService, simulated
from tests.processes import LONGEST, bounded, until

LINES = 500
AT_ONCE = 24


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimulatedService]:
    """A simulated service on a socket that takes what comes, but at some point gives no answer for long."""
    late = [{"on": "createTask", "do": "slow", "seconds": 3600, "nth": LINES // 2 + AT_ONCE}] * AT_ONCE
    with simulated(speed=200, limits=False, keys=["a-key"], credits=10**6, faults=late) as service:
        monkeypatch.setenv("KIE_API_KEY", "a-key")
        monkeypatch.setenv("KIE_BASE_URL", service.base_url)
        monkeypatch.setenv("KIE_UPLOAD_URL", service.upload_url)
        yield service


def records(path: Path) -> dict[str, dict[str, Any]]:
    """The latest record of each line in the output file, whose last line may be cut off."""
    latest: dict[str, dict[str, Any]] = {}
    for line in path.read_bytes().splitlines() if path.exists() else []:
        try:
            record = json.loads(line)
        except ValueError:
            continue
        latest[record["key"]] = record
    return latest


def states(path: Path) -> Counter[str]:
    return Counter(record["state"] for record in records(path).values())


def unclear(path: Path) -> set[str]:
    """The labels of the lines of which it is not known whether a task exists."""
    return {record.get("label") or record["id"] for record in records(path).values() if record["state"] == "unknown"}


def test_a_batch_of_500_that_is_killed_in_the_middle_is_finished_by_the_same_command(
    fast: SimulatedService, tmp_path: Path, state: Path
) -> None:
    source, out, table = tmp_path / "animals.csv", tmp_path / "out.jsonl", tmp_path / "done.csv"
    rows = "".join(f"animal-{number},animal {number}\n" for number in range(LINES))
    source.write_text(f"id,animal\n{rows}", "utf-8")
    options = ("--model", "nano-banana-pro", "--prompt", "A {animal}", "--concurrency", str(AT_ONCE))
    files = ("--out", str(out), "--save", str(tmp_path / "out"), "--table", str(table))
    command = [sys.executable, "-m", "tests.cli.impatient", "batch", str(source), *options, *files]

    first = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True)
    with bounded(first):
        until(lambda: sum(states(out).values()) >= LINES // 2)  # not all can be done by now, because of `late`
    first.communicate(timeout=LONGEST)
    before, undecided = states(out), unclear(out)
    noted = {entry.label for entry in Journal(state).entries() if entry.ref is not None}
    assert first.returncode == -signal.SIGKILL
    assert sum(before.values()) < LINES, "the middle"
    assert not table.exists()

    again = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)
    after = states(out)
    assert "Traceback" not in again.stderr
    # a submission whose answer the killed process did not live to see may exist: it is never sent again
    assert after["succeeded"] + after["unknown"] == LINES
    # the journal may know the task of a line that the output file calls unknown, and of one that it does not have yet
    assert undecided - noted <= unclear(out) and after["unknown"] <= AT_ONCE
    assert again.returncode == (4 if after["unknown"] else 0), again.stderr

    accepted = Counter(str(task.input["prompt"]) for task in fast.state.accepted)
    assert set(accepted.values()) == {1}, "no line was paid for twice"
    assert after["succeeded"] <= len(accepted) <= LINES
    with table.open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    assert [row["id"] for row in written] == [f"animal-{number}" for number in range(LINES)]
    done = [row for row in written if row["state"] == "succeeded"]
    assert len(done) == after["succeeded"]
    assert all(Path(row["file"]).is_file() and row["id"] in row["file"] for row in done)
    assert {row["ref"] for row in done} <= {task.task_id for task in fast.state.accepted}
