"""Floor 1: what became of one input of a batch. May import only `core`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, Literal, TypeAlias, TypeVar

import attrs

from kie._core.errors import (
    ApiError,
    BatchStopped,
    ConfigError,
    ModelRetired,
    ResultInvalid,
    SubmitUnknown,
    TaskFailed,
)
from kie._core.tasks import TaskRef

if TYPE_CHECKING:
    from kie._core.request import Request
    from kie._core.results import Result

R_co = TypeVar("R_co", bound="Result", covariant=True)

OnSubmission: TypeAlias = Callable[[int, TaskRef | None], object]
OutcomeState: TypeAlias = Literal["succeeded", "failed", "submitted", "unknown", "invalid", "stopped"]


@attrs.frozen(kw_only=True)
class Outcome(Generic[R_co]):
    """What became of one input: exactly one for each, whatever happens.

    `index` is the input's place, from 0. `request` is what was to be submitted, None for a task that was only waited
    for; `ref` is the task, as soon as there is one, also beside an error. Of `result` and `error` one at most is set;
    neither after `batch.submit`. `started`, `submitted` and `ended` are seconds since the batch began: when work on
    this input began, when its task was accepted, and when it was over; None for what did not happen.
    """

    index: int
    request: Request[R_co] | None = None
    ref: TaskRef | None = None
    result: R_co | None = None
    error: Exception | None = None
    started: float | None = None
    submitted: float | None = None
    ended: float

    @property
    def ok(self) -> bool:
        """Whether nothing went wrong."""
        return self.error is None

    @property
    def state(self) -> OutcomeState:
        """What is known of the task.

        `succeeded` and `failed` have ended; without a `ref` the service refused it, or was not reached, and nothing
        was created. `submitted` goes on, as far as is known. `unknown` may exist, and was not sent again. `invalid`
        was refused here, before anything was sent. `stopped` was not sent because the batch ended before.
        """
        error = self.error
        if self.result is not None:
            return "succeeded"
        if isinstance(error, (TaskFailed, ResultInvalid)):
            return "failed"
        if self.ref is not None:
            return "submitted"
        if isinstance(error, SubmitUnknown) or (isinstance(error, ApiError) and error.task_created is None):
            return "unknown"
        if isinstance(error, BatchStopped):
            return "stopped"
        return "invalid" if isinstance(error, (ValueError, ConfigError, ModelRetired)) else "failed"

    def unwrap(self) -> R_co:
        """The result. Raises the error, or `LookupError` after `batch.submit`, which does not wait for any."""
        if self.error is not None:
            raise self.error
        if self.result is None:
            raise LookupError(f"task {self.ref} was not waited for")
        return self.result


OnOutcome: TypeAlias = "Callable[[int, int, Outcome[Result]], object]"


def ordered(outcomes: list[Outcome[R_co]]) -> list[Outcome[R_co]]:
    """Outcomes in the order of the inputs."""
    return sorted(outcomes, key=lambda outcome: outcome.index)


def attach(error: BaseException, outcomes: list[Outcome[R_co]]) -> None:
    """Give an error that ends a batch the outcomes so far: `error.outcomes`, and a note that says so."""
    error.outcomes = ordered(outcomes)  # type: ignore[attr-defined]
    going = [str(outcome.ref) for outcome in error.outcomes if outcome.state == "submitted"]  # type: ignore[attr-defined]
    goes_on = f"; tasks that go on: {', '.join(going[:10])}{' …' if len(going) > 10 else ''}" if going else ""
    error.add_note(f"the batch ended early; its {len(outcomes)} outcomes are in error.outcomes{goes_on}")
