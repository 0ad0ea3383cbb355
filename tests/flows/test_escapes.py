"""Whatever ends a submission that may have left says that a task may exist, or which; observers and journal agree."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import pickle
import threading
import types
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import anyio
import httpx
import httpx2
import pytest

from kie import AsyncKie, Budget, Failed, Journal, Kie, KieError, Library, SubmitUnknown, TaskRef
from kie._core.call import HttpRequest, HttpResponse, TransportError
from kie._exchange.exchange import MAY_EXIST, to_http
from kie._io.bodies import Stream
from kie._records.lifecycles import lifecycle
from kie._tasks import submit as submitting
from kie.errors import CircuitOpen, ConfigError, RateLimited, TransportFailed
from kie.models import NanoBananaPro
from kie.telemetry import TaskFinished
from kie.testing import virtual_kie
from tests.processes import LONGEST, until_async

REQUEST = NanoBananaPro(prompt="A lighthouse")
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
ACCEPTED = HttpResponse(status=200, headers={}, body=b'{"code":200,"msg":"success","data":{"taskId":"t1"}}')


class Raising:
    """A transport of the user's own that raises what it is given once the request is out, if it is not an answer."""

    def __init__(self, came: HttpResponse | BaseException) -> None:
        self.came = came

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        if isinstance(self.came, BaseException):
            raise self.came
        return self.came

    def stream(self, url: str, headers: Mapping[str, str], timeout: float) -> AbstractContextManager[Stream]:
        raise AssertionError("nothing is downloaded here")

    def close(self) -> None:
        pass


class AsyncRaising:
    """The same for asyncio."""

    def __init__(self, came: HttpResponse | BaseException) -> None:
        self.inner = Raising(came)

    async def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        return self.inner.send(request, timeout)

    def stream(self, url: str, headers: Mapping[str, str], timeout: float) -> Any:
        raise AssertionError("nothing is downloaded here")

    async def close(self) -> None:
        pass


Submit = Callable[..., Any]


@pytest.fixture(params=["sync", "async"])
def submit(request: pytest.FixtureRequest) -> Submit:
    """Submits over a transport that gives or raises something, with options."""

    def blocking(came: Any, method: str = "submit", **options: Any) -> Any:
        return getattr(Kie("key", transport=Raising(came), **options), method)(REQUEST)

    def later(came: Any, method: str = "submit", **options: Any) -> Any:
        async def main() -> Any:
            return await getattr(AsyncKie("key", transport=AsyncRaising(came), **options), method)(REQUEST)

        return asyncio.run(main())

    return blocking if request.param == "sync" else later


INTERRUPTIONS: dict[str, BaseException] = {
    "a fault of the user's transport": ConnectionResetError("own transport"),
    "a bug": ZeroDivisionError(),
    "Ctrl-C": KeyboardInterrupt(),
    "the end of the program": SystemExit(3),
    "a KieError of the user's": KieError("mine"),
}


@pytest.mark.parametrize("name", INTERRUPTIONS)
def test_what_interrupts_a_submission_says_that_a_task_may_exist(name: str, submit: Submit, tmp_path: Path) -> None:
    ends: list[TaskFinished] = []

    def observer(event: object) -> None:
        if isinstance(event, TaskFinished):
            ends.append(event)

    error = INTERRUPTIONS[name]
    with pytest.raises(type(error)) as caught:
        submit(error, journal=tmp_path / "journal.jsonl", observers=[observer])
    assert any("a task may exist" in note for note in caught.value.__notes__)
    assert caught.value.task_created is None  # type: ignore[attr-defined]
    assert [entry.state for entry in Journal(tmp_path / "journal.jsonl").entries()] == ["unknown"]
    assert [event.outcome for event in ends] == ["unknown"]


@pytest.mark.parametrize("method", ["submit", "run"])
@pytest.mark.parametrize("error", [ConnectionError("the database is away"), KeyboardInterrupt(), ConfigError("mine")])
def test_what_on_submitted_raises_carries_the_ref(
    error: BaseException, method: str, submit: Submit, tmp_path: Path
) -> None:
    def save(ref: object) -> None:
        raise error

    with pytest.raises(type(error)) as caught:
        submit(ACCEPTED, method, on_submitted=save, journal=tmp_path / "journal.jsonl")
    assert caught.value.ref.id == "t1"  # type: ignore[attr-defined]
    assert any("t1" in note for note in caught.value.__notes__)
    [entry] = Journal(tmp_path / "journal.jsonl").entries()
    assert (entry.state, entry.ref and entry.ref.id) == ("open", "t1")


def test_a_note_of_a_task_that_is_interrupted_is_tried_once_more_and_the_interrupt_carries_the_ref(
    submit: Submit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    events: list[object] = []

    def interrupted(self: Journal, entry: Mapping[str, Any]) -> None:
        events.append(entry["event"])
        if entry["event"] == "task":
            raise KeyboardInterrupt

    monkeypatch.setattr(Journal, "append", interrupted)
    with pytest.raises(KeyboardInterrupt) as caught:
        submit(ACCEPTED, journal=tmp_path / "journal.jsonl", on_submitted=lambda ref: told.append(ref.id))
    assert caught.value.ref.id == "t1"  # type: ignore[attr-defined]
    assert any("client.task('t1').wait()" in note for note in caught.value.__notes__)
    assert told == ["t1"]
    assert events == ["submit", "task", "task"]


def test_an_interrupt_before_the_task_is_known_says_that_one_may_exist(
    submit: Submit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(row: object, document: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kie._tasks.submit.find_task_id", interrupted)
    with pytest.raises(KeyboardInterrupt) as caught:
        submit(ACCEPTED, journal=tmp_path / "journal.jsonl")
    assert caught.value.task_created is None  # type: ignore[attr-defined]
    assert any("a task may exist" in note for note in caught.value.__notes__)
    assert [entry.state for entry in Journal(tmp_path / "journal.jsonl").entries()] == ["unknown"]


def test_an_interrupt_whose_note_fails_says_so(submit: Submit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(self: Journal, entry: Mapping[str, Any]) -> None:
        if entry["event"] != "submit":
            raise ZeroDivisionError

    monkeypatch.setattr(Journal, "append", failing)
    with pytest.raises(KeyboardInterrupt) as caught:
        submit(KeyboardInterrupt(), journal=tmp_path / "journal.jsonl")
    assert any("the journal could not record it: ZeroDivisionError()" in note for note in caught.value.__notes__)


def test_a_second_interrupt_while_the_library_is_told_hides_nothing(
    submit: Submit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt("again")

    monkeypatch.setattr(Library, "_create", interrupted)
    with pytest.raises(KeyboardInterrupt) as caught:
        submit(KeyboardInterrupt("first"), journal=tmp_path / "journal.jsonl", library=Library(tmp_path))
    assert str(caught.value) == "first" and caught.value.task_created is None  # type: ignore[attr-defined]
    assert any("the library could not record it: KeyboardInterrupt('again')" in note for note in caught.value.__notes__)
    assert [entry.state for entry in Journal(tmp_path / "journal.jsonl").entries()] == ["unknown"]


def test_an_interrupt_while_the_budget_is_told_carries_what_is_known(
    submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Budget, "_assign", interrupted)
    refused = HttpResponse(status=200, headers={}, body=CONTRADICTIONS["429 that names a task"][1].encode())
    with pytest.raises(KeyboardInterrupt) as caught:
        submit(refused, budget=Budget(100))
    assert caught.value.ref.id == "t1"  # type: ignore[attr-defined]


def test_what_on_submitted_raises_for_a_label_that_is_known_carries_the_ref(tmp_path: Path) -> None:
    def save(ref: object) -> None:
        raise ConnectionError("the database is away")

    journal = tmp_path / "journal.jsonl"
    Kie("key", transport=Raising(ACCEPTED), journal=journal).submit(REQUEST, label="order-1")
    client = Kie("key", transport=Raising(ZeroDivisionError()), journal=journal, on_submitted=save)
    with pytest.raises(ConnectionError) as caught:
        client.submit(REQUEST, label="order-1")
    assert caught.value.ref.id == "t1"  # type: ignore[attr-defined]
    assert any("client.task('t1').wait()" in note for note in caught.value.__notes__)


def test_an_interrupt_between_two_attempts_created_nothing(tmp_path: Path) -> None:
    dropped = HttpResponse(status=200, headers={}, body=b'{"code":429,"msg":"slow down","data":null}')
    client = Kie("key", transport=Raising(dropped), journal=tmp_path / "journal.jsonl")

    def interrupt(seconds: float) -> None:
        raise KeyboardInterrupt

    client._driver.sleep = interrupt
    with pytest.raises(KeyboardInterrupt) as caught:
        client.submit(REQUEST)
    assert not hasattr(caught.value, "__notes__")
    assert [entry.state for entry in Journal(tmp_path / "journal.jsonl").entries()] == ["refused"]


def test_a_cancelled_submission_says_that_a_task_may_exist(tmp_path: Path) -> None:
    class Slow(AsyncRaising):
        async def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
            under_way.set()
            await asyncio.Event().wait()
            raise AssertionError("it is cancelled before")

    async def main() -> None:
        client = AsyncKie("key", transport=Slow(ACCEPTED), journal=tmp_path / "journal.jsonl")
        task = asyncio.create_task(client.submit(REQUEST))
        await under_way.wait()
        task.cancel()
        await task

    under_way = asyncio.Event()
    with pytest.raises(asyncio.CancelledError) as caught:
        asyncio.run(main())
    assert any("a task may exist" in note for note in caught.value.__notes__)
    assert [entry.state for entry in Journal(tmp_path / "journal.jsonl").entries()] == ["unknown"]


CONTRADICTIONS: dict[str, tuple[int, str]] = {
    "429 that names a task": (200, '{"code":429,"msg":"slow down","data":{"taskId":"t1"}}'),
    "430 that names a task": (200, '{"code":430,"msg":"slow down","data":{"taskId":"t1"}}'),
    "455 that names a task": (200, '{"code":455,"msg":"later","data":{"taskId":"t1"}}'),
    "550 that names a task": (200, '{"code":550,"msg":"later","data":{"taskId":"t1"}}'),
    "500 that names a task": (200, '{"code":500,"msg":"oh","data":{"taskId":"t1"}}'),
    "200 inside HTTP 502": (502, '{"code":200,"msg":"success","data":{"taskId":"t1"}}'),
    "429 inside HTTP 503, with a task": (503, '{"code":429,"msg":"slow down","data":{"taskId":"t1"}}'),
    "429 beside a task": (200, '{"code":429,"msg":"slow down","taskId":"t1"}'),
    "430 with a task further in": (200, '{"code":430,"msg":"slow down","data":{"task":{"task_id":"t1"}}}'),
    "455 with a list of tasks": (200, '{"code":455,"msg":"later","data":[{"taskId":"t1"}]}'),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_a_refusal_that_names_a_task_is_unknown_and_keeps_the_id(name: str, submit: Submit, tmp_path: Path) -> None:
    status, body = CONTRADICTIONS[name]
    answer = HttpResponse(status=status, headers={}, body=body.encode())
    with pytest.raises(SubmitUnknown, match="kie status") as caught:
        submit(answer, journal=tmp_path / "journal.jsonl")
    assert caught.value.ref is not None and caught.value.ref.id == "t1"
    [entry] = Journal(tmp_path / "journal.jsonl").entries()
    assert entry.ref == caught.value.ref


@pytest.mark.parametrize(
    "body",
    [
        b'{"code":200,"msg":"ok","taskId":"t1"}',
        b'{"code":200,"msg":"ok","data":[{"taskId":"t1"}]}',
        b'{"code":200,"msg":"ok","data":{"task":{"task_id":"t1"}}}',
        b'\xef\xbb\xbf{"code":200,"msg":"ok","data":{"taskId":"t1"}}',
        b'{"code":200,"msg":"\xff\xe9","data":{"taskId":"t1"}}',
        '{"code":200,"msg":"ok","data":{"taskId":"t1"}}'.encode("utf-16"),
        '{"code":200,"msg":"ok","data":{"taskId":"t1"}}'.encode("utf-16-le"),
        '{"code":200,"msg":"ok","data":{"taskId":"t1"}}'.encode("utf-32-be"),
    ],
)
def test_an_accepted_task_is_found_wherever_and_however_the_answer_names_it(body: bytes, submit: Submit) -> None:
    assert submit(HttpResponse(status=200, headers={}, body=body)).ref.id == "t1"


def test_an_id_that_stands_for_something_else_is_not_taken_for_the_task(submit: Submit) -> None:
    body = b'{"code":200,"msg":"ok","data":{"userId":"t1","parentTaskId":"t2","a":{"b":{"c":{"d":{"taskId":"t3"}}}}}}'
    with pytest.raises(SubmitUnknown) as caught:
        submit(HttpResponse(status=200, headers={}, body=body))
    assert caught.value.ref is None


WHOLE = '{"code":200,"msg":"ok","data":{"taskId":"t1"}}'
SPOILT: dict[str, bytes] = {
    "something after it": f"{WHOLE}<!-- cached -->".encode(),
    "another document after it": (WHOLE * 2).encode(),
    "a warning before it": f"Warning: deprecated\n{WHOLE}".encode(),
    "a guard before it": f")]}}',\n{WHOLE}".encode(),
    "a call around it": f"callback({WHOLE});".encode(),
    "in UTF-16, with something after it": f"{WHOLE}x".encode("utf-16"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_an_answer_with_something_around_it_is_unknown_and_keeps_the_id(
    name: str, submit: Submit, tmp_path: Path
) -> None:
    with pytest.raises(SubmitUnknown, match=r"cannot be read: expected JSON, but got: .*t1") as caught:
        submit(HttpResponse(status=200, headers={}, body=SPOILT[name]), journal=tmp_path / "journal.jsonl")
    assert caught.value.ref is not None and caught.value.ref.id == "t1"
    [entry] = Journal(tmp_path / "journal.jsonl").entries()
    assert entry.ref == caught.value.ref


@pytest.mark.parametrize(
    "body", [b'{"taskId":"t1', b"[" * 1000, b'{"a":' * 100, b"<html>", b'{"a":[' * 70 + b"]}" * 70]
)
def test_an_answer_that_names_no_whole_object_keeps_no_id_and_is_shown(body: bytes, submit: Submit) -> None:
    with pytest.raises(SubmitUnknown, match="cannot be read: expected JSON, but got: ") as caught:
        submit(HttpResponse(status=200, headers={}, body=body))
    assert caught.value.ref is None
    assert body[:20].decode() in caught.value.message


def test_an_answer_that_breaks_off_after_it_named_the_task_keeps_the_id(submit: Submit, tmp_path: Path) -> None:
    error = TransportError("the server hung up", sent=None)
    error.received = f"{WHOLE}\n"
    with pytest.raises(SubmitUnknown, match=r"the server hung up; the answer begins: .*t1") as caught:
        submit(error, journal=tmp_path / "journal.jsonl")
    assert caught.value.ref is not None and caught.value.ref.id == "t1"
    [entry] = Journal(tmp_path / "journal.jsonl").entries()
    assert entry.ref == caught.value.ref


def test_where_nothing_came_there_is_no_beginning_to_show(submit: Submit) -> None:
    error = TransportError("the server hung up", sent=None)
    error.received = " \n"
    with pytest.raises(SubmitUnknown) as caught:
        submit(error)
    assert "the server hung up" in caught.value.message
    assert "begins" not in caught.value.message


ODD_IDS: dict[str, Any] = {
    "half a character": "\ud800",
    "a control character": "t1\n",
    "nothing that can be seen": "t\u200b1",
    "10,000 characters": "t" * 10_000,
}


@pytest.mark.parametrize("code", [200, 429])
@pytest.mark.parametrize("name", ODD_IDS)
def test_an_id_that_nobody_can_ask_by_is_reported_and_a_task_may_exist(
    name: str, code: int, submit: Submit, tmp_path: Path
) -> None:
    body = json.dumps({"code": code, "msg": "success", "data": {"taskId": ODD_IDS[name]}})
    with pytest.raises(SubmitUnknown) as caught:
        submit(HttpResponse(status=200, headers={}, body=body.encode()), journal=tmp_path / "journal.jsonl")
    assert caught.value.ref is None
    shown = ODD_IDS[name][:600].replace("\ud800", "\ufffd")  # the reader of answers replaces it
    assert ascii(shown) in str(caught.value)
    assert [entry.state for entry in Journal(tmp_path / "journal.jsonl").entries()] == ["unknown"]


@pytest.mark.parametrize("given", ["a/b", "a?b=c&d#e", "veo:a", "jobs:a", "../../x", 4711, "-1", "é", "t" * 512, " t "])
def test_any_other_id_is_kept_asked_by_and_read_again(given: Any, submit: Submit, tmp_path: Path) -> None:
    body = json.dumps({"code": 200, "msg": "success", "data": {"taskId": given}})
    ref = submit(HttpResponse(status=200, headers={}, body=body.encode()), journal=tmp_path / "journal.jsonl").ref
    assert ref == TaskRef(str(given))
    assert TaskRef.parse(str(ref)) == ref
    [entry] = Journal(tmp_path / "journal.jsonl").entries()
    assert entry.ref == ref
    url = to_http(virtual_kie()[0]._ctx, lifecycle("jobs").reading(ref.id)).url
    assert parse_qs(urlsplit(url).query) == {"taskId": [str(given)]}


@pytest.mark.parametrize("name", ODD_IDS)
def test_nothing_is_asked_about_a_task_by_an_id_that_cannot_be_one(name: str) -> None:
    client, service, _ = virtual_kie()
    with pytest.raises(ConfigError, match=r"no task can be polled.* copy it from a journal") as caught:
        client.task(ODD_IDS[name])
    assert len(caught.value.message) < 600 and not hasattr(caught.value, "__notes__"), "no such task is promised"
    [outcome] = client.batch.wait([ODD_IDS[name]])
    assert isinstance(outcome, Failed) and "no task can be polled" in str(outcome.error)
    assert service.log == []


@pytest.mark.parametrize("code", [429, 430, 455, 550])
def test_a_refusal_inside_a_failure_of_the_server_is_not_sent_again(code: int, tmp_path: Path) -> None:
    sent: list[HttpRequest] = []

    class Counting(Raising):
        def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
            sent.append(request)
            return super().send(request, timeout)

    body = f'{{"code":{code},"msg":"no","data":null}}'.encode()
    client = Kie("key", transport=Counting(HttpResponse(status=502, headers={}, body=body)), journal=tmp_path / "j")
    with pytest.raises(KieError) as caught:
        client.submit(REQUEST)
    assert len(sent) == 1
    assert caught.value.task_created is None  # type: ignore[attr-defined]
    assert [entry.state for entry in Journal(tmp_path / "j").entries()] == ["unknown"]


FROM_ANOTHER_CLIENT = [
    ConfigError("mine"),
    TransportFailed("another request", sent=False),
    RateLimited("another request", status=200, code=429),
    CircuitOpen("https://elsewhere", retry_after=1),
]


def hooked(library: Any, error: BaseException) -> dict[str, Any]:
    """A client whose request is answered, and whose hook then raises."""
    transport = library.MockTransport(lambda _: library.Response(200, content=ACCEPTED.body))
    return {"http_client": library.Client(transport=transport, event_hooks={"response": [partial(raised, error)]})}


def raised(error: BaseException, *_: object) -> None:
    raise error


@pytest.mark.parametrize("error", FROM_ANOTHER_CLIENT, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("where", ["hook of httpx", "hook of httpx2", "transport"])
def test_an_error_of_ours_that_a_users_hook_or_transport_lets_through_proves_nothing(
    where: str, error: Exception, tmp_path: Path
) -> None:
    libraries = {"hook of httpx": httpx, "hook of httpx2": httpx2}
    given = hooked(libraries[where], error) if where in libraries else {"transport": Raising(error)}
    client = Kie("k" * 32, journal=tmp_path / "journal", **given)
    outcomes = client.batch.run([REQUEST])
    assert [outcome.state for outcome in outcomes] == ["unknown"]
    assert isinstance(outcomes[0].error, SubmitUnknown)
    assert [entry.state for entry in Journal(tmp_path / "journal").entries()] == ["unknown"]


@dataclasses.dataclass(frozen=True)
class Frozen(Exception):
    """An error that takes neither notes nor attributes."""

    text: str


def test_an_error_that_takes_no_note_becomes_submit_unknown(submit: Submit, tmp_path: Path) -> None:
    with pytest.raises(SubmitUnknown, match="mine"):
        submit(Frozen("mine"), journal=tmp_path / "journal")
    assert [entry.state for entry in Journal(tmp_path / "journal").entries()] == ["unknown"]


def test_an_error_of_on_submitted_that_takes_no_note_becomes_submit_unknown_with_the_ref() -> None:
    client = Kie("k" * 32, transport=Raising(ACCEPTED))
    why = "it was accepted, but the function that receives its ref raised Frozen: mine"
    with pytest.raises(SubmitUnknown, match=why) as caught:
        client.submit(REQUEST, on_submitted=lambda _: raised(Frozen("mine")))
    assert caught.value.ref is not None


def test_an_error_of_progress_that_takes_no_note_comes_through_unchanged() -> None:
    client = Kie("k" * 32, transport=Raising(ACCEPTED))
    with pytest.raises(Frozen, match="mine"):
        client.batch.submit([REQUEST], progress=lambda *_: raised(Frozen("mine")))


# errors of users of every kind


class Speechless(Exception):
    def __str__(self) -> str:
        raise RuntimeError("not even that")


class NotesOfAnotherType(Exception):
    __notes__ = "text"  # type: ignore[assignment]


class TakesNoNote(Exception):
    def add_note(self, note: str) -> None:
        raise RuntimeError("no notes")


class HasItsOwnFacts(Exception):
    ref = "mine"
    task_created = "mine"


class FailsWhateverItIsAsked(Exception):
    def __getattr__(self, name: str) -> object:
        raise RuntimeError(name)


class Unhashable(Exception):
    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("nothing to compare")


class Slotted(Exception):
    __slots__ = ("own",)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(name)


class OddArguments(Exception):
    def __init__(self, one: int, *, other: object) -> None:
        super().__init__(one)
        self.other = other


class HasNoClass(Exception):
    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        raise RuntimeError("class")


class FatalWithoutClass(BaseException):
    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        raise KeyboardInterrupt("class")


class HasNoDict(Exception):
    @property
    def __dict__(self) -> Any:  # type: ignore[override]
        raise RuntimeError("dict")


class Fatal(BaseException):
    pass


KINDS: dict[str, Callable[[], BaseException]] = {
    "a base exception": Fatal,
    "Ctrl-C": KeyboardInterrupt,
    "an exit": lambda: SystemExit(3),
    "a group": lambda: ExceptionGroup("several", [ValueError(1), TypeError(2)]),
    "a base group": lambda: BaseExceptionGroup("several", [KeyboardInterrupt()]),
    "StopIteration": lambda: StopIteration(5),
    "StopAsyncIteration": StopAsyncIteration,
    "GeneratorExit": GeneratorExit,
    "RecursionError": RecursionError,
    "MemoryError": MemoryError,
    "no text": Speechless,
    "notes of another type": NotesOfAnotherType,
    "no note": TakesNoNote,
    "facts of its own": HasItsOwnFacts,
    "no attributes": FailsWhateverItIsAsked,
    "no hash": Unhashable,
    "slots": Slotted,
    "frozen": lambda: Frozen("mine"),
    "no class": HasNoClass,
    "no class, and fatal": FatalWithoutClass,
    "no dictionary": HasNoDict,
    "odd arguments": lambda: OddArguments(1, other=lambda: None),
}


def told(error: BaseException) -> str:
    notes = getattr(error, "__notes__", ())
    return " ".join([*notes, str(error) if isinstance(error, KieError) else ""])


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_a_transport_raises_says_that_a_task_may_exist(kind: str, submit: Submit, tmp_path: Path) -> None:
    events: list[Any] = []
    with pytest.raises(BaseException) as caught:  # noqa: PT011 - whatever it is
        submit(KINDS[kind](), journal=tmp_path / "j", observers=[events.append])
    error = caught.value
    assert "may exist" in told(error) or isinstance(error, SubmitUnknown)
    assert isinstance(error, SubmitUnknown) or error.task_created is None  # type: ignore[attr-defined]
    assert [entry.state for entry in Journal(tmp_path / "j").entries()] == ["unknown"]
    assert [event.outcome for event in events if isinstance(event, TaskFinished)] == ["unknown"]


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_on_submitted_raises_carries_the_ref(kind: str, submit: Submit, tmp_path: Path) -> None:
    def fail(ref: TaskRef) -> None:
        raise KINDS[kind]()

    with pytest.raises(BaseException) as caught:  # noqa: PT011 - whatever it is
        submit(ACCEPTED, journal=tmp_path / "j", on_submitted=fail)
    assert "t1" in told(caught.value)
    assert str(caught.value.ref) == "t1"  # type: ignore[attr-defined]
    assert [entry.state for entry in Journal(tmp_path / "j").entries()] == ["open"]


def batch_of(asynchronous: bool, came: Any, count: int = 2, **options: Any) -> Any:
    if not asynchronous:
        return Kie("key", transport=Raising(came), **options).batch.submit([REQUEST] * count)

    async def main() -> Any:
        return await AsyncKie("key", transport=AsyncRaising(came), **options).batch.submit([REQUEST] * count)

    return asyncio.run(main())


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("kind", KINDS)
def test_in_a_batch_whatever_a_transport_raises_is_an_unknown_outcome(
    kind: str, asynchronous: bool, tmp_path: Path
) -> None:
    """Also an interruption, which ends the batch: nothing that may have been charged is called not sent."""
    try:
        outcomes = batch_of(asynchronous, KINDS[kind](), 1, journal=tmp_path / "j")
    except BaseException as error:
        outcomes = error.outcomes  # type: ignore[attr-defined]
        assert not isinstance(error, Exception) or kind == "GeneratorExit"
    assert [outcome.state for outcome in outcomes] == ["unknown"]
    assert [entry.state for entry in Journal(tmp_path / "j").entries()] == ["unknown"]


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("kind", KINDS)
def test_in_a_batch_whatever_on_submitted_raises_carries_the_ref(kind: str, asynchronous: bool) -> None:
    def fail(ref: TaskRef) -> None:
        raise KINDS[kind]()

    try:
        [outcome] = batch_of(asynchronous, ACCEPTED, 1, on_submitted=fail)
    except BaseException as error:
        [outcome] = error.outcomes  # type: ignore[attr-defined]
        assert "t1" in told(error)
    assert str(outcome.ref) == "t1"
    assert outcome.state == "submitted"


# what comes between the task and whoever waits for it


def record_of(request: HttpRequest) -> HttpResponse:
    ended = '{"resultUrls":["https://example.com/a.png"]}'
    data = {"taskId": "t1", "state": "success", "creditsConsumed": 18, "resultJson": ended}
    body = json.dumps({"code": 200, "msg": "success", "data": data}).encode()
    return ACCEPTED if request.creates_task else HttpResponse(status=200, headers={}, body=body)


class Whole(Raising):
    """Accepts a task, which has ended at the first poll."""

    def __init__(self) -> None:
        super().__init__(ACCEPTED)

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        return record_of(request)


class AsyncWhole(AsyncRaising):
    def __init__(self) -> None:
        super().__init__(ACCEPTED)

    async def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        return record_of(request)


@pytest.mark.parametrize("change", ["_assign", "settle"])
@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
def test_an_interruption_while_a_budget_hears_of_a_task_names_it(
    asynchronous: bool, change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Budget, change, interrupted)
    budget = Budget(100, file=tmp_path / "budget")

    async def run() -> None:
        await AsyncKie("key", transport=AsyncWhole(), budget=budget).run(REQUEST)

    with pytest.raises(KeyboardInterrupt) as caught:
        asyncio.run(run()) if asynchronous else Kie("key", transport=Whole(), budget=budget).run(REQUEST)
    assert "t1" in told(caught.value)
    assert str(caught.value.ref) == "t1"  # type: ignore[attr-defined]
    assert budget.reserved == 18


@pytest.mark.parametrize("event", ["TaskSubmitted", "TaskPolled", "TaskFinished"])
@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
def test_an_interruption_in_an_observer_names_the_task(asynchronous: bool, event: str) -> None:
    def observer(seen: object) -> None:
        if type(seen).__name__ == event:
            raise KeyboardInterrupt

    async def run() -> None:
        await AsyncKie("key", transport=AsyncWhole(), observers=[observer]).run(REQUEST)

    with pytest.raises(KeyboardInterrupt) as caught:
        asyncio.run(run()) if asynchronous else Kie("key", transport=Whole(), observers=[observer]).run(REQUEST)
    assert "t1" in told(caught.value)
    assert str(caught.value.ref) == "t1"  # type: ignore[attr-defined]


def test_an_observer_that_interrupts_the_end_of_a_failure_hears_what_the_failure_is() -> None:
    def observer(seen: object) -> None:
        if isinstance(seen, TaskFinished):
            raise SystemExit(3)

    with pytest.raises(SystemExit) as caught:
        Kie("key", transport=Raising(KeyboardInterrupt()), observers=[observer]).submit(REQUEST)
    assert "may exist" in told(caught.value)
    assert caught.value.task_created is None  # type: ignore[attr-defined]


def test_a_batch_that_is_cancelled_while_a_budget_hears_of_a_task_keeps_its_ref(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It never says that nothing was sent."""
    assigned, assign = threading.Event(), Budget._assign
    going_on = threading.Event()

    def slow(budget: Budget, key: str, ref: TaskRef) -> None:
        assigned.set()
        going_on.wait(LONGEST)
        assign(budget, key, ref)

    monkeypatch.setattr(Budget, "_assign", slow)
    budget = Budget(100, file=tmp_path / "budget")

    async def main() -> Any:
        client = AsyncKie("key", transport=AsyncRaising(ACCEPTED), budget=budget)
        batch = asyncio.ensure_future(client.batch.submit([REQUEST]))
        await until_async(assigned.is_set)
        batch.cancel()
        await asyncio.sleep(0)
        going_on.set()
        with pytest.raises(asyncio.CancelledError) as caught:
            await batch
        return caught.value.outcomes  # type: ignore[attr-defined]

    [outcome] = asyncio.run(main())
    assert (outcome.state, str(outcome.ref)) == ("submitted", "t1")
    assert [str(one.ref) for one in budget.reservations] == ["t1"]


def test_an_outcome_has_the_ref_that_a_refusal_names() -> None:
    refusal = HttpResponse(status=200, headers={}, body=b'{"code":429,"msg":"busy","data":{"taskId":"t9"}}')
    [outcome] = Kie("key", transport=Raising(refusal)).batch.submit([REQUEST])
    assert isinstance(outcome.error, SubmitUnknown)
    assert (outcome.state, str(outcome.ref)) == ("submitted", "t9"), "as the journal has it: a later run waits for it"


def test_an_error_that_is_raised_twice_tells_of_the_later_task_only(tmp_path: Path) -> None:
    error = ValueError("the same")

    def fail(ref: TaskRef) -> None:
        raise error

    with pytest.raises(ValueError, match="the same"):
        Kie("key", transport=Raising(ACCEPTED), on_submitted=fail).submit(REQUEST)
    assert error.ref == TaskRef("t1", "jobs")  # type: ignore[attr-defined]
    events: list[Any] = []
    with pytest.raises(ValueError, match="the same"):
        Kie("key", transport=Raising(error), journal=tmp_path / "j", observers=[events.append]).submit(REQUEST)
    assert not hasattr(error, "ref") and error.task_created is None  # type: ignore[attr-defined]
    assert [event.outcome for event in events if isinstance(event, TaskFinished)] == ["unknown"]
    later = HttpResponse(status=200, headers={}, body=ACCEPTED.body.replace(b"t1", b"t2"))
    with pytest.raises(ValueError, match="the same"):
        Kie("key", transport=Raising(later), on_submitted=fail).submit(REQUEST)
    assert error.ref == TaskRef("t2", "jobs") and not hasattr(error, "task_created")  # type: ignore[attr-defined]


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("kind", [HasNoClass, FatalWithoutClass, HasNoDict])
def test_a_broken_error_before_a_submission_leaves_nothing_unknown(
    kind: type[BaseException], asynchronous: bool, tmp_path: Path
) -> None:
    def refuse(*_: object) -> None:
        raise kind

    async def main() -> Any:
        client = AsyncKie("key", transport=AsyncRaising(ACCEPTED), journal=tmp_path / "j")
        return await client.batch.submit([REQUEST], on_submission=refuse)

    if asynchronous:
        [outcome] = asyncio.run(main())
    else:
        client = Kie("key", transport=Raising(ACCEPTED), journal=tmp_path / "j")
        [outcome] = client.batch.submit([REQUEST], on_submission=refuse)
    assert outcome.state == "failed" and isinstance(outcome.error, RuntimeError)
    assert [entry.state for entry in Journal(tmp_path / "j").entries()] == ["refused"]


def test_an_error_that_names_a_task_says_nothing_of_a_submission_that_was_never_begun() -> None:
    error = ValueError("the same")
    with pytest.raises(ValueError, match="the same"):
        Kie("key", transport=Raising(error)).submit(REQUEST)

    def refuse(*_: object) -> None:
        raise error

    budget = Budget(50)
    outcomes = Kie("key", transport=Raising(ACCEPTED), budget=budget).batch.submit([REQUEST], on_submission=refuse)
    assert [outcome.state for outcome in outcomes] == ["invalid"]
    assert budget.reserved == 0


def test_a_coroutine_that_is_closed_leaves_its_submission_unknown(tmp_path: Path) -> None:
    """As those of an event loop are that is thrown away."""

    class Waiting(AsyncRaising):
        async def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
            await forever()
            return ACCEPTED

    @types.coroutine
    def forever() -> Any:
        yield

    events: list[Any] = []
    client = AsyncKie("key", transport=Waiting(ACCEPTED), journal=tmp_path / "j", observers=[events.append])
    client._driver.to_the_end = at_once
    coroutine = client.submit(REQUEST)
    coroutine.send(None)
    coroutine.close()
    assert [entry.state for entry in Journal(tmp_path / "j").entries()] == ["unknown"]
    assert [event.outcome for event in events if isinstance(event, TaskFinished)] == ["unknown"]


async def at_once(function: Callable[[], Any]) -> Any:
    return function()


def test_ctrl_c_between_two_steps_of_a_submission_leaves_it_unknown(tmp_path: Path) -> None:
    """In the driver itself, that is: the flow does not see it."""

    class Interrupted:
        """A flow, until it would be given the answer to its submission."""

        def __init__(self, flow: Any) -> None:
            self.flow = flow
            self.throw = flow.throw

        def __next__(self) -> Any:
            return next(self.flow)

        def send(self, value: object) -> Any:
            if isinstance(value, HttpResponse):
                raise KeyboardInterrupt
            return self.flow.send(value)

    client = Kie("key", transport=Raising(ACCEPTED), journal=tmp_path / "j")
    with pytest.raises(KeyboardInterrupt) as caught:
        client._driver.drive(Interrupted(submitting.submit(client._ctx, REQUEST)))  # type: ignore[arg-type]
    assert caught.value.task_created is None  # type: ignore[attr-defined]
    assert MAY_EXIST in caught.value.__notes__
    assert [entry.state for entry in Journal(tmp_path / "j").entries()] == ["unknown"]
    assert [line.count("unknown") for line in (tmp_path / "j").read_text("utf-8").splitlines()] == [0, 1]


@pytest.mark.parametrize("loop", ["asyncio", "trio"])
def test_a_function_that_is_cancelled_by_itself_ends_its_input_only(loop: str) -> None:
    """What cancels a task of a user's own is no sign that the batch was cancelled."""

    async def progress(ref: TaskRef) -> None:
        if not stopped:
            stopped.append(ref)
            raise anyio.get_cancelled_exc_class()() if loop == "asyncio" else GeneratorExit

    async def main() -> Any:
        client = AsyncKie("key", transport=AsyncRaising(ACCEPTED), on_submitted=progress)
        return await client.batch.submit([REQUEST] * 2, concurrency=1)

    stopped: list[TaskRef] = []
    outcomes = anyio.run(main, backend=loop)
    assert [outcome.state for outcome in outcomes] == ["submitted", "submitted"]
    assert [type(outcome.error).__name__ for outcome in outcomes] == ["BatchStopped", "NoneType"]
    assert str(outcomes[0].ref) == "t1" and "cancelled" in str(outcomes[0].error)


@pytest.mark.parametrize("loop", ["asyncio", "trio"])
@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_an_exit_in_a_users_function_ends_an_asynchronous_batch_with_all_its_outcomes(
    loop: str, kind: type[BaseException]
) -> None:
    async def leave(ref: TaskRef) -> None:
        raise kind

    async def main() -> Any:
        client = AsyncKie("key", transport=AsyncRaising(ACCEPTED), on_submitted=leave)
        return await client.batch.submit([REQUEST] * 3, concurrency=1)

    with pytest.raises(kind) as caught:
        anyio.run(main, backend=loop)
    outcomes = caught.value.outcomes  # type: ignore[attr-defined]
    assert [outcome.state for outcome in outcomes] == ["submitted", "stopped", "stopped"]


def test_the_outcomes_on_an_error_of_somebody_else_can_be_pickled(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(PNG)
    with path.open("rb") as file:
        request = NanoBananaPro(prompt="x", image_input=[file])
        client, _, _ = virtual_kie()
        with pytest.raises(ValueError, match="mine") as caught:
            client.batch.submit([request], progress=lambda *_: raised(ValueError("mine")))
        kept = caught.value.outcomes  # type: ignore[attr-defined]
        read = pickle.loads(pickle.dumps(caught.value))
    assert isinstance(kept, list) and kept[0].request is request
    assert [outcome.ref for outcome in read.outcomes] == [outcome.ref for outcome in kept]
