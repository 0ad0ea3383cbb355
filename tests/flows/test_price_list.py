"""A price list ends, whatever the service says."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest

from kie import Kie
from kie._core.call import HttpRequest, HttpResponse
from kie._core.errors import ResultInvalid
from kie._tasks.account import MOST_PAGES
from kie.testing import virtual_kie


@attrs.define
class Lister:
    """Answers every page with a row; `fresh`: each time another one."""

    fresh: bool
    pages: object
    asked: int = 0
    rows: list[int] = attrs.field(factory=list)
    """How many rows each page has; one by default."""

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse:
        self.asked += 1
        row = {"modelDescription": f"row {self.asked if self.fresh else 0}"}
        count = self.rows[self.asked - 1] if self.rows else 1
        body = {"code": 200, "data": {"records": [row] * count, "pages": self.pages}}
        return HttpResponse(status=200, headers={}, body=json.dumps(body).encode())

    def stream(self, *arguments: object) -> Any:
        raise AssertionError

    def close(self) -> None:
        pass


@pytest.mark.parametrize("pages", [3, "3", 3.0])
def test_every_page_is_read_once(pages: object) -> None:
    lister = Lister(fresh=True, pages=pages)
    assert [price.description for price in Kie("key", transport=lister).prices()] == ["row 1", "row 2", "row 3"]


def test_without_a_number_of_pages_the_first_that_is_not_full_is_the_last() -> None:
    lister = Lister(fresh=True, pages=None, rows=[100, 100, 99, 100])
    assert len(Kie("key", transport=lister).prices()) == 299


def test_a_page_that_comes_again_ends_the_list_with_an_error() -> None:
    lister = Lister(fresh=False, pages=10**12)
    with pytest.raises(ResultInvalid, match="page 2 of the price list"):
        Kie("key", transport=lister).prices()
    assert lister.asked == 2


def test_a_list_that_never_ends_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kie._tasks.account.MOST_PAGES", 5)
    lister = Lister(fresh=True, pages=10**12)
    with pytest.raises(ResultInvalid, match="more than 5 pages"):
        Kie("key", transport=lister).prices()
    assert lister.asked == 5 and MOST_PAGES == 200


def test_counts_are_whole_numbers_however_they_are_written() -> None:
    body = json.dumps({"code": 200, "data": {"all": "12", "image": 3, "video": 4.0, "music": None, "chat": "few"}})
    client, _, _ = virtual_kie(faults=[{"on": "countPrices", "do": "garbage", "status": 200, "body": body}])
    assert client.price_counts() == {"all": 12, "image": 3, "video": 4}
