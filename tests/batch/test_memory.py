"""What waiting costs."""

from __future__ import annotations

import sys

import pytest

from tests.batch.waiting import occupied


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_ten_thousand_waiting_tasks_cost_under_60_megabytes(kind: str) -> None:
    assert 5 < occupied(kind) < 60
