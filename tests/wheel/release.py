"""Builds what is released, as `make release-check` does: twice the same, with the files that are pinned, and usable.

The source distribution and the wheel are written to `dist/`, with a list of the components that the wheel brings along
(CycloneDX). `--pin` pins the files of the wheel anew.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

from check import ROOT, TOGETHER, Trial, attempt, check_files, run, version  # type: ignore[import-not-found]

DIST = ROOT / "dist"
EPOCH = "SOURCE_DATE_EPOCH"


def committed() -> str:
    """When the last commit was made; a fixed day outside of a repository."""
    command = ["git", "log", "-1", "--format=%ct"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=1800)
    return done.stdout.strip() or "1580601600"


def built(tree: Path, into: Path) -> dict[str, bytes]:
    """The source distribution of a tree and the wheel that is made of it, by their names."""
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", into, tree, cwd=into.parent)
    return {path.name: path.read_bytes() for path in into.iterdir()}


def copied(place: Path) -> Path:
    """The tree at another place, with other times: neither may be seen in what is built of it."""
    ignored = shutil.ignore_patterns(
        ".git", ".venv", "build", "dist", "out", "__pycache__", ".*_cache", ".cache", ".pins"
    )
    shutil.copytree(ROOT, place, ignore=ignored, symlinks=True)
    for path in place.rglob("*"):
        os.utime(path, (0, time.time()), follow_symlinks=False)
    return place


def check_source(archive: Path) -> None:
    """Raises `SystemExit` if the source distribution lacks a file of the repository, which its tests may need."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode:
        return  # not in a repository
    with tarfile.open(archive) as opened:
        packed = {name.partition("/")[2] for name in opened.getnames()}
    tracked = {name for name in done.stdout.split("\0") if name and (ROOT / name).exists()}
    if lacking := sorted(tracked - packed):
        raise SystemExit("the source distribution lacks files of the repository\n" + "\n".join(lacking))
    print(f"the source distribution has all {len(tracked)} files of the repository")


def check_changelog() -> None:
    """Raises `SystemExit` if the changelog has no section of the version, or says nothing in it."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    section = re.search(rf"(?ms)^## \[{re.escape(version())}\] - \d{{4}}-\d\d-\d\d\n(.*?)(?=^## |\Z)", text)
    if section is None or not section[1].strip():
        raise SystemExit(f"CHANGELOG.md has no section `## [{version()}] - DAY`")
    tag = os.environ.get("GITHUB_REF_NAME", "")
    if os.environ.get("GITHUB_REF_TYPE") == "tag" and tag != f"v{version()}":
        raise SystemExit(f"the tag {tag} is not that of version {version()}")


def components(wheel: Path, into: Path) -> None:
    """List what the wheel brings along, with its commands, in the newest versions."""
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder) / "bin" / "python"
        run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=wheel.parent)
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
        run(*pip, "install", "--quiet", "--no-compile", f"{wheel}[{','.join(TOGETHER)}]", cwd=wheel.parent)
        listing = [sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible", "--mc-type", "library"]
        run(*listing, "--pyproject", ROOT / "pyproject.toml", "-o", into, python, cwd=wheel.parent)
    document = json.loads(into.read_text("utf-8"))
    document["metadata"]["component"]["version"] = version()  # the listing takes none that pyproject.toml leaves out
    into.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    print(f"{into.name} lists the components")


def main() -> None:
    """Build, check and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pin", action="store_true", help="pin the files of the wheel anew")
    options = parser.parse_args()
    os.environ.setdefault(EPOCH, committed())
    check_changelog()
    with tempfile.TemporaryDirectory() as folder:
        away = Path(folder)
        first, second = away / "first", away / "second"
        here, there = built(ROOT, first), built(copied(away / "tree"), second)
        if here != there:
            raise SystemExit(f"two builds differ: {[name for name in here if here[name] != there.get(name)]}")
        run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", away / "direct", ROOT, cwd=away)
        (wheel,) = first.glob("*.whl")
        (direct,) = (away / "direct").glob("*.whl")
        if wheel.read_bytes() != direct.read_bytes():
            raise SystemExit("the wheel of the source distribution is not that of the tree")
        print("two builds are the same to the byte")
        check_files(wheel, pin=options.pin)
        (source,) = first.glob("*.tar.gz")
        check_source(source)
        for number, lowest in enumerate((True, False)):
            told = attempt(number, Trial((), lowest=lowest, script=["trial.py"]), source)
            print(told.replace("wheel", "source distribution"))
        DIST.mkdir(exist_ok=True)
        for name, content in here.items():
            (DIST / name).write_bytes(content)
            print(f"dist/{name}  sha256 {hashlib.sha256(content).hexdigest()}")
        components(wheel, DIST / f"kie-{version()}.cdx.json")


if __name__ == "__main__":
    main()
