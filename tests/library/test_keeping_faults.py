"""Whatever happens to a library, no ref and no result is lost for it: one warning says what is not kept."""

from __future__ import annotations

import errno
import json
import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from kie import ConfigError, Library, simulated
from kie._library import folders as on_disk
from kie._library import keeping
from kie.models import NanoBananaPro, SunoGenerate
from kie.testing import virtual_kie
from tests.library.either_client import PNG, EitherClient, folders, left_over
from tests.processes import LONGEST, bounded, until

CITY = NanoBananaPro(prompt="A city", image_input=[PNG])
SONG = SunoGenerate(prompt="A song about rain", custom_mode=False, instrumental=False, model="V5")


@pytest.fixture(params=["sync", "async"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., EitherClient]:
    """Makes a client of either kind with a library, over a simulator that follows a script."""
    return lambda *faults, **settings: EitherClient(request.param == "async", tmp_path, faults=list(faults), **settings)


def warnings_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def full(*_: object, **__: object) -> Any:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


STEPS = {
    "accepted": (on_disk, "write", "the request"),
    "inputs": (on_disk, "put", "the request"),
    "end": (on_disk.Folders, "replace", "outcome and files"),
    "files": (keeping, "replace", "outcome and files"),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_full_disk_costs_no_result(
    either: Callable[..., EitherClient], step: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    one = either()
    where, name, lost = STEPS[step]
    monkeypatch.setattr(where, name, full)
    result = one.run(CITY)
    assert result.urls
    told = [text for text in warnings_of(caplog) if f"does not keep {lost} of run {result.ref}" in text]
    assert len(told) == 1 and "No space left on device" in told[0] and str(one.library.path) in told[0]
    assert all((folder / "run.json").is_file() for folder in folders(one.library))
    monkeypatch.undo()
    again = one.do(lambda client: client.task(result.ref).wait())
    run = one.library[again.ref]
    assert run.state == "succeeded" and run.files and one.library.unsaved() == [] and left_over(one.library) == []


def test_inputs_that_cannot_be_copied_do_not_cost_the_request(
    either: Callable[..., EitherClient], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    one = either()
    real = on_disk.put
    monkeypatch.setattr(on_disk, "put", lambda folder, contents: full() if contents else real(folder, contents))
    run = one.library[one.run(CITY).ref]
    assert run.prompt == "A city" and run.state == "succeeded" and run.files
    assert (run.inputs[0].role, run.inputs[0].name) == ("image_input[0]", None) and run.inputs[0].sha256
    assert any("does not keep the request" in text for text in warnings_of(caplog))


def test_a_download_that_fails_costs_no_result(
    either: Callable[..., EitherClient], caplog: pytest.LogCaptureFixture
) -> None:
    one = either({"on": "result", "do": "http", "status": 403, "every": 1})
    result = one.run(CITY)
    run = one.library[result.ref]
    assert (run.state, run.files, one.library.unsaved()) == ("succeeded", (), [run])
    [told] = [text for text in warnings_of(caplog) if "files of run" in text]
    assert f"1 of 1 files of run {run.id}" in told and f"client.task('{run.id}').wait()" in told
    assert left_over(one.library) == []


def test_only_the_files_that_are_missing_are_fetched_by_the_next_wait(either: Callable[..., EitherClient]) -> None:
    one = either({"on": "result", "do": "http", "status": 400, "nth": 1})
    one.run(SONG)
    [run] = one.library.unsaved()
    assert len(run.files) == 1
    before = run.files[0].stat().st_mtime_ns
    asked = one.asked("result")
    one.do(lambda client: client.task(run.ref).wait())
    assert one.library.unsaved() == [] and one.asked("result") == asked + 1
    assert one.library[run.id].files[0].exists() and len(one.library[run.id].files) == 2
    assert run.files[0].stat().st_mtime_ns == before


def test_a_batch_whose_downloads_fail_gives_every_result(either: Callable[..., EitherClient]) -> None:
    one = either({"on": "result", "do": "http", "status": 404, "every": 1})
    outcomes = one.do(lambda client: client.batch.run([CITY, SONG]))
    assert [outcome.state for outcome in outcomes] == ["succeeded"] * 2
    assert {run.id for run in one.library.unsaved()} == {str(outcome.ref) for outcome in outcomes}


def test_a_library_that_vanishes_during_a_run_costs_no_result(
    either: Callable[..., EitherClient], caplog: pytest.LogCaptureFixture
) -> None:
    one = either()
    gone: list[int] = []

    def vanish(*_: object) -> None:
        if not gone:
            shutil.rmtree(one.library.path)
            gone.append(1)

    result = one.run(CITY, on_progress=vanish)
    assert gone and result.urls
    run = one.library[result.ref]  # it is made again, with what is known by then
    assert run.state == "succeeded" and run.files


def test_a_library_that_certainly_cannot_be_written_is_refused_before_anything_is_sent(
    either: Callable[..., EitherClient], tmp_path: Path
) -> None:
    one = either()
    one.library.path.write_text("a file")
    with pytest.raises(ConfigError, match=r"runs is not a folder; choose .* Nothing was sent"):
        one.run(CITY)
    assert one.service.accepted == [] and one.library.path.read_text() == "a file"
    assert not (tmp_path / "journal.jsonl").exists()


@pytest.mark.parametrize(
    ("there", "closed"), [([], "."), (["runs"], "runs"), (["runs", "runs/.tmp"], "runs"), (["runs/2026"], "runs/2026")]
)
def test_a_folder_that_cannot_be_written_is_named_before_anything_is_sent(
    either: Callable[..., EitherClient], tmp_path: Path, there: list[str], closed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = either()
    for name in there:
        (tmp_path / name).mkdir(parents=True)
    folder, access = tmp_path / closed, os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != folder and access(path, mode))
    with pytest.raises(ConfigError, match=re.escape(f"{folder} is read-only, or belongs to somebody else")):
        one.run(CITY)
    assert one.service.accepted == []


def test_a_library_whose_folders_of_today_can_be_written_needs_no_other(
    either: Callable[..., EitherClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, access = either(), os.access
    one.run(CITY)
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != one.library.path and access(path, mode))
    assert one.run(CITY).urls
    assert len(folders(one.library)) == 2


def test_a_library_that_the_process_may_write_is_not_refused_for_the_rights_of_its_user(
    either: Callable[..., EitherClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, real = either(), os.access

    def access(path: Any, mode: int, *, effective_ids: bool = False) -> bool:
        return effective_ids and real(path, mode)

    monkeypatch.setattr(os, "access", access)
    monkeypatch.setattr(os, "supports_effective_ids", {access})
    assert one.run(CITY).urls
    assert len(folders(one.library)) == 1


@pytest.mark.parametrize("fault", [errno.EACCES, errno.ESTALE])
def test_a_library_that_cannot_be_reached_is_refused_only_if_that_will_not_change(
    either: Callable[..., EitherClient], fault: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, stat, access = either(), os.stat, os.access
    folder = one.library.path
    folder.mkdir()

    def failing(path: Any, *args: Any, **options: Any) -> os.stat_result:
        if path in (folder, str(folder)):
            raise OSError(fault, os.strerror(fault), str(path))
        return stat(path, *args, **options)

    monkeypatch.setattr(os, "stat", failing)
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != folder and access(path, mode))
    if fault == errno.EACCES:
        with pytest.raises(ConfigError, match=re.escape(f"{folder} is read-only, or belongs to somebody else")):
            one.run(CITY)
    else:
        assert one.run(CITY).urls
    assert len(one.service.accepted) == (fault != errno.EACCES)


def test_a_library_that_becomes_a_file_later_costs_no_result(
    either: Callable[..., EitherClient], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    one = either()
    task = one.do(lambda client: client.submit(CITY))
    shutil.rmtree(one.library.path)
    one.library.path.write_text("a file")
    result = one.do(lambda _: task.wait())
    assert result.urls and one.library.path.read_text() == "a file"
    told = [text for text in warnings_of(caplog) if str(one.library.path) in text and "does not keep" in text]
    assert 1 <= len(told) <= 3


@pytest.mark.parametrize("content", ["", "not json", '{"schema": 99}', '{"id": "other"}', "[]"])
def test_a_foreign_or_broken_record_of_the_same_task_is_left_alone(
    either: Callable[..., EitherClient], content: str, caplog: pytest.LogCaptureFixture
) -> None:
    one = either()
    task = one.do(lambda client: client.submit(CITY))
    [folder] = folders(one.library)
    (folder / "run.json").write_text(content)
    result = one.do(lambda _: task.wait())
    assert result.urls
    assert (folder / "run.json").read_text() == content
    assert folders(one.library) == [folder]
    told = [text for text in warnings_of(caplog) if "does not keep the outcome" in text]
    assert told and all(f"{folder / 'run.json'} cannot be read" in text for text in told)


def test_any_error_of_a_library_is_a_warning(
    either: Callable[..., EitherClient], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    one = either()

    def broken(*_: object) -> Any:
        raise RuntimeError("of somebody's store")

    for name in ("_accepted", "_lacking"):
        monkeypatch.setattr(type(one.library), name, broken)
    assert one.run(CITY).urls
    assert sum("of somebody's store" in text for text in warnings_of(caplog)) == 2


def test_the_ref_is_known_when_an_interruption_comes_while_a_run_is_kept(tmp_path: Path) -> None:
    library = Library(tmp_path / "runs", derivatives=None)
    seen: list[Any] = []
    client, service, _ = virtual_kie(library=library, on_submitted=seen.append)
    real = library._accepted

    def interrupted(submission: Any) -> None:
        real(submission)
        raise KeyboardInterrupt

    library._accepted = interrupted  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt) as raised:
        client.run(CITY)
    assert [str(ref) for ref in seen] == [service.accepted[0].task_id]
    assert str(getattr(raised.value, "ref", "")) == service.accepted[0].task_id
    assert [run.id for run in library.unsaved()] == [service.accepted[0].task_id]


def test_an_interruption_of_a_download_leaves_nothing_half(tmp_path: Path) -> None:
    library = Library(tmp_path / "runs", derivatives=None)

    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    client, _, _ = virtual_kie(library=library, on_transfer=interrupt)
    with pytest.raises(KeyboardInterrupt) as raised:
        client.run(NanoBananaPro(prompt="A city"))
    [run] = library.unsaved()
    assert run.state == "succeeded" and str(getattr(raised.value, "ref", "")) == run.id
    assert left_over(library) == [] and not (run.folder / "original").exists()


def test_two_clients_that_keep_the_same_task_agree(tmp_path: Path) -> None:
    libraries = [Library(tmp_path / "runs", derivatives=None) for _ in range(4)]
    with simulated(speed=1000) as service:
        ref = service.client().submit(CITY).ref
        with ThreadPoolExecutor(4) as pool:
            waits = [pool.submit(service.client(library=each).task(ref).wait) for each in libraries]
            assert all(wait.result().urls for wait in waits)
    [run] = Library(tmp_path / "runs")
    assert run.state == "succeeded" and len(run.files) == 1
    assert [path.name for path in (run.folder / "original").iterdir()] == ["0.png"]
    assert left_over(libraries[0]) == []


WORK = """
import sys
from pathlib import Path
from kie import Kie, Library, PollPolicy
from kie.models import NanoBananaPro
root, base, upload, count = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
library = Library(root / "runs", derivatives=None)
servers, kept = {"base_url": base, "upload_url": upload}, {"journal": root / "journal.jsonl", "library": library}
with Kie("simulated", **servers, **kept, poll=PollPolicy(speed=1000)) as client:
    requests = [NanoBananaPro(prompt=f"City {n}", image_input=[root / "in.png"]) for n in range(count)]
    client.batch.run(requests, labels=[f"line {n}" for n in range(count)], tags=["killed"])
print("done", flush=True)
"""


def started(root: Path, service: Any, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WORK, str(root), service.base_url, service.upload_url, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


@pytest.mark.parametrize("after", [1, 3, 8])
def test_a_process_that_is_killed_leaves_whole_folders_and_the_next_one_keeps_the_rest(
    tmp_path: Path, after: int
) -> None:
    count = 10
    (tmp_path / "in.png").write_bytes(PNG)
    with simulated(speed=1000, limits=False, credits=10**6) as service:
        process = started(tmp_path, service, count)
        with bounded(process):
            until(lambda: len(service.state.accepted) >= after or process.poll() is not None)
        process.communicate(timeout=LONGEST)
        assert len(service.state.accepted) >= after, "it was at work"
        library = Library(tmp_path / "runs", derivatives=None)
        for folder in folders(library):
            document = json.loads((folder / "run.json").read_text())
            assert document["id"] == folder.name
            for file in (*document.get("inputs", ()), *document.get("outputs", ())):
                assert file.get("name") is None or (folder / file["name"]).stat().st_size == file["size"]
        again = started(tmp_path, service, count)
        with bounded(again):
            out, _ = again.communicate()
        assert "done" in out
        accepted = {task.task_id for task in service.state.accepted}
    kept = {run.id: run for run in Library(tmp_path / "runs", derivatives=None)}
    entries = [json.loads(line) for line in (tmp_path / "journal.jsonl").read_text().splitlines()]
    known = {entry["ref"] for entry in entries if entry.get("ref")}
    assert known <= kept.keys() and known <= accepted
    assert all(kept[ref].state == "succeeded" and kept[ref].files and kept[ref].request for ref in known)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_an_async_client_keeps_its_runs_on_either_event_loop(tmp_path: Path, backend: str) -> None:
    import anyio

    library = Library(tmp_path / "runs", derivatives=None)

    async def main() -> None:
        async with simulated(speed=1000) as service:
            client = service.async_client(library=library)
            result = await client.run(CITY)
            assert library[result.ref].files
            song = await client.run(SONG)
            assert len(library[song.ref].files) == len(song.assets)
            assert len(await song.save(tmp_path / "out")) == len(song.assets)
            outcomes = await client.batch.run([CITY, SONG])
            assert all(library[outcome.ref].files for outcome in outcomes if outcome.ref is not None)
            async for outcome in client.batch.stream([CITY]):
                assert outcome.ref is not None and library[outcome.ref].files

    anyio.run(main, backend=backend)
    assert len(library) == 5 and library.unsaved() == []


def test_a_client_in_many_threads_keeps_all_runs(tmp_path: Path) -> None:
    library = Library(tmp_path / "runs", derivatives=None)
    with (
        simulated(speed=1000, limits=False) as service,
        service.client(library=library) as client,
        ThreadPoolExecutor(8) as pool,
    ):
        results = list(pool.map(client.run, [SONG, CITY] * 8))
    assert {str(result.ref) for result in results} == {run.id for run in library}
    assert library.unsaved() == [] and left_over(library) == []


class Ears:
    """Stands for a receiver of callbacks, to which each task is reported at once."""

    url = "https://hooks.example/kie"

    def __init__(self) -> None:
        self.heard: list[str] = []

    def wait(self, task_id: str, seconds: float) -> bool:
        self.heard.append(task_id)
        return True

    async def wait_async(self, task_id: str, seconds: float) -> bool:
        self.heard.append(task_id)
        return True


def test_a_run_that_a_callback_ends_is_kept(either: Callable[..., EitherClient]) -> None:
    one = either()
    ears = Ears()
    result = one.run(CITY, via=ears)
    assert one.library[result.ref].files and ears.heard == [result.ref.id]
