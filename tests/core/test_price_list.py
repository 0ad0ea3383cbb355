"""The price list that came with the package, and a later one in its place."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kie import ConfigError, Kie, price_changes
from kie._core import price_snapshot
from kie._core.estimates import Estimate
from kie._core.price_list import LARGEST as DEAREST
from kie._core.price_list import (
    Listing,
    compare,
    credits_of,
    fold,
    packaged,
    packaged_day,
    packaged_listing,
    priced_models,
)
from kie._core.price_snapshot import LARGEST, Snapshot, document, price_of, read
from kie._core.prices import estimate_body

DAY = date(2026, 11, 20)
PRO = "google nano banana pro | 1 2k"
Z_IMAGE = "qwen z image | text to image 1.0s"
IMAGEN = "google imagen4 | text to image fast"
FOX: Any = {"prompt": "A fox", "duration": "15", "mode": "pro", "sound": True}


def row(name: str, **more: Any) -> dict[str, Any]:
    """A row of the packaged list as the service spells it."""
    known = packaged()[fold(name)]
    return {
        "modelDescription": known.name.replace(" | ", ", ").title(),
        "interfaceType": "video",
        "provider": "Acme",
        "creditPrice": str(known.credits),
        "creditUnit": known.unit.capitalize(),
        "usdPrice": "0.09",
        "falPrice": "0.15",
        "discountRate": 40.0,
        "discountPrice": True,
        "anchor": "https://kie.ai/market",
        **more,
    }


ALL = [row(name) for name in packaged()]


def listing(*changed: dict[str, Any], without: str = "", listed: str = DAY.isoformat()) -> dict[str, Any]:
    """A list with every packaged row, of which some are changed and one may be missing."""
    names = {fold(each["modelDescription"]) for each in changed} | {fold(without)}
    assert not without or fold(without) in packaged()
    return {
        "format": 1,
        "listed": listed,
        "prices": [*changed, *(each for each in ALL if fold(each["modelDescription"]) not in names)],
    }


Keep = Callable[[object], Path]


@pytest.fixture
def keep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keep]:
    """Put a document where estimates find the price list of the user."""
    path = tmp_path / "prices.json"
    monkeypatch.setenv("KIE_PRICES", str(path))

    def write(content: object) -> Path:
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        price_snapshot.reread()
        return path

    price_snapshot.reread()
    yield write
    monkeypatch.undo()
    price_snapshot.reread()


def fox(today: date = DAY) -> Estimate:
    return estimate_body("kling-3.0/video", FOX, today=today)


KLING = "kling 3.0 video with audio 1080p"


def test_every_row_that_a_table_names_is_in_the_packaged_list_and_no_two_have_one_name() -> None:
    assert priced_models().keys() <= packaged().keys()
    assert priced_models()[fold(KLING)] == ("kling-3.0/video",)
    assert packaged_day() == date(2026, 10, 8)


def test_without_a_list_of_the_user_the_packaged_one_holds(keep: Keep) -> None:
    assert (fox().credits, fox().listed, fox().notes) == (405, date(2026, 10, 8), ())


def test_estimates_take_the_figures_of_the_list_and_its_day(keep: Keep) -> None:
    keep(listing(row(KLING, creditPrice="30")))
    assert (fox().credits, fox().listed, fox().notes) == (450, DAY, ())


def test_a_list_that_says_the_same_makes_estimates_younger(keep: Keep) -> None:
    late = DAY + timedelta(days=30)
    assert "the price list is of 2026-10-08" in fox(late).notes[0]
    keep(listing())
    assert (fox(late).credits, fox(late).listed, fox(late).notes) == (405, DAY, ())


@pytest.mark.parametrize(
    ("document_", "note"),
    [
        (listing(without=KLING), f"the price list of {DAY} has no row"),
        (listing(row(KLING, creditUnit="per video")), "counts something else"),
        (listing(row(KLING, creditPrice="27,5")), "has no single figure"),
        (listing(row(KLING, creditPrice="2_7")), "has no single figure"),
        (listing(row(KLING, creditPrice="")), "has no single figure"),
        (listing(row(KLING), row(KLING, creditPrice="28")), "has no single figure"),
    ],
)
def test_a_row_that_is_gone_or_counts_something_else_keeps_its_figure_and_it_is_reported(
    keep: Keep, document_: dict[str, Any], note: str
) -> None:
    keep(document_)
    assert fox().credits == 405
    assert note in fox().notes[0]
    assert "its figure of 2026-10-08 is kept" in fox().notes[0]


def test_a_row_of_the_vendors_catalogue_is_not_missed(keep: Keep) -> None:
    keep(listing(without="bytedance seedream | text to image"))
    found = estimate_body("bytedance/seedream", {"prompt": "x"}, today=DAY)
    assert (found.credits, found.notes) == (Decimal("3.5"), ())


def test_a_discount_that_ended_before_the_list_is_in_the_list(keep: Keep) -> None:
    body: Any = {"resolution": "480p", "duration": 5}
    assert estimate_body("bytedance/seedance-2-mini", body, today=DAY).at_most is None
    keep(listing(row("bytedance seedance 2 mini 480p no video", creditPrice="9.5")))
    assert estimate_body("bytedance/seedance-2-mini", body, today=DAY).credits == Decimal("47.5")


def deep(levels: int) -> bytes:
    return b'{"format":1,"listed":"2026-11-20","prices":' + b"[" * levels + b"]" * levels + b"}"


BROKEN: dict[str, object] = {
    "older": listing(listed="2026-10-07"),
    "foreign": {"name": "package", "version": 1},
    "a list": [1, 2],
    "another format": {**listing(), "format": 2},
    "no rows": {"format": 1, "listed": "2026-11-20", "prices": {"a": 1}},
    "no day": listing(listed="yesterday"),
    "truncated": json.dumps(listing()).encode()[:-100],
    "empty": b"",
    "binary": b"\xff\xfe\x00",
    "deep": deep(100_000),
    "huge number": listing(row(KLING, creditPrice="1e999999")),
    "beyond every exponent": listing(row(KLING, creditPrice="1e99999999999999999999")),
    "not a number": listing(row(KLING, creditPrice="NaN")),
    "negative": listing(row(KLING, creditPrice="-1")),
    "many digits": listing(row(KLING, creditPrice="9" * 5000)),
    "a number that JSON cannot hold": json.dumps(listing()).replace('"27"', "1e999").encode(),
    "50 MB": b" " * (50 * 1024 * 1024),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_list_that_cannot_be_used_is_ignored_and_it_is_said_what_to_do(keep: Keep, content: object) -> None:
    path = keep(content)
    before = path.read_bytes()
    found = fox()
    assert (found.credits, found.listed) == (405, date(2026, 10, 8))
    (note,) = found.notes
    assert str(path) in note
    assert "`kie prices refresh` writes a new one" in note
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "content", [v for k, v in BROKEN.items() if k != "older"], ids=[k for k in BROKEN if k != "older"]
)
def test_comparing_a_list_that_cannot_be_used_is_one_clear_error(keep: Keep, content: object) -> None:
    path = keep(content)
    for source in (None, path):
        with pytest.raises(ConfigError, match="move it away, and `kie prices refresh` writes a new one") as caught:
            price_changes(source)
        assert len(str(caught.value)) < 400


@pytest.mark.skipif(os.name != "posix", reason="links and pipes are POSIX's")
def test_what_is_not_a_plain_file_is_refused(keep: Keep, tmp_path: Path) -> None:
    path = keep(listing())
    (tmp_path / "link").symlink_to(path)
    (tmp_path / "broken").symlink_to(tmp_path / "nothing")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name, why in (
        ("link", "symbolic link"),
        ("broken", "symbolic link"),
        ("pipe", "regular"),
        ("folder", "cannot be read|regular"),
    ):
        with pytest.raises(ConfigError, match=why):
            read(tmp_path / name)


def test_there_may_be_no_list(keep: Keep) -> None:
    with pytest.raises(ConfigError, match="`kie prices refresh` fetches one"):
        price_changes()


def test_a_comparison_names_what_changed_what_is_new_and_what_is_gone(keep: Keep) -> None:
    dearer, new = row(KLING, creditPrice="30"), row(PRO, modelDescription="Acme video, 4K", creditPrice="7")
    chat = row(PRO, modelDescription="Acme chat, input", interfaceType="chat")
    path = keep(listing(dearer, new, chat, without=Z_IMAGE))
    for found in (price_changes(), price_changes(path)):
        assert (found.since, found.listed) == (date(2026, 10, 8), DAY)
        assert {(r.row, r.state, r.before, r.after) for r in found.rows} >= {
            (fold(KLING), "changed", Decimal(27), Decimal(30)),
            ("acme video 4k", "new", None, Decimal(7)),
            (fold(Z_IMAGE), "gone", Decimal("0.8"), None),
        }
        assert all(r.state != "new" or "chat" not in r.row for r in found.rows)
        assert next(r for r in found.rows if r.state == "changed").models == ("kling-3.0/video",)


def test_nothing_differs_from_the_packaged_list_itself() -> None:
    found = compare(Listing.of([price_of(each, strict=True) for each in ALL], DAY), packaged_listing())
    assert (found.rows, found.same, found.packaged) == ((), len(packaged()), True)


def test_two_lists_are_compared_with_each_other(keep: Keep, tmp_path: Path) -> None:
    earlier, later = tmp_path / "earlier.json", tmp_path / "later.json"
    unreadable, unit = row(Z_IMAGE, creditPrice="?"), row(PRO, creditUnit="per video")
    earlier.write_text(json.dumps(listing(row(KLING, creditPrice="30"), unreadable, listed="2026-11-01")))
    later.write_text(json.dumps(listing(row(KLING, creditPrice="26"), unit, without=IMAGEN)))
    found = price_changes(later, since=earlier)
    assert (found.since, found.listed, found.packaged) == (date(2026, 11, 1), DAY, False)
    assert {(r.row, r.state, r.before, r.after) for r in found.rows} == {
        (fold(KLING), "changed", Decimal(30), Decimal(26)),
        (fold(Z_IMAGE), "changed", None, Decimal("0.8")),
        (fold(PRO), "unit", Decimal(18), Decimal(18)),
        (fold(IMAGEN), "gone", Decimal(4), None),
    }
    assert found.same + len(found.rows) == len(packaged())
    assert price_changes(later, since=later).rows == ()
    path = keep(json.loads(later.read_text()))
    assert price_changes(since=earlier) == found == price_changes(path, since=earlier)
    with pytest.raises(ConfigError, match=r"there is no price list at .*nothing\.json"):
        price_changes(later, since=tmp_path / "nothing.json")


def test_another_process_may_refresh_the_list(keep: Keep, tmp_path: Path) -> None:
    path = keep(listing(row(KLING, creditPrice="30")))
    assert fox().credits == 450
    (tmp_path / "new.json").write_text(json.dumps(listing(row(KLING, creditPrice="31"))))
    (tmp_path / "new.json").replace(path)
    with Kie("key"):
        assert fox().credits == 465, "the next client sees it"
    path.unlink()
    with Kie("key"):
        assert (fox().credits, fox().listed) == (405, date(2026, 10, 8))


def test_a_list_that_is_dated_in_the_future_says_so(keep: Keep) -> None:
    keep(listing(row(KLING, creditPrice="30"), listed="2096-01-01"))
    note = (
        "the price list is dated 2096-01-01, which is yet to come, so its age is not known; check the clock, then "
        "`kie prices refresh` fetches today's"
    )
    assert (fox().credits, note in fox().notes) == (450, True)
    assert not [each for day in ("2095-12-31", "2096-01-01") for each in fox(date.fromisoformat(day)).notes]


def test_a_list_is_read_once_as_long_as_it_is_the_same(keep: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    path = keep(listing())
    seen: list[Path] = []
    monkeypatch.setattr(price_snapshot, "read", lambda path: (seen.append(path), read(path))[1])
    for _ in range(3):
        with Kie("key"):
            assert fox().listed == DAY
    assert seen == [path]


def test_another_list_may_be_named_at_any_time(keep: Keep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(listing(row(KLING, creditPrice="30")))
    other = tmp_path / "other.json"
    other.write_text(json.dumps(listing(row(KLING, creditPrice="28"))))
    assert fox().credits == 450
    monkeypatch.setenv("KIE_PRICES", str(other))
    with Kie("key"):
        assert fox().credits == 420


def test_a_file_holds_all_that_the_service_says(keep: Keep) -> None:
    given_ = tuple(price_of({**each, "isHot": [1, {"a": None}]}, strict=True) for each in ALL)
    (first, *_) = given_
    assert (first.fal_price, first.discount_rate, first.discount_price) == (Decimal("0.15"), Decimal(40), True)
    assert first.anchor == "https://kie.ai/market"
    path = keep(document(Snapshot(DAY, given_)))
    assert read(path) == Snapshot(DAY, given_)
    assert [price.raw["isHot"] for price in read(path).prices] == [[1, {"a": None}]] * len(ALL)  # type: ignore[union-attr]
    assert len(path.read_bytes()) < LARGEST / 10


@given(st.text() | st.floats() | st.integers() | st.booleans() | st.none() | st.decimals(allow_nan=True).map(str))
def test_credits_are_a_number_that_a_price_may_be_or_none_or_refused(value: Any) -> None:
    try:
        found = credits_of(value)
    except ValueError as error:
        assert "is not a price" in str(error)
        return
    assert found is None or (found.is_finite() and 0 <= found <= DEAREST)


@given(
    st.binary()
    | st.text().map(str.encode)
    | st.recursive(st.none() | st.text(), st.lists).map(lambda v: json.dumps(v).encode())
)
def test_whatever_stands_in_the_file_estimates_go_on(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("list") / "prices.json"
    path.write_bytes(content)
    with pytest.raises(ConfigError):
        read(path)
