"""Attributes that other clients have: the error names what they are called here, and hooks of Python work as ever."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from typing import Any

import pytest

import kie
from kie import ArgumentInvalid, AsyncKie, Kie
from kie._core.attributes import _NAMES_ELSEWHERE
from kie.models import NanoBananaPro
from kie.testing import virtual_kie


@pytest.mark.parametrize("cls", [Kie, AsyncKie])
@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("subscribe", "run("),
        ("images", "run("),
        ("predictions", "run("),
        ("queue", "submit("),
        ("cancel", "no way to stop a task"),
        ("get_task", "task(ref)"),
        ("balance", "credits()"),
        ("models", "kie.catalog.models()"),
        ("upload_file", "upload("),
        ("credit_s", "did you mean"),
    ],
)
def test_a_client_names_what_other_clients_call_otherwise(cls: type[Any], name: str, way: str) -> None:
    with pytest.raises(AttributeError, match=f"'{cls.__name__}' object has no attribute '{name}'") as caught:
        getattr(cls("key"), name)
    assert way in str(caught.value)


def test_tasks_results_and_files_do_so_too() -> None:
    client, _, _ = virtual_kie()
    task = client.submit(NanoBananaPro(prompt="x"))
    result: Any = task.wait()
    for owner, name, way in (
        (task, "result", "wait()"),
        (task, "cancel", "no way to stop a task"),
        (task, "request_id", "ref.id"),
        (result, "read", "result.assets"),
        (result, "output", "result.assets"),
        (result, "ulrs", "did you mean urls?"),
        (result.assets[0], "download", "save(...)"),
        (result.assets[0], "iter_bytes", "stream()"),
    ):
        with pytest.raises(AttributeError) as caught:
            getattr(owner, name)
        assert way in str(caught.value)


def test_no_habit_hides_what_there_is() -> None:
    client, _, _ = virtual_kie()
    task = client.submit(NanoBananaPro(prompt="x"))
    result = task.wait()
    owners = {"client": client, "task": task, "result": result, "asset": result.assets[0], "module": kie}
    assert {*owners} == {*_NAMES_ELSEWHERE}
    for habits, owner in owners.items():
        there = {name.replace("_", "").lower() for name in dir(owner) if not name.startswith("_")}
        assert _NAMES_ELSEWHERE[habits].keys() & there <= ({"batch", "simulator"} if habits == "module" else set())


@pytest.mark.parametrize("name", ["__array_interface__", "_repr_png_", "__fspath__"])
def test_protocols_get_a_plain_answer(name: str) -> None:
    client, _, _ = virtual_kie()
    result = client.run(NanoBananaPro(prompt="x"))
    assert not hasattr(result, name)
    assert pickle.loads(pickle.dumps(result)) == copy.deepcopy(result) == result


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("from kie import NanoBananaPro", "ImportError: NanoBananaPro is in kie.models"),
        ("from kie import Client", "ImportError: module 'kie' has no attribute 'Client'; here it is Kie"),
        (
            "import kie; kie.AsyncClient",
            "has no attribute 'AsyncClient'; here it is AsyncKie",
        ),
        ("import kie; kie.run('x')", "a client does that: Kie().run(...)"),
        ("from kie import RateLimits", "did you mean RateLimit?"),
        ("from kie.models import Kling", "did you mean Kling"),
    ],
)
def test_the_package_says_where_a_name_is(line: str, said: str) -> None:
    done = subprocess.run([sys.executable, "-c", line], capture_output=True, text=True, timeout=120)
    assert said in done.stderr.splitlines()[-1]


def test_submodules_are_imported_as_ever() -> None:
    code = "from kie import testing, simulator; import kie.errors; print(testing.__name__, simulator.__name__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.split() == ["kie.testing", "kie.simulator"]


def test_a_positional_prompt_is_answered_with_the_keyword() -> None:
    with pytest.raises(
        ArgumentInvalid, match=r"the fields of NanoBananaPro must be given as keywords: NanoBananaPro\(prompt=...\)"
    ):
        NanoBananaPro("A fox")  # type: ignore[call-arg]
