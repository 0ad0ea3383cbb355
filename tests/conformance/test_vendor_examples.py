"""The vendor's own examples and lists of values, against the curated schemas."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from kie import Kie, catalog
from kie.core.call import HttpRequest, HttpResponse
from kie.testing import VirtualClock
from tests.conftest import ROOT

MODELS = [model.id for model in catalog.models(status="all")]
EVERY = pytest.mark.parametrize("model", MODELS)
ABSENT = "(not in this copy)"


@cache
def _yaml(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.load(path.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return document


def page(reference: Path, model: str) -> dict[str, Any]:
    document = _yaml(reference / "market" / f"{re.sub(r'[/-]', '_', model)}.yaml")
    assert document["model"] == model
    return document


@cache
def curated(model: str) -> dict[str, Any]:
    """The curated file of a model. Only it has the curation notes: the packaged schema leaves them out."""
    for path in (ROOT / "openapi" / "models").glob("*/*.yaml"):
        document = _yaml(path)
        if document["x-kie"].get("model") == model:
            return document
    raise AssertionError(f"no curated file for {model}")


def noted(model: str, pointer: str) -> bool:
    """Whether a curation note speaks of this place, or of one that contains it."""
    notes = [note["at"] for note in curated(model)["x-kie"].get("curation") or []]
    return any(pointer == at or pointer.startswith(f"{at}/") or at.startswith(f"{pointer}/") for at in notes)


def input_schema(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["request_schema"]["properties"]["input"]
    return found


def walk(theirs: dict[str, Any], ours: dict[str, Any], pointer: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Pairs of the two schemas at the same place, from the input down. `ours` is None where we have nothing."""
    yield pointer, theirs, ours
    for name, field in (theirs.get("properties") or {}).items():
        mine = (ours or {}).get("properties", {}).get(name.strip())
        yield from walk(field, mine, f"{pointer}/properties/{name.strip()}")
    if isinstance(theirs.get("items"), dict):
        yield from walk(theirs["items"], (ours or {}).get("items"), f"{pointer}/items")


class Accepting:
    """A transport that accepts whatever is submitted, and keeps it."""

    def __init__(self) -> None:
        self.bodies: list[Any] = []

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        self.bodies.append(json.loads(request.content or b""))
        return HttpResponse(status=200, headers={}, body=b'{"code":200,"msg":"success","data":{"taskId":"1"}}')

    def stream(self, *arguments: object) -> Any:
        raise AssertionError("nothing is to be fetched")

    def close(self) -> None:
        pass


@EVERY
def test_the_vendors_example_goes_over_the_wire_unchanged(model: str, reference: Path) -> None:
    example = page(reference, model)["example"]
    if example == ABSENT:
        pytest.skip("the reference data keep this example apart")
    body = {key: value for key, value in example.items() if key != "callBackUrl"}
    transport = Accepting()
    client = Kie("key", transport=transport, callback_url=example.get("callBackUrl"))
    client._driver.session.clock = VirtualClock()

    # so far every example that is given is accepted: no exceptions are listed
    client.submit(catalog.get(model).request_class.from_wire(body))

    assert transport.bodies == [example]


@EVERY
def test_every_value_that_the_vendor_lists_is_accepted_or_a_note_says_why_not(model: str, reference: Path) -> None:
    for pointer, theirs, ours in walk(input_schema(page(reference, model)), curated(model)):
        refused = [value for value in theirs.get("enum") or [] if value not in ((ours or {}).get("enum") or [value])]
        assert not refused or noted(model, f"{pointer}/enum"), f"{model}{pointer} does not take {refused}"


@EVERY
def test_every_field_of_the_vendor_is_a_field_of_ours_or_a_note_says_why_not(model: str, reference: Path) -> None:
    for pointer, _, ours in walk(input_schema(page(reference, model)), curated(model)):
        assert ours is not None or noted(model, pointer), f"{model}{pointer} is missing"


@EVERY
def test_what_is_required_is_what_the_vendor_requires_or_a_note_says_why_not(model: str, reference: Path) -> None:
    for pointer, theirs, ours in walk(input_schema(page(reference, model)), curated(model)):
        wanted = {name.strip() for name in theirs.get("required") or []}
        mine = set((ours or {}).get("required") or [])
        assert ours is None or wanted == mine or noted(model, f"{pointer}/required"), (
            f"{model}{pointer}: the vendor requires {sorted(wanted)}, we {sorted(mine)}"
        )
