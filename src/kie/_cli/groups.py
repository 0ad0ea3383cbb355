"""CLI: groups of commands, and a group with a default command. May import `_cli`."""

from __future__ import annotations

from collections.abc import Sequence

import click
from click.shell_completion import CompletionItem

from kie._cli.click_options import ThoroughCommand


class CommandGroup(click.Group):
    """A group that explains, if options of a command come before its name, that they belong after it."""

    command_class = ThoroughCommand

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments up to the name of a command."""
        given = [*args]
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            raise self.misplaced(ctx, given) or error from None

    def misplaced(self, ctx: click.Context, args: Sequence[str]) -> click.UsageError | None:
        """The error for options before the command that they may belong to; None if no command follows."""
        if not args or not args[0].startswith("-"):
            return None
        at = next((at for at, word in enumerate(args) if word in self.commands), None)
        if at is None:
            return None
        # no values: one may be a key or a password
        options = " ".join(word.partition("=")[0] for word in args[:at] if word.startswith("-"))
        return click.UsageError(
            f"the command comes first, and its options after it: {ctx.command_path} {args[at]} {options} …", ctx
        )


class DefaultGroup(CommandGroup):
    """A group that runs the command `default` if the first word does not name a command: `kie models upscale`.

    Args:
        default: The command to run if no other is named. The help of the group includes its options.
        *args: Arguments of `click.Group`.
        **kwargs: Keyword arguments of `click.Group`.
    """

    def __init__(self, *args: object, default: click.Command, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.default = default
        self.add_command(default)
        self.help = self.help or default.help

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; without the name of a command they belong to the default one."""
        asks = args and args[0] in ctx.help_option_names
        completes = ctx.resilient_parsing and not args
        if not asks and not completes and (not args or args[0] not in self.commands):
            if not ctx.resilient_parsing:
                self._refuse_commands(ctx, args)
            args = [str(self.default.name), *args]
        return super().parse_args(ctx, args)

    def _refuse_commands(self, ctx: click.Context, args: list[str]) -> None:
        """Refuse input for another command: a word that the default one does not accept, or options before the name."""
        inner = click.Context(self.default, parent=ctx, info_name=self.default.name)
        try:
            _, words, _ = self.default.make_parser(inner).parse_args([*args])
        except click.NoSuchOption:
            words = [word for word in args if word in self.commands]
            if words and (error := self.misplaced(ctx, args)):
                raise error from None
            return  # the default command reports the fault
        except click.UsageError:
            return
        if not words or any(isinstance(each, click.Argument) for each in self.default.params):
            return
        if words[0] in self.commands and (error := self.misplaced(ctx, args)):
            raise error
        super().resolve_command(ctx, [words[0]])

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage of the group itself."""
        pieces = self.default.collect_usage_pieces(ctx)
        formatter.write_usage(ctx.command_path, " ".join(pieces))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options of the default command, then the other commands."""
        click.Command.format_options(self.default, ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands besides the default one."""
        others = {name: command for name, command in self.commands.items() if command is not self.default}
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.get_short_help_str(80)) for name, command in sorted(others.items())])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete the names of the commands, and the arguments of the default one."""
        return [*super().shell_complete(ctx, incomplete), *self.default.shell_complete(ctx, incomplete)]
