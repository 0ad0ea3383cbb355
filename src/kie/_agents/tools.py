"""Agents: the nine tools, as functions over a client. They know nothing of protocols. May import every room below.

Each returns a `ToolAnswer`, even for an error: an agent reads it, and has to know whether anything was spent.
"""

from __future__ import annotations

import functools
import mimetypes
import os
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeAlias, TypeVar, cast

import anyio
import anyio.to_thread
import attrs

from kie._aclient import AsyncKie, AsyncTask
from kie._agents.answer import FileLink, ToolAnswer, clean, is_listed, lines, not_sent, of_error, quoted, quoted_data
from kie._core.errors import BudgetExceeded, ConfigError, KieError, TaskFailed, TaskTimeout, UnknownModel
from kie._core.estimates import shown
from kie._core.json import JSON, JSONObject
from kie._core.results import AsyncResult
from kie._core.status import TaskStatus
from kie._io.journal import Journal

if TYPE_CHECKING:
    from kie._agents.consent import Consent, Offer
    from kie._agents.root import Root
    from kie._library.library import Library
    from kie._library.run import Run, RunState
    from kie._plans.plan import Plan

P = ParamSpec("P")
T = TypeVar("T")
Progress: TypeAlias = Callable[[float, str], Awaitable[object]]
"""Called with the seconds since submission and the state of a task."""
Ask: TypeAlias = Callable[[str], Awaitable["Consent"]]
"""Asks the user a question."""

LONGEST_WAIT = 600.0
"""The most seconds that one call waits."""
MOST_TASKS = 50
"""The most tasks that one call polls."""
MOST_ROWS = 50
"""The most rows in a list."""
_KEEPS_RUNNING = (
    "the task keeps running: `tasks` with this ref and wait_seconds polls again. A new `generate` would cost again"
)
MEDIA = ("images", "videos", "audios", "reference")


async def _to_the_end(work: Awaitable[T]) -> T:
    """Finish a paid operation even if nobody waits for it any more, so that its ref is not lost."""
    with anyio.CancelScope(shield=True):
        return await work
    raise RuntimeError("a shield lets nothing pass")


async def _nobody(_: str) -> Consent:
    return "cannot_ask"


def _answering(tool: Callable[P, Awaitable[ToolAnswer]]) -> Callable[P, Coroutine[Any, Any, ToolAnswer]]:
    """Make a tool answer with its error instead of raising it."""

    @functools.wraps(tool)
    async def call(*args: P.args, **kwargs: P.kwargs) -> ToolAnswer:
        try:
            return await tool(*args, **kwargs)
        except KieError as error:
            return of_error(error)

    return call


@attrs.frozen(kw_only=True)
class AgentTools:
    """The tools of an agent, within the limits that a person has set.

    Args:
        client: The client. It should keep a journal, so that no task is lost with an agent.
        root: The folder below which files are read and written.
        free: The most credits that one task may cost without a question.
        library: The library of runs; None for none.
        journal: The journal of the client; None for none.
        simulated: Whether tasks go to a simulator.
    """

    client: AsyncKie
    root: Root
    free: Decimal = Decimal(0)
    library: Library | None = None
    journal: Path | None = None
    simulated: bool = False

    @_answering
    async def find_models(self, words: str = "", kind: str | None = None, limit: int = 10) -> ToolAnswer:
        """Find models by words.

        Args:
            words: What their names, providers, categories and descriptions contain.
            kind: What they give: `image`, `video`, `audio`, `music` …
            limit: How many are listed, at most 50.

        Returns:
            The models, with what they do and cost.
        """
        from kie._agents import catalog_text

        return catalog_text.find_models(words, kind, _rows(limit))

    @_answering
    async def describe_model(self, model: str) -> ToolAnswer:
        """Describe a model, or the members of a family.

        Args:
            model: Its name.

        Returns:
            Text: a line for each field.
        """
        from kie._agents import catalog_text

        return catalog_text.describe_model(model)

    @_answering
    async def plan(self, model: str, input: Mapping[str, object]) -> ToolAnswer:
        """Check an input, and say what it costs. Sends nothing.

        Args:
            model: The name of a model or a family.
            input: The fields, by loose names.

        Returns:
            The request, or every fault and what is missing; the price; and whether the user would be asked.
        """
        from kie._agents.consent import offer_of

        found = await self._planned(model, input)
        data = _plan_facts(found)
        if found.request is not None and found.estimate is not None and found.decision != "reject":
            offer = offer_of(found.request, found.estimate, self.free)
            data["asks_user"] = offer.question is not None
        return ToolAnswer(data=data)

    @_answering
    async def generate(
        self,
        model: str,
        input: Mapping[str, object],
        wait_seconds: float = 45,
        *,
        ask: Ask = _nobody,
        on_progress: Progress | None = None,
    ) -> ToolAnswer:
        """Submit a task once, after asking the user if it may cost more than is free, and wait for it.

        Args:
            model: The name of a model or a family.
            input: The fields, by loose names.
            wait_seconds: How long to wait for the result, at most 600.
            ask: Asks the user. Without it nobody can be asked.
            on_progress: Told of each poll.

        Returns:
            The result, or the ref of the task that keeps running; or why nothing was sent.
        """
        offer = await self.offer(model, input)
        if isinstance(offer, ToolAnswer):
            return offer
        consent = "agreed" if offer.question is None else await ask(offer.question)
        return await self.send(offer, consent, wait_seconds, on_progress=on_progress)

    async def offer(self, model: str, input: Mapping[str, object]) -> Offer | ToolAnswer:
        """See what `generate` would send. Sends nothing.

        Args:
            model: The name of a model or a family.
            input: The fields, by loose names.

        Returns:
            The offer, or why nothing can be sent.
        """
        from kie._agents.consent import offer_of

        try:
            found = await self._planned(model, input)
            if found.request is None or found.estimate is None:
                return _not_ready(found)
            if self.client.budget is not None:
                self.client.budget.check(found.estimate)
            await self.client.check(found.request)
        except BudgetExceeded as error:
            return _over_budget(error)
        except KieError as error:
            return of_error(error)
        return offer_of(found.request, found.estimate, self.free)

    @_answering
    async def send(
        self, offer: Offer, consent: Consent, wait_seconds: float = 45, *, on_progress: Progress | None = None
    ) -> ToolAnswer:
        """Submit an offer once, and wait for the task.

        Args:
            offer: The offer.
            consent: What the user said to its question. It does not matter for an offer without one.
            wait_seconds: How long to wait for the result, at most 600.
            on_progress: Told of each poll.

        Returns:
            The result, or the ref of the task that keeps running.
        """
        if offer.question is not None and consent != "agreed":
            from kie._agents.consent import refusal

            return refusal(offer, consent)
        limited = self.client if offer.limit is None else self.client.with_options(budget=offer.limit)
        try:
            task = await _to_the_end(limited.submit(offer.request))
        except BudgetExceeded as error:
            return _over_budget(error)
        return await self._awaited(task, wait_seconds, on_progress)

    @_answering
    async def tasks(
        self,
        refs: Sequence[str] | None = None,
        wait_seconds: float = 0,
        *,
        on_progress: Progress | None = None,
    ) -> ToolAnswer:
        """Poll tasks, or list those of the journal that have not ended.

        Args:
            refs: The tasks, at most 50; None lists the journal.
            wait_seconds: How long to wait until they have ended, at most 600.
            on_progress: Told of each poll.

        Returns:
            A row for each task.
        """
        if not refs:
            return await self._open_tasks()
        if len(refs) > MOST_TASKS:
            return not_sent(f"{len(refs)} refs are too many", f"give {MOST_TASKS} at most", type="TooMany")
        unique = [*dict.fromkeys(refs)]
        found: dict[str, ToolAnswer] = {}

        async def poll(ref: str) -> None:
            found[ref] = await self._polled(ref, wait_seconds, on_progress)

        async with anyio.create_task_group() as group:
            for ref in unique:
                group.start_soon(poll, ref)
        if len(unique) == 1:
            return found[unique[0]]
        rows: list[JSON] = [{"ref": ref, **found[ref].data} for ref in unique]
        return ToolAnswer(data={"tasks": rows}, files=tuple(link for ref in unique for link in found[ref].files))

    @_answering
    async def _polled(self, ref: str, wait_seconds: float, on_progress: Progress | None) -> ToolAnswer:
        task = self.client.task(ref)
        status = await task.refresh()
        if not status.done:
            return await self._awaited(task, wait_seconds, on_progress) if wait_seconds > 0 else _running(status)
        if status.state == "failed":
            return _failed(status)
        return _succeeded(status)

    async def _open_tasks(self) -> ToolAnswer:
        if self.journal is None:
            return not_sent("this server keeps no journal", "give the refs of the tasks", type="ConfigError")
        journal = Journal(self.journal)
        entries = await anyio.to_thread.run_sync(journal.entries)
        pending = [entry for entry in entries if entry.pending][::-1]
        rows: list[JSON] = [
            {"ref": None if e.ref is None else str(e.ref), "model": e.model, "state": e.state, "submitted_at": e.at}
            for e in pending[:MOST_ROWS]
        ]
        data: JSONObject = {"tasks": rows, "open": len(pending)}
        if any(entry.state == "unknown" for entry in pending):
            data["next"] = (
                "`unknown`: a task may exist and may have cost credits. Never repeat it; ask the user to check the log"
            )
        return ToolAnswer(data=data)

    async def _awaited(self, task: AsyncTask[AsyncResult], seconds: float, on_progress: Progress | None) -> ToolAnswer:
        """Wait for a task that exists."""

        async def told(status: TaskStatus, elapsed: float, _: int) -> None:
            if on_progress is not None:
                await on_progress(elapsed, status.state)

        seconds = max(0.0, min(seconds, LONGEST_WAIT))  # 0 if it is not a number: the task is already paid for
        if not seconds:
            return _running(task.status or TaskStatus(ref=task.ref, state="queued"))
        try:
            result = await task.wait(timeout=seconds, on_progress=told)
        except TaskTimeout as error:
            return _running(error.status or TaskStatus(ref=task.ref, state="queued"))
        except KieError as error:
            answer = of_error(error)
            facts = cast(JSONObject, answer.data["error"])
            more: JSONObject = {} if isinstance(error, TaskFailed) else {"next": _KEEPS_RUNNING}
            whole = {"ref": str(task.ref), **answer.data, "error": {**facts, "task_created": True}, **more}
            return attrs.evolve(answer, data=whole)
        return _succeeded(result.status)

    @_answering
    async def save(self, ref: str, folder: str = ".", thumbnails: bool = False) -> ToolAnswer:
        """Download the files of a task.

        Args:
            ref: The task.
            folder: Where to, below the root.
            thumbnails: Whether small pictures come with the answer.

        Returns:
            The paths of the files, below the root.
        """
        place = await anyio.to_thread.run_sync(self.root.folder, folder)
        task = self.client.task(ref)
        status = await task.refresh()
        if status.state != "succeeded":
            return _failed(status) if status.state == "failed" else _running(status)
        result = await task.wait()
        if not result.assets:
            return not_sent("the result has no files", "`tasks` shows its data", type="NoFiles")
        paths = await result.save(f"{place}{os.sep}")
        files: list[JSON] = [self.root.shown(path) for path in paths]
        data: JSONObject = {"ref": str(task.ref), "files": files}
        pictures: tuple[bytes, ...] = ()
        if thumbnails:
            from kie._agents.thumbnails import thumbnails_of

            pictures, note = await anyio.to_thread.run_sync(thumbnails_of, paths)
            data |= {} if note is None else {"note": note}
        return ToolAnswer(data=data, files=tuple(map(_saved, paths)), pictures=pictures)

    @_answering
    async def upload(self, source: str) -> ToolAnswer:
        """Upload a file, or have the service fetch a URL, for a media field.

        Args:
            source: The path of a file below the root, or an http(s) URL.

        Returns:
            The URL for the field.
        """
        media: str | Path = source
        if not _is_url(source):
            media = await anyio.to_thread.run_sync(self.root.file, source)
        done = await self.client.upload(media)
        data: JSONObject = {"url": done.url, "content_type": done.content_type, "size": done.size}
        return ToolAnswer(
            data={**data, "next": "use the URL in a media field soon: the service keeps the file for a day"}
        )

    @_answering
    async def search_library(
        self, words: str = "", model: str | None = None, state: RunState | None = None, limit: int = 10
    ) -> ToolAnswer:
        """Find earlier runs.

        Args:
            words: Words in their prompts, labels, tags and models.
            model: The id of their model.
            state: How far they are: `open`, `succeeded`, `failed`, `unknown` or `expired`.
            limit: How many are listed, at most 50.

        Returns:
            The runs, newest first.
        """
        if self.library is None:
            return not_sent(
                "this server keeps no library of runs",
                "tell the user to start it with --library DIR or KIE_LIBRARY; `tasks` lists the open tasks",
                type="NoLibrary",
            )
        find = functools.partial(
            self.library.find,
            words=words or None,
            model=model,
            state=state,
            limit=_rows(limit),
        )
        runs = await anyio.to_thread.run_sync(find)
        return ToolAnswer(data={"runs": [self._run(run) for run in runs]})

    def _run(self, run: Run) -> JSONObject:
        files = lines(self.root.shown(path) if path.is_relative_to(self.root.path) else path for path in run.files)
        return {
            "ref": None if run.task is None else clean(str(run.task), 200),
            "model": clean(run.model, 120),
            "state": run.state,
            "submitted_at": run.submitted_at.isoformat(timespec="seconds"),
            "prompt": quoted(run.prompt, 120),
            "credits": None if run.credits is None else shown(run.credits),
            "files": files,
        }

    @_answering
    async def account(self) -> ToolAnswer:
        """Tell the balance, and what may be spent.

        Returns:
            Credits, the budget, what is free without a question, and the root.
        """
        data: JSONObject = {"credits": shown(await self.client.credits()), "free_per_task": shown(self.free)}
        budget = self.client.budget
        if budget is not None:
            chain = [*budget._chain()]
            left = [one.left for one in chain if one.left is not None]
            data["budget"] = {
                "left": shown(min(left)) if left else None,
                "spent": shown(budget.spent),
                "reserved": shown(budget.reserved),
            }
        return ToolAnswer(data={**data, "root": str(self.root.path), "simulated": self.simulated})

    async def _planned(self, model: str, input: Mapping[str, object]) -> Plan:
        """Plan an input, in which files are named by paths below the root. Raises `ConfigError`."""
        from kie._plans.families import named

        try:
            family = named(model)
        except UnknownModel:
            family = None
        media = await anyio.to_thread.run_sync(functools.partial(self._with_files, input, family))
        # as a mapping, so that no field is read as an argument of `plan` such as `enhance`, which would cost credits
        mode = media.pop("task_mode", None)
        return await self.client.plan(
            {"model": model, "input": media}, task_mode=mode if isinstance(mode, str) else None, local_files=False
        )

    def _with_files(self, input: Mapping[str, object], family: Any) -> dict[str, object]:
        from kie._plans.roles import is_media, media_within

        faults: list[str] = []

        def placed(value: object) -> object:
            if isinstance(value, Mapping):
                return {name: placed(item) for name, item in value.items()}
            if isinstance(value, (list, tuple)):
                return [placed(item) for item in value]
            if not isinstance(value, str) or not value or _is_url(value):
                return value
            try:
                return self.root.file(value)
            except ConfigError as error:
                faults.append(error.message)
                return value

        def within(value: object, media: Collection[str]) -> object:
            if isinstance(value, Mapping):
                return {name: placed(item) if name in media else within(item, media) for name, item in value.items()}
            return [within(item, media) for item in value] if isinstance(value, (list, tuple)) else value

        made = {
            name: placed(value)
            if name in MEDIA or is_media(name, family)
            else within(value, media_within(name, family))
            for name, value in input.items()
        }
        if faults:
            raise ConfigError("; ".join(map(str, lines(faults, 5))))
        return made


def _rows(limit: int) -> int:
    return max(1, min(limit, MOST_ROWS))


def _is_url(text: str) -> bool:
    return text[:8].lower().startswith(("http://", "https://", "data:", "asset://", "oss://"))


def _plan_facts(plan: Plan) -> JSONObject:
    """The relevant facts of a plan, without empty ones."""
    whole = plan.to_dict()
    estimate = plan.estimate
    facts: JSONObject = {"state": plan.state, "decision": plan.decision, "model": plan.model}
    if estimate is not None:
        most = None if estimate.at_most is None else shown(estimate.at_most)
        facts["credits"] = {"at_least": shown(estimate.at_least), "at_most": most}
        facts |= {"notes": lines(estimate.notes)} if estimate.notes else {}
    request = whole["request"]
    facts |= {"input": request["input"]} if isinstance(request, dict) else {}
    for name, found in (
        ("read", plan.changes),
        ("faults", plan.faults),
        ("missing", plan.missing),
        ("warnings", plan.warnings),
        ("reasons", plan.reasons),
    ):
        if found:
            facts[name] = lines(found)
    if plan.choices:
        facts["choices"] = lines(
            f"{each.field}={each.value}" + ("" if each.at_most is None else f" up to {shown(each.at_most)} credits")
            for each in plan.choices
        )
    return facts


def _not_ready(plan: Plan) -> ToolAnswer:
    """The answer if there is no request: all faults at once."""
    near: list[JSON] = [name for fault in plan.faults if fault.rule == "unknown_model" for name in fault.allowed]
    facts = _plan_facts(plan)
    message = f"the input for {plan.model or plan.family} is {'invalid' if plan.faults else 'incomplete'}"
    if near or any(fault.rule == "unknown_model" for fault in plan.faults):
        return not_sent(str(plan.faults[0].message), "use one of the nearest names", type="UnknownModel", nearest=near)
    listed = {name: facts[name] for name in ("faults", "missing", "choices") if name in facts}
    return not_sent(message, "fix all of them, then call again", type="RequestInvalid", **listed)


def _over_budget(error: BudgetExceeded) -> ToolAnswer:
    figures: JSONObject = {
        name: None if value is None else shown(value)
        for name, value in (("needed", error.needed), ("left", error.left))
    }
    return not_sent(
        error.message,
        "choose cheaper options, or ask the user to start the server with another --budget",
        type="BudgetExceeded",
        **figures,
    )


def _row(status: TaskStatus) -> JSONObject:
    row: JSONObject = {"ref": str(status.ref), "state": status.state}
    if status.ref.model:
        row["model"] = status.ref.model
    if status.credits is not None:
        row["credits"] = shown(status.credits)
    if status.seconds is not None:
        row["seconds"] = status.seconds
    return row


def _running(status: TaskStatus) -> ToolAnswer:
    return ToolAnswer(data={**_row(status), "next": _KEEPS_RUNNING})


def _failed(status: TaskStatus) -> ToolAnswer:
    code = None if status.fail_code is None else quoted(status.fail_code)
    error: JSONObject = {"type": "TaskFailed", "code": code, "service_said": quoted(status.fail_message)}
    return ToolAnswer(data={**_row(status), "error": error}, failed=True)


def _succeeded(status: TaskStatus) -> ToolAnswer:
    result = AsyncResult(status=status)
    urls = [asset.url for asset in result.assets]
    listed = [url for url in urls if is_listed(url)][:MOST_ROWS]
    data: JSONObject = {**_row(status), "urls": [*listed]}
    if len(listed) < len(urls):
        data["note"] = f"{len(urls) - len(listed)} of {len(urls)} URLs are left out: too many, or no plain ones"
    if [*_texts(status.data, urls)]:
        data["data"] = quoted_data(status.data)
    if urls:
        data["next"] = "`save` downloads the files; the service deletes them after 1 to 14 days"
    return ToolAnswer(data=data, files=tuple(map(_linked, listed)))


def _texts(value: JSON, urls: Sequence[str]) -> Iterator[JSON]:
    """The texts in data, except URLs that are listed already."""
    if isinstance(value, dict):
        for item in value.values():
            yield from _texts(item, urls)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, urls)
    elif value not in (None, "", *urls):
        yield value


def _linked(url: str) -> FileLink:
    name = url.partition("?")[0].rpartition("/")[2] or "file"
    return FileLink(uri=url, name=name[:120], mime=mimetypes.guess_type(name)[0])


def _saved(path: Path) -> FileLink:
    return FileLink(
        uri=path.as_uri(), name=path.name, mime=mimetypes.guess_type(path.name)[0], size=os.stat(path).st_size
    )
