"""Agents: the offers of `generate`: what it would send, the price, and whether to ask the user first. May import every
room below.

Nothing that a model writes counts as consent. The question depends on the arguments alone, so that a client that
repeats the call to deliver the answer gets the same question, word for word.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Literal, TypeAlias

import attrs

from kie._agents.answer import ToolAnswer, not_sent, quoted
from kie._core.estimates import Estimate, shown
from kie._core.request import Request
from kie._core.results import Result
from kie._io.budget import Budget
from kie._plans.rendering import shown_request

Consent: TypeAlias = Literal["agreed", "declined", "cannot_ask"]
"""The answer of the user, through the client, never from the model."""

LONGEST_INPUT = 500
"""The most characters of the input that a question shows."""


@attrs.frozen(kw_only=True)
class Offer:
    """A request that would be sent, and its price."""

    request: Request[Result]
    """The request."""
    estimate: Estimate
    """What it costs."""
    question: str | None
    """The question for the user before it is sent; None if the price needs no consent."""

    @property
    def limit(self) -> Budget | None:
        """The most credits that the submission may cost, as offered; None if the price is unknown."""
        most = self.estimate.at_most
        return None if most is None else Budget(most, unpriced="allow")


def offer_of(request: Request[Result], estimate: Estimate, free: Decimal) -> Offer:
    """Make the offer for a request.

    Args:
        request: The request.
        estimate: Its price.
        free: The most credits that need no consent.

    Returns:
        The offer. Without a known upper price it always asks.
    """
    most = estimate.at_most
    question = None if most is not None and most <= free else _question(request, estimate)
    return Offer(request=request, estimate=estimate, question=question)


def _question(request: Request[Result], estimate: Estimate) -> str:
    usd = f" (about {estimate.usd.normalize():f} USD)" if estimate.usd is not None else ""
    price = f"up to {shown(estimate.at_most)} credits{usd}" if estimate.at_most is not None else _unknown(estimate)
    body = json.dumps(shown_request(request), ensure_ascii=False, sort_keys=True)
    mark = request.fingerprint()[:8]
    return f"Spend {price} on one task of {request.info.name}? Request {mark}: {quoted(body, LONGEST_INPUT)}"


def _unknown(estimate: Estimate) -> str:
    least = f"at least {shown(estimate.at_least)} credits and " if estimate.at_least else ""
    why = f" ({'; '.join(estimate.notes)})" if estimate.notes else ""
    return f"{least}an unknown amount{why}"


def refusal(offer: Offer, consent: Consent) -> ToolAnswer:
    """Answer that an offer was not sent.

    Args:
        offer: The offer.
        consent: The reason: the user declined, or cannot be asked.

    Returns:
        The answer.
    """
    most = offer.estimate.at_most
    price = f"up to {shown(most)} credits" if most is not None else "an unknown amount"
    cost = None if most is None else shown(most)
    if consent == "declined":
        message = f"the user did not agree to spend {price} on {offer.request.info.name}; nothing was sent"
        return not_sent(message, "do not request the same task again; ask the user what to change", type="Declined")
    message = f"it costs {price}, which needs the user's consent, and this client cannot ask for it"
    way = "tell the user that nothing was sent. A client that supports elicitation can ask for it"
    way += (
        f"; or they can start the server with --free {cost}, so that it sends such tasks without asking" if cost else ""
    )
    return not_sent(message, f"{way}. No argument of a tool counts as consent", type="CannotAsk", at_most=cost)
