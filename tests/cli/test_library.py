"""`kie library`: what it lists, shows, makes and repairs. Nothing here sends anything."""

from __future__ import annotations

import json
import warnings
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import attrs
import pytest
from PIL import Image

from kie import Library
from kie.library import Run, RunError, RunEstimate, RunFile
from tests.cli.conftest import Invoke, document
from tests.library.pages import AT, read_back, run


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """A library with four runs: two that succeeded, one that failed, one that is open."""
    made = Library(tmp_path / "runs", derivatives=None)
    monkeypatch.setenv("KIE_LIBRARY", str(made.path))
    kept = [
        run(made.path, 4, "A fox in the rain", id="fox", tags=("site",), credits=Decimal(18), source={"project": "x"}),
        run(made.path, 3, "An owl", id="owl", model="kling-3.0/video", credits=Decimal("6.5"), parents=("fox",)),
        run(made.path, 2, "A bat", id="bat", state="failed", error=RunError(message="refused", code="422")),
        run(
            made.path,
            1,
            "A hen\nin two lines",
            id="veo:hen",
            state="open",
            estimate=RunEstimate(at_least=Decimal(5), at_most=Decimal(9)),
            label="order 7",
        ),
    ]
    for one in kept:
        made._create(one, {})
    _give_file(made, "fox")
    return made


def _give_file(library: Library, id: str) -> Path:
    """Put an original into a run's folder."""
    path = library[id].folder / "original" / "0.png"
    path.parent.mkdir()
    Image.new("RGB", (64, 48), "navy").save(path)

    def change(run: Run) -> Run:
        file = RunFile(role="output", kind="image", name="original/0.png", size=path.stat().st_size)
        return attrs.evolve(run, outputs=(file,))

    library._update(id, change)
    return path


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    opened: list[str] = []
    monkeypatch.setattr("click.launch", lambda place: opened.append(place) or 0)
    return opened


def ids(kie: Invoke, *args: str) -> list[str]:
    return [line.split("\t")[0] for line in kie("library", *args).stdout.splitlines()]


def test_the_newest_runs_come_first(kie: Invoke, library: Library) -> None:
    assert ids(kie) == ids(kie, "ls") == ["veo:hen", "bat", "owl", "fox"]
    lines = [line.split("\t") for line in kie("library").stdout.splitlines()]
    assert lines[0][:5] == ["veo:hen", "open", "nano-banana-pro", "A hen in two lines", "(9)"]
    assert lines[3][1:5] == ["succeeded", "nano-banana-pro", "A fox in the rain", "18"]


@pytest.mark.parametrize(
    ("args", "found"),
    [
        (("--words", "rain FOX"), ["fox"]),
        (("--model", "NanoBananaPro", "--state", "succeeded"), ["fox"]),
        (("--tag", "site"), ["fox"]),
        (("--state", "failed"), ["bat"]),
        (("--kind", "video"), ["owl"]),
        (("--label", "order 7"), ["veo:hen"]),
        (("--source", "project=x"), ["fox"]),
        (("--since", (AT - timedelta(minutes=2)).isoformat()), ["veo:hen", "bat"]),
        (("--until", (AT - timedelta(minutes=2)).isoformat()), ["owl", "fox"]),
        (("--limit", "2"), ["veo:hen", "bat"]),
        (("--simulated",), []),
        (("--real", "--sort", "credits"), ["owl", "fox", "veo:hen", "bat"]),
        (("--model", "a model of nobody"), []),
    ],
)
def test_runs_are_chosen_by_what_is_known_of_them(
    kie: Invoke, library: Library, args: tuple[str, ...], found: list[str]
) -> None:
    assert ids(kie, *args) == found


def test_the_list_is_there_for_programs(kie: Invoke, library: Library) -> None:
    rows = document(kie("library", "--json"))
    assert [row["id"] for row in rows] == ["veo:hen", "bat", "owl", "fox"]
    assert rows[0]["estimate"] == ["5", "9"] and rows[1]["error"] == "refused" and rows[3]["credits"] == "18"
    assert rows[3]["files"] == [str(library["fox"].folder / "original" / "0.png")] and rows[2]["parents"] == ["fox"]
    assert document(kie("library", "--json", "--fields", "id", "--limit", "1")) == [{"id": "veo:hen"}]


def test_a_run_is_shown_whole(kie: Invoke, library: Library) -> None:
    (library["fox"].folder / "notes.md").write_text("the best one", "utf-8")
    told = kie("library", "show", "fox").stdout
    for text in (
        "fox: succeeded",
        "18 credits",
        "A fox in the rain",
        "site",
        "project",
        "used by    owl",
        "the best one",
    ):
        assert text in told
    assert str(library["fox"].folder / "original" / "0.png") in told
    assert "made from  fox" in kie("library", "show", "owl").stdout
    assert "422: refused" in kie("library", "show", "bat").stdout
    assert "5 to 9 credits" in kie("library", "show", "veo:hen").stdout
    assert kie("library", "show", "latest").stdout == kie("library", "show", "owl").stdout
    whole = document(kie("library", "show", "fox", "--json"))
    assert (whole["schema"], whole["children"], whole["notes"]) == (1, ["owl"], "the best one")


def test_files_are_opened(kie: Invoke, library: Library, launched: list[str]) -> None:
    original = str(library["fox"].folder / "original" / "0.png")
    assert kie("library", "open", "fox").stdout == f"{original}\n"
    assert document(kie("library", "open", "fox", "--folder", "--json"))["opened"] == [str(library["fox"].folder)]
    assert launched == [original, str(library["fox"].folder)]
    outcome = kie("library", "open", "veo:hen")
    assert outcome.exit_code == 2 and "kie wait veo:hen" in outcome.stderr and len(launched) == 2


def test_a_page_has_the_chosen_runs(kie: Invoke, library: Library, tmp_path: Path, launched: list[str]) -> None:
    outcome = kie("library", "page")
    assert outcome.stdout == f"{library.path / 'index.html'}\n" and "4 runs" in outcome.stderr
    assert [one["id"] for one in read_back(library.path / "index.html")] == ["veo:hen", "bat", "owl", "fox"]
    other = tmp_path / "site" / "page.html"
    made = document(kie("library", "page", str(other), "--state", "succeeded", "--limit", "1", "--open", "--json"))
    assert made == {"file": str(other), "runs": 1} and launched == [str(other)]
    assert [one["id"] for one in read_back(other)] == ["owl"]


def test_a_sheet_has_the_chosen_runs(kie: Invoke, library: Library, tmp_path: Path) -> None:
    made = document(kie("library", "sheet", str(tmp_path / "sheet.png"), "--tag", "site", "--json"))
    assert made == {"file": str(tmp_path / "sheet.png"), "runs": 1} and (tmp_path / "sheet.png").stat().st_size
    assert kie("library", "sheet", str(tmp_path / "sheet.txt")).exit_code == 2


def test_runs_are_exported(kie: Invoke, library: Library, tmp_path: Path) -> None:
    made = document(kie("library", "export", str(tmp_path / "runs.jsonl"), "--state", "failed", "--json"))
    assert made == {"file": str(tmp_path / "runs.jsonl"), "runs": 1}
    (line,) = (tmp_path / "runs.jsonl").read_text("utf-8").splitlines()
    assert kie("library", "export", "-", "--state", "failed").stdout == f"{line}\n" and json.loads(line)["id"] == "bat"
    assert kie("library", "export", "-", "--json").exit_code == 2


def test_what_runs_cost_is_added_up(kie: Invoke, library: Library) -> None:
    rows = [line.split("\t") for line in kie("library", "spend").stdout.splitlines()]
    assert [row[:4] for row in rows] == [
        ["nano-banana-pro", "18", "0.09", "3"],
        ["kling-3.0/video", "6.5", "0.03", "1"],
    ]
    found = document(kie("library", "spend", "--by", "tag", "--json"))
    assert [(row["group"], row["credits"], row["runs"]) for row in found] == [("site", "18", 1), ("", "6.5", 3)]
    assert kie("library", "spend", "--by", "mood").exit_code == 2
    assert kie("library", "spend", "--since", "2027-01-01").stdout == ""


def test_what_is_wrong_is_found_and_mended(kie: Invoke, library: Library) -> None:
    assert kie("library", "repair").exit_code == 0 and kie("library", "verify").exit_code == 0
    (library["fox"].folder / "original" / "0.png").unlink()
    outcome = kie("library", "verify", "--quick")
    assert outcome.exit_code == 1 and str(library["fox"].folder) in outcome.stdout
    (fault,) = document(kie("library", "verify", "--json"))["faults"]
    assert fault["kind"] == "missing"
    assert [one["kind"] for one in document(kie("library", "repair", "--json"))["faults"]] == ["missing"]
    assert kie("library", "repair").exit_code == 1


def test_where_the_library_is_can_be_asked(kie: Invoke, library: Library, tmp_path: Path) -> None:
    assert kie("library", "path").stdout == f"{library.path}\n"
    assert document(kie("library", "path", "--library", str(tmp_path / "none"), "--json")) == {
        "folder": str(tmp_path / "none"),
        "exists": False,
    }


def test_an_option_names_another_library(kie: Invoke, library: Library, tmp_path: Path) -> None:
    Library(tmp_path / "other")._create(run(tmp_path / "other", id="only"), {})
    assert ids(kie, "--library", str(tmp_path / "other")) == ["only"]
    assert kie("--library", str(tmp_path / "other"), "library", "show", "only").exit_code == 0


def test_what_is_not_there_is_reported_with_the_way_out(
    kie: Invoke, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = kie("library", "show", "cow")
    assert outcome.exit_code == 2 and "`kie library` lists" in outcome.stderr
    assert kie("library", "--since", "yesterday").exit_code == 2
    outcome = kie("library", "--library", str(tmp_path / "none"))
    assert outcome.exit_code == 2 and "does not exist yet" in outcome.stderr
    monkeypatch.delenv("KIE_LIBRARY")
    outcome = kie("library")
    assert outcome.exit_code == 2 and "--library DIR" in outcome.stderr
    assert document(kie("library", "--json"))["error"]["type"] == "ConfigError"


def test_a_warning_is_a_line_for_people(kie: Invoke, library: Library) -> None:
    broken = library.path / "2026" / "11" / "26" / "broken"
    broken.mkdir(parents=True)
    (broken / "run.json").write_text("{")
    library.close()
    (library.path / "index.sqlite").unlink()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        outcome = kie("library", "--real")
    assert [line.split("\t")[0] for line in outcome.stdout.splitlines()] == ["veo:hen", "bat", "owl", "fox"]
    (told,) = outcome.stderr.splitlines()
    assert told.startswith(f"kie: library {library.path}: a run is left out") and "shelf.py" not in told
