"""What the tests of the simulator share: requests made by hand."""

from __future__ import annotations

import json
from typing import Any

from kie._core.json import JSONObject
from kie.simulator import SimRequest, SimResponse, Simulator
from kie.simulator._handler import handle

HEADERS = {"user-agent": "tests", "authorization": "Bearer some-key"}
CITY: JSONObject = {"model": "nano-banana-pro", "input": {"prompt": "A futuristic city"}}
KLING: JSONObject = {
    "model": "kling-3.0/video",
    "input": {"prompt": "A cat", "duration": "5", "mode": "std", "multi_shots": False},
}
LATER = 10_000.0


def ask(
    state: Simulator,
    method: str,
    path: str,
    body: object = None,
    *,
    now: float = 0.0,
    headers: dict[str, str] | None = None,
    **query: str,
) -> SimResponse:
    """Send one request, with a key and a User-Agent unless other headers are given."""
    content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    request = SimRequest(
        method=method, path=path, query=query, headers=HEADERS if headers is None else headers, body=content
    )
    return handle(state, request, now)


def read(response: SimResponse) -> Any:
    """The JSON of an answer."""
    return json.loads(response.body)


def submit(state: Simulator, body: object = CITY, *, now: float = 0.0, **options: Any) -> Any:
    """Submit a task; the envelope that comes back."""
    return read(ask(state, "POST", "/api/v1/jobs/createTask", body, now=now, **options))


def accept(state: Simulator, body: object = CITY, *, now: float = 0.0) -> str:
    """Submit a task that is accepted; its id."""
    task_id: str = submit(state, body, now=now)["data"]["taskId"]
    return task_id


def poll(state: Simulator, task_id: str, *, now: float = 0.0, **options: Any) -> Any:
    """Poll a task; the envelope that comes back."""
    return read(ask(state, "GET", "/api/v1/jobs/recordInfo", now=now, taskId=task_id, **options))


def fetch(state: Simulator, url: str, *, now: float = LATER, headers: dict[str, str] | None = None) -> SimResponse:
    """Fetch a file by its URL, without a key."""
    path, _, query = url.removeprefix(state.base_url).partition("?")
    extra = {"link": query.removeprefix("link=")} if query else {}
    return ask(state, "GET", path, now=now, headers=headers or {}, **extra)


def result_urls(state: Simulator, body: object = CITY, *, now: float = LATER) -> list[str]:
    """Run a task to its end; the URLs of its results."""
    record = poll(state, accept(state, body, now=now - LATER), now=now)["data"]
    urls: list[str] = json.loads(record["resultJson"])["resultUrls"]
    return urls
