"""Changes the lines that guard money, the key, the journal, downloads and webhooks, and names what no test notices.

    python -m tests.mutation [--minutes 30] [--only scheduler journal] [--jobs 2]

`targets.toml` says what is changed and which tests have to notice, `equivalent.toml` which changes need not be
noticed, and why.
"""

from __future__ import annotations

import argparse
import os
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.mutation.mutants import Mutant, mutants_of
from tests.mutation.plugin import Mutations

HERE = Path(__file__).parent


def targets() -> dict[str, dict[str, list[str]]]:
    """What is changed, by file: `tests` have to notice a change of one of `functions`, by default of any."""
    found: dict[str, dict[str, list[str]]] = tomllib.loads((HERE / "targets.toml").read_text())
    return found


def to_notice(files: Mapping[str, Mapping[str, list[str]]]) -> list[Mutant]:
    """The changes to files that a test has to notice.

    Raises:
        SystemExit: A file of this folder names something that is there no more.
    """
    explained: dict[str, dict[str, str]] = tomllib.loads((HERE / "equivalent.toml").read_text())
    found: list[Mutant] = []
    for path, target in files.items():
        for name in target.get("functions", [""]):
            if next(mutants_of(path, (name,)), None) is None:
                raise SystemExit(f"targets.toml: nothing in {path} can be changed whose name begins with {name!r}")
        found += mutants_of(path, tuple(target.get("functions", ())))
    known = {(f"{mutant.path}::{mutant.qualname}", mutant.change) for mutant in found}
    for place, changes in explained.items():
        if place.partition("::")[0] in files and (stale := [one for one in changes if (place, one) not in known]):
            raise SystemExit(f"equivalent.toml: {place} has no such change any more: {stale[0]}")
    return [mutant for mutant in found if mutant.change not in explained.get(f"{mutant.path}::{mutant.qualname}", {})]


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.mutation")
    options.add_argument("--minutes", type=float, default=30, help="begin no mutant later than that")
    options.add_argument("--patience", type=float, default=20, help="seconds of tests that each mutant meets")
    options.add_argument("--only", nargs="+", default=[""], help="only files whose paths contain one of these")
    options.add_argument("--tests", nargs="+", help="the tests that have to notice, instead of those in targets.toml")
    options.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    chosen = options.parse_args()
    files = {path: target for path, target in targets().items() if any(part in path for part in chosen.only)}
    tests = chosen.tests or sorted({test for target in files.values() for test in target["tests"]})
    mutants = to_notice(files)
    run = Mutations(mutants, seconds=chosen.minutes * 60, patience=chosen.patience, jobs=chosen.jobs)
    code = pytest.main(["-n0", "-s", "-q", "--no-header", "-p", "no:cacheprovider", *tests], plugins=[run])
    if code != pytest.ExitCode.OK:
        return int(code)
    for path in files:
        total, survived, skipped = (
            sum(mutant.path == path for mutant in some) for some in (mutants, run.survivors, run.skipped)
        )
        print(f"{path}: {total - skipped} mutants, {survived} survived; {skipped} not tried for lack of time")
    return 1 if run.survivors else 0


if __name__ == "__main__":
    sys.exit(main())
