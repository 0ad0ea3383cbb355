"""Compares the public API with that of the last release, as `make api` does: griffe lists what breaks.

What breaks needs another minor version before 1.0, and another major one after it. Before the first release there is
nothing to compare with; a clone that lacks the tags of releases is not taken for that.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from release import ROOT, version  # type: ignore[import-not-found]


def git(*arguments: str) -> str:
    """What git prints; nothing if it fails, as outside of a repository."""
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    return done.stdout.strip() if done.returncode == 0 else ""


def last_release() -> str | None:
    """The tag of the release before the commit that is checked out, which may be one itself; None if there is none.

    Raises `SystemExit` if this clone lacks the tags of earlier releases.
    """
    start = "HEAD^" if git("describe", "--exact-match", "--tags", "--match", "v[0-9]*") else "HEAD"
    found = git("describe", "--tags", "--abbrev=0", "--match", "v[0-9]*", start) or None
    if found is None and (git("rev-parse", "--is-shallow-repository") == "true" or released_before()):
        raise SystemExit("this clone lacks the tags of earlier releases: git fetch --tags --unshallow")
    return found


def released_before() -> list[str]:
    """The other versions that the changelog dates: each of them was released."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    dated: list[str] = re.findall(r"(?m)^## \[(\d[\w.]*)\] - \d{4}-\d\d-\d\d$", text)
    return [each for each in dated if each != version()]


def may_break(released: str, now: str) -> bool:
    """Whether a version may break what another one promised."""
    before, after = ([int(part) for part in text.removeprefix("v").split(".")[:2]] for text in (released, now))
    return after[0] > before[0] or (after[0] == before[0] == 0 and after[1] > before[1])


def breakages(against: str) -> list[str]:
    """What griffe finds, a line each. It knows what is public as readers do: by `__all__` and underscores."""
    program = str(Path(sys.executable).with_name("griffe"))
    command = [program, "check", "kie", "--search", "src", "--against", against, "--format", "oneline", "--no-color"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=1800)
    found = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    if done.returncode and not found:
        raise SystemExit(f"griffe ended with {done.returncode} and said nothing")
    return found if done.returncode else []


def main() -> None:
    """Exit status 1: something breaks, and the version does not say so."""
    released = last_release()
    if released is None:
        print("there is no release to compare the public API with")
        return
    found = breakages(released)
    for line in found:
        print(line)
    allowed = may_break(released, version())
    print(f"{len(found)} changes of the public API break what {released} promised{', as this version may' * allowed}")
    if found and not allowed:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
