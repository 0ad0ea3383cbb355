"""Builds the wheel and tries it where neither the source tree nor the development tools are.

Run by `make wheel`: once with the lowest dependencies that it promises to work with, once with the newest.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TRIAL = Path(__file__).parent / "trial.py"
QUIET = ["--quiet", "--disable-pip-version-check"]


def run(*command: str | Path, cwd: Path) -> None:
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "KIE_", "VIRTUAL_ENV"))}
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=clean, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(str(part) for part in command)}\n{done.stdout}{done.stderr}")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        away = Path(folder)
        run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", away, ROOT, cwd=away)
        (wheel,) = away.glob("*.whl")
        names = zipfile.ZipFile(wheel).namelist()
        tops = {name.split("/")[0] for name in names}
        assert {top for top in tops if not top.endswith(".dist-info")} == {"kie", "kie_wire", "kie_models"}, tops
        assert {f"{package}/py.typed" for package in ("kie", "kie_wire", "kie_models")} <= set(names)
        size = wheel.stat().st_size
        assert size < 1.5e6, f"the wheel has {size:,} bytes"
        for kind in ("lowest", "newest"):
            python = away / kind / "bin" / "python"
            run(sys.executable, "-m", "venv", away / kind, cwd=away)
            pins: list[str | Path] = ["-r", ROOT / "requirements" / "lowest.txt"] if kind == "lowest" else []
            run(python, "-m", "pip", "install", *QUIET, wheel, *pins, cwd=away)
            run(python, "-W", "error", TRIAL, cwd=away)
            print(f"the wheel ({size:,} bytes) works with the {kind} dependencies")


if __name__ == "__main__":
    main()
