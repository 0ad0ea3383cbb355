"""`run(..., via=receiver)`: waits for the callback, and does without it if it does not come. In virtual time."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import attrs
import pytest

from kie import ConfigError, Kie, PollPolicy, TaskFailed, TaskTimeout
from kie._records.lifecycles import Submission, lifecycle
from kie.models import NanoBananaPro
from kie.simulator import Simulator
from kie.testing import VirtualClock, trace, virtual_async_kie, virtual_kie
from kie.webhooks import Receiver
from tests.processes import LONGEST, joined, until, until_async
from tests.webhooks.support import SECRET, Delivery, asgi, body_of, over_wsgi

URL = "https://example.com/kie"
CITY = NanoBananaPro(prompt="A futuristic city at sunset")


class Post:
    """Carries the reports of a simulated service to a receiver while a client waits: time passes only here."""

    def __init__(self, *, lost: bool = False, **options: Any) -> None:
        self.clock = VirtualClock()
        self.service = Simulator(webhook_key=SECRET, **options)
        self.receiver = Receiver(SECRET, url=URL, clock=self.clock)
        self.lost = lost
        self.waits: list[float] = []
        self.answers: list[int] = []

    @property
    def url(self) -> str:
        return self.receiver.url

    def _due(self, until: float) -> tuple[float, list[Delivery]]:
        moment = min(until, max(self.clock.now(), self.service.next_callback() or until))
        return moment, [] if self.lost else self._deliveries(moment)

    def _deliveries(self, moment: float) -> list[Delivery]:
        return [
            Delivery(body=report.body, headers=list(report.headers.items()))
            for report in self.service.due_callbacks(moment)
        ]

    def wait(self, task_id: str, seconds: float) -> bool:
        self.waits.append(seconds)
        end = self.clock.now() + seconds
        if self.receiver.wait(task_id, 0):
            return True
        moment, deliveries = self._due(end)
        self.clock.sleep(moment - self.clock.now())
        for delivery in deliveries:
            self.answers.append(over_wsgi(self.receiver, delivery)[0])
        if self.receiver.wait(task_id, 0):
            return True
        self.clock.sleep(end - self.clock.now())
        return False

    async def wait_async(self, task_id: str, seconds: float) -> bool:
        self.waits.append(seconds)
        end = self.clock.now() + seconds
        if await self.receiver.wait_async(task_id, 0):
            return True
        moment, deliveries = self._due(end)
        await self.clock.async_sleep(moment - self.clock.now())
        for delivery in deliveries:
            self.answers.append((await asgi(self.receiver, delivery))[0])
        if await self.receiver.wait_async(task_id, 0):
            return True
        await self.clock.async_sleep(end - self.clock.now())
        return False


def run_sync(post: Post, *, client_url: str | None = None, **options: Any) -> tuple[Any, list[tuple[str, str]]]:
    client, service, _ = virtual_kie(post.service, clock=post.clock, callback_url=client_url)
    return client.run(CITY, via=post, **options), service.log


def run_async(post: Post, *, client_url: str | None = None, **options: Any) -> tuple[Any, list[tuple[str, str]]]:
    client, service, _ = virtual_async_kie(post.service, clock=post.clock, callback_url=client_url)
    return asyncio.run(client.run(CITY, via=post, **options)), service.log


@pytest.fixture(params=[run_sync, run_async], ids=["Kie", "AsyncKie"])
def run(request: pytest.FixtureRequest) -> Any:
    return request.param


def looks(log: list[tuple[str, str]]) -> int:
    return sum(operation == "getTask" for operation, _ in log)


def test_a_task_is_looked_at_once_when_its_callback_comes(run: Any) -> None:
    post = Post()
    result, log = run(post)
    [task] = post.service.tasks.values()
    assert result.urls and (task.callback_url, post.answers) == (URL, [200])
    assert looks(log) == 1
    assert post.clock.now() == pytest.approx(task.ends, abs=0.2), "no later than the callback"


def test_the_receivers_address_takes_the_place_of_the_clients_callback_url(run: Any) -> None:
    post = Post()
    run(post, client_url="https://example.com/other")
    assert [task.callback_url for task in post.service.tasks.values()] == [URL]


def test_without_a_callback_it_is_polled_three_times_as_slowly(run: Any) -> None:
    post = Post(lost=True, speed=0.1)
    poll = PollPolicy(max_interval=5)
    result, log = run(post, poll=poll)
    [task] = post.service.tasks.values()
    assert result.urls
    assert post.waits == [15.0] * looks(log) and looks(log) > 2
    assert post.clock.now() - task.ends < 16


def test_after_a_callback_it_is_polled_as_usual_should_the_record_lag_behind() -> None:
    post = Post()
    client, service, clock = virtual_kie(post.service, clock=post.clock)
    task = client.submit(CITY, via=post)
    early = Delivery(body=body_of(task.id), at=int(clock.wall().timestamp()))
    assert over_wsgi(post.receiver, early)[0] == 200
    assert task.wait(via=post).urls
    assert len(post.waits) == 1 and looks(service.log) > 1
    assert clock.now() - service.tasks[task.id].ends < 5


def test_an_invisible_record_is_waited_for(run: Any) -> None:
    post = Post(faults=[{"on": "createTask", "do": "invisible", "polls": 2}])
    result, log = run(post)
    assert result.urls and looks(log) == 3


def test_a_task_that_failed_raises(run: Any) -> None:
    post = Post(faults=[{"on": "createTask", "do": "fail_task", "code": "500", "msg": "no"}])
    with pytest.raises(TaskFailed, match="no"):
        run(post)
    assert len(post.waits) == 1


def test_waiting_ends_at_the_timeout(run: Any) -> None:
    post = Post(lost=True, speed=0.001)
    with pytest.raises(TaskTimeout):
        run(post, timeout=100)
    assert 95 < post.clock.now() < 105


def test_before_its_time_is_up_a_task_whose_callback_was_lost_is_polled_once_more(run: Any) -> None:
    post = Post(lost=True)
    result, log = run(post, timeout=25)  # less than the pause between two polls while it listens
    assert result.urls and looks(log) == 1
    assert post.clock.now() < 25


def test_a_receiver_without_an_address_is_refused_before_anything_is_sent(run: Any) -> None:
    post = Post()
    post.receiver = Receiver(SECRET, clock=post.clock)
    with pytest.raises(ConfigError, match="url="):
        run(post)
    assert post.service.log == []


def test_a_callback_that_came_before_the_wait_began_counts() -> None:
    post = Post()
    client, service, clock = virtual_kie(post.service, clock=post.clock)
    task = client.submit(CITY, via=post)
    clock.sleep(1000)
    [report] = service.due_callbacks(clock.now())
    assert over_wsgi(post.receiver, Delivery(body=report.body, headers=list(report.headers.items())))[0] == 200
    before = clock.now()
    assert task.wait(via=post).urls
    assert clock.now() - before < 1
    assert looks(service.log) == 1


def test_a_forged_callback_wakes_nobody_and_a_replayed_one_changes_nothing() -> None:
    post = Post()
    client, _, clock = virtual_kie(post.service, clock=post.clock)
    task = client.submit(CITY, via=post)
    at = int(clock.wall().timestamp())
    assert over_wsgi(post.receiver, Delivery(body=body_of(task.id), secret="guess", at=at))[0] == 401
    assert not post.receiver.wait(task.id, 0)
    lie = body_of(task.id, "fail", failCode="500", failMsg="made up")
    assert over_wsgi(post.receiver, Delivery(body=lie, at=at))[0] == 200
    assert task.wait(via=post).urls, "the record counts, not the callback"


def test_a_callback_in_a_shape_that_nobody_knows_wakes_whoever_waits_for_its_task() -> None:
    receiver = Receiver(SECRET, url=URL, clock=Post().clock)
    at = int(VirtualClock().wall().timestamp())
    unknown = b'{"code": 200, "task_id": "t1", "news": {}}'
    assert over_wsgi(receiver, Delivery(body=unknown, at=at))[0] == 400
    assert receiver.wait("t1", 0)


def test_a_report_of_progress_wakes_nobody() -> None:
    receiver = Receiver(SECRET, url=URL, clock=Post().clock)
    at = int(VirtualClock().wall().timestamp())
    assert over_wsgi(receiver, Delivery(body=body_of("t1", "generating"), at=at))[0] == 200
    assert not receiver.wait("t1", 0)


def test_a_family_that_takes_no_callback_is_polled_as_usual(monkeypatch: pytest.MonkeyPatch, run: Any) -> None:
    row = lifecycle("jobs")
    silent = {name: Submission(attrs.evolve(of.endpoint, callback=None)) for name, of in row.submit.items()}
    row = attrs.evolve(row, submit=silent)
    monkeypatch.setattr("kie._tasks.wait.lifecycle", lambda name: row)
    post = Post()
    assert run(post)[0].urls
    assert post.waits == []


def test_a_client_can_listen_for_all_its_tasks() -> None:
    post = Post()
    client, service, _ = virtual_kie(post.service, clock=post.clock, via=post)
    assert client.run(CITY).urls and client.run(CITY).urls
    assert looks(service.log) == 2 and len(trace(client)) == 4


def test_several_wait_for_one_task_and_none_is_forgotten() -> None:
    receiver = Receiver(SECRET, url=URL)
    woken: list[bool] = []
    threads = [threading.Thread(target=lambda: woken.append(receiver.wait("task_1", LONGEST))) for _ in range(3)]
    for thread in threads:
        thread.start()
    until(lambda: len(receiver._waiters._waiting.get("task_1", [])) == 3)
    receiver._waiters.announce("task_1")
    joined(*threads)
    assert woken == [True] * 3
    assert receiver._waiters._waiting == {}


def test_nobody_who_stopped_waiting_is_kept() -> None:
    receiver = Receiver(SECRET, url=URL)
    assert not receiver.wait("task_1", 0)
    assert not asyncio.run(receiver.wait_async("task_1", 0))

    async def cancelled() -> None:
        task = asyncio.create_task(receiver.wait_async("task_1", 100))
        await until_async(lambda: receiver._waiters._waiting)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert receiver._waiters._waiting == {}


def test_an_end_that_somebody_waited_for_is_not_kept_for_the_next_who_waits() -> None:
    receiver = Receiver(SECRET, url=URL)
    woken: list[None] = []
    with receiver._waiters._listening("task_1", lambda: woken.append(None)):
        receiver._waiters.announce("task_1")
    assert len(woken) == 1
    assert not receiver.wait("task_1", 0)


def test_whoever_waits_for_ever_is_no_error_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    class Noting(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waited.append(timeout or 0.0)
            return super().wait(0)

    monkeypatch.setattr("kie.webhooks._waiting.threading.Event", Noting)
    assert not Receiver(SECRET, url=URL).wait("task_1", 1e300)
    assert waited == [threading.TIMEOUT_MAX]


def test_a_wake_up_from_another_thread_reaches_the_event_loop() -> None:
    receiver = Receiver(SECRET, url=URL)

    async def wait() -> bool:
        waiting = asyncio.create_task(receiver.wait_async("task_1", LONGEST))
        await until_async(lambda: receiver._waiters._waiting)
        thread = threading.Thread(target=receiver._waiters.announce, args=("task_1",))
        thread.start()
        woken = await waiting
        joined(thread)
        return woken

    assert asyncio.run(wait())


def test_a_receiver_fits_where_clients_listen() -> None:
    assert Kie("key", via=Receiver(SECRET, url=URL))._ctx.options.via is not None
