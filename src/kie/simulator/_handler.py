"""Floor 7: the whole simulated service as one function of state, request and time. May import `core`.

`handle` does no I/O and looks at no clock: the server in `server` and the transports in `kie.testing` bring both.
"""

from __future__ import annotations

import json
from email.utils import formatdate

import attrs

from kie._core.json import JSON
from kie.simulator import _files as files
from kie.simulator import _operations as operations
from kie.simulator import _prices as prices
from kie.simulator._faults import Rule
from kie.simulator._messages import Drop, SimRequest, SimResponse, envelope, text
from kie.simulator._state import Simulator

OPEN = frozenset({"countPrices", "listPrices"})
"""Operations that take no key."""


def handle(state: Simulator, request: SimRequest, now: float) -> SimResponse:
    """Answer a request at a moment of the clock that the state goes by."""
    with state.locked():
        state.settle(now)
        operation = _operation(state, request)
        if operation is None:
            response, outcome = _no_route(state, request)
            state.log.append(("unknown", outcome))
        else:
            rule = state.faults.pick(operation)
            response = _answer(state, operation, request, now, rule)
            state.log.append((operation, rule.do if rule is not None else _outcome(response)))
        headers = {
            **response.headers,
            "content-length": str(len(response.body)),
            "date": formatdate(state.wall(now), usegmt=True),
        }
        return attrs.evolve(response, headers=headers)


def _operation(state: Simulator, request: SimRequest) -> str | None:
    if request.method in ("GET", "HEAD") and request.path.startswith(("/results/", "/uploads/")):
        return "result"
    return state.routes.get((request.method, request.path))


def _no_route(state: Simulator, request: SimRequest) -> tuple[SimResponse, str]:
    known = any(path == request.path for _, path in state.routes)
    status, message = (405, "Method Not Allowed") if known else (404, "Not Found")
    return attrs.evolve(envelope(status, message), status=status), str(status)


def _answer(state: Simulator, operation: str, request: SimRequest, now: float, rule: Rule | None) -> SimResponse:
    if rule is None:
        return _process(state, operation, request, now, None)
    response = _process(state, operation, request, now, rule) if rule.processed else SimResponse(status=503)
    return _spoil(rule, response)


def _process(state: Simulator, operation: str, request: SimRequest, now: float, rule: Rule | None) -> SimResponse:
    if operation == "result":
        return files.serve(state, request, now)
    if not request.headers.get("user-agent"):
        return text("error code: 1010", status=403)
    key = _key(request)
    if operation not in OPEN and (not key or (state.keys is not None and key not in state.keys)):
        return envelope(401, "You do not have access permissions")
    match operation:
        case "uploadStream":
            return files.upload_stream(state, request, now)
        case "getCredits":
            return envelope(200, "success", float(state.credits))
        case "countPrices":
            return prices.count()
    if operation in state.polls:
        return operations.look(state, state.polls[operation], request.query, key, now, rule)
    try:
        body: JSON = json.loads(request.body)
    except (ValueError, RecursionError):
        return envelope(400, "The request body is not JSON")
    match operation:
        case "getDownloadUrl":
            return files.download_url(state, body, now)
        case "getGpt4oDownloadUrl":
            return files.task_download_url(state, body, now)
        case "uploadUrl":
            return files.upload_url(state, body, now)
        case "uploadData":
            return files.upload_data(state, body, now)
        case "listPrices":
            return prices.page(body)
        case _:
            return operations.submit(state, state.submits[operation], operation, body, key, now, rule)


def _key(request: SimRequest) -> str:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def _spoil(rule: Rule, response: SimResponse) -> SimResponse:
    """Put an answer wrong in the way that a rule says."""
    given = rule.arguments
    drop: Drop
    match rule.do:
        case "refuse" | "drop_before" | "drop_after":
            drop = "refused" if rule.do == "refuse" else "before" if rule.do == "drop_before" else "after"
            return attrs.evolve(response, drop=drop)
        case "truncate":
            return attrs.evolve(response, drop=min(given["bytes"], max(0, len(response.body) - 1)))
        case "slow":
            return attrs.evolve(response, delay=float(given["seconds"]))
        case "rate_limit":
            busy = envelope(429, "The call frequency is too high. Please try again later.")
            after = {} if given["retry_after"] is None else {"retry-after": str(given["retry_after"])}
            return attrs.evolve(busy, status=429 if given["http"] else 200, headers={**busy.headers, **after})
        case "http":
            return text(given["body"], status=given["status"], headers=given["headers"])
        case "envelope":
            return envelope(given["code"], given["msg"])
        case "garbage":
            return text(given["body"], status=given["status"], headers={"content-type": "text/html; charset=utf-8"})
        case "gone":
            return text("not found", status=404)
        case _:
            return response


def _outcome(response: SimResponse) -> str:
    if response.headers.get("content-type") != "application/json":
        return str(response.status)
    document = response.document
    return str(document.get("code")) if isinstance(document, dict) else str(response.status)
