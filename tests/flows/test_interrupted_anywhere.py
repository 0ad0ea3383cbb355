"""Ctrl-C at any effect: no task is lost or created twice, no credits stay reserved for nothing, no part is left."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from kie import Budget, Journal, Kie
from kie._core.safe_text import attribute_of
from kie._flow.effects import Effect
from kie._io.budget_account import InDatabase, InFile
from kie.models import GoogleNanoBananaEdit, NanoBananaPro
from kie.testing import virtual_kie
from kie.testing._driver import VirtualDriver

REQUEST = NanoBananaPro(prompt="A lighthouse")


def submit(client: Kie, folder: Path) -> object:
    return client.submit(REQUEST, label="one")


def submit_local(client: Kie, folder: Path) -> object:
    Image.new("RGB", (64, 64)).save(folder / "in.png")
    return client.submit(GoogleNanoBananaEdit(prompt="x", image_urls=[folder / "in.png"]))


def run_and_save(client: Kie, folder: Path) -> object:
    return client.run(REQUEST).save(folder / "out")


def batch(client: Kie, folder: Path) -> object:
    return client.batch.run([NanoBananaPro(prompt=str(number)) for number in range(3)])


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("work", [submit, submit_local, run_and_save, batch])
def test_ctrl_c_at_any_effect_loses_nothing(
    work: Callable[[Kie, Path], object], times: int, before: bool, tmp_path: Path
) -> None:
    number = 0
    while interrupted_at(number, work, times, before, tmp_path / str(number)):
        number += 1
    assert number > 5


def interrupted_at(number: int, work: Callable[[Kie, Path], object], times: int, before: bool, folder: Path) -> bool:
    """Interrupt an effect and those that follow it, and check what is left. Returns whether there was such a one."""
    folder.mkdir()
    journal, budget = folder / "journal.jsonl", Budget(500, file=folder / "budget.jsonl")
    client, service, _ = virtual_kie(journal=journal, budget=budget)
    perform = VirtualDriver.perform
    count = 0
    error: BaseException | None = None

    def interrupted(driver: VirtualDriver, effect: Effect[object]) -> object:
        nonlocal count
        count += 1
        due = number < count <= number + times
        if due and before:
            raise KeyboardInterrupt
        value = perform(driver, effect)
        if due:
            raise KeyboardInterrupt
        return value

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(VirtualDriver, "perform", interrupted)
        try:
            work(client, folder)
        except KeyboardInterrupt as failure:
            error = failure
    where = f"effect {number} of {work.__name__}"
    entries = Journal(journal).entries() if journal.exists() else []
    known, unknown = [one for one in entries if one.ref], [one for one in entries if one.state == "unknown"]
    assert len(service.tasks) <= len(known) + len(unknown), f"{where}: a task is lost"
    assert work is batch or len(service.tasks) <= 1, f"{where}: it was sent twice"
    assert len(budget.reservations) <= len(known) + len(unknown), f"{where}: credits are reserved for nothing"
    assert bool(service.tasks) <= bool(budget.reservations or budget.spent), f"{where}: a task is not counted"
    if times == 1 and not unknown:
        assert all(one.ref for one in budget.reservations), f"{where}: the budget does not know the task"
    if error is not None and work is not batch and service.tasks:
        told = attribute_of(error, "ref") is not None or attribute_of(error, "task_created", False) is None
        assert told or work is run_and_save, f"{where}: the error does not name the task"
    assert not [*folder.rglob(".kie-*")], f"{where}: a part of a file is left"
    client.submit(NanoBananaPro(prompt="another"))
    return count > number


@pytest.mark.parametrize("kind", ["file", "store"])
def test_an_entry_is_counted_once_although_ctrl_c_comes_while_it_is_read(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def budget() -> Budget:
        if kind == "file":
            return Budget(500, file=tmp_path / "budget.jsonl")
        return Budget(500, store=f"sqlite:///{tmp_path}/budget.sqlite")

    client, _, _ = virtual_kie(budget=budget())
    client.submit(REQUEST)
    other, entries = budget(), InFile if kind == "file" else InDatabase
    with monkeypatch.context() as patched:
        take: Any = entries._take

        def interrupted(*given: Any) -> None:
            take(*given)
            raise KeyboardInterrupt

        patched.setattr(entries, "_take", interrupted)
        with pytest.raises(KeyboardInterrupt):
            print(other.reserved)
    assert client.budget is not None
    assert (other.reserved, len(other.reservations)) == (client.budget.reserved, 1)
