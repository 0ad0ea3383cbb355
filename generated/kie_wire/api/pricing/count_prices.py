"""Count the rows of the public price list."""

from __future__ import annotations

from kie._core.call import Call

from ...endpoints import COUNT_PRICES
from ...models.price_count_answer import PriceCountAnswer
from ...read import read


def count_prices() -> Call[PriceCountAnswer]:
    """Count the rows of the public price list.

    Belongs to the public web site; not documented, taken without a key.
    """
    return Call(
        endpoint=COUNT_PRICES,
        parse=lambda answer: read(PriceCountAnswer.from_dict, answer),
    )
