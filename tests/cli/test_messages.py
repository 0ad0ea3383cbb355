"""Errors in the words of the command line: options instead of arguments, the server that refused, states as words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import kie as package
from kie._cli.cli_context import CliContext
from kie._cli.fields import kebab
from kie._cli.messages import in_options, worded
from kie._cli.output import state_of
from kie._core.errors import ConfigError, ModelRetired, TransportFailed
from kie._core.status import TaskStatus
from kie._core.tasks import TaskRef
from tests.cli.conftest import At, Invoke, VirtualContext, VirtualService, document

ROOT = Path(package.__file__).parent
LIBRARY_ONLY = re.compile(
    r"\bof=|of must be|Kie\(base_url|another server needs|observers must|kie\.webhooks\.Receiver|via, and"
)
"""What only a program can do: no option leads there."""


def raised(path: Path) -> Iterator[str]:
    """The texts of the errors that a module raises, with `X` for what is put in."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name | ast.Attribute):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        if not re.fullmatch(r"ConfigError|annotate|add_note|__init__|.*Failed|.*Exceeded|_unpriced", name):
            continue
        for arg in node.args:
            if isinstance(arg, ast.Constant) and isinstance(arg.value, str):
                yield arg.value
            elif isinstance(arg, ast.JoinedStr):
                yield "".join(v.value if isinstance(v, ast.Constant) else "X" for v in arg.values)  # type: ignore[misc]


REACHED = [
    (path.name, text)
    for room in ("_tasks", "_exchange", "_flow", "_io", "_batch", "_core/errors.py", "catalog.py")
    for path in sorted([ROOT / room] if room.endswith(".py") else (ROOT / room).glob("*.py"))
    for text in raised(path)
    if not LIBRARY_ONLY.search(text)
]


def test_no_error_of_the_library_names_an_argument_on_the_command_line() -> None:
    assert len(REACHED) > 60
    named = [
        (name, said)
        for name, text in REACHED
        if re.search(r"\b[a-z_]+=(?!=)|\b(client|budget|task)\.\w", said := in_options(text))
    ]
    assert named == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("allow_retired=True submits it", "--allow-retired submits it"),
        ("set KIE_API_KEY or pass api_key=… (x)", "set KIE_API_KEY or name a file that holds it with --key-file (x)"),
        ("upload_url must be an http(s) URL", "--upload-base-url must be an http(s) URL"),
        ("timeout must be a number", "--timeout must be a number"),
        ("a timeout must be waited for", "a timeout must be waited for"),
        ("the field aspect_ratio is wrong, x=1", "the field aspect_ratio is wrong, x=1"),
    ],
)
def test_arguments_become_options(text: str, said: str) -> None:
    assert in_options(text) == said


def test_a_retired_model_names_the_option(kie: Invoke) -> None:
    outcome = kie("run", "midjourney", "--prompt", "x", "--dry-run")
    assert outcome.exit_code == 2
    assert "--allow-retired submits it anyway" in outcome.stderr
    assert "--allow-retired" in worded(ModelRetired("x"))


def test_without_a_key_the_option_for_it_is_named(kie: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KIE_API_KEY", raising=False)
    outcome = kie("credits")
    assert outcome.exit_code == 2
    assert "--key-file" in outcome.stderr
    assert "api_key" not in outcome.stderr


def test_an_error_of_the_service_names_the_host_that_refused(kie: Invoke, service: VirtualService) -> None:
    outcome, api = kie("status", "0" * 32), "https://api.kie.ai"
    assert outcome.exit_code == 1
    assert outcome.stderr.startswith(f"kie: {api} refused: 404: ")
    error = document(kie("status", "0" * 32, "--json"))["error"]
    assert error["message"].startswith(api)


@pytest.mark.parametrize(("sent", "said"), [(False, "cannot be reached"), (None, "gave no answer")])
def test_a_server_without_an_answer_is_named(sent: bool | None, said: str) -> None:
    error = TransportFailed("getCredits: refused", sent=sent)
    assert worded(error) == "getCredits: refused"
    error.origin = "https://x:1"
    assert worded(error) == f"https://x:1 {said}: getCredits: refused"


@pytest.mark.parametrize(
    ("raw", "word"),
    [("0", "running"), ("", "running"), (None, "running"), ("GENERATING", "GENERATING"), ("-1", "running")],
)
def test_a_state_is_a_word(raw: str | None, word: str) -> None:
    assert state_of(TaskStatus(ref=TaskRef("a"), state="running", raw_state=raw)) == word


@pytest.mark.parametrize("model", ["veo", "ai-music-api/generate"])
def test_progress_and_status_show_no_bare_number_for_a_state(kie: Invoke, at: At, model: str) -> None:
    at()
    needed = {"ai-music-api/generate": ("--custom-mode", "false", "--instrumental", "false", "--model", "V5")}
    outcome = kie("run", model, "--prompt", "x", *needed.get(model, ()))
    assert outcome.exit_code == 0, outcome.stderr
    assert not re.search(r"\(\d+\)", outcome.stderr)
    ref = outcome.stdout.splitlines()[-1].split()[-1]
    assert not re.search(r"\(\d+\)", kie("status", ref).stdout)


@pytest.mark.parametrize(("typed", "value"), [("true", True), ("false", False), ("No", False), ("1", True)])
@pytest.mark.parametrize("form", ["{0} {1}", "{0}={1}"])
def test_a_switch_takes_a_value(kie: Invoke, typed: str, value: bool, form: str) -> None:
    given = form.format("--custom-mode", typed).split()
    outcome = kie("run", "ai-music-api/generate", *given, "--instrumental", "--model", "V5", "--prompt", "x",
                  *(["--style", "s", "--title", "t"] if value else []), "--dry-run")  # fmt: skip
    assert outcome.exit_code == 0, outcome.stderr
    assert document(outcome)["input"] | {"instrumental": True, "custom_mode": value} == document(outcome)["input"]


def test_a_switch_by_itself_is_on_and_with_no_before_it_off(kie: Invoke) -> None:
    common = ("run", "kling-3.0/video", "--prompt", "x", "--duration", "5", "--mode", "std", "--dry-run")
    assert document(kie(*common, "--sound"))["input"]["sound"] is True
    assert document(kie(*common, "--no-sound"))["input"]["sound"] is False
    assert document(kie(*common, "--sound", "false", "--sound"))["input"]["sound"] is True, "the last one counts"


def test_what_is_wrong_with_options_and_fields_is_reported_at_once(kie: Invoke, service: VirtualService) -> None:
    wrong = ("--timeout", "-1", "--speed=0", "--sound", "maybe", "--mode", "standard", "--colour", "red")
    outcome = kie("run", "kling-3.0/video", "--prompt", "x", "--duration", "5", *wrong)
    assert (outcome.exit_code, service.state.accepted) == (2, [])
    said = outcome.stderr.splitlines()
    assert said[0] == "kie: kling-3.0/video: 5 invalid options"
    assert sorted(line.split(":")[0].strip() for line in said[1:6]) == [
        "--colour", "--mode", "--sound", "--speed", "--timeout"
    ]  # fmt: skip
    issues = document(kie("run", "kling-3.0/video", *wrong, "--json"))["error"]["issues"]
    assert {issue["path"] for issue in issues} > {"timeout", "speed", "sound", "mode", "colour", "duration"}
    outcome = kie("run", "nano-banana-pro", "--prompt", "x", "--timeout", "0", "--speed", "x")
    assert "Error: Invalid value for '--timeout': '0' is not a finite number above 0\n" in outcome.stderr
    assert "Invalid value for '--speed': 'x' is not" in outcome.stderr


@pytest.mark.parametrize("name", ["kling 3.0", "nano-banana-pro"])
def test_nobody_is_asked_for_a_prompt_while_an_option_is_wrong(kie: Invoke, service: VirtualService, name: str) -> None:
    sent: list[str] = []
    context = VirtualContext(service=service, on_request=sent.append)
    outcome = kie("run", name, "--prompt", "x", "--enhance", "auto", "--yes", "--timeout", "0", context=context)
    assert (outcome.exit_code, sent) == (2, [])
    assert "'--timeout': '0' is not a finite number above 0" in outcome.stderr


def test_every_wrong_option_of_a_command_is_reported(kie: Invoke) -> None:
    outcome = kie("models", "--kind", "nope", "--limit", "0")
    assert outcome.exit_code == 2
    assert "'--kind': 'nope' is not one of" in outcome.stderr and "'--limit': 0 is not in" in outcome.stderr
    outcome = kie("webhook", "serve", "--port", "x", "--count", "0")
    assert "'--port'" in outcome.stderr and "'--count'" in outcome.stderr


@pytest.mark.parametrize("given", [("--sound", "maybe"), ("--sound=",)])
def test_a_value_that_is_neither_is_refused(kie: Invoke, given: tuple[str, ...]) -> None:
    outcome = kie("run", "kling-3.0/video", "--prompt", "x", *given)
    assert outcome.exit_code == 2
    assert "--sound: must be true or false" in outcome.stderr


@pytest.mark.parametrize("name", ["run", "price"])
def test_the_command_alone_is_one_screen_and_its_help_has_all_options(kie: Invoke, name: str) -> None:
    from kie._cli.price_command import PriceOptions
    from kie._cli.run_command import RunOptions, common_options

    alone = kie(name)
    assert alone.exit_code == 2
    assert len(alone.output.splitlines()) < 24
    assert f"kie {name} nano-banana-pro" in alone.output
    text = kie(name, "--help").stdout
    assert all(
        f"--{kebab(option.opts[-1].lstrip('-'))}" in text
        for option in common_options({"run": RunOptions, "price": PriceOptions}[name])
    )


def test_an_unknown_error_text_is_left_alone() -> None:
    assert worded(ConfigError("a task is missing")) == "a task is missing"


@pytest.mark.parametrize("typo", ["f00d", "0" * 32, "veo:f00d", "runway:f00d"])
def test_waiting_for_a_typo_says_at_once_that_there_is_no_such_task(
    kie: Invoke, service: VirtualService, typo: str
) -> None:
    before = service.clock.now()
    outcome = kie("wait", typo)
    assert outcome.exit_code == 1
    assert "there is no record of task" in outcome.stderr
    assert "not lost" not in outcome.output
    assert "keeps running" not in outcome.output
    assert service.clock.now() - before < 5


def test_a_task_of_the_journal_is_waited_for_without_another_poll(kie: Invoke, service: VirtualService) -> None:
    ref = kie("run", "nano-banana-pro", "--prompt", "x", "--no-wait").stdout.strip()
    outcome = kie("wait", ref)
    assert outcome.exit_code == 0, outcome.stderr
    assert kie("wait", ref, "--no-journal").exit_code == 0


def test_several_files_are_uploaded_in_their_order(kie: Invoke, service: VirtualService, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("b.png", "a.png")]
    for number, file in enumerate(files):
        file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64 + number))
    urls = kie("upload", *files).stdout.split()
    assert len(set(urls)) == 2
    rows = document(kie("upload", *files, "--json"))
    assert [row["size"] for row in rows] == [file.stat().st_size for file in files]
    assert document(kie("upload", files[0], "--json"))["size"] == files[0].stat().st_size


def test_nothing_is_uploaded_if_one_of_the_files_is_missing(kie: Invoke, tmp_path: Path) -> None:
    there = tmp_path / "a.png"
    there.write_bytes(b"x")
    outcome = kie("upload", there, "nope.png", "gone.png")
    assert outcome.exit_code == 2
    assert "'nope.png' is neither" in outcome.stderr
    assert "'gone.png' is neither" in outcome.stderr
    assert "--name is for a single file" in kie("upload", there, there, "--name", "x").stderr


def test_whoever_has_no_key_hears_the_command_that_keeps_one(
    kie: Invoke, monkeypatch: pytest.MonkeyPatch, service: VirtualService
) -> None:
    monkeypatch.delenv("KIE_API_KEY")
    outcome = kie("credits", context=CliContext())
    assert outcome.exit_code == 2
    assert outcome.stderr.startswith("kie: no API key: `kie init` asks for it and keeps it; or set KIE_API_KEY or ")
    assert "kie.simulated" not in outcome.stderr


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("--ratio", "--aspect-ratio"), ("--image", "--image-input"), ("--resolutoin", "--resolution")],
)
def test_an_option_that_does_not_exist_suggests_the_one_that_is_meant(
    kie: Invoke, service: VirtualService, typed: str, meant: str
) -> None:
    outcome = kie("run", "nano-banana-pro", "--prompt", "x", typed, "y")
    assert f"{typed}: is not an option of this model; did you mean {meant}?" in outcome.stderr


def test_a_file_that_is_not_there_is_reported_without_the_words_of_the_library(
    kie: Invoke, service: VirtualService
) -> None:
    outcome = kie("upload", "nothing.png")
    assert outcome.stderr == "kie: 'nothing.png' is neither a URL nor a file that exists\n"
