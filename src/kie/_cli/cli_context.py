"""CLI: the context of one invocation of `kie`: servers, key, journal, library. May import all below but `webhooks`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import attrs
import click

from kie._cli.click_options import option, options_of
from kie._core.errors import BudgetExceeded, ConfigError
from kie._core.numbers import NO_LIMIT, amount

if TYPE_CHECKING:
    from typing import Unpack

    from kie._aclient import AsyncKie
    from kie._cli.config import Profile
    from kie._client import Kie
    from kie._core.estimates import Estimate, TotalEstimate
    from kie._core.tasks import HasRef, TaskRef
    from kie._flow.overrides import Overrides
    from kie._io.budget import Budget
    from kie._io.journal import Journal
    from kie._io.transport import Transport
    from kie._library.library import Library
    from kie._library.run import Run
    from kie._policy.rate import RateLimit

NEVER_SENT = "no-key-needed"
"""The placeholder key if no request needs one, as for a dry run or the public price list."""


SIMULATED_CREDITS = 10**6
"""The balance of `--simulate`: enough for any batch, because nothing is charged."""


def _profiles(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Complete the names of profiles."""
    from kie._cli import config

    try:
        return [name for name in config.profiles() if name.startswith(incomplete)]
    except ConfigError:
        return []


@attrs.define(kw_only=True)
class Connection:
    """The options for servers, key, journal, library and budget.

    They may come before or after a command, so each one is set as it is parsed.
    """

    profile: str | None = option(
        metavar="NAME",
        help="Use the key and the settings of this profile: see `kie init`. Default: KIE_PROFILE.",
        shell_complete=_profiles,
    )
    base_url: str | None = option(metavar="URL", help="API server. Default: KIE_BASE_URL, else Kie.ai.")
    upload_url: str | None = option(
        "--upload-base-url", metavar="URL", help="Upload server. Default: KIE_UPLOAD_URL, else Kie.ai."
    )
    key_file: str | None = option(
        metavar="PATH", help="File that holds the API key. Default: KIE_API_KEY. A key is never an argument."
    )
    journal: str | None = option(
        metavar="PATH", help="File that records submissions. Default: KIE_JOURNAL, else a file in the state folder."
    )
    no_journal: bool = option(is_flag=True, help="Record no submissions.")
    library: str | None = option(
        metavar="DIR",
        help="Keep every run in this folder: request, files, cost. Default: KIE_LIBRARY, else none. See `kie library`.",
    )
    no_library: bool = option(is_flag=True, help="Keep no runs, whatever KIE_LIBRARY or the profile says.")
    budget: str | None = option(metavar="CREDITS", help="Credits that may be spent. Default: KIE_BUDGET.")
    budget_per_task: str | None = option(
        metavar="CREDITS", help="The most credits that one task may cost. Default: KIE_BUDGET_PER_TASK."
    )
    budget_per_day: str | None = option(
        metavar="CREDITS", help="Credits that may be spent per UTC day. Default: KIE_BUDGET_PER_DAY."
    )
    budget_file: str | None = option(
        metavar="PATH",
        help="File that keeps the account of the budget. Default: KIE_BUDGET_FILE; with --budget-per-day else a file "
        "in the state folder.",
    )
    budget_name: str | None = option(
        metavar="NAME",
        help="Name of the budget's account in the database of --limit-store. Default: KIE_BUDGET_NAME, else default.",
    )
    limit_store: str | None = option(
        metavar="URL",
        help="Database with the limits and the budget's account, shared by all processes that name it: "
        "sqlite:///PATH, or postgresql://USER@HOST/NAME for many machines. Default: KIE_LIMIT_STORE, else none.",
    )
    allow_unpriced: bool = option(is_flag=True, help="Let the budget allow tasks whose cost has no known upper bound.")


@attrs.define(kw_only=True)
class CliContext:
    """One invocation: its settings, and the facts that an interruption must not lose.

    `ref` is the task that the command works on. `submitting` is True while a task may be created. `rate_limit` is this
    machine's share of the account's limit, if it does not have all of it. `before_client` is called before a client is
    made. `transport` is for tests, which override `connect` for other options.
    """

    transport: Transport | None = None
    connection: Connection = attrs.field(factory=Connection)
    as_json: bool = False
    ref: TaskRef | None = None
    submitting: bool = False
    simulated: bool = False
    rate_limit: RateLimit | None = None
    before_client: Callable[[], object] = lambda: None

    @cached_property
    def profile(self) -> Profile:
        """The profile of this invocation. Raises `ConfigError`."""
        from kie._cli.config import profile

        return profile(self.connection.profile)

    def setting(self, name: str) -> str | None:
        """Return a setting: from its option, a named profile, its variable, or the default profile.

        Raises:
            ConfigError: The profile cannot be read.
        """
        given: str | None = getattr(self.connection, name)
        if given:
            return given
        own = self.profile.values.get(name)
        if own is not None and self.profile.chosen:
            return own
        return os.environ.get(f"KIE_{name.upper()}") or own

    @property
    def journal_path(self) -> Path | None:
        """The journal: --journal, else KIE_JOURNAL, else a file in the user's state folder; None with --no-journal."""
        if self.connection.no_journal:
            return None
        return _kept_in("journal", self.setting("journal"))

    def journal(self) -> Journal:
        """Return the journal, for reading. Raises `ConfigError` with --no-journal."""
        path = self.journal_path
        if path is None:
            raise ConfigError("--no-journal leaves nothing to list; leave it out, or name a file with --journal PATH")
        from kie._io.journal import Journal

        return Journal(path)

    @cached_property
    def library(self) -> Library | None:
        """The library of --library, else of KIE_LIBRARY or the profile; None if none is set, or with --no-library.

        Raises `ConfigError`.
        """
        named = None if self.connection.no_library else self.setting("library")
        if not named:
            return None
        from kie._library.library import Library

        found = Library(named)
        there = next((place for place in (found.path, *found.path.parents) if os.path.exists(place)), found.path)
        if os.path.exists(there) and not os.path.isdir(there):  # before anything is sent
            raise ConfigError(
                f"the library {found.path} cannot be written: {there} is not a folder; choose another one"
            )
        return found

    def check_library(self) -> None:
        """Refuse, before anything is sent, a library that certainly cannot be written. Raises `ConfigError`."""
        if self.library is not None:
            self.library._expect(self.now())

    def run_of(self, task: HasRef) -> Run | None:
        """The library's run of a task; None without a library, or if the run cannot be read."""
        try:
            return None if self.library is None else self.library.get(task)
        except ConfigError:
            return None

    def budget(self) -> Budget | None:
        """The budget, if there is a limit. An account without a limit only records. Raises `ConfigError`.

        Simulated tasks cost nothing, so their account is in memory.
        """
        credits, per_task, per_day = self.limits()
        limited = any(limit is not None for limit in (credits, per_task, per_day))
        named = self.setting("budget_file")
        store, name = self._account()
        if not limited and self.connection.allow_unpriced:
            raise ConfigError("--allow-unpriced needs a limit: --budget, --budget-per-task or --budget-per-day")
        if not limited and not named and not name:
            return None
        from kie._io.budget import Budget

        in_file = store is None and (named or per_day is not None) and not self.simulated
        return Budget(
            credits if limited else NO_LIMIT,
            per_task=per_task,
            per_day=per_day,
            unpriced="allow" if self.connection.allow_unpriced or not limited else "refuse",
            file=self.budget_path if in_file else None,
            store=None if self.simulated else store,
            name=None if self.simulated else name,
        )

    @property
    def limit_store(self) -> str | None:
        """The database of the limits: --limit-store, else KIE_LIMIT_STORE or the profile. Raises `ConfigError`."""
        given = self.connection.limit_store
        if given:
            from kie._io.database import shows_password

            if shows_password(given):
                raise ConfigError(
                    "a password must not be an argument: give the URL without it, and the password in ~/.pgpass or "
                    "PGPASSWORD; or give the whole URL in KIE_LIMIT_STORE or a profile"
                )
        return self.setting("limit_store") or None

    def _account(self) -> tuple[str | None, str | None]:
        """The database of the budget's account, and the name of the account there. A named file takes precedence.

        Raises:
            ConfigError: A name is given without a database, or together with a file.
        """
        store, name, file = self.limit_store, self.setting("budget_name") or None, self.setting("budget_file")
        if name and (store is None or (self.connection.budget_name and self.connection.budget_file)):
            raise ConfigError(
                "--budget-name names an account in a database: give --limit-store URL, and leave --budget-file out"
            )
        return (None, None) if store is None or file else (store, name)

    @property
    def budget_path(self) -> Path:
        """The file of the budget: --budget-file, else KIE_BUDGET_FILE, else a file in the user's state folder."""
        return _kept_in("budget", self.setting("budget_file"))

    def kept_budget(self) -> Budget:
        """The budget in a file or a database, whatever its limits. Raises `ConfigError` if there is none."""
        from kie._io.budget import Budget

        store, name = self._account()
        if store is not None:
            return self.budget() or Budget(NO_LIMIT, store=store, name=name)
        path = self.budget_path
        if not path.exists():
            raise ConfigError(f"no budget is kept in {path}; name its file with --budget-file PATH")
        kept = self.budget()
        return kept if kept is not None and kept.file == path else Budget(NO_LIMIT, file=path)

    def limits(self) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
        """The limits of the budget: in total, per task, per day. Raises `ConfigError` with all faults."""
        _ = self.profile  # report a fault of the profile once, not for each limit
        found, faults = list[Decimal | None](), list[str]()
        for name in ("budget", "budget_per_task", "budget_per_day"):
            try:
                found.append(self._credits(name))
            except ConfigError as error:
                faults.append(error.message)
        if faults:
            raise ConfigError("\n".join(faults))
        credits, per_task, per_day = found
        return credits, per_task, per_day

    def _credits(self, name: str) -> Decimal | None:
        """A limit of the budget, from its option or its variable. Raises `ConfigError`."""
        if getattr(self.connection, name) is not None:
            return amount(f"--{name.replace('_', '-')}", getattr(self.connection, name))
        value = self.setting(name)
        return amount(self._source(name), value) if value else None

    def _source(self, name: str) -> str:
        """The source of a setting that is not from an option, for messages."""
        own = self.profile.values.get(name) is not None and (
            self.profile.chosen or not os.environ.get(f"KIE_{name.upper()}")
        )
        return f"`{name}` of profile {self.profile.name}" if own else f"KIE_{name.upper()}"

    def server(self, name: str) -> str | None:
        """Return the URL of a server. Raises `ConfigError`, which says where an invalid one is set."""
        value = self.setting(name)
        if not value or getattr(self.connection, name):
            return value
        from kie._flow.options import Options

        try:
            Options(base_url=value)
        except ConfigError as error:
            raise ConfigError(error.message.replace("base_url", self._source(name), 1)) from None
        return value

    def key(self) -> str | None:
        """Return the key of --key-file or of the profile; None leaves it to KIE_API_KEY. Raises `ConfigError`."""
        if self.connection.key_file:
            return _key_in(self.connection.key_file, "--key-file")
        if os.environ.get("KIE_API_KEY") and not self.profile.chosen:
            return None
        from kie._cli.config import stored_key

        if "key_file" in self.profile.values:
            return _key_in(self.profile.values["key_file"], f"the key file of profile {self.profile.name}:")
        return stored_key(self.profile)

    def server_time(self) -> datetime | None:
        """Return the time of the API server; None if it does not send it. Raises what HTTP libraries raise."""
        import httpx2

        from kie._io.pools import Pools, own_host
        from kie._io.session import from_environment

        url = from_environment(self.server("base_url"), None).base_url
        pools = Pools(httpx2.Client)
        try:
            said = pools.get(False, host=own_host(url)).head(url, timeout=10).headers.get("date")
        finally:
            for client in pools.shut():
                client.close()
        return parsedate_to_datetime(said) if said else None

    def now(self) -> datetime:
        """Return the time of day. Tests override it together with `connect`."""
        return datetime.now(UTC)

    def connect(self, key: str | None, journal: Path | None, options: Overrides) -> Kie:
        """Make a client. Tests override it to connect to a simulator in memory.

        Args:
            key: The API key; None takes it from KIE_API_KEY.
            journal: Where the client records submissions; None for no journal.
            options: Options of the client.

        Raises:
            ConfigError: A setting is invalid, or the key is missing.
        """
        from kie._client import Kie

        return Kie(
            key,
            base_url=self.server("base_url"),
            upload_url=self.server("upload_url"),
            transport=self.transport,
            journal=journal,
            rate_limit=self.rate_limit,
            limit_store=self.limit_store,
            **options,
        )

    def connect_async(self, key: str | None, journal: Path | None, options: Overrides) -> AsyncKie:
        """Make an asynchronous client like that of `connect`. Tests override it, too. Raises `ConfigError`."""
        from kie._aclient import AsyncKie

        return AsyncKie(
            key,
            base_url=self.server("base_url"),
            upload_url=self.server("upload_url"),
            journal=journal,
            limit_store=self.limit_store,
            **options,
        )

    @contextmanager
    def opened_async(self, *, simulate: float | None = None, keyless: bool = False) -> Iterator[AsyncKie]:
        """Make an asynchronous client of the service or of a simulator, as `opened` does. The caller closes it.

        Args:
            simulate: How many times faster than real time the simulator runs; None for the service.
            keyless: The command sends nothing that needs a key and submits nothing.

        Raises:
            ConfigError: As in `opened`.
        """
        self.before_client()
        if simulate is None:
            path = None if keyless else self.journal_path
            if path is not None:
                _prove_writable(path)
            key = NEVER_SENT if keyless else self.key()
            yield self.connect_async(key, path, {"budget": self.budget(), "library": self.library})
            return
        self.simulated = True
        made = simulator().simulated(speed=simulate, credits=SIMULATED_CREDITS)
        with made as service:
            yield service.async_client(budget=self.budget(), library=self.library)

    def client(self, *, keyless: bool = False, journaled: bool = False, **options: Unpack[Overrides]) -> Kie:
        """Make a client with the settings of this invocation.

        Args:
            keyless: The command sends nothing that needs a key, so none has to be set.
            journaled: The client records submissions in the journal.
            **options: Options of the client.

        Raises:
            ConfigError: A setting is invalid, the key is missing, or the journal cannot be written.
        """
        self.before_client()
        options.setdefault("budget", self.budget())
        self._keep_in_library(options)
        path = self.journal_path if journaled else None
        if path is not None:
            _prove_writable(path)
        return self.connect(NEVER_SENT if keyless else self.key(), path, options)

    def _keep_in_library(self, options: Overrides) -> None:
        """Give a client the library, if there is one. Raises `ConfigError` for tags without one."""
        if self.library is not None:
            options.setdefault("library", self.library)
        elif options.get("tags"):
            raise ConfigError("--tag needs a library that keeps the run: name its folder with --library DIR")

    @contextmanager
    def opened(
        self, *, simulate: float | None = None, accept_unknown: bool = False, **options: Unpack[Overrides]
    ) -> Iterator[Kie]:
        """Open a client of the service or, with `simulate`, of a simulator.

        Args:
            simulate: How many times faster than real time the simulator runs; None for the service.
            accept_unknown: The simulator accepts models and fields that the catalog does not know.
            **options: Options of the client.

        Raises:
            ConfigError: As in `client`; or the simulator is not installed.
        """
        if simulate is None:
            with self.client(journaled=True, **options) as client:
                yield client
            return
        made = simulator().simulated(speed=simulate, accept_unknown=accept_unknown, credits=SIMULATED_CREDITS)
        self.simulated = True
        self.before_client()
        options.setdefault("budget", self.budget())
        self._keep_in_library(options)
        with made as service, service.client(**options) as client:
            yield client


def _kept_in(what: str, named: str | None) -> Path:
    """The path of a file that a command keeps: from a setting, else in the user's state folder."""
    if named:
        return Path(named).expanduser()
    from platformdirs import user_state_path

    return user_state_path("kie") / f"{what}.jsonl"


def _key_in(path: str, what: str) -> str:
    try:
        return Path(path).expanduser().read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ConfigError(f"{what} {path} cannot be read: {reason}") from None


def simulator() -> ModuleType:
    """Import the simulator. Raises `ConfigError` if it is not installed."""
    try:
        from kie import simulator as found
    except ImportError as error:
        raise ConfigError(
            f"the simulator needs {error.name or 'more packages'}: pip install 'kie[simulator]'"
        ) from error
    return found


def _prove_writable(path: Path) -> None:
    """Refuse, before anything is sent, a journal that cannot be written."""
    from kie._io.journal import Journal

    try:
        Journal(path).prove_writable()
    except ConfigError as error:
        raise ConfigError(f"{error.message}; name another file with --journal PATH, or use --no-journal") from error


def context_of(ctx: click.Context) -> CliContext:
    """Return the invocation that a click context belongs to."""
    return ctx.ensure_object(CliContext)


def _set_connection(ctx: click.Context, param: click.Parameter, value: object) -> None:
    if isinstance(value, str) and not value.strip():  # such as "$LIMIT" where the variable is not set
        raise click.BadParameter("it is empty: give a value, or leave the option out", ctx, param)
    if value and param.name:
        setattr(context_of(ctx).connection, param.name, value)


def _set_json(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    context_of(ctx).as_json = value


def connection_options() -> list[click.Option]:
    """Return the options for servers, key, journal, library and budget. They may come before or after a command."""
    return options_of(Connection, expose_value=False, callback=_set_connection)


def json_option(help: str = "Write one JSON document to stdout, for an error too.") -> click.Option:
    """Return `--json`. A command reads it from its `CliContext`."""
    return click.Option(["--json"], is_flag=True, expose_value=False, callback=_set_json, help=help)


def refused(budget: Budget | None, estimate: Estimate | TotalEstimate) -> BudgetExceeded | None:
    """Return why a budget would refuse what was estimated; None if it would not."""
    try:
        if budget is not None:
            budget.check(estimate)
    except BudgetExceeded as error:
        return error
    return None
