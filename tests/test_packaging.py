"""The package where no installer has been: in a zip archive, and as a copy without metadata."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import kie
from kie._pyinstaller import hook_dirs

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("src/kie", "generated/kie_models", "generated/kie_wire")
PROGRAM = """
import importlib.metadata

found = importlib.metadata.distribution

def without_kie(name):
    if name == "kie":
        raise importlib.metadata.PackageNotFoundError(name)
    return found(name)

importlib.metadata.distribution = without_kie
import kie
from kie import Journal, Kie, catalog, no_retry, simulated
from kie.models import NanoBananaPro

with simulated(speed=1000) as service, service.client(retry=no_retry()) as client:
    assert client.credits() == 1000
    assert client.run(NanoBananaPro(prompt="x")).urls
    assert catalog.get("nano-banana-pro").json_schema()["required"] == ["prompt"]
print(kie.__file__, kie.__version__)
"""


def packed(path: Path) -> zipfile.ZipFile:
    """An archive of what a wheel holds."""
    archive = zipfile.ZipFile(path, "w")
    for package in map(Path, PACKAGES):
        for file in (ROOT / package).rglob("*"):
            if "__pycache__" not in file.parts:
                archive.write(file, file.relative_to((ROOT / package).parent))
    return archive


@pytest.mark.parametrize("name", ["kie.zip", "vendored"])
def test_the_package_works_from_an_archive_and_from_a_copy_without_metadata(name: str, tmp_path: Path) -> None:
    place = tmp_path / name
    with packed(tmp_path / "kie.zip") as archive:
        if name == "vendored":
            archive.extractall(place)
    environ = {**os.environ, "PYTHONPATH": str(place)}
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=environ, capture_output=True, text=True, timeout=120)
    assert done.stdout == f"{place / 'kie' / '__init__.py'} {kie.__version__}\n", done.stderr


COMMANDS = {
    "models": "nano-banana-pro",
    "run nano-banana-pro --prompt x --dry-run": "prompt",
    "--no-journal run nano-banana-pro --prompt x --simulate --save out": "out",
}


def test_the_command_line_works_from_a_zipapp(tmp_path: Path) -> None:
    program = tmp_path / "kie.pyz"
    with packed(program) as archive:
        archive.writestr("__main__.py", "from kie.__main__ import main\nmain()\n")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "KIE_"))}
    for command, shown in COMMANDS.items():
        done = subprocess.run(
            [sys.executable, program, *command.split()],
            env=environ,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert (done.returncode, shown in done.stdout) == (0, True), done.stderr
    assert [path.suffix for path in (tmp_path / "out").iterdir()] == [".png"]


def test_pyinstaller_is_led_to_a_hook_that_collects_every_data_file() -> None:
    [folder] = hook_dirs()
    called = r'collect_data_files\("([\w.]+)"(?:, subdir="([\w.]+)")?\)'
    found = re.findall(called, (Path(folder) / "hook-kie.py").read_text("utf-8"))
    collected = [".".join(filter(None, names)) for names in found]
    data = [
        file.relative_to(base)
        for base in (ROOT / "src", ROOT / "generated")
        for file in base.glob("*/**/*")
        if file.is_file() and file.suffix not in (".py", ".pyc", ".pyi", ".typed")
    ]
    assert {"kie_models", "kie"} == {file.parts[0] for file in data}
    left_out = [file for file in data if not any(".".join(file.parts).startswith(f"{name}.") for name in collected)]
    assert not left_out
