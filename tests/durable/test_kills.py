"""A process is killed at every point that matters, and started again or adopted: nothing is lost or sent twice."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kie import Budget
from kie._durable.machines import machines
from kie.simulator import SimulatedService
from tests.durable.conftest import KEY

COUNT = 16


def command(service: SimulatedService, url: str, folder: Path, **given: object) -> list[str]:
    settings: dict[str, Any] = {"url": url, "service": service.base_url, "key": KEY, "count": COUNT}
    settings |= {"save": str(folder / "out"), **given}
    return [sys.executable, "-W", "error", "-m", "tests.durable.victim", json.dumps(settings)]


def victim(service: SimulatedService, url: str, folder: Path, **given: object) -> subprocess.CompletedProcess[str]:
    program = command(service, url, folder, **given)
    return subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)


@contextmanager
def ended(process: subprocess.Popen[str]) -> Iterator[None]:
    """Whatever fails meanwhile, the process is not waited for without end."""
    try:
        yield
    finally:
        process.kill()


def sent(service: SimulatedService) -> Counter[str]:
    return Counter(str(task.input["prompt"]) for task in service.state.accepted)


def test_killed_at_every_point_nothing_is_lost_nothing_is_sent_twice_and_the_unclear_is_reported(
    service: SimulatedService, database_url: str, tmp_path: Path
) -> None:
    lives = [
        ("box-1", None, "before the note", 2),
        ("box-1", None, "between note and send", 2),
        ("box-2", "box-1", "after the answer", 2),
        ("box-2", None, "once the task is noted", 2),
        ("box-1", "box-2", "while waiting", 3),
        ("box-3", "box-1", "while saving", 3),
    ]
    for machine, adopted, point, nth in lives:
        more = {} if adopted is None else {"adopt": [adopted]}
        done = victim(service, database_url, tmp_path, machine=machine, point=point, nth=nth, **more)
        assert done.returncode == -signal.SIGKILL, f"{point}: {done.stdout} {done.stderr}"
        assert set(sent(service).values()) <= {1}, f"{point}: a line was sent twice"
        assert KEY not in done.stdout + done.stderr

    done = victim(service, database_url, tmp_path, machine="box-3")
    assert done.returncode == 0 and not done.stderr, done.stderr
    told = json.loads(done.stdout)
    assert len(told["states"]) == COUNT and set(told["states"].values()) == {"succeeded", "unknown"}
    assert set(sent(service).values()) == {1}, "no line was sent twice"
    # one had a note and was not sent, one was sent and its answer was not noted; and whoever died while waiting or
    # saving may have been sending another line just then
    unclear = len(told["unknown"])
    assert 2 <= unclear <= 4 and told["counts"] == {"succeeded": COUNT - unclear, "unknown": unclear}
    assert all("was not sent again" in error for error in told["unknown"].values())
    assert COUNT - unclear < len(service.state.accepted) < COUNT
    files = [path for path in (tmp_path / "out").iterdir() if not path.name.startswith(".")]
    assert len(files) == COUNT - unclear, "each result is there once, also that which was saved twice"


def test_what_a_killed_process_had_reserved_serves_whoever_goes_on_with_its_lines(
    service: SimulatedService, database_url: str, tmp_path: Path
) -> None:
    budget = COUNT * 18  # not one credit is left for what would stay reserved for nothing
    for point in ("before the note", "once the task is noted", "before the note", "while waiting"):
        killed = victim(service, database_url, tmp_path, machine="box-1", budget=budget, ahead=8, point=point, nth=2)
        assert killed.returncode == -signal.SIGKILL, f"{point}: {killed.stdout} {killed.stderr}"
    adopting = {"adopt": ["box-1"], "budget": budget, "ahead": 8}
    done = victim(service, database_url, tmp_path, machine="box-2", **adopting)
    counts = json.loads(done.stdout)["counts"]
    unclear = counts.pop("unknown", 0)
    assert counts == {"succeeded": COUNT - unclear}, done.stderr
    account = Budget(budget, store=database_url)
    assert account.spent == 18 * (COUNT - unclear) and account.reserved == 18 * unclear
    assert len(account.reservations) == unclear and {each.ref for each in account.reservations} <= {None}


def test_a_line_that_is_saved_again_after_a_kill_keeps_its_file_under_its_own_name(
    service: SimulatedService, tmp_path: Path
) -> None:
    url, out = f"sqlite:///{tmp_path / 'runs.sqlite'}", tmp_path / "out"
    killed = victim(service, url, tmp_path, machine="box-1", named=True, count=2, point="while saving", nth=1)
    assert killed.returncode == -signal.SIGKILL and len(list(out.glob("p-*"))) >= 1, killed.stderr
    done = victim(service, url, tmp_path, machine="box-1", named=True, count=2)
    assert json.loads(done.stdout)["counts"] == {"succeeded": 2}, done.stderr
    assert sorted(path.name for path in out.glob("p-*")) == ["p-0_0.png", "p-1_0.png"]


def test_of_two_machines_one_is_killed_and_the_other_ends_the_batch(
    service: SimulatedService, postgres_url: str, tmp_path: Path
) -> None:
    first = command(service, postgres_url, tmp_path, machine="box-1", point="while waiting", nth=4)
    second = command(service, postgres_url, tmp_path, machine="box-2")
    dying = subprocess.run(first, capture_output=True, timeout=60, check=False)
    with (
        subprocess.Popen(second, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as living,
        ended(living),
    ):
        adopting = [sys.executable, "-m", "kie", "durable", "adopt", "box-1", "--db", postgres_url, "--json"]
        until = time.monotonic() + 30
        while "box-2" not in {machine.name for machine in machines(postgres_url)} and time.monotonic() < until:
            time.sleep(0.05)
        refused = subprocess.run([*adopting[:5], "box-2", *adopting[6:]], capture_output=True, text=True, timeout=30)
        adopted = subprocess.run(adopting, capture_output=True, text=True, timeout=30)
        told, said = living.communicate(timeout=60)
    assert dying.returncode == -signal.SIGKILL and living.returncode == 0, said
    assert refused.returncode == 2 and "is alive" in refused.stdout
    assert adopted.returncode == 0 and json.loads(adopted.stdout)["lines"] > 0, adopted.stderr
    counts = json.loads(told)["counts"]
    assert sum(counts.values()) == COUNT and counts.get("unknown", 0) <= 1 and set(counts) <= {"succeeded", "unknown"}
    assert set(sent(service).values()) == {1}
