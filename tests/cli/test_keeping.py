"""With a library every command that waits for a task keeps its run, and says where."""

from __future__ import annotations

import errno
import json
import logging
import os
from pathlib import Path
from typing import Any

import pytest

from kie import Library
from kie._library import folders
from tests.cli.conftest import Invoke, VirtualService, document

RUN = ("run", "nano-banana-pro", "--prompt", "A lighthouse at dusk")


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return tmp_path / "runs"


def test_a_run_is_kept_with_its_tags_and_says_where(kie: Invoke, service: VirtualService, runs: Path) -> None:
    outcome = kie(*RUN, "--library", runs, "--tag", "site", "--tag", "draft")
    [run] = Library(runs)
    assert outcome.exit_code == 0 and outcome.stderr.splitlines()[-1] == f"kept in {run.folder}"
    assert (run.id, run.tags, run.prompt) == (service.state.accepted[0].task_id, ("site", "draft"), RUN[-1])
    assert kie(*RUN, "--library", runs, "--quiet").stderr == ""


def test_the_document_of_a_run_names_its_folder(kie: Invoke, service: VirtualService, runs: Path) -> None:
    shown = document(kie(*RUN, "--library", runs, "--json"))
    assert shown["run"] == str(Library(runs)[shown["ref"]].folder)


def test_what_saves_a_run_copies_it_from_the_library(kie: Invoke, service: VirtualService, runs: Path) -> None:
    outcome = kie(*RUN, "--library", runs, "--save", runs.parent / "out")
    [path] = [Path(line) for line in outcome.stdout.splitlines()[:1]]
    [run] = Library(runs)
    assert path.read_bytes() == run.files[0].read_bytes()
    assert sum(name == "result" for name, _ in service.state.log) == 1


@pytest.mark.parametrize("way", ["variable", "setting", "profile"])
def test_a_library_may_be_a_variable_or_a_setting(
    kie: Invoke, service: VirtualService, runs: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    command: tuple[str, ...] = RUN
    if way == "variable":
        monkeypatch.setenv("KIE_LIBRARY", str(runs))
    else:
        config = runs.parent / "config.toml"
        monkeypatch.setenv("KIE_CONFIG", str(config))
        table = "[profiles.work]\n" if way == "profile" else ""
        config.write_text(f'{table}library = "{runs}"\n', "utf-8")
        command = (*RUN, "--profile", "work") if way == "profile" else RUN
    kie(*command, "--no-library")
    assert not runs.exists()
    assert kie(*command).exit_code == 0
    assert len(Library(runs)) == 1


def test_a_library_that_cannot_be_a_folder_is_refused_before_anything_is_sent(
    kie: Invoke, service: VirtualService, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("mine")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        outcome = kie(*RUN, "--library", place)
        assert (outcome.exit_code, "file is not a folder" in outcome.stderr) == (2, True)
    assert (service.state.accepted, (tmp_path / "file").read_text()) == ([], "mine")


def test_a_library_that_this_user_may_not_see_is_refused_before_anything_is_sent(
    kie: Invoke, service: VirtualService, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stat, access = os.stat, os.access
    runs.mkdir()

    def hidden(path: Any, *args: Any, **options: Any) -> os.stat_result:
        if path in (runs, str(runs)):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return stat(path, *args, **options)

    monkeypatch.setattr(os, "stat", hidden)
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != runs and access(path, mode))
    outcome = kie(*RUN, "--library", runs)
    assert (outcome.exit_code, service.state.accepted) == (2, [])
    assert "is read-only, or belongs to somebody else" in outcome.stderr


@pytest.mark.parametrize("command", ["run", "batch", "compare"])
def test_a_library_that_cannot_be_written_is_refused_before_anything_is_sent(
    kie: Invoke, service: VirtualService, runs: Path, command: str
) -> None:
    runs.mkdir()
    (runs / ".tmp").write_text("in the way")
    lines = runs.parent / "lines.jsonl"
    lines.write_text('{"model": "nano-banana-pro", "prompt": "A fox"}\n' * 2)
    args: dict[str, tuple[str | Path, ...]] = {
        "run": RUN,
        "batch": ("batch", lines, "--out", runs.parent / "out.jsonl"),
        "compare": ("compare", "A fox", "nano-banana-pro", "z-image", "--aspect-ratio", "1:1", "--yes"),
    }
    outcome = kie(*args[command], "--library", runs, "--json")
    assert (outcome.exit_code, service.state.accepted) == (2, [])
    assert "is not a folder; choose a folder that can be written" in document(outcome)["error"]["message"]
    assert not (runs.parent / "out.jsonl").exists()


def test_what_a_library_cannot_keep_is_reported_in_the_words_of_the_command_line(
    kie: Invoke, service: VirtualService, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])  # those of pytest: a program has none
    monkeypatch.setattr(logging.getLogger("kie"), "handlers", [])

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(folders, "write", full)
    outcome = kie(*RUN, "--library", runs)
    [ref] = [task.task_id for task in service.state.accepted]
    assert outcome.exit_code == 0 and outcome.stdout.startswith("http")
    assert f"`kie wait {ref}` with this library tries again" in outcome.stderr
    assert "client.task" not in outcome.stderr


def test_a_tag_without_a_library_is_refused(kie: Invoke, service: VirtualService) -> None:
    outcome = kie(*RUN, "--tag", "site")
    assert outcome.exit_code == 2 and "name its folder with --library DIR" in outcome.stderr
    assert service.state.accepted == []


def test_a_task_that_is_waited_for_later_is_kept(kie: Invoke, service: VirtualService, runs: Path) -> None:
    assert kie(*RUN, "--no-wait", "--library", runs).exit_code == 0
    [run] = Library(runs).unsaved()
    outcome = kie("wait", run.id, "--library", runs)
    assert Library(runs)[run.id].files and f"kept in {run.folder}" in outcome.stderr


def test_tasks_show_the_first_words_of_their_prompts(kie: Invoke, service: VirtualService, runs: Path) -> None:
    prompt = "A \x1blighthouse\nat dusk while a storm is coming from the north"
    kie("run", "nano-banana-pro", "--prompt", prompt, "--no-wait", "--library", runs)
    shown = kie("tasks", "--library", runs).stdout
    assert "A \ufffdlighthouse at dusk while a" in shown and "north" not in shown and "\x1b" not in shown
    [entry] = json.loads(kie("tasks", "--library", runs, "--json").stdout)
    assert entry["prompt"].startswith("A \ufffdlighthouse at dusk")
    assert "prompt" not in json.loads(kie("tasks", "--json").stdout)[0]


def test_a_batch_is_kept_and_goes_on_with_what_it_has(kie: Invoke, service: VirtualService, runs: Path) -> None:
    source, out = runs.parent / "lines.jsonl", runs.parent / "out.jsonl"
    lines = [{"model": "nano-banana-pro", "prompt": f"City {number}"} for number in range(3)]
    source.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    command = ("batch", source, "--out", out, "--library", runs, "--tag", "many", "--save", runs.parent / "saved")
    assert kie(*command).exit_code == 0
    assert sorted(run.prompt or "" for run in Library(runs)) == ["City 0", "City 1", "City 2"]
    assert all(run.files and run.tags == ("many",) for run in Library(runs))
    assert sum(name == "result" for name, _ in service.state.log) == 3
    assert kie(*command).exit_code == 0 and len(service.state.accepted) == len(Library(runs)) == 3


def test_a_batch_that_has_ended_needs_no_library(kie: Invoke, service: VirtualService, runs: Path) -> None:
    lines = runs.parent / "lines.jsonl"
    lines.write_text('{"model": "nano-banana-pro", "prompt": "A fox"}\n')
    command = ("batch", lines, "--out", runs.parent / "out.jsonl", "--library", runs, "--json")
    first = kie(*command)
    (runs / ".tmp").rmdir()
    (runs / ".tmp").write_text("in the way")
    again = kie(*command)
    assert (first.exit_code, again.exit_code, len(service.state.accepted)) == (0, 0, 1)
    lines.write_text('{"model": "nano-banana-pro", "prompt": "A fox"}\n{"model": "z-image", "prompt": "A cat"}\n')
    assert (kie(*command).exit_code, len(service.state.accepted)) == (2, 1)
