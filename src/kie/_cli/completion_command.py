"""CLI: `kie completion SHELL`, and the completions for shells. May import every room below."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime

import click
from click.shell_completion import CompletionItem, ShellComplete, add_completion_class, get_completion_class

from kie._cli.cli_context import CliContext, context_of
from kie._cli.click_options import ThoroughCommand
from kie._cli.output import age, say
from kie._core.errors import ConfigError, KieError

RECENT = 50
"""The most refs of the journal that are offered, the latest first."""

_POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($word, $ast, $position)
    $env:%(complete_var)s = "powershell_complete"
    $env:_KIE_WORDS = $ast.ToString()
    $env:_KIE_WORD = $word
    %(prog_name)s | ForEach-Object {
        $value, $help = $_ -split "`t", 2
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $help)
    }
    Remove-Item Env:%(complete_var)s, Env:_KIE_WORDS, Env:_KIE_WORD
}
"""


@add_completion_class
class PowerShellComplete(ShellComplete):
    """Completion in PowerShell, which click does not support."""

    name = "powershell"
    source_template = _POWERSHELL

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the one to complete, and that word."""
        from click.shell_completion import split_arg_string

        word = os.environ.get("_KIE_WORD", "")
        words = split_arg_string(os.environ.get("_KIE_WORDS", ""))[1:]
        return (words[:-1] if word and words else words), word

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Format a completion as a line: the value and its meaning."""
        return f"{item.value}\t{item.help or item.value}"


SHELLS = ("bash", "zsh", "fish", "powershell")


@click.command(cls=ThoroughCommand)
@click.argument("shell", metavar="|".join(SHELLS), type=click.Choice(SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Write the script with which a shell completes commands, options, models, categories and refs of tasks.

    \b
    eval "$(kie completion bash)"                                in ~/.bashrc
    eval "$(kie completion zsh)"                                 in ~/.zshrc
    kie completion fish | source                                 in ~/.config/fish/config.fish
    kie completion powershell | Out-String | Invoke-Expression   in $PROFILE
    """
    found = get_completion_class(shell)
    if found is None:
        raise ConfigError(f"there is no completion for {shell}")
    made = found(ctx.find_root().command, {}, "kie", "_KIE_COMPLETE")
    # `source` would also ask the shell for its version
    say(made.source_template % made.source_vars())


def refs(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
    """Complete the refs of the latest tasks in the journal. A journal that cannot be read has none."""
    return [*_refs(context_of(ctx.find_root()), incomplete)]


def _refs(context: CliContext, incomplete: str) -> Iterator[CompletionItem[str]]:
    try:
        entries = context.journal().entries()
    except KieError:
        return
    for entry in list(reversed(entries))[:RECENT]:
        if entry.ref is not None and str(entry.ref).startswith(incomplete):
            ago = age((context.now() - datetime.fromisoformat(entry.at)).total_seconds())
            yield CompletionItem(str(entry.ref), help=f"{entry.model}, {entry.state}, {ago} ago")
