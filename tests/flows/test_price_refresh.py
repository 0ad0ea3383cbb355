"""A price list is fetched when it is asked for, and kept whole or not at all."""

from __future__ import annotations

import asyncio
import json
import pickle
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest

from kie import ApiError, AsyncKie, ConfigError, Kie, RateLimit, ResultInvalid, price_changes
from kie._core import price_snapshot
from kie._core.call import HttpRequest, HttpResponse
from kie.models import Kling30Video
from kie.testing import virtual_async_kie, virtual_kie
from tests.core.test_price_list import ALL, KLING, row

FOX = Kling30Video(prompt="A fox", duration="15", mode="pro", sound=True)
ROWS = [row(KLING, creditPrice="30"), *(each for each in ALL if each != row(KLING))]


@attrs.define
class Lister:
    """Serves a list in pages of 100 rows, or another answer."""

    rows: list[dict[str, Any]]
    answer: dict[str, Any] | None = None
    asked: int = 0
    pages: int | None = 0
    """How many pages it says that there are; 0 for as many as there are."""

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        self.asked += 1
        start = (self.asked - 1) * 100
        data = {
            "records": self.rows[start : start + 100],
            "pages": -(-len(self.rows) // 100) if self.pages == 0 else self.pages,
        }
        return HttpResponse(
            status=200, headers={}, body=json.dumps(self.answer or {"code": 200, "data": data}).encode()
        )

    def stream(self, *arguments: object) -> Any:
        raise AssertionError

    def close(self) -> None:
        pass


def client(rows: list[dict[str, Any]], answer: dict[str, Any] | None = None) -> Kie:
    return Kie("key", transport=Lister(rows, answer))


@pytest.fixture(autouse=True)
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("KIE_PRICES", str(tmp_path / "state" / "prices.json"))
    price_snapshot.reread()
    yield tmp_path / "state" / "prices.json"
    monkeypatch.undo()
    price_snapshot.reread()


def test_all_pages_are_kept_and_estimates_go_by_them_at_once(path: Path) -> None:
    kie = client(ROWS)
    assert kie.estimate(FOX).credits == 405
    changes = kie.refresh_prices()
    assert [(change.before, change.after) for change in changes.rows] == [(Decimal(27), Decimal(30))]
    assert changes == price_changes() == price_changes(path)
    assert kie.estimate(FOX).credits == 450
    assert len(json.loads(path.read_bytes())["prices"]) == len(ROWS) > 400
    assert [each.name for each in path.parent.iterdir()] == ["prices.json"], "no half file is left"


def test_a_later_list_takes_the_place_of_the_one_before(path: Path) -> None:
    first = client(ROWS).refresh_prices()
    assert first.packaged
    second = client(ALL).refresh_prices()
    assert [(change.state, change.before, change.after) for change in second.rows] == [("changed", 30, 27)]
    assert (second.since, second.packaged) == (first.listed, False), "it is compared with the one that was in use"
    assert client(ALL).estimate(FOX).credits == 405
    assert client(ALL).refresh_prices().rows == price_changes().rows == ()


def test_a_list_that_was_not_in_use_is_not_compared_with(path: Path) -> None:
    client(ROWS).refresh_prices()
    path.write_text(json.dumps({**json.loads(path.read_bytes()), "listed": "2026-10-07"}))
    assert client(ROWS).refresh_prices().packaged


def test_a_list_that_is_too_large_to_be_read_again_is_not_written(path: Path) -> None:
    with pytest.raises(ResultInvalid, match="more than 8 MiB; nothing was written"):
        client([row(KLING, more="x" * 9_000_000)]).refresh_prices()
    assert not path.exists()


def test_the_async_client_does_the_same(path: Path) -> None:
    async def run() -> tuple[Any, Any]:
        kie, service, _ = virtual_async_kie()
        assert isinstance(kie, AsyncKie)
        changes = await kie.refresh_prices()
        assert {operation for operation, _ in service.log} == {"listPrices"}
        return changes, await kie.estimate(FOX)

    changes, estimate = asyncio.run(run())
    assert changes.rows == ()
    assert estimate.credits == 405
    assert path.exists()


def test_nothing_else_fetches_the_list_or_writes_it(path: Path) -> None:
    kie, service, _ = virtual_kie()
    kie.estimate(FOX)
    kie.run(FOX)
    kie.prices("kling")
    assert not path.parent.exists()
    assert [operation for operation, _ in service.log].count("listPrices") == 1


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ({"creditPrice": "1e999999"}, "is not a price"),
        ({"creditPrice": "NaN"}, "is not a price"),
        ({"creditPrice": "-4"}, "is not a price"),
        ({"creditPrice": "Infinity"}, "is not a price"),
    ],
)
def test_a_row_with_a_figure_that_no_price_is_spoils_the_list_and_nothing_is_written(
    path: Path, bad: dict[str, Any], why: str
) -> None:
    client(ALL).refresh_prices()
    before = path.read_bytes()
    with pytest.raises(ResultInvalid, match=why) as caught:
        client([row(KLING, **bad)]).refresh_prices()
    assert "until then the list in use stays" in str(caught.value)
    assert path.read_bytes() == before
    assert client([row(KLING, **bad)]).prices()[0].credits is None, "it can still be looked at"


@pytest.mark.parametrize("rows", [[], [{"modelDescription": "acme, video", "creditPrice": "1"}]])
def test_a_list_of_something_else_is_not_kept(path: Path, rows: list[dict[str, Any]]) -> None:
    with pytest.raises(ResultInvalid, match="no row that prices a known model; nothing was written"):
        client(rows).refresh_prices()
    assert not path.exists()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"records": ["text", 5], "pages": 1}, "page 1 of the price list cannot be read"),
        (None, "page 1 of the price list cannot be read"),
        ([], "page 1 of the price list cannot be read"),
        ({"records": ALL[:100], "pages": 5}, "page 2 of the price list is an earlier one again"),
        ({"records": ALL[:100], "pages": "5"}, "page 2 of the price list is an earlier one again"),
        ({"records": ALL[:100]}, "page 2 of the price list is an earlier one again"),
        ({"records": None}, "no row that prices a known model"),
    ],
)
def test_a_list_that_cannot_be_read_to_its_end_is_not_kept(path: Path, data: Any, why: str) -> None:
    with pytest.raises(ResultInvalid, match=why):
        client([], {"code": 200, "data": data}).refresh_prices()
    assert not path.exists()


def test_a_list_that_ends_before_its_last_page_is_not_kept(path: Path) -> None:
    lister = Lister(ALL[:100])
    lister.pages = 3
    with pytest.raises(ResultInvalid, match="page 2 of the price list is empty, and it is not the last"):
        Kie("key", transport=lister).refresh_prices()
    assert not path.exists()


def test_a_list_that_does_not_say_how_long_it_is_is_read_to_its_end(path: Path) -> None:
    lister = Lister(ROWS)
    lister.pages = None
    assert Kie("key", transport=lister).refresh_prices().same == len(ROWS) - 1
    assert lister.asked == len(ROWS) // 100 + 1


def test_a_list_without_end_is_given_up(path: Path) -> None:
    class Endless(Lister):
        def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
            self.rows = [row(KLING, creditPrice=str(self.asked))] * 100 * (self.asked + 2)
            return super().send(request, timeout)

    lister = Endless([])
    with pytest.raises(ResultInvalid, match="more than 200 pages; ask again later"):
        Kie("key", transport=lister, rate_limit=RateLimit.unlimited()).refresh_prices()
    assert (lister.asked, path.exists()) == (200, False)


def test_a_region_that_gets_no_list_hears_what_still_works(path: Path) -> None:
    kie = client([], {"code": 4030, "msg": "Not available in your region", "data": None})
    for ask in (kie.refresh_prices, kie.prices, kie.price_counts):
        with pytest.raises(ApiError, match="another region") as caught:
            ask()
        assert caught.value.code == 4030
        assert "`kie price`" in str(caught.value)
    assert not path.exists()
    assert kie.estimate(FOX).credits == 405


@pytest.mark.parametrize("content", [b'{"my": "notes"}', b"not JSON", b"{" * 100_000, b""])
def test_what_is_not_such_a_list_is_never_overwritten_and_nothing_is_fetched(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    lister = Lister(ALL)
    with pytest.raises(ConfigError, match="move it away, and `kie prices refresh` writes a new one"):
        Kie("key", transport=lister).refresh_prices()
    assert path.read_bytes() == content
    assert lister.asked == 0


def test_where_nothing_can_be_written_the_error_names_the_variable(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.parent.write_text("a file where the folder should be")
    with pytest.raises(ConfigError, match=r"KIE_PRICES|cannot be read"):
        client(ALL).refresh_prices()


def test_a_crash_while_it_is_written_leaves_the_list_before(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client(ALL).refresh_prices()
    before = path.read_bytes()

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kie._io.price_file.replace", crash)
    with pytest.raises(KeyboardInterrupt):
        client(ROWS).refresh_prices()
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == ["prices.json"]


def test_the_day_of_a_list_is_the_day_on_which_it_was_fetched(path: Path) -> None:
    kie, _, clock = virtual_kie()
    listed = kie.refresh_prices().listed
    assert isinstance(listed, date)
    assert listed == kie._ctx.services.wall().date()
    assert clock is not None


def test_a_row_keeps_fields_that_nobody_knows() -> None:
    given = row(KLING, note=None, tags=["new", {"until": "2026-12-31"}], usdPrice="about 1")
    (found,) = client([given]).prices()
    assert found.raw == given
    assert found.usd is None
    assert pickle.loads(pickle.dumps(found)) == found
    assert len({found, *client([given]).prices()}) == 1


def test_rows_name_the_models_that_they_price_and_keep_what_the_service_says() -> None:
    (found, *_) = client(ROWS).prices()
    assert found.models == ("kling-3.0/video",)
    assert (found.fal_price, found.discount_rate, found.discount_price) == (Decimal("0.15"), Decimal(40), True)
    assert found.anchor == "https://kie.ai/market"
