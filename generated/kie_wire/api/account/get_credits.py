"""Read the balance."""

from __future__ import annotations

from kie._core.call import Call

from ...endpoints import GET_CREDITS
from ...models.credits_answer import CreditsAnswer
from ...read import read


def get_credits() -> Call[CreditsAnswer]:
    """Read the balance.

    Reads how many credits the account has left; the figure has decimals.
    """
    return Call(
        endpoint=GET_CREDITS,
        parse=lambda answer: read(CreditsAnswer.from_dict, answer),
    )
