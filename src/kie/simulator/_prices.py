"""Simulator: what tasks cost, and the public price list. May import `_core`, `catalog`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache

from kie import catalog
from kie._core import paths
from kie._core.estimates import USD_PER_CREDIT
from kie._core.json import JSON, JSONObject
from kie._core.numbers import whole
from kie._core.price_counters import seconds_of
from kie._core.price_list import PackagedRow, packaged, priced_models
from kie._core.prices import estimate_body, media_that_count
from kie.simulator._messages import Refused, SimResponse, envelope

PRICES = {"image": Decimal("4.5"), "video": Decimal("35.25"), "audio": Decimal("2.4"), "music": Decimal(12)} | {
    "stems": Decimal(10),
    "json": Decimal(1),
}
"""Credits for one task of a model without a price table, by kind of result: round numbers, not the vendor's prices."""
_KINDS = {"image": "image", "video": "video", "audio": "music", "music": "music"}
"""The price list's name for each kind."""


def price_of(kind: str) -> Decimal:
    """Credits for one task of a model without a price table, by kind of result."""
    return PRICES.get(kind, PRICES["json"])


def charge(model: str, fields: JSONObject, kind: str, today: date, measure: Callable[[str], float | None]) -> Decimal:
    """Credits for one task: the lower bound by the model's price table, or else the default for the kind of result."""
    lengths = {
        field: [seconds_of(measure(str(url))) for found in paths.reach(fields, field) for url in _listed(found)]
        for field in media_that_count(model)
    }
    found = estimate_body(model, fields, lengths, today)
    return found.at_least if found.exact or found.at_least else price_of(kind)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


@cache
def _rows() -> list[JSONObject]:
    """The price list in this package. Its names are simplified: lower case, with letters, digits and points only."""
    return [_row(row, priced_models().get(name, ())) for name, row in packaged().items()]


def _row(row: PackagedRow, ids: tuple[str, ...]) -> JSONObject:
    model = catalog.find(ids[0]) if ids else None
    unit = row.unit.removeprefix("per ")
    return {
        "modelDescription": row.name.replace(" | ", ", ").strip(", "),
        "interfaceType": _KINDS.get(model.kind if model else unit, "image" if "image" in unit else "video"),
        "provider": model.provider if model else "",
        "creditPrice": str(row.credits),
        "creditUnit": row.unit,
        "usdPrice": str(row.credits * USD_PER_CREDIT),
        "falPrice": "",
        "discountRate": 0.0,
        "anchor": f"https://kie.ai/market?model={ids[0]}" if ids else "",
        "discountPrice": False,
    }


def count() -> SimResponse:
    """Answer with the number of rows, in total and of each kind."""
    rows = _rows()
    counts: JSONObject = {"all": len(rows)}
    for kind in ("image", "video", "music", "chat"):
        counts[kind] = sum(row["interfaceType"] == kind for row in rows)
    return envelope(200, "success", counts)


def page(body: JSONObject) -> SimResponse:
    """One page of the rows that match."""
    number, size = body.get("pageNum"), body.get("pageSize")
    if not whole(number, 1) or not whole(size, 1):
        raise Refused(422, "pageNum and pageSize must be whole numbers, at least 1")
    size = min(size, 100)
    search, kind = str(body.get("modelDescription") or "").lower(), body.get("interfaceType") or ""
    rows: list[JSON] = [
        row for row in _rows() if search in str(row["modelDescription"]).lower() and kind in ("", row["interfaceType"])
    ]
    found: JSONObject = {
        "records": rows[(number - 1) * size : number * size],
        "total": len(rows),
        "size": size,
        "current": number,
        "pages": -(-len(rows) // size),
        "searchCount": True,
        "orders": [],
    }
    return envelope(200, "success", found)
