"""The page for users of other clients names only what there is here."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

from kie import Asset, Journal, Kie, Result, Task, TaskStatus, catalog, errors, webhooks

PAGE = (Path(__file__).parent.parent.parent / "docs" / "migration.md").read_text("utf-8")
HERE = "\n".join(line.split(" | ")[1] for line in PAGE.splitlines() if line.startswith("| `") and " | " in line)


def test_every_name_that_the_page_gives_exists() -> None:
    client = Kie("key")
    task = client.task("0123456789abcdef0123456789abcdef")
    asset = Asset("https://example.com/1.png", 0, "image", task.ref)
    homes: dict[str, object] = {"client": client, "task": task, "result": Result, "asset": asset}
    homes |= {"catalog": catalog, "errors": errors, "webhooks": webhooks}
    found = re.findall(r"`(\w+)\.(\w+)", HERE)
    assert len(found) > 15
    assert {f"{home}.{name}" for home, name in found if not hasattr(homes[home], name)} == set()
    assert {name for name in re.findall(r"\)\.(\w+)\(", HERE) if not hasattr(Task, name)} == {"entries"}
    assert hasattr(Journal, "entries")
    assert hasattr(TaskStatus, "state")


def test_every_option_that_the_page_gives_is_one_of_run_and_submit() -> None:
    options = set(re.findall(r"`(\w+)=`", HERE))
    assert options == {"on_progress", "callback_url"}
    assert options <= set(inspect.signature(Kie.run).parameters)
    assert options - {"on_progress"} <= set(inspect.signature(Kie.submit).parameters)
