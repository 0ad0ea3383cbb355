"""CLI: `kie schema`: the JSON Schema of what a command writes with --json. May import `_core`."""

from __future__ import annotations

from collections.abc import Sequence

import click

from kie._cli.click_options import ThoroughCommand
from kie._cli.json_schemas import SCHEMAS, schema_of
from kie._cli.output import preview, say


def _words(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Complete the next word of the commands that write JSON."""
    before = [str(word) for word in ctx.params.get("command") or ()]
    rest = [each.split()[len(before) :] for each in SCHEMAS if each.split()[: len(before)] == before]
    return [*dict.fromkeys(words[0] for words in rest if words and words[0].startswith(incomplete))]


@click.command(cls=ThoroughCommand, short_help="Show the JSON Schema of what a command writes with --json.")
@click.argument("command", metavar="[COMMAND]...", nargs=-1, shell_complete=_words)
def schema(command: Sequence[str]) -> None:
    """Show the JSON Schema of what COMMAND writes with --json, such as `kie schema prices check`.

    Without COMMAND, the commands are listed. With --fields, the rows of a list have only those fields. Later versions
    may add fields.
    """
    name = " ".join(command)
    if not name:
        for each in SCHEMAS:
            say(each)
        return
    if name not in SCHEMAS:
        raise click.UsageError(f"{name!r} writes no JSON; `kie schema` lists the commands that do")
    preview(schema_of(name))
