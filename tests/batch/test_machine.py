"""Any sequence of submitting, looking, waiting, cancelling, callbacks and passing time: no task is lost or doubled."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kie import ApiError, CircuitOpen, Journal, Outcome, Submitted, TransportFailed
from kie.models import NanoBananaPro
from kie.simulator import FaultScript, Simulator
from kie.testing import virtual_kie
from tests.batch.faults import script

CREDITS = Decimal(10**6)
PRICE = Decimal(18)
HOOK = "https://example.com/hook"


class Machine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.journal = Path(self.folder.name) / "journal.jsonl"
        self.prompts = 0
        self.refs: set[str] = set()
        self.unknown: set[str] = set()
        self.ended: dict[str, str] = {}
        self.reported: Counter[str] = Counter()

    @initialize(
        faults=st.sampled_from([[], *(script(least, lies=False) for least in (5, 13, 47))]),
        network=st.sampled_from([0.0, (0.0, 0.3), (0.0, 3.0)]),
        seed=st.integers(0, 3),
    )
    def begin(self, faults: Any, network: Any, seed: int) -> None:
        service = Simulator(faults=FaultScript.load(faults), credits=CREDITS, seed=seed)
        self.client, self.service, self.clock = virtual_kie(
            service, latency=network, seed=seed, journal=self.journal, callback_url=HOOK
        )

    def teardown(self) -> None:
        self.folder.cleanup()

    def requests(self, count: int) -> list[NanoBananaPro]:
        self.prompts += count
        return [NanoBananaPro(prompt=str(number)) for number in range(self.prompts - count, self.prompts)]

    def take(self, outcomes: Sequence[Outcome[Any] | Submitted[Any]], expected: int) -> None:
        assert [outcome.index for outcome in outcomes] == list(range(expected))
        for outcome in outcomes:
            if outcome.ref is not None:
                self.refs.add(outcome.ref.id)
            if outcome.state == "unknown":
                assert isinstance(outcome.request, NanoBananaPro)
                self.unknown.add(outcome.request.prompt)
            if outcome.state in ("succeeded", "failed") and outcome.ref is not None:
                self.end(outcome.ref.id, outcome.state)

    def end(self, id: str, state: str) -> None:
        assert self.ended.setdefault(id, state) == state, "a task ended twice, differently"

    @rule(count=st.integers(0, 30), concurrency=st.integers(1, 10))
    def submit(self, count: int, concurrency: int) -> None:
        self.take(self.client.batch.submit(self.requests(count), concurrency=concurrency), count)

    @rule(count=st.integers(1, 20), seconds=st.floats(0.1, 60), stop=st.booleans())
    def run(self, count: int, seconds: float, stop: bool) -> None:
        begun = self.clock.now()
        made = self.requests(count)
        self.take(self.client.batch.run(made, batch_timeout=seconds, stop_on_failure=stop), count)
        assert self.clock.now() - begun <= seconds + 1e-6, "a batch waited past its deadline"

    @rule(count=st.integers(1, 20), after=st.integers(0, 5))
    def cancel(self, count: int, after: int) -> None:
        seen: list[Outcome[Any]] = []
        stream = self.client.batch.stream(self.requests(count), progress=lambda d, t, outcome: seen.append(outcome))
        for number, _ in enumerate(stream):
            if number >= after:
                break
        stream.close()
        self.take(sorted(seen, key=lambda outcome: outcome.index), count)

    @rule(data=st.data())
    def poll(self, data: st.DataObject) -> None:
        if not self.refs:
            return
        id = data.draw(st.sampled_from(sorted(self.refs)))
        try:
            status = self.client.task(id).refresh()
        except (ApiError, CircuitOpen, TransportFailed):
            return
        assert status.ref.id == id
        if status.done:
            self.end(id, status.state)
        else:
            assert id not in self.ended, "an ended task runs again"

    @rule(data=st.data(), seconds=st.floats(0.1, 100))
    def wait(self, data: st.DataObject, seconds: float) -> None:
        refs = data.draw(st.lists(st.sampled_from(sorted(self.refs)), max_size=15)) if self.refs else []
        begun = self.clock.now()
        self.take(self.client.batch.wait(refs, batch_timeout=seconds), len(refs))
        assert self.clock.now() - begun <= seconds + 1e-6, "a batch waited past its deadline"

    @rule()
    def callback(self) -> None:
        for report in self.service.due_callbacks(self.clock.now()):
            assert report.url == HOOK
            self.reported[report.task_id] += 1
            state = "succeeded" if json.loads(report.body)["code"] == 200 else "failed"
            self.end(report.task_id, state)

    @rule(seconds=st.floats(0, 1000))
    def tick(self, seconds: float) -> None:
        self.clock.sleep(seconds)

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        if not hasattr(self, "service"):
            return
        accepted = {entry.task_id: str(entry.input["prompt"]) for entry in self.service.accepted}
        assert len(set(accepted.values())) == len(accepted), "a submission was accepted twice"
        for id, prompt in accepted.items():
            assert id in self.refs or prompt in self.unknown, "an accepted task was forgotten"
        assert self.refs <= set(accepted)
        entries = Journal(self.journal).entries()
        assert {entry.ref.id for entry in entries if entry.ref} == self.refs
        assert sum(entry.state == "unknown" for entry in entries) == len(self.unknown)

    @invariant()
    def the_books_balance(self) -> None:
        if hasattr(self, "service"):
            good = sum(task.failure is None or not task.done for task in self.service.tasks.values())
            assert self.service.credits == CREDITS - good * PRICE
            assert set(self.reported.values()) <= {1}


Machine.TestCase.settings = settings(stateful_step_count=20)
TestMachine = Machine.TestCase
