"""Simulator: language models, whose answers depend on the question alone. May import `_core`."""

from __future__ import annotations

from decimal import Decimal

from kie._core.json import JSON, JSONObject
from kie.simulator._messages import Incoming, Refused, SimResponse, answer, envelope
from kie.simulator._simulator import Simulator

MODELS = (
    *("gpt-5-2", "gemini-2.5-flash", "gemini-2.5-pro", "gemini-3-flash", "gemini-3-pro", "gemini-3.1-pro"),
    *("gemini-3-5-flash-openai", "gemini-3-6-flash-openai", "gemini-3-7-flash-openai"),
)
"""The models that the vendor documents for the route."""
PRICE = Decimal("0.5")
"""Credits for one answer: a round number, not the vendor's price."""


def complete(state: Simulator, incoming: Incoming) -> SimResponse:
    """Answer with a few words and the last paragraph of the last message."""
    model = incoming.arguments.get("model")
    if model not in MODELS:
        return envelope(404, "The model name you specified is not supported")
    messages = incoming.body.get("messages")
    if not isinstance(messages, list) or not messages:
        raise Refused(400, "messages cannot be empty")
    if incoming.body.get("stream") is not False and model != "gpt-5-2":
        raise Refused(400, "The simulator does not stream: send stream false")
    asked = _text(messages[-1])
    if not asked.strip():
        raise Refused(400, "content cannot be empty")
    if state.credits < PRICE:
        return envelope(402, "Your credits are not enough")
    state.credits -= PRICE
    last = asked.strip().rsplit("\n\n", 1)[-1]
    said = f"{last} In fine detail, with clear light."
    read, written = len(asked.split()), len(said.split())
    document: JSONObject = {
        "id": f"chatcmpl-{state.new_id()}",
        "object": "chat.completion",
        "created": int(state.wall(incoming.now)),
        "model": model,
        "choices": [{"index": 0, "message": {"role": "assistant", "content": said}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written},
    }
    return answer(document)


def _text(message: JSON) -> str:
    content = message.get("content") if isinstance(message, dict) else None
    parts = content if isinstance(content, list) else [content]
    texts = [part.get("text") if isinstance(part, dict) else part for part in parts]
    return "\n".join(text for text in texts if isinstance(text, str))
