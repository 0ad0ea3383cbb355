"""What the command line does where the machine is not as it should be: it says so, and shows no traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from kie._cli.cli_context import CliContext
from tests.cli.conftest import Invoke


def program(*arguments: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
    environ = {**os.environ, "KIE_API_KEY": "simulated", **variables}
    done = subprocess.run(
        [sys.executable, "-m", "kie", "--no-journal", *arguments], capture_output=True, env=environ, timeout=120
    )
    assert b"Traceback" not in done.stdout + done.stderr
    return done


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "utf-8"])
def test_a_pipe_that_cannot_hold_a_letter_gets_its_number(encoding: str, tmp_path: Path) -> None:
    done = program("run", "nano-banana-pro", "--prompt", "写真 🐈", "--dry-run", PYTHONIOENCODING=encoding)
    assert done.returncode == 0
    assert ("写真" if encoding == "utf-8" else r"\u5199\u771f") in done.stdout.decode(encoding)
    done = program("run", "nano-banana-pro", "--prompt", "写真 🐈", "--dry-run", "--json", PYTHONIOENCODING=encoding)
    assert json.loads(done.stdout)["input"]["prompt"] == "写真 🐈"
    folder = tmp_path / "写真"
    arguments = ("run", "nano-banana-pro", "--prompt", "x", "--simulate", "--save", str(folder))
    done = program(*arguments, PYTHONIOENCODING=encoding)
    assert done.returncode == 0
    assert len(list(folder.iterdir())) == 1


@pytest.mark.parametrize(
    "variables",
    [{"ALL_PROXY": "socks5://127.0.0.1:1"}, {"HTTPS_PROXY": "foo://127.0.0.1:1"}, {"SSL_CERT_FILE": "/nowhere"}],
    ids=str,
)
def test_a_setting_of_the_machine_that_cannot_work_is_reported_in_a_line(variables: Mapping[str, str]) -> None:
    done = program("credits", **variables)
    assert done.returncode in (1, 2)
    assert done.stderr.startswith(b"kie: ")
    assert len(done.stderr.splitlines()) < 4


def test_a_server_that_is_none_is_reported_with_the_variable_that_names_it(tmp_path: Path) -> None:
    for name in ("KIE_BASE_URL", "KIE_UPLOAD_URL"):
        done = program("credits", **{name: "x y"})
        assert (done.returncode, done.stderr.startswith(f"kie: {name} 'x y' is not a URL".encode())) == (2, True)
    config = tmp_path / "config.toml"
    config.write_text("[profiles.work]\nbase_url = 'x y'\n", "utf-8")
    done = program("credits", "--profile", "work", KIE_CONFIG=str(config))
    assert done.stderr.startswith(b"kie: `base_url` of profile work 'x y' is not a URL")


def test_an_error_that_nobody_foresaw_is_reported_with_its_place(kie: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: CliContext, *_: object, **__: object) -> None:
        raise ZeroDivisionError("a flaw")

    monkeypatch.setattr(CliContext, "client", broken)
    outcome = kie("credits")
    assert outcome.exit_code == 1
    assert outcome.stderr.startswith("kie: unexpected ZeroDivisionError: a flaw (test_platforms.py, line ")
    assert json.loads(kie("credits", "--json").stdout)["error"]["type"] == "ZeroDivisionError"


def test_an_error_that_nobody_foresaw_while_submitting_says_that_a_task_may_exist(
    kie: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: CliContext, *_: object, **__: object) -> None:
        self.submitting = True
        raise ZeroDivisionError("a flaw")

    monkeypatch.setattr(CliContext, "opened", broken)
    outcome = kie("run", "nano-banana-pro", "--prompt", "x")
    assert outcome.exit_code == 4
    assert "a task may exist" in outcome.stderr


def shell(command: str) -> subprocess.CompletedProcess[bytes]:
    """Run `kie` as a shell redirects it."""
    environ = {**os.environ, "KIE_API_KEY": "simulated"}
    text = command.replace("kie ", f"'{sys.executable}' -m kie --no-journal ")
    done = subprocess.run(["sh", "-c", text], capture_output=True, env=environ, check=False, timeout=120)
    assert b"Traceback" not in done.stdout + done.stderr
    assert b"unexpected" not in done.stdout + done.stderr
    return done


full = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
RUN = "kie run nano-banana-pro --prompt x --simulate"


@full
@pytest.mark.parametrize(
    "command",
    [
        RUN,
        f"{RUN} --json",
        "kie models",
        "kie models --json",
        "kie nonsense --json",
        "kie --help",
        "kie run -h",
        "kie --version",
    ],
)
def test_a_standard_output_that_cannot_be_written_is_one_clear_message(command: str) -> None:
    done = shell(f"{command} > /dev/full")
    assert done.returncode == (2 if "nonsense" in command else 1)
    assert (b"No such command" if "nonsense" in command else b"standard output cannot be written") in done.stderr


@full
@pytest.mark.parametrize("command", ["kie --help", "kie --version", "kie run --help", "kie models --help"])
def test_help_that_cannot_be_written_is_the_same_message(command: str) -> None:
    done = shell(f"{command} > /dev/full")
    assert (done.returncode, done.stderr) == (1, b"kie: standard output cannot be written: No space left on device\n")


@full
@pytest.mark.parametrize("redirection", ["2> /dev/full", "2>&-"])
@pytest.mark.parametrize("command", ["kie models --kind nope", "kie nonsense", "kie run nano-banana-pro"])
def test_an_error_that_cannot_be_written_keeps_its_exit_code_and_stays_off_stdout(
    command: str, redirection: str
) -> None:
    done = shell(f"{command} {redirection}")
    assert (done.returncode, done.stdout) == (2, b"")


@pytest.mark.skipif(os.name != "posix", reason="elsewhere arguments are text already")
def test_an_argument_that_the_locale_cannot_decode_is_the_text_that_was_typed(tmp_path: Path) -> None:
    narrow = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = program("run", "nano-banana-pro", "--prompt", "Füchse 狐", "--dry-run", "--json", **narrow)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["input"]["prompt"] == "Füchse 狐"
    source, out, saved = tmp_path / "ü.csv", tmp_path / "o.jsonl", tmp_path / "ü"
    source.write_text("id,animal\na,Füchse\n", "utf-8")
    more = ("--simulate", "--save", str(saved), "--table", str(tmp_path / "ü-done.csv"))
    template = ("--model", "nano-banana-pro", "--prompt", "Große {animal}")
    done = program("batch", str(source), *template, "--out", str(out), *more, **narrow)
    assert done.returncode == 0, done.stderr
    assert "a,nano-banana-pro,Füchse,Große Füchse,succeeded," in (tmp_path / "ü-done.csv").read_text("utf-8")
    assert len(list(saved.iterdir())) == 1


@full
@pytest.mark.parametrize("redirection", ["2> /dev/full", "2>&-"])
def test_what_cannot_be_written_beside_the_result_does_not_end_a_command(redirection: str, tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"model": "nano-banana-pro", "prompt": "a"}\n')
    assert shell(f"{RUN} {redirection}").returncode == 0
    assert shell(f"kie batch {source} --out {out} --simulate {redirection}").returncode == 0
    assert shell(f"kie nonsense {redirection}").returncode == 2
    assert [json.loads(line)["state"] for line in out.read_text().splitlines()] == ["succeeded"]


@pytest.mark.skipif(os.name != "posix", reason="closed as a POSIX shell closes them")
def test_a_program_without_standard_streams_does_its_work() -> None:
    assert shell(f"{RUN} <&- >&- 2>&-").returncode == 0
    assert b"standard input is closed" in shell("kie batch - --out x --simulate <&-").stderr
