"""Plans: a prompt, and what an enhancer makes of it. May import `_core`, `_flow`, `_tasks`.

An enhancer is a user's object, and may do anything. Whatever it does wrong is a warning, and the prompt that was given
is used. Only an interruption and a cancellation pass through.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Protocol

import attrs

from kie._core.errors import ConfigError
from kie._core.issues import Issue
from kie._core.later import later
from kie._core.numbers import positive
from kie._core.safe_text import described, repr_of
from kie._flow.effects import Flow, Notify
from kie._plans.policies import POLICIES, EnhancePolicy
from kie._tasks import chat

if TYPE_CHECKING:
    from kie._aclient import AsyncKie
    from kie._client import Kie
else:
    Kie, AsyncKie = later("kie._client", "Kie"), later("kie._aclient", "AsyncKie")

ENHANCER = "enhancer"
"""The rule of the warning that an enhancer gave nothing that can be used."""
LONGEST = 100_000
"""The most characters that are taken from an enhancer, whatever the model takes."""
MOST_SAID = 300
"""The most characters of what an enhancer gave, or of its error, that a warning shows."""
GENERAL = (
    "Improve this prompt for a generative model. Keep its meaning, its language, its names and its numbers. "
    "Answer with the prompt alone.\n\n"
)
"""What an enhancer works by where no preset gives instructions; the prompt follows."""


@attrs.frozen(kw_only=True)
class Brief:
    """What an enhancer is asked for."""

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
    """Makes a better prompt of a prompt. Anything with this method is one."""

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
    """What the enhancer made of it; None if it was not asked, or gave nothing that can be used."""
    final: str
    """The prompt that is used, before a preset is put around it."""
    needs_confirmation: bool = False
    """Whether somebody has to agree to `final` before it is sent: the policy is `ask`."""
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
        value: What was given for it.

    Returns:
        The policy.

    Raises:
        ConfigError: It is not one.
    """
    if value not in POLICIES:
        raise ConfigError(f"enhance has to be {', '.join(POLICIES[:-1])} or {POLICIES[-1]}, not {repr_of(value)}")
    return value


def enhance(
    brief: Brief,
    policy: EnhancePolicy,
    enhancer: Enhancer | None,
    *,
    check: Callable[[str], Iterable[Issue]],
) -> Flow[Enhanced]:
    """Have a prompt enhanced, as the policy says.

    Args:
        brief: The prompt, and what to make of it.
        policy: What is done with the enhanced prompt.
        enhancer: Who enhances it.
        check: Finds what is wrong with a prompt for the model. Faults that the given prompt has as well do not count.

    Returns:
        The three forms of the prompt. Nothing that the enhancer does wrong is raised.
    """
    raw = brief.prompt
    if policy == "off" or not raw.strip():
        return Enhanced(raw=raw, final=raw)
    if enhancer is None:
        return _unused(raw, "no enhancer was given, such as kie.plans.ChatEnhancer(client)")
    try:
        made = yield from Notify(enhancer.enhance, (brief,))
    except Exception as error:
        return _unused(raw, f"the enhancer failed: {_short(described(error))}")
    if not isinstance(made, str):
        return _unused(raw, f"the enhancer gave {_short(repr_of(made))} instead of a text")
    made = str.strip(made)
    if not made:
        return _unused(raw, "the enhancer gave an empty text")
    if len(made) > LONGEST:
        return _unused(raw, f"the enhancer gave {len(made)} characters; at most {LONGEST} are taken")
    if any("\ud800" <= letter <= "\udfff" for letter in made):
        return _unused(raw, "the enhancer gave half of a surrogate pair, which is not valid Unicode")
    known = {(issue.path, issue.rule) for issue in check(raw)}
    worse = [issue for issue in check(made) if (issue.path, issue.rule) not in known]
    if worse:
        return _unused(raw, f"the enhanced prompt does not fit the model ({_short('; '.join(map(str, worse)))})", made)
    return by_policy(Enhanced(raw=raw, enhanced=made, final=made), policy)


def by_policy(made: Enhanced, policy: EnhancePolicy) -> Enhanced:
    """What is done with a prompt that was enhanced, by a policy. One that cannot be used stays so."""
    if made.enhanced is None or made.warnings:
        return made
    final = made.raw if policy in ("off", "preview") else made.enhanced
    return attrs.evolve(made, final=final, needs_confirmation=policy == "ask" and final != made.raw)


def _short(text: str) -> str:
    return text if len(text) <= MOST_SAID else f"{text[:MOST_SAID]}..."


def _unused(raw: str, why: str, made: str | None = None) -> Enhanced:
    issue = Issue("enhance", ENHANCER, f"the prompt is used as it was given: {why}")
    return Enhanced(raw=raw, enhanced=made, final=raw, warnings=(issue,))


@attrs.frozen
class ChatEnhancer:
    """Enhances prompts with a language model at Kie, with the key of a client.

    Every prompt costs credits, by the tokens of both texts. No packaged price list has language models, so no budget
    and no estimate counts them. A request is sent once; only what provably did not arrive, or was turned away by the
    rate limit, is sent again. The route is documented by the vendor, and has not been tried live with a valid key.

    Args:
        client: A `Kie`, or for an `AsyncKie` that one.
        model: The language model: one that the vendor serves at `/MODEL/v1/chat/completions`.
        timeout: Seconds that an answer may take, more than 0.

    Raises:
        ConfigError: `model` or `timeout` make no sense.
    """

    client: Kie | AsyncKie = attrs.field(repr=False)
    model: str = attrs.field(default=chat.MODEL, kw_only=True, converter=chat.model_of)
    timeout: float = attrs.field(default=60.0, kw_only=True, validator=lambda *given: positive("timeout", given[-1]))

    def enhance(self, brief: Brief, /) -> str | Awaitable[str]:
        """Enhance a prompt.

        Args:
            brief: The prompt, and what to make of it.

        Returns:
            The text of the language model; awaitable with an `AsyncKie`.

        Raises:
            ApiError: The service refused.
            TransportFailed: No usable answer came; it may have been charged.
            ResultInvalid: The answer holds no text.
        """
        ctx = self.client._ctx.with_options({"request_timeout": self.timeout})
        flow = chat.complete(ctx, self.model, brief.instructions or f"{GENERAL}{brief.prompt}")
        return self.client._driver.drive(flow)
