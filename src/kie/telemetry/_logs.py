"""Telemetry: an observer that writes log lines. May import `_core`."""

from __future__ import annotations

import logging

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
)


class LoggingObserver:
    """Writes every event to a logger. The attribute `kie_event` of each log record is the event itself.

    Requests and polls are DEBUG. Tasks and files are INFO. Retries, refusals, changes of a circuit breaker and
    failures are WARNING.

    Args:
        logger: The logger; `kie` if absent.
        show_queries: Show URLs with their query. Whoever reads the log can then fetch what a signed URL gives access
            to.
    """

    show_queries: bool
    """Whether this observer receives URLs with their query."""

    def __init__(self, logger: logging.Logger | None = None, *, show_queries: bool = False) -> None:
        self.show_queries = show_queries
        self._logger = logger or logging.getLogger("kie")

    def __call__(self, event: Event, /) -> None:
        """Log an event.

        Args:
            event: What happened.
        """
        level, text = _line(event)
        if self._logger.isEnabledFor(level):
            source = f", source={event.work.source}" if event.work.source else ""
            about = f" [{event.ref or event.model}{source}]" if event.ref or event.model else ""
            self._logger.log(level, "%s%s", text, about, extra={"kie_event": event})


def _line(event: Event) -> tuple[int, str]:
    match event:
        case RequestSent(operation=name, attempt=attempt):
            return logging.DEBUG, f"{name}: sent {event.method} {event.url}, attempt {attempt}"
        case RequestAnswered(operation=name, duration=duration, error=error):
            code = "" if event.code is None else f", code {event.code}"
            answer = "no answer" if event.status is None else f"HTTP {event.status}{code}"
            wrong = f", {error}" if error else ""
            return logging.DEBUG, f"{name}: {answer}{wrong} after {duration:.3f} s, attempt {event.attempt}"
        case RequestRetried(operation=name, attempt=attempt, delay=delay):
            what = event.error if event.code is None else f"{event.error} {event.code}"
            return logging.WARNING, f"{name}: attempt {attempt} failed ({what}); the next in {delay:.2f} s"
        case RequestLimited(bucket=bucket, delay=delay, refused=True):
            return logging.WARNING, f"the service refused a {bucket} request with 429" + (
                f"; it asks to wait {delay:.0f} s" if delay else ""
            )
        case RequestLimited(bucket=bucket, delay=delay):
            return logging.DEBUG, f"a {bucket} request waits {delay:.2f} s for a permit"
        case BreakerChanged(origin=origin, before=before, after=after):
            return logging.WARNING, f"the circuit of {origin} went from {before} to {after}"
        case FileUploaded(duration=duration, error=error):
            return _file("uploaded", "upload", event.bytes, duration, error)
        case FileDownloaded(duration=duration, error=error, url=url):
            return _file(f"downloaded {url}:", f"download of {url}", event.bytes, duration, error)
        case _:
            return _of_task(event)


def _of_task(event: Event) -> tuple[int, str]:
    match event:
        case TaskEstimated(estimate=estimate):
            return logging.DEBUG, f"may cost {estimate}"
        case BudgetRefused(requests=requests, needed=needed, left=left):
            many = "" if requests == 1 else f"{requests} requests "
            figures = "its cost is not known" if needed is None else f"up to {needed} credits, {left} left"
            return logging.WARNING, f"{many}refused by the budget: {figures}"
        case TaskRepeated(attempt=attempt, code=code):
            return logging.WARNING, f"failed at no cost ({code}) and is submitted again: attempt {attempt + 1}"
        case TaskSwitched(failed=failed, to=other, error=error):
            return logging.WARNING, f"{other} is submitted instead of {failed}, which came to nothing: {error}"
        case TaskSubmitted(duration=duration):
            return logging.INFO, f"submitted after {duration:.2f} s"
        case TaskPolled(state=state, raw_state=raw):
            return logging.DEBUG, f"polled: {state or 'no record yet'}" + (f" ({raw})" if raw else "")
        case TaskFinished(outcome="succeeded", duration=duration, credits=credits):
            return logging.INFO, f"succeeded after {duration:.1f} s" + (f", {credits} credits" if credits else "")
        case TaskFinished(outcome=outcome, duration=duration):
            code = f" {event.code}" if event.code else ""
            return logging.WARNING, f"{outcome} after {duration:.1f} s: {event.error}{code}"
        case _:
            return logging.DEBUG, repr(event)


def _file(done: str, undone: str, size: int | None, duration: float, error: str | None) -> tuple[int, str]:
    if error:
        return logging.WARNING, f"{undone} failed after {duration:.2f} s: {error}"
    return logging.INFO, f"{done} {'' if size is None else f'{size:,} bytes '}in {duration:.2f} s"
