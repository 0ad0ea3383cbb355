"""Agents: the skill for agents that use the command line, and where their programs look for it. May import `_core`."""

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
"""A program that loads skills: any one that looks into `.agents/skills` of a project, Claude Code, or Codex."""

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
    """Where a host keeps its skills, and what it wants beside one."""

    folder: str
    """The folder of all skills; `~` is the home of the user."""
    variable: str | None = None
    """A variable that names the folder above it."""
    files: Mapping[str, str] = attrs.field(factory=dict)
    """Files that are added to the skill, by their places in it."""


SKILL_FOLDERS: Mapping[Host, SkillFolder] = {
    "agents": SkillFolder(folder=".agents/skills"),
    "claude": SkillFolder(folder="~/.claude/skills", variable="CLAUDE_CONFIG_DIR"),
    "codex": SkillFolder(folder="~/.codex/skills", variable="CODEX_HOME", files={"agents/openai.yaml": OPENAI}),
}


def install(host: Host = "agents", path: str | None = None, *, environment: Mapping[str, str]) -> Path:
    """Copy the skill to where a program looks for it. An earlier version is replaced, whole or not at all.

    Args:
        host: The program.
        path: The folder of all skills, in the place of the usual one.
        environment: The variables.

    Returns:
        The folder of the skill.

    Raises:
        ConfigError: Another skill is in its place, or it cannot be written.
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
    """Whether a folder holds this skill, of whatever version."""
    try:
        head = (place / "SKILL.md").read_text("utf-8").split("\n")[:2]
    except (OSError, ValueError):
        return False
    return head == ["---", f"name: {NAME}"]
