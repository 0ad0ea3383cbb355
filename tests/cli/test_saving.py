"""Names of files, what stands beside them, what opens, and what shells complete."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import click
import pytest

from kie._cli.completion_command import SHELLS
from kie._cli.saving import prepare_folder, target_of_line
from kie._cli.task_commands import where
from kie._core.journal_entry import JournalEntry
from tests.cli.conftest import At, Invoke, VirtualService, document
from tests.cli.terminal import run as on_terminal

MODEL = "nano-banana-pro"
RUN = ("run", MODEL, "--prompt", "A lighthouse", "--quiet")


def test_a_file_gets_the_name_that_was_given(kie: Invoke, service: VirtualService, tmp_path: Path) -> None:
    outcome = kie(*RUN, "--save", tmp_path / "new" / "picture.png")
    assert outcome.stdout == f"{tmp_path / 'new' / 'picture.png'}\n"
    assert (tmp_path / "new" / "picture.png").read_bytes().startswith(b"\x89PNG")


def test_a_template_names_the_files(kie: Invoke, service: VirtualService, tmp_path: Path) -> None:
    outcome = kie(*RUN, "--save", f"{tmp_path}/{{model}}/{{id}}-{{n}}.{{ext}}")
    task = service.state.accepted[0].task_id
    assert outcome.stdout == f"{tmp_path}/{MODEL}/{task}-0.png\n"


@pytest.mark.parametrize("command", [RUN, ("wait", "abc"), ("batch", "-", "--out", "o")], ids=lambda words: words[0])
def test_a_name_that_cannot_be_is_refused_before_anything_is_sent(
    kie: Invoke, service: VirtualService, command: tuple[str, ...]
) -> None:
    outcome = kie(*command, "--save", "out/{seed}.png", input=b"")
    assert outcome.exit_code == 2
    assert "{seed} is not known" in outcome.stderr
    assert service.state.log == []


def test_only_the_folder_that_is_known_is_made_before(tmp_path: Path) -> None:
    prepare_folder(f"{tmp_path}/a/b-{{model}}/{{id}}.png")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert list((tmp_path / "a").iterdir()) == []
    prepare_folder(f"{tmp_path}/c/picture.png")
    assert list((tmp_path / "c").iterdir()) == []


@pytest.mark.parametrize(
    ("save", "target"),
    [
        ("out", "out/fox-1_{n}.{ext}"),
        ("out/{id}-{model}-{n}.{ext}", "out/fox-1-{model}-{n}.{ext}"),
        ("out/x.png", "out/x.png"),
    ],
)
def test_the_files_of_a_line_carry_its_id(save: str, target: str) -> None:
    assert target_of_line(save, "fox-1") == target
    assert target_of_line(save, None) == save


def test_the_files_of_a_batch_carry_the_ids_of_its_lines(kie: Invoke, service: VirtualService, tmp_path: Path) -> None:
    source = tmp_path / "b.csv"
    source.write_text("id,prompt\nfox,a\nowl,b\n")
    out = ("--out", tmp_path / "o.jsonl", "--save", tmp_path / "out", "--sidecar")
    assert kie("batch", source, "--model", MODEL, *out).exit_code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "fox_0.png", "fox_0.png.json", "owl_0.png", "owl_0.png.json"
    ]  # fmt: skip
    beside = json.loads((tmp_path / "out" / "owl_0.png.json").read_text())
    assert (beside["id"], beside["line"], beside["model"], beside["input"]["prompt"]) == ("owl", 3, MODEL, "b")


def test_a_sidecar_says_what_a_file_was_made_of(
    kie: Invoke, service: VirtualService, tmp_path: Path, picture: Path
) -> None:
    outcome = kie(*RUN, "--image-input", picture, "--save", tmp_path / "x.png", "--sidecar")
    assert outcome.exit_code == 0, outcome.output
    beside = json.loads((tmp_path / "x.png.json").read_text("utf-8"))
    assert beside["file"] == "x.png"
    assert beside["ref"] == service.state.accepted[0].task_id
    assert beside["input"]["prompt"] == "A lighthouse"
    assert beside["input"]["image_input"] == [str(picture)]
    assert float(beside["credits"]) > 0
    assert service.api_key not in (tmp_path / "x.png.json").read_text()
    assert not (tmp_path / "y.png.json").exists()
    assert "--sidecar needs --save" in kie(*RUN, "--sidecar").stderr


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    seen: list[str] = []

    def launch(place: str, **_: object) -> int:
        seen.append(place)
        return 0

    monkeypatch.setattr(click, "launch", launch)
    return seen


def test_a_result_is_opened_when_it_is_there(
    kie: Invoke, service: VirtualService, opened: list[str], tmp_path: Path
) -> None:
    kie(*RUN, "--open", "--save", tmp_path / "x.png")
    assert opened == [str(tmp_path / "x.png")]
    ref = service.state.accepted[0].task_id
    shown = kie("open", ref)
    assert (opened[1], shown.stdout) == (shown.stdout.strip(), f"{opened[1]}\n")
    assert ref in opened[1]


def test_a_task_without_a_file_says_why_nothing_opens(kie: Invoke, at: At, opened: list[str]) -> None:
    at(faults=[{"on": "createTask", "do": "fail_task", "code": 422, "nth": 1}])
    ref = kie(*RUN, "--no-wait").stdout.strip()
    kie("wait", ref)
    outcome = kie("open", ref)
    assert (outcome.exit_code, opened) == (2, [])
    assert "has no file to open: it is fail" in outcome.stderr


def test_a_system_that_opens_nothing_fails_nothing(
    kie: Invoke, service: VirtualService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(click, "launch", lambda *_, **__: 3)
    outcome = kie(*RUN, "--open")
    assert outcome.exit_code == 0
    assert "could not open" in outcome.stderr


def test_a_preview_needs_its_library_and_a_terminal_that_draws(
    kie: Invoke, service: VirtualService, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kie._cli import present

    assert "--preview needs a terminal" in kie(*RUN, "--preview").stderr
    monkeypatch.setattr(present, "is_terminal", lambda _: True)
    monkeypatch.setitem(sys.modules, "textual_image", None)
    monkeypatch.setitem(sys.modules, "textual_image.renderable", None)
    assert "pip install 'kie[preview]'" in kie(*RUN, "--preview").stderr
    library: Any = ModuleType("textual_image.renderable")
    library.HalfcellImage = library.UnicodeImage = library.Image = type("Image", (), {})
    monkeypatch.setitem(sys.modules, "textual_image", ModuleType("textual_image"))
    monkeypatch.setitem(sys.modules, "textual_image.renderable", library)
    assert "this terminal cannot draw images" in kie(*RUN, "--preview").stderr


def test_a_preview_draws_each_image(kie: Invoke, service: VirtualService, monkeypatch: pytest.MonkeyPatch) -> None:
    from kie._cli import present

    drawn: list[bytes] = []

    class Image:
        def __init__(self, path: Path, **_: object) -> None:
            drawn.append(path.read_bytes()[:4])

        def __rich__(self) -> str:
            return "IMAGE"

    library: Any = ModuleType("textual_image.renderable")
    library.Image, library.HalfcellImage, library.UnicodeImage = Image, object, object
    monkeypatch.setattr(present, "is_terminal", lambda _: True)
    monkeypatch.setitem(sys.modules, "textual_image", ModuleType("textual_image"))
    monkeypatch.setitem(sys.modules, "textual_image.renderable", library)
    assert "IMAGE" in kie(*RUN, "--preview").stdout
    assert drawn == [b"\x89PNG"]


def test_the_real_preview_library_draws_nothing_on_a_plain_terminal() -> None:
    pytest.importorskip("textual_image")
    args = ["-m", "kie", *RUN, "--simulate", "--speed", "1000", "--preview"]
    code, written = on_terminal(args, columns=80)
    assert code == 0
    assert "this terminal cannot draw images" in " ".join(written.split())


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_gets_its_script(kie: Invoke, shell: str) -> None:
    script = kie("completion", shell).stdout
    assert f"{shell}_complete" in script
    assert "kie" in script
    assert f"kie completion {shell}" in kie("completion", "--help").stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_is_understood_by_its_shell(kie: Invoke, shell: str, tmp_path: Path) -> None:
    from shutil import which

    if which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    script = tmp_path / "script"
    script.write_text(kie("completion", shell).stdout)
    subprocess.run([shell, "-n", script], check=True, timeout=120)


def completed(words: str, word: str) -> list[str]:
    """What PowerShell is offered in a process of its own."""
    env = {**os.environ, "_KIE_COMPLETE": "powershell_complete", "_KIE_WORDS": words, "_KIE_WORD": word}
    outcome = subprocess.run(
        [sys.executable, "-m", "kie"], env=env, capture_output=True, text=True, check=True, timeout=120
    )
    return [line.partition("\t")[0] for line in outcome.stdout.splitlines() if line]


def test_models_categories_profiles_and_refs_are_completed(
    kie: Invoke, service: VirtualService, tmp_path: Path
) -> None:
    assert MODEL in completed("kie run nano", "nano")
    assert MODEL in completed("kie model nano", "nano")
    assert MODEL in completed("kie batch lines.csv --model nano", "nano")
    assert {"kling-3.0", "kling-3.0/video"} <= set(completed("kie plan kling-3", "kling-3"))
    assert MODEL in completed("kie compare x nano", "nano")
    assert completed("kie compare nano", "nano") == [], "the prompt comes first"
    assert completed("kie schema durable u", "u") == ["unknown"]
    assert completed("kie presets show mu", "mu") == ["multi-shot", "music"]
    assert completed("kie models --category ups", "ups") == ["upscale"]
    (tmp_path / "config" / "kie").mkdir(parents=True)
    (tmp_path / "config" / "kie" / "config.toml").write_text("[profiles.work]\n[profiles.home]\n")
    assert completed("kie credits --profile w", "w") == ["work"]
    refs = [kie(*RUN, "--no-wait").stdout.strip() for _ in range(2)]
    assert completed("kie wait ", "") == refs[::-1], "the latest first"
    assert completed(f"kie open {refs[0][:12]}", refs[0][:12]) == [refs[0]]
    assert {"add", "outdated"} <= set(completed("kie models ", ""))


def test_refs_of_a_journal_that_cannot_be_read_are_none(tmp_path: Path) -> None:
    (tmp_path / "state" / "kie" / "journal.jsonl").mkdir(parents=True)
    assert completed("kie wait ", "") == []


@pytest.mark.parametrize(
    ("server", "said"),
    [("https://api.kie.ai", "api.kie.ai"), ("http://127.0.0.1:8000", "127.0.0.1:8000"), (None, "")],
)
def test_a_submission_says_where_it_went_and_whether_it_was_simulated(server: str | None, said: str) -> None:
    entry = JournalEntry(id="1", model=MODEL, at="2026-09-01T12:00:00+00:00", state="open", server=server)
    assert where(entry) == said
    assert where(attrs.evolve(entry, simulated=True)) == (f"simulated at {said}" if said else "simulated")


def test_tasks_are_listed_with_model_time_and_server_and_dismissed_in_one_go(kie: Invoke, at: At) -> None:
    at(faults=[{"on": "createTask", "do": "drop_after", "nth": n} for n in (1, 2)])
    for _ in range(2):
        assert kie(*RUN).exit_code == 4
    rows = document(kie("tasks", "--json"))
    assert [row["state"] for row in rows] == ["unknown", "unknown"]
    assert {(row["model"], row["server"]) for row in rows} == {(MODEL, rows[0]["server"])}
    done = kie("tasks", *(word for row in rows for word in ("--dismiss", row["id"])))
    assert (done.stdout, "no open tasks" in done.stderr) == ("", True)


def test_an_empty_folder_is_refused_before_anything_is_sent(kie: Invoke, service: VirtualService) -> None:
    outcome = kie("run", "nano-banana-pro", "--prompt", "A fox", "--save", "")
    assert (outcome.exit_code, service.state.accepted) == (2, [])
    assert "--save is empty: name a folder, or . for this one, or leave it out" in outcome.stderr
