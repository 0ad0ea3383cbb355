"""`kie studio` as a program: what it needs, where it listens, and how it ends."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner, Result

from kie import simulated
from kie._cli.app import root
from kie._cli.cli_context import CliContext
from kie._studio import shown_files
from kie._studio.studio import Studio
from tests.processes import LONGEST, bounded
from tests.studio.conftest import KEY, data, press
from tests.studio.served import served


@contextlib.contextmanager
def program(folder: Path, *options: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """`kie studio`, with a home of its own."""
    home = {name: str(folder) for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "USERPROFILE", "TMPDIR")}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KIE_")}
    command = [sys.executable, "-m", "kie", "studio", "--port", "0", *options]
    made = subprocess.Popen(
        command, env={**kept, **home, **variables}, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with made, bounded(made):
        yield made


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C cannot be sent to one program there")
def test_ctrl_c_ends_at_once_with_streams_open_and_says_which_tasks_go_on(tmp_path: Path) -> None:
    with simulated(speed=0.1) as service:
        urls = {"KIE_BASE_URL": service.base_url, "KIE_UPLOAD_URL": service.upload_url, "KIE_API_KEY": KEY}
        with program(tmp_path, "--budget", "100", **urls) as made:
            assert made.stdout is not None and made.stderr is not None
            line = made.stdout.readline()
            found = re.fullmatch(r"kie studio: (http://127\.0\.0\.1:\d+)/#token=(\S{32,}) \(Ctrl-C ends it\)\n", line)
            assert found is not None, (line, made.poll(), made.stderr.read() if made.poll() else "")
            with httpx2.Client(base_url=found[1], headers={"X-Kie-Studio": found[2]}, timeout=LONGEST) as page:
                state = data(page.get("/api/state"))
                assert state["credits"] == "1000" and state["budget"]["limit"] == "100"
                assert state["library"] == str(tmp_path / "kie" / "library")
                ref = data(page.post("/api/run", json=press()), 202)["run"]["ref"]
                large = data(page.post("/api/uploads?name=a.bin", content=b"x" * 40_000_000))["value"]
                where = state["files"] + large.removeprefix("/files")
                with (
                    page.stream("GET", f"/api/runs/{ref}/events") as told,
                    page.stream("GET", where) as slow,
                ):
                    assert next(told.iter_lines()) == "event: status"
                    assert next(slow.iter_raw())
                    begun = time.monotonic()
                    made.send_signal(signal.SIGINT)
                    assert made.wait(LONGEST) == 0
                    assert time.monotonic() - begun < 30
            said = made.stderr.read()
            assert f"task {ref} keeps running" in said and "Traceback" not in said
            assert KEY not in said + made.stdout.read() and found[2] not in said
    assert not [*tmp_path.glob("kie-studio-*")], "the temporary folder is gone"


def test_what_is_too_large_is_reported_to_a_browser_that_still_sends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown_files, "MOST_BYTES", 1000)
    with served(tmp_path) as studio:
        for path, kind in (("/api/uploads?name=a.bin", "video/mp4"), ("/api/plan", "application/json")):
            # it sends all before it reads, as browsers do
            page = HTTPConnection(studio.base.removeprefix("http://").rstrip("/"), timeout=LONGEST)
            headers = {"X-Kie-Studio": studio.address.partition("#token=")[2], "Content-Type": kind}
            page.request("POST", path, body=b"x" * 30_000_000, headers=headers)
            with contextlib.closing(page.getresponse()) as answer:
                assert answer.status == 413 and json.load(answer)["error"]["type"] == "TooLarge"
            page.close()
        # one that waits for the answer before it sends gets it at once
        with contextlib.closing(socket.create_connection((page.host, page.port), timeout=LONGEST)) as waiting:
            said = [f"{name}: {value}" for name, value in {"Host": f"{page.host}:{page.port}", **headers}.items()]
            head = "\r\n".join(["POST /api/uploads HTTP/1.1", *said, "Content-Length: 30000000", "", ""])
            waiting.sendall(head.encode())
            assert waiting.recv(12) == b"HTTP/1.1 413"


@pytest.mark.parametrize(
    ("options", "variables", "why"),
    [
        ([], {"KIE_API_KEY": KEY}, "--budget CREDITS"),
        (["--budget-per-task", "5"], {"KIE_API_KEY": KEY}, "--budget CREDITS"),
        (["--budget", "5"], {}, "KIE_API_KEY"),
        (["--simulate", "--host", "0.0.0.0"], {}, "not one address"),
        (["--simulate", "--host", "192.0.2.1"], {}, "KIE_STUDIO_TOKEN"),
        (["--simulate", "--no-library"], {}, "--library"),
        (["--simulate", "--library", "FILE/library"], {}, "cannot be written"),
        (["--simulate", "--read-only"], {}, "--read-only"),
        (["--speed", "3"], {}, "--simulate"),
        (["--simulate", "--port", "65536"], {}, "65536"),
    ],
)
def test_what_is_missing_is_said_before_anything_listens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], variables: dict[str, str], why: str
) -> None:
    (tmp_path / "FILE").write_text("a file, not a folder")
    outcome = called(tmp_path, monkeypatch, options, variables)
    assert outcome.exit_code == 2 and why in outcome.output and KEY not in outcome.output, outcome.output


def called(
    folder: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], variables: dict[str, str] | None = None
) -> Result:
    """`kie studio` in this process, which does not serve."""
    for name in ("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.delenv("KIE_API_KEY", raising=False)
    for name, value in (variables or {}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(folder)
    monkeypatch.setattr("anyio.run", lambda _, studio, at: SERVED.append((studio, at.getsockname())))
    SERVED.clear()
    return CliRunner().invoke(root, ["studio", "--port", "0", *options], obj=CliContext())


SERVED: list[tuple[Studio, tuple[str, int]]] = []
"""What would have been served."""


def test_what_only_shows_needs_neither_key_nor_budget_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = called(tmp_path, monkeypatch, ["--read-only"])
    assert outcome.exit_code == 0, outcome.output
    ((studio, (host, _)),) = SERVED
    assert studio.read_only and host == "127.0.0.1" and studio.library.path == tmp_path / "kie" / "library"
    assert not (tmp_path / "kie").exists()


def test_simulated_runs_go_to_a_library_that_is_removed_unless_one_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = called(tmp_path, monkeypatch, ["--simulate", "--speed", "50"], {"KIE_LIBRARY": str(tmp_path / "mine")})
    assert outcome.exit_code == 0 and "temporary library" in outcome.output
    assert SERVED[0][0].simulated and SERVED[0][0].pace == 50 and not SERVED[0][0].library.path.exists()
    outcome = called(tmp_path, monkeypatch, ["--simulate", "--library", str(tmp_path / "mine")])
    assert str(tmp_path / "mine") in outcome.output and SERVED[0][0].library.path == tmp_path / "mine"


def test_a_secret_of_a_variable_is_not_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "a-secret-of-a-variable"
    outcome = called(tmp_path, monkeypatch, ["--simulate"], {"KIE_STUDIO_TOKEN": secret})
    assert "#token=$KIE_STUDIO_TOKEN" in outcome.output and secret not in outcome.output
    assert SERVED[0][0].guard.token == secret


def test_the_browser_is_shown_the_page_without_the_token_among_its_arguments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[tuple[str, str]] = []
    monkeypatch.setattr("webbrowser.open", lambda url: shown.append((url, Path(url[7:]).read_text("utf-8"))))
    assert called(tmp_path, monkeypatch, ["--simulate", "--open"]).exit_code == 0
    ((url, page),) = shown
    token = SERVED[0][0].guard.token
    assert url.startswith("file:///") and token not in url and f"#token={token}" in page


def test_a_missing_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.delitem(sys.modules, "kie._studio.serving", raising=False)
    monkeypatch.delattr("kie._studio.serving", raising=False)
    outcome = called(tmp_path, monkeypatch, ["--simulate"])
    assert outcome.exit_code == 2 and "pip install 'kie[cli]'" in outcome.output
