"""Core: the outcome of one input of a batch. May import only `_core`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, Literal, NoReturn, TypeAlias, TypeVar

import attrs

from kie._core.errors import (
    BatchStopped,
    BudgetExceeded,
    ConfigError,
    ModelRetired,
    ResultInvalid,
    SubmitUnknown,
    TaskFailed,
    annotate,
)
from kie._core.later import later
from kie._core.request import Request
from kie._core.results import AnyResult, Result
from kie._core.safe_text import attribute_of
from kie._core.tasks import TaskRef

if TYPE_CHECKING:
    from kie._core.estimates import Estimate
else:
    Estimate = later("kie._core.estimates", "Estimate")

R_co = TypeVar("R_co", bound=AnyResult, covariant=True)

OnSubmission: TypeAlias = Callable[[int, TaskRef | None], object]
OnPostponed: TypeAlias = Callable[[int], object]
OutcomeState: TypeAlias = Literal["succeeded", "failed", "submitted", "unknown", "invalid", "stopped"]


@attrs.frozen(kw_only=True)
class AnyOutcome(Generic[R_co]):
    """What became of one input of a batch: `Ok`, `Failed`, or after `batch.submit` also `Submitted`."""

    index: int
    """The position of the input, from 0."""
    request: Request[Result] | None = None
    """The request; None for a task that the batch only waited for."""
    ref: TaskRef | None
    """The task, once it exists. It may be set together with an error."""
    started: float | None = None
    """When work on the input started, in seconds since the batch began; None if it did not."""
    submitted: float | None = None
    """When the service accepted the task, in seconds since the batch began; None if it did not."""
    ended: float
    """When work on the input ended, in seconds since the batch began."""
    attempts: int = 0
    """How often it was submitted: more than once only with `retry_free`, after a task that failed at no cost."""
    _estimating: Callable[[], Estimate] | None = attrs.field(default=None, alias="estimating", repr=False, eq=False)

    def _repr_html_(self) -> str:
        """What a notebook shows: the result, or what went wrong."""
        from kie._core import notebook

        return notebook.of_outcome(self, getattr(self, "result", None), getattr(self, "error", None))

    @property
    def estimate(self) -> Estimate | None:
        """The estimated cost of the request; None for a task that the batch only waited for."""
        return None if self._estimating is None else self._estimating()


@attrs.frozen(kw_only=True)
class Ok(AnyOutcome[R_co]):
    """An input whose task succeeded."""

    ref: TaskRef
    """The task."""
    result: R_co
    """The result of the task."""
    error: None = None
    """None: nothing went wrong."""

    @property
    def ok(self) -> Literal[True]:
        """True: there is no error."""
        return True

    @property
    def state(self) -> Literal["succeeded"]:
        """`succeeded`."""
        return "succeeded"

    def unwrap(self) -> R_co:
        """Get the result.

        Returns:
            The result.
        """
        return self.result


@attrs.frozen(kw_only=True)
class Submitted(AnyOutcome[R_co]):
    """An input whose task was submitted, and not waited for."""

    ref: TaskRef
    """The task."""
    result: None = None
    """None: the task was not waited for."""
    error: None = None
    """None: nothing went wrong."""

    @property
    def ok(self) -> Literal[True]:
        """True: there is no error."""
        return True

    @property
    def state(self) -> Literal["submitted"]:
        """`submitted`: it keeps running, as far as is known."""
        return "submitted"

    def unwrap(self) -> NoReturn:
        """There is no result yet.

        Raises:
            LookupError: Always: `batch.submit` does not wait for results.
        """
        raise LookupError(f"task {self.ref} was not waited for")


@attrs.frozen(kw_only=True)
class Failed(AnyOutcome[R_co]):
    """An input without a known result: see `state`."""

    ref: TaskRef | None = None
    """The task, if it exists: it may still run."""
    result: None = None
    """None: there is no result."""
    error: Exception
    """What went wrong."""

    @property
    def ok(self) -> Literal[False]:
        """False: there is an error."""
        return False

    @property
    def state(self) -> Literal["failed", "submitted", "unknown", "invalid", "stopped"]:
        """What is known of the task.

        `failed` has ended; without a `ref` the service refused it, or was not reached, and nothing was created.
        `submitted` keeps running, as far as is known. `unknown` may exist, and was not sent again. `invalid` was
        refused here, before anything was sent. `stopped` was not sent because the batch ended before, or for lack of
        budget.
        """
        error = self.error
        if isinstance(error, (TaskFailed, ResultInvalid)):
            return "failed"
        if self.ref is not None:
            return "submitted"
        if isinstance(error, SubmitUnknown) or attribute_of(error, "task_created", False) is None:
            return "unknown"
        if isinstance(error, (BatchStopped, BudgetExceeded)):
            return "stopped"
        return "invalid" if isinstance(error, (ValueError, ConfigError, ModelRetired)) else "failed"

    def unwrap(self) -> NoReturn:
        """Raise the error.

        Raises:
            Exception: `error`.
        """
        raise self.error


R = TypeVar("R", bound=AnyResult)

if TYPE_CHECKING:
    Outcome: TypeAlias = Ok[R] | Failed[R]
    """What became of one input of a batch that waits. `ok`, or the class, says which it is."""
else:
    Outcome = AnyOutcome  # `isinstance` does not accept a union of generic classes


OnOutcome: TypeAlias = Callable[[int, int, Outcome[AnyResult]], object]


def ordered(outcomes: list[Outcome[R]]) -> list[Outcome[R]]:
    """Sort outcomes in the order of the inputs."""
    return sorted(outcomes, key=lambda outcome: outcome.index)


class _Attached(list[object]):
    """Outcomes attached to a foreign error, which must stay picklable whatever the requests hold."""

    def __reduce__(self) -> tuple[object, ...]:
        from kie._core.portable import portable

        return list, (portable([*self]),)


def attach(error: BaseException, outcomes: list[Outcome[R]]) -> None:
    """Attach the outcomes so far to an error that ends a batch, as `error.outcomes`, and add a note that says so."""
    found = ordered(outcomes)
    going = [str(outcome.ref) for outcome in found if outcome.state == "submitted"]
    goes_on = f"; tasks that keep running: {', '.join(going[:10])}{' …' if len(going) > 10 else ''}" if going else ""
    note = f"the batch ended early; its {len(outcomes)} outcomes are in error.outcomes{goes_on}"
    annotate(error, note, outcomes=_Attached(found))
