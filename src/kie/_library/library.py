"""Library: the memory of all runs. May import `_core`, `_io`, `catalog`."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Self

from kie._core.errors import ConfigError
from kie._core.file_names import path_of
from kie._core.json import JSON
from kie._core.request import Request
from kie._core.results import Result
from kie._core.tasks import HasRef
from kie._library.index import without_query
from kie._library.query import Query
from kie._library.run import FileKind, Run, RunState
from kie._library.settings import DerivativeSettings
from kie._library.shelf import Shelf, joined
from kie._library.store import Store


class Library:
    """A memory of all runs, in a folder: for each a `run.json`, its originals and inputs, and pictures for pages.

    Clients keep their runs in it: `Kie(library=library)`. Processes and threads may share the folder. Nothing is
    written before the first run.

    Args:
        root: The folder, made if need be; `~` is your home.
        prompts: Whether prompts are kept. Without, their hashes are, here and in the fields of the request.
        store: Where originals and inputs are moved once they are whole; None to keep them in the folder.
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
        self.path = Path(os.path.abspath(os.path.expanduser(path_of("root", root))))
        self.prompts = prompts
        self.store = store
        self.derivatives = derivatives
        self.copy_inputs = copy_inputs
        self._shelf = Shelf(self.path, self)

    def __repr__(self) -> str:
        return f"Library({str(self.path)!r})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # what runs tell it

    def _create(self, run: Run, inputs: Mapping[str, bytes | Path]) -> Run:
        """Keep a run, whole or not at all; what is here already is added to. Raises `ConfigError`.

        Args:
            run: The run. Its folder is decided here.
            inputs: The content of files, by their place in the folder: `inputs/0.png`.

        Returns:
            The run as it is kept.
        """
        if self._shelf.find(run.id) is not None:
            return self._shelf.update(run.id, lambda former: joined(former, run), inputs)
        return self._shelf.create(run, inputs)

    def _update(self, id: str, change: Callable[[Run], Run]) -> Run:
        """Change what is kept of a run, while nobody else does. Raises `ConfigError`."""
        return self._shelf.update(id, change)

    def _known(self, id: str) -> Run | None:
        """A run, if it is here. Raises `ConfigError` if its `run.json` cannot be read."""
        return self._shelf.read(id)

    def _folder(self, id: str, at: datetime) -> Path:
        """Where a run's folder is, or will be."""
        return self._shelf.find(id) or self._shelf.place(id, at)

    def _makers(self, hashes: Sequence[str], urls: Sequence[str]) -> list[str]:
        """The ids of the runs that made a file of such a SHA-256, or one that was at such a URL, oldest first."""
        wanted = [("sha256", digest) for digest in hashes] + [("url", without_query(url)) for url in urls]
        found: dict[str, None] = {}
        for name, value in dict.fromkeys(wanted):
            rows = self._shelf.ask(
                "SELECT id FROM facts JOIN runs USING (key) WHERE name = ? AND value = ? ORDER BY at", (name, value)
            )
            found.update(dict.fromkeys(maker for (maker,) in rows))
        return list(found)

    def _queue(self, run: Run) -> None:
        """Have the pictures of a run made in the background."""
        if self.derivatives is not None:
            from kie._library.background import BACKGROUND

            BACKGROUND.queue(self, run)

    def _again(self, run: Run, changes: Mapping[str, object]) -> Request[Result]:
        raise ConfigError(f"run {run.id} cannot be made again")

    # questions

    def __getitem__(self, run: HasRef | str) -> Run:
        found = self.get(run)
        if found is None:
            raise KeyError(f"the library {self.path} has no run {_id(run)}")
        return found

    def get(self, run: HasRef | str) -> Run | None:
        """Get a run as its `run.json` says.

        Args:
            run: The run's id, which is `str(ref)`, or whatever has a ref: a task, a status, a result, an outcome.

        Returns:
            The run; None if it is not here.

        Raises:
            ConfigError: Its `run.json` cannot be read.
        """
        return self._known(_id(run))

    def __contains__(self, run: object) -> bool:
        return isinstance(run, (str, HasRef)) and self._shelf.find(_id(run)) is not None

    def __len__(self) -> int:
        return int(self._shelf.ask("SELECT count(*) FROM runs")[0][0])

    def __iter__(self) -> Iterator[Run]:
        return iter(self.find())

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
            words: Words, each of which stands in a prompt, another text of the request, the label, a tag, the source or
                the model, in any order. Case and accents do not matter, and parts of words are found.
            model: The model: its id or its class.
            tag: A tag.
            state: How far they are.
            kind: What they made, or were to make.
            source: What was said of where they come from; other entries may be there, too.
            label: The label of the submission.
            since: The earliest time of submission: a time, a day, or either in ISO 8601. Without a zone it is UTC.
            until: The time before which they were submitted. A day counts whole.
            simulated: True for those that a simulator took, False for the others.
            limit: How many at most.

        Returns:
            The runs.

        Raises:
            ConfigError: A time cannot be read, or the limit is negative.
        """
        query = Query()
        query.words(words)
        query.model(model)
        query.fact("tag", tag)
        query.fact("kind", kind)
        for name, value in (source or {}).items():
            query.fact(f"source.{name}", json.dumps(value, sort_keys=True))
        query.column("state", state)
        query.column("label", label)
        query.column("simulated", simulated)
        query.between(since, until)
        return self._runs(query, limit)

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
        """Find the runs with files that were not fetched: still open, or ended while nobody saved them.

        Returns:
            The runs, those that vanish first at the beginning.
        """
        query = Query()
        query.column("unsaved", True)
        return self._runs(query, None)[::-1]

    def parents(self, run: Run | HasRef | str) -> list[Run]:
        """Find the runs that a run builds on.

        Args:
            run: The run.

        Returns:
            Those that are here.
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
        query.fact("parent", _id(run))
        return self._runs(query, None)

    def _runs(self, query: Query, limit: int | None) -> list[Run]:
        rows = self._shelf.ask(*query.sql(limit))
        return [self._shelf.run_of(path, json.loads(document)) for path, document in rows]

    # what has to be done at the end

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until the pictures of all runs so far are made.

        Args:
            timeout: Seconds to wait at most; None without bound.

        Returns:
            Whether all are made.
        """
        from kie._library.background import BACKGROUND

        return BACKGROUND.flush(timeout)

    def close(self) -> None:
        """Wait for pictures that are being made, and close the index. It opens again when it is used."""
        self.flush()
        self._shelf.close()


def _id(run: HasRef | str) -> str:
    if isinstance(run, str):
        return run
    return run.id if isinstance(run, Run) else str(run.ref)
