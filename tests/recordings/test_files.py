"""What may stand in a recording that is kept here, and what scrubbing does to one that is not yet."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.conformance.test_live import ORIGINALS
from tests.recordings.scrub import BALANCE, PROMPT, expected, scrub

FOLDER = Path(__file__).parent
FILES = pytest.mark.parametrize(
    "file", [pytest.param(path, id=str(path.relative_to(FOLDER))) for path in sorted(FOLDER.rglob("*.json"))]
)
SESSIONS = pytest.mark.parametrize("name", sorted(path.stem for path in (FOLDER / "sessions").glob("*.json")))
HOSTS = {
    # where requests go
    *("api.kie.ai", "kieai.redpandaai.co"),
    # placeholders
    *("files.example", "tempfile.example", "example.com"),
}
FORBIDDEN = {
    "an id of a real task": r"\b[0-9a-f]{32}\b",
    "an id of a real file": r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b",
    "a name that storage gave": r"\b\d{10,13}[-_][0-9A-Za-z]{6,}\.\w+",
    "somebody's folder": r"kieai/(?!100001/)\d+",
    "an e-mail address": r"[\w.+-]+@[\w-]+\.\w+",
    "a key": r"(?i)\bbearer\b|\bsk-\w+|\bwhsec_\w+|authorization|x-amz-",
}
MOST_WORDS = 12
"""A longer text is prose that was copied from somewhere."""


def texts(value: Any) -> Iterator[str]:
    """Every text in a value, also in JSON that is held as text."""
    if isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str):
        if value.startswith(("{", "[")):
            try:
                held = json.loads(value)
            except ValueError:
                pass
            else:
                yield from texts(held)
                return
        yield value


def faults(document: Any) -> list[str]:
    """What may not stand in a file."""
    whole = json.dumps(document, ensure_ascii=False)
    found = [name for name, pattern in FORBIDDEN.items() if re.search(pattern, whole)]
    for text in texts(document):
        hosts = {urlsplit(url).hostname for url in re.findall(r"https?://[^\s\"\\\]]+", text)}
        found += [f"the host {host}" for host in hosts - HOSTS]
        if len(text.split()) > MOST_WORDS:
            found.append("prose")
    return found


@FILES
def test_a_file_holds_no_real_ids_keys_file_hosts_or_prose(file: Path) -> None:
    assert faults(json.loads(file.read_bytes())) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("0123456789abcdef" * 2, "an id of a real task"),
        ("01234567-89ab-cdef-0123-456789abcdef", "an id of a real file"),
        ("1700000000000-abcdef12345.png", "a name that storage gave"),
        ("kieai/42/images", "somebody's folder"),
        ("someone@example.com", "an e-mail address"),
        ("Bearer abc", "a key"),
        ("https://tempfile.kie.ai/a.png", "the host tempfile.kie.ai"),
        ('{"url":"[https://cdn.example.org/a.png]"}', "the host cdn.example.org"),
        ("a " * 13, "prose"),
    ],
)
def test_what_may_not_stand_in_a_file_is_found(text: str, fault: str) -> None:
    assert faults({"data": [text]}) == [fault]


@SESSIONS
def test_a_session_expects_what_stands_in_its_answers(name: str) -> None:
    session = json.loads((FOLDER / "sessions" / f"{name}.json").read_bytes())
    assert session.keys() <= {"source", "recorded", "expect", "exchanges"}
    for exchange in session["exchanges"]:
        assert exchange.keys() == {"method", "url", "request", "status", "response"}
    assert session["expect"] == expected(session["exchanges"])


@SESSIONS
def test_a_session_is_its_original_scrubbed(name: str, reference: Path) -> None:
    originals = [reference / folder / f"{ORIGINALS.get(name, name)}.json" for folder in ("live", "live-2026-10")]
    [original] = [path for path in originals if path.exists()]
    assert scrub(json.loads(original.read_bytes())) == json.loads((FOLDER / "sessions" / f"{name}.json").read_bytes())


def raw(**more: Any) -> dict[str, Any]:
    task, stored = "0123456789abcdef" * 2, "1700000000000-abcdef12345.png"
    upload = f"https://files.invalid/kieai/100001/images/test-uploads/{stored}"
    body = {"prompt": "Somebody's own words", "image_url": upload}
    record = {
        "taskId": task,
        "model": "some/model",
        "state": "success",
        "param": json.dumps({"input": json.dumps(body), "model": "some/model"}),
        "resultJson": json.dumps({"resultUrls": ["https://cdn.invalid/a.png", "https://cdn.invalid/b.png"]}),
        "costTime": 7,
        "creditsConsumed": 4.5,
    }
    calls = [
        ("GET", "https://api.kie.ai/api/v1/chat/credit", None, {"code": 200, "msg": "success", "data": 99.5}),
        (
            *("POST", "https://api.kie.ai/api/v1/jobs/createTask"),
            {"model": "some/model", "input": body},
            {"code": 200, "msg": "success", "data": {"taskId": task, "recordId": task}},
        ),
        (
            *("GET", f"https://api.kie.ai/api/v1/jobs/recordInfo?taskId={task}", None),
            {"code": 200, "msg": "success", "data": record},
        ),
    ]
    return {
        "exchanges": [
            {"at": "2026-04-16T07:18:26Z", "ms": 5, "headers": {"authorization": "Bearer secret"}, "status": 200}
            | {"method": method, "url": url, "request": request, "response": response}
            for method, url, request, response in calls
        ],
        **more,
    }


def test_scrubbing_keeps_the_structure_and_removes_what_is_private() -> None:
    scrubbed: Any = scrub(raw())
    assert faults(scrubbed) == []
    assert scrubbed["recorded"] == "2026-04"
    credit, submission, poll = scrubbed["exchanges"]
    assert credit["response"]["data"] == BALANCE
    assert submission["response"]["data"] == {"taskId": "task-0001", "recordId": "task-0001"}
    assert poll["url"].endswith("?taskId=task-0001")
    upload = "https://tempfile.example/kieai/100001/images/uploads/file-0001.png"
    assert submission["request"]["input"] == {"prompt": PROMPT, "image_url": upload}
    assert json.loads(json.loads(poll["response"]["data"]["param"])["input"]) == submission["request"]["input"]
    urls = ["https://files.example/media-0001.png", "https://files.example/media-0002.png"]
    assert json.loads(poll["response"]["data"]["resultJson"]) == {"resultUrls": urls}
    assert scrubbed["expect"] == {
        "tasks": {"task-0001": {"words": ["success"], "urls": urls, "seconds": 7, "credits": 4.5}},
        "balances": [BALANCE],
    }
