"""Floor 7: what one invocation of `kie` was told about servers, key and journal. May import `core`, `io`, `client`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import attrs
import click

from kie._core.errors import ConfigError
from kie._core.tasks import TaskRef
from kie._flow.overrides import Overrides
from kie._io.journal import Journal
from kie._io.transport import Transport

if TYPE_CHECKING:
    from typing import Unpack

    from kie._client import Kie

F = TypeVar("F", bound=Callable[..., object])

NEVER_SENT = "no-key-needed"
"""Stands for the key where nothing that needs one is sent: the dry run, the public price list."""


@attrs.define(kw_only=True)
class Face:
    """One invocation: its settings, and what must not be lost if it is interrupted.

    `ref` is the task that is being worked on; `submitting` is True while one may come to be. `transport` and
    `defaults` are for tests: another transport, and options that every client starts from.
    """

    transport: Transport | None = None
    defaults: Overrides = attrs.field(factory=Overrides)
    settings: dict[str, Any] = attrs.field(factory=dict)
    as_json: bool = False
    ref: TaskRef | None = None
    submitting: bool = False
    simulated: bool = False

    @property
    def journal_path(self) -> Path | None:
        """The journal: --journal, else KIE_JOURNAL, else one in the user's state folder; None with --no-journal."""
        if self.settings.get("no_journal"):
            return None
        named = self.settings.get("journal") or os.environ.get("KIE_JOURNAL")
        if named:
            return Path(named)
        from platformdirs import user_state_path

        return user_state_path("kie") / "journal.jsonl"

    def journal(self) -> Journal:
        """The journal, to be read. Raises `ConfigError` with --no-journal."""
        path = self.journal_path
        if path is None:
            raise ConfigError("--no-journal leaves nothing to list")
        return Journal(path)

    def key(self) -> str | None:
        """The key in --key-file; None leaves it to KIE_API_KEY. Raises `ConfigError`."""
        path = self.settings.get("key_file")
        if not path:
            return None
        try:
            return Path(path).read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not text"
            raise ConfigError(f"the key file {path} cannot be read: {reason}") from None

    def client(self, *, keyless: bool = False, noted: bool = False, **options: Unpack[Overrides]) -> Kie:
        """A client with these settings.

        `keyless`: nothing that takes a key will be sent, so none is asked for. `noted`: tasks are noted in the
        journal. Raises `ConfigError`.
        """
        from kie._client import Kie

        journal = self.journal_path if noted else None
        if journal is not None:
            _prove_writable(journal)
        merged: Overrides = {**self.defaults, **options}
        return Kie(
            NEVER_SENT if keyless else self.key(),
            base_url=self.settings.get("base_url"),
            upload_url=self.settings.get("upload_url"),
            transport=self.transport,
            journal=journal,
            **merged,
        )

    @contextmanager
    def opened(
        self, *, simulate: float | None = None, accept_unknown: bool = False, **options: Unpack[Overrides]
    ) -> Iterator[Kie]:
        """A client for one task: at the service, or (`simulate` is how much faster time runs) at a simulator.

        `accept_unknown` lets the simulator take what the catalog does not know.
        """
        if simulate is None:
            with self.client(noted=True, **options) as client:
                yield client
            return
        try:
            from kie.simulator import simulated
        except ImportError as error:
            raise missing_simulator(error) from error
        self.simulated = True
        with simulated(speed=simulate, accept_unknown=accept_unknown) as service, service.client(**options) as client:
            yield client


def missing_simulator(error: ImportError) -> ConfigError:
    """What to say where the simulator's extra is not installed."""
    return ConfigError(f"the simulator needs {error.name or 'more'}: pip install 'kie[simulator]'")


def _prove_writable(path: Path) -> None:
    """Refuse, before any client is made, a journal that could not be written when it matters."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600))
    except OSError as error:
        raise ConfigError(
            f"the journal {path} cannot be written ({error.strerror}); --journal PATH names another, --no-journal none"
        ) from error


def face_of(ctx: click.Context) -> Face:
    """The invocation that a command belongs to."""
    return ctx.ensure_object(Face)


def _remember(ctx: click.Context, param: click.Parameter, value: object) -> None:
    if value and param.name:
        face_of(ctx).settings[param.name] = value


def _remember_json(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    face_of(ctx).as_json = value


def connection_options() -> list[click.Option]:
    """Where to, with which key, noted where. They stand before a command or after it."""
    wanted: list[tuple[list[str], dict[str, Any]]] = [
        (["--base-url"], {"metavar": "URL", "help": "API server, or KIE_BASE_URL."}),
        (["--upload-base-url", "upload_url"], {"metavar": "URL", "help": "Upload server, or KIE_UPLOAD_URL."}),
        (
            ["--key-file"],
            {"metavar": "PATH", "help": "File that holds the API key; else KIE_API_KEY. A key is never an argument."},
        ),
        (
            ["--journal"],
            {"metavar": "PATH", "help": "Where submissions are noted, or KIE_JOURNAL; by default the state folder."},
        ),
        (["--no-journal"], {"is_flag": True, "help": "Note no submissions."}),
    ]
    return [click.Option(names, expose_value=False, callback=_remember, **more) for names, more in wanted]


def json_option(help: str = "Write one JSON document to stdout, also for an error.") -> click.Option:
    """`--json`. A command reads it from its `Face`."""
    return click.Option(["--json"], is_flag=True, expose_value=False, callback=_remember_json, help=help)


def with_options(*options: click.Option) -> Callable[[F], F]:
    """A decorator, below `@command`, that adds ready-made options."""

    def add(function: F) -> F:
        params: list[click.Parameter] = list(getattr(function, "__click_params__", []))
        # click reads this list from its end, as decorators are applied from below
        function.__click_params__ = [*reversed(options), *params]  # type: ignore[attr-defined]
        return function

    return add
