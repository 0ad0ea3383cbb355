"""Tasks: tells a library what happens to each run. May import `_core`, `_flow`.

If the library fails, no ref and no result is lost: there is a warning, and the run continues.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar, cast

import attrs

from kie._core import paths
from kie._core.assets import AnyAsset
from kie._core.errors import KieError, NotFound, TaskTimeout
from kie._core.field_facts import NO_FACTS
from kie._core.json import JSON, JSONObject
from kie._core.media_rules import ANY_FILE
from kie._core.planned import Origin
from kie._core.request import Request
from kie._core.result_types import result_type
from kie._core.results import Result
from kie._core.safe_text import described
from kie._core.status import TaskStatus
from kie._core.tasks import TaskRef
from kie._flow.context import Context
from kie._flow.effects import Flow, Inspect, Inspected, OnDisk, Stopped, Together

if TYPE_CHECKING:
    from kie._core.price_counters import Seconds
    from kie._library.library import Library

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Occasion:
    """Facts that accompany every change of a library: its place and time, and what the user said about the run."""

    at: datetime
    server: str
    simulated: bool
    tags: tuple[str, ...]
    source: Mapping[str, JSON]


@attrs.frozen(kw_only=True)
class KeptSubmission:
    """A submission that created a task, or that may have: then `ref` is None, and `why` says why.

    `wire` is the request as it was sent, `local` has its local media by path, `uploaded` says whether `wire` has their
    URLs, and `lengths` has the lengths of media that its price depends on.
    """

    key: str
    request: Request[Result]
    wire: JSONObject
    local: Mapping[str, Inspected]
    lengths: Seconds
    ref: TaskRef | None
    why: str
    label: str | None
    origin: Origin | None
    occasion: Occasion

    uploaded: bool = True

    @property
    def id(self) -> str:
        """The id of the run."""
        return f"unknown-{self.key}" if self.ref is None else str(self.ref)

    @property
    def fields(self) -> JSONObject:
        """The fields of the request as on the wire."""
        return self.wire if self.request.info.model is None else cast(JSONObject, self.wire["input"])


@attrs.frozen(kw_only=True)
class Finished:
    """What a poll found about a task that has ended, or that nobody waits for any more. `kind` is the kind of its
    result."""

    status: TaskStatus
    kind: str
    occasion: Occasion
    assets: tuple[AnyAsset, ...] = attrs.field(init=False)
    """The files that the task made."""
    data: JSON = attrs.field(init=False)
    """The result of a task that made no file; None for any other."""

    def __attrs_post_init__(self) -> None:
        result = result_type(self.kind)(status=self.status) if self.status.state == "succeeded" else None
        assets = () if result is None else result.assets
        data = None if result is None or assets or result.data in (None, "", [], {}) else result.data
        object.__setattr__(self, "assets", assets)
        object.__setattr__(self, "data", data)

    @property
    def id(self) -> str:
        """The id of the run."""
        return str(self.status.ref)


def occasion(ctx: Context, at: datetime | None = None, *, simulated: bool = False) -> Occasion:
    """The facts for now, or for the time at which something was sent."""
    options = ctx.options
    return Occasion(
        at=ctx.services.wall() if at is None else at,
        server=options.base_url,
        simulated=simulated or ctx.services.simulated,
        tags=cast("tuple[str, ...]", options.tags),
        source=options.source,
    )


def expected(ctx: Context, library: Library) -> Flow[None]:
    """Check that the run of a submission can be kept. Raises `ConfigError` if it certainly cannot."""
    yield from OnDisk(partial(library._expect, ctx.services.wall()))


def accepted(ctx: Context, library: Library, submission: KeptSubmission) -> Flow[None]:
    """Keep a submission: the request, copies of its local media, and the tasks that it builds on."""
    later = "its outcome is kept all the same" if submission.ref is not None else "see https://kie.ai/logs"
    yield from _kept(ctx, library, partial(library._accepted, submission), submission.id, "the request", later)


def earlier(
    ctx: Context, library: Library, request: Request[Result], ref: TaskRef, at: datetime, label: str | None
) -> Flow[None]:
    """Keep a task that was submitted before under the same label, if the library does not know it."""
    what, later = "the request", "its outcome is kept all the same"
    known = yield from _kept(ctx, library, lambda: ref in library, str(ref), what, later)
    if known is not False:
        return
    body, media = request._encode()
    local: dict[str, Inspected] = {}
    for path, medium in media.items():
        rule = request.info.fields.get(paths.key(paths.parse(path)), NO_FACTS).media or ANY_FILE
        found = yield from Inspect(medium, rule.max_bytes, rule.formats)
        if found.file is not None:
            local[path] = found
    submission = KeptSubmission(
        key="",
        request=request,
        wire=request._on_wire(body),
        local=local,
        lengths={},
        ref=ref,
        why="",
        label=label,
        origin=None,
        occasion=occasion(ctx, at),
        uploaded=False,
    )
    yield from accepted(ctx, library, submission)


def finished(ctx: Context, library: Library, status: TaskStatus, kind: str, *, fetch: bool = True) -> Flow[None]:
    """Keep the state of a task that has ended or that nobody waits for any more, and fetch its files into the library.

    A task that the library does not know gets a run without a request. Files that are there already are not fetched
    again. A failure is a warning, and the run stays unsaved.
    """
    run, report = str(status.ref), Finished(status=status, kind=kind, occasion=occasion(ctx))
    lost, way = "the outcome", _again(run)
    lacking = (yield from _kept(ctx, library, partial(library._lacking, report), run, lost, way)) if fetch else ()
    if lacking:
        yield from _fetch(ctx, library, report, lacking)
    elif lacking is not None:
        yield from _kept(ctx, library, partial(library._finished, report), run, lost, way)


def given_up(
    ctx: Context, library: Library, ref: TaskRef, kind: str | None, error: TaskTimeout | NotFound
) -> Flow[None]:
    """Keep what is known about a task that nobody waits for any more: it is still running, or has no record."""
    if isinstance(error, NotFound):
        forget = partial(library._gone, str(ref), ctx.services.wall())
        yield from _kept(ctx, library, forget, str(ref), "that it expired", "nothing else is lost")
    elif error.status is not None:
        yield from finished(ctx, library, error.status, kind or error.status.kind, fetch=False)


def _fetch(ctx: Context, library: Library, finished: Finished, assets: Sequence[AnyAsset]) -> Flow[None]:
    """Fetch files next to the run's folder. The library moves complete ones into it, and records the outcome."""
    from kie._tasks.download import WantedFile, attempts

    prefix, run = library._temporary(), finished.id
    wanted = [WantedFile(asset, str(prefix.parent), f"{prefix.name}-{asset.index}") for asset in assets]
    fetching = attempts(ctx, wanted, kept=False)

    def keep(files: Mapping[int, str]) -> Flow[None]:
        lost = "outcome and files" if files else "the outcome"
        yield from _kept(ctx, library, partial(library._fetched, finished, prefix, files), run, lost, _again(run))

    try:
        found = yield from (Together(fetching) if len(wanted) > 1 else fetching)
    except Stopped as stopped:  # the batch ends, but this result exists
        found = [stopped] * len(wanted)
    except BaseException:
        yield from keep({})
        raise
    yield from keep({asset.index: path for asset, path in zip(assets, found, strict=True) if isinstance(path, str)})
    failures = [each for each in found if not isinstance(each, str)]
    if failures:
        _warn(ctx, library, run, f"{len(failures)} of {len(found)} files", failures[0], _again(run))


def _again(run: str) -> str:
    return f"client.task({run!r}).wait() with this library tries again"


def _kept(ctx: Context, library: Library, change: Callable[[], T], run: str, lost: str, way: str) -> Flow[T | None]:
    """Change the library. A failure is only a warning: no ref and no result may be lost because of it."""
    try:
        return (yield from OnDisk(change))
    except Exception as error:  # any error at all, because the task exists and was paid for
        _warn(ctx, library, run, lost, error, way)
        return None


def _warn(ctx: Context, library: Library, run: str, lost: str, error: Exception, way: str) -> None:
    said = error.message if isinstance(error, KieError) else getattr(error, "strerror", None)
    why = str(said or described(error))
    ctx.services.warn(f"the library {library.path} does not keep {lost} of run {run}: {why.rstrip('.')}; {way}")
