"""Simulator: the simulated service: its settings, and all that it remembers. May import `_core`, `_policy`, `_records`.

Nothing in here reads a clock: a method that needs the time takes it as an argument.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal

import attrs

from kie._core.json import JSON, JSONObject
from kie._core.numbers import amount, positive
from kie._records.callbacks import SIGNATURE, TIMESTAMP, signature
from kie.simulator._callback_queue import Callback, CallbackQueue
from kie.simulator._faults import FaultScript, FaultSource
from kie.simulator._file_store import FileStore, StoredFile
from kie.simulator._rate_limiter import RateLimiter
from kie.simulator._task_record import RecordWriter
from kie.simulator._task_store import SimTask, TaskStore


@attrs.frozen(kw_only=True)
class Accepted:
    """A submission that created a task."""

    task_id: str
    """The id of the task."""
    model: str
    """The id of the model; for a submission that fits no model of the catalog, the name of its operation."""
    input: JSONObject
    """The fields that were submitted, without the callback URL."""


class Simulator:
    """A simulated account at a simulated service.

    Args:
        credits: The balance to begin with, at least 0.
        speed: How many seconds of a model's work pass in one, more than 0. It shortens the wait and nothing else: a
            record's `costTime` is what the model would have taken.
        keys: The keys that work. None takes any.
        limits: Whether the documented rate limits apply.
        accept_unknown: Whether models and fields that the catalog does not know are taken.
        webhook_key: Signs callbacks. None leaves them unsigned.
        base_url: Where results are served.
        faults: A script: a list of rules, or the path of a JSON file. `kie.simulator._faults` lists the faults.
        seed: Decides ids and durations.
        wall_offset: What to add to the clock that `now` is read from for seconds since 1970.

    Raises:
        ConfigError: A number is out of bounds, or the script has faults; all of them are listed.
    """

    credits: Decimal
    """The balance."""
    speed: float
    """How many seconds of a model's work pass in one."""
    keys: frozenset[str] | None
    """The keys that work; None takes any."""
    limits: bool
    """Whether the documented rate limits apply."""
    accept_unknown: bool
    """Whether models and fields that the catalog does not know are taken."""
    webhook_key: str | None
    """Signs callbacks."""
    base_url: str
    """Where results are served."""
    faults: FaultScript
    """The script of faults."""
    wall_offset: float
    """What to add to the clock for seconds since 1970."""
    accepted: list[Accepted]
    """The submissions that created a task, in order."""
    log: list[tuple[str, str]]
    """Every request as (operation, outcome): the code of the answer, its HTTP status, or the fault that fired."""
    leaked_keys: list[str]
    """The paths of files that were asked for with a key."""
    deliveries: list[tuple[str, str]]
    """Every attempt to post a callback as (URL, outcome)."""

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
        self.accepted, self.log, self.leaked_keys, self.deliveries = [], [], [], []
        self.store = TaskStore(self._on_end)
        self.files = FileStore()
        self.limiter = RateLimiter(enabled=limits)
        self._callbacks = CallbackQueue()
        self._seed = seed
        self._random = random.Random(f"kie-simulator:{seed}")  # noqa: S311 - it is to be repeatable
        self._lock = threading.RLock()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the one lock that guards everything here.

        Yields:
            Nothing; the lock is released at the end of the block.
        """
        with self._lock:
            yield

    def wall(self, now: float) -> float:
        """The time by the calendar.

        Args:
            now: The moment of the clock.

        Returns:
            Seconds since 1970.
        """
        return now + self.wall_offset

    def milliseconds(self, now: float) -> int:
        """The time by the calendar, as the service counts it.

        Args:
            now: The moment of the clock.

        Returns:
            Milliseconds since 1970.
        """
        return int(self.wall(now) * 1000)

    def new_id(self) -> str:
        """An id for a task, or for a part of one.

        Returns:
            32 random hex characters; the seed decides which.
        """
        return f"{self._random.getrandbits(128):032x}"

    def spread(self, number: int) -> float:
        """How much longer or shorter than usual a task takes.

        Args:
            number: How many tasks were accepted before it.

        Returns:
            A factor from 0.75 to 1.25 that depends on the seed and the number alone.
        """
        return random.Random(f"{self._seed}:{number}").uniform(0.75, 1.25)  # noqa: S311 - it is to be repeatable

    @property
    def tasks(self) -> Mapping[str, SimTask]:
        """Every accepted task by the text of its ref."""
        return self.store.by_ref

    @property
    def uploads(self) -> Mapping[str, StoredFile]:
        """Every uploaded file by its path."""
        return self.files.uploads

    def accept(self, task: SimTask) -> None:
        """Keep a task, and charge for it.

        Args:
            task: The task; the balance must cover its price.
        """
        self.credits -= task.price
        self.store.add(task)
        self.files.own(task, task.files)
        self._callbacks.expect(task)
        self.accepted.append(Accepted(task_id=task.id, model=task.model, input=task.input))

    def _on_end(self, task: SimTask) -> None:
        """A failed task gives its credits back."""
        if task.failure is not None:
            self.credits += task.price
        self._callbacks.end(task, self.credits)

    def record(self, task: SimTask, now: float = float("inf")) -> JSONObject:
        """The record of a task.

        Args:
            task: The task.
            now: The moment of the clock at which it is polled.

        Returns:
            The `data` of the answer to the poll.
        """
        return self._writer(task, now).record()

    def _writer(self, task: SimTask, now: float) -> RecordWriter:
        return RecordWriter(task=task, now=now, urls=self.urls(task.files), milliseconds=self.milliseconds)

    def urls(self, names: Iterable[str]) -> list[JSON]:
        """Where results are served.

        Args:
            names: The names of the results.

        Returns:
            Their URLs, in order.
        """
        return [f"{self.base_url}/results/{name}" for name in names]

    def link(self, path: str, now: float) -> str:
        """Create a link to a result that works for 20 minutes.

        Args:
            path: The path of the result's URL.
            now: The moment of the clock.

        Returns:
            The link.
        """
        token = f"{self._random.getrandbits(64):016x}"
        self.files.open_link(token, now)
        return f"{self.base_url}{path}?link={token}"

    def due_callbacks(self, now: float) -> list[Callback]:
        """Take the callbacks that are due.

        Args:
            now: The moment of the clock.

        Returns:
            The callbacks of the tasks that have ended; each is given once.
        """
        with self._lock:
            self.store.settle(now)
            return [self._callback(task, balance, now) for task, balance in self._callbacks.take()]

    def next_callback(self) -> float | None:
        """When the next callback is due.

        Returns:
            A moment of the clock; None if no task with a callback URL is at work.
        """
        with self._lock:
            return self._callbacks.next_due()

    def _callback(self, task: SimTask, balance: Decimal, now: float) -> Callback:
        headers = {"content-type": "application/json"}
        if self.webhook_key is not None:
            stamp = str(int(self.wall(now)))
            headers |= {TIMESTAMP: stamp, SIGNATURE: signature(self.webhook_key, task.id, stamp)}
        body = self._writer(task, float("inf")).callback(balance)
        return Callback(task_id=task.id, url=str(task.callback_url), headers=headers, body=body)
