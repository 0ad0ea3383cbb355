"""IO: budgets: credits that are reserved before anything is uploaded or sent. May import `_core`, `_policy`."""

from __future__ import annotations

import os
import secrets
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self, TypeAlias, cast

from kie._core.errors import BudgetExceeded, ConfigError
from kie._core.estimates import Estimate, TotalEstimate, shown
from kie._core.file_names import path_of
from kie._core.json import JSONObject
from kie._core.numbers import amount, exactly
from kie._core.request import Request
from kie._core.results import Result
from kie._core.shared import NotCopied
from kie._core.tasks import HasRef, TaskRef
from kie._io.budget_account import Account, InDatabase, InFile
from kie._io.line_file import LineFile
from kie._io.secrets import Secret
from kie._policy.ledger import MOST, Ledger, Reservation

if TYPE_CHECKING:
    from kie._io.database import Database

DEFAULT = "default"
"""The account of a database that is meant where none is named."""
_LONGEST_NAME = 200

OnUnpriced: TypeAlias = Callable[
    [Request[Result], Estimate], Decimal | float | None | Awaitable[Decimal | float | None]
]
"""Called with a request and its estimate. Returns the credits to reserve, or None to refuse. For an `AsyncKie` it may
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
    return None if value is None else Path(path_of("file", value, empty=False))


class Budget(NotCopied):
    """A limit on what tasks may cost.

    The most that a task may cost is reserved before its first upload, and replaced by its charge when it has ended. If
    the service reports no charge, all that was reserved counts as spent. If a task may have been charged, but nobody
    knows, its credits stay reserved until you release them.

    A budget keeps its own account: pass the same object to several clients to share it. With `file`, the account
    outlives the process, and the processes of one machine can share it; with `store`, those of many machines can.
    Thread-safe.

    Args:
        credits: Credits that may be spent in total; None for no limit.
        per_task: The most credits that one task may cost; None for no limit.
        per_day: Credits that may be spent per UTC day; None for no limit. A task counts on the day on which it was
            submitted.
        unpriced: What to do with a request whose highest cost the price list does not give: `refuse` raises
            `BudgetExceeded`, `allow` reserves what is known, and a function decides each time: it is called with the
            request and its estimate, and returns the credits to reserve, or None to refuse.
        file: The file of the account: JSON Lines, created when first needed. It contains models, task ids and credits.
        store: The URL of a database that keeps the account, instead of a file: `sqlite:///PATH` or
            `postgresql://USER@HOST/NAME`.
        name: The name of the account in the database; by default `default`. Another name begins a new one.

    Raises:
        ConfigError: There is no limit, one is not a number from 0 to 10^15, or `per_task` is more than another limit
            allows; `file` and `store` are both given, or `name` without `store`. The error lists every fault.
    """

    credits: Decimal | None
    """Credits that may be spent in total; None for no limit."""
    per_task: Decimal | None
    """The most credits that one task may cost; None for no limit."""
    per_day: Decimal | None
    """Credits that may be spent per UTC day; None for no limit."""
    unpriced: Literal["refuse", "allow"] | OnUnpriced
    """What to do with a request whose highest cost the price list does not give."""
    file: Path | None
    """The file of the account; None if it is not in a file."""
    store: str | None
    """The database of the account, without user and password; None if it is not in a database."""
    name: str | None
    """The name of the account in the database; None if it is not in a database."""

    def __init__(
        self,
        credits: Decimal | float | str | None = None,
        *,
        per_task: Decimal | float | str | None = None,
        per_day: Decimal | float | str | None = None,
        unpriced: Literal["refuse", "allow"] | OnUnpriced = "refuse",
        file: str | os.PathLike[str] | None = None,
        store: str | None = None,
        name: str | None = None,
    ) -> None:
        url, store = Secret.named(store), None  # the frame of an error shows no password
        path = _path(file)
        faults = _misplaced(path, url, name)
        given = {"credits": credits, "per_task": per_task, "per_day": per_day}
        limits = {name: _limit(name, value, faults) for name, value in given.items()}
        if credits is None and per_task is None and per_day is None:
            faults.append("a Budget needs a limit: credits, per_task or per_day")
        if unpriced not in ("refuse", "allow") and not callable(unpriced):
            faults.append(
                f"unpriced must be 'refuse', 'allow' or a function, not {unpriced!r}: to decide each time, pass a "
                "function of the request and its estimate that returns the credits to reserve, or None to refuse"
            )
        self.credits, self.per_task, self.per_day = limits["credits"], limits["per_task"], limits["per_day"]
        for other in ("credits", "per_day"):
            whole = limits[other]
            if self.per_task is not None and whole is not None and self.per_task > whole:
                faults.append(
                    f"per_task ({shown(self.per_task)}) is more than {other} ({shown(whole)}), so it limits nothing: "
                    f"lower it, leave it out, or raise {other}"
                )
        if faults:
            raise ConfigError("; ".join(faults))
        self.unpriced = unpriced
        self.file, self.store, self.name = path, None, None
        self._account = Account() if path is None else Account(InFile(LineFile(path, "the budget's file", 0o600)))
        self._outer: Budget | None = None
        self._place: str | None = None
        if url is not None:
            from kie._io.database import database

            self._stand_in(database(url, "store"), name or DEFAULT)

    def _stand_in(self, store: Database, name: str) -> Self:
        """Keep the account in a database."""
        self.store, self.name = store.named, name
        self._account = Account(InDatabase(store, name))
        return self

    def _within(self, outer: Budget | None) -> Budget:
        """This budget as a part of another one: credits reserved here are also reserved there.

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
        """Whether the account, or that of `outer`, takes a disk or a network."""
        return any(one._account.entries.blocks for one in self._chain())

    def _stands_in(self, path: Path) -> bool:
        """Whether its account, or that of `outer`, is in a file."""
        files = [found for one in self._chain() if (found := one._account.entries.path) is not None]
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
        """Credits that are reserved for tasks whose charge is not known yet."""
        return self._account.now().reserved

    @property
    def left(self) -> Decimal | None:
        """Credits that are neither spent nor reserved, today; None without `credits` and `per_day`."""
        return min((left for left, _ in self._limits(self._account.now(), datetime.now(UTC))), default=None)

    @property
    def reservations(self) -> tuple[Reservation, ...]:
        """The reservations, oldest first. One left behind by a crash or a lost answer has no `ref`."""
        return tuple(self._account.now().reservations.values())

    def _limits(self, ledger: Ledger, now: datetime) -> list[tuple[Decimal, str]]:
        """The limits for several tasks: what is left of each, and its text."""
        found: list[tuple[Decimal, str]] = []
        with exactly():
            if self.credits is not None:
                found.append((self.credits - ledger.spent - ledger.reserved, shown(self.credits)))
            if self.per_day is not None:
                text = f"the {shown(self.per_day)} of this day (UTC)"
                found.append((self.per_day - ledger.day(now.date()), text))
        return found

    def _refuses(self, price: Estimate) -> bool:
        """Whether it refuses a request, however much is left."""
        if price.at_most is None:
            return any(one.unpriced == "refuse" for one in self._chain())
        return any(one.per_task is not None and price.at_most > one.per_task for one in self._chain())

    def check(self, estimate: Estimate | TotalEstimate) -> None:
        """Check whether the budget allows an estimate now. Nothing is reserved.

        Args:
            estimate: What `client.estimate` returned for one request, or for several.

        Raises:
            BudgetExceeded: It may cost more than is left, or the most that it may cost is not known.
            ConfigError: The account cannot be read.
        """
        self._fits(estimate, datetime.now(UTC))

    def _fits(self, estimate: Estimate | TotalEstimate, now: datetime) -> None:
        parts = [estimate] if isinstance(estimate, Estimate) else estimate.parts
        for one in self._chain():
            for part in parts if one.unpriced == "refuse" else ():
                if part.at_most is None:
                    raise self._unpriced(part, "Budget(unpriced='allow') submits it anyway")
        needed = sum((part.at_least if part.at_most is None else part.at_most for part in parts), Decimal(0))
        for one in self._chain():
            one._check(one._account.now(), estimate, needed, now)

    def _unpriced(self, price: Estimate, way_out: str) -> BudgetExceeded:
        """The error for a request whose highest cost is not known."""
        why = f"the most that {price.model} may cost is not known ({'; '.join(price.notes)})"
        return BudgetExceeded(f"{why}, so the budget refuses it: {way_out}. Nothing was sent", estimate=price)

    def _check(self, ledger: Ledger, price: Estimate | TotalEstimate, needed: Decimal, now: datetime) -> None:
        if self.per_task is not None and isinstance(price, Estimate) and needed > self.per_task:
            why = f"the budget allows {shown(self.per_task)} for one task: choose cheaper options, or raise per_task"
            raise _exceeded(price, needed, self.per_task, why)
        for left, limit in sorted(self._limits(ledger, now)):
            if needed > left:
                stand = f"{shown(ledger.spent)} are spent and {shown(ledger.reserved)} reserved in all"
                why = f"the budget has {shown(max(left, Decimal(0)))} left of {limit} ({stand}): raise it, or release "
                why += "what is no longer needed: see budget.reservations"
                if self.name is not None:
                    why += f". The account {self.name!r} in {self.store} outlives its clients: another name= begins a "
                    why += "new one"
                raise _exceeded(price, needed, left, why)

    def _for(self, place: str) -> Budget:
        """This budget for one submission, which others begin again if a process is killed before it has sent it.

        Args:
            place: The id of its reservation: whoever begins it again finds what is reserved for it.

        Returns:
            A budget with the same account.
        """
        part = object.__new__(type(self))
        part.__dict__.update(self.__dict__)
        part._place = place
        return part

    def _id(self, key: str) -> str:
        """An id for a reservation. It begins with that of the submission in the journal, and nobody has the same."""
        return self._place or f"{key}-{secrets.token_hex(4)}"

    def _reserve(self, price: Estimate, credits: Decimal, key: str, now: datetime) -> None:
        """Reserve credits in each account: once under one id. Raises `BudgetExceeded`, or `ConfigError` for its file.

        Whoever calls it frees what some accounts have reserved if another one refuses.
        """
        most = None if price.at_most is None else str(price.at_most)
        estimate: JSONObject = {"model": price.model, "at_least": str(price.at_least), "at_most": most}
        entry: JSONObject = {"event": "reserve", "id": key, "at": now.isoformat(), **estimate, "credits": str(credits)}
        for one in self._chain():
            held = one._reserve_once(entry, price, credits, now)
            if held is not None and held.credits != credits:  # the price is different by now
                one._account.end(key, {"event": "release"}, tasks=False)
                one._reserve_once(entry, price, credits, now)

    def _reserve_once(self, entry: JSONObject, price: Estimate, credits: Decimal, now: datetime) -> Reservation | None:
        """Reserve credits, unless this id has a reservation already. Returns that reservation."""
        with self._account.opened(spending=True) as (ledger, write):
            held = ledger.reservations.get(str(entry["id"]))
            if held is None:
                self._check(ledger, price, credits, now)
                write(entry)
            return held

    def _free(self, key: str, *, tasks: bool = True) -> bool:
        """Free what is reserved, if anything is; without `tasks` only what belongs to none."""
        found = [one._account.end(key, {"event": "release"}, tasks=tasks) for one in self._chain()]
        return any(found)

    def _assign(self, key: str, ref: TaskRef) -> None:
        """Note for which task credits were reserved."""
        for one in self._chain():
            one._account.end(key, {"event": "task", "ref": str(ref)})

    def settle(self, task: str | HasRef, credits: Decimal | float | None) -> None:
        """Record what a task cost: the charge counts as spent, and the rest of what was reserved is free again.

        It does nothing if nothing is reserved for the task, because it was settled before.

        Args:
            task: The task, its ref, or the id of the reservation.
            credits: The charge; None if it is not known, so that all that was reserved counts as spent.

        Raises:
            ConfigError: The charge is not a number that is at least 0, or the account cannot be read or written.
        """
        charge = None if credits is None else amount("credits", credits)
        for one in self._chain():
            one._account.end(_key(task), {"event": "settle", "credits": None if charge is None else str(charge)})

    def release(self, task: str | HasRef) -> None:
        """Free what was reserved for a task that turned out not to exist. Check https://kie.ai/logs first.

        Args:
            task: The task, its ref, or the id of the reservation.

        Raises:
            ConfigError: Nothing is reserved for it, or the account cannot be read or written.
        """
        if not self._free(_key(task)):
            raise ConfigError(f"the budget has no reservation {_key(task)}: budget.reservations lists all")

    def __repr__(self) -> str:
        limits = (("credits", self.credits), ("per_task", self.per_task), ("per_day", self.per_day))
        return f"<Budget {', '.join(f'{name}={shown(value)}' for name, value in limits if value is not None)}>"

    def __reduce__(self) -> tuple[object, ...]:
        entries, limits = self._account.entries, (self.credits, self.per_task, self.per_day, self.unpriced)
        if self._outer is None and isinstance(entries, InFile):
            return _rebuilt, (*limits, self.file)
        if self._outer is None and isinstance(entries, InDatabase):
            if not entries.store.portable:
                raise TypeError(
                    "a Budget whose store= has a password cannot be pickled: make it in the process that uses it"
                )
            return _rebuilt, (*limits, None, entries.store.url.reveal(), self.name)
        raise TypeError("a Budget without file= or store= lives in one process: give it a file or a store to share it")


def _rebuilt(
    credits: Decimal | None,
    per_task: Decimal | None,
    per_day: Decimal | None,
    unpriced: Literal["refuse", "allow"] | OnUnpriced,
    file: Path | None,
    store: str | None = None,
    name: str | None = None,
) -> Budget:
    return Budget(credits, per_task=per_task, per_day=per_day, unpriced=unpriced, file=file, store=store, name=name)


def _misplaced(file: Path | None, store: Secret | None, name: str | None) -> list[str]:
    """The faults of the options that say where an account is kept."""
    faults = []
    if file is not None and store is not None:
        faults.append("file and store are mutually exclusive: an account is kept in one of them")
    if store is not None and store.kind != "str":
        faults.append(f"store must be the URL of a database, or None, not {store.kind}")
    if name is not None and store is None:
        faults.append("name is for an account in a database: give store=, too")
    if name is not None and not (isinstance(cast("object", name), str) and 0 < len(name.strip()) <= _LONGEST_NAME):
        faults.append(f"name must be text of 1 to {_LONGEST_NAME} characters")
    return faults


def of_store(value: Decimal | float, store: Database) -> Budget:
    """The budget of a client with a limit store: a number is a budget for all clients of the store."""
    return Budget(amount("budget", value))._stand_in(store, DEFAULT)


def budget_of(value: Budget | Decimal | float, outer: Budget | None) -> Budget:
    """The budget of a call, within that of its client. A number is a budget for this call only."""
    return (value if isinstance(value, Budget) else Budget(amount("budget", value)))._within(outer)


def _exceeded(price: Estimate | TotalEstimate, needed: Decimal, left: Decimal, why: str) -> BudgetExceeded:
    parts = [price] if isinstance(price, Estimate) else price.parts
    what = parts[0].model if len(parts) == 1 else f"these {len(parts)} requests"
    message = f"{what} may cost up to {shown(needed)} credits, and {why}. Nothing was sent"
    return BudgetExceeded(message, estimate=price, needed=needed, left=left)


def _key(task: str | HasRef) -> str:
    return task if isinstance(task, str) else str(task.ref)
