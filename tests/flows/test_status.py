"""Models that are no longer, or not yet, documented."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from kie import RawRequest
from kie.errors import ModelRetired
from kie.simulator import Simulator
from kie.testing import trace, virtual_kie


def request(**facts: Any) -> RawRequest:
    made = RawRequest("acme/old", {"prompt": "x"})
    object.__setattr__(made, "info", attrs.evolve(made.info, **facts))
    return made


def test_a_retired_model_is_not_sent_and_its_successors_are_named() -> None:
    client, service, _ = virtual_kie(Simulator(accept_unknown=True))
    old = request(status="retired", successors=("acme/new", "acme/newer"))
    with pytest.raises(ModelRetired, match="acme/new or acme/newer"):
        client.submit(old)
    assert trace(client) == []
    client.submit(old, allow_retired=True)
    assert len(service.accepted) == 1


def test_an_undocumented_model_is_warned_of_once_and_sent(caplog: pytest.LogCaptureFixture) -> None:
    client, service, _ = virtual_kie(Simulator(accept_unknown=True))
    for _ in range(2):
        client.submit(request(status="undocumented"))
    assert len([record for record in caplog.records if "acme/old" in record.message]) == 1
    assert len(service.accepted) == 2
