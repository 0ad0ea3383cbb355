"""The memory of all runs. May import `_library`."""

from __future__ import annotations

from kie._library.run import FileKind, Run, RunError, RunEstimate, RunFile, RunPrompts, RunState

__all__ = ["FileKind", "Run", "RunError", "RunEstimate", "RunFile", "RunPrompts", "RunState"]
