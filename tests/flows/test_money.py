"""No script of faults makes two accepted submissions of one call, and no accepted task is forgotten."""

from __future__ import annotations

import json
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kie import ApiError, KieError, SubmitUnknown, TaskFailed, TaskTimeout
from kie._io.journal import Journal
from kie.models import NanoBananaPro
from kie.testing import virtual_kie
from tests.flows.test_twins import SCRIPTS, WHAT, WHEN

REQUEST = NanoBananaPro(prompt="A secret lighthouse", image_input=[b"\x89PNG\r\n\x1a\n" + b"0" * 64])


ON_SUBMISSION = st.lists(
    st.builds(lambda what, when: {"on": "createTask", **what, **when}, st.sampled_from(WHAT), WHEN),
    min_size=1,
    max_size=3,
)


class Money(RuleBasedStateMachine):
    """One account, one client, scripts of faults that change as it goes."""

    @initialize(seed=st.integers(0, 10_000))
    def begin(self, seed: int) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.journal = Path(self.folder.name) / "journal.jsonl"
        self.known: list[str] = []
        self.client, self.service, self.clock = virtual_kie(
            seed=seed, journal=self.journal, on_submitted=lambda ref: self.known.append(ref.id), timeout=200
        )
        self.unknown = 0
        self.open: list[str] = []

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.folder.cleanup()

    @rule(script=st.one_of(ON_SUBMISSION, SCRIPTS))
    def change_the_weather(self, script: list[dict[str, Any]]) -> None:
        from kie.simulator._faults import FaultScript

        self.service.faults = FaultScript.load(script)

    def count(self, error: KieError, named: int) -> None:
        """A refusal of a submission that leaves open whether there is a task."""
        if len(self.known) == named and isinstance(error, ApiError) and error.task_created is not False:
            self.unknown += 1

    @rule()
    def run(self) -> None:
        before = len(self.service.accepted)
        named = len(self.known)
        try:
            self.client.run(REQUEST)
        except SubmitUnknown:
            self.unknown += 1
        except (TaskTimeout, TaskFailed) as error:
            self.open.append(error.ref.id)
        except KieError as error:
            self.count(error, named)
        accepted = len(self.service.accepted) - before
        assert accepted <= 1
        if len(self.known) > named:
            assert accepted == 1
            assert self.known[-1] == self.service.accepted[-1].task_id

    @rule()
    def submit_and_forget(self) -> None:
        before, named = len(self.service.accepted), len(self.known)
        try:
            self.open.append(self.client.submit(REQUEST).id)
        except SubmitUnknown:
            self.unknown += 1
        except KieError as error:
            self.count(error, named)
        assert len(self.service.accepted) - before <= 1

    @rule()
    def take_up_an_open_task(self) -> None:
        if self.open:
            before = len(self.service.accepted)
            with suppress(KieError):
                self.client.task(self.open[-1]).wait()
            assert len(self.service.accepted) == before

    @invariant()
    def every_accepted_task_is_known_or_told_of_as_unknown(self) -> None:
        if not hasattr(self, "service"):
            return
        assert len(self.service.accepted) - len(self.known) <= self.unknown
        entries = Journal(self.journal).entries()
        assert {entry.ref.id for entry in entries if entry.ref} == set(self.known)
        assert sum(entry.state == "unknown" for entry in entries) == self.unknown

    @invariant()
    def the_key_stays_where_it_belongs(self) -> None:
        if not hasattr(self, "service"):
            return
        assert self.service.leaked_keys == []
        text = self.journal.read_text() if self.journal.exists() else ""
        assert "simulated" not in text
        assert "secret" not in text
        assert all(json.loads(line)["v"] == 1 for line in text.splitlines())


TestMoney = Money.TestCase
TestMoney.settings = settings(max_examples=30, stateful_step_count=12, deadline=None)
