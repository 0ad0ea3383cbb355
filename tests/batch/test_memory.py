"""What waiting costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("face", ["sync", "async"])
def test_ten_thousand_waiting_tasks_cost_under_60_megabytes(face: str) -> None:
    command = [sys.executable, "-m", "tests.batch.waiting", face]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    assert 5 < float(done.stdout) < 60
