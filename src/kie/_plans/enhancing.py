"""Plans: has an enhancer improve a prompt. May import `_core`, `_flow`.

An enhancer is a user's object and may do anything. Any failure becomes a warning, and the given prompt is used. Only
interruptions and cancellations pass through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import attrs

from kie._core.issues import Issue
from kie._core.safe_text import described, repr_of
from kie._flow.effects import Flow, Notify
from kie._plans.enhance import Brief, Enhanced, Enhancer
from kie._plans.policies import EnhancePolicy

ENHANCER = "enhancer"
"""The rule of the warning that an enhancer gave nothing usable."""
LONGEST = 100_000
"""The most characters that are accepted from an enhancer, whatever the model accepts."""
MOST_SAID = 300
"""The most characters of an enhancer's answer or error that a warning shows."""


def enhance(
    brief: Brief,
    policy: EnhancePolicy,
    enhancer: Enhancer | None,
    *,
    check: Callable[[str], Iterable[Issue]],
) -> Flow[Enhanced]:
    """Have a prompt enhanced, according to the policy.

    Args:
        brief: The prompt, and what it is for.
        policy: What to do with the enhanced prompt.
        enhancer: Who enhances it.
        check: Finds the faults of a prompt for the model. Faults that the given prompt also has do not count.

    Returns:
        The three forms of the prompt. Failures of the enhancer are not raised.
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
        return _unused(raw, f"the enhancer gave {_short(repr_of(made))} instead of text")
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
    """Apply a policy to an enhanced prompt. An unusable one stays unusable."""
    if made.enhanced is None or made.warnings:
        return made
    final = made.raw if policy in ("off", "preview") else made.enhanced
    return attrs.evolve(made, final=final, needs_confirmation=policy == "ask" and final != made.raw)


def _short(text: str) -> str:
    return text if len(text) <= MOST_SAID else f"{text[:MOST_SAID]}..."


def _unused(raw: str, why: str, made: str | None = None) -> Enhanced:
    issue = Issue("enhance", ENHANCER, f"the prompt is used as it was given: {why}")
    return Enhanced(raw=raw, enhanced=made, final=raw, warnings=(issue,))
