"""Errors travel: to another process, whatever the request that they hold holds."""

from __future__ import annotations

import copy
import io
import pickle
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from kie import Issue, Kie, TaskRef, TaskStatus, errors
from kie._core.errors import annotate, forget, name_task, named_task
from kie._core.portable import NotPickled, portable
from kie._core.prices import estimate_body
from kie.errors import KieError, RequestInvalid, SubmitUnknown
from kie.models import GrokImagineExtend, Kling30Video, NanoBananaPro
from kie.testing import virtual_kie

REF = TaskRef("id", "veo")
STATUS = TaskStatus(ref=REF, state="failed", data={"a": [1]}, raw={"b": None})
NOW = datetime(2026, 11, 1, tzinfo=UTC)
MADE: dict[str, KieError] = {
    "KieError": KieError("it went wrong"),
    "ConfigError": errors.ConfigError("no key"),
    "ArgumentInvalid": errors.ArgumentInvalid("'proxy' is not an argument of this call"),
    "PresetInvalid": errors.PresetInvalid("a.md", ["it has no text"]),
    "UnknownModel": errors.UnknownModel("x", ["y"]),
    "RequestInvalid": RequestInvalid("m", [Issue("a", "type", "must be text")], names={"a": "b"}),
    "NotReady": errors.NotReady(virtual_kie()[0].plan("nano-banana-pro")),
    "MediaRejected": errors.MediaRejected("m", [Issue("a", "media", "is too large")]),
    "MediaPending": errors.MediaPending(["a[0]"]),
    "ModelRetired": errors.ModelRetired("m", ["n"]),
    "TransportFailed": errors.TransportFailed("no answer", sent=None),
    "CircuitOpen": errors.CircuitOpen("https://x", retry_after=3.0),
    "SubmitUnknown": SubmitUnknown(NanoBananaPro(prompt="x"), NOW, why="lost"),
    "TaskFailed": errors.TaskFailed(REF, code="1", service_message="no", status=STATUS),
    "TaskTimeout": errors.TaskTimeout(REF, elapsed=3.0, status=STATUS),
    "BudgetExceeded": errors.BudgetExceeded("too dear", estimate=estimate_body("m", {}), needed=Decimal(2), left=None),
    "BatchStopped": errors.BatchStopped("its time was up", REF),
    "ResultInvalid": errors.ResultInvalid(REF, "no files", raw={"a": 1}),
    "DownloadFailed": errors.DownloadFailed("https://x/a.png?key", "it is gone", status=404),
    "WebhookRejected": errors.WebhookRejected("stale"),
}
API_ERRORS = [cls for cls in vars(errors).values() if isinstance(cls, type) and issubclass(cls, errors.ApiError)]
MADE |= {cls.__name__: cls("no", status=200, code=500, retry_after=1.0, hint="h") for cls in API_ERRORS}


@pytest.fixture
def file(tmp_path: Path) -> Iterator[BinaryIO]:
    """An open file."""
    (tmp_path / "cat.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    with (tmp_path / "cat.png").open("rb") as opened:
        yield opened


def test_every_error_is_tried() -> None:
    public = {name for name, cls in vars(errors).items() if isinstance(cls, type) and issubclass(cls, KieError)}
    assert public == set(MADE)


@pytest.mark.parametrize("name", MADE)
def test_every_error_pickles_and_copies_with_all_that_it_says(name: str) -> None:
    error = MADE[name]
    error.add_note("a note")
    for one in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(one) is type(error)
        assert (str(one), one.args, vars(one)) == (str(error), error.args, vars(error))


def unknown(request: Any) -> SubmitUnknown:
    return SubmitUnknown(request, NOW, why="lost")


def test_an_error_pickles_although_its_request_holds_an_open_file(file: BinaryIO) -> None:
    video = Kling30Video(
        prompt="x",
        duration="5",
        mode="std",
        kling_elements=[{"name": "dog", "description": "a dog", "element_input_urls": [file, file]}],
    )
    for request in (NanoBananaPro(prompt="x", image_input=[b"bytes", file]), video, video.unchecked(seed=1)):
        error = pickle.loads(pickle.dumps(unknown(request)))
        assert type(error.request) is type(request)
        assert "cat.png" in repr(error.request)
        assert copy.copy(unknown(request)).request is request


def test_what_could_be_pickled_is_as_it_was(file: BinaryIO) -> None:
    request = pickle.loads(pickle.dumps(unknown(NanoBananaPro(prompt="x", image_input=[b"bytes", file])))).request
    assert (request.prompt, request.image_input[0]) == ("x", b"bytes")
    assert request.image_input[1] == NotPickled(repr(file))


def test_a_request_that_lost_its_file_is_refused_and_nothing_is_sent(file: BinaryIO) -> None:
    request = pickle.loads(pickle.dumps(unknown(NanoBananaPro(prompt="x", image_input=[file])))).request
    client, service, _ = virtual_kie()
    with pytest.raises(RequestInvalid, match=r"image_input\[0\]"):
        client.run(request)
    assert service.log == []


def test_an_error_pickles_although_its_request_holds_the_handle_of_a_task() -> None:
    client = Kie("key")
    request = GrokImagineExtend(task_id=client.task("id"), prompt="on", extend_at=0, extend_times="6")
    assert pickle.loads(pickle.dumps(unknown(request))).request.prompt == "on"
    client.close()


def test_whatever_is_hung_on_an_error_does_not_stop_it_from_pickling() -> None:
    error = KieError("x")
    error.outcomes = [{"file": io.BufferedReader(io.BytesIO())}, (lambda: None,), 3]  # type: ignore[attr-defined]
    made = pickle.loads(pickle.dumps(error)).outcomes
    assert type(made[0]["file"]) is NotPickled and type(made[1][0]) is NotPickled and made[2] == 3
    assert portable(made) is made


def test_what_could_not_be_downloaded_is_named_without_what_lets_others_download_it() -> None:
    error = errors.DownloadFailed("https://x/a.png?signature=secret", "it is gone")
    assert "secret" not in f"{error}{error.url}" and error.url == "https://x/a.png"


def test_an_error_that_is_raised_again_is_about_its_latest_task_alone() -> None:
    error, other = ValueError("of somebody's function"), TaskRef("other", "veo")
    assert annotate(error, "may exist", task_created=None, outcomes=[1]) and name_task(error, REF)
    assert named_task(error) == REF and not hasattr(error, "task_created")
    assert name_task(error, other) and named_task(error) == other
    assert annotate(error, "may exist", task_created=None)
    assert named_task(error) is None and not hasattr(error, "ref")
    assert error.outcomes == [1]  # type: ignore[attr-defined]
    assert annotate(error, "of the next batch", outcomes=[2])
    assert error.outcomes == [2]  # type: ignore[attr-defined]


def test_what_an_error_says_of_itself_is_neither_replaced_nor_believed() -> None:
    error = ValueError("of somebody's function")
    error.ref = "its own"  # type: ignore[attr-defined]
    assert not name_task(error, REF)
    assert named_task(error) is None
    forget(error)
    assert error.ref == "its own"  # type: ignore[attr-defined]
