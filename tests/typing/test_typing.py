"""What users see in an IDE: wrong code is an error in mypy and in pyright, right code is not."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
WRONG = sorted((HERE / "wrong").glob("*.py"))
NAMES = [path.stem for path in WRONG]


@pytest.fixture(scope="module")
def mypy_errors() -> set[str]:
    command = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), "--no-error-summary"]
    done = subprocess.run([*command, *map(str, WRONG)], cwd=ROOT, capture_output=True, text=True)
    return {Path(line.split(":")[0]).stem for line in done.stdout.splitlines() if ": error:" in line}


@pytest.fixture(scope="module")
def pyright_errors(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("pyright")
    for path in WRONG:
        shutil.copy(path, folder)
    settings = {"include": ["."], "extraPaths": [str(ROOT / "src"), str(ROOT / "generated")]}
    (folder / "pyrightconfig.json").write_text(json.dumps({**settings, "pythonVersion": "3.11"}))
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, "-p", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    found = json.loads(done.stdout)["generalDiagnostics"]
    return {Path(item["file"]).stem for item in found if item["severity"] == "error"}


@pytest.mark.parametrize("name", NAMES)
def test_wrong_code_is_an_error_in_mypy(name: str, mypy_errors: set[str]) -> None:
    assert name in mypy_errors


@pytest.mark.parametrize("name", NAMES)
def test_wrong_code_is_an_error_in_pyright(name: str, pyright_errors: set[str]) -> None:
    assert name in pyright_errors
