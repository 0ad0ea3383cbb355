"""Floor 5: many tasks at once, asynchronously; derived from src/kie/_batch/batch.py by `make generate`. Thin: what happens is in `flows.batch`, how in `io`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from typing import TYPE_CHECKING, TypeVar

from kie._batch.flow import Plan, Work, batch, either_of, refs_of, requests_of
from kie._core.outcomes import Outcome
from kie._core.request import Request
from kie._core.results import Result
from kie._core.tasks import HasRef
from kie._flow.effects import Flow
from kie._flow.options import Options, overridden
from kie._io.aio import AsyncDriver, AsyncSaver

if TYPE_CHECKING:
    from typing import Unpack

    from kie._flow.overrides import BatchOptions

R = TypeVar("R", bound=Result)


class AsyncBatch:
    """Many tasks at once: `client.batch`.

    Every input ends in exactly one `Outcome`, whatever happens: what is invalid, refused, failed, late, of unknown
    outcome or not reached any more is told there, not raised. Inputs that are equal are separate inputs.

    All methods take these. `concurrency` is how many inputs are worked on at a time, from the check until the result
    (5 by default, at least 1; None: all at once). It costs no thread for a task that is waited for. `batch_timeout` is
    how many seconds the whole may take, `timeout` (an option, see `kie._flow.options.Options`) how long one
    task is waited for. At the end of the time whatever is unfinished has a `TaskTimeout`, and what was not sent a
    `BatchStopped`; no submission begins in the last two seconds. `stop_on_failure` ends the batch in the same way
    after the first outcome that is an error. `progress(done, total, outcome)` is called after each. `on_submission(
    index, ref)` is called just before an input is submitted, with None, and again with its ref: if it raises the
    first time, nothing is sent. Functions of yours are called one at a time.

    Cancellation, or an error in `progress`, stops the batch: a submission that is under way is waited for, so that its ref
    is known. Then the error is raised; it has all outcomes in `error.outcomes`. Methods raise `ConfigError` for a
    figure that makes no sense, before anything is sent.
    """

    def __init__(self, driver: AsyncDriver, options: Options) -> None:
        self._driver = driver
        self._options = options

    async def run(self, requests: Iterable[Request[R]], **options: Unpack[BatchOptions]) -> list[Outcome[R]]:
        """Submit requests and wait for their results. Returns the outcomes in the order of the requests."""
        return await self._driver.gather(self._flow(requests_of(requests), options))

    def stream(
        self, inputs: Iterable[Request[R] | HasRef | str], **options: Unpack[BatchOptions]
    ) -> AsyncGenerator[Outcome[R], None]:
        """The same, giving each outcome as soon as it is there; `outcome.index` says which input it belongs to.

        An input may also be a task (its ref, id, handle or result): that is only waited for. The work goes on while
        you are busy with an outcome. Leaving the loop early stops the batch (on trio,
        have `contextlib.aclosing` around it).
        """
        return self._driver.stream(self._flow(either_of(inputs), options))

    async def submit(self, requests: Iterable[Request[R]], **options: Unpack[BatchOptions]) -> list[Outcome[R]]:
        """Submit requests without waiting for results: outcomes with a `ref`, in the order of the requests."""
        return await self._driver.gather(self._flow(requests_of(requests), options, finish=False))

    async def wait(
        self, refs: Iterable[str | HasRef | Outcome[R]], **options: Unpack[BatchOptions]
    ) -> list[Outcome[R]]:
        """Wait for tasks: ids, refs, handles, or the outcomes of `submit`. Outcomes in the order of the refs.

        `concurrency` is None by default: a task that is waited for costs next to nothing.
        """
        return await self._driver.gather(self._flow(refs_of(refs), {"concurrency": None, **options}))

    def _flow(self, work: list[Work], given: BatchOptions, *, finish: bool = True) -> Flow[None]:
        plan, overrides = Plan.split(given, finish=finish)
        options = overridden(self._options, overrides)
        return batch(options, work, plan, AsyncSaver(self._driver, options))
