"""What a client refuses, what its copies own, and what its handles know."""

from __future__ import annotations

import asyncio
import copy
import logging
import pickle
import threading
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import httpx2
import pytest

from kie import AsyncKie, ConfigError, Kie, Library, TaskFailed, TaskRef, TaskTimeout, simulated
from kie._io.transport import AsyncHttpxTransport, HttpxTransport
from kie.models import Flux2ProTextToImage, Kling30Video, NanoBananaPro, SunoStyle, Veo1080p, VeoGenerate
from kie.testing import trace, virtual_async_kie, virtual_kie
from kie.webhooks import Receiver
from tests.flows.test_download import EitherClient

HOOK = "https://example.com/hook"
NO_CALLBACK = [SunoStyle(content="pop"), Veo1080p(task_id="veo-1")]


@pytest.fixture(params=["sync", "async"])
def either(request: pytest.FixtureRequest) -> Callable[..., EitherClient]:
    """Makes a client of either kind."""
    return lambda *faults, **settings: EitherClient(request.param == "async", faults=list(faults), **settings)


# what excludes each other


def test_a_client_takes_a_transport_or_a_client_of_the_library_but_not_both() -> None:
    with httpx2.Client() as http, pytest.raises(ConfigError, match="http_client and transport are mutually exclusive"):
        Kie("key", http_client=http, transport=virtual_kie()[0]._driver.transport)
    transport: Any = virtual_async_kie()[0]._driver.transport
    with pytest.raises(ConfigError, match="http_client and transport are mutually exclusive"):
        AsyncKie("key", http_client=httpx2.AsyncClient(), transport=transport)


WRONG: dict[str, tuple[Any, ...]] = {
    "transport": (5, 0, object(), httpx2.Client),
    "http_client": (0, "", object()),
    "base_url": ("", b"https://x.example", 5, "x.example", " https://x.example", "https://x.example/?", "https://x#y",
                 "https://x.example/a b", "https://x.example/\xe9", "https://x.example/\ud800", "https://x.example\n"),
    "retry": (3, None),
    "breaker": (1,),
    "poll": (1, None),
    "observers": (5, [5]),
    "on_submitted": (5,),
    "on_progress": ("print",),
    "via": (5, Receiver),
    "callback_url": (5, "hook", "ftp://x.example/", "https://"),
    "upload_path": (5, "/"),
    "journal": (5, b"journal"),
    "rate_limit": (5,),
    "limit_group": (5,),
    "api_key": (5, b"key-of-bytes"),
}  # fmt: skip


@pytest.mark.parametrize("kind", [Kie, AsyncKie])
@pytest.mark.parametrize("option", WRONG)
def test_an_option_of_a_wrong_kind_is_refused_when_the_client_is_made(option: str, kind: Any) -> None:
    for value in WRONG[option]:
        with pytest.raises(ConfigError, match=f"(?i){option}|base URL|API key|each observer"):
            kind(**{"api_key": "key", option: value})


CALLS: dict[str, Callable[[Any], Any]] = {
    "check_credits": lambda client: client.check_credits("many"),
    "has_credits": lambda client: client.has_credits(float("nan")),
    "task": lambda client: client.task(5),
    "label": lambda client: client.submit(NanoBananaPro(prompt="x"), label=5),
    "download_url": lambda client: client.download_url("https://x.example/\ud800"),
    "upload": lambda client: client.upload(b"abc", folder="\ud800"),
    "refresh": lambda client: client.task("\ud800").refresh(),
}


@pytest.mark.parametrize("name", CALLS)
def test_an_argument_that_cannot_be_used_is_refused_before_anything_is_sent(
    name: str, either: Callable[..., EitherClient]
) -> None:
    made = either()
    with pytest.raises(ConfigError):
        made.do(CALLS[name])
    assert trace(made.client) == []


def test_a_transport_of_the_other_client_is_refused() -> None:
    with pytest.raises(ConfigError, match="transport of AsyncKie must be an AsyncTransport"):
        AsyncKie("key", transport=cast("Any", HttpxTransport()))
    with pytest.raises(ConfigError, match="transport of Kie must be a Transport"):
        Kie("key", transport=cast("Any", AsyncHttpxTransport()))


@pytest.mark.parametrize("kind", [virtual_kie, virtual_async_kie])
def test_a_ref_of_one_family_and_a_class_of_another_exclude_each_other(kind: Any) -> None:
    client, _, _ = kind()
    with pytest.raises(ConfigError, match=r"task veo:1 belongs to veo, but NanoBananaPro to jobs: leave out of="):
        client.task("veo:1", of=NanoBananaPro)
    assert str(client.task("veo:1", of=VeoGenerate).ref) == "veo:1"
    assert str(client.task("1", of=VeoGenerate).ref) == "veo:1"
    assert trace(client) == []


@pytest.mark.parametrize("kind", [virtual_kie, virtual_async_kie])
def test_a_ref_of_one_model_and_a_class_of_another_exclude_each_other(kind: Any) -> None:
    client, _, _ = kind()
    ref = TaskRef("1", model="nano-banana-pro")
    for other in (Kling30Video, Flux2ProTextToImage):
        with pytest.raises(ConfigError, match=f"is of nano-banana-pro, not of {other.info.name} .{other.__name__}"):
            client.task(ref, of=other)
    assert client.task(ref, of=NanoBananaPro).ref == ref
    for open_ in (TaskRef("1"), TaskRef("1", model="a model that nobody knows"), "1", "jobs:1"):
        assert client.task(open_, of=Kling30Video).ref == ref
    assert trace(client) == []


@pytest.mark.parametrize("request_", NO_CALLBACK, ids=lambda request: request.info.name)
@pytest.mark.parametrize("method", ["run", "submit"])
@pytest.mark.parametrize("option", ["callback_url", "via"])
def test_a_callback_for_an_operation_that_takes_none_is_refused(
    option: str, method: str, request_: Any, either: Callable[..., EitherClient]
) -> None:
    made = either()
    given = {"callback_url": HOOK, "via": Receiver("secret", url=HOOK)}[option]
    with pytest.raises(ConfigError, match=f"takes no callback URL: leave out {option}"):
        made.do(lambda client: getattr(client, method)(request_, **{option: given}))
    assert trace(made.client) == []


@pytest.mark.parametrize("option", ["callback_url", "via"])
def test_a_callback_for_a_whole_client_is_left_out_there_with_one_warning(
    option: str, either: Callable[..., EitherClient], caplog: pytest.LogCaptureFixture
) -> None:
    given = {"callback_url": HOOK, "via": Receiver("secret", url=HOOK)}[option]
    made = either(**{option: given})
    with caplog.at_level(logging.WARNING, "kie"):
        for _ in range(3):
            assert made.do(lambda client: client.run(SunoStyle(content="pop"))).data
    warnings = [record.message for record in caplog.records if "callback" in record.message]
    assert warnings == ["suno/style takes no callback URL: its tasks are polled"]
    assert made.service.next_callback() is None


def test_a_callback_in_a_batch_is_refused_for_the_inputs_that_take_none(either: Callable[..., EitherClient]) -> None:
    made = either()
    inputs = [SunoStyle(content="pop"), NanoBananaPro(prompt="x")]
    refused, fine = made.do(lambda client: client.batch.run(inputs, callback_url=HOOK))
    assert isinstance(refused.error, ConfigError) and refused.state == "invalid"
    assert fine.ok


# copies


class Closing:
    """A transport that notes how often it was closed."""

    def __init__(self) -> None:
        self.closed = 0

    def close(self) -> None:
        self.closed += 1

    def send(self, *_: object) -> Any:
        raise AssertionError("nothing is to be sent")

    stream = send


class AsyncClosing(Closing):
    async def close(self) -> None:  # type: ignore[override]
        self.closed += 1


def test_a_copy_owns_nothing_and_its_parent_closes() -> None:
    transport = Closing()
    client = Kie("key", transport=transport)
    child = client.with_options(timeout=5)
    for other in (child, child.with_options(timeout=6)):
        with other as entered:
            assert entered is other
        other.close()
    assert transport.closed == 0
    client.close()
    assert transport.closed == 1


def test_a_copy_of_an_async_client_owns_nothing_and_its_parent_closes() -> None:
    async def main() -> None:
        transport = AsyncClosing()
        client = AsyncKie("key", transport=transport)
        child = client.with_options(timeout=5)
        for other in (child, child.with_options(timeout=6)):
            async with other as entered:
                assert entered is other
            await other.close()
        assert transport.closed == 0
        await client.close()
        assert transport.closed == 1

    asyncio.run(main())


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy])
def test_what_python_copies_of_a_client_owns_nothing_either(duplicate: Callable[[Any], Any]) -> None:
    transport = Closing()
    with Kie("key", transport=transport, timeout=7) as client:
        with duplicate(client) as other:
            assert other._ctx.options.timeout == 7
        assert transport.closed == 0
    assert transport.closed == 1


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy])
def test_what_python_copies_of_an_async_client_owns_nothing_either(duplicate: Callable[[Any], Any]) -> None:
    async def main() -> None:
        transport = AsyncClosing()
        async with AsyncKie("key", transport=transport) as client:
            await duplicate(client).close()
            assert transport.closed == 0
        assert transport.closed == 1

    asyncio.run(main())


def test_what_belongs_to_a_client_is_copied_without_a_second_client() -> None:
    client, _, _ = virtual_kie()
    task = client.submit(NanoBananaPro(prompt="A city"))
    for twin in (copy.deepcopy(task), copy.copy(task)):
        assert twin.wait().ref == task.ref
    assert copy.deepcopy(client.batch).run([NanoBananaPro(prompt="A city")])[0].ref is not None


def test_a_parent_works_on_after_its_copy_was_closed() -> None:
    client = Kie("key")
    with client.with_options(timeout=5) as child:
        pool = child._driver.transport._pool(False)  # type: ignore[attr-defined]
    assert not pool.is_closed
    assert client._driver.transport._pool(False) is pool  # type: ignore[attr-defined]
    client.close()
    assert pool.is_closed
    with pytest.raises(ConfigError, match="closed"):
        child._driver.transport._pool(False)  # type: ignore[attr-defined]


# what a handle knows


def test_the_handle_of_a_failed_task_has_its_status(either: Callable[..., EitherClient]) -> None:
    made = either({"on": "createTask", "do": "fail_task"})
    task = made.do(lambda client: client.submit(NanoBananaPro(prompt="x")))
    assert task.status is None
    with pytest.raises(TaskFailed) as caught:
        made.do(lambda _: task.wait())
    assert task.status is not None and task.status.state == "failed"
    assert task.status is caught.value.status


def test_the_handle_of_a_task_that_was_not_waited_for_to_the_end_has_its_last_status(
    either: Callable[..., EitherClient],
) -> None:
    made = either(speed=0.001)
    task = made.do(lambda client: client.submit(NanoBananaPro(prompt="x")))
    with pytest.raises(TaskTimeout) as caught:
        made.do(lambda _: task.wait(timeout=60))
    assert task.status is not None and task.status.state in ("queued", "running")
    assert task.status is caught.value.status


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy])
def test_a_task_is_copied_whatever_its_client_holds(duplicate: Callable[[Any], Any], tmp_path: Path) -> None:
    lock = threading.Lock()  # deepcopy refuses it

    def submitted(ref: TaskRef) -> None:
        with lock:
            pass

    client, _, _ = virtual_kie()
    client = client.with_options(
        library=Library(tmp_path), on_submitted=submitted, observers=[types.SimpleNamespace(lock=lock).__eq__]
    )
    task = client.submit(NanoBananaPro(prompt="A city"))
    assert duplicate(task).wait().ref == task.ref
    assert duplicate(client.batch).run([NanoBananaPro(prompt="A town")])[0].ref is not None
    assert duplicate(client.vendor)._ctx is client.vendor._ctx


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy])
def test_a_copy_of_what_several_share_is_the_object_itself(duplicate: Callable[[Any], Any], tmp_path: Path) -> None:
    with simulated() as service, Kie("key") as client:
        for shared in (Library(tmp_path), client.breaker, Receiver("secret"), service):
            assert duplicate(shared) is shared


def test_what_lives_in_one_process_says_what_to_do_instead_of_pickling_it() -> None:
    client, _, _ = virtual_kie()
    task = client.submit(NanoBananaPro(prompt="A city"))
    with simulated() as service:
        for held, told in {
            client: "client.task",
            task: "client.task",
            client.batch: "make a client in each process",
            client.breaker: "a Breaker cannot be pickled: it belongs to a client",
            Receiver("secret"): "a Receiver cannot be pickled: it holds the secret",
            service: "a SimulatedService cannot be pickled: it listens in this process",
        }.items():
            with pytest.raises(TypeError, match=told):
                pickle.dumps(held)


def test_a_library_goes_to_another_process_as_its_folder_and_settings(tmp_path: Path) -> None:
    library = pickle.loads(pickle.dumps(Library(tmp_path, prompts=False, derivatives=None)))
    assert (library.path, library.prompts, library.derivatives, library.copy_inputs) == (tmp_path, False, None, True)
