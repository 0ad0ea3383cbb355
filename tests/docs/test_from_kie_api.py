"""The page for users of kie-api names all that it has, and only what there is here."""

from __future__ import annotations

import re
from pathlib import Path

import attrs
import pytest

from kie import Estimate, Journal, Kie, Library, Result, Task, catalog, errors, plans, webhooks
from kie._cli.app import root
from kie.plans import Plan
from kie.testing import fixtures

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "from-kie-api.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| kie-api")
]
HERE = " ".join(row[1] for row in ROWS)


def test_every_name_of_the_other_client_has_a_row(reference: Path) -> None:
    seeds = reference.parent / "seeds"
    if not seeds.is_dir():
        pytest.skip(f"the README of kie-api is not at {seeds}")
    (text,) = [text for text in (path.read_text("utf-8") for path in seeds.glob("*.txt")) if "from kie_api" in text]
    imported = re.findall(r"from kie_api[\w.]* import (?:\(([^)]*)\)|(\w[\w, ]*))", text)
    wanted = {name for pair in imported for part in pair for name in re.findall(r"\w+", part)}
    wanted |= set(re.findall(r"(?m)^- (?:and )?`?(\w+_inputs|\w+_fields|\w+_details|needs_input)`?$", text))
    wanted |= set(re.findall(r"\b(?:examples|scripts)/(\w+\.py)", text)) | set(re.findall(r"\bKIE_[A-Z_]+", text))
    wanted |= {"load_registry", "first_frame", "last_frame", "reference", "ready_with_warning", "model_dump"}
    assert len(wanted) > 30
    stated = set(re.findall(r"[\w.]+", " ".join(row[0] for row in ROWS)))
    assert wanted - stated == set()


def test_every_name_that_the_page_gives_exists() -> None:
    homes: dict[str, object] = {"catalog": catalog, "errors": errors, "plans": plans, "webhooks": webhooks}
    homes |= {"fixtures": fixtures, "client": Kie("key"), "task": Task, "result": Result, "library": Library}
    fields = {"plan": {*dir(Plan), *(field.name for field in attrs.fields(Plan))}}
    fields["estimate"] = {*dir(Estimate), *(field.name for field in attrs.fields(Estimate))}
    found = re.findall(r"`(?:kie\.)?(\w+)\.(\w+)", PAGE)
    known = [(home, name) for home, name in found if home in homes or home in fields]
    assert len(known) > 40
    missing = {
        f"{home}.{name}"
        for home, name in known
        if not (name in fields[home] if home in fields else hasattr(homes[home], name))
    }
    assert missing == set()
    assert all(hasattr(Journal, name) for name in re.findall(r"Journal\(path\)\.(\w+)", PAGE))


def test_every_command_that_the_page_gives_exists() -> None:
    commands = set(re.findall(r"`kie ([a-z]+)", HERE))
    assert len(commands) > 5
    assert commands <= set(root.list_commands(root.make_context("kie", [], resilient_parsing=True)))
