"""Read a page of the public price list."""

from __future__ import annotations

from kie._core.call import Call

from ...endpoints import LIST_PRICES
from ...models.price_page_answer import PricePageAnswer
from ...models.price_page_request import PricePageRequest
from ...read import read


def list_prices(
    *,
    body: PricePageRequest,
) -> Call[PricePageAnswer]:
    """Read a page of the public price list.

    Belongs to the public web site; not documented, taken without a key. Not a billing contract.
    """
    return Call(
        endpoint=LIST_PRICES,
        json=body.to_dict(),
        parse=lambda answer: read(PricePageAnswer.from_dict, answer),
    )
