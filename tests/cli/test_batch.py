"""`kie batch`: a file of requests is run, and can be run again after whatever happened."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from kie import BatchStopped, ConfigError, Journal, Outcome, TaskRef
from kie._cli.batch_file import BatchFile
from kie._cli.batch_lines import Line
from kie._cli.batch_run import BatchRun
from kie._cli.batch_store import BatchLines
from kie._core.outcomes import Failed
from kie._io.line_file import LockedLines
from kie.simulator._sample_media import Recipe, make
from kie.testing import MemoryTransport
from tests.cli.conftest import At, Invoke, VirtualContext, VirtualService, document, interrupt_at

MODEL = "nano-banana-pro"


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    def write(*lines: Any) -> Path:
        path = tmp_path / "batch.jsonl"
        path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines), "utf-8")
        return path

    return write


def numbered(count: int) -> list[dict[str, Any]]:
    return [{"model": MODEL, "prompt": str(number)} for number in range(count)]


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_every_line_ends_in_one_line_of_output_with_its_files(
    kie: Invoke, service: VirtualService, written: Callable[..., Path], tmp_path: Path, state: Path
) -> None:
    out, folder = tmp_path / "results.jsonl", tmp_path / "out"
    source = written(
        {"id": "first", "model": MODEL, "input": {"prompt": "a", "resolution": "2K"}},
        {"model": MODEL, "prompt": "b"},
        "",
        {"model": MODEL, "prompt": "b"},
    )
    outcome = kie("batch", source, "--out", out, "--save", folder)
    assert outcome.exit_code == 0, outcome.output
    assert outcome.stdout == "3 succeeded\n"
    found = records(out)
    assert [(row["line"], row["id"], row["state"]) for row in found] == [
        (1, "first", "succeeded"),
        (2, None, "succeeded"),
        (4, None, "succeeded"),
    ]
    assert {row["ref"] for row in found} == {entry.task_id for entry in service.state.accepted}
    assert {str(entry.input["resolution"]) for entry in service.state.accepted} == {"1K", "2K"}
    for row in found:
        assert row["urls"] and row["error"] is None and row["model"] == MODEL
        assert [Path(path).read_bytes()[:4] for path in row["files"]] == [b"\x89PNG"]
    assert "3/3" in outcome.stderr
    assert "prompt" not in out.read_text() and state.exists()


def test_ended_lines_are_not_run_again(kie: Invoke, at: At, written: Callable[..., Path], tmp_path: Path) -> None:
    service = at(faults=[{"on": "createTask", "do": "fail_task", "code": 422, "nth": 2}])
    out = tmp_path / "results.jsonl"
    command = ("batch", written(*numbered(3)), "--out", out, "--concurrency", "1")
    assert kie(*command).exit_code == 3
    before = out.read_bytes()
    again = kie(*command)
    assert (again.exit_code, again.stdout) == (3, "2 succeeded, 1 failed\n")
    assert len(service.state.accepted) == 3
    assert out.read_bytes() == before
    assert "skipping 3 of 3 lines" in again.stderr


def test_new_and_changed_lines_are_run_and_the_order_does_not_matter(
    kie: Invoke, service: VirtualService, written: Callable[..., Path], tmp_path: Path
) -> None:
    out = tmp_path / "results.jsonl"
    lines = numbered(3)
    kie("batch", written(*lines), "--out", out)
    reordered = dict(reversed(lines[2].items()))  # the order of its fields does not change a line
    changed = [{"model": MODEL, "prompt": "new"}, reordered, lines[0], lines[0]]
    assert kie("batch", written(*changed), "--out", out).stdout == "4 succeeded\n"
    prompts = sorted(str(entry.input["prompt"]) for entry in service.state.accepted)
    assert prompts == ["0", "0", "1", "2", "new"], "a line that stands twice is two tasks"
    assert len(records(out)) == 5, "what is known of lines that are gone is kept"


def test_submitted_lines_are_waited_for_and_unknown_ones_reported_but_never_sent_again(
    kie: Invoke, at: At, written: Callable[..., Path], tmp_path: Path
) -> None:
    service = at(faults=[{"on": "createTask", "do": "drop_after", "nth": 2}])
    out = tmp_path / "results.jsonl"
    source = written(*numbered(3))
    first = kie("batch", source, "--out", out, "--concurrency", "1", "--timeout", "2")
    assert first.exit_code == 5
    assert [row["state"] for row in records(out)] == ["submitted", "unknown", "submitted"]
    assert len(service.state.accepted) == 3
    again = kie("batch", source, "--out", out, "--save", tmp_path / "out")
    assert again.exit_code == 4, again.output
    assert [row["state"] for row in records(out)] == ["succeeded", "unknown", "succeeded"]
    assert all(len(row["files"]) == 1 for row in records(out)[::2])
    assert len(service.state.accepted) == 3, "nothing was sent again"
    assert "line 2: unknown" in again.stderr and "https://kie.ai/logs" in again.stderr


def test_a_crash_between_sending_and_answer_leaves_the_line_unknown(
    kie: Invoke, service: VirtualService, written: Callable[..., Path], tmp_path: Path
) -> None:
    """What is on disk when a submission leaves the machine already says that it may exist."""
    out = tmp_path / "results.jsonl"
    seen: list[str] = []

    def watch(url: str) -> None:
        if "createTask" in url:
            seen.extend(row["state"] for row in records(out))

    context = VirtualContext(service=service, on_request=watch)
    assert kie("batch", written(*numbered(1)), "--out", out, context=context).exit_code == 0
    assert seen == ["unknown"]
    half = tmp_path / "half.jsonl"
    half.write_text(json.dumps({**records(out)[0], "state": "unknown", "ref": None}) + '\n{"key": "cut o')
    outcome = kie("batch", written(*numbered(1)), "--out", half)
    assert outcome.exit_code == 4
    assert len(service.state.accepted) == 1


REFUSALS = pytest.mark.parametrize(
    "refusals", [1, 4, 9]
)  # 4 is as often as a submission asks; 9 is the batch's patience


@REFUSALS
def test_a_crash_in_the_pause_after_a_refusal_leaves_a_line_that_is_run(
    kie: Invoke,
    at: At,
    written: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    refusals: int,
) -> None:
    """Only while a submission may be on its way is a line unknown: the output file says what the journal says."""
    service = at(faults=[{"on": "createTask", "do": "rate_limit", "nth": nth} for nth in range(1, refusals + 1)])
    out, source = tmp_path / "results.jsonl", written({"id": "a", "model": MODEL, "prompt": "a"})
    left: list[tuple[float, bytes]] = []
    append = LockedLines.append

    def noted(lines: LockedLines, line: Any) -> None:
        append(lines, line)
        if lines.file.what == "the --out file":
            left.append((service.clock.now(), out.read_bytes()))

    with monkeypatch.context() as patched:
        patched.setattr(LockedLines, "append", noted)
        assert kie("batch", source, "--out", out).exit_code == 0
    written_states = [json.loads(data.splitlines()[-1])["state"] for _, data in left]
    assert written_states == ["unknown", "stopped"] * refusals + ["unknown", "submitted", "succeeded"]
    assert len(service.state.accepted) == 1
    refused, again = left[1], left[2]
    assert again[0] - refused[0] >= 0.4, "the pause"

    journal = tmp_path / "other.jsonl"
    out.write_bytes(refused[1])
    assert kie("batch", source, "--out", out, "--journal", journal).exit_code == 0
    assert len(service.state.accepted) == 2, "it was not sent, so it is now"
    out.write_bytes(again[1])
    assert kie("batch", source, "--out", out, "--journal", tmp_path / "third.jsonl").exit_code == 4
    assert len(service.state.accepted) == 2


@pytest.mark.parametrize("line", [{"id": "a"}, {}])
@pytest.mark.parametrize("noted", [True, False])
def test_a_task_that_only_the_journal_knows_after_a_crash_is_waited_for(
    kie: Invoke, at: At, written: Callable[..., Path], tmp_path: Path, line: Any, noted: bool
) -> None:
    """The crash came after the note of the task, and before the record in the output file; or before both."""
    service, out, journal = at(), tmp_path / "results.jsonl", tmp_path / "journal.jsonl"
    source = written({**line, "model": MODEL, "prompt": "a"}, {**line, "id": "b", "model": MODEL, "prompt": "b"})
    left: list[bytes] = []
    append = LockedLines.append

    def copied(lines: LockedLines, text: Any) -> None:
        append(lines, text)
        left.append(out.read_bytes() if out.exists() else b"")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(LockedLines, "append", copied)
        assert kie("batch", source, "--out", out, "--journal", journal, "--concurrency", "1").exit_code == 0
    crashed = next(data for data in left if data.splitlines() and b'"unknown"' in data.splitlines()[-1])
    ref = records(out)[0]["ref"]
    out.write_bytes(crashed)
    if not noted:
        journal.write_text("".join(entry for entry in journal.read_text().splitlines(True) if ref not in entry))
    outcome = kie("batch", source, "--out", out, "--journal", journal)
    first = records(out)[0]
    assert (outcome.exit_code, first["state"], first["ref"]) == (
        (0, "succeeded", ref) if noted else (4, "unknown", None)
    )
    assert len(service.state.accepted) == 2


def test_a_line_that_was_refused_says_so_before_the_files_of_others_are_saved(
    kie: Invoke, at: At, written: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What needs no download is recorded at once, by none of the savers: a crash must not leave it unknown."""
    at(faults=[{"on": "createTask", "do": "envelope", "code": 422, "msg": "no", "nth": 1}])
    out = tmp_path / "results.jsonl"
    written_by: dict[str, str] = {}
    append = LockedLines.append

    def noted(lines: LockedLines, line: Any) -> None:
        if lines.file.what == "the --out file":
            written_by[line["state"]] = threading.current_thread().name
        append(lines, line)

    monkeypatch.setattr(LockedLines, "append", noted)
    kie("batch", written(*numbered(2)), "--out", out, "--save", tmp_path / "out")
    assert written_by.keys() == {"unknown", "failed", "submitted", "succeeded"}
    assert written_by["succeeded"].startswith("kie-save") and not written_by["failed"].startswith("kie-save")


def test_invalid_lines_are_reported_with_every_fault_and_the_others_run(
    kie: Invoke, service: VirtualService, written: Callable[..., Path], tmp_path: Path
) -> None:
    out = tmp_path / "results.jsonl"
    source = written(
        {"model": MODEL, "prompt": "fine", "id": "a"},
        "{broken",
        [1],
        {"prompt": "no model"},
        {"model": "no/such-model", "prompt": "x"},
        {"model": MODEL, "resolution": "9K", "colour": "red"},
        {"model": MODEL, "prompt": "x", "id": "a"},
        {"model": MODEL, "prompt": "x", "id": [1]},
        {"model": MODEL, "input": {"prompt": "x"}, "resolution": "4K"},
        {"model": MODEL, "prompt": "x", "image_input": ["nowhere.png"]},
        f'{{"model": "{MODEL}", "prompt": "x", "prompt": "y"}}',
    )
    outcome = kie("batch", source, "--out", out, "--json")
    assert outcome.exit_code == 2
    shown = document(outcome)
    assert shown["states"] == {"succeeded": 1, "invalid": 10}
    messages = {row["line"]: row["error"]["message"] for row in shown["lines"] if row["error"]}
    for line, *words in (
        (2, "is not JSON"),
        (3, "is not a JSON object"),
        (4, "`model` is missing"),
        (5, "no model 'no/such-model'"),
        (6, "resolution", "colour", "prompt"),
        (7, "the id a is that of an earlier line"),
        (8, "`id` must be"),
        (9, "is beside `input`; fields belong inside it"),
        (10, "nowhere.png"),
        (11, "names 'prompt' twice"),
    ):
        assert all(word in messages[line] for word in words), messages[line]
    assert len(service.state.accepted) == 1
    assert [row["state"] for row in records(out)] == ["succeeded"] + ["invalid"] * 10


@pytest.mark.parametrize("field", ["video_url", "videoUrl"])
def test_a_local_file_is_read_whether_its_field_is_named_as_in_python_or_as_on_the_wire(
    field: str, kie: Invoke, service: VirtualService, written: Callable[..., Path], tmp_path: Path
) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(make(Recipe(extension="mp4")))
    source = written({"model": "aleph", "prompt": "x", field: str(clip)})
    assert kie("batch", source, "--out", tmp_path / "results.jsonl").exit_code == 0
    [task] = service.state.accepted
    assert str(task.input["videoUrl"]).startswith("http")


def test_a_dry_run_shows_every_fault_at_once_and_sends_and_writes_nothing(
    kie: Invoke, written: Callable[..., Path], tmp_path: Path, state: Path
) -> None:
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"this is not a picture")
    out = tmp_path / "results.jsonl"
    source = written(
        *numbered(2), {"model": MODEL}, "{", {"model": MODEL, "prompt": "x", "image_input": [str(picture)]}
    )
    outcome = kie("batch", source, "--out", out, "--dry-run")
    assert outcome.exit_code == 2
    assert outcome.stdout.splitlines() == [
        "5 lines: 2 to run, 3 invalid",
        f"  2 x {MODEL}: 36 credits for 2 requests (0.18 USD)",
        "would cost 36 credits for 2 requests (0.18 USD)",
    ]
    assert [line for line in ("line 3", "line 4", "line 5") if line not in outcome.stderr] == []
    assert not out.exists() and not state.exists()
    shown = document(kie("batch", source, "--out", out, "--dry-run", "--json"))
    assert shown["plan"] == {"run": 2, "invalid": 3} and len(shown["faults"]) == 3
    total = {"credits": "36", "at_least": "36", "at_most": "36", "usd": "0.18", "open": 0}
    assert shown["cost"] == {**total, "models": {MODEL: total}}
    fine = kie("batch", written(*numbered(2)), "--out", out, "--dry-run")
    assert (fine.exit_code, fine.stdout.splitlines()[0]) == (0, "2 lines: 2 to run")


def test_a_line_with_a_known_id_and_other_fields_asks_for_a_new_id_and_stops_no_other_line(
    kie: Invoke, service: VirtualService, written: Callable[..., Path], tmp_path: Path
) -> None:
    out = tmp_path / "results.jsonl"
    kie("batch", written({"id": 7, "model": MODEL, "prompt": "a"}), "--out", out)
    before = records(out)[0]
    outcome = kie("batch", written({"id": 7, "model": MODEL, "prompt": "b"}, *numbered(1)), "--out", out)
    assert outcome.exit_code == 2
    assert "line 1: invalid: id 7 was run earlier with other fields; give the line another id" in outcome.stderr
    assert outcome.stdout == "1 invalid, 1 succeeded\n"
    assert [str(task.input["prompt"]) for task in service.state.accepted] == ["a", "0"]
    assert records(out)[0] == before, "what is known of the earlier task is kept"
    again = kie("batch", written({"id": 8, "model": MODEL, "prompt": "b"}, *numbered(1)), "--out", out)
    assert (again.exit_code, len(service.state.accepted)) == (0, 3)


def test_what_was_refused_is_run_again(kie: Invoke, at: At, written: Callable[..., Path], tmp_path: Path) -> None:
    service = at(credits=20)
    out = tmp_path / "results.jsonl"
    command = ("batch", written(*numbered(2)), "--out", out, "--concurrency", "1")
    assert kie(*command).exit_code == 6
    assert [(row["state"], row["ref"] is None) for row in records(out)] == [("succeeded", False), ("failed", True)]
    service.state.credits += 100
    assert kie(*command).exit_code == 0
    assert len(service.state.accepted) == 2


def test_too_few_credits_end_the_submissions_and_the_same_command_continues(
    kie: Invoke, at: At, written: Callable[..., Path], tmp_path: Path
) -> None:
    service = at(credits=37)
    out = tmp_path / "results.jsonl"
    command = ("batch", written(*numbered(8)), "--out", out, "--concurrency", "1")
    outcome = kie(*command)
    assert (outcome.exit_code, outcome.stdout) == (6, "5 not run, 2 succeeded, 1 failed\n")
    told = outcome.stderr.splitlines()
    assert "too few credits, so nothing more was submitted: the rest costs 108 credits for 6 requests" in told[-2]
    assert told[-2].endswith("the balance is 1; at least 107 more credits are needed")
    assert told[-1] == "top up, and run the same command again to continue"
    service.state.credits += 200
    assert kie(*command).stdout == "8 succeeded\n"
    assert len(service.state.accepted) == 8


@pytest.mark.parametrize("id", ["", "  ", "a\0b"])
def test_an_id_that_names_nothing_is_a_fault_of_its_line(id: str, kie: Invoke, written: Callable[..., Path]) -> None:
    outcome = kie("batch", written({"id": id, **numbered(1)[0]}, *numbered(1)), "--dry-run")
    assert outcome.exit_code == 2 and "1 to run, 1 invalid" in outcome.stdout
    assert "line 1: invalid: `id` cannot be empty or contain a NUL" in outcome.stderr


def test_tasks_behind_the_line_that_there_are_too_few_credits_for_are_waited_for(
    kie: Invoke, at: At, written: Callable[..., Path], tmp_path: Path
) -> None:
    service = at(credits=18 * 3)
    out = tmp_path / "results.jsonl"
    rows = numbered(8)
    assert kie("batch", written(*rows[4:7]), "--out", out).exit_code == 0
    command = ("batch", written(*rows), "--out", out, "--concurrency", "1")
    # as after a crash: they are submitted, and nobody has seen what became of them
    found = [{**row, "state": "submitted", "urls": [], "files": []} for row in records(out)]
    out.write_text("".join(json.dumps(row) + "\n" for row in found), "utf-8")
    outcome = kie(*command)
    assert (outcome.exit_code, outcome.stdout) == (6, "4 not run, 3 succeeded, 1 failed\n"), outcome.stderr
    assert len(service.state.accepted) == 3
    service.state.credits += 200
    assert kie(*command).stdout == "8 succeeded\n"
    assert len(service.state.accepted) == 8


def test_the_id_of_a_line_finds_its_task_in_the_journal_when_the_output_file_is_gone(
    kie: Invoke, service: VirtualService, written: Callable[..., Path], tmp_path: Path
) -> None:
    lines = [{"id": "order-4711", "model": MODEL, "prompt": "a"}, *numbered(1)]
    assert kie("batch", written(*lines), "--out", tmp_path / "first.jsonl").exit_code == 0
    assert kie("batch", written(*lines), "--out", tmp_path / "second.jsonl").exit_code == 0
    assert len(service.state.accepted) == 3, "the line without an id is a new one"
    refs = [records(tmp_path / name)[0]["ref"] for name in ("first.jsonl", "second.jsonl")]
    assert refs[0] == refs[1]
    listed = document(kie("tasks", "--label", "order-4711", "--json"))
    assert [(row["ref"], row["state"], row["label"]) for row in listed] == [(refs[0], "succeeded", "order-4711")]


def test_an_id_that_another_batch_used_for_another_request_stops_nothing(
    kie: Invoke, service: VirtualService, written: Callable[..., Path], tmp_path: Path
) -> None:
    kie("batch", written({"id": 1, "model": MODEL, "prompt": "a"}), "--out", tmp_path / "first.jsonl")
    outcome = kie("batch", written({"id": 1, "model": MODEL, "prompt": "b"}), "--out", tmp_path / "second.jsonl")
    assert outcome.exit_code == 0
    assert "line 1: the journal already has id 1 for another request" in outcome.stderr
    assert len(service.state.accepted) == 2


def test_a_disk_that_is_full_after_a_submission_loses_no_ref(
    kie: Invoke, service: VirtualService, written: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = LockedLines.extend

    def full(lines: LockedLines, data: Iterable[bytes]) -> None:
        data = list(data)
        if lines.file.what == "the --out file" and b'"ref":null' not in data[0]:
            raise ConfigError(f"{lines.file.what} cannot be written: No space left on device")
        put(lines, data)

    monkeypatch.setattr(LockedLines, "extend", full)
    out = tmp_path / "results.jsonl"
    outcome = kie("batch", written(*numbered(2)), "--out", out)
    assert outcome.exit_code == 1
    for accepted in service.state.accepted:
        assert f"is task {accepted.task_id}, submitted" in outcome.stderr
    assert {row["state"] for row in records(out)} == {"succeeded"}, "there was room again at the end"


def test_stopping_on_failure_leaves_the_rest_for_the_next_time(
    kie: Invoke, at: At, written: Callable[..., Path], tmp_path: Path
) -> None:
    service = at(faults=[{"on": "createTask", "do": "fail_task", "code": 422, "nth": 1}])
    out = tmp_path / "results.jsonl"
    command = ("batch", written(*numbered(6)), "--out", out, "--concurrency", "1", "--stop-on-failure")
    outcome = kie(*command)
    assert (outcome.exit_code, outcome.stdout) == (3, "5 not run, 1 failed\n")
    assert len(service.state.accepted) == 1
    assert kie(*command).stdout == "5 succeeded, 1 failed\n"


def test_a_result_that_could_not_be_saved_is_saved_the_next_time(
    kie: Invoke, at: At, written: Callable[..., Path], tmp_path: Path
) -> None:
    service = at(faults=[{"on": "result", "do": "http", "status": 400, "nth": 1}])
    out = tmp_path / "results.jsonl"
    command = ("batch", written(*numbered(1)), "--out", out, "--save", tmp_path / "out")
    assert kie(*command).exit_code == 1
    assert records(out)[0]["error"]["type"] == "DownloadFailed"
    assert kie(*command).exit_code == 0
    assert len(records(out)[0]["files"]) == 1 and records(out)[0]["error"] is None
    assert len(service.state.accepted) == 1


def test_a_folder_that_cannot_be_made_stops_a_batch_before_it_costs(
    kie: Invoke, service: VirtualService, written: Callable[..., Path], tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    outcome = kie("batch", written(*numbered(1)), "--out", tmp_path / "o.jsonl", "--save", tmp_path / "file")
    assert outcome.exit_code == 2
    assert f"cannot save into {tmp_path / 'file'}" in outcome.stderr
    assert service.state.accepted == []


def test_a_batch_ends_at_its_timeout_and_the_same_command_continues(
    kie: Invoke, service: VirtualService, written: Callable[..., Path], tmp_path: Path
) -> None:
    out = tmp_path / "results.jsonl"
    command = ("batch", written(*numbered(4)), "--out", out, "--concurrency", "1")
    assert kie(*command, "--batch-timeout", "12").exit_code == 5
    assert 0 < len(service.state.accepted) < 4
    assert service.clock.now() <= 12
    assert kie(*command).stdout == "4 succeeded\n"
    assert len(service.state.accepted) == 4


def test_a_retired_model_needs_its_option_in_a_dry_run_and_in_a_run(
    kie: Invoke, service: VirtualService, written: Callable[..., Path], tmp_path: Path
) -> None:
    command = ("batch", written({"model": "midjourney", "prompt": "x"}), "--out", tmp_path / "results.jsonl")
    assert kie(*command, "--dry-run").exit_code == 2
    assert kie(*command, "--dry-run", "--allow-retired").exit_code == 0
    assert kie(*command).exit_code == 2
    assert service.state.accepted == []
    assert kie(*command, "--allow-retired").exit_code == 0
    assert len(service.state.accepted) == 1


def test_the_callback_url_goes_with_every_submission(
    kie: Invoke, service: VirtualService, written: Callable[..., Path], tmp_path: Path
) -> None:
    url = "https://example.com/hook"
    kie("batch", written(*numbered(2)), "--out", tmp_path / "results.jsonl", "--callback-url", url)
    assert [callback.url for callback in service.state.due_callbacks(service.clock.now())] == [url, url]


def test_a_simulation_needs_no_key_and_its_results_are_never_taken_for_real_ones(
    kie: Invoke, written: Callable[..., Path], tmp_path: Path, at: At
) -> None:
    out = tmp_path / "results.jsonl"
    source = written(*numbered(2))
    assert kie("batch", source, "--out", out, "--simulate", "--speed", "1000").exit_code == 0
    assert all(row["simulated"] for row in records(out))
    service = at()
    outcome = kie("batch", source, "--out", out)
    assert outcome.exit_code == 2 and "a simulated result" in outcome.stderr
    assert not service.state.accepted


def test_standard_input_is_read_and_a_file_that_is_not_an_output_file_is_refused(
    kie: Invoke, service: VirtualService, tmp_path: Path
) -> None:
    line = json.dumps(numbered(1)[0]).encode()
    assert kie("batch", "-", "--out", tmp_path / "o.jsonl", input=line).exit_code == 0
    strange = tmp_path / "strange.txt"
    strange.write_text("my notes\nof today\n")
    outcome = kie("batch", "-", "--out", strange, input=line)
    assert outcome.exit_code == 2 and "is not a record of a batch" in outcome.stderr
    assert strange.read_text() == "my notes\nof today\n"
    assert kie("batch", tmp_path / "nowhere.jsonl", "--out", tmp_path / "p.jsonl").exit_code == 2
    assert kie("batch", "-", "--out", tmp_path / "p.jsonl", "--concurrency", "0", input=line).exit_code == 2
    assert len(service.state.accepted) == 1


def test_a_second_process_may_not_write_the_same_output_file(
    kie: Invoke, service: VirtualService, written: Callable[..., Path], tmp_path: Path
) -> None:
    out = tmp_path / "results.jsonl"
    with BatchFile(out).exclusively():
        outcome = kie("batch", written(*numbered(1)), "--out", out)
    assert outcome.exit_code == 2 and "another process" in outcome.stderr
    assert not service.state.accepted


def test_ctrl_c_leaves_a_file_from_which_the_same_command_continues(
    kie: Invoke, service: VirtualService, written: Callable[..., Path], tmp_path: Path
) -> None:
    at_once = {"model": "suno/style", "content": "Pop"}  # is answered without a task
    out = tmp_path / "results.jsonl"
    command = ("batch", written(at_once, *numbered(12)), "--out", out, "--concurrency", "2")
    outcome = kie(*command, context=VirtualContext(service=service, on_request=interrupt_at("recordInfo")))
    assert outcome.exit_code == 130, outcome.output
    assert "run the same command again to continue" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert outcome.stdout == ""
    assert 0 < len(service.state.accepted) < 13
    assert kie(*command).exit_code == 0
    assert len(service.state.accepted) == 13, "every line was accepted once"
    assert {row["state"] for row in records(out)} == {"succeeded"}
    assert len(records(out)) == 13


def test_ctrl_c_between_two_outcomes_learns_the_refs_of_submissions_under_way_before_the_client_closes(
    kie: Invoke, at: At, written: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = at(faults=[{"on": "createTask", "do": "slow", "seconds": 5, "nth": 2}])
    out = tmp_path / "results.jsonl"
    states: list[str] = []

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    def close(self: MemoryTransport) -> None:
        states.extend({row["key"]: row["state"] for row in records(out)}.values())

    monkeypatch.setattr(ThreadPoolExecutor, "submit", interrupt)
    monkeypatch.setattr(MemoryTransport, "close", close)
    outcome = kie("batch", written({"model": "suno/style", "content": "Pop"}, *numbered(6)), "--out", out)
    assert outcome.exit_code == 130
    assert len(service.state.accepted) >= 3
    assert states.count("submitted") == len(service.state.accepted)
    assert "unknown" not in states


def test_a_batch_over_the_budget_does_not_begin(
    kie: Invoke, service: VirtualService, written: Callable[..., Path], tmp_path: Path
) -> None:
    out = tmp_path / "results.jsonl"
    outcome = kie("batch", written(*numbered(3)), "--out", out, "--budget", "50")
    assert outcome.exit_code == 6
    assert "these 3 requests may cost up to 54 credits, and the budget has 50 left of 50" in outcome.stderr
    assert (service.state.log, records(out)) == ([], [])
    dry = kie("batch", written(*numbered(3)), "--out", out, "--budget", "50", "--dry-run")
    assert (dry.exit_code, "may cost up to 54 credits" in dry.stderr) == (6, True)


def test_a_line_that_the_budget_refuses_does_not_stop_the_others(
    kie: Invoke, service: VirtualService, written: Callable[..., Path], tmp_path: Path
) -> None:
    dear = {"model": "kling-3.0/video", "prompt": "x", "duration": "15", "mode": "pro", "sound": True}
    out = tmp_path / "results.jsonl"
    lines = [*numbered(2), {**dear, "multi_shots": False}]
    outcome = kie("batch", written(*lines), "--out", out, "--budget-per-task", "20")
    assert outcome.exit_code == 6
    assert "line 3: not submitted: kling-3.0/video may cost up to 405 credits" in outcome.stderr
    assert [row["state"] for row in records(out)] == ["succeeded"] * 2
    assert kie("batch", written(*lines), "--out", out).exit_code == 0
    assert len(service.state.accepted) == 3


def test_a_batch_ends_with_what_it_cost_beside_what_it_was_to_cost(
    kie: Invoke, service: VirtualService, written: Callable[..., Path], tmp_path: Path
) -> None:
    outcome = kie("batch", written(*numbered(3)), "--out", tmp_path / "results.jsonl")
    last = outcome.stderr.splitlines()[-1]
    assert re.fullmatch(r"3 ended: [\d.]+ credits \([\d.]+ USD\); estimated 54 credits for 3 requests", last)
    shown = document(kie("batch", written(*numbered(3)), "--out", tmp_path / "results.jsonl", "--json"))
    assert shown["cost"]["unknown"] == 0 and shown["cost"]["estimate"]["credits"] == "54"


def test_a_line_whose_task_failed_at_no_cost_is_submitted_again(
    kie: Invoke, at: At, written: Callable[..., Path], tmp_path: Path
) -> None:
    service = at(faults=[{"on": "createTask", "do": "fail_task", "code": 500, "nth": 1}])
    outcome = kie("batch", written(*numbered(1)), "--out", tmp_path / "results.jsonl")
    assert (outcome.exit_code, len(service.state.accepted)) == (0, 2)
    assert records(tmp_path / "results.jsonl")[0]["ref"] == service.state.accepted[1].task_id
    service = at(faults=[{"on": "createTask", "do": "fail_task", "code": 500, "nth": 1}])
    command = ("batch", written(*numbered(1)), "--out", tmp_path / "others.jsonl", "--retry-free", "0")
    assert (kie(*command).exit_code, len(service.state.accepted)) == (3, 1)


def test_what_cannot_be_recorded_is_not_sent_and_what_was_sent_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    def full(*_: object) -> None:
        raise ConfigError("the disk is full")

    lines, file = cast(BatchLines, None), cast(BatchFile, SimpleNamespace(put=full))
    run = BatchRun(lines=lines, file=file, simulated=False, save=None)
    line = cast(Line, SimpleNamespace(key="1", number=1, label="l", identity=lambda: {"line": 1}))
    with pytest.raises(ConfigError, match="the disk is full"):
        run.record_submission(line, None)
    run.record_submission(line, TaskRef("t"))
    assert run.unwritten == "the disk is full" and "line 1 is task t" in capsys.readouterr().err


def test_a_task_of_another_request_under_the_same_label_is_not_that_of_a_line(
    kie: Invoke, service: VirtualService, written: Callable[..., Path], tmp_path: Path
) -> None:
    out, journal = tmp_path / "results.jsonl", tmp_path / "journal.jsonl"
    command = ("batch", written({"id": "a", "model": MODEL, "prompt": "a"}), "--out", out, "--journal", journal)
    assert kie(*command).exit_code == 0
    crashed = json.dumps({**records(out)[0], "state": "unknown", "ref": None, "label": "a", "urls": []}) + "\n"
    noted = records(journal)
    changed = [{**entry, "request": "0" * 64} if "request" in entry else entry for entry in noted]
    for entries, state in ((changed, "unknown"), (noted, "succeeded")):
        out.write_text(crashed)
        journal.write_text("".join(f"{json.dumps(entry)}\n" for entry in entries))
        assert kie(*command).exit_code == (0 if state == "succeeded" else 4)
        assert records(out)[0]["state"] == state
    assert len(service.state.accepted) == 1


def recorded(lines: object = None) -> tuple[BatchRun, list[tuple[str, str]]]:
    """A run, and the keys and states that it records."""
    puts: list[tuple[str, str]] = []
    file = SimpleNamespace(put=lambda key, record: puts.append((key, record["state"])))
    run = BatchRun(lines=cast(BatchLines, lines), file=cast(BatchFile, file), simulated=False, save=None)
    return run, puts


def numbered_line(number: int) -> Line:
    key = str(number)
    return cast(Line, SimpleNamespace(key=key, id=key, number=number, label=key, identity=lambda: {"line": number}))


def test_a_line_whose_file_is_gone_takes_no_task_from_the_journal() -> None:
    def gone(_: Line) -> Any:
        raise ConfigError("a local file is gone")

    line = numbered_line(1)
    run, puts = recorded(SimpleNamespace(each=lambda _: [(line, {"state": "unknown", "label": "1"})], request=gone))
    entry = SimpleNamespace(label="1", request="of another file", ref=TaskRef("t"), state="accepted")
    run.recover(cast(Journal, SimpleNamespace(_matching=lambda _: [entry])))
    assert puts == []


def test_only_an_announced_line_is_recorded_as_stopped() -> None:
    run, puts = recorded()
    announced, postponed, untouched = map(numbered_line, (1, 2, 3))
    run.record_submission(announced, None)
    run.record_submission(postponed, None)
    run.record_postponed(postponed)
    for line in (announced, postponed, untouched):
        outcome: Outcome[Any] = Failed(index=line.number, error=BatchStopped("interrupted", None), ended=0.0)
        run.record_outcome(line, outcome)
    assert puts == [("1", "unknown"), ("2", "unknown"), ("2", "stopped"), ("1", "stopped")]
    assert not run.under_way
