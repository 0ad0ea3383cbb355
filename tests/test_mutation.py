"""What `make mutate` reads names files, functions, changes and tests that are there."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.mutation.__main__ import HERE, targets, to_notice

TARGETS = targets()


@pytest.mark.parametrize("path", TARGETS)
def test_what_is_changed_and_what_need_not_be_noticed_is_there(path: str) -> None:
    assert to_notice({path: TARGETS[path]})


def test_each_change_that_need_not_be_noticed_is_one_of_a_file_that_is_changed() -> None:
    places = {place.partition("::")[0] for place in tomllib.loads((HERE / "equivalent.toml").read_text())}
    assert places <= TARGETS.keys()


@pytest.mark.parametrize("path", TARGETS)
def test_each_test_that_has_to_notice_is_there(path: str) -> None:
    for test in TARGETS[path]["tests"]:
        file, _, name = test.partition("::")
        assert Path(file).exists()
        assert not name or f"def {name}(" in Path(file).read_text(encoding="utf-8")
