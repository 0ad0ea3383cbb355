"""Whatever a user passes by mistake is refused in one clear error, before anything is sent."""

from __future__ import annotations

import asyncio
import inspect
import re
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from kie import (
    Budget,
    CircuitBreaker,
    ConfigError,
    Kie,
    KieError,
    Library,
    PollPolicy,
    RateLimit,
    RetryPolicy,
    TaskRef,
    catalog,
)
from kie._core.arguments import _OF_CLIENT
from kie._flow.options import Options
from kie._flow.overrides import Overrides
from kie.models import NanoBananaPro
from kie.testing import trace, virtual_async_kie, virtual_kie
from kie.webhooks import Receiver

CITY = NanoBananaPro(prompt="A city")
FINE: dict[str, Any] = {
    "request": CITY,
    "requests": [CITY],
    "inputs": [CITY],
    "refs": [TaskRef("1")],
    "ref": "1",
    "media": b"GIF89a;",
    "file": "https://example.com/a.png",
    "minimum": 1,
    "model": "wan/3-0-video",
    "prompt": "A city",
    "models": [NanoBananaPro],
}
"""A value for each parameter that a method cannot do without."""

WRONG: list[Any] = [5, 1.5, None, b"x", object(), NanoBananaPro, CITY, {"a": 1}, [5], [None], len, "\ud800", True]
OPTIONS = [name for name in inspect.signature(Options).parameters if not name.endswith("_url")]
EXCUSED = {"close", "breaker", "batch", "vendor", "with_options"}
"""They take nothing, or only options."""


class Nobody:
    """Not a value of any option."""


def methods(asynchronous: bool) -> Iterator[tuple[str, str]]:
    made: Any = virtual_async_kie if asynchronous else virtual_kie
    client, _, _ = made()
    owners = {"client": client, "batch": client.batch, "task": client.task("1"), "vendor": client.vendor}
    for owner, value in owners.items():
        for name, _ in inspect.getmembers(type(value), inspect.isfunction):
            if not name.startswith("_") and name not in EXCUSED:
                yield owner, name


METHODS = [(asynchronous, *method) for asynchronous in (False, True) for method in methods(asynchronous)]


class Called:
    """A method of a fresh client in memory."""

    def __init__(self, asynchronous: bool, owner: str, name: str, tmp_path: Path) -> None:
        journal = tmp_path / "journal"
        made: Any = virtual_async_kie if asynchronous else virtual_kie
        self.client, _, _ = made(journal=journal)
        client = self.client
        owners: dict[str, Any] = {
            "client": client,
            "batch": client.batch,
            "task": client.task("1"),
            "vendor": client.vendor,
        }
        self.method = getattr(owners[owner], name)
        self.asynchronous = asynchronous
        collecting = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
        found = inspect.signature(self.method).parameters.items()
        self.parameters = {name: each for name, each in found if each.kind not in collecting}
        self.folder = tmp_path / "out"

    def __call__(self, **given: Any) -> Any:
        needed = {name: FINE[name] for name, each in self.parameters.items() if each.default is each.empty}
        if "directory" in self.parameters:
            needed["directory"] = self.folder
        named = {**needed, **given}
        first = [named.pop(name) for name, each in self.parameters.items() if each.kind is each.POSITIONAL_ONLY]
        made = self.method(*first, **named)
        if not self.asynchronous:
            return list(made) if inspect.isgenerator(made) else made
        return asyncio.run(self._finished(made)) if inspect.isawaitable(made) or inspect.isasyncgen(made) else made

    @staticmethod
    async def _finished(made: Any) -> Any:
        return [item async for item in made] if isinstance(made, AsyncIterator) else await made


@pytest.fixture
def call(tmp_path: Path) -> Callable[..., Called]:
    return lambda asynchronous, owner, name: Called(asynchronous, owner, name, tmp_path)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: ".".join(map(str, method)))
def test_an_argument_of_a_wrong_kind_gives_a_value_or_an_error_of_this_package(
    method: tuple[Any, ...], call: Callable[..., Called]
) -> None:
    own = [name for name in call(*method).parameters if not hasattr(Options(), name)]
    for name in own:
        for wrong in WRONG:
            if callable(wrong) and name in ("progress", "on_submission"):
                continue  # what it raises when it is called is the user's own
            called = call(*method)
            try:
                called(**{name: wrong})
            except ConfigError as error:
                assert "not" in str(error) or str(error).startswith("no model"), (name, wrong)
                assert trace(called.client) == [], (name, wrong)
            except KieError as error:
                assert str(error), (name, wrong)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: ".".join(map(str, method)))
def test_an_option_of_a_wrong_kind_is_refused_before_anything_is_sent(
    method: tuple[Any, ...], call: Callable[..., Called]
) -> None:
    for name in call(*method).parameters:
        if name in OPTIONS:
            called = call(*method)
            with pytest.raises(ConfigError, match=name):
                called(**{name: Nobody()})
            assert trace(called.client) == [], name


@pytest.mark.parametrize("made", [virtual_kie, virtual_async_kie])
def test_a_copy_takes_no_option_of_a_wrong_kind(made: Any) -> None:
    client, _, _ = made()
    for name in OPTIONS:
        with pytest.raises(ConfigError, match=name):
            client.with_options(**{name: Nobody()})


@pytest.mark.parametrize("wrong", [5, None, b"x", ["a"]])
@pytest.mark.parametrize("name", ["directory", "overwrite"])
def test_a_result_is_saved_only_where_a_path_says(
    name: str, wrong: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    client, _, _ = virtual_kie()
    result = client.run(CITY)
    asked = len(trace(client))
    with pytest.raises(ConfigError, match=f"{name} must be"):
        result.save(**{name: wrong})
    assert len(trace(client)) == asked


def test_what_was_passed_instead_of_a_request_is_named() -> None:
    client, _, _ = virtual_kie()
    for wrong, shown in ((5, "not an int"), (NanoBananaPro, "not the class NanoBananaPro itself"), ({}, "not a dict")):
        for method in (client.run, client.submit, client.check):
            with pytest.raises(ConfigError, match=f"an instance of a class of kie.models.*{shown}"):
                method(cast("Any", wrong))
    others: list[Any] = [5, NanoBananaPro, [CITY]]
    for other in others:
        with pytest.raises(ConfigError, match=r"an instance of a class of kie\.models.*nothing was sent"):
            client.run(CITY, alternatives=[other])
    with pytest.raises(
        ConfigError, match=r"the inputs of a batch must be a list \(or other iterable\) of requests, not"
    ):
        client.batch.run(CITY)  # type: ignore[call-overload]

    async def cities() -> AsyncIterator[NanoBananaPro]:
        yield CITY

    with pytest.raises(ConfigError, match="which is asynchronous: collect the requests first"):
        client.batch.run(cities())  # type: ignore[call-overload]
    assert trace(client) == []


WITHOUT_EFFECT: list[tuple[str, Callable[[Kie], object], str]] = [
    ("of submit", lambda kie: kie.submit(CITY, retry_free=1), "'retry_free' is not an argument of this call: docs"),  # type: ignore[call-overload]
    ("of credits", lambda kie: kie.credits(timeout=1), "of credits(): it takes request_timeout, retry, breaker"),  # type: ignore[call-arg]
    ("of a client", lambda kie: kie.with_options(base_url="https://a.example"), "given to the client: Kie(base_url="),  # type: ignore[call-arg]
    ("of wait", lambda kie: kie.batch.wait(["a"], labels=["x"]), "'labels' is not an argument of wait()"),  # type: ignore[call-arg]
    ("labels", lambda kie: kie.batch.run([CITY], labels="x"), "labels must be a list of strings, not 'x'"),
    ("no id", lambda kie: kie.task(" "), "the id of a task cannot be empty"),
    ("no name", lambda kie: kie.upload(b"GIF89a;", name=""), "name cannot be empty"),
    ("no folder", lambda kie: kie.upload(b"GIF89a;", folder="/"), "folder cannot be empty"),
]


@pytest.mark.parametrize(
    ("call", "said"), [(call, said) for _, call, said in WITHOUT_EFFECT], ids=[name for name, _, _ in WITHOUT_EFFECT]
)
def test_an_argument_without_effect_is_refused_with_what_to_do(call: Callable[[Kie], object], said: str) -> None:
    client, _, _ = virtual_kie()
    with pytest.raises(ConfigError, match=re.escape(said)):
        call(client)
    assert trace(client) == []


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Kie("k" * 32, journal=""), "journal cannot be an empty path"),
        (lambda: Kie("k" * 32, limit_group=""), "limit_group cannot be empty"),
        (lambda: Kie("k" * 32, limit_store="redis://x"), "limit_store 'redis://x' is not the URL of a database"),
        (lambda: Kie("k" * 32, base_url=cast("Any", 3)), "base_url must be text, not 3"),
        (lambda: Kie("k" * 32, upload_url=cast("Any", b"x")), "upload_url must be text, not b'x'"),
        (lambda: Budget(5, store="redis://x"), "store 'redis://x' is not the URL of a database"),
        (lambda: Budget(5, file=""), "file cannot be an empty path"),
        (lambda: Library(""), "root cannot be an empty path"),
        (lambda: Library("runs", store=cast("Any", 3)), "store must have the methods put, open, delete, or be None"),
    ],
)
def test_what_a_constructor_refuses_it_calls_by_its_name(make: Callable[[], object], said: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(said)):
        make()


@pytest.mark.parametrize(
    ("make", "names"),
    [
        (
            lambda: virtual_kie(timeout=0, downloads=0, retry=cast("Any", 3), via=cast("Any", 3), upload_path=""),
            ("timeout", "downloads", "retry", "via", "upload_path"),
        ),
        (lambda: RetryPolicy(attempts=0, base=-1, cap=cast("Any", "x")), ("attempts", "base", "cap")),
        (lambda: CircuitBreaker(failures=0, pause=0), ("failures", "pause")),
        (lambda: PollPolicy(min_interval=0, speed=-1), ("min_interval", "speed")),
        (lambda: RateLimit(submissions=0, reads_window=0), ("submissions", "reads_window")),
        (
            lambda: virtual_kie()[0].batch.run([CITY], concurrency=0, progress=cast("Any", 3), labels="x"),
            ("concurrency", "progress", "labels"),
        ),
    ],
)
def test_all_faults_of_options_are_reported_at_once(make: Callable[[], object], names: tuple[str, ...]) -> None:
    with pytest.raises(ConfigError) as caught:
        make()
    faults = caught.value.message.split("; ")
    assert [fault.split()[0] for fault in faults] == list(names)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: catalog.get(cast("Any", 3)), "model must be text, not 3"),
        (lambda: catalog.resolve(cast("Any", 3)), "name must be text, not 3"),
        (lambda: catalog.models(provider=cast("Any", 3)), "provider must be text, not 3"),
        (
            lambda: catalog.models(kind=cast("Any", "film")),
            "kind must be one of image, video, audio, music, json, not",
        ),
        (lambda: catalog.models(status=cast("Any", "old")), "status must be one of active, superseded"),
        (lambda: catalog.models(accepts=cast("Any", "text")), "accepts must be one of image, video, audio, not"),
        (lambda: Library("runs").find(state=cast("Any", "done")), "state must be one of open, succeeded"),
        (lambda: Library("runs").find(kind=cast("Any", "film")), "kind must be one of image, video, audio, file"),
        (
            lambda: Receiver("s" * 32, window=-1, max_bytes=0, url="x"),
            "window must be a finite number, more than 0, not -1; max_bytes must",
        ),
    ],
)
def test_a_question_that_nothing_could_answer_is_refused(call: Callable[[], object], said: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(said)):
        call()


def test_what_only_a_client_takes_is_known() -> None:
    takes = inspect.signature(Kie.__init__).parameters.keys() - Overrides.__annotations__.keys()
    assert takes == _OF_CLIENT | {"self", "api_key"}
