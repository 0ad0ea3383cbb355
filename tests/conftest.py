"""What all tests share."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from kie._io.process import Process

# The same examples each time: nobody's change may fail because of what was drawn. `deep` draws others.
settings.register_profile(
    "quick",
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
settings.register_profile("deep", parent=settings.get_profile("quick"), max_examples=500, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

ROOT = Path(__file__).parent.parent
pytest_plugins = ["tests.postgres"]


@pytest.fixture(autouse=True)
def _no_key_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test can reach the service by accident."""
    for name in ("KIE_API_KEY", "KIE_BASE_URL", "KIE_UPLOAD_URL", "KIE_JOURNAL", "KIE_LIBRARY", "KIE_WEBHOOK_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KIE_PRICES", str(ROOT / "no price list of the user"))
    monkeypatch.setenv("KIE_PRESETS", str(ROOT / "no presets of the user"))


@pytest.fixture(autouse=True)
def _nothing_from_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the clients of a process share is each test's own: clocks differ from test to test."""
    if session := sys.modules.get("kie._io.session"):
        monkeypatch.setattr(session, "PROCESS", Process())


@pytest.fixture(scope="session")
def reference() -> Path:
    """The folder of facts about the real service; tests that read it are skipped where it is absent."""
    folder = Path(os.environ.get("KIE_REFERENCE_DIR") or ROOT.parent / "shared" / "vendor")
    if not folder.is_dir():
        pytest.skip(f"no reference data at {folder} (KIE_REFERENCE_DIR)")
    return folder
