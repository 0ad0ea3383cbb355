"""Rows on terminals of any width, and elsewhere: what is shown, left out, sorted and cut."""

from __future__ import annotations

from typing import Any

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kie import catalog
from kie._cli.listing import Column, ListOptions, RowListing, _widths
from kie._cli.output import age, broken
from kie._plans.families import families
from tests.cli.conftest import Invoke, VirtualService, document
from tests.cli.terminal import run, screen

ROWS = [{"id": "b-1", "about": "two words", "credits": "10"}, {"id": "a-2", "about": "", "credits": "9"}]
COLUMNS: list[Column[dict[str, Any]]] = [
    Column("id", "Id", lambda row: row["id"]),
    Column("about", "About", lambda row: row["about"], wrap=True, rank=1),
    Column("credits", "Credits", lambda row: row["credits"], right=True),
]


def shown(*args: str, columns: int) -> str:
    """The screen after `kie ARGS` on a terminal of this width."""
    code, written = run(["-m", "kie", *args], columns=columns)
    assert code == 0, written
    return screen(written)


@pytest.mark.parametrize("columns", [50, 80, 100, 200])
def test_a_table_fits_the_terminal_and_breaks_no_word(columns: int) -> None:
    lines = shown("models", columns=columns).splitlines()
    assert max(map(len, lines)) <= columns
    words = {word for line in lines for word in line.split()}
    for model in catalog.models():
        assert model.id in words
        assert all(c in words or f"{c}," in words for c in model.categories)


def test_a_terminal_that_can_do_nothing_has_a_width_all_the_same() -> None:
    for name in ("models", "model nano-banana-pro"):
        code, written = run(["-m", "kie", *name.split()], columns=60, env={"TERM": "dumb", "NO_COLOR": "1"})
        assert code == 0
        assert max(map(len, screen(written).splitlines())) <= 60, name


def test_all_fields_that_there_are_not_are_reported_at_once(kie: Invoke) -> None:
    outcome = kie("models", "--fields", "id,colour,shape", "--sort", "-size")
    assert outcome.exit_code == 2
    assert [line.split(" here;")[0] for line in outcome.stderr.splitlines()[-3:]] == [
        "Error: --fields: there is no field 'colour'",
        "--fields: there is no field 'shape'",
        "--sort: there is no field 'size'",
    ]


def test_the_fields_of_a_model_are_a_block_each() -> None:
    text = shown("model", "kling-3.0/video", columns=80)
    assert max(map(len, text.splitlines())) <= 80
    assert "\nduration (string, required)\n    Length of the video in seconds, as text.\n    one of 3, 4, 5," in text
    for field in catalog.get("kling-3.0/video").fields:
        assert f"\n{field.name} (" in text


@given(
    st.integers(20, 200),
    st.lists(st.lists(st.text("ab c", max_size=60), min_size=3, max_size=3), min_size=1, max_size=5),
)
def test_columns_are_as_wide_as_their_words_and_together_as_the_room(room: int, rows: list[list[str]]) -> None:
    widths = _widths(COLUMNS, rows, room)
    words = [
        max(len(w) for row in [[c.heading for c in COLUMNS], *rows] for w in (row[i].split() or [""])) for i in range(3)
    ]
    if widths is None:
        return
    assert sum(widths) + 2 * 2 <= room
    assert all(width >= word for width, word in zip(widths, words, strict=True))
    assert widths[0] == max(len("Id"), *(len(row[0]) for row in rows)), "only texts are narrowed"


@given(st.text("ab -/", max_size=300), st.integers(30, 90))
def test_a_text_is_broken_between_words_alone(text: str, width: int) -> None:
    lines = broken(text, width)
    assert " ".join(lines).split() == text.split()
    assert all(len(line) < width or " " not in line.strip() for line in lines)


def test_fields_are_chosen_in_the_order_given(kie: Invoke) -> None:
    lines = kie("models", "--fields", "credits,id,accepts", "--limit", "2", "nano-banana-pro").stdout.splitlines()
    assert lines == ["18 to 24\tnano-banana-pro\timage"]
    assert document(kie("models", "nano-banana-pro", "--fields", "id,kind", "--json")) == [
        {"id": "nano-banana-pro", "kind": "image"}
    ]


def test_a_limit_says_how_many_rows_there_are(kie: Invoke) -> None:
    outcome = kie("models", "--limit", "3")
    assert len(outcome.stdout.splitlines()) == 3
    assert outcome.stderr == f"3 of {len(catalog.models())} rows; a larger --limit shows more\n"
    assert len(document(kie("models", "--limit", "3", "--json"))) == 3


@pytest.mark.parametrize(("by", "ids"), [("id", ["a-2", "b-1"]), ("-id", ["b-1", "a-2"]), ("credits", ["a-2", "b-1"])])
def test_rows_are_sorted_by_a_field_and_figures_by_their_size(by: str, ids: list[str]) -> None:
    rows = RowListing(COLUMNS, dict, ListOptions(sort=by)).documents(ROWS)
    assert [row["id"] for row in rows if isinstance(row, dict)] == ids


@pytest.mark.parametrize("by", ["about", "-about"])
def test_rows_without_the_field_come_last(by: str) -> None:
    rows = RowListing(COLUMNS, dict, ListOptions(sort=by)).documents(ROWS)
    assert [row["id"] for row in rows if isinstance(row, dict)] == ["b-1", "a-2"]


@pytest.mark.parametrize("options", [ListOptions(fields="id,credit"), ListOptions(sort="credit")])
def test_a_field_that_does_not_exist_is_refused_with_the_nearest(options: ListOptions) -> None:
    with pytest.raises(click.UsageError, match=r"'credit'.*did you mean credits"):
        RowListing(COLUMNS, dict, options).show(ROWS)
    with pytest.raises(click.UsageError, match=r"'credit'.*did you mean credits"):
        RowListing(COLUMNS, dict, options).documents([])


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--category", "text-to-imag"), "'text-to-imag' is not a category; did you mean text-to-image"),
        (("--category", "zzz"), "'zzz' is not a category: the categories are add-instrumental, add-vocals, "),
        (("--category", ""), "'' is not a category: the categories are "),
        (("--provider", "gogle"), "'gogle' is not a provider; did you mean Google? The providers are Alibaba, "),
    ],
)
@pytest.mark.parametrize("more", [(), ("--json",), ("--families",), ("list",)])
def test_a_category_or_provider_that_no_model_has_is_a_usage_error_that_names_all(
    kie: Invoke, args: tuple[str, ...], said: str, more: tuple[str, ...]
) -> None:
    outcome = kie("models", *reversed(more), *args)
    shown = document(outcome)["error"]["message"] if "--json" in more else outcome.stderr
    assert outcome.exit_code == 2 and said in shown


def test_a_category_is_known_in_any_case(kie: Invoke) -> None:
    assert kie("models", "--category", "UPSCALE", "--provider", "topaz").stdout.startswith("topaz/")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("upscal1",), "no model mentions 'upscal1'; did you mean upscale"),
        (
            ("--kind", "audio", "--accepts", "video", "nano"),
            "no model matches all of: 'nano', kind audio, accepts video",
        ),
    ],
)
def test_a_filter_that_matches_nothing_says_so_and_what_may_be_meant(
    kie: Invoke, args: tuple[str, ...], said: str
) -> None:
    outcome = kie("models", *args)
    assert outcome.stdout == ""
    assert said in outcome.stderr
    assert document(kie("models", *args, "--json")) == []


def test_words_search_the_models(kie: Invoke) -> None:
    found = [line.split("\t")[0] for line in kie("models", "topaz", "upscale").stdout.splitlines()]
    assert found == [model.id for model in catalog.models(search="topaz upscale")]
    assert found == [line.split("\t")[0] for line in kie("models", "--search", "topaz upscale").stdout.splitlines()]


@pytest.mark.parametrize("group", ["category", "provider"])
def test_categories_and_providers_are_listed(kie: Invoke, group: str) -> None:
    option = {"category": "--categories", "provider": "--providers"}[group]
    rows = document(kie("models", option, "--json"))
    names = [row[group] for row in rows]
    models = catalog.models()
    assert names == sorted({n for m in models for n in (m.categories if group == "category" else (m.provider,))})
    assert len(names) == len(kie("models", option).stdout.splitlines())
    [upscale] = [row for row in document(kie("models", "--categories", "--json")) if row["category"] == "upscale"]
    assert upscale["models"] == len(catalog.models(category="upscale"))


def test_families_are_listed_with_their_models_and_narrowed_like_these(kie: Invoke) -> None:
    rows = document(kie("models", "--families", "--json"))
    assert [row["family"] for row in rows] == [family.name for family in families()]
    assert len(rows) == len(kie("models", "--families").stdout.splitlines())
    [omni] = document(kie("models", "--families", "kling", "omni", "--json"))
    assert {*omni["models"]} == {model.id for model in catalog.models(search="kling-3.0-omni")}
    assert "text_to_video" in omni["task_modes"]


def test_prices_are_sorted_and_searched_by_words(kie: Invoke, service: VirtualService) -> None:
    rows = document(kie("prices", "--json"))
    order = [(row["kind"], row["provider"].casefold(), row["description"].casefold()) for row in rows]
    assert order == sorted(order)
    found = document(kie("prices", "kling", "--json"))
    assert 0 < len(found) < len(rows)
    nothing = kie("prices", "no such thing")
    assert nothing.stdout == ""
    assert "no row contains 'no such thing'" in nothing.stderr


LISTINGS: list[tuple[str, ...]] = [("models",), ("prices",), ("tasks",), ("prices", "diff"), ("budget",)]


@pytest.mark.parametrize("command", LISTINGS, ids=" ".join)
def test_every_listing_takes_the_same_options(kie: Invoke, command: tuple[str, ...]) -> None:
    text = kie(*command, "--help").stdout
    for option in ("--fields", "--sort", "--limit", "--json"):
        assert f"  {option} " in text


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (200, "3 min 20 s"),
        (7500, "2 h 5 min"),
        (90000, "25 h"),
        (200000, "2 d"),
    ],
)
def test_a_length_of_time_is_worded(seconds: float, said: str) -> None:
    assert age(seconds) == said


def test_the_figures_of_a_price_can_be_chosen(kie: Invoke) -> None:
    command = ("price", "nano-banana-pro", "--prompt", "x")
    assert kie(*command, "--fields", "credits,usd").stdout == "18\t0.09\n"
    assert document(kie(*command, "--fields", "usd", "--json")) == {"usd": "0.09"}
    refused = kie(*command, "--fields", "credit")
    assert (refused.exit_code, "did you mean credits?" in refused.stderr) == (2, True)
    assert "--save" not in kie("price", "--help").stdout, "only what has an effect"
