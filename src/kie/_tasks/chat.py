"""Tasks: one answer of a language model. May import `_core`, `_exchange`, `_flow`, `kie_wire`."""

from __future__ import annotations

import re

from kie._core.errors import ConfigError, ResultInvalid, TransportFailed
from kie._core.json import JSON, JSONObject
from kie._core.safe_text import repr_of
from kie._exchange.exchange import OutcomeUnknown, typed
from kie._flow.context import Context
from kie._flow.effects import Flow
from kie_wire.api.chat.complete_chat import complete_chat

MODEL = "gpt-5-2"
"""The default language model: the only one whose route was seen to answer live."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def model_of(value: object) -> str:
    """Check the id of a language model. Raises `ConfigError` for one that would change the path of the URL."""
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise ConfigError(f"{repr_of(value)} is not the id of a language model, such as {MODEL!r}")
    return value


def complete(ctx: Context, model: str, message: str) -> Flow[str]:
    """Ask a language model, without streaming.

    It is sent only once: a request that may have arrived may have been charged.

    Raises:
        ApiError: The service refused.
        TransportFailed: No usable answer came.
        ResultInvalid: The answer contains no text.
    """
    body: JSONObject = {
        "messages": [{"role": "user", "content": [{"type": "text", "text": message}]}],
        "stream": False,  # most of these models stream otherwise
        "reasoning_effort": "low",
    }
    try:
        answer = yield from typed(ctx, complete_chat(model, body=body))
    except OutcomeUnknown as error:
        raise TransportFailed(
            f"{model}: {error}; it may have been charged, and is not asked again", sent=None
        ) from None
    text = _text(answer)
    if text is None:
        raise ResultInvalid(None, f"the answer of {model} contains no text", raw=answer)
    return text


def _text(answer: JSON) -> str | None:
    """The text of the first choice: one string, or parts with strings."""
    try:
        content = answer["choices"][0]["message"]["content"]  # type: ignore[index,call-overload]
    except (LookupError, TypeError):
        return None
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict)]
        content = "".join(part for part in parts if isinstance(part, str)) or None
    return content if isinstance(content, str) else None
