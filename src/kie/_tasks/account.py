"""Tasks: balance, links and the public price list. May import `_core`, `_exchange`, `_flow`, `_records`, `kie_wire`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from kie._core.assets import AnyAsset
from kie._core.errors import InsufficientCredits, ResultInvalid
from kie._core.numbers import amount
from kie._core.price_list import Price, PriceChanges
from kie._core.price_snapshot import price_of
from kie._exchange.exchange import typed
from kie._flow.context import Context
from kie._flow.effects import Flow, OnDisk
from kie._flow.options import of_kind
from kie._records.reading import decimal
from kie_wire.api.account.get_credits import get_credits
from kie_wire.api.account.get_download_url import get_download_url
from kie_wire.api.gpt4o.get_gpt_4_o_download_url import get_gpt_4_o_download_url
from kie_wire.api.pricing.count_prices import count_prices
from kie_wire.api.pricing.list_prices import list_prices
from kie_wire.models.download_url_request import DownloadUrlRequest
from kie_wire.models.price_page import PricePage
from kie_wire.models.price_page_request import PricePageRequest
from kie_wire.models.price_row import PriceRow
from kie_wire.models.task_download_url_request import TaskDownloadUrlRequest


def balance(ctx: Context) -> Flow[Decimal]:
    """The balance. Raises `ResultInvalid` if it is not a number."""
    answer = yield from typed(ctx, get_credits())
    figure = decimal(answer.data if isinstance(answer.data, (int, float, str)) else None)
    if figure is None:
        raise ResultInvalid(None, "the balance is not a number", raw=answer.to_dict())
    return figure


def check_credits(ctx: Context, minimum: Decimal | float) -> Flow[Decimal]:
    """The balance, if it is at least `minimum`. Raises `InsufficientCredits` if it is less."""
    least = amount("minimum", minimum)
    figure = yield from balance(ctx)
    if figure < least:
        raise InsufficientCredits(
            f"the balance is {figure} credits; {minimum} are needed",
            status=200,
            code=402,
            hint="top up at https://kie.ai",
        )
    return figure


def has_credits(ctx: Context, minimum: Decimal | float) -> Flow[bool]:
    """Whether the balance is at least `minimum`."""
    least = amount("minimum", minimum)
    return (yield from balance(ctx)) >= least


def download_url(ctx: Context, file: str | AnyAsset) -> Flow[str]:
    """A link to a result that works for 20 minutes. Raises `Unprocessable` for a URL that Kie did not make.

    Images of GPT-4o have an endpoint of their own, which needs the task as well: only an `AnyAsset` knows it.
    """
    of_kind("file", file, (str, AnyAsset), "a URL or an asset of a result")
    if isinstance(file, AnyAsset) and file.ref.lifecycle == "gpt4o-image":
        call = get_gpt_4_o_download_url(body=TaskDownloadUrlRequest(task_id=file.ref.id, url=file.url))
    else:
        call = get_download_url(body=DownloadUrlRequest(url=str(file)))
    answer = yield from typed(ctx, call)
    if not isinstance(answer.data, str) or not answer.data:
        raise ResultInvalid(None, "the answer contains no link", raw=answer.to_dict())
    return answer.data


_AGAIN = "ask again later; until then the list in use stays"
PAGE = 100
"""Rows per page of the price list: the most that the service returns at once."""
MOST_PAGES = 200
"""The most pages that are read, which is 20,000 rows."""


def prices(ctx: Context, search: str = "", kind: str = "", *, strict: bool = False) -> Flow[list[Price]]:
    """All rows of the public price list that match, page by page (100 rows each).

    `strict`: a row with a number that cannot be a price makes the list unusable, instead of having no credits.

    Raises `ResultInvalid` for a list that cannot be read, repeats a page, or does not end.
    """
    of_kind("search", search, str, "text")
    of_kind("kind", kind, str, "text")
    rows: list[Price] = []
    seen: set[tuple[Price, ...]] = set()
    for number in range(1, MOST_PAGES + 1):
        body = PricePageRequest(page_num=number, page_size=PAGE, model_description=search, interface_type=kind)
        answer = yield from typed(ctx, list_prices(body=body))
        records, last = _page(answer.data, number)
        try:
            page = tuple(price_of(row.to_dict(), strict=strict) for row in records)
        except ValueError as error:
            raise ResultInvalid(
                None, f"the price list cannot be used: {error}; {_AGAIN}", raw=answer.to_dict()
            ) from None
        if page and page in seen:
            raise ResultInvalid(
                None, f"page {number} of the price list is an earlier one again; {_AGAIN}", raw=answer.to_dict()
            )
        seen.add(page)
        rows.extend(page)
        if last:
            return rows
        if not page:
            why = f"page {number} of the price list is empty, and it is not the last; {_AGAIN}"
            raise ResultInvalid(None, why, raw=answer.to_dict())
    raise ResultInvalid(None, f"the price list has more than {MOST_PAGES} pages; {_AGAIN}")


def _page(data: object, number: int) -> tuple[list[PriceRow], bool]:
    """The rows of a page, and whether it is the last. Raises `ResultInvalid` if it is not a page."""
    listed = data.records if isinstance(data, PricePage) and isinstance(data.records, list) else []
    if not isinstance(data, PricePage) or not all(isinstance(row, PriceRow) for row in listed):
        raise ResultInvalid(None, f"page {number} of the price list cannot be read; {_AGAIN}")
    pages = _count(data.pages)
    return listed, len(listed) < PAGE if pages is None else number >= pages


def refresh_prices(
    ctx: Context, place: Callable[[], object], save: Callable[[list[Price], date], PriceChanges]
) -> Flow[PriceChanges]:
    """Fetch the whole list and `save` it, once `place` has found where. Raises what these and `prices` raise."""
    yield from OnDisk(place)
    rows = yield from prices(ctx, strict=True)
    day = ctx.services.wall().date()
    return (yield from OnDisk(lambda: save(rows, day)))


def price_counts(ctx: Context) -> Flow[dict[str, int]]:
    """How many rows the price list has, in total and of each kind."""
    answer = yield from typed(ctx, count_prices())
    counts = answer.to_dict().get("data")
    if not isinstance(counts, dict):
        raise ResultInvalid(None, "the counts cannot be read", raw=answer.to_dict())
    return {name: found for name, value in counts.items() if (found := _count(value)) is not None}


def _count(value: object) -> int | None:
    """A whole number, which may be text; None for anything else."""
    number = decimal(value if isinstance(value, (int, float, str)) else None)
    return int(number) if number is not None and number == number.to_integral_value() else None
