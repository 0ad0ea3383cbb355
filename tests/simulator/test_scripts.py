"""Fault scripts: what they may say, and when their rules fire."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kie import ConfigError, simulated
from kie.simulator import FaultScript, Simulator
from kie.simulator._faults import FAULTS, OPERATIONS
from kie_wire.endpoints import ENDPOINTS


def fired(rules: list[dict[str, Any]], count: int = 6, operation: str = "createTask") -> list[str | None]:
    script = FaultScript.load(rules)
    picked = [script.pick(operation) for _ in range(count)]
    return [rule.do if rule else None for rule in picked]


def test_nth_fires_once() -> None:
    assert fired([{"on": "createTask", "do": "refuse", "nth": 2}], 4) == [None, "refuse", None, None]


def test_every_fires_again_and_again() -> None:
    assert fired([{"on": "*", "do": "refuse", "every": 3}]) == [None, None, "refuse"] * 2


def test_times_fires_on_the_first_and_without_a_figure_on_all() -> None:
    assert fired([{"on": "createTask", "do": "refuse", "times": 2}], 3) == ["refuse", "refuse", None]
    assert fired([{"on": "createTask", "do": "refuse"}], 3) == ["refuse"] * 3


def test_the_first_rule_wins_and_times_counts_only_what_it_took() -> None:
    rules = [{"on": "createTask", "do": "refuse", "nth": 1}, {"on": "*", "do": "garbage", "times": 2}]
    assert fired(rules, 4) == ["refuse", "garbage", "garbage", None]


def test_a_rule_counts_only_what_it_is_on() -> None:
    script = FaultScript.load([{"on": "getTask", "do": "refuse", "nth": 2}])
    assert [bool(script.pick(name)) for name in ("getTask", "createTask", "getTask")] == [False, False, True]


def test_rules_that_have_not_fired_are_reported() -> None:
    script = FaultScript.load([{"on": "result", "do": "gone"}, {"on": "getTask", "do": "refuse"}])
    script.pick("result")
    assert [rule.on for rule in script.unused] == ["getTask"]


def test_a_script_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "faults.json"
    file.write_text(json.dumps([{"on": "createTask", "do": "http", "status": 502}]))
    for source in (file, str(file)):
        assert Simulator(faults=source).faults.rules[0].arguments == {
            "status": 502,
            "body": "",
            "headers": {},
            "accepted": False,
        }


def test_every_fault_of_a_file_is_listed(tmp_path: Path) -> None:
    file = tmp_path / "faults.json"
    rules: list[Any] = [
        {"on": "creatTask", "do": "refuse"},
        {"on": "createTask", "do": "explode"},
        {"on": "getCredits", "do": "no_task_id"},
        {"on": "createTask", "do": "http", "status": 99, "speed": 1},
        {"on": "createTask", "do": "slow"},
        {"on": "createTask", "do": "refuse", "nth": 0},
        {"on": "createTask", "do": "refuse", "nth": 1, "times": 1},
        "refuse",
        {"on": ["createTask"], "do": {}},
        {"on": "createTask", "do": "rate_limit", "retry_after": []},
        {"on": "createTask", "do": "http", "status": 500, "headers": {"a b": "ü"}},
    ]
    file.write_text(json.dumps(rules))
    with pytest.raises(ConfigError) as caught:
        simulated(faults=file)
    text = str(caught.value)
    assert str(file) in text
    for number in range(1, len(rules) + 1):
        assert f"rule {number}: " in text
    for named in ("creatTask", "explode", "`status`", "`speed`", "needs `seconds`", "nth and times", "`headers`"):
        assert named in text


@pytest.mark.parametrize("content", ["{", '{"on": "*"}', "5", "null"])
def test_a_file_that_is_no_list_is_refused(content: str, tmp_path: Path) -> None:
    file = tmp_path / "faults.json"
    file.write_text(content)
    with pytest.raises(ConfigError, match=r"faults\.json"):
        FaultScript.load(file)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        FaultScript.load(tmp_path / "none.json")


def test_every_kind_of_fault_is_explained_and_applies_to_known_operations() -> None:
    for kind in FAULTS.values():
        assert kind.meaning
        assert set(kind.on) <= {*OPERATIONS, "*"}


def test_the_operations_of_scripts_are_those_of_the_service() -> None:
    assert set(OPERATIONS) == {*ENDPOINTS, "result"}
    assert len(OPERATIONS) == len(set(OPERATIONS))
