"""Plans: the interface of prompt enhancers, and one that uses a language model at Kie. May import `_core`, `_tasks`."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Protocol

import attrs

from kie._core.errors import ConfigError
from kie._core.issues import Issue
from kie._core.later import later
from kie._core.numbers import seconds
from kie._core.safe_text import repr_of
from kie._plans.policies import POLICIES, EnhancePolicy
from kie._tasks import chat

if TYPE_CHECKING:
    from kie._aclient import AsyncKie
    from kie._client import Kie
else:
    Kie, AsyncKie = later("kie._client", "Kie"), later("kie._aclient", "AsyncKie")

GENERAL = (
    "Improve this prompt for a generative model. Keep its meaning, its language, its names and its numbers. "
    "Answer with the prompt alone.\n\n"
)
"""The instructions for an enhancer if no preset has its own; the prompt follows."""


@attrs.frozen(kw_only=True)
class Brief:
    """What an enhancer is asked to do."""

    prompt: str
    """The prompt that was given."""
    instructions: str
    """What to make of it, with the prompt in it: the rendered preset. Empty if no preset is for this."""
    model: str = ""
    """The id of the model that will get the prompt."""
    pattern: str | None = None
    """The input pattern, such as `first_and_last_frame`."""
    prompt_limit: int | None = None
    """The most characters that the model takes; None if there is no limit."""


class Enhancer(Protocol):
    """Improves prompts. Any object with this method is an enhancer."""

    def enhance(self, brief: Brief, /) -> str | Awaitable[str]:
        """Enhance a prompt.

        Args:
            brief: The prompt, and what to make of it.

        Returns:
            The prompt. For an `AsyncKie` it may be awaitable.
        """
        ...


@attrs.frozen(kw_only=True)
class Enhanced:
    """A prompt in its three forms."""

    raw: str
    """The prompt that was given."""
    enhanced: str | None = None
    """The enhanced prompt; None if the enhancer was not asked or gave nothing usable."""
    final: str
    """The prompt that is used, before a preset is put around it."""
    needs_confirmation: bool = False
    """Whether somebody has to agree to `final` before it is sent, because the policy is `ask`."""
    warnings: tuple[Issue, ...] = ()
    """Why the enhancer's prompt is not used, if it was asked for."""


@attrs.frozen(kw_only=True)
class Prompts:
    """The prompt of a plan in its three forms."""

    raw: str
    """The prompt that was given."""
    enhanced: str | None = None
    """What an enhancer made of it, used or not; None if none was asked, or if it gave nothing."""
    final: str
    """What the model gets: the given or the enhanced prompt, in its preset if that is for prompts."""


def policy_of(value: object) -> EnhancePolicy:
    """Read a policy.

    Args:
        value: The given value.

    Returns:
        The policy.

    Raises:
        ConfigError: It is not a policy.
    """
    if value not in POLICIES:
        raise ConfigError(f"enhance must be {', '.join(POLICIES[:-1])} or {POLICIES[-1]}, not {repr_of(value)}")
    return value


@attrs.frozen
class ChatEnhancer:
    """Enhances prompts with a language model at Kie, with the key of a client.

    Every prompt costs credits, by the tokens of both texts. The packaged price list has no language models, so no
    budget and no estimate counts them. A request is sent once; it is sent again only if it provably did not arrive, or
    was refused by the rate limit. The vendor documents the route; it has not been tried live with a valid key.

    Args:
        client: A `Kie`, or for plans of an `AsyncKie`, that `AsyncKie`.
        model: The language model: one that the vendor serves at `/MODEL/v1/chat/completions`.
        timeout: Maximum number of seconds to wait for an answer; more than 0.

    Raises:
        ConfigError: `model` or `timeout` is invalid.
    """

    client: Kie | AsyncKie = attrs.field(repr=False)
    """The client whose key and connections are used."""
    model: str = attrs.field(default=chat.MODEL, kw_only=True, converter=chat.model_of)
    """The language model."""
    timeout: float = attrs.field(default=60.0, kw_only=True, validator=lambda own, *_: seconds(own, "timeout"))
    """Maximum number of seconds to wait for an answer."""

    def enhance(self, brief: Brief, /) -> str | Awaitable[str]:
        """Enhance a prompt.

        Args:
            brief: The prompt, and what to make of it.

        Returns:
            The text of the language model; awaitable with an `AsyncKie`.

        Raises:
            ApiError: The service refused.
            TransportFailed: No usable answer came; it may have been charged.
            ResultInvalid: The answer contains no text.
        """
        ctx = self.client._ctx.with_options({"request_timeout": self.timeout})
        flow = chat.complete(ctx, self.model, brief.instructions or f"{GENERAL}{brief.prompt}")
        return self.client._driver.drive(flow)
