"""Telemetry: an observer for OpenTelemetry. May import `_core`, and `opentelemetry` (its API; extra `otel`).

Requests follow the semantic conventions for HTTP clients; names that those do not define begin with `kie.`.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TypeAlias
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from kie._core.errors import ConfigError
from kie._core.tasks import TaskRef
from kie.telemetry._charged import REMEMBERED, Charged
from kie.telemetry._events import (
    BreakerChanged,
    BudgetRefused,
    Event,
    FileDownloaded,
    FileUploaded,
    RequestAnswered,
    RequestLimited,
    RequestRetried,
    RequestSent,
    TaskEstimated,
    TaskFinished,
    TaskPolled,
    TaskRepeated,
    TaskSubmitted,
    TaskSwitched,
    Work,
)

try:
    from opentelemetry import metrics, trace
    from opentelemetry.trace import Link, Span, SpanContext, SpanKind, Status, StatusCode
except ImportError as missing:
    raise ConfigError("OpenTelemetryObserver needs opentelemetry-api: pip install 'kie[otel]'") from missing

Value: TypeAlias = str | int | float | bool
REQUEST_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
TASK_SECONDS = (1, 2, 5, 10, 20, 30, 60, 120, 180, 300, 600, 1200, 1800)


class OpenTelemetryObserver:
    """Records traces and metrics.

    A task has a span from its submission to its end, below the current span. Its uploads and requests are child spans;
    polls and retries are events on it. If a task is submitted and awaited separately, each has its own span, and the
    second one links to the first.

    Args:
        tracer_provider: Where traces go; the global provider if absent.
        meter_provider: Where metrics go; the global provider if absent.
        show_queries: Keep the query in `url.full`. Whoever reads the traces can then fetch what a signed URL gives
            access to.
    """

    show_queries: bool
    """Whether this observer receives URLs with their query."""

    def __init__(
        self,
        *,
        tracer_provider: trace.TracerProvider | None = None,
        meter_provider: metrics.MeterProvider | None = None,
        show_queries: bool = False,
    ) -> None:
        self.show_queries = show_queries
        self._tracer = trace.get_tracer("kie", tracer_provider=tracer_provider)
        self._lock = Lock()
        self._works: WeakKeyDictionary[Work, Span] = WeakKeyDictionary()
        self._exchanges: WeakKeyDictionary[Work, Span] = WeakKeyDictionary()
        self._tasks: OrderedDict[TaskRef, SpanContext] = OrderedDict()
        """The spans of the last submissions, so that a later wait in this process can link to them."""
        self._charged = Charged()
        meter = metrics.get_meter("kie", meter_provider=meter_provider)
        self._request_seconds = meter.create_histogram(
            "http.client.request.duration",
            unit="s",
            description="Duration of HTTP client requests.",
            explicit_bucket_boundaries_advisory=REQUEST_SECONDS,
        )
        self._task_seconds = meter.create_histogram(
            "kie.task.duration",
            unit="s",
            description="Time from the call to the end of a task.",
            explicit_bucket_boundaries_advisory=TASK_SECONDS,
        )

        def counter(name: str, unit: str, text: str) -> metrics.Counter:
            return meter.create_counter(f"kie.{name}", unit=unit, description=text)

        self._submitted = counter("task.submitted", "{task}", "Tasks that the service accepted.")
        self._credits = counter("task.credits", "{credit}", "Credits that finished tasks cost.")
        self._estimated = counter("task.estimated", "{credit}", "Credits that checked requests may cost at most.")
        self._over = counter("budget.refused", "{request}", "Requests that a budget refused.")
        self._repeated = counter("task.repeated", "{task}", "Tasks that failed at no cost and were submitted again.")
        self._retries = counter("request.retries", "{retry}", "Attempts that were followed by another.")
        self._waited = counter("limit.wait", "s", "Time spent waiting for a permit.")
        self._refused = counter("limit.refused", "{request}", "Requests refused with 429.")
        self._changes = counter("breaker.changes", "{change}", "Changes of a circuit's state.")
        self._transferred = counter("file.size", "By", "Bytes of uploaded and downloaded files.")

    def __call__(self, event: Event, /) -> None:
        """Record an event.

        Args:
            event: What happened.
        """
        match event:
            case RequestSent():
                self._sent(event)
            case RequestAnswered():
                self._answered(event)
            case RequestRetried(operation=name, attempt=attempt, delay=delay):
                self._retries.add(1, {"kie.operation": name})
                self._note(event, "kie.retry", {"kie.operation": name, "kie.attempt": attempt, "kie.delay": delay})
            case RequestLimited(bucket=bucket, delay=delay, refused=True):
                self._refused.add(1, {"kie.bucket": bucket})
                self._note(event, "kie.refused", {"kie.bucket": bucket, "kie.delay": delay})
            case RequestLimited(bucket=bucket, delay=delay):
                self._waited.add(delay, {"kie.bucket": bucket})
                self._note(event, "kie.limited", {"kie.bucket": bucket, "kie.delay": delay})
            case BreakerChanged(origin=origin, before=before, after=after):
                self._changes.add(1, {"kie.origin": origin, "kie.breaker.state": after})
                changed: dict[str, Value] = {"kie.origin": origin, "kie.before": before, "kie.breaker.state": after}
                self._note(event, "kie.breaker", changed)
            case FileUploaded():
                self._file(event, "up")
            case FileDownloaded():
                self._file(event, "down")
            case _:
                self._of_task(event)

    def _of_task(self, event: Event) -> None:
        match event:
            case TaskEstimated(estimate=estimate):
                self._estimated.add(float(estimate.at_most or estimate.at_least), _about(None, event.model))
            case BudgetRefused():
                self._over.add(event.requests, _about(None, event.model))
                figures: dict[str, Value] = {"kie.budget.requests": event.requests}
                if event.needed is not None and event.left is not None:
                    figures |= {"kie.budget.needed": float(event.needed), "kie.budget.left": float(event.left)}
                self._note(event, "kie.budget.refused", figures)
            case TaskRepeated(attempt=attempt, code=code):
                self._repeated.add(1, _about(None, event.model))
                self._note(event, "kie.repeat", {"kie.attempt": attempt, "kie.task.fail_code": code or ""})
            case TaskSwitched(failed=failed, to=other, error=error, code=code):
                self._note(
                    event,
                    "kie.switch",
                    {"kie.from": failed, "kie.to": other, "error.type": error, "kie.task.fail_code": code or ""},
                )
            case TaskSubmitted():
                self._task_submitted(event)
            case TaskPolled(state=state, raw_state=raw):
                self._note(event, "kie.poll", {"kie.task.state": state or "none", "kie.task.raw_state": raw or ""})
            case TaskFinished():
                self._task_finished(event)

    def _span(self, event: Event) -> Span | None:
        """The span of the event's work, started by its first event. None for a `call` without a parent."""
        return self._span_of(event.work, event.ref)

    def _span_of(self, work: Work, ref: TaskRef | None) -> Span | None:
        if work.kind == "call":
            return self._span_of(work.parent, ref) if work.parent else None
        found = self._works.get(work)
        if found is None:
            above = self._span_of(work.parent, None) if work.parent else None
            before = self._tasks.get(ref) if ref is not None and work.kind == "wait" else None
            found = self._tracer.start_span(
                f"kie.{'run' if work.kind == 'task' else work.kind} {work.model or ''}".rstrip(),
                context=trace.set_span_in_context(above) if above else None,
                links=[Link(before)] if before else None,
                attributes=_about(ref, work.model),
            )
            self._works[work] = found
        return found

    def _note(self, event: Event, name: str, attributes: dict[str, Value]) -> None:
        span = self._span(event)
        if span is not None:
            span.add_event(name, attributes)

    def _sent(self, event: RequestSent) -> None:
        above = self._span(event)
        attributes = {**_about(event.ref, event.model), **_server(event.url), "url.full": event.url}
        attributes |= {"http.request.method": event.method, "kie.operation": event.operation}
        if event.attempt > 1:
            attributes["http.request.resend_count"] = event.attempt - 1
        if event.bytes:
            attributes["http.request.body.size"] = event.bytes
        self._exchanges[event.work] = self._tracer.start_span(
            event.method,
            context=trace.set_span_in_context(above) if above else None,
            kind=SpanKind.CLIENT,
            attributes=attributes,
        )

    def _answered(self, event: RequestAnswered) -> None:
        measured: dict[str, Value] = {"http.request.method": event.method, **_server(event.url)}
        # the convention: the HTTP status if it is an error, otherwise the name of the error class
        failed = str(event.status) if event.status is not None and event.status >= 400 else event.error
        if event.status is not None:
            measured["http.response.status_code"] = event.status
        if failed is not None:
            measured["error.type"] = failed
        self._request_seconds.record(event.duration, measured)
        span = self._exchanges.pop(event.work, None)
        if span is None:
            return
        span.set_attributes(measured)
        if event.bytes is not None:
            span.set_attribute("http.response.body.size", event.bytes)
        if event.code is not None:
            span.set_attribute("kie.code", event.code)
        _end(span, failed)

    def _task_submitted(self, event: TaskSubmitted) -> None:
        self._submitted.add(1, _about(None, event.model))
        span = self._span(event)
        if span is None or event.ref is None:
            return
        span.set_attributes(_about(event.ref, None))
        with self._lock:
            self._tasks[event.ref] = span.get_span_context()
            while len(self._tasks) > REMEMBERED:
                self._tasks.popitem(last=False)
        if event.work.kind == "submit":
            self._close(event, None)

    def _task_finished(self, event: TaskFinished) -> None:
        about = {**_about(None, event.model), "kie.task.outcome": event.outcome}
        self._task_seconds.record(event.duration, about)
        if event.credits and self._charged.first(event.ref):
            self._credits.add(float(event.credits), _about(None, event.model))
        span = self._span(event)
        if span is not None:
            span.set_attributes({**about, **_about(event.ref, None)})
            if event.code is not None:
                span.set_attribute("kie.task.fail_code", event.code)
        self._close(event, event.error)

    def _file(self, event: FileUploaded | FileDownloaded, direction: str) -> None:
        self._transferred.add(event.bytes or 0, {"kie.direction": direction})
        span = self._span(event)
        if span is not None and event.bytes is not None:
            span.set_attribute("kie.file.size", event.bytes)
        self._close(event, event.error)

    def _close(self, event: Event, error: str | None) -> None:
        span = self._works.pop(event.work, None)
        if span is not None:
            _end(span, error)


def _end(span: Span, error: str | None) -> None:
    if error is not None:
        span.set_attribute("error.type", error)
        span.set_status(Status(StatusCode.ERROR))
    span.end()


def _about(ref: TaskRef | None, model: str | None) -> dict[str, Value]:
    found: dict[str, Value] = {}
    if model:
        found["kie.model"] = model
    if ref is not None:
        found["kie.task.id"] = ref.id
        found["kie.task.lifecycle"] = ref.lifecycle
    return found


def _server(url: str) -> dict[str, Value]:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return {"server.address": parts.hostname or "", "server.port": port}
