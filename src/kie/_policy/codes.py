"""Policy: what an answer means, read from the compiled `codes.yaml`. May import `_core` and `kie_models`' data."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, cast

import attrs

from kie._core import data, errors


@attrs.frozen(kw_only=True)
class Meaning:
    """One row of the table: see `openapi/codes.yaml` for what each fact says."""

    meaning: str
    error: str | None
    task_created: bool | None
    retry_read: bool
    retry_submit: bool
    ends_task: bool
    not_found: bool
    breaker_failure: bool
    hint: str = ""

    @classmethod
    def load(cls, row: Mapping[str, Any]) -> Meaning:
        created = row["task_created"]
        return cls(**{**row, "task_created": None if created == "unknown" else created})

    @property
    def rate_limited(self) -> bool:
        return self.error == "RateLimited"

    def exception(
        self,
        message: str,
        *,
        creating: bool,
        status: int,
        code: int | None,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> errors.ApiError:
        """The error for an answer with this meaning, to a call that may create a task (`creating`) or cannot."""
        cls: type[errors.ApiError] = getattr(errors, self.error or "ApiError")
        return cls(
            message or self.meaning,
            status=status,
            code=code,
            request_id=request_id,
            retry_after=retry_after,
            task_created=self.task_created if creating else False,
            hint=self.hint,
        )


@cache
def _codes() -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(data.read("kie_models", "codes.json")))


@cache
def _table() -> dict[str, dict[str, Meaning]]:
    return {
        group: {str(code): Meaning.load(row) for code, row in _codes()[group].items()} for group in ("envelope", "http")
    }


@cache
def _refusals() -> tuple[frozenset[int], Meaning, list[re.Pattern[str]]]:
    refusals = _codes()["refusals"]
    texts = [re.compile(text, re.IGNORECASE) for text in refusals["texts"]]
    return frozenset(refusals["codes"]), Meaning.load(refusals["row"]), texts


def refused_field(code: int | None, text: str) -> tuple[Meaning, str | None] | None:
    """The meaning of a refusal whose text blames a field, and that field if it is named; None for other refusals."""
    codes, meaning, texts = _refusals()
    if code not in codes:
        return None
    found = next((match for pattern in texts if (match := pattern.fullmatch(text.strip()))), None)
    return (meaning, found.groupdict().get("field")) if found else None


def judge(status: int, code: int | None, overrides: Mapping[str, Meaning] | None = None) -> Meaning:
    """What an answer means. First match: the lifecycle's own row, the envelope code, the HTTP status.

    An envelope that says 200 inside an HTTP error is not believed: the status decides.
    """
    table = _table()
    if code is not None and not (code == 200 and status >= 400):
        key, envelope = str(code), table["envelope"]
        found = overrides.get(key) if overrides else None
        return found or envelope.get(key) or envelope["default"]
    http = table["http"]
    return http.get(str(status)) or http.get(f"{status // 100}xx") or http["default"]
