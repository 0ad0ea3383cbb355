"""The skill: short, true, and installed where agents look."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from kie._agents.catalog_text import tokens
from kie._agents.skill import NAME, OPENAI, SOURCE, install
from kie._cli.app import COMMANDS, root
from kie._core.errors import ConfigError

TEXTS = {path.relative_to(SOURCE).as_posix(): path.read_text("utf-8") for path in SOURCE.rglob("*.md")}


def test_the_skill_takes_fewer_than_400_tokens_and_names_its_references() -> None:
    assert tokens(TEXTS["SKILL.md"]) < 400
    assert set(re.findall(r"references/\w+\.md", TEXTS["SKILL.md"])) == TEXTS.keys() - {"SKILL.md"}


def test_its_head_is_what_hosts_read() -> None:
    start, name, description, end, *_ = TEXTS["SKILL.md"].split("\n")
    assert start == end == "---" and name == f"name: {NAME}" == f"name: {SOURCE.name}"
    assert description.startswith("description: ") and len(description) < 1024 and ": " not in description[13:]


@pytest.mark.parametrize("name", TEXTS)
def test_every_command_and_option_in_it_exists(name: str) -> None:
    for used, rest in re.findall(r"kie ([a-z]+)([^\n`]*)", TEXTS[name]):
        if used == "command":  # "the `kie` command line"
            continue
        assert used in COMMANDS, used
        given = [used, "nano-banana-pro"] if used in ("run", "price") else [used]
        shown = CliRunner().invoke(root, [*given, "--help"]).output
        for option in re.findall(r"--[a-z-]+", rest.partition("#")[0]):
            assert option in shown or used == "plan", f"{used} {option}"


def test_it_is_installed_for_each_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.chdir(tmp_path)
    assert install("claude", environment={}) == home / ".claude" / "skills" / "kie"
    assert install("codex", environment={}) == home / ".codex" / "skills" / "kie"
    assert install("codex", environment={"CODEX_HOME": "own"}) == Path("own/skills/kie")
    assert install(environment={}) == Path(".agents/skills/kie")
    assert install("claude", "some/where", environment={}) == Path("some/where/kie")
    manifests = [*tmp_path.rglob("openai.yaml")]
    assert len(manifests) == 2 and all(path.read_text("utf-8") == OPENAI for path in manifests)
    found = {path.relative_to(home / ".claude/skills/kie").as_posix() for path in home.rglob(".claude/**/*.md")}
    assert found == TEXTS.keys()


def test_an_earlier_version_is_replaced_and_anything_else_is_not(tmp_path: Path) -> None:
    place = install(path=str(tmp_path), environment={})
    (place / "old.md").write_text("of an earlier version")
    assert install(path=str(tmp_path), environment={}) == place and not (place / "old.md").exists()
    (place / "SKILL.md").write_text("---\nname: mine\n---\n")
    with pytest.raises(ConfigError, match="something other than this skill"):
        install(path=str(tmp_path), environment={})
    assert (place / "SKILL.md").read_text() == "---\nname: mine\n---\n" and [*tmp_path.iterdir()] == [place]


def test_the_command_tells_where_it_is(tmp_path: Path) -> None:
    done = CliRunner().invoke(root, ["skill", "install", "--path", str(tmp_path)])
    assert done.exit_code == 0 and Path(done.stdout.strip(), "SKILL.md").is_file()
