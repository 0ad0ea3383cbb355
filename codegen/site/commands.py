"""The page of the command line's commands: what each does, its arguments and options, from the program itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from inspect import cleandoc

import click

from kie._cli.app import root
from kie._cli.click_options import options_of
from kie._cli.loose import ConfirmingOptions, LooseOptions
from kie._cli.run_command import RunGroup, common_options

from .markdown import cell, code, fenced, plain, table

PAGE = "commands.md"


def pages() -> dict[str, bytes]:
    """The one page of all commands."""
    lines = [
        "# Every command and option",
        "",
        "What `--help` of each command shows. [The command line](cli.md) explains what belongs together, and "
        "[the pages of the models](models/index.md) have the options of `kie run MODEL`.",
        "",
        "## kie",
        "",
        *_said(root),
        "These options may stand before a command or, where it takes them, after it.",
        "",
        *_options(own(root), click.Context(root, info_name="kie")),
    ]
    for context in commands():
        lines += _command(context)
    return {PAGE: ("\n".join(lines).rstrip() + "\n").encode()}


def commands() -> Iterator[click.Context]:
    """A context for each command, groups before their own."""
    yield from _below(click.Context(root, info_name="kie"), [root.commands[name] for name in sorted(root.commands)])


def _below(above: click.Context, found: Sequence[click.Command]) -> Iterator[click.Context]:
    for command in found:
        if command.hidden:
            continue
        context = click.Context(command, info_name=command.name, parent=above)
        yield context
        if isinstance(command, click.Group):
            yield from _below(context, [command.commands[name] for name in sorted(command.commands)])


def own(command: click.Command) -> list[click.Option]:
    """The options of a command that are not those of the program."""
    shared = {param.name for param in root.params}
    params = common_options(command.kind) if isinstance(command, RunGroup) else command.params
    options = [param for param in params if isinstance(param, click.Option) and not param.hidden]
    return [option for option in options if command is root or option.name not in shared]


def of_families(command: click.Command) -> list[click.Option]:
    """What a command of models takes besides with the name of a family, or with a prompt to enhance."""
    if not isinstance(command, RunGroup):
        return []
    return options_of(ConfirmingOptions if command.spends else LooseOptions)


def _command(context: click.Context) -> list[str]:
    return [
        f"## {plain(context.command_path)}",
        "",
        *fenced("text", context.command.get_usage(context).removeprefix("Usage: ")),
        *_said(context.command),
        *_options(own(context.command), context),
        *(["With the name of a family, or for the prompt:", ""] if of_families(context.command) else []),
        *_options(of_families(context.command), context),
    ]


def _said(command: click.Command) -> Iterator[str]:
    """The help of a command: paragraphs, and what has to keep its lines."""
    for part in cleandoc(command.help or command.short_help or "").split("\n\n"):
        if part.startswith("\b") and part.count("\n") > 1:
            yield from fenced("text", part.removeprefix("\b").strip("\n"))
        else:
            text = plain(" ".join(part.removeprefix("\b").split()))
            yield from (re.sub(r"\bdocs/([\w-]+\.md)", r"[docs/\1](\1)", text), "")


def _options(options: Sequence[click.Option], context: click.Context) -> list[str]:
    records = [record for option in options if (record := option.get_help_record(context))]
    rows = [(cell(code(names)), cell(_sentence(about))) for names, about in records]
    return table(("option", "meaning"), rows) if rows else []


def _sentence(about: str) -> str:
    """The help of an option, with what click adds to it as a sentence: a default, a range."""
    about, _, added = about.partition("  [")
    parts = [part.strip() for part in added.removesuffix("]").split(";") if part]
    return " ".join([about, *(f"{part.replace('default:', 'Default:')}." for part in parts)])
