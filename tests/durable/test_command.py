"""`kie durable` on the command line."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from click.testing import CliRunner, Result

from kie._cli.app import root
from kie._io.database import database
from kie.simulator import SimulatedService
from kie.simulator._faults import FaultScript
from tests.cli import json_output
from tests.durable.conftest import KEY, prompts, waits

Run: TypeAlias = Callable[..., Result]


@pytest.fixture
def kie(service: SimulatedService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `kie durable` in a folder, connected to the service."""
    for name, value in {
        "KIE_API_KEY": KEY,
        "KIE_BASE_URL": service.base_url,
        "KIE_UPLOAD_URL": service.base_url,
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("KIE_JOURNAL", str(tmp_path / "journal.jsonl"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> Result:
        given = ["durable", *map(str, arguments)]
        outcome = CliRunner().invoke(root, given)
        assert "Traceback" not in outcome.output, outcome.output
        if "--json" in given:
            json_output.check(given, outcome.stdout)
        return outcome

    return run


def write(tmp_path: Path, count: int, *more: str) -> Path:
    file = tmp_path / "spring.jsonl"
    lines = [
        json.dumps({"id": f"p-{n}", "model": "nano-banana-pro", "prompt": f"line {n}"}) for n in range(1, count + 1)
    ]
    file.write_text("\n".join([*lines, *more]) + "\n", "utf-8")
    return file


def test_the_lines_of_a_file_are_run_and_the_same_command_does_nothing_more(
    kie: Run, service: SimulatedService, tmp_path: Path, url: str
) -> None:
    source = write(tmp_path, 3)
    done = kie("run", source, "--db", url, "--machine", "box-1", "--save", "out", "--json", "--quiet")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["batch"] == "spring" and told["states"] == {"succeeded": 3} and told["total"] == 3
    assert {(line["line"], line["id"], line["state"]) for line in told["lines"]} == {
        (n, f"p-{n}", "succeeded") for n in (1, 2, 3)
    }
    assert sorted(os.listdir(tmp_path / "out")) == ["p-1_0.png", "p-2_0.png", "p-3_0.png"]
    assert all(Path(path).is_file() for line in told["lines"] for path in line["files"])
    again = kie("run", source, "--db", url, "--machine", "box-2")
    assert again.exit_code == 0 and again.stdout == "3 succeeded\n" and "3/3 line" in again.stderr
    assert sorted(prompts(service)) == ["line 1", "line 2", "line 3"]

    status = kie("status", "--db", url)
    assert status.stdout == "spring: 3 succeeded\nmachine box-1: not alive\nmachine box-2: not alive\n"
    assert json.loads(kie("status", "--db", url, "--json").stdout)["machines"][0] == {
        "machine": "box-1",
        "alive": False,
        "silent": None,
    }
    assert kie("unknown", "--db", url, "--json").stdout.strip() == "[]"
    assert kie("adopt", "box-1", "--db", url).stdout == "0 lines of box-1\n"
    assert json.loads(kie("adopt", "box-2", "--db", url, "--json").stdout) == {"machine": "box-2", "lines": 0}
    refused = kie("adopt", "box-3", "--db", url)
    assert refused.exit_code == 2 and "has no machine 'box-3'" in refused.stderr


def test_invalid_lines_are_shown_and_a_line_that_was_stored_cannot_become_another(
    kie: Run, service: SimulatedService, tmp_path: Path, url: str
) -> None:
    done = kie("run", write(tmp_path, 2, '{"model": "nano-banana-pro"}'), "--db", url, "--quiet")
    assert done.exit_code == 2 and "2 succeeded, 1 invalid" in done.stdout and "line 3: invalid: prompt" in done.stderr
    # the line is mended: it keeps its number, and is sent now
    done = kie("run", write(tmp_path, 3), "--db", url, "--quiet")
    assert done.exit_code == 0 and "3 succeeded" in done.stdout
    source = tmp_path / "spring.jsonl"
    source.write_text(source.read_text("utf-8").replace("line 2", "another"), "utf-8")
    done = kie("run", source, "--db", url, "--quiet")
    assert done.exit_code == 2 and "other requests for 1 of these lines (2)" in done.stderr
    assert sorted(prompts(service)) == ["line 1", "line 2", "line 3"]


def test_what_failed_or_is_unknown_is_asked_for_again_only_by_an_option(
    kie: Run, service: SimulatedService, tmp_path: Path, url: str
) -> None:
    script = [
        {"on": "createTask", "nth": 1, "do": "fail_task", "code": "422"},
        {"on": "createTask", "nth": 2, "do": "drop_after"},
    ]
    service.state.faults = FaultScript.load(script)
    source = write(tmp_path, 3)
    done = kie("run", source, "--db", url, "--quiet")
    assert done.exit_code in (3, 4), done.output
    states = json.loads(kie("status", "--db", url, "--json").stdout)["batches"][0]["states"]
    assert states == {"succeeded": 1, "failed": 1, "unknown": 1}
    (unknown,) = json.loads(kie("unknown", "--db", url, "--json").stdout)
    assert unknown["batch"] == "spring" and unknown["ref"] is None and unknown["sent_at"]
    assert str(unknown["line"]) in kie("unknown", "--db", url, "--name", "spring").stdout
    assert kie("run", source, "--db", url, "--quiet").exit_code in (3, 4) and len(service.state.accepted) == 3
    again = kie("run", source, "--db", url, "--retry-failed")
    assert again.exit_code == 4 and "running 1 line again" in again.stderr and len(service.state.accepted) == 4
    last = kie("run", source, "--db", url, "--quiet", "--again", f"{unknown['line']},99")
    assert last.exit_code == 0 and last.stdout == "3 succeeded\n" and len(service.state.accepted) == 5
    assert "--again: 1 of 2 lines have not ended, have succeeded, or are not in the batch" in last.stderr


def test_without_credits_the_exit_code_is_6_and_the_next_run_continues(
    kie: Run, service: SimulatedService, tmp_path: Path, url: str
) -> None:
    service.state.credits = service.state.credits * 0 + 20
    done = kie("run", write(tmp_path, 3), "--db", url, "--quiet", "--json")
    told = json.loads(done.stdout)
    assert done.exit_code == 6 and told["halted"]["type"] == "InsufficientCredits"
    assert told["states"] == {"queued": 2, "succeeded": 1}
    service.state.credits += 1000
    assert kie("run", tmp_path / "spring.jsonl", "--db", url, "--quiet").exit_code == 0
    over = kie("run", write(tmp_path, 4), "--db", url, "--quiet", "--budget", "1")
    assert over.exit_code == 6 and "1 stopped" in over.stdout
    assert kie("run", tmp_path / "spring.jsonl", "--db", url, "--quiet", "--retry-failed").exit_code == 0


def test_a_dry_run_and_a_simulation_touch_nothing(kie: Run, service: SimulatedService, tmp_path: Path) -> None:
    source, place = write(tmp_path, 2, '{"model": "nano-banana-pro", "prompt": 5}'), tmp_path / "own.sqlite"
    dry = kie("run", source, "--db", f"sqlite:///{place}", "--dry-run")
    assert dry.exit_code == 2 and "3 lines: 2 to run, 1 invalid" in dry.stdout and "would cost 36 credits" in dry.stdout
    told = json.loads(kie("run", source, "--dry-run", "--json").stdout)
    assert told["plan"] == {"run": 2, "invalid": 1} and told["cost"]["at_most"] == "36"
    assert kie("run", source, "--dry-run", "--json", "--budget", "20").exit_code == 6
    simulated = kie("run", source, "--db", f"sqlite:///{place}", "--simulate", "--speed", "500", "--quiet")
    assert simulated.exit_code == 2 and "2 succeeded, 1 invalid" in simulated.stdout
    assert not place.exists() and not service.state.accepted


def test_seeds_make_a_line_several_ones(kie: Run, tmp_path: Path, url: str) -> None:
    source = tmp_path / "a.csv"
    source.write_text("id,prompt\nx,a tree\ny,a bee\n", "utf-8")
    options = ("--model", "flux-2/pro-text-to-image", "--set", 'resolution="1K"', "--set", 'aspect_ratio="1:1"')
    done = kie("run", source, "--db", url, "--quiet", "--json", "--name", "seeds", "--dry-run", *options)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["total"] == 2


def test_what_makes_no_sense_is_refused(kie: Run, tmp_path: Path, url: str) -> None:
    source = write(tmp_path, 1)
    for arguments, why in (
        (("run", source), "--db URL is needed"),
        (("run", source, "--db", url, "--speed", "2"), "no effect without --simulate"),
        (("run", source, "--db", url, "--again", "x"), "--again must be numbers"),
        (("run", "-", "--db", url), "needs a name"),
        (("run", tmp_path / "none.jsonl", "--db", url), "cannot be read"),
        (("run", source, "--db", "mysql://x/y"), "is not the URL of a database"),
        (("run", source, "--db", url, "--tag", "x"), "--tag needs a library"),
        (("run", source, "--db", url, "--limit-store", "sqlite:///a"), "keeps its limits in the database of --db"),
        (("status",), "--db URL is needed"),
        (("status", "--db", f"sqlite:///{tmp_path}/none.sqlite"), "does not exist: `kie durable run` makes it"),
    ):
        outcome = kie(*arguments)
        assert outcome.exit_code == 2 and why in outcome.stderr, (arguments, outcome.output)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT cannot be sent to one process there")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_waits_for_the_answers_and_the_next_run_continues(
    sent: signal.Signals, kie: Run, service: SimulatedService, tmp_path: Path, url: str
) -> None:
    service.state.faults = FaultScript.load([{"on": "createTask", "every": 1, "do": "slow", "seconds": 1}])
    source = write(tmp_path, 6)
    program = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from kie._durable import work; work.AHEAD = 2\n"
        "from kie.__main__ import main; raise SystemExit(main())"
    )
    command = [sys.executable, "-c", program, "durable", "run", str(source), "--db", url]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        guard = threading.Timer(50, running.kill)
        guard.start()
        assert running.stderr is not None
        waits(lambda: service.state.accepted or running.poll() is not None)
        running.send_signal(sent)
        said = running.stderr.read()
        assert running.wait() == 130, said
        guard.cancel()
    assert "waiting for the answers to what was sent; run the same command again to continue" in said
    assert "Traceback" not in said and "dbos" not in said.lower() and "Warning" not in said
    service.state.faults = FaultScript.load([])
    done = kie("run", source, "--db", url, "--quiet")
    assert done.exit_code == 0 and done.stdout == "6 succeeded\n", done.output
    assert sorted(prompts(service)) == [f"line {n}" for n in range(1, 7)]


def test_a_password_is_shown_nowhere(kie: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, url = write(tmp_path, 1), "postgresql://me:s3cr3t-word@127.0.0.1:1/none"
    for command in (("run", source), ("status",), ("unknown",), ("adopt", "box-2")):
        done = kie(*command, "--db", url)
        assert done.exit_code == 2 and "a password must not be an argument" in done.stderr
        monkeypatch.setenv("KIE_DURABLE_DB", url)
        done = kie(*command)
        monkeypatch.delenv("KIE_DURABLE_DB")
        assert done.exit_code == 2 and "127.0.0.1:1/none cannot be used" in done.stderr, done.output
        assert "s3cr3t-word" not in done.output and "s3cr3t-word" not in repr(done.exception)


def test_the_tables_say_what_a_tool_can_read(kie: Run, tmp_path: Path, url: str) -> None:
    kie("run", write(tmp_path, 1), "--db", url, "--quiet")
    database(url).close()
    with sqlite3.connect(tmp_path / "runs.sqlite") as connection:
        rows: list[Any] = connection.execute("SELECT batch, line, id, model, state FROM kie_lines").fetchall()
    connection.close()
    assert rows == [("spring", 1, "p-1", "nano-banana-pro", "succeeded")]
