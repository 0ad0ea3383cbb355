"""A client with a library keeps every run: what was asked, what came of it, and its files."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest

from kie import (
    ApiError,
    ConfigError,
    DownloadFailed,
    Journal,
    Kie,
    Library,
    RequestInvalid,
    SubmitUnknown,
    TaskFailed,
    TaskRef,
    TaskTimeout,
    simulated,
)
from kie._library.folders import Folders, put, write
from kie._tasks.keeping import Finished, Occasion
from kie.errors import NotFound
from kie.library import Run, RunPrompts
from kie.models import (
    NanoBananaPro,
    Seedream45TextToImage,
    SunoGenerate,
    SunoLyrics,
    Veo1080p,
    VeoExtend,
    VeoGenerate,
)
from kie.testing import virtual_kie
from tests.library.either_client import PNG, EitherClient, left_over

CITY = NanoBananaPro(prompt="A city")
SONG = SunoGenerate(prompt="A song about rain", custom_mode=False, instrumental=False, model="V5")


@pytest.fixture(params=["sync", "async"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., EitherClient]:
    """Makes a client of either kind with a library, over a simulator that follows a script."""
    return lambda *faults, **settings: EitherClient(request.param == "async", tmp_path, faults=list(faults), **settings)


def only(library: Library) -> Run:
    [run] = library
    return run


# what is kept


def test_a_run_is_kept_with_its_request_outcome_and_files(either: Callable[..., EitherClient]) -> None:
    one = either()
    result = one.run(CITY, tags=["site", "site", "draft"], source={"project": "x", "user": 7})
    run = one.library[result.ref]
    assert (run.id, run.ref, run.model, run.state) == (str(result.ref), result.ref, "nano-banana-pro", "succeeded")
    assert run.request == CITY.to_wire()
    assert run.prompts == RunPrompts(raw="A city", final="A city")
    assert run.estimate is not None and run.estimate.at_least == Decimal(18)
    assert (run.credits, run.seconds, run.error) == (result.credits, result.seconds, None)
    assert (run.tags, run.source, run.simulated) == (("site", "draft"), {"project": "x", "user": 7}, False)
    assert run.server == "https://api.kie.example" or run.server == one.client._ctx.options.base_url
    assert run.sdk and run.catalog
    assert run.ended_at is not None and run.ended_at >= run.submitted_at
    [file] = run.outputs
    assert (file.role, file.index, file.kind, file.name, file.url) == (
        "output", 0, "image", "original/0.png", result.urls[0].partition("?")[0],
    )  # fmt: skip
    content = Path(file).read_bytes()
    assert (file.sha256, file.size, file.mime) == (hashlib.sha256(content).hexdigest(), len(content), "image/png")
    assert run.files == (run.folder / "original" / "0.png",)
    assert one.library.unsaved() == [] and left_over(one.library) == []


def test_a_run_at_a_simulator_is_kept_as_one_whatever_the_client_was_made_for(tmp_path: Path) -> None:
    library = Library(tmp_path / "runs", derivatives=None)
    with (
        simulated(speed=1000) as service,
        Kie("key", base_url=service.base_url, upload_url=service.upload_url, library=library) as client,
    ):
        client.submit(CITY)
    assert only(library).simulated


def test_the_journal_knows_a_task_before_the_library_does(
    either: Callable[..., EitherClient], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    states: list[str] = []
    keep = Library._accepted

    def noting(library: Library, told: Any) -> None:
        states.extend(entry.state for entry in Journal(tmp_path / "journal.jsonl").entries())
        keep(library, told)

    monkeypatch.setattr(Library, "_accepted", noting)
    either(journal=tmp_path / "journal.jsonl").run(CITY)
    assert states == ["open"]


def test_what_is_kept_is_for_its_owner_only(either: Callable[..., EitherClient]) -> None:
    one = either()
    one.run(NanoBananaPro(prompt="A city", image_input=[PNG]))
    for path in one.library.path.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_call_can_keep_itself_out_or_name_another_library(
    either: Callable[..., EitherClient], tmp_path: Path
) -> None:
    one, other = either(), Library(tmp_path / "other", derivatives=None)
    one.run(CITY, library=None)
    assert not one.library.path.exists()
    result = one.run(CITY, library=other)
    assert other[result.ref].files and not one.library.path.exists()
    task = one.do(lambda client: client.submit(CITY, library=None))
    one.do(lambda _: task.wait())
    assert not one.library.path.exists(), "the handle goes on as it was submitted"


def test_the_library_of_a_client_and_its_copies(either: Callable[..., EitherClient]) -> None:
    one = either()
    assert one.client.library is one.library
    copy = one.client.with_options(tags=["copy"], source={"agent": "a"})
    result = one.do(lambda _: copy.run(CITY))
    assert (one.library[result.ref].tags, one.library[result.ref].source) == (("copy",), {"agent": "a"})
    assert one.client.with_options(library=None).library is None


def test_submit_keeps_the_request_and_wait_fetches_the_files(either: Callable[..., EitherClient]) -> None:
    one = either()
    task = one.do(lambda client: client.submit(CITY))
    run = only(one.library)
    assert (run.state, run.outputs, run.ended_at) == ("open", (), None)
    assert one.library.unsaved() == [run] and one.asked("result") == 0
    one.do(lambda _: task.wait())
    assert only(one.library).state == "succeeded" and len(only(one.library).files) == 1
    one.do(lambda client: client.task(task.ref).wait())
    assert one.asked("result") == 1, "what is here is not fetched again"


def test_a_poll_keeps_the_end_of_a_task_and_leaves_its_files_to_wait(either: Callable[..., EitherClient]) -> None:
    one = either()
    task = one.do(lambda client: client.submit(CITY))
    one.clock.sleep(300)
    one.do(lambda _: task.refresh())
    run = only(one.library)
    assert (run.state, run.files, one.library.unsaved()) == ("succeeded", (), [run])
    one.do(lambda client: client.task(task.ref).wait())
    assert only(one.library).files and one.library.unsaved() == []


def test_a_task_that_the_library_does_not_know_gets_a_run_without_a_request(
    either: Callable[..., EitherClient],
) -> None:
    one = either()
    ref = one.do(lambda client: client.submit(CITY, library=None)).ref
    result = one.do(lambda client: client.task(TaskRef(ref.id, model="nano-banana-pro")).wait())
    run = only(one.library)
    assert (run.id, run.request, run.state, run.model) == (str(ref), None, "succeeded", "nano-banana-pro")
    assert len(run.files) == 1 and result.urls


def test_a_task_that_takes_too_long_is_kept_as_open(either: Callable[..., EitherClient]) -> None:
    one = either()
    ref = one.do(lambda client: client.submit(CITY, library=None)).ref
    with pytest.raises(TaskTimeout):
        one.do(lambda client: client.task(ref).wait(timeout=3))
    assert [run.state for run in one.library.unsaved()] == ["open"]


def test_a_failed_task_is_kept_with_its_reason(either: Callable[..., EitherClient]) -> None:
    one = either({"on": "createTask", "do": "fail_task", "code": "422", "msg": "A policy forbids it."})
    with pytest.raises(TaskFailed):
        one.run(CITY)
    run = only(one.library)
    assert run.error is not None
    assert (run.state, run.error.message, run.error.code) == ("failed", "A policy forbids it.", "422")
    assert run.ended_at is not None and one.library.unsaved() == []
    assert one.library.find(state="failed") == [run]


def test_each_task_that_failed_at_no_cost_is_a_run_of_its_own(either: Callable[..., EitherClient]) -> None:
    one = either({"on": "createTask", "do": "fail_task", "code": 500, "msg": "internal error", "nth": 1})
    result = one.run(CITY, retry_free=1)
    assert [run.state for run in one.library] == ["succeeded", "failed"]
    assert one.library[result.ref].state == "succeeded"


def test_alternatives_are_kept_like_every_other_run(either: Callable[..., EitherClient]) -> None:
    one = either({"on": "createTask", "do": "fail_task", "code": 500, "msg": "internal error", "nth": 1})
    other = Seedream45TextToImage(prompt="A city", aspect_ratio="1:1", quality="basic")
    result = one.run(CITY, alternatives=[other])
    assert [run.model for run in one.library] == [other.info.name, "nano-banana-pro"]
    assert [run.state for run in one.library] == ["succeeded", "failed"] and result.switches


def test_what_was_refused_before_a_task_existed_is_not_kept(either: Callable[..., EitherClient]) -> None:
    one = either({"on": "createTask", "do": "envelope", "code": 422, "msg": "no"})
    with pytest.raises(ApiError, match="no") as refused:
        one.run(CITY)
    assert refused.value.code == 422
    with pytest.raises(RequestInvalid):
        one.run("nano-banana-pro", prompt="A city", aspect_ratio="no such")
    assert not one.library.path.exists()


@pytest.mark.parametrize("fault", ["drop_after", "no_task_id"])
def test_a_submission_of_unknown_outcome_is_kept_as_such(
    either: Callable[..., EitherClient], fault: str, tmp_path: Path
) -> None:
    one = either({"on": "createTask", "do": fault})
    with pytest.raises(SubmitUnknown) as raised:
        one.run(CITY)
    run = only(one.library)
    key = json.loads((tmp_path / "journal.jsonl").read_text().splitlines()[0])["id"]
    assert (run.id, run.state, run.task, run.request) == (f"unknown-{key}", "unknown", None, CITY.to_wire())
    assert run.error is not None and run.error.message == raised.value.message
    with pytest.raises(ConfigError, match="it is not known whether its submission created one"):
        _ = run.ref


def test_a_label_finds_the_earlier_run_and_tells_a_library_that_lacks_it(
    either: Callable[..., EitherClient], tmp_path: Path
) -> None:
    one, late = either(), Library(tmp_path / "late", derivatives=None)
    request = NanoBananaPro(prompt="A city", image_input=[PNG])
    first = one.run(request, label="order 7")
    second = one.run(request, label="order 7", library=late)
    assert first.ref == second.ref and len(one.service.accepted) == 1
    assert one.library[first.ref].label == late[first.ref].label == "order 7"
    assert late[first.ref].submitted_at == one.library[first.ref].submitted_at
    assert late[first.ref].files and late[first.ref].inputs[0].path is not None
    assert late[first.ref].inputs[0].sha256 == hashlib.sha256(PNG).hexdigest()


def test_a_family_that_answers_at_once_is_kept(either: Callable[..., EitherClient]) -> None:
    one = either()
    song = one.run(SONG)
    from kie.models import SunoPersona

    persona = one.run(SunoPersona(task_id=song, audio_id=song.tracks[0].id, name="Singer", description="warm"))
    run = one.library[persona.ref]
    assert (run.state, run.parents) == ("succeeded", (str(song.ref),))


def test_a_family_that_is_read_until_it_is_ready_is_kept(either: Callable[..., EitherClient]) -> None:
    one = either()
    video = one.run(VeoGenerate(prompt="A lighthouse"))
    task = one.do(lambda client: client.submit(Veo1080p(task_id=video.ref.id)))
    assert (one.library[task.ref].state, one.library[task.ref].request) == ("open", {"taskId": video.ref.id})
    better = one.do(lambda _: task.wait())
    run = one.library[better.ref]
    assert run.state == "succeeded" and run.files and run.parents == (str(video.ref),)
    assert len(one.library) == 2


@pytest.mark.parametrize("kind", ["music", "video"])
def test_all_files_of_a_result_are_kept(either: Callable[..., EitherClient], kind: str) -> None:
    one = either()
    result = one.run(SONG)
    if kind == "video":  # the whole of it stands in the data only
        result = one.run(VeoExtend(task_id=one.run(VeoGenerate(prompt="A lighthouse")).ref.id, prompt="on"))
        assert len(result.assets) > len(result.urls)
    run = one.library[result.ref]
    assert [file.index for file in run.outputs] == [*range(len(result.assets))] and len(run.outputs) > 1
    assert all(path.is_file() for path in run.files) and len(run.files) == len(result.assets)


def test_a_result_without_files_is_kept_as_data(either: Callable[..., EitherClient]) -> None:
    one = either()
    lyrics = one.run(SunoLyrics(prompt="A song about rain"))
    [file] = one.library[lyrics.ref].outputs
    assert (file.name, file.mime, file.kind) == ("original/data.json", "application/json", "file")
    assert json.loads(Path(file).read_bytes()) == lyrics.data
    assert one.library.unsaved() == []


def test_a_batch_keeps_its_runs(either: Callable[..., EitherClient]) -> None:
    one = either({"on": "createTask", "do": "fail_task", "code": "422", "nth": 2})
    requests = [NanoBananaPro(prompt=f"City {number}") for number in range(4)]
    outcomes = one.do(lambda client: client.batch.run(requests, tags=["many"], source={"job": 1}))
    assert sorted(outcome.state for outcome in outcomes) == ["failed", "succeeded", "succeeded", "succeeded"]
    for outcome in outcomes:
        run = one.library[outcome.ref]
        assert (run.state, run.tags, run.source) == (outcome.state, ("many",), {"job": 1})
        assert run.prompt == outcome.request.prompt
        assert len(run.files) == (outcome.state == "succeeded")


def test_a_stream_and_a_batch_that_only_submits_or_waits_keep_their_runs(tmp_path: Path) -> None:
    one = EitherClient(False, tmp_path)
    for outcome in one.client.batch.stream([CITY, CITY]):
        assert one.library[outcome.ref].files
    submitted = one.client.batch.submit([CITY, CITY], tags=["later"])
    assert {run.id for run in one.library.unsaved()} == {str(outcome.ref) for outcome in submitted}
    one.client.batch.wait(submitted)
    assert one.library.unsaved() == [] and len(one.library) == 4


def test_a_batch_that_fetches_several_files_of_each_task_keeps_all(either: Callable[..., EitherClient]) -> None:
    one = either()
    outcomes = one.do(lambda client: client.batch.run([SONG, SONG]))
    for outcome in outcomes:
        assert len(one.library[outcome.ref].files) == len(outcome.result.assets)


# what was given to it


def test_local_media_are_copied_once_as_they_were_sent(either: Callable[..., EitherClient], tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    stream = io.BytesIO(b"before" + PNG)
    stream.seek(6)
    one = either()
    given: Any = [tmp_path / "a.png", PNG, stream, "https://example.com/x.png?signature=secret#part"]
    run = one.library[one.run(NanoBananaPro(prompt="A city", image_input=given)).ref]
    digest = hashlib.sha256(PNG).hexdigest()
    assert [(file.role, file.index) for file in run.inputs] == [(f"image_input[{n}]", n) for n in range(4)]
    assert [file.sha256 for file in run.inputs] == [digest] * 3 + [None]
    assert [file.name for file in run.inputs] == ["inputs/0.png"] * 3 + [None]
    assert [path.name for path in (run.folder / "inputs").iterdir()] == ["0.png"]
    assert Path(run.inputs[2]).read_bytes() == PNG
    assert (run.inputs[0].mime, run.inputs[0].size, run.inputs[0].kind) == ("image/png", len(PNG), "image")
    assert run.request is not None
    sent: Any = one.service.accepted[0].input["image_input"]
    assert run.request["input"]["image_input"] == [url.partition("?")[0] for url in sent]  # type: ignore[index,call-overload]
    assert run.inputs[3].url == "https://example.com/x.png"
    assert "secret" not in (run.folder / "run.json").read_text()


def test_the_copy_of_an_input_is_not_the_file_that_may_change(
    either: Callable[..., EitherClient], tmp_path: Path
) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(PNG)
    one = either()
    run = one.library[one.run(NanoBananaPro(prompt="A city", image_input=[path])).ref]
    path.write_bytes(b"changed")
    assert Path(run.inputs[0]).read_bytes() == PNG
    assert Path(run.inputs[0]).stat().st_ino != path.stat().st_ino


def test_without_copies_the_hash_of_an_input_is_kept(tmp_path: Path) -> None:
    library = Library(tmp_path / "runs", derivatives=None, copy_inputs=False)
    client, _, _ = virtual_kie(library=library)
    run = library[client.run(NanoBananaPro(prompt="A city", image_input=[PNG])).ref]
    assert (run.inputs[0].sha256, run.inputs[0].name) == (hashlib.sha256(PNG).hexdigest(), None)
    assert not (run.folder / "inputs").exists()


def test_user_names_and_passwords_of_urls_are_not_kept(either: Callable[..., EitherClient]) -> None:
    one = either()
    request = NanoBananaPro(prompt="A city").unchecked(image_input=["https://me:hush@example.com/a.png?k=1"])
    run = one.library[one.run(request).ref]
    assert "hush" not in (run.folder / "run.json").read_text()
    assert "https://example.com/a.png" in (run.folder / "run.json").read_text()


def test_what_a_run_builds_on_is_found_by_task_by_file_and_by_url(
    either: Callable[..., EitherClient], tmp_path: Path
) -> None:
    one = either()
    first = one.run(CITY)
    [copy] = one.do(lambda _: first.save(tmp_path / "out"))
    ways = [
        first,
        first.assets[0],
        first.urls[0] + "?again=1",
        copy,
        copy.read_bytes(),
        one.library[first.ref].outputs[0],
    ]
    for given in ways:
        result = one.run(NanoBananaPro(prompt="B", image_input=[given]))
        assert one.library[result.ref].parents == (str(first.ref),), given
    assert len(one.library.children(first)) == len(ways)
    video = one.run(VeoGenerate(prompt="A lighthouse"))
    longer = one.run(VeoExtend(task_id=video.ref.id, prompt="on"))
    assert one.library[longer.ref].parents == (str(video.ref),)


def test_a_plan_tells_what_it_changed_and_how_its_prompt_came_about(
    either: Callable[..., EitherClient], tmp_path: Path
) -> None:
    (tmp_path / "presets").mkdir()
    (tmp_path / "presets" / "film.md").write_text('+++\ntitle = "Film"\n+++\nA still: {{user_prompt}}\n', "utf-8")
    one = either()

    def plan(client: Any) -> Any:
        return client.plan(
            "nano banana pro", prompt="A city", ratio="16:9", presets=tmp_path / "presets", preset="film"
        )

    made = one.do(plan)
    assert made.ready, made.to_dict()
    for run in (
        one.library[one.run(made).ref],
        one.library[one.do(lambda client: client.batch.run([made]))[0].ref],
        one.library[one.do(lambda client: client.submit(made)).ref],
    ):
        assert run.changes == made.changes != ()
        assert run.preset == "film"
        assert run.prompts == RunPrompts(raw="A city", final=made.prompts.final)
        assert run.prompts.final != "A city"


def test_alternatives_that_are_plans_keep_their_own_origin(either: Callable[..., EitherClient]) -> None:
    one = either({"on": "createTask", "do": "fail_task", "code": 500, "msg": "internal error", "nth": 1})
    other = one.do(lambda client: client.plan("nano banana pro", prompt="A city", ratio="16:9"))
    one.run(CITY, alternatives=[other])
    assert [run.changes for run in one.library] == [other.changes, ()]


@pytest.mark.parametrize(
    "prompt",
    ["</script><b>", "\"quoted\" 'single' \\", "\u202eabc \u2067שלום\u2069", "\x00\x1b[31m", "日本"],
)
def test_any_prompt_is_kept_as_it_was_sent(either: Callable[..., EitherClient], prompt: str) -> None:
    one = either()
    request = NanoBananaPro(prompt=prompt)
    run = one.library[one.run(request).ref]
    assert run.prompt == prompt and run.request == request.to_wire()


# what it is for


def test_saving_copies_from_the_library(either: Callable[..., EitherClient], tmp_path: Path) -> None:
    one = either()
    song = one.run(SONG)
    asked = one.sent()
    paths = one.do(lambda _: song.save(tmp_path / "out"))
    assert one.sent() == asked
    plain = EitherClient(False, tmp_path / "plain")
    assert [path.name for path in paths] == [f"suno-{song.ref.id}_{n}{path.suffix}" for n, path in enumerate(paths)]
    assert [path.read_bytes() for path in paths] == [path.read_bytes() for path in one.library[song.ref].files]
    (ordinary := tmp_path / "ordinary").touch()
    assert {path.stat().st_mode for path in paths} == {ordinary.stat().st_mode}
    again = one.do(lambda _: song.save(tmp_path / "out"))
    assert not {*paths} & {*again}, "the next free names"
    assert one.do(lambda _: song.save(tmp_path / "out", overwrite=True)) == paths
    assert one.sent() == asked and plain.sent() == 0


def test_every_way_to_a_file_takes_the_copy(either: Callable[..., EitherClient], tmp_path: Path) -> None:
    one = either()
    result = one.run(CITY)
    content = one.library[result.ref].files[0].read_bytes()
    asked = one.sent()
    asset = result.assets[0]
    assert one.do(lambda _: asset.read()) == content
    assert one.do(lambda _: asset.save(tmp_path / "named.png")).read_bytes() == content
    assert one.do(lambda client: client.download(asset, tmp_path, name="x")).read_bytes() == content
    [path] = one.do(lambda client: client.download([asset], tmp_path, name="y"))
    assert path.read_bytes() == content
    sink = io.BytesIO()
    one.do(lambda _: result.save(sink))
    assert sink.getvalue() == content
    assert one.sent() == asked


@pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"GIF89a other;")])
def test_a_copy_that_is_gone_or_was_changed_is_not_used(
    either: Callable[..., EitherClient], tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    one = either()
    result = one.run(CITY)
    original = one.library[result.ref].files[0]
    content = original.read_bytes()
    damage(original)
    [saved] = one.do(lambda _: result.save(tmp_path / "out"))
    assert saved.read_bytes() == content and one.asked("result") == 2
    assert [path.name for path in (tmp_path / "out").iterdir()] == [saved.name]


def test_a_folder_that_cannot_be_had_is_reported_without_asking_the_service(
    either: Callable[..., EitherClient], tmp_path: Path
) -> None:
    one = either()
    result = one.run(CITY)
    asked = one.sent()
    (tmp_path / "out").write_bytes(b"mine")
    with pytest.raises(DownloadFailed, match="out"):
        one.do(lambda _: result.save(tmp_path / "out" / "cat.png"))
    assert one.sent() == asked


def test_a_client_without_a_library_loads_none_of_it() -> None:
    code = (
        "import sys; from kie.testing import virtual_kie; from kie.models import NanoBananaPro\n"
        "client, _, _ = virtual_kie(tags=['a'])\n"
        "client.run(NanoBananaPro(prompt='A city'))\n"
        "print([name for name in sys.modules if name.startswith(('kie._library', 'sqlite3', 'kie._tasks.keeping'))])\n"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120).stdout
        == "[]\n"
    )


def test_a_run_without_a_library_makes_the_same_exchanges(tmp_path: Path) -> None:
    plain, kept = EitherClient(False, tmp_path / "a", library=None), EitherClient(False, tmp_path / "b")
    for one in (plain, kept):
        one.run(CITY)
    assert plain.service.log == [each for each in kept.service.log if each[0] != "result"]


# what is refused


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"library": "~/runs"},
            r"library must be a kie\.Library or None.*for a folder, pass Library\('~/runs'\)",
        ),
        ({"library": Path("runs")}, r"for a folder, pass Library\("),
        ({"library": True}, "library must be a kie.Library or None, not True"),
        ({"tags": "site"}, r"tags must be a list of strings, not 'site'"),
        ({"tags": [1]}, "tags must be a list of (non-empty )?strings"),
        ({"tags": [""]}, "tags must be a list of non-empty strings"),
        ({"tags": None}, "tags must be a list of (non-empty )?strings"),
        ({"source": "x"}, "source must be a mapping"),
        ({"source": {"at": object()}}, "source must contain only JSON values"),
        ({"source": {1: "x"}}, "source must contain only JSON values: its names must be strings"),
        ({"source": {"x": float("nan")}}, "source must contain only JSON values"),
    ],
)
def test_wrong_options_are_reported_before_anything_is_sent(
    either: Callable[..., EitherClient], given: Any, message: str
) -> None:
    one = either()
    for action in (
        lambda client: client.run(CITY, **given),
        lambda client: client.submit(CITY, **given),
        lambda client: client.batch.run([CITY], **given),
        lambda client: client.with_options(**given),
    ):
        with pytest.raises(ConfigError, match=message):
            one.do(action)
    assert one.sent() == 0


def test_the_source_is_a_copy(tmp_path: Path) -> None:
    source: Any = {"project": {"name": "x"}}
    client, _, _ = virtual_kie(library=(library := Library(tmp_path, derivatives=None)), source=source)
    source["project"]["name"] = "y"
    assert library[client.run(CITY).ref].source == {"project": {"name": "x"}}


def test_a_task_whose_record_is_gone_has_expired(either: Callable[..., EitherClient]) -> None:
    one = either({"on": "getTask", "do": "envelope", "code": 404, "msg": "no record"})
    task = one.do(lambda client: client.submit(CITY))
    with pytest.raises(NotFound):
        one.do(lambda client: client.task(task.ref).wait())
    assert only(one.library).state == "open", "a record may be late"
    one.clock.sleep(timedelta(days=15).total_seconds())
    with pytest.raises(NotFound):
        one.do(lambda client: client.task(task.ref).wait())
    assert only(one.library).state == "expired" and one.library.unsaved() == []


def test_a_charge_that_is_known_does_not_become_unknown_again(either: Callable[..., EitherClient]) -> None:
    one = either()
    result = one.run(CITY)
    known = one.library[result.ref].credits
    told = Finished(
        status=attrs.evolve(result.status, credits=None),
        kind="image",
        occasion=Occasion(at=datetime.now(UTC), server="", simulated=False, tags=(), source={}),
    )
    one.library._finished(told)
    assert known is not None and one.library[result.ref].credits == known


def test_a_run_that_is_there_gets_no_second_folder_and_no_other_name(either: Callable[..., EitherClient]) -> None:
    one = either()
    run = one.library[one.run(CITY).ref]
    shelf = one.library._shelf
    shelf.create(run, {})
    assert len([*shelf.folders.runs()]) == 1
    with pytest.raises(ConfigError, match="cannot become another"):
        shelf.update(run.id, lambda former: attrs.evolve(former, id="another"))
    assert one.library[run.id].id == run.id


@pytest.mark.parametrize("name", ["", "/etc/passwd", "..", "../a", "inputs/../../a", "a\\b", "c:a", "a\0"])
def test_nothing_is_put_outside_of_the_folder_of_a_run(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is not a path in the folder of a run"):
        put(tmp_path / "run", {name: b"x"})
    assert [*tmp_path.iterdir()] == []


def test_what_is_written_is_a_new_file_and_what_could_not_be_moved_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    (tmp_path / "link").symlink_to(victim)
    with pytest.raises(FileExistsError):
        write(tmp_path / "link", b"theirs")
    assert victim.read_bytes() == b"mine"

    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("kie._library.folders.replace", refused)
    folders = Folders(tmp_path / "runs")
    with pytest.raises(PermissionError):
        folders.replace(tmp_path / "runs" / "run.json", b"{}")
    assert [*folders.temporary.iterdir()] == []
