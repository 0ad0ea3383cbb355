"""A request may be named by its model, and is then checked as its class checks it; habits of other clients get help."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from kie import (
    ArgumentInvalid,
    ConfigError,
    ImageResult,
    RequestInvalid,
    VideoResult,
)
from kie.errors import UnknownModel
from kie.models import NanoBananaPro
from kie.testing import virtual_async_kie, virtual_kie

FOX = {"model": "nano-banana-pro", "input": {"prompt": "A fox", "aspect_ratio": "16:9"}}


@pytest.fixture(params=["sync", "async"])
def kie(request: pytest.FixtureRequest) -> Callable[[Callable[[Any], Any]], Any]:
    """Calls a function with a client of either kind, and gives what comes of it."""
    make: Any = virtual_kie if request.param == "sync" else virtual_async_kie
    client, service, _ = make(api_key="sk-1")

    def call(action: Callable[[Any], Any]) -> Any:
        call.sent = service.accepted  # type: ignore[attr-defined]

        async def main() -> Any:
            outcome = action(client)
            return await outcome if inspect.isawaitable(outcome) else outcome

        return asyncio.run(main())

    return call


def test_a_model_is_named_by_its_id_and_its_fields_are_keywords(kie: Any) -> None:
    result = kie(lambda client: client.run("nano-banana-pro", prompt="A fox", aspect_ratio="16:9", timeout=600))
    assert result.kind == ImageResult.kind and result.urls
    wanted = NanoBananaPro(prompt="A fox", aspect_ratio="16:9").to_wire()["input"]
    assert kie(lambda client: client.check("nano-banana-pro", prompt="A fox", aspect_ratio="16:9")) == wanted
    task = kie(lambda client: client.submit("kling-3.0/video", prompt="x", duration="5", mode="std"))
    assert kie(lambda _: task.wait()).kind == VideoResult.kind


def test_a_body_of_the_wire_is_a_request_too(kie: Any) -> None:
    assert kie(lambda client: client.run(FOX)).kind == "image"
    assert kie(lambda client: client.check({"model": "nano-banana-pro", "prompt": "A fox"}))["resolution"] == "1K"
    body = NanoBananaPro(prompt="A fox", image_input=[Path(__file__).parent / "x.png"], resolution="4K")._on_wire({})
    assert body["model"] == "nano-banana-pro"


def test_a_price_is_estimated_by_name(kie: Any) -> None:
    fox = NanoBananaPro(prompt="A fox", resolution="4K")
    price = kie(lambda client: client.estimate(fox))
    assert kie(lambda client: client.estimate("nano-banana-pro", prompt="A fox", resolution="4K")) == price
    assert kie(lambda client: client.estimate(fox.to_wire())) == price
    assert kie(lambda client: client.estimate([fox, fox.to_wire()])).credits == 2 * price.credits


def test_a_batch_takes_bodies_and_a_wrong_one_is_an_outcome(kie: Any) -> None:
    wrong: list[Any] = [FOX, {"model": "nano-banana-pro"}, {"model": "nonsense"}, {"prompt": "x"}, "nano-banana-pro"]
    outcomes = kie(lambda client: client.batch.run(wrong))
    assert [outcome.state for outcome in outcomes] == ["succeeded", *["invalid"] * 4]
    assert [type(outcome.error) for outcome in outcomes[1:]] == [
        *(RequestInvalid, UnknownModel),
        *(ConfigError, ConfigError),
    ]


def test_fields_may_be_named_as_on_the_wire_or_in_python(kie: Any) -> None:
    fields: dict[str, Any] = {"prompt": "x", "customMode": False, "instrumental": True, "model": "V5"}
    wired = kie(lambda client: client.check("suno", **fields))
    fields["custom_mode"] = fields.pop("customMode")
    assert kie(lambda client: client.check("suno", **fields)) == wired
    assert wired["model"] == "V5"


def test_what_a_class_refuses_is_refused_by_name(kie: Any) -> None:
    with pytest.raises(RequestInvalid) as by_class:
        NanoBananaPro(prompt="x", resolution="8K", promt="y")  # type: ignore[arg-type, call-arg]
    with pytest.raises(RequestInvalid) as by_name:
        kie(lambda client: client.run("nano-banana-pro", prompt="x", resolution="8K", promt="y"))
    assert by_name.value.issues == by_class.value.issues
    with pytest.raises(UnknownModel) as unknown:
        kie(lambda client: client.run("nano-bananapro", prompt="x"))
    assert "nano-banana-pro" in unknown.value.nearest
    assert kie.sent == []


@pytest.mark.parametrize(
    ("call", "way"),
    [
        (lambda c: c.run("nano-banana-pro", "A fox"), "client.run('nano-banana-pro', prompt='A fox')"),
        (lambda c: c.submit("nano-banana-pro", {"prompt": "A fox"}), '{"model": ..., "input": {...}}'),
        (lambda c: c.run("nano-banana-pro", input={"prompt": "A fox"}), '{"model": ..., "input": {...}}'),
        (lambda c: c.run("nano-banana-pro", prompt="x", proxy="http://p"), "HTTPS_PROXY"),
        (lambda c: c.run("nano-banana-pro", prompt="x", webhook_url="https://a.b"), "callback_url=..."),
        (lambda c: c.run("nano-banana-pro", prompt="x", max_retries=3), "RetryPolicy(attempts=...)"),
        (lambda c: c.run("nano-banana-pro", prompt="x", timeot=3), "did you mean timeout?"),
        (lambda c: c.run(NanoBananaPro(prompt="x"), "A fox"), "one argument too many"),
        (lambda c: c.run(NanoBananaPro(prompt="x"), resolution="4K"), "request.replace(resolution=...)"),
        (lambda c: c.run(NanoBananaPro(prompt="x"), proxy="http://p"), "http_client=httpx2.Client(proxy=...)"),
        (lambda c: c.run(FOX, prompt="x"), "it belongs in the mapping"),
        (lambda c: c.run({**FOX, "callBackUrl": "https://a.b"}), "callback_url=..."),
        (lambda c: c.check(NanoBananaPro(prompt="x"), alow_retired=True), "did you mean allow_retired?"),
        (lambda c: c.estimate(NanoBananaPro(prompt="x"), max_retries=1), "RetryPolicy(attempts=...)"),
        (lambda c: c.batch.run([], concurency=3), "did you mean concurrency?"),
        (lambda c: c.batch.submit([], max_workers=3), "concurrency=..."),
        (lambda c: c.batch.wait([], interval=3), "PollPolicy"),
        (lambda c: c.with_options(proxies={}), "HTTPS_PROXY"),
        (lambda c: c.task("1").wait(max_wait=3), "timeout=..."),
        (lambda c: type(c)("key", proxy="http://p"), "HTTPS_PROXY"),
        (lambda c: type(c)(token="sk-secret"), "Kie(api_key=...)"),
        (lambda c: type(c)("key", base_ulr="https://a.b"), "did you mean base_url?"),
        (lambda c: type(c)("key", nonsense=1), "docs/options.md"),
    ],
)
def test_an_argument_of_another_client_gets_an_error_that_names_the_way(
    kie: Any, call: Callable[[Any], Any], way: str
) -> None:
    with pytest.raises(ArgumentInvalid) as caught:
        kie(call)
    assert way in caught.value.message
    assert isinstance(caught.value, TypeError) and isinstance(caught.value, ConfigError)
    assert "secret" not in str(caught.value)
    assert kie.sent == []


@pytest.mark.parametrize("wrong", [{}, {"input": {}}, {"model": 3}, {1: 2}])
def test_a_mapping_that_names_no_model_is_no_request(kie: Any, wrong: Mapping[Any, Any]) -> None:
    with pytest.raises(ConfigError, match=r'or {"model": "\.\.\.", "input": {\.\.\.}}, not a dict that names no model'):
        kie(lambda client: client.run(wrong))


def test_a_class_that_does_not_exist_suggests_the_one_that_is_meant() -> None:
    with pytest.raises(ImportError, match=r"no class 'NanoBanana2'; did you mean GoogleNanoBanana2\?"):
        from kie.models import NanoBanana2  # type: ignore[attr-defined] # noqa: F401
    import kie.models

    with pytest.raises(AttributeError, match=r"did you mean Kling30Video"):
        _ = kie.models.Kling30Vidoe  # type: ignore[attr-defined]
    with pytest.raises(
        ImportError, match=r"kie\.models\.image has no class 'Kling30Video'; it is in kie\.models\.video"
    ):
        from kie.models.image import Kling30Video as there  # type: ignore[attr-defined] # noqa: F401
    assert not hasattr(kie.models, "NanoBanana2")
    assert getattr(kie.models, "NanoBanana2", None) is None
