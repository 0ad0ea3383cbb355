"""CLI: `kie init`: asks for the API key once, and keeps it safely. May import every room below."""

from __future__ import annotations

import re
import sys

import click

from kie._cli.cli_context import CliContext, connection_options, json_option
from kie._cli.click_options import ThoroughCommand, with_options
from kie._cli.config import DEFAULT, KEYSTORE, SETTINGS, check_profile, keep_key, write_profile
from kie._cli.fields import kebab
from kie._cli.output import document, exact, is_terminal, note, number, say
from kie._cli.values import read_stdin
from kie._core.errors import ConfigError, Unauthorized
from kie._core.numbers import amount
from kie._io.database import Database
from kie._io.secrets import Secret
from kie._io.session import from_environment

KEYS = "https://kie.ai/api-key"


@click.command(cls=ThoroughCommand)
@click.option("--in-file", is_flag=True, help="Keep the key in a file of your own, not in the system's keystore.")
@click.option("--no-check", is_flag=True, help="Keep the key without asking the service whether it is valid.")
@with_options(json_option(), *connection_options())
@click.pass_obj
def init(context: CliContext, in_file: bool, no_check: bool) -> None:
    """Ask for the API key, and keep it in the system's keystore, or in a file that only you can read.

    With --profile NAME, it is the key of that profile, which `kie --profile NAME …` or KIE_PROFILE selects. Options
    such as --base-url, --journal or --budget are kept as settings of the profile. Without a terminal, the key is read
    from standard input; it is never an argument, and never shown.
    """
    name = context.connection.profile or DEFAULT
    if not re.fullmatch(r"[\w.-]{1,64}", name) or name.startswith("."):
        raise ConfigError(
            f"{name!r} is not the name of a profile: use letters, digits, -, _ and ., 64 characters at most"
        )
    check_profile(name)
    _check_settings(context)
    key = _ask(context)
    if not key:
        raise ConfigError(f"the key is empty; copy one from {KEYS}")
    fault = Secret.given(key).fault()
    if fault:
        raise ConfigError(f"that is not a Kie API key; copy one from {KEYS}")
    balance = None
    if not no_check:
        context.connection.profile = None  # the profile may not exist yet
        try:
            with context.connect(key, None, {}) as client:
                balance = client.credits()
        except Unauthorized as error:
            error.add_note(f"nothing was kept; copy the key from {KEYS}")
            raise
    given = {s: str(value) for s in SETTINGS if (value := getattr(context.connection, s)) and s != "key_file"}
    kept = keep_key(name, key, in_file=in_file)
    path = write_profile(name, {**given, **kept})
    where = "the system's keystore" if kept.get(KEYSTORE) else str(kept["key_file"])
    if context.as_json:
        document({"profile": name, "config": str(path), "key": where, "credits": exact(balance)})
        return
    say(f"the key of profile {name} is kept in {where}; settings are in {path}")
    if balance is not None:
        say(f"the balance is {number(balance)} credits")
    note("`kie doctor` checks everything; `kie run` shows how to begin")


def _check_settings(context: CliContext) -> None:
    """Refuse settings that no later command could use. Raises `ConfigError`."""
    given = context.connection
    from_environment(given.base_url, given.upload_url)
    faults = list[str]()
    for name in ("budget", "budget_per_task", "budget_per_day"):
        try:
            if (limit := getattr(given, name)) is not None:
                amount(f"--{kebab(name)}", limit)
        except ConfigError as error:
            faults.append(error.message)
    if faults:
        raise ConfigError("\n".join(faults))
    if given.limit_store and (store := context.limit_store) is not None:
        Database(store, "--limit-store")  # the database is not opened


def _ask(context: CliContext) -> str:
    """Return the key: typed without echo, or read from standard input."""
    if context.connection.key_file:
        return (context.key() or "").strip()
    if not is_terminal(sys.stdin):
        return read_stdin().decode("utf-8", "replace").strip()
    note(f"Keys are made at {KEYS}. What you type is not shown.")
    return str(click.prompt("API key", hide_input=True, err=True)).strip()
