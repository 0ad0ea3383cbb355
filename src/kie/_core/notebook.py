"""Core: how values look in a notebook. May import only `_core`.

Everything is escaped, and nothing is fetched here: the browser fetches the URLs in tags.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kie._core.assets import AnyAsset
    from kie._core.estimates import Estimate, TotalEstimate
    from kie._core.outcomes import AnyOutcome
    from kie._core.results import AnyResult
    from kie._core.status import TaskStatus
    from kie._core.tasks import TaskRef

_LONGEST = 2000
_SOUNDS = {"music": "audio", "stems": "audio"}
_TAGS = {
    "image": '<img src="{url}" alt="{name}" loading="lazy" style="max-width:100%;max-height:24em">',
    "video": '<video src="{url}" controls preload="none" style="max-width:100%;max-height:24em"></video>',
    "audio": '<audio src="{url}" controls preload="none"></audio>',
}


def _said(*parts: object) -> str:
    """Join facts, without unknown ones."""
    shown = " · ".join(escape(str(part)) for part in parts if part not in (None, ""))
    return f"<div><small>{shown}</small></div>" if shown else ""


def _costs(credits: object, seconds: float | None) -> list[str | None]:
    return [None if credits is None else f"{credits} credits", None if seconds is None else f"{seconds:g} s"]


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


def of_asset(asset: AnyAsset) -> str:
    """A picture or a player; for another file a link; for anything without a web address, text."""
    return _file(asset.url, asset.kind, asset.ref, asset.index)


def _file(address: str, kind: str, ref: TaskRef, index: int) -> str:
    url, name = escape(address), escape(f"file {index} of {ref}")
    if not address.startswith(("https://", "http://")):
        return f"<code>{url}</code>"
    if kind in _TAGS:
        return _TAGS[kind].format(url=url, name=name)
    return f'<a href="{url}" rel="noreferrer noopener" target="_blank">{name}</a>'


def of_result(result: AnyResult) -> str:
    """The files of a result, or its data if there are no files, and its cost."""
    return _shown(result.status, map(of_asset, result.assets))


def _shown(status: TaskStatus, files: Iterable[str]) -> str:
    shown = "".join(f"<div>{file}</div>" for file in files)
    if not shown and status.data is not None:
        text = json.dumps(status.data, ensure_ascii=False, indent=1, default=str)
        shown = f"<pre>{escape(_cut(text))}</pre>"
    return f"<div>{shown}{_said(status.ref.model, status.ref, *_costs(status.credits, status.seconds))}</div>"


def of_status(status: TaskStatus) -> str:
    """The result of a task, its progress, or the reason for its failure."""
    if status.state == "succeeded" and (status.urls or status.data is not None):
        kind = _SOUNDS.get(status.kind, status.kind)
        return _shown(status, [_file(url, kind, status.ref, index) for index, url in enumerate(status.urls)])
    why = " ".join(filter(None, (status.fail_code, status.fail_message)))
    progress = None if status.progress is None else f"progress {status.progress:g}"
    costs = _costs(status.credits, status.seconds)
    return f"<div>{_said(status.ref.model, status.ref, status.state, progress, _cut(why), *costs)}</div>"


def of_task(ref: TaskRef, status: TaskStatus | None) -> str:
    """The known facts about a task."""
    return f"<div>{_said(ref.model, ref, 'not polled')}</div>" if status is None else of_status(status)


def of_outcome(outcome: AnyOutcome[AnyResult], result: AnyResult | None, error: Exception | None) -> str:
    """The outcome of one input of a batch."""
    if result is not None:
        return of_result(result)
    said = [] if error is None else [f"{type(error).__name__}: {_cut(str(error))}"]
    return f"<div>{_said(f'input {outcome.index}', outcome.ref, *said)}</div>"


def of_estimate(estimate: Estimate) -> str:
    """The estimated cost of a request, and how it adds up."""
    listed = None if estimate.listed is None else f"by the list of {estimate.listed}"
    head = _said(estimate.model, estimate, listed, *_dollars(estimate))
    return f"<div>{head}{_listed(estimate.terms)}{_listed(estimate.notes)}</div>"


def of_total(total: TotalEstimate) -> str:
    """The estimated cost of several requests, by model."""
    cells = [(model, len(part.parts), str(part).partition(" for ")[0]) for model, part in total.by_model().items()]
    rows = "".join(f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>" for row in cells)
    head = "<tr><th>model</th><th>requests</th><th>cost</th></tr>"
    return f"<div>{_said(total, *_dollars(total))}<table>{head}{rows}</table></div>"


def _dollars(estimate: Estimate | TotalEstimate) -> list[str]:
    return [] if estimate.usd is None else [f"{'' if estimate.exact else 'at most '}${estimate.usd.normalize():f}"]


def _listed(items: Iterable[object]) -> str:
    rows = "".join(f"<li>{escape(str(item))}</li>" for item in items)
    return f"<ul>{rows}</ul>" if rows else ""
