"""Keeps all runs in a folder of yours: their requests, prompts, files and costs.

::

    from kie.library import Library

    library = Library("~/kie-runs")
    for run in library.find(words="lighthouse dusk", limit=10):
        print(run.submitted_at, run.model, run.prompt, run.files)

Each run is one `run.json` beside its files. The index can be deleted: it is made again.
"""

from __future__ import annotations

from kie._library.comparison import Comparison, ComparisonRow
from kie._library.library import Library
from kie._library.repairing import FaultKind, LibraryFault, RepairReport
from kie._library.run import FileKind, Run, RunError, RunEstimate, RunFile, RunPrompts, RunState
from kie._library.settings import DerivativeSettings
from kie._library.spending import Spend
from kie._library.store import Store

__all__ = [
    "Comparison",
    "ComparisonRow",
    "DerivativeSettings",
    "FaultKind",
    "FileKind",
    "Library",
    "LibraryFault",
    "RepairReport",
    "Run",
    "RunError",
    "RunEstimate",
    "RunFile",
    "RunPrompts",
    "RunState",
    "Spend",
    "Store",
]
