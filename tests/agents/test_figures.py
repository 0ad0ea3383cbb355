"""What a model has to read before it can do anything: bounded, and pinned."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kie import catalog
from kie._agents.catalog_text import MOST_TOKENS, describe, find_models, tokens
from tests.agents.conftest import Desks, finish

PINNED = Path(__file__).parent / "tools.json"
"""The list of tools. `python -m tests.agents.test_figures` pins a change that is meant."""
MOST_OF_THE_LIST = 900
CHANGES = {"generate", "save", "upload"}


async def listed(desks: Desks, mode: str) -> list[dict[str, Any]]:
    async with desks().connected(mode) as client:
        found = (await client.list_tools()).tools
    return [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in found]


def test_the_list_of_tools_is_as_pinned_and_takes_900_tokens_at_most(desks: Desks, mode: str) -> None:
    found = finish(lambda: listed(desks, mode))
    assert found == json.loads(PINNED.read_text("utf-8"))
    assert len(found) == 9 and tokens(json.dumps(found, separators=(",", ":"))) <= MOST_OF_THE_LIST


def test_what_changes_something_says_so_and_nothing_else_does() -> None:
    hints = {tool["name"]: tool["annotations"] for tool in json.loads(PINNED.read_text("utf-8"))}
    assert {name for name, hint in hints.items() if not hint["readOnlyHint"]} == CHANGES
    assert all(hints[name]["idempotentHint"] is False and hints[name]["openWorldHint"] for name in CHANGES)


@pytest.mark.parametrize("model", catalog.models(status="all"), ids=lambda model: model.id)
def test_the_description_of_every_model_names_all_its_fields_within_600_tokens(model: catalog.Model) -> None:
    text = describe(model)
    assert tokens(text) <= MOST_TOKENS
    for field in model.fields:
        line = next(line for line in text.split("\n") if line.partition(" ")[0].rstrip("*") == field.name)
        assert ("*" in line.partition(" ")[0]) == field.required
        assert all(str(value).lower() in line.lower() for value in field.enum[:20])


def test_a_token_is_rather_counted_twice_than_not_at_all() -> None:
    assert tokens("") == 0 and tokens("a b c d") == 6 and tokens("x" * 40) == 10


def test_lists_are_short_by_default() -> None:
    everything = find_models("", None, 10)
    assert len(everything.data["models"]) == 10 and everything.data["found"] > 100  # type: ignore[arg-type, operator]
    assert tokens(str(everything)) < 600


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        tools = finish(lambda: listed(Desks(Path(folder)), "auto"))
    PINNED.write_text(json.dumps(tools, indent=1) + "\n", "utf-8")
