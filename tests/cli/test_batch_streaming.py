"""`kie batch` reads its input line by line, and runs one part of it on each of several machines."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from benchmarks.lines import measured, write
from kie import ConfigError, RateLimit
from kie._cli import batch_index, batch_lines, batch_stream, values
from kie._cli.batch_file import BatchFile
from kie._cli.batch_index import BatchIndex
from kie._cli.batch_lines import Defaults, Line, opened
from kie._cli.batch_options import rate_of
from kie._cli.batch_store import BatchLines, Shard
from kie._cli.output import document as written_whole
from kie._cli.output import streamed
from tests.cli.conftest import At, Invoke, VirtualContext, VirtualService, document
from tests.processes import joined

MODEL = "nano-banana-pro"
LINES = 12


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "batch.jsonl"
    path.write_text("".join(f'{{"model": "{MODEL}", "prompt": "{number}"}}\n' for number in range(LINES)), "utf-8")
    return path


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def prompts(service: VirtualService) -> list[str]:
    return sorted((str(task.input["prompt"]) for task in service.state.accepted), key=int)


# the input


def test_the_file_is_read_line_by_line(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line is checked before the next but one is read."""
    read: list[int] = []
    split = batch_lines._split

    def watched(file: Any, name: str) -> Iterator[bytes]:
        for number, line in enumerate(split(file, name), 1):
            read.append(number)
            yield line

    checked: list[int] = []

    def judge(line: Line) -> list[str]:
        checked.append(line.number)
        assert len(read) == len(checked)
        return []

    monkeypatch.setattr(batch_lines, "_split", watched)
    lines = BatchLines(BatchIndex())
    lines.read(str(source), judge)
    assert checked == list(range(1, LINES + 1)) and lines.total == LINES


@pytest.mark.skipif(os.name != "posix", reason="devices and pipes are POSIX's")
def test_a_pipe_is_copied_into_a_temporary_file(kie: Invoke, service: VirtualService, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    line = json.dumps({"model": MODEL, "prompt": "1"}).encode()
    writer = threading.Thread(target=lambda: pipe.write_bytes(line + b"\n\n" + line))
    writer.start()
    try:
        outcome = kie("batch", pipe, "--out", tmp_path / "o.jsonl")
    finally:
        joined(writer)
    assert outcome.stdout == "2 succeeded\n", outcome.output
    assert [row["line"] for row in records(tmp_path / "o.jsonl")] == [1, 3]


@pytest.mark.skipif(os.name != "posix", reason="devices and pipes are POSIX's")
def test_a_line_without_an_end_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(values, "MOST_READ", 1024**2)
    (tmp_path / "long.jsonl").write_bytes(b"x" * (1024**2 + 1))
    with pytest.raises(ConfigError, match="has a line of more than 1 MiB"):
        BatchLines(BatchIndex()).read(str(tmp_path / "long.jsonl"))
    with pytest.raises(ConfigError, match="has a line of more than 1 MiB"), opened("/dev/zero"):
        raise AssertionError("it was copied")


def test_what_is_read_while_the_batch_runs_is_what_was_there_when_it_began(
    kie: Invoke, service: VirtualService, source: Path, tmp_path: Path
) -> None:
    def spoil(_: str) -> None:
        source.write_text("")

    context = VirtualContext(service=service, on_request=spoil)
    outcome = kie("batch", source, "--out", tmp_path / "o.jsonl", "--concurrency", "1", context=context)
    assert outcome.stdout == f"{LINES} succeeded\n"
    assert prompts(service) == [str(number) for number in range(LINES)]


def test_a_file_that_is_gone_when_its_line_is_run_makes_that_line_invalid(
    kie: Invoke, service: VirtualService, picture: Path, tmp_path: Path
) -> None:
    source, out = tmp_path / "b.csv", tmp_path / "o.jsonl"
    source.write_text(f"id,prompt,image_input\na,first,\nb,second,{picture}\nc,third,\n")

    def remove(url: str) -> None:
        if "recordInfo" in url:
            picture.unlink(missing_ok=True)

    context = VirtualContext(service=service, on_request=remove)
    outcome = kie("batch", source, "--model", MODEL, "--out", out, "--concurrency", "1", context=context)
    assert (outcome.exit_code, outcome.stdout) == (2, "2 succeeded, 1 invalid\n")
    assert [(row["id"], row["state"]) for row in records(out)] == [
        ("a", "succeeded"), ("b", "invalid"), ("c", "succeeded")
    ]  # fmt: skip
    assert "is neither a URL" in records(out)[1]["error"]["message"]


@pytest.mark.skipif(os.name != "posix", reason="devices and pipes are POSIX's")
def test_a_pipe_that_a_line_names_is_read_once(kie: Invoke, service: VirtualService, tmp_path: Path) -> None:
    from PIL import Image

    pipe, held = tmp_path / "pipe.png", io.BytesIO()
    Image.new("RGB", (64, 64), "navy").save(held, "png")
    os.mkfifo(pipe)
    source = tmp_path / "b.csv"
    source.write_text(f"prompt,image_input\nx,{pipe}\n")
    writer = threading.Thread(target=lambda: pipe.write_bytes(held.getvalue()), daemon=True)
    writer.start()
    outcome = kie("batch", source, "--model", MODEL, "--out", tmp_path / "o.jsonl")
    joined(writer)
    assert outcome.stdout == "1 succeeded\n", outcome.output


# what is under way


def test_only_what_is_under_way_is_remembered(
    kie: Invoke, service: VirtualService, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    streams: list[batch_stream.BatchStream] = []
    most = 0
    flying = batch_stream.BatchStream._submission

    def watched(self: batch_stream.BatchStream, index: int, ref: Any) -> None:
        nonlocal most
        streams.append(self)
        most = max(most, len(self._flying))
        flying(self, index, ref)

    monkeypatch.setattr(batch_stream.BatchStream, "_submission", watched)
    assert kie("batch", source, "--out", tmp_path / "o", "--concurrency", "2").exit_code == 0
    assert most <= 4
    assert (streams[0]._flying, streams[0]._half) == ({}, set())


def test_lines_that_a_stopped_batch_did_not_come_to_are_reported(
    kie: Invoke, at: At, source: Path, tmp_path: Path
) -> None:
    at(faults=[{"on": "createTask", "do": "fail_task", "code": 422, "nth": 1}])
    out = tmp_path / "o.jsonl"
    outcome = kie("batch", source, "--out", out, "--concurrency", "1", "--stop-on-failure")
    assert outcome.stdout == f"{LINES - 1} not run, 1 failed\n"
    told = [line for line in outcome.stderr.splitlines() if line.endswith("stopped")]
    assert told == [f"{number}/{LINES} line {number}, {MODEL} stopped" for number in range(2, LINES + 1)]


def test_a_journal_of_other_batches_is_not_kept(
    kie: Invoke, service: VirtualService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the submissions in the journal only those are found whose labels are ids of lines to run."""
    source, journal = tmp_path / "b.csv", tmp_path / "journal"
    command = ("batch", source, "--model", MODEL, "--journal", journal)
    source.write_text("id,prompt\n" + "".join(f"id-{number},{number}\n" for number in range(5)))
    kie(*command, "--out", tmp_path / "first.jsonl")
    source.write_text("id,prompt\nid-3,3\nid-9,9\n")
    known: list[set[str]] = []
    found = batch_stream.BatchStream._in_journal
    monkeypatch.setattr(batch_stream.BatchStream, "_in_journal", lambda self: known.append({*(f := found(self))}) or f)
    assert kie(*command, "--out", tmp_path / "second.jsonl").exit_code == 0
    assert kie(*command, "--out", tmp_path / "second.jsonl").exit_code == 0
    assert known == [{"id-3"}, set()]
    assert len(service.state.accepted) == 6, "id-3 is the task of the first batch"


# the database


def test_a_database_that_is_full_is_reported_and_nothing_is_sent(
    kie: Invoke, service: VirtualService, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = BatchIndex.named

    def full(self: BatchIndex, name: str) -> int:
        with self._explained():
            raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(BatchIndex, "named", full)
    outcome = kie("batch", source, "--out", tmp_path / "o.jsonl")
    assert outcome.exit_code == 2
    assert "the temporary database of the batch cannot be used: database or disk is full; set TMPDIR" in outcome.stderr
    monkeypatch.setattr(BatchIndex, "named", named)
    assert service.state.accepted == []


def test_pages_follow_one_another_while_others_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_index, "PAGE", 3)
    index = BatchIndex()
    index.write("INSERT INTO refused VALUES (?, ?)", [(number, "x") for number in range(1, 11)])
    found = []
    for number, _ in index.pages("SELECT number, why FROM refused WHERE number > ? ORDER BY number"):
        found.append(number)
        index.rows("DELETE FROM refused WHERE number = ?", number)
    assert found == list(range(1, 11))


@pytest.mark.parametrize("text", ["plain", "Grüße", "half \ud800", ""])
def test_any_text_comes_back_as_it_was(text: str) -> None:
    index = BatchIndex()
    assert [index.named(text), index.named(text), index.named("other")] == [1, 2, 1]
    assert batch_index.loaded(batch_index.stored(text)) == text
    file = BatchFile("x", index)
    file.records.put([(text, json.dumps({"key": text}).encode())])
    assert (list(file.records), file.records[text]) == ([text], {"key": text})


def test_a_key_without_a_record_is_missing() -> None:
    records = BatchFile("x").records
    assert (len(records), records.get("a")) == (0, None)
    with pytest.raises(KeyError):
        records["a"]


@pytest.mark.parametrize("rows", [[], [1], [{"a": [1, {}], "b": "x\ny"}, "Grüße"] * 300])
def test_a_document_that_comes_item_by_item_is_written_like_any_other(
    rows: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    whole: dict[str, Any] = {"total": 2, "lines": rows, "cost": {"models": {}, "open": [1]}, "more": rows, "end": None}
    streamed({name: iter(part) if part is rows else part for name, part in whole.items()})
    first = capsys.readouterr().out
    written_whole(whole)
    assert first == capsys.readouterr().out


def test_an_empty_document_is_written_like_any_other(capsys: pytest.CaptureFixture[str]) -> None:
    streamed({})
    assert capsys.readouterr().out == "{}\n"


# memory


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_file_that_is_five_times_as_long_needs_no_more_memory(tmp_path: Path) -> None:
    occupied: list[float] = []
    for count in (5_000, 25_000):
        write(tmp_path / "lines.jsonl", count)
        occupied.append(measured(str(tmp_path / "lines.jsonl"), "--dry-run", "--json")[1])
    grown = occupied[1] - occupied[0]
    assert grown < 12, "a line that is kept costs a kilobyte and more: 20,000 of them 20 MB at least"


# shards


@pytest.mark.parametrize("count", [1, 2, 5, 20])
def test_shards_have_every_line_once(kie: Invoke, at: At, source: Path, tmp_path: Path, count: int) -> None:
    service = at(credits=10**6)
    seen: list[int] = []
    for number in range(1, count + 1):
        out = tmp_path / f"{number}.jsonl"
        assert kie("batch", source, "--out", out, "--shard", f"{number}/{count}").exit_code == 0
        mine = [row["line"] for row in records(out)]
        assert all(line % count == number % count for line in mine)
        seen += mine
    assert sorted(seen) == list(range(1, LINES + 1))
    assert prompts(service) == [str(number) for number in range(LINES)]


def test_a_line_is_the_same_in_a_shard_and_in_the_whole(kie: Invoke, service: VirtualService, tmp_path: Path) -> None:
    """Equal lines are counted over the whole file, so that a later run without shards finds each of them."""
    source = tmp_path / "b.jsonl"
    source.write_text(f'{{"model": "{MODEL}", "prompt": "1"}}\n' * 4)
    parts = [tmp_path / "1", tmp_path / "2"]
    for number, out in enumerate(parts, 1):
        kie("batch", source, "--out", out, "--shard", f"{number}/2")
    keys = [[row["key"] for row in records(out)] for out in parts]
    whole = tmp_path / "whole"
    whole.write_bytes(b"".join(out.read_bytes() for out in parts))
    assert kie("batch", source, "--out", whole).stdout == "4 succeeded\n"
    first, *others = [row["key"] for row in records(whole)]
    assert others == [f"{first}#{number}" for number in (2, 3, 4)]
    assert keys == [[first, others[1]], [others[0], others[2]]]
    assert len(service.state.accepted) == 4, "nothing was run again"


def test_a_row_of_several_lines_is_one_and_its_seeds_stay_together(
    kie: Invoke, service: VirtualService, tmp_path: Path
) -> None:
    source, out = tmp_path / "b.csv", tmp_path / "o.jsonl"
    source.write_text('id,prompt\na,"1\n1"\n\nb,"2\n2"\nc,"3\n3"\n')
    command = ("batch", source, "--model", "bytedance/seedream", "--seeds", "7-8")
    assert kie(*command, "--out", out, "--shard", "1/2").exit_code == 0
    assert [row["id"] for row in records(out)] == ["a-7", "a-8", "c-7", "c-8"]


def test_a_seed_may_be_larger_than_a_database_counts(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("prompt\nx\n")
    seed = 10**30
    lines = BatchLines(BatchIndex(), Defaults(model="bytedance/seedream", seeds=[seed]))
    lines.read(str(tmp_path / "b.csv"))
    [(line, recorded)] = lines.each()
    assert (lines.fields(line)["seed"], recorded) == (seed, {})


def test_an_id_that_another_shard_has_is_taken_there_too(kie: Invoke, tmp_path: Path) -> None:
    source = tmp_path / "b.csv"
    source.write_text("id,prompt\na,1\na,2\n")
    outcome = kie("batch", source, "--model", MODEL, "--dry-run", "--shard", "2/2")
    assert (
        outcome.exit_code,
        "line 3: invalid: the id a is that of an earlier line; give each line its own" in outcome.stderr,
    ) == (2, True)


def test_a_shard_says_which_part_it_is(kie: Invoke, service: VirtualService, source: Path, tmp_path: Path) -> None:
    command = ("batch", source, "--shard", "2/5")
    assert kie(*command, "--dry-run").stdout.splitlines()[0] == f"shard 2/5, 3 of {LINES} lines: 3 to run"
    planned = document(kie(*command, "--dry-run", "--json"))
    assert (planned["total"], planned["plan"], planned["shard"]) == (3, {"run": 3}, "2/5")
    done = kie(*command, "--out", tmp_path / "o.jsonl")
    assert f"shard 2/5: {LINES - 3} lines are left to the other shards" in done.stderr.splitlines()
    assert (done.stdout, len(service.state.accepted)) == ("3 succeeded\n", 3)
    shown = document(kie(*command, "--out", tmp_path / "o.jsonl", "--json"))
    assert (shown["total"], shown["shard"], len(shown["lines"])) == (3, "2/5", 3)
    assert "shard" not in document(kie("batch", source, "--dry-run", "--json"))


def test_the_table_of_a_shard_has_its_lines(kie: Invoke, service: VirtualService, source: Path, tmp_path: Path) -> None:
    kie("batch", source, "--out", tmp_path / "o", "--shard", "4/6", "--table", tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        assert [(row["line"], row["prompt"]) for row in csv.DictReader(file)] == [("4", "3"), ("10", "9")]


@pytest.mark.parametrize("text", ["", "2", "0/5", "6/5", "1/0", "a/b", "1/5/2", "-1/5", "1.0/5", "/5", "1/"])
def test_what_is_not_a_part_is_refused_with_one_sentence(kie: Invoke, source: Path, text: str) -> None:
    outcome = kie("batch", source, "--dry-run", f"--shard={text}")
    assert outcome.exit_code == 2
    assert outcome.stderr.count("--shard must be part/parts, such as 2/5") == 1
    with pytest.raises(click.UsageError):
        Shard.of(text)


# the rate


@pytest.mark.parametrize(
    ("text", "submissions", "window", "reads_per_second"),
    [
        ("20/10", 20, 10.0, 10.0),
        ("4/10", 4, 10.0, 2.0),
        ("1/60", 1, 60.0, 1 / 12),
        (" 5 / 10 ", 5, 10.0, 2.5),
        ("100/10", 100, 10.0, 50.0),
        ("3/1.5", 3, 1.5, 10.0),
    ],
)
def test_reads_have_the_same_share_as_submissions(
    text: str, submissions: int, window: float, reads_per_second: float
) -> None:
    limit = rate_of(text)
    assert (limit.submissions, limit.submissions_window) == (submissions, window)
    assert limit.reads / limit.reads_window == pytest.approx(reads_per_second)
    assert limit.reads >= 1 and limit.models == RateLimit().models


@pytest.mark.parametrize("text", ["", "4", "0/10", "4/0", "4/-1", "4/inf", "4/nan", "a/b", "4.5/10", "4/10/2"])
def test_what_is_not_a_rate_is_refused_with_one_sentence(kie: Invoke, source: Path, text: str) -> None:
    outcome = kie("batch", source, "--dry-run", f"--rate={text}")
    assert outcome.exit_code == 2
    assert outcome.stderr.count("--rate (KIE_RATE) must be submissions/seconds") == 1


@pytest.mark.parametrize("way", ["option", "variable"])
def test_no_more_is_submitted_than_this_machine_may(
    kie: Invoke, service: VirtualService, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    given = ("--rate", "4/10") if way == "option" else ()
    if way == "variable":
        monkeypatch.setenv("KIE_RATE", "4/10")
    sent: list[float] = []

    def watch(url: str) -> None:
        if "createTask" in url:
            sent.append(service.clock.now())

    context = VirtualContext(service=service, on_request=watch)
    assert kie("batch", source, "--out", tmp_path / "o.jsonl", *given, context=context).exit_code == 0
    assert len(sent) == LINES
    assert all(later - earlier >= 10 for earlier, later in zip(sent, sent[4:], strict=False))
    assert sent[-1] < 25, "no slower than it may be"


def test_the_plan_says_how_long_submitting_takes(kie: Invoke, source: Path) -> None:
    outcome = kie("batch", source, "--dry-run", "--rate", "4/10")
    assert outcome.stdout.splitlines()[-1] == "submitting takes at least 20 s, at 4 in 10 s"
    planned = document(kie("batch", source, "--dry-run", "--rate", "4/10", "--json"))
    assert planned["rate"] == {"submissions": 4, "seconds": 10.0, "at_least_seconds": 20.0}


def test_a_simulation_has_no_part_of_the_limit(kie: Invoke, source: Path, tmp_path: Path) -> None:
    outcome = kie("batch", source, "--out", tmp_path / "o", "--simulate", "--rate", "4/10")
    assert outcome.exit_code == 2
    assert "--rate has no effect with --simulate" in outcome.stderr
