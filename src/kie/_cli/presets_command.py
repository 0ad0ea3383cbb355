"""CLI: `kie presets`: lists presets, and checks preset files. May import every room below."""

from __future__ import annotations

import os
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

import click

from kie._cli.cli_context import CliContext, json_option
from kie._cli.click_options import ThoroughCommand, with_options
from kie._cli.groups import DefaultGroup
from kie._cli.listing import Column, RowListing, list_options
from kie._cli.output import document, note, say
from kie._core.errors import ConfigError, PresetInvalid, UnknownModel
from kie._core.json import JSON, JSONObject
from kie._plans.families import named
from kie._plans.preset_files import Found, find, user_folder
from kie._plans.preset_files import check as read
from kie._plans.presets import Preset


def folders_option() -> click.Option:
    """Return `--presets`: folders that take precedence over the user's."""
    return click.Option(
        ["--presets", "folders"],
        multiple=True,
        metavar="FOLDER",
        type=click.Path(path_type=Path),
        help="A folder of presets, which takes precedence over your own and the packaged ones. Repeatable.",
    )


def _for(preset: Preset) -> str:
    """The purpose of a preset, in words."""
    return ", ".join((*preset.models, *preset.families, *preset.patterns)) or "anything"


COLUMNS: list[Column[Preset]] = [
    Column("name", "Name", lambda preset: preset.name),
    Column("kind", "Kind", lambda preset: preset.kind, rank=2),
    Column("title", "What it is for", lambda preset: preset.title, wrap=True),
    Column("for", "Chosen for", _for, rank=1, wrap=True),
    Column("source", "From", lambda preset: preset.source, rank=3),
]


def _facts(preset: Preset) -> JSONObject:
    return {
        "name": preset.name,
        "title": preset.title,
        "kind": preset.kind,
        "patterns": list(preset.patterns),
        "models": list(preset.models),
        "families": list(preset.families),
        "source": preset.source,
    }


def _faults(errors: Sequence[PresetInvalid]) -> list[JSON]:
    return [{"source": error.source, "faults": list(error.faults)} for error in errors]


@click.command("list", cls=ThoroughCommand, short_help="List the presets.")
@with_options(folders_option(), *list_options(), json_option())
@click.pass_obj
def list_(context: CliContext, /, folders: Sequence[Path], **given: object) -> None:
    """List the presets for prompts: your own, and those that came with kie. Sends nothing.

    A preset is a Markdown file. One of kind `prompt` is put around a prompt. One of kind `instructions` tells an
    enhancer how to improve it: see --enhance of `kie plan`. `kie presets path` says where to put your own.
    """
    found = find(folders)
    listing = RowListing.of(COLUMNS, _facts, given)
    if context.as_json:
        document({"presets": listing.documents(found.all), "left_out": _faults(found.faults)})
        return
    listing.show(found.all)
    for error in found.faults:
        note(f"left out: {error}")


def _names(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Complete the names of presets."""
    return [preset.name for preset in find(ctx.params.get("folders") or ()).all if preset.name.startswith(incomplete)]


@click.command(cls=ThoroughCommand, short_help="Show a preset.")
@click.argument("name", shell_complete=_names)
@with_options(folders_option(), json_option())
@click.pass_obj
def show(context: CliContext, /, name: str, folders: Sequence[Path]) -> None:
    """Show the text of a preset, and what it is for."""
    found = find(folders)
    preset = next((each for each in found.all if each.name == name), None)
    if preset is None:
        raise _unknown(name, found)
    if context.as_json:
        document({**_facts(preset), "body": preset.body})
        return
    note(f"{preset.title} ({preset.kind}, for {_for(preset)}, from {preset.source})")
    say(preset.body)


def _unknown(name: str, found: Found) -> ConfigError:
    for error in found.faults:
        if Path(error.source).stem == name:
            return error
    close = get_close_matches(name, [preset.name for preset in found.all], n=3)
    hint = f"did you mean {' or '.join(close)}?" if close else "`kie presets` lists them"
    return ConfigError(f"there is no preset {name!r}; {hint}")


@click.command(cls=ThoroughCommand, short_help="Check preset files.")
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@with_options(json_option())
@click.pass_obj
def check(context: CliContext, /, paths: Sequence[Path]) -> int:
    """Check preset files or folders: all faults of each, with their lines. The exit code is 2 if there are any.

    Unknown models and families are faults here. Elsewhere, a preset that names them is just not chosen for them.
    """
    presets: list[Preset] = []
    errors: list[PresetInvalid] = []
    for path in paths:
        found = read(path)
        errors += found.faults
        for preset in found.presets:
            faults = _unknown_names(preset)
            if faults:
                errors.append(PresetInvalid(preset.source, faults))
            else:
                presets.append(preset)
    if context.as_json:
        document({"presets": [_facts(preset) for preset in presets], "faults": _faults(errors)})
        return 2 if errors else 0
    for preset in presets:
        say(f"{preset.source}: ok")
    for error in errors:
        note(str(error))
    return 2 if errors else 0


def _unknown_names(preset: Preset) -> list[str]:
    """The models and families that a preset names but that do not exist."""
    faults = []
    for name in (*preset.models, *preset.families):
        try:
            named(name)
        except UnknownModel as error:
            hint = f"; did you mean {', '.join(error.nearest)}?" if error.nearest else ""
            faults.append(f"{name!r} is not a model or a family{hint}")
    return faults


@click.command(cls=ThoroughCommand, short_help="Show where your own presets belong.")
@with_options(json_option())
@click.pass_obj
def path(context: CliContext, /) -> None:
    """Show the folder for your own presets: that of KIE_PRESETS, else one next to `config.toml`."""
    folder = user_folder()
    exists = folder is not None and os.path.isdir(folder)
    if context.as_json:
        document({"folder": str(folder), "exists": exists})
        return
    say(str(folder))
    if not exists:
        note("it does not exist yet")


presets = DefaultGroup("presets", default=list_, commands=[show, check, path])
