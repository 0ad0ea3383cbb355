"""Library: what is known of one run. May import `_core`."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

import attrs

from kie._core.errors import ConfigError
from kie._core.json import JSON, JSONObject
from kie._core.later import LaterGeneric, later
from kie._core.tasks import TaskRef

if TYPE_CHECKING:
    from kie._core.request import Request
    from kie._core.results import Result
else:
    Request = LaterGeneric("kie._core.request", "Request")
    Result = later("kie._core.results", "Result")

RunState: TypeAlias = Literal["open", "succeeded", "failed", "unknown", "expired"]
"""`open` is a task that has not been seen to end, `unknown` a submission that may have created one."""

FileKind: TypeAlias = Literal["image", "video", "audio", "file"]
"""What a file is, by its content."""


class RunLibrary(Protocol):
    """The library that a run is of."""

    def _again(self, run: Run, changes: Mapping[str, object]) -> Request[Result]:
        """The request of a run, with changes."""
        ...


KEPT_AT_LEAST = timedelta(hours=24)
KEPT_AT_MOST = timedelta(days=14)
_LAST = datetime.max.replace(tzinfo=UTC)


@attrs.frozen(kw_only=True)
class RunFile:
    """One file of a run: given to the task, or made by it. It can be used wherever a request takes media."""

    role: str
    """`output` for what was made; for an input the field that holds it, such as `image_urls[0]`."""
    index: int = 0
    """The position among the outputs or inputs, from 0. For outputs it is that of `result.assets`."""
    kind: FileKind = "file"
    """What it is."""
    name: str | None = None
    """Its path in the run's folder, such as `original/0.png`; None if it was not fetched, or not kept."""
    url: str | None = None
    """Its URL, without the query; None for a local input."""
    sha256: str | None = None
    """The SHA-256 of its content, in hex; None if the content was never on this machine."""
    mime: str | None = None
    """The MIME type of its content; None if that is not known."""
    size: int | None = None
    """Size in bytes."""
    width: int | None = None
    """Width in pixels as displayed: EXIF may rotate it. None if it has no width, or if that was not measured."""
    height: int | None = None
    """Height in pixels as displayed. None if it has no height, or if that was not measured."""
    seconds: float | None = None
    """Duration in seconds; None for an image, or if that was not measured."""
    web: str | None = None
    """The path of its picture for pages, in the run's folder, such as `web/0.webp`; None if there is none."""
    thumb: str | None = None
    """The path of its small picture, in the run's folder; None if there is none."""
    poster: str | None = None
    """The path of the poster of a video, in the run's folder; None if there is none."""
    video: str | None = None
    """The path of the small MP4 that was made from a video on request; None if there is none."""
    c2pa: bool = False
    """Whether its content contains a C2PA manifest, which says who made it."""
    stored: bool = False
    """Whether it is in the library's store, and not in the run's folder."""
    folder: Path | None = attrs.field(default=None, eq=False, repr=False)
    """The run's folder."""

    @property
    def path(self) -> Path | None:
        """Where it is on this machine; None if it was not fetched, or is in a store."""
        return None if self.stored else self.place(self.name)

    def place(self, name: str | None) -> Path | None:
        """Get the path of a file in the run's folder.

        Args:
            name: A path in it, such as the value of `web`, `thumb`, `poster` or `video`.

        Returns:
            The path; None for no name.
        """
        return None if name is None or self.folder is None else self.folder / PurePosixPath(name)

    def __fspath__(self) -> str:
        if self.path is None:
            where = "is in the library's store: open it there" if self.stored else "was not fetched"
            raise ConfigError(f"file {self.index} ({self.role}) of the run in {self.folder} {where}")
        if leads_out(self):
            raise ConfigError(f"{self.path} cannot be used: a link in it leads out of the folder of its run")
        return str(self.path)


def leads_out(file: RunFile) -> bool:
    """Whether a link leads from a run's folder to somewhere else: a library may come from a stranger."""
    path, folder = file.path, file.folder
    if path is None or folder is None:
        return False
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


@attrs.frozen(kw_only=True)
class RunPrompts:
    """The forms of a prompt: as it was given, as it was enhanced, and as it was sent."""

    raw: str | None = None
    """The prompt as it was given. With `prompts=False`, this and the others are `sha256:` and a hash."""
    enhanced: str | None = None
    """What an enhancer made of it; None if none was asked."""
    final: str | None = None
    """What was sent."""


@attrs.frozen(kw_only=True)
class RunEstimate:
    """The estimated cost of the request, in credits, by the price list of that day."""

    at_least: Decimal
    """The lowest cost, in credits."""
    at_most: Decimal | None = None
    """The highest cost, in credits; None if there is no bound."""


@attrs.frozen(kw_only=True)
class RunError:
    """Why a run failed, or why its outcome is not known."""

    message: str
    """In words."""
    code: str | None = None
    """The service's code, if it gave one."""


@attrs.frozen(kw_only=True)
class Run:
    """What a library knows about one run. It refers to its task, so it can be used wherever a request takes one."""

    id: str
    """`str(ref)`; for a submission of unknown outcome `unknown-` and its id in the journal."""
    model: str
    """The id of the model or operation."""
    state: RunState
    """Its state, as far as this library knows."""
    submitted_at: datetime
    """When it was submitted, in UTC. For a task that was only waited for: when the library first saw it."""
    folder: Path
    """Its folder."""
    task: TaskRef | None = None
    """Its task; None if the outcome of the submission is unknown."""
    ended_at: datetime | None = None
    """When it was seen to end, in UTC."""
    request: JSONObject | None = attrs.field(default=None, hash=False)
    """The body of the request as it was sent, with URLs without their queries; None if the task was submitted
    elsewhere. `fields` has the fields of the model in it."""
    prompts: RunPrompts = attrs.field(factory=RunPrompts)
    """Its prompt; each form is None if the request has none."""
    preset: str | None = None
    """The prompt preset that the plan used."""
    changes: tuple[str, ...] = ()
    """What the plan interpreted differently from what was given, such as `quality -> mode`."""
    estimate: RunEstimate | None = None
    """Its estimated cost; None if no price is known."""
    credits: Decimal | None = None
    """What it cost, in credits; None until that is known."""
    seconds: float | None = None
    """How long the task ran, in seconds, by the service's count."""
    error: RunError | None = None
    """What went wrong; None if nothing did."""
    inputs: tuple[RunFile, ...] = ()
    """What was given to it."""
    outputs: tuple[RunFile, ...] = ()
    """What it made."""
    parents: tuple[str, ...] = ()
    """The ids of the runs that it builds on: tasks that its request names, and those that made its inputs."""
    tags: tuple[str, ...] = ()
    """Your tags."""
    source: Mapping[str, JSON] = attrs.field(factory=dict, hash=False)
    """Where it comes from, as you described it: user, channel, agent, project …"""
    label: str | None = None
    """Your own name for the submission."""
    simulated: bool = False
    """Whether it went to a simulator."""
    server: str | None = None
    """The API server."""
    sdk: str | None = None
    """The version of this package that wrote it."""
    catalog: str | None = None
    """The date of the catalog, ISO 8601."""
    _keeper: RunLibrary | None = attrs.field(default=None, eq=False, repr=False, alias="keeper")

    _unread: Callable[[], Run] | None = attrs.field(default=None, init=False, eq=False, repr=False)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            """Fill in a run that `unread` made, of which something is asked for the first time."""
            read = object.__getattribute__(self, "_unread")
            if read is not None:
                run = read()
                for field in _names():  # `_unread` comes last: a thread that finds none finds all others
                    object.__setattr__(self, field, getattr(run, field))
            return object.__getattribute__(self, name)

    @property
    def ref(self) -> TaskRef:
        """The task. Raises `ConfigError` if the outcome of the submission is unknown."""
        if self.task is None:
            raise ConfigError(f"run {self.id} has no task: it is not known whether its submission created one")
        return self.task

    def again(self, **changes: object) -> Request[Result]:
        """Make its request again, of the same class and with the kept copies of local inputs.

        Args:
            changes: New values of fields, by their names in the request class; None removes a field.

        Returns:
            The request.

        Raises:
            ConfigError: Its fields, prompts or inputs were not kept; or this run does not come from a library.
            RequestInvalid: The request breaks the schema of today.
        """
        if self._keeper is None:
            raise ConfigError(f"run {self.id} does not belong to a library: get it from one")
        return self._keeper._again(self, changes)

    @property
    def prompt(self) -> str | None:
        """The prompt that was sent; None if the request has none."""
        return self.prompts.final

    @property
    def files(self) -> tuple[Path, ...]:
        """The paths of the outputs that are on this machine."""
        return tuple(file.path for file in self.outputs if file.path is not None)

    @property
    def fields(self) -> JSONObject:
        """The fields of the model in `request`, by their names on the wire; none if it is not known."""
        if self.request is None:
            return {}
        inner = self.request.get("input")
        return inner if isinstance(inner, dict) and isinstance(self.request.get("model"), str) else self.request

    @property
    def notes(self) -> str | None:
        """What you wrote into `notes.md` in its folder; None if there is none. The library never writes it."""
        path = self.folder / "notes.md"
        try:
            return path.read_text("utf-8", "replace") if os.path.isfile(path) else None
        except OSError:
            return None

    @property
    def vanishes_from(self) -> datetime | None:
        """When its files may be deleted at the earliest: 24 hours after it ended, or was submitted.

        None if nothing is unsaved.

        Source: the vendor's page on getting started says 14 days, that on its logs 24 hours.
        """
        return self._after(KEPT_AT_LEAST) if self.unsaved else None

    @property
    def vanishes_by(self) -> datetime | None:
        """When its files are deleted at the latest: 14 days after it ended. None if open, or if nothing is unsaved."""
        return self._after(KEPT_AT_MOST) if self.unsaved and self.state != "open" else None

    def _after(self, time: timedelta) -> datetime:
        """A time after the end, or after the submission of what was not seen to end."""
        since = self.ended_at or self.submitted_at
        return since + time if since < _LAST - time else _LAST

    def __reduce__(self) -> tuple[object, ...]:
        # a copy in another process belongs to no library
        values = {name: getattr(self, name) for name in _names() if not name.startswith("_")}
        return (_made, (values,))

    @property
    def unsaved(self) -> bool:
        """Whether there may be outputs that were not fetched."""
        if self.state == "succeeded":
            return any(file.name is None for file in self.outputs)
        return self.state == "open"


def unread(read: Callable[[], Run]) -> Run:
    """A run that is read when something of it is asked for."""
    run = Run.__new__(Run)
    object.__setattr__(run, "_unread", read)
    return run


@cache
def _names() -> tuple[str, ...]:
    return tuple(field.name for field in attrs.fields(Run))


def _made(values: Mapping[str, Any]) -> Run:
    return Run(**values)
