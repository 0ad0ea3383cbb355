"""The vendor's own examples and lists of values, against the curated schemas."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from kie import Kie, RequestInvalid, catalog
from kie.testing import VirtualClock
from tests.conformance.support import Accepting, load

MODELS = [model.id for model in catalog.models(status="all")]
EVERY = pytest.mark.parametrize("model", MODELS)
ABSENT = "(not in this copy)"
EXCEPTIONS = {
    "qwen/image-to-image": "image_url",  # a blank form: the required image is an empty text
    "wan/2-6-flash-image-to-video": "image_urls",  # a blank form: the required list is empty
    "happyhorse/video-edit": "reference_image ",  # a slip: the name ends in a space
    "grok-imagine-image-2-0/image-edit": "task_id",  # edits of a region, which went to segment-edit and are refused
    "bytedance/seedance-2-fast": "",  # frames and references together, which the service was seen to refuse
}
"""Examples that are no valid requests by the vendor's own prose, and the field at fault."""


def page(reference: Path, model: str) -> dict[str, Any]:
    path = reference / "market" / f"{re.sub(r'[/-]', '_', model)}.yaml"
    if not path.exists():
        pytest.skip("the vendor no longer documents this model")
    document = load(path)
    assert document["model"] == model
    return document


@EVERY
def test_the_vendors_example_goes_over_the_wire_unchanged(model: str, reference: Path) -> None:
    example = page(reference, model)["example"]
    if example == ABSENT:
        pytest.skip("the reference data keep this example apart")
    if not isinstance(example, dict):
        pytest.skip("the page's example is not JSON")
    several = [entry["value"] for entry in example.values() if isinstance(entry, dict) and "value" in entry]
    for body in several or [example]:
        if "model" in body:
            goes_over_unchanged(model, body)


def goes_over_unchanged(model: str, example: dict[str, Any]) -> None:
    body = {key: value for key, value in example.items() if key != "callBackUrl"}
    transport = Accepting()
    client = Kie("key", transport=transport, callback_url=example.get("callBackUrl"), limit_group=model)
    client._driver.session.clock = VirtualClock()
    if model in EXCEPTIONS:
        with pytest.raises(RequestInvalid) as caught:
            catalog.get(model).request_class.from_wire(body)
        assert EXCEPTIONS[model] in [issue.path for issue in caught.value.issues]
        return

    client.submit(catalog.get(model).request_class.from_wire(body))

    assert transport.bodies == [example]
