"""What a client does unless it is told otherwise, in figures that programs rely on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kie import DownloadFailed, Kie, TaskFailed, TaskTimeout, TransportFailed, no_retry
from kie._flow.options import Options
from kie.models import NanoBananaPro
from kie.testing import VirtualClock, virtual_kie

REQUEST = NanoBananaPro(prompt="A lighthouse at dusk")
PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 64


def client_of(on: str, seconds: float) -> tuple[Kie, VirtualClock]:
    """A client that sends everything once, and a service whose answer takes so long."""
    faults = [{"on": on, "do": "slow", "seconds": seconds}]
    client, _, clock = virtual_kie(faults=faults, retry=no_retry(), latency=0.0)
    return client, clock


STEPS: dict[str, tuple[str, float, Callable[[Kie, Path], object]]] = {
    "a read": ("getCredits", 30.0, lambda client, _: client.credits()),
    "an upload": ("uploadStream", 300.0, lambda client, _: client.upload(PICTURE)),
    "a download": ("result", 300.0, lambda client, folder: client.run(REQUEST).save(folder)),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_server_has_so_many_seconds_to_answer(step: str, tmp_path: Path) -> None:
    on, seconds, work = STEPS[step]
    client, _ = client_of(on, seconds - 1)
    assert work(client, tmp_path / "in time")
    client, _ = client_of(on, seconds + 1)
    with pytest.raises((TransportFailed, DownloadFailed)):
        work(client, tmp_path / "too late")


def test_a_task_is_waited_for_half_an_hour() -> None:
    client, _, clock = virtual_kie(speed=0.0001)
    with pytest.raises(TaskTimeout) as caught:
        client.run(REQUEST)
    assert 1799.0 <= caught.value.elapsed <= 1801.0 and 1799.0 <= clock.now() <= 1803.0


def test_a_task_that_failed_is_not_submitted_again() -> None:
    client, service, _ = virtual_kie(faults=[{"on": "createTask", "do": "fail_task", "code": 500}])
    with pytest.raises(TaskFailed):
        client.run(REQUEST)
    assert len(service.accepted) == 1


def test_five_files_are_fetched_at_a_time_and_none_of_more_than_four_gibibytes() -> None:
    options = Options()
    assert (options.downloads, options.max_download) == (5, 4_294_967_296)
