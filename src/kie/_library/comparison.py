"""Library: what several models made of one prompt. May import `_core` and `page.py`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from html import escape
from os import PathLike
from pathlib import Path
from typing import Literal, TypeAlias, cast

import attrs

from kie._core import notebook
from kie._core.assets import AnyAsset
from kie._core.estimates import Estimate, TotalEstimate, shown
from kie._core.json import JSON, JSONObject
from kie._core.outcomes import Outcome, OutcomeState
from kie._core.request import Request
from kie._core.results import AnyResult, Result
from kie._core.safe_text import text_of
from kie._core.tasks import TaskRef
from kie._library.page import page
from kie._library.run import FileKind, Run, RunError, RunEstimate, RunFile, RunPrompts, RunState

RowState: TypeAlias = OutcomeState | Literal["planned"]
"""The state of a row: that of its outcome, or `planned` after a dry run."""
_KINDS: Mapping[str, FileKind] = {"image": "image", "video": "video", "audio": "audio"}
_STATES: Mapping[str, RunState] = {"succeeded": "succeeded", "submitted": "open", "unknown": "unknown"}
_NOT_KEPT = (
    "Files of this page were not kept: their links lead to the service, which deletes files 24 hours to 14 days after "
    "they were made. Save them, or compare with a library, which keeps them."
)
HEADINGS = ("Model", "State", "Seconds", "Credits", "Estimate", "File")


@attrs.frozen(kw_only=True)
class ComparisonRow:
    """What one model made of the prompt."""

    request: Request[Result]
    """The request that was submitted, or would be."""
    estimate: Estimate
    """Its estimated cost."""
    outcome: Outcome[AnyResult] | None = None
    """What became of it; None after a dry run."""
    left_out: tuple[str, ...] = ()
    """The fields that were given but that this model does not have."""
    changes: tuple[str, ...] = ()
    """What was interpreted differently from what was given, such as `quality -> mode`."""
    run: Run | None = None
    """Its run in the library of the client; None without a library, or if it was not submitted."""

    @property
    def model(self) -> str:
        """The id of the model."""
        return self.request.info.name

    @property
    def state(self) -> RowState:
        """What became of it, as in a batch, or `planned`."""
        return "planned" if self.outcome is None else self.outcome.state

    @property
    def ref(self) -> TaskRef | None:
        """The task, once it exists."""
        return None if self.outcome is None else self.outcome.ref

    @property
    def result(self) -> AnyResult | None:
        """The result; None if there is none."""
        return None if self.outcome is None else self.outcome.result

    @property
    def error(self) -> Exception | None:
        """What went wrong; None if nothing did."""
        return None if self.outcome is None else self.outcome.error

    @property
    def file(self) -> AnyAsset | None:
        """The first file that it made."""
        return next(iter(self.result.assets), None) if self.result is not None else None

    @property
    def credits(self) -> Decimal | None:
        """What it cost; None until that is known."""
        return None if self.result is None else self.result.credits

    @property
    def seconds(self) -> float | None:
        """How long the task ran; if the service does not say, the time from its submission until its end was seen."""
        if self.result is None or self.outcome is None:
            return None
        if self.result.seconds is not None or self.outcome.submitted is None:
            return self.result.seconds
        return round(self.outcome.ended - self.outcome.submitted, 1)

    def to_dict(self) -> JSONObject:
        """Get the row as JSON.

        Returns:
            The facts. Credits are strings, so that no reader rounds them.
        """
        at_least, at_most = self.estimate.at_least, self.estimate.at_most
        error: JSON = None
        if self.error is not None:
            error = {"type": type(self.error).__name__, "message": text_of(self.error)}
        return {
            "model": self.model,
            "state": self.state,
            "ref": None if self.ref is None else str(self.ref),
            "run": None if self.run is None else self.run.id,
            "files": [] if self.run is None else [str(path) for path in self.run.files],
            "urls": [] if self.result is None else [file.url for file in self.result.assets],
            "seconds": self.seconds,
            "credits": None if self.credits is None else f"{self.credits:f}",
            "estimate": {"at_least": shown(at_least), "at_most": None if at_most is None else shown(at_most)},
            "left_out": [*self.left_out],
            "changes": [*self.changes],
            "error": error,
        }

    def cells(self) -> tuple[str, ...]:
        """Get the row as text, in the order of the table: model, state, seconds, credits, estimate, file or error.

        Returns:
            The cells; what is not known is empty.
        """
        kept = self.run.files if self.run is not None else ()
        files = [*map(str, kept), *([] if self.file is None else [self.file.url])]
        last = files[0] if files else "" if self.error is None else text_of(self.error)
        seconds = "" if self.seconds is None else f"{self.seconds:g}"
        charge = "" if self.credits is None else shown(self.credits)
        return self.model, self.state, seconds, charge, _figure(self.estimate), last.partition("\n")[0]


def _figure(estimate: Estimate | TotalEstimate) -> str:
    """An estimate in a cell."""
    if estimate.credits is not None:
        return shown(estimate.credits)
    least = shown(estimate.at_least)
    return f"{least} or more" if estimate.at_most is None else f"{least} to {shown(estimate.at_most)}"


@attrs.frozen(kw_only=True)
class Comparison:
    """What several models made of one prompt, in the order in which they were named. `str` is a table."""

    prompt: str
    """The prompt."""
    rows: tuple[ComparisonRow, ...]
    """A row for each request."""
    tags: tuple[str, ...] = ()
    """The tags of the runs."""

    def __iter__(self) -> Iterator[ComparisonRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def ok(self) -> bool:
        """Whether every row has a result, or the comparison was a dry run."""
        return all(row.error is None for row in self.rows)

    @property
    def estimate(self) -> TotalEstimate:
        """The estimated cost of all rows together."""
        return TotalEstimate(parts=tuple(row.estimate for row in self.rows))

    @property
    def credits(self) -> Decimal:
        """What all rows cost together, as far as the service reports it."""
        return sum((row.credits for row in self.rows if row.credits is not None), Decimal(0))

    def to_dict(self) -> JSONObject:
        """Get the comparison as JSON.

        Returns:
            The prompt, the tags, and the rows.
        """
        return {"prompt": self.prompt, "tags": [*self.tags], "rows": [row.to_dict() for row in self.rows]}

    def page(self, path: str | PathLike[str], *, title: str | None = None) -> Path:
        """Write a page of the runs, as `Library.page` does.

        It shows the files that the library of the client has fetched. Without a library, it links to the files at the
        service, and says that they will be deleted.

        Args:
            path: The file, or a folder in which it becomes `index.html`.
            title: The heading; the prompt if absent.

        Returns:
            The path of the page.

        Raises:
            ConfigError: It cannot be written.
        """
        lost = any(row.run is None and row.file is not None for row in self.rows)
        heading = self.prompt if title is None else title
        return page([self._run(row) for row in self.rows], path, title=heading, note=_NOT_KEPT if lost else "")

    def _run(self, row: ComparisonRow) -> Run:
        """A row as a run: as the library keeps it, or as far as it is known here."""
        if row.run is not None:
            return row.run
        body = row.request._encode()[0]
        assets = () if row.result is None else row.result.assets
        return Run(
            id=row.model if row.ref is None else str(row.ref),
            model=row.model,
            state=_STATES.get(row.state, "failed") if row.outcome is not None else "open",
            submitted_at=datetime.now(UTC),
            folder=Path(),
            task=row.ref,
            request=None if row.request.local_media else body,
            prompts=RunPrompts(raw=self.prompt, final=cast("str | None", _prompt_of(body)) or self.prompt),
            changes=row.changes,
            estimate=RunEstimate(at_least=row.estimate.at_least, at_most=row.estimate.at_most),
            credits=row.credits,
            seconds=row.seconds,
            error=None if row.error is None else RunError(message=text_of(row.error)),
            outputs=tuple(
                RunFile(role="output", index=file.index, kind=_KINDS.get(file.kind, "file"), url=file.url)
                for file in assets
            ),
            tags=self.tags,
        )

    def __str__(self) -> str:
        table = [HEADINGS, *(row.cells() for row in self.rows)]
        widths = [max(len(row[column]) for row in table) for column in range(len(HEADINGS) - 1)]
        lines = []
        for row in table:
            left = [
                cell.rjust(width) if column in (2, 3) else cell.ljust(width)
                for column, (cell, width) in enumerate(zip(row, widths, strict=False))
            ]
            lines.append("  ".join([*left, row[-1]]).rstrip())
        return "\n".join([*lines, *self.notes])

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out for which model, in sentences."""
        return tuple(f"{row.model} has no {', '.join(row.left_out)}" for row in self.rows if row.left_out)

    def _repr_html_(self) -> str:
        """What a notebook shows: the table, with pictures and players."""
        rows = []
        for row in self.rows:
            *cells, last = (escape(cell) for cell in row.cells())
            shown = notebook.of_asset(row.file) if row.file is not None else last
            rows.append(f"<tr>{''.join(f'<td>{cell}</td>' for cell in (*cells, shown))}</tr>")
        head = "".join(f"<th>{heading}</th>" for heading in HEADINGS)
        notes = "".join(f"<div><small>{escape(note)}</small></div>" for note in self.notes)
        caption = f"<caption><bdi>{escape(self.prompt)}</bdi></caption>"
        return f"<table>{caption}<tr>{head}</tr>{''.join(rows)}</table>{notes}"


def _prompt_of(body: JSONObject) -> JSON:
    return body.get("prompt") or body.get("text")
