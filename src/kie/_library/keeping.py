"""Library: turns what the flows of clients report into kept runs. May import `_core`, `_flow`, `_io`, `_tasks`,
`catalog`."""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, BinaryIO, cast

import attrs

from kie import __version__
from kie._core import paths
from kie._core.assets import AnyAsset
from kie._core.errors import MediaRejected
from kie._core.field_facts import NO_FACTS
from kie._core.json import JSON, JSONObject, finite
from kie._core.planned import PROMPT_FIELDS
from kie._core.status import TaskStatus
from kie._core.tasks import TaskRef
from kie._flow.effects import Fetch, Fetched, Inspected
from kie._io.files import Download
from kie._io.replacing import replace
from kie._io.unusable import Unusable
from kie._library.folders import Content, Folders
from kie._library.hiding import stripped, without_query
from kie._library.run import FileKind, Run, RunError, RunEstimate, RunFile, RunPrompts, RunState
from kie._library.store import Store
from kie._tasks.estimate import later_priced
from kie._tasks.keeping import Finished, KeptSubmission, Occasion

if TYPE_CHECKING:
    from kie._core.request import Request
    from kie._core.results import Result

FORGOTTEN = timedelta(days=14)
"""After this time the service may have dropped the record of a task. Source: the vendor's pages on task details."""
_PIECE = 1024 * 1024
_DATA = "original/data.json"


class Keeping:
    """The methods by which the flows of clients report to a library. They may block. The rest is in `Library`."""

    if TYPE_CHECKING:
        path: Path
        copy_inputs: bool
        store: Store | None

        def _create(self, run: Run, inputs: Mapping[str, Content]) -> Run: ...
        def _update(self, id: str, change: Callable[[Run], Run]) -> Run: ...
        def _known(self, id: str) -> Run | None: ...
        def __contains__(self, run: object) -> bool: ...
        def _makers(self, hashes: Sequence[str], urls: Sequence[str]) -> list[str]: ...
        def _queue(self, run: Run) -> None: ...
        def open(self, file: RunFile) -> BinaryIO: ...

    def _expect(self, at: datetime) -> None:
        """Check before a submission that its run can be kept. Raises `ConfigError` if it certainly cannot."""
        if (why := Folders(self.path).certainly_unwritable(at)) is not None:
            raise Unusable(
                f"the library {self.path} cannot be written: {why}; choose a folder that can be written, or leave the "
                "library out. Nothing was sent"
            )

    def _accepted(self, submission: KeptSubmission) -> None:
        """Keep a submitted request. If its inputs cannot be copied, the run is kept without copies.

        Raises `ConfigError`.
        """
        files, contents = _inputs(submission)
        run = self._submitted(submission, files)
        if not self.copy_inputs:
            contents = {}
        try:
            self._create(_naming(run, contents), contents)
        except Exception:
            if not contents:
                raise
            self._create(_naming(run, {}), {})
            raise

    def _submitted(self, submission: KeptSubmission, inputs: tuple[RunFile, ...]) -> Run:
        occasion, info = submission.occasion, submission.request.info
        hashes = [file.sha256 for file in inputs if file.sha256 is not None]
        named = [str(ref) for ref in self._named_by(submission.request, submission.fields)]
        parents = dict.fromkeys((*named, *self._makers(hashes, [file.url for file in inputs if file.url is not None])))
        origin = submission.origin
        final = next((text for name in PROMPT_FIELDS if isinstance(text := submission.fields.get(name), str)), None)
        return attrs.evolve(
            self._begun(submission.id, info.name, submission.ref, occasion),
            state="unknown" if submission.ref is None else "open",
            request=submission.wire,
            prompts=RunPrompts(
                raw=final if origin is None or origin.raw is None else origin.raw,
                enhanced=None if origin is None else origin.enhanced,
                final=final,
            ),
            preset=None if origin is None else origin.preset,
            changes=() if origin is None else origin.changes,
            estimate=_estimate(submission),
            error=RunError(message=submission.why) if submission.ref is None else None,
            inputs=inputs,
            parents=tuple(each for each in parents if each != submission.id),
            label=submission.label,
            catalog=info.captured or None,
        )

    def _named_by(self, request: Request[Result], fields: JSONObject) -> Iterator[TaskRef]:
        """The tasks that a request names, by references or by ids."""
        yield from _refs_in(request)
        for key, facts in request.info.fields.items():
            if not facts.families or facts.parts:
                continue
            for found in paths.reach(fields, key):
                for named in found if isinstance(found, list) else [found]:
                    if isinstance(named, str) and named:
                        meant = [TaskRef(named, family) for family in facts.families]
                        yield next((ref for ref in meant if ref in self), meant[0])

    def _lacking(self, finished: Finished) -> tuple[AnyAsset, ...]:
        """The files of a task that are not on this machine yet. Raises `ConfigError`."""
        assets = finished.assets
        run = self._known(finished.id) if assets else None
        outputs = () if run is None else run.outputs
        here = {file.index for file in outputs if _is_here(file)}
        if len(here) < len(assets):
            folders = Folders(self.path)
            folders.make(folders.temporary)
        return tuple(asset for asset in assets if asset.index not in here)

    def _finished(self, finished: Finished, arrived: Callable[[Run], Run] = lambda run: run) -> Run:
        """Keep the state of a task. Raises `ConfigError`, `OSError`.

        Args:
            finished: The status that a poll found.
            arrived: Other changes to the run.

        Returns:
            The run.
        """
        status, at = finished.status, finished.occasion.at
        ended = status.state in ("succeeded", "failed")

        def change(run: Run) -> Run:
            outputs = _outputs(run, finished.assets)
            if finished.data is not None:
                outputs = (_kept_data(run.folder, finished.data),)
            changed = attrs.evolve(
                run,
                state=_state(status),
                ended_at=run.ended_at or (status.completed_at or at if ended else None),
                credits=run.credits if status.credits is None else status.credits,
                seconds=run.seconds if status.seconds is None else status.seconds,
                error=_error(status) or (None if ended else run.error),
                outputs=outputs or run.outputs,
            )
            return arrived(changed)

        if finished.id not in self:
            ref = status.ref
            self._create(self._begun(finished.id, ref.model or ref.lifecycle, ref, finished.occasion), {})
        run = self._update(finished.id, change)
        if finished.data is not None:
            self._queue(run)
        return run

    def _begun(self, id: str, model: str, task: TaskRef | None, occasion: Occasion) -> Run:
        """A new run of which only the task is known."""
        return Run(
            id=id,
            model=model,
            state="open",
            submitted_at=occasion.at,
            folder=self.path,  # `create` decides on the folder
            task=task,
            tags=occasion.tags,
            source=occasion.source,
            simulated=occasion.simulated,
            server=occasion.server,
            sdk=__version__,
        )

    def _gone(self, id: str, at: datetime) -> None:
        """Keep that the service has no record of a task. This counts only if the task is old. Raises `ConfigError`."""
        run = self._known(id)
        if run is not None and run.state == "open" and at - run.submitted_at > FORGOTTEN:
            self._update(id, lambda run: attrs.evolve(run, state="expired") if run.state == "open" else run)

    def _temporary(self) -> Path:
        """The path prefix of downloaded files that will be moved into a run's folder."""
        return Folders(self.path).temporary / uuid.uuid4().hex

    def _fetched(self, finished: Finished, prefix: Path, files: Mapping[int, str]) -> None:
        """Keep how a task ended, and move the downloaded files, given by index, into the folder of its run.

        A file that somebody else has downloaded meanwhile stays. Leftover files that begin with `prefix` are removed.
        Raises `ConfigError`, `OSError`.
        """
        from kie._library.file_facts import facts_of

        def arrived(run: Run) -> Run:
            return attrs.evolve(run, outputs=tuple(moved(run, file) for file in run.outputs))

        def moved(run: Run, file: RunFile) -> RunFile:
            if file.index not in files or _is_here(file):
                return file
            source = Path(files[file.index])
            name = f"original/{file.index}{source.suffix}"
            target = run.folder / name
            target.parent.mkdir(mode=0o700, exist_ok=True)
            os.chmod(source, 0o600)
            replace(str(source), target)
            return attrs.evolve(file, name=name, folder=run.folder, **attrs.asdict(facts[file.index], recurse=False))

        try:
            facts = {index: facts_of(file) for index, file in files.items()}
            run = self._finished(finished, arrived)
        finally:
            with suppress(OSError):
                for name in os.listdir(prefix.parent):
                    if name.startswith(prefix.name):
                        os.unlink(prefix.parent / name)
        if files:
            self._queue(run)

    def _copied(self, asset: AnyAsset, fetch: Fetch) -> Fetched | None:
        """Copy a kept file instead of downloading it. None if it is not here, or has changed since it was downloaded.

        Raises `ConfigError` or `OSError` if the source fails, `DownloadFailed` if the destination does.
        """
        run = self._known(str(asset.ref))
        outputs = () if run is None else run.outputs
        file = next((file for file in outputs if file.index == asset.index), None)
        if run is None or file is None or file.sha256 is None or file.url != without_query(asset.url):
            return None
        with self.open(file) as source:
            target, digest = Download(fetch, {}, framed=True), hashlib.sha256()
            try:
                target.open()
                while piece := source.read(_PIECE):
                    digest.update(piece)
                    target.write(piece)
                got = target.keep() if digest.hexdigest() == file.sha256 else None
            finally:
                target.discard()
        return got if got is not None and got.path is not None else None


def _is_here(file: RunFile) -> bool:
    return file.stored or (file.path is not None and os.path.isfile(file.path))


def _state(status: TaskStatus) -> RunState:
    if status.state not in ("succeeded", "failed"):
        return "open"
    return "expired" if status.expired else status.state


def _error(status: TaskStatus) -> RunError | None:
    if status.state != "failed":
        return None
    message = status.fail_message or (f"it failed with code {status.fail_code}" if status.fail_code else "it failed")
    return RunError(message=message, code=status.fail_code)


def _estimate(submission: KeptSubmission) -> RunEstimate | None:
    try:
        price = later_priced(submission.request, submission.lengths, submission.occasion.at.date())
    except Exception:  # for example, media that are gone by now: the run is kept without a price
        return None
    return None if price.listed is None else RunEstimate(at_least=price.at_least, at_most=price.at_most)


def _outputs(run: Run, assets: Sequence[AnyAsset]) -> tuple[RunFile, ...]:
    """The outputs of a task, with the known facts of files that are here already."""
    known = {(file.index, file.url): file for file in run.outputs}
    made = []
    for asset in assets:
        url = without_query(asset.url)
        kind = cast(FileKind, asset.kind if asset.kind in ("image", "video", "audio") else "file")
        made.append(known.get((asset.index, url)) or RunFile(role="output", index=asset.index, kind=kind, url=url))
    return tuple(made)


def _kept_data(folder: Path, data: JSON) -> RunFile:
    """Keep the output of a task that is not a file. Raises `OSError`."""
    content = json.dumps(finite(stripped(data)), ensure_ascii=True, indent=1, allow_nan=False).encode() + b"\n"
    target = folder / _DATA
    target.parent.mkdir(mode=0o700, exist_ok=True)
    new = target.with_name(f".{uuid.uuid4().hex}.part")
    try:
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with open(handle, "wb") as file:
            file.write(content)
        replace(str(new), target)
    finally:
        new.unlink(missing_ok=True)
    digest = hashlib.sha256(content).hexdigest()
    return RunFile(role="output", name=_DATA, sha256=digest, mime="application/json", size=len(content))


def _is_url(text: str) -> bool:
    return text[:8].lower().startswith(("http://", "https://")) and not any(map(str.isspace, text))


def _refs_in(value: object) -> Iterator[TaskRef]:
    """The tasks in a request: as references, or behind results and files."""
    if isinstance(value, (str, bytes, int, float, NoneType)):
        return
    with suppress(Exception):  # a user's object may raise on any access
        ref = getattr(value, "ref", value)
        if isinstance(ref, TaskRef):
            yield ref
        if ref is not value:
            return
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _refs_in(item)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _refs_in(item)
    else:
        plan = getattr(type(value), "__kie_plan__", None)
        for name, _ in plan() if plan is not None else ():
            yield from _refs_in(getattr(value, name))


def _inputs(submission: KeptSubmission) -> tuple[tuple[RunFile, ...], dict[str, Content]]:
    """The media of a request, in order, and the contents of local ones, each content only once."""
    files: list[RunFile] = []
    contents: dict[str, Content] = {}
    names: dict[str, str] = {}
    for path, url in _media(submission):
        role = paths.render(path)
        rule = submission.request.info.fields.get(paths.key(path), NO_FACTS).media
        kind: FileKind = rule.kind if rule is not None else "file"
        file = RunFile(role=role, index=len(files), kind=kind, url=url)
        found = submission.local.get(role)
        if found is not None:
            file, content = _local(file, found)
            if content is not None and file.sha256 is not None:
                suffix = found.facts.format if (found.facts.format or "").isalnum() else "bin"
                name = names.setdefault(file.sha256, f"inputs/{len(names)}.{suffix}")
                contents.setdefault(name, content)
                file = attrs.evolve(file, name=name)
        files.append(file)
    return tuple(files), contents


def _media(submission: KeptSubmission) -> Iterator[tuple[paths.Path, str | None]]:
    """The paths in a request that hold media, and the URLs that were sent for them."""
    fields, seen = submission.request.info.fields, set[str]()

    def walk(value: JSON, path: paths.Path) -> Iterator[tuple[paths.Path, str | None]]:
        role = paths.render(path) if path else ""
        if role in submission.local:
            seen.add(role)
            yield path, value if submission.uploaded and isinstance(value, str) and _is_url(value) else None
        elif isinstance(value, dict):
            for name, item in value.items():
                yield from walk(item, (*path, name))
        elif isinstance(value, list):
            for index, item in enumerate(value):
                yield from walk(item, (*path, index))
        elif isinstance(value, str) and _is_url(value) and fields.get(paths.key(path), NO_FACTS).media is not None:
            yield path, value

    yield from walk(submission.fields, ())
    yield from ((paths.parse(role), None) for role in submission.local if role not in seen)


def _local(file: RunFile, found: Inspected) -> tuple[RunFile, Content | None]:
    """The facts of local media and a function that opens them; nothing if the file has changed since it was sent."""
    facts, part = found.facts, found.file
    mime = facts.content_type or None
    main = (mime or "").partition("/")[0]
    file = attrs.evolve(
        file,
        kind=cast(FileKind, main if main in ("image", "video", "audio") else file.kind),
        mime=mime,
        width=facts.width,
        height=facts.height,
        seconds=facts.seconds,
    )
    if part is None:
        return file, None
    try:
        with part.open() as source:
            digest = hashlib.sha256()
            while piece := source.read(_PIECE):
                digest.update(piece)
    except (MediaRejected, OSError):
        return file, None
    return attrs.evolve(file, sha256=digest.hexdigest(), size=facts.size), part.open


def _naming(run: Run, contents: Mapping[str, Content]) -> Run:
    """Note in the inputs of a run which copies are kept."""
    return attrs.evolve(
        run,
        inputs=tuple(file if file.name in contents else attrs.evolve(file, name=None) for file in run.inputs),
    )
