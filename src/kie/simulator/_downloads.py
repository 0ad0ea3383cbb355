"""Simulator: serves results and uploads, and creates links to them. May import `_core`."""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import urlsplit

from kie.simulator._messages import Incoming, Refused, SimRequest, SimResponse, envelope, text
from kie.simulator._simulator import Simulator

FOLDERS = ("/results/", "/uploads/")
"""Where files are served. The service serves them elsewhere, at addresses that its answers name."""


def serve(state: Simulator, request: SimRequest, now: float) -> SimResponse:
    """Serve a result or an upload. It needs no key; a request that has one is noted in `leaked_keys`."""
    if "authorization" in request.headers:
        state.leaked_keys.append(request.path)
    folder, _, name = request.path.removeprefix("/").partition("/")
    token = request.query.get("link")
    if folder == "results" and token is not None and not state.files.link_works(token, now):
        return text("the link has expired", status=403)
    found = state.files.find(folder, name)
    if found is None:
        return text("not found", status=404)
    etag = f'"{sha256(found.body).hexdigest()[:32]}"'
    headers = {"content-type": found.content_type, "etag": etag, "accept-ranges": "bytes"}
    wanted = re.fullmatch(r"bytes=(\d+)-", request.headers.get("range", ""))
    if wanted is None or request.headers.get("if-range", etag) != etag:
        return SimResponse(headers=headers, body=found.body)
    start, size = int(wanted[1]), len(found.body)
    if start >= size:
        return SimResponse(status=416, headers={**headers, "content-range": f"bytes */{size}"})
    headers["content-range"] = f"bytes {start}-{size - 1}/{size}"
    return SimResponse(status=206, headers=headers, body=found.body[start:])


def link(state: Simulator, incoming: Incoming) -> SimResponse:
    """Create a link to a result that works for 20 minutes."""
    url = incoming.body.get("url")
    path = urlsplit(url).path if isinstance(url, str) and url.startswith(f"{state.base_url}/results/") else ""
    if not path or state.files.result(path.removeprefix("/results/")) is None:
        raise Refused(422, "url is wrong")
    return envelope(200, "success", state.link(path, incoming.now))


def task_link(state: Simulator, incoming: Incoming) -> SimResponse:
    """Create a link to an image of GPT-4o, which the request names together with its task."""
    task = state.store.find("gpt4o-image", str(incoming.body.get("taskId")))
    if task is None or not task.done or str(incoming.body.get("url")).rpartition("/")[2] not in task.files:
        raise Refused(422, "record is null")
    return link(state, incoming)
