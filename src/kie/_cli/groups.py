"""CLI: a group of commands that does something by itself, too. May import nothing of `kie`."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem


class DefaultGroup(click.Group):
    """A group that runs the command `default` where the first word does not name a command: `kie models upscale`.

    Args:
        default: The command that is meant without another one. Its options stand in the help of the group.
        *args: What `click.Group` takes.
        **kwargs: What `click.Group` takes.
    """

    def __init__(self, *args: object, default: click.Command, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.default = default
        self.add_command(default)
        self.help = self.help or default.help

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; those without the name of a command are of the default one."""
        asks = args and args[0] in ctx.help_option_names
        completes = ctx.resilient_parsing and not args
        if not asks and not completes and (not args or args[0] not in self.commands):
            args = [str(self.default.name), *args]
        return super().parse_args(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write how the group is used by itself."""
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
        """Complete the names of the commands, and what the default command takes."""
        return [*super().shell_complete(ctx, incomplete), *self.default.shell_complete(ctx, incomplete)]
