"""`kie webhook serve`: what it shows, what it refuses, where the secret comes from."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest

from kie.models import NanoBananaPro
from kie.simulator import SimulatedService
from kie.webhooks import sign
from tests.cli.conftest import Invoke
from tests.processes import LONGEST, bounded
from tests.webhooks.support import body_of

SECRET = "whsec_of_the_command_line"
Program = subprocess.Popen[str]


@contextmanager
def serving(*arguments: str, **variables: str) -> Iterator[tuple[Program, str]]:
    """The program in a process of its own, and the address that it says."""
    environ = {**os.environ, "KIE_WEBHOOK_SECRET": SECRET, **variables}
    command = [sys.executable, "-m", "kie", "webhook", "serve", "--port", "0", *arguments]
    pipes: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
    with subprocess.Popen(command, env=environ, text=True, **pipes) as program, bounded(program):
        assert program.stderr is not None
        said = program.stderr.readline()
        address = re.search(r"http://\S+", said)
        assert address, said + program.stderr.read()
        yield program, address[0]


def post(address: str, body: bytes, secret: str = SECRET, path: str | None = None) -> int:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=LONGEST)
    try:
        connection.request("POST", path or parts.path, body, sign(body, secret))
        return connection.getresponse().status
    finally:
        connection.close()


def test_verified_callbacks_are_shown_and_others_noted() -> None:
    with serving("--count", "2") as (program, address):
        assert post(address, body_of("task_1", "fail", failCode="500", failMsg="no"), "guess") == 401
        assert post(address, body_of("task_1", model="nano-banana-pro")) == 200
        assert post(address, body_of("task_1", model="nano-banana-pro")) == 200, "a duplicate is not shown"
        assert post(address, body_of("task_2", "fail", failCode="500", failMsg="no \x1b[31mred")) == 200
        shown, noted = program.communicate(timeout=LONGEST)
    assert program.returncode == 0
    assert shown.splitlines() == [
        "task_1: succeeded (success)",
        "model nano-banana-pro",
        "https://example.com/a.png",
        "task_2: failed (fail)",
        "500: no \N{REPLACEMENT CHARACTER}[31mred",
    ]
    assert "refused (signature)" in noted
    assert SECRET not in shown + noted


def test_json_is_a_line_for_each_callback() -> None:
    with serving("--json", "--count", "2") as (program, address):
        for task_id in ("task_1", "task_2"):
            assert post(address, body_of(task_id)) == 200
        shown, _ = program.communicate(timeout=LONGEST)
    documents = [json.loads(line) for line in shown.splitlines()]
    assert [(document["ref"], document["state"]) for document in documents] == [
        ("task_1", "succeeded"),
        ("task_2", "succeeded"),
    ]


def test_only_its_path_is_a_receiver() -> None:
    with serving("--path", "/kie", "--count", "1") as (program, address):
        assert address.endswith("/kie")
        assert post(address, body_of(), path="/") == 404
        assert post(address, body_of()) == 200
        shown, noted = program.communicate(timeout=LONGEST)
    assert program.returncode == 0
    assert shown.startswith("task_1: succeeded")
    assert "Traceback" not in noted


def test_ctrl_c_ends_the_receiver_with_0(kie: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    import uvicorn

    def interrupted(self: uvicorn.Server, sockets: Sequence[socket.socket]) -> None:
        assert len(sockets) == 1
        raise KeyboardInterrupt

    monkeypatch.setenv("KIE_WEBHOOK_SECRET", SECRET)
    monkeypatch.setattr(uvicorn.Server, "run", interrupted)
    outcome = kie("webhook", "serve", "--port", "0")
    assert outcome.exit_code == 0
    assert re.fullmatch(r"listening at http://127\.0\.0\.1:\d+/ \(Ctrl-C stops it\)\n", outcome.stderr)


def test_confirm_shows_what_the_service_says(listening: SimulatedService) -> None:
    task = listening.client().run(NanoBananaPro(prompt="x"))
    with serving("--confirm", "--json", "--count", "1") as (program, address):
        assert post(address, body_of(task.ref.id, "fail")) == 200
        shown, _ = program.communicate(timeout=LONGEST)
    assert json.loads(shown)["urls"] == list(task.urls)


def test_two_secrets_count_while_one_replaces_another() -> None:
    names = ["--secret-env", "OLD", "--secret-env", "NEW"]
    with serving("--count", "2", *names, OLD="old", NEW="new") as (program, address):
        assert post(address, body_of("task_0")) == 401
        assert post(address, body_of("task_1"), "old") == 200
        assert post(address, body_of("task_2"), "new") == 200
        assert program.wait(LONGEST) == 0


@pytest.mark.parametrize("arguments", [[], ["--secret-env", "NOWHERE"]])
def test_without_a_secret_nothing_is_served(kie: Invoke, arguments: list[str]) -> None:
    outcome = kie("webhook", "serve", *arguments)
    assert outcome.exit_code == 2
    assert f"{arguments[-1] if arguments else 'KIE_WEBHOOK_SECRET'} is not set" in outcome.stderr


def test_a_secret_is_asked_for_on_a_terminal_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    from kie._cli import webhook_command as webhook

    asked: list[dict[str, Any]] = []

    def prompt(text: str, **options: Any) -> str:
        asked.append(options)
        return SECRET

    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("click.prompt", prompt)
    assert webhook._secrets([]) == [SECRET]
    assert asked == [{"hide_input": True, "err": True}]


def test_a_secret_cannot_be_an_argument(kie: Invoke) -> None:
    outcome = kie("webhook", "serve", "--secret", SECRET)
    assert outcome.exit_code == 2
    assert "--secret-env" in kie("webhook", "serve", "--help").stdout


def test_a_port_that_is_taken_is_an_error_without_a_traceback(
    kie: Invoke, listening: SimulatedService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIE_WEBHOOK_SECRET", SECRET)
    outcome = kie("webhook", "serve", "--port", str(urlsplit(listening.base_url).port))
    assert outcome.exit_code == 2
    assert "cannot listen on 127.0.0.1" in outcome.stderr
