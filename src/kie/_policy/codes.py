"""Policy: what an answer means, read from the compiled `codes.yaml`. May import `_core` and `kie_models`' data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

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
def _table() -> dict[str, dict[str, Meaning]]:
    return {
        group: {str(code): Meaning.load(row) for code, row in rows.items()}
        for group, rows in json.loads(data.read("kie_models", "codes.json")).items()
    }


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
