"""What users see in an IDE: wrong code is an error in mypy and in pyright, right code and every snippet are not."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.docs.assembled import every_model_example
from tests.docs.test_docs import PRELUDE, SNIPPETS

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
WRONG = sorted((HERE / "wrong").glob("*.py"))
NAMES = [path.stem for path in WRONG]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wrong code, every snippet of the documents as a module of its own, and the examples of all models as one."""
    made = tmp_path_factory.mktemp("typed")
    for path in WRONG:
        shutil.copy(path, made)
    for block in SNIPPETS:
        (made / f"{block.path.stem}_{block.line}.py".lower().replace("-", "_")).write_text(PRELUDE + block.text)
    (made / "examples_of_all_models.py").write_text(every_model_example(), encoding="utf-8")
    return made


Errors = dict[str, list[str]]
"""What a type checker says, by the name of the file."""


@pytest.fixture(scope="module")
def mypy_errors(folder: Path) -> Errors:
    command = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), "--no-error-summary"]
    done = subprocess.run(
        [*command, *map(str, folder.glob("*.py"))], cwd=ROOT, capture_output=True, text=True, timeout=200
    )
    return by_name((line.split(":")[0], line) for line in (done.stdout + done.stderr).splitlines())


@pytest.fixture(scope="module")
def pyright_errors(folder: Path) -> Errors:
    settings = {"include": ["."], "extraPaths": [str(ROOT / "src"), str(ROOT / "generated")]}
    (folder / "pyrightconfig.json").write_text(json.dumps({**settings, "pythonVersion": "3.11"}))
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable, "-p", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=200)
    found = json.loads(done.stdout)["generalDiagnostics"]
    return by_name((item["file"], item["message"]) for item in found if item["severity"] == "error")


def by_name(found: Iterable[tuple[str, str]]) -> Errors:
    errors: Errors = {}
    for file, said in found:
        errors.setdefault(Path(file).stem, []).append(said)
    return errors


def beside_wrong_code(errors: Errors) -> Errors:
    return {name: said for name, said in errors.items() if name not in NAMES}


def test_every_snippet_is_typed_for_mypy(mypy_errors: Errors) -> None:
    assert beside_wrong_code(mypy_errors) == {}


def test_every_snippet_is_typed_for_pyright(pyright_errors: Errors) -> None:
    assert beside_wrong_code(pyright_errors) == {}


@pytest.mark.parametrize("name", NAMES)
def test_wrong_code_is_an_error_in_mypy(name: str, mypy_errors: Errors) -> None:
    assert any(": error:" in line for line in mypy_errors[name])


@pytest.mark.parametrize("name", NAMES)
def test_wrong_code_is_an_error_in_pyright(name: str, pyright_errors: Errors) -> None:
    assert name in pyright_errors
