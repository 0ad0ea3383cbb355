"""Builds the wheel and tries it where neither the source tree nor the development tools are.

Run by `make wheel`: with nothing but the core, with each extra alone, and with all that the commands need together; on
the lowest versions that pyproject.toml declares, and on the newest.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count, repeat
from pathlib import Path

import attrs

ROOT = Path(__file__).parent.parent.parent
HERE = Path(__file__).parent
PINNED = HERE / "files.txt"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
TOGETHER = ("cli", "simulator")
"""The extras with which every command runs."""
OF_COMMANDS = ("keyring", "preview")
"""The extras that add something to the commands, and are of no use without them."""


@attrs.frozen
class Trial:
    """An environment: the extras in it, the oldest or the newest versions of everything, and what is run there."""

    extras: Sequence[str]
    lowest: bool
    script: Sequence[str]

    def __str__(self) -> str:
        return f"{'lowest' if self.lowest else 'newest'} versions, {' and '.join(self.extras) or 'no extra'}"

    @property
    def pins(self) -> list[str]:
        """The lowest versions that are declared, each as the only one. An extra may declare a higher one."""
        declared = [*PROJECT["dependencies"], *(needed for extra in self.extras for needed in EXTRAS[extra])]
        found: dict[str, str] = {}
        for name, version in map(lowest, declared) if self.lowest else ():
            found[name] = max(found.get(name, version), version, key=parts)
        return [f"{name}=={version}" for name, version in sorted(found.items())]


def lowest(requirement: str) -> tuple[str, str]:
    found = re.fullmatch(r"([\w.-]+)(?:\[\w+\])?[>=]=([\d.]+)(?:,.*)?", requirement)
    assert found, f"{requirement!r} declares no lowest version"
    return found[1], found[2]


def parts(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def trials() -> Iterator[Trial]:
    yield Trial((), lowest=True, script=["trial.py"])
    for extra in EXTRAS:
        yield Trial(("cli", extra) if extra in OF_COMMANDS else (extra,), lowest=True, script=["extras.py", extra])
    yield Trial(TOGETHER, lowest=True, script=["extras.py", "commands"])
    yield Trial((), lowest=False, script=["trial.py"])
    yield Trial(tuple(EXTRAS), lowest=False, script=["extras.py", *EXTRAS, "commands"])


def run(*command: str | Path, cwd: Path) -> None:
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "KIE_", "VIRTUAL_ENV"))}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=clean, capture_output=True, text=True, timeout=1800
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(str(part) for part in command)}\n{done.stdout}{done.stderr}")


def attempt(number: int, trial: Trial, wheel: Path) -> str:
    """Make the environment and run the script. Raises `SystemExit` with what failed."""
    place = wheel.parent / str(number)
    python = place / "bin" / "python"
    run(sys.executable, "-m", "venv", "--without-pip", place, cwd=wheel.parent)
    wanted = f"{wheel}[{','.join(trial.extras)}]" if trial.extras else str(wheel)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    run(*pip, "install", "--quiet", "--no-compile", wanted, *trial.pins, cwd=wheel.parent)
    name, *arguments = trial.script
    run(python, "-W", "error", HERE / name, *arguments, cwd=place)
    return f"the wheel works with the {trial}"


def version() -> str:
    """The version, from the one place where it stands."""
    found = re.search(r'(?m)^__version__ = "([\w.]+)"$', (ROOT / "src/kie/__init__.py").read_text("utf-8"))
    assert found, "src/kie/__init__.py names no version"
    return found[1]


def files(wheel: Path) -> Iterator[str]:
    """The files of a wheel, whatever its version."""
    for name in sorted(zipfile.ZipFile(wheel).namelist()):
        yield name.replace(f"kie-{version()}.dist-info", "kie-VERSION.dist-info")


def check_files(wheel: Path, *, pin: bool = False) -> None:
    """Raises `SystemExit` if the wheel holds more or less than is pinned."""
    found = [*files(wheel)]
    if pin:
        PINNED.write_text("\n".join(found) + "\n", encoding="utf-8")
    pinned = PINNED.read_text("utf-8").split()
    new, gone = [name for name in found if name not in pinned], [name for name in pinned if name not in found]
    if new or gone:
        lines = [*(f"+ {name}" for name in new), *(f"- {name}" for name in gone)]
        raise SystemExit(
            "the wheel's files are not those that are pinned; tests/wheel/release.py --pin pins them\n"
            + "\n".join(lines)
        )
    print(f"the wheel has the {len(found)} files that are pinned")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        away = Path(folder)
        run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", away, ROOT, cwd=away)
        (wheel,) = away.glob("*.whl")
        names = zipfile.ZipFile(wheel).namelist()
        tops = {name.split("/")[0] for name in names}
        packed = {"kie", "kie_codegen", "kie_wire", "kie_models"}
        assert {top for top in tops if not top.endswith(".dist-info")} == packed, tops
        assert {f"{package}/py.typed" for package in ("kie", "kie_wire", "kie_models")} <= set(names)
        size = wheel.stat().st_size
        assert size < 1.6e6, f"the wheel has {size:,} bytes"
        print(f"the wheel has {size:,} bytes")
        check_files(wheel)
        with ThreadPoolExecutor(2) as pool:
            for told in pool.map(attempt, count(), trials(), repeat(wheel)):
                print(told, flush=True)


if __name__ == "__main__":
    main()
