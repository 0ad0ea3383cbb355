"""Processes that share an account's limits in a database: no window holds too many, and the limit is used up."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from functools import partial
from pathlib import Path
from typing import cast

import pytest

from kie import ConfigError, RateLimit
from kie._core.json import JSON, JSONObject
from kie._io import shared_limits
from kie._io.database import Database
from kie._io.process import Process
from kie._io.shared_limits import SharedLimits, _Asked
from kie._policy.durations import Durations
from kie._policy.limits import ArrivalLog, Permit, SlidingLog
from kie._policy.poll_line import Due
from tests.io.limit_sharing import EPOCH, Cluster, FakeDatabase
from tests.processes import LONGEST, exit_code, joined, until

SEEDS = range(12)
WELL_USED = 0.87


def crowd(cluster: Cluster, requests: int = 128, processes: int = 4) -> None:
    """So many requests, which processes submit within a second, in turns."""
    for moment, number in zip(
        sorted(cluster.random.uniform(0, 1) for _ in range(requests)), range(requests), strict=True
    ):
        cluster.at(moment, partial(cluster.submit, number % processes, number))


def used(cluster: Cluster, limit: int = 20, window: float = 10.0) -> float:
    """What share of the limit was used: the n-th request (from 0) is allowed after `window` * (n div `limit`)."""
    span = max(cluster.arrivals) - min(cluster.arrivals)
    return window * ((len(cluster.arrivals) - 1) // limit) / span


@pytest.mark.parametrize("seed", SEEDS)
def test_no_window_holds_too_many_submissions_and_the_limit_is_used_up(seed: int) -> None:
    cluster = Cluster(RateLimit(), seed=seed)
    crowd(cluster)
    cluster.run()
    assert len(cluster.arrivals) == 128
    assert cluster.most(10.0) <= 20
    assert used(cluster) >= WELL_USED
    assert cluster.store.transactions <= 4 * 128
    assert cluster.warnings == []


@pytest.mark.parametrize("seed", SEEDS)
def test_a_process_that_dies_with_its_requests_holds_the_others_up_for_a_moment_only(seed: int) -> None:
    cluster = Cluster(RateLimit(), seed=seed)
    crowd(cluster)
    cluster.at(cluster.random.uniform(0.5, 40), lambda: cluster.crash(seed % 4))
    cluster.run()
    assert 96 <= len(cluster.arrivals) < 128
    assert cluster.most(10.0) <= 20
    assert used(cluster) >= WELL_USED


@pytest.mark.parametrize("seed", SEEDS)
def test_slow_networks_and_small_limits_hold_too(seed: int) -> None:
    """Once answers have shown how long requests travel, none of them come too soon."""
    slow = random.Random(seed).uniform(1, 3)
    cluster = Cluster(
        RateLimit(submissions=3, submissions_window=10.0), seed=seed, there=(slow, slow), back=(slow, slow)
    )
    crowd(cluster, 30, 3)
    cluster.run()
    assert cluster.most(10.0) <= 3
    assert used(cluster, 3, 10.0 + 2 * slow) >= WELL_USED


def test_the_first_who_asked_goes_first_whichever_process_it_is_in() -> None:
    cluster = Cluster(RateLimit(submissions=5, submissions_window=10.0), seed=1)
    crowd(cluster, 60, 4)
    cluster.run()
    order = [name for _, name in cluster.finished]
    assert all(abs(name - position) < 5 for position, name in enumerate(order)), "nobody overtakes a whole window"


@pytest.mark.parametrize("jump", [-86_400.0, -7.0, -0.5, 3.0, 86_400.0])
def test_a_clock_that_jumps_holds_nobody_up_and_costs_a_window_at_most(jump: float) -> None:
    cluster = Cluster(RateLimit(), seed=2)
    crowd(cluster)

    def jumps() -> None:
        cluster.store.offset += jump

    cluster.at(15.0, jumps)
    cluster.run()
    assert len(cluster.arrivals) == 128
    assert cluster.most(10.0) <= (20 if jump < 0 else 40)
    assert max(cluster.arrivals) <= 75


def test_what_one_process_is_refused_makes_the_others_more_careful() -> None:
    cluster = Cluster(RateLimit(), seed=3)
    crowd(cluster, 60, 3)
    calm = Cluster(RateLimit(), seed=3)
    crowd(calm, 60, 3)
    cluster.refused = {0, 3, 6}  # all of one process
    cluster.run()
    calm.run()
    assert max(cluster.arrivals) > max(calm.arrivals) + 1
    assert len(cluster.arrivals) == 60


def waiting(cluster: Cluster, process: int, number: int) -> list[Permit]:
    found = [cluster.process(process).reserve("submit", 0.0) for _ in range(number)]
    return [permit for permit in found if permit is not None]


def test_who_gives_up_or_was_not_sent_makes_room_with_the_next_question() -> None:
    cluster = Cluster(RateLimit(submissions=2), seed=4)
    sent, unsent, third = waiting(cluster, 0, 3)
    assert [sent.wait, unsent.wait] == [0, 0]
    assert third.wait > 0
    cluster.process(0).settle("submit", third, cluster.here(0), sent=False)
    cluster.process(0).settle("submit", unsent, cluster.here(0), sent=False)
    assert [permit.wait > 0 for permit in waiting(cluster, 0, 2)] == [False, True]


def test_what_came_of_the_last_permits_is_reported_when_a_client_is_closed() -> None:
    cluster = Cluster(RateLimit(submissions=1), seed=4)
    (permit,) = waiting(cluster, 0, 1)
    cluster.process(0).settle("submit", permit, cluster.here(0), sent=False)
    cluster.process(0).report()
    assert waiting(cluster, 1, 1)[0].wait == 0
    before = cluster.store.transactions
    cluster.process(0).report()
    assert cluster.store.transactions == before, "there is nothing to tell"


def test_a_permit_is_given_only_to_who_asks_for_it() -> None:
    cluster = Cluster(RateLimit(submissions=1), seed=4)
    _, second, third = waiting(cluster, 0, 3)
    for moment in (2.5, 5.0, 7.5, 10.0, 12.5):
        cluster.now = moment
        assert cluster.process(0).reserve("submit", 0.0, third) is third
    assert third.wait > 0, "another one is before it"
    assert second.wait > 0, "it does not know yet"
    assert second.at <= cluster.here(0), "but it may ask now"
    assert cluster.process(0).reserve("submit", 0.0, second) is second
    assert second.wait == 0


@pytest.mark.parametrize("window", [10.0, 2.0])
def test_one_question_tells_all_who_wait_in_a_process_what_to_expect(window: float) -> None:
    cluster = Cluster(RateLimit(submissions=1, submissions_window=window), seed=4)
    _, *others = waiting(cluster, 0, 20)
    asked = cluster.store.transactions
    for moment in (0.25, 0.5, 0.75):
        cluster.now = moment * window + 1e-3
        for permit in others:
            assert cluster.process(0).reserve("submit", cluster.here(0), permit) is permit
    assert cluster.store.transactions == asked + 3


@pytest.mark.parametrize("window", [10.0, 2.0])
def test_who_waits_hears_when_to_ask_and_never_too_soon(window: float) -> None:
    cluster = Cluster(RateLimit(submissions=1, submissions_window=window), seed=4)
    _, second, third = waiting(cluster, 0, 3)
    here, limits = cluster.here(0), cluster.process(0)
    assert second.wait == pytest.approx(window / 4 + 1e-4, abs=1e-6), "a process says that it is alive"
    assert second.at - here == pytest.approx(window + 1e-4, abs=1e-6), "but its turn comes later"
    assert third.at - here == pytest.approx(2 * window + 1e-4, abs=1e-6)
    asked = cluster.store.transactions
    for moment, waits in ((0.1, True), (0.249, True), (0.26, False)):
        cluster.now = moment * window
        assert limits.waits("submit", cluster.here(0), second) is waits
    assert second.wait == pytest.approx(window / 1000, abs=1e-3), "it was told what was left then"
    assert cluster.store.transactions == asked, "nobody was asked"
    assert not limits.waits("submit", cluster.here(0), None)


def test_whoever_was_answered_with_others_takes_one_permit_however_late_it_hears_of_it() -> None:
    cluster = Cluster(RateLimit(submissions=2), seed=4)
    submissions = cluster.process(0)._submissions
    assert submissions is not None
    asked = _Asked(Permit(cluster.here(0)))
    submissions._asked[asked] = None  # its thread waits while another one asks for both
    assert waiting(cluster, 0, 1)[0].wait == 0
    assert asked.done and asked.permit.wait == 0
    assert waiting(cluster, 1, 1)[0].wait > 0, "two were given"
    number = asked.permit.number
    waiting(cluster, 0, 1)
    assert asked.permit.number == number and not submissions._asked


@pytest.mark.parametrize("window", [10.0, 2.0])
def test_who_gave_up_hears_nothing_more_and_who_stood_behind_it_hears_that_its_turn_comes_earlier(
    window: float,
) -> None:
    cluster = Cluster(RateLimit(submissions=1, submissions_window=window), seed=4)
    _, second, third = waiting(cluster, 0, 3)
    begun, expected = cluster.here(0), second.at
    cluster.process(0).settle("submit", second, cluster.here(0), sent=False)
    cluster.now = window / 10
    waiting(cluster, 0, 1)
    assert second.at == expected
    assert third.at - begun == pytest.approx(window + 1e-4, abs=1e-6)


def test_only_who_wants_to_submit_waits_for_a_server_that_is_gone_for_a_moment() -> None:
    cluster = Cluster(RateLimit(), seed=4)
    (permit,) = waiting(cluster, 0, 1)
    cluster.process(0).settle("submit", permit, cluster.here(0))
    cluster.process(0).report()  # when a client is closed
    cluster.process(0).reserve("models", cluster.here(0))
    assert cluster.store.patience == [True, False, False]


def test_what_came_of_a_request_counts_also_once_the_log_has_forgotten_it() -> None:
    cluster = Cluster(RateLimit(submissions=2), seed=4)
    early, late = waiting(cluster, 0, 2)

    def refused(permit: Permit, moment: float) -> float:
        """The margin after the refusal of a permit that was heard of at a moment."""
        cluster.now = moment
        cluster.process(0).settle("submit", permit, cluster.here(0), refused=True)
        cluster.process(0).report()
        return float(json.loads(cluster.store.states()["group:test:submit"])["log"]["margin"])

    first = refused(early, 1.0)
    assert first >= 1.0
    cluster.now = 50.0
    (after,) = waiting(cluster, 0, 1)  # by now nothing is known of `late` there
    assert after.wait == 0
    assert refused(late, 51.0) == first, "it was sent before the service was known to refuse"
    cluster.now = 100.0
    waiting(cluster, 0, 1)
    assert refused(after, 101.0) == pytest.approx(1.5 * first), "this one was sent after that"
    cluster.store.connection.execute("DELETE FROM kie_limits")
    (last,) = waiting(cluster, 0, 1)
    cluster.store.connection.execute("DELETE FROM kie_limits")
    assert refused(last, 102.0) >= 1.0


def test_of_what_cannot_be_told_so_much_is_kept_as_matters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_limits, "_KEPT", 3)
    cluster = Cluster(RateLimit(), seed=4)
    (permit,), models = waiting(cluster, 0, 1), Permit(0.0)
    for _ in range(5):
        cluster.process(0).settle("submit", permit, cluster.here(0))
        cluster.process(0).settle("models", models, 0.1)
    submissions = cluster.process(0)._submissions
    assert submissions is not None
    assert len(submissions._settled) == len(cluster.process(0)._logs["models"]._settled) == 3


def test_a_submission_whose_caller_is_gone_keeps_no_position() -> None:
    cluster = Cluster(RateLimit(submissions=1), seed=4)
    waiting(cluster, 0, 1)
    waiting(cluster, 0, 5)  # nobody has these any more
    cluster.now = 9.0
    found = waiting(cluster, 0, 1)
    state = json.loads(cluster.store.states()["group:test:submit"])["log"]
    assert len(state["line"]) == 1
    assert found[0].wait > 0


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "no JSON",
        "[]",
        "{}",
        '{"v": 2, "now": 0, "log": {}}',
        '{"v": 1, "now": 0, "log": {}}',
        '{"v": 1, "now": NaN, "log": {}}',
        '{"v": 1, "now": 1e400, "log": {}}',
        "[" * 100_000,
    ],
)
def test_a_state_that_cannot_be_read_begins_again_with_a_warning(broken: str) -> None:
    cluster = Cluster(RateLimit(submissions=1), seed=5)
    (first,) = waiting(cluster, 0, 1)
    cluster.store.connection.execute("UPDATE kie_limits SET state = ?", (broken,))
    cluster.now = 0.5
    (second,) = waiting(cluster, 1, 1)
    assert (first.wait, second.wait) == (0, 0)
    assert first.number != second.number
    assert len(cluster.warnings) == 1
    assert "cannot be read" in cluster.warnings[0]


@pytest.mark.parametrize("change", [{"v": 2}, {"now": float("inf")}, {"now": float("-inf")}, {"now": float("nan")}])
def test_a_state_of_another_version_or_of_no_time_begins_again_though_its_log_could_be_read(
    change: dict[str, float],
) -> None:
    cluster = Cluster(RateLimit(submissions=1), seed=5)
    waiting(cluster, 0, 1)
    state = json.loads(cluster.store.states()["group:test:submit"])
    cluster.store.connection.execute("UPDATE kie_limits SET state = ?", (json.dumps({**state, **change}),))
    assert waiting(cluster, 1, 1)[0].wait == 0
    assert "cannot be read (it is of another version)" in cluster.warnings[0]


def changed(log: JSONObject, name: str, value: object) -> JSONObject:
    return {**log, name: cast("JSON", value)}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("taken", "5"),
        ("taken", True),
        ("margin", None),
        ("margin", float("nan")),
        ("grown", 1e9),
        ("trips", [[0]]),
        ("trips", {}),
        ("held", [[1, 0, 0]]),
        ("held", [[1, 0, 1, None], [1, 0, 1, None]]),
        ("held", [["1", 0, 1, None]]),
        ("line", [[3, 1], [2, 1]]),
        ("line", 5),
    ],
)
def test_a_log_takes_up_only_what_a_log_has_saved(name: str, value: object) -> None:
    log = ArrivalLog(2, 10.0, beat=2.5)
    log.reserve(0.0)
    with pytest.raises(ValueError, match=r"it is not|twice"):
        ArrivalLog(2, 10.0, beat=2.5).restored(changed(log.saved(1.0), name, value), 1.0)


def test_a_log_goes_on_where_it_was_saved() -> None:
    log = ArrivalLog(2, 10.0, beat=2.5)
    for moment in (0.0, 1.0, 2.0):
        permit = log.reserve(moment)
        log.settle(permit, moment + 0.1, sent=permit.wait == 0)
    log.settle(log.reserve(12.0), 12.2, refused=True)
    again = ArrivalLog(2, 10.0, beat=2.5).restored(log.saved(13.0), 13.0)
    assert again.saved(13.0) == log.saved(13.0)
    assert again.margin == pytest.approx(log.margin)
    reads = SlidingLog(2, 1.0, trip=0.3)
    for moment in (0.0, 0.0, 0.0):
        reads.reserve(moment)
    reads.refused()
    other = SlidingLog(2, 1.0, trip=0.3).restored(reads.saved(0.5), 0.5)
    assert other.wait(0.6) == pytest.approx(reads.wait(0.6))


def test_nothing_that_is_kept_can_hold_a_permit_for_longer_than_a_limit_would() -> None:
    log = ArrivalLog(1, 10.0, beat=2.5)
    log.reserve(0.0)
    held = changed(log.saved(0.0), "held", [[1, 80_000, 86_000, None]])
    permit = ArrivalLog(1, 10.0, beat=2.5).restored(held, 0.0).reserve(0.0)
    assert 0 < permit.at <= 51


def test_processes_with_other_figures_keep_their_own_and_hear_of_it() -> None:
    cluster = Cluster(RateLimit(submissions=4), seed=6)
    generous = [permit.wait for permit in waiting(cluster, 0, 3)]
    cluster.rate = RateLimit(submissions=2)
    assert generous == [0, 0, 0]
    assert waiting(cluster, 1, 1)[0].wait > 0, "the requests of all count for the tighter one"
    assert waiting(cluster, 0, 1)[0].wait > 0, "one waits before it"
    assert all("another RateLimit" in warning for warning in cluster.warnings)
    assert cluster.warnings


def test_what_has_no_limit_needs_no_permit_and_no_database() -> None:
    cluster = Cluster(RateLimit.unlimited(), seed=6)
    cluster.store.broken = "gone"
    limits = cluster.process(0)
    assert limits.reserve("submit", 0.0) is None
    assert limits.reserve("read", 0.0) is None
    old = Permit(0.0)
    old.wait = 5.0
    assert limits.reserve("submit", 1.0, old) is old
    assert old.wait == 0
    assert isinstance(limits.reserve_poll(cast("object", None), 2.0), Permit)  # type: ignore[arg-type]
    limits.settle("submit", old, 1.0)
    limits.settle("read", old, 1.0)
    limits.withdraw(cast("object", None))  # type: ignore[arg-type]
    assert not limits._withdrawn
    limits.report()
    waits = Permit(0.0)
    waits.wait = 5.0
    assert not limits.waits("submit", 1.0, waits) and not limits.waits("models", 1.0, waits)


# Reads


@pytest.mark.parametrize(("tasks", "seed"), [((40,), 0), ((40, 40, 40, 40), 1), ((40, 1, 1, 1), 2), ((9,) * 16, 3)])
def test_no_second_holds_too_many_polls_and_the_limit_is_used_up(tasks: tuple[int, ...], seed: int) -> None:
    cluster = Cluster(RateLimit(), seed=seed, there=(0.005, 0.1), back=(0.005, 0.1))
    for process, number in enumerate(tasks):
        for _ in range(number):
            cluster.at(cluster.random.uniform(0, 1), partial(cluster.poll, process))
    cluster.run(60.0)
    assert cluster.most(1.0) <= 10
    assert len(cluster.arrivals) >= 60 * 10 / 1.2 * 0.98, "a window is as long as the slowest round trip more"
    assert cluster.store.transactions <= 1.1 * len(cluster.arrivals)
    polled = [sum(process == number for number, _ in cluster.finished) for process in range(len(tasks))]
    assert min(polled) > 0


def test_a_process_that_dies_leaves_its_reads_to_the_others() -> None:
    cluster = Cluster(RateLimit(), seed=4, there=(0.005, 0.1), back=(0.005, 0.1))
    for number in range(80):
        cluster.at(cluster.random.uniform(0, 1), partial(cluster.poll, number % 2))
    cluster.at(30.0, lambda: cluster.crash(0))
    cluster.run(60.0)
    assert cluster.most(1.0) <= 10
    late = [moment for moment in cluster.arrivals if moment > 32]
    assert len(late) >= 28 * 10 / 1.2 * 0.95


def test_questions_about_models_count_for_all_processes() -> None:
    cluster = Cluster(RateLimit(), seed=5)
    first = cluster.process(0).reserve("models", 0.0)
    second = cluster.process(1).reserve("models", 0.0)
    assert first is not None
    assert second is not None
    assert first.wait == 0
    assert second.wait == pytest.approx(1.3)
    cluster.now = 1.0
    assert cluster.process(1).reserve("models", cluster.here(1), second) is second
    assert second.wait == pytest.approx(0.3)


def test_who_waits_for_a_permit_to_read_needs_no_question_until_it_is_there() -> None:
    cluster = Cluster(RateLimit(), seed=5)
    cluster.process(0).reserve("models", 0.0)
    permit = cluster.process(0).reserve("models", 0.0)
    assert permit is not None
    asked = cluster.store.transactions
    for moment, waits in ((0.5, True), (1.2, True), (1.31, False)):
        cluster.now = moment
        assert cluster.process(0).waits("models", cluster.here(0), permit) is waits
    permit.at, permit.wait = cluster.here(0), 0.0
    assert not cluster.process(0).waits("models", cluster.here(0), permit), "it is there now"
    assert cluster.store.transactions == asked


def test_a_process_keeps_to_what_it_took_itself_also_if_the_database_has_forgotten_it() -> None:
    cluster = Cluster(RateLimit(), seed=5)
    cluster.process(0).reserve("models", 0.0)
    cluster.store.connection.execute("DELETE FROM kie_limits")
    permit = cluster.process(0).reserve("models", 0.0)
    assert permit is not None
    assert permit.wait == pytest.approx(1.3)


def test_what_is_taken_for_later_counts_for_all_from_then_on() -> None:
    cluster = Cluster(RateLimit(), seed=5)
    for number in (0, 1):
        cluster.process(number)
    first, second = (cluster.process(number)._logs["models"] for number in (0, 1))
    assert first.reserve(cluster.here(0) + 5.0) == pytest.approx(0.0, abs=1e-5)
    assert second.reserve(cluster.here(1) + 5.0) == pytest.approx(1.3, abs=1e-5)


def test_a_task_that_is_not_polled_any_more_holds_nobody_up() -> None:
    cluster = Cluster(RateLimit(reads=1, reads_window=1.0), seed=5)
    limits, durations, now = cluster.process(0), Durations(), cluster.here(0)

    def due(since: float) -> Due:
        return Due(durations, now - since, now - since)

    for since in (9.5, 9.0):  # for now, and for the next second
        assert isinstance(limits.reserve_poll(due(since), now), Permit)
    first, second = due(8.0), due(7.0)
    before, behind = limits.reserve_poll(first, now), limits.reserve_poll(second, now)
    assert isinstance(before, float) and isinstance(behind, float)
    assert behind == pytest.approx(before + limits._logs["read"].pace), "it stands behind the other one"
    limits.withdraw(first)
    assert limits.reserve_poll(second, now) == pytest.approx(before)


def test_a_database_that_fails_slowly_is_left_alone_for_twice_as_long_as_that_took() -> None:
    now, took, asked = 0.0, 8.0, []
    store = FakeDatabase(lambda: now, broken="the database is gone")
    transaction = store.transaction

    def slowly(lock: str, *, patient: bool = True) -> AbstractContextManager[FakeDatabase]:
        nonlocal now
        asked.append(now)
        now += took
        return transaction(lock, patient=patient)

    store.transaction = slowly  # type: ignore[method-assign,assignment]
    limits = shared(cast("Database", store), lambda: now)
    for seconds, left in ((8.0, 16.0), (1.0, 10.0)):
        took = seconds
        limits.reserve("models", now)
        begun, number = now, len(asked)
        for later, more in ((0.0, 0), (left - 0.5, 0), (left, 1)):
            now = begun + later
            limits.reserve("models", now)
            assert len(asked) == number + more, f"{later} s later"
        now += 100.0


def test_what_one_process_learns_of_reads_is_known_to_all() -> None:
    cluster = Cluster(RateLimit(), seed=5)
    permit = cluster.process(0).reserve("models", 0.0)
    assert permit is not None
    for _ in range(3):
        cluster.process(0).settle("models", permit, permit.at, refused=True)
    cluster.now = 10.0
    cluster.process(0).reserve("models", 0.0)
    other = cluster.process(1).reserve("models", 0.0)
    assert other is not None
    assert other.wait > 1.3


def test_without_the_database_polls_go_on_within_the_limit_of_the_process_with_a_warning() -> None:
    cluster = Cluster(RateLimit(), seed=6, there=(0.005, 0.1), back=(0.005, 0.1))
    for _ in range(40):
        cluster.at(cluster.random.uniform(0, 1), lambda: cluster.poll(0))

    def breaks() -> None:
        cluster.store.broken = "the database sqlite:///shared cannot be used: disk I/O error"

    def comes_back() -> None:
        cluster.store.broken = ""

    cluster.at(20.0, breaks)
    cluster.at(40.0, comes_back)
    cluster.run(30.0)
    before, asked = len(cluster.arrivals), cluster.store.transactions
    cluster.run(40.0)
    assert len(cluster.arrivals) - before >= 80
    assert cluster.most(1.0) <= 10
    assert set(cluster.warnings) == {
        "the database sqlite:///shared cannot be used: disk I/O error; meanwhile, tasks are polled within "
        "the limit of this process alone"
    }
    assert len(cluster.warnings) <= 2, "it is not asked each time"
    cluster.run(60.0)
    assert cluster.store.transactions > asked, "it is used again"


def test_without_the_database_nothing_is_submitted_and_what_is_known_is_reported_later() -> None:
    cluster = Cluster(RateLimit(submissions=1), seed=7)
    (permit,) = waiting(cluster, 0, 1)
    cluster.process(0).settle("submit", permit, cluster.here(0), sent=False)
    cluster.store.broken = "the database is gone"
    with pytest.raises(ConfigError, match="the database is gone; nothing was sent"):
        cluster.process(0).reserve("submit", 0.0)
    cluster.store.broken = ""
    assert waiting(cluster, 0, 1)[0].wait == 0


# Threads, processes and real databases


def test_those_who_ask_at_the_same_time_are_answered_by_one_transaction(database_url: str) -> None:
    with closing(Database(database_url)) as store:
        begun, go, count = threading.Event(), threading.Event(), 0
        transaction = store.transaction

        def counted(lock: str, *, patient: bool = True) -> object:
            nonlocal count
            count += 1
            begun.set()
            assert go.wait(LONGEST)
            return transaction(lock, patient=patient)

        store.transaction = counted  # type: ignore[method-assign,assignment]
        limits = shared(store)
        permits: list[Permit | None] = []
        threads = [
            threading.Thread(target=lambda: permits.append(limits.reserve("submit", 0.0)), daemon=True)
            for _ in range(25)
        ]
        threads[0].start()
        assert begun.wait(LONGEST)
        for thread in threads[1:]:
            thread.start()
        submissions = limits._submissions
        assert submissions is not None
        until(lambda: len(submissions._asked) == 25)
        go.set()
        joined(*threads)
        assert count == 2
    numbers = {permit.number for permit in permits if permit is not None}
    assert len(numbers) == 25
    assert sum(permit is not None and permit.wait == 0 for permit in permits) == 20


def shared(
    store: Database, clock: Callable[[], float] = lambda: 100.0, warnings: list[str] | None = None
) -> SharedLimits:
    found = [] if warnings is None else warnings
    return SharedLimits("group:test", RateLimit(), store, clock=clock, warn=found.append)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_child_and_its_parent_draw_from_one_limit(database_url: str) -> None:
    with closing(Database(database_url)) as store:
        process = Process()
        process.share("group:test", store, lambda: 100.0, store)
        for _ in range(15):
            process.limits("group:test").reserve("submit", 0.0)
        child = os.fork()
        if child == 0:
            try:
                found = [process.limits("group:test").reserve("submit", 0.0) for _ in range(6)]
                os._exit(sum(permit is not None and permit.wait > 0 for permit in found))
            finally:
                os._exit(100)
        assert exit_code(child) == 1
        permit = process.limits("group:test").reserve("submit", 0.0)
        assert permit is not None
        assert permit.wait > 0


def test_an_interruption_of_who_asks_takes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    store = FakeDatabase(lambda: 0.0)
    limits = shared(cast("Database", store))
    first = limits.reserve("submit", 0.0)
    assert first is not None
    limits.settle("submit", first, 100.1, sent=False)

    def interrupted(statement: str, *values: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store, "execute", interrupted)
        with pytest.raises(KeyboardInterrupt):
            limits.reserve("submit", 0.0)
    found = [limits.reserve("submit", 0.0) for _ in range(20)]
    assert [permit.wait for permit in found if permit is not None] == [0.0] * 20


def test_clients_of_one_key_share_one_store(tmp_path: Path) -> None:
    one, other = (Database(f"sqlite:///{tmp_path / name}.sqlite") for name in "ab")
    process, first, second = Process(), Permit(0.0), Permit(0.0)
    process.share("group:a", one, lambda: 0.0, first)
    process.share("group:a", one, lambda: 0.0, second)
    process.share("group:b", other, lambda: 0.0, first)
    limits = process.limits("group:a")
    assert limits.blocks
    for client in (first, second):
        with pytest.raises(
            ConfigError, match=r"limit_store sqlite:///.*b\.sqlite differs from that of the other clients"
        ):
            process.share("group:a", other, lambda: 0.0, Permit(0.0))
        assert process.limits("group:a") is limits
        process.leave("group:a", client)
        process.leave("group:a", client)
    process.share("group:a", other, lambda: 0.0, first)
    assert process.limits("group:a") is not limits


def test_other_figures_and_forks_leave_the_limits_in_the_store(tmp_path: Path) -> None:
    store = Database(f"sqlite:///{tmp_path / 'a.sqlite'}")
    process = Process()
    process.share("group:a", store, lambda: 0.0, store)
    process.limit("group:a", RateLimit(submissions=1))
    process.renew()
    found = process.limits("group:a")
    assert found.blocks
    assert found.rate.submissions == 1
    with closing(store):
        assert [process.limits("group:a").reserve("submit", 0.0).wait > 0 for _ in range(2)] == [False, True]  # type: ignore[union-attr]


def test_the_key_itself_is_not_in_the_database(tmp_path: Path) -> None:
    from kie import Kie

    path = tmp_path / "a.sqlite"
    with Kie("a-key-of-the-test", limit_store=f"sqlite:///{path}") as client:
        client._driver.session.process.limits(client._driver.session.group).reserve("submit", 0.0)
    with closing(sqlite3.connect(path)) as connection:
        kept = connection.execute("SELECT name FROM kie_limits").fetchall()
    assert kept == [(f"{client._driver.session.group}:submit",)]
    assert "a-key-of-the-test" not in kept[0][0]


def test_nothing_of_a_database_is_imported_without_a_store() -> None:
    import subprocess

    code = (
        "import sys, kie; c = kie.Kie('key'); "
        "print([m for m in ('sqlite3', 'kie._io.database', 'kie._io.shared_limits') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout == "[]\n"


def test_the_epoch_of_the_tests_is_later_than_any_number_that_was_taken() -> None:
    cluster = Cluster(RateLimit(), seed=8)
    assert waiting(cluster, 0, 1)[0].number > EPOCH
