"""A request that no schema has seen: what it is sent as, and where."""

from __future__ import annotations

import re
from typing import Any

import pytest

from kie import ConfigError, RawRequest, RequestInvalid

PNG = b"\x89PNG\r\n\x1a\n"


def test_a_raw_request_to_the_market_names_its_model_in_the_body() -> None:
    request = RawRequest("new/model", {"prompt": "x"})
    assert request.to_wire() == {"model": "new/model", "input": {"prompt": "x"}}
    assert (request.info.name, request.info.operation, request.info.lifecycle) == ("new/model", None, "jobs")


def test_a_raw_request_to_another_family_is_its_whole_body_and_names_its_operation() -> None:
    request = RawRequest("generateMusic", {"prompt": "x"}, lifecycle="suno")
    assert request.to_wire() == {"prompt": "x"}
    assert (request.info.model, request.info.operation, request.info.lifecycle) == (None, "generateMusic", "suno")
    assert request.info.name == "generateMusic"


def test_a_raw_request_is_refused_when_it_is_made() -> None:
    with pytest.raises(RequestInvalid, match="which JSON cannot hold"):
        RawRequest("new/model", {"a": {"b": object()}})


def test_a_request_with_other_fields_is_of_the_same_kind() -> None:
    request = RawRequest("generateMusic", {"prompt": "x", "style": "y"}, lifecycle="suno")
    assert request.replace(prompt="z", style=None) == RawRequest("generateMusic", {"prompt": "z"}, lifecycle="suno")


@pytest.mark.parametrize("lifecycle", ["jobs", "suno"])
def test_the_media_of_a_raw_request_are_replaced_and_nothing_else_is(lifecycle: str) -> None:
    request = RawRequest("m", {"a": [PNG, "x"]}, lifecycle=lifecycle)
    assert request.local_media == {"a[0]": PNG}
    assert request.resolved({"a[0]": "https://a.example/x.png"}) == RawRequest(
        "m", {"a": ["https://a.example/x.png", "x"]}, lifecycle=lifecycle
    )


@pytest.mark.parametrize(
    ("body", "request_"),
    [
        ({"model": "m", "input": {"a": 1}}, RawRequest("m", {"a": 1})),
        ({"model": "m", "input": None}, RawRequest("m", {})),
    ],
)
def test_a_body_of_the_market_is_read_as_it_stands(body: dict[str, object], request_: RawRequest) -> None:
    assert RawRequest.from_wire(body) == request_  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((3, {}), "model must be the id of a model, not 3"),
        ((" ", {}), "model must be the id of a model, not ' '"),
        (("new/model", 3), "input must be a mapping of the fields of the model, not 3"),
        (("new/model", None), "input must be a mapping of the fields of the model, not None"),
    ],
)
def test_a_raw_request_of_something_else_is_refused_by_the_name_of_the_argument(
    arguments: tuple[Any, Any], said: str
) -> None:
    with pytest.raises(ConfigError, match=re.escape(said)):
        RawRequest(*arguments)


def test_a_raw_request_without_arguments_says_what_is_missing() -> None:
    with pytest.raises(TypeError, match="missing 2 required positional arguments: 'model' and 'input'"):
        RawRequest()  # type: ignore[call-arg]


def test_a_body_that_names_no_model_is_refused() -> None:
    with pytest.raises(ConfigError, match="model must be the id of a model, not ''"):
        RawRequest.from_wire({})
