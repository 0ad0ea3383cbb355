"""`--budget` and its kin, and `kie budget`."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from kie._cli.cli_context import CliContext
from tests.cli.conftest import At, Invoke, VirtualService, document

RUN = ("run", "nano-banana-pro", "--prompt", "x", "--resolution", "2K")


def test_a_budget_of_a_day_is_kept_over_invocations(
    kie: Invoke, service: VirtualService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KIE_BUDGET_PER_DAY", "40")
    monkeypatch.setenv("KIE_BUDGET_FILE", str(tmp_path / "budget.jsonl"))
    command = ("run", "nano-banana-pro", "--prompt", "x", "--resolution", "2K", "--no-wait")
    assert [kie(*command).exit_code for _ in range(3)] == [0, 0, 6]
    assert len(service.state.accepted) == 2
    ref = service.state.accepted[0].task_id
    service.state.tasks[ref].price = Decimal(1)
    assert kie("wait", ref).exit_code == 0
    assert kie(*command).exit_code == 0, "the charge of the task freed the rest"


@pytest.mark.parametrize("value", ["NaN", "many", "-1", "inf"])
def test_a_budget_that_is_not_an_amount_sends_nothing(kie: Invoke, service: VirtualService, value: str) -> None:
    outcome = kie("run", "nano-banana-pro", "--prompt", "x", "--budget", value)
    assert (outcome.exit_code, service.state.log) == (2, [])
    assert "--budget must be a number, at least 0" in outcome.stderr


def test_a_dry_run_for_programs_is_one_document_with_the_cost_and_what_is_refused(kie: Invoke, tmp_path: Path) -> None:
    run = ("run", "nano-banana-pro", "--prompt", "x", "--resolution", "4K", "--dry-run", "--json", "--budget")
    fine = kie(*run, "24")
    assert fine.exit_code == 0
    shown = document(fine)
    assert shown["input"]["resolution"] == "4K"
    assert (shown["cost"]["credits"], shown["cost"]["listed"], shown["refused"]) == ("24", "2026-10-08", None)
    over = kie(*run, "23")
    assert (over.exit_code, document(over)["refused"]["type"]) == (6, "BudgetExceeded")
    lines = tmp_path / "lines.jsonl"
    lines.write_text('{"model": "nano-banana-pro", "input": {"prompt": "x", "resolution": "4K"}}\n' * 2)
    batch = ("batch", lines, "--out", tmp_path / "out.jsonl", "--dry-run", "--json", "--budget")
    assert document(kie(*batch, "48"))["refused"] is None
    over = kie(*batch, "47")
    assert (over.exit_code, document(over)["cost"]["at_most"]) == (6, "48")
    assert "may cost up to 48 credits" in document(over)["refused"]["message"]


def test_a_dry_run_says_what_is_over_the_budget(kie: Invoke) -> None:
    command = ("run", "nano-banana-pro", "--prompt", "x", "--resolution", "4K", "--dry-run", "--budget")
    assert kie(*command, "24").exit_code == 0
    outcome = kie(*command, "23")
    assert outcome.exit_code == 6
    assert "may cost up to 24 credits, and the budget has 23 left of 23" in outcome.stderr


def test_the_account_of_a_budget_is_shown_and_settled(kie: Invoke, at: At, tmp_path: Path) -> None:
    file = tmp_path / "budget.jsonl"
    service = at(faults=[{"on": "createTask", "do": "drop_after", "nth": 2}])
    options = ("--budget", "100", "--budget-file", file)
    assert kie(*RUN, "--no-wait", *options).exit_code == 0
    assert kie(*RUN, "--no-wait", *options).exit_code == 4
    outcome = kie("budget", *options)
    assert outcome.stdout.startswith("0 credits spent, 36 reserved, 64 left\n")
    assert "without a task: a submission got no answer" in outcome.stderr
    shown = document(kie("budget", "--budget-file", file, "--json"))
    first, second = shown["reservations"]
    assert (first["ref"], second["ref"], shown["left"]) == (service.state.accepted[0].task_id, None, None)
    assert kie("budget", "--settle", second["id"], "17.5", "--budget-file", file).exit_code == 0
    assert kie("budget", "--release", first["ref"], *options).stdout == "17.5 credits spent, 0 reserved, 82.5 left\n"
    for again in (("--settle", second["id"], "1"), ("--release", first["id"])):
        assert kie("budget", *again, "--budget-file", file).exit_code == 2


def test_a_file_without_a_limit_only_counts(kie: Invoke, service: VirtualService, tmp_path: Path) -> None:
    file = tmp_path / "budget.jsonl"
    assert kie(*RUN, "--budget-file", file).exit_code == 0
    assert [json.loads(line)["event"] for line in file.read_text().splitlines()] == ["reserve", "task", "settle"]
    assert "left" not in kie("budget", "--budget-file", file).stdout


def test_a_simulated_run_leaves_the_account_alone(kie: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "budget.jsonl"
    assert kie(*RUN, "--simulate", "--budget", "5", "--budget-file", file).exit_code == 6
    assert kie(*RUN, "--simulate", "--budget", "50", "--budget-file", file).exit_code == 0
    assert not file.exists()


def test_what_has_no_known_bound_needs_to_be_allowed(kie: Invoke, service: VirtualService) -> None:
    command = (*RUN, "--set", "novelty=1", "--unchecked", "--dry-run", "--budget", "100")
    assert kie(*command).exit_code == 6
    assert kie(*command, "--allow-unpriced").exit_code == 0
    assert kie(*RUN, "--allow-unpriced").exit_code == 2


def test_a_missing_or_foreign_file_is_named(kie: Invoke, tmp_path: Path) -> None:
    outcome = kie("budget", "--budget-file", tmp_path / "none.jsonl")
    assert (outcome.exit_code, "no budget is kept in" in outcome.stderr) == (2, True)
    (tmp_path / "other.jsonl").write_text("hello\n")
    outcome = kie("budget", "--budget-file", tmp_path / "other.jsonl")
    assert (outcome.exit_code, "a line that cannot be counted, b'hello'" in outcome.stderr) == (2, True)


def test_charges_of_a_budget_are_held_against_their_estimates(
    kie: Invoke, service: VirtualService, tmp_path: Path
) -> None:
    options = ("--budget-file", tmp_path / "budget.jsonl")
    assert kie("prices", "check", *options).exit_code == 2
    assert kie(*RUN, *options).exit_code == 0
    assert kie(*RUN, "--no-wait", *options).exit_code == 0
    service.state.tasks[service.state.accepted[1].task_id].price = Decimal(20)
    assert kie("wait", service.state.accepted[1].task_id, *options).exit_code == 0
    song = ("run", "suno", "--prompt", "a", "--no-custom-mode", "--instrumental", "--model", "V5")
    assert kie(*song, *options).exit_code == 0, "it reports no charge"
    shown = document(kie("prices", "check", *options, "--json"))
    assert (shown["charges"], shown["verdicts"]["met"], shown["verdicts"]["differs"]) == (2, 1, 1)
    (model,) = shown["differing"]
    assert (model["model"], model["charges"][0]["credits"]) == ("nano-banana-pro", "20.0")


def test_the_account_of_a_budget_stands_in_the_database_of_the_limits(
    kie: Invoke, service: VirtualService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'limits.sqlite'}"
    monkeypatch.setenv("KIE_BUDGET_PER_DAY", "40")
    monkeypatch.setenv("KIE_LIMIT_STORE", url)
    outcomes = [kie(*RUN, "--no-wait") for _ in range(3)]
    assert [outcome.exit_code for outcome in outcomes] == [0, 0, 6]
    assert "another --budget-name begins a new one" in outcomes[2].stderr
    assert kie(*RUN, "--no-wait", "--budget-name", "other").exit_code == 0
    shown = document(kie("budget", "--json"))
    assert (shown["file"], shown["store"], shown["name"], shown["reserved"]) == (None, url, "default", "36")
    assert document(kie("budget", "--budget-name", "other", "--json"))["reserved"] == "18"
    (first, second) = shown["reservations"]
    assert kie("budget", "--release", first["id"]).stdout.startswith("0 credits spent, 18 reserved")
    assert kie("budget", "--settle", second["ref"], "3").exit_code == 0
    monkeypatch.delenv("KIE_BUDGET_PER_DAY")
    assert kie("budget").stdout == "3 credits spent, 0 reserved\n"


def test_a_name_alone_only_counts_and_a_file_that_is_named_goes_first(
    kie: Invoke, service: VirtualService, tmp_path: Path
) -> None:
    store = ("--limit-store", f"sqlite:///{tmp_path / 'limits.sqlite'}")
    assert kie(*RUN, *store).exit_code == 0
    assert kie(*RUN, *store, "--budget-name", "all").exit_code == 0
    assert "left" not in kie("budget", *store, "--budget-name", "all").stdout
    assert kie("budget", *store).stdout == "0 credits spent, 0 reserved\n", "without a budget nothing is counted"
    assert kie(*RUN, *store, "--budget", "50", "--budget-file", tmp_path / "b.jsonl").exit_code == 0
    assert document(kie("budget", *store, "--budget-file", tmp_path / "b.jsonl", "--json"))["spent"] == "18.0"


def test_a_simulated_run_leaves_the_database_alone(kie: Invoke, tmp_path: Path) -> None:
    path = tmp_path / "limits.sqlite"
    options = ("--simulate", "--limit-store", f"sqlite:///{path}", "--budget-name", "x", "--budget")
    assert kie(*RUN, *options, "5").exit_code == 6
    assert kie(*RUN, *options, "50").exit_code == 0
    assert not path.exists()


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (("--budget-name", "x", "--budget", "5"), "--budget-name names an account in a database"),
        (("--limit-store", "sqlite:///a", "--budget-name", "x", "--budget-file", "b"), "and leave --budget-file out"),
        (("--limit-store", "postgresql://kie:geheim@h/x"), "a password must not be an argument"),
        (("--limit-store", "postgresql://h/x?user=kie&password=geheim"), "a password must not be an argument"),
        (("--limit-store", "limits.sqlite", "--budget", "5"), "is not the URL of a database"),
    ],
)
def test_a_store_that_makes_no_sense_sends_nothing(
    kie: Invoke, service: VirtualService, options: tuple[str, ...], text: str
) -> None:
    outcome = kie(*RUN, *options)
    assert (outcome.exit_code, service.state.log) == (2, [])
    assert text in " ".join(outcome.stderr.split())
    assert "geheim" not in outcome.output


def test_the_clients_of_kie_are_given_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'limits.sqlite'}"
    context = CliContext()
    for given in (None, url):
        context.connection.limit_store = given
        clients = (context.connect("a-key", None, {}), context.connect_async("a-key", None, {}))
        for client in clients:
            store = client._driver.session.store
            assert (None if store is None else store.named) == given
            client._driver.session.close()


def test_the_doctor_looks_into_the_store(kie: Invoke, service: VirtualService, tmp_path: Path) -> None:
    def limits(url: str) -> tuple[str, str]:
        rows = document(kie("doctor", "--json", "--limit-store", url))
        return next((row["state"], row["about"]) for row in rows if row["check"] == "limits")

    url = f"sqlite:///{tmp_path / 'limits.sqlite'}"
    assert limits(url) == ("ok", f"shared in {url}")
    state, about = limits(f"sqlite:///{tmp_path / 'gone' / 'limits.sqlite'}")
    assert (state, "No such file" in about) == ("failed", True)


@pytest.mark.parametrize("option", ["--budget", "--budget-per-task", "--budget-per-day", "--library", "--journal"])
def test_an_option_whose_value_is_empty_is_refused_because_it_would_be_ignored(
    kie: Invoke, service: VirtualService, option: str
) -> None:
    for value in ("", " "):
        outcome = kie("run", "nano-banana-pro", "--prompt", "A fox", option, value, "--json")
        assert (outcome.exit_code, service.state.accepted) == (2, [])
        message = document(outcome)["error"]["message"]
        assert option in message and "is empty: give a value, or leave the option out" in message
