"""Simulator: the settings and the state of the simulated service. May import `_core`, `_policy`, `_records`.

Nothing here reads a clock: a method that needs the time takes it as an argument.
"""

from __future__ import annotations

import random
import threading
from collections import deque
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import unquote, urlsplit

import attrs

from kie._core.json import JSON, JSONObject
from kie._core.numbers import amount, figures
from kie._records.callbacks import SIGNATURE, TIMESTAMP, signature
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


@attrs.frozen(kw_only=True)
class Callback:
    """A callback for a task that has ended, ready to be posted."""

    task_id: str
    """The id of the task."""
    url: str
    """Where it goes: the callback URL of the submission."""
    headers: dict[str, str]
    """The headers to post, with the signature if the simulator has a webhook key."""
    body: bytes = attrs.field(repr=False)
    """The JSON to post."""


def _credits(value: Decimal | float | str) -> Decimal:
    return amount("credits", value)


def _keys(value: Collection[str] | None) -> frozenset[str] | None:
    return None if value is None else frozenset(value)


def _script(source: FaultSource) -> FaultScript:
    return FaultScript.load(source)


def _base_url(value: str) -> str:
    return value.rstrip("/")


@attrs.define(kw_only=True, eq=False)
class Simulator:
    """A simulated account at a simulated service.

    Raises:
        ConfigError: A number is out of bounds, or the script has faults; all of them are listed.
    """

    credits: Decimal = attrs.field(default=Decimal(1000), converter=_credits)
    """The balance; to begin with at least 0."""
    speed: float = attrs.field(default=1.0, validator=lambda simulator, *_: figures(simulator, "speed"))
    """How many seconds of a model's work pass in one, more than 0. It shortens the wait and nothing else: a record's
    `costTime` is what the model would have taken."""
    keys: frozenset[str] | None = attrs.field(default=None, converter=_keys, repr=False)
    """The keys that work; None accepts any."""
    limits: bool = True
    """Whether the documented rate limits apply."""
    accept_unknown: bool = False
    """Whether models and fields that the catalog does not know are accepted."""
    webhook_key: str | None = attrs.field(default=None, repr=False)
    """Signs callbacks; None leaves them unsigned."""
    base_url: str = attrs.field(default="https://files.kie.example", converter=_base_url)
    """Where results are served."""
    faults: FaultScript = attrs.field(default=None, converter=_script)
    """What goes wrong: a list of rules, or the path of a JSON file. `kie.simulator._faults` lists the faults."""
    seed: int | None = 0
    """Determines ids and durations; None makes new ones in each run."""
    wall_offset: float = 0.0
    """What to add to the clock that `now` is read from for seconds since 1970."""
    accepted: list[Accepted] = attrs.field(init=False, factory=list)
    """The submissions that created a task, in order."""
    log: list[tuple[str, str]] = attrs.field(init=False, factory=list, repr=False)
    """Every request as (operation, outcome): the code of the answer, its HTTP status, or the fault that fired."""
    leaked_keys: list[str] = attrs.field(init=False, factory=list)
    """The paths of files that were requested with a key."""
    deliveries: list[tuple[str, str]] = attrs.field(init=False, factory=list)
    """Every attempt to post a callback as (URL, outcome)."""
    files: FileStore = attrs.field(init=False, factory=FileStore, repr=False)
    """What can be downloaded: uploads and results."""
    limiter: RateLimiter = attrs.field(init=False, factory=RateLimiter, repr=False)
    """Counts the requests of each key."""
    lock: threading.RLock = attrs.field(init=False, factory=threading.RLock, repr=False)
    """The one lock that guards everything here."""
    store: TaskStore = attrs.field(init=False, repr=False)
    """The accepted tasks."""
    _ended: deque[tuple[SimTask, Decimal]] = attrs.field(init=False, factory=deque, repr=False)
    _random: random.Random = attrs.field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        self.store = TaskStore(self._on_end)
        self.seed = random.SystemRandom().getrandbits(64) if self.seed is None else self.seed
        self._random = random.Random(f"kie-simulator:{self.seed}")  # noqa: S311 - it is to be repeatable

    def wall(self, now: float) -> float:
        """The time by the calendar.

        Args:
            now: The moment of the clock.

        Returns:
            Seconds since 1970.
        """
        return now + self.wall_offset

    def today(self, now: float) -> date:
        """The day by the calendar.

        Args:
            now: The moment of the clock.

        Returns:
            The day in UTC.
        """
        return datetime.fromtimestamp(self.wall(now), UTC).date()

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
        return random.Random(f"{self.seed}:{number}").uniform(0.75, 1.25)  # noqa: S311 - it is to be repeatable

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
        self.files.own(task, task.files | task.more_files)
        self.accepted.append(Accepted(task_id=task.id, model=task.model, input=task.input))

    def _on_end(self, task: SimTask) -> None:
        """Refund the credits of a task that failed."""
        if task.failure is not None:
            self.credits += task.price
        if task.callback_url is not None:
            self._ended.append((task, self.credits))

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

    def seconds(self, url: str) -> float | None:
        """Get the length of a file that was uploaded or made here.

        Args:
            url: Its URL.

        Returns:
            The length in seconds; None if it is a file of somebody else, or cannot be measured.
        """
        path = urlsplit(url).path
        here = urlsplit(self.base_url)
        if not url.startswith(f"{here.scheme}://{here.netloc}/") or not path.startswith(f"{here.path}/"):
            return None
        folder, _, name = unquote(path.removeprefix(f"{here.path}/")).partition("/")
        return self.files.seconds(folder, name)

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
        with self.lock:
            self.store.settle(now)
            due = [self._callback(task, balance, now) for task, balance in self._ended]
            self._ended.clear()
            return due

    def next_callback(self) -> float | None:
        """When the next callback is due.

        Returns:
            A moment of the clock; None if no task with a callback URL is at work.
        """
        with self.lock:
            tasks = [task for task, _ in self._ended] or self.store.unfinished()
            return min((task.ends for task in tasks if task.callback_url is not None), default=None)

    def _callback(self, task: SimTask, balance: Decimal, now: float) -> Callback:
        task.end_seen, task.forced_state, task.forced_polls = True, None, 0
        headers = {"content-type": "application/json"}
        if self.webhook_key is not None:
            stamp = str(int(self.wall(now)))
            headers |= {TIMESTAMP: stamp, SIGNATURE: signature(self.webhook_key, task.id, stamp)}
        body = self._writer(task, float("inf")).callback(balance)
        return Callback(task_id=task.id, url=str(task.callback_url), headers=headers, body=body)
