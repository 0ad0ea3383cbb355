"""Read the balance."""

from __future__ import annotations

from kie._core.call import Call

from ...models.credits_answer import CreditsAnswer
from ...read import read


def get_credits() -> Call[CreditsAnswer]:
    """Read the balance.

    Reads how many credits the account has left; the figure has decimals.
    """
    return Call(
        operation="getCredits",
        method="GET",
        server="api",
        path="/api/v1/chat/credit",
        creates_task=False,
        bucket="read",
        auth=True,
        parse=lambda answer: read(CreditsAnswer.from_dict, answer),
    )
