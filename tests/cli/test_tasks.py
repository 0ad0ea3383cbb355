"""The life of a task on the command line, and what is left of it when something goes wrong."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kie import RawRequest, SubmitUnknown, simulated
from kie._cli.exit_codes import exit_code
from kie._core import errors
from kie._core.tasks import TaskRef
from kie._io.journal import Journal
from kie.models import NanoBananaPro
from kie.simulator import SimulatedService
from tests.cli.conftest import At, Invoke, VirtualContext, VirtualService, document, interrupt_at

RUN = ("run", "nano-banana-pro", "--prompt", "A lighthouse at dusk")
SHAPE = {"ref", "model", "state", "urls", "files", "credits", "seconds", "data"}


def test_a_run_saves_its_files_and_shows_paths_credits_and_seconds(
    kie: Invoke, service: VirtualService, tmp_path: Path
) -> None:
    outcome = kie(*RUN, "--save", tmp_path / "out")
    assert outcome.exit_code == 0, outcome.output
    task = service.state.accepted[0].task_id
    path, summary = outcome.stdout.splitlines()
    assert path == str(tmp_path / "out" / f"{task}_0.png")
    assert Path(path).read_bytes().startswith(b"\x89PNG")
    assert re.fullmatch(rf"[\d.]+ credits, [\d.]+ s, task {task}", summary)


def test_a_run_without_a_folder_shows_urls(kie: Invoke, service: VirtualService) -> None:
    outcome = kie(*RUN, "--quiet")
    assert outcome.stdout == f"{service.base_url}/results/{service.state.accepted[0].task_id}_0.png\n"
    assert outcome.stderr == ""


def test_elsewhere_than_on_a_terminal_progress_is_plain_lines_on_stderr(kie: Invoke, service: VirtualService) -> None:
    lines = kie(*RUN).stderr.splitlines()
    assert lines[0] == f"submitted {service.state.accepted[0].task_id}"
    assert re.fullmatch(r"ended after \d+ s \(success\)", lines[-1])


def test_json_is_one_document_of_a_known_shape(kie: Invoke, service: VirtualService, tmp_path: Path) -> None:
    outcome = kie(*RUN, "--json", "--save", tmp_path)
    shown = document(outcome)
    assert set(shown) == SHAPE
    assert shown["ref"] == service.state.accepted[0].task_id
    assert (shown["model"], shown["state"]) == ("nano-banana-pro", "succeeded")
    assert [Path(path).is_file() for path in shown["files"]] == [True]
    assert isinstance(shown["credits"], str)
    assert isinstance(shown["seconds"], float)
    assert len(shown["urls"]) == 1


def test_a_simulated_run_needs_no_key_and_leaves_no_journal(kie: Invoke, state: Path, tmp_path: Path) -> None:
    outcome = kie(*RUN, "--simulate", "--speed", "1000", "--save", tmp_path / "out")
    assert outcome.exit_code == 0, outcome.output
    assert "simulated" in outcome.stderr
    assert len(list((tmp_path / "out").iterdir())) == 1
    assert not state.exists()


@pytest.mark.parametrize("command", [RUN, ("batch", "requests.jsonl", "--out", "results.jsonl")])
def test_a_speed_without_the_simulator_is_refused(kie: Invoke, command: tuple[str, ...]) -> None:
    outcome = kie(*command, "--speed", "1000")
    assert outcome.exit_code == 2
    assert "--speed has no effect without --simulate" in outcome.stderr


def test_a_model_that_nobody_knows_can_be_simulated(kie: Invoke) -> None:
    outcome = kie("run", "new/video", "--set", 'prompt="x"', "--unchecked", "--simulate", "--speed", "1000", "--json")
    assert document(outcome)["model"] == "new/video"


def test_a_submission_can_be_left_to_itself_and_taken_up_later(
    kie: Invoke, service: VirtualService, state: Path, tmp_path: Path
) -> None:
    outcome = kie(*RUN, "--no-wait")
    ref = outcome.stdout.strip()
    assert ref == service.state.accepted[0].task_id
    assert f"kie wait {ref}" in outcome.stderr
    assert [entry.state for entry in Journal(state).entries()] == ["open"]
    waited = kie("wait", ref, "--save", tmp_path / "out", "--json")
    assert document(waited)["state"] == "succeeded"
    assert len(document(waited)["files"]) == 1
    assert [entry.state for entry in Journal(state).entries()] == ["succeeded"]


def test_a_submission_left_to_itself_has_the_same_shape_as_json(kie: Invoke, service: VirtualService) -> None:
    shown = document(kie(*RUN, "--no-wait", "--json"))
    assert set(shown) >= SHAPE
    assert shown["state"] == "queued"


def test_status_polls_once(kie: Invoke, at: At) -> None:
    service = at(faults=[{"on": "createTask", "do": "state", "state": "generating", "polls": 1}])
    ref = kie(*RUN, "--no-wait").stdout.strip()
    shown = document(kie("status", ref, "--json"))
    assert (shown["state"], shown["raw_state"]) == ("running", "generating")
    assert [operation for operation, _ in service.state.log].count("getTask") == 1


def test_the_status_of_a_failed_task_is_not_an_error(kie: Invoke, at: At) -> None:
    at(faults=[{"on": "createTask", "do": "fail_task", "msg": "The prompt is not allowed.\x1b[31m"}])
    ref = kie(*RUN, "--no-wait").stdout.strip()
    kie("wait", ref)
    outcome = kie("status", ref)
    assert outcome.exit_code == 0
    assert f"{ref}: failed (fail)" in outcome.stdout
    assert "501: The prompt is not allowed." in outcome.stdout
    assert "\x1b" not in outcome.output
    shown = document(kie("status", ref, "--json"))
    assert (shown["fail_code"], shown["state"]) == ("501", "failed")


def test_the_status_of_an_unknown_task_exits_with_1(kie: Invoke, service: VirtualService) -> None:
    outcome = kie("status", "0" * 32, "--json")
    assert outcome.exit_code == 1
    assert document(outcome)["error"]["type"] in ("NotFound", "Unprocessable")


FAILING: list[tuple[int, str, dict[str, Any]]] = [
    (1, "Unauthorized", {"keys": ["another-key"]}),
    (3, "TaskFailed", {"faults": [{"on": "createTask", "do": "fail_task"}]}),
    (4, "SubmitUnknown", {"faults": [{"on": "createTask", "do": "drop_after"}]}),
    (4, "SubmitUnknown", {"faults": [{"on": "createTask", "do": "no_task_id"}]}),
    (6, "InsufficientCredits", {"credits": 0}),
]


@pytest.mark.parametrize(("code", "kind", "options"), FAILING)
def test_each_end_has_its_exit_code(
    kie: Invoke, at: At, code: int, kind: str, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    at(**options)
    outcome = kie(*RUN, "--json")
    assert outcome.exit_code == code, outcome.output
    error = document(outcome)["error"]
    coded = {"code"} if kind in ("Unauthorized", "InsufficientCredits", "TaskFailed") and "code" in error else set()
    assert set(error) == {"type", "message", "issues", "ref", "task_created", *coded}
    assert error["type"] == kind
    assert error["task_created"] is {"TaskFailed": True, "SubmitUnknown": None}.get(kind, False)
    assert (error["ref"] is not None) == (kind == "TaskFailed")
    plain = kie(*RUN)
    assert "Traceback" not in plain.output
    assert "secret-key" not in plain.output


def test_a_busy_service_is_asked_again_with_the_default_policies(kie: Invoke, at: At) -> None:
    refused = {"on": "createTask", "do": "rate_limit", "nth": 1}
    unreachable = {"on": "getTask", "do": "http", "status": 503, "nth": 1}
    service = at(faults=[refused, unreachable])
    outcome = kie(*RUN, "--json")
    assert outcome.exit_code == 0, outcome.output
    assert [operation for operation, _ in service.state.log].count("createTask") == 2
    assert len(service.state.accepted) == 1
    assert service.clock.now() > document(outcome)["seconds"]


def test_a_timeout_exits_with_5_and_shows_the_ref(kie: Invoke, at: At) -> None:
    service = at()
    outcome = kie(*RUN, "--timeout", "2", "--json")
    assert outcome.exit_code == 5
    error = document(outcome)["error"]
    assert error["type"] == "TaskTimeout"
    assert error["ref"] == service.state.accepted[0].task_id
    assert f"kie wait {error['ref']}" in error["message"]


@pytest.mark.parametrize("seconds", ["0", "-1", "nan"])
def test_a_timeout_that_is_none_is_refused(kie: Invoke, service: VirtualService, seconds: str) -> None:
    outcome = kie(*RUN, "--timeout", seconds)
    assert outcome.exit_code == 2
    assert f"Invalid value for '--timeout': '{seconds}' is not a finite number above 0" in outcome.stderr
    assert service.state.accepted == []


def test_a_result_that_cannot_be_saved_is_not_lost(kie: Invoke, at: At, tmp_path: Path) -> None:
    service = at(faults=[{"on": "result", "do": "gone"}, {"on": "getDownloadUrl", "do": "envelope", "code": 422}])
    outcome = kie(*RUN, "--save", tmp_path, "--json")
    assert outcome.exit_code == 1
    error = document(outcome)["error"]
    assert error["type"] == "DownloadFailed"
    assert error["ref"] == service.state.accepted[0].task_id
    assert f"`kie wait {error['ref']} --save DIR`" in error["message"]


def test_a_folder_that_cannot_be_made_stops_a_run_before_it_costs(
    kie: Invoke, service: VirtualService, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "out"):
        outcome = kie(*RUN, "--save", folder)
        assert outcome.exit_code == 2
        assert f"cannot save into {folder}" in outcome.stderr
    assert service.state.accepted == []


def test_every_kind_of_error_has_the_code_that_the_help_names() -> None:
    ref = TaskRef("abc")
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    request = RawRequest("m", {})
    assert {
        type(error).__name__: exit_code(error)
        for error in (
            errors.ConfigError("x"),
            errors.RequestInvalid("m", []),
            errors.MediaRejected("m", []),
            errors.ModelRetired("m", ["n"]),
            errors.TaskFailed(ref, code=None, service_message=None),
            errors.SubmitUnknown(request, moment, why="x"),
            errors.TaskTimeout(ref, elapsed=1),
            errors.InsufficientCredits("x", status=402),
            errors.ServerError("x", status=500),
            errors.TransportFailed("x", sent=False),
            errors.DownloadFailed("https://example.com/a", "x"),
            errors.ResultInvalid(ref, "x"),
        )
    } == {
        "ConfigError": 2,
        "RequestInvalid": 2,
        "MediaRejected": 2,
        "ModelRetired": 2,
        "TaskFailed": 3,
        "SubmitUnknown": 4,
        "TaskTimeout": 5,
        "InsufficientCredits": 6,
        "ServerError": 1,
        "TransportFailed": 1,
        "DownloadFailed": 1,
        "ResultInvalid": 1,
    }


def test_ctrl_c_while_waiting_exits_with_130_and_leaves_the_ref(
    kie: Invoke, service: VirtualService, state: Path
) -> None:
    context = VirtualContext(service=service, on_request=interrupt_at("recordInfo"))
    outcome = kie(*RUN, context=context)
    ref = service.state.accepted[0].task_id
    assert outcome.exit_code == 130
    assert f"interrupted; task {ref} keeps running: `kie wait {ref}` waits for it" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert [str(entry.ref) for entry in Journal(state).entries() if entry.state == "open"] == [ref]
    assert kie("wait", ref).exit_code == 0


def test_ctrl_c_as_json_is_a_document(kie: Invoke, service: VirtualService) -> None:
    context = VirtualContext(service=service, on_request=interrupt_at("recordInfo"))
    error = document(kie(*RUN, "--json", context=context))["error"]
    assert (error["type"], error["ref"]) == ("Interrupted", service.state.accepted[0].task_id)


def test_ctrl_c_while_submitting_says_that_a_task_may_exist(kie: Invoke, service: VirtualService, state: Path) -> None:
    outcome = kie(*RUN, context=VirtualContext(service=service, on_request=interrupt_at("createTask")))
    assert outcome.exit_code == 130
    assert "a task may exist" in outcome.stderr
    assert [entry.state for entry in Journal(state).entries()] == ["unknown"]
    listed = kie("tasks")
    assert "unknown\tnano-banana-pro" in listed.stdout
    assert "https://kie.ai/logs" in listed.stderr


def test_ctrl_c_during_an_upload_does_not_say_that_a_task_may_exist(
    kie: Invoke, service: VirtualService, state: Path, picture: Path
) -> None:
    uploading = VirtualContext(service=service, on_request=interrupt_at("file-stream-upload"))
    outcome = kie(*RUN, "--image-input", picture, context=uploading)
    assert (outcome.exit_code, outcome.stderr.strip()) == (130, "kie: interrupted")
    assert Journal(state).entries() == []


def test_ctrl_c_elsewhere_says_just_that(kie: Invoke, service: VirtualService) -> None:
    outcome = kie("credits", context=VirtualContext(service=service, on_request=interrupt_at("credit")))
    assert (outcome.exit_code, outcome.stderr.strip()) == (130, "kie: interrupted")


def test_a_crash_is_mended_by_resuming(kie: Invoke, service: VirtualService, state: Path, tmp_path: Path) -> None:
    refs = [kie(*RUN, "--no-wait").stdout.strip() for _ in range(2)]
    state.write_bytes(state.read_bytes() + b'{"v":1,"event":"sub\n')  # as a crash leaves it
    assert [line.split("\t")[:3] for line in kie("tasks").stdout.splitlines()] == [
        [ref, "open", "nano-banana-pro"] for ref in refs
    ]
    shown = document(kie("tasks", "--resume", "--save", tmp_path / "out", "--json"))
    assert [row["ref"] for row in shown] == refs
    assert all(row["state"] == "succeeded" and len(row["files"]) == 1 for row in shown)
    assert "no open tasks" in kie("tasks").stderr
    assert {row["state"] for row in document(kie("tasks", "--all", "--json"))} == {"succeeded"}


def test_resuming_goes_on_after_a_task_that_failed_and_exits_with_its_code(kie: Invoke, at: At) -> None:
    at(faults=[{"on": "createTask", "do": "fail_task", "nth": 1}, {"on": "createTask", "do": "drop_after", "nth": 3}])
    refs = [kie(*RUN, "--no-wait").stdout.strip() for _ in range(2)]
    assert kie(*RUN).exit_code == 4
    outcome = kie("tasks", "--resume", "--json")
    assert outcome.exit_code == 3
    shown = document(outcome)
    assert [row["ref"] for row in shown] == [*refs, None]
    assert [row["state"] for row in shown] == ["failed", "succeeded", "unknown"]
    assert shown[0]["error"]["type"] == "TaskFailed"
    again = kie("tasks", "--resume")
    assert again.exit_code == 0
    assert "1 of unknown outcome" in again.stderr


def lost(state: Path, at: str) -> None:
    """Journal a task that the service has no record of."""
    journal = Journal(state)
    entry = {"id": "0", "model": "nano-banana-pro", "lifecycle": "jobs"}
    journal.append({**entry, "event": "submit", "at": at, "request": "x"})
    journal.append({**entry, "event": "task", "ref": "0" * 32})


def test_a_task_whose_record_was_thrown_away_long_ago_is_closed(
    kie: Invoke, service: VirtualService, state: Path
) -> None:
    lost(state, "2026-01-01T00:00:00+00:00")
    outcome = kie("tasks", "--resume", "--json")
    assert outcome.exit_code == 1
    assert document(outcome)[0]["state"] == "expired"
    assert [entry.state for entry in Journal(state).entries()] == ["expired"]


def test_an_old_task_without_a_record_is_not_polled_for_long(kie: Invoke, service: VirtualService, state: Path) -> None:
    lost(state, "2026-01-01T00:00:00+00:00")
    assert kie("tasks", "--resume").exit_code == 1
    assert service.clock.now() < 10


def test_a_recent_task_without_a_record_stays_open(kie: Invoke, service: VirtualService, state: Path) -> None:
    lost(state, service.clock.wall().isoformat())
    outcome = kie("tasks", "--resume", "--timeout", "60", "--json")
    assert outcome.exit_code != 0
    assert "expired" not in outcome.stdout
    assert [entry.state for entry in Journal(state).entries()] == ["open"]


def test_resuming_exits_with_the_code_of_the_first_task_that_did_not_succeed(kie: Invoke, at: At, state: Path) -> None:
    at(faults=[{"on": "createTask", "do": "fail_task"}])
    kie(*RUN, "--no-wait")
    lost(state, "2026-01-01T00:00:00+00:00")
    outcome = kie("tasks", "--resume", "--json")
    assert [row["error"]["type"] if "error" in row else row["state"] for row in document(outcome)] == [
        "TaskFailed",
        "expired",
    ]
    assert outcome.exit_code == 3


@pytest.mark.parametrize("resume", [False, True])
def test_ctrl_c_while_waiting_for_an_earlier_task_leaves_its_ref(
    kie: Invoke, service: VirtualService, resume: bool
) -> None:
    ref = kie(*RUN, "--no-wait").stdout.strip()
    context = VirtualContext(service=service, on_request=interrupt_at("recordInfo"))
    outcome = kie(*(("tasks", "--resume") if resume else ("wait", ref)), context=context)
    assert outcome.exit_code == 130
    assert f"`kie wait {ref}` waits for it" in outcome.stderr


def test_a_folder_that_cannot_be_made_stops_a_wait_before_it_begins(
    kie: Invoke, service: VirtualService, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    ref = kie(*RUN, "--no-wait").stdout.strip()
    for command in (("wait", ref), ("tasks", "--resume")):
        outcome = kie(*command, "--save", tmp_path / "file")
        assert outcome.exit_code == 2
        assert "cannot save into" in outcome.stderr
    assert "getTask" not in [operation for operation, _ in service.state.log]


def test_a_retired_model_needs_its_option(kie: Invoke, service: VirtualService) -> None:
    run = ("run", "midjourney", "--prompt", "x")
    for more in ((), ("--dry-run",)):
        assert kie(*run, *more).exit_code == 2
    assert service.state.accepted == []
    for more in (("--dry-run",), ()):
        assert kie(*run, *more, "--allow-retired").exit_code == 0
    assert len(service.state.accepted) == 1


def test_the_callback_url_goes_with_the_submission(kie: Invoke, service: VirtualService) -> None:
    url = "https://example.com/hook"
    kie(*RUN, "--callback-url", url)
    assert [callback.url for callback in service.state.due_callbacks(service.clock.now())] == [url]


def test_a_halved_last_line_does_not_hide_the_next_submission(
    kie: Invoke, service: VirtualService, state: Path
) -> None:
    state.parent.mkdir(parents=True)
    state.write_bytes(b'{"v":1,"event":"sub')
    kie(*RUN, "--no-wait")
    assert [entry.state for entry in Journal(state).entries()] == ["open"]


def test_the_journal_holds_neither_prompt_nor_key(kie: Invoke, service: VirtualService, state: Path) -> None:
    kie(*RUN)
    text = state.read_text()
    assert service.state.accepted[0].task_id in text
    assert "lighthouse" not in text
    assert service.api_key not in text
    assert (state.stat().st_mode & 0o777) == 0o600


@pytest.mark.parametrize("before", [True, False])
def test_the_journal_can_be_elsewhere_or_absent(
    kie: Invoke, service: VirtualService, state: Path, tmp_path: Path, before: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def call(*options: str) -> None:
        assert kie(*(*options, *RUN) if before else (*RUN, *options)).exit_code == 0

    call("--journal", str(tmp_path / "a.jsonl"))
    monkeypatch.setenv("KIE_JOURNAL", str(tmp_path / "b.jsonl"))
    call("--no-journal")
    assert [path.name for path in tmp_path.glob("*.jsonl")] == ["a.jsonl"]
    call()
    assert (tmp_path / "b.jsonl").exists()
    assert not state.exists()


def test_a_journal_that_cannot_be_written_stops_a_run_before_it_costs(
    kie: Invoke, service: VirtualService, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    outcome = kie(*RUN, "--journal", tmp_path / "file" / "journal.jsonl")
    assert outcome.exit_code == 2
    assert "--no-journal" in outcome.stderr
    assert service.state.accepted == []


def test_tasks_without_a_journal_is_refused(kie: Invoke) -> None:
    assert kie("tasks", "--no-journal").exit_code == 2
    assert kie("tasks", "--save", "out").exit_code == 2


def test_a_run_with_a_known_label_finds_the_earlier_task(kie: Invoke, service: VirtualService) -> None:
    first = document(kie(*RUN, "--label", "order-4711", "--json"))
    again = document(kie(*RUN, "--label", "order-4711", "--json"))
    assert first["ref"] == again["ref"]
    outcome = kie("run", "nano-banana-pro", "--prompt", "Another one", "--label", "order-4711")
    assert outcome.exit_code == 2 and "another request" in outcome.stderr
    assert len(service.state.accepted) == 1


@pytest.mark.parametrize("option", ["--simulate", "--no-journal"])
def test_a_label_needs_the_journal(kie: Invoke, service: VirtualService, option: str) -> None:
    outcome = kie(*RUN, "--label", "order-4711", option)
    assert outcome.exit_code == 2 and "--label needs the journal" in outcome.stderr
    assert not service.state.accepted


def test_a_submission_of_unknown_outcome_can_be_dismissed(kie: Invoke, at: At) -> None:
    service = at(faults=[{"on": "createTask", "do": "drop_after", "nth": 1}])
    command = (*RUN, "--label", "order-4711")
    assert kie(*command).exit_code == 4
    assert kie(*command).exit_code == 4, "nobody knows what became of it"
    [entry] = document(kie("tasks", "--json"))
    assert (entry["state"], entry["label"], entry["ref"]) == ("unknown", "order-4711", None)
    assert kie("tasks", "--dismiss", "nothing").exit_code == 2
    assert kie("tasks", "--dismiss", entry["id"]).exit_code == 0
    assert document(kie("tasks", "--json")) == []
    assert kie(*command).exit_code == 0
    assert len(service.state.accepted) == 2


def test_an_odd_entry_in_the_journal_does_not_stop_the_others(
    kie: Invoke, service: VirtualService, state: Path
) -> None:
    kie(*RUN, "--no-wait")
    odd = Journal(state)
    odd.append({"event": "submit", "id": "x", "model": "m", "at": "2026-09-01T12:00:00+00:00"})
    odd.append({"event": "task", "id": "x", "model": "m", "ref": "nope:1"})
    kie(*RUN, "--no-wait")
    outcome = kie("tasks", "--resume")
    assert outcome.exit_code == 2
    assert "'nope' is not a lifecycle" in outcome.stderr
    assert [entry.state for entry in odd.entries()] == ["succeeded", "open", "succeeded"]


def test_tasks_of_another_server_are_left_alone(kie: Invoke, service: VirtualService, state: Path) -> None:
    kie(*RUN, "--no-wait")
    state.write_text(state.read_text().replace("https://api.kie.ai", "http://127.0.0.1:1"))
    outcome = kie("tasks", "--resume")
    assert "tasks at http://127.0.0.1:1 are left alone" in outcome.stderr
    assert [entry.state for entry in Journal(state).entries()] == ["open"]
    assert [operation for operation, _ in service.state.log] == ["createTask"]


def test_tasks_of_a_served_simulator_are_listed_as_simulated(kie: Invoke, listening: SimulatedService) -> None:
    assert kie(*RUN, "--no-wait").exit_code == 0
    [entry] = document(kie("tasks", "--all", "--json"))
    assert (entry["server"], entry["simulated"]) == (listening.base_url, True)
    assert f"simulated at {listening.base_url.removeprefix('http://')}" in kie("tasks", "--all").stdout


def test_nobody_is_sent_to_the_logs_of_the_service_for_a_simulated_submission(kie: Invoke, state: Path) -> None:
    with simulated(faults=[{"on": "createTask", "do": "drop_after"}]) as service, pytest.raises(SubmitUnknown):
        service.client(journal=state).submit(NanoBananaPro(prompt="x"))
    outcome = kie("tasks")
    assert "unknown" in outcome.stdout and "simulated at" in outcome.stdout
    assert "logs" not in outcome.stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "no open tasks; --all lists those that have ended"),
        (("--all",), "the journal has no tasks"),
        (("--label", "x"), "no task has the label 'x'"),
    ],
)
def test_a_list_without_tasks_says_what_there_are_none_of(
    kie: Invoke, service: VirtualService, options: tuple[str, ...], said: str
) -> None:
    outcome = kie("tasks", *options)
    assert (outcome.exit_code, outcome.stdout, outcome.stderr) == (0, "", f"{said}\n")
