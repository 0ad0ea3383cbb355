"""Simulator: uploads, the files of tasks, and links to them. May import `_io.local_media`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import attrs

from kie._io.local_media import inspect
from kie.simulator._sample_media import SECONDS, Recipe, make
from kie.simulator._task_store import SimTask

LINK_SECONDS = 1200.0
"""How long a download link works. Source: the vendor's documentation."""
CACHED_FILES = 64


@attrs.frozen(kw_only=True)
class StoredFile:
    """A file that can be downloaded."""

    content_type: str
    body: bytes = attrs.field(repr=False)


@lru_cache(maxsize=CACHED_FILES)
def made(recipe: Recipe) -> bytes:
    """Make the file of a recipe. The same recipe always gives the same file."""
    return make(recipe)


class FileStore:
    """What can be downloaded: `uploads` by their paths, results by their names."""

    def __init__(self) -> None:
        self.uploads: dict[str, StoredFile] = {}
        self._results: dict[str, tuple[SimTask, Recipe]] = {}
        self._links: dict[str, float] = {}

    def own(self, task: SimTask, files: Mapping[str, Recipe]) -> None:
        """Remember which task each file belongs to, and the recipe it is made from."""
        self._results.update({name: (task, recipe) for name, recipe in files.items()})

    def find(self, folder: str, name: str) -> StoredFile | None:
        """A file by its name in the folder `results` or `uploads`; None if it is not there."""
        match folder:
            case "results":
                return self.result(name)
            case "uploads":
                return self.uploads.get(name)
            case _:
                return None

    def result(self, name: str) -> StoredFile | None:
        """A result by its name, made when it is first asked for; None unless its task has succeeded."""
        task, recipe = self._results.get(name, (None, None))
        if task is None or recipe is None or task.failure is not None:
            return None
        # the first track of a piece of music is ready before the others, and the record shows its URL early
        early = task.kind == "music" and name in list(task.files)[:1]
        if not task.done and not early:
            return None
        return StoredFile(content_type=recipe.content_type, body=made(recipe))

    def seconds(self, folder: str, name: str) -> float | None:
        """How long a file plays; None if it is not here, or cannot be measured: that takes the extra `media`."""
        if folder == "results" and name in self._results:
            return SECONDS.get(self._results[name][1].extension)
        if folder == "uploads" and name in self.uploads:
            return inspect(self.uploads[name].body).facts.seconds
        return None

    def prepare(self, name: str) -> None:
        """Make the file of a result, if there is one, ahead of its request: it may take a quarter of a second."""
        if name in self._results:
            made(self._results[name][1])

    def open_link(self, token: str, now: float) -> None:
        """Make a link work for 20 minutes."""
        self._links[token] = now + LINK_SECONDS

    def link_works(self, token: str, now: float) -> bool:
        """Whether a link was issued and has not expired."""
        return now <= self._links.get(token, -1.0)
