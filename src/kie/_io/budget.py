"""IO: budgets: credits that are set aside before anything is uploaded or sent. May import `_core`, `_policy`."""

from __future__ import annotations

import os
import secrets
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal, Self, TypeAlias

from kie._core.errors import BudgetExceeded, ConfigError
from kie._core.estimates import Estimate, TotalEstimate, shown
from kie._core.file_names import path_of
from kie._core.json import JSONObject
from kie._core.numbers import amount
from kie._core.request import Request
from kie._core.results import Result
from kie._core.tasks import HasRef, TaskRef
from kie._io.account import Account
from kie._io.line_file import LineFile
from kie._policy.ledger import MOST, Ledger, Reservation

OnUnpriced: TypeAlias = Callable[
    [Request[Result], Estimate], Decimal | float | None | Awaitable[Decimal | float | None]
]
"""Called with a request and its estimate. Gives the credits to set aside, or None to refuse. For an `AsyncKie` it may
be async."""


def _limit(name: str, value: Decimal | float | str | None, faults: list[str]) -> Decimal | None:
    try:
        limit = None if value is None else amount(name, value)
    except ConfigError as error:
        faults.append(error.message)
        return None
    if limit is not None and limit > MOST:
        faults.append(f"{name} must be at most {shown(MOST)}, not {value!s:.40}: leave it out for no limit")
        return None
    return limit


def _path(value: str | os.PathLike[str] | None) -> Path | None:
    return None if value is None else Path(path_of("file", value))


class Budget:
    """A limit on what tasks may cost.

    What a task costs at most is set aside before its first upload, and settled with its charge. Where the service does
    not report a charge, what was set aside counts as spent. What may have been charged, but is not known to be, stays
    set aside until you release it.

    A budget keeps its own account: pass the same object to several clients to share it. With `file` the account
    outlives the process, and processes share it. Thread-safe.

    Args:
        credits: Credits that may be spent in all; None for no such limit.
        per_task: Credits that one task may cost at most.
        per_day: Credits that may be spent in a day. A day is one of UTC, and a task counts on the day on which it was
            submitted.
        unpriced: What happens to a request of which the price list does not say what it costs at most: `refuse` raises
            `BudgetExceeded`, `allow` sets aside what is known, and a function decides: it is called with the request
            and the estimate, and gives the credits to set aside, or None to refuse.
        file: The file of the account: JSON Lines, made when first needed. It holds models, task ids and credits.

    Raises:
        ConfigError: There is no limit, one is not a number from 0 to 10^15, or `per_task` is more than another limit
            allows; with all that is wrong.
    """

    credits: Decimal | None
    """Credits that may be spent in all; None for no such limit."""
    per_task: Decimal | None
    """Credits that one task may cost at most; None for no such limit."""
    per_day: Decimal | None
    """Credits that may be spent in a day of UTC; None for no such limit."""
    unpriced: Literal["refuse", "allow"] | OnUnpriced
    """What happens to a request of which the price list does not say what it costs at most."""
    file: Path | None
    """The file of the account; None if it lives in memory."""

    def __init__(
        self,
        credits: Decimal | float | str | None = None,
        *,
        per_task: Decimal | float | str | None = None,
        per_day: Decimal | float | str | None = None,
        unpriced: Literal["refuse", "allow"] | OnUnpriced = "refuse",
        file: str | os.PathLike[str] | None = None,
    ) -> None:
        path = _path(file)
        faults: list[str] = []
        given = {"credits": credits, "per_task": per_task, "per_day": per_day}
        limits = {name: _limit(name, value, faults) for name, value in given.items()}
        if credits is None and per_task is None and per_day is None:
            faults.append("a Budget needs a limit: credits, per_task or per_day")
        if unpriced not in ("refuse", "allow") and not callable(unpriced):
            faults.append(
                f"unpriced has to be 'refuse', 'allow' or a function, not {unpriced!r}: to decide each time, pass a "
                "function of the request and its estimate that gives the credits to set aside, or None to refuse"
            )
        self.credits, self.per_task, self.per_day = limits["credits"], limits["per_task"], limits["per_day"]
        for name in ("credits", "per_day"):
            whole = limits[name]
            if self.per_task is not None and whole is not None and self.per_task > whole:
                faults.append(
                    f"per_task ({shown(self.per_task)}) is more than {name} ({shown(whole)}), so that it limits "
                    f"nothing: lower it, leave it out, or raise {name}"
                )
        if faults:
            raise ConfigError("; ".join(faults))
        lines = None if path is None else LineFile(path, "the budget's file", 0o600)
        self.unpriced = unpriced
        self.file = path
        self._account = Account(lines)
        self._outer: Budget | None = None

    def _within(self, outer: Budget | None) -> Budget:
        """This budget as a part of another: what is set aside here is set aside there, too.

        Args:
            outer: The other budget; None for none.

        Returns:
            A budget with the same account, or `outer` itself if it contains this one.
        """
        if outer is None:
            return self
        if any(one._account is self._account for one in outer._chain()):
            return outer
        part = object.__new__(type(self))
        part.__dict__.update(self.__dict__)
        part._outer = outer if self._outer is None else self._outer._within(outer)
        return part

    @property
    def _on_disk(self) -> bool:
        """Whether the account stands in a file, or that of `outer` does."""
        return any(one.file is not None for one in self._chain())

    def _stands_in(self, path: Path) -> bool:
        """Whether its account, or that of `outer`, stands in a file."""
        files = [one.file for one in self._chain() if one.file is not None]
        return bool(files) and os.path.realpath(path) in map(os.path.realpath, files)

    def _chain(self) -> Iterator[Budget]:
        yield self
        if self._outer is not None:
            yield from self._outer._chain()

    @property
    def spent(self) -> Decimal:
        """Credits that ended tasks have cost."""
        return self._account.now().spent

    @property
    def reserved(self) -> Decimal:
        """Credits that are set aside for tasks whose charge is not known yet."""
        return self._account.now().reserved

    @property
    def left(self) -> Decimal | None:
        """Credits that are neither spent nor set aside, today; None without `credits` and `per_day`."""
        return min((left for left, _ in self._limits(self._account.now(), datetime.now(UTC))), default=None)

    @property
    def reservations(self) -> tuple[Reservation, ...]:
        """What is set aside, oldest first. What a crash or a lost answer left behind has no `ref`."""
        return tuple(self._account.now().reservations.values())

    def _limits(self, ledger: Ledger, now: datetime) -> Iterator[tuple[Decimal, str]]:
        """The limits for several tasks: what is left of each, and its text."""
        if self.credits is not None:
            yield self.credits - ledger.spent - ledger.reserved, shown(self.credits)
        if self.per_day is not None:
            yield self.per_day - ledger.day(now.date()), f"the {shown(self.per_day)} of this day (UTC)"

    def _refuses(self, price: Estimate) -> bool:
        """Whether it refuses a request, however much is left."""
        if price.at_most is None:
            return any(one.unpriced == "refuse" for one in self._chain())
        return any(one.per_task is not None and price.at_most > one.per_task for one in self._chain())

    def check(self, estimate: Estimate | TotalEstimate) -> None:
        """See whether what was estimated could be spent now. Nothing is set aside.

        Args:
            estimate: What `client.estimate` said of one request, or of several.

        Raises:
            BudgetExceeded: It may cost more than is left, or nobody knows what it costs at most.
            ConfigError: The account cannot be read.
        """
        self._fits(estimate, datetime.now(UTC))

    def _fits(self, estimate: Estimate | TotalEstimate, now: datetime) -> None:
        parts = [estimate] if isinstance(estimate, Estimate) else estimate.parts
        for one in self._chain():
            for part in parts if one.unpriced == "refuse" else ():
                if part.at_most is None:
                    raise self._unpriced(part, "Budget(unpriced='allow') submits it all the same")
        needed = sum((part.at_least if part.at_most is None else part.at_most for part in parts), Decimal(0))
        for one in self._chain():
            one._check(one._account.now(), estimate, needed, now)

    def _unpriced(self, price: Estimate, way_out: str) -> BudgetExceeded:
        """The error for a request of which nobody knows what it costs at most."""
        why = f"nobody knows what {price.model} may cost at most ({'; '.join(price.notes)})"
        return BudgetExceeded(f"{why}, so the budget refuses it: {way_out}. Nothing was sent", estimate=price)

    def _check(self, ledger: Ledger, price: Estimate | TotalEstimate, needed: Decimal, now: datetime) -> None:
        if self.per_task is not None and isinstance(price, Estimate) and needed > self.per_task:
            why = f"the budget allows {shown(self.per_task)} for one task: choose cheaper options, or raise per_task"
            raise _exceeded(price, needed, self.per_task, why)
        for left, limit in sorted(self._limits(ledger, now)):
            if needed > left:
                stand = f"{shown(ledger.spent)} are spent and {shown(ledger.reserved)} set aside in all"
                why = f"the budget has {shown(max(left, Decimal(0)))} left of {limit} ({stand}): raise it, or release "
                raise _exceeded(price, needed, left, f"{why}what is set aside for nothing: see budget.reservations")

    @staticmethod
    def _id(key: str) -> str:
        """An id for a reservation. It begins with that of the submission in the journal, and nobody has the same."""
        return f"{key}-{secrets.token_hex(4)}"

    def _reserve(self, price: Estimate, credits: Decimal, key: str, now: datetime) -> None:
        """Set credits aside in each account. Raises `BudgetExceeded`, or `ConfigError` for its file.

        Whoever calls it frees what some accounts have set aside if another one refuses.
        """
        most = None if price.at_most is None else str(price.at_most)
        estimate: JSONObject = {"model": price.model, "at_least": str(price.at_least), "at_most": most}
        entry: JSONObject = {"event": "reserve", "id": key, "at": now.isoformat(), **estimate, "credits": str(credits)}
        for one in self._chain():
            with one._account.opened(spending=True) as (ledger, write):
                one._check(ledger, price, credits, now)
                write(entry)

    def _free(self, key: str) -> bool:
        """Free what is set aside, if anything is."""
        found = [one._account.end(key, {"event": "release"}) for one in self._chain()]
        return any(found)

    def _assign(self, key: str, ref: TaskRef) -> None:
        """Note for which task credits were set aside."""
        for one in self._chain():
            one._account.end(key, {"event": "task", "ref": str(ref)})

    def settle(self, task: str | HasRef, credits: Decimal | float | None) -> None:
        """Note what a task cost: that much is spent, and the rest of what was set aside is free again.

        It does nothing where nothing is set aside for the task: it was settled before.

        Args:
            task: The task, its ref, or the id of the reservation.
            credits: The charge; None if it is not known, so that all that was set aside counts as spent.

        Raises:
            ConfigError: The charge is not a number that is at least 0, or the account cannot be read or written.
        """
        charge = None if credits is None else amount("credits", credits)
        for one in self._chain():
            one._account.end(_key(task), {"event": "settle", "credits": None if charge is None else str(charge)})

    def release(self, task: str | HasRef) -> None:
        """Free what was set aside for a task that turned out not to exist. See https://kie.ai/logs first.

        Args:
            task: The task, its ref, or the id of the reservation.

        Raises:
            ConfigError: Nothing is set aside for it, or the account cannot be read or written.
        """
        if not self._free(_key(task)):
            raise ConfigError(f"the budget has no reservation {_key(task)}: budget.reservations lists all")

    def __repr__(self) -> str:
        limits = (("credits", self.credits), ("per_task", self.per_task), ("per_day", self.per_day))
        return f"<Budget {', '.join(f'{name}={shown(value)}' for name, value in limits if value is not None)}>"

    def __copy__(self) -> Self:
        return self  # an account is one, however many hold it

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        return self

    def __reduce__(self) -> tuple[object, ...]:
        if self.file is None or self._outer is not None:
            raise TypeError("a Budget without file= lives in one process: give it a file to share it with others")
        return (_rebuilt, (self.credits, self.per_task, self.per_day, self.unpriced, self.file))


def _rebuilt(
    credits: Decimal | None,
    per_task: Decimal | None,
    per_day: Decimal | None,
    unpriced: Literal["refuse", "allow"] | OnUnpriced,
    file: Path,
) -> Budget:
    return Budget(credits, per_task=per_task, per_day=per_day, unpriced=unpriced, file=file)


def budget_of(value: Budget | Decimal | float, outer: Budget | None) -> Budget:
    """What a call was given as its budget, within that of its client. A number is a budget for this call only."""
    return (value if isinstance(value, Budget) else Budget(amount("budget", value)))._within(outer)


def _exceeded(price: Estimate | TotalEstimate, needed: Decimal, left: Decimal, why: str) -> BudgetExceeded:
    parts = [price] if isinstance(price, Estimate) else price.parts
    what = parts[0].model if len(parts) == 1 else f"these {len(parts)} requests"
    message = f"{what} may cost up to {shown(needed)} credits, and {why}. Nothing was sent"
    return BudgetExceeded(message, estimate=price, needed=needed, left=left)


def _key(task: str | HasRef) -> str:
    return task if isinstance(task, str) else str(task.ref)
