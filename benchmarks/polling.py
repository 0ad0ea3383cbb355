"""`python -m benchmarks.polling`: how soon the end of a task is noticed, and with how many looks, in virtual time.

Deterministic. Prints tables; every target is asserted, and the exit status is 1 if one is missed. The schedules it is
compared with are common ones. The limit is the least mean delay that any schedule can have with as many looks, if the
distribution is known: found by dynamic programming over the whole sample.
"""

from __future__ import annotations

import heapq
import json
import math
import random
import sys
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import accumulate, count
from typing import Any

import attrs

from kie import PollPolicy
from kie._core.call import HttpRequest, HttpResponse
from kie._core.results import Result
from kie._flow.effects import Effect, Expect, Flow, Send, Sleep
from kie._flow.options import Options
from kie._io.process import Process
from kie._io.session import Secret, Session
from kie._io.sync import SyncSaver
from kie._policy.durations import Durations, Typical
from kie._policy.limits import SlidingLog
from kie._policy.polling import Plan
from kie._tasks.wait import run
from kie.models import NanoBananaPro
from kie.testing import VirtualClock

SAMPLE = 20_000
TRAINED, DRAWS = 50, 30

Schedule = Callable[[], Iterator[float]]


@attrs.frozen(eq=False)
class Mix:
    """A sorted sample of durations. `factor`: the most that a crowd's mean delay may be of round-robin's."""

    name: str
    durations: tuple[float, ...]
    factor: float
    unimodal: bool = True

    @property
    def typical(self) -> Typical:
        """What a catalog would say of it."""
        return Typical(self.durations[SAMPLE // 2], self.durations[SAMPLE * 95 // 100], 50)


def mixes() -> list[Mix]:
    chance = random.Random(7)

    def bimodal() -> float:
        quick = chance.random() < 0.6
        return max(chance.gauss(8, 1.5), 2.0) if quick else max(chance.gauss(90, 15), 30.0)

    def sample(draw: Callable[[], float]) -> tuple[float, ...]:
        return tuple(sorted(draw() for _ in range(SAMPLE)))

    return [
        Mix("fixed 30 s", (30.0,) * SAMPLE, 1.0),
        Mix("image (log-normal, 20 s)", sample(lambda: chance.lognormvariate(math.log(20), 0.5)), 0.75),
        Mix("video (log-normal, 3 min)", sample(lambda: chance.lognormvariate(math.log(180), 0.45)), 0.75),
        Mix("heavy tail (Pareto, from 15 s)", sample(lambda: 15 * chance.paretovariate(1.6)), 0.75),
        Mix("bimodal (8 s or 90 s)", sample(bimodal), 1.0, unimodal=False),
    ]


# Schedules


def growing(first: float, factor: float, cap: float) -> Schedule:
    def moments() -> Iterator[float]:
        now, interval = 0.0, first
        while True:
            yield now
            now, interval = now + interval, min(interval * factor, cap)

    return moments


def varied() -> Iterator[float]:
    chance, now = random.Random(1), 0.0
    while True:
        yield now
        now += 3 * chance.uniform(0.88, 1.12)


def tiers() -> Iterator[float]:
    now = 0.0
    while True:
        yield now
        now += 2.5 if now < 30 else 7.5 if now < 120 else 22.5


OTHERS: dict[str, Schedule] = {
    "0.5 s × 1.5 up to 5 s": growing(0.5, 1.5, 5.0),
    "3 s ± 12 %": varied,
    "20 s": growing(20.0, 1.0, 20.0),
    "2–3 s, 5–10 s, 15–30 s": tiers,
}


def planned(plan: Plan) -> Schedule:
    def moments() -> Iterator[float]:
        age = 0.0
        while True:
            age = plan.after(age)
            yield age

    return moments


@attrs.frozen
class Figures:
    """Mean and 95th percentile of the delay in seconds, and looks for each task."""

    mean: float
    p95: float
    looks: float

    def worse_in_both(self, other: Figures) -> bool:
        return self.mean >= other.mean and self.looks >= other.looks

    def __str__(self) -> str:
        return f"{self.mean:.2f} / {self.p95:.2f} / {self.looks:.1f}"


def measure(mix: Mix, schedule: Schedule) -> Figures:
    """What a schedule does to each duration of the sample."""
    delays: list[float] = []
    looks = start = 0
    for number, moment in enumerate(schedule(), 1):
        end = bisect_right(mix.durations, moment)
        delays.extend(moment - duration for duration in mix.durations[start:end])
        looks += number * (end - start)
        start = end
        if end == SAMPLE:
            break
    return figures(delays, looks)


def figures(delays: list[float], looks: int) -> Figures:
    delays.sort()
    return Figures(sum(delays) / len(delays), delays[len(delays) * 95 // 100], looks / len(delays))


# The limit


@cache
def limits(mix: Mix) -> list[tuple[float, float]]:
    """Looks and mean delay of the best schedules, for many prices of a look: the dearest first."""
    total = len(mix.durations)
    shares = [*(index / 400 for index in range(361)), *(1 - 0.1 * 0.0005 ** (index / 240) for index in range(1, 241))]
    grid = sorted({0.0, *(mix.durations[min(int(share * total), total - 1)] for share in shares), mix.durations[-1]})
    sums = [0.0, *accumulate(mix.durations)]
    ended = [bisect_right(mix.durations, moment) for moment in grid]
    done, area = [number / total for number in ended], [sums[number] / total for number in ended]
    return [_best(grid, done, area, 1000.0 * 0.9**step) for step in range(140)]


def _best(grid: list[float], done: list[float], area: list[float], price: float) -> tuple[float, float]:
    last = len(grid) - 1
    # delay of those that end between two looks i < j: grid[j] * (done[j] - done[i]) - (area[j] - area[i])
    cost, following = [0.0] * (last + 1), [last] * (last + 1)
    ahead = [grid[last] * done[last] - area[last]] * (last + 1)
    for index in range(last - 1, -1, -1):
        best, least = last, math.inf
        for other in range(index + 1, following[index + 1] + 1):
            value = ahead[other] - grid[other] * done[index]
            if value < least:
                best, least = other, value
        following[index] = best
        cost[index] = least + area[index] + price * (1 - done[index])
        ahead[index] = grid[index] * done[index] - area[index] + cost[index]
    looks = delay = 0.0
    index = 0
    while index < last:
        after = following[index]
        looks += 1 - done[index]
        delay += grid[after] * (done[after] - done[index]) - (area[after] - area[index])
        index = after
    return looks, delay


def limit(mix: Mix, looks: float) -> float:
    """The least mean delay with so many looks: between two schedules, a task follows one or the other by chance."""
    found = limits(mix)
    index = bisect_left(found, (looks,))
    if index == 0:
        return math.inf
    if index == len(found):
        return found[-1][1]
    (few, late), (many, soon) = found[index - 1], found[index]
    return late + (soon - late) * (looks - few) / (many - few)


# One task at a time


@attrs.define
class Report:
    """What was printed, and which targets were missed."""

    missed: list[str] = attrs.field(factory=list)

    def expect(self, holds: bool, what: str) -> None:
        if not holds:
            self.missed.append(what)
            print(f"MISSED: {what}", flush=True)

    def table(self, heads: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
        heads = list(heads)
        print("| " + " | ".join(heads) + " |")
        print("|" + "---|" * len(heads))
        for row in rows:
            print("| " + " | ".join(str(cell) for cell in row) + " |", flush=True)
        print()


def learned(mix: Mix, policy: PollPolicy) -> Iterator[Figures]:
    """A model that nothing was known of, after so many observed tasks: one for each draw."""
    chance = random.Random(3)
    for _ in range(DRAWS):
        yield measure(mix, planned(Plan(_taught(chance.choices(mix.durations, k=TRAINED)), policy)))


def _taught(durations: Iterable[float]) -> Durations:
    known = Durations()
    for duration in durations:
        known.observe(duration, duration)
    return known


def mean(many: list[Figures]) -> Figures:
    parts = zip(*((each.mean, each.p95, each.looks) for each in many), strict=True)
    return Figures(*(sum(part) / len(many) for part in parts))


def alone(report: Report, all_mixes: list[Mix]) -> None:
    print("One task: mean delay / 95th percentile (seconds) / looks\n")
    policy = PollPolicy()
    rows = []
    for mix in all_mixes:
        others = {name: measure(mix, schedule) for name, schedule in OTHERS.items()}
        draws = list(learned(mix, policy))
        ours = mean(draws)
        catalog = measure(mix, planned(Plan(Durations(mix.typical), policy)))
        unknown = measure(mix, planned(Plan(Durations(), policy)))
        rows.append([mix.name, ours, catalog, unknown, *others.values()])
        for name, other in others.items():
            report.expect(not unknown.worse_in_both(other), f"{mix.name}, unknown: {unknown} against {name}: {other}")
            report.expect(not catalog.worse_in_both(other), f"{mix.name}, catalog: {catalog} against {name}: {other}")
            report.expect(not ours.worse_in_both(other), f"{mix.name}, learned: {ours} against {name}: {other}")
        if mix.durations[0] == mix.durations[-1]:
            for what, found in (("learned", ours), ("catalog", catalog)):
                good = found.mean <= 0.05 * mix.durations[0] and found.looks <= 3
                report.expect(good, f"{mix.name}, {what}: {found}, at most 5 % and 3 looks")
    report.table(["durations", "kie, 50 observed", "kie, catalog only", "kie, unknown model", *OTHERS], rows)


def against_the_limit(report: Report, all_mixes: list[Mix]) -> None:
    print("Mean delay as a multiple of the limit with as many looks, at several settings of `thrift`")
    print("(0.005 is the default; below it nothing is promised)\n")
    rows = []
    for mix in all_mixes:
        if mix.durations[0] == mix.durations[-1]:
            continue
        for thrift in (0.0025, PollPolicy().thrift, 0.01, 0.02):
            policy = PollPolicy(thrift=thrift)
            draws = list(learned(mix, policy))
            ratios = [each.mean / limit(mix, each.looks) for each in draws]
            ratio = sum(ratios) / len(ratios)
            catalog = measure(mix, planned(Plan(Durations(mix.typical), policy)))
            alone_ratio = catalog.mean / limit(mix, catalog.looks)
            rows.append([mix.name, thrift, f"{mean(draws).looks:.1f}", f"{ratio:.2f}", f"{alone_ratio:.2f}"])
            most = 1.3 if mix.unimodal else 1.6
            where = f"{mix.name}, thrift {thrift}"
            if thrift >= PollPolicy().thrift:
                report.expect(ratio <= most, f"{where}, learned: {ratio:.2f} × the limit, {most} × allowed")
                if mix.unimodal:
                    report.expect(alone_ratio <= 1.6, f"{where}, catalog only: {alone_ratio:.2f} × the limit")
    report.table(["durations", "thrift", "looks", "50 observed", "catalog only"], rows)


def with_as_many_looks(report: Report, all_mixes: list[Mix]) -> None:
    print("Mean delay with as many looks as each schedule takes: its own / kie's after 50 observed / the limit\n")
    rows = []
    for mix in all_mixes:
        if mix.durations[0] == mix.durations[-1]:
            continue
        row: list[object] = [mix.name]
        for name, schedule in OTHERS.items():
            other = measure(mix, schedule)
            ours = _with_looks(mix, other.looks)
            row.append(f"{other.mean:.2f} / {ours.mean:.2f} / {limit(mix, other.looks):.2f} at {other.looks:.1f}")
            better = ours.mean < other.mean and ours.looks <= other.looks
            report.expect(better, f"{mix.name}: {ours} is not better than {name}: {other}")
        rows.append(row)
    report.table(["durations", *OTHERS], rows)


def _with_looks(mix: Mix, looks: float) -> Figures:
    """What kie does with at most so many looks: the least `thrift` that needs no more."""
    expected = _taught(random.Random(4).choices(mix.durations, k=TRAINED))
    low, high = -14.0, 1.0
    best = None
    for _ in range(12):
        middle = (low + high) / 2
        found = measure(mix, planned(Plan(expected, PollPolicy(thrift=2.0**middle, least=0.1, cap=600))))
        if found.looks > looks:
            low = middle
        else:
            high, best = middle, found
    assert best is not None
    return best


# Many tasks in one process


class Crowd:
    """Runs the flows of `Kie.run` side by side against a service that keeps its limits, in virtual time."""

    def __init__(self, mix: Mix, durations: list[float]) -> None:
        self.mix = mix
        self.durations = durations
        self.clock = VirtualClock()
        self.session = Session(
            key=Secret("none"),
            group="crowd",
            servers=(),
            process=Process(),
            clock=self.clock,
            luck=random.Random(1),
        )
        self.born: list[float] = []
        self.delays = [0.0] * len(durations)
        self.looks = self.refused = 0
        self._recent: dict[str, deque[float]] = {"POST": deque(), "GET": deque()}

    def run(self) -> Figures:
        driver: Any = None
        order = count()
        request = NanoBananaPro(prompt="A lighthouse at dusk")
        options = Options(timeout=10 * max(self.durations) + 1e5)
        ready: list[tuple[float, int, Flow[Result], object]] = [
            (0.0, next(order), run(options, request, SyncSaver(driver, options)), None) for _ in self.durations
        ]
        while ready:
            now, _, flow, value = heapq.heappop(ready)
            self.clock.reach(now)
            try:
                while True:
                    effect: Effect = flow.send(value)
                    if isinstance(effect, Sleep):
                        heapq.heappush(ready, (now + effect.seconds, next(order), flow, None))
                        break
                    value = self._perform(effect, now)
            except StopIteration:
                pass
        return figures(self.delays, self.looks)

    def _perform(self, effect: Effect, now: float) -> object:
        if isinstance(effect, Send):
            return self._answer(effect.request, now)
        if isinstance(effect, Expect):
            effect = attrs.evolve(effect, typical=self.mix.typical)
        return self.session.perform(effect)

    def _answer(self, request: HttpRequest, now: float) -> HttpResponse:
        recent = self._recent[request.method]
        most, window = (20, 10.0) if request.method == "POST" else (10, 1.0)
        while recent and recent[0] <= now - window:
            recent.popleft()
        if len(recent) >= most:
            self.refused += 1
            return HttpResponse(status=429, headers={}, body=b'{"code": 429, "msg": "too many requests"}')
        recent.append(now)
        if request.method == "POST":
            self.born.append(now)
            data: dict[str, object] = {"taskId": str(len(self.born) - 1)}
        else:
            self.looks += 1
            data = self._record(int(request.url.rpartition("=")[2]), now)
        return HttpResponse(status=200, headers={}, body=json.dumps({"code": 200, "data": data}).encode())

    def _record(self, task: int, now: float) -> dict[str, object]:
        born = self.born[task]
        ended = born + self.durations[task]
        record: dict[str, object] = {"taskId": str(task), "state": "waiting", "createTime": 1000 * (born + 1)}
        if now >= ended:
            self.delays[task] = now - ended
            urls = json.dumps({"resultUrls": ["https://example.com/a.png"]})
            record |= {"state": "success", "completeTime": 1000 * (ended + 1), "resultJson": urls}
        return record


def _submitted(number: int) -> list[float]:
    log = SlidingLog(20, 10.0)
    return [log.reserve(0.0) for _ in range(number)]


def round_robin(durations: list[float]) -> Figures:
    """Every waiting task in turn, at 10 reads per second."""
    born, log = _submitted(len(durations)), SlidingLog(10, 1.0)
    waiting: deque[int] = deque()
    delays: list[float] = []
    now, began, looks = 0.0, 0, 0
    while len(delays) < len(durations):
        now += log.wait(now)
        while began < len(born) and born[began] <= now:
            waiting.append(began)
            began += 1
        if not waiting:
            now = born[began]
            continue
        log.reserve(now)
        looks += 1
        task = waiting.popleft()
        late = now - born[task] - durations[task]
        if late >= 0:
            delays.append(late)
        else:
            waiting.append(task)
    return figures(delays, looks)


def each_for_itself(durations: list[float], schedule: Schedule) -> Figures:
    """Every task by its own schedule; who finds no place under the limit waits in line for one."""
    born, log = _submitted(len(durations)), SlidingLog(10, 1.0)
    moments = [schedule() for _ in durations]
    due = [(at + next(own), task) for task, (at, own) in enumerate(zip(born, moments, strict=True))]
    last = [at for at, _ in due]
    heapq.heapify(due)
    delays: list[float] = []
    looks = 0
    while due:
        at, task = heapq.heappop(due)
        now = at + log.reserve(at)
        looks += 1
        late = now - born[task] - durations[task]
        if late >= 0:
            delays.append(late)
            continue
        planned_at = born[task] + next(moments[task])
        heapq.heappush(due, (now + planned_at - last[task], task))
        last[task] = planned_at
    return figures(delays, looks)


def crowds(report: Report, all_mixes: list[Mix]) -> None:
    print("Many tasks in one process: mean delay / 95th percentile (seconds) / looks\n")
    rows = []
    for mix in all_mixes:
        for number in (1, 100, 2000):
            durations = random.Random(number).choices(mix.durations, k=number)
            crowd = Crowd(mix, durations)
            ours, turns = crowd.run(), round_robin(durations)
            others = [each_for_itself(durations, schedule) for schedule in OTHERS.values()]
            rows.append([f"{mix.name}, {number} task{'s' if number > 1 else ''}", ours, turns, *others])
            report.expect(crowd.refused == 0, f"{mix.name}, {number} tasks: {crowd.refused} times 429")
            if number == 2000:
                good = ours.mean <= mix.factor * turns.mean
                report.expect(good, f"{mix.name}: {ours} against {turns} of round-robin, {mix.factor} × allowed")
    report.table(["durations", "kie", "round-robin", *OTHERS], rows)


def main() -> int:
    report = Report()
    all_mixes = mixes()
    for part in (alone, against_the_limit, with_as_many_looks, crowds):
        part(report, all_mixes)
    print(f"{len(report.missed)} targets missed" if report.missed else "every target is met")
    return 1 if report.missed else 0


if __name__ == "__main__":
    sys.exit(main())
