"""`kie prices`, `refresh`, `diff` and `check`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kie import ConfigError, check_charges
from kie._core import price_snapshot
from kie._core.estimates import Estimate
from kie._core.price_list import packaged
from kie._io.charges import ChargeCheck
from kie.simulator import SimulatedService
from tests.cli.conftest import Invoke, VirtualService, document
from tests.core.test_price_list import BROKEN, IMAGEN, KLING, listing, row

IMAGE = ["price", "nano-banana-pro", "--prompt", "x"]


@pytest.fixture(autouse=True)
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("KIE_PRICES", str(tmp_path / "prices.json"))
    price_snapshot.reread()
    yield tmp_path / "prices.json"
    monkeypatch.undo()
    price_snapshot.reread()


def test_without_a_command_the_list_is_shown(kie: Invoke, service: VirtualService) -> None:
    assert "Seedream 5 Pro" in kie("prices", "--search", "seedream 5 pro").stdout.title()
    (found, *_) = document(kie("prices", "--search", "kling 3.0, video", "--json"))
    assert {"description", "credits", "fal_price", "discount_rate", "anchor", "models"} <= found.keys()
    assert found["models"] == ["kling-3.0/video"]


def test_a_list_is_fetched_kept_and_used(kie: Invoke, path: Path, listening: SimulatedService) -> None:
    done = kie("prices", "refresh")
    assert done.exit_code == 0
    assert (
        f"0 rows differ from the list of 2026-10-08 that came with kie, {len(packaged())} are the same" in done.stderr
    )
    assert str(path) in done.stderr
    assert f"by the price list of {json.loads(path.read_bytes())['listed']}" in kie(*IMAGE).stdout
    shown = document(kie("prices", "refresh", "--json"))
    assert (shown["rows"], shown["file"]) == ([], str(path))


def test_a_clock_that_is_wrong_is_reported(kie: Invoke, service: VirtualService) -> None:
    """The clock of the test is of a day before the packaged list."""
    assert "but not used: by this machine's clock" in kie("prices", "refresh").stderr
    assert "by the price list of 2026-10-08" in kie(*IMAGE).stdout


def test_rows_that_differ_are_shown_with_both_figures(kie: Invoke, path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text(json.dumps(listing(row(KLING, creditPrice="30"), without=IMAGEN)))
    shown = kie("prices", "diff", "--from", other)
    assert shown.exit_code == 0
    assert [line.split("\t")[:3] for line in shown.stdout.splitlines() if KLING in line] == [
        [KLING, "changed", "27 -> 30"]
    ]
    found = document(kie("prices", "diff", "--from", other, "--json"))
    (kling,) = [each for each in found["rows"] if each["row"] == KLING]
    assert (kling["before"], kling["after"], kling["models"]) == ("27", "30", ["kling-3.0/video"])
    assert not path.exists(), "to compare a list is not to use it"


def test_two_lists_are_compared(kie: Invoke, tmp_path: Path) -> None:
    earlier, later = tmp_path / "earlier.json", tmp_path / "later.json"
    earlier.write_text(json.dumps(listing(row(KLING, creditPrice="30"), listed="2026-11-01")))
    later.write_text(json.dumps(listing()))
    shown = kie("prices", "diff", "--since", earlier, "--from", later)
    assert [line.split("\t")[:3] for line in shown.stdout.splitlines()] == [[KLING, "changed", "30 -> 27"]]
    assert f"1 row differs from the list of 2026-11-01, {len(packaged()) - 1} are the same" in shown.stderr
    found = document(kie("prices", "diff", "--since", earlier, "--from", later, "--json"))
    assert (found["since"], found["packaged"]) == ("2026-11-01", False)


def test_without_a_list_there_is_nothing_to_compare(kie: Invoke) -> None:
    done = kie("prices", "diff")
    assert done.exit_code == 2
    assert "`kie prices refresh` fetches one" in done.stderr


@pytest.mark.parametrize("name", ["foreign", "truncated", "deep", "50 MB", "huge number", "not a number"])
def test_a_broken_list_is_one_line_that_says_what_to_do(kie: Invoke, path: Path, name: str) -> None:
    content = BROKEN[name]
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    before = path.read_bytes()
    for command in (["prices", "diff"], ["prices", "refresh"], ["prices", "diff", "--from", path]):
        done = kie(*command)
        assert done.exit_code == 2
        assert done.stderr.count("\n") == 1
        assert "move it away" in done.stderr
    assert path.read_bytes() == before
    price_snapshot.reread()
    done = kie(*IMAGE)
    assert done.exit_code == 0
    assert done.stdout.startswith("18 credits")
    assert "move it away" in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="links are POSIX's")
def test_a_link_is_not_replaced(kie: Invoke, path: Path, tmp_path: Path) -> None:
    target = tmp_path / "target.json"
    target.write_text(json.dumps(listing()))
    path.symlink_to(target)
    done = kie("prices", "refresh")
    assert (done.exit_code, "symbolic link" in done.stderr, path.is_symlink()) == (2, True, True)


def charges(tmp_path: Path, text: str, name: str = "charges.csv") -> Path:
    (tmp_path / name).write_text(text)
    return tmp_path / name


LINES: list[dict[str, Any]] = [
    {"model": "nano-banana-pro", "input": {"resolution": "1K"}, "credits": 18, "at": "2026-10-09"},
    {"model": "NanoBananaPro", "input": {"resolution": "4K"}, "credits": "20", "at": "2026-10-09"},
    {"model": "bytedance/seedance-2", "input": {"resolution": "720p", "duration": -1}, "credits": 205},
    {"model": "nano-banana-pro", "input": {"resolution": "1K"}, "credits": 0},
    {"model": "acme/new", "input": {}, "credits": 3},
]


def test_charges_are_held_against_estimates(kie: Invoke, tmp_path: Path) -> None:
    file = charges(tmp_path, "".join(json.dumps(line) + "\n" for line in LINES), "charges.jsonl")
    found = document(kie("prices", "check", "--charges", file, "--json"))
    assert found["charges"] == 5
    assert found["verdicts"] == {"met": 1, "within": 1, "differs": 1, "free": 1, "open": 1}
    ((differing),) = found["differing"]
    assert (differing["model"], differing["charges"][0]["credits"]) == ("nano-banana-pro", "20")
    assert differing["charges"][0]["estimate"]["credits"] == "24"


def test_csv_says_the_same_as_json_lines(kie: Invoke, tmp_path: Path) -> None:
    import csv
    import io

    out = io.StringIO()
    writer = csv.DictWriter(out, ["model", "input", "credits", "at"])
    writer.writeheader()
    writer.writerows({**line, "input": json.dumps(line["input"])} for line in LINES)
    lines = charges(tmp_path, "".join(json.dumps(line) + "\n" for line in LINES), "charges.jsonl")
    table = charges(tmp_path, out.getvalue())
    one, other = (document(kie("prices", "check", "--charges", file, "--json")) for file in (lines, table))
    assert one["verdicts"] == other["verdicts"]
    shown = kie("prices", "check", "--charges", table).stdout
    assert shown.split("\t")[0] == "nano-banana-pro"
    assert "20" in shown


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("model,input\nnano-banana-pro,{}\n", "no column credits"),
        ('model,input,credits\nnano-banana-pro,"{",1\n', "input is not JSON"),
        ("model,input,credits\nnano-banana-pro,[],1\n", "input is not a JSON object"),
        ("model,input,credits\nnano-banana-pro,{},many\n", "is not a number"),
        ("model,input,credits\nnano-banana-pro,{},1e999999\n", "is not a price"),
        ("model,input,credits\nnano-banana-pro,{},NaN\n", "is not a price"),
        ("model,input,credits\n,{},1\n", "model is not an id"),
        ("model,input,credits,at\nnano-banana-pro,{},1,soon\n", "is not a date"),
        ('{"model": "nano-banana-pro"', "is not JSON"),
        ('{"model": "nano-banana-pro", "credits": 1}', "input is not a JSON object"),
        ('{"model": 1, "input": {}, "credits": 1}', "model is not an id"),
        ('{"model": "a", "input": ' + "[" * 100_000, "is not JSON"),
        ("", "no column model"),
    ],
)
def test_a_file_of_charges_with_a_fault_is_one_line_that_names_it(
    kie: Invoke, tmp_path: Path, content: str, why: str
) -> None:
    done = kie("prices", "check", "--charges", charges(tmp_path, content))
    assert done.exit_code == 2
    assert why in done.stderr
    assert done.stderr.count("\n") == 1
    assert "a charge has model, input, credits" in done.stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are of POSIX")
def test_a_named_pipe_of_charges_is_refused_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe, opened = tmp_path / "pipe", os.open

    def noting(path: Any, flags: int, *more: int) -> int:
        assert path != pipe or flags & os.O_NONBLOCK, "this would wait for ever"
        return opened(path, flags, *more)

    os.mkfifo(pipe)
    monkeypatch.setattr("kie._io.charges.os.open", noting)
    with pytest.raises(ConfigError, match="is not a regular file"):
        check_charges(pipe)


def test_what_cost_nothing_and_was_to_cost_nothing_is_met() -> None:
    def verdict(least: int, most: int | None) -> str:
        priced = Estimate(
            model="m", at_least=Decimal(least), at_most=None if most is None else Decimal(most), listed=None
        )
        return ChargeCheck(line=1, model="m", credits=Decimal(0), estimate=priced).verdict

    assert [verdict(0, 0), verdict(0, 5), verdict(0, None), verdict(5, 5)] == ["met", "within", "open", "free"]


def test_what_is_not_a_file_of_charges_is_refused(kie: Invoke, tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00\x01")
    for name in (tmp_path, tmp_path / "missing", tmp_path / "binary"):
        done = kie("prices", "check", "--charges", name)
        assert done.exit_code == 2
        assert "Traceback" not in done.stderr
        assert str(name) in done.stderr
