"""What the real service accepted, and what programs send: how much of it is accepted here and sent unchanged."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import pytest

from kie import RequestInvalid, catalog
from kie._core.issues import Issue
from kie._records.lifecycles import lifecycle
from kie.catalog import Model
from kie.simulator._entries import entries_of, entry_for
from tests.conformance.support import load
from tests.conformance.test_vendor_examples import EXCEPTIONS

Body: TypeAlias = Mapping[str, Any]

SUPERSEDED = "the region edits of this model went to segment-edit; refused since 2026-09"
RECORDED = {"grok_imagine_image_2_lifecycle": SUPERSEDED}
"""Recordings of what was accepted once, and why it is refused here."""
RETIRED = "a field that the retired model never had"
IGNORED = "a field of one program alone, which the service ignores"
MISSING = "a required field is missing under its name"
WILD = {
    "w021": "fields nested in `input` at an endpoint that has none, and a version that was dropped",
    "w022": "an id that no page ever had",
    "w023": RETIRED,
    "w024": RETIRED,
    "w043": MISSING,
    "w046": IGNORED,
    "w058": "the image is given in a field that the model does not have: it would be ignored and paid for",
    "w061": RETIRED,
    "w064": "the shape is given in a field that the model does not have: it would be ignored and paid for",
    "w065": MISSING,
    "w066": IGNORED,
    "w067": "a type of generation that no page ever had",
    "w078": RETIRED,
    "w118": "a required field is missing",
    "w122": "a null is left out, which means the same",
    "w131": "a task type in another case, of a retired model",
    "w137": IGNORED,
    "w152": RETIRED,
    "w158": "an id that no page ever had",
    "w185": IGNORED,
    "w200": RETIRED,
    "w216": "refused by the service: the text is too long",
    "w219": "refused by the service: frames beside references",
    "w220": "refused by the service: bbox_list without input_urls",
    "w234": SUPERSEDED,
    "w235": SUPERSEDED,
}
"""Requests of programs that are not sent unchanged, and why."""
MARKET = ("/api/v1/jobs/createTask", "/api/v1/playground/createTask")
OUTSIDE = ("chat", "upload", "download-url", "messages", "responses", "streamGenerateContent")
"""Parts of paths that submit no task."""


def routes() -> dict[str, tuple[str, str, str | None]]:
    """The family, the operation and the field of the callback URL of each path that takes submissions."""
    found = {}
    for name in {model.lifecycle for model in catalog.models(status="all")}:
        row = lifecycle(name)
        for operation in row.submit:
            submission = row.submission(operation)
            found[submission.endpoint.path] = (name, operation, submission.callback)
    return found


ROUTES = routes()


def entry_of(path: str, body: Body) -> tuple[Model | None, dict[str, Any]]:
    """The model that a body is for, and the body without the callback URL."""
    if path in MARKET:
        return catalog.find(str(body.get("model"))), {k: v for k, v in body.items() if k != "callBackUrl"}
    if path not in ROUTES:
        return None, dict(body)
    family, operation, callback = ROUTES[path]
    fields = {key: value for key, value in body.items() if key != callback}
    found = entry_for(entries_of(family, operation), fields)
    return (None if isinstance(found, Issue) else found), fields


def goes_unchanged(path: str, body: Body) -> bool:
    entry, fields = entry_of(path, body)
    if entry is None:
        return False
    try:
        return entry.request_class.from_wire(fields).to_wire() == fields
    except RequestInvalid:
        return False


def recorded(reference: Path) -> Iterator[tuple[str, str, Body]]:
    """Every submission that was recorded and accepted: the recording, the path and the body."""
    for folder in ("live", "live-2026-10"):
        for file in sorted((reference / folder).glob("*.json")):
            document = json.loads(file.read_bytes())
            for exchange in document.get("exchanges", ()) if isinstance(document, dict) else ():
                path, body, answer = urlsplit(exchange["url"]).path, exchange.get("request"), exchange.get("response")
                if exchange["method"] != "POST" or not body or any(part in path for part in OUTSIDE):
                    continue
                if isinstance(answer, dict) and answer.get("code") == 200:
                    yield file.stem, path, body


def shown(reference: Path) -> Iterator[tuple[str, str, Body]]:
    """Every example of the vendor's pages on the Market: the model, the path and the body."""
    (path, *_) = MARKET
    for file in sorted((reference / "market").glob("*.yaml")):
        document = load(file)
        example = document["example"] if isinstance(document["example"], dict) else {}
        several = [entry["value"] for entry in example.values() if isinstance(entry, dict) and "value" in entry]
        for body in several or [example]:
            if "model" in body:
                yield document["model"], path, body


def test_nearly_every_request_that_was_recorded_or_is_shown_goes_over_unchanged(
    reference: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken, examples = list(recorded(reference)), list(shown(reference))
    refused = [name for name, path, body in taken if not goes_unchanged(path, body)]
    wrong = [name for name, path, body in examples if not goes_unchanged(path, body)]
    valid = len(taken) + len(examples) - len(wrong)
    share = 1 - len(refused) / valid
    with capsys.disabled():
        print(f"\n{len(taken)} recorded and {len(examples)} example requests: {valid} are valid, {share:.1%} unchanged")
        print(f"refused: {', '.join(refused)}; no valid requests: {', '.join(wrong)}")
    assert len(taken) > 50 and len(examples) > 50
    assert set(refused) == set(RECORDED)
    assert set(wrong) <= set(EXCEPTIONS), "an example is either taken, or listed with what is wrong with it"
    assert share >= 0.99


def wild(reference: Path) -> list[dict[str, Any]]:
    file = reference.parent / "cases" / "wild.jsonl"
    if not file.exists():
        pytest.skip(f"no collection of requests at {file}")
    rows = map(json.loads, file.read_text("utf-8").splitlines())
    return [row for row in rows if row["kind"] == "request"]


def test_what_programs_send_goes_over_unchanged_or_is_listed_with_the_reason(
    reference: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = wild(reference)
    refused = {row["id"] for row in rows if not goes_unchanged(row["endpoint"], row["body"])}
    live = [row for row in rows if "live answer: code 200" in row["note"] or row["note"] == "recorded"]
    taken = [row for row in live if row["id"] not in refused]
    with capsys.disabled():
        print(f"\nsent by programs: {len(rows)} requests, {1 - len(refused) / len(rows):.1%} go over unchanged")
        print(f"of these answered by the service in a recording: {len(live)}, {len(taken) / len(live):.1%} unchanged")
    assert len(taken) >= 0.99 * len(live) > 0
    assert refused <= set(WILD), "not sent unchanged, and no reason is given"


def test_what_is_listed_with_a_reason_is_not_accepted_after_all(reference: Path) -> None:
    rows = {row["id"]: row for row in wild(reference)}
    assert [name for name in WILD if name in rows and goes_unchanged(rows[name]["endpoint"], rows[name]["body"])] == []
