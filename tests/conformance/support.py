"""What the tests against the vendor's own pages share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import yaml

from kie._core.call import HttpRequest, HttpResponse


@cache
def load(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.load(path.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return document


def asked_for(request: HttpRequest) -> str:
    """The id of the task that a poll asks for; the service names it in the record."""
    return parse_qs(urlsplit(request.url).query).get("taskId", ["1"])[0]


class Accepting:
    """A transport that accepts whatever is submitted, and keeps it. Every task that is polled has succeeded."""

    def __init__(self) -> None:
        self.submitted: list[HttpRequest] = []

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(request.content or b"") for request in self.submitted]

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        data: dict[str, Any] = {"taskId": "1"}
        if request.method == "GET":
            data = {"taskId": asked_for(request), "state": "success", "successFlag": 1}
        else:
            self.submitted.append(request)
        body = json.dumps({"code": 200, "msg": "success", "data": data}).encode()
        return HttpResponse(status=200, headers={}, body=body)

    def stream(self, url: str, headers: Mapping[str, str], timeout: float) -> Any:
        raise AssertionError("nothing is to be fetched")

    def close(self) -> None:
        pass
