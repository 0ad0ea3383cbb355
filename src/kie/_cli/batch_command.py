"""Floor 7: `kie batch FILE`: the requests in a file, one a line, run and resumed. May import every room below."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import attrs
import click

from kie._cli.batch_file import ResultFile
from kie._cli.context import Face, connection_options, json_option, with_options
from kie._cli.model_commands import meant
from kie._cli.output import Tally, document, note, record, say, tally
from kie._cli.run_command import prove_folder
from kie._cli.values import Typed, read_stdin
from kie._client import Kie
from kie._core.errors import ConfigError, Issue, KieError, ModelRetired, RequestInvalid
from kie._core.json import JSON, JSONObject
from kie._core.outcomes import Outcome
from kie._core.request import Request
from kie._core.results import Result
from kie._core.tasks import TaskRef, TaskStatus
from kie._flow.overrides import Overrides

SAVERS = 4
"""Results whose files are downloaded at the same time."""

UNANSWERED: JSONObject = {
    "type": "SubmitUnknown",
    "message": "no answer was noted: a task may exist; look at https://kie.ai/logs before you try again",
}


@attrs.define(kw_only=True)
class Line:
    """One line of the input file: a request, or what is wrong with it."""

    number: int
    key: str
    digest: str
    id: str | None = None
    model: str | None = None
    request: Request[Result] | None = None
    error: KieError | None = None

    def about(self) -> JSONObject:
        return {"line": self.number, "id": self.id, "model": self.model, "digest": self.digest}


def read_lines(data: bytes) -> list[Line]:
    """Read the input file. A line that is wrong is a line with an error. Raises `ConfigError` for equal ids."""
    lines: list[Line] = []
    seen: Counter[str] = Counter()
    for number, text in enumerate(data.decode("utf-8-sig", "surrogateescape").split("\n"), 1):
        if text.strip():
            lines.append(_line(number, text, seen))
    return lines


def _line(number: int, text: str, seen: Counter[str]) -> Line:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        value, fault = None, f"is not JSON: {error}"
    else:
        fault = "" if isinstance(value, dict) else "is not a JSON object"
    given = value if isinstance(value, dict) else {}
    canonical = json.dumps(given, sort_keys=True) if given else text
    digest = hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    id = given.pop("id", None)
    name = f"id:{id}" if isinstance(id, (str, int)) and not isinstance(id, bool) else digest
    seen[name] += 1
    key = name if seen[name] == 1 else f"{name}#{seen[name]}"
    model = given.pop("model", None)
    line = Line(
        number=number,
        key=key,
        digest=digest,
        id=str(id) if name != digest else None,
        model=model if isinstance(model, str) else None,
    )
    if not fault and id is not None and line.id is None:
        fault = "`id` has to be text or a whole number"
    elif not fault and line.id is not None and key != name:
        fault = f"the id {line.id} is taken by an earlier line"
    elif not fault and (not isinstance(model, str) or not model):
        fault = "`model` is missing"
    if fault:
        line.error = RequestInvalid(line.model or f"line {number}", [Issue("", "line", fault)])
        return line
    try:
        line.request = _request(str(model), given)
    except (RequestInvalid, ConfigError) as error:
        line.error = error
    return line


def _request(model: str, given: dict[str, Any]) -> Request[Result]:
    """The request of a line. Raises `RequestInvalid` with every fault, `UnknownModel`."""
    entry = meant(model)
    cls = entry.request_class
    fields = given
    if isinstance(given.get("input"), dict) and not any(field.name == "input" for field in entry.fields):
        fields = given["input"]
        strays = [Issue(key, "additionalProperties", "stands beside `input`") for key in given if key != "input"]
        if strays:
            raise RequestInvalid(entry.id, strays)
    plan = cls.__kie_plan__()  # a line names its fields as in Python or as on the wire
    python, wire = {wire: python for python, wire in plan}, dict(plan)
    typed = Typed(cls.info.media, [], lambda: b"")
    named = {python.get(name, name): typed.nested(value, wire.get(name, name)) for name, value in fields.items()}
    try:
        made = cls(**named)
    except RequestInvalid as error:
        raise RequestInvalid(entry.id, [*typed.issues, *error.issues], captured=error.captured) from None
    if typed.issues:
        raise RequestInvalid(entry.id, typed.issues)
    return made


@attrs.define
class Run:
    """One run of a batch: what is to be done with each line, and where it is noted."""

    lines: list[Line]
    file: ResultFile
    simulated: bool
    save: str | None
    announced: set[str] = attrs.field(factory=set)

    def agree(self) -> None:
        """Raises `ConfigError` where the output file is of another batch, or of the other kind."""
        issues = []
        for line in self.lines:
            found = self.file.records.get(line.key)
            if found is None:
                continue
            if line.id is not None and found.get("digest") != line.digest and self.wanted(line) != "run":
                issues.append(f"line {line.number}: id {line.id} was run with other fields; give it another id")
            if bool(found.get("simulated")) != self.simulated:
                kind = "a simulated" if found.get("simulated") else "a real"
                issues.append(f"line {line.number}: {self.file.path} holds {kind} result of it; use another --out")
        if issues:
            raise ConfigError("\n".join(issues))

    def wanted(self, line: Line) -> str:
        """What to do with a line: `run` it, `wait` for its task, or nothing: `done`, `unknown`."""
        found = self.file.records.get(line.key, {})
        state, ref, files = found.get("state"), found.get("ref"), found.get("files")
        if state == "unknown":
            return "run" if self.simulated else "unknown"
        if state == "succeeded":
            unsaved = self.save is not None and found.get("urls") and not files
            return "wait" if unsaved and not self.simulated else "done"
        if state in ("submitted", "failed") and ref:
            return "done" if state == "failed" else "run" if self.simulated else "wait"
        return "run"

    def plan(self) -> tuple[list[Line], list[Request[Result] | TaskRef]]:
        """The lines that there is something to do for, and what."""
        lines: list[Line] = []
        inputs: list[Request[Result] | TaskRef] = []
        for line in self.lines:
            wanted = self.wanted(line)
            if wanted == "wait":
                lines.append(line)
                inputs.append(TaskRef.parse(str(self.file.records[line.key]["ref"]), model=line.model))
            elif wanted == "run" and line.request is not None:
                lines.append(line)
                inputs.append(line.request)
        return lines, inputs

    def put(self, line: Line, state: str, **more: JSON) -> None:
        marked: JSONObject = {"simulated": True} if self.simulated else {}
        blank: JSONObject = {"ref": None, "urls": [], "files": [], "error": None}
        self.file.put(line.key, {**line.about(), **blank, **more, "state": state, **marked})

    def refuse(self) -> None:
        """Note the lines that are wrong."""
        for line in self.lines:
            if line.error is not None and self.wanted(line) == "run":
                self.put(line, "invalid", error=_shown(line.error))

    def announce(self, line: Line, ref: TaskRef | None) -> None:
        """Note a submission: before it, so that a crash leaves a trace, and when it is accepted."""
        if ref is None:
            self.put(line, "unknown", error=UNANSWERED)
            self.announced.add(line.key)
        else:
            self.put(line, "submitted", ref=str(ref))

    def unsent(self, line: Line, outcome: Outcome[Result]) -> None:
        """Take an announcement back: the batch ended before the submission was sent."""
        if outcome.state == "stopped" and line.key in self.announced:
            self.put(line, "stopped", error=_shown(outcome.error))

    def finish(self, line: Line, outcome: Outcome[Result]) -> None:
        """Save the files of a result, and note how the line ended. What was not sent needs no note."""
        if outcome.state == "stopped":
            return
        error, files = outcome.error, list[str]()
        if outcome.result is not None and self.save is not None:
            try:
                files = [str(path) for path in outcome.result.save(self.save)]
            except KieError as failure:
                error = failure
        more: JSONObject = {"ref": None if outcome.ref is None else str(outcome.ref), "error": _shown(error)}
        status = outcome.result.status if outcome.result is not None else getattr(outcome.error, "status", None)
        if isinstance(status, TaskStatus) and outcome.state != "submitted":
            more = {**record(status, files=files), **more, "model": line.model}
            del more["state"]
        self.put(line, outcome.state, **more)

    def code(self) -> int:
        """The exit code: that of the first line that did not succeed."""
        return next((code for line in self.lines if (code := self._code(line))), 0)

    def _code(self, line: Line) -> int:
        found = self.file.records.get(line.key, {})
        state, error = found.get("state", "stopped"), found.get("error")
        if state == "failed" and not found.get("ref"):
            return 6 if isinstance(error, dict) and error.get("type") == "InsufficientCredits" else 1
        if state == "succeeded":
            return 1 if error else 0
        return {"invalid": 2, "failed": 3, "unknown": 4}.get(str(state), 5)

    def states(self) -> Counter[str]:
        """How many lines are in which state."""
        return Counter(str(self.file.records.get(line.key, {}).get("state", "not run")) for line in self.lines)


def _shown(error: Exception | None) -> JSON:
    if error is None:
        return None
    return {"type": type(error).__name__, "message": getattr(error, "message", None) or str(error)}


@click.command(short_help="Run the requests in a file; run it again to go on.")
@click.argument("source", metavar="FILE")
@click.option("--out", required=True, metavar="PATH", help="Where to note what became of each line (JSON Lines).")
@click.option("--save", "directory", metavar="DIR", help="Download the files of the results into this folder.")
@click.option("--concurrency", type=int, default=5, show_default=True, help="How many tasks at a time.")
@click.option(
    "--timeout", type=float, default=1800.0, show_default=True, metavar="SECONDS", help="How long to wait for a task."
)
@click.option("--batch-timeout", type=float, metavar="SECONDS", help="How long the whole may take.")
@click.option("--stop-on-failure", is_flag=True, help="Submit nothing more after the first line that fails.")
@click.option("--callback-url", metavar="URL", help="Where the service shall report the outcomes.")
@click.option("--allow-retired", is_flag=True, help="Submit although the vendor has retired a model.")
@click.option("--dry-run", is_flag=True, help="Check every line, say what would be done, and send nothing.")
@click.option("--simulate", is_flag=True, help="Run against the built-in simulator: no key, no cost.")
@click.option("--speed", type=float, default=20.0, show_default=True, help="How much faster than life a simulation is.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
@with_options(json_option(), *connection_options())
@click.pass_obj
def batch(
    face: Face,
    source: str,
    out: str,
    directory: str | None,
    concurrency: int,
    timeout: float,
    batch_timeout: float | None,
    stop_on_failure: bool,
    callback_url: str | None,
    allow_retired: bool,
    dry_run: bool,
    simulate: bool,
    speed: float,
    quiet: bool,
) -> int:
    """Run the requests in FILE (- is standard input), one JSON object a line.

    A line is {"model": ID, FIELD: VALUE …}, or {"model": ID, "input": {…}}, and may have an "id" of yours. A field that
    takes media takes a URL or the path of a file. Lines that are wrong do not keep the others from being run.

    What became of each line stands in the output file, and is written there before and after each submission. The
    same command goes on after a crash: lines that have ended are not run again, tasks that were submitted are waited
    for, and what may have been submitted without an answer ("unknown") is reported and never sent again. A line is
    known by its id, else by what it says. The exit code is that of the first line that did not succeed.
    """
    run = Run(read_lines(_read(source)), ResultFile(out), simulate, directory)
    run.file.load()
    run.agree()
    if dry_run:
        return _dry_run(face, run, allow_retired)
    prove_folder(directory)
    options: Overrides = {"timeout": timeout, "callback_url": callback_url, "allow_retired": allow_retired}
    with run.file.exclusively(), face.opened(simulate=speed if simulate else None, **options) as client:
        run.refuse()
        lines, inputs = run.plan()
        skipped = len(run.lines) - len(lines)
        if skipped and not quiet and not face.as_json:
            note(f"{skipped} of {len(run.lines)} lines have ended, are invalid or of unknown outcome, and are not run")
        with tally(len(lines), quiet=quiet) as shown:
            try:
                _work(client, run, lines, inputs, shown, concurrency, batch_timeout, stop_on_failure)
            except KeyboardInterrupt:
                note(f"the same command goes on where it was interrupted: {out} knows what was submitted")
                raise
        run.file.tidy(line.key for line in run.lines)
    return _report(face, run)


def _read(source: str) -> bytes:
    if source == "-":
        return read_stdin()
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise ConfigError(f"{source} cannot be read: {error.strerror or error}") from error


def _work(
    client: Kie,
    run: Run,
    lines: Sequence[Line],
    inputs: Sequence[Request[Result] | TaskRef],
    shown: Tally,
    concurrency: int,
    batch_timeout: float | None,
    stop_on_failure: bool,
) -> None:
    def ended(_done: int, _total: int, outcome: Outcome[Result]) -> None:
        run.unsent(lines[outcome.index], outcome)

    outcomes = client.batch.stream(
        inputs,
        concurrency=concurrency,
        batch_timeout=batch_timeout,
        stop_on_failure=stop_on_failure,
        progress=ended,
        on_submission=lambda index, ref: run.announce(lines[index], ref),
    )
    savers = ThreadPoolExecutor(SAVERS, thread_name_prefix="kie-save")
    saving: deque[Future[None]] = deque()
    try:
        for outcome in outcomes:
            saving.append(savers.submit(_end, run, lines[outcome.index], outcome, shown.ended))
            while saving and saving[0].done():
                saving.popleft().result()
        for future in saving:
            future.result()
    finally:
        savers.shutdown(cancel_futures=True)


def _end(run: Run, line: Line, outcome: Outcome[Result], shown: Callable[[str, str], object]) -> None:
    run.finish(line, outcome)
    found = run.file.records.get(line.key, {})
    error = found.get("error")
    why = f": {error.get('message')}" if isinstance(error, dict) and outcome.state != "stopped" else ""
    shown(outcome.state, f"line {line.number}, {line.model} {outcome.state}{why}")


def _report(face: Face, run: Run) -> int:
    states = run.states()
    if face.as_json:
        rows: list[JSON] = [run.file.records[line.key] for line in run.lines if line.key in run.file.records]
        document({"total": len(run.lines), "states": dict(states), "out": str(run.file.path), "lines": rows})
        return run.code()
    say(", ".join(f"{count} {state}" for state, count in states.most_common()) or "no lines")
    for line in run.lines:
        found = run.file.records.get(line.key, {})
        error = found.get("error")
        if found.get("state") in ("unknown", "invalid") and isinstance(error, dict):
            note(f"line {line.number}: {found['state']}: {error['message']}")
    return run.code()


def _dry_run(face: Face, run: Run, allow_retired: bool) -> int:
    """Check every line as far as that is possible without sending anything."""
    with face.client(keyless=True, allow_retired=allow_retired) as client:
        for line in run.lines:
            if line.request is not None:
                try:
                    client.check(line.request)
                except (RequestInvalid, ModelRetired) as error:
                    line.error = error
    faults = [line for line in run.lines if line.error is not None]
    wanted = Counter("invalid" if line.error is not None else run.wanted(line) for line in run.lines)
    models = Counter(str(line.model) for line in run.lines if line.error is None and run.wanted(line) == "run")
    if face.as_json:
        shown: list[JSON] = [{**line.about(), "error": _shown(line.error)} for line in faults]
        plan: JSONObject = {"plan": {**wanted}, "models": {**models}}
        document({"total": len(run.lines), **plan, "faults": shown})
    else:
        say(f"{len(run.lines)} lines: " + (", ".join(f"{n} {_PLANS[what]}" for what, n in wanted.items()) or "nothing"))
        for model, count in models.most_common():
            say(f"  {count} x {model}")
        for line in faults:
            note(f"line {line.number}: {getattr(line.error, 'message', line.error)}")
    return 2 if faults else 0


_PLANS = {
    "run": "to run",
    "wait": "to wait for",
    "done": "ended before",
    "unknown": "of unknown outcome, not to be run",
    "invalid": "invalid",
}
