"""Testing: helpers for tests of code that uses `kie`: clients of the simulator, in memory and in virtual time.

May import everything below, and `kie.simulator`. `kie.testing.strategies` draws valid requests.

::

    from kie.testing import virtual_kie

    client, service, clock = virtual_kie(faults=[{"on": "createTask", "do": "rate_limit", "nth": 1}])
    client.run(NanoBananaPro(prompt="A lighthouse at dusk"))
    assert len(service.accepted) == 1 and clock.now() < 60      # no real time has passed
"""

from __future__ import annotations

from kie.testing._clock import VirtualClock
from kie.testing._transport import (
    AsyncMemoryTransport,
    MemoryTransport,
    trace,
    virtual_async_kie,
    virtual_kie,
)
from kie.testing._wire import Exchange, Latency

__all__ = [
    "AsyncMemoryTransport",
    "Exchange",
    "Latency",
    "MemoryTransport",
    "VirtualClock",
    "trace",
    "virtual_async_kie",
    "virtual_kie",
]
