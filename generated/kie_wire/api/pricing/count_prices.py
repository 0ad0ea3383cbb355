"""Count the rows of the public price list."""

from __future__ import annotations

from kie._core.call import Call

from ...models.price_count_answer import PriceCountAnswer
from ...read import read


def count_prices() -> Call[PriceCountAnswer]:
    """Count the rows of the public price list.

    Belongs to the public web site; not documented, taken without a key.
    """
    return Call(
        operation="countPrices",
        method="GET",
        server="api",
        path="/client/v1/model-pricing/count",
        creates_task=False,
        bucket="none",
        auth=False,
        parse=lambda answer: read(PriceCountAnswer.from_dict, answer),
    )
