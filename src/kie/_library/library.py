"""Library: the memory of all runs. May import `_core`, `_io`, `catalog`."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self, TextIO

import attrs

from kie._core.errors import ConfigError
from kie._core.file_names import path_of
from kie._core.json import JSON
from kie._core.later import later
from kie._core.request import Request
from kie._core.results import Result
from kie._core.safe_text import repr_of
from kie._core.shared import Shared
from kie._core.tasks import HasRef
from kie._library.again import request_of
from kie._library.exporting import write_lines
from kie._library.folders import Content
from kie._library.hiding import cleaned, without_query
from kie._library.keeping import Keeping
from kie._library.query import Query
from kie._library.run import FileKind, Run, RunFile, RunState, leads_out
from kie._library.settings import DerivativeSettings
from kie._library.shelf import Shelf
from kie._library.spending import Spend, checked, spent
from kie._library.store import Store

if TYPE_CHECKING:
    from kie._library.repairing import LibraryFault, RepairReport
else:
    LibraryFault = later("kie._library.repairing", "LibraryFault")
    RepairReport = later("kie._library.repairing", "RepairReport")

LOGGER = logging.getLogger("kie")


class Library(Keeping, Shared):
    """A folder that keeps all runs: for each one a `run.json`, its original files and inputs, and pictures for pages.

    Clients keep their runs in it: `Kie(library=library)`. Processes and threads may share the folder. Nothing is
    written before the first run.

    Args:
        root: The folder, created if needed; `~` is your home.
        prompts: Whether prompts are kept. If not, their hashes are kept instead, also in the fields of the request.
        store: Where originals and inputs are moved once they are complete; None to keep them in the folder.
        derivatives: Which pictures are made of images and videos; None for none.
        copy_inputs: Whether local inputs are copied into the folder.

    Raises:
        ConfigError: `root` is not a path.
    """

    path: Path
    """The folder."""

    def __init__(
        self,
        root: str | os.PathLike[str],
        *,
        prompts: bool = True,
        store: Store | None = None,
        derivatives: DerivativeSettings | None = DerivativeSettings(),  # noqa: B008 - it is frozen
        copy_inputs: bool = True,
    ) -> None:
        parts = ("put", "open", "delete")
        if store is not None and not all(callable(getattr(store, part, None)) for part in parts):
            raise ConfigError(f"store must have the methods {', '.join(parts)}, or be None, not {repr_of(store)}")
        self.path = Path(os.path.abspath(os.path.expanduser(path_of("root", root, empty=False))))
        self.prompts = prompts
        self.store = store
        self.derivatives = derivatives
        self.copy_inputs = copy_inputs
        self._shelf = Shelf(self.path, self)

    def __repr__(self) -> str:
        return f"Library({str(self.path)!r})"

    def __reduce__(self) -> tuple[object, ...]:
        settings = {name: getattr(self, name) for name in ("prompts", "store", "derivatives", "copy_inputs")}
        return partial(type(self), self.path, **settings), ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # reported by runs

    def _create(self, run: Run, inputs: Mapping[str, Content]) -> Run:
        """Keep a run, completely or not at all. If it is here already, it is added to. Raises `ConfigError`.

        Args:
            run: The run. This method chooses its folder.
            inputs: The content of files, by their path in the folder, such as `inputs/0.png`.

        Returns:
            The run as it is kept.
        """
        return self._shelf.create(self._fit(run), inputs)

    def _update(self, id: str, change: Callable[[Run], Run]) -> Run:
        """Change a run under the write lock. Raises `ConfigError`."""
        return self._shelf.update(id, lambda run: self._fit(change(run)))

    def _fit(self, run: Run) -> Run:
        """Strip from a run what the settings do not let it keep."""
        return cleaned(run, prompts=self.prompts)

    def _known(self, id: str) -> Run | None:
        """A run; None if it is not here. Raises `ConfigError` if its `run.json` cannot be read."""
        return self._shelf.read(id)

    def _makers(self, hashes: Sequence[str], urls: Sequence[str]) -> list[str]:
        """The ids of the runs that made a file with this SHA-256 or at this URL, oldest first."""
        wanted = [("sha256", digest) for digest in hashes] + [("url", without_query(url)) for url in urls]
        found: dict[str, None] = {}
        for name, value in dict.fromkeys(wanted):
            rows = self._shelf.ask(
                "SELECT id FROM links JOIN runs USING (key) WHERE name = ? AND value = ? ORDER BY at", (name, value)
            )
            found.update(dict.fromkeys(maker for (maker,) in rows))
        return list(found)

    def _queue(self, run: Run) -> None:
        """Queue a run: make its pictures in the background, then move its files to the store."""
        if self.derivatives is not None or self.store is not None:
            from kie._library.background import BACKGROUND

            BACKGROUND.queue(self, run)

    def _again(self, run: Run, changes: Mapping[str, object]) -> Request[Result]:
        return request_of(run, changes, self._here)

    def _here(self, file: RunFile) -> object | None:
        """Where an input can be read: its copy, the output that it came from, or its content in the store."""
        if (path := _usable(file)) is not None:
            return path
        if file.stored and self.store is not None:
            with self.open(file) as content:
                return content.read()
        hashes, urls = [each] if (each := file.sha256) else [], [url] if (url := file.url) else []
        for maker in self._makers(hashes, urls):
            run = self.get(maker)
            for output in () if run is None else run.outputs:
                same = output.sha256 == file.sha256 if file.sha256 else output.url == file.url
                if same and (path := _usable(output)) is not None:
                    return path
        return None

    @property
    def _scratch(self) -> Path:
        """The folder for files that are not complete yet."""
        return self._shelf.folders.temporary

    def _stored_as(self, file: RunFile) -> str:
        """The name of a file in the store."""
        if file.folder is None or file.name is None or not file.folder.is_relative_to(self.path):
            raise ConfigError(f"file {file.index} ({file.role}) does not belong to the library {self.path}")
        return f"{file.folder.relative_to(self.path).as_posix()}/{file.name}"

    def _moved(self, run: Run) -> None:
        """Move the files of a run to the store, if it accepts them."""
        if self.store is not None:
            from kie._library.repairing import move_to_store

            move_to_store(
                self,
                run.id,
                lambda path, why: LOGGER.warning(
                    "%s stays in the library's folder: %s; library.repair() tries again", path, why
                ),
            )

    # queries

    def __getitem__(self, run: HasRef | str) -> Run:
        found = self.get(run)
        if found is None:
            raise KeyError(f"the library {self.path} has no run {_id(run)}")
        return found

    def get(self, run: HasRef | str) -> Run | None:
        """Get a run from its `run.json`.

        Args:
            run: The run's id, which is `str(ref)`, or anything that has a ref: a task, a status, a result, an outcome.

        Returns:
            The run; None if it is not here.

        Raises:
            ConfigError: Its `run.json` cannot be read.
        """
        return self._known(_id(run))

    def __contains__(self, run: object) -> bool:
        return isinstance(run, (str, Run, HasRef)) and _id(run) in self._shelf

    def __bool__(self) -> bool:
        return True  # even a file that belongs to no run

    def __len__(self) -> int:
        return int(self._shelf.ask("SELECT count(*) FROM runs")[0][0])

    def __iter__(self) -> Iterator[Run]:
        found = self.find()[::-1]
        while found:  # none is held longer than needed: the runs of a large library take a gigabyte
            yield found.pop()

    def find(
        self,
        *,
        words: str | None = None,
        model: str | type[Request[Result]] | None = None,
        tag: str | None = None,
        state: RunState | None = None,
        kind: FileKind | None = None,
        source: Mapping[str, JSON] | None = None,
        label: str | None = None,
        since: datetime | date | str | None = None,
        until: datetime | date | str | None = None,
        simulated: bool | None = None,
        limit: int | None = None,
    ) -> list[Run]:
        """Find the runs that match every argument, newest first.

        Args:
            words: Words that must all occur in a prompt, another text of the request, the label, a tag, the source or
                the model, in any order. Case and accents do not matter, and parts of words match.
            model: The model: its id or its class.
            tag: A tag.
            state: Their state.
            kind: What they made, or were meant to make.
            source: Entries of their `source`; it may have others, too.
            label: The label of the submission.
            since: The earliest time of submission: a time, a day, or either in ISO 8601. Without a zone it is UTC.
            until: The time before which they were submitted. A day is included as a whole.
            simulated: True for simulated runs, False for real ones.
            limit: Maximum number of runs.

        Returns:
            The runs.

        Raises:
            ConfigError: A time cannot be read, the limit is negative, or another argument is of the wrong kind.
        """
        query = Query()
        query.words(words)
        query.model(model)
        query.fact("tag", tag)
        query.choice("kind", kind, FileKind)
        query.fact("kind", kind)
        query.source(source)
        query.choice("state", state, RunState)
        query.text("state", state)
        query.text("label", label)
        query.flag("simulated", simulated)
        query.between(since, until)
        return self._shelf.runs(query, limit)

    def latest(self, *, kind: FileKind | None = None, model: str | type[Request[Result]] | None = None) -> Run | None:
        """Get the newest run that succeeded.

        Args:
            kind: What it made.
            model: The model: its id or its class.

        Returns:
            The run; None if there is none.
        """
        return next(iter(self.find(kind=kind, model=model, state="succeeded", limit=1)), None)

    def unsaved(self) -> list[Run]:
        """Find the runs with files that were not fetched: still open, or ended without being saved.

        `run.vanishes_from` and `run.vanishes_by` say when the service deletes them.

        Returns:
            The runs, beginning with those whose files are deleted first.
        """
        query = Query()
        query.flag("unsaved", True)
        return sorted(self._shelf.runs(query, None), key=lambda run: (run.ended_at or run.submitted_at, run.id))

    def spend(
        self,
        by: str = "model",
        *,
        since: datetime | date | str | None = None,
        until: datetime | date | str | None = None,
        simulated: bool = False,
    ) -> dict[str, Spend]:
        """Add up what runs cost.

        Args:
            by: What to group them by: `model`, `day` or `month` (of UTC), `tag`, `state`, `label`, or an entry of the
                source, such as `source.project`. A run with several tags counts in each.
            since: The earliest time of submission, as for `find`.
            until: The time before which they were submitted, as for `find`.
            simulated: True to count only simulated runs, which cost nothing.

        Returns:
            The groups, the most expensive first; days and months in their order. Runs without a value are in the group
            "".

        Raises:
            ConfigError: `by` is none of these, or a time cannot be read.
        """
        group = checked(by)
        query = Query()
        query.flag("simulated", simulated)
        query.between(since, until)
        try:
            return spent(self._shelf.ask(*query.amounts(group)), by)
        except (ArithmeticError, ValueError, TypeError):  # an amount that is none: the index is damaged
            self._shelf.distrust()
            return spent(self._shelf.ask(*query.amounts(group)), by)

    def parents(self, run: Run | HasRef | str) -> list[Run]:
        """Find the runs that a run builds on.

        Args:
            run: The run.

        Returns:
            Those that are in this library.
        """
        found = self.get(run)
        parents = () if found is None else found.parents
        return [parent for each in parents if (parent := self.get(each)) is not None]

    def children(self, run: Run | HasRef | str) -> list[Run]:
        """Find the runs that build on a run.

        Args:
            run: The run.

        Returns:
            The runs, newest first.
        """
        query = Query()
        query.child_of(_id(run))
        return self._shelf.runs(query, None)

    # notes and marks of the user

    def tag(self, run: Run | HasRef | str, *tags: str) -> Run:
        """Add tags to a run.

        Args:
            run: The run.
            tags: The tags.

        Returns:
            The run.

        Raises:
            ConfigError: The run is not here, or cannot be written.
        """
        return self._update(_id(run), lambda run: attrs.evolve(run, tags=tuple(dict.fromkeys((*run.tags, *tags)))))

    def untag(self, run: Run | HasRef | str, *tags: str) -> Run:
        """Take tags off a run.

        Args:
            run: The run.
            tags: The tags.

        Returns:
            The run.

        Raises:
            ConfigError: The run is not here, or cannot be written.
        """
        return self._update(_id(run), lambda run: attrs.evolve(run, tags=tuple(t for t in run.tags if t not in tags)))

    # files, pages and sheets

    def open(self, file: RunFile) -> BinaryIO:
        """Open a file of a run, wherever it is stored.

        Args:
            file: The file.

        Returns:
            Its content, from the beginning.

        Raises:
            ConfigError: It was not fetched, or is in a store and this library was opened without one.
            OSError: It is gone, or cannot be read.
        """
        if file.stored:
            if self.store is None:
                raise ConfigError(f"{self._stored_as(file)} is in a store: open the library with that store (store=)")
            return self.store.open(self._stored_as(file))
        return open(file, "rb")

    def page(self, path: str | os.PathLike[str], runs: Iterable[Run] | None = None, *, title: str = "Runs") -> Path:
        """Write a page of runs: one HTML file that can be searched, and loads nothing from the network.

        Args:
            path: The file.
            runs: The runs; all, newest first, if absent.
            title: The heading.

        Returns:
            The path of the page.

        Raises:
            ConfigError: It cannot be written.
        """
        from kie._library.page import page

        return page(self._chosen(runs), path, title=title)

    def contact_sheet(
        self,
        path: str | os.PathLike[str],
        runs: Iterable[Run] | None = None,
        *,
        columns: int | None = None,
        width: int = 1600,
        captions: bool = True,
        overwrite: bool = False,
    ) -> Path:
        """Make one image of many runs: a cell for each file that they made, and one for each run that made none.

        Args:
            path: The file: `.jpg`, `.jpeg`, `.png` or `.webp`. Folders above it are made.
            runs: The runs, in the order of the sheet; all, newest first, if absent.
            columns: Cells in a row, at least 1; by default as many as make the sheet about square, at most 12.
            width: Width of the sheet in pixels, 64 to 16383.
            captions: Whether to write model, prompt, credits and date below each picture.
            overwrite: Replace a file of that name. By default, the next free name is used.

        Returns:
            The path of the sheet.

        Raises:
            ConfigError: Pillow is missing, an argument is out of bounds, there is nothing to show, or too much for one
                image, or the file cannot be written.
        """
        from kie._library.contact_sheet import contact_sheet

        chosen = self._chosen(runs)
        return contact_sheet(chosen, path, columns=columns, width=width, captions=captions, overwrite=overwrite)

    def small_video(
        self, run: Run | HasRef | str, *, height: int = 720, progress: Callable[[float], object] | None = None
    ) -> Run:
        """Make a small MP4 of each video that a run made: H.264 and AAC, upright, ready to be played while it loads.

        It takes seconds and uses all cores, so it is never done automatically. Originals are unchanged.

        Args:
            run: The run.
            height: Maximum length of the shorter side in pixels, at least 16. A video is never enlarged.
            progress: Called with the share of a video that is done, from 0 to 1.

        Returns:
            The run; `RunFile.video` is the path of the MP4.

        Raises:
            KeyError: The run is not here.
            ConfigError: It made no video, or one that is not on this machine or cannot be decoded; the extra `media` or
                an encoder is missing; or the folder cannot be written.
        """
        from kie._library.small_video import small_videos

        found = self[_id(run)]
        made = small_videos(found, height=height, progress=progress, scratch=self._scratch)
        return self._update(
            found.id,
            lambda now: attrs.evolve(
                now, outputs=tuple(attrs.evolve(file, video=made.get(file.index, file.video)) for file in now.outputs)
            ),
        )

    def export(self, path: str | os.PathLike[str] | TextIO, runs: Iterable[Run] | None = None) -> int:
        """Write runs as JSON Lines: each as in its `run.json`, with its folder.

        Args:
            path: The file, which is replaced once the new one is complete; or an open text file.
            runs: The runs; all, newest first, if absent.

        Returns:
            How many runs were written.

        Raises:
            ConfigError: The file cannot be written.
        """
        return write_lines(path, self if runs is None else runs)

    def _chosen(self, runs: Iterable[Run] | None) -> list[Run]:
        return self.find() if runs is None else list(runs)

    # checks and repairs

    def verify(self, *, content: bool = True) -> list[LibraryFault]:
        """Find what is wrong in the folder. Nothing is changed.

        Args:
            content: Whether to read every file and compare its hash. If not, only sizes are compared.

        Returns:
            The faults, each with its path.
        """
        from kie._library.repairing import faults_of

        return list(faults_of(self, content=content))

    def repair(self) -> RepairReport:
        """Repair what can be repaired: the index, what killed processes left, missing facts and pictures, the store.

        Your own files are not touched: no `notes.md`, no file that you changed, and no `run.json` that cannot be read.

        Returns:
            What was done, and which faults are left.

        Raises:
            ConfigError: The folder cannot be written.
        """
        from kie._library.repairing import repair

        return repair(self)

    # background work and closing

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until the pictures of all runs so far are made, and their files moved to the store.

        Args:
            timeout: Maximum number of seconds to wait; None for no limit.

        Returns:
            Whether everything is done.
        """
        from kie._library.background import BACKGROUND

        return BACKGROUND.flush(timeout)

    def close(self) -> None:
        """Wait for background work, and close the index. It opens again when it is used."""
        self.flush()
        self._shelf.close()


def _usable(file: RunFile) -> Path | None:
    """The path of a file that is here and not a link to somewhere else."""
    path = file.path
    return path if path is not None and os.path.isfile(path) and not leads_out(file) else None


def _id(run: HasRef | str) -> str:
    if isinstance(run, str):
        return run
    return run.id if isinstance(run, Run) else str(run.ref)
