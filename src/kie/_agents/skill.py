"""Agents: the skill for agents that use the command line, and its installation for their programs. May import
`_core`."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, TypeAlias

import attrs

from kie._core.errors import ConfigError

Host: TypeAlias = Literal["agents", "claude", "codex"]
"""A program that loads skills: any that reads `.agents/skills` of a project, Claude Code, or Codex."""

NAME = "kie"
SOURCE = Path(__file__).parent.parent / ".agents" / "skills" / NAME
"""The skill in this package."""

OPENAI = """\
interface:
  display_name: "Kie.ai"
  short_description: "Images, video, audio and music, and what they cost"
  default_prompt: "Use $kie to make media, and ask me before it costs something."
"""


@attrs.frozen(kw_only=True)
class SkillFolder:
    """The folder of a host's skills, and the extra files that it needs."""

    folder: str
    """The folder of all skills; `~` is the home of the user."""
    variable: str | None = None
    """A variable that names its parent folder."""
    files: Mapping[str, str] = attrs.field(factory=dict)
    """Files that are added to the skill, by their paths in it."""


SKILL_FOLDERS: Mapping[Host, SkillFolder] = {
    "agents": SkillFolder(folder=".agents/skills"),
    "claude": SkillFolder(folder="~/.claude/skills", variable="CLAUDE_CONFIG_DIR"),
    "codex": SkillFolder(folder="~/.codex/skills", variable="CODEX_HOME", files={"agents/openai.yaml": OPENAI}),
}


def install(host: Host = "agents", path: str | None = None, *, environment: Mapping[str, str]) -> Path:
    """Copy the skill to the folder of a program. An earlier version is replaced completely or not at all.

    Args:
        host: The program.
        path: The folder of all skills, instead of the usual one.
        environment: The variables.

    Returns:
        The folder of the skill.

    Raises:
        ConfigError: Another skill has its path, or it cannot be written.
    """
    known = SKILL_FOLDERS[host]
    above = environment.get(known.variable) if known.variable else None
    folder = Path(path) if path is not None else Path(above) / "skills" if above else Path(known.folder)
    place = folder.expanduser() / NAME
    try:
        if place.exists() and not _is_ours(place):
            raise ConfigError(f"{place} contains something other than this skill: move it away, or name another --path")
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent, prefix=f".{NAME}-") as made:
            new = Path(shutil.copytree(SOURCE, Path(made) / "new"))
            for name, text in known.files.items():
                (new / name).parent.mkdir(parents=True, exist_ok=True)
                (new / name).write_text(text, "utf-8")
            if place.exists():
                os.replace(place, Path(made) / "old")
            os.replace(new, place)
    except OSError as error:
        raise ConfigError(f"{place} cannot be written: {error.strerror or error}") from None
    return place


def _is_ours(place: Path) -> bool:
    """Whether a folder holds any version of this skill."""
    try:
        head = (place / "SKILL.md").read_text("utf-8").split("\n")[:2]
    except (OSError, ValueError):
        return False
    return head == ["---", f"name: {NAME}"]
