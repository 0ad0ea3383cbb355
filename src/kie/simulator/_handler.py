"""Simulator: the whole simulated service as one function of state, request and time. May import `_core`, `kie_wire`.

`handle` does no I/O and reads no clock: the server in `_server` and the transports in `kie.testing` provide both.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from email.utils import formatdate
from typing import TypeAlias

import attrs

from kie._core.call import Endpoint
from kie._core.json import JSONObject
from kie.simulator import _chat as chat
from kie.simulator import _downloads as downloads
from kie.simulator import _models_api
from kie.simulator import _prices as prices
from kie.simulator import _uploads as uploads
from kie.simulator._faults import Rule
from kie.simulator._messages import Handler, Incoming, Refused, SimRequest, SimResponse, answer, busy, envelope, text
from kie.simulator._polls import poll
from kie.simulator._routes import POLLED, SUBMITTED, is_known, route
from kie.simulator._simulator import Simulator
from kie.simulator._submissions import submit

HANDLERS: Mapping[str, Handler] = {
    **dict.fromkeys(SUBMITTED, submit),
    **dict.fromkeys(POLLED, poll),
    "getCredits": lambda state, _: envelope(200, "success", float(state.credits)),
    "getDownloadUrl": downloads.link,
    "getGpt4oDownloadUrl": downloads.task_link,
    "uploadStream": uploads.take_stream,
    "uploadUrl": uploads.take_url,
    "uploadData": uploads.take_data,
    "countPrices": lambda *_: prices.count(),
    "listPrices": lambda _, incoming: prices.page(incoming.body),
    "listModels": _models_api.listed,
    "getModelSchema": _models_api.schema,
    "getModelPrice": _models_api.price,
    "getModelSuccessRate": _models_api.success_rate,
    "listAnnouncements": _models_api.announcements,
    "completeChat": chat.complete,
}
"""The function that answers each operation of the compiled table."""


def handle(state: Simulator, request: SimRequest, now: float) -> SimResponse:
    """Answer a request at the time `now` of the simulator's clock."""
    is_file = request.method in ("GET", "HEAD") and request.path.startswith(downloads.FOLDERS)
    if is_file:
        state.files.prepare(request.path.rpartition("/")[2])
    with state.lock:
        state.store.settle(now)
        found = None if is_file else route(request.method, request.path)
        served = is_file or found is not None
        response = _answer(state, request, found, now) if served else _no_route(state, request)
        headers = {
            **response.headers,
            "content-length": str(len(response.body)),
            "date": formatdate(state.wall(now), usegmt=True),
        }
        return attrs.evolve(response, headers=headers)


def _no_route(state: Simulator, request: SimRequest) -> SimResponse:
    status, message = (405, "Method Not Allowed") if is_known(request.path) else (404, "Not Found")
    state.log.append(("unknown", str(status)))
    return attrs.evolve(envelope(status, message), status=status)


Found: TypeAlias = "tuple[Endpoint, Mapping[str, str]]"
"""An operation, with the arguments in the path of the request."""


def _answer(state: Simulator, request: SimRequest, found: Found | None, now: float) -> SimResponse:
    """Answer a request as the fault script says, and log the outcome. If `found` is None, it is for a file."""
    operation = "result" if found is None else found[0].operation
    rule = state.faults.pick(operation)
    if rule is None:
        response = _process(state, request, found, now, None)
    else:
        processed = _process(state, request, found, now, rule) if rule.processed else SimResponse(status=503)
        response = rule.answer(processed)
    state.log.append((operation, rule.do if rule is not None else _outcome(response)))
    return response


def _process(state: Simulator, request: SimRequest, found: Found | None, now: float, rule: Rule | None) -> SimResponse:
    if found is None:
        return downloads.serve(state, request, now)
    endpoint, arguments = found
    if not request.headers.get("user-agent"):
        return text("error code: 1010", status=403)
    key = _key(request)
    if endpoint.auth and (not key or (state.keys is not None and key not in state.keys)):
        return envelope(401, "You do not have access permissions")
    try:
        body = _body(request.body) if endpoint.body == "json" else {}
        if state.limits and not state.limiter.permit(endpoint.bucket, key, now):
            return busy()
        incoming = Incoming(
            endpoint=endpoint, request=request, body=body, key=key, now=now, rule=rule, arguments=arguments
        )
        return HANDLERS[endpoint.operation](state, incoming)
    except Refused as refused:
        success: JSONObject = {"success": False} if endpoint.server == "upload" else {}
        return answer({**success, "code": refused.code, "msg": refused.msg, "data": None})


def _body(content: bytes) -> JSONObject:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        raise Refused(400, "The request body is not JSON") from None
    if not isinstance(body, dict):
        raise Refused(400, "The request body is not a JSON object")
    return body


def _key(request: SimRequest) -> str:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def _outcome(response: SimResponse) -> str:
    if response.headers.get("content-type") != "application/json":
        return str(response.status)
    document = response.document
    return str(document.get("code")) if isinstance(document, dict) else str(response.status)
