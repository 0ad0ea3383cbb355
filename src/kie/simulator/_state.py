"""Floor 7: what the simulated service remembers: tasks, files, balance, limits. May import `core`, `flows`.

Nothing in here looks at a clock: every method that needs the time is told.
"""

from __future__ import annotations

import copy
import heapq
import json
import random
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import cast

import attrs

from kie._core.json import JSON, JSONObject
from kie._core.numbers import amount, positive
from kie._core.tasks import State, TaskRef
from kie._records.callbacks import SIGNATURE, TIMESTAMP, signature
from kie._records.lifecycles import Lifecycle, lifecycles
from kie.simulator._faults import FaultScript, FaultSource
from kie.simulator._media import Recipe, make
from kie.simulator._records import fold, place, put, put_urls, report, satisfy, typed, word, words

SUBMISSIONS = (20, 10.0)
"""New tasks per seconds, for one key. Source: the vendor's documentation."""
READS = (10, 1.0)
"""Looks per second, for one key. Source: the vendor's documentation."""
LINK_SECONDS = 1200.0
"""How long a download link works. Source: the vendor's documentation."""
CACHED_FILES = 256

MARKET = "jobs"

PRICES = {"image": Decimal("4.5"), "video": Decimal("35.25"), "audio": Decimal("2.4"), "music": Decimal(12)} | {
    "stems": Decimal(10),
    "json": Decimal(1),
}
"""Credits for one task, by kind of result: plain figures, not the vendor's."""


FIXED_ROUTES = {
    ("GET", "/api/v1/chat/credit"): "getCredits",
    ("POST", "/api/v1/common/download-url"): "getDownloadUrl",
    ("POST", "/api/v1/gpt4o-image/download-url"): "getGpt4oDownloadUrl",
    ("POST", "/api/file-stream-upload"): "uploadStream",
    ("POST", "/api/file-url-upload"): "uploadUrl",
    ("POST", "/api/file-base64-upload"): "uploadData",
    ("GET", "/client/v1/model-pricing/count"): "countPrices",
    ("POST", "/client/v1/model-pricing/page"): "listPrices",
}
"""Method and path of the operations that belong to no family of tasks."""


@attrs.frozen(kw_only=True)
class Accepted:
    """A submission that created a task."""

    task_id: str
    model: str
    input: JSONObject


@attrs.frozen(kw_only=True)
class StoredFile:
    """An uploaded file."""

    content_type: str
    body: bytes = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Callback:
    """A report on an ended task, ready to be posted."""

    task_id: str
    url: str
    headers: dict[str, str]
    body: bytes = attrs.field(repr=False)


@attrs.define(kw_only=True)
class SimTask:
    """One task. `duration` is what its model would have taken, in seconds; `ends` already counts the speed."""

    id: str
    number: int
    row: Lifecycle
    model: str
    input: JSONObject
    kind: str
    created: float
    duration: float
    ends: float
    price: Decimal
    busy_word: str
    callback_url: str | None = None
    failure: tuple[str, str] | None = None
    done: bool = False
    hidden_looks: int = 0
    forced_state: str | None = None
    forced_looks: int = 0
    files: dict[str, Recipe] = attrs.field(factory=dict)
    data: JSON = None
    parts: tuple[str, ...] = ()


class Simulator:
    """A simulated account at a simulated service.

    `credits` is the balance, `speed` how many seconds of a model's work pass in one. `keys` are the keys that
    work; None takes any. `limits` turns the documented rate limits on. `accept_unknown` takes models and fields
    that the catalog does not know. `webhook_key` signs callbacks. `base_url` is where results are served.
    `faults` is a script (`kie.simulator._faults`). `seed` decides ids and durations. `wall_offset` turns the
    clock that `now` is read from into seconds since 1970. Raises `ConfigError`.

    `speed` shortens the wait and nothing else: a record's `costTime` is what the model would have taken.

    For tests: `accepted` lists the submissions that created a task, `log` every request as (operation, outcome),
    `leaked_keys` the paths of files that were asked for with a key, `deliveries` every attempt to post a callback.
    """

    def __init__(
        self,
        *,
        credits: Decimal | float | str = 1000,
        speed: float = 1.0,
        keys: Collection[str] | None = None,
        limits: bool = True,
        accept_unknown: bool = False,
        webhook_key: str | None = None,
        base_url: str = "https://files.kie.example",
        faults: FaultSource = None,
        seed: int = 0,
        wall_offset: float = 0.0,
    ) -> None:
        positive("speed", speed)
        self.credits = amount("credits", credits)
        self.speed = speed
        self.keys = None if keys is None else frozenset(keys)
        self.limits = limits
        self.accept_unknown = accept_unknown
        self.webhook_key = webhook_key
        self.base_url = base_url.rstrip("/")
        self.faults = FaultScript.load(faults)
        self.wall_offset = wall_offset
        self.accepted: list[Accepted] = []
        self.log: list[tuple[str, str]] = []
        self.leaked_keys: list[str] = []
        self.deliveries: list[tuple[str, str]] = []
        self.tasks: dict[str, SimTask] = {}
        self.uploads: dict[str, StoredFile] = {}
        self.owners: dict[str, SimTask] = {}
        self.submits: dict[str, Lifecycle] = {}
        self.polls: dict[str, list[Lifecycle]] = {}
        self.routes = dict(FIXED_ROUTES)
        for row in lifecycles():
            for operation, submission in row.submit.items():
                self.submits[operation] = row
                call = submission.call({})
                self.routes[call.method, call.path] = operation
            if row.poll is not None:
                call = row.reading("")
                self.polls.setdefault(call.operation, []).append(row)
                self.routes[call.method, call.path] = call.operation
        self._seed = seed
        self._random = random.Random(f"kie-simulator:{seed}")  # noqa: S311 - it is to be repeatable
        self._lock = threading.RLock()
        self._submissions: dict[str, deque[float]] = {}
        self._reads: dict[str, deque[float]] = {}
        self._ends: list[tuple[float, int, SimTask]] = []
        self._reports: list[tuple[float, int, SimTask]] = []
        self._ended: deque[tuple[SimTask, Decimal]] = deque()
        self._links: dict[str, float] = {}
        self._cache: OrderedDict[str, bytes] = OrderedDict()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the one lock that guards everything here."""
        with self._lock:
            yield

    # time

    def wall(self, now: float) -> float:
        """Seconds since 1970."""
        return now + self.wall_offset

    def milliseconds(self, now: float) -> int:
        """The same in whole milliseconds, as the service counts."""
        return int(self.wall(now) * 1000)

    # chance

    def new_id(self) -> str:
        """32 hex characters."""
        return f"{self._random.getrandbits(128):032x}"

    def spread(self, number: int) -> float:
        """A factor from 0.75 to 1.25 that depends on the seed and the task's number alone."""
        return random.Random(f"{self._seed}:{number}").uniform(0.75, 1.25)  # noqa: S311 - it is to be repeatable

    # limits

    def take_submission(self, key: str, now: float) -> bool:
        """Count a submission. False if it is over the limit."""
        return self._take(self._submissions, SUBMISSIONS, key, now)

    def take_read(self, key: str, now: float) -> bool:
        """Count a look at a task. False if it is over the limit."""
        return self._take(self._reads, READS, key, now)

    def _take(self, logs: dict[str, deque[float]], limit: tuple[int, float], key: str, now: float) -> bool:
        if not self.limits:
            return True
        most, window = limit
        log = logs.setdefault(key, deque())
        while log and log[0] <= now - window:
            log.popleft()
        if len(log) >= most:
            return False
        log.append(now)
        return True

    # tasks

    def add(self, task: SimTask) -> None:
        """Keep an accepted task and charge for it."""
        self.credits -= task.price
        self.tasks[_key(task.row.name, task.id)] = task
        self.owners.update(dict.fromkeys(task.files, task))
        self.accepted.append(Accepted(task_id=task.id, model=task.model, input=task.input))
        heapq.heappush(self._ends, (task.ends, task.number, task))
        if task.callback_url is not None:
            heapq.heappush(self._reports, (task.ends, task.number, task))

    def fail(self, task: SimTask, failure: tuple[str, str], now: float) -> None:
        """End a running task as failed, at once."""
        if not task.done:
            task.failure, task.ends = failure, now
            self._end(task)

    def finish_now(self, task: SimTask) -> None:
        """End a task in the moment in which it was submitted."""
        task.ends = task.created
        if not task.done:
            self._end(task)

    def settle(self, now: float) -> None:
        """End every task whose time has come; a failed one gives its credits back."""
        while self._ends and self._ends[0][0] <= now:
            task = heapq.heappop(self._ends)[2]
            if not task.done:
                self._end(task)

    def _end(self, task: SimTask) -> None:
        task.done = True
        if task.failure is not None:
            self.credits += task.price
        if task.callback_url is not None:
            self._ended.append((task, self.credits))

    def find(self, lifecycle: str, task_id: str) -> SimTask | None:
        """The task of a family with this id."""
        return self.tasks.get(_key(lifecycle, task_id))

    def known(self, name: str) -> bool:
        """Whether this is the id of a task that has succeeded, or of a part of one: a track, a voice …"""
        good = (task for task in self.tasks.values() if task.done and task.failure is None)
        return any(name == task.id or name in task.parts for task in good)

    def shares_record(self, row: Lifecycle, base: str) -> bool:
        """Whether a task of this family has the id of the task that it builds on: both are read in one place."""
        return any(
            other.name != row.name and other.poll == row.poll and self.find(other.name, base) is not None
            for rows in self.polls.values()
            for other in rows
        )

    def busy_word(self, row: Lifecycle, generating: bool) -> str:
        """What a family calls a task that is at work."""
        order: list[State] = ["running", "queued"] if generating or row.name != MARKET else ["queued", "running"]
        return next((found for state in order if (found := word(row.states, state))), "")

    def record(self, task: SimTask, now: float = float("inf")) -> JSONObject:
        """The record of a task, as a look at it finds it."""
        ended = task.done and task.forced_looks == 0
        state: State = ("failed" if task.failure else "succeeded") if ended else "running"
        if task.row.name == MARKET:
            return self._market_record(task, state, ended)
        row, document = task.row, cast("JSONObject", {"data": {}})
        data = cast("JSONObject", document["data"])
        for path in row.task_id[:1] or ["/data/taskId"] if task.row.kind != "immediate" else ():
            put(document, path, task.id)
        if state == "succeeded":
            place(document, row, task.data, self._urls(task.files))
        elif not ended:
            self._partial(document, task, now)
        said = word(row.states, state) if ended else task.forced_state or self._busy(task, now)
        if row.state and said:
            put(document, row.state[0], typed(said))
        if state == "succeeded":
            satisfy(document, row.states, said)
        if ended and task.failure:
            for pointers, text in zip((row.fail_code, row.fail_message), task.failure, strict=True):
                if pointers:
                    put(document, pointers[0], typed(text))
        for pointers, moment in (
            (row.times.created, task.created),
            (row.times.completed, task.ends if ended else None),
        ):
            if pointers and "*" not in pointers[0]:
                put(document, pointers[0], None if moment is None else self.milliseconds(moment))
        if row.credits:
            put(document, row.credits[0], 0.0 if ended and task.failure else float(task.price))
        fold(document, row.embedded)
        return data

    def placed(self, row: Lifecycle, data: JSON, names: Iterable[str]) -> JSON:
        """The `data` of an answer that holds a result and nothing else."""
        document: JSONObject = {"data": {}}
        place(document, row, data, self._urls(names))
        return document["data"]

    def _urls(self, names: Iterable[str]) -> list[JSON]:
        return [f"{self.base_url}/results/{name}" for name in names]

    def _busy(self, task: SimTask, now: float) -> str:
        """The word for how far a task is, where its family has several."""
        said = words(task.row.states, "running")
        return said[self._stage(task, now)] if len(said) > 2 and task.kind == "music" else task.busy_word

    def _stage(self, task: SimTask, now: float) -> int:
        """0, 1 or 2: nothing yet, the texts are there, the first track is there."""
        done = (min(now, task.ends) - task.created) / max(task.ends - task.created, 1e-9)
        return min(2, int(done * 3))

    def _partial(self, document: JSONObject, task: SimTask, now: float) -> None:
        """What a piece of music shows before it is finished."""
        stage = self._stage(task, now) if task.kind == "music" and not task.failure else 0
        if stage:
            place(document, task.row, copy.deepcopy(task.data), [])
            put_urls(document, task.row.urls, [*self._urls(task.files)[: stage - 1]])

    def _market_record(self, task: SimTask, state: State, ended: bool) -> JSONObject:
        said = str(word(task.row.states, state)) if ended else task.forced_state or task.busy_word
        good = ended and task.failure is None
        failed = task.failure if ended else None
        result: JSON = task.data if task.data is not None else {"resultUrls": self._urls(task.files)}
        parameters: JSONObject = {"input": _text(task.input), "model": task.model}
        if task.callback_url is not None:
            parameters[str(task.row.submission().callback)] = task.callback_url
        return {
            "taskId": task.id,
            "model": task.model,
            "state": said,
            "param": _text(parameters),
            "resultJson": _text(result) if good else "",
            "failCode": failed[0] if failed else None,
            "failMsg": failed[1] if failed else None,
            "costTime": int(task.duration) if ended else None,
            "completeTime": self.milliseconds(task.ends) if ended else None,
            "createTime": self.milliseconds(task.created),
            "creditsConsumed": 0.0 if failed else float(task.price),
        }

    # callbacks

    def due_callbacks(self, now: float) -> list[Callback]:
        """The reports that are due, each given once."""
        with self._lock:
            self.settle(now)
            due = [self._callback(task, left, now) for task, left in self._ended]
            self._ended.clear()
            return due

    def next_callback(self) -> float | None:
        """When the next report is due, as far as is known now."""
        with self._lock:
            if self._ended:
                return self._ended[0][0].ends
            while self._reports and self._reports[0][2].done:
                heapq.heappop(self._reports)
            return self._reports[0][0] if self._reports else None

    def _callback(self, task: SimTask, left: Decimal, now: float) -> Callback:
        data = self.record(task)
        code, message = (501, "task failed.") if task.failure else (200, "task completed successfully.")
        if task.row.name == MARKET:
            del data["creditsConsumed"]
            cost = 0.0 if task.failure else float(task.price)
            if task.failure:
                data["resultJson"] = None
            data |= {"updateTime": data["completeTime"], "consumeCredits": cost, "remainedCredits": float(left)}
            document: JSONObject = {"data": data}
        else:
            state: State = "failed" if task.failure else "succeeded"
            document = report(task.row, task.id, state, data, task.data, self._urls(task.files))
            code = int(task.failure[0]) if task.failure and task.failure[0].isdigit() else code
            message = task.failure[1] if task.failure else message
        headers = {"content-type": "application/json"}
        if self.webhook_key is not None:
            stamp = str(int(self.wall(now)))
            headers |= {TIMESTAMP: stamp, SIGNATURE: signature(self.webhook_key, task.id, stamp)}
        spoken = f"Playground {message}" if task.row.name == MARKET else message
        body = _text({"code": code, "msg": spoken, **document}).encode("utf-8", "surrogatepass")
        return Callback(task_id=task.id, url=str(task.callback_url), headers=headers, body=body)

    # files

    def file(self, name: str) -> StoredFile | None:
        """A result by its name, made when it is first asked for; None unless its task has succeeded."""
        task = self.owners.get(name)
        # the first track of a piece of music is there before the others; its URL is told in time
        early = task is not None and task.kind == "music" and name in list(task.files)[:1]
        what = task.files[name] if task is not None and (task.done or early) and not task.failure else None
        if what is None:
            return None
        body = self._cached(name, lambda: make(what))
        return StoredFile(content_type=what.content_type, body=body)

    def _cached(self, name: str, produce: Callable[[], bytes]) -> bytes:
        if name not in self._cache:
            self._cache[name] = produce()
            while len(self._cache) > CACHED_FILES:
                self._cache.popitem(last=False)
        self._cache.move_to_end(name)
        return self._cache[name]

    def link(self, path: str, now: float) -> str:
        """A link to a result that works for 20 minutes."""
        token = f"{self._random.getrandbits(64):016x}"
        self._links[token] = now + LINK_SECONDS
        return f"{self.base_url}{path}?link={token}"

    def link_works(self, token: str, now: float) -> bool:
        """Whether a link was given out and is not too old."""
        return now <= self._links.get(token, -1.0)


def _key(lifecycle: str, task_id: str) -> str:
    return str(TaskRef(task_id, lifecycle))


def _text(value: JSON) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
