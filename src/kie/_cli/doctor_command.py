"""CLI: `kie doctor`: checks what a run needs, and says what to do about what is wrong. May import every room below."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from urllib.request import getproxies

import attrs
import click

from kie import __version__
from kie._cli.cli_context import CliContext, connection_options, json_option
from kie._cli.click_options import ThoroughCommand, with_options
from kie._cli.config import config_path, profiles
from kie._cli.listing import Column, RowListing, list_options
from kie._cli.messages import in_options, worded
from kie._cli.output import age, document, number
from kie._core.errors import KieError
from kie._core.json import JSON
from kie._io.secrets import Secret

SKEW = 60.0
"""Seconds by which this machine's clock may be wrong: the check of callback signatures depends on it."""
ROOM = 1024**3
"""Free bytes on a disk below which a video may not fit."""
EXTRAS = {"av": "media", "PIL": "media", "keyring": "keyring", "uvicorn": "simulator"}
"""Optional packages, and the extras that install them."""

State = Literal["ok", "warning", "failed"]


@attrs.frozen
class Finding:
    """The result of a check."""

    check: str
    state: State
    about: str


@click.command(cls=ThoroughCommand)
@with_options(*list_options(), json_option(), *connection_options())
@click.pass_obj
def doctor(context: CliContext, /, **given: object) -> int:
    """Check what a run needs: settings, key, network, proxy, clock, versions, journal and disk. It costs nothing.

    The exit code is 1 if a check fails. The key is never shown.
    """
    listing = RowListing.of(COLUMNS, _facts, given)
    found = [*_checks(context)]
    if context.as_json:
        document(listing.documents(found))
    else:
        listing.show(found)
    return int(any(one.state == "failed" for one in found))


COLUMNS: list[Column[Finding]] = [
    Column("check", "Check", lambda one: one.check),
    Column("state", "State", lambda one: one.state),
    Column("about", "About", lambda one: one.about, wrap=True),
]


def _facts(one: Finding) -> dict[str, JSON]:
    return {"check": one.check, "state": one.state, "about": one.about}


def _checks(context: CliContext) -> Iterator[Finding]:
    checks: tuple[tuple[str, Callable[[CliContext], tuple[State, str]]], ...] = (
        ("versions", _versions),
        ("settings", _settings),
        ("key", _key),
        ("proxy", _proxy),
        ("network", _network),
        ("clock", _clock),
        ("journal", _journal),
        ("disk", _disk),
        ("limits", _limits),
    )
    seen = set[str]()
    for name, check in checks:
        try:
            yield Finding(name, *check(context))
        except KieError as error:
            about = " ".join(worded(error).split())
            # most checks cannot run if the settings are invalid
            yield (
                Finding(name, "warning", "not checked, see above") if about in seen else Finding(name, "failed", about)
            )
            seen.add(about)
        except Exception as error:
            yield Finding(name, "failed", f"{type(error).__name__}: {error}")


def _versions(_: CliContext) -> tuple[State, str]:
    def of(package: str) -> str:
        try:
            return version(package)
        except PackageNotFoundError:
            return "missing"

    system = f"{platform.system()} {platform.machine()}"
    packages = ", ".join(f"{name} {of(name)}" for name in ("httpx2", "jsonschema-rs", "click", "rich"))
    from importlib.util import find_spec

    lacking = sorted({extra for package, extra in EXTRAS.items() if find_spec(package) is None})
    more = f"; not installed: {', '.join(f'kie[{extra}]' for extra in lacking)}" if lacking else ""
    return "ok", f"kie {__version__}, Python {platform.python_version()} on {system}, {packages}{more}"


def _settings(context: CliContext) -> tuple[State, str]:
    path, found = config_path(), context.profile
    if not path.exists():
        return "ok", f"no {path}; `kie init` makes one"
    others = ", ".join(profiles())
    return "ok", f"profile {found.name} of {path}" + (f" (profiles: {others})" if others else "")


def _key(context: CliContext) -> tuple[State, str]:
    fault = Secret.given(context.key()).fault()
    if fault:
        return "failed", in_options(fault)
    profile = context.profile
    if context.connection.key_file:
        return "ok", f"from {context.connection.key_file}"
    if os.environ.get("KIE_API_KEY") and not profile.chosen:
        return "ok", "from KIE_API_KEY"
    file = profile.values.get("key_file")
    if file is None:
        return "ok", "from the system's keystore"
    if os.name == "posix" and Path(file).expanduser().stat().st_mode & 0o077:
        return "warning", f"from {file}, which others may read: chmod 600 {file}"
    return "ok", f"from {file}"


def _proxy(_: CliContext) -> tuple[State, str]:
    found = {scheme: url for scheme, url in getproxies().items() if scheme != "no"}
    if not found:
        return "ok", "none"
    # only the address: the URL of a proxy may contain a password
    hosts = {name: urlsplit(url if "://" in url else f"//{url}").hostname or "?" for name, url in found.items()}
    return "ok", ", ".join(f"{scheme} through {host}" for scheme, host in sorted(hosts.items()))


def _network(context: CliContext) -> tuple[State, str]:
    if Secret.given(context.key()).fault():
        return "warning", "not checked: a request needs a key"
    with context.client() as client:
        began = context.now()
        balance = client.credits()
        took = (context.now() - began).total_seconds()
        server = client._ctx.options.base_url
    return "ok", f"{server} answered in {took:.1f} s; the balance is {number(balance)} credits"


def _clock(context: CliContext) -> tuple[State, str]:
    try:
        there = context.server_time()
    except KieError:
        raise
    except Exception as error:
        return "warning", f"not checked: the server cannot be asked for the time ({type(error).__name__}: {error})"
    if there is None:
        return "warning", "the server does not say what time it is"
    skew = (context.now() - there).total_seconds()
    if abs(skew) > SKEW:
        way = "ahead of" if skew > 0 else "behind"
        return "warning", f"{age(abs(skew))} {way} the server; set the clock: callbacks are judged by it"
    return "ok", "agrees with that of the server"


def _journal(context: CliContext) -> tuple[State, str]:
    path = context.journal_path
    if path is None:
        return "warning", "--no-journal: no task can be found again"
    journal = context.journal()
    journal.prove_writable()
    states = [entry.state for entry in journal.entries()]
    facts = f"{path}: {len(states)} submissions, {states.count('open')} open"
    if unknown := states.count("unknown"):
        return "warning", f"{facts}, {unknown} unknown: check https://kie.ai/logs, then `kie tasks --dismiss ID`"
    return "ok", facts


def _limits(context: CliContext) -> tuple[State, str]:
    url = context.limit_store
    if url is None:
        return "ok", "those of this process; --limit-store shares them"
    from kie._io.database import database

    store = database(url, "limit_store")
    with store.transaction("doctor"):
        return "ok", f"shared in {store.named}"


def _disk(context: CliContext) -> tuple[State, str]:
    path = context.journal_path or Path.cwd()
    there = next(folder for folder in (path, *path.absolute().parents) if folder.exists())
    places = {"here": Path.cwd(), "journal": there}
    free = {name: shutil.disk_usage(place).free for name, place in places.items()}
    about = ", ".join(f"{number(size / ROOM)} GiB free ({name})" for name, size in free.items())
    return ("warning" if min(free.values()) < ROOM else "ok"), about
