"""CLI: `kie skill`: the skill for agents that use this command line. May import `_agents`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from kie._cli.cli_context import CliContext, json_option
from kie._cli.click_options import with_options
from kie._cli.groups import CommandGroup
from kie._cli.output import document, say

if TYPE_CHECKING:
    from kie._agents.skill import Host


@click.group(cls=CommandGroup)
def skill() -> None:
    """Manage the skill that teaches an agent this command line: to plan, to ask before it spends, and never to pay
    twice."""


@skill.command(short_help="Copy the skill to where an agent finds it.")
@click.option("--claude", "host", flag_value="claude", help="For Claude Code: in ~/.claude/skills.")
@click.option("--codex", "host", flag_value="codex", help="For Codex: in ~/.codex/skills, with its manifest.")
@click.option("--path", metavar="DIR", help="In this folder of skills.")
@with_options(json_option())
@click.pass_obj
def install(context: CliContext, host: Host | None, path: str | None) -> None:
    """Copy the skill to where an agent finds it: without an option, to .agents/skills in the current folder.

    An earlier version is replaced.
    """
    from kie._agents.skill import install as copy

    place = copy(host or "agents", path, environment=os.environ)
    if context.as_json:
        document({"skill": str(place)})
    else:
        say(str(place))
