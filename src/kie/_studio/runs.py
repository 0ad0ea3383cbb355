"""Studio: submits runs once, follows them to their end, and resumes following after a crash. May import every room
below."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import partial
from itertools import islice
from typing import Final

import anyio
import anyio.abc
import attrs

from kie import catalog
from kie._aclient import AsyncKie, AsyncTask
from kie._core.errors import KieError, NotReady, RequestInvalid
from kie._core.estimates import Estimate, shown
from kie._core.json import JSON, JSONObject
from kie._core.results import AsyncResult
from kie._io.budget import Budget
from kie._library.library import Library
from kie._library.run import Run, RunPrompts
from kie._studio.asgi import HttpRefusal, HttpReply, json_reply
from kie._studio.faults import LOGGER, answer_of
from kie._studio.following import Following
from kie._studio.preview import CheckedPlan, credits_of, planned
from kie._studio.rows import LABEL, row_of
from kie._studio.shown_files import Files

SOURCE: Final[Mapping[str, JSON]] = {"app": "kie studio"}
"""The source that the library notes for runs of the studio."""
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{8,128}")
_KEPT: Final = 10_000
"""The most presses of the button that are remembered."""
_TAKEN_UP: Final = 200
"""The most open runs that are followed again at the start."""
_LAST_WORDS: Final = 10.0
"""Seconds that submissions have to finish when the studio closes."""


@attrs.define(eq=False)
class _Press:
    """One press of the Run button: it submits once, however often the request arrives."""

    asked: str
    done: anyio.Event = attrs.field(factory=anyio.Event)
    reply: HttpReply | None = None


@attrs.define
class Runs:
    """Submits runs, and follows them.

    Args:
        client: The client, which keeps its runs in the library.
        library: The library.
        files: The files that the page may name.
        simulated: Whether a simulator takes the tasks.
        pace: How many seconds of a task pass in one.
        spent: Called when credits were spent or reserved.
    """

    client: AsyncKie
    library: Library
    files: Files
    simulated: bool = False
    pace: float = 1.0
    spent: Callable[[], object] = lambda: None
    following: dict[str, Following] = attrs.field(factory=dict, init=False)
    """The tasks on their way, by the ids of their runs."""
    left: list[str] = attrs.field(factory=list, init=False)
    """The tasks that went on when the studio ended."""
    _presses: dict[str, _Press] = attrs.field(factory=dict, init=False)
    _data: dict[str, JSON] = attrs.field(factory=dict, init=False)
    _ending: bool = attrs.field(default=False, init=False)
    _group: anyio.abc.TaskGroup | None = attrs.field(default=None, init=False)

    async def open(self) -> None:
        """Begin: runs of an earlier studio that are open are followed again."""
        self._group = anyio.create_task_group()
        await self._group.__aenter__()
        await self._take_up()

    async def close(self) -> None:
        """End: what is being submitted is finished, and tasks keep running without being followed."""
        self.end_streams()
        if self._group is None:
            return
        with anyio.move_on_after(_LAST_WORDS, shield=True):
            for press in [*self._presses.values()]:
                await press.done.wait()
        self.left = [str(each.task.ref) for each in self.following.values() if not each.ended]
        self._group.cancel_scope.cancel()
        group, self._group = self._group, None
        await group.__aexit__(None, None, None)

    def end_streams(self) -> None:
        """Have the streams of events end."""
        self._ending = True
        for each in self.following.values():
            each.wake()

    async def run(self, body: JSONObject, model: str, fields: Mapping[str, object]) -> HttpReply:
        """Run what the page shows, once for each press of its button.

        Args:
            body: The body of the request: with `key`, which names the press, and `at_most`, the price that was shown.
            model: The id of the model.
            fields: The fields.

        Returns:
            The answer: the run, or why there is none.

        Raises:
            Refused: The body cannot be read, the key belongs to another request, or the studio ends.
        """
        key, at_most = _key_of(body), _price_of(body)
        asked = json.dumps([model, fields], sort_keys=True)
        press = self._presses.get(key)
        if press is None:
            if self._group is None or self._ending:
                raise HttpRefusal(503, "Ending", "the studio is closing: nothing was sent", "start `kie studio` again")
            for old in [*islice(self._presses, max(0, len(self._presses) + 1 - _KEPT))]:
                if self._presses[old].done.is_set():
                    del self._presses[old]
            press = self._presses[key] = _Press(asked)
            self._group.start_soon(self._pressed, press, key, at_most, model, fields)
        elif press.asked != asked:
            raise HttpRefusal(
                409, "KeyTaken", "this key belongs to another request: nothing was sent", "reload the page"
            )
        await press.done.wait()
        if press.reply is None:
            raise HttpRefusal(503, "Ending", "the studio ended meanwhile", "look at `kie tasks`", task_created=None)
        return press.reply

    async def _pressed(
        self, press: _Press, key: str, at_most: Decimal | None, model: str, fields: Mapping[str, object]
    ) -> None:
        """Submit, even if nobody waits for the answer any more."""
        try:
            press.reply = await self._submitted(key, at_most, model, fields)
        except Exception as error:
            press.reply = answer_of(error)
            if created(error) is False:  # nothing was created, so it may be pressed again
                self._presses.pop(key, None)
        finally:
            self.spent()
            press.done.set()

    async def _submitted(
        self, key: str, at_most: Decimal | None, model: str, fields: Mapping[str, object]
    ) -> HttpReply:
        """Submit if the input is still valid and costs no more than was shown. Raises what `client.submit` raises."""
        found = await self.plan(model, fields, None)
        plan = found.plan
        if not found.ready:
            raise _not_ready(found)
        request, estimate = plan.request, plan.estimate
        if request is None or estimate is None:
            raise NotReady(plan)
        _agreed(estimate, at_most)
        client = self.client.with_options(source=SOURCE)
        if estimate.at_most is not None:
            client = client.with_options(budget=Budget(estimate.at_most, unpriced="allow"))
        label = f"{LABEL}{key}" if self.client._ctx.services.keeps_journal else None
        task = await client.submit(request, label=label)
        at = self.client._ctx.services.wall()
        run = await self.files.in_thread(partial(self.library.get, task.ref)) or Run(
            id=str(task.ref),
            model=model,
            state="open",
            submitted_at=at,
            folder=self.library.path,
            task=task.ref,
            prompts=RunPrompts(final=str(fields.get("prompt") or "") or None),
            simulated=self.simulated,
        )
        self.follow(run, task)
        return json_reply({"run": await self.row(run)}, 202)

    async def plan(self, model: str, fields: Mapping[str, object], balance: Decimal | None) -> CheckedPlan:
        """Judge an input of the page.

        Args:
            model: The id of the model.
            fields: The fields, with the names of files of the studio.
            balance: The credits of the account; None if nobody knows.

        Returns:
            What came of it.

        Raises:
            UnknownModel: There is no such model.
        """
        info = catalog.get(model).request_class.info
        taken, issues = await self.files.in_thread(partial(self.files.taken, info, fields))
        return await planned(self.client, model, taken, issues, balance)

    async def row(self, run: Run) -> JSONObject:
        """Return a run as the page has it."""
        return await self.files.in_thread(partial(row_of, run, self._data.get(run.id)))

    def follow(self, run: Run, task: AsyncTask[AsyncResult] | None = None) -> Following | None:
        """Follow a run, unless that is done already.

        Args:
            run: The run.
            task: Its task, if that is known already.

        Returns:
            What is known of it on its way; None if there is nothing to follow, or nobody to ask.
        """
        known = self.following.get(run.id)
        if known is not None:
            return known
        if task is None and run.state == "open" and run.task is not None and self._is_ours(run):
            task = self.client.task(run.task)
        if task is None or self._group is None or self._ending:
            return None
        before = (self.client._ctx.services.wall() - run.submitted_at).total_seconds()
        following = Following(task, before=max(0.0, before), pace=self.pace)
        self.following[run.id] = following
        self._group.start_soon(self._follow, run.id, following)
        return following

    def _is_ours(self, run: Run) -> bool:
        """Whether the task belongs to the service that the client uses."""
        return run.simulated == self.simulated and run.server in (None, self.client._ctx.options.base_url)

    async def _follow(self, id: str, following: Following) -> None:
        try:
            await following.to_the_end()
        except Exception as error:  # one task must not end the others
            following.error = f"unexpected {type(error).__name__}"
            LOGGER.error("kie studio: unexpected %s", type(error).__name__, exc_info=error)
        finally:
            if following.data is not None:
                self._data[id] = following.data
                while len(self._data) > _TAKEN_UP:
                    del self._data[next(iter(self._data))]
            self.following.pop(id, None)
            self.spent()

    async def ended(self, id: str, following: Following) -> JSONObject:
        """Return how a run that was followed has ended.

        Args:
            id: Its id.
            following: What is known of it.

        Returns:
            The row.
        """
        try:
            run = await self.files.in_thread(partial(self.library.get, id))
        except KieError as error:
            run, following.error = None, error.message
        if run is None:
            status = following.task.status
            state = "open" if status is None or not status.done else status.state
            return {"id": id, "ref": id, "state": state, "error": following.error or _UNKEPT}
        row = await self.row(run)
        return {**row, "error": row["error"] or following.error}

    @property
    def ending(self) -> bool:
        """Whether the studio ends."""
        return self._ending

    async def _take_up(self) -> None:
        """Follow the open runs of an earlier studio. An unreadable library is reported by later requests."""
        find = partial(self.library.find, source=SOURCE, state="open", simulated=self.simulated, limit=_TAKEN_UP)
        try:
            for run in await self.files.in_thread(find):
                self.follow(run)
        except KieError as error:
            self.client._ctx.services.warn(f"open runs are not resumed: {error.message}")


_UNKEPT: Final = "the library does not have it: the terminal of `kie studio` says why"


def created(error: Exception) -> bool | None:
    """Whether a task was created despite an error; None if unknown."""
    if isinstance(error, HttpRefusal):
        return False
    if not isinstance(error, KieError):
        return None
    from kie._core.error_facts import error_facts

    found = error_facts(error)["task_created"]
    return found if isinstance(found, bool) else None


def _key_of(body: JSONObject) -> str:
    key = body.get("key")
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise HttpRefusal(400, "BadRequest", "`key` must be 8 to 128 letters and digits, new for each press")
    return key


def _price_of(body: JSONObject) -> Decimal | None:
    """The price that the page showed; None if it showed an unknown price."""
    text = body.get("at_most", "")
    if text is None:
        return None
    try:
        price = Decimal(text) if isinstance(text, str) and len(text) <= 40 else None
    except InvalidOperation:
        price = None
    if price is None or not price.is_finite() or price < 0:
        raise HttpRefusal(400, "BadRequest", "`at_most` must be the price that was shown, as text, or null")
    return price


def _agreed(estimate: Estimate, at_most: Decimal | None) -> None:
    """Refuse a plan that costs more than was shown. Raises `HttpRefusal`."""
    if at_most is None or (estimate.at_most is not None and estimate.at_most <= at_most):
        return
    now = "an unknown amount" if estimate.at_most is None else f"up to {shown(estimate.at_most)} credits"
    raise HttpRefusal(
        409,
        "PriceChanged",
        f"it now costs {now}, not up to {shown(at_most)}: nothing was sent",
        "check the price, and press again",
        credits=credits_of(estimate),
    )


def _not_ready(found: CheckedPlan) -> KieError:
    """The error for a plan that cannot be sent, with all faults."""
    return RequestInvalid(found.plan.model or "", found.issues)
